"""The emulator as the machine calls it: a house as a function, without sockets."""

import csv
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from io import StringIO
from typing import Any
from urllib.parse import urlencode

from podatelna.app import House
from podatelna.kernel.exchange import Request, Response
from podatelna.kernel.outbox import letters
from tests.czmvo import description
from tests.czmvo.machine.calls import PREFIXES, VERSION_HEADER, Call
from tests.czmvo.machine.lists import letter_subjects
from tests.czmvo.machine.records import Letter

DEFAULT = "default"
_FOOTER = re.compile(r"\n\*\*EVENT:NEWMESSAGE\*ID:([0-9]+)\*\*\n\Z")


@dataclass(frozen=True)
class Answer:
    """A response, read."""

    status: int
    code: int | None
    message: str
    result: Any
    wait: int | None
    raw: description.Answer = field(repr=False)


class Emulator:
    """One house whose default sandbox is made anew for each history."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._fine: set[Any] = set()
        """Shapes of answers that fit the description."""
        self._letters = 0
        self._described = True

    def anew(self, settings: Mapping[str, Any]) -> None:
        self.house.sandboxes.reset(DEFAULT)
        self.house.sandboxes.set(DEFAULT, {"czmvo": dict(settings)})
        self._letters = 0
        # The description knows ids as the manual's examples have them.
        self._described = settings.get("ids") != "integers"

    def set(self, name: str, value: Any) -> None:
        self.house.sandboxes.set(DEFAULT, {"czmvo": {name: value}})

    def advance(self, by: timedelta) -> None:
        self.house.sandboxes.advance(DEFAULT, by)

    def call(self, call: Call) -> Answer:
        answer = read(self.house.handle(request(call)))
        if self._described:
            self._hold_to_description(call, answer)
        return answer

    def admin(self, call: str, method: str, environment: str, given: Mapping[str, Any]) -> Any:
        """A call at the organisation's own desk: its status and JSON."""
        agency = self.house.agencies["czmvo"]
        body = json.dumps(given).encode() if given else b""
        asked = Request(method, call, f"environment={environment}", {}, body)
        answer = self.house.sandboxes.visit(DEFAULT, agency, asked, agency.admin[call])
        return answer.status, json.loads(answer.body)

    def new_letters(self) -> list[Letter]:
        """Those that were posted since they were last asked for."""
        with self.house.sandboxes.open(DEFAULT) as transaction:
            found = letters(transaction, self._letters)
        self._letters = max((each.number for each in found), default=self._letters)
        return sorted(_letter(each.recipient, each.subject, each.body) for each in found)

    def _hold_to_description(self, call: Call, answer: Answer) -> None:
        """Each shape of answer once in a run: a whole check takes longer than the call."""
        path = f"/{call.module}/" if call.module else "/"
        if (call.method, path) not in _described():
            return
        about = (call.method, path, answer.status, sorted(answer.raw.headers), answer.code)
        shape = repr((about, _shape(answer.result)))
        if shape not in self._fine:
            wrong = description.undocumented(call.method, path, answer.raw)
            assert not wrong, f"{call}: {answer}: {wrong}"
            self._fine.add(shape)


@cache
def _described() -> set[tuple[str, str]]:
    return {(method.upper(), path) for path, method, _ in description.operations()}


def request(call: Call) -> Request:
    """A call as HTTP."""
    in_url = call.in_url and call.method in ("GET", "DELETE")
    query = _query(call.given) if in_url else []
    if call.verify:
        query.append(("connection", "verify"))
    body = b"" if in_url or not call.given else json.dumps(call.given).encode()
    # Development has a host of its own, and a prefix for who cannot choose the host.
    own_host = call.environment == "development" and call.slash
    headers = {"host": "betaapi.czmvo.cz" if own_host else "api.czmvo.cz"}
    headers |= {"accept-language": call.language, "accept": call.accept}
    headers |= {"user-agent": call.agent, VERSION_HEADER: call.version}
    headers |= {"authorization": call.authorization(), "content-type": "application/json"}
    prefix = "" if own_host else PREFIXES[call.environment]
    path = f"{prefix}/{call.module}{'/' if call.slash else ''}"
    if call.module == "auth/token":
        headers["content-type"] = "application/x-www-form-urlencoded"
        body = _form(call)
        del headers["authorization"]
    given = {name: value for name, value in headers.items() if value}
    path = path.replace("//", "/")
    return Request(call.method, path, urlencode(query), given, body, peer=call.peer)


def _form(call: Call) -> bytes:
    client, secret = call.credentials or ("", "")
    form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
    return urlencode({name: value for name, value in form.items() if value}).encode()


def _query(given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Parameters of a URL, lists as PHP has them."""
    pairs = []
    for name, value in given.items():
        listed = isinstance(value, list)
        for each in value if listed else [value]:
            written = json.dumps(each) if isinstance(each, bool | None) else str(each)
            pairs.append((f"{name}[]" if listed else name, "" if each is None else written))
    return pairs


def read(response: Response) -> Answer:
    headers = {name.lower(): value for name, value in response.headers}
    raw = description.Answer(response.status, headers, response.body)
    code, message, result = None, "", None
    if raw.kind == "application/json":
        result = json.loads(response.body)
        if "status" in result:
            code, message, result = _envelope(result)
    elif raw.kind == "text/csv" and "content-disposition" not in headers:
        result = list(csv.DictReader(StringIO(response.body.decode(), newline="")))
    elif response.body:
        result = response.body
    wait = headers.get("retry-after")
    return Answer(
        status=response.status,
        code=code,
        message=message,
        result=result,
        wait=None if wait is None else int(wait),
        raw=raw,
    )


def _envelope(whole: dict[str, Any]) -> tuple[int, str, Any]:
    assert list(whole)[:3] == ["status", "code", "message"]
    assert whole["status"] == ("error" if whole["code"] else "ok")
    return whole["code"], whole["message"], whole.get("result")


def _shape(value: Any) -> Any:
    """What a value is, without what it says."""
    if isinstance(value, dict):
        return {name: _shape(each) for name, each in value.items()}
    if isinstance(value, list):
        return sorted({repr(_shape(each)) for each in value})
    return type(value).__name__ if value != "" else ""


def _letter(recipient: str, subject: str, body: str) -> Letter:
    for kind, form in letter_subjects().items():
        beginning, _, end = form.partition("{uprc}")
        if subject.startswith(beginning) and subject.endswith(end):
            uprc = subject[len(beginning) : len(subject) - len(end)]
            footer = _FOOTER.search(body)
            return Letter(recipient, kind, uprc, int(footer[1]) if footer else 0)
    raise AssertionError(f"nobody sends {subject!r}")
