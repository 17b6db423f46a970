"""The silent character filter: what a receipt showed, and that it settles at once."""

from dataclasses import asdict, replace
from string import ascii_letters
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podatelna.ubyport.cleaning import LETTERS, cleaned
from podatelna.ubyport.model import Guest
from tests import strategies
from tests.factories import GuestFactory

CASES = [
    # member           sent                              kept                       why
    ("residence", "Timișoara, Piata Victoriei 40", "Timioara, Piata Victoriei 40", "receipt, 2025"),
    ("note", "Testovaci zamestnanec 3 – SVK", "Testovaci zamestnanec 3 SVK", "receipt, 2025"),
    ("note", "Testovaci zamestnanec 1 - ROU", "Testovaci zamestnanec 1 - ROU", "receipt, 2025"),
    ("residence", "Gdańsk, ul. Długa 19", "Gdańsk, ul. Długa 19", "receipt, 2025"),
    ("surname", "Sarkofág", "Sarkofág", "receipt, 2025: the case as sent"),
    ("given_name", "Veliký", "Veliký", "receipt, 2025"),
    ("surname", "O'Vzor-Groß", "O'Vzor-Groß", "an apostrophe, a hyphen and ß"),
    ("surname", "O’Vzor", "OVzor", "a typographic apostrophe, though Windows-1250 has it"),
    ("surname", "Вzor", "zor", "Cyrillic"),
    ("surname", "Vzorová1.", "Vzorová", "digits and dots are not for names"),
    ("surname", "Vzor\u0159\u030c", "Vzorř", "a combining mark"),
    ("surname", "aªµˇb", "ab", "letters to Unicode, not to Appendix 3"),
    ("surname", "漢字", "", "nothing left"),
    ("surname", "  van   der  Vzor ", "van der Vzor", "spaces"),
    ("surname", "van\u00a0der\tVzor", "van der Vzor", "a hard space and a tabulator"),
    ("surname", "Vzor|Vzor", "VzorVzor", "a bar"),
    ("given_name", "An\x00na\u200b", "Anna", "control and zero-width characters"),
    ("given_name", " ", "", "a space"),
    ("residence", "Ulice 1/2, (A); b: c&d#e@f.g-'h", "Ulice 1/2, (A); b: c&d#e@f.g-'h", "2.4.1"),
    ("residence", 'a"b*c_d=e+f!g|h', "abcdefgh", "none of 2.4.1"),
    ("residence", "Wien\r\nRing 1", "Wien Ring 1", "a line break"),
    ("note", "a|b", "a\\b", "a bar is a backslash in a note"),
    ("note", "|", "\\", "a bar alone"),
    ("note", "1\r\n2\n3\x85" "4\u20285", "1 2 3 4 5", "line breaks of all kinds"),
    ("note", "§ 5 €", "5", "signs outside ASCII"),
    ("note", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{}~", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{}~", "ASCII"),
    ("note", "a\x7fb\x1bc", "abc", "control characters"),
    ("document_number", " ab 12-č\u00a03 ", "AB12-č3", "a rule refuses the rest"),
    ("document_number", "ß\u0131\u017f\ufb01", "ß\u0131\u017f\ufb01", "as are these"),
    ("visa_number", "v z1", "VZ1", "as the document"),
    ("birth_date", " 27021958\n", "27021958", "the eight digits as sent"),
    ("birth_date", "27.02.1958", "27.02.1958", "dots too"),
    ("nationality", " svk ", "svk", "the case as sent"),
]  # fmt: skip


def changed(guest: Guest, change: dict[str, Any]) -> Guest:
    return replace(guest, **change)


@pytest.mark.parametrize(("member", "sent", "kept", "why"), CASES)
def test_filter(member: str, sent: str, kept: str, why: str) -> None:
    guest = GuestFactory.build(**{member: sent})
    assert cleaned(guest) == changed(guest, {member: kept}), why


TEXTS = [name for name in Guest.__slots__ if name not in ("arrival", "departure", "purpose")]


@pytest.mark.parametrize("member", TEXTS)
@pytest.mark.parametrize("nothing", [None, ""])
def test_null_and_empty_stay_what_they_are(member: str, nothing: str | None) -> None:
    guest = GuestFactory.build(**{member: nothing})
    assert cleaned(guest) == guest


def test_letters_are_those_of_windows_1250() -> None:
    czech = "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ"
    others = "äâăąćçëęîĺľłńőôöŕśşţüűźżđßÄÂĂĄĆÇËĘÎĹĽŁŃŐÔÖŔŚŞŢÜŰŹŻĐ"
    assert sorted(LETTERS) == sorted(ascii_letters + czech + others)
    assert set(strategies.LETTERS) <= set(LETTERS)


anything: st.SearchStrategy[Guest] = st.builds(
    Guest,
    **{name: st.none() | st.text() for name in TEXTS}
    | {"arrival": st.none(), "departure": st.none(), "purpose": st.none()},
)


@strategies.UNTIMED
@given(anything)
def test_filtering_twice_is_filtering_once(guest: Guest) -> None:
    once = cleaned(guest)
    assert cleaned(once) == once


@strategies.UNTIMED
@given(anything)
def test_nothing_grows(guest: Guest) -> None:
    before, after = lengths(guest), lengths(cleaned(guest))
    assert {name: after[name] for name in TEXTS if after[name] > before[name]} == {}


@strategies.UNTIMED
@given(anything)
def test_what_is_kept_can_stand_in_a_unl_file(guest: Guest) -> None:
    kept = cleaned(guest)
    filtered = f"{kept.surname}{kept.given_name}{kept.residence}{kept.note}"
    filtered.encode("cp1250")
    assert not set("|\r\n") & set(filtered)


@strategies.UNTIMED
@given(strategies.guests())
def test_guests_of_the_tests_pass_the_filter_unchanged(guest: Guest) -> None:
    assert cleaned(guest) == guest


def lengths(guest: Guest) -> dict[str, Any]:
    return {name: len(asdict(guest)[name] or "") for name in TEXTS}
