"""Which alerts a call writes to: those it names and their groups, as far as the caller may."""

from collections.abc import Callable, Iterable, Sequence

from podatelna.czmvo.alerts import sees
from podatelna.czmvo.desk import Desk
from podatelna.czmvo.model import MAH, NOOL, Alert, Refusal
from podatelna.czmvo.parameters import Values
from podatelna.czmvo.workflow import Verdict

RAISED = (
    "alert_not_found",
    "no_right_to_write",
    "alert_of_other_mah",
    "alert_of_other_enduser",
    "group_blocked",
)
"""Keys of errors.yaml that are reported here."""

Moved = tuple[Alert, int]
"""An alert, and the state that it goes to."""


def one(desk: Desk, uprc: str) -> Alert | Refusal:
    """The alert that a message or a note is written to."""
    # Credentials for one alert are not told whether there are others (SOURCES.md).
    if _is_bound(desk) and uprc != desk.caller.alert:
        return Refusal("no_right_to_write", "uprc", uprc)
    alert = desk.alerts.find(uprc)
    if alert is None or _is_nobody(desk):
        return Refusal("alert_not_found", "uprc", uprc)
    return alert if sees(desk.caller, alert) else Refusal("no_right_to_write", "uprc", uprc)


def several(desk: Desk, uprcs: Sequence[str]) -> list[Alert] | Refusal:
    """The alerts whose state is set, by UPRC. One that is not the caller's stops the whole call."""
    if _is_bound(desk) and tuple(uprcs) != (desk.caller.alert,):
        return Refusal("no_right_to_write", "uprc", ", ".join(uprcs))
    alerts = desk.alerts.find_all(uprcs)
    if len(alerts) < len(set(uprcs)) or _is_nobody(desk):
        missing = set(uprcs) - {alert.uprc for alert in alerts}
        return Refusal("alert_not_found", "uprc", ", ".join(sorted(missing)))
    foreign = next((alert for alert in alerts if not sees(desk.caller, alert)), None)
    if foreign:
        # The texts say to whom the alert belongs (manual 2.6, codes 26 and 34).
        key = "alert_of_other_mah" if desk.caller.role == MAH else "alert_of_other_enduser"
        return Refusal(key, "uprc", foreign.uprc)
    return alerts


def is_grouped(values: Values) -> bool:
    return bool(values.get("group") or values.get("group_a"))


def with_groups(desk: Desk, named: Sequence[Alert], values: Values) -> list[Alert] | Refusal:
    """The alerts and those of their groups that the caller has a right to; the named ones first.

    With both parameters both groups count (SOURCES.md).
    """
    if not is_grouped(values):
        return list(named)
    if _is_bound(desk):
        return Refusal("no_right_to_write", "group", "credentials of one alert")
    group, anonymous = bool(values.get("group")), bool(values.get("group_a"))
    found = {
        alike.uprc: alike
        for alert in named
        for alike in desk.alerts.alike(alert, group=group, anonymous=anonymous)
        if sees(desk.caller, alike)
    }
    others = sorted(found.keys() - {alert.uprc for alert in named})
    return [*named, *(found[uprc] for uprc in others)]


def let_through(
    desk: Desk,
    alerts: Iterable[Alert],
    decide: Callable[[Alert], Verdict],
    *,
    grouped: bool,
) -> list[Moved] | Refusal:
    """The alerts with the states that they go to, if the operation is possible with all of them.

    One alert of a group that blocks it stops it from version 2 on, and code 40 lists those that do
    (manual 2.7.2, 2.7.3.2). Version 1 goes on with the others.
    """
    verdicts = [(alert, decide(alert)) for alert in alerts]
    moved = [(alert, verdict) for alert, verdict in verdicts if isinstance(verdict, int)]
    blocked = {alert.uprc: verdict for alert, verdict in verdicts if isinstance(verdict, str)}
    if not blocked:
        return moved
    partial = desk.version_1 and desk.settings["group_in_version_1"] == "partial"
    if grouped and not partial:
        uprcs = sorted(blocked)
        return Refusal("group_blocked", "group", ", ".join(uprcs), result={"uprc": uprcs})
    if grouped and moved:
        return moved
    uprc, key = next(iter(blocked.items()))
    return Refusal(key, "uprc", uprc)


def _is_bound(desk: Desk) -> bool:
    """Credentials of one alert (manual 1.1, b), which have no bulk and no group operations."""
    return desk.caller.kind == "alert"


def _is_nobody(desk: Desk) -> bool:
    """A developer who has chosen no end user has no right to any alert (manual 1.1, d)."""
    return desk.caller.role != NOOL and not desk.caller.party
