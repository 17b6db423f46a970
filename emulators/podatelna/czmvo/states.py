"""The state of alerts, as callers set it (manual 2.7.3.2)."""

from dataclasses import dataclass

from podatelna.czmvo import addressing
from podatelna.czmvo.addressing import Moved, is_grouped, let_through
from podatelna.czmvo.desk import Desk
from podatelna.czmvo.lists import Canned
from podatelna.czmvo.model import Alert, Answer, Refusal
from podatelna.czmvo.parameters import (
    Parameter,
    Values,
    flag,
    not_allowed,
    number,
    text,
    uprcs,
)
from podatelna.czmvo.sending import Addressed, choose, move, of_canned, send
from podatelna.czmvo.workflow import Verdict, Wish
from podatelna.kernel.settings import Settings

STATE_TAKES = (
    Parameter("uprc", uprcs, required=True),
    Parameter("state", number, required=True),
    Parameter("group", flag),
    Parameter("group_a", flag),
    Parameter("id_request", number),
)


def named_by_settings(settings: Settings) -> tuple[Parameter, ...]:
    """More parameters, whose names the manual does not tell (SOURCES.md)."""
    reasons, nsol_error = settings["reopen_parameters"], settings["nsol_error_parameter"]
    assert isinstance(reasons, list)
    return (*(Parameter(name, number) for name in reasons), Parameter(str(nsol_error), text))


@dataclass(frozen=True, slots=True)
class Order:
    """A state that is to be set."""

    wish: Wish
    canned: Canned | None
    nsol_error: bool


def set_state(desk: Desk, values: Values) -> Answer:
    """Set the state of one alert, of several, or of their groups (manual 2.7.3.2)."""
    order = _read_order(desk, values)
    if isinstance(order, Refusal):
        return order
    alerts = addressing.several(desk, values["uprc"])
    if isinstance(alerts, Refusal):
        return alerts
    moved = _moved(desk, order, alerts, values)
    if isinstance(moved, Refusal):
        return moved
    if order.canned:
        # The message goes along, but the state is the one that was asked for.
        send(desk, of_canned(desk, order.canned), [Addressed(*each) for each in moved])
    else:
        for alert, state in moved:
            move(desk, alert, state)
    return {"uprc": sorted(alert.uprc for alert, _ in moved)}


def _read_order(desk: Desk, values: Values) -> Order | Refusal:
    canned = choose(desk, values)
    if isinstance(canned, Refusal):
        return canned
    names = desk.settings["reopen_parameters"]
    assert isinstance(names, list)
    name = next((each for each in names if values.get(each)), "")
    if name and values[name] not in desk.lists.reopen_reasons:
        return not_allowed(name, values[name])
    wish = Wish(desk.caller.role, values["state"], reasoned=bool(name))
    return Order(wish, canned, str(desk.settings["nsol_error_parameter"]) in values)


def _moved(desk: Desk, order: Order, named: list[Alert], values: Values) -> list[Moved] | Refusal:
    alerts = addressing.with_groups(desk, named, values)
    if isinstance(alerts, Refusal):
        return alerts
    workflow, grouped = desk.workflow, is_grouped(values)
    archived = next((each for each in alerts if workflow.archived(each, desk.now)), None)
    if archived and not grouped:
        return Refusal("alert_archived", "uprc", archived.uprc)
    if key := workflow.refuse(order.wish, nsol_error=order.nsol_error):
        return Refusal(key, "state", str(order.wish.state))
    return let_through(
        desk, alerts, lambda each: _state_verdict(desk, order, each), grouped=grouped
    )


def _state_verdict(desk: Desk, order: Order, alert: Alert) -> Verdict:
    verdict = desk.workflow.decide(alert, order.wish, desk.now)
    if order.canned is None or isinstance(verdict, str):
        return verdict
    answer = desk.workflow.answer(alert, order.wish.role, order.canned, desk.now)
    return answer if isinstance(answer, str) else verdict
