"""Sandboxes side by side on one server, as parallel jobs have them."""

from collections.abc import Iterator

import pytest

from podatelna.kernel.exchange import Request, Response
from tests.journeys.callers import Caller
from tests.journeys.desks import BOXES, NOW, PATHS, Desk, open_desk
from tests.journeys.messages import PRODUCTION, call, filing, guest, payload, read_filed


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as desk:
        yield desk


def test_sandboxes_share_nothing(desk: Desk) -> None:
    for name in ("a", "b"):
        desk.ask("POST", BOXES, {"name": name})
        desk.ask("PUT", f"{BOXES}/{name}/clock", {"freeze": NOW})
    a, b, default = (
        Caller(desk.house.handle, base + PRODUCTION).sign_in() for base in ("/s/a", "/s/b", "")
    )
    desk.ask("PATCH", f"{BOXES}/a/settings", {"ubyport": {"max_list_length": 1}})
    trouble = {"agency": "ubyport", "kind": "status", "options": {"code": 503}}
    desk.ask("POST", f"{BOXES}/b/disruptions", trouble)
    desk.ask("PUT", f"{BOXES}/b/clock", {"advance": "90d"})
    message = filing([guest(1)])
    assert read_filed(a.post("ZapisUbytovane", message).body).records == [[]]
    assert b.post("ZapisUbytovane", message).status == 503
    assert read_filed(default.post("ZapisUbytovane", message).body).records == [[]]
    lengths = [
        payload(caller.post("MaximalniDelkaSeznamu", call("MaximalniDelkaSeznamu")).body)[0].text
        for caller in (a, b, default)
    ]
    assert lengths == ["1", "32", "32"]
    numbers = [
        [exchange["number"] for exchange in desk.ask("GET", f"{BOXES}/{name}/journal")]
        for name in ("a", "b", "default")
    ]
    assert numbers == [[1, 2, 3, 4]] * 3
    stays = [len(desk.ask("GET", f"{BOXES}/{it}/ubyport/stays")) for it in ("a", "b", "default")]
    assert stays == [1, 1, 1]
    desk.ask("DELETE", f"{BOXES}/a")
    assert a.post("TestDostupnosti", call("TestDostupnosti")).status == 404
    assert b.post("TestDostupnosti", call("TestDostupnosti")).status == 200


def test_signing_in_to_one_sandbox_opens_no_other(desk: Desk) -> None:
    desk.ask("POST", BOXES, {"name": "a"})
    signed_in = Caller(desk.house.handle, f"/s/a{PRODUCTION}").sign_in()
    for path, status in ((f"/s/a{PRODUCTION}", 200), (PRODUCTION, 401), (f"/s/a{PATHS[0]}", 401)):
        other = Caller(desk.house.handle, path)
        other.connection = signed_in.connection
        assert other.ask("GET", {}).status == status


def test_a_host_below_localhost_names_a_sandbox(desk: Desk) -> None:
    desk.ask("POST", BOXES, {"name": "job-7"})

    def verify(host: str) -> Response:
        headers = {"host": host, "authorization": "Basic TE9HSU46UEFTU1dPUkQ="}
        return desk.house.handle(Request("GET", "/alerts/", "connection=verify", headers))

    hosts = ("job-7.localhost:8420", "JOB-7.localhost", "localhost:8420", "127.0.0.1")
    assert [verify(host).status for host in hosts] == [200] * 4
    assert verify("nobody.localhost").status == 404
    calls = [
        [exchange["operation"] for exchange in desk.ask("GET", f"{BOXES}/{name}/journal")]
        for name in ("job-7", "default")
    ]
    assert calls == [["verify", "verify"], ["verify", "verify"]]
