"""The rules of headers, each just inside and just outside."""

from dataclasses import replace
from typing import Any, Final

import pytest

from podatelna.kernel.catalogue import hold_together
from podatelna.kernel.rules import check
from podatelna.sdns.model import Header, Issue, Part, Status
from podatelna.sdns.names import STATUSES
from podatelna.sdns.rules import REFERABLE, RULES, Known
from podatelna.sdns.states import ISSUE_STATES
from podatelna.sdns.statuses import read_forms
from tests.sdns.desks import CONTRACT, SUBJECT, header

FORMS: Final = read_forms(CONTRACT.folder)
CHANGING: Final = ("correction", "confirmation", "cancellation", "change", "withdrawal")
ISSUE: Final = Issue(
    id=1,
    occurrence=1,
    number="1",
    file="ws9990000001.xml",
    sender=SUBJECT,
    status="new_data",
    accepted="",
    state=51,
    since="",
)


def issue(state: int, **changes: Any) -> Issue:
    return replace(ISSUE, state=state, **changes)


def sent(status: Status = "new_data", **changes: Any) -> Header:
    """A header of a status that is right."""
    form = FORMS.get(status)
    reason = "intent" if form and "intent" in form.reasons else "request"
    usual = {
        "status": status,
        "reason": "methodology" if status == "new_data" else reason,
        "has_data": form is not None and form.data,
        "reference": "1" if form and form.reference else "",
    }
    return header("7", **{**usual, **changes})


def known(status: Status = "new_data", **changes: Any) -> Known:
    """What is known of a header of a status that is right, of a splittable data set."""
    referred = {
        "confirmation": issue(31),
        "new_data": None,
        "query": None,
    }.get(status, ISSUE)
    usual = Known(
        form=FORMS.get(status),
        communicating=SUBJECT,
        splittable=True,
        referred=referred,
        standing=referred,
    )
    return replace(usual, **changes)


def broken(about: Header, facts: Known) -> list[str]:
    return [rule.code for rule in check(RULES, about, facts)]


@pytest.mark.parametrize("status", ["new_data", *CHANGING])
def test_a_right_header_breaks_no_rule(status: Status) -> None:
    assert broken(sent(status), known(status)) == []


def test_rules_have_codes_in_their_order() -> None:
    codes = [CONTRACT.errors[rule.code].extra["code"] for rule in RULES]
    assert codes == [f"DZ-{number:02}" for number in range(1, 15)]
    headers = {key for key, entry in CONTRACT.errors.items() if entry.kind == "header"}
    assert headers == {rule.code for rule in RULES}
    assert [rule.at for rule in RULES] == [CONTRACT.errors[rule.code].at for rule in RULES]


def test_what_processing_reports_is_in_the_catalogue() -> None:
    from podatelna.sdns.processing import RAISED

    entries = CONTRACT.errors.items()
    processing = {key: entry for key, entry in entries if entry.kind in ("header", "processing")}
    hold_together(processing, RULES, RAISED)


def test_each_status_has_a_form_but_the_unexplained_one() -> None:
    assert set(STATUSES.values()) - set(FORMS) == {"query"}


ONE_FACT: Final[list[tuple[dict[str, Any], list[str]]]] = [
    ({"number_used": True}, ["message_number_used"]),
    ({"communicating": ""}, ["sender_not_allowed"]),
    ({"communicating": "99990001"}, ["sender_not_allowed"]),
    ({"entitled": False}, ["subject_not_allowed"]),
    ({"methodology": False}, ["methodology_not_valid"]),
    ({"data_set": False}, ["data_set_unknown"]),
    ({"methodology": False, "data_set": False}, ["methodology_not_valid"]),
    ({"expected": False}, ["occurrence_not_expected"]),
    ({"data_set": False, "expected": False}, ["data_set_unknown"]),
    ({"closed": True}, ["occurrence_closed"]),
    ({"expected": False, "closed": True}, ["occurrence_not_expected"]),
    ({"elsewhere": True}, ["function_wrong"]),
]


@pytest.mark.parametrize(("facts", "codes"), ONE_FACT)
def test_facts(facts: dict[str, Any], codes: list[str]) -> None:
    assert broken(sent(), known(**facts)) == codes


# -- what a status asks for


@pytest.mark.parametrize(
    ("status", "reasons"),
    [
        ("new_data", ["methodology"]),
        ("correction", ["request", "intent"]),
        ("confirmation", ["request"]),
        ("cancellation", ["request", "intent"]),
        ("change", ["request", "intent"]),
        ("withdrawal", ["request", "intent"]),
    ],
)
def test_each_status_has_its_reasons(status: Status, reasons: list[str]) -> None:
    for reason in ("methodology", "request", "intent"):
        wrong = [] if reason in reasons else ["reason_wrong"]
        assert broken(sent(status, reason=reason), known(status)) == wrong


@pytest.mark.parametrize("status", ["new_data", *CHANGING])
def test_data_are_there_or_not(status: Status) -> None:
    right = sent(status)
    assert broken(replace(right, has_data=not right.has_data), known(status)) == [
        "data_presence_wrong"
    ]


