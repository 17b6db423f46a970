"""A world of one's own in place of the default one: one's own hotel, account and settings."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from podatelna.app import Config, House
from podatelna.kernel.server import Server
from podatelna.kernel.world import WorldError
from podatelna_client.ubyport import Facility, Guest, UbyportClient

WORLD = """\
title: One hotel
clock: 2026-03-02T08:00:00Z
settings:
  ubyport: {duplicate_check: false}
ubyport:
  production:
    facilities:
      - {idub: "200000000001", abbreviation: HOTEL, name: Hotel Vlastní}
    accounts:
      - {login: uby-ws777777, password: Tajne-1234, idub: "200000000001"}
"""
ARRIVED = datetime(2026, 3, 1, tzinfo=UTC).date()
GUEST = Guest(
    surname="Vzorová",
    given_name="Anna",
    birth_date="01021975",
    nationality="SVK",
    document_number="EA123456",
    arrival=ARRIVED,
    departure=ARRIVED.replace(day=4),
)


def test_guests_are_filed_for_a_facility_of_ones_own(tmp_path: Path) -> None:
    world = tmp_path / "mine.yaml"
    world.write_text(WORLD, "utf-8")
    house = House(Config(world=world))
    house.sandboxes.reset("default")
    with Server(house.handle) as server:
        address = f"{server.url}/ws_uby/ws_uby.svc"
        facility = Facility(idub="200000000001", abbreviation="HOTEL", name="Hotel Vlastní")
        with UbyportClient(address, "uby-ws777777", "Tajne-1234") as client:
            filings = [client.file_guests(facility, [GUEST], want_pdf=False) for _ in range(2)]
    house.close()
    assert [filing.batches[0].header_codes for filing in filings] == [(), ()]
    assert [filing.guests[0].codes for filing in filings] == [(), ()]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("name: Hotel Vlastní", "name: Hotel Vlastní, colour: red"),
        ("production:", "productoin:"),
    ],
)
def test_a_world_with_a_mistake_is_refused(tmp_path: Path, wrong: str, why: str) -> None:
    world = tmp_path / "mine.yaml"
    world.write_text(WORLD.replace(wrong, why), "utf-8")
    with pytest.raises(WorldError, match=r"^world mine: ubyport: .*(colour|productoin)"):
        House(Config(world=world))
