"""Servers as processes of their own: started, pinned to one core, watched, ended."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

PAGE_KB = 4
NEVER_COMPILED = "PYTHONDONTWRITEBYTECODE"
_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")
PORT = re.compile(rb"http://127\.0\.0\.1:(\d+)/")


class Process:
    """A running server; `port` is where it listens on 127.0.0.1."""

    def __init__(self, popen: "subprocess.Popen[bytes]", port: int) -> None:
        self._popen = popen
        self.port = port

    def memory_mb(self) -> float:
        """Resident memory; 0 where the system does not tell."""
        statm = Path(f"/proc/{self._popen.pid}/statm")
        return int(statm.read_text().split()[1]) * PAGE_KB / 1024 if statm.exists() else 0.0

    def peak_mb(self) -> float:
        """The most resident memory so far; 0 where the system does not tell."""
        status = Path(f"/proc/{self._popen.pid}/status")
        found = _PEAK.search(status.read_text()) if status.exists() else None
        return int(found[1]) / 1024 if found else 0.0

    def cpu_seconds(self) -> float:
        """Processor time used so far, in the process and in the kernel for it."""
        stat = Path(f"/proc/{self._popen.pid}/stat")
        if not stat.exists():
            return 0.0
        fields = stat.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cores() -> list[int]:
    """Those that this process may use; empty where the system does not tell."""
    return sorted(os.sched_getaffinity(0)) if sys.platform == "linux" else []


def pin(core: int) -> None:
    """Keep this process, and those it starts, on one core."""
    if sys.platform == "linux":
        os.sched_setaffinity(0, {core})


@cache
def part_cores() -> list[str]:
    """Take the second core for the load; returns what servers are told about the first.

    The core is taken once, and all that is measured afterwards shares it out alike.
    """
    if len(found := cores()) < 2:
        return []
    pin(found[-1])
    return [str(found[0])]


@contextmanager
def served(core: Sequence[str], *options: str) -> Iterator[Process]:
    """`podatelna serve` as a user starts it, on the other core than the load."""
    own = cores()  # where the load is
    for each in core:
        pin(int(each))
    command = [sys.executable, "-m", "podatelna", "serve", "--port", "0", *options]
    # What a user has installed is compiled; the first start here may have to do it.
    compiled = {name: value for name, value in os.environ.items() if name != NEVER_COMPILED}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=compiled) as popen:
        if core:
            pin(own[-1])
        try:
            assert popen.stdout
            found = PORT.search(popen.stdout.readline())
            assert found
            yield Process(popen, int(found[1]))
        finally:
            popen.terminate()


@contextmanager
def serving(module: str, name: str, core: Sequence[str]) -> Iterator[Process]:
    """Run `python -m module --serve name core`, which prints its port when it listens."""
    command = [sys.executable, "-m", module, "--serve", name, *core]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as popen:
        try:
            assert popen.stdout
            yield Process(popen, int(popen.stdout.readline()))
        finally:
            popen.terminate()
