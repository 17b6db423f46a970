"""Anything that the contract lets a caller send, and things that it does not."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from podatelna.ubyport.model import Guest
from tests.journeys.callers import soap_headers
from tests.journeys.messages import (
    GUEST_MEMBERS,
    HEADER_MEMBERS,
    KITTEN,
    Members,
    batch_xml,
    call,
    element,
)
from tests.strategies import guests as plausible_guests

THOROUGH = settings(
    max_examples=100,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
BRIEF = settings(THOROUGH, max_examples=15)
"""For properties whose one example is a whole journey."""

OPERATIONS = ("TestDostupnosti", "MaximalniDelkaSeznamu", "DejMiCiselnik", "ZapisUbytovane")
ABSENT = "absent"

signs = st.one_of(
    st.characters(min_codepoint=0x20, max_codepoint=0x7E),
    st.characters(min_codepoint=0x80, exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"),
    st.sampled_from("\t\n\r\x7fřŽßıİǅ\u0301\u202e\ufeff\U0001f600"),
)
"""All that XML 1.0 can carry."""

texts = st.one_of(
    st.text(signs, max_size=12),
    st.builds(lambda sign, times: sign * times, signs, st.sampled_from([50, 51, 256])),
    st.sampled_from(["INPASS", "NONE", "' OR 1=1 --", "]]>", "<x/>", "&amp;", "%s{0}", "\x85 "]),
)
"""Texts; a few are longer than the contract's columns."""

_zones = st.sampled_from(["", "Z", "+14:00", "-14:00", "+01:00"])
_fractions = st.sampled_from(["", ".0", ".1234567", ".999999999"])
moments = st.one_of(
    st.builds(
        lambda moment, fraction, zone: moment.isoformat(timespec="seconds") + fraction + zone,
        st.datetimes(),
        _fractions,
        _zones,
    ),
    st.dates(date(2026, 2, 20), date(2026, 3, 6)).map(lambda day: f"{day}T00:00:00"),
    st.sampled_from(
        [
            "0001-01-01T00:00:00",
            "9999-12-31T23:59:59.9999999-14:00",
            "2026-03-04T24:00:00",
            "12026-03-04T00:00:00",
            "-0044-03-15T00:00:00",
        ]
    ),
)
"""All kinds of xs:dateTime."""

wholes = st.builds(
    lambda number, form: form.format(number),
    st.integers(-(2**31), 2**31 - 1) | st.integers(-1, 100),
    st.sampled_from(["{}", " {} ", "\n{:04d}"]),
)
"""All kinds of xs:int."""

_KINDS: Mapping[str, st.SearchStrategy[str | None]] = {
    "cFrom": moments,
    "cUntil": moments,
    "cPurp": st.none() | wholes,
}


def _members(names: tuple[str, ...]) -> st.SearchStrategy[dict[str, str | None]]:
    fields = {name: _KINDS.get(name, st.none() | texts) | st.just(ABSENT) for name in names}
    return st.fixed_dictionaries(fields).map(
        lambda found: {name: text for name, text in found.items() if text is not ABSENT}
    )


def as_members(guest: Guest) -> Members:
    """A guest of tests/strategies.py in the contract's terms."""
    return {
        "cDate": guest.birth_date,
        "cDocN": guest.document_number,
        "cFirstN": guest.given_name,
        "cFrom": f"{guest.arrival}T00:00:00",
        "cNati": guest.nationality,
        "cNote": guest.note,
        "cPurp": None if guest.purpose is None else str(guest.purpose),
        "cResi": guest.residence,
        "cSurN": guest.surname,
        "cUntil": f"{guest.departure}T00:00:00",
        "cVisN": guest.visa_number,
    }


@st.composite
def spoiled_guests(draw: st.DrawFn) -> Members:
    """Guests that would do but for one member."""
    guest = dict(as_members(draw(plausible_guests())))
    name = draw(st.sampled_from(GUEST_MEMBERS))
    guest[name] = draw(_KINDS.get(name, st.none() | texts))
    return guest


any_guests: st.SearchStrategy[Members] = st.one_of(
    plausible_guests().map(as_members), spoiled_guests(), _members(GUEST_MEMBERS)
)


