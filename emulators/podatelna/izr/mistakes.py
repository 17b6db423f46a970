"""What callers hash by mistake instead of the canonical Body, and what they do to the key."""

import hashlib
import hmac
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from podatelna.izr.envelope import TOKEN, VOKO
from podatelna.izr.tokens import candidates, hash_key
from podatelna.kernel.reading import Element
from podatelna.kernel.soap import BODY, HEADER

_TOKEN_ELEMENT = re.compile(rb"<(?:[\w.-]+:)?Token\b.*?</(?:[\w.-]+:)?Token\s*>", re.DOTALL)
_TOKEN_TEXT = re.compile(rb"(<(?:[\w.-]+:)?Token\b[^>]*>).*?(</(?:[\w.-]+:)?Token\s*>)", re.DOTALL)
_BODY_ELEMENT = re.compile(rb"<((?:[\w.-]+:)?Body)\b[^>]*>(.*)</\1\s*>", re.DOTALL)
_BETWEEN_TAGS = re.compile(rb">[ \t\r\n]+<")
_DECLARATIONS = (
    b'<?xml version="1.0" encoding="utf-8"?>',
    b'<?xml version="1.0" encoding="UTF-8"?>',
)
_INDENTS = {"two blanks": "  ", "four blanks": "    ", "a tab": "\t"}
_ENCODINGS = {"UTF-16": "utf-16-le", "UTF-16 (big endian)": "utf-16-be", "windows-1250": "cp1250"}


@dataclass(frozen=True, slots=True)
class Hashed:
    """Bytes that may have been hashed, and what is wrong with that."""

    wrong: str
    bytes: bytes


@dataclass(frozen=True, slots=True)
class Keyed:
    """What may have been taken for the hash of the key; no `wrong`: it is that."""

    wrong: str
    bytes: bytes


@dataclass(frozen=True, slots=True)
class Method:
    """How body and key may have been made into a digest; no `wrong`: as it should be."""

    wrong: str
    digest: Callable[[bytes, bytes], bytes]


def _of_both(name: str) -> Callable[[bytes, bytes], bytes]:
    return lambda body, key: hashlib.new(name, body + key, usedforsecurity=False).digest()


METHODS = (
    Method("", _of_both("sha512")),
    Method(
        "The hash of the key stood before the Body; it belongs behind it.",
        lambda body, key: hashlib.sha512(key + body).digest(),
    ),
    Method("SHA-256 was used instead of SHA-512.", _of_both("sha256")),
    Method("SHA-1 was used instead of SHA-512.", _of_both("sha1")),
    Method("SHA-384 was used instead of SHA-512.", _of_both("sha384")),
    Method("MD5 was used instead of SHA-512.", _of_both("md5")),
    Method(
        "HMAC was used: the hash of the key is just put behind the Body.",
        lambda body, key: hmac.digest(key, body, "sha512"),
    ),
)


def keys(key: str) -> Iterator[Keyed]:
    """The hash of a key, right first."""
    octets, right = key.encode("utf-8", "surrogatepass"), hash_key(key)
    yield Keyed("", right)
    yield Keyed("The key itself was taken: its SHA-1 is needed.", octets)
    yield Keyed("The SHA-1 of the key was taken as hexadecimal text: its bytes are needed.",
                right.hex().encode())  # fmt: skip
    yield Keyed("The SHA-1 of the key was taken as hexadecimal text: its bytes are needed.",
                right.hex().upper().encode())  # fmt: skip
    yield Keyed("The SHA-1 of the key was taken as base64 text: its bytes are needed.",
                b64encode(right))  # fmt: skip
    yield Keyed("No key was taken at all.", b"")
    yield Keyed("The key was hashed in UTF-16: it is hashed in UTF-8.",
                _sha1(key.encode("utf-16-le", "surrogatepass")))  # fmt: skip
    for name in ("sha512", "sha256", "md5"):
        digest = hashlib.new(name, octets, usedforsecurity=False).digest()
        yield Keyed(f"The key was hashed with {name.upper()} instead of SHA-1.", digest)
    yield Keyed("The key was hashed twice.", _sha1(right))
    for end in ("\n", "\r\n", " "):
        yield Keyed("The key had a blank or a line end behind it.", hash_key(key + end))
    for other in {key.lower(), key.upper()} - {key}:
        yield Keyed("The key was written in other capitals.", hash_key(other))


def _sha1(octets: bytes) -> bytes:
    return hashlib.sha1(octets, usedforsecurity=False).digest()


def bodies(source: bytes) -> Iterator[Hashed]:
    """What may have been hashed; none of it is right, though some may be the same bytes."""
    root = etree.fromstring(source, etree.XMLParser(encoding="utf-8", resolve_entities=False))
    yield from _whole(source, root)
    yield from _inside(source, root)
    yield from _uncanonical(source, root)
    for _, right in candidates(source):
        yield from _around(right)
    yield from _indented(root)


