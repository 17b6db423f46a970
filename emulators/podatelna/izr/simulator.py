"""The gateway's simulator: every step of the hash for any request and any key, also a made-up one.

That there is one, and what it shows, say the vOKO pages; its look and address are ours.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha512
from html import escape
from urllib.parse import parse_qs

from lxml import etree

from podatelna.izr import pages
from podatelna.izr.diagnosis import Diagnosis, Step, diagnose
from podatelna.izr.envelope import TOKEN, read_message
from podatelna.izr.schemas import Schemas
from podatelna.izr.services import Service
from podatelna.izr.tokens import TYPE, hash_key
from podatelna.kernel.exchange import Request, Response
from podatelna.kernel.reading import Element
from podatelna.kernel.soap import HEADER
from podatelna.kernel.visit import Handler, Trail, Visit

TITLE = "Simulátor vOKO"
_INTRODUCTION = (
    "<p>Shows how the token of a request is made with a WS key, what the schema of the service "
    "says, and what the gateway would answer. Nothing of it is kept.</p>"
)
_FORM = """<form method="post" accept-charset="utf-8">
<p><label>WS key<br><input name="key" value="{key}" size="40" autocomplete="off"></label></p>
<p><label>SOAP message<br><textarea name="request" rows="20">{request}</textarea></label></p>
<p><button>Show</button></p>
</form>"""


@dataclass(frozen=True)
class Simulator:
    """The page. `answer` is what answers messages that are posted to the gateway."""

    schemas: Schemas
    services: Mapping[str, Service]
    path_gateway: str
    answer: Handler

    def page(self, visit: Visit) -> bytes:
        """The empty form, or what is to be said about one that was filled in."""
        request, key = (_given(visit.request, name) for name in ("request", "key"))
        form = _FORM.format(key=escape(key), request=escape(request))
        if not request:
            return pages.page(TITLE, _INTRODUCTION + form)
        told = "\n".join(self._told(visit, request.encode("utf-8", "replace"), key))
        return pages.page(TITLE, f"{_INTRODUCTION}{told}\n<h2>Again</h2>\n{form}")

    def _told(self, visit: Visit, request: bytes, key: str) -> Iterator[str]:
        diagnosis = diagnose(request, key)
        yield f"<h2>Verdict</h2>\n{_listed(_verdict(diagnosis))}"
        if diagnosis.message is None:
            return
        yield from _steps(diagnosis, key)
        yield f"<h2>Schema</h2>\n{_listed(self._schema(visit, request))}"
        yield from self._answered(visit, request, diagnosis)

    def _schema(self, visit: Visit, request: bytes) -> Iterator[str]:
        message = read_message(request)
        service = self.services.get(message.service)
        if service is None:
            yield f"There is no service {message.service}."
            return
        checked = self.schemas.check(message, service, visit.settings)
        yield from map(str, checked.problems)
        if not checked.problems:
            yield f"The request fits the schema of {service.id}."
        yield from (f"{note}." for note in checked.notes)

    def _answered(self, visit: Visit, request: bytes, diagnosis: Diagnosis) -> Iterator[str]:
        assert diagnosis.message is not None
        if not diagnosis.message.token and diagnosis.steps:
            request = _with_token(request, diagnosis.steps[0].token)
            yield f"<h2>The message with its token</h2>\n{_block(request)}"
        response = self._undone(visit, request)
        yield f"<h2>Answer</h2>\n<p>HTTP {response.status}</p>\n{_block(response.body)}"

    def _undone(self, visit: Visit, request: bytes) -> Response:
        """The gateway's answer; whatever it has stored is taken back."""
        headers = {**visit.request.headers, "content-type": "text/xml; charset=utf-8"}
        posted = replace(
            visit.request, path=self.path_gateway, query="", headers=headers, body=request
        )
        savepoint = visit.transaction.begin_nested()
        try:
            return self.answer(replace(visit, request=posted, trail=Trail()))
        finally:
            savepoint.rollback()


def secrets_of(request: Request) -> list[str]:
    """A key that is filled in may be a real one, and its SHA-1 is as good; both are in the page."""
    key = _given(request, "key")
    if not key:
        return []
    digest = hash_key(key)
    return [key, escape(key), digest.hex(), b64encode(digest).decode()]


def _given(request: Request, name: str) -> str:
    """What the form holds. Line ends of a text are those of the browser: XML has LF for all."""
    fields = parse_qs(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    return fields.get(name, [""])[-1]


def _verdict(diagnosis: Diagnosis) -> Iterator[str]:
    message = diagnosis.message
    if message is not None and not message.token:
        yield "The token below is put into the message."
    elif message is not None:
        yield "The token is right." if diagnosis.right else "The token is wrong."
    yield from diagnosis.sentences


def _steps(diagnosis: Diagnosis, key: str) -> Iterator[str]:
    digest = hash_key(key)
    yield "<h2>Key</h2>"
    rows = (("SHA-1, hexadecimal", digest.hex()), ("SHA-1, base64", b64encode(digest).decode()))
    yield pages.table(("step", "value"), rows)
    for number, step in enumerate(diagnosis.steps, start=1):
        yield f"<h2>Form {number}: {escape(step.name)}</h2>\n{_step(step, digest)}"


def _step(step: Step, digest: bytes) -> str:
    rows = (
        ("canonical Body", f"{len(step.canonical)} bytes"),
        ("SHA-512 of Body and key, hexadecimal", sha512(step.canonical + digest).hexdigest()),
        ("token", step.token),
        ("is that of the message", "yes" if step.matches else "no"),
    )
    return f"{pages.table(('step', 'value'), rows)}\n{_block(step.canonical)}"


def _with_token(request: bytes, token: str) -> bytes:
    """The message with the token in its Header. Its Body stays, character for character."""
    message = read_message(request)
    parser = etree.XMLParser(encoding="utf-8", strip_cdata=False, resolve_entities=False)
    root: Element = etree.fromstring(message.source, parser)
    header = root.find(HEADER)
    if header is None:
        header = etree.Element(HEADER)
        root.insert(0, header)
    for empty in header.findall(TOKEN):
        header.remove(empty)
    etree.SubElement(header, TOKEN, type=TYPE).text = token
    return etree.tostring(root, encoding="utf-8")


def _block(octets: bytes) -> str:
    return f"<pre>{escape(octets.decode('utf-8', 'replace'))}</pre>"


def _listed(sentences: Iterator[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(each)}</li>' for each in sentences)}</ul>"
