"""Desks over a small AMS in memory, for callers of every kind."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from sqlalchemy import Connection, create_engine

from podatelna.czmvo import states, writing
from podatelna.czmvo.alerts import Alerts
from podatelna.czmvo.correspondence import Correspondence
from podatelna.czmvo.desk import Desk, Language
from podatelna.czmvo.directory import Directory
from podatelna.czmvo.exemptions import Exemptions
from podatelna.czmvo.lists import Lists
from podatelna.czmvo.mail import Mail
from podatelna.czmvo.model import (
    ENDUSER,
    MAH,
    NOOL,
    PRODUCTION,
    Alert,
    Answer,
    Caller,
    Party,
    Refusal,
)
from podatelna.czmvo.parameters import Parameter, Values, read
from podatelna.czmvo.tables import TABLES
from podatelna.kernel.contract import Contract
from podatelna.kernel.settings import Value

LISTS = Lists(Contract("czmvo"))
NOW = "2026-03-02 08:00:00"
CREATED = "2026-02-20 08:00:00"
UPRC = "CZ-AAA-AAA-AAA-AAA"

HOLDER = Caller("client", "mah-id", MAH, "m1")
OTHER_HOLDER = Caller("client", "other-mah-id", MAH, "m2")
PHARMACY = Caller("client", "id", ENDUSER, "e1")
OTHER_PHARMACY = Caller("client", "other-id", ENDUSER, "e2")
OFFICE = Caller("account", "nool", NOOL)
DEVELOPER = Caller("developer", "dev", ENDUSER)
"""Has chosen no end user."""
PARTIES = (
    Party("m1", MAH, "Vzorek Pharma", "mah@vzorek.example"),
    Party("m2", MAH, "Jiný Pharma", "jiny@vzorek.example"),
    Party("e1", ENDUSER, "Lékárna Vzorek", "lekarna@vzorek.example"),
    Party("e2", ENDUSER, "Lékárna bez pošty", ""),
)
STATES = {state.external: state.id for state in LISTS.profiles["workflow"].states}
"""Ids by external code, in the workflow of today."""


def bound(uprc: str = UPRC) -> Caller:
    """The holder of credentials for one alert."""
    return Caller("alert", uprc, ENDUSER, "e1", uprc)


def alert(uprc: str = UPRC, state: str = "01a", **changes: Any) -> Alert:
    """An alert of the first MAH and the first end user, batch not found, ten days old."""
    origin = changes.get("origin", "enduser")
    made = Alert(
        uprc=uprc,
        created=CREATED,
        product_code="08595116521485",
        state=STATES[state],
        initial=STATES["01a" if origin == "enduser" else "01b"],
        code="A2",
        origin=origin,
        mah="m1",
        enduser="e1",
        changed=CREATED,
    )
    return replace(made, **changes)


@dataclass
class Office:
    """An office with the four parties; everything else a test may change."""

    transaction: Connection
    environment: str = PRODUCTION
    now: str = NOW
    language: Language = "cs"
    version_1: bool = False
    settings: dict[str, Value] = field(
        default_factory=lambda: dict(LISTS.contract.settings.defaults)
    )
    letters: list[tuple[str, str, str]] = field(default_factory=list)
    """Recipient, subject and body of what was posted."""
    numbers: Iterator[int] = field(default_factory=lambda: count(22))

    @property
    def alerts(self) -> Alerts:
        return Alerts(self.transaction, self.environment)

    @property
    def correspondence(self) -> Correspondence:
        return Correspondence(self.transaction, self.environment)

    @property
    def mail(self) -> Mail:
        return Mail(LISTS, self.settings, Directory(self.transaction), self.post)

    def post(self, recipient: str, subject: str, body: str) -> None:
        self.letters.append((recipient, subject, body))

    def recipients(self) -> list[str]:
        return [recipient for recipient, _, _ in self.letters]

    def add(self, *alerts: Alert) -> None:
        self.alerts.add(alerts)

    def state(self, uprc: str = UPRC) -> str:
        """The external code of an alert's state."""
        return LISTS.profiles["workflow"].by_id[self.stored(uprc).state].external

    def stored(self, uprc: str = UPRC) -> Alert:
        found = self.alerts.find(uprc)
        assert found
        return found

    def desk(self, caller: Caller) -> Desk:
        return Desk(
            caller=caller,
            environment=self.environment,
            now=self.now,
            language=self.language,
            version_1=self.version_1,
            settings=self.settings,
            lists=LISTS,
            alerts=self.alerts,
            correspondence=self.correspondence,
            exemptions=Exemptions(self.transaction, self.environment),
            directory=Directory(self.transaction),
            next_id=lambda series: next(self.numbers),
            post=self.post,
        )

    def ask(
        self,
        run: Callable[[Desk, Values], Answer],
        takes: tuple[Parameter, ...],
        caller: Caller,
        **given: Any,
    ) -> Answer:
        """What an operation answers, its parameters read as the service does."""
        values = read(takes, given)
        return values if isinstance(values, Refusal) else run(self.desk(caller), values)

    def send(self, caller: Caller = HOLDER, uprc: str | None = UPRC, **given: Any) -> Answer:
        """Write to an alert, a plain public message if not told otherwise."""
        plain = {} if given.keys() & {"file", "id_request"} else {"subject": "s", "message": "t"}
        named = {} if uprc is None else {"uprc": uprc}
        return self.ask(writing.send_message, writing.SEND_TAKES, caller, **named, **plain | given)

    def edit(self, caller: Caller, message: int, **given: Any) -> Answer:
        return self.ask(writing.edit_message, writing.EDIT_TAKES, caller, id=message, **given)

    def delete(self, caller: Caller, message: int) -> Answer:
        return self.ask(writing.delete_message, writing.DELETE_MESSAGE_TAKES, caller, id=message)

    def put_state(self, caller: Caller, state: str | int, uprc: Any = UPRC, **given: Any) -> Answer:
        wanted = STATES[state] if isinstance(state, str) else state
        takes = (*states.STATE_TAKES, *states.named_by_settings(self.settings))
        return self.ask(states.set_state, takes, caller, uprc=uprc, state=wanted, **given)

    def put_note(self, caller: Caller, note: str | None, uprc: str = UPRC, **given: Any) -> Answer:
        return self.ask(writing.set_note, writing.NOTE_TAKES, caller, uprc=uprc, note=note, **given)

    def delete_note(self, caller: Caller, uprc: str = UPRC) -> Answer:
        return self.ask(writing.delete_note, writing.DELETE_NOTE_TAKES, caller, note=uprc)


@contextmanager
def open_office(url: str = "sqlite://") -> Iterator[Office]:
    engine = create_engine(url)
    try:
        with engine.begin() as transaction:
            TABLES.create_all(transaction)
            Directory(transaction).add_parties(PARTIES)
            yield Office(transaction)
    finally:
        engine.dispose()


def refused(answer: Answer) -> str:
    """The key of the error; empty if there is none."""
    return answer.key if isinstance(answer, Refusal) else ""


def number(answer: Answer) -> int:
    """The id that sending a message gives."""
    assert isinstance(answer, dict)
    assert list(answer) == ["id"]
    found = answer["id"]
    assert type(found) is int
    return found
