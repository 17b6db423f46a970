"""Reports to the Czech National Bank, and the calls that take them there: made without the client.

Rows are orders of a broker's diary, MOKAS41, as a public client writes them: 17 cells, with tabs,
750 bytes each.
"""

import gzip
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key, pkcs7

from podatelna.sdns.certificates import identity

LOGIN, PASSWORD, SUBJECT, PREFIX = "UZIV0001", "Heslo-123", "99990000", "999"
"""Those of the default world."""
NOW = "2013-08-20T08:00:00Z"
"""When what is reported here has to be there."""
PART = 1500
"""Rows of a message of a split report, as a public client splits."""
NAMESPACE = "urn:com-ness-cz-ewiautom-wsimpl-IZaslaniDat"
BOUNDARY = "----=_Boundary"

_HEAD = """<?xml version="1.0" encoding="windows-1250"?>
<!DOCTYPE VYDANI SYSTEM "vydani.dtd">
<VYDANI>
\t<IDENTIFIKACE-ZPRAVY>
\t\t<ZASLAL>99990000</ZASLAL>
\t\t<CISLO-ZPRAVY>{number}</CISLO-ZPRAVY>{part}
\t\t<NAZEV-DOKUMENTU KOD="Vydání-výskytu-výkazu"></NAZEV-DOKUMENTU>
\t\t<METODIKA>MKT20130101.01</METODIKA>
\t\t<FUNKCE-ZPRAVY KOD="Ostrá"></FUNKCE-ZPRAVY>
\t\t<DATUM>20130820</DATUM>
\t</IDENTIFIKACE-ZPRAVY>
\t<IDENTIFIKACE-VYKAZU>
\t\t<DATOVY-SOUBOR>MOKAS41.04.00</DATOVY-SOUBOR>
\t\t<VYSKYT>
\t\t\t<SUBJEKT>99990000</SUBJEKT>
\t\t\t<ROZSAH-SUBJEKTU>S_BCPZB</ROZSAH-SUBJEKTU>
\t\t\t<STAV-KE-DNI>20130731</STAV-KE-DNI>
\t\t</VYSKYT>
\t\t<STATUS KOD="Nová-data"></STATUS>
\t\t<DUVOD KOD="Na-základě-metodiky"></DUVOD>
\t</IDENTIFIKACE-VYKAZU>
\t<DATA>
\t\t<DATOVA-OBLAST KOD="MOKA41_11">
"""
_FOOT = "\t\t</DATOVA-OBLAST>\n\t</DATA>\n</VYDANI>\n"
_PART = """
\t\t<CASTECNA-ZPRAVA PORADI="{order}"{edge}>
\t\t\t<CISLO-VYDANI>{issue}</CISLO-VYDANI>
\t\t</CASTECNA-ZPRAVA>"""
_CELLS = {
    1: "130741{number:06}",
    2: "CHF",
    3: "04",
    4: "04",
    5: "I",
    6: "2013-07-{day:02}",
    7: "{hour:02}:{minute:02}:10",
    8: "9{number:09}O10000",
    10: "9{client:08}",
    11: "9{client:08}",
    13: "AAAACZP1XXX-USDCHF",
    14: "B",
    18: "{quantity}.10000",
    19: "K",
    33: "N",
    34: "N",
    39: "DIRECT",
}
_ROW = "".join(
    (
        '\t\t\t<RADEK PORADI="{number}">\n',
        *(f'\t\t\t\t<SLOUPEC PORADI="{at}">{text}</SLOUPEC>\n' for at, text in _CELLS.items()),
        "\t\t\t</RADEK>\n",
    )
)
_CALL = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    f'<q:loadData xmlns:q="{NAMESPACE}"><param0>ws{PREFIX}{{file:07}}.xml</param0>'
    f"<param1>{LOGIN}</param1><param2>{PASSWORD}</param2>"
    "<param3>{method}</param3><param4>{signature}</param4><param5>"
)
_CALL_END = b"</param5><param6>en</param6><param7>US</param7></q:loadData></s:Body></s:Envelope>"
_QUESTION = f"""--{BOUNDARY}\r
Content-Type: text/xml; charset=utf-8\r
Content-ID: <root>\r
\r
<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Body>
<q:performQuery xmlns:q="EwiQueryWS"><queryType>VYDANI_SEZNAM_JH</queryType>
<xmlParam href="cid:parameters"/></q:performQuery></SOAP-ENV:Body></SOAP-ENV:Envelope>\r
--{BOUNDARY}\r
Content-Type: application/octet-stream\r
Content-Transfer-Encoding: base64\r
Content-ID: <parameters>\r
\r
{{parameters}}\r
--{BOUNDARY}--\r
"""
QUESTION_TYPE = f'multipart/related; type="text/xml"; start="<root>"; boundary="{BOUNDARY}"'
_ASKED = {
    "Username": LOGIN,
    "Password": PASSWORD,
    "ObdobiV": "31.07.2013",
    "SubjektV": SUBJECT,
    "RozsahV": "S_BCPZB",
    "DatovySoubor": "MOKAS41",
    "Rozsah": "VSE",
    "Popis": "A",
}

