"""Rate limits are waited out, lost questions repeated, and messages never sent twice."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from podatelna_client.czmvo import (
    NO_PATIENCE,
    CzmvoClient,
    OutcomeUnknown,
    RateLimited,
    ServiceUnreachable,
    UnreadableAnswer,
    codes,
)
from tests.clients.ams import START, UPRC, Ams

Call = Callable[[CzmvoClient], Any]

# The answers that leave a caller without one.
LOST: dict[str, dict[str, Any]] = {
    "nothing": {"nothing": True},
    "cut": {"body": '{"status":"ok"', "cut": 3},
    "no gateway": {"body": "<html>Bad Gateway</html>", "status": 502},
    "no server": {"status": 503},
    "no answer in time": {"body": "<html>", "status": 504},
}
REPEATED: dict[str, tuple[Call, object]] = {
    "question": (lambda client: client.reopen_reasons(), {"reasons": []}),
    "download": (lambda client: client.alert_states_csv(), None),
    "state": (lambda client: client.set_state(UPRC, 5), {"uprc": [UPRC]}),
    "note": (
        lambda client: client.set_note(UPRC, "n"),
        {"uprc": UPRC, "changed": "2026-03-02 08:00:00"},
    ),
    "edit": (
        lambda client: client.edit_message(22, subject="s"),
        {"id": 22, "changed": "2026-03-02 08:00:00"},
    ),
    "check": (lambda client: client.verify_connection("filter", "POST"), {"state": True}),
}
NOT_REPEATED: dict[str, Call] = {
    "message": lambda client: client.send_message(UPRC, "s", "m"),
    "canned": lambda client: client.send_canned(UPRC, 1),
    "reply": lambda client: client.reply(20, "s", "m"),
    "file": lambda client: client.send_file(UPRC, "a.txt", b"a"),
    "state with a message": lambda client: client.set_state(UPRC, 5, id_request=1),
    "deletion": lambda client: client.delete_message(22),
    "deletion of a note": lambda client: client.delete_note(UPRC),
    "exception": lambda client: client.add_exception("1", "2", "2027-01-01", "OP"),
    "exceptions": lambda client: client.import_exceptions([]),
    "deletion of exceptions": lambda client: client.delete_exceptions("1"),
}


# --- 429


@pytest.mark.parametrize(
    ("header", "pause"),
    [
        ("17", 17.0),
        (" 300 ", 300.0),
        ("Mon, 02 Mar 2026 08:02:00 GMT", 120.0),
        ("Mon, 02 Mar 2026 08:02:00 -0000", 120.0),
        ("Mon, 02 Mar 2026 07:00:00 GMT", 1.0),
        ("0", 1.0),
        ("-5", 1.0),
        ("soon", 1.0),
        ("", 1.0),
    ],
)
def test_the_service_may_say_how_long(ams: Ams, header: str, pause: float) -> None:
    ams.play_limit(Retry_After=header)
    ams.play_ok({"reasons": []})
    assert ams.v1.reopen_reasons() == ()
    assert ams.pauses == [pause]


def test_otherwise_pauses_grow_until_the_window_of_five_minutes_is_over(ams: Ams) -> None:
    for _ in range(11):
        ams.play_limit()
    with pytest.raises(RateLimited) as caught:
        ams.v1.reopen_reasons()
    assert ams.pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    assert 300 < sum(ams.pauses) <= 330
    assert str(caught.value) == "HTTP 429: too many requests"


def test_a_wait_that_is_too_long_is_not_begun(ams: Ams) -> None:
    ams.play_limit(Retry_After="331")
    with pytest.raises(RateLimited) as caught:
        ams.v1.reopen_reasons()
    assert (caught.value.retry_after, caught.value.status, ams.pauses) == (331.0, 429, [])
    assert ams.now == START


def test_each_call_has_all_its_patience(ams: Ams) -> None:
    client = ams.v1
    for _ in range(2):
        ams.play_limit(Retry_After="300")
        ams.play_ok({"reasons": []})
        client.reopen_reasons()
    assert ams.pauses == [300, 300]


@pytest.mark.parametrize("name", [*NOT_REPEATED, *REPEATED])
def test_a_limited_call_was_not_carried_out_and_may_go_again(ams: Ams, name: str) -> None:
    call = NOT_REPEATED[name] if name in NOT_REPEATED else REPEATED[name][0]
    ams.play_limit()
    ams.play_error(24, 500)
    with pytest.raises(codes.InternalError):
        call(ams.v1)
    assert len(set(ams.server.bodies())) == 1


def test_callers_without_patience_are_told_at_once(ams: Ams) -> None:
    assert (NO_PATIENCE.longest, NO_PATIENCE.repeats) == (0, 0)
    client = ams.client("1.0", patience={"longest": 0})
    ams.play_limit(Retry_After="1")
    with pytest.raises(RateLimited):
        client.reopen_reasons()
    ams.play(nothing=True)
    with pytest.raises(OutcomeUnknown):
        client.reopen_reasons()
    assert ams.pauses == []


# --- lost answers


@pytest.mark.parametrize("lost", LOST)
@pytest.mark.parametrize("name", REPEATED)
def test_what_does_no_harm_is_sent_again(ams: Ams, name: str, lost: str) -> None:
    call, result = REPEATED[name]
    for _ in range(2):
        ams.play(**LOST[lost])
    if result is None:
        ams.play('"id"\r\n', headers=(("Content-Type", "text/csv"),))
    else:
        ams.play_ok(result)
    call(ams.v1)
    assert ams.pauses == [1, 2]
    assert len(set(ams.server.bodies())) == len(set(ams.paths)) == 1


@pytest.mark.parametrize("lost", LOST)
@pytest.mark.parametrize("name", REPEATED)
def test_three_times_is_enough(ams: Ams, name: str, lost: str) -> None:
    for _ in range(3):
        ams.play(**LOST[lost])
    with pytest.raises(OutcomeUnknown) as caught:
        REPEATED[name][0](ams.v1)
    assert caught.value.repeatable
    assert str(caught.value).endswith("; it may be sent again")
    assert len(ams.server.received) == 3


@pytest.mark.parametrize("lost", LOST)
@pytest.mark.parametrize("name", NOT_REPEATED)
def test_what_could_do_harm_is_sent_once(ams: Ams, name: str, lost: str) -> None:
    ams.play(**LOST[lost])
    with pytest.raises(OutcomeUnknown) as caught:
        NOT_REPEATED[name](ams.v1)
    assert not caught.value.repeatable
    assert str(caught.value).endswith("; look before you send it again")
    assert len(ams.server.received) == 1


@pytest.mark.parametrize("last", ["refusal", "limit"])
def test_a_repeated_change_that_is_refused_may_have_been_made_before(ams: Ams, last: str) -> None:
    client = ams.client("1.0", patience={"longest": 5})
    ams.play(nothing=True)
    if last == "refusal":
        ams.play_error(29, 405)
    else:
        ams.play_limit(Retry_After="60")
    with pytest.raises(OutcomeUnknown) as caught:
        client.set_state(UPRC, 11)
    error = caught.value
    kind = codes.AlertClosed if last == "refusal" else RateLimited
    assert isinstance(error.__cause__, kind)
    assert not error.repeatable
    assert f"; its repetition: {error.__cause__}; look" in str(error)


def test_a_repeated_question_that_is_refused_is_just_refused(ams: Ams) -> None:
    ams.play(nothing=True)
    ams.play_error(12, 404)
    with pytest.raises(codes.AlertNotFound):
        ams.v1.note(UPRC)


def test_the_repetition_of_a_change_that_cannot_be_sent_is_a_doubt(
    ams: Ams, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = ams.v1
    ams.play(nothing=True)

    def gone(order: Any) -> Any:
        raise ServiceUnreachable("gone")

    def then_gone(seconds: float) -> None:
        monkeypatch.setattr(client._caller._transport, "send", gone)

    object.__setattr__(client._caller._habits.patience, "sleep", then_gone)
    with pytest.raises(OutcomeUnknown, match="its repetition: gone"):
        client.set_state(UPRC, 5)


def test_limits_and_losses_share_one_patience(ams: Ams) -> None:
    ams.play(nothing=True)
    ams.play_limit(Retry_After="320")
    ams.play(nothing=True)
    ams.play_limit()
    with pytest.raises(RateLimited):
        ams.v1.reopen_reasons()
    assert ams.pauses == [1, 320, 4]


@pytest.mark.parametrize("status", [200, 500])
def test_nonsense_is_not_asked_for_again(ams: Ams, status: int) -> None:
    ams.play("<html>", status=status)
    with pytest.raises(UnreadableAnswer) as caught:
        ams.v1.reopen_reasons()
    assert (caught.value.repeatable, caught.value.answer) == (True, b"<html>")
    assert ams.pauses == []


# --- pages


def page(number: int, pages: int, *uprcs: str) -> dict[str, object]:
    alerts = [
        {"uprc": uprc, "created": "2026-03-02 08:00:00", "stateid": 1, "lastmessageid": 0}
        for uprc in uprcs
    ]
    return {"pages": pages, "currentPage": number, "alerts": alerts}


def test_all_pages_one_after_the_other(ams: Ams) -> None:
    client = ams.v1
    ams.play_ok(page(1, 3, "A", "B"))
    alerts = client.iterate_states(latest=True, state=1)
    assert ams.server.received == []
    assert [next(alerts).uprc, next(alerts).uprc] == ["A", "B"]
    assert len(ams.server.received) == 1
    # A new alert has pushed B to the second page.
    ams.play_ok(page(2, 3, "B", "C"))
    ams.play_limit()
    ams.play_ok(page(3, 3, "D"))
    assert [alert.uprc for alert in alerts] == ["C", "D"]
    asked = [json.loads(body) for body in ams.server.bodies()]
    assert [each["page"] for each in asked] == [1, 2, 3, 3]
    assert all((each["latest"], each["state"]) == (True, 1) for each in asked)


@pytest.mark.parametrize("answer", [page(1, 0), page(1, 1), page(1, 5), {"alerts": []}])
def test_an_empty_page_is_the_end(ams: Ams, answer: dict[str, object]) -> None:
    ams.play_ok(answer)
    assert list(ams.v1.iterate_states()) == []


def test_an_unknown_filter_is_a_mistake_of_the_program(ams: Ams) -> None:
    unknown: Any = {"createdfrom": "x"}
    with pytest.raises(TypeError, match="unexpected keyword argument 'createdfrom'"):
        ams.v1.list_states(**unknown)
