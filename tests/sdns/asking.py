"""A bank with one reporter, its users and two data sets, and questions to its query service."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

from lxml import etree
from sqlalchemy import Connection, create_engine

from podatelna.kernel.contract import Contract
from podatelna.kernel.settings import Value
from podatelna.kernel.tables import TABLES as KERNEL
from podatelna.sdns.desk import Desk
from podatelna.sdns.methodology import Methodology
from podatelna.sdns.model import Header, Issue, Key, Message, Obligation, Occurrence, Subject, User
from podatelna.sdns.moments import instant
from podatelna.sdns.querying import perform_query
from podatelna.sdns.register import Register
from podatelna.sdns.semantics import Account, Dimension, Semantics
from podatelna.sdns.semantics import Value as Meaning
from podatelna.sdns.structure import Area, Column, DataSet, Period, Term
from podatelna.sdns.tables import TABLES

CONTRACT = Contract("sdns")
PRAGUE = ZoneInfo("Europe/Prague")
NOW = datetime(2013, 8, 21, 11, tzinfo=PRAGUE)
PROOF: Mapping[str, Any] = {"certainty": "reconstructed", "source": "test"}
NS = {"e": "www.ewi.ws"}

SUBJECT, PARTNER, STRANGER = "99990000", "99990001", "99990002"
USER, PASSWORD = "UZIV0001", "Heslo-123"
USERS = (
    User(USER, PASSWORD, SUBJECT),
    User("UZIV0003", PASSWORD, SUBJECT),
    User("NEPTASE1", PASSWORD, SUBJECT, may_query=False),
    User("BLOKOVAN", PASSWORD, SUBJECT, blocked=True),
    User("CIZINEC1", PASSWORD, STRANGER),
)
ISSUES = {
    "Username": USER,
    "Password": PASSWORD,
    "ObdobiV": "31.07.2013",
    "SubjektV": SUBJECT,
    "RozsahV": "S_BCPZB",
    "DatovySoubor": "MOKAS42",
    "Rozsah": "VSE",
    "Popis": "A",
}
"""The observed question, with its names and their order."""
OCCURRENCES = {
    "Username": USER,
    "Password": PASSWORD,
    "ObdobiOd": "01.07.2013",
    "ObdobiDo": "31.07.2013",
    "SubjektV": SUBJECT,
}
REFUSED = {
    "Username": USER,
    "Password": PASSWORD,
    "DatumOd": "20.08.2013",
    "DatumDo": "21.08.2013",
}
KEY = Key("MOKAS42", SUBJECT, "S_BCPZB", "2013-07-31")
ERROR = ("ERROR", "sql.pcgcall.InternalProcedureError")
NOTHING = (*ERROR, "Pro zadané vstupní parametry nebyla vybrána žádná data")

_SCHEMA = etree.XMLSchema(file=str(CONTRACT.folder / "ews-result.lenient.xsd"))


def column(number: int, label: str, **changes: Any) -> Column:
    return Column(**{**PROOF, "number": number, "label": label, **changes})


TRADES = Area(
    **PROOF,
    code="MOKA42_11",
    name="Obchody",
    about="Obchody deníku",
    columns=(
        column(1, "Identifikace záznamu", identity=True, required=True),
        column(8, "Den uskutečnění obchodu", type="Date", mask="YYYY-MM-DD", item="ENB0001"),
        column(22, "Objem obchodu", type="Number", total=True, item="ENB0002"),
    ),
)
FORM = Area(**PROOF, code="MOKA42_12", name="Formulář", columns=(column(1, "A"),), rows=(1, 3))


def data_set(
    code: str, version: int, methodology: str, period: Period, term: Term, **changes: Any
) -> DataSet:
    return DataSet(
        **{
            **PROOF,
            "code": code,
            "version": version,
            "variant": 0,
            "name": f"Výkaz {code}",
            "methodologies": (methodology,),
            "period": period,
            "term": term,
            "scopes": ("S_BCPZB",),
            "areas": (TRADES,),
            **changes,
        }
    )


OLD, NEW = "MKT20071101.01", "MKT20130101.01"
DATA_SETS = (
    data_set("MOKAS42", 1, OLD, "month", Term(day_of_next_month=20)),
    data_set(
        "MOKAS42", 4, NEW, "month", Term(day_of_next_month=20), areas=(TRADES, FORM), about="Deník"
    ),
    data_set("MOKAS40", 3, NEW, "day", Term(working_days=1), scopes=("S_BCPZB", "S_BCRPZB")),
)
SEMANTICS = Semantics(
    (
        Dimension(**PROOF, code="IP", name="IP", about="Informační prvek"),
        Dimension(**PROOF, code="P0002", name="Subjekt", dynamic=True),
    ),
    (
        Meaning(**PROOF, dimension="IP", code="ENB0001", name="Den", kind="element"),
        Meaning(**PROOF, dimension="P0046", code="S", name="Celek", about="x", parts=("A", "B")),
        Meaning(**PROOF, dimension="P0053", code="D_DATUM", name="Datum", kind="domain"),
    ),
    (
        Account(**PROOF, element="ENB0002", account="211", link="KDO", part="C"),
        Account(
            **PROOF,
            element="ENB0002",
            account="221",
            link="DZ",
            part="A",
            minus=True,
            selective=True,
        ),
    ),
)
METHODOLOGY = Methodology({one.full_code: one for one in DATA_SETS}, SEMANTICS)


def at(day: int, hour: int = 12, minute: int = 0, month: int = 8, year: int = 2013) -> str:
    """A local time as the register keeps it."""
    return instant(datetime(year, month, day, hour, minute, tzinfo=PRAGUE))


def document(given: Mapping[str, str], query_type: str = "VYDANI_SEZNAM") -> bytes:
    parameters = "".join(
        f'<Parametr Nazev={quoteattr(name)} Datatyp="String" Povinny="A"><Popis/>'
        f"<HodnotaPar>{escape(value)}</HodnotaPar></Parametr>"
        for name, value in given.items()
    )
    return (
        f"<DefiniceDotazu><TypDotazu>{query_type}</TypDotazu><Popis/>{parameters}</DefiniceDotazu>"
    ).encode()


class Answer:
    """An EwiWSResult that is valid by the lenient schema."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.root = etree.fromstring(data)
        _SCHEMA.assertValid(self.root)

    @property
    def log(self) -> tuple[str, str, str]:
        """Status, code and text of the ErrorLog."""
        status, code, text = (each.text or "" for each in self.root[-1])
        return status, code, text

    @property
    def found(self) -> Any:
        """The element of the result."""
        assert len(self.root) == 3, self.log
        return self.root[1]

    def texts(self, path: str) -> list[str]:
        """Texts, or values of attributes, below the result; `e:` is the namespace."""
        nodes = self.found.xpath(path, namespaces=NS)
        return [str(each) if isinstance(each, str) else each.text or "" for each in nodes]


