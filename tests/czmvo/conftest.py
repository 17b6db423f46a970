"""The AMS in a sandbox of its own for each test."""

from collections.abc import Iterator
from itertools import count

import pytest

from podatelna.app import House
from tests.czmvo.ams import START, Ams

_numbers = count(1)


@pytest.fixture
def ams(emulator: House) -> Iterator[Ams]:
    """A copy of the default world whose clock stands still at START."""
    made = Ams(emulator, f"ams{next(_numbers)}")
    emulator.sandboxes.create(made.name)
    made.freeze(START)
    yield made
    emulator.sandboxes.drop(made.name)
