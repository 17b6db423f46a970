"""Opens signed data: PKCS#7, that is CMS SignedData (RFC 3852), with the content inside.

A signature is checked against the certificate that came with it. Whose certificate that is, and
whether it was valid, `refusal` says: the bank knows certificates by issuer and serial number, as
they are registered for users (programmer's manual). No authority is asked, so anyone can make a
certificate of any name: this is a sandbox.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from podatelna.sdns.ber import INTEGER, OBJECT, SEQUENCE, SET, Element, NotBer, Reader, context
from podatelna.sdns.model import Certificate
from podatelna.sdns.signers import Content, NotSigned, Reason, Signer, check_signer
from podatelna.sdns.wrapping import unwrap

__all__ = ["NotSigned", "Reason", "Signed", "Signer", "open_signed", "refusal"]

_SIGNED_DATA: Final = bytes.fromhex("2a864886f70d010702")
"""1.2.840.113549.1.7.2, encoded."""
_MOST_SIGNERS, _MOST_CERTIFICATES = 16, 100


@dataclass(frozen=True, slots=True)
class Signed:
    """Signed data whose signatures are all right."""

    content: bytes
    signers: tuple[Signer, ...]
    """One at least."""


def open_signed(data: bytes, *, lenient: bool) -> Signed:
    """The content and who signed it, BER or DER. Raises NotSigned.

    Lenient: PEM and S/MIME are taken, too, and what follows the data is ignored.
    """
    data = _bare(data, lenient=lenient)
    reader = Reader(data)
    try:
        outer = _only_signed_data(reader)
        if outer.end != len(data) and not lenient:
            raise NotSigned("trailing_data", f"{len(data) - outer.end} bytes follow the data.")
        parts = _parts(reader, outer)
    except NotBer as reason:
        raise NotSigned("not_cms", f"The data are no CMS message. {reason}") from reason
    if not parts.signers:
        raise NotSigned("no_signer", "The data hold certificates at most, and no signature.")
    if len(parts.signers) > _MOST_SIGNERS:
        raise NotSigned("too_many_signers", f"There are more than {_MOST_SIGNERS} signatures.")
    signers = (check_signer(each, parts.content, parts.certificates) for each in parts.signers)
    return Signed(parts.content.data, tuple(signers))


@dataclass(frozen=True, slots=True)
class _Parts:
    content: Content
    certificates: tuple[bytes, ...]
    signers: tuple[bytes, ...]


def _bare(data: bytes, *, lenient: bool) -> bytes:
    """The data without PEM or S/MIME around them."""
    found = unwrap(data)
    if not found.wrapping:
        return data
    if found.wrapping == "clear S/MIME":
        raise NotSigned("detached", "The S/MIME message holds content and signature separately.")
    if found.wrapping == "broken":
        raise NotSigned("not_cms", "The data are no PKCS#7 in the form of PEM or S/MIME.")
    if not lenient:
        raise NotSigned("wrapped", f"The data are wrapped as {found.wrapping}: DER is expected.")
    return found.data


def _only_signed_data(reader: Reader) -> Element:
    outer = reader.first()
    children = reader.children(outer) if outer.tag == SEQUENCE else []
    if [each.tag for each in children] != [OBJECT, context(0)]:
        raise NotBer("They are no ContentInfo.")
    if reader.content(children[0]) != _SIGNED_DATA:
        raise NotSigned("not_signed_data", "The CMS message is of another kind than SignedData.")
    return outer


def _parts(reader: Reader, outer: Element) -> _Parts:
    """The pieces of SignedData (RFC 3852, 5.1). Raises NotBer."""
    _, wrapper = reader.children(outer)
    (signed,) = _expected(reader, wrapper, [SEQUENCE])
    rest = iter(reader.children(signed))
    _next(rest, INTEGER)
    _next(rest, SET)
    encapsulated = _next(rest, SEQUENCE)
    following = list(rest)
    certificates: tuple[bytes, ...] = ()
    if following and following[0].tag == context(0):
        # Attribute certificates, which have other identifiers, are nobody's here.
        held = reader.children(following.pop(0))[:_MOST_CERTIFICATES]
        certificates = tuple(reader.whole(each) for each in held if each.tag == SEQUENCE)
    if following and following[0].tag == context(1):
        del following[0]
    if [each.tag for each in following] != [SET]:
        raise NotBer("They are no SignedData.")
    infos = reader.children(following[0])[: _MOST_SIGNERS + 1]
    signers = tuple(reader.whole(each) for each in infos)
    return _Parts(_content(reader, encapsulated), certificates, signers)


def _content(reader: Reader, encapsulated: Element) -> Content:
    """Raises NotSigned if there is none: the documents want one file of data and signature."""
    children = iter(reader.children(encapsulated))
    kind, content = next(children, None), list(children)
    if kind is None or kind.tag != OBJECT:
        raise NotBer("They do not say what the content is.")
    if not content:
        raise NotSigned("detached", "The signature is detached: the content is not in the data.")
    if [each.tag for each in content] != [context(0)]:
        raise NotBer("The content is not where it belongs.")
    inside = reader.children(content[0])
    if len(inside) != 1:
        raise NotBer("The content is not one OCTET STRING.")
    return Content(reader.octets(inside[0]), reader.content(kind))


def _expected(reader: Reader, parent: Element, tags: list[int]) -> list[Element]:
    children = reader.children(parent)
    if [each.tag for each in children] != tags:
        raise NotBer("They are no SignedData.")
    return children


def _next(elements: Iterator[Element], tag: int) -> Element:
    element = next(elements, None)
    if element is None or element.tag != tag:
        raise NotBer("They are no SignedData.")
    return element


# -- whose the signatures are


def refusal(
    signed: Signed, login: str, registered: Sequence[Certificate], at: datetime, *, validity: bool
) -> str:
    """Why the signatures are not the user's; empty: one of them is.

    `registered` are certificates of any users that may be the signers', `at` is an aware instant,
    and `validity` says whether it matters that a certificate is `expired`, `not_yet_valid` or
    `revoked`. The others are `not_registered` and `registered_for_another`. Of several signers,
    the first one's reason is told.
    """
    found = [_refusal(each, login, registered, at, validity=validity) for each in signed.signers]
    return "" if "" in found else found[0]


def _refusal(
    signer: Signer, login: str, registered: Sequence[Certificate], at: datetime, *, validity: bool
) -> str:
    owned = [
        each for each in registered if (each.issuer, each.serial) == (signer.issuer, signer.serial)
    ]
    own = [each for each in owned if each.login.lower() == login.lower()]
    if not own:
        return "registered_for_another" if owned else "not_registered"
    if not validity:
        return ""
    revoked = any(each.revoked and _instant(each.revoked) <= at for each in own)
    reasons = {
        "not_yet_valid": at < signer.valid_from,
        "expired": at > signer.valid_to,
        "revoked": revoked,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
