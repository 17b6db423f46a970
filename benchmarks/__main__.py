"""All benchmarks, one after the other: what `make bench` runs."""

from benchmarks import hello, start, ubyport

SECONDS = 3.0


def main() -> None:
    print("The server alone\n")
    hello.main(SECONDS)
    print("\nUbyport, 8 connections\n")
    ubyport.main(SECONDS)
    print("\nStart and memory\n")
    start.main()


if __name__ == "__main__":
    main()
