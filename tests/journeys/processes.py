"""Servers as processes of their own, which can be killed, and databases of a test's own."""

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Self

import pytest
import requests

from tests.journeys.callers import DEFAULT, PATIENCE

POSTGRES = "postgresql://root@127.0.0.1:5432"


class ServerProcess:
    """`podatelna serve` on any free port, from entering until leaving or `kill`."""

    def __init__(self, *options: str) -> None:
        self._command = [sys.executable, "-m", "podatelna", "serve", "--port", "0", *options]
        self._session = requests.Session()
        self._session.trust_env = False

    def __enter__(self) -> Self:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PODATELNA_")}
        self._process = subprocess.Popen(
            self._command, stdout=subprocess.PIPE, text=True, env=environment
        )
        assert self._process.stdout is not None
        greeting = self._process.stdout.readline()
        found = re.search(r"http://[0-9.]+:[0-9]+", greeting)
        assert found, greeting
        self.url = found[0]
        return self

    def __exit__(self, *error: object) -> None:
        self._session.close()
        self.kill()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def kill(self) -> None:
        """At once, as the system's out-of-memory killer would: nothing can be tidied up."""
        self._process.kill()
        self._process.wait(PATIENCE)

    def administer(self, method: str, path: str, value: object = None) -> Any:
        """An admin call below the default sandbox that must succeed; returns its JSON."""
        url = f"{self.url}{DEFAULT}{path}"
        answer = self._session.request(method, url, json=value, timeout=PATIENCE)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def peak_memory(self) -> int:
        """The most memory the process ever held, in bytes; where only Linux tells it, or skip."""
        status = Path(f"/proc/{self._process.pid}/status")
        if not status.exists():
            pytest.skip("only Linux tells the peak of another process's memory")
        (kilobytes,) = re.findall(r"VmHWM:\s*(\d+) kB", status.read_text())
        return int(kilobytes) * 1024


@contextmanager
def database() -> Iterator[str]:
    """A database of the test's own, as SQLAlchemy's URL; skips where no server answers."""
    required = os.environ.get("PODATELNA_REQUIRE_POSTGRES") == "1"
    psycopg = __import__("psycopg") if required else pytest.importorskip("psycopg")
    try:
        server = psycopg.connect(f"{POSTGRES}/test", autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        if required:
            raise
        pytest.skip(f"no PostgreSQL: {' '.join(str(error).split())}")
    name = f"podatelna_test_{secrets.token_hex(6)}"
    with closing(server):
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{POSTGRES}/{name}".replace("postgresql:", "postgresql+psycopg:")
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
