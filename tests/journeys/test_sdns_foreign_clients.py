"""SDNS for clients that nobody here wrote: zeep, Java, openssl and curl.

zeep knows nothing of rpc/encoded: from all three descriptions it makes the same call, rpc/literal,
without xsi:type and encodingStyle, which the engine takes, too. It reads the answer by its parts,
and does not look at xsi:type there. Of EwiQueryWS it understands the description and makes calls;
it cannot read the answers, whose return is an href to an attachment, nor send attachments.
"""

# mypy: allow-untyped-calls
# zeep says that it is typed, and most of it is not.

import gzip
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
import zeep
from lxml import etree
from zeep.transports import Transport

from tests.sandboxes import Sandbox, plain_session
from tests.sdns.messages import signed
from tests.sdns.samples import DEALS, written
from tests.sdns.sockets import (
    ISSUES,
    LOAD,
    QUERY,
    ROUTER,
    ask,
    first_of,
    load_message,
    loaded,
    parameters,
    path_of,
    set_up,
    status,
)

NOW, LATER = "2013-08-21T10:00:00Z", "2013-08-21T10:10:00Z"
FILE = "ws9990900002.xml"
DEAL = {**DEALS, "number": "900002"}
OK = ("Success", "OK")
DUPLICATE = ("Invalid data", "Duplicate data")
JAVA = Path(__file__).parent / "java" / "SdnsCaller.java"


@pytest.fixture
def bank(sandbox: Sandbox) -> Sandbox:
    """Ten o'clock on a day when the report of July is overdue."""
    set_up(sandbox, NOW)
    return sandbox


def address(bank: Sandbox, path: str) -> str:
    return bank.server + path_of(bank, path)


def values(data: bytes, *, compression: str = "NONE", signature: str = "NONE") -> list[str]:
    text = b64encode(data).decode()
    return [FILE, "UZIV0001", "Heslo-123", compression, signature, text, "cs", "CZ"]


# -- zeep


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with plain_session() as opened:
        yield opened


@pytest.mark.parametrize(
    ("setting", "query", "service"),
    [
        ("runtime", "?WSDL", "IZaslaniDat"),
        ("runtime", "?wsdl", "IZaslaniDat"),
        ("designtime", "?WSDL", "ZaslaniDat"),
        ("runtime", "?WSDL=designtime", "ZaslaniDat"),
        ("runtime", "?WSDL=rpcliteral", "ZaslaniDat"),
    ],
)
def test_zeep_sends_signed_data(
    bank: Sandbox, session: requests.Session, setting: str, query: str, service: str
) -> None:
    bank.call("PATCH", "/settings", json={"sdns": {"wsdl": setting}})
    client = zeep.Client(address(bank, LOAD) + query, transport=Transport(session=session))
    assert list(client.wsdl.services) == [service]
    data = gzip.compress(signed(written(DEAL), "UZIV0001"))
    call = client.service.loadData
    answers = [
        call(FILE, "UZIV0001", "Heslo-123", "GZIP", "PKCS7", data, "cs", "CZ") for _ in range(2)
    ]
    roots = [etree.fromstring(answer.encode()) for answer in answers]
    assert [root.findtext("filename") for root in roots] == [FILE] * 2
    found = [root.find("status") for root in roots]
    assert [(each.get("category"), each.get("code")) for each in found if each is not None] == [
        OK,
        DUPLICATE,
    ]
    bank.freeze(LATER)
    states = ("VydaniSeznam/Vydani/CisloVydani", "VydaniSeznam/Vydani/StavKod")
    assert first_of(ask(bank, **ISSUES), *states) == ["900002", "51"]


