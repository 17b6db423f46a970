"""A call of loadData as it was sent, and what is wrong with its parameters by themselves."""

import re
from binascii import a2b_base64
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Final, NamedTuple

from podatelna.kernel.contract import Contract

_BLANK: Final = b" \t\r\n"
_FOREIGN: Final = re.compile(rb"[^A-Za-z0-9+/= \t\r\n]")
"""What no Base64 has."""


@dataclass(frozen=True, slots=True)
class Submission:
    """The parameters in the order of the WSDL, which is that of param0 to param7. None: it was not
    sent."""

    filename: str | None
    username: str | None
    password: str | None
    zipmethod: str | None
    signaturemethod: str | None
    inputdata: bytes | str | None
    """The text of the element, Base64."""
    language: str | None
    country: str | None


class Wrong(NamedTuple):
    """A parameter that is not as it has to be."""

    parameter: str
    why: str
    """For the developer: the answer only names the parameter."""


def wrongs(call: Submission, contract: Contract) -> list[Wrong]:
    """All parameters that are wrong, in the order of the WSDL."""
    return [Wrong(name, why) for name, why in _checked(call, contract) if why]


def _checked(call: Submission, contract: Contract) -> Iterator[tuple[str, str]]:
    longest = int(contract.constant("longest_parameter"))
    for field in fields(call):
        value = getattr(call, field.name)
        if not value:
            yield field.name, "It is empty." if value is not None else "It is missing."
        elif field.name == "inputdata":
            yield field.name, "" if decoded(value) is not None else "It is no Base64."
        elif len(value) > longest:
            yield field.name, f"It has {len(value)} characters, and may have {longest}."
        else:
            yield field.name, _out_of_place(field.name, value, contract)


def _out_of_place(name: str, value: str, contract: Contract) -> str:
    """Why a value is none of those that are defined; empty: it is one, or all are. Case counts."""
    if name == "filename" and file_prefix(value, contract) is None:
        return f"{value!r} is not of the form ws, ten digits, .xml."
    if name in _METHODS:
        known = contract.constant(_METHODS[name])
        return "" if value in known else f"{value!r} is none of {', '.join(known)}."
    return ""


_METHODS: Final = {"zipmethod": "zip_methods", "signaturemethod": "signature_methods"}
"""Parameters with a list of values, and the list."""


def file_prefix(filename: str, contract: Contract) -> str | None:
    """The three digits that the bank has assigned to the sender; None: it is no such name."""
    pattern = re.compile(contract.constant("file_pattern"), re.ASCII)
    found = pattern.fullmatch(filename)
    return found["prefix"] if found else None


def decoded(text: bytes | str) -> bytes | None:
    """What is encoded; None: it is no Base64. Between characters there may be white space."""
    bare = _bare(text)
    if not bare or len(bare) % 4 or bare.endswith("==="):
        return None
    try:
        return a2b_base64(bare, strict_mode=True)
    except ValueError:
        return None


def _bare(text: bytes | str) -> str:
    """Base64 without white space; of other octets nothing.

    Text without white space is not copied: it may be most of the memory.
    """
    if isinstance(text, bytes):
        return "" if _FOREIGN.search(text) else text.translate(None, _BLANK).decode()
    for blank in _BLANK.decode():
        text = text.replace(blank, "")
    return text


def payload(call: Submission, *, second_layer: bool) -> bytes:
    """The data of a call whose parameters are right.

    Base64 in Base64 is what comes of encoding data, as the programmer's manual tells, for a
    parameter whose type is Base64 already.
    """
    data = decoded(call.inputdata or "") or b""
    inner = decoded(data) if second_layer else None
    return data if inner is None else inner
