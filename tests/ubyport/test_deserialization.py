"""Values that .NET cannot read, with the whole fault, and values that it reads all the same."""

import pytest

from tests.sandboxes import DATE, OWN_HEADERS, XML, Caller, Sandbox
from tests.ubyport.messages import (
    CLASSES,
    SERVICE,
    batch,
    call,
    fault,
    filing,
    guest,
    records,
    told,
)

DISPATCHER = "http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher"


def unread(parameter: str, inner: str) -> tuple[int, str]:
    """The whole answer to a message with a parameter that could not be read."""
    text = (
        "The formatter threw an exception while trying to deserialize the message: There was an "
        f"error while trying to deserialize parameter http://UBY.pcr.cz/WS_UBY:{parameter}. The "
        f"InnerException message was '{inner}'.  Please see InnerException for more details."
    )
    return 500, fault("a:DeserializationFailed", text, DISPATCHER)


def of_class(name: str, inner: str) -> str:
    return f"There was an error deserializing the object of type {name}. {inner}"


def not_a(kind: str, text: str) -> str:
    return f"The value '{text}' cannot be parsed as the type '{kind}'."


LIST = "WS_UBY.SeznamUbytovanych"
LINE = " Line 1, position {}."
QUOTA = (
    "The maximum string content length quota (8192) has been exceeded while reading XML data. This "
    "quota may be increased by changing the MaxStringContentLength property on the "
    "XmlDictionaryReaderQuotas object used when creating the XML reader."
)
CHILD = "End element '{}' from namespace '{}' expected. Found element 'x' from namespace '{}'."
STRAY = (
    "Error in line 1 position {}. Expecting state 'Element'.. Encountered 'Text'  with name '', "
    "namespace ''."
)
NIL = ' i:nil="true"'

UNREADABLE = {
    "date": ("cFrom", "abc", of_class(LIST, not_a("DateTime", "abc"))),
    "no such day": ("cUntil", "2026-02-30", of_class(LIST, not_a("DateTime", "2026-02-30"))),
    "Czech date": ("cFrom", "3.3.2026", of_class(LIST, not_a("DateTime", "3.3.2026"))),
    "empty date": ("cUntil", "", of_class(LIST, not_a("DateTime", ""))),
    "space in a date": (
        "cFrom",
        "2026-03-03 10:00:00",
        of_class(LIST, not_a("DateTime", "2026-03-03 10:00:00")),
    ),
    "number": ("cPurp", "ten", of_class(LIST, not_a("Int32", "ten"))),
    "empty number": ("cPurp", "", of_class(LIST, not_a("Int32", ""))),
    "number over 31 bits": ("cPurp", "2147483648", of_class(LIST, not_a("Int32", "2147483648"))),
    "no decimals": ("cPurp", "10.0", of_class(LIST, not_a("Int32", "10.0"))),
    "long text": ("cNote", "n" * 8193, of_class(LIST, QUOTA + LINE)),
    "surrogates count twice": ("cNote", "🐎" * 4097, of_class(LIST, QUOTA + LINE)),
}
"""Member of a guest, its text, and the inner sentence of the fault; {} is where it was noticed."""


def behind(body: str, text: str) -> int:
    """The position behind the last such text, as .NET counts: bytes of the line, from 1."""
    return len(body[: body.rindex(text) + len(text)].encode()) + 1


@pytest.mark.parametrize(("name", "text", "inner"), UNREADABLE.values(), ids=UNREADABLE)
def test_value_of_a_guest(
    sandbox: Sandbox, production: Caller, name: str, text: str, inner: str
) -> None:
    body = filing(guest(), guest(**{name: text}))
    answer = production.post(body)
    assert told(answer) == unread("Seznam", inner.format(behind(body, f"</d:{name}>")))
    assert answer.headers == {
        "Content-Type": XML,
        **OWN_HEADERS,
        "Date": DATE,
        "Content-Length": str(len(answer.content)),
    }
    assert [found["code"] for found in sandbox.last()["findings"]] == ["deserialization_failed"]
    assert sandbox.stays() == []


