"""The machine's world: subjects, users and three small data sets, as a world file has them.

A row has a name, which identifies it, and a value. A value that is the letter of a kind of checks
fails the check of that kind.
"""

from datetime import UTC, date, datetime
from typing import Any, Final

import yaml

START: Final = datetime(2026, 3, 2, 8, 0, 0, tzinfo=UTC)
"""A Monday, nine o'clock in Prague."""
FIRM, OTHER, STRANGER = "99990000", "99990001", "99990002"
SCOPE: Final = "S_BCPZB"
METHODOLOGY: Final = "ZKU20100101.01"
STRANGE: Final = "MKT20130101.01"
VALID_SINCE: Final = {METHODOLOGY: date(2010, 1, 1), STRANGE: date(2013, 1, 1)}
"""Methodologies that there are. The data sets are part of the first one."""
PASSWORD: Final = "Heslo-123"
DAILY, MONTHLY, PLAIN = "ZKU01", "ZKU02", "ZKU03"
"""The first is additive, the second splittable, the third is neither."""
USERS: Final = {"uziv0001": FIRM, "uziv0002": OTHER}
"""The communicating subjects of users."""
PREFIXES: Final = {FIRM: "999", OTHER: "998", STRANGER: "997"}
EMAILS: Final = {FIRM: "vykazy@obchodnik.example", OTHER: "", STRANGER: "cizi@obchodnik.example"}
RIGHTS: Final = {(FIRM, OTHER)}
SETS: Final[dict[str, dict[str, Any]]] = {
    DAILY: {"period": "day", "term": {"working_days": 1}, "additive": True},
    MONTHLY: {"period": "month", "term": {"day_of_next_month": 20}, "splittable": True},
    PLAIN: {"period": "day", "term": {"days": 2}},
}
OBLIGATIONS: Final = {
    (FIRM, DAILY): date(2026, 2, 26),
    (FIRM, MONTHLY): date(2026, 1, 31),
    (FIRM, PLAIN): date(2026, 2, 26),
    (OTHER, DAILY): date(2026, 2, 26),
}
"""Since when."""
WINDOW: Final = date(2026, 1, 31), date(2026, 3, 3)
"""In which all reference days of the machine are. There is no public holiday in it."""
DAYS: Final = {
    DAILY: (date(2026, 2, 27), date(2026, 3, 2), date(2026, 2, 28)),
    MONTHLY: (date(2026, 1, 31), date(2026, 2, 28)),
    PLAIN: (date(2026, 2, 27), date(2026, 3, 2)),
}
"""For which data are sent; the Saturday is nowhere expected."""
FOLD: Final = 2


def full_code(code: str) -> str:
    return f"{code}.01.00"


def _definition(code: str) -> dict[str, Any]:
    checks = [
        {
            "check": f"{code}_{kind}",
            "name": f"Kontrola {kind}",
            "kind": kind,
            "form": "present",
            "columns": [1],
        }
        for kind in "OLPX"
    ]
    series = {
        "check": f"{code}_C",
        "name": "Kontrola C",
        "kind": "C",
        "form": "rows",
        "fold": FOLD,
    }
    columns = [
        {"number": 1, "label": "Název", "identity": True, "required": True},
        {"number": 2, "label": "Hodnota"},
    ]
    area = {
        "area": f"{code}_A",
        "name": "Zkušební oblast",
        "columns": columns,
        "checks": [*checks, series],
    }
    about = {"data_set": full_code(code), "name": "Zkušební výkaz", "areas": [area]}
    return {**about, "methodologies": [METHODOLOGY], "scopes": [SCOPE], **SETS[code]}


def _triggers(code: str) -> list[dict[str, Any]]:
    names = {kind: f"{code}_{kind}" for kind in "OLPXC"} | {"F": f"{code}_A_F02"}
    return [
        {"data_set": code, "check": check, "column": 2, "value": kind}
        for kind, check in names.items()
    ]


def world_file(*, whole: bool = False) -> str:
    """Whole: with certificates, which take a while, and with both environments."""
    production = {
        "subjects": [
            {"code": code, "name": f"Subjekt {code}", "prefix": prefix, "email": EMAILS[code]}
            for code, prefix in PREFIXES.items()
        ],
        "accounts": [
            {"login": login, "password": PASSWORD, "subject": subject, "certificates": whole}
            for login, subject in USERS.items()
        ],
        "rights": [{"sender": sender, "subject": subject} for sender, subject in RIGHTS],
        "data_sets": [_definition(code) for code in SETS],
        "obligations": [
            {"subject": of, "scope": SCOPE, "data_sets": [code], "since": since.isoformat()}
            for (of, code), since in OBLIGATIONS.items()
        ],
        "triggers": [row for code in SETS for row in _triggers(code)],
    }
    parts = {"production": production} | ({"test": production} if whole else {})
    world = {"title": "The machine's world", "clock": START, "sdns": parts}
    return yaml.safe_dump(world, allow_unicode=True)
