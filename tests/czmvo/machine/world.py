"""The machine's world, as a file for the emulator and as data for the model.

It stands at START. Alerts are as young and as old as the rules of the agency count.
"""

from base64 import b64encode
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import yaml

from tests.czmvo.machine.door import Door, Login
from tests.czmvo.machine.lifecycle import CLOSED
from tests.czmvo.machine.model import Model
from tests.czmvo.machine.records import (
    ENVIRONMENTS,
    Alert,
    Data,
    Exemption,
    Message,
    Note,
    written,
)

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
L1 = "858d085f-324a-4938-a796-333bfac94f05"
L2 = "3f0c6a52-7d19-4e0b-9c44-2b8e51a7d603"
L3 = "9a1be7d4-05c3-4f6f-8e2a-6d40c2f91b78"
LOCATIONS = {L1: "e1", L2: "e1", L3: "e2"}
ROLES = {"m1": "mah", "m2": "mah", "pd": "mah", "e1": "enduser", "e2": "enduser", "nool": "nool"}
EMAILS = {"m1": "m1@mah.example", "m2": "m2@mah.example", "e1": "e1@lekarna.example"}
"""The distributor and the second end user have none."""


def ago(**time: float) -> datetime:
    return START - timedelta(**time)


_G1, _G2, _N1 = "G-1", "G-2", "N-1"
_ALERTS = (
    # A group of all kinds, one of whose alerts is another holder's; the first two are also of
    # an anonymous group.
    Alert("CZ-A02-000-000-001", ago(days=1), "A2", "01a", "m1", "e1", L1, group=_G1, anonymous=_N1),
    Alert("CZ-A03-000-000-001", ago(days=9), "A3", "01a", "m1", "e1", L1, group=_G1, anonymous=_N1),
    Alert("CZ-A07-000-000-001", START, "A7", "01a", "m1", "e1", L1, group=_G1),
    Alert("CZ-A24-000-000-001", ago(days=10), "A24", "01a", "m1", "e2", L3, group=_G1),
    Alert("CZ-A07-000-000-002", ago(days=10), "A7", "01a", "m2", "e1", L1, group=_G1),
    # The holder has asked: nearly two weeks ago, nearly two days ago.
    Alert(
        *("CZ-A52-000-000-001", ago(days=20), "A52", "04a", "m1", "e1", L2),
        changed=ago(days=13, hours=23),
    ),
    Alert(
        *("CZ-A68-000-000-001", ago(days=3), "A68", "04a", "m1", "e2", L3), changed=ago(hours=47)
    ),
    # Worked on, and closed in a group; one is archived tomorrow, one is since yesterday.
    Alert("CZ-A02-000-000-002", ago(days=30), "A2", "#", "m1", "e1", L2, changed=ago(days=6)),
    Alert(
        *("CZ-A03-000-000-002", ago(days=30), "A3", "06b", "m1", "e1", L1),
        group=_G2,
        changed=ago(days=5),
        closed=ago(days=5),
        closed_by="enduser",
    ),
    Alert(
        *("CZ-A02-000-000-003", ago(days=200), "A2", "06a", "m1", "e1", L1),
        group=_G2,
        changed=ago(days=89),
        closed=ago(days=89),
        closed_by="mah",
    ),
    Alert("CZ-A02-000-000-006", ago(days=4), "A2", "01a", "m1", "e1", L1, group=_G2),
    Alert(
        *("CZ-A24-000-000-002", ago(days=200), "A24", "06m", "m1", "e1", L1),
        changed=ago(days=91),
        closed=ago(days=91),
        closed_by="enduser",
    ),
    # Of holders' and distributors' own transactions, and from another market.
    Alert("CZ-A03-000-000-003", ago(days=4), "A3", "01b", "m1", origin="mah"),
    Alert("CZ-A03-000-000-004", ago(days=4), "A3", "01b", "m1", "e1", L1, origin="mah"),
    Alert("CZ-A52-000-000-002", ago(days=4), "A52", "01b", "pd", origin="distributor"),
    Alert("DE-A03-000-000-005-AAA", ago(days=4), "A3", "01a", "m1"),
    # Nobody's but the others'.
    Alert("CZ-A02-000-000-004", ago(days=4), "A2", "01a", "m2", "e2", L3),
    # To be closed tomorrow, and not closed a year after its creation.
    Alert("CZ-A68-000-000-002", ago(days=364), "A68", "01a", "m1", "e1", L1, anonymous=_N1),
    Alert("CZ-A02-000-000-005", ago(days=400), "A2", "01a", "m1", "e2", L3),
    # States that nobody sets.
    Alert("CZ-A52-000-000-003", ago(days=4), "A52", "postponed", "m1", "e1", L1),
    Alert("CZ-A03-000-000-006", ago(days=4), "A3", "CALLFAIL", "m1", "e1", L1),
)
UPRCS = [alert.uprc for alert in _ALERTS]
UNKNOWN = "CZ-XXX-XXX-XXX-XXX"
RAISED = [f"CZ-NEW-000-000-00{number}" for number in range(3)]
"""For alerts that are raised later."""

