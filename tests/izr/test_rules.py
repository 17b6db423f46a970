"""Every rule, just inside and just outside."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podatelna.izr import history, rules
from podatelna.izr.history import standing
from podatelna.izr.model import Movement
from podatelna.izr.rules import Event, Header, Life, Outside, first_broken
from podatelna.kernel.catalogue import hold_together
from tests.izr.desks import (
    BORN,
    CARD,
    CONTRACT,
    HOLDINGS,
    HOME,
    HOUSE,
    OTHER,
    SECOND,
    SHAMBLES,
    TAG,
    TODAY,
    animal,
    born,
    life,
)
from tests.izr.test_history import EVENTS

BY_NUMBER = {holding.number: holding for holding in HOLDINGS}
SALE = (70, "2025-04-10", HOME, OTHER)
PURCHASE = (30, "2025-04-10", OTHER, HOME)
TO_TEMPORARY = (70, "2025-05-02", HOME)

HEADER_CASES = [
    ("identity_card_missing", {"card": CARD}, {"card": ""}),
    ("identity_card_missing", {"card": "1"}, {"card": " \t"}),
    ("holding_keeps_own_register", {}, {"holding": HOLDINGS[4]}),
]


@pytest.mark.parametrize(("key", "inside", "outside"), HEADER_CASES)
def test_rules_of_the_header(key: str, inside: dict[str, Any], outside: dict[str, Any]) -> None:
    good = Header(HOLDINGS[0], card=CARD)
    rule = getattr(rules, key)
    assert not rule.broken(replace(good, **inside), Outside())
    assert rule.broken(replace(good, **outside), Outside())


def test_whether_an_address_exists_is_known_from_outside() -> None:
    header = Header(HOLDINGS[0], card=CARD, address=HOUSE)
    assert not rules.address_unknown.broken(header, Outside(address_exists=True))
    assert rules.address_unknown.broken(header, Outside(address_exists=False))


def test_a_register_of_its_own_may_not_matter_yet() -> None:
    header = Header(HOLDINGS[4], card=CARD)
    assert not rules.holding_keeps_own_register.broken(header, Outside(own_register_counts=False))


@pytest.mark.parametrize(
    ("day", "broken"),
    [
        ("2025-03-31", True),
        ("2025-04-01", True),
        ("2025-04-02", False),
        ("2025-04-20", False),
        ("2025-04-21", True),
    ],
)
def test_a_move_is_later_than_the_registration_and_not_later_than_its_end(
    day: str, broken: bool
) -> None:
    event = Event(TAG, "OVC", day, 70)
    assert rules.holding_not_registered.broken(event, Life(BY_NUMBER[SECOND])) == broken


def test_a_holding_without_a_day_of_registration_was_always_there() -> None:
    holding = replace(HOLDINGS[0], registered="")
    assert not rules.holding_not_registered.broken(Event(TAG, "OVC", TODAY, 70), Life(holding))


def check(
    event: Event | int,
    *events: tuple[int, str, str] | tuple[int, str, str, str],
    at: str = HOME,
    last_day: str = "",
    **changes: Any,
) -> str:
    """The key of the first broken rule, for an animal that was born at home."""
    what = Event(TAG, "OVC", TODAY, event) if isinstance(event, int) else event
    known = standing([born(), *life(*events)])
    found = first_broken(what, Life(BY_NUMBER[at], animal(**changes), known, last_day))
    return found.code if found else ""


def leaving(day: str = TODAY, code: int = 70, **changes: Any) -> Event:
    return replace(Event(TAG, "OVC", day, code), **changes)


def test_an_animal_that_is_there_may_leave() -> None:
    assert check(leaving()) == ""
    assert check(leaving(BORN)) == ""
    assert check(leaving(tag="CZ000012345126")) == ""


def test_an_animal_that_was_not_yet_there() -> None:
    assert check(leaving("2024-02-29")) == "animal_not_on_holding"


def test_a_tag_of_another_form() -> None:
    assert check(leaving(tag="CZ 0000012345126")) == "tag_format"


def test_an_animal_that_is_not_registered() -> None:
    found = first_broken(leaving(), Life(HOLDINGS[0]))
    assert found
    assert found.code == "animal_unknown"


def test_an_animal_of_another_species_is_another_animal() -> None:
    assert check(leaving(species="KOZ")) == "animal_unknown"


def test_an_old_tag() -> None:
    assert check(leaving(), replaced_by="CZ0000012345999") == "animal_tag_replaced"


def test_a_corrected_sex() -> None:
    assert check(leaving(), sex_changed=True) == "animal_sex_changed"


@pytest.mark.parametrize("code", sorted(history.REMOVALS))
def test_an_animal_out_of_the_register(code: int) -> None:
    gone = (code, "2025-04-30", HOME)
    assert check(leaving(), gone) == "animal_gone"
    assert check(leaving("2025-04-29"), gone) == "animal_gone"


@pytest.mark.parametrize(
    ("day", "key"),
    [
        ("2025-04-09", "animal_gone"),
        ("2025-04-10", "animal_left"),
        (TODAY, "animal_left"),
    ],
)
def test_an_animal_that_was_sold(day: str, key: str) -> None:
    assert check(leaving(day), SALE, PURCHASE) == key
    assert check(leaving(day), SALE) == key


@pytest.mark.parametrize(
    ("day", "key"),
    [
        ("2025-04-09", "animal_gone"),
        ("2025-04-10", "arrival_not_reported"),
        (TODAY, "arrival_not_reported"),
    ],
)
def test_an_animal_whose_arrival_was_not_reported(day: str, key: str) -> None:
    assert check(leaving(day), SALE, at=OTHER) == key


def test_an_animal_that_has_come_and_its_seller() -> None:
    assert check(leaving(), SALE, PURCHASE, at=OTHER) == ""
    assert check(leaving("2025-04-10"), SALE, PURCHASE, at=OTHER) == ""
    assert check(leaving("2025-04-09"), SALE, PURCHASE, at=OTHER) == "animal_gone"


def test_an_animal_of_somebody_else() -> None:
    assert check(leaving(), at=OTHER) == "animal_not_on_holding"
    assert check(leaving(), SALE, at=SHAMBLES) == "animal_not_on_holding"


def test_an_animal_that_was_sold_and_sent_back() -> None:
    back = (70, "2025-04-20", OTHER, HOME)
    assert check(leaving(), SALE, PURCHASE, back) == "arrival_not_reported"
    assert check(leaving(), SALE, PURCHASE, back, (30, "2025-04-20", HOME, OTHER)) == ""
    assert check(leaving(), SALE, PURCHASE, back, at=OTHER) == "animal_left"


def test_an_animal_that_was_received_at_the_slaughterhouse() -> None:
    received = (66, "2025-04-30", SHAMBLES)
    assert check(leaving(), received) == "animal_gone"
    assert check(leaving("2025-05-01", 60), received) == "animal_gone"
    assert check(leaving("2025-04-30", 60), received) == ""
    assert check(leaving("2025-04-29", 60), received) == ""
    assert check(leaving("2025-04-30", 60, other=SHAMBLES), received) == ""


def test_a_cancelled_event_counts_for_nothing() -> None:
    assert check(leaving(), SALE, (97, "2025-04-10", HOME)) == ""


def test_the_seller_may_report_after_the_buyer() -> None:
    sale = leaving("2025-04-10", other=OTHER)
    assert check(sale, PURCHASE) == ""
    assert check(replace(sale, other=SHAMBLES), PURCHASE) == "animal_not_on_holding"
    assert check(replace(sale, other=""), PURCHASE) == "animal_not_on_holding"
    assert check(sale, PURCHASE, SALE) == "animal_left"


def test_a_slaughter_at_home_follows_the_move_to_a_temporary_holding() -> None:
    slaughter = leaving("2025-05-04", 63)
    assert check(slaughter, TO_TEMPORARY) == ""
    assert check(replace(slaughter, day="2025-05-01"), TO_TEMPORARY) == "animal_gone"
    assert check(replace(slaughter, code=50), TO_TEMPORARY) == "animal_left"
    assert check(slaughter, (*TO_TEMPORARY, OTHER)) == "animal_left"
    assert check(slaughter, TO_TEMPORARY, (63, "2025-05-03", HOME)) == "animal_gone"


def test_a_remark_is_about_an_animal_that_is_there() -> None:
    assert check(leaving(code=19)) == ""
    assert check(leaving(code=19), SALE) == "animal_left"


def test_an_arrival() -> None:
    arrival = Event(TAG, "OVC", "2025-04-10", 30, other=HOME)
    assert check(arrival, SALE, at=OTHER) == ""
    assert check(arrival, at=OTHER) == ""
    assert check(replace(arrival, day="2025-04-09"), SALE, at=OTHER) == "animal_gone"
    assert check(arrival, (50, "2025-04-01", HOME), at=OTHER) == "animal_gone"
    assert check(replace(arrival, tag="x"), at=OTHER) == "tag_format"


def test_a_receipt() -> None:
    receipt = Event(TAG, "OVC", "2025-04-30", 66, other=HOME)
    assert check(receipt, at=SHAMBLES) == ""
    assert check(receipt, (60, "2025-04-30", HOME), at=SHAMBLES) == ""
    assert check(receipt, (66, "2025-04-30", SHAMBLES), at=SHAMBLES) == "animal_gone"
    assert check(receipt, (30, "2025-05-01", OTHER), at=SHAMBLES) == "animal_gone"


@pytest.mark.parametrize(
    ("code", "at", "place", "key"),
    [
        (21, HOME, HOME, ""),
        (21, OTHER, HOME, "animal_already_registered"),
        (27, OTHER, HOME, "animal_already_registered"),
        (11, HOME, HOME, "animal_already_registered"),
        (11, HOME, "", ""),
    ],
)
def test_a_registration_of_an_animal_that_is_known(
    code: int, at: str, place: str, key: str
) -> None:
    assert check(Event(TAG, "OVC", TODAY, code), at=at, birth_holding=place) == key


def test_a_registration_of_a_new_animal() -> None:
    assert first_broken(Event(TAG, "OVC", TODAY, 21), Life(HOLDINGS[0])) is None
    found = first_broken(Event("x", "OVC", TODAY, 21), Life(HOLDINGS[0]))
    assert found is rules.tag_format


def test_a_cancellation_needs_something_to_cancel() -> None:
    cancellation = Event(TAG, "OVC", "2025-04-10", 97)
    assert check(cancellation, SALE) == ""
    assert check(cancellation) == "animal_not_on_holding"
    assert check(replace(cancellation, day="2025-04-11"), SALE) == "animal_not_on_holding"
    assert check(replace(cancellation, code=93), SALE) == "animal_not_on_holding"
    assert check(cancellation, SALE, at=OTHER) == "animal_not_on_holding"


def test_a_birth_can_be_cancelled_as_long_as_it_is_all_that_is_known() -> None:
    assert check(Event(TAG, "OVC", BORN, 99)) == ""
    assert check(Event(TAG, "OVC", BORN, 99), SALE) == "animal_not_on_holding"


@pytest.mark.parametrize("code", [21, 30, 66, 70, 97])
def test_a_day_to_come_if_the_sandbox_refuses_it(code: int) -> None:
    sold = (*SALE[:1], TODAY, *SALE[2:])
    known = () if code != 97 else (sold,)
    event = Event(TAG, "OVC", TODAY, code)
    assert check(event, *known, last_day=TODAY) == ""
    assert check(event, *known, last_day="2025-05-01") == "animal_not_on_holding"


def test_the_order_of_errors() -> None:
    """04, 07, 08, 21, 18: with all of them broken, and then without the first."""
    gone = (50, "2025-04-01", OTHER)
    spoilt = {"replaced_by": "CZ0000012345999", "sex_changed": True}
    assert check(leaving(tag="x", species="KOZ"), gone, at=OTHER, **spoilt) == "tag_format"
    assert check(leaving(species="KOZ"), gone, at=OTHER, **spoilt) == "animal_unknown"
    assert check(leaving(), gone, at=OTHER, **spoilt) == "animal_tag_replaced"
    assert check(leaving(), gone, at=OTHER, sex_changed=True) == "animal_sex_changed"
    assert check(leaving(), gone, at=OTHER) == "animal_gone"


def test_every_rule_stands_in_the_catalogue_at_the_same_place() -> None:
    errors = CONTRACT.errors
    found = {rule.code: rule.at for rule in rules.RULES}
    kinds = ("header", "animal")
    assert found == {key: entry.at for key, entry in errors.items() if entry.kind in kinds}
    others = [key for key in errors if key not in found]
    hold_together(errors, rules.RULES, others)


# -- any history


@given(EVENTS, st.integers(1, 9), st.sampled_from(sorted(history.DEPARTURES | history.REMOVALS)))
def test_what_may_leave_was_there_and_is_gone_afterwards(
    events: Sequence[Movement], day: int, code: int
) -> None:
    """Nothing leaves a holding twice without having come back."""
    event = Event(TAG, "OVC", f"2025-01-0{day}", code, other=OTHER)
    held = standing(events)
    life = Life(BY_NUMBER[HOME], animal(), held)
    if first_broken(event, life) is None:
        after = [*held, Movement(TAG, code, event.day, HOME, other=OTHER)]
        again = replace(life, standing=standing(after))
        assert first_broken(event, again) is not None
        if all(each.day <= event.day for each in held):
            assert history.position(after).holding in ("", OTHER)
