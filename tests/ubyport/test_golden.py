"""Every documented or published message, sent byte for byte, and the whole answer to it.

Files are named after the examples in the table. Three things in an answer are volatile, and the
files have a name in braces for them: the stamp, a PDF, and rows of a code list that nobody printed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest

from tests.sandboxes import ACTIONS, DATE, NOW, OWN_HEADERS, XML, Caller, Sandbox, SignIn

FOLDER = Path(__file__).parent / "golden"
PRINTED_HEADER = re.compile(rb"  <s:Header>.*</s:Header>\n", re.DOTALL)
CLASS_OF_2019 = {"unknown_nationality": "accepted", "stamp_member": "PseudoRazirko"}
LENIENT = {"action_header": "lenient"}
DECLARED = (
    "VracetPDF", "uIdub", "uMark", "uName", "uCont", "uOkr", "uOb",
    "uObCa", "uStr", "uHomN", "uOriN", "uPsc", "Ubytovani",
)  # fmt: skip
"""Members of the class in the order of its declaration, which is not that of the wire."""
NOT_BOUND = "skipped Seznam/{}: foreign namespace (namespace none)"
Certainty = Literal["documented", "observed", "reconstructed"]


@dataclass(frozen=True)
class Example:
    """A message and what it gets. `deviation`: where we differ from what is printed, and why."""

    name: str
    source: str
    certainty: Certainty
    operation: str = "ZapisUbytovane"
    account: tuple[str, str] = ("uby-ws000001", "production")
    answer: str = ""
    """The answer's file; empty: named as the example."""
    status: int = 200
    clock: str = NOW
    settings: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    """What the journal tells the client's developer."""
    deviation: str = ""


TRIAL = ("uby-tws00001", "test")
SAMPLES_OF_2019 = ("uby-ws000125", "production")
DISPLAY = "the documents show their test client's display: indented, with an empty s:Header"

DOCUMENTED = (
    Example(
        "01-filing",
        "Appendix 5, 5.1.1",
        "documented",
        clock="2016-06-01T10:00:00Z",
        deviation=f"{DISPLAY}; the answer of 2016 ends before the members that came with the PDF",
    ),
    Example(
        "03-class",
        "Appendix 5, 5.1.3 and 5.1.4",
        "documented",
        account=SAMPLES_OF_2019,
        answer="04-class",
        clock="2019-06-26T10:00:00Z",
        settings=CLASS_OF_2019,
        deviation="printed as classes; as a message the members are in wire order, and the answer "
        "has no PDF because VracetPDF is false; the guest's name is made up",
    ),
    Example(
        "03-class-with-pdf",
        "Appendix 5, 5.1.3 and 5.1.4",
        "documented",
        account=SAMPLES_OF_2019,
        answer="04-class-with-pdf",
        clock="2019-06-26T10:00:00Z",
        settings=CLASS_OF_2019,
        deviation="VracetPDF is true, so that the answer has the PDF that is printed in it; the "
        "null DokumentChybyPotvrzeni is nil and not left out",
    ),
    Example("05-availability", "Appendix 5, 5.2", "documented", "TestDostupnosti"),
    Example("06-countries", "Appendix 5, 5.3.1", "documented", "DejMiCiselnik"),
    Example(
        "07-error-book",
        "Appendix 5, 5.3.2",
        "documented",
        "DejMiCiselnik",
        deviation="112 was the last row in 2019; the numbers above it are known from later",
    ),
    Example("08-purposes", "Appendix 5, 5.3.3", "documented", "DejMiCiselnik"),
    Example("09-list-length", "Appendix 5, 5.4", "documented", "MaximalniDelkaSeznamu"),
)

PUBLISHED = (
    Example(
        "11-zeep",
        "message of zeep 4.3, as the public client of 2025 sends it",
        "observed",
        account=TRIAL,
        headers={"SOAPAction": f'"{ACTIONS}ZapisUbytovane"'},
    ),
    Example(
        "12-hand-built",
        "public hand-built client of 2026, and its fixture of an accepted answer",
        "observed",
        account=TRIAL,
        answer="14-accepted",
        headers={"Accept": "text/xml"},
        deviation="WCF writes an empty list of header errors as one tag, the fixture as two",
    ),
    Example(
        "13-pdf-last",
        "the same client before its fix",
        "observed",
        account=TRIAL,
        headers={"Accept": "text/xml"},
        notes=("skipped Seznam/VracetPDF: out of order",),
    ),
    Example(
        "16-node",
        "public Node client; that unqualified members are ignored is inferred from .NET",
        "reconstructed",
        account=TRIAL,
        status=500,
        headers={"SOAPAction": f'"{ACTIONS}ZapisUbytovane"'},
        notes=tuple(map(NOT_BOUND.format, DECLARED)),
    ),
    Example(
        "17-dotnet",
        "public .NET client, its Action header let pass",
        "reconstructed",
        account=TRIAL,
        status=500,
        settings=LENIENT,
        headers={"SOAPAction": f'"{ACTIONS}ZapisUbytovane"'},
        notes=(
            "skipped Seznam: foreign namespace "
            "(namespace http://schemas.datacontract.org/2004/07/WS_UBY)",
        ),
    ),
    Example(
        "17-dotnet-mended",
        "the same with Seznam in the service's namespace: SK is no nationality",
        "reconstructed",
        account=TRIAL,
        settings=LENIENT,
    ),
)


