"""SDNS over real sockets, called as software of its time did, to the byte.

Written after the observed client, which made its calls by hand: .NET has no SOAP with attachments.
"""

import re
import socket
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Final
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from podatelna.app import Config, House
from podatelna.kernel.journal import JournalLimits
from podatelna.kernel.server import Server
from tests.sandboxes import Sandbox, plain_session

LOAD, ROUTER = "/ewi-ws/ZaslaniDat", "/ewi-ws/EwiSOAPRouter"
RUNTIME = "urn:com-ness-cz-ewiautom-wsimpl-IZaslaniDat"
QUERY: Final = "VYDANI_SEZNAM_JH"
PATIENCE: Final = 30
"""Seconds. Nothing here takes long: who waits that long waits for ever."""
RESULT: Final = {"e": "www.ewi.ws"}
ISSUES: Final[Mapping[str, str]] = {
    "Username": "UZIV0001",
    "Password": "Heslo-123",
    "ObdobiV": "31.07.2013",
    "SubjektV": "99990000",
    "RozsahV": "S_BCPZB",
    "DatovySoubor": "MOKAS42",
    "Rozsah": "VSE",
    "Popis": "A",
}
"""The parameters of the observed client, in their order."""


@contextmanager
def open_house(database: str | None = None) -> Iterator[Sandbox]:
    """The default sandbox of a server of its own, which answers at the bank's own paths."""
    config = Config("golden", database=database, journal=JournalLimits(header=False))
    with (
        closing(House(config)) as house,
        Server(house.handle) as server,
        plain_session() as admin,
    ):
        yield Sandbox(server.url, "default", admin)


def path_of(sandbox: Sandbox, path: str) -> str:
    """Where a sandbox has one of the bank's paths."""
    return path if sandbox.name == "default" else f"/s/{sandbox.name}{path}"


def set_up(sandbox: Sandbox, at: str, **settings: object) -> None:
    """A clock that stands still, and connections that are closed soon: readers wait for it."""
    sandbox.freeze(at)
    sandbox.call("PATCH", "/settings", json={"sdns": {"router_idle_seconds": 1} | settings})


@contextmanager
def connection(sandbox: Sandbox) -> Iterator[socket.socket]:
    place = urlsplit(sandbox.server)
    assert place.hostname
    assert place.port
    with socket.create_connection((place.hostname, place.port), PATIENCE) as opened:
        yield opened


def converse(sandbox: Sandbox, *octets: bytes) -> bytes:
    """All that is said in return until the connection is closed."""
    with connection(sandbox) as opened:
        for each in octets:
            opened.sendall(each)
        return rest(opened)


def exchange(sandbox: Sandbox, octets: bytes) -> bytes:
    """One answer, as long as it says it is; the connection is left to the caller to close."""
    with connection(sandbox) as opened:
        opened.sendall(octets)
        return one(opened)


def one(opened: socket.socket) -> bytes:
    """The next answer, whole."""
    answer = bytearray()
    length = sys.maxsize
    while len(answer) < length:
        data = opened.recv(65536)
        assert data, f"closed after {bytes(answer)!r}"
        answer += data
        top, end, _ = answer.partition(b"\r\n\r\n")
        found = re.search(rb"\r\nContent-Length: ([0-9]+)", top)
        if end and found:
            length = len(top) + len(end) + int(found[1])
    assert len(answer) == length
    return bytes(answer)


def rest(opened: socket.socket) -> bytes:
    received = bytearray()
    while data := opened.recv(65536):
        received += data
    return bytes(received)


def head(lines: Sequence[str], end: str = "\r\n") -> bytes:
    return end.join([*lines, "", ""]).encode("latin-1")


# -- questions


def get_params(path: str = ROUTER, query: str = QUERY) -> bytes:
    """A plain SOAP call, whole."""
    message = (
        '<soapenv:Envelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xmlns:xsd="http://www.w3.org/2001/XMLSchema" '
        'xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ewiq="EwiQueryWS">\n'
        "   <soapenv:Header/>\n   <soapenv:Body>\n"
        "      <ewiq:getParams "
        'soapenv:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">\n'
        f'         <queryType xsi:type="xsd:string">{query}</queryType>\n'
        "      </ewiq:getParams>\n   </soapenv:Body>\n</soapenv:Envelope>\n"
    ).encode()
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: wsn.cnb.cz",
        "Content-Type: text/xml; charset=utf-8",
        'SOAPAction: ""',
        f"Content-Length: {len(message)}",
    ]
    return head(lines) + message


def parameters(query: str = "VYDANI_SEZNAM", /, **values: str) -> bytes:
    """A parameter document, filled; line ends are CR LF. `query` is what TypDotazu says."""
    filled = "".join(
        f'    <Parametr Nazev={quoteattr(name)} Datatyp="String" Povinny="A" Maska="">\r\n'
        f"        <Popis>{escape(name)}</Popis>\r\n"
        f"        <HodnotaPar>{escape(value)}</HodnotaPar>\r\n    </Parametr>\r\n"
        for name, value in values.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\r\n<DefiniceDotazu>\r\n'
        f"    <TypDotazu>{query}</TypDotazu>\r\n    <Popis>Žádost</Popis>\r\n"
        f"{filled}</DefiniceDotazu>\r\n"
    ).encode()


