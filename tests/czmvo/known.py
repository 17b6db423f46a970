"""Ids and credentials of the default world, for calls that shall mean something to it."""

from base64 import b64encode
from typing import Any

import yaml

from podatelna.kernel.resources import resource

_WORLDS = resource("scenarios", "worlds/default.yaml")
_ENVIRONMENTS: dict[str, Any] = yaml.safe_load(_WORLDS.read_text("utf-8"))["czmvo"]
_WORLD = _ENVIRONMENTS["production"]

_ACCOUNTS = {name: each["accounts"] for name, each in _ENVIRONMENTS.items()}
_VERSIONS = {"account": ["1.0"], "client": ["2.0", "2.1"], "developer": ["1.0", "2.1"]}
_HOLDERS = {row["id"] for row in _WORLD["parties"] if row["role"] == "mah"}

LOCATIONS = [row["id"] for row in _WORLD["locations"]]
ALERTS = [row["uprc"] for row in _WORLD["alerts"]]
MESSAGES = [row["id"] for row in _WORLD["messages"]]
_LOCATED = [(row["uprc"], row["location"]) for row in _WORLD["alerts"][:3]]
_BY_ID = [*_LOCATED, (LOCATIONS[0], LOCATIONS[0])]
CREDENTIALS = [
    *((row["login"], row["password"]) for rows in _ACCOUNTS.values() for row in rows),
    *_BY_ID,
    ("nobody", "wrong"),
]
"""Of all kinds and environments, and such as nobody has."""

CALLERS = [
    *(
        (environment, version, (row["login"], row["password"]))
        for environment, rows in _ACCOUNTS.items()
        for row in rows
        for version in _VERSIONS[row.get("kind", "account")]
        for _ in range(3 if row.get("party") in _HOLDERS else 1)
    ),
    *(("production", version, pair) for version in ("1.0", "2.1") for pair in _BY_ID),
]
"""Where, in which version and with which credentials one can sign in; some of them are blocked.

Marketing authorisation holders have the most functions, and come three times.
"""

_FILE = b64encode(b"%PDF-1.7").decode()
_LINES = b64encode(b'"productCode","batch"\r\n"0123456789","1"\r\n"","2"\r\n').decode()
KNOWN: dict[str, list[Any]] = {
    "uprc": [*ALERTS, ALERTS[:2]],
    "note": [*ALERTS, ""],
    "id": [*MESSAGES, *map(str, MESSAGES), 0, 99, [1, 2]],
    "id[]": [[1, 2], [41]],
    "id_parent": [*MESSAGES, 99],
    "id_request": [1, 2, 101, 99],
    "id_reason": [1, 99],
    "state": [-1, 1, 2, 3, 5, 6, 7, 8, 10, 11, 12, 15, 20, 22, 24, "OP", "NO"],
    "page": [-1, 0, 1, 2],
    "location": LOCATIONS,
    "from": ["mah", "enduser", "nool", "1"],
    "file": [_FILE, "", "%"],
    "filename": ["a.pdf", "a.exe", "\u017d.txt"],
    "subject": ["test"],
    "message": ["test"],
    "group": [True],
    "group_a": [True],
    "public": [True],
    "only_file": [True],
    "productCode": ["08594158891136", "0123456789"],
    "batch": ["1", "123456"],
    "csv": [_LINES, ""],
    "client_id": [login for login, _ in CREDENTIALS],
    "client_secret": [secret for _, secret in CREDENTIALS],
}
"""Values by the parameter that they go into."""
