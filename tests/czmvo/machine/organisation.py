"""What happens beside the API: at the organisation's desk, in its portal, to its servers."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.czmvo.machine import strategies as some
from tests.czmvo.machine import world
from tests.czmvo.machine.history import History
from tests.czmvo.machine.strategies import Choice, Manner


class Organisation(History):
    """NOOL, the portal, the verification system, and outages."""

    @rule(
        environment=st.sampled_from(["production", "production", "test"]),
        method=st.sampled_from(["POST", "PUT", "PUT", "DELETE"]),
        alert=some.choices,
        what=st.sampled_from(["state", "note", "message", "group"]),
        code=some.codes,
    )
    def nool_acts(self, environment: str, method: str, alert: Choice, what: str, code: str) -> None:
        self.pair.nool(environment, method, self.pair.of_nool(environment, alert, what, code))

    @rule(
        environment=st.sampled_from(["production", "test"]),
        uprc=st.sampled_from(world.RAISED),
        code=st.sampled_from(["A2", "A7"]),
        group=st.sampled_from(["", "G-1", "G-9"]),
    )
    def raises_alert(self, environment: str, uprc: str, code: str, group: str) -> None:
        self.pair.raise_alert(environment, uprc, code, group)

    @rule(
        environment=st.sampled_from(["production", "test"]),
        party=st.sampled_from(["m1", "e1", "pd"]),
    )
    def generates_client(self, environment: str, party: str) -> None:
        self.pair.generate(environment, party)

    @rule(
        environment=st.sampled_from(["test", "development"]),
        party=st.sampled_from(["e1", "e2", ""]),
    )
    def developer_chooses(self, environment: str, party: str) -> None:
        self.pair.choose(environment, "dev-2", party)

    @rule()
    def refreshes(self) -> None:
        self.pair.refresh()

    @rule(who=some.known, what=st.sampled_from(["messages_available", "backend_available"]))
    def meets_an_outage(self, who: Manner, what: str) -> None:
        self.pair.set(what, False)
        uprc = self.pair.uprc(who, Choice(0, "own"))
        self.pair.does(who, "POST", {"uprc": uprc, "subject": "s", "message": "t"})
        self.pair.does(who, "PUT", {"id": self.pair.message(who, Choice(0, "own"), which="mine")})
        self.pair.set(what, True)
