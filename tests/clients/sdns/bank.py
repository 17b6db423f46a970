"""The scripted server as the bank: receipts, results in the framing of its engine, and messages."""

from contextlib import ExitStack
from datetime import date, datetime
from functools import cache
from typing import Any, Self
from xml.sax.saxutils import escape

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from lxml import etree

from podatelna_client.sdns import Area, Function, Message, Patience, SdnsClient, Signer

START = 1_377_073_200.0
"""2013-08-21 10:20 in Prague."""
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
RUNTIME = "urn:com-ness-cz-ewiautom-wsimpl-IZaslaniDat"
NOTHING = "Pro zadané vstupní parametry nebyla vybrána žádná data"
ROWS = ({1: "130742000001", 2: "CZK"}, {1: "130742000002", 2: "EUR"})


def message(number: int = 900002, **changed: Any) -> Message:
    """A message of two rows, or with what is changed of it."""
    usual: dict[str, Any] = {
        "methodology": "MKT20130101.01",
        "data_set": "MOKAS42.04.00",
        "subject": "99990000",
        "scope": "S_BCPZB",
        "as_of": date(2013, 7, 31),
        "function": Function.TEST,
        "areas": (Area("MOKA42_11", ROWS),),
    }
    return Message(number=number, **{**usual, **changed})


def response(
    category: str = "Success",
    code: str = "OK",
    messages: str = "",
    name: str = "ws9990900002.xml",
) -> str:
    """A LoadDataResponse, laid out as one was seen."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<!DOCTYPE LoadDataResponse SYSTEM "ZaslaniDatOdpoved.dtd">\n'
        f"<LoadDataResponse>\n\t<filename>{name}</filename>\n"
        "\t<requestReceived>01.12.2010 12:43:24,334</requestReceived>\n"
        "\t<responseSent>01.12.2010 12:43:25,210</responseSent>\n"
        f'\t<status category="{category}" code="{code}">\n'
        f"\t\t<messages>{messages}\n\t\t</messages>\n\t</status>\n</LoadDataResponse>\n"
    )


def returned(text: str) -> bytes:
    """The envelope around the text that loadData returns."""
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        f'<SOAP-ENV:Envelope xmlns:SOAP-ENV="{ENVELOPE}" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xmlns:xsd="http://www.w3.org/2001/XMLSchema">\n<SOAP-ENV:Body>\n'
        f'<ns1:loadDataResponse xmlns:ns1="{RUNTIME}" '
        'SOAP-ENV:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">\n'
        f'<return xsi:type="xsd:string">{escape(text)}</return>\n'
        "</ns1:loadDataResponse>\n\n</SOAP-ENV:Body>\n</SOAP-ENV:Envelope>\n"
    ).encode()


def related(content: bytes, method: str = "performQuery") -> tuple[str, bytes]:
    """Type and body of an answer with an attachment, as the engine of the time framed it."""
    millis = "1291376892611"
    boundary = f"----=_Part_1677_7077388.{millis}"
    names = [f"{each}.{millis}.apache-soap.azdnms84" for each in ("17493983", "18703218")]
    soap = (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        f'<SOAP-ENV:Envelope xmlns:SOAP-ENV="{ENVELOPE}">\n<SOAP-ENV:Body>\n'
        f'<ns1:{method}Response xmlns:ns1="EwiQueryWS">\n'
        f'<return href ="cid:{names[1]}"/>\n'
        f"</ns1:{method}Response>\n\n</SOAP-ENV:Body>\n</SOAP-ENV:Envelope>\n"
    ).replace("\n", "\r\n")
    parts = (("text/xml; charset=utf-8", soap.encode()), ("application/octet-stream", content))
    body = b"".join(
        (
            f"--{boundary}\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: 8bit\r\n"
            f"Content-ID: <{name}>\r\nContent-Length: {len(part)}\r\n\r\n"
        ).encode()
        + part
        + b"\r\n"
        for name, (kind, part) in zip(names, parts, strict=True)
    )
    kind = f'multipart/related; boundary="{boundary}"; type="text/xml"; start="{names[0]}"'
    return kind, body + f"--{boundary}--\r\n".encode()


def result(content: str = "", status: str = "SUCCESS", code: str = "", text: str = "") -> bytes:
    """A result around the element that a query brings."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<EwiWSResult xmlns="www.ewi.ws">\n'
        "    <Dotaz>\n        <DotazTyp>VYDANI_SEZNAM_JH</DotazTyp>\n"
        '        <DotazParametr Hodnota="UZIV0001" Jmeno="Username"/>\n'
        '        <DotazParametr Hodnota="***" Jmeno="Password"/>\n    </Dotaz>\n'
        f"{content}    <ErrorLog>\n        <Status>{status}</Status>\n"
        f"        <ErrorCode>{code}</ErrorCode>\n        <ErrorText>{text}</ErrorText>\n"
        "    </ErrorLog>\n</EwiWSResult>\n"
    ).encode()


