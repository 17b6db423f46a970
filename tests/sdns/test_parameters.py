"""Parameters of queries: reading them, checking them, and the order in which they are echoed."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podatelna.sdns.parameters import (
    NotParameters,
    Parameter,
    QueryError,
    echo,
    hashtable_order,
    read_definition,
    read_parameters,
    to_day,
    wrong,
)

ORDERS = list(
    csv.DictReader(
        (Path(__file__).parent / "data" / "hashtable.csv").read_text("utf-8").splitlines()
    )
)
"""Lists of names that were put into a java.util.Hashtable of JDK 17, and their enumeration."""
ASKED = ["Username", "Password", "ObdobiV", "SubjektV", "RozsahV", "DatovySoubor", "Rozsah"]
TAKES = (
    Parameter("Username", "String", required=True),
    Parameter("Password", "String", required=True),
    Parameter("ObdobiV", "Date", required=True),
    Parameter("Popis", "String", required=True, allowed=("A", "N")),
    Parameter("Stav", "Number", required=False),
)
GIVEN = {"Username": "UZIV0001", "Password": "x", "ObdobiV": "31.07.2013", "Popis": "A"}


def document(inside: str, head: str = "") -> str:
    return f"{head}<DefiniceDotazu><TypDotazu>X</TypDotazu>{inside}</DefiniceDotazu>"


def parameter(name: str, value: str) -> str:
    return f'<Parametr Nazev="{name}"><Popis/><HodnotaPar>{value}</HodnotaPar></Parametr>'


# -- the order of the echo


def test_the_captured_order() -> None:
    assert hashtable_order([*ASKED, "Popis"]) == [
        "Username",
        "RozsahV",
        "SubjektV",
        "Popis",
        "Rozsah",
        "ObdobiV",
        "Password",
        "DatovySoubor",
    ]


@pytest.mark.parametrize("case", ORDERS, ids=range(len(ORDERS)))
def test_the_order_of_java(case: dict[str, str]) -> None:
    assert hashtable_order(case["put"].split("|")) == case["enumerated"].split("|")


def test_the_orders_of_java_grow_tables() -> None:
    sizes = {len(set(case["put"].split("|"))) for case in ORDERS}

    assert len(ORDERS) == 200
    assert {7, 8, 9, 16, 17, 18} <= sizes
    assert max(sizes) > 71  # the table has grown to 191 buckets


class Entry:
    """An entry of a bucket's chain."""

    def __init__(self, key: str, after: "Entry | None") -> None:
        self.key, self.after = key, after


class Hashtable:
    """java.util.Hashtable: put, addEntry, rehash and getEnumeration, step for step."""

    def __init__(self) -> None:
        self.table: list[Entry | None] = [None] * 11
        self.count = 0

    def index(self, key: str) -> int:
        units = key.encode("utf-16-be", "surrogatepass")
        words = [int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2)]
        code = sum(word * 31 ** (len(words) - 1 - at) for at, word in enumerate(words)) % 2**32
        return (code & 0x7FFFFFFF) % len(self.table)

    def put(self, key: str) -> None:
        entry = self.table[self.index(key)]
        while entry and entry.key != key:
            entry = entry.after
        if entry:
            return
        if self.count >= int(len(self.table) * 0.75):
            self.rehash()
        at = self.index(key)
        self.table[at] = Entry(key, self.table[at])
        self.count += 1

    def rehash(self) -> None:
        old, self.table = self.table, [None] * ((len(self.table) << 1) + 1)
        for at in range(len(old) - 1, -1, -1):
            waiting = old[at]
            while waiting:
                moved, waiting = waiting, waiting.after
                to = self.index(moved.key)
                moved.after, self.table[to] = self.table[to], moved

    def keys(self) -> Iterator[str]:
        for first in reversed(self.table):
            entry = first
            while entry:
                yield entry.key
                entry = entry.after


NAMES = st.text(st.sampled_from("aAbBCc#Č€🐑"), max_size=6) | st.text(max_size=20)


@given(st.lists(NAMES, max_size=80))
def test_the_order_of_a_second_implementation(names: list[str]) -> None:
    table = Hashtable()
    for name in names:
        table.put(name)

    assert hashtable_order(names) == list(table.keys())