@dataclass
class Bank:
    """A register; what the journal would get is kept."""

    transaction: Connection
    now: datetime = NOW
    settings: dict[str, Value] = field(default_factory=dict)
    methodology: Methodology = METHODOLOGY
    told: list[tuple[str, str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def register(self) -> Register:
        return Register(self.transaction, "production")

    def desk(self) -> Desk:
        for name, value in self.settings.items():
            CONTRACT.settings.check(name, value)
        return Desk(
            register=self.register,
            environment="production",
            now=self.now,
            settings=CONTRACT.settings.over(self.settings),
            contract=CONTRACT,
            methodology=self.methodology,
            post=_no_letters,
            tell=lambda *finding: self.told.append(finding),
            note=self.notes.append,
        )

    def ask(self, query_type: str, asked: Mapping[str, str], /, **changes: str | None) -> Answer:
        """The answer to the question with some parameters changed, or left out (None)."""
        given = {name: value for name, value in {**asked, **changes}.items() if value is not None}
        return Answer(perform_query(self.desk(), query_type, document(given)))

    def issues(self, **changes: str | None) -> Answer:
        return self.ask("VYDANI_SEZNAM_JH", ISSUES, **changes)

    def occurrences(self, **changes: str | None) -> Answer:
        return self.ask("VYSKYTY_SEZNAM_JH", OCCURRENCES, **changes)

    def refused(self, **changes: str | None) -> Answer:
        return self.ask("DZ_ERR_SEZNAM", REFUSED, **changes)

    # -- what is there

    def occur(self, key: Key = KEY, state: int = 50, **changes: Any) -> int:
        """An occurrence; its id."""
        made = Occurrence(id=0, key=key, version=4, variant=0, state=state, term="")
        return self.register.add_occurrence(replace(made, **changes))

    def deliver(self, occurrence: int, number: str, state: int = 51, **changes: Any) -> int:
        """An issue; its id. Accepted on 21 August at 10:20, in its state since 10:24."""
        made = Issue(
            id=0,
            occurrence=occurrence,
            number=number,
            file=f"ws999{number.zfill(7)}.xml",
            sender=SUBJECT,
            status="new_data",
            accepted=at(21, 10, 20),
            state=state,
            since=at(21, 10, 24),
        )
        return self.register.add_issue(replace(made, **changes))

    def refuse(self, number: str, login: str = "uziv0001", **changes: Any) -> int:
        """A message; its id. Accepted on 21 August at 10:20 unless that is changed."""
        message = {name: changes.pop(name) for name in ("accepted", "refused") if name in changes}
        header = Header(
            sender=SUBJECT,
            number=number,
            methodology=NEW,
            test=False,
            created="20130820",
            data_set="MOKAS42.04.00",
            subject=SUBJECT,
            scope="S_BCPZB",
            as_of="20130731",
            status="new_data",
            reason="methodology",
        )
        made = Message(
            id=0,
            file=f"ws999{number.zfill(7)}.xml",
            login=login,
            received=at(21, 10, 18),
            header=replace(header, **changes),
            accepted=at(21, 10, 20),
        )
        return self.register.add_message(replace(made, **message), b"<VYDANI/>")


def _no_letters(*letter: str) -> None:
    raise AssertionError(letter)


@contextmanager
def bank() -> Iterator[Bank]:
    engine = create_engine("sqlite://")
    for tables in (KERNEL, TABLES):
        tables.create_all(engine)
    with engine.begin() as transaction:
        register = Register(transaction, "production")
        subjects = [Subject(SUBJECT, "A", "999"), Subject(PARTNER, "B"), Subject(STRANGER, "C")]
        register.add_subjects(subjects)
        register.add_rights(SUBJECT, [PARTNER])
        register.add_users(USERS)
        yield Bank(transaction)
    engine.dispose()


def oblige(bank: Bank, data_set: str = "MOKAS42", since: str = "2007-11-01", **more: str) -> None:
    """A reporting obligation of the subject in the scope S_BCPZB."""
    made = Obligation(SUBJECT, "S_BCPZB", data_set, since)
    bank.register.add_obligations([replace(made, **more)])