def perform_query(document: bytes, path: str = ROUTER, query: str = QUERY) -> bytes:
    """The observed client's call: bare LF everywhere but in Base64, lengths that are off by one."""
    root = (
        "<?xml version='1.0' encoding='utf-8'?>\n"
        '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xmlns:xsd="http://www.w3.org/2001/XMLSchema">\n\t<SOAP-ENV:Body>\n'
        '\t\t<ns1:performQuery xmlns:ns1="EwiQueryWS" '
        'SOAP-ENV:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">\n'
        f'\t\t\t<queryType xsi:type="xsd:string">{query}</queryType>\n'
        '\t\t\t<xmlParam href="cid:zbrnda.txt"/>\n'
        "\t\t</ns1:performQuery>\n\t</SOAP-ENV:Body>\n</SOAP-ENV:Envelope>\n"
    ).encode()
    text = b64encode(document)
    lines = [text[at : at + 76] for at in range(0, len(text), 76)]
    attached = b"\r\n".join(lines) + b"\n"
    root_head = [
        "------=_Boundary",
        "Content-Type: text/xml; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        "Content-ID: <Part1>",
        f"Content-Length: {len(root) - 1}",
    ]
    attached_head = [
        "------=_Boundary",
        'Content-Type: application/octet-stream; name="performQuery.txt"',
        "Content-Transfer-Encoding: base64",
        "Content-ID: <zbrnda.txt>",
        'Content-Disposition: attachment; filename="performQuery.txt"',
        f"Content-Length: {len(attached) + 1}",
    ]
    body = b"".join(
        (head(root_head, "\n"), root, head(attached_head, "\n"), attached, b"------=_Boundary--\n")
    )
    top = [
        f"POST {path} HTTP/1.1",
        "User-Agent: Oracle JAX-RPC 1.1",
        'Content-Type: multipart/related; type="text/xml"; start="Part1"; '
        'boundary="----=_Boundary"',
        "Host: apl.cnb.cz",
        "Accept: text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
        f"Content-Length: {len(body)}",
    ]
    return head(top, "\n") + body


def attachment(answer: bytes) -> bytes:
    """What the observed client takes out of an answer that it has read to the end."""
    text = answer.decode("latin-1").replace("\r\n", "\n")
    lines = text.split("\n")
    assert re.match(r"HTTP/1.. 200.*", lines[0]), lines[0]
    [boundary] = [
        found[1]
        for line in lines
        if line.startswith("Content-Type:") and (found := re.search('boundary="([^"]*)"', line))
    ]
    # First in the head, then before the envelope, then before the attachment.
    part = text.split(boundary)[3]
    content = part.partition("\n\n")[2].removesuffix("--").rstrip("\n")
    try:
        return b64decode("".join(content.split()), validate=True)
    except ValueError:
        return content.encode("latin-1")


def first_of(document: bytes, *paths: str) -> list[str | None]:
    """The first matches, as that client looks for them: `VydaniSeznam/Vydani/StavKod`."""
    root = etree.fromstring(document)
    places = ["/".join(f"e:{step}" for step in path.split("/")) for path in paths]
    return [root.findtext(place, namespaces=RESULT) for place in places]


def ask(sandbox: Sandbox, query: str = QUERY, /, **values: str) -> bytes:
    """The document that answers a question."""
    question = perform_query(parameters(**values), path_of(sandbox, ROUTER), query)
    return attachment(exchange(sandbox, question))


# -- data

NAMES: Final = tuple(f"param{number}" for number in range(8))


def load_message(values: Sequence[str]) -> bytes:
    """The envelope that WCF makes of a call of the runtime WSDL."""
    types = ["string"] * 5 + ["base64Binary"] + ["string"] * 2
    cells = "".join(
        f'<{name} xsi:type="xsd:{kind}">{escape(value)}</{name}>'
        for name, kind, value in zip(NAMES, types, values, strict=True)
    )
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">'
        '<s:Body s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
        f'<q1:loadData xmlns:q1="{RUNTIME}">{cells}</q1:loadData></s:Body></s:Envelope>'
    ).encode()


def load_head(path: str, *lines: str) -> bytes:
    """Of a request by .NET; `lines` say how the body comes."""
    usual = [
        f"POST {path} HTTP/1.1",
        "Content-Type: text/xml; charset=utf-8",
        f'SOAPAction: "{RUNTIME}/loadData"',
        "Host: wsn.cnb.cz",
    ]
    return head([*usual, *lines])


def load_data(path: str, values: Sequence[str]) -> bytes:
    message = load_message(values)
    return load_head(path, f"Content-Length: {len(message)}") + message


def loaded(answer: bytes) -> etree._Element:
    """LoadDataResponse, out of its envelope; `answer` may be with its head."""
    envelope = answer[answer.index(b"<?xml") :]
    text = etree.fromstring(envelope).findtext(".//return")
    assert text
    return etree.fromstring(text.encode())


def status(answer: bytes) -> tuple[str, str]:
    """Category and code."""
    [found] = loaded(answer).iterfind("status")
    return found.get("category", ""), found.get("code", "")
