"""Questions that somebody may ask (manual 2.5, 2.7.1, 2.8.1)."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.czmvo.machine import strategies as some
from tests.czmvo.machine.history import History
from tests.czmvo.machine.strategies import Choice, Manner
from tests.czmvo.machine.turn import Values

METHODS = ["GET", "POST", "PUT", "DELETE"]


class Questions(History):
    """The GET functions of both modules, and what comes to the door only."""

    @rule(who=some.anybody, alert=st.none() | some.choices, filters=some.filters)
    def states(self, who: Manner, alert: Choice | None, filters: Values) -> None:
        asked = {"uprc": self.pair.uprc(who, alert)} if alert else {}
        self.pair.asks(who, {"list": "state", **asked, **filters})

    @rule(
        who=some.anybody,
        alert=st.none() | some.choices,
        message=st.none() | some.choices,
        since=some.moments,
    )
    def messages(
        self, who: Manner, alert: Choice | None, message: Choice | None, since: str | None
    ) -> None:
        asked: Values = {"list": "messages"}
        if alert:
            asked["uprc"] = self.pair.uprc(who, alert)
        if message:
            asked["id"] = self.pair.message(who, message)
        if since:
            asked["changedFrom"] = since
        self.pair.asks(who, asked)

    @rule(
        who=some.anybody,
        message=some.choices,
        accept=st.sampled_from(["json", "binary", "csv"]),
        result=st.sampled_from([{}, {}, {"resultAs": "json"}, {"resultAs": "csv"}]),
    )
    def file(self, who: Manner, message: Choice, accept: str, result: Values) -> None:
        number = self.pair.message(who, message, which="file")
        self.pair.asks(who, {"list": "file", "id": number, **result}, accept=accept)

    @rule(who=some.known, alert=some.choices, side=some.sides)
    def note(self, who: Manner, alert: Choice, side: Any) -> None:
        asked = {"list": "note", "uprc": self.pair.uprc(who, alert, which="noted")}
        self.pair.asks(who, asked | ({"from": side} if side else {}))

    @rule(who=some.anybody, alert=some.choices)
    def group(self, who: Manner, alert: Choice) -> None:
        self.pair.asks(who, {"list": "group", "uprc": self.pair.uprc(who, alert)})

    @rule(who=some.anybody, name=some.code_lists)
    def code_list(self, who: Manner, name: str) -> None:
        self.pair.asks(who, {"list": name})

    @rule(who=some.anybody, asked=some.level_3)
    def level_3(self, who: Manner, asked: Values) -> None:
        self.pair.asks(who, asked)

    @rule(
        who=some.anybody,
        name=st.sampled_from(["product", "verify", "verify", "enumState"]),
        asked=some.exceptions,
    )
    def exceptions(self, who: Manner, name: str, asked: Values) -> None:
        self.pair.does(who, "GET", {"list": name, **asked}, module="filter")

    # -- the door

    @rule(
        who=some.anybody,
        method=st.sampled_from(METHODS),
        module=st.sampled_from(["alerts", "filter", ""]),
    )
    def verifies(self, who: Manner, method: str, module: str) -> None:
        self.pair.does(who, method, {}, module=module, verify=True)

    @rule(who=some.anybody, changes=some.oddities)
    def calls_oddly(self, who: Manner, changes: dict[str, Any]) -> None:
        self.pair.odd(who, changes)

    @rule(who=some.anybody)
    def signs_in(self, who: Manner) -> None:
        self.pair.sign_in(who)

    @rule(who=some.anybody, times=st.integers(5, 15))
    def polls(self, who: Manner, times: int) -> None:
        for _ in range(times):
            self.pair.asks(who, {"list": "state", "page": -1})
