"""A generated bank: subjects that have reported trades on many days, all of them valid.

The same plan makes the same world. Names are made up by factory-boy; trades, of which there are too
many for that, are read out of a digest of their numbers.
"""

# mypy: allow-untyped-calls
# factory-boy says that it is typed, and its declarations are not.

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b
from typing import Final
from zoneinfo import ZoneInfo

from factory.base import Factory
from factory.declarations import LazyAttribute
from factory.faker import Faker
from sqlalchemy import insert, select

from podatelna.kernel.rows import Row, build
from podatelna.kernel.sowing import sown
from podatelna.sdns import calendar
from podatelna.sdns.model import Header, Issue, Key, Message, Occurrence, Subject
from podatelna.sdns.moments import instant
from podatelna.sdns.register import Register
from podatelna.sdns.rowstore import Delivered
from podatelna.sdns.states import FILLED, VALID
from podatelna.sdns.structure import Area, DataSet
from podatelna.sdns.tables import MESSAGE, OCCURRENCE
from podatelna.sdns.worldreader import WorldReader, check_day
from podatelna.sdns.written import message_row, occurrence_row

FIRST_SUBJECT: Final = 99_990_000
LAST_PREFIX: Final = 999
"""The first subject, its prefix and its user are those of the default world; others go on, with
prefixes that go down."""
PASSWORD: Final = "Heslo-123"
SCOPE: Final = "S_BCPZB"
CODE: Final = "MOKAS40"
AREA: Final = "MOKA40_11"
MOST: Final = {"subjects": 1000, "days": 5000, "rows": 100_000}
ACCEPTED_AT: Final = time(17, 2, tzinfo=UTC)
"""Of the reference day."""
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """`generate` in a world file."""

    subjects: int
    days: int
    """Working days up to `until`; there is an occurrence of each."""
    rows: int = 10
    """Trades in each issue."""
    seed: str = "podatelna"
    until: str = "2026-02-27"


class SubjectFactory(Factory[Subject]):
    """A reporting subject that sends for itself."""

    class Meta:
        model = Subject

    class Params:
        number = 0

    code = LazyAttribute(lambda subject: str(FIRST_SUBJECT + subject.number))
    name = Faker("company", locale="cs_CZ")
    prefix = LazyAttribute(lambda subject: f"{LAST_PREFIX - subject.number:03}")


def generate(register: Register, reader: WorldReader, row: Row) -> None:
    """Write subjects, a user of each, and what they reported. ValueError if the plan is none."""
    plan = build(Plan, row)
    _check(plan)
    with sown(plan.seed):
        made = [SubjectFactory.build(number=number) for number in range(plan.subjects)]
    days = list(_reported(reader, date.fromisoformat(plan.until), plan.days))
    subjects = [reader.subject(asdict(subject)) for subject in made]
    register.add_subjects(subjects)
    register.add_users(
        reader.user({"login": login(number), "password": PASSWORD, "subject": subject.code})
        for number, subject in enumerate(subjects)
    )
    for subject in subjects:
        duty = {"subject": subject.code, "scope": SCOPE, "since": days[0].day.isoformat()}
        register.add_obligations(reader.obligations({**duty, "data_sets": [CODE]}))
        _report(register, subject, Trades(plan, subject, days))


def login(number: int) -> str:
    """The user of the subject with a number, from 0."""
    return f"UZIV{number + 1:04}"


def _check(plan: Plan) -> None:
    for name, most in MOST.items():
        if not 1 <= getattr(plan, name) <= most:
            raise ValueError(f"generate: {name} is a number from 1 to {most}")
    check_day(plan.until)


@dataclass(frozen=True, slots=True)
class _Day:
    """A reference day, and how it was reported."""

    day: date
    data_set: DataSet
    methodology: str
    term: str


def _reported(reader: WorldReader, until: date, count: int) -> list[_Day]:
    """In order, the last ones until a day."""
    methodology, found = reader.methodology, list[_Day]()
    zone = ZoneInfo(reader.contract.constant("time_zone"))
    day = until
    while len(found) < count:
        data_set = methodology.by_code(CODE, day)
        if data_set is None:
            raise ValueError(f"generate: {CODE} was not reported as of {day} yet")
        if calendar.is_working_day(day):
            valid = (name for name in data_set.methodologies if methodology.valid(name, day))
            term = instant(calendar.term(data_set, day, zone))
            found.append(_Day(day, data_set, next(valid), term))
        day -= DAY
    return found[::-1]


