"""Messages as a reporter makes them, in the words of vydani.dtd, and calls with them."""

import gzip
import io
import zipfile
import zlib
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key, pkcs7

from podatelna.kernel.authority import Kind
from podatelna.sdns.certificates import identity
from podatelna.sdns.submission import Submission

LOGIN, PASSWORD = "UZIV0001", "Heslo-123"
FILE = "ws9990900001.xml"
DOCTYPE: Final = '<!DOCTYPE VYDANI SYSTEM "vydani.dtd">'
UTF8_MARK: Final = b"\xef\xbb\xbf"

Cells = Mapping[int | str, str]
"""Texts by PORADI of the column."""
Areas = Mapping[str, Sequence[Cells | tuple[int | str, Cells]]]
"""Rows by KOD of the area, numbered from 1 or with a PORADI of their own."""

TRADE: Final[Cells] = {1: "CNBACZPPXXX", 2: "107", 4: "CZK", 5: "2013-07-01", 13: "50000000"}
ROWS: Final[Areas] = {"MOKA40_11": [TRADE, {**TRADE, 2: "108"}]}

WORDS: Final[Mapping[str, Any]] = {
    "sender": "99990000",
    "number": "900001",
    "part": None,
    "methodology": "MKT20130101.01",
    "function": "Ostrá",
    "created": "20130821",
    "addresses": "",
    "data_set": "MOKAS40.03.00",
    "subject": "99990000",
    "scope": "S_BCPZB",
    "as_of": "20130731",
    "status": "Nová-data",
    "reason": "Na-základě-metodiky",
    "reference": None,
    "audit": None,
    "rows": ROWS,
    "blocks": (),
    "remark": None,
}
"""What a message says. Status, reason and function are words of the DTD; `part` is PORADI,
CISLO-VYDANI and TYP, which may be empty; without rows and blocks there is no DATA; `addresses` are
elements as they are."""


def vydani(
    *,
    encoding: str = "windows-1250",
    doctype: str = DOCTYPE,
    declared: str | None = None,
    mark: bytes = b"",
    **changes: Any,
) -> bytes:
    """A message; what is not told is that of WORDS. `declared`: another encoding than the real."""
    if unknown := changes.keys() - WORDS.keys():
        raise TypeError(f"a message has no {', '.join(unknown)}")
    said = declared if declared is not None else encoding
    text = f'<?xml version="1.0" encoding="{said}"?>\n{doctype}\n{body(**changes)}\n'
    return mark + text.encode(encoding)


def body(**changes: Any) -> str:
    """The root element of a message."""
    told = {**WORDS, **changes}
    return (
        "<VYDANI>\n"
        f"  <IDENTIFIKACE-ZPRAVY>{_about(told)}</IDENTIFIKACE-ZPRAVY>\n"
        f"  {told['addresses']}\n"
        f"  <IDENTIFIKACE-VYKAZU>{_report(told)}</IDENTIFIKACE-VYKAZU>\n"
        f"  {_data(told['rows'], told['blocks'])}\n"
        f"  {_optional('POZNAMKA', told['remark'])}\n"
        "</VYDANI>"
    )


def _about(told: Mapping[str, Any]) -> str:
    return "".join(
        (
            _element("ZASLAL", told["sender"]),
            _element("CISLO-ZPRAVY", told["number"]),
            _part(told["part"]),
            '<NAZEV-DOKUMENTU KOD="Vydání-výskytu-výkazu"></NAZEV-DOKUMENTU>',
            _element("METODIKA", told["methodology"]),
            _code("FUNKCE-ZPRAVY", told["function"]),
            _element("DATUM", told["created"]),
        )
    )


def _report(told: Mapping[str, Any]) -> str:
    return "".join(
        (
            _element("DATOVY-SOUBOR", told["data_set"]),
            "<VYSKYT>",
            _element("SUBJEKT", told["subject"]),
            _element("ROZSAH-SUBJEKTU", told["scope"]),
            _element("STAV-KE-DNI", told["as_of"]),
            "</VYSKYT>",
            _code("STATUS", told["status"]),
            _code("DUVOD", told["reason"]),
            _optional("REFERENCNI-ZPRAVA", told["reference"]),
            _code("AUDIT", told["audit"]) if told["audit"] else "",
        )
    )


def _part(part: tuple[int | str, str, str] | None) -> str:
    if part is None:
        return ""
    order, issue, edge = part
    kind = f" TYP={quoteattr(edge)}" if edge else ""
    return (
        f'<CASTECNA-ZPRAVA PORADI="{order}"{kind}><CISLO-VYDANI>{issue}</CISLO-VYDANI>'
        "</CASTECNA-ZPRAVA>"
    )


def _data(areas: Areas | None, blocks: Sequence[str]) -> str:
    if blocks:
        return f"<DATA>{''.join(_element('BLOK', block) for block in blocks)}</DATA>"
    if areas is None:
        return ""
    return f"<DATA>\n{''.join(_area(code, rows) for code, rows in areas.items())}</DATA>"


def _area(code: str, rows: Sequence[Cells | tuple[int | str, Cells]]) -> str:
    written = (
        _row(*(row if isinstance(row, tuple) else (number, row)))
        for number, row in enumerate(rows, 1)
    )
    return f"<DATOVA-OBLAST KOD={quoteattr(code)}>\n{''.join(written)}</DATOVA-OBLAST>\n"


def _row(order: int | str, cells: Cells) -> str:
    inside = "".join(
        f'<SLOUPEC PORADI="{number}">{escape(text)}</SLOUPEC>\n' for number, text in cells.items()
    )
    return f'<RADEK PORADI="{order}">\n{inside}</RADEK>\n'


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"


def _optional(name: str, text: str | None) -> str:
    return "" if text is None else _element(name, text)


def _code(name: str, code: str) -> str:
    return f"<{name} KOD={quoteattr(code)}></{name}>"


# -- calls


def submission(
    xml: bytes, compression: str = "NONE", signature: Kind | None = None, **changes: Any
) -> Submission:
    """A call with a message, signed by the user's certificate of a kind, then compressed."""
    login = changes.get("username", LOGIN) or LOGIN
    data = signed(xml, login, signature) if signature else xml
    parameters: dict[str, Any] = {
        "filename": FILE,
        "username": LOGIN,
        "password": PASSWORD,
        "zipmethod": compression,
        "signaturemethod": "PKCS7" if signature else "NONE",
        "inputdata": b64encode(COMPRESSIONS[compression](data)).decode(),
        "language": "cs",
        "country": "CZ",
    }
    return Submission(**{**parameters, **changes})


def signed(data: bytes, login: str, kind: Kind = "valid", *, detached: bool = False) -> bytes:
    """DER, as the public .NET client makes it: SignedData with the content inside."""
    holder = identity(login, kind)
    certificate = x509.load_pem_x509_certificate(holder.certificate_pem)
    key: Any = load_pem_private_key(holder.key_pem, None)
    options = [pkcs7.PKCS7Options.Binary]
    if detached:
        options.append(pkcs7.PKCS7Options.DetachedSignature)
    builder = pkcs7.PKCS7SignatureBuilder().set_data(data)
    return builder.add_signer(certificate, key, hashes.SHA256()).sign(Encoding.DER, options)


def zipped(data: bytes) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("message.xml", data)
    return output.getvalue()


COMPRESSIONS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "NONE": bytes,
    "ZIP": zipped,
    "GZIP": gzip.compress,
    "DEFLATE": zlib.compress,
}
