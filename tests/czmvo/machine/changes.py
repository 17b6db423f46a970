"""What somebody may change (manual 2.7.2 to 2.7.4, 2.8.2 and 2.8.3)."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.czmvo.machine import strategies as some
from tests.czmvo.machine.history import History
from tests.czmvo.machine.strategies import Choice, Manner
from tests.czmvo.machine.turn import Values


class Changes(History):
    """POST, PUT and DELETE of both modules: as most callers do it, and as anybody might."""

    # -- messages

    @rule(who=some.known, alert=some.own, groups=some.groups, request=some.requests)
    def says(
        self, who: Manner, alert: Choice, groups: dict[str, bool], request: int | None
    ) -> None:
        said: Values = {"id_request": request} if request else {"subject": "s", "message": "t"}
        self.pair.does(who, "POST", {"uprc": self.pair.uprc(who, alert), **said, **groups})

    @rule(who=some.known, message=some.own, file=some.files)
    def replies(self, who: Manner, message: Choice, file: Values) -> None:
        parent = self.pair.message(who, message)
        said = {"id_parent": parent, "subject": "Re: s", "message": "t"}
        self.pair.does(who, "POST", said | file)

    @rule(
        who=some.anybody,
        alert=st.none() | some.choices,
        parent=some.parents,
        said=st.tuples(some.words, some.files, some.groups, some.only_files),
    )
    def writes(
        self,
        who: Manner,
        alert: Choice | None,
        parent: Choice | None,
        said: tuple[Values, Values, Values, Values],
    ) -> None:
        words, file, groups, only_file = said
        asked = {**words, **file, **groups, **only_file}
        if alert:
            asked["uprc"] = self.pair.uprc(who, alert)
        if parent:
            asked["id_parent"] = self.pair.message(who, parent)
        self.pair.does(who, "POST", asked)

    @rule(who=some.anybody, message=some.choices, words=some.words)
    def edits(self, who: Manner, message: Choice, words: Values) -> None:
        number = self.pair.message(who, message, which="mine")
        self.pair.does(who, "PUT", {"id": number, **words})

    @rule(who=some.anybody, message=some.choices)
    def deletes_message(self, who: Manner, message: Choice) -> None:
        self.pair.does(who, "DELETE", {"id": self.pair.message(who, message, which="mine")})

    # -- states

    @rule(who=some.known, alert=some.own, way=some.ways, reason=some.reasons)
    def moves(self, who: Manner, alert: Choice, way: int, reason: Values) -> None:
        uprc, state = self.pair.uprc(who, alert), self.pair.settable(who, way)
        self.pair.does(who, "PUT", {"uprc": uprc, "state": state, **reason})

    @rule(who=some.known, alert=some.own, way=some.ways, groups=some.groups)
    def moves_group(self, who: Manner, alert: Choice, way: int, groups: Values) -> None:
        uprc, state = self.pair.uprc(who, alert), self.pair.settable(who, way)
        self.pair.does(who, "PUT", {"uprc": uprc, "state": state, "id_reason": 1, **groups})

    @rule(
        who=some.anybody,
        alerts=st.lists(some.choices, min_size=1, max_size=3),
        code=some.codes,
        asked=st.tuples(some.reasons, some.groups, some.options),
    )
    def sets_state(
        self, who: Manner, alerts: list[Choice], code: str, asked: tuple[Values, Values, Values]
    ) -> None:
        uprcs: list[Any] = [self.pair.uprc(who, each) for each in alerts]
        reason, groups, options = asked
        given = {"uprc": uprcs if len(uprcs) > 1 else uprcs[0], "state": self.pair.state(code)}
        self.pair.does(who, "PUT", {**given, **reason, **groups, **options})

    # -- notes

    @rule(who=some.anybody, alert=some.choices, note=some.notes)
    def notes(self, who: Manner, alert: Choice, note: Values) -> None:
        self.pair.does(who, "PUT", {"uprc": self.pair.uprc(who, alert), **note})

    @rule(who=some.anybody, alert=some.choices)
    def deletes_note(self, who: Manner, alert: Choice) -> None:
        self.pair.does(who, "DELETE", {"note": self.pair.uprc(who, alert)})

    # -- exceptions

    @rule(who=some.anybody, entry=some.entries)
    def enters_exceptions(self, who: Manner, entry: Values) -> None:
        self.pair.does(who, "POST", entry, module="filter")

    @rule(who=some.anybody, chosen=some.exceptions)
    def deletes_exceptions(self, who: Manner, chosen: Values) -> None:
        self.pair.does(who, "DELETE", chosen, module="filter")
