"""What the service does before it reads a body: methods, paths, content types, actions, headers."""

import pytest

from tests.sandboxes import (
    ACTIONS,
    DATE,
    OWN_HEADERS,
    XML,
    Caller,
    Sandbox,
)
from tests.ubyport.messages import (
    SOAP,
    bare,
    call,
    envelope,
    fault,
    filing,
    guest,
    member,
    records,
    told,
)

AVAILABLE = call("TestDostupnosti")
NONE = "http://schemas.microsoft.com/ws/2005/05/addressing/none"
INTERNAL = (
    "The server was unable to process the request due to an internal error.  For more information "
    "about the error, either turn on IncludeExceptionDetailInFaults (either from "
    "ServiceBehaviorAttribute or from the <serviceDebug> configuration behavior) on the server in "
    "order to send the exception information back to the client, or turn on tracing as per the "
    "Microsoft .NET Framework SDK documentation and inspect the server trace logs."
)
DISPATCHER = "http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher"
INTERNAL_FAULT = (500, fault("a:InternalServiceFault", INTERNAL, DISPATCHER))
TRUE = (
    200,
    f'<s:Envelope xmlns:s="{SOAP}"><s:Body><TestDostupnostiResponse '
    'xmlns="http://UBY.pcr.cz/WS_UBY"><TestDostupnostiResult>true</TestDostupnostiResult>'
    "</TestDostupnostiResponse></s:Body></s:Envelope>",
)


# --- actions


@pytest.mark.parametrize(
    "spelling", ["{}", '"{}"', "%22{}%22", "http%3A{}"], ids=["plain", "quoted", "escaped", "url"]
)
def test_action_is_understood(production: Caller, spelling: str) -> None:
    """Quoted and unquoted clients are both in use; WCF undoes URL escapes first (reconstructed)."""
    action = f"{ACTIONS}TestDostupnosti"
    written = spelling.format(action.removeprefix("http:") if "3A" in spelling else action)
    assert told(production.post(AVAILABLE, SOAPAction=written)) == TRUE


@pytest.mark.parametrize(
    ("header", "named"),
    [
        (None, ""),
        ("", ""),
        ('""', ""),
        ("TestDostupnosti", "TestDostupnosti"),
        (f"{ACTIONS}TestDostupnostiResponse", f"{ACTIONS}TestDostupnostiResponse"),
        (f"{ACTIONS.lower()}testdostupnosti", f"{ACTIONS.lower()}testdostupnosti"),
        (f'"{ACTIONS}TestDostupnosti', f'"{ACTIONS}TestDostupnosti'),
        ("<&>", "<&>"),
    ],
)
def test_action_is_not_supported(
    sandbox: Sandbox, production: Caller, header: str | None, named: str
) -> None:
    """The body names an operation, and that does not help: WCF dispatches by the action."""
    text = (
        f"The message with Action '{named}' cannot be processed at the receiver, due to a "
        "ContractFilter mismatch at the EndpointDispatcher. This may be because of either a "
        "contract mismatch (mismatched Actions between sender and receiver) or a binding/security "
        "mismatch between the sender and the receiver.  Check that sender and receiver have the "
        "same contract and the same binding (including security requirements, e.g. Message, "
        "Transport, None)."
    )
    answer = production.post(AVAILABLE, SOAPAction=header)
    assert told(answer) == (500, fault("a:ActionNotSupported", text, NONE))
    assert answer.headers["Content-Type"] == XML
    assert [found["code"] for found in sandbox.last()["findings"]] == ["action_not_supported"]


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("TestDostupnosti", call("MaximalniDelkaSeznamu")),
        ("ZapisUbytovane", call("DejMiCiselnik", "<CoChci>Staty</CoChci>")),
        ("DejMiCiselnik", filing(guest())),
        ("TestDostupnosti", envelope("<TestDostupnosti/>")),
    ],
)
def test_body_of_another_operation(production: Caller, action: str, body: str) -> None:
    """The action's operation reads the body, and finds another element than its own."""
    assert told(production.post(body, action)) == INTERNAL_FAULT


