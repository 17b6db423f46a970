"""python -m podatelna"""

from podatelna.cli import main

main(prog_name="podatelna")