def _whole(source: bytes, root: Element) -> Iterator[Hashed]:
    wrong = "The whole Envelope was hashed: only the SOAP Body is."
    yield Hashed(wrong, source)
    yield Hashed(wrong, _TOKEN_TEXT.sub(rb"\1\2", source))
    yield Hashed(wrong, _TOKEN_ELEMENT.sub(b"", source))
    for change in (_keep, _empty_token, _drop_token, _drop_header):
        changed = deepcopy(root)
        change(changed)
        yield from (Hashed(wrong, each) for each in _forms(changed))


def _keep(_: Element) -> None:
    """The token was hashed along."""


def _empty_token(root: Element) -> None:
    for each in root.iter(TOKEN):
        each.text = None


def _drop_token(root: Element) -> None:
    for each in root.findall(f"{HEADER}/{TOKEN}"):
        _remove(each)


def _drop_header(root: Element) -> None:
    for each in root.findall(HEADER):
        _remove(each)


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _inside(source: bytes, root: Element) -> Iterator[Hashed]:
    found = _BODY_ELEMENT.search(source)
    without = "The content of the Body was hashed without its own tags: they belong to it."
    if found:
        yield Hashed(without, found[2])
        yield Hashed(without, found[2].strip())
    request = root.find(f"{BODY}/{{{VOKO}}}Request")
    if request is None:
        return
    yield from (Hashed(without, each) for each in _forms(request))
    content = request.find(f"{{{VOKO}}}RequestContent")
    payload = None if content is None else next(content.iterchildren("*"), None)
    if payload is not None:
        wrong = "The payload was hashed alone: the whole SOAP Body is."
        yield from (Hashed(wrong, each) for each in _forms(payload))


def _uncanonical(source: bytes, root: Element) -> Iterator[Hashed]:
    """The Body as text, or in a canonical form with comments."""
    wrong = "The Body was hashed as it stands in the message, without canonicalisation."
    found = _BODY_ELEMENT.search(source)
    body = root.find(BODY)
    assert body is not None
    texts = [found[0]] if found else []
    texts += [etree.tostring(each, encoding="utf-8", with_tail=False) for each in _stripped(body)]
    for text in texts:
        for each in (text, text.replace(b"/>", b" />")):
            yield Hashed(wrong, each)
            yield Hashed(wrong, _BETWEEN_TAGS.sub(b"><", each))
    for each in _forms(body, comments=True):
        yield Hashed("Comments were hashed along: the canonical form leaves them out.", each)


def _around(right: bytes) -> Iterator[Hashed]:
    """A right canonical form, and something done to it."""
    for declaration in _DECLARATIONS:
        for end in (b"", b"\n", b"\r\n"):
            wrong = "An XML declaration stood before the canonical Body."
            yield Hashed(wrong, declaration + end + right)
    yield Hashed("A byte order mark stood before the canonical Body.", b"\xef\xbb\xbf" + right)
    for end in (b"\n", b"\r\n"):
        yield Hashed("A line end stood behind the canonical Body.", right + end)
    crlf = right.replace(b"&#xD;\n", b"\n").replace(b"\n", b"\r\n")
    yield Hashed("Lines ended in CR LF: the canonical form has LF.", crlf)
    yield Hashed("Lines ended in CR LF: the canonical form has LF.", crlf.replace(b"\r", b"&#xD;"))
    for name, encoding in _ENCODINGS.items():
        text = right.decode("utf-8", "replace").encode(encoding, "replace")
        yield Hashed(f"The canonical Body was hashed in {name}: it is UTF-8.", text)
        if encoding == "utf-16-le":
            wrong = f"The canonical Body was hashed in {name}: it is UTF-8."
            yield Hashed(wrong, b"\xff\xfe" + text)


def _indented(root: Element) -> Iterator[Hashed]:
    for name, space in _INDENTS.items():
        whole = deepcopy(root)
        etree.indent(whole, space)
        alone = deepcopy(root).find(BODY)
        inside = whole.find(BODY)
        assert alone is not None
        assert inside is not None
        etree.indent(alone, space)
        wrong = f"The token was made of an indented message ({name}), and another one was sent."
        for body in (inside, alone):
            for each in _forms(body):
                yield Hashed(wrong, each)
                yield Hashed(wrong, each.replace(b"\n", b"\r\n"))
                yield Hashed(wrong, each.replace(b"\n", b"&#xD;\n"))


def _forms(element: Element, *, comments: bool = False) -> Iterator[bytes]:
    """Canonical forms of an element, with whitespace and without."""
    for each in _stripped(element):
        for exclusive in (True, False):
            yield etree.tostring(
                each, method="c14n", exclusive=exclusive, with_comments=comments, with_tail=False
            )


def _stripped(element: Element) -> Iterator[Element]:
    """The element in its document, and again without whitespace-only text."""
    yield element
    path = element.getroottree().getelementpath(element)
    root = deepcopy(element.getroottree()).getroot()
    copied = root if path == "." else root.find(path)
    assert copied is not None
    for each in copied.iter():
        if each.text is not None and not each.text.strip():
            each.text = None
        if each is not copied and each.tail is not None and not each.tail.strip():
            each.tail = None
    yield copied