def test_zeep_makes_questions(bank: Sandbox, session: requests.Session) -> None:
    client = zeep.Client(address(bank, ROUTER) + "?WSDL", transport=Transport(session=session))
    question = client.create_message(client.service, "getParams", queryType=QUERY)
    answer = session.post(
        address(bank, ROUTER),
        data=etree.tostring(question),
        headers={"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'},
    )
    assert answer.status_code == 200
    assert b"<TypDotazu>VYDANI_SEZNAM</TypDotazu>" in answer.content


# -- Java

Java = Callable[..., list[str]]


@pytest.fixture(scope="module")
def java(tmp_path_factory: pytest.TempPathFactory) -> Java:
    """Runs the small program; the lines that it prints."""
    compiler, machine = shutil.which("javac"), shutil.which("java")
    if compiler is None or machine is None:
        pytest.skip("there is no JDK")
    made = tmp_path_factory.mktemp("java")
    subprocess.run([compiler, "-d", str(made), str(JAVA)], check=True, capture_output=True)

    def run(*words: str) -> list[str]:
        options = ["-Djava.net.useSystemProxies=false", "-cp", str(made), "SdnsCaller"]
        done = subprocess.run(
            [machine, *options, *words], capture_output=True, check=False, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    return run


def test_java_sends_and_asks(bank: Sandbox, java: Java, tmp_path: Path) -> None:
    """The JDK alone; LoadDataResponse is held against the DTD that its DOCTYPE names."""
    message, question = tmp_path / "message.xml", tmp_path / "parameters.xml"
    message.write_bytes(written(DEAL, "UTF-8 with a mark"))
    question.write_bytes(parameters(**ISSUES))
    sent = java("send", address(bank, LOAD), FILE, str(message))
    assert sent == ["200 HTTP_1_1", "Success / OK"]
    wrong = java("send", address(bank, LOAD), "ws9990900003.txt", str(message))
    assert wrong == [
        "200 HTTP_1_1",
        "Invalid parameters / Invalid input parameter",
        "error: Invalid value of parameter filename.",
    ]
    bank.freeze(LATER)
    assert java("ask", address(bank, ROUTER), str(question)) == [
        "200 SUCCESS ",
        f"SouborExt: {FILE}",
        "CisloVydani: 900002",
        "StavKod: 50",
        "StavKod: 51",
        "Stav: K výskytu jsou platná data",
        "Stav: Data jsou uložena v db a jsou platná",
        "Druh: Odeslané",
    ]


# -- openssl and curl

CURL = ("curl", "--disable", "--silent", "--show-error", "--fail", "--noproxy", "*")


@pytest.mark.parametrize("digest", ["sha1", "sha256"])
@pytest.mark.parametrize("more", [[], ["-stream", "-indef"], ["-noattr"], ["-nocerts"]])
def test_openssl_signs_and_curl_posts(
    bank: Sandbox, tmp_path: Path, digest: str, more: list[str]
) -> None:
    for tool in ("curl", "openssl"):
        if shutil.which(tool) is None:
            pytest.skip(f"there is no {tool}")
    signer = bank.call("GET", "/sdns/signer?login=UZIV0001")
    for name in ("certificate", "key"):
        (tmp_path / f"{name}.pem").write_text(signer[name])
    (tmp_path / "message.xml").write_bytes(written(DEAL))
    _run(
        "openssl", "cms", "-sign", "-binary", "-nodetach", "-outform", "DER", "-md", digest, *more,
        "-signer", "certificate.pem", "-inkey", "key.pem", "-in", "message.xml", "-out", "signed",
        here=tmp_path,
    )  # fmt: skip
    data = (tmp_path / "signed").read_bytes()
    (tmp_path / "call.xml").write_bytes(load_message(values(data, signature="PKCS7")))
    answer = _run(
        *CURL, "-H", "Content-Type: text/xml; charset=utf-8", "-H", "Expect: 100-continue",
        "--data-binary", "@call.xml", address(bank, LOAD), here=tmp_path,
    )  # fmt: skip
    # Without certificates nobody can hold the signature against a key.
    expected = ("Invalid data", "Signature check failed") if "-nocerts" in more else OK
    assert status(answer) == expected, etree.tostring(loaded(answer))


def test_curl_posts_from_a_pipe(bank: Sandbox) -> None:
    """With nothing known of its length, in chunks."""
    if shutil.which("curl") is None:
        pytest.skip("there is no curl")
    data = written(DEAL, "UTF-8")
    done = subprocess.run(
        [*CURL, "-H", "Content-Type: text/xml", "-T", "-", "-X", "POST", address(bank, LOAD)],
        input=load_message(values(data)),
        capture_output=True,
        check=True,
    )
    assert status(done.stdout) == OK


def _run(*command: str, here: Path) -> bytes:
    done = subprocess.run(command, capture_output=True, check=False, cwd=here)
    assert done.returncode == 0, done.stderr
    return done.stdout
