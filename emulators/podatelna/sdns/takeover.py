"""Take-over of messages: the checks that loadData makes before it answers.

Their order is that of the status codes in the programmer's manual (Q1). What is refused leaves no
trace: "as if it had not been sent" (process manual), so that file name and number stay free.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from podatelna.kernel.contract import Contract
from podatelna.kernel.settings import Settings
from podatelna.sdns.compression import Limits, NotDecompressed, decompress
from podatelna.sdns.desk import Desk
from podatelna.sdns.message import NotValid, Reading, read_message
from podatelna.sdns.model import Message, User
from podatelna.sdns.moments import instant, seconds_after
from podatelna.sdns.signature import NotSigned, Signed, open_signed, refusal
from podatelna.sdns.submission import Submission, file_prefix, payload, wrongs

__all__ = ["RAISED", "Outcome", "Submission", "take_over"]

RAISED: Final = (
    "severe",
    "invalid_input_parameter",
    "login_denied",
    "data_send_denied",
    "decompression_failed",
    "signature_check_failed",
    "invalid_xml_data",
    "duplicate_data",
    "ok_with_warnings",
    "ok",
)
"""What a take-over ends in."""

_DTD: Final = "vydani.dtd"
_SIGNED: Final = "PKCS7"
_CERTIFICATE: Final[Mapping[str, str]] = {
    "not_registered": "The certificate is registered for nobody.",
    "registered_for_another": "The certificate is registered for another user.",
    "not_yet_valid": "The certificate is not valid yet.",
    "expired": "The certificate has expired.",
    "revoked": "The certificate was revoked.",
}

Words = Mapping[str, str]
"""The variable parts of a text, by name."""
_ONCE: Final[Iterable[Words]] = ({},)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a take-over ended."""

    key: str
    """Of errors.yaml: its category and code are the status of the answer."""
    messages: tuple[tuple[str, str], ...] = ()
    """Type and text of each, in the language of the call."""


class _Refused(Exception):  # noqa: N818 - the answer to a caller, no bug
    """Ends a take-over; `why` is for the developer. The answer has a message for each of `words`,
    if it has a text."""

    def __init__(self, key: str, at: str, why: str, words: Words | None = None) -> None:
        super().__init__(why)
        self.key = key
        self.found = [(at, why)]
        self.words: list[Words] = [words or {}]


@dataclass(frozen=True, slots=True)
class _Opened:
    """The data of a call, out of compression and signature."""

    xml: bytes
    warnings: tuple[str, ...] = ()


def take_over(desk: Desk, call: Submission) -> Outcome:
    """Check a call, and keep its message for processing if nothing is wrong."""
    try:
        warnings = _taken(desk, call)
    except _Refused as refused:
        for at, why in refused.found:
            desk.tell(refused.key, at, why)
        return _outcome(desk, call, refused.key, refused.words)
    if not warnings:
        return _outcome(desk, call, "ok", ())
    for warning in warnings:
        desk.tell("ok_with_warnings", "inputdata", warning)
    return _outcome(desk, call, "ok_with_warnings", [{"detail": each} for each in warnings])


def _taken(desk: Desk, call: Submission) -> tuple[str, ...]:
    """Warnings about a message that was kept. Raises _Refused."""
    _check_parameters(desk, call)
    user = _logged_in(desk, call)
    _check_right(desk, call, user)
    opened = _opened(desk, call, user)
    reading = _read(desk, opened.xml)
    file = call.filename or ""
    if desk.register.has_file(file):
        raise _Refused("duplicate_data", "filename", f"{file} was taken over before.")
    message = Message(
        id=0, file=file, login=user.login, received=instant(desk.now), header=reading.header
    )
    _keep(desk, message, opened.xml)
    return (*opened.warnings, *_remarks(desk, reading))


# -- the caller


def _check_parameters(desk: Desk, call: Submission) -> None:
    """All that are wrong are told at once."""
    wrong = wrongs(call, desk.contract)
    if wrong:
        refused = _Refused("invalid_input_parameter", *wrong[0])
        refused.found = [(each.parameter, each.why) for each in wrong]
        refused.words = [{"parameter": each.parameter} for each in wrong]
        raise refused


def _logged_in(desk: Desk, call: Submission) -> User:
    """User names are the same in any case of letters, passwords are not."""
    login = call.username or ""
    user = desk.register.user(login)
    if user is None:
        raise _Refused("login_denied", "username", f"There is no user {login}.")
    if user.password != call.password:
        raise _Refused("login_denied", "password", f"It is not the password of {login}.")
    if user.blocked:
        raise _Refused("login_denied", "username", f"The user {login} is blocked.")
    return user