SET = "<DatovySoubor><Kod>MOKAS42</Kod><Verze>4</Verze><Varianta>0</Varianta></DatovySoubor>"


def occurrence(state: int = 50, test: str = "Testovací") -> str:
    """A Vyskyt behind its data set."""
    return (
        f"{SET}<Vyskyt><Subjekt>99990000</Subjekt><Obdobi>31.07.2013</Obdobi>"
        f"<Rozsah>S_BCPZB</Rozsah><StavKod>{state}</StavKod><Stav>stav {state}</Stav>"
        f"<PlanDo>20.08.2013 23:59</PlanDo><Termin/><Testovaci>{test}</Testovaci></Vyskyt>"
    )


def issue(number: int = 900002, state: int = 51, inside: str = "", file: str | None = None) -> str:
    """A Vydani behind its data set and occurrence."""
    name = f"ws999{number:07}.xml" if file is None else file
    external = f"<SouborExt>{name}</SouborExt>" if name else ""
    return (
        f"{occurrence()}<Vydani>{external}<CisloVydani>{number}</CisloVydani>"
        f"<DatumPrijmu>21.08.2013 10:20</DatumPrijmu><StavKod>{state}</StavKod>"
        f"<Stav>stav {state}</Stav><StavOd>21.08.2013 10:24</StavOd><Druh>Odeslané</Druh>"
        f"{inside}</Vydani>"
    )


def issues(*listed: str) -> bytes:
    """A result with issues."""
    return result(f"<VydaniSeznam>{''.join(listed)}</VydaniSeznam>")


class Bank:
    """Plays answers, and keeps what its clients sent and how long they waited."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.address = server.url.partition("/ws_uby")[0]
        self.url = f"{self.address}/ewi-ws"
        self.now = START
        self.pauses: list[float] = []
        self._clients = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self._clients.close()

    def client(self, **options: Any) -> SdnsClient:
        """A client of its own."""
        given = {"prefix": "999", "sender": "99990000", **options}
        client = SdnsClient(
            self.url, "UZIV0001", "Heslo-123", clock=lambda: self.now, timeout=5, **given
        )
        return self._clients.enter_context(client)

    def patience(self, **options: Any) -> Patience:
        """Pauses that pass at once."""
        return Patience(pause=self._pause, **options)

    def play_receipt(self, *told: str, **more: str) -> None:
        """Add a receipt: its category, its code and its messages."""
        self.server.play(returned(response(*told, **more)))

    def play_file(self, content: bytes, method: str = "performQuery") -> None:
        """Add an answer with an attachment."""
        kind, body = related(content, method)
        self.server.play(body, headers=(("Content-Type", kind),))

    def play_error(self, text: str, code: str = "sql.pcgcall.InternalProcedureError") -> None:
        """Add a result that is an error."""
        self.play_file(result("", "ERROR", code, text))

    def play_fault(
        self, code: str = "SOAP-ENV:Client", text: str = "no", status: int = 500
    ) -> None:
        """Add a fault as the engine writes it."""
        fault = (
            f'<SOAP-ENV:Envelope xmlns:SOAP-ENV="{ENVELOPE}"><SOAP-ENV:Body><SOAP-ENV:Fault>'
            f"<faultcode>{code}</faultcode><faultstring>{text}</faultstring>"
            "<faultactor>/ewi-ws/EwiSOAPRouter</faultactor>"
            "</SOAP-ENV:Fault></SOAP-ENV:Body></SOAP-ENV:Envelope>"
        )
        self.server.play(fault.encode(), status=status)

    @property
    def last(self) -> Any:
        """The last request."""
        return self.server.received[-1]

    @property
    def sent(self) -> dict[str, str]:
        """The parameters of the last delivery, in their order."""
        root = etree.fromstring(self.last.body, etree.XMLParser(huge_tree=True))
        (call,) = root.findall(f"{{{ENVELOPE}}}Body/*")
        return {child.tag: child.text or "" for child in call}

    def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


@cache
def key_pair(kind: str = "rsa") -> tuple[Any, Any]:
    """A key and a certificate for it."""
    key: Any = ec.generate_private_key(ec.SECP256R1())
    if kind == "rsa":
        key = rsa.generate_private_key(65537, 2048)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CZ"),
            x509.NameAttribute(NameOID.COMMON_NAME, "Zkušební Podepisovatel"),
        ]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        # The first bit of the number is set, so that DER wants an octet before it.
        .serial_number(0xF0_00_00_00_00_00_00_01)
        .not_valid_before(datetime(2013, 1, 1))  # noqa: DTZ001 - the builder takes naive UTC
        .not_valid_after(datetime(2043, 1, 1))  # noqa: DTZ001 - see above
        .sign(key, hashes.SHA256())
    )
    return key, certificate


def signer(kind: str = "rsa", **options: Any) -> Signer:
    """Somebody who signs."""
    key, certificate = key_pair(kind)
    return Signer(key=key, certificate=certificate, **options)
