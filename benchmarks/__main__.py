"""All benchmarks, one after the other: what `make bench` runs."""

from benchmarks import czmvo, hello, izr, sdns, start, ubyport

SECONDS = 3.0
SHORT = 0.5
"""Seconds of a round of which there are many."""


def main() -> None:
    print("The server alone\n")
    hello.main(SECONDS)
    print("\nUbyport, 8 connections\n")
    ubyport.main(SECONDS)
    print("\nCZMVO AMS, 8 connections\n")
    czmvo.main(SHORT)
    print("\nIZR, 8 connections\n")
    izr.main(SHORT)
    print("\nSDNS, 8 connections\n")
    sdns.main(SHORT)
    print("\nStart and memory\n")
    start.main()


if __name__ == "__main__":
    main()
