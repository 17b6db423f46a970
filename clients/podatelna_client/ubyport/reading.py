"""Answers of the web service, member by member. What is not as the contract says is Unreadable."""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping, Sequence

from lxml import etree

from podatelna_client.soap import Unreadable, text_of
from podatelna_client.ubyport.answers import BatchAnswer, GuestAnswer, worst
from podatelna_client.ubyport.model import Country, ErrorEntry, Guest, Purpose
from podatelna_client.ubyport.writing import DATA, SERVICE

ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"

_CODES = re.compile(r";?(?:[0-9]{1,9};)*")
_NUMBER = re.compile(r"[+-]?[0-9]{1,10}")
_ERROR_KEY = re.compile(r"ERR_CZE_0*([0-9]{1,9})")
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


def flag(payload: etree._Element, operation: str) -> bool:
    """The xs:boolean that an operation returned."""
    text = (text_of(_result(payload, operation)) or "").strip()
    if text not in _TRUTH:
        raise Unreadable(f"{operation} answered {text!r} instead of true or false")
    return _TRUTH[text]


def list_length(payload: etree._Element) -> int:
    """The xs:int of MaximalniDelkaSeznamu, at least 1."""
    text = text_of(_result(payload, "MaximalniDelkaSeznamu"))
    length = _number(text)
    if length is None or length < 1:
        raise Unreadable(f"{text!r} is no length of a list")
    return length


def countries(payload: etree._Element) -> tuple[Country, ...]:
    """DejMiCiselnik(Staty). A row without a readable Id has the number 0."""
    return tuple(
        Country(
            number=_number(row.get("Id")) or 0,
            code2=row.get("Kod2", ""),
            code3=row.get("Kod3", ""),
            name=row.get("TextCZ", ""),
            short_name=row.get("TextKratkyCZ", ""),
            english_name=row.get("TextENG", ""),
            valid_from=row.get("PlatiOd", ""),
            valid_to=row.get("PlatiDo", ""),
        )
        for row in _rows(payload)
    )


def purposes(payload: etree._Element) -> tuple[Purpose, ...]:
    """DejMiCiselnik(UcelyPobytu)."""
    return tuple(
        Purpose(
            code=row.get("Kod2", ""),
            text=row.get("TextCZ", ""),
            valid_from=row.get("PlatiOd", ""),
            valid_to=row.get("PlatiDo", ""),
        )
        for row in _rows(payload)
    )


def error_book(payload: etree._Element) -> tuple[ErrorEntry, ...]:
    """DejMiCiselnik(Chyby), whose columns do not mean what they are called."""
    return tuple(
        ErrorEntry(
            key=row.get("Kod2", ""),
            code=_error_code(row.get("Kod2", "")),
            text=row.get("Kod3", ""),
            severity=_number(row.get("TextKratkyCZ")),
            label=row.get("TextENG", ""),
            instruction=row.get("TextKratkyENG", ""),
        )
        for row in _rows(payload)
    )


def severities(book: Iterable[ErrorEntry]) -> dict[int, int]:
    """Error number to severity, as far as the rows say."""
    return {
        entry.code: entry.severity
        for entry in book
        if entry.code is not None and entry.severity is not None
    }


def batch_answer(
    payload: etree._Element, guests: Sequence[Guest], severities: Mapping[int, int]
) -> BatchAnswer:
    """ZapisUbytovane: one result for each guest, in the order of the request."""
    result = _result(payload, "ZapisUbytovane")
    results = result.findall(f"{{{DATA}}}ChybyZaznamu/{{{ARRAYS}}}string")
    if len(results) != len(guests):
        raise Unreadable(f"{len(results)} results came back for {len(guests)} guests")
    judged = tuple(
        GuestAnswer(guest, codes, worst(codes, severities))
        for guest, codes in zip(guests, map(_record_codes, results), strict=True)
    )
    damaged: list[str] = []
    return BatchAnswer(
        header_codes=codes_of(_member(result, "ChybyHlavicky") or ""),
        guests=judged,
        # The class table and the printed sample of the contract spell it differently.
        stamp=_member(result, "PseudoRazitko") or _member(result, "PseudoRazirko") or None,
        receipt=_document(result, "DokumentPotvrzeni", damaged),
        error_receipt=_document(result, "DokumentChybyPotvrzeni", damaged),
        damaged=tuple(damaged),
    )


def codes_of(text: str) -> tuple[int, ...]:
    """The numbers of ";112;106;" or "5;6;", in that order."""
    squeezed = "".join(text.split())
    if not _CODES.fullmatch(squeezed):
        raise Unreadable(f"{text!r} is not a list of error numbers")
    return tuple(int(code) for code in squeezed.split(";") if code)


def _result(payload: etree._Element, operation: str) -> etree._Element:
    if payload.tag != f"{{{SERVICE}}}{operation}Response":
        raise Unreadable(f"{payload.tag} is not the answer to {operation}")
    result = payload.find(f"{{{SERVICE}}}{operation}Result")
    if result is None or text_of(result) is None:
        raise Unreadable(f"the answer to {operation} holds no result")
    return result


def _member(result: etree._Element, name: str) -> str | None:
    return text_of(result.find(f"{{{DATA}}}{name}"))


def _rows(payload: etree._Element) -> list[dict[str, str]]:
    rows = _result(payload, "DejMiCiselnik").findall(f"{{{DATA}}}CiselnikType")
    return [{etree.QName(cell).localname: text_of(cell) or "" for cell in row} for row in rows]


def _number(text: str | None) -> int | None:
    stripped = (text or "").strip()
    return int(stripped) if _NUMBER.fullmatch(stripped) else None


def _error_code(key: str) -> int | None:
    found = _ERROR_KEY.fullmatch(key.strip())
    return int(found[1]) if found else None


def _record_codes(result: etree._Element) -> tuple[int, ...]:
    # A clean record is ";". Nothing at all is no statement, and must not pass for an acceptance.
    text = text_of(result) or ""
    if not text.strip():
        raise Unreadable("a guest's result is empty")
    return codes_of(text)


def _document(result: etree._Element, name: str, damaged: list[str]) -> bytes | None:
    text = _member(result, name) or ""
    try:
        # The service breaks the base64 text into lines.
        return base64.b64decode("".join(text.split()), validate=True) or None
    except (binascii.Error, ValueError):
        damaged.append(name)
        return None
