"""A call as a client decides on it, before it becomes HTTP."""

from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any

PREFIXES = {"production": "", "test": "/t", "development": "/beta"}
VERSION_HEADER = "amscz-version"


@dataclass(frozen=True)
class Call:
    """Everything that a call is made of."""

    environment: str = "production"
    module: str = "alerts"
    method: str = "GET"
    given: dict[str, Any] = field(default_factory=dict)
    credentials: tuple[str, str] | None = None
    """Login and password; None: nobody says who calls. In version 2 the token counts."""
    token: str = ""
    version: str = ""
    agent: str = "machine 1.0"
    accept: str = "application/json"
    language: str = "cs"
    peer: str = "192.0.2.1"
    verify: bool = False
    in_url: bool = False
    """Parameters of GET and DELETE go into the URL."""
    slash: bool = True

    @property
    def version_1(self) -> bool:
        return self.version in ("", "1.0")

    @property
    def has_authorization(self) -> bool:
        return self.credentials is not None

    def authorization(self) -> str:
        if self.credentials is None:
            return ""
        if not self.version_1:
            return f"Bearer {self.token}"
        return "Basic " + b64encode(":".join(self.credentials).encode()).decode()


def _file(lines: str, encoding: str = "utf-8") -> str:
    return b64encode(lines.encode(encoding)).decode()


LINES: dict[str, list[dict[str, str]] | None] = {
    # The dialect of the agency's own exports: quotes, commas, CR LF, Czech names.
    _file('"Kód produktu","Šarže","Platnost","Stav"\r\n"0123456789","1","2026-05-01","OP"\r\n'): [
        {"productCode": "0123456789", "batch": "1", "validity": "2026-05-01", "state": "OP"}
    ],
    # Other names in another order, a byte order mark, and each kind of line that is refused.
    _file(
        "batch;productCode;state;validity\n2;08594158891136;;\n3;;OP;\n4;0123456789;XX;\n"
        '"5";"0123456789";"NO";"tomorrow"\n',
        "utf-8-sig",
    ): [
        {"batch": "2", "productCode": "08594158891136"},
        {"batch": "3", "state": "OP"},
        {"batch": "4", "productCode": "0123456789", "state": "XX"},
        {"batch": "5", "productCode": "0123456789", "state": "NO", "validity": "tomorrow"},
    ],
    # No header, so columns stand in their order.
    _file("08594000000017\r\n08594000000024,B2601,2027-01-31,NO\r\n"): [
        {"productCode": "08594000000017"},
        {
            "productCode": "08594000000024",
            "batch": "B2601",
            "validity": "2027-01-31",
            "state": "NO",
        },
    ],
    "%%%": None,
}
"""Files of exceptions and the lines that are read from them; None: it is no base64."""
