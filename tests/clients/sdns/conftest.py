"""The scripted server as the bank."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.clients.sdns.bank import Bank


@pytest.fixture
def bank(server: Any) -> Iterator[Bank]:
    """The bank; at the end all its answers must have been asked for."""
    with Bank(server) as played:
        yield played