@dataclass(frozen=True, slots=True)
class Trades:
    """What one subject has reported."""

    plan: Plan
    subject: Subject
    days: list[_Day]

    def rows(self, area: Area, number: int) -> Iterator[Delivered]:
        """Of the issue with a number, from 1."""
        for order in range(1, self.plan.rows + 1):
            words = f"{self.plan.seed}|{self.subject.code}|{number}|{order}"
            digest = blake2b(words.encode(), digest_size=8).digest()
            cells = self._trade(f"{number:06}-{order:06}", self.days[number - 1].day, digest)
            yield Delivered(area.code, area.identity(cells), str(order), cells)

    def _trade(self, name: str, day: date, digest: bytes) -> dict[str, str]:
        price, volume = 10 + digest[0], 100 * (1 + digest[1])
        return {
            "1": "ZKUSCZPPXXX",
            "2": f"T{name}",
            "3": "ZKUSCZPPXXX",
            "4": "CZK",
            "5": day.isoformat(),
            "6": f"{9 + digest[2] % 8:02}:{digest[3] % 60:02}:{digest[4] % 60:02}+01",
            "7": "BS"[digest[5] % 2],
            "8": "AP"[digest[6] % 2],
            "9": f"CZ{digest[7] % 50:09}0",
            "11": str(price),
            "13": str(volume),
            "14": "ZKUSCZPPXXX",
            "15": "N",
            "16": "XPRA",
            "21": str(price * volume),
        }


def _report(register: Register, subject: Subject, trades: Trades) -> None:
    """All of one subject, so that one of them is in memory at a time."""
    here, transaction = {"environment": register.environment}, register.transaction
    made = [_occurrence(subject, day) for day in trades.days]
    transaction.execute(insert(OCCURRENCE), [occurrence_row(each) | here for each in made])
    known = _ids(register, subject)
    for number, (occurrence, day) in enumerate(zip(made, trades.days, strict=True), 1):
        issue = _issue(known[day.day.isoformat()], subject, day.day, number)
        issue = replace(issue, id=register.add_issue(issue))
        row = message_row(_message(subject, issue, day)) | here | {"content": b""}
        message = transaction.execute(_ADD_MESSAGE, row).scalar_one()
        area = day.data_set.area(AREA)
        assert area is not None
        register.data.add(issue.id, message, trades.rows(area, number))
        register.change_occurrence(replace(occurrence, id=issue.occurrence, current=issue.id))


_ADD_MESSAGE: Final = insert(MESSAGE).returning(MESSAGE.c.id)
"""Not Register.add_message: what was processed has no content any more."""


def _occurrence(subject: Subject, day: _Day) -> Occurrence:
    return Occurrence(
        id=0,
        key=Key(CODE, subject.code, SCOPE, day.day.isoformat()),
        version=day.data_set.version,
        variant=day.data_set.variant,
        state=FILLED,
        term=day.term,
    )


def _ids(register: Register, subject: Subject) -> dict[str, int]:
    """Of occurrences, by their reference days."""
    found = select(OCCURRENCE.c.as_of, OCCURRENCE.c.id).where(
        OCCURRENCE.c.environment == register.environment, OCCURRENCE.c.subject == subject.code
    )
    return {as_of: number for as_of, number in register.transaction.execute(found)}


def _issue(occurrence: int, subject: Subject, day: date, number: int) -> Issue:
    accepted = instant(datetime.combine(day, ACCEPTED_AT))
    return Issue(
        id=0,
        occurrence=occurrence,
        number=str(number),
        file=f"ws{subject.prefix}{number:07}.xml",
        sender=subject.code,
        status="new_data",
        accepted=accepted,
        state=VALID,
        since=accepted,
    )


def _message(subject: Subject, issue: Issue, day: _Day) -> Message:
    written = day.day.strftime("%Y%m%d")
    header = Header(
        sender=subject.code,
        number=issue.number,
        methodology=day.methodology,
        test=False,
        created=written,
        data_set=day.data_set.full_code,
        subject=subject.code,
        scope=SCOPE,
        as_of=written,
        status="new_data",
        reason="methodology",
        has_data=True,
    )
    return Message(
        id=0,
        file=issue.file,
        login=login(int(subject.code) - FIRST_SUBJECT).lower(),
        received=issue.accepted,
        header=header,
        issue=issue.id,
        accepted=issue.accepted,
    )
