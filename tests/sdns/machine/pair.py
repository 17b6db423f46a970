"""The emulator and the model side by side: each call goes to both, and all must agree."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from itertools import zip_longest
from typing import Any

from tests.sdns.machine import telling, terms, world
from tests.sdns.machine.bank import Bank
from tests.sdns.machine.choices import Choice, Slot
from tests.sdns.machine.composing import Composer
from tests.sdns.machine.emulator import Emulator, written
from tests.sdns.machine.header import BY_MESSAGE, SPLITTABLE_ONLY, standing
from tests.sdns.machine.lifecycle import EDGES
from tests.sdns.machine.records import (
    CONFIRMATION,
    CORRECTION,
    NEW,
    Header,
    Key,
    Row,
)

NOTHING = (
    "ERROR",
    "sql.pcgcall.InternalProcedureError",
    "Pro zadané vstupní parametry nebyla vybrána žádná data",
)
FINE = ("SUCCESS", "", "")
OCCURRENCE_EDGES: Mapping[int, set[int]] = {
    10: {15, 20, 65},
    15: {18, 20, 65},
    18: {20, 65},
    20: {10, 15, 18, 30, 40, 50},
    30: {10, 15, 18, 20, 40, 50, 65},
    40: {10, 15, 18, 20, 50, 30, 65},
    50: {10, 15, 18, 20, 40, 30, 55},
    55: {65},
    65: {55},
}
"""A cancelled one is again what the calendar says, or what is left of it (Q31). What was accepted
before the closing is processed after it, and changes the state of an occurrence that is closed."""


@cache
def _usual() -> Mapping[str, Any]:
    return {name: each["value"] for name, each in telling.lists("service.yaml")["settings"].items()}


class Pair:
    """One history in both."""

    def __init__(self, emulator: Emulator, settings: Mapping[str, Any], slots: list[Slot]) -> None:
        self.emulator, self.slots = emulator, slots
        emulator.anew(settings)
        self.bank = Bank({**_usual(), **settings})
        self._files = 0
        self._issues: dict[str, int] = {}
        self._occurrences: dict[tuple[str, ...], int] = {}

    # -- what is done

    def send(self, choice: Choice) -> None:
        """One message, as it was chosen."""
        self.bank.settle(self.bank.now)
        slot = self.slots[choice.slot % len(self.slots)]
        if choice.flaw == "twin":
            slot = replace(slot, test=not slot.test)
        self._send(slot, choice, self._header(slot, choice))

    def follow(self, choice: Choice) -> None:
        """The same, but what can mean nothing is turned into something that can."""
        self.bank.settle(self.bank.now)
        slot = self.slots[choice.slot % len(self.slots)]
        key = Key(slot.code, slot.subject, world.SCOPE, slot.as_of, slot.test)
        if standing(self.bank.occurrences.get(key)) is None and not self._waits(key):
            choice = replace(choice, status=NEW, reference="none")
        elif slot.code != world.MONTHLY and choice.status in SPLITTABLE_ONLY | {NEW}:
            choice = replace(choice, status=CORRECTION)
        self.send(choice)

    def _waits(self, key: Key) -> bool:
        here = self.bank.occurrences.get(key)
        return here is not None and here.state == 20

    def _send(self, slot: Slot, choice: Choice, header: Header) -> None:
        login, file = slot.login, self._file(slot, choice)
        expected = self.bank.take_over(login, file, header)
        answer = self.emulator.load(login, file, written(header))
        assert answer == expected, f"{header}\nemulator: {answer}\nmodel:    {expected}"
        self.compare(header.key, login)

    def respond(self, index: int, confirm: bool, rows: tuple[Row, ...]) -> None:
        """Answer one of the requests that are open, as the manual says."""
        self.bank.settle(self.bank.now)
        found = [each for each in self.bank.occurrences.values() if each.state in (30, 40)]
        if not found:
            return
        occurrence = found[index % len(found)]
        asked = standing(occurrence) or occurrence.issues[-1]
        status = CONFIRMATION if confirm and asked.state in (31, 32) else CORRECTION
        key = occurrence.key
        login = next(name for name, of in world.USERS.items() if of == asked.sender)
        slot = Slot(login, key.subject, key.code, key.as_of, key.test)
        number = asked.messages[-1].header.number if status in BY_MESSAGE else asked.number
        choice = Choice(0, status, rows, "none")
        self._send(slot, choice, replace(self._header(slot, choice), reference=number))

    def finish(self) -> None:
        """Let everything be processed that was sent."""
        while due := self.bank.next_due():
            self._pass(max(due.at - self.bank.now, timedelta(0)))
            self._compare_all_issues()
        self.compare_all()

    def advance(self, by: timedelta) -> None:
        self._pass(by)
        self.compare_all()

    def _pass(self, by: timedelta) -> None:
        self.bank.advance(by)
        self.emulator.advance(by)

    def reach(self, index: int, early: bool) -> None:
        """Go to an instant at which something changes, or just before it."""
        moments = sorted(at for at in self._moments() if at > self.bank.now)
        if moments:
            by = moments[index % len(moments)] - self.bank.now
            self.advance(by - timedelta(seconds=int(early and by > timedelta(seconds=1))))

    def _moments(self) -> Iterator[datetime]:
        if due := self.bank.next_due():
            yield due.at
        for key in self.bank.occurrences:
            plan = terms.plan(key.code, key.day)
            yield terms.passed(plan)
            if self._files % 5 == 0:
                yield terms.passed(plan, self.bank.settings["closing_days"])

    def _header(self, slot: Slot, choice: Choice) -> Header:
        return Composer(self.bank).header(slot, choice, str(101 + self._files))

    def _file(self, slot: Slot, choice: Choice) -> str:
        prefix = world.PREFIXES[world.USERS[slot.login]]
        if choice.flaw == "file" and self.bank.messages:
            return self.bank.messages[choice.index % len(self.bank.messages)].file
        self._files += 1
        return f"ws{'997' if choice.flaw == 'prefix' else prefix}{self._files:07}.xml"

    # -- what is seen

    def compare(self, key: Key, login: str) -> None:
        """Lists that a message for this occurrence can have changed."""
        self.bank.settle(self.bank.now)
        if key.code in world.SETS and key.scope == world.SCOPE and key.as_of != "20260230":
            self._compare_issues(key)
        self._compare_refused(login)
        self._compare_letters()

    def compare_all(self) -> None:
        self.bank.settle(self.bank.now)
        self._compare_all_issues()
        for subject in {slot.subject for slot in self.slots}:
            self._compare_occurrences(subject)
        for login in {slot.login for slot in self.slots}:
            self._compare_refused(login)

    def _compare_all_issues(self) -> None:
        for key in {replace(key, test=False) for key in self.bank.occurrences}:
            self._compare_issues(key)
        self._compare_letters()

    def _compare_issues(self, key: Key) -> None:
        extent, descriptions = ("VSE", "A") if self._files % 4 else ("POSLEDNI", "N")
        if key.subject == world.STRANGER:
            return
        found = self._asked(
            "VYDANI_SEZNAM_JH",
            "uziv0001",
            telling.issues(self.bank, key, extent, told=descriptions == "A"),
            ObdobiV=f"{key.day:%d.%m.%Y}",
            SubjektV=key.subject,
            RozsahV=key.scope,
            DatovySoubor=key.code,
            Rozsah=extent,
            Popis=descriptions,
        )
        for at in range(0, len(found), 3):
            data_set, occurrence, issue = found[at : at + 3]
            self._look_at(_text(data_set, "Kod"), occurrence)
            name = _text(issue, "SouborExt")
            state = int(_text(issue, "StavKod"))
            begin = self._issues.setdefault(name, 0 if state == 0 else 10)
            assert state in _reachable(EDGES, begin), f"{name}: {begin} to {state}"
            self._issues[name] = state

    def _compare_occurrences(self, subject: str) -> None:
        since, until = world.WINDOW
        found = self._asked(
            "VYSKYTY_SEZNAM_JH",
            "uziv0001",
            telling.occurrences(self.bank, subject),
            ObdobiOd=f"{since:%d.%m.%Y}",
            ObdobiDo=f"{until:%d.%m.%Y}",
            SubjektV=subject,
        )
        for at in range(0, len(found), 2):
            self._look_at(_text(found[at], "Kod"), found[at + 1])

    def _look_at(self, code: str, occurrence: telling.Shown) -> None:
        names = ("Subjekt", "Obdobi", "Rozsah", "Testovaci")
        name = (code, *(_text(occurrence, each) for each in names))
        state = int(_text(occurrence, "StavKod"))
        begin = self._occurrences.setdefault(name, 10)
        reachable = _reachable(OCCURRENCE_EDGES, begin)
        assert state in reachable, f"{name}: {begin} to {state}"
        self._occurrences[name] = state

    def _compare_refused(self, login: str) -> None:
        expected = telling.refused_messages(self.bank, login)
        days = {"DatumOd": "01.01.2026", "DatumDo": "31.12.2030"}
        self._asked("DZ_ERR_SEZNAM", login, expected, **days)

    def _asked(
        self, query: str, login: str, expected: list[telling.Shown], **given: str
    ) -> list[telling.Shown]:
        found, log = self.emulator.ask(query, login, **given)
        assert found == expected, f"{query} {given}{_difference(found, expected)}"
        assert log == (FINE if expected else NOTHING)
        return found

    def _compare_letters(self) -> None:
        posted, told = self.emulator.new_letters(), list(self.bank.letters)
        assert posted == told, _difference(posted, told)
        self.bank.letters.clear()


def _difference(found: list[Any], expected: list[Any]) -> str:
    """Only what differs, as far down as it can be told."""
    pairs = list(zip_longest(found, expected))
    return "".join(_differing(*pair) for pair in pairs if pair[0] != pair[1])


def _differing(here: Any, there: Any) -> str:
    both = isinstance(here, tuple) and isinstance(there, tuple)
    if both and here[:3] == there[:3]:
        return f"\n{_identity(here)}" + _difference(list(here[3]), list(there[3]))
    return f"\nemulator: {here}\nmodel:    {there}"


def _identity(shown: telling.Shown) -> str:
    return f"{shown[0]} {shown[3][0][2] if shown[3] else shown[1]}"


def _text(shown: telling.Shown, name: str) -> str:
    return next((text for of, _, text, _ in shown[3] if of == name), "")


def _reachable(edges: Mapping[int, set[int]], begin: int) -> frozenset[int]:
    found, ahead = {begin}, [begin]
    while ahead:
        new = edges.get(ahead.pop(), set()) - found
        found |= new
        ahead += new
    return frozenset(found)
