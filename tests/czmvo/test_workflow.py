"""The life cycle: every state asked for from every state, and all that time does to an alert."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podatelna.czmvo.model import ENDUSER, MAH, NEVER, NOOL, STANDARD_PROCESSING, Alert, Role
from podatelna.czmvo.rulebook import read_book
from podatelna.czmvo.workflow import RAISED, SYSTEM, Verdict, Wish, Workflow, later
from tests.czmvo.desks import CREATED, LISTS, NOW, STATES, alert

DEFAULTS = LISTS.contract.settings.defaults
EXTERNALS = {number: external for external, number in STATES.items()}
CODES = {"A2": "technical", "A3": "technical", "A7": "process", "A24": "process"} | {
    "A52": "technical",
    "A68": "technical",
}
ORIGINS = ("enduser", "mah", "distributor")
OPEN = tuple(state for state in STATES if not state.startswith("06"))
FINAL = tuple(state for state in STATES if state.startswith("06"))


def workflow(**settings: Any) -> Workflow:
    return LISTS.workflow({**DEFAULTS, **settings})


def manual(**settings: Any) -> Workflow:
    return workflow(state_profile="manual", **settings)


def closed(state: str = "06a", by: str = MAH, **changes: Any) -> Alert:
    """An alert that was closed the day before the last."""
    instant = "2026-02-28 08:00:00"
    return alert(state=state, changed=instant, closed=instant, closed_by=by, **changes)


def told(verdict: Verdict) -> str:
    """An external code, or the key of an error."""
    return verdict if isinstance(verdict, str) else EXTERNALS[verdict]


def ask(
    about: Alert, role: Role, state: str | int, *, reasoned: bool = False, **settings: Any
) -> str:
    """What comes of it when somebody asks for a state, as the API goes about it."""
    flow = workflow(**settings)
    wish = Wish(role, STATES[state] if isinstance(state, str) else state, reasoned)
    return flow.refuse(wish, nsol_error=False) or told(flow.decide(about, wish, NOW))


# -- the states that follow one another, written down once more and not read from the table


def expected(role: Role, about: Alert, to: str) -> str:
    """Sheet 8.4 in words of its own, for an alert that is old enough for everything."""
    start, kind = EXTERNALS[about.state], CODES[about.code]
    if role == MAH and to == "#":
        return "#"
    kinds = {"06b": "technical", "06f": "process", "06m": "process"} if role == ENDUSER else {}
    if role == MAH:
        usual = {"enduser": "06a 06b 06c 06f", "mah": "06a 06c", "distributor": "06k"}
        kinds = dict.fromkeys(usual[about.origin].split(), "")
        kinds |= {"06f": "process"} if "06f" in kinds else {}
        kinds |= {"06o": ""} if (about.origin, start) == ("enduser", "04a") else {}
    first = "01a" if about.origin == "enduser" else "01b"
    if (role == ENDUSER and about.origin != "enduser") or start not in (first, "04a", "#"):
        return "new_state_unexpected"
    if to not in kinds:
        return "new_state_unexpected"
    return to if kinds[to] in ("", kind) else "against_workflow"


@pytest.mark.parametrize("role", [ENDUSER, MAH])
@pytest.mark.parametrize("origin", ORIGINS)
def test_states_that_follow_an_open_one(role: Role, origin: str) -> None:
    for code, start, to in product(CODES, OPEN, STATES):
        about = alert(state=start, origin=origin, code=code)
        about = replace(about, created="2026-01-01 00:00:00", changed="2026-01-02 00:00:00")
        assert ask(about, role, to) == expected(role, about, to), (code, start, to)


@pytest.mark.parametrize("role", [ENDUSER, MAH])
@pytest.mark.parametrize("state", [0, 3, 4, 99, -2])
def test_states_that_there_are_not(role: Role, state: int) -> None:
    assert ask(alert(), role, state) == "new_state_unexpected"


@pytest.mark.parametrize(
    ("created", "outcome"),
    [
        ("2026-02-28 08:00:01", "no_right_to_state"),
        ("2026-02-28 08:00:00", "06a"),
    ],
)
def test_two_days_for_the_end_user(created: str, outcome: str) -> None:
    about = alert(code="A7", created=created)
    assert ask(about, MAH, "06a") == outcome
    assert ask(replace(about, code="A2"), MAH, "06a") == "06a"
    assert ask(about, MAH, "06a", intervention_days=0) == "06a"
    assert ask(about, ENDUSER, "06m") == "06m"
    assert ask(replace(about, origin="mah", state=STATES["01b"]), MAH, "06a") == "06a"


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ("2026-02-16 08:00:01", "conditions_not_met"),
        ("2026-02-16 08:00:00", "06o"),
    ],
)
def test_fourteen_days_without_a_reply(changed: str, outcome: str) -> None:
    about = alert(state="04a", changed=changed)
    assert ask(about, MAH, "06o") == outcome
    assert ask(about, MAH, "06o", cooperation_days=0) == "06o"
    assert ask(about, ENDUSER, "06o") == "new_state_unexpected"


def test_standard_processing() -> None:
    for origin, state in product(ORIGINS, OPEN):
        first = "01a" if origin == "enduser" else "01b"
        about = alert(state=state, origin=origin)
        assert ask(about, MAH, STANDARD_PROCESSING) == first
        assert ask(about, ENDUSER, STANDARD_PROCESSING) == "no_right_to_state"
    foreign = alert(initial=STATES["01b"])
    assert ask(foreign, MAH, STANDARD_PROCESSING) == "01b"


# -- closed alerts


@pytest.mark.parametrize("state", ["#", "06a", "06c", STANDARD_PROCESSING])
def test_reopening_needs_a_reason(state: str | int) -> None:
    about = closed("06b")
    assert ask(about, MAH, state) == "conditions_not_met"
    outcome = "01a" if state == STANDARD_PROCESSING else state
    assert ask(about, MAH, state, reasoned=True) == outcome


def test_the_reason_is_asked_for_last() -> None:
    assert ask(closed(), MAH, "06k") == "new_state_unexpected"
    assert ask(closed(), MAH, "06o", reasoned=True) == "new_state_unexpected"
    assert ask(closed(code="A2"), MAH, "06f") == "against_workflow"
    assert ask(closed(), MAH, "06a", reasoned=True) == "new_state_unexpected"


@pytest.mark.parametrize(
    ("rule", "by", "outcome"),
    [
        ("own", ENDUSER, "01a"),
        ("own", MAH, "alert_closed"),
        ("own", SYSTEM, "alert_closed"),
        ("always", MAH, "01a"),
        ("never", ENDUSER, "alert_closed"),
    ],
)
def test_end_users_that_reopen(rule: str, by: str, outcome: str) -> None:
    about = closed("06b", by)
    wish = STANDARD_PROCESSING
    assert ask(about, ENDUSER, wish, reasoned=True, end_user_reopens=rule) == outcome
    assert ask(about, MAH, wish, reasoned=True, end_user_reopens=rule) == "01a"


def test_an_end_user_corrects_how_it_closed() -> None:
    about = closed("06f", ENDUSER, code="A7")
    assert ask(about, ENDUSER, "06m", reasoned=True) == "06m"
    assert ask(about, ENDUSER, "06m") == "conditions_not_met"
    assert ask(about, ENDUSER, "06b", reasoned=True) == "against_workflow"


@pytest.mark.parametrize("role", [ENDUSER, MAH, NOOL])
def test_archived_alerts_stay_as_they_are(role: Role) -> None:
    instant = later(NOW, days=-90)
    about = replace(closed("06b", ENDUSER), closed=instant)
    assert ask(about, role, STANDARD_PROCESSING, reasoned=True) == "alert_archived"
    assert workflow().answer(about, role, None, NOW) == "alert_archived"
    younger = replace(about, closed=later(instant, hours=1))
    assert ask(younger, role, STANDARD_PROCESSING, reasoned=True) == "01a"
    assert workflow(archive_days=89).archived(younger, NOW)
    assert not workflow().archived(alert(created=instant), NOW)


def test_the_organisation_sets_what_it_likes() -> None:
    for start, to in product(STATES, STATES):
        about = closed(start) if start in FINAL else alert(state=start)
        assert ask(about, NOOL, to) == to
    assert ask(alert(), NOOL, 99) == "new_state_unexpected"


def test_an_error_of_the_verification_system_is_specified() -> None:
    flow, wish = workflow(nsol_error_states=["06c"]), Wish(MAH, STATES["06c"])
    assert flow.refuse(wish, nsol_error=False) == "nsol_error_not_specified"
    assert flow.refuse(wish, nsol_error=True) == ""
    assert flow.refuse(replace(wish, state=STATES["06a"]), nsol_error=False) == ""
    assert workflow().refuse(wish, nsol_error=False) == ""


# -- messages

MESSAGES = [
    # role    from    canned  to
    (MAH, "01a", 0, "04a"),
    (MAH, "01b", 0, "04a"),
    (MAH, "#", 0, "04a"),
    (MAH, "04a", 0, "04a"),
    (MAH, "", 0, ""),
    (MAH, "CALLFAIL", 0, "CALLFAIL"),
    (MAH, "01a", 1, "04a"),
    (MAH, "#", 2, "04a"),
    (MAH, "04a", 1, "alert_not_open_to_messages"),
    (MAH, "", 1, "alert_not_open_to_messages"),
    (ENDUSER, "04a", 0, "#"),
    (ENDUSER, "01a", 0, "01a"),
    (ENDUSER, "#", 0, "#"),
    (ENDUSER, "01a", 101, "#"),
    (ENDUSER, "04a", 101, "alert_not_open_to_messages"),
    (NOOL, "01a", 0, "01a"),
]


@pytest.mark.parametrize(("role", "start", "number", "outcome"), MESSAGES)
def test_what_a_message_makes_of_a_state(role: Role, start: str, number: int, outcome: str) -> None:
    canned = LISTS.canned(role, number) if number else None
    assert told(workflow().answer(alert(state=start), role, canned, NOW)) == outcome


@pytest.mark.parametrize("state", FINAL)
def test_closed_alerts_take_no_messages(state: str) -> None:
    for role in (ENDUSER, MAH):
        assert workflow().answer(closed(state), role, None, NOW) == "alert_not_open_to_messages"
    assert told(workflow().answer(closed(state), NOOL, None, NOW)) == state


# -- the list of states that the manual prints


def test_states_of_the_manual() -> None:
    flow = manual()
    new = alert(initial=1)
    for role, state in product((ENDUSER, MAH), (5, 6, 3)):
        assert flow.decide(new, Wish(role, state), NOW) == state
        set_so = replace(new, state=state, closed_by=role)
        assert flow.decide(set_so, Wish(role, -1, reasoned=True), NOW) == 1
    for state in (1, 7, 8, 10):
        assert flow.refuse(Wish(MAH, state), nsol_error=False) == "new_state_unexpected"
    assert flow.answer(new, MAH, None, NOW) == 5
    assert flow.answer(new, MAH, LISTS.canned(MAH, 1), NOW) == 5
    assert flow.answer(new, ENDUSER, None, NOW) == 1
    assert flow.settled(new, 3, MAH, NOW).closed == NOW


def test_alerts_of_the_other_list_of_states() -> None:
    """A sandbox may change the list at any time; its alerts are still open or closed."""
    flow = manual()
    assert flow.decide(closed("06k"), Wish(MAH, 5), NOW) == "conditions_not_met"
    assert flow.decide(closed("06k"), Wish(MAH, 5, reasoned=True), NOW) == 5
    assert flow.decide(alert(state="04a"), Wish(MAH, 3), NOW) == 3
    other = alert(state="04a", initial=STATES["01b"])
    assert flow.decide(other, Wish(MAH, -1), NOW) == 1
    assert flow.waiting(closed("06k")).due == NEVER


@pytest.mark.parametrize("origin", ORIGINS)
def test_the_state_of_a_new_alert(origin: str) -> None:
    assert EXTERNALS[workflow().first_state(origin)] == ("01a" if origin == "enduser" else "01b")
    assert manual().first_state(origin) == 1


# -- time


def test_a_new_state_is_written_down_with_its_time() -> None:
    flow, before = workflow(), replace(alert(state="04a"), escalation=1)
    assert flow.settled(before, before.state, MAH, NOW) == before
    opened = flow.settled(before, STATES["#"], MAH, NOW)
    assert (opened.changed, opened.closed, opened.escalation) == (NOW, "", 0)
    assert opened.due == "2027-02-20 08:00:00"
    done = flow.settled(opened, STATES["06b"], ENDUSER, NOW)
    assert (done.closed, done.closed_by, done.due) == (NOW, ENDUSER, NEVER)
    again = flow.settled(done, STATES["01a"], MAH, later(NOW, days=400))
    assert (again.closed, again.closed_by) == ("", "")
    assert again.due == later(NOW, days=400 + 365), "a reopened alert has another year"


def all_steps(flow: Workflow, about: Alert) -> list[tuple[str, str, tuple[Role, ...]]]:
    """When what is done, and who is told."""
    done = []
    while about.due != NEVER:
        step = flow.step(about)
        done.append((about.due, step.name, step.mail))
        assert step.alert.due > about.due
        about = step.alert
    return done


def test_reminders_and_the_closing_after_a_year() -> None:
    flow = workflow()
    about = flow.waiting(alert(state="04a"))
    assert all_steps(flow, about) == [
        ("2026-02-22 08:00:00", "reminder", (ENDUSER,)),
        ("2026-02-25 08:00:00", "reminder", (ENDUSER,)),
        ("2027-02-20 08:00:00", "automatic_closing", (ENDUSER, MAH)),
    ]
    assert [name for _, name, _ in all_steps(flow, flow.waiting(alert()))] == ["automatic_closing"]
    assert [name for _, name, _ in all_steps(manual(), manual().waiting(alert()))] == [
        "automatic_closing"
    ]


@pytest.mark.parametrize("state", ["06a", "06o", "06k"])
def test_how_the_system_closes(state: str) -> None:
    flow = workflow(automatic_closing_state=state)
    after = flow.step(flow.waiting(alert())).alert
    assert EXTERNALS[after.state] == state
    assert (after.closed, after.changed) == ("2027-02-20 08:00:00", "2027-02-20 08:00:00")
    assert after.closed_by == SYSTEM
    by_manual = manual(automatic_closing_state=state)
    assert by_manual.step(by_manual.waiting(alert())).alert.state == 3


def test_settings_that_change_meanwhile() -> None:
    about = workflow().waiting(alert(state="04a"))
    step = workflow(reminder_hours=[]).step(about)
    assert (step.name, step.mail) == ("", ())
    assert step.alert == replace(about, due="2027-02-20 08:00:00")
    odd = workflow(reminder_hours=["120", "soon", "48"]).waiting(about)
    assert odd.due == "2026-02-22 08:00:00"


def test_the_end_of_time() -> None:
    assert later("9999-12-31 00:00:00", days=1) == NEVER
    assert workflow(automatic_closing_days=10**9).waiting(alert()).due == NEVER
    assert later(CREATED, hours=48) == "2026-02-22 08:00:00"


# -- the tables, and anything at all


@pytest.mark.parametrize("profile", ["workflow", "manual"])
def test_the_tables_can_be_read(profile: str) -> None:
    book = read_book(LISTS.contract.codelist, profile)
    assert book == LISTS.books[profile]
    for rows in book.transitions.values():
        for row in rows:
            assert row.target in book.externals
            assert row.condition in ("", "intervention", "cooperation")
            assert row.kinds == "*" or row.otherwise in RAISED


alerts = st.builds(
    alert,
    state=st.sampled_from(list(STATES)),
    origin=st.sampled_from(ORIGINS),
    code=st.sampled_from([*CODES, "A1"]),
    closed=st.sampled_from(["", "2025-11-30 00:00:00", CREATED]),
    closed_by=st.sampled_from(["", ENDUSER, MAH, NOOL, SYSTEM]),
    changed=st.sampled_from([CREATED, "2026-02-27 08:00:00"]),
)


@given(
    about=alerts,
    role=st.sampled_from([ENDUSER, MAH, NOOL]),
    state=st.integers(-2, 30),
    reasoned=st.booleans(),
    profile=st.sampled_from(["workflow", "manual"]),
)
def test_every_wish_has_an_answer(
    about: Alert, role: Role, state: int, reasoned: bool, profile: str
) -> None:
    flow = workflow(state_profile=profile)
    wish = Wish(role, state, reasoned)
    verdict = flow.refuse(wish, nsol_error=False) or flow.decide(about, wish, NOW)
    if isinstance(verdict, str):
        assert verdict in RAISED
        return
    assert verdict in flow.book.externals
    after = flow.settled(about, verdict, role, NOW)
    assert bool(after.closed) == (verdict in flow.book.final) or after == about
    assert after.due > NOW
