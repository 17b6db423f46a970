"""Instants at which an answer changes, and the call that tells it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from tests.czmvo.machine.lifecycle import closing_due, reminder_due
from tests.czmvo.machine.lists import states
from tests.czmvo.machine.model import Model
from tests.czmvo.machine.records import ENVIRONMENTS, Alert, instant


@dataclass(frozen=True, order=True)
class Occasion:
    at: datetime
    environment: str
    party: str
    method: str
    module: str = "alerts"
    given: dict[str, Any] = field(default_factory=dict, compare=False)


def occasions(model: Model) -> Iterator[Occasion]:
    for environment in ENVIRONMENTS:
        data = model.data[environment]
        for alert in data.alerts.values():
            yield from _of_alert(model, environment, alert)
        for one in data.exemptions.values():
            if one.validity:
                over = instant(one.validity) + timedelta(days=1)
                asked = {"list": "verify", "productCode": one.product, "batch": one.batch}
                yield Occasion(over, environment, "m1", "GET", "filter", asked)


def _of_alert(model: Model, environment: str, alert: Alert) -> Iterator[Occasion]:
    by_holder = partial(Occasion, environment=environment, party=alert.mah)
    known = states(model.settings["state_profile"])
    if "06a" in known:
        asked = {"uprc": alert.uprc, "state": known["06a"].id, "id_reason": 1}
        yield by_holder(alert.created + timedelta(days=2), method="PUT", given=asked)
        asked = {"uprc": alert.uprc, "state": known["06o"].id}
        yield by_holder(alert.changed + timedelta(days=14), method="PUT", given=asked)
    if alert.closed:
        asked = {"uprc": alert.uprc, "note": "archived"}
        yield by_holder(alert.closed + timedelta(days=90), method="PUT", given=asked)
    for due in (reminder_due(alert), closing_due(alert)):
        if due:
            yield by_holder(due, method="GET", given={"list": "state", "uprc": alert.uprc})