@st.composite
def guest_lists(draw: st.DrawFn) -> list[Members | None]:
    """0 to 33 guests. The same ones come again: a list of nothing but new ones has no duplicates.

    Nil guests and empty lists are rare, as they stop all.
    """
    few: list[Members | None] = draw(st.lists(any_guests, min_size=1, max_size=4))
    few += draw(st.sampled_from([[]] * 9 + [[None]]))
    size = draw(st.sampled_from(range(34)))
    return draw(st.lists(st.sampled_from(few), min_size=size, max_size=size))


headers: st.SearchStrategy[Members] = st.builds(
    lambda any_of_them, known: any_of_them | known,
    _members(HEADER_MEMBERS),
    st.sampled_from([KITTEN] * 5 + [{}]),
)
"""Most name the caller's own facility; else nothing would come to be filed."""

switches: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    st.fixed_dictionaries(
        {},
        optional={
            "duplicate_check": st.booleans(),
            "duplicates_within_batch": st.booleans(),
            "duplicate_listing": st.sampled_from(["accepted", "refused"]),
            "error_document": st.sampled_from(["refused", "whole", "none"]),
            "header_numbering_production": st.sampled_from(["current", "legacy"]),
            "max_list_length": st.sampled_from([1, 32, 99]),
            "max_message_bytes": st.sampled_from([65536, 1_000_000]),
            "max_string_length": st.sampled_from([16, 8192]),
            "missing_surname": st.sampled_from(["accepted", "refused"]),
            "stamp_member": st.sampled_from(["PseudoRazitko", "PseudoRazirko"]),
            "unknown_nationality": st.sampled_from(["accepted", "refused"]),
        },
    ),
)
"""Settings under which the same must hold."""


@st.composite
def other_calls(draw: st.DrawFn) -> tuple[str, bytes]:
    """Operation and message of a call that files nobody."""
    operation = draw(st.sampled_from(OPERATIONS))
    code = draw(st.none() | texts | st.just(ABSENT))
    kind = draw(st.sampled_from(["Staty", "UcelyPobytu", "Chyby", ABSENT]))
    lists = {
        "DejMiCiselnik": "" if kind == ABSENT else element("CoChci", kind),
        "ZapisUbytovane": draw(
            st.sampled_from(["", element("Seznam", None), batch_xml([]), batch_xml(None)])
        ),
    }
    first = "" if code == ABSENT else element("AutentificationCode", code)
    return operation, call(operation, first + lists.get(operation, ""))


_INTRUDERS = (
    b"\x00", b"\xff", b"<", b"&#0;", b"&x;", b"x", b"<x/>", b"<x>", b"<!--<x>-->",
    b"<![CDATA[<x>]]>", b"<?x?>", b"\xed\xa0\x80",
)  # fmt: skip


@st.composite
def mutations(draw: st.DrawFn, of: bytes) -> bytes:
    """The message with bytes changed, left out or said twice, up to four times."""
    message = of
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(message)))
        piece = message[start : start + draw(st.integers(1, 40))]
        other = draw(
            st.sampled_from([b"", piece * 2, piece[::-1], b"\x00", b"\xff", b"<", b"&#0;"])
        )
        message = message[:start] + other + message[start + len(piece) :]
    return message


_NAMES = (
    "accept", "authorization", "connection", "content-encoding", "content-type", "cookie", "expect",
    "host", "origin", "soapaction", "transfer-encoding", "x-forwarded-for", "x_odd",
)  # fmt: skip
_VALUES = (
    "", "*/*", "NTLM", "NTLM TlRMTVNTUAAB", "NTLM TlRMTVNTUAADAAAA", "Negotiate oYG2MIGz", "gzip",
    "Basic dWJ5LXdzMDAwMDAxOkhlc2xvLTEyMzQ=", "text/xml", "text/xml; charset=utf-16",
    "text/xml; charset=windows-1250", "application/soap+xml", "multipart/related; boundary=x",
    "http://UBY.pcr.cz/WS_UBY/IWS_UBY/ZapisUbytovane", '"', "%", "null", "[", "a:b:c",
)  # fmt: skip
# What the server lets through to a handler: RFC 9110 field content, as latin-1.
_field = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=30
).map(str.strip)
odd_headers = st.builds(
    lambda operation, odd: soap_headers(operation) | odd,
    st.sampled_from(OPERATIONS),
    st.dictionaries(st.sampled_from(_NAMES), st.sampled_from(_VALUES) | _field, max_size=4),
)
"""Headers of a call, some of them other than they should be."""
