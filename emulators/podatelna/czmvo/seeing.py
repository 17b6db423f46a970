"""Which alerts a call reads, and which side it sees them from."""

from podatelna.czmvo.alerts import sees
from podatelna.czmvo.desk import Desk
from podatelna.czmvo.model import ENDUSER, MAH, Alert, Refusal
from podatelna.czmvo.tally import Side


def visible(desk: Desk, uprc: str) -> Alert | Refusal:
    """The alert, if it is the caller's to see; there is no telling whether there are others."""
    alert = desk.alerts.find(uprc)
    if alert is None or not sees(desk.caller, alert):
        return Refusal("alert_not_found", "uprc", uprc)
    return alert


def chosen(desk: Desk, uprc: str | None) -> Alert | Refusal | None:
    """The one alert that a call is about; None: all that the caller sees.

    Credentials for one alert are about no other, even if none is named (manual 1.1).
    """
    asked = desk.caller.alert or None if uprc is None else uprc
    return None if asked is None else visible(desk, asked)


def side(desk: Desk) -> Side:
    """Which side the caller is on. Developers write the software of end users (manual 1.1)."""
    return MAH if desk.caller.role == MAH else ENDUSER


def literal(desk: Desk) -> bool:
    """Whether ids are numbers and texts as the manual's examples have them."""
    return desk.settings["ids"] == "literal"
