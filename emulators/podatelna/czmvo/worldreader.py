"""A world file's rows as what the agency deals in, each held against those read before it."""

import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from podatelna.czmvo.lists import Lists
from podatelna.czmvo.model import (
    ENDUSER,
    MAH,
    Alert,
    Exemption,
    File,
    Level3Alert,
    Location,
    Message,
    Note,
    Party,
    Role,
)
from podatelna.czmvo.parameters import day, moment
from podatelna.czmvo.workflow import Workflow
from podatelna.kernel.rows import Row, build, one_of, remember

_ORIGINS = (ENDUSER, MAH, "distributor")
_LEVEL_3_NUMBERS = range(1, 10**6)
"""Their ids have room for six digits (manual 2.7.1.11)."""
_PRODUCT_CODE = "[0-9]{14}"
"""Of alerts (manual 2.7.1.1); exceptions are entered with shorter ones, too."""
_LOGIN_KINDS = ("account", "client", "developer")


@dataclass(frozen=True, slots=True)
class Login:
    """What somebody was given: a login, a pair, or a developer's account (manual 1.1)."""

    login: str
    password: str
    kind: str = "account"
    party: str = ""
    acts_for: str = ""
    """The end user that a developer has chosen; "" for none yet."""
    blocked: bool = False
    about: str = ""


