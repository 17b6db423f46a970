"""Ubyport under load: signed in, validated, stored and journaled, beside bare Flask and bare lxml.

Run from the project's root: python -m benchmarks.ubyport [seconds a round]
Server and load generator are processes of their own; where the system allows it, each has a core.
"""

import sys
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import ExitStack
from itertools import count

from benchmarks.load import Ask
from benchmarks.processes import Process, part_cores, pin, served, serving
from benchmarks.turns import FLASK, HELLO, Subject, measure, print_beside_flask

LOGIN, PASSWORD, DOMAIN = "uby-tws00001", "Heslo-1234", "EXRESORTMV"
PATH = "/ws_uby_test/ws_uby.svc"
ENVELOPE = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{}</s:Body></s:Envelope>'
AVAILABLE = ENVELOPE.format('<TestDostupnosti xmlns="http://UBY.pcr.cz/WS_UBY"/>')
GUEST = (
    "<a:Ubytovany><a:cDate>01011980</a:cDate><a:cDocN>AB{:08d}</a:cDocN><a:cFirstN>Jan</a:cFirstN>"
    '<a:cFrom>2026-01-10T14:00:00</a:cFrom><a:cNati>DEU</a:cNati><a:cNote i:nil="true"/>'
    '<a:cPlac i:nil="true"/><a:cPurp>10</a:cPurp><a:cResi>Berlin, Strasse 1</a:cResi>'
    '<a:cSpz i:nil="true"/><a:cSurN>Muster</a:cSurN><a:cUntil>2026-01-25T10:00:00</a:cUntil>'
    '<a:cVisN i:nil="true"/></a:Ubytovany>'
)
FILING = ENVELOPE.format(
    '<ZapisUbytovane xmlns="http://UBY.pcr.cz/WS_UBY"><AutentificationCode>X</AutentificationCode>'
    '<Seznam xmlns:a="http://schemas.datacontract.org/2004/07/WS_UBY"'
    ' xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><a:Ubytovani>{}</a:Ubytovani>'
    "<a:VracetPDF>false</a:VracetPDF><a:uCont>vyvoj@zkusebna.example</a:uCont><a:uHomN>50</a:uHomN>"
    "<a:uIdub>2016201258899</a:uIdub><a:uMark>AAKLI</a:uMark>"
    "<a:uName>TEST WS - Zkušebna s.r.o.</a:uName><a:uOb>Praha</a:uOb><a:uObCa>Karlín</a:uObCa>"
    "<a:uOkr>Praha</a:uOkr><a:uOriN>2a</a:uOriN><a:uPsc>18600</a:uPsc><a:uStr>Zkušební</a:uStr>"
    "</Seznam></ZapisUbytovane>"
)


def post(operation: str, body: str, authorization: str = "") -> bytes:
    content = body.encode()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: load\r\nAccept: */*\r\n"
        f"Content-Type: text/xml; charset=utf-8\r\n{authorization}"
        f'SOAPAction: "http://UBY.pcr.cz/WS_UBY/IWS_UBY/{operation}"\r\n'
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def sign_in(ask: Ask) -> None:
    """The NTLM handshake that a connection begins with."""
    import spnego  # noqa: PLC0415 - the server's process of this module has no use for it

    client = spnego.client(f"{DOMAIN}\\{LOGIN}", PASSWORD, protocol="ntlm")
    token = b64encode(client.step() or b"").decode()
    reply = ask(post("TestDostupnosti", AVAILABLE, f"Authorization: NTLM {token}\r\n"))
    challenge = reply.head.partition(b"WWW-Authenticate: NTLM ")[2].partition(b"\r\n")[0]
    token = b64encode(client.step(b64decode(challenge)) or b"").decode()
    reply = ask(post("TestDostupnosti", AVAILABLE, f"Authorization: NTLM {token}\r\n"))
    assert reply.status == 200, reply


def filing(guests: int) -> Callable[[int], bytes]:
    """Requests that file new guests, none of them twice."""
    numbers = count()

    def request(_: int) -> bytes:
        return post(
            "ZapisUbytovane",
            FILING.format("".join(GUEST.format(next(numbers)) for _ in range(guests))),
        )

    return request


def _serve_lxml() -> None:
    """The same server answering with the parsed message, written again: no rules, no store."""
    from lxml import etree  # noqa: PLC0415 - one server is measured at a time

    from podatelna.kernel.exchange import Request, Response  # noqa: PLC0415 - as above
    from podatelna.kernel.server import Server  # noqa: PLC0415 - as above

    def echo(request: Request) -> Response:
        body = etree.tostring(etree.fromstring(request.body), encoding="utf-8")
        return Response(200, body, (("Content-Type", "text/xml; charset=utf-8"),))

    with Server(echo) as server:
        print(server.port, flush=True)
        sys.stdin.read()


SERVERS = {"lxml": _serve_lxml}


def main(seconds: float) -> None:
    core = part_cores()
    with ExitStack() as running:

        def house() -> Process:
            return running.enter_context(served(core))

        def bare(module: str, name: str) -> Process:
            return running.enter_context(serving(f"benchmarks.{module}", name, core))

        echo = post("ZapisUbytovane", FILING.format(GUEST.format(0)))
        available = post("TestDostupnosti", AVAILABLE)
        subjects = [
            Subject(FLASK, bare("hello", "waitress + flask"), HELLO),
            Subject("lxml echo, 1 guest", bare("ubyport", "lxml"), echo),
            Subject("TestDostupnosti", house(), available, sign_in),
            Subject("ZapisUbytovane, 1 guest", house(), filing(1), sign_in),
            Subject("ZapisUbytovane, 32 guests", house(), filing(32), sign_in),
        ]
        print_beside_flask(measure(subjects, seconds))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        for given in sys.argv[3:]:
            pin(int(given))
        SERVERS[sys.argv[2]]()
    else:
        main(float(sys.argv[1]) if len(sys.argv) > 1 else 3.0)
