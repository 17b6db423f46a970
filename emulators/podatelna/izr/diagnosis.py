"""What a caller probably did wrong with a token: known mistakes are made until one explains it."""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from podatelna.izr.canonical import NotCanonicalError
from podatelna.izr.envelope import TOKEN, Message, NotVoko, read_message
from podatelna.izr.mistakes import METHODS, Hashed, Keyed, Method, bodies, keys
from podatelna.izr.tokens import CANDIDATES, TYPE, candidates, hash_key, token
from podatelna.kernel.soap import HEADER

_LONGEST_FOR_PAIRS = 1 << 20
"""Bytes of a message; in a longer one no two mistakes are looked for at once."""
_HEX = re.compile(rb"(?:[0-9a-f]{2})+|(?:[0-9A-F]{2})+")
_DIGESTS = {16: "MD5", 20: "SHA-1", 32: "SHA-256", 48: "SHA-384", 64: "SHA-512"}


@dataclass(frozen=True, slots=True)
class Step:
    """One way of making the canonical Body, and the token that follows."""

    name: str
    canonical: bytes
    token: str
    matches: bool
    """It is the token of the message."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is to be said about a token."""

    message: Message | None
    """None: nothing could be read."""
    steps: tuple[Step, ...] = ()
    sentences: tuple[str, ...] = ()
    """What is wrong, or to be noted."""
    misplaced: bool = False
    """The token is right and stands where nobody looks for it."""

    @property
    def matched(self) -> Step | None:
        return next((step for step in self.steps if step.matches), None)

    @property
    def right(self) -> bool:
        """Whether a gateway that is not strict takes the token."""
        return self.matched is not None and not self.misplaced


def diagnose(body: bytes, key: str) -> Diagnosis:
    """Look at a message, and at its token if that is to be made with this key."""
    try:
        message = read_message(body)
        given, misplaced = _find_token(message)
        steps = tuple(_steps(message.source, hash_key(key), given))
    except (NotVoko, NotCanonicalError) as reason:
        return Diagnosis(None, (), (f"The message cannot be read: {reason}.",))
    told = [*misplaced]
    if given and not any(step.matches for step in steps):
        told += _explain(message.source, given, key)
    told += _notes(message, steps)
    return Diagnosis(message, steps, tuple(told), bool(misplaced))


def _steps(source: bytes, key_hash: bytes, given: str) -> Iterator[Step]:
    for candidate, octets in candidates(source):
        made = token(octets, key_hash)
        yield Step(candidate.name, octets, made, made == given)


def _notes(message: Message, steps: Iterable[Step]) -> Iterator[str]:
    matched = next((step for step in steps if step.matches), None)
    if matched and matched.name != CANDIDATES[0].name:
        yield (
            f'The token is of the form "{matched.name}": the gateway takes it, a strict one would '
            f'not. Make it of the form "{CANDIDATES[0].name}".'
        )
    if not message.dn:
        yield "There is no UIDkey/@dn, so nobody knows whose key it is."


# -- where the token is


def _find_token(message: Message) -> tuple[str, list[str]]:
    """The token, wherever it is, and what is wrong with its place."""
    if message.token:
        wrong = f"The token has the type {message.token_type or 'none'}: it must be {TYPE}."
        return message.token, [] if message.token_type == TYPE else [wrong]
    root = message.request.getroottree().getroot()
    for element in root.iter("{*}Token", "{*}token"):
        text = (element.text or "").strip()
        if not text:
            continue
        if element.tag != TOKEN:
            name = etree.QName(element)
            return text, [f"The token is called {name.localname} in the namespace "
                          f"{name.namespace or '(none)'}: it must be {TOKEN}."]  # fmt: skip
        return text, ["The token must stand in the SOAP Header directly, without a wrapper."]
    where = "" if root.find(HEADER) is not None else ", nor a SOAP Header to hold it"
    return "", [f"There is no token in the message{where}."]


# -- what was hashed


@dataclass(frozen=True, slots=True)
class _Guess:
    wrong: tuple[str, ...]
    digest: bytes


def _explain(source: bytes, given: str, key: str) -> list[str]:
    """The fewest mistakes that lead to this token."""
    wanted = dict(_read_forms(given))
    best: list[str] = []
    for guess in _guesses(source, key):
        if guess.digest in wanted:
            told = [each for each in (*guess.wrong, wanted[guess.digest]) if each]
            if not best or len(told) < len(best):
                best = told
            if len(best) == 1:
                break
    return best or [_unexplained(given, wanted)]


def _guesses(source: bytes, key: str) -> Iterator[_Guess]:
    """All that may have been made of body and key, with one mistake or two."""
    right = [Hashed("", octets) for _, octets in candidates(source)]
    wrong = _others(bodies(source), {each.bytes for each in right})
    both = len(source) <= _LONGEST_FOR_PAIRS
    ways = [(keyed, method) for keyed in keys(key) for method in METHODS]
    plain = ways[:1]
    single = [way for way in ways if not (way[0].wrong and way[1].wrong)]
    yield from _made(right, ways if both else single)
    yield from _made(wrong, single if both else plain)


def _others(guesses: Iterable[Hashed], known: set[bytes]) -> Iterator[Hashed]:
    for guess in guesses:
        if guess.bytes not in known:
            known.add(guess.bytes)
            yield guess


def _made(guesses: Iterable[Hashed], ways: Iterable[tuple[Keyed, Method]]) -> Iterator[_Guess]:
    for hashed in guesses:
        for keyed, method in ways:
            digest = method.digest(hashed.bytes, keyed.bytes)
            yield _Guess((hashed.wrong, keyed.wrong, method.wrong), digest)


def _read_forms(given: str) -> Iterator[tuple[bytes, str]]:
    """Digests that a token may stand for, and what is wrong with its form; the right one last."""
    octets = "".join(given.split()).encode("utf-8", "replace")
    if _HEX.fullmatch(octets):
        yield bytes.fromhex(octets.decode()), "The digest is written in hexadecimal: base64 it is."
    url_safe = octets.replace(b"-", b"+").replace(b"_", b"/")
    padded = url_safe + b"=" * (-len(url_safe) % 4)
    digest = _decoded(padded)
    if _HEX.fullmatch(digest):
        wrong = "The hexadecimal text of the digest was put into base64: its bytes are needed."
        yield bytes.fromhex(digest.decode()), wrong
    yield digest, _wrong_form(given, octets, padded)


def _wrong_form(given: str, octets: bytes, padded: bytes) -> str:
    if octets != padded:
        return "The base64 is that for addresses, or lacks its =: + / and = belong there."
    if given.split() != [given]:
        return "The base64 is broken into lines: it must be one."
    return ""


def _decoded(text: bytes) -> bytes:
    try:
        return b64decode(text, validate=True)
    except NotBase64:
        return b""


def _unexplained(given: str, wanted: Iterable[bytes]) -> str:
    lengths = [len(digest) for digest in wanted if len(digest) in _DIGESTS]
    if 64 in lengths:  # noqa: PLR2004 - of SHA-512
        return (
            "No known mistake leads to this token: the key is another one, or the Body was changed "
            "after the token was made."
        )
    if lengths:
        return f"The token is no SHA-512: it is as long as {_DIGESTS[lengths[0]]}."
    return f"The token is no base64 of 64 bytes; it has {len(given)} characters."
