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
from hypothesis import note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from podatelna.app import Config, House
from tests.sdns.machine import world
from tests.sdns.machine.choices import FIRST_DATA, SENDABLE, SETTINGS, UNIQUE, Choice
from tests.sdns.machine.emulator import Emulator
from tests.sdns.machine.pair import Pair
from tests.sdns.machine.records import Row

HISTORIES = int(os.environ.get("SDNS_HISTORIES", "60"))
STEPS = 30
MINUTES = st.sampled_from([1, 1, 2, 5, 60, 600])
DAYS = st.sampled_from([1, 1, 3, 8, 30, 100, 400])


class Reporters(RuleBasedStateMachine):
    """All that can happen."""

    emulator: ClassVar[Emulator]
    pair: Pair

    @initialize(chosen=SETTINGS)
    def begin(self, chosen: dict[str, object]) -> None:
        self.pair = Pair(self.emulator, chosen)

    @rule(choice=SENDABLE)
    def send(self, choice: Choice) -> None:
        self.pair.send(choice)

    @rule(choice=FIRST_DATA)
    def send_first(self, choice: Choice) -> None:
        self.pair.send(choice)

    @rule(index=st.integers(0, 3), confirm=st.booleans(), rows=UNIQUE)
    def respond(self, index: int, confirm: bool, rows: tuple[Row, ...]) -> None:
        self.pair.respond(index, confirm, rows)

    @rule(minutes=MINUTES)
    def wait(self, minutes: int) -> None:
        self.pair.advance(timedelta(minutes=minutes))

    @rule(index=st.integers(0, 5), early=st.booleans())
    def wait_for_something(self, index: int, early: bool) -> None:
        self.pair.reach(index, early)

    @rule(days=DAYS)
    def wait_long(self, days: int) -> None:
        self.pair.advance(timedelta(days=days))

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
