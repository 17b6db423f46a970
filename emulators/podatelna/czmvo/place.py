"""Where a request goes, and which version of the API it speaks (manual 1.1, 2.1)."""

from dataclasses import dataclass
from functools import lru_cache

from podatelna.czmvo.model import DEVELOPMENT, PRODUCTION, TEST
from podatelna.kernel.exchange import Headers, Request
from podatelna.kernel.rest import read_query
from podatelna.kernel.settings import Settings

VERSION_1 = "1.0"
SUPPORTED = ("2.0", "2.1")
NEWEST = SUPPORTED[-1]
VERSION_HEADER = "amscz-version"
ALIASES = ("amsapi-version", "ams-api-version")
"""What the manual's list of changes calls the header (3.1)."""
VERSIONS: Headers = (
    ("amscz-supported-versions", ",".join(SUPPORTED)),
    ("amscz-deprecated-versions", VERSION_1),
)
"""What every answer says besides the version that was used (manual 2.1)."""

PATHS = {PRODUCTION: "", TEST: "/t", DEVELOPMENT: "/beta"}
"""What comes before a function's path. Development has a host without a prefix, too."""
ALERTS, FILTER, TOKEN, BASE = "alerts", "filter", "auth/token", ""
MODULES = (ALERTS, FILTER, TOKEN, BASE)
_ENVIRONMENTS = {prefix[1:]: environment for environment, prefix in PATHS.items() if prefix}


@dataclass(frozen=True, slots=True)
class Place:
    """One function of one environment."""

    environment: str
    module: str
    """alerts, filter, auth/token, or "" for the bare base URL."""


NOWHERE = Place(PRODUCTION, BASE)
"""As good as any place, for requests to a path that is none."""


_ASKED_AGAIN = 64
"""Paths whose places are kept: each request is asked for its place several times."""


@lru_cache(_ASKED_AGAIN)
def read_place(path: str) -> Place | None:
    """The place at a path, with and without the final slash; None: there is none.

    Nothing is ever redirected: a redirect would lose the body of a GET.
    """
    parts = path.removeprefix("/").removesuffix("/").split("/")
    environment = _ENVIRONMENTS.get(parts[0], PRODUCTION)
    module = "/".join(parts if environment == PRODUCTION else parts[1:])
    return Place(environment, module) if module in MODULES else None


def read_version(request: Request, settings: Settings, unnamed: str = VERSION_1) -> str | None:
    """The version that a request asks for, `unnamed` if it does not say (manual 2.1, 3.1).

    None: there is none such, or it is switched off.
    """
    names = (VERSION_HEADER, *(ALIASES if settings["version_aliases"] else ()))
    asked = next((request.headers[name] for name in names if name in request.headers), unnamed)
    version = asked.strip()
    if version == VERSION_1:
        return VERSION_1 if settings["version_1"] else None
    return version if version in SUPPORTED else None


def only_verifies(request: Request) -> bool:
    """Whether a call is to be checked and not carried out; a parameter of the URL (manual 2.5)."""
    query = request.query
    # Most queries are done with at a glance.
    if "connection" not in query and "%" not in query:
        return False
    return read_query(query).get("connection") == "verify"
