"""Answers with their heads, as they were observed: Date, Server, Content-Length and the rest."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Final
from zoneinfo import ZoneInfo

from podatelna.kernel.contract import Contract
from podatelna.kernel.exchange import Delivery, Headers, Request, Response
from podatelna.kernel.rules import Finding
from podatelna.kernel.settings import Settings
from podatelna.kernel.visit import Visit
from podatelna.sdns import pages, wire
from podatelna.sdns.door import Door, Refused

_LONGEST_TEXT: Final = 1000
"""Characters of a fault's text, which may repeat what the caller has sent."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Answers:
    """What the services say, and how."""

    contract: Contract
    door: Door

    # -- what an answer carries of its own

    def node_time(self, visit: Visit) -> datetime:
        """The application node's clock need not agree with that of the HTTP front, which makes
        Date: in observed answers it was 13 minutes behind."""
        skew = timedelta(seconds=int(str(visit.settings["node_clock_skew_seconds"])))
        return self.local(visit.now) + skew

    def local(self, now: datetime) -> datetime:
        """In the agency's zone."""
        return now.astimezone(ZoneInfo(self.contract.constant("time_zone")))

    def stamp(self, visit: Visit) -> wire.Stamp:
        octets = visit.ids.octets("sdns.hash", 12)
        boundary, root, attached = (
            1_000_000 + int.from_bytes(octets[at : at + 4]) % 32_000_000 for at in (0, 4, 8)
        )
        milliseconds = (self.node_time(visit) - _EPOCH) // timedelta(milliseconds=1)
        counter = visit.ids.number("sdns.part")
        return wire.Stamp(milliseconds, counter, (boundary, root, attached))

    # -- answers

    def answer(self, visit: Visit, status: int, body: bytes, content_type: str = "") -> Response:
        """A SOAP message, with the head as it was observed."""
        headers = (*self._cookie(visit), ("Cache-Control", self.contract.constant("cache_control")))
        return self.response(
            visit.settings, status, body, (*headers, self.content_type(content_type))
        )

    def content_type(self, content_type: str) -> tuple[str, str]:
        """The header; "": of an envelope alone."""
        return ("Content-Type", content_type or self.contract.constant("content_type_soap"))

    def _cookie(self, visit: Visit) -> Headers:
        """A session that nobody needs: none for callers that bring one along."""
        place = self.door.place(visit.request.path)
        brought = "JSESSIONID=" in visit.request.headers.get("cookie", "")
        if brought or place is None or not visit.settings["session_cookie"]:
            return ()
        value = str(self.contract.constant("cookie_form")).format(
            node=self.contract.constant("cookie_node"),
            random=visit.ids.octets("sdns.session", 16).hex(),
            root=visit.request.base + place.root,
        )
        return (("Set-Cookie", value),)

    def response(self, settings: Settings, status: int, body: bytes, headers: Headers) -> Response:
        beginning = (
            ("Date", ""),
            ("Server", self.contract.constant("server")),
            ("Content-Length", str(len(body))),
        )
        idle = Delivery(keep_alive_seconds=float(str(settings["router_idle_seconds"])))
        return Response(status, body, (*beginning, *headers), delivery=idle)

    def refuse(self, visit: Visit, refused: Refused) -> Response:
        """A fault, told to the journal."""
        entry = self.contract.errors[refused.key]
        received = ", ".join(refused.details.values())[:_LONGEST_TEXT]
        visit.trail.findings.append(Finding(refused.key, entry.at, received=received))
        return self.answer(visit, *self.fault(visit.request, refused))

    def fault(self, request: Request, refused: Refused) -> tuple[int, bytes]:
        entry = self.contract.errors[refused.key]
        text = entry.text.format_map(refused.details)[:_LONGEST_TEXT]
        code = refused.code or str(entry.extra["faultcode"])
        actor = request.base + request.path
        return entry.status or 500, wire.fault(self.contract, code, text, actor)

    def message(self, visit: Visit, key: str, received: str, allow: str = "") -> Response:
        entry = self.contract.errors[key]
        visit.trail.findings.append(Finding(key, received=received))
        status = entry.status or 500
        text = entry.text.format_map({"method": visit.request.method})
        shown = pages.message_page(f"{status} {HTTPStatus(status).phrase}", text)
        allowed = (("Allow", allow),) if allow else ()
        headers = (*allowed, ("Content-Type", shown.content_type))
        return self.response(visit.settings, status, shown.body, headers)
