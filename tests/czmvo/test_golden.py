"""Every exchange that the manual prints: sent over a socket as it stands there, compared by bytes.

Where we differ, the file says why, and has the whole of our answer.
"""

import http.client
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain
from urllib.parse import urlencode, urlsplit

import pytest

from podatelna.kernel.exchange import Request, Response
from tests.czmvo.contract import hold
from tests.czmvo.golden import FOLDER, NUMBERS, TOKEN, Exchange, every_way, read
from tests.sandboxes import Sandbox

ACCOUNTS = {"enduser": ("LOGIN", "PASSWORD"), "mah": ("MAHLOGIN", "MAHPASSWORD")}
PAIRS = {"enduser": ("id", "secret"), "mah": ("mah-id", "mah-secret")}
NAMES = [f"E{number:02}" for number in NUMBERS]
EXCHANGES = list(chain.from_iterable(map(read, NAMES)))
WAYS = [way for exchange in EXCHANGES for way in every_way(exchange)]
ISSUED = re.compile('(?<="access_token":")[A-Za-z0-9_-]{43}(?=")')
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Line:
    """A connection to the AMS of one sandbox. What is sent has the headers given and no others."""

    connection: http.client.HTTPConnection = field(repr=False)
    base: str

    def send(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes = b""
    ) -> Response:
        """One request. The answer must be documented in openapi.yaml."""
        self.connection.putrequest(
            method, self.base + target, skip_host=True, skip_accept_encoding=True
        )
        length = {"Content-Length": str(len(body))} if body else {}
        for name, value in {"Host": "api.czmvo.cz", **headers, **length}.items():
            self.connection.putheader(name, value)
        self.connection.endheaders(body)
        reply = self.connection.getresponse()
        answer = Response(reply.status, reply.read(), tuple(reply.getheaders()))
        hold(Request(method, target.partition("?")[0]), answer)
        return answer

    def token(self, by: str) -> str:
        client, secret = PAIRS[by]
        form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
        answer = self.send("POST", "/auth/token/", FORM, urlencode(form).encode())
        return str(json.loads(answer.body)["access_token"])

    def headers(self, exchange: Exchange) -> dict[str, str]:
        """What a request needs in its version; the samples of version 1 have no Accept."""
        if exchange.version == "1.0":
            pair = ":".join(ACCOUNTS[exchange.by])
            return {"Authorization": "Basic " + b64encode(pair.encode()).decode()}
        return {
            "User-Agent": "Client 1.0",
            "amscz-version": exchange.version,
            "Authorization": f"Bearer {self.token(exchange.by)}",
            "Accept": exchange.accept,
        }


@pytest.fixture
def line(sandbox: Sandbox) -> Iterator[Line]:
    connection = http.client.HTTPConnection(urlsplit(sandbox.server).netloc)
    with closing(connection):
        yield Line(connection, f"/s/{sandbox.name}")


def prepare(sandbox: Sandbox, exchange: Exchange) -> None:
    sandbox.freeze(exchange.clock)
    sandbox.call("PATCH", "/settings", json={"czmvo": dict(exchange.settings)})


def sent(line: Line, exchange: Exchange) -> Response:
    """The answer to the exchange's request."""
    if exchange.raw:
        return _sent_as_printed(line, exchange)
    headers = line.headers(exchange)
    for each in exchange.before:
        method, target, parameters = each.split(" ", 2)
        assert line.send(method, target, headers, parameters.encode()).status == 200
    body = b"" if exchange.where == "url" else exchange.json.encode()
    return line.send(exchange.method, exchange.target, headers, body)


def _sent_as_printed(line: Line, exchange: Exchange) -> Response:
    raw = exchange.raw
    if TOKEN in raw:
        raw = raw.replace(TOKEN, line.token(exchange.by))
    head, _, body = raw.partition("\n\n")
    first, *rest = head.splitlines()
    method, target, _ = first.split(" ")
    return line.send(method, target, dict(each.split(": ") for each in rest), body.strip().encode())


def version_of(exchange: Exchange) -> str:
    """The version that an answer tells (manual 2.1): the request's, and of a token the newest."""
    of_token = "POST /auth/token/" in exchange.raw
    named = re.search(r"^amscz-version: (.*)$", exchange.raw, re.MULTILINE)
    return exchange.version or (named[1] if named else "2.1" if of_token else "1.0")


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_exchange(way: Exchange, sandbox: Sandbox, line: Line) -> None:
    prepare(sandbox, way)
    answer = sent(line, way)
    about = {
        "Content-Type": way.file or "application/json",
        "amscz-version": version_of(way),
        "amscz-supported-versions": "2.0,2.1",
        "amscz-deprecated-versions": "1.0",
    }
    attached = {"Content-Disposition": 'attachment; filename="xxx.pdf"'} if way.file else {}
    received = dict(answer.headers)
    del received["Date"], received["Content-Length"]
    assert (answer.status, received) == (way.status, about | attached)
    if way.file:
        assert answer.body == file_of(line)
    else:
        assert ISSUED.sub(TOKEN, answer.body.decode()) == way.expected


def file_of(line: Line) -> bytes:
    """The file of message 21 as JSON has it."""
    [exchange] = (each for each in EXCHANGES if each.example == "E12-1")
    answer = sent(line, next(every_way(exchange)))
    return b64decode(json.loads(answer.body)["result"]["filedata"])


# -- the list of deviations


@pytest.mark.parametrize("exchange", EXCHANGES, ids=lambda exchange: exchange.example)
def test_a_deviation_has_its_reason(exchange: Exchange) -> None:
    """And nothing else has one: neither an answer that is equal, nor one that is not printed."""
    differs = bool(exchange.file) or exchange.expected != exchange.printed or not exchange.printed
    assert differs == bool(exchange.deviates)
    assert exchange.file or exchange.expected


def test_the_file_begins_as_it_is_printed() -> None:
    begun = [each for each in EXCHANGES if each.example.startswith("E12") and not each.file]
    for exchange in begun:
        printed, cut, _ = exchange.printed.partition("...")
        assert cut
        assert exchange.answer.startswith(printed)


def test_how_many_are_equal() -> None:
    """22 of the 31 examples come byte by byte, in at least one exchange; some have no answer."""
    equal = {each.example.partition("-")[0] for each in EXCHANGES if not each.deviates}
    assert set(NAMES) - equal == {"E01", "E02", "E03", "E05", "E06", "E08", "E11", "E12", "E14"}


def test_what_is_printed_is_sent() -> None:
    """Of three examples the manual has the answer alone."""
    sent = {each.example.partition("-")[0] for each in EXCHANGES if each.asked == "as printed"}
    assert set(NAMES) - sent == {"E01", "E05", "E10"}


def test_every_file_is_read() -> None:
    assert sorted(path.stem for path in FOLDER.iterdir()) == NAMES
