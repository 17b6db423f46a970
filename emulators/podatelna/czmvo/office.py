"""The organisation's own desk: what it and its portal do besides the API, as admin calls.

All take `environment` in the query (production without it) and a JSON object. What cannot be done
is answered with a 422 problem and the sentence that says why.
"""

import re
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import Select, bindparam, select, update

from podatelna.czmvo import nightly, timetable
from podatelna.czmvo.alerts import Alerts
from podatelna.czmvo.directory import Directory
from podatelna.czmvo.door import Admitted
from podatelna.czmvo.functions import find
from podatelna.czmvo.model import (
    ENVIRONMENTS,
    NOOL,
    TIME,
    Alert,
    Caller,
    File,
    Message,
    Refusal,
    Table,
)
from podatelna.czmvo.parameters import read
from podatelna.czmvo.place import ALERTS, NEWEST, Place
from podatelna.czmvo.seeding import add_logins
from podatelna.czmvo.service import Service
from podatelna.czmvo.tables import ALERT, CREDENTIAL, MESSAGE
from podatelna.czmvo.uprc import OCTETS, make_uprc
from podatelna.czmvo.worldreader import WorldReader
from podatelna.kernel.admincalls import Asked, Handle, Result, admin_call
from podatelna.kernel.agency import AdminCall
from podatelna.kernel.rows import refuse_unknown
from podatelna.kernel.tables import heard

MOST_ROWS = 1000
"""Of one answer; the next ones come `after` the last UPRC or id."""

_ALERTS = select(*(ALERT.c[item.name] for item in fields(Alert)))
_MESSAGES = select(*(MESSAGE.c[item.name] for item in fields(Message)))
_CHOOSE = (
    update(CREDENTIAL)
    .where(
        CREDENTIAL.c.environment == bindparam("where"),
        CREDENTIAL.c.login == bindparam("who"),
        CREDENTIAL.c.kind == "developer",
    )
    .values(acts_for=bindparam("chosen"))
)


def calls(service: Service) -> dict[str, AdminCall]:
    """All calls by name."""
    office = Office(service)
    handlers: dict[str, dict[str, Handle]] = {
        "alerts": {"GET": office.list_alerts, "POST": office.raise_alert},
        "messages": {"GET": office.list_messages},
        "parties": {"GET": office.list_parties},
        "client": {"POST": office.generate_client},
        "developer": {"POST": office.choose_enduser, "PUT": office.choose_enduser},
        "level-3": {"POST": office.number_level_3},
        "nool": {"POST": office.act, "PUT": office.act, "DELETE": office.act},
        "refresh": {"POST": office.refresh},
    }
    return {name: admin_call(ENVIRONMENTS, by_method) for name, by_method in handlers.items()}