# --- content types


@pytest.mark.parametrize(
    ("content_type", "codec"),
    [
        (XML, "utf-8"),
        ("text/xml", "utf-8"),
        ("text/xml", "utf-8-sig"),
        ("Text/XML; Charset=UTF-8", "utf-8"),
        ('text/xml;charset="utf-8"', "utf-8"),
        ("text/xml; charset=utf-8; action=x", "utf-8"),
        ("text/xml; charset=utf-16", "utf-16"),
    ],
)
def test_content_type_is_read(production: Caller, content_type: str, codec: str) -> None:
    declared = '<?xml version="1.0" encoding="utf-16"?>' if codec == "utf-16" else ""
    body = (declared + AVAILABLE).encode(codec)
    assert told(production.post(body, "TestDostupnosti", Content_Type=content_type)) == TRUE


@pytest.mark.parametrize(
    ("content_type", "named"),
    [
        ("application/soap+xml; charset=utf-8", None),
        ("application/xml", None),
        ("text/plain; charset=utf-8", None),
        ("text/xml; charset=windows-1250", None),
        ("text/xml; charset=iso-8859-2", None),
        (None, "application/octet-stream"),
    ],
)
def test_content_type_is_refused(
    sandbox: Sandbox, production: Caller, content_type: str | None, named: str | None
) -> None:
    """The sentence stands in the status line, and the answer has no body."""
    answer = production.post(AVAILABLE, "TestDostupnosti", Content_Type=content_type)
    assert answer.reason == (
        f"Cannot process the message because the content type '{named or content_type}' was not "
        "the expected type 'text/xml; charset=utf-8'."
    )
    assert bare(answer) == (415, b"", OWN_HEADERS | {"Date": DATE})
    assert [found["code"] for found in sandbox.last()["findings"]] == ["unsupported_media_type"]


# --- bodies that are no message


@pytest.mark.parametrize(
    "body",
    [
        "",
        "TestDostupnosti",
        AVAILABLE.removesuffix("</s:Envelope>"),
        AVAILABLE.replace("soap/envelope/", "soap/envelope"),
        AVAILABLE.replace(SOAP, "http://www.w3.org/2003/05/soap-envelope"),
        f"<!DOCTYPE x>{AVAILABLE}",
        f"<?xml version='1.0'?><?pi?>{AVAILABLE}",
        f'<?xml version="1.0" encoding="windows-1250"?>{AVAILABLE}',
        f'<s:Envelope xmlns:s="{SOAP}"/>',
        "{}",
    ],
)
def test_bad_request(sandbox: Sandbox, production: Caller, body: str) -> None:
    answer = production.post(body, "TestDostupnosti")
    assert bare(answer) == (400, b"", OWN_HEADERS | {"Date": DATE})
    assert answer.reason == "Bad Request"
    assert [found["code"] for found in sandbox.last()["findings"]] == ["bad_request"]


def test_message_too_large(sandbox: Sandbox, production: Caller) -> None:
    """65,536 bytes pass and one more does not: WCF's default (reconstructed)."""
    longest = AVAILABLE + " " * (65_536 - len(AVAILABLE))
    assert told(production.post(longest, "TestDostupnosti")) == TRUE
    answer = production.post(longest + " ", "TestDostupnosti")
    assert bare(answer) == (413, b"", OWN_HEADERS | {"Date": DATE})
    assert answer.reason == "Request Entity Too Large"
    [found] = sandbox.last()["findings"]
    assert (found["code"], found["received"]) == ("message_too_large", "65537 bytes")


# --- SOAP headers

ADDRESSING = "http://www.w3.org/2005/08/addressing"


@pytest.mark.parametrize(
    "header",
    [
        f'<w:Action xmlns:w="{ADDRESSING}">x</w:Action><w:To xmlns:w="{ADDRESSING}">y</w:To>',
        f'<w:MessageID xmlns:w="{ADDRESSING}" s:mustUnderstand="0">x</w:MessageID>',
        '<x xmlns="urn:x" mustUnderstand="1"/>',
        '<x xmlns="urn:x" s:mustUnderstand="perhaps"/>',
        f'<Other xmlns="{NONE}">x</Other>',
    ],
)
def test_header_is_ignored(production: Caller, header: str) -> None:
    body = envelope('<TestDostupnosti xmlns="http://UBY.pcr.cz/WS_UBY"/>', header)
    assert told(production.post(body, "TestDostupnosti")) == TRUE