_MESSAGES = (
    Message(5, UPRCS[0], ago(days=1), ago(days=1), "m1", "info", "Uplne ok", public=False),
    Message(6, UPRCS[0], ago(hours=9), ago(hours=8), "e1", "Re: info", "Žluť/\"'", parent=5),
    Message(7, UPRCS[7], ago(hours=7), ago(hours=7), "e1", "Obal", file=("xxx.pdf", b"%PDF\x00")),
    Message(8, UPRCS[1], ago(hours=6), ago(hours=6), "m1", "Fotka", "?", request=1, sending=8),
    Message(9, UPRCS[3], ago(hours=6), ago(hours=6), "m1", "Fotka", "?", request=1, sending=8),
    Message(10, UPRCS[11], ago(days=99), ago(days=99), "e1", "staré", "x"),
)
_NOTES = {
    (UPRCS[0], "mah"): Note("Test note", False, ago(hours=5)),
    (UPRCS[1], "mah"): Note("jen pro nás", True, ago(hours=5)),
    (UPRCS[0], "nool"): Note("Předáno.", False, ago(hours=4)),
}
_EXEMPTIONS = (
    Exemption(2, "0123456789", "123456", "2026-03-04", "m1"),
    Exemption(3, "08594158891136", None, None, "m1"),
    Exemption(4, "08594158891136", "1", "2030-01-01", "m2"),
)
_LEVEL_3 = [
    {
        "uprc": f"CZ-{L1}-{number:06d}",
        "created": written(ago(days=8 - number)),
        "productcode": "18901138057340",
        "stateid": 6,
        "number": number,
    }
    for number in (1, 2)
]
LOGINS = [
    Login(environment, kind, f"{kind}-{party}-{environment}", f"Secret-{party}", party)
    for environment, parties in (
        ("production", ("m1", "m2", "pd", "e1", "e2")),
        ("test", ("m1", "e1", "e2")),
        ("development", ("m1", "e1")),
    )
    for party in parties
    for kind in ("account", "client")
]
DEVELOPERS = [
    Login(environment, "developer", name, "Dev", acts_for=acts_for)
    for environment in ENVIRONMENTS
    for name, acts_for in (("dev-1", "e1"), ("dev-2", ""))
]
BLOCKED = [
    Login("production", kind, f"blocked-{kind}", "B", "e1", blocked=True)
    for kind in ("account", "client")
]
ALL_LOGINS = [*LOGINS, *DEVELOPERS, *BLOCKED]

_MANUAL = {"01a": "01", "01b": "01", "04a": "#", **dict.fromkeys(CLOSED, "closed")}
"""What states of the workflow are in the manual's list."""


def alerts(profile: str) -> list[Alert]:
    """The world's alerts in the states of a profile."""
    made = [replace(each, changed=max(each.changed, each.created)) for each in _ALERTS]
    if profile == "manual":
        made = [replace(each, state=_MANUAL.get(each.state, each.state)) for each in made]
    return made


