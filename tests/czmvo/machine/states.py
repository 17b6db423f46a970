"""How the model sets states (manual 2.7.3.2)."""

from tests.czmvo.machine.lifecycle import Wish
from tests.czmvo.machine.lists import named
from tests.czmvo.machine.records import NOOL, Alert, Outcome
from tests.czmvo.machine.turn import Turn, Values, done, refused
from tests.czmvo.machine.writing import (
    Moves,
    grouped,
    let_through,
    move,
    unknown_request,
    with_groups,
    write,
)

REASONS = ("id_reason", "id_reopenreason", "id_reopenReason", "reopenReason", "reason")


def put_state(turn: Turn, values: Values) -> Outcome:
    if refusal := unknown_request(turn, values):
        return refusal
    name = next((each for each in REASONS if values.get(each)), "")
    if name and str(values[name]) not in named("reopen_reasons", "id", "name"):
        return refused(5, name)
    wish = Wish(turn.caller.role, _wanted(turn, values["state"]), bool(name))
    moves = _moves(turn, values, wish)
    if isinstance(moves, Outcome):
        return moves
    if values.get("id_request"):
        write(turn, {"id_request": values["id_request"]}, moves)
    else:
        for uprc, state in moves.items():
            move(turn, turn.data.alerts[uprc], state)
    return done({"uprc": sorted(moves)})


def _wanted(turn: Turn, number: int) -> str:
    if number == -1:
        return "-1"
    return next((each.code for each in turn.states.values() if each.id == number), "unknown")


def _moves(turn: Turn, values: Values, wish: Wish) -> Moves | Outcome:
    alerts = _addressed(turn, values)
    if isinstance(alerts, Outcome):
        return alerts
    group = grouped(values)
    found = [turn.data.alerts[uprc] for uprc in with_groups(turn, alerts, values)]
    archived = not group and any(turn.life.archived(each, turn.now) for each in found)
    impossible = turn.life.impossible(wish.role, wish.state, "nsolError" in values)
    if archived or impossible:
        return refused(25 if archived else impossible)
    verdicts = {each.uprc: _verdict(turn, values, wish, each) for each in found}
    return let_through(turn, verdicts, group)


def _addressed(turn: Turn, values: Values) -> list[str] | Outcome:
    """All must be there, then all the caller's."""
    uprcs: list[str] = sorted(values["uprc"])
    if turn.caller.alert and (uprcs != [turn.caller.alert] or grouped(values)):
        return refused(13)
    nobody = turn.caller.role != NOOL and not turn.caller.party
    if nobody or any(uprc not in turn.data.alerts for uprc in uprcs):
        return refused(12)
    if any(turn.visible(uprc) is None for uprc in uprcs):
        return refused(26 if turn.caller.role == "mah" else 34)
    return uprcs


def _verdict(turn: Turn, values: Values, wish: Wish, alert: Alert) -> str | int:
    """The canned message that goes along must be possible, too."""
    verdict = turn.life.decide(alert, wish, turn.now)
    if isinstance(verdict, int) or not values.get("id_request"):
        return verdict
    answer = turn.life.write(alert, wish.role, values["id_request"], turn.now)
    return answer if isinstance(answer, int) else verdict