def test_many_names_with_one_hash_code_do_not_hang() -> None:
    names = [""]
    while len(names) < 10_000:
        names = [name + pair for name in names for pair in ("Aa", "BB")]

    assert hashtable_order(names)[:2] == [names[-1], names[-2]]


# -- reading


@pytest.mark.parametrize(
    "data",
    [
        document(parameter("Š", "č")).encode(),
        b"\xef\xbb\xbf" + document(parameter("Š", "č")).encode(),
        document(parameter("Š", "č"), '<?xml version="1.0" encoding="windows-1250"?>').encode(
            "cp1250"
        ),
        document(parameter("Š", "č"), '<?xml version="1.0" encoding="UTF-16"?>').encode("utf-16"),
    ],
    ids=["utf-8", "mark", "windows-1250", "utf-16"],
)
def test_encodings(data: bytes) -> None:
    assert read_parameters(data) == {"Š": "č"}


def test_the_order_is_the_documents_and_the_last_value_holds() -> None:
    inside = parameter("B", "1") + parameter("A", "2") + parameter("B", "3")

    assert list(read_parameters(document(inside).encode()).items()) == [("B", "3"), ("A", "2")]


@pytest.mark.parametrize(
    ("inside", "value"),
    [
        ('<Parametr Nazev="A"><Popis/></Parametr>', ""),
        ('<Parametr Nazev="A"><HodnotaPar/></Parametr>', ""),
        (
            '<Parametr xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" Nazev="A">'
            '<HodnotaPar xsi:nil="true"/></Parametr>',
            "",
        ),
        ('<Parametr Nazev="A"><HodnotaPar> a\n</HodnotaPar></Parametr>', " a\n"),
        ('<Parametr Nazev="A"><HodnotaPar>a<!-- -->b<?c d?>e</HodnotaPar></Parametr>', "abe"),
        ('<Parametr Nazev="A"><HodnotaPar><![CDATA[<a>]]>&amp;</HodnotaPar></Parametr>', "<a>&"),
    ],
)
def test_values(inside: str, value: str) -> None:
    assert read_parameters(document(inside).encode()) == {"A": value}


