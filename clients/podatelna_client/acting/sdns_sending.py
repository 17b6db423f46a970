"""How scenarios send messages: as the client does, and wrong on purpose."""

from base64 import b64decode, encodebytes
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from itertools import count
from typing import Any, TypeVar, cast

from podatelna_client.sdns import (
    Address,
    Area,
    Audit,
    Contact,
    Delivery,
    End,
    Function,
    Message,
    Part,
    Reason,
    Row,
    SdnsClient,
    Signer,
    Status,
    corrections,
    filename,
    sign,
    write,
)
from podatelna_client.sdns.packing import compress, scratch

Arguments = Mapping[str, Any]
Word = TypeVar("Word", Status, Reason, Function, Audit, End)

MANIPULATED = frozenset({"detached", "tampered", "pem"})
"""Signatures by the valid certificate in which something is wrong."""
NONE, VALID = "none", "valid"

_ADDRESS = Address(
    code="99990000",
    name="Zkušební obchodník, a.s.",
    town="Praha 1",
    postcode="110 00",
    street="Zkušební 1",
    contacts=(
        Contact(
            name="Jan Novák",
            lines=(("Telefon", "200000001"), ("Email", "jan.novak@example.cz")),
        ),
    ),
)


@dataclass
class Memory:
    """What an actor remembers of what it sent, and what it signs with."""

    signers: Mapping[str, tuple[str, str]]
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    number: int = 0
    """Of the last message with data, and below the issue that it belongs to."""
    issue: int = 0

    def next_number(self, given: Arguments) -> int:
        """That of a message: the next one, if it is not said."""
        return int(given["number"]) if "number" in given else next(self.numbers)

    def keep(self, message: Message) -> None:
        """A message with data was sent; the next one may be about it."""
        if message.areas:
            self.number, self.issue = message.number, message.issue

    def signature(self, given: Arguments) -> str:
        """The kind that is wanted: who has a certificate signs."""
        return str(given.get("signature", VALID if VALID in self.signers else NONE))

    def signer(self, given: Arguments) -> Signer | None:
        """Whose signature it is to be. Raises ValueError."""
        kind = self.signature(given)
        if kind == NONE:
            return None
        named = VALID if kind in MANIPULATED else kind
        if named not in self.signers:
            raise ValueError(f"there is no signer {named!r}")
        return Signer.from_pem(*self.signers[named], digest=given.get("digest", "sha256"))

    def message(self, method: str, given: Arguments) -> Message:
        """The message of a call; one about another is about the last one, or about `reference`."""
        made = message_of(given, self.next_number(given))
        about = _ABOUT.get(method)
        if about is None:
            return made
        reference = given.get("reference")
        part = Part(issue=self.issue, number=1) if reference is None else None
        of = replace(made, number=self.number if reference is None else reference, part=part)
        said = {name: getattr(made, name) for name in ("status", "reason") if name in given}
        return replace(about(of, made), areas=made.areas, created=made.created, **said)


_ABOUT = {
    "correct": lambda of, made: corrections.correction(of, made.number, made.areas),
    "confirm": lambda of, made: corrections.confirmation(of, made.number),
    "cancel": lambda of, made: corrections.cancellation(of, made.number),
    "change": lambda of, made: corrections.change(of, made.number, made.areas),
    "withdraw": lambda of, made: corrections.withdrawal(of, made.number),
    "complete": lambda of, made: corrections.completion(of, made.number, made.areas),
}


def message_of(given: Arguments, number: int) -> Message:
    """A message from the arguments of a call."""
    part, audit = given.get("part"), given.get("audit")
    return Message(
        number=number,
        methodology=given["methodology"],
        data_set=given["data_set"],
        subject=given["subject"],
        scope=given["scope"],
        as_of=_day(given["as_of"]),
        function=_word(Function, given["function"]),
        status=_word(Status, given.get("status", "new_data")),
        reason=_word(Reason, given.get("reason", "methodology")),
        reference=given.get("reference"),
        areas=_areas(given["areas"]),
        part=_part(part) if part else None,
        sender=given["sender"],
        created=_day(given["created"]) if "created" in given else None,
        address=_ADDRESS if given.get("address", True) else None,
        audit=_word(Audit, audit) if audit else None,
        note=given.get("note", ""),
    )


def packed(
    client: SdnsClient, message: Message, given: Arguments, signer: Signer | None, now: datetime
) -> Delivery:
    """A message as it will be sent, or what is to be sent in its place."""
    if not given.keys() & {"xml", "base64"} and given.get("signature") not in MANIPULATED:
        return client.prepare(message)
    content = (
        b64decode(given["base64"])
        if "base64" in given
        else _signed(_written(message, given, now), given, signer, now)
    )
    method, name = given.get("compression", "GZIP"), filename(given["prefix"], message.number)
    with ExitStack() as failing:
        data = failing.enter_context(scratch())
        compress(BytesIO(content), data, "NONE" if "base64" in given else method, name)
        failing.pop_all()
    signature = "PKCS7" if signer else "NONE"
    return Delivery(filename=name, compression=method, signature=signature, data=data)


def _written(message: Message, given: Arguments, now: datetime) -> bytes:
    encoding = given.get("encoding", "windows-1250")
    if "xml" in given:
        return str(given["xml"]).encode(encoding)
    with closing(BytesIO()) as written:
        write(replace(message, created=message.created or now.date()), written, encoding)
        return written.getvalue()


def _signed(content: bytes, given: Arguments, signer: Signer | None, now: datetime) -> bytes:
    if signer is None:
        return content
    with closing(BytesIO()) as out:
        kind = given.get("signature")
        sign(BytesIO(content), out, signer, now, attached=kind != "detached")
        signed = out.getvalue()
    if kind == "tampered":
        return _tampered(signed, signed.find(content), len(content))
    if kind == "pem":
        lines = encodebytes(signed).decode()
        return f"-----BEGIN PKCS7-----\n{lines}-----END PKCS7-----\n".encode()
    return signed


def _tampered(signed: bytes, start: int, length: int) -> bytes:
    """With another day of creation, if it has one; else with one bit turned."""
    found = signed.find(b"</DATUM>", start)
    place = found - 1 if found > 0 else start + length // 2
    other = b"1" if signed[place : place + 1] != b"1" else b"2"
    return signed[:place] + other + signed[place + 1 :]


def _word(words: type[Word], text: str) -> Word:
    """By its name here; any other text goes out as it is."""
    known: Any = words.__members__.get(text.upper())
    return cast(Word, known or text)


def _part(given: Arguments) -> Part:
    end = given.get("end")
    return Part(issue=given["issue"], number=given["number"], end=_word(End, end) if end else None)


def _areas(given: Mapping[str, Any]) -> tuple[Area, ...]:
    return tuple(Area(str(code), tuple(map(_row, rows))) for code, rows in given.items())


def _row(given: Mapping[Any, Any]) -> Any:
    """Cells by column; `number` among them is that of the row."""
    cells = {int(name): _cell(value) for name, value in given.items() if name != "number"}
    return Row(int(given["number"]), cells) if "number" in given else cells


def _cell(value: Any) -> Any:
    """YAML has no decimal numbers."""
    return Decimal(str(value)) if isinstance(value, float) else value


def _day(value: date) -> date:
    """Scenarios write days, or moments in UTC."""
    return value.astimezone(UTC).date() if isinstance(value, datetime) else value
