"""Generated worlds: the same ones for the same seed, spread over ten years, sound throughout."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click import BadParameter
from factory.random import get_random_state
from sqlalchemy import select

from podatelna.commands.serve import find_world
from podatelna.czmvo.alerts import Alerts
from podatelna.czmvo.directory import Directory
from podatelna.czmvo.model import ENDUSER, MAH, NEVER, PRODUCTION, TEST, Alert
from podatelna.czmvo.paging import Query
from podatelna.czmvo.tables import ALERT
from podatelna.kernel.settings import Value
from tests.czmvo.desks import LISTS
from tests.czmvo.houses import Premises, open_premises, shipped_world

BOOK = LISTS.books["workflow"]


def generated(**plan: Any) -> dict[str, Any]:
    small = {"alerts": 500, "mahs": 5, "endusers": 8, "locations": 12, "products": 9}
    return {"production": {"generate": small | plan}, "test": {"copied": False}}


def alerts_of(here: Premises) -> list[Alert]:
    here_only = select(ALERT.c.uprc).where(ALERT.c.environment == PRODUCTION)
    uprcs = here.transaction.execute(here_only).scalars().all()
    return Alerts(here.transaction, PRODUCTION).find_all(uprcs)


def test_a_generated_world() -> None:
    before = get_random_state()
    with open_premises(generated()) as here:
        assert get_random_state() == before
        alerts = alerts_of(here)
        assert len(alerts) == 500
        assert min(alert.created for alert in alerts)[:7] in ("2016-02", "2016-03")
        assert max(alert.created for alert in alerts)[:7] == "2026-02"
        a_year = Counter(alert.created[:4] for alert in alerts)
        assert all(45 <= a_year[str(year)] <= 55 for year in range(2017, 2026))
        assert Alerts(here.transaction, TEST).find(alerts[0].uprc) is None


def test_most_alerts_are_of_the_large_ones() -> None:
    with open_premises(generated()) as here:
        alerts = alerts_of(here)
        by_mah = Counter(alert.mah for alert in alerts)
        by_enduser = Counter(alert.enduser for alert in alerts)
        assert by_mah["mah-1"] > 400
        assert by_enduser["enduser-1"] > 400
        assert len(by_mah) > 3
        search = Alerts(here.transaction, PRODUCTION).search(Query(MAH, "mah-1"))
        assert search.total == by_mah["mah-1"]


def test_alerts_are_as_the_life_cycle_makes_them() -> None:
    with open_premises(generated()) as here:
        locations = {each.id: each.party for each in Directory(here.transaction).locations()}
        for alert in alerts_of(here):
            assert (alert.state in BOOK.final) == bool(alert.closed) == bool(alert.closed_by)
            assert (alert.due == NEVER) == bool(alert.closed)
            assert alert.created <= alert.changed < "2026-03-01 00:00:00"
            assert locations[alert.location] == alert.enduser if alert.enduser else True
            kind = BOOK.kinds[alert.code]
            if alert.closed_by == ENDUSER:
                allowed = {"technical": {11}, "process": {15, 22}}[kind]
                assert alert.state in allowed
        states = {LISTS.profiles["workflow"].by_id[each.state].external for each in alerts_of(here)}
        assert {"01a", "04a", "06a", "06b", "06c", "06f", "06m", "06o"} <= states


def test_groups_have_something_in_common() -> None:
    with open_premises(generated()) as here:
        groups: dict[str, list[Alert]] = {}
        for alert in alerts_of(here):
            if alert.group:
                groups.setdefault(alert.group, []).append(alert)
        assert {len(group) for group in groups.values()} == {3}
        for group in groups.values():
            common = {(each.mah, each.product_code, each.code, each.batch) for each in group}
            assert len(common) == 1


def test_the_same_seed_makes_the_same_world() -> None:
    dumps = []
    for seed in ("a", "a", "b"):
        with open_premises(generated(seed=seed, alerts=60)) as here:
            dumps.append(here.dump())
    assert dumps[0] == dumps[1]
    assert dumps[0]["czmvo_alert"] != dumps[2]["czmvo_alert"]
    assert dumps[0]["czmvo_party"] != dumps[2]["czmvo_party"]


def test_other_states_other_worlds() -> None:
    given: dict[str, Value] = {"state_profile": "manual"}
    with open_premises(generated(), given) as here:
        assert {alert.state for alert in alerts_of(here)} == {1, 3, 5}


def test_the_smallest_world() -> None:
    plan = generated(alerts=1, mahs=1, endusers=1, locations=1, products=1, years=1)
    with open_premises(plan) as here:
        (alert,) = alerts_of(here)
        assert alert.mah == "mah-1"


def test_the_shipped_world_is_spread_as_it_says() -> None:
    part = shipped_world("czmvo-large")
    part["production"]["generate"]["alerts"] = 100
    with open_premises(part, {"nightly_refresh": False}) as here:
        here.settle("2026-03-02 08:00:00")
        assert len(alerts_of(here)) == 100
        assert here.posted() == []


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        ({"alerts": 0}, "generate: alerts must be 1 or more"),
        ({"products": -1}, "generate: products must be 1 or more"),
        ({"years": 51}, "generate: years must be 50 at most"),
        ({"until": "soon"}, "soon"),
        ({"alert": 5}, "unknown key alert; alerts\\?"),
        ({"seed": 5}, "seed cannot be 5"),
    ],
)
def test_a_plan_that_is_none(plan: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why), open_premises(generated(**plan)):
        pass


def test_worlds_are_served_by_name_or_file(tmp_path: Path) -> None:
    own = tmp_path / "mine.yaml"
    own.write_text("title: mine\n", "utf-8")
    assert find_world(None) is None
    assert find_world(str(own)) == own
    shipped = find_world("czmvo-large")
    assert shipped is not None
    assert shipped.is_file()
    for wrong in ("czmvo-larg", "../worlds/default", str(tmp_path)):
        with pytest.raises(BadParameter, match="is no file, and no world of czmvo-large, default"):
            find_world(wrong)
