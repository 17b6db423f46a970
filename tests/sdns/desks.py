"""Desks over a small bank in memory: one reporter with three data sets, and others around it.

Each data set has an area with two columns, the first of which identifies the row. A row whose
second column is the letter of a kind of checks fails the check of that kind.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, create_engine

from podatelna.kernel.contract import Contract
from podatelna.kernel.exchange import Request
from podatelna.kernel.ids import Ids
from podatelna.kernel.outbox import letters
from podatelna.kernel.settings import Value
from podatelna.kernel.tables import TABLES as KERNEL
from podatelna.kernel.visit import Trail, Visit
from podatelna.sdns.desk import Desk, open_desk
from podatelna.sdns.model import (
    Header,
    Issue,
    Key,
    Message,
    Obligation,
    Occurrence,
    Part,
    Row,
    Subject,
    Trigger,
    User,
)
from podatelna.sdns.moments import instant, seconds_after
from podatelna.sdns.processing import Source, settle
from podatelna.sdns.register import Register
from podatelna.sdns.tables import TABLES

CONTRACT: Final = Contract("sdns")
PRAGUE: Final = ZoneInfo("Europe/Prague")
NOW: Final = datetime(2013, 8, 1, 10, tzinfo=PRAGUE)

SUBJECT, OTHER, STRANGER = "99990000", "99990001", "99990002"
LOGIN, PASSWORD = "uziv0001", "Heslo-123"
SCOPE: Final = "S_BCPZB"
DAILY, MONTHLY, FORM = "ZKU01.01.00", "ZKU02.01.00", "ZKU03.01.00"
"""The first is additive, the second splittable. The third is a form of three rows, and additive."""
DAY, MONTH_END = "20130731", "20130731"
METHODOLOGY: Final = "ZKU20100101.01"
MOKAS: Final = ("MOKAS40", "MOKAS41", "MOKAS42", "MOKAS43", "MOKAS44", "MOKAS50")
KINDS: Final = "FOLPXC"

SUBJECTS: Final = (
    Subject(SUBJECT, "Zkušební obchodník, a.s.", "999", "vykazy@obchodnik.invalid"),
    Subject(OTHER, "Zkušební fond, a.s.", "997"),
    Subject(STRANGER, "Cizí obchodník, a.s.", "996"),
)
USERS: Final = (
    User(LOGIN, PASSWORD, SUBJECT),
    User("uziv0003", PASSWORD, SUBJECT, may_send=False),
    User("uziv0004", PASSWORD, STRANGER),
    User("uziv0005", PASSWORD, SUBJECT, blocked=True),
)


def definition(data_set: str, lines: Sequence[int] = (), **more: object) -> dict[str, Any]:
    """A data set of a world; without lines of a form its rows are records."""
    code = data_set.partition(".")[0]
    return {
        "data_set": data_set,
        "name": "Zkušební výkaz",
        "methodologies": [METHODOLOGY],
        "scopes": [SCOPE],
        **more,
        "areas": [
            {
                "area": f"{code}_A",
                "name": "Zkušební oblast",
                "rows": list(lines),
                "columns": [
                    {"number": 1, "label": "Řádek", "identity": not lines, "required": True},
                    {"number": 2, "label": "Hodnota"},
                ],
                "checks": [
                    *(
                        {
                            "check": f"{code}_{kind}",
                            "name": f"Kontrola {kind}",
                            "kind": kind,
                            "form": "present",
                            "columns": [1],
                        }
                        for kind in "OLPX"
                    ),
                    {
                        "check": f"{code}_C",
                        "name": "Kontrola C",
                        "kind": "C",
                        "form": "rows",
                        "fold": 5,
                    },
                ],
            }
        ],
    }


def triggers(data_set: str) -> Iterator[Trigger]:
    code = data_set.partition(".")[0]
    names = {kind: f"{code}_{kind}" for kind in KINDS} | {"F": f"{code}_A_F02"}
    return (Trigger(code, names[kind], "2", kind) for kind in KINDS)


def fill(register: Register) -> None:
    register.add_subjects(SUBJECTS)
    register.add_users(USERS)
    register.add_rights(SUBJECT, [OTHER])
    sets = {
        DAILY: definition(DAILY, period="day", term={"working_days": 1}, additive=True),
        MONTHLY: definition(
            MONTHLY, period="month", term={"day_of_next_month": 20}, splittable=True
        ),
        FORM: definition(FORM, (1, 2, 3), period="day", term={"days": 1}, additive=True),
    }
    register.add_definitions(sets)
    for data_set in sets:
        register.add_triggers(triggers(data_set))
    codes = [*(data_set.partition(".")[0] for data_set in sets), *MOKAS]
    register.add_obligations(
        Obligation(subject, SCOPE, code, "2007-11-01")
        for subject in (SUBJECT, OTHER)
        for code in codes
    )


Values = Mapping[str, str] | Iterable[tuple[str, str]]
"""First columns with second ones; without a second one the row is a removal."""


def header(number: str = "1", **changes: Any) -> Header:
    """New live data of the daily data set."""
    usual = Header(
        sender=SUBJECT,
        number=number,
        methodology=METHODOLOGY,
        test=False,
        created="20130801",
        data_set=DAILY,
        subject=SUBJECT,
        scope=SCOPE,
        as_of=DAY,
        status="new_data",
        reason="methodology",
        has_data=True,
    )
    return replace(usual, **changes)


def key(data_set: str = DAILY, **changes: Any) -> Key:
    return replace(Key(data_set.partition(".")[0], SUBJECT, SCOPE, "2013-07-31"), **changes)


def xml(data_set: str, rows: Iterable[tuple[str, str]]) -> bytes:
    """The rows of a message; the rest of it is not read again in processing."""
    code = data_set.partition(".")[0]
    lines = (
        f"<RADEK PORADI={quoteattr(str(order))}>{_cell(1, name)}{_cell(2, value)}</RADEK>"
        for order, (name, value) in enumerate(rows, 1)
    )
    area = f'<DATOVA-OBLAST KOD="{code}_A">{"".join(lines)}</DATOVA-OBLAST>'
    return f"<VYDANI><DATA>{area}</DATA></VYDANI>".encode()


def _cell(number: int, text: str) -> str:
    return f'<SLOUPEC PORADI="{number}">{escape(text)}</SLOUPEC>' if text else ""


@dataclass
class Bank:
    """A bank whose time passes when it is told to."""

    transaction: Connection
    now: datetime = NOW
    settings: dict[str, Value] = field(default_factory=dict)
    environment: str = "production"
    trail: Trail = field(default_factory=Trail)
    others: tuple[Source, ...] = ()
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def register(self) -> Register:
        return Register(self.transaction, self.environment)

    def set(self, **settings: Value) -> None:
        for name, value in settings.items():
            CONTRACT.settings.check(name, value)
        self.settings |= settings

    def visit(self, now: datetime | None = None) -> Visit:
        return Visit(
            request=Request("", ""),
            transaction=self.transaction,
            now=(now or self.now).astimezone(UTC),
            ids=Ids("seed", lambda _: next(self._numbers)),
            settings=CONTRACT.settings.over(self.settings),
            trail=self.trail,
        )

    def desk(self) -> Desk:
        return open_desk(self.visit(), CONTRACT, self.environment)

    def settle(self, **later: float) -> None:
        """Let time pass, and do what falls due in it: `settle(minutes=2)`."""
        self.now = (self.now.astimezone(UTC) + timedelta(**later)).astimezone(PRAGUE)
        settle(self.visit(), CONTRACT, self.others)

    # -- messages

    def take(self, sent: Header, rows: Values = (), login: str = LOGIN, file: str = "") -> int:
        """Take a message over, as loadData does; returns its id."""
        listed = list(rows.items() if isinstance(rows, Mapping) else rows)
        desk = self.desk()
        delay = desk.settings["acceptance_delay_seconds"]
        assert isinstance(delay, int)
        taken = Message(
            id=0,
            file=file or f"ws999{int(sent.number):07}.xml",
            login=login,
            received=instant(self.now),
            header=sent,
        )
        number = self.register.add_message(taken, xml(sent.data_set, listed))
        self.register.plan(seconds_after(self.now, delay), "accept", message=number)
        return number

    def send(self, number: str = "1", rows: Values | None = None, **changes: Any) -> int:
        """Take over new data, of one fine row if nothing else is told."""
        file = changes.pop("file", "")
        sent = header(number, **changes)
        return self.take(sent, {"a": "1"} if rows is None else rows, file=file)

    def correct(
        self, number: str, reference: str, rows: Values | None = None, **changes: Any
    ) -> int:
        about = {"status": "correction", "reason": "intent", "reference": reference}
        return self.send(number, rows, **(about | changes))

    def answer(self, number: str, status: str, reference: str, **changes: Any) -> int:
        """A message without data: a confirmation, a cancellation, a withdrawal."""
        about = {"status": status, "reason": "request", "reference": reference}
        return self.take(header(number, has_data=False, **(about | changes)))

    def part(
        self, number: str, order: int, edge: str = "", rows: Values | None = None, **changes: Any
    ) -> int:
        """A part of issue 100 of the monthly data set."""
        issue = changes.pop("issue", "100")
        split = Part(str(order), issue, edge)  # type: ignore[arg-type] - a word of the model
        about = {"data_set": MONTHLY, "part": split} | changes
        return self.send(number, {f"r{number}": "1"} if rows is None else rows, **about)

    # -- what has become of them

    def message(self, number: int) -> Message:
        found = self.register.message(number)
        assert found is not None
        return found

    def occurrence(self, data_set: str = DAILY, **changes: Any) -> Occurrence:
        found = self.register.occurrence(key(data_set, **changes))
        assert found is not None
        return found

    def issues(self, data_set: str = DAILY, **changes: Any) -> list[Issue]:
        found = self.register.occurrence(key(data_set, **changes))
        return self.register.issues(found.id) if found else []

    def states(self, data_set: str = DAILY, **changes: Any) -> tuple[int, dict[str, int]]:
        """Of the occurrence, and of its issues by their numbers."""
        issues = self.issues(data_set, **changes)
        return (
            self.occurrence(data_set, **changes).state,
            {issue.number: issue.state for issue in issues},
        )

    def rows(self, issue: str, data_set: str = DAILY, **changes: Any) -> list[tuple[str, str]]:
        """First and second columns of the rows that are kept, sorted."""
        (number,) = (each.id for each in self.issues(data_set, **changes) if each.number == issue)
        return sorted(map(_shown, self.register.data.rows(number)))

    def refusal(self, number: int) -> list[str]:
        """Codes of what was wrong with the header of a message."""
        return [trouble.code for trouble in self.message(number).refused]

    def posted(self) -> list[tuple[str, str]]:
        """When letters were sent, and what about."""
        return [(letter.at, letter.subject) for letter in letters(self.transaction)]


def _shown(row: Row) -> tuple[str, str]:
    return row.cells.get("1", ""), row.cells.get("2", "")


@contextmanager
def opened(database: str = "sqlite://") -> Iterator[Bank]:
    """A bank to which nothing was sent yet; of another database nothing is left afterwards."""
    engine = create_engine(database)
    with engine.connect() as transaction, transaction.begin() as work:
        KERNEL.create_all(transaction)
        TABLES.create_all(transaction)
        fill(Register(transaction, "production"))
        yield Bank(transaction)
        work.rollback()
    engine.dispose()