@pytest.mark.parametrize("status", CHANGING)
def test_a_reference_must_be_there(status: Status) -> None:
    facts = known(status, referred=None)
    assert broken(sent(status, reference=""), facts) == ["reference_wrong"]


@pytest.mark.parametrize("status", CHANGING)
def test_a_reference_must_be_known(status: Status) -> None:
    assert broken(sent(status), known(status, referred=None)) == ["reference_wrong"]


@pytest.mark.parametrize("state", sorted(ISSUE_STATES))
@pytest.mark.parametrize("status", CHANGING)
def test_the_state_of_what_is_referred_to(status: Status, state: int) -> None:
    states: dict[str, set[int]] = {
        "correction": {15, 16, 31, 32, 51, 52, 61, 62, 99},
        "change": {15, 16, 31, 32, 51, 52},
        "confirmation": {31, 32},
        "cancellation": {10, 15, 16, 31, 32, 51, 52},
        "withdrawal": {10, 15, 16, 31, 32, 51, 52},
    }
    wrong = [] if state in states[status] else ["reference_wrong"]
    assert broken(sent(status), known(status, referred=issue(state))) == wrong
    assert set(REFERABLE[status]) == states[status]


def test_new_data_have_no_reference() -> None:
    facts = known(splittable=False, referred=ISSUE, standing=ISSUE)
    assert broken(sent(reference="1"), facts) == ["reference_wrong"]


def test_new_data_of_a_splittable_report_may_refer_to_its_current_issue() -> None:
    facts = known(referred=ISSUE, standing=ISSUE)
    assert broken(sent(reference="1"), facts) == []
    later = replace(facts, standing=issue(51, id=2))
    assert broken(sent(reference="1"), later) == ["reference_wrong"]
    nothing = replace(facts, referred=None, standing=None)
    assert broken(sent(reference="1"), nothing) == ["reference_wrong"]


def test_new_data_are_the_first_ones() -> None:
    assert broken(sent(), known(standing=issue(16))) == ["reference_wrong"]
    assert broken(sent(), known(standing=None)) == []


@pytest.mark.parametrize("status", ["change", "withdrawal"])
def test_some_statuses_are_for_splittable_reports(status: Status) -> None:
    facts = known(status, splittable=False)
    assert broken(sent(status), facts) == ["status_not_for_data_set"]


def test_a_query_is_always_refused() -> None:
    about = sent("query", reason="intent", has_data=True, reference="1")
    assert broken(about, known("query")) == ["status_not_for_data_set"]
    nowhere = known("query", data_set=False)
    assert broken(about, nowhere) == ["data_set_unknown", "status_not_for_data_set"]


def test_what_an_unknown_data_set_leaves_open() -> None:
    facts = known("change", data_set=False, splittable=False, referred=None, standing=None)
    assert broken(sent("change", reference="", part=Part("x", "1")), facts) == ["data_set_unknown"]


def test_a_reference_to_the_other_data_is_one_error() -> None:
    facts = known("correction", referred=None, elsewhere=True)
    assert broken(sent("correction"), facts) == ["function_wrong"]


# -- parts


BEGUN: Final = issue(10, number="100", parts=2, complete=False)


@pytest.mark.parametrize(
    ("part", "begun", "right"),
    [
        (Part("1", "100", "first"), None, True),
        (Part("01", "100", "first"), None, True),
        (Part("1", "100", "first"), BEGUN, False),
        (Part("2", "100", "first"), None, False),
        (Part("1", "100"), None, False),
        (Part("1", "100", "last"), None, False),
        (Part("3", "100"), BEGUN, True),
        (Part("3", "100", "last"), BEGUN, True),
        (Part("3", "100", "first"), BEGUN, False),
        (Part("2", "100"), BEGUN, False),
        (Part("4", "100", "last"), BEGUN, False),
        (Part("", "100"), BEGUN, False),
        (Part("0", "100", "first"), None, False),
        (Part("-1", "100", "first"), None, False),
        (Part("x", "100"), BEGUN, False),
        (Part("³", "100"), BEGUN, False),
        (Part("3" * 5000, "100"), BEGUN, False),
        (Part("3", "100"), replace(BEGUN, complete=True), False),
        (Part("3", "100"), replace(BEGUN, state=61), False),
        (Part("3", "100"), replace(BEGUN, status="correction"), False),
    ],
)
def test_parts_follow_each_other(part: Part, begun: Issue | None, right: bool) -> None:
    wrong = [] if right else ["split_sequence_wrong"]
    assert broken(sent(part=part), known(begun=begun)) == wrong


def test_a_part_goes_on_whatever_stands() -> None:
    assert broken(sent(part=Part("3", "100")), known(begun=BEGUN, standing=ISSUE)) == []
    first = sent(part=Part("1", "100", "first"))
    assert broken(first, known(standing=ISSUE)) == ["reference_wrong"]


def test_only_splittable_reports_have_parts() -> None:
    about = sent(part=Part("9", "100"))
    assert broken(about, known(splittable=False)) == ["status_not_for_data_set"]