def request_of(example: Example) -> bytes:
    return (FOLDER / f"{example.name}.request.xml").read_bytes()


def answer_of(name: str) -> str:
    return (FOLDER / f"{name}.answer.xml").read_text("utf-8")


def masked(body: str, golden: str) -> str:
    """The body with names in braces for what is volatile; rows that golden has not are counted."""
    for member, mark in (
        (r"PseudoRazi[tr]ko", r"[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}"),
        (r"Dokument\w+", r"JVBERi0[0-9A-Za-z+/]+=*"),
    ):
        name = "{PDF}" if "JVBE" in mark else "{PseudoRazitko}"
        body = re.sub(rf"(<a:{member}>){mark}(</a:)", rf"\1{name}\2", body)
    rows = re.findall(r"<a:CiselnikType>.*?</a:CiselnikType>", body)
    for row in rows:
        if row not in golden:
            body = body.replace(row, "+", 1)
    return re.sub(r"(?<=>)\++(?=<)", lambda run: f"{{{len(run[0])} rows}}", body)


def send(example: Example, sandbox: Sandbox, caller: Caller, body: bytes) -> tuple[int, str]:
    """Status and body of the answer, whose headers are compared here."""
    sandbox.freeze(example.clock)
    answer = caller.post(body, example.operation, **example.headers)
    date = {"Date": DATE} if example.clock == NOW else {"Date": answer.headers["Date"]}
    length = {"Content-Length": str(len(answer.content))}
    assert dict(answer.headers) == {"Content-Type": XML} | OWN_HEADERS | date | length
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("example", [*DOCUMENTED, *PUBLISHED], ids=lambda example: example.name)
def test_example(example: Example, sandbox: Sandbox, sign_in: SignIn) -> None:
    """As it goes over the wire: the documents' header Action is display, and is taken off."""
    sandbox.set(**example.settings)
    body = request_of(example)
    if example in DOCUMENTED:
        body = PRINTED_HEADER.sub(b"", body)
    golden = answer_of(example.answer or example.name)
    status, received = send(example, sandbox, sign_in(*example.account), body)
    assert (status, masked(received, golden)) == (example.status, golden)
    assert sandbox.last()["notes"] == list(example.notes)


@pytest.mark.parametrize("example", DOCUMENTED, ids=lambda example: example.name)
def test_example_as_printed(example: Example, sandbox: Sandbox, sign_in: SignIn) -> None:
    """Byte for byte, with the header Action: WCF drops it, and the lenient mode does not."""
    sandbox.set(**example.settings)
    caller, body = sign_in(*example.account), request_of(example)
    assert PRINTED_HEADER.search(body)
    refused = send(example, sandbox, caller, body)
    sandbox.set(**LENIENT)
    status, received = send(example, sandbox, caller, body)
    golden = answer_of(example.answer or example.name)
    assert refused == (500, answer_of("action-header"))
    assert (status, masked(received, golden)) == (example.status, golden)


def test_the_dotnet_client_as_it_is(sandbox: Sandbox, sign_in: SignIn) -> None:
    """Its header alone ends the call (WCF's HttpInput; reconstructed)."""
    [example] = (each for each in PUBLISHED if each.name == "17-dotnet")
    answer = send(example, sandbox, sign_in(*TRIAL), request_of(example))
    assert answer == (500, answer_of("action-header"))


def test_every_file_is_sent_or_compared() -> None:
    examples = [*DOCUMENTED, *PUBLISHED]
    used = {f"{each.name}.request.xml" for each in examples} | {"action-header.answer.xml"}
    used |= {f"{each.answer or each.name}.answer.xml" for each in examples}
    assert {path.name for path in FOLDER.iterdir()} == used
