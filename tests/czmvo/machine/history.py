"""A history of calls: what the machine may do next, whoever calls."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.czmvo.machine import strategies as some
from tests.czmvo.machine.emulator import Emulator
from tests.czmvo.machine.pair import Pair


class History(RuleBasedStateMachine):
    """The emulator and the model of one sandbox, in which time passes."""

    emulator: Emulator
    profile: str
    pair: Pair

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        self.pair = Pair(self.emulator, data.draw(some.settings(self.profile)))

    @rule(by=some.steps)
    def time_passes(self, by: timedelta) -> None:
        self.pair.advance(by)

    @rule(index=st.integers(0, 40), early=st.booleans())
    def time_comes(self, index: int, early: bool) -> None:
        self.pair.reach(index, early)

    def teardown(self) -> None:
        if hasattr(self, "pair"):
            self.pair.compare_everything()
