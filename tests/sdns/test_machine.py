"""Random reporters against a small model of SDNS: the two never disagree.

The model is written from the manuals and SOURCES.md and shares no code with the emulator. After
each call and each step of time the lists of issues, of occurrences and of refused messages must be
the same, and so must the letters; and no state is ever left for one that may not follow it.
"""

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from podatelna.app import Config, House
from tests.sdns.machine import world
from tests.sdns.machine.choices import (
    ANYTHING,
    FIRST_DATA,
    FOLLOWING,
    ROWS,
    SETTINGS,
    SLOTS,
    Choice,
    Slot,
)
from tests.sdns.machine.emulator import Emulator
from tests.sdns.machine.pair import Pair
from tests.sdns.machine.records import Row

HISTORIES = int(os.environ.get("SDNS_HISTORIES", "16"))
"""As many as take half a minute; by hand more of them."""
STEPS = 30
MINUTES = st.sampled_from([1, 1, 2, 5, 60, 24 * 60, 8 * 24 * 60])


class Reporters(RuleBasedStateMachine):
    """All that can happen."""

    emulator: ClassVar[Emulator]
    pair: Pair

    @initialize(chosen=SETTINGS, slots=SLOTS)
    def begin(self, chosen: dict[str, object], slots: list[Slot]) -> None:
        self.pair = Pair(self.emulator, chosen, slots)

    @rule(choice=FIRST_DATA, wait=st.booleans())
    def begin_an_occurrence(self, choice: Choice, wait: bool) -> None:
        self._send(choice, wait)

    @rule(choice=FOLLOWING, wait=st.booleans())
    def follow(self, choice: Choice, wait: bool) -> None:
        self.pair.follow(choice)
        if wait:
            self.pair.finish()

    @rule(choice=FOLLOWING)
    def follow_and_wait(self, choice: Choice) -> None:
        self.pair.follow(choice)
        self.pair.finish()

    @rule(choice=ANYTHING)
    def send(self, choice: Choice) -> None:
        self._send(choice, wait=False)

    def _send(self, choice: Choice, wait: bool) -> None:
        self.pair.send(choice)
        if wait:
            self.pair.finish()

    @rule(index=st.integers(0, 3), confirm=st.booleans(), rows=ROWS, wait=st.booleans())
    def respond(self, index: int, confirm: bool, rows: tuple[Row, ...], wait: bool) -> None:
        self.pair.respond(index, confirm, rows)
        if wait:
            self.pair.finish()

    @rule(minutes=MINUTES)
    def wait(self, minutes: int) -> None:
        self.pair.advance(timedelta(minutes=minutes))

    @rule(index=st.integers(0, 4), early=st.booleans())
    def wait_for_something(self, index: int, early: bool) -> None:
        self.pair.reach(index, early)

    def teardown(self) -> None:
        if hasattr(self, "pair"):
            self.pair.compare_all()


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    file = tmp_path_factory.mktemp("worlds") / "machine.yaml"
    file.write_text(world.world_file(), "utf-8")
    with closing(House(Config(seed="machine", world=file))) as house:
        yield Emulator(house)


def test_the_emulator_and_the_model_never_disagree(emulator: Emulator) -> None:
    class Machine(Reporters):
        pass

    Machine.emulator = emulator
    histories = settings(max_examples=HISTORIES, stateful_step_count=STEPS)
    run_state_machine_as_test(Machine, settings=histories)