# -- messages


def message(number: int, rows: range, part: str = "") -> bytes:
    """A message; `number` is its own, and `rows` are those of its rows."""
    head = _HEAD.format(number=number, part=part)
    return f"{head}{''.join(map(_row, rows))}{_FOOT}".encode("cp1250")


def _row(number: int) -> str:
    return _ROW.format(
        number=number,
        day=number % 31 + 1,
        hour=number % 24,
        minute=number % 60,
        client=number * 7919 % 5000,
        quantity=number % 900,
    )


def parts(rows: int) -> Iterator[bytes]:
    """The messages of a split report, numbered from 1 on."""
    starts = range(1, rows + 1, PART)
    for order, first in enumerate(starts, 1):
        edge = ' TYP="První"' if order == 1 else ' TYP="Poslední"' if order == len(starts) else ""
        part = _PART.format(order=order, edge=edge, issue=1)
        yield message(order, range(first, min(first + PART, rows + 1)), part)


# -- calls


@dataclass(frozen=True, slots=True)
class Packing:
    """How messages travel; `method` is a word of the parameter zipmethod."""

    method: str = "GZIP"
    signed: bool = False

    def packed(self, xml: bytes) -> bytes:
        data = sign(xml) if self.signed else xml
        return gzip.compress(data) if self.method == "GZIP" else data

    def call(self, file: int, data: bytes) -> bytes:
        """The envelope of loadData with data that are packed already."""
        signature = "PKCS7" if self.signed else "NONE"
        start = _CALL.format(file=file, method=self.method, signature=signature)
        return b"".join((start.encode(), b64encode(data), _CALL_END))


def question() -> bytes:
    """The message of performQuery: what has become of the report. It is of QUESTION_TYPE."""
    asked = "".join(
        f'<Parametr Nazev="{name}" Datatyp="String" Povinny="A" Maska=""><Popis/>'
        f"<HodnotaPar>{value}</HodnotaPar></Parametr>"
        for name, value in _ASKED.items()
    )
    about = "<TypDotazu>VYDANI_SEZNAM_JH</TypDotazu><Popis/>"
    document = f"<DefiniceDotazu>{about}{asked}</DefiniceDotazu>".encode()
    return _QUESTION.format(parameters=b64encode(document).decode()).encode()


def sign(data: bytes) -> bytes:
    """Sign as the public .NET client does: SignedData with the content inside, DER."""
    certificate, key = _signer()
    builder = pkcs7.PKCS7SignatureBuilder().set_data(data)
    builder = builder.add_signer(certificate, key, hashes.SHA256())
    return builder.sign(Encoding.DER, [pkcs7.PKCS7Options.Binary])


@cache
def _signer() -> tuple[x509.Certificate, Any]:
    holder = identity(LOGIN, "valid")
    certificate = x509.load_pem_x509_certificate(holder.certificate_pem)
    return certificate, load_pem_private_key(holder.key_pem, None)