def _check_right(desk: Desk, call: Submission, user: User) -> None:
    if not user.may_send:
        raise _Refused("data_send_denied", "username", f"{user.login} may not send data.")
    sender = desk.register.subject(user.subject)
    own = sender.prefix if sender else ""
    prefix = file_prefix(call.filename or "", desk.contract)
    if prefix != own:
        belongs = f"File names of {user.subject} begin with ws{own}" if own else "It has none"
        raise _Refused("data_send_denied", "filename", f"{belongs}, not with ws{prefix}.")


# -- the data


def _opened(desk: Desk, call: Submission, user: User) -> _Opened:
    data = payload(call, second_layer=bool(desk.settings["second_base64"]))
    most = _number(desk, "maximum_request_bytes")
    if len(data) > most:
        raise _Refused("severe", "inputdata", f"It has {len(data)} bytes, and may have {most}.")
    limits = Limits(_number(desk, "maximum_message_bytes"), _number(desk, "maximum_ratio"))
    try:
        data = decompress(data, call.zipmethod or "", limits)
    except NotDecompressed as reason:
        raise _Refused("decompression_failed", "inputdata", str(reason)) from None
    if call.signaturemethod == _SIGNED:
        return _unsigned(desk, user, data)
    if desk.settings["signature_required"]:
        why = "Data have to be signed (setting signature_required)."
        raise _Refused("signature_check_failed", "signaturemethod", why)
    return _Opened(data)


def _unsigned(desk: Desk, user: User, data: bytes) -> _Opened:
    """The content of signed data, if the signature is the user's."""
    settings = desk.settings
    lenient = settings["signature_wrapping"] == "lenient" and not settings["strict"]
    try:
        signed = open_signed(data, lenient=lenient)
    except NotSigned as reason:
        raise _Refused("signature_check_failed", "inputdata", str(reason)) from None
    validity = bool(desk.settings["certificate_validity"])
    why = _why_not(desk, user, signed, validity=validity)
    if why:
        raise _Refused("signature_check_failed", "inputdata", why)
    warning = "" if validity else _why_not(desk, user, signed, validity=True)
    return _Opened(signed.content, (warning,) if warning else ())


def _why_not(desk: Desk, user: User, signed: Signed, *, validity: bool) -> str:
    """Why the signature is not the user's; empty: it is."""
    owners = [desk.register.owners(each.issuer, each.serial) for each in signed.signers]
    registered = [certificate for found in owners for certificate in found]
    reason = refusal(signed, user.login, registered, desk.now, validity=validity)
    first = signed.signers[0]
    return reason and f"{_CERTIFICATE[reason]} ({first.issuer}, serial number {first.serial})"


def _read(desk: Desk, xml: bytes) -> Reading:
    try:
        return read_message(xml, _definition(desk.contract.folder))
    except NotValid as reason:
        detail = str(reason)
        raise _Refused("invalid_xml_data", "inputdata", detail, {"detail": detail}) from None


@cache
def _definition(folder: Path) -> bytes:
    return (folder / _DTD).read_bytes()


def _keep(desk: Desk, message: Message, xml: bytes) -> None:
    number = desk.register.add_message(message, xml)
    due = seconds_after(desk.now, _number(desk, "acceptance_delay_seconds"))
    desk.register.plan(due, "accept", message=number)


def _remarks(desk: Desk, reading: Reading) -> Iterator[str]:
    """What is unwanted in a message is told to its developer, and if so set to the caller."""
    for remark in reading.remarks:
        desk.note(f"{remark} is not as the programmer's manual wants it")
    if reading.header.blocks and desk.settings["block_structure"] == "refuse":
        desk.note("vydani.dtd allows BLOK, but processing will refuse it (setting block_structure)")
    if desk.settings["content_warnings"]:
        yield from reading.remarks


def _number(desk: Desk, setting: str) -> int:
    value = desk.settings[setting]
    assert isinstance(value, int)
    return value


# -- the answer


def _outcome(desk: Desk, call: Submission, key: str, words: Iterable[Words]) -> Outcome:
    return ended(desk.contract, desk.settings, call, key, words)


def ended(
    contract: Contract,
    settings: Settings,
    call: Submission,
    key: str,
    words: Iterable[Words] = _ONCE,
) -> Outcome:
    """An entry of errors.yaml as the outcome of a call, in its language."""
    entry = contract.errors[key]
    in_czech = _locale(contract, settings, call) == "cs_CZ"
    text = entry.text if in_czech else str(entry.extra["text_en"])
    if not text:
        return Outcome(key)
    kind = str(entry.extra["type"])
    return Outcome(key, tuple((kind, text.format_map(defaultdict(str, each))) for each in words))


def _locale(contract: Contract, settings: Settings, call: Submission) -> str:
    """An unsupported pair of language and country is no error."""
    known: Mapping[str, list[str]] = contract.constant("locales")
    asked = [call.language, call.country]
    default = str(settings["default_locale"])
    return next((locale for locale, pair in known.items() if pair == asked), default)
