"""Clients that nobody here wrote: zeep with requests-ntlm, and curl."""

# mypy: allow-untyped-calls
# zeep says that it is typed, and most of it is not.

import re
import shutil
import subprocess
from base64 import b64decode
from collections.abc import Callable, Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pytest
import zeep
from requests_ntlm import HttpNtlmAuth
from zeep.transports import Transport

from tests.sandboxes import ACTIONS, DOMAIN, PASSWORD, XML, Sandbox, SignIn
from tests.ubyport.messages import TRIAL, call, filing, guest

CLASSES = "{http://schemas.datacontract.org/2004/07/WS_UBY}"
ACCOUNT = "uby-tws00001"

LABELS = {
    r"Celkový počet záznamů:\s*(\d+)": "3",
    r"Počet přijatých záznamů:\s*(\d+)": "2",
    r"Seznam nepřijatých záznamů:\s*(\d+)": "1",
    r"Počet ignorovaných záznamů:\s*(\d+)": "0",
    r"IDUB:\s*(\d+)": "2016201258899",
    r"(\d+)\s*ERR:": "001",
}
"""What clients in the wild search receipts for (observed), and what they find in this one."""
WITHOUT_SPACES = {
    r"Početignorovanýchzáznamů:(\d+)": "0",
    r"Celkovýpočetzáznamů:(\d+)": "3",
    r"IDUB:(\d+)Zkratka:AAKLI": "2016201258899",
}
"""The same of clients that first take out all white space."""


def text_of(document: bytes) -> str:
    """The text of a PDF, page after page."""
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(document)).pages)


def found(patterns: dict[str, str], text: str) -> dict[str, str]:
    hits = {pattern: re.search(pattern, text) for pattern in patterns}
    return {pattern: hit[1] for pattern, hit in hits.items() if hit}


# --- zeep


@pytest.fixture(params=["?singleWsdl", "?wsdl"])
def client(
    request: pytest.FixtureRequest, sandbox: Sandbox, sign_in: SignIn
) -> Iterator[zeep.Client]:
    """Built from nothing but the address, a login and a password."""
    caller = sign_in(ACCOUNT, "test")
    transport = Transport(session=caller.session)
    with zeep.Client(sandbox.url("test") + request.param, transport=transport) as built:
        yield built


def zeep_guest(client: zeep.Client, **changed: object) -> Any:
    members = {
        "cDate": "01021975",
        "cDocN": "EA123456",
        "cFirstN": "ANNA",
        "cFrom": datetime(2026, 3, 3),  # noqa: DTZ001 - the contract has no time zones
        "cNati": "SVK",
        "cResi": "Ukážková 12, Žilina",
        "cSurN": "VZOROVÁ",
        "cUntil": datetime(2026, 3, 6),  # noqa: DTZ001 - see above
    }
    return client.get_type(f"{CLASSES}Ubytovany")(**members | changed)


def zeep_file(client: zeep.Client, guests: list[Any], *, pdf: bool) -> Any:
    """The result of ZapisUbytovane, as zeep understands it."""
    everyone = client.get_type(f"{CLASSES}ArrayOfUbytovany")(guests)
    members = {"Ubytovani": everyone, "VracetPDF": pdf, **TRIAL}
    seznam = client.get_type(f"{CLASSES}SeznamUbytovanych")(**members)
    return client.service.ZapisUbytovane(AutentificationCode="X", Seznam=seznam)


def test_zeep_asks_all_questions(client: zeep.Client) -> None:
    service = client.service
    assert service.TestDostupnosti(AutentificationCode="X") is True
    assert service.MaximalniDelkaSeznamu(AutentificationCode="X") == 32
    lists = {
        name: service.DejMiCiselnik(AutentificationCode="X", CoChci=name)
        for name in ("Staty", "UcelyPobytu", "Chyby")
    }
    assert {name: len(rows) for name, rows in lists.items()} == {
        "Staty": 256,
        "UcelyPobytu": 17,
        "Chyby": 34,
    }
    first, last = lists["Staty"][0], lists["Staty"][-1]
    assert (first.Id, first.Kod2, first.Kod3, first.TextKratkyCZ) == (
        104,
        "AF",
        "AFG",
        "Afghánistán",
    )
    assert (last.Id, last.Kod2, last.Kod3) == (241, "ZW", "ZWE")
    late = next(row for row in lists["Chyby"] if row.Kod2 == "ERR_CZE_112")
    assert (late.Kod3, late.TextENG, late.TextKratkyCZ) == ("Oznámeno pozdě", "INFORMACE", "0")


