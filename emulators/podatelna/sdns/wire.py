"""The documents and envelopes of the answers, byte for byte as the bank's servers lay them out."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Final

from podatelna.kernel.contract import Contract
from podatelna.kernel.multipart import Written, write_multipart
from podatelna.kernel.xmlconvert import xml_text

_FRAME: Final = """{declaration}
{doctype}
<LoadDataResponse>
	<filename>{filename}</filename>
	<requestReceived>{received}</requestReceived>
	<responseSent>{sent}</responseSent>
	<status category="{category}" code="{code}">
		<messages>
{messages}		</messages>
	</status>
</LoadDataResponse>
"""
"""Tabs; `messages` is there with nothing in it, too (observed answers)."""
_MESSAGE: Final = '\t\t\t<message type="{type}" value="{value}"/>\n'
_LONGEST_VALUE: Final = 1000
"""Characters of one message, which may repeat what the caller has sent."""

_ENVELOPE: Final = """{declaration}
<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<SOAP-ENV:Body>
{content}

</SOAP-ENV:Body>
</SOAP-ENV:Envelope>
"""
_ANSWER: Final = """\
<ns1:{method}Response xmlns:ns1="{namespace}" SOAP-ENV:encodingStyle="{style}">
{part}
</ns1:{method}Response>"""
_FAULT: Final = """\
<SOAP-ENV:Fault>
<faultcode>{code}</faultcode>
<faultstring>{text}</faultstring>
<faultactor>{actor}</faultactor>
</SOAP-ENV:Fault>"""
"""Apache SOAP source, Fault; the layout is that of its answers."""
_REFERENCE: Final = '<return href ="cid:{id}"/>'
_TEXT: Final = '<return xsi:type="xsd:string">{text}</return>'
_TEXT_ESCAPES: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}
)
"""Apache SOAP escapes quotes in texts, too."""


@dataclass(frozen=True, slots=True)
class Status:
    """What became of a call of loadData. Messages are of a type and a text."""

    category: str
    code: str
    messages: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Stamp:
    """What one answer of the application node carries of its own."""

    milliseconds: int
    """Since 1970, by the node's clock."""
    counter: int
    hashes: tuple[int, int, int]
    """Java hash codes: of the boundary, of the SOAP part and of the attachment."""


# -- loadData


def load_data_response(
    contract: Contract, filename: str, at: datetime, status: Status, *, encoded: bool = False
) -> str:
    """The document, shorter than clients can take; `encoded`: in Base64.

    `at` is the time of the node, in its zone.

    Messages that do not fit are left out from the first one on. A file name cannot be longer than
    any parameter, else it is cut.
    """
    time = _timestamp(contract, at)
    parts = {
        "declaration": contract.constant("response_declaration"),
        "doctype": contract.constant("response_doctype"),
        "filename": _escaped(filename[: contract.constant("longest_parameter")]),
        "received": time,
        "sent": time,
        "category": status.category,
        "code": status.code,
    }
    empty = _FRAME.format(**parts, messages="")
    most = contract.constant("longest_answer") - 1
    room = (most * 3 // 4 - 2 if encoded else most) - len(empty.encode())
    document = _FRAME.format(**parts, messages=_fitting(status.messages, room))
    return b64encode(document.encode()).decode() if encoded else document


def _fitting(messages: Iterable[tuple[str, str]], room: int) -> str:
    lines = ""
    for kind, text in messages:
        line = _MESSAGE.format(type=kind, value=_attribute(text[:_LONGEST_VALUE]))
        if len((lines + line).encode()) > room:
            break
        lines += line
    return lines


def _escaped(text: str) -> str:
    # A bare CR would come back as LF.
    return escape(xml_text(text), quote=False).replace("\r", "&#13;")


def _attribute(text: str) -> str:
    """One line: an attribute would come back with blanks in place of line ends anyway."""
    return escape(xml_text(" ".join(text.split())), quote=False).replace('"', "&quot;")


def _timestamp(contract: Contract, at: datetime) -> str:
    """J2SE's dd.MM.yyyy HH:mm:ss,SSS (programmer's manual, LoadDataResponse)."""
    form = str(contract.constant("load_timestamp"))
    return at.strftime(form).format(milliseconds=at.microsecond // 1000)


def load_data_answer(contract: Contract, namespace: str, document: str) -> bytes:
    """The envelope, in the namespace of the call."""
    text = document.translate(_TEXT_ESCAPES)
    return _answer(contract, "loadData", namespace, _TEXT.format(text=text))


# -- envelopes


def _answer(contract: Contract, method: str, namespace: str, part: str) -> bytes:
    style = contract.constant("encoding_style")
    # The part may hold line ends of its own, which stay as they are.
    begin, end = _ANSWER.format(method=method, namespace=namespace, style=style, part="\0").split(
        "\0"
    )
    return _envelope(contract, begin, part, end)


def _envelope(contract: Contract, begin: str, part: str = "", end: str = "") -> bytes:
    """An envelope around a content whose own lines end in CR LF but for the part in its middle."""
    declaration = contract.constant("soap_declaration")
    whole = _ENVELOPE.format(declaration=declaration, content=f"{begin}\0{end}")
    head, tail = whole.replace("\n", "\r\n").split("\0")
    return f"{head}{part}{tail}".encode()


def fault(contract: Contract, code: str, text: str, actor: str) -> bytes:
    """The actor is the path that was called."""
    clean = {name: _escaped(value) for name, value in (("text", text), ("actor", actor))}
    return _envelope(contract, _FAULT.format(code=code, **clean))


def query_answer(
    contract: Contract, method: str, document: bytes, stamp: Stamp, *, encoded: bool = False
) -> tuple[bytes, str]:
    """A message with the document attached, and its Content-Type. `encoded`: in Base64."""
    boundary_hash, *hashes = stamp.hashes
    forms: Mapping[str, object] = {
        "milliseconds": stamp.milliseconds,
        "host": contract.constant("content_id_host"),
    }
    boundary = str(contract.constant("boundary_form")).format(
        counter=stamp.counter, hash=boundary_hash, **forms
    )
    start, attached = (
        str(contract.constant("content_id_form")).format(hash=one, **forms) for one in hashes
    )
    namespace = str(contract.constant("namespace_query"))
    envelope = _answer(contract, method, namespace, _REFERENCE.format(id=attached))
    plain = str(contract.constant("transfer_encoding"))
    encoding = "base64" if encoded else plain
    body = _wrapped(document) if encoded else document
    parts = (
        Written(str(contract.constant("content_type_soap")), start, envelope, plain),
        Written(str(contract.constant("content_type_attachment")), attached, body, encoding),
    )
    content_type = str(contract.constant("content_type_multipart"))
    return write_multipart(boundary, parts), content_type.format(boundary=boundary, start=start)


def _wrapped(document: bytes) -> bytes:
    """Base64 in lines of 76 characters, as JavaMail writes it."""
    text = b64encode(document)
    return b"\r\n".join(text[at : at + 76] for at in range(0, len(text), 76))