@dataclass(frozen=True, slots=True)
class WorldReader:
    """Reads rows in the order in which they refer to each other. ValueErrors say what is wrong."""

    lists: Lists
    workflow: Workflow
    parties: dict[str, Party] = field(default_factory=dict)
    locations: dict[str, Location] = field(default_factory=dict)
    alerts: dict[str, Alert] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    notes: dict[tuple[str, str], Note] = field(default_factory=dict)
    exemptions: dict[int, Exemption] = field(default_factory=dict)
    numbered: dict[str, Level3Alert] = field(default_factory=dict)
    files: dict[int, File] = field(default_factory=dict)
    """By the message that they are attached to."""

    def party(self, row: Row) -> Party:
        party = build(Party, row)
        return remember(self.parties, party.id, party)

    def location(self, row: Row) -> Location:
        location = build(Location, row)
        self._fits("location_pattern", location.id)
        self._of_role(ENDUSER, location.party)
        return remember(self.locations, location.id, location)

    def login(self, row: Row) -> Login:
        login = build(Login, row)
        one_of(_LOGIN_KINDS, login.kind, "kind")
        if login.kind != "developer":
            one_of(self.parties, login.party, "party")
        elif login.party:
            raise ValueError("a developer is of no party; it acts_for an end user")
        if login.acts_for:
            self._of_role(ENDUSER, login.acts_for)
        return login

    def alert(self, row: Row) -> Alert:
        """States are told by their codes in the contract's list, or by their ids.

        An alert without a state is new.
        """
        origin = row.get("origin", ENDUSER)
        one_of(_ORIGINS, origin, "origin")
        first = self.workflow.first_state(origin)
        states = {name: self._state(row.get(name, first)) for name in ("state", "initial")}
        alert = self._with_closing(build(Alert, {**row, **states, "origin": origin}))
        self._fits("uprc_pattern", alert.uprc)
        if not re.fullmatch(_PRODUCT_CODE, alert.product_code):
            raise ValueError(f"product_code has 14 digits, not {alert.product_code}")
        if self.lists.kinds.get(alert.code) not in ("technical", "process"):
            raise ValueError(f"{alert.code} is no code of an alert of level 5")
        self._owned(alert)
        return remember(self.alerts, alert.uprc, self.workflow.waiting(alert))

    def message(self, row: Row) -> Message:
        """`file` is a mapping of `name` and `content`, which is base64."""
        attached = row.get("file")
        author = self.parties.get(str(row.get("author")))
        given = {"changed": row.get("created"), "sending": row.get("id"), **row}
        given.pop("file", None)
        given |= {"has_file": attached is not None, "author_role": author.role if author else ""}
        one_of(self.parties, row.get("author"), "author")
        message = build(Message, given)
        _counts(message.id)
        one_of(self.alerts, message.uprc, "uprc")
        _moments(message.created, message.changed)
        for before in {message.parent, message.sending} - {0, message.id}:
            one_of(self.messages, before, "parent or sending")
        if attached is not None:
            self.files[message.sending] = _file(attached)
        return remember(self.messages, message.id, message)

    def note(self, row: Row) -> Note:
        note = build(Note, row)
        one_of(self.alerts, note.uprc, "uprc")
        _moments(note.changed)
        return remember(self.notes, (note.uprc, note.role), note)

    def exemption(self, row: Row) -> Exemption:
        exemption = build(Exemption, {"batch": None, "validity": None, **row})
        one_of(self.lists.filter_states, exemption.state, "state")
        self._of_role(MAH, exemption.owner)
        if exemption.validity:
            day(exemption.validity)
        _counts(exemption.id)
        return remember(self.exemptions, exemption.id, exemption)

    def level_3(self, row: Row) -> Level3Alert:
        alert = build(Level3Alert, {**row, "state": self._state(row.get("state"))})
        one_of(self.locations, alert.location, "location")
        one_of(_LEVEL_3_NUMBERS, alert.number, "number")
        _moments(alert.created)
        return remember(self.numbered, alert.uprc, alert)

    def with_newest(self) -> list[Alert]:
        """The alerts with the newest message that each side can read."""
        newest: dict[tuple[str, str], int] = {}
        for message in self.messages.values():
            for role in (MAH, ENDUSER):
                if message.public or message.author_role == role:
                    key = message.uprc, role
                    newest[key] = max(newest.get(key, 0), message.id)
        return [
            replace(
                alert,
                last_for_mah=newest.get((alert.uprc, MAH), 0),
                last_for_enduser=newest.get((alert.uprc, ENDUSER), 0),
            )
            for alert in self.alerts.values()
        ]

    def _state(self, given: object) -> int:
        if type(given) is int:
            one_of(self.workflow.book.externals, given, "state")
            return given
        one_of(self.workflow.book.ids, given, "state")
        return self.workflow.book.ids[str(given)]

    def _with_closing(self, alert: Alert) -> Alert:
        """When its state was set and, of a closed one, when it was closed; checked."""
        _moments(alert.created, *filter(None, (alert.changed, alert.closed)))
        alert = replace(alert, changed=alert.changed or alert.created)
        if alert.changed < alert.created:
            raise ValueError("its state was set before it was raised")
        if alert.state in self.workflow.book.final:
            by = alert.closed_by or MAH
            return replace(alert, closed=alert.closed or alert.changed, closed_by=by)
        if alert.closed or alert.closed_by:
            raise ValueError("its state is not a final one, so it was not closed")
        return alert

    def _owned(self, alert: Alert) -> None:
        self._of_role(MAH, alert.mah)
        if alert.enduser:
            self._of_role(ENDUSER, alert.enduser)
        if alert.location:
            one_of(self.locations, alert.location, "location")
            if self.locations[alert.location].party != alert.enduser:
                raise ValueError(f"location {alert.location} is not the end user's")

    def _of_role(self, role: Role, party: str) -> None:
        known = self.parties.get(party)
        if known is None or known.role != role:
            raise ValueError(f"there is no {role} called {party!r}")

    def _fits(self, constant: str, text: str) -> None:
        pattern = str(self.lists.contract.constant(constant))
        if not re.fullmatch(pattern, text):
            raise ValueError(f"it does not look like {pattern}")


def _counts(number: int) -> None:
    if number < 1:
        raise ValueError("id must be 1 or more")


def _moments(*instants: str) -> None:
    for instant in instants:
        try:
            moment(instant)
        except ValueError:
            raise ValueError(f"{instant!r} is no instant such as 2026-03-02 08:00:00") from None


def _file(attached: object) -> File:
    if not isinstance(attached, Mapping) or attached.keys() != {"name", "content"}:
        raise ValueError("file is a mapping of name and content")
    if not all(isinstance(value, str) for value in attached.values()):
        raise ValueError("name and content of file are texts")
    try:
        return File(
            attached["name"], b64decode("".join(attached["content"].split()), validate=True)
        )
    except ValueError:
        raise ValueError("the content of file is not base64") from None
