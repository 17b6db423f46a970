"""Requests of the web service, as Appendix 5 (update of 19 June 2019) prints them.

Members of a class go in ordinal order. The service reads forward only: a member that comes too late
is skipped without a word.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from podatelna_client import soap
from podatelna_client.ubyport.errors import InvalidInput
from podatelna_client.ubyport.model import LOCAL_TIME, Facility, Guest, PartialDate

SERVICE = "http://UBY.pcr.cz/WS_UBY"
DATA = "http://schemas.datacontract.org/2004/07/WS_UBY"
# A reserve of the contract: it must be filled, may be anything, and X is recommended.
AUTHENTICATION_CODE = "X"

_SMALLEST_INT, _LARGEST_INT = -(2**31), 2**31 - 1


def action(operation: str) -> str:
    """The SOAPAction of an operation, without quotes."""
    return f"{SERVICE}/IWS_UBY/{operation}"


def question(operation: str, **arguments: str) -> bytes:
    """A call whose further arguments are plain text, in the order given."""
    call = _call(operation)
    for name, text in arguments.items():
        etree.SubElement(call, f"{{{SERVICE}}}{name}").text = text
    return soap.write(call)


def filing(facility: Facility, guests: Sequence[Guest], *, want_pdf: bool, first: int = 1) -> bytes:
    """One ZapisUbytovane. InvalidInput names a guest by its number, the first being `first`."""
    call = _call("ZapisUbytovane")
    header = etree.SubElement(call, f"{{{SERVICE}}}Seznam", nsmap={"d": DATA, "i": soap.XSI})
    records = etree.SubElement(header, f"{{{DATA}}}Ubytovani")
    for number, guest in enumerate(guests, first):
        record = etree.SubElement(records, f"{{{DATA}}}Ubytovany")
        _write_members(record, _GUEST, guest, f"guest {number}")
    etree.SubElement(header, f"{{{DATA}}}VracetPDF").text = "true" if want_pdf else "false"
    _write_members(header, _FACILITY, facility, "facility")
    return soap.write(call)


def _call(operation: str) -> etree._Element:
    plain = {None: SERVICE}
    call = etree.Element(
        f"{{{SERVICE}}}{operation}",
        nsmap=plain,  # type: ignore[arg-type]  # the stubs miss None for the default namespace
    )
    etree.SubElement(call, f"{{{SERVICE}}}AutentificationCode").text = AUTHENTICATION_CODE
    return call


def _as_text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"must be text, not {type(value).__name__}")
    return soap.writable(value)


def _as_birth_date(value: Any) -> str:
    if isinstance(value, PartialDate):
        return f"{value.day or 0:02}{value.month or 0:02}{value.year:04}"
    if isinstance(value, date):
        return f"{value.day:02}{value.month:02}{value.year:04}"
    return _as_text(value)


def _as_moment(value: Any) -> str:
    if not isinstance(value, date):
        raise TypeError(f"must be a date, not {type(value).__name__}")
    if not isinstance(value, datetime):
        return f"{value.isoformat()}T00:00:00"
    # The contract has no time zones; hotels and the service live in the same one.
    local = value.astimezone(ZoneInfo(LOCAL_TIME)) if value.tzinfo else value
    return local.replace(tzinfo=None).isoformat(timespec="seconds")


def _as_number(value: Any) -> str:
    if not isinstance(value, int) or not _SMALLEST_INT <= value <= _LARGEST_INT:
        raise ValueError("must be a whole number of 32 bits")
    return str(int(value))


# The member, the field that fills it, how it is written. Members without a field are always null:
# the service does not use a birth place or a number plate.
_Member = tuple[str, str | None, Callable[[Any], str]]

_GUEST: tuple[_Member, ...] = (
    ("cDate", "birth_date", _as_birth_date),
    ("cDocN", "document_number", _as_text),
    ("cFirstN", "given_name", _as_text),
    ("cFrom", "arrival", _as_moment),
    ("cNati", "nationality", _as_text),
    ("cNote", "note", _as_text),
    ("cPlac", None, _as_text),
    ("cPurp", "purpose", _as_number),
    ("cResi", "residence", _as_text),
    ("cSpz", None, _as_text),
    ("cSurN", "surname", _as_text),
    ("cUntil", "departure", _as_moment),
    ("cVisN", "visa_number", _as_text),
)

_FACILITY: tuple[_Member, ...] = (
    ("uCont", "contact", _as_text),
    ("uHomN", "house_number", _as_text),
    ("uIdub", "idub", _as_text),
    ("uMark", "abbreviation", _as_text),
    ("uName", "name", _as_text),
    ("uOb", "town", _as_text),
    ("uObCa", "town_part", _as_text),
    ("uOkr", "district", _as_text),
    ("uOriN", "orientation_number", _as_text),
    ("uPsc", "postal_code", _as_text),
    ("uStr", "street", _as_text),
)

# The two members that the contract does not let be null.
_NEVER_NULL = ("arrival", "departure")


def _write_members(
    parent: etree._Element, members: Sequence[_Member], source: Facility | Guest, place: str
) -> None:
    for name, field, write in members:
        element = etree.SubElement(parent, f"{{{DATA}}}{name}")
        value = None if field is None else getattr(source, field)
        if value is None and field not in _NEVER_NULL:
            element.set(soap.NIL, "true")
            continue
        try:
            element.text = write(value)
        except (TypeError, ValueError, OverflowError) as error:
            raise InvalidInput(f"{place}: {field} {error}") from error
