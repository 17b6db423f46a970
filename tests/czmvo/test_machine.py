"""Random users, roles and calls against a small model of the AMS: the two never disagree.

The model is written from the public facts and shares no code with the emulator. After each call
status, code, text and result must be the same, and so must the e-mails that were sent; at the end
of a history all alerts. No code is ever given that the table of errors does not have, and every
shape of answer fits the OpenAPI description.
"""

from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from podatelna.app import Config, House
from tests.czmvo.machine import world
from tests.czmvo.machine.changes import Changes
from tests.czmvo.machine.emulator import Emulator
from tests.czmvo.machine.organisation import Organisation
from tests.czmvo.machine.questions import Questions

HISTORIES = {"workflow": 100, "manual": 30}
"""By the profile of states: so many as together take less than a minute, also on a busy machine."""


class Ams(Questions, Changes, Organisation):
    """All that can happen."""


@pytest.fixture(scope="module")
def emulators(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Emulator]]:
    """A house for each profile, with the machine's world."""
    with ExitStack() as stack:
        made = {}
        for profile in HISTORIES:
            file = tmp_path_factory.mktemp("worlds") / f"{profile}.yaml"
            file.write_text(world.world_file(profile), "utf-8")
            house = stack.enter_context(closing(House(Config(seed="machine", world=file))))
            made[profile] = Emulator(house)
        yield made


@pytest.mark.parametrize("profile", HISTORIES)
def test_the_emulator_and_the_model_never_disagree(
    emulators: dict[str, Emulator], profile: str
) -> None:
    class Machine(Ams):
        pass

    Machine.emulator, Machine.profile = emulators[profile], profile
    histories = settings(max_examples=HISTORIES[profile], stateful_step_count=40)
    run_state_machine_as_test(Machine, settings=histories)
