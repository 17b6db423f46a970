"""Names that are made up for generated worlds, the same ones for the same seed."""

# mypy: allow-untyped-calls
# factory-boy says that it is typed, and its declarations are not.

from collections.abc import Iterator
from contextlib import contextmanager

from factory.random import get_random_state, reseed_random, set_random_state


@contextmanager
def sown(seed: str) -> Iterator[None]:
    """Let factories make up the same things every time, and nobody else notice it."""
    before = get_random_state()
    reseed_random(seed)
    try:
        yield
    finally:
        set_random_state(before)