def data(profile: str) -> Data:
    return Data(
        alerts={each.uprc: each for each in alerts(profile)},
        messages={each.id: replace(each, sending=each.sending or each.id) for each in _MESSAGES},
        notes={key: copy(each) for key, each in _NOTES.items()},
        exemptions={each.id: copy(each) for each in _EXEMPTIONS},
        level_3={L1: list(_LEVEL_3)},
        last_message=19,
        last_exemption=0,
    )


def model(settings: dict[str, Any]) -> Model:
    """The model of the world, under the settings of a sandbox."""
    production = data(settings["state_profile"])
    everywhere = {name: production.copied() for name in ENVIRONMENTS}
    door = Door(settings, ROLES, LOCATIONS, everywhere)
    for login in ALL_LOGINS:
        door.add(login)
    made = Model(door, everywhere, START)
    made.emails = EMAILS
    return made


# -- the same as a world file


def world_file(profile: str) -> str:
    production = {
        "parties": [
            {"id": name, "role": role, "name": f"Firma {name}", "email": EMAILS.get(name, "")}
            for name, role in ROLES.items()
        ],
        "locations": [{"id": name, "party": party} for name, party in LOCATIONS.items()],
        "accounts": _accounts("production"),
        "alerts": [_alert_row(each) for each in alerts(profile)],
        "messages": [_message_row(each) for each in _MESSAGES],
        "notes": [
            {
                "uprc": uprc,
                "role": role,
                "text": n.text,
                "private": n.private,
                "changed": written(n.changed),
            }
            for (uprc, role), n in _NOTES.items()
        ],
        "exceptions": [_exemption_row(each) for each in _EXEMPTIONS],
        "level_3": [
            {
                "location": L1,
                "number": row["number"],
                "created": row["created"],
                "product_code": row["productcode"],
                "state": row["stateid"],
            }
            for row in _LEVEL_3
        ],
        "next_message": 20,
        "next_exception": 1,
    }
    parts: dict[str, Any] = {"production": production}
    parts |= {name: {"accounts": _accounts(name)} for name in ENVIRONMENTS[1:]}
    settings = {"czmvo": {"state_profile": profile}}
    world = {"title": "The machine's world", "clock": START, "settings": settings, "czmvo": parts}
    return yaml.safe_dump(world, allow_unicode=True)


def _accounts(environment: str) -> list[dict[str, Any]]:
    return [
        {
            "login": each.login,
            "password": each.secret,
            "kind": each.kind,
            "party": each.party,
            "acts_for": each.acts_for,
            "blocked": each.blocked,
        }
        for each in ALL_LOGINS
        if each.environment == environment
    ]


def _alert_row(alert: Alert) -> dict[str, Any]:
    row = {
        "uprc": alert.uprc,
        "created": written(alert.created),
        "product_code": alert.product,
        "state": alert.state,
        "code": alert.code,
        "origin": alert.origin,
        "mah": alert.mah,
        "enduser": alert.enduser,
        "location": alert.location,
        "group": alert.group,
        "anonymous_group": alert.anonymous,
        "changed": written(alert.changed),
    }
    closed = {"closed_by": alert.closed_by} if alert.closed else {}
    return row | closed


def _message_row(message: Message) -> dict[str, Any]:
    row = {
        "id": message.id,
        "uprc": message.uprc,
        "created": written(message.created),
        "changed": written(message.changed),
        "author": message.author,
        "subject": message.subject,
        "text": message.text,
        "public": message.public,
        "parent": message.parent,
        "request": message.request,
    }
    if message.sending:
        row["sending"] = message.sending
    if message.file:
        name, content = message.file
        row["file"] = {"name": name, "content": b64encode(content).decode()}
    return row


def _exemption_row(one: Exemption) -> dict[str, Any]:
    given = {
        "id": one.id,
        "product_code": one.product,
        "batch": one.batch,
        "validity": one.validity,
    }
    return {**given, "state": "NO", "owner": one.owner}