@pytest.mark.parametrize(
    ("header", "name", "namespace"),
    [
        ('<x xmlns="urn:x" s:mustUnderstand="1"/>', "x", "urn:x"),
        ('<x s:mustUnderstand="true"/>', "x", ""),
        (
            f'<p:Action xmlns:p="{ADDRESSING}" s:mustUnderstand="1">x</p:Action>',
            "Action",
            ADDRESSING,
        ),
        ('<a/><b s:mustUnderstand="1"/><c s:mustUnderstand="1"/>', "b", ""),
    ],
)
def test_header_is_not_understood(
    production: Caller, header: str, name: str, namespace: str
) -> None:
    text = (
        f"The header '{name}' from the namespace '{namespace}' was not understood by the recipient "
        "of this message, causing the message to not be processed.  This error typically indicates "
        "that the sender of this message has enabled a communication protocol that the receiver "
        "cannot process.  Please ensure that the configuration of the client's binding is "
        "consistent with the service's binding. "
    )
    answer = production.post(envelope("", header), "TestDostupnosti")
    assert told(answer) == (500, fault("s:MustUnderstand", text))


@pytest.mark.parametrize("name", ["Action", "To"])
@pytest.mark.parametrize("operation", ["TestDostupnosti", "Nothing"])
def test_addressing_header(sandbox: Sandbox, production: Caller, name: str, operation: str) -> None:
    """The documents print Action, and WCF drops a message that brings it over HTTP (Q4)."""
    header = f'<{name} s:mustUnderstand="1" xmlns="{NONE}">x</{name}>'
    body = envelope('<TestDostupnosti xmlns="http://UBY.pcr.cz/WS_UBY"/>', header)
    assert told(production.post(body, operation)) == INTERNAL_FAULT
    sandbox.set(action_header="lenient")
    answer = production.post(body, operation)
    if operation == "TestDostupnosti":
        assert told(answer) == TRUE
    else:
        assert member(answer, "faultcode") == "a:ActionNotSupported"


def test_objections_come_in_the_order_of_wcf(production: Caller) -> None:
    """Content type, size, XML, addressing header, action, other headers, body."""
    broken = envelope("x", '<x s:mustUnderstand="1"/>')
    assert production.post(broken, "x", Content_Type="text/plain").status_code == 415
    assert member(production.post(broken, "x"), "faultcode") == "a:ActionNotSupported"
    assert member(production.post(broken), "faultcode") == "s:MustUnderstand"


# --- a connection that is used again


def test_filing_after_refusals_on_one_connection(production: Caller, sandbox: Sandbox) -> None:
    """Refused messages leave neither the connection nor the register in disorder."""
    production.post("x")
    production.post(AVAILABLE, "x")
    production.post(AVAILABLE, Content_Type="text/plain")
    assert records(production.post(filing(guest()))) == [";"]
    assert [stay["document_number"] for stay in sandbox.stays()] == ["EA123456"]
    assert sum(each["status"] == 401 for each in sandbox.journal()) == 2


def test_crash_of_the_emulator(
    production: Caller, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What WCF says when the program behind it throws; nothing is kept of the call."""

    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("of the test's making")

    monkeypatch.setattr("podatelna.ubyport.wire.write_filing", crash)
    answer = production.post(filing(guest()))
    assert told(answer) == INTERNAL_FAULT
    assert bare(answer)[2] == {"Content-Type": XML} | OWN_HEADERS | {"Date": DATE}
    assert sandbox.stays() == []
    last = sandbox.last()
    assert (last["operation"], last["login"]) == ("ZapisUbytovane", "uby-ws000001")
    assert last["notes"] == ["the sandbox itself crashed on this call; its log says where"]
