"""Forward-only reading, nulls and defaults, error texts, and writing, as DataContractSerializer."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from podatelna.kernel.datacontract import (
    BOOLEAN,
    DATE_TIME,
    INT,
    STRING,
    ClassContract,
    Enumeration,
    Kind,
    ListOf,
    Member,
    append_members,
    append_result,
)
from podatelna.kernel.reading import DeserializationError, Element, Reading, Skipped
from podatelna.kernel.xmlconvert import UNSET, Moment, xml_text

NS = "http://schemas.datacontract.org/2004/07/Shop"
OTHER = "http://other.example/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
COLOUR = Enumeration("Shop.Colour", ("Red", "Green"))
ITEM = ClassContract(
    NS,
    "Shop.Item",
    (
        Member("Amount", INT),
        Member("Colour", COLOUR),
        Member("Due", DATE_TIME),
        Member("Gift", BOOLEAN),
        Member("Limit", INT, nullable=True),
        Member("Name", STRING),
    ),
)
ORDER = ClassContract(
    NS,
    "Shop.Order",
    (
        Member("First", ITEM),
        Member("Items", ListOf(ITEM)),
        Member("Notes", ListOf(STRING)),
        Member("Title", STRING),
    ),
)
NO_ITEM = {
    "Amount": 0,
    "Colour": "Red",
    "Due": UNSET,
    "Gift": False,
    "Limit": None,
    "Name": None,
}
NO_ORDER: dict[str, Any] = dict.fromkeys(("First", "Items", "Notes", "Title"))


def element(content: str) -> Element:
    namespaces = f'xmlns="{NS}" xmlns:i="{XSI}" xmlns:o="{OTHER}" xmlns:b="{ARRAYS}"'
    return etree.fromstring(f"<Root {namespaces}>{content}</Root>")


def read(kind: Kind, content: str, reading: Reading | None = None) -> Any:
    return kind.read(element(content), reading or Reading())


def error_of(kind: Kind, content: str, reading: Reading | None = None) -> tuple[str, bool]:
    """The inner text of the error, and whether .NET wraps it in a sentence with the type."""
    with pytest.raises(DeserializationError) as raised:
        read(kind, content, reading)
    assert str(raised.value) == raised.value.inner_text
    return raised.value.inner_text, raised.value.wrapped


def skipped(kind: Kind, content: str) -> list[Skipped]:
    root = element(content)
    reading = Reading(root=root)
    kind.read(root, reading)
    return reading.skipped


# -- values


def test_every_member_is_bound_in_wire_order() -> None:
    values = read(
        ITEM,
        "<Amount> 007 </Amount><Colour>Green</Colour><Due>2019-06-25T11:09:00Z</Due>"
        "<Gift>1</Gift><Limit>-5</Limit><Name> Anežka </Name>",
    )
    assert values == {
        "Amount": 7,
        "Colour": "Green",
        "Due": Moment(date(2019, 6, 25), time(11, 9), 0),
        "Gift": True,
        "Limit": -5,
        "Name": " Anežka ",
    }
    assert list(values) == list(NO_ITEM)


@pytest.mark.parametrize("content", ["", " \r\n\t", "<!-- nothing -->"])
def test_absent_members_have_dotnet_defaults(content: str) -> None:
    assert read(ITEM, content) == NO_ITEM
    assert read(ORDER, content) == NO_ORDER


def test_defaults_are_not_shared_between_readings() -> None:
    read(ITEM, "")["Amount"] = 5
    assert read(ITEM, "") == NO_ITEM


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("<Name/>", ""),
        ("<Name></Name>", ""),
        ("<Name>  </Name>", "  "),
        ('<Name i:nil="true"/>', None),
        ('<Name i:nil="1"></Name>', None),
        ('<Name i:nil=" true ">text is not read</Name>', None),
        ('<Name i:nil="false">x</Name>', "x"),
        ('<Name i:nil="0"/>', ""),
        # Only XML Schema's own attribute makes null.
        ('<Name nil="true" o:nil="true">x</Name>', "x"),
        ("<Name>a<!-- b -->c<![CDATA[<d>]]>&amp;&#101;&lt;</Name>", "ac<d>&e<"),
        ("<Name><!-- b --></Name>", ""),
        ("<Name>𝒜🐎</Name>", "𝒜🐎"),
    ],
)
def test_null_empty_and_joined_strings(content: str, name: str | None) -> None:
    assert read(ITEM, content) == NO_ITEM | {"Name": name}


def test_a_nullable_value_type_can_be_null() -> None:
    assert read(ITEM, '<Limit i:nil="true"/>') == NO_ITEM
    assert read(ITEM, "<Limit>5<!-- 6 -->7</Limit>") == NO_ITEM | {"Limit": 57}


@pytest.mark.parametrize(
    ("content", "order"),
    [
        ("<Items/>", {"Items": []}),
        ('<Items i:nil="true"><Item/></Items>', {"Items": None}),
        (
            '<Items><Item/><Item i:nil="true"/><Item><Name>x</Name></Item></Items>',
            {"Items": [NO_ITEM, None, NO_ITEM | {"Name": "x"}]},
        ),
        (
            '<Notes><b:string>a</b:string><b:string i:nil="1"/><b:string/></Notes>',
            {"Notes": ["a", None, ""]},
        ),
        # Items of an array of strings live in Microsoft's namespace, not in the class's.
        ("<Notes><string>a</string></Notes>", {"Notes": []}),
        ("<First/>", {"First": NO_ITEM}),
        ('<First i:nil="true"/>', {"First": None}),
        ("<First><Gift>true</Gift></First>", {"First": NO_ITEM | {"Gift": True}}),
    ],
)
def test_classes_and_lists(content: str, order: dict[str, Any]) -> None:
    assert read(ORDER, content) == NO_ORDER | order


def test_a_time_alone_is_completed_with_the_day_of_the_reading() -> None:
    reading = Reading(today=date(2026, 3, 2))
    values = read(ITEM, "<Due>11:09:00</Due>", reading)
    assert values == NO_ITEM | {"Due": Moment(date(2026, 3, 2), time(11, 9))}


# -- errors

INT_ERROR = "The value '{}' cannot be parsed as the type 'Int32'."
ENUM_ERROR = (
    "Invalid enum value '{}' cannot be deserialized into type 'Shop.Colour'. Ensure that the "
    "necessary enum values are present and are marked with EnumMemberAttribute attribute if the "
    "type has DataContractAttribute attribute."
)
STRAY = "Expecting state 'Element'.. Encountered 'Text'  with name '', namespace ''."


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<Amount/>", INT_ERROR.format("")),
        ("<Amount></Amount>", INT_ERROR.format("")),
        ("<Amount> abc </Amount>", INT_ERROR.format(" abc ")),
        ("<Amount>99999999999</Amount>", INT_ERROR.format("99999999999")),
        ("<Limit/>", INT_ERROR.format("")),
        ("<Amount><x>5</x></Amount>", INT_ERROR.format("")),
        ("<Gift>True</Gift>", "The value 'True' cannot be parsed as the type 'Boolean'."),
        ("<Gift/>", "The value '' cannot be parsed as the type 'Boolean'."),
        ("<Due/>", "The value '' cannot be parsed as the type 'DateTime'."),
        ("<Due>abc</Due>", "The value 'abc' cannot be parsed as the type 'DateTime'."),
        (
            "<Due>2019-02-29T00:00:00</Due>",
            "The value '2019-02-29T00:00:00' cannot be parsed as the type 'DateTime'.",
        ),
        ('<Name i:nil="yes"/>', "The value 'yes' cannot be parsed as the type 'Boolean'."),
        (
            "<Name>a<b>c</b></Name>",
            f"End element 'Name' from namespace '{NS}' expected. "
            f"Found element 'b' from namespace '{NS}'.",
        ),
        (
            "<Name><!-- a --><o:b/></Name>",
            f"End element 'Name' from namespace '{NS}' expected. "
            f"Found element 'o:b' from namespace '{OTHER}'.",
        ),
        (
            '<Amount>5<b xmlns=""/></Amount>',
            f"End element 'Amount' from namespace '{NS}' expected. "
            "Found element 'b' from namespace ''.",
        ),
        (
            "<Colour>Blue<b/></Colour>",
            f"End element 'Colour' from namespace '{NS}' expected. "
            f"Found element 'b' from namespace '{NS}'.",
        ),
    ],
)
def test_errors_of_the_xml_reader(content: str, text: str) -> None:
    assert error_of(ITEM, content) == (text, True)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<Colour>Blue</Colour>", ENUM_ERROR.format("Blue")),
        ("<Colour>red</Colour>", ENUM_ERROR.format("red")),
        ("<Colour> Red</Colour>", ENUM_ERROR.format(" Red")),
        ("<Colour>0</Colour>", ENUM_ERROR.format("0")),
        ("<Colour/>", ENUM_ERROR.format("")),
        ('<Amount i:nil="true"/>', "ValueType 'System.Int32' cannot be null."),
        ('<Due i:nil="1"/>', "ValueType 'System.DateTime' cannot be null."),
        ('<Gift i:nil="true">true</Gift>', "ValueType 'System.Boolean' cannot be null."),
        ('<Colour i:nil="true"/>', "ValueType 'Shop.Colour' cannot be null."),
        ("abc", STRAY),
        ("<Amount>1</Amount>abc", STRAY),
        ("<unknown/>\u00a0<Name/>", STRAY),
        ("<!-- a -->b", STRAY),
    ],
)
def test_errors_of_the_serializer_itself(content: str, text: str) -> None:
    assert error_of(ITEM, content) == (text, False)


@pytest.mark.parametrize(
    "content", ["<Items>a</Items>", "<Items><Item/>b</Items>", "<Items><Item>c</Item></Items>"]
)
def test_stray_text_in_lists(content: str) -> None:
    assert error_of(ORDER, content) == (STRAY, False)


def test_the_first_error_in_the_document_counts() -> None:
    content = "<Amount>a</Amount><Due>b</Due>"
    assert error_of(ITEM, content) == (INT_ERROR.format("a"), True)


def test_what_is_skipped_is_not_parsed() -> None:
    assert read(ITEM, "<Name>x</Name><Amount>abc</Amount>") == NO_ITEM | {"Name": "x"}


# -- the quota

QUOTA = (
    "The maximum string content length quota ({}) has been exceeded while reading XML data. This "
    "quota may be increased by changing the MaxStringContentLength property on the "
    "XmlDictionaryReaderQuotas object used when creating the XML reader."
)


@pytest.mark.parametrize("text", ["a" * 8192, "á" * 8192, "🐎" * 4096, "a" * 8190 + "🐎"])
def test_a_string_may_have_8192_code_units(text: str) -> None:
    assert read(ITEM, f"<Name>{text}</Name>") == NO_ITEM | {"Name": text}


@pytest.mark.parametrize(
    "text", ["a" * 8193, "á" * 8193, "🐎" * 4097, "a" * 8191 + "🐎", "a" * 8192 + "<!---->b"]
)
def test_a_longer_string_is_refused(text: str) -> None:
    assert error_of(ITEM, f"<Name>{text}</Name>") == (QUOTA.format(8192), True)
    assert error_of(ITEM, f"<Colour>{text}</Colour>") == (QUOTA.format(8192), True)


def test_the_quota_can_be_set_and_taken_off() -> None:
    assert error_of(ITEM, "<Name>abcd</Name>", Reading(string_quota=3)) == (QUOTA.format(3), True)
    assert read(ITEM, "<Name>abc</Name>", Reading(string_quota=3))["Name"] == "abc"
    assert read(ITEM, f"<Name>{'a' * 99999}</Name>", Reading(string_quota=None)) == NO_ITEM | {
        "Name": "a" * 99999
    }


# -- forward only

HEADER = (
    "uCont",
    "uHomN",
    "uIdub",
    "uMark",
    "uName",
    "uOb",
    "uObCa",
    "uOkr",
    "uOriN",
    "uPsc",
    "uStr",
)
LISTED = ClassContract(
    NS,
    "WS_UBY.SeznamUbytovanych",
    (
        Member("Ubytovani", ListOf(ITEM)),
        Member("VracetPDF", BOOLEAN),
        *(Member(name, STRING) for name in HEADER),
    ),
)


def test_elements_in_the_order_of_declaration_are_mostly_lost() -> None:
    """The mistake of clients who follow the order of the class in the Ubyport document."""
    content = "<VracetPDF>true</VracetPDF><uIdub>uIdub</uIdub><uMark>uMark</uMark>"
    content += "<uName>uName</uName><uCont>x</uCont><uOkr>uOkr</uOkr><uOb>x</uOb><uObCa>x</uObCa>"
    content += "<uStr>uStr</uStr><uHomN>x</uHomN><uOriN>x</uOriN><uPsc>x</uPsc>"
    content += "<Ubytovani><Item/></Ubytovani>"
    assert read(LISTED, content) == {
        "Ubytovani": None,
        "VracetPDF": True,
        "uCont": None,
        "uHomN": None,
        "uIdub": "uIdub",
        "uMark": "uMark",
        "uName": "uName",
        "uOb": None,
        "uObCa": None,
        "uOkr": "uOkr",
        "uOriN": None,
        "uPsc": None,
        "uStr": "uStr",
    }
    assert skipped(LISTED, content) == [
        Skipped(name, "out of order", NS)
        for name in ("uCont", "uOb", "uObCa", "uHomN", "uOriN", "uPsc", "Ubytovani")
    ]


@pytest.mark.parametrize(
    ("content", "values", "places"),
    [
        (
            "<Name>a</Name><Gift>true</Gift>",
            {"Name": "a"},
            [Skipped("Gift", "out of order", NS)],
        ),
        (
            "<Amount>1</Amount><Amount>2</Amount><Name>a</Name><Amount>3</Amount>",
            {"Amount": 1, "Name": "a"},
            [Skipped("Amount[2]", "repeated", NS), Skipped("Amount[3]", "repeated", NS)],
        ),
        # The first one did not bind, so the second repeats nothing.
        (
            "<Gift>1</Gift><Amount>2</Amount><Amount>3</Amount>",
            {"Gift": True},
            [Skipped("Amount[1]", "out of order", NS), Skipped("Amount[2]", "out of order", NS)],
        ),
        (
            '<Amount xmlns="">1</Amount><o:Name>a</o:Name><Gift>1</Gift>',
            {"Gift": True},
            [
                Skipped("Amount", "foreign namespace", ""),
                Skipped("Name", "foreign namespace", OTHER),
            ],
        ),
        (
            "<amount>1</amount><Amount>2</Amount><o:x><Name/></o:x><Gift>1</Gift>",
            {"Amount": 2, "Gift": True},
            [Skipped("amount", "unknown", NS), Skipped("x", "unknown", OTHER)],
        ),
        # A skipped element does not move the position.
        (
            "<unknown/><o:Name/><Amount>1</Amount><!-- Name --><Name>a</Name>",
            {"Amount": 1, "Name": "a"},
            [Skipped("unknown", "unknown", NS), Skipped("Name", "foreign namespace", OTHER)],
        ),
        ("<Amount>1</Amount><Name>a</Name>", {"Amount": 1, "Name": "a"}, []),
    ],
)
def test_what_does_not_bind_is_skipped_and_remembered(
    content: str, values: dict[str, Any], places: list[Skipped]
) -> None:
    assert read(ITEM, content) == NO_ITEM | values
    assert skipped(ITEM, content) == places


def test_places_lead_through_lists() -> None:
    content = (
        "<Items><Item/><Item><Name/><Due>abc</Due></Item><Thing/><o:Item/></Items>"
        "<Notes><string/></Notes>"
    )
    assert skipped(ORDER, content) == [
        Skipped("Items/Item[2]/Due", "out of order", NS),
        Skipped("Items/Thing", "unknown", NS),
        Skipped("Items/Item", "foreign namespace", OTHER),
        Skipped("Notes/string", "foreign namespace", NS),
    ]


def test_without_a_root_places_begin_at_the_document() -> None:
    reading = Reading()
    read(ITEM, "<x/>", reading)
    assert reading.skipped == [Skipped("Root/x", "unknown", NS)]


def test_a_hundred_skipped_places_are_enough() -> None:
    places = skipped(ITEM, "<x/>" * 5000 + "<Gift>1</Gift>")
    assert [places[0], places[-1]] == [
        Skipped("x[1]", "unknown", NS),
        Skipped("x[100]", "unknown", NS),
    ]
    assert len(places) == 100


NAMES = list(HEADER)


@given(st.permutations(NAMES))
def test_of_any_order_exactly_the_forward_part_binds(order: Sequence[str]) -> None:
    """An element binds unless one that belongs behind it came before it."""
    content = "".join(f"<{name}>{name}</{name}>" for name in order)
    bound = {
        name: name
        for place, name in enumerate(order)
        if not any(NAMES.index(earlier) > NAMES.index(name) for earlier in order[:place])
    }
    nothing = dict.fromkeys(NAMES) | {"Ubytovani": None, "VracetPDF": False}
    assert read(LISTED, content) == nothing | bound
    assert skipped(LISTED, content) == [
        Skipped(name, "out of order", NS) for name in order if name not in bound
    ]


@given(st.lists(st.sampled_from([*NAMES, "other"])))
def test_the_same_with_repeated_and_unknown_elements(order: Sequence[str]) -> None:
    content = "".join(f"<{name}>{place}</{name}>" for place, name in enumerate(order))
    known = [(NAMES.index(name), place) for place, name in enumerate(order) if name in NAMES]
    bound = {
        NAMES[index]: str(place)
        for index, place in known
        if all(index > earlier for earlier, before in known if before < place)
    }
    nothing = dict.fromkeys(NAMES) | {"Ubytovani": None, "VracetPDF": False}
    assert read(LISTED, content) == nothing | bound
    assert len(skipped(LISTED, content)) == len(order) - len(bound)


# -- writing


def written(kind: Kind, value: Any) -> str:
    root = etree.Element("r")
    append_result(root, "r", kind, value)
    return etree.tostring(root[0], encoding="unicode")


SCOPE = f'xmlns:a="{NS}" xmlns:i="{XSI}"'


@pytest.mark.parametrize(
    ("kind", "value", "xml"),
    [
        (BOOLEAN, True, "<r>true</r>"),
        (INT, -7, "<r>-7</r>"),
        (DATE_TIME, UNSET, "<r>0001-01-01T00:00:00</r>"),
        (COLOUR, "Green", "<r>Green</r>"),
        (STRING, "", "<r/>"),
        (STRING, " <a> & \"b\" 'c' ]]> 🐎", "<r> &lt;a&gt; &amp; \"b\" 'c' ]]&gt; 🐎</r>"),
        (STRING, "a\x00b\x0c\ud800", "<r>a\ufffdb\ufffd\ufffd</r>"),
        (ListOf(ITEM), [], f"<r {SCOPE}/>"),
        (ListOf(STRING), ["x", None, ""], f'<r xmlns:a="{ARRAYS}" xmlns:i="{XSI}">'
         '<a:string>x</a:string><a:string i:nil="true"/><a:string/></r>'),
        (
            ITEM,
            {"Name": "", "Amount": 5, "Limit": None},
            f"<r {SCOPE}><a:Amount>5</a:Amount><a:Colour>Red</a:Colour>"
            "<a:Due>0001-01-01T00:00:00</a:Due><a:Gift>false</a:Gift>"
            '<a:Limit i:nil="true"/><a:Name/></r>',
        ),
        (
            ORDER,
            {"Title": "T", "Items": [NO_ITEM, None], "Notes": [";1;", ";"]},
            f'<r {SCOPE}><a:First i:nil="true"/><a:Items><a:Item><a:Amount>0</a:Amount>'
            "<a:Colour>Red</a:Colour><a:Due>0001-01-01T00:00:00</a:Due><a:Gift>false</a:Gift>"
            '<a:Limit i:nil="true"/><a:Name i:nil="true"/></a:Item><a:Item i:nil="true"/></a:Items>'
            f'<a:Notes xmlns:b="{ARRAYS}"><b:string>;1;</b:string><b:string>;</b:string></a:Notes>'
            "<a:Title>T</a:Title></r>",
        ),
    ],
)  # fmt: skip
def test_values_are_written_with_dotnet_prefixes(kind: Kind, value: Any, xml: str) -> None:
    assert written(kind, value) == xml


def test_members_are_appended_behind_what_is_there() -> None:
    root = element("<x/>")
    append_members(root, ClassContract(NS, "Shop.Pair", ITEM.members[:2]), {})
    assert [(etree.QName(child).localname, child.text) for child in root] == [
        ("x", None),
        ("Amount", "0"),
        ("Colour", "Red"),
    ]


TEXTS = st.none() | st.text()
ITEMS = st.fixed_dictionaries(
    {
        "Amount": st.integers(-(2**31), 2**31 - 1),
        "Colour": st.sampled_from(COLOUR.names),
        "Due": st.builds(Moment, st.dates(), st.times(), st.none() | st.integers(-840, 840)),
        "Gift": st.booleans(),
        "Limit": st.none() | st.integers(-(2**31), 2**31 - 1),
        "Name": TEXTS,
    }
)
ORDERS = st.fixed_dictionaries(
    {
        "First": st.none() | ITEMS,
        "Items": st.none() | st.lists(st.none() | ITEMS, max_size=4),
        "Notes": st.none() | st.lists(TEXTS, max_size=4),
        "Title": TEXTS,
    }
)


def carried(value: Any) -> Any:
    """The value with the characters that XML can carry."""
    if isinstance(value, dict):
        return {name: carried(one) for name, one in value.items()}
    if isinstance(value, list):
        return [carried(one) for one in value]
    return xml_text(value) if isinstance(value, str) else value


@given(ORDERS)
def test_what_is_written_reads_the_same(order: dict[str, Any]) -> None:
    root = etree.Element("r")
    append_result(root, "r", ORDER, order)
    reading = Reading()
    again = etree.fromstring(etree.tostring(root))[0]
    assert (ORDER.read(again, reading), reading.skipped) == (carried(order), [])
