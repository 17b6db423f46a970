"""Cold start to the first answers, and memory: idle, and while 100,000 calls go through.

Run from the project's root: python -m benchmarks.start
"""

from collections.abc import Sequence
from time import perf_counter
from urllib.request import urlopen

from benchmarks.load import Caller, Load, drive
from benchmarks.processes import part_cores, served
from benchmarks.ubyport import AVAILABLE, post, sign_in

STARTS = 3
STRETCHES = 10
CALLS = 10_000


def _start(core: Sequence[str], *, signed: bool) -> float:
    """Seconds from the start of the process to its first answer."""
    began = perf_counter()
    with served(core) as process:
        if signed:
            caller = Caller(process.port)
            sign_in(caller.ask)
            caller.socket.close()
        else:
            with urlopen(f"http://127.0.0.1:{process.port}/_podatelna/health") as answer:
                answer.read()
        return perf_counter() - began


def main() -> None:
    core = part_cores()
    health = min(_start(core, signed=False) for _ in range(STARTS))
    first = min(_start(core, signed=True) for _ in range(STARTS))
    print(f"cold start to health                     {health * 1000:6.0f} ms")
    print(f"cold start to TestDostupnosti, signed in {first * 1000:6.0f} ms")
    request = post("TestDostupnosti", AVAILABLE)
    with served(core) as process:
        print(f"memory, idle                             {process.memory_mb():6.1f} MB")
        for stretch in range(1, STRETCHES + 1):
            drive(process.port, request, Load(seconds=600, most=CALLS), sign_in)
            if stretch in (1, STRETCHES // 2, STRETCHES):
                calls = f"memory after {stretch * CALLS:,} calls"
                print(f"{calls:40} {process.memory_mb():6.1f} MB")


if __name__ == "__main__":
    main()