def test_zeep_files_guests(client: zeep.Client, sandbox: Sandbox) -> None:
    """One is refused, one late, one on time; the receipt has all three."""
    guests = [
        zeep_guest(client, cDocN="X"),
        zeep_guest(client, cFrom=datetime(2026, 1, 5)),  # noqa: DTZ001 - see above
        zeep_guest(client, cPurp=7, cNote="Děti v pase matky"),
    ]
    result = zeep_file(client, guests, pdf=True)
    assert result.ChybyHlavicky is None
    assert result.ChybyZaznamu.string == [";106;", ";112;", ";"]
    assert re.fullmatch(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", result.PseudoRazitko)
    receipt = text_of(b64decode(result.DokumentPotvrzeni))
    assert found(LABELS, receipt) == LABELS
    assert found(WITHOUT_SPACES, "".join(receipt.split())) == WITHOUT_SPACES
    assert receipt.count(f"©CODE : {result.PseudoRazitko}-2016201258899-04-03-2026-90000-") == 2
    refused = text_of(b64decode(result.DokumentChybyPotvrzeni))
    assert re.findall(r"ERR: ([A-Z].*\S)", refused) == ["Nekorektní číslo cestovního dokladu"]
    assert [stay["purpose"] for stay in sandbox.stays()] == [None, 7]
    assert [stay["note"] for stay in sandbox.stays()] == [None, "Děti v pase matky"]


def test_zeep_understands_faults(client: zeep.Client) -> None:
    with pytest.raises(zeep.exceptions.Fault) as caught:
        zeep_file(client, [], pdf=False)
    assert (caught.value.code, caught.value.message) == (
        "s:Chyba běhu programu",
        "Seznam ubytovaných je prázdný",
    )


def test_zeep_with_a_wrong_password(sandbox: Sandbox, sign_in: SignIn) -> None:
    caller = sign_in(ACCOUNT, "test", password="Heslo-4321")
    assert isinstance(caller.session.auth, HttpNtlmAuth)
    with pytest.raises(Exception, match="401 Client Error: Unauthorized for url"):
        zeep.Client(sandbox.url("test") + "?wsdl", transport=Transport(session=caller.session))


# --- curl

Curl = Callable[..., tuple[int, str]]


@pytest.fixture
def curl(sandbox: Sandbox, tmp_path: Path) -> Curl:
    """Posts a file with further options; status and body of the last answer."""
    program = shutil.which("curl")
    if program is None:
        pytest.skip("curl is not installed")
    about = subprocess.run([program, "--version"], capture_output=True, check=True).stdout
    if b" NTLM" not in about:
        pytest.skip("this curl was built without NTLM")

    def post(body: str, operation: str, *options: str) -> tuple[int, str]:
        message, answer = tmp_path / "message.xml", tmp_path / "answer.xml"
        message.write_text(body, "utf-8")
        done = subprocess.run(
            [program, "--disable", "--silent", "--show-error", "--noproxy", "*", "--max-time", "30",
             "--user", f"{DOMAIN}\\{ACCOUNT}:{PASSWORD}", "--header", f"Content-Type: {XML}",
             "--header", f"SOAPAction: {ACTIONS}{operation}", "--data-binary", f"@{message}",
             "--output", str(answer), "--write-out", "%{http_code}", *options, sandbox.url("test")],
            capture_output=True, check=True, text=True,
        )  # fmt: skip
        return int(done.stdout), answer.read_text("utf-8")

    return post


BODIES_SENT = {
    "no body with the first leg": (("--ntlm",), ["", "all"]),
    "a body before the handshake": (("--anyauth",), ["all", "", "all"]),
    "100-continue": (("--ntlm", "--header", "Expect: 100-continue"), ["", "all"]),
    "chunks": (("--ntlm", "--header", "Transfer-Encoding: chunked"), ["", "all"]),
}
"""Options, and how much of the body came with each leg."""


@pytest.mark.parametrize(("options", "legs"), BODIES_SENT.values(), ids=BODIES_SENT)
def test_curl_files_a_guest(
    sandbox: Sandbox, curl: Curl, options: tuple[str, ...], legs: list[str]
) -> None:
    """The guest is filed once, whatever the body went through before."""
    message = filing(guest(), pdf="true", header=TRIAL)
    status, answer = curl(message, "ZapisUbytovane", *options)
    assert (status, re.findall("<b:string>(.*?)</b:string>", answer)) == (200, [";"])
    came = [exchange["request_body"] for exchange in sandbox.journal()]
    assert came == [message if leg else "" for leg in legs]
    assert [exchange["status"] for exchange in sandbox.journal()] == [*[401] * (len(legs) - 1), 200]
    assert len(sandbox.stays()) == 1
    [document] = re.findall("<a:DokumentPotvrzeni>(.*?)</a:", answer)
    assert found(LABELS, text_of(b64decode(document)))[r"Počet přijatých záznamů:\s*(\d+)"] == "1"


def test_curl_is_refused(sandbox: Sandbox, curl: Curl) -> None:
    """Basic credentials do not even get a challenge to answer."""
    status, answer = curl(call("TestDostupnosti"), "TestDostupnosti", "--basic")
    assert (status, "<h2>401 - Unauthorized" in answer) == (401, True)
    assert len(sandbox.journal()) == 1