@pytest.mark.parametrize(
    ("parameters", "inner", "noticed"),
    [
        (batch(guest(), pdf="ano"), of_class(LIST, not_a("Boolean", "ano")), ""),
        (batch(guest(), pdf="True"), of_class(LIST, not_a("Boolean", "True")), ""),
        (
            batch(guest()).replace("<d:uCont>", f"<d:VracetPDF{NIL}/><d:uCont>"),
            "ValueType 'System.Boolean' cannot be null.",
            "",
        ),
        (batch(guest(cFrom=None)), "ValueType 'System.DateTime' cannot be null.", ""),
        (
            batch(guest(cPurp=None)).replace('nil="true"', 'nil="yes"'),
            of_class(LIST, not_a("Boolean", "yes")),
            "",
        ),
        (
            batch(guest()).replace(">ANNA<", "><x/><"),
            of_class(LIST, CHILD.format("cFirstN", CLASSES, SERVICE) + LINE),
            "<x/>",
        ),
        (batch(f"text{guest()}"), STRAY, "text"),
        (batch(guest()).replace("</Seznam>", "text</Seznam>"), STRAY, "text"),
    ],
)
def test_value_of_a_batch(production: Caller, parameters: str, inner: str, noticed: str) -> None:
    body = call("ZapisUbytovane", parameters)
    told_where = inner.format(behind(body, noticed))
    assert told(production.post(body)) == unread("Seznam", told_where)


@pytest.mark.parametrize("name", ["X", "staty", " Staty", "", "0"])
def test_name_of_an_enumeration(production: Caller, name: str) -> None:
    inner = (
        f"Invalid enum value '{name}' cannot be deserialized into type 'WS_UBY.DruhCislelniku'. "
        "Ensure that the necessary enum values are present and are marked with "
        "EnumMemberAttribute attribute if the type has DataContractAttribute attribute."
    )
    body = call("DejMiCiselnik", f"<CoChci>{name}</CoChci>")
    assert told(production.post(body, "DejMiCiselnik")) == unread("CoChci", inner)


def test_parameter_that_is_text(production: Caller) -> None:
    """Operations with simple values alone are read by another formatter, which says less."""
    code = "<AutentificationCode><x/></AutentificationCode>"
    inner = CHILD.format("AutentificationCode", SERVICE, SERVICE) + LINE
    body = call("ZapisUbytovane", code + batch(guest()))
    where = of_class("System.String", inner).format(behind(body, "<x/>"))
    assert told(production.post(body)) == unread("AutentificationCode", where)
    asked = call("TestDostupnosti", code)
    text = (
        "The formatter threw an exception while trying to deserialize the message: Error in "
        "deserializing body of request message for operation 'TestDostupnosti'. "
        + inner.format(behind(asked, "<x/>"))
    )
    assert told(production.post(asked, "TestDostupnosti")) == (
        500,
        fault("a:DeserializationFailed", text, DISPATCHER),
    )


READABLE: dict[str, list[str | None]] = {
    "cFrom": ["2026-03-03", "2026-03-03T23:59:59.1234567", "2026-03-03T00:00:00Z", " 2026-03-03 ",
              "2026-03-03T23:30:00-05:00", "2026-03-03T00:30:00+14:00"],
    "cPurp": ["07", " 7 ", "+7", None],
    "cSpz": ["1A2 3456", ""],
    "cPlac": ["Praha"],
}  # fmt: skip
"""What .NET reads although it is not the form that the documents print."""


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in READABLE.items() for text in texts]
)
def test_value_that_is_read(
    sandbox: Sandbox, production: Caller, name: str, text: str | None
) -> None:
    """The day of an arrival is the one that is written, whatever its zone (Q15)."""
    assert records(production.post(filing(guest(**{name: text})))) == [";"]
    [stay] = sandbox.stays()
    purpose = {None: None, "10": 10}.get(text if name == "cPurp" else "10", 7)
    assert (stay["arrival"], stay["purpose"]) == ("2026-03-03", purpose)


@pytest.mark.parametrize(
    ("wish", "given"), [("1", True), (" true ", True), ("0", False), ("", False)]
)
def test_wish_for_a_pdf(production: Caller, wish: str, given: bool) -> None:
    answer = production.post(filing(guest(), pdf=wish))
    assert ('<a:DokumentPotvrzeni i:nil="true"/>' not in answer.text) is given
