"""The two services with nothing behind them but what remembers, and the calls that reach them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any, Final, cast
from unittest.mock import Mock

from sqlalchemy import Connection

from podatelna.kernel.contract import Contract
from podatelna.kernel.exchange import Request, Response
from podatelna.kernel.ids import Ids
from podatelna.kernel.settings import Settings, Value
from podatelna.kernel.visit import Trail, Visit
from podatelna.sdns.desk import Desk
from podatelna.sdns.service import Service, Work
from podatelna.sdns.submission import Submission
from podatelna.sdns.takeover import Outcome

CONTRACT: Final = Contract("sdns")
LOAD, ROUTER = "/ewi-ws/ZaslaniDat", "/ewi-ws/EwiSOAPRouter"
RUNTIME, DESIGNTIME = "urn:com-ness-cz-ewiautom-wsimpl-IZaslaniDat", "ZaslaniDat"
NOW: Final = datetime(2010, 12, 1, 11, 43, 24, 334999, tzinfo=UTC)
PASSWORD: Final = "Heslo<&>123ž"
LOADED: Final = ("ws9990900002.xml", "UZIV0001", PASSWORD, "NONE", "NONE", "PGEvPg==", "cs", "CZ")
SUBMISSION: Final = Submission(*LOADED)
NAMES: Final = tuple(f"param{number}" for number in range(8))
DESIGN_NAMES: Final = tuple(CONTRACT.constant("parameters_load"))
QUERY: Final = "VYDANI_SEZNAM_JH"
PARAMETERS: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\r\n<DefiniceDotazu>\r\n'
    '<Parametr Nazev="Username"><HodnotaPar>UZIV0001</HodnotaPar></Parametr>\r\n'
    '<Parametr Nazev="Password" Maska=""><Popis>Heslo</Popis>'
    "<HodnotaPar>Heslo&lt;&amp;>123ž</HodnotaPar></Parametr>\r\n"
    '<Parametr Nazev="Rozsah"><HodnotaPar>VSE</HodnotaPar></Parametr>\r\n</DefiniceDotazu>\r\n'
)


OK: Final = Outcome("ok")


@dataclass(frozen=True)
class FakeDesk:
    """What the services know of a desk."""

    environment: str
    settings: Settings
    login: str = ""


@dataclass
class Front:
    """The services. `calls` is what was asked of those behind them."""

    settings: dict[str, Value] = field(default_factory=dict)
    outcome: Outcome = OK
    document: bytes = b"<document/>\n"
    now: datetime = NOW
    trail: Trail = field(default_factory=Trail)
    calls: list[tuple[Any, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        numbers = count(7)
        self.ids = Ids("a seed", lambda _: next(numbers))
        work = Work(self._desk, self._take_over, self._get_params, self._perform, self._crashed)
        self.service = Service(CONTRACT, work)

    def _desk(self, visit: Visit, contract: Contract, environment: str) -> Desk:
        assert contract is CONTRACT
        return cast(Desk, FakeDesk(environment, visit.settings))

    def _take_over(self, desk: Desk, call: Submission) -> Outcome:
        self.calls.append((desk.environment, desk.login, call))
        return self.outcome

    def _get_params(self, desk: Desk, query_type: str) -> bytes:
        self.calls.append((desk.environment, desk.login, query_type))
        return self.document

    def _perform(self, desk: Desk, query_type: str, parameters: bytes) -> bytes:
        self.calls.append((desk.environment, desk.login, query_type, parameters))
        return self.document

    def _crashed(self, contract: Contract, settings: Settings, query_type: str) -> bytes:
        assert (contract, settings) == (CONTRACT, CONTRACT.settings.defaults)
        return f"<crashed>{query_type}</crashed>\n".encode()

    def set(self, **settings: Value) -> None:
        for name, value in settings.items():
            CONTRACT.settings.check(name, value)
        self.settings |= settings

    def visit(self, request: Request) -> Response:
        self.trail = Trail()
        visit = Visit(
            request=request,
            transaction=Mock(Connection),
            now=self.now,
            ids=self.ids,
            settings=CONTRACT.settings.over(self.settings),
            trail=self.trail,
        )
        return self.service.authenticate(visit, self.service.handle)

    def get(self, path: str, method: str = "GET", **headers: str) -> Response:
        path, _, query = path.partition("?")
        return self.visit(Request(method, path, query, {"host": "wsn.cnb.cz"} | headers))

    def findings(self) -> list[tuple[str, str]]:
        return [(found.code, found.received) for found in self.trail.findings]


# -- requests


def post(path: str, body: bytes | str, content_type: str = "text/xml; charset=utf-8") -> Request:
    octets = body.encode() if isinstance(body, str) else body
    return Request("POST", path, headers={"content-type": content_type}, body=octets)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def envelope(content: str) -> str:
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xmlns:xsd="http://www.w3.org/2001/XMLSchema"><s:Body>{content}</s:Body></s:Envelope>'
    )


def load(
    values: Sequence[str] = LOADED,
    names: Sequence[str] = NAMES,
    namespace: str = RUNTIME,
    kind: str = ' xsi:type="xsd:string"',
) -> str:
    """A call of loadData."""
    cells = (
        f"<{name}{kind}>{escaped(value)}</{name}>"
        for name, value in zip(names, values, strict=True)
    )
    return envelope(f'<m:loadData xmlns:m="{namespace}">{"".join(cells)}</m:loadData>')


def query(method: str, inside: str = "") -> str:
    """A call of a query; `inside` is what follows queryType."""
    return envelope(
        f'<m:{method} xmlns:m="EwiQueryWS"><queryType xsi:type="xsd:string">{QUERY}</queryType>'
        f"{inside}</m:{method}>"
    )


def perform(
    attachment: bytes, encoding: str = "8bit", *, end: str = "\r\n", label: str = "<params>"
) -> Request:
    """A call of performQuery with its parameters attached."""
    root = query("performQuery", '<xmlParam href="cid:params"/>')
    head = {
        "root": ["Content-Type: text/xml; charset=utf-8", "Content-ID: <Part1>"],
        "attached": [f"Content-Transfer-Encoding: {encoding}", f"Content-ID: {label}"],
    }
    body = b"".join(
        end.join(["--=_B", *lines, "", ""]).encode() + content + end.encode()
        for lines, content in zip(head.values(), (root.encode(), attachment), strict=True)
    )
    label = 'multipart/related; type="text/xml"; start="Part1"; boundary="=_B"'
    return post(ROUTER, body + b"--=_B--", label)


def headers(response: Response) -> Mapping[str, str]:
    return dict(response.headers)
