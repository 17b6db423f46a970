"""The register's own desk: what is seen and done besides the web services, as admin calls.

Rows are those of world files. What cannot be done is answered with a 422 problem and the sentence
that says why.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import select

from podatelna.izr import inspection, queries
from podatelna.izr.changes import Changes
from podatelna.izr.credentials import NAME
from podatelna.izr.history import CANCELS, REGISTRATIONS
from podatelna.izr.inspection import find_animal, open_register
from podatelna.izr.lifereader import LifeReader
from podatelna.izr.model import ENVIRONMENTS, Animal, Stable
from podatelna.izr.processing import process_now
from podatelna.izr.register import HoldingSearch, Register
from podatelna.izr.retagging import retag
from podatelna.izr.seeding import add_logins
from podatelna.izr.tables import STABLE
from podatelna.izr.tagorders import TagOrders
from podatelna.izr.worldreader import WorldReader, local_time, read_tag
from podatelna.kernel.accounts import find_account
from podatelna.kernel.admincalls import Asked, Handle, admin_call
from podatelna.kernel.agency import AdminCall
from podatelna.kernel.contract import Contract
from podatelna.kernel.rows import refuse_unknown

Done = Mapping[str, Any]

_STABLES = select(*(STABLE.c[name] for name in queries.names(Stable))).where(queries.here(STABLE))

_ENTRIES = REGISTRATIONS | {code for code, taken in CANCELS.items() if taken & REGISTRATIONS}
"""Codes that make or end the record of an animal."""


def calls(contract: Contract) -> dict[str, AdminCall]:
    """All calls by name."""
    office, see = Office(contract), inspection
    handlers: dict[str, dict[str, Handle]] = {
        "subjects": {"GET": see.list_subjects, "POST": office.add_subject},
        "holdings": {
            "GET": see.list_holdings,
            "POST": office.add_holding,
            "PUT": office.change_holding,
        },
        "stables": {"GET": see.list_stables, "POST": office.add_stable},
        "animals": {
            "GET": see.list_animals,
            "POST": office.add_animal,
            "PUT": office.change_animal,
        },
        "tags": {"POST": office.replace_tag},
        "movements": {"GET": see.list_movements, "POST": office.record_movement},
        "persons": {"GET": see.list_persons, "POST": office.add_person},
        "addresses": {"GET": see.list_addresses, "POST": office.add_address},
        "orders": {"GET": see.list_orders, "POST": office.add_order},
        "logins": {"POST": office.add_login},
        "reports": {"GET": see.list_reports},
        "log": {"GET": see.list_log},
        "process": {"POST": office.process},
    }
    return {name: admin_call(ENVIRONMENTS, by_method) for name, by_method in handlers.items()}


@dataclass(frozen=True, slots=True)
class Office:
    """What the calls do. A ValueError is the reason why something is not done."""

    contract: Contract

    def add_subject(self, asked: Asked) -> Done:
        register = open_register(asked)
        subject = self._reader(register).subject(asked.given)
        register.add_subjects([subject])
        return asdict(subject)

    def add_holding(self, asked: Asked) -> Done:
        """A holding whose last change is now, unless the row tells another."""
        register = open_register(asked)
        holding = self._reader(register).holding({"changed": self._now(asked), **asked.given})
        register.add_holdings([holding])
        return asdict(holding)

    def change_holding(self, asked: Asked) -> Done:
        """Change what the row tells of the holding `number`: cancel it, give it to another."""
        register = open_register(asked)
        before = register.holding(asked.member("number"))
        if before is None:
            raise ValueError(f"there is no holding {asked.member('number')}")
        row = {**asdict(before), "changed": self._now(asked), **asked.given}
        holding = self._reader(register).changed_holding(row)
        register.change_holding(holding)
        return asdict(holding)

    def add_stable(self, asked: Asked) -> Done:
        register = open_register(asked)
        stable = self._reader(register).stable(asked.given)
        register.add_stables([stable])
        return asdict(stable)

    def add_animal(self, asked: Asked) -> Done:
        """An animal with its `movements`."""
        register = open_register(asked)
        animal, life = self._lives(register).animal(asked.given)
        _refuse_known(register, animal.tag)
        register.add_animals([(animal, life)])
        self._tell_change(asked, register.position(animal.tag).holding)
        return _told(register, animal)

    def change_animal(self, asked: Asked) -> Done:
        """Change what the row tells of the animal `tag`. If it is the sex, that was corrected."""
        register = open_register(asked)
        before = find_animal(register, asked.member("tag"))
        if "replaced_by" in asked.given:
            raise ValueError("a new tag is given with tags")
        animal = self._lives(register).record({**asdict(before), **asked.given, "tag": before.tag})
        if animal.sex != before.sex:
            animal = replace(animal, sex_changed=True)
        register.change_animal(animal)
        self._tell_change(asked, register.position(animal.tag).holding)
        return _told(register, animal)

    def replace_tag(self, asked: Asked) -> Done:
        """Give the animal `tag` a `new` one."""
        refuse_unknown(asked.given, ("tag", "new"))
        register = open_register(asked)
        old = find_animal(register, asked.member("tag"))
        if old.replaced_by:
            raise ValueError(f"{old.tag} was replaced by {old.replaced_by}")
        new = read_tag(asked.member("new"), old.species)
        _refuse_known(register, new)
        animal = retag(register, old, new)
        self._tell_change(asked, register.position(new).holding)
        return _told(register, animal)

    def record_movement(self, asked: Asked) -> Done:
        """An event of the animal `tag` that somebody reported in another way. No rule is asked."""
        register = open_register(asked)
        animal = find_animal(register, asked.member("tag"))
        told = {name: value for name, value in asked.given.items() if name != "tag"}
        movement = self._lives(register).movement(animal.tag, told)
        if movement.code in _ENTRIES:
            raise ValueError(f"an animal is registered with animals, not with code {movement.code}")
        before = register.position(animal.tag)
        recorded = register.record(movement)
        after = register.position(animal.tag)
        self._tell_change(asked, before.holding, after.holding, movement.holding)
        return asdict(recorded)

    def add_person(self, asked: Asked) -> Done:
        register = open_register(asked)
        person = self._reader(register).person(asked.given)
        if register.has_person(person.card):
            raise ValueError(f"there is a person with the card {person.card} already")
        register.add_persons([person])
        return asdict(person)

    def add_address(self, asked: Asked) -> Done:
        register = open_register(asked)
        address = self._reader(register).address(asked.given)
        if address in register.addresses():
            raise ValueError("there is this address already")
        register.add_addresses([address])
        return asdict(address)

    def add_order(self, asked: Asked) -> Done:
        """One row of an order of ear tags."""
        register = open_register(asked)
        order = self._reader(register).order({"received": self._now(asked), **asked.given})
        orders = TagOrders(register.transaction, register.environment)
        known = {(each.sequence, each.first) for each in orders.of(order.holding)}
        if (order.sequence, order.first) in known:
            raise ValueError(f"order {order.sequence} has tags from {order.first} on already")
        orders.add([order])
        return asdict(order)

    def add_login(self, asked: Asked) -> Done:
        """A login with its WS key and the subjects that it may act for."""
        register = open_register(asked)
        login = self._reader(register).login(asked.given)
        if find_account(register.transaction, NAME, register.environment, login.login):
            raise ValueError(f"there is a login {login.login} already")
        add_logins(register, [login])
        return asdict(login) | {"environment": asked.environment}

    def process(self, asked: Asked) -> Done:
        """Process all reports that wait, in both environments, due or not."""
        return {"processed": process_now(asked.visit, self.contract)}

    def _reader(self, register: Register) -> WorldReader:
        return WorldReader(
            self.contract,
            subjects={subject.id: subject for subject in register.subjects()},
            holdings={holding.number: holding for holding in register.holdings(HoldingSearch())},
            stables=_stables(register),
        )

    def _lives(self, register: Register) -> LifeReader:
        reader = self._reader(register)
        return LifeReader(self.contract, reader.holdings, reader.stables)

    def _now(self, asked: Asked) -> str:
        return local_time(self.contract, asked.visit.now)

    def _tell_change(self, asked: Asked, *holdings: str) -> None:
        changes = Changes(asked.visit.transaction, asked.environment)
        changes.tell(holdings, self._now(asked))


def _stables(register: Register) -> dict[tuple[str, str], Stable]:
    rows = register.transaction.execute(_STABLES, {"where": register.environment})
    return {(holding, number): Stable(holding, number, name) for holding, number, name in rows}


def _refuse_known(register: Register, tag: str) -> None:
    """An animal whose birth was cancelled has left its events behind."""
    if register.animal(tag) or register.movements(tag):
        raise ValueError(f"there is, or was, an animal {tag}")


def _told(register: Register, animal: Animal) -> Done:
    return asdict(animal) | asdict(register.position(animal.tag))
