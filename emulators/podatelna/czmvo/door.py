"""The door: versions and headers, sign-in, limits, and the check of a connection."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from podatelna.czmvo import place as places
from podatelna.czmvo import wire
from podatelna.czmvo.credentials import NAME, Credentials
from podatelna.czmvo.desk import Language
from podatelna.czmvo.model import TIME, Caller, Refusal
from podatelna.czmvo.place import NEWEST, NOWHERE, VERSION_1, Place
from podatelna.czmvo.strangers import Stranger
from podatelna.kernel.auth.basic import read_basic
from podatelna.kernel.auth.bearer import read_bearer
from podatelna.kernel.blanking import BLANK
from podatelna.kernel.contract import Contract
from podatelna.kernel.exchange import Request, Response
from podatelna.kernel.limits import FixedLimit, Limit, SlidingLimit
from podatelna.kernel.rest import accepted, preferred_language
from podatelna.kernel.rules import Finding
from podatelna.kernel.settings import Settings
from podatelna.kernel.visit import Handler, Visit

METHODS = ("GET", "POST", "PUT", "DELETE")
_SERVED: Mapping[str, tuple[str, ...]] = {
    places.ALERTS: METHODS,
    places.FILTER: ("GET", "POST", "DELETE"),
    places.TOKEN: ("POST",),
}
"""The methods of each module. There is nothing at the bare base URL."""

RAISED = (
    "unknown_function",
    "method_not_allowed",
    "request_invalid",
    "not_authenticated",
    "token_invalid",
    "accept_not_supported",
    "internal_error",
    "rate_limited",
)
"""Keys of errors.yaml that are reported here."""

LANGUAGES: tuple[Language, Language] = ("cs", "en")
"""The first is spoken to those who ask for none."""
_TYPES = (wire.JSON, *wire.CSV_NAMES, wire.BINARY)
MANDATORY = {
    "User-Agent": "",
    "Authorization": "missing_authorization",
    "Accept": "missing_accept",
}
"""Headers of version 2 besides its own, and the settings that say which error their absence is."""
_LIMITS = {
    "address": "the limit of calls from one address",
    "client": "the limit of calls of one client",
    "token": "the limit of one token in its interval",
}
_SCHEMES = ("basic", "bearer")
_UNAUTHORIZED = 401


@dataclass(frozen=True, slots=True)
class Admitted:
    """What the door has found out about a call. Nobody is named at the token endpoint."""

    place: Place
    version: str
    language: Language
    caller: Caller | None = None

    @property
    def version_1(self) -> bool:
        return self.version == VERSION_1


@dataclass(frozen=True, slots=True)
class Door:
    """Lets in who is known, in the version that was asked for, and not more often than allowed."""

    contract: Contract

    # -- answers

    def answer(self, version: str, status: int, written: wire.Written) -> Response:
        """A response with the three headers that every answer has (manual 2.1)."""
        kind = (("Content-Type", written.content_type),) if written.content_type else ()
        about = ((places.VERSION_HEADER, version), *places.VERSIONS)
        return Response(status, written.body, (*kind, *written.headers, *about))

    def refuse(self, visit: Visit, admitted: Admitted, refusal: Refusal) -> Response:
        """The error in the caller's language, told to the journal."""
        found = Finding(refusal.key, refusal.at, received=refusal.received)
        visit.trail.findings.append(found)
        response = self._error(visit.settings, admitted, refusal)
        if response.status == _UNAUTHORIZED and visit.settings["challenge"]:
            return replace(response, headers=(*response.headers, self._challenge(admitted)))
        return response

    def failed(self, request: Request, _: datetime) -> Response:
        """What the API says when the program behind it has crashed."""
        settings = self.contract.settings.defaults
        place = places.read_place(request.path)
        admitted = _admitted(request, place, _version(request, settings, place))
        return self._error(settings, admitted, Refusal("internal_error"))

    def _error(self, settings: Settings, admitted: Admitted, refusal: Refusal) -> Response:
        entry = self.contract.errors[refusal.key]
        texts = {"cs": entry.text, "en": str(entry.extra["text_en"])}
        message = texts[admitted.language].format_map(refusal.details)
        status = settings.get(f"status_{entry.number}", entry.status)
        assert isinstance(status, int)
        assert entry.number is not None
        written = wire.error(entry.number, message, refusal.result)
        return self.answer(admitted.version, status, written)

    def _challenge(self, admitted: Admitted) -> tuple[str, str]:
        """Not in the manual, but there are clients that wait for one (RFC 9110, 11.6.1)."""
        realm = self.contract.constant("realm")
        scheme = f'Basic realm="{realm}"' if admitted.version_1 else "Bearer"
        return ("WWW-Authenticate", scheme)

    # -- the way in

    def authenticate(self, visit: Visit, proceed: Handler) -> Response:
        """The checks before a function is called, in the order that SOURCES.md tells."""
        request, settings = visit.request, visit.settings
        place = places.read_place(request.path)
        version = _version(request, settings, place)
        admitted = _admitted(request, place, version)
        if too_often := self.over(visit, admitted, "address", _address(visit)):
            return too_often
        of_token = admitted.place.module == places.TOKEN
        wrong = _misplaced(request, place)
        if refusal := wrong or (None if of_token else _unfit(request, settings, version)):
            return self.refuse(visit, admitted, refusal)
        if of_token:
            return proceed(replace(visit, admitted=admitted))
        return self._sign_in(visit, admitted, proceed)

    def _sign_in(self, visit: Visit, admitted: Admitted, proceed: Handler) -> Response:
        caller = _caller(visit, admitted)
        if caller and (too_often := self.over_as(visit, admitted, caller)):
            return too_often
        if places.only_verifies(visit.request):
            return self._verified(visit.request, admitted, caller)
        if caller is None:
            return self.refuse(visit, admitted, _stranger(visit, admitted))
        return proceed(replace(visit, admitted=replace(admitted, caller=caller)))

    def _verified(self, request: Request, admitted: Admitted, caller: Caller | None) -> Response:
        """The connection and the sign-in, checked. One that fails is no error (manual 2.5, Q31)."""
        words, place = self.contract.constant, admitted.place
        result = {
            "method": request.method,
            "module": place.module,
            "environment": words("environment_words")[place.environment],
            "auth": words("auth_words")[caller.kind if caller else "nobody"],
            "userrole": words("role_words")[caller.role if caller else "nobody"],
            "state": caller is not None,
        }
        return self.answer(admitted.version, 200, wire.success(result))

    # -- limits (manual 3.1, Q12)

    def over_as(self, visit: Visit, admitted: Admitted, caller: Caller) -> Response | None:
        """Count a call of somebody who is known, and name them in the journal."""
        # A location's id is its password, too, and passwords are not recorded.
        visit.trail.login = BLANK if caller.kind == "location" else caller.login
        return self.over(visit, admitted, "client", caller.login)

    def over(self, visit: Visit, admitted: Admitted, of: str, who: str) -> Response | None:
        """Count a call; the refusal if it is one too many. Environments count on their own."""
        limit = _limit(visit.settings, of)
        caller = f"{admitted.place.environment}|{who}"
        wait = limit.hit(visit.transaction, caller, visit.now)
        return None if wait is None else self.too_many(visit, admitted, wait, of)

    def too_many(
        self, visit: Visit, admitted: Admitted, wait: timedelta, of: str = "token"
    ) -> Response:
        """429 without a body: the limits have no code of their own. Seconds are rounded up."""
        visit.trail.findings.append(Finding("rate_limited", received=_LIMITS[of]))
        seconds = -(-wait // timedelta(seconds=1))
        later = (("Retry-After", str(seconds)),) if visit.settings["retry_after"] else ()
        status = self.contract.errors["rate_limited"].status
        assert status is not None
        return self.answer(admitted.version, status, wire.Written(b"", "", later))


def _limit(settings: Settings, of: str) -> Limit:
    calls, seconds = settings[f"limit_per_{of}"], settings["limit_window_seconds"]
    assert isinstance(calls, int)
    assert isinstance(seconds, int)
    kind = FixedLimit if settings["limit_window"] == "fixed" else SlidingLimit
    return kind(f"czmvo.{of}", calls, timedelta(seconds=seconds))


def _address(visit: Visit) -> str:
    """Whose address the limit counts by; behind a proxy, a header may tell it."""
    header = visit.settings["address_header"]
    assert isinstance(header, str)
    told = visit.request.headers.get(header.lower(), "") if header else ""
    return told.partition(",")[0].strip() or visit.request.peer


# -- what a request says of itself


def _version(request: Request, settings: Settings, place: Place | None) -> str | None:
    """The documented token request names no version: it is answered in the newest (2.1.2.2)."""
    of_token = place is not None and place.module == places.TOKEN
    return places.read_version(request, settings, NEWEST if of_token else VERSION_1)


def _admitted(request: Request, place: Place | None, version: str | None) -> Admitted:
    """A call as errors are answered to it: what is unknown is taken for the usual."""
    header = request.headers.get("accept-language")
    wanted = preferred_language(header, LANGUAGES, LANGUAGES[0]) if header else LANGUAGES[0]
    language: Language = "en" if wanted == "en" else "cs"
    return Admitted(place or NOWHERE, version or NEWEST, language)


def _misplaced(request: Request, place: Place | None) -> Refusal | None:
    """Whether there is a function, and with this method. Any of them can be verified (2.5)."""
    verifies = places.only_verifies(request)
    if place is None or (place.module == places.BASE and not verifies):
        return Refusal("unknown_function", received=request.path)
    everything = verifies and place.module != places.TOKEN
    if request.method not in (METHODS if everything else _SERVED[place.module]):
        return Refusal("method_not_allowed", received=request.method)
    return None


def _unfit(request: Request, settings: Settings, version: str | None) -> Refusal | None:
    """What is wrong with the headers (manual 2.1.2.1). Version 1 needs none but a sign-in."""
    if version is None:
        asked = request.headers.get(places.VERSION_HEADER, "nothing")
        return Refusal("request_invalid", places.VERSION_HEADER, asked)
    if version == VERSION_1:
        return None
    for name, setting in MANDATORY.items():
        if not request.headers.get(name.lower(), "").strip():
            return Refusal(str(settings.get(setting, "request_invalid")), name, "nothing")
    accept = request.headers["accept"]
    fits = accepted(accept, _TYPES) is not None
    return None if fits else Refusal("accept_not_supported", "Accept", accept)


def _caller(visit: Visit, admitted: Admitted) -> Caller | None:
    header = visit.request.headers.get("authorization", "")
    known = Credentials(visit.transaction, admitted.place.environment)
    if admitted.version_1:
        pair = read_basic(header)
        return known.basic(*pair) if pair else None
    token = read_bearer(header)
    return known.bearer(token, visit.now.strftime(TIME)) if token else None


def _stranger(visit: Visit, admitted: Admitted) -> Refusal:
    """The credentials themselves are not told, not even in place of a scheme."""
    key = "not_authenticated" if admitted.version_1 else "token_invalid"
    header = visit.request.headers.get("authorization", "nothing")
    scheme = header.partition(" ")[0]
    known = scheme.lower() in (*_SCHEMES, "nothing")
    told = scheme if known else "another scheme"
    why = _why(visit, admitted, header)
    return Refusal(key, "Authorization", f"{told}: {why}" if why else told)


def _why(visit: Visit, admitted: Admitted, header: str) -> str:
    stranger = Stranger(NAME, visit.transaction, admitted.place.environment)
    if admitted.version_1:
        if read_bearer(header):
            return "without amscz-version the call is one of version 1.0, which takes Basic"
        pair = read_basic(header)
        return stranger.because(pair[0], version_1=True) if pair else ""
    token = read_bearer(header)
    if token is None:
        return f"version {admitted.version} takes a Bearer token" if header != "nothing" else ""
    return stranger.because_of_token(token, visit.now.strftime(TIME))