@dataclass(frozen=True, slots=True)
class Office:
    """What the calls do. A ValueError is the reason why something is not done."""

    service: Service

    def list_alerts(self, asked: Asked) -> Result:
        """Alerts with all that the API does not tell, by UPRC; `uprc` for one, `after` for more."""
        found = _ALERTS.where(ALERT.c.environment == asked.environment).order_by(ALERT.c.uprc)
        if uprc := asked.query.get("uprc"):
            found = found.where(ALERT.c.uprc == heard(uprc.upper()))
        if after := asked.query.get("after"):
            found = found.where(ALERT.c.uprc > heard(after.upper()))
        return _rows(asked, found)

    def list_messages(self, asked: Asked) -> Result:
        """Messages by id, private ones too; `uprc` for those of an alert, `after` for more."""
        found = _MESSAGES.where(MESSAGE.c.environment == asked.environment).order_by(MESSAGE.c.id)
        if uprc := asked.query.get("uprc"):
            found = found.where(MESSAGE.c.uprc == heard(uprc.upper()))
        if after := asked.query.get("after"):
            found = found.where(MESSAGE.c.id > _number("after", after))
        return _rows(asked, found)

    def list_parties(self, asked: Asked) -> Result:
        """Companies with their locations."""
        directory = Directory(asked.visit.transaction)
        locations: dict[str, list[dict[str, Any]]] = {}
        for location in directory.locations():
            about = {"id": location.id, "name": location.name}
            locations.setdefault(location.party, []).append(about)
        return [
            {**asdict(party), "locations": locations.get(party.id, [])}
            for party in directory.parties()
        ]

    def raise_alert(self, asked: Asked) -> Result:
        """A new alert, as the verification system raises it: a row as world files have it.

        Without `uprc`, `created` and `state` it has a new id, is raised now and is new.
        """
        transaction = asked.visit.transaction
        alerts = Alerts(transaction, asked.environment)
        usual = {"uprc": _new_uprc(asked, alerts), "created": _now(asked)}
        alert = self._reader(asked).alert({**usual, **asked.given})
        if alerts.find(alert.uprc):
            raise ValueError(f"there is an alert {alert.uprc} already")
        workflow = self.service.lists.workflow(asked.visit.settings)
        alert = timetable.replanned(workflow, alert, _now(asked))
        alerts.add([alert])
        nightly.touch(transaction, asked.environment)
        return asdict(alert)

    def generate_client(self, asked: Asked) -> Result:
        """A pair for version 2, as everybody generates it in the portal (manual 1.1): `party`."""
        refuse_unknown(asked.given, ("party", "about"))
        ids = asked.visit.ids
        row = {
            "login": ids.octets("czmvo.client", 8).hex(),
            "password": ids.octets("czmvo.secret", 16).hex(),
            "kind": "client",
            **asked.given,
        }
        login = self._reader(asked).login(row)
        add_logins(asked.visit.transaction, asked.environment, [login])
        return {
            "environment": asked.environment,
            "party": login.party,
            "client_id": login.login,
            "client_secret": login.password,
        }

    def choose_enduser(self, asked: Asked) -> Result:
        """A developer's choice in the portal's header (manual 1.1, d): `login` and `acts_for`."""
        refuse_unknown(asked.given, ("login", "acts_for"))
        chosen, login = asked.member("acts_for"), asked.member("login")
        party = Directory(asked.visit.transaction).party(chosen)
        if chosen and (party is None or party.role != "enduser"):
            raise ValueError(f"there is no end user called {chosen!r}")
        values = {
            "where": asked.environment,
            "who": heard(login.lower()),
            "chosen": chosen,
        }
        if not asked.visit.transaction.execute(_CHOOSE, values).rowcount:
            raise ValueError(f"{asked.environment} has no developer account {login!r}")
        return {"environment": asked.environment, "login": login, "acts_for": chosen}

    def number_level_3(self, asked: Asked) -> Result:
        """A level-3 alert of a `location` with the next number, about a `product_code`."""
        directory = Directory(asked.visit.transaction)
        number = directory.counter(asked.environment, asked.member("location")) + 1
        usual = {"number": number, "created": _now(asked), "state": "postponed"}
        alert = self._reader(asked).level_3({**usual, **asked.given})
        if alert.number < number:
            raise ValueError(f"number must be {number} or higher, not {alert.number}")
        directory.add_level_3(asked.environment, [alert])
        nightly.touch(asked.visit.transaction, asked.environment)
        return {"uprc": alert.uprc, **asdict(alert)}

    def act(self, asked: Asked) -> Result:
        """Write a message or a note, or set a state, as the organisation; JSON as of the API.

        POST, PUT and DELETE mean what they mean at `alerts` (manual 2.7.2-2.7.4).
        """
        visit = asked.visit
        operation = find(ALERTS, visit.request.method, asked.given)
        if isinstance(operation, Refusal):
            raise ValueError(self._said(operation))
        takes = (*operation.takes, *operation.takes_more(visit.settings))
        values = read(takes, asked.given)
        if isinstance(values, Refusal):
            raise ValueError(self._said(values))
        caller = Caller("account", NOOL, NOOL, NOOL)
        admitted = Admitted(Place(asked.environment, ALERTS), NEWEST, "cs", caller)
        answer = operation.run(self.service.desk(visit, admitted), values)
        if isinstance(answer, Refusal):
            raise ValueError(self._said(answer))
        assert not isinstance(answer, Table | File)
        nightly.touch(visit.transaction, asked.environment)
        return answer

    def refresh(self, asked: Asked) -> Result:
        """Overwrite test and development with production, as every night."""
        return {"refreshed": nightly.refresh(asked.visit.transaction)}

    def _reader(self, asked: Asked) -> WorldReader:
        directory = Directory(asked.visit.transaction)
        return WorldReader(
            self.service.lists,
            self.service.lists.workflow(asked.visit.settings),
            parties={party.id: party for party in directory.parties()},
            locations={location.id: location for location in directory.locations()},
        )

    def _said(self, refusal: Refusal) -> str:
        entry = self.service.lists.contract.errors[refusal.key]
        text = entry.text.format_map(refusal.details)
        return f"{refusal.key} ({entry.number}): {text} {refusal.at} {refusal.received}".strip()


def _now(asked: Asked) -> str:
    return asked.visit.now.strftime(TIME)


def _rows(asked: Asked, found: Select[Any]) -> list[dict[str, Any]]:
    rows = asked.visit.transaction.execute(found.limit(MOST_ROWS)).mappings()
    return [dict(row) for row in rows]


def _number(name: str, text: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", text):
        raise ValueError(f"{name} is a number, not {text}")
    return int(text)


def _new_uprc(asked: Asked, alerts: Alerts) -> str:
    """One that no alert has."""
    while True:
        uprc = make_uprc(asked.visit.ids.octets("czmvo.uprc", OCTETS))
        if alerts.find(uprc) is None:
            return uprc
