"""What was answered is stored, whatever becomes of the server; and servers share one database."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import count
from pathlib import Path

import pytest

from podatelna_client.ubyport import (
    Facility,
    Guest,
    OutcomeUnknown,
    ServiceUnreachable,
    UbyportClient,
)
from tests.journeys.callers import LOGIN, PASSWORD, PATIENCE
from tests.journeys.messages import KITTEN, PRODUCTION
from tests.journeys.processes import ServerProcess, database

FACILITY = Facility(idub=KITTEN["uIdub"], abbreviation=KITTEN["uMark"])
TODAY = date(2026, 3, 4)
NOW = "2026-03-04T08:30:00Z"
CALLERS = 8
ENOUGH = 60
"""Answers after which the server is killed, while the callers go on."""


@pytest.fixture(params=["folder", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Options of the command for a place that outlives the process."""
    if request.param == "folder":
        yield "--data", str(tmp_path / "data")
        return
    with database() as url:
        yield "--database", url


def numbered(number: int) -> Guest:
    return Guest(
        surname="Vzorový",
        given_name="Jan",
        birth_date=date(1980, 1, 1),
        nationality="SVK",
        document_number=f"AB{number:07}",
        arrival=TODAY,
        departure=TODAY,
    )


def client(server: ServerProcess, login: str = LOGIN) -> UbyportClient:
    return UbyportClient(server.url + PRODUCTION, login, PASSWORD, timeout=PATIENCE)


class Callers:
    """Threads that file guests in small batches until the server is gone."""

    def __init__(self) -> None:
        self.accepted: set[str] = set()
        self.sent: list[Guest] = []
        self.enough = threading.Event()
        self._numbers = count(1)
        self._lock = threading.Lock()

    def file_until_it_is_gone(self, server: ServerProcess) -> None:
        with client(server) as service:
            while True:
                batch = self._next_batch()
                try:
                    filed = service.file_batch(FACILITY, batch, want_pdf=False)
                except (OutcomeUnknown, ServiceUnreachable):
                    return
                self._note([answer.guest for answer in filed.guests if answer.accepted])

    def _next_batch(self) -> list[Guest]:
        with self._lock:
            batch = [numbered(next(self._numbers)) for _ in range(3)]
            self.sent += batch
        return batch

    def _note(self, guests: Sequence[Guest]) -> None:
        with self._lock:
            self.accepted |= {str(guest.document_number) for guest in guests}
            if len(self.accepted) >= ENOUGH:
                self.enough.set()


def stored(server: ServerProcess) -> list[str]:
    rows = server.administer("GET", "/ubyport/stays")
    return sorted(row["document_number"] for row in rows)


def test_every_answered_guest_survives_a_killed_server_and_none_is_stored_twice(
    place: tuple[str, str],
) -> None:
    callers = Callers()
    with ServerProcess(*place) as server, ThreadPoolExecutor(CALLERS) as pool:
        server.administer("PUT", "/clock", {"freeze": NOW})
        filing = [pool.submit(callers.file_until_it_is_gone, server) for _ in range(CALLERS)]
        assert callers.enough.wait(PATIENCE)
        server.kill()
        for each in filing:
            each.result(PATIENCE)
    everyone = sorted(str(guest.document_number) for guest in callers.sent)
    with ServerProcess(*place) as server, client(server) as service:
        kept = stored(server)
        assert callers.accepted <= set(kept) <= set(everyone)
        assert len(kept) == len(set(kept))
        again = service.file_guests(FACILITY, callers.sent, want_pdf=False)
        duplicates = [answer.guest.document_number for answer in again.guests if answer.duplicate]
        assert sorted(map(str, duplicates)) == kept
        assert stored(server) == everyone
        assert server.administer("GET", "/journal")


def test_what_a_killed_server_was_set_to_is_still_set(place: tuple[str, str]) -> None:
    trouble = {"agency": "ubyport", "kind": "status", "options": {"code": 503}}
    with ServerProcess(*place) as server:
        server.administer("PUT", "/clock", {"freeze": NOW})
        server.administer("PATCH", "/settings", {"ubyport": {"max_list_length": 7}})
        server.administer("POST", "/disruptions", trouble)
        server.kill()
    with ServerProcess(*place) as server, client(server) as service:
        assert server.administer("GET", "")["now"] == "2026-03-04T08:30:00+00:00"
        (planned,) = server.administer("GET", "/disruptions")
        assert (planned["kind"], planned["times"], planned["used"]) == ("status", 1, 0)
        with pytest.raises(OutcomeUnknown, match="503"):
            service.max_list_length()
        assert service.max_list_length() == 7


def test_two_servers_on_one_database_are_one_sandbox() -> None:
    with (
        database() as url,
        ServerProcess("--database", url) as left,
        ServerProcess("--database", url) as right,
        client(left) as here,
        client(right) as there,
    ):
        left.administer("PUT", "/clock", {"freeze": NOW})
        assert [service.available() for service in (here, there, here, there)] == [True] * 4
        guests = [numbered(number) for number in range(1, 5)]
        turns = [
            service.file_batch(FACILITY, [guest], want_pdf=False).guests[0].codes
            for guest in guests
            for service in (here, there, there, here)
        ]
        assert turns == [(), (150,), (150,), (150,)] * 4
        assert stored(left) == stored(right) == [guest.document_number for guest in guests]
        # The third working day after Wednesday is Monday; Tuesday is too late.
        right.administer("PUT", "/clock", {"advance": "6d"})
        (late,) = here.file_batch(FACILITY, [numbered(9)], want_pdf=False).guests
        assert late.codes == (112,)
        left.administer("PATCH", "/settings", {"ubyport": {"max_list_length": 5}})
        assert there.max_list_length() == 5
        right.administer("POST", "/reset")
        assert here.max_list_length() == 32
        assert stored(left) == []


def test_callers_of_two_servers_never_store_a_guest_twice() -> None:
    with (
        database() as url,
        ServerProcess("--database", url) as left,
        ServerProcess("--database", url) as right,
    ):
        left.administer("PUT", "/clock", {"freeze": NOW})
        together = threading.Barrier(CALLERS, timeout=PATIENCE)

        def file_all(server: ServerProcess) -> int:
            with client(server) as service:
                service.available()
                together.wait()
                answers = [
                    service.file_batch(FACILITY, [numbered(number)], want_pdf=False).guests[0]
                    for number in range(8)
                ]
            return sum(answer.accepted for answer in answers)

        with ThreadPoolExecutor(CALLERS) as pool:
            accepted = pool.map(file_all, [left, right] * (CALLERS // 2))
            assert sum(accepted) == 8
        assert stored(right) == [f"AB{number:07}" for number in range(8)]