ENTITIES = "".join(
    f'<!ENTITY {chr(98 + level)} "{f"&{chr(97 + level)};" * 10}">' for level in range(9)
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "there is nothing"),
        (b" \r\n", "there is nothing"),
        (b" " * (1 << 18) + b" ", "there are 262145 bytes, more than 262144"),
        (b"<A/>", "the root element is A, not DefiniceDotazu"),
        (
            b'<DefiniceDotazu xmlns="urn:a"/>',
            "the root element is {urn:a}DefiniceDotazu, not DefiniceDotazu",
        ),
        (
            b'<!DOCTYPE DefiniceDotazu SYSTEM "http://a.invalid/b.dtd"><DefiniceDotazu/>',
            "a document type declaration is not accepted",
        ),
        (b"<" + b"a" * 1000 + b"/>", "the root element is " + "a" * 180),
        (b"<DefiniceDotazu>\n<Parametr/></DefiniceDotazu>", "line 2: Parametr without Nazev"),
        (
            b'<DefiniceDotazu><Parametr Nazev="A"><HodnotaPar><b/></HodnotaPar></Parametr>'
            b"</DefiniceDotazu>",
            "line 1: HodnotaPar holds elements",
        ),
    ],
)
def test_reasons(data: bytes, reason: str) -> None:
    with pytest.raises(NotParameters) as caught:
        read_parameters(data)

    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "data",
    [
        b"\0",
        b"<DefiniceDotazu>",
        b"VXNlcm5hbWU=",
        b"<DefiniceDotazu>\xe8</DefiniceDotazu>",
        b'<?xml version="1.0" encoding="klingon"?><DefiniceDotazu/>',
        b"<DefiniceDotazu>&a;</DefiniceDotazu>",
        b"<DefiniceDotazu>" + b"<a>" * 100_000,
        document(
            parameter("A", "&j;"), f'<!DOCTYPE DefiniceDotazu [<!ENTITY a "aaaaaaaaaa">{ENTITIES}]>'
        ).encode(),
        document(
            parameter("&j;", "A"), f'<!DOCTYPE DefiniceDotazu [<!ENTITY a "aaaaaaaaaa">{ENTITIES}]>'
        ).encode(),
        document(
            parameter("A", "&a;"),
            '<!DOCTYPE DefiniceDotazu [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        ).encode(),
    ],
)
def test_what_is_no_document(data: bytes) -> None:
    with pytest.raises(NotParameters):
        read_parameters(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(NotParameters):
        read_parameters(data)


def test_what_a_query_takes() -> None:
    data = document(
        '<Parametr Nazev="A" Datatyp="Date" Povinny="A" Maska="DD.MM.YYYY"><Popis/></Parametr>'
        '<Parametr Nazev="B" Datatyp="String" Povinny="N"><Popis/><SeznamHodnot>'
        '<Hodnota Default="A" Jmeno="Ano" Hodnota="A"/>'
        '<Hodnota Default="N" Jmeno="Ne" Hodnota="N"/>'
        "</SeznamHodnot></Parametr>"
    )

    assert read_definition(data.encode()) == (
        Parameter("A", "Date", required=True),
        Parameter("B", "String", required=False, allowed=("A", "N")),
    )


# -- checks and echo


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({}, None),
        ({"Stav": "-1"}, None),
        ({"Stav": "10.5"}, None),
        ({"Other": "value"}, None),
        ({"Username": ""}, QueryError("query_parameter_missing", "Username")),
        ({"Popis": "a"}, QueryError("query_parameter_wrong", "Popis", "a")),
        ({"Popis": ""}, QueryError("query_parameter_missing", "Popis")),
        ({"ObdobiV": "20130731"}, QueryError("query_parameter_wrong", "ObdobiV", "20130731")),
        ({"ObdobiV": "31.06.2013"}, QueryError("query_parameter_wrong", "ObdobiV", "31.06.2013")),
        ({"ObdobiV": "1.7.2013"}, QueryError("query_parameter_wrong", "ObdobiV", "1.7.2013")),
        ({"ObdobiV": " 31.07.2013"}, QueryError("query_parameter_wrong", "ObdobiV", " 31.07.2013")),
        (
            {"ObdobiV": "31.07.2013\n"},
            QueryError("query_parameter_wrong", "ObdobiV", "31.07.2013\n"),
        ),
        ({"ObdobiV": "٣١.٠٧.٢٠١٣"}, QueryError("query_parameter_wrong", "ObdobiV", "٣١.٠٧.٢٠١٣")),
        ({"Stav": "x"}, QueryError("query_parameter_wrong", "Stav", "x")),
        ({"Stav": "1" * 39}, QueryError("query_parameter_wrong", "Stav", "1" * 39)),
        ({"Stav": "x", "Popis": "x"}, QueryError("query_parameter_wrong", "Popis", "x")),
    ],
)
def test_checks(changes: dict[str, str], error: QueryError | None) -> None:
    assert wrong(TAKES, GIVEN | changes) == error


def test_days() -> None:
    assert [to_day(text) for text in ("00.01.2013", "01.01.0000", "29.02.2013")] == [None] * 3


def test_the_echo_masks_passwords_and_turns_dates() -> None:
    shown = echo(TAKES, GIVEN | {"Stav": "10", " PASSWORD": "y", "Other": "31.07.2013"})

    assert dict(shown) == {
        "Username": "UZIV0001",
        "Password": "***",
        " PASSWORD": "***",
        "ObdobiV": "20130731",
        "Popis": "A",
        "Stav": "10",
        "Other": "31.07.2013",
    }
    assert [name for name, _ in shown] == hashtable_order([*GIVEN, "Stav", " PASSWORD", "Other"])


def test_the_echo_of_a_wrong_date_is_as_it_was_sent() -> None:
    assert echo(TAKES, {"ObdobiV": "31.6.2013"}) == [("ObdobiV", "31.6.2013")]
    assert echo(TAKES, {"ObdobiV": "31.07.0013"}) == [("ObdobiV", "00130731")]
