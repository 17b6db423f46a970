"""From request to parameters as WCF gets there: content type, action, wrapper, and its faults."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podatelna.kernel.datacontract import (
    BOOLEAN,
    DATE_TIME,
    INT,
    STRING,
    ClassContract,
    Enumeration,
    ListOf,
    Member,
)
from podatelna.kernel.reading import DeserializationError, Reading, Skipped
from podatelna.kernel.soap import answer, read_envelope
from podatelna.kernel.wcf import (
    INTERNAL_SERVICE_FAULT,
    DispatchError,
    RequestContract,
    action_not_supported,
    body_failed,
    header_not_understood,
    parameter_failed,
    read_action,
    read_content_type,
    read_request,
    response,
)

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
NS = "http://Shop.example/Shop"
TYPES = "http://schemas.datacontract.org/2004/07/Shop"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
ORDER = ClassContract(
    TYPES, "Shop.Order", (Member("Due", DATE_TIME), Member("Notes", ListOf(STRING)))
)
KIND = Enumeration("Shop.Kind", ("Small", "Large"))
PLACE = RequestContract(
    "Place", NS, (Member("Code", STRING), Member("Kind", KIND), Member("Order", ORDER))
)
PING = RequestContract("Ping", NS, (Member("Code", STRING),), primitive=True)
NOTHING: dict[str, Any] = {"Code": None, "Kind": "Small", "Order": None}


def message(content: str) -> bytes:
    return (
        f'<s:Envelope xmlns:s="{SOAP}"><s:Body xmlns="{NS}" xmlns:d="{TYPES}" xmlns:i="{XSI}">'
        f"{content}</s:Body></s:Envelope>"
    ).encode()


def read(
    contract: RequestContract, content: str, *, located: bool = False
) -> tuple[dict[str, Any], list[Skipped]]:
    envelope = read_envelope(message(content))
    reading = Reading(locate=envelope.locate if located else None)
    return read_request(contract, envelope.body, reading), reading.skipped


def rejected(
    contract: RequestContract, content: str, *, located: bool = False
) -> tuple[str, str, str]:
    with pytest.raises(DispatchError) as raised:
        read(contract, content, located=located)
    assert str(raised.value) == raised.value.reason
    return raised.value.code, raised.value.text, raised.value.reason


# -- parameters


@pytest.mark.parametrize(
    ("content", "values"),
    [
        ("", {}),
        ("<Place/>", {}),
        ("<Place></Place>", {}),
        ("<p:Place xmlns:p='http://Shop.example/Shop'/>", {}),
        ("<Place> \n<!-- a --></Place>", {}),
        ("<Place><Code/></Place>", {"Code": ""}),
        ('<Place><Code i:nil="true"/></Place>', {}),
        ("<Place><Kind>Large</Kind></Place>", {"Kind": "Large"}),
        # Null for a value type: a parameter takes its default, a member of a class is an error.
        ('<Place><Kind i:nil="true"/></Place>', {}),
        ('<Place><Order i:nil="true"/></Place>', {}),
        (
            "<Place><Code>X</Code><Order><d:Due>2019-06-25</d:Due></Order></Place>",
            {
                "Code": "X",
                "Order": ORDER.defaults | {"Due": DATE_TIME.parse("2019-06-25", Reading())},
            },
        ),
    ],
)
def test_parameters_are_read_from_the_wrapper(content: str, values: dict[str, Any]) -> None:
    assert read(PLACE, content) == (NOTHING | values, [])


@pytest.mark.parametrize(
    ("content", "values", "skipped"),
    [
        (
            "<Kind>Large</Kind><Code>X</Code>",
            {"Kind": "Large"},
            [Skipped("Code", "out of order", NS)],
        ),
        (
            "<Code>X</Code><Code>Y</Code><Kind>Large</Kind>",
            {"Code": "X", "Kind": "Large"},
            [Skipped("Code[2]", "repeated", NS)],
        ),
        (
            "<d:Order><d:Due>abc</d:Due></d:Order>",
            {},
            [Skipped("Order", "foreign namespace", TYPES)],
        ),
        (
            "<Order><Due>abc</Due><d:Notes><d:string/></d:Notes></Order><else/>",
            {"Order": ORDER.defaults | {"Notes": []}},
            [
                Skipped("Order/Due", "foreign namespace", NS),
                Skipped("Order/Notes/string", "foreign namespace", TYPES),
                Skipped("else", "unknown", NS),
            ],
        ),
    ],
)
def test_parameters_too_are_read_forward_only(
    content: str, values: dict[str, Any], skipped: list[Skipped]
) -> None:
    assert read(PLACE, f"<Place>{content}</Place>") == (NOTHING | values, skipped)


FORMATTER = "The formatter threw an exception while trying to deserialize the message: "


def parameter_text(name: str, inner: str) -> str:
    return (
        f"{FORMATTER}There was an error while trying to deserialize parameter "
        f"http://Shop.example/Shop:{name}. The InnerException message was '{inner}'.  Please see "
        "InnerException for more details."
    )


NOT_A_KIND = (
    "Invalid enum value 'X' cannot be deserialized into type 'Shop.Kind'. Ensure that the "
    "necessary enum values are present and are marked with EnumMemberAttribute attribute if the "
    "type has DataContractAttribute attribute."
)
STRAY = "Expecting state 'Element'.. Encountered 'Text'  with name '', namespace ''."


@pytest.mark.parametrize(
    ("content", "name", "inner", "reason"),
    [
        (
            "<Order><d:Due>abc</d:Due></Order>",
            "Order",
            "There was an error deserializing the object of type Shop.Order. "
            "The value 'abc' cannot be parsed as the type 'DateTime'.",
            "The value 'abc' cannot be parsed as the type 'DateTime'.",
        ),
        ("<Kind>X</Kind>", "Kind", NOT_A_KIND, NOT_A_KIND),
        (
            '<Order><d:Due i:nil="true"/></Order>',
            "Order",
            "ValueType 'System.DateTime' cannot be null.",
            "ValueType 'System.DateTime' cannot be null.",
        ),
        ("<Order>abc</Order>", "Order", STRAY, STRAY),
        (
            "<Code>a<b/></Code>",
            "Code",
            "There was an error deserializing the object of type System.String. End element 'Code' "
            f"from namespace '{NS}' expected. Found element 'b' from namespace '{NS}'.",
            f"End element 'Code' from namespace '{NS}' expected. "
            f"Found element 'b' from namespace '{NS}'.",
        ),
        (
            '<Order i:nil="no"/>',
            "Order",
            "There was an error deserializing the object of type Shop.Order. "
            "The value 'no' cannot be parsed as the type 'Boolean'.",
            "The value 'no' cannot be parsed as the type 'Boolean'.",
        ),
    ],
)
def test_a_parameter_that_cannot_be_read_is_named(
    content: str, name: str, inner: str, reason: str
) -> None:
    text = parameter_text(name, inner)
    assert rejected(PLACE, f"<Place>{content}</Place>") == ("DeserializationFailed", text, reason)


def test_what_was_skipped_before_the_error_is_remembered() -> None:
    envelope = read_envelope(message("<Place><x/><Kind>X</Kind></Place>"))
    reading = Reading()
    with pytest.raises(DispatchError):
        read_request(PLACE, envelope.body, reading)
    assert reading.skipped == [Skipped("x", "unknown", NS)]


def body_text(operation: str, inner: str) -> str:
    return (
        f"{FORMATTER}Error in deserializing body of request message for operation "
        f"'{operation}'. {inner}"
    )


@pytest.mark.parametrize(
    ("contract", "content", "inner"),
    [
        (
            PLACE,
            "<Place> abc </Place>",
            f"End element 'Place' from namespace '{NS}' expected. Found text 'abc '.",
        ),
        (
            PLACE,
            "<Place><Code/>\nabc<Kind>X</Kind></Place>",
            f"End element 'Place' from namespace '{NS}' expected. Found text 'abc'.",
        ),
        (
            PLACE,
            "<Place/><d:Place/>",
            f"End element 'Body' from namespace '{SOAP}' expected. "
            f"Found element 'd:Place' from namespace '{TYPES}'.",
        ),
        (
            PING,
            "<Ping><Code>a<b xmlns=''/></Code></Ping>",
            f"End element 'Code' from namespace '{NS}' expected. "
            "Found element 'b' from namespace ''.",
        ),
        (
            PING,
            f"<Ping><Code>{'a' * 8193}</Code></Ping>",
            "The maximum string content length quota (8192) has been exceeded while reading XML "
            "data. This quota may be increased by changing the MaxStringContentLength property on "
            "the XmlDictionaryReaderQuotas object used when creating the XML reader.",
        ),
    ],
)
def test_errors_of_the_body_name_the_operation(
    contract: RequestContract, content: str, inner: str
) -> None:
    text = body_text(contract.operation, inner)
    assert rejected(contract, content) == ("DeserializationFailed", text, inner)


EMPTY = (
    "The OperationFormatter could not deserialize any information from the Message because the "
    "Message is empty (IsEmpty = true)."
)
WRONG = (
    "OperationFormatter encountered an invalid Message body. Expected to find node type 'Element' "
    "with name '{}' and namespace '{}'. Found node type 'Element' with name '{}' and namespace '{}'"
)


@pytest.mark.parametrize(
    ("contract", "content", "reason"),
    [
        (PING, "", EMPTY),
        (PING, "<Place/>", WRONG.format("Ping", NS, "Place", NS)),
        (PLACE, "<d:Place/>", WRONG.format("Place", NS, "d:Place", TYPES)),
        (PLACE, "<place/>", WRONG.format("Place", NS, "place", NS)),
        (PLACE, '<Place xmlns=""/>', WRONG.format("Place", NS, "Place", "")),
    ],
)
def test_a_body_that_is_not_the_operations_is_an_internal_error(
    contract: RequestContract, content: str, reason: str
) -> None:
    expected = ("InternalServiceFault", INTERNAL_SERVICE_FAULT, reason)
    assert rejected(contract, content) == expected


LINE = "\n<Place><Code>é</Code><Kind>X</Kind></Place>"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (
            "\n<Place><Code>éé<b /></Code></Place>",
            parameter_text(
                "Code",
                "There was an error deserializing the object of type System.String. End element "
                f"'Code' from namespace '{NS}' expected. Found element 'b' from namespace '{NS}'. "
                "Line 2, position 23.",
            ),
        ),
        (
            f"\n<Place><Code>{'a' * 8193}</Code></Place>",
            parameter_text(
                "Code",
                "There was an error deserializing the object of type System.String. The maximum "
                "string content length quota (8192) has been exceeded while reading XML data. This "
                "quota may be increased by changing the MaxStringContentLength property on the "
                "XmlDictionaryReaderQuotas object used when creating the XML reader. "
                "Line 2, position 8214.",
            ),
        ),
        (
            "\n<Place><Order>abc</Order></Place>",
            parameter_text("Order", f"Error in line 2 position 18. {STRAY}"),
        ),
        (
            "\n<Place><Order><d:Due>2019</d:Due> abc</Order></Place>",
            parameter_text("Order", f"Error in line 2 position 38. {STRAY}"),
        ),
        (
            "\n<Place><Code/>abc</Place>",
            body_text(
                "Place",
                f"End element 'Place' from namespace '{NS}' expected. Found text 'abc'. "
                "Line 2, position 18.",
            ),
        ),
        (
            "\n<Place/>\n<b/>",
            body_text(
                "Place",
                f"End element 'Body' from namespace '{SOAP}' expected. Found element 'b' from "
                f"namespace '{NS}'. Line 3, position 5.",
            ),
        ),
        # Conversions and enumerations never tell a line.
        (LINE, parameter_text("Kind", NOT_A_KIND)),
    ],
)
def test_with_the_source_at_hand_errors_tell_the_line(content: str, text: str) -> None:
    assert rejected(PLACE, content, located=True)[:2] == ("DeserializationFailed", text)


def test_fault_texts_can_be_had_for_any_error() -> None:
    wrapped = DeserializationError("Bad.")
    plain = DeserializationError("Bad.", wrapped=False)
    member = Member("Amount", INT)
    assert parameter_failed("urn:x", member, wrapped) == (
        f"{FORMATTER}There was an error while trying to deserialize parameter urn:x:Amount. The "
        "InnerException message was 'There was an error deserializing the object of type "
        "System.Int32. Bad.'.  Please see InnerException for more details."
    )
    assert parameter_failed("urn:x", member, plain) == (
        f"{FORMATTER}There was an error while trying to deserialize parameter urn:x:Amount. The "
        "InnerException message was 'Bad.'.  Please see InnerException for more details."
    )
    assert body_failed("Ping", wrapped) == body_text("Ping", "Bad.")


# -- content type and action


@pytest.mark.parametrize(
    ("header", "charset"),
    [
        ("text/xml; charset=utf-8", "utf-8"),
        ("text/xml;charset=utf-8", "utf-8"),
        ("TEXT/XML; CharSet=UTF-8", "utf-8"),
        ('text/xml; charset="utf-8"', "utf-8"),
        ("text/xml; charset=utf-8; action=urn:x", "utf-8"),
        # What begins as expected is read no further, whatever follows.
        ("text/xml; charset=utf-8; = nonsense", "utf-8"),
        ("text/xml; charset=utf-8 \t ;", "utf-8"),
        ("text/xml; charset=utf-8 ", "utf-8"),
        ('text/xml; type="a b; c"; charset=utf-8', "utf-8"),
        ("text/xml ; charset=utf-16", "utf-16"),
        ("text/xml; charset=UTF-16LE;", "utf-16le"),
        ('text/xml; charset="utf-16BE"', "utf-16be"),
        ("text/xml", None),
        ("Text/Xml;", None),
        (" text/xml; boundary=x", None),
    ],
)
def test_content_types_that_the_text_encoder_takes(header: str, charset: str | None) -> None:
    assert read_content_type(header) == (charset, None)


@pytest.mark.parametrize(
    "header",
    [
        "application/soap+xml; charset=utf-8",
        "application/xml",
        "application/octet-stream",
        "text/plain; charset=utf-8",
        "text/xml; charset=windows-1250",
        "text/xml; charset=iso-8859-1",
        "text/xml; charset=utf8",
        'text/xml; charset=""',
        "text/xml; charset=",
        "text/xml; charset=utf-8x",
        "text/xml; charset = utf-8",
        "text/xml charset=utf-8",
        "text/xml;; charset=utf-16",
        'text/xml; charset="utf-8',
        "text/xml, text/xml",
        "text / xml",
        "text/",
        "xml",
        ";",
        " ",
    ],
)
def test_other_content_types_are_named_in_the_reason(header: str) -> None:
    reason = (
        f"Cannot process the message because the content type '{header}' was not the expected type "
        "'text/xml; charset=utf-8'."
    )
    assert read_content_type(header) == (None, reason)


@pytest.mark.parametrize("header", [None, ""])
def test_a_missing_content_type_counts_as_bytes(header: str | None) -> None:
    reason = (
        "Cannot process the message because the content type 'application/octet-stream' was not "
        "the expected type 'text/xml; charset=utf-8'."
    )
    assert read_content_type(header) == (None, reason)


@given(st.text())
def test_any_content_type_is_taken_or_refused(header: str) -> None:
    charset, reason = read_content_type(header)
    assert reason is None or charset is None


@pytest.mark.parametrize(
    ("header", "action"),
    [
        (None, ""),
        ("", ""),
        ('""', ""),
        ('"http://Shop.example/Shop/IShop/Ping"', "http://Shop.example/Shop/IShop/Ping"),
        ("http://Shop.example/Shop/IShop/Ping", "http://Shop.example/Shop/IShop/Ping"),
        ("'http://Shop.example'", "'http://Shop.example'"),
        ('"', '"'),
        ('"open', '"open'),
        ('""twice""', '"twice"'),
        ("%22urn%3Ax%22", "urn:x"),
        ("urn:a+b", "urn:a b"),
        ("urn:%C5%99", "urn:ř"),
        ("urn:%", "urn:%"),
    ],
)
def test_actions_come_quoted_and_unquoted(header: str | None, action: str) -> None:
    assert read_action(header) == action


# -- texts and answers


def test_the_texts_of_the_dispatcher() -> None:
    assert action_not_supported("urn:{0}") == (
        "The message with Action 'urn:{0}' cannot be processed at the receiver, due to a "
        "ContractFilter mismatch at the EndpointDispatcher. This may be because of either a "
        "contract mismatch (mismatched Actions between sender and receiver) or a binding/security "
        "mismatch between the sender and the receiver.  Check that sender and receiver have the "
        "same contract and the same binding (including security requirements, e.g. Message, "
        "Transport, None)."
    )
    assert header_not_understood("h", "urn:h") == (
        "The header 'h' from the namespace 'urn:h' was not understood by the recipient of this "
        "message, causing the message to not be processed.  This error typically indicates that "
        "the sender of this message has enabled a communication protocol that the receiver cannot "
        "process.  Please ensure that the configuration of the client's binding is consistent with "
        "the service's binding. "
    )


def test_results_are_wrapped_in_the_operations_response() -> None:
    before = f'<s:Envelope xmlns:s="{SOAP}"><s:Body>'
    after = "</s:Body></s:Envelope>"
    assert answer(response("Ping", NS, BOOLEAN, True)).decode() == (
        f'{before}<PingResponse xmlns="{NS}"><PingResult>true</PingResult></PingResponse>{after}'
    )
    assert answer(response("Place", NS, ORDER, {"Notes": []})).decode() == (
        f'{before}<PlaceResponse xmlns="{NS}"><PlaceResult xmlns:a="{TYPES}" xmlns:i="{XSI}">'
        "<a:Due>0001-01-01T00:00:00</a:Due>"
        '<a:Notes xmlns:b="http://schemas.microsoft.com/2003/10/Serialization/Arrays"/>'
        f"</PlaceResult></PlaceResponse>{after}"
    )
