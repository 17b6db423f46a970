"""The model of SDNS: what it takes over, and what becomes of it (SOURCES.md)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.sdns.machine import checking, telling, terms, world
from tests.sdns.machine.header import Case, broken
from tests.sdns.machine.lifecycle import (
    CANCELLED,
    EDGES,
    REPLACED,
    before,
    checked,
    complete,
    left,
    rows,
)
from tests.sdns.machine.records import (
    CHANGE,
    CONFIRMATION,
    FIRST,
    LAST,
    WITHDRAWAL,
    Header,
    Issue,
    Key,
    Message,
    Occurrence,
    Stored,
)

Step = Callable[[], None]


@dataclass(order=True)
class Due:
    at: datetime
    accepts: bool
    """Issues go on before the next message is accepted."""
    number: int
    do: Step = field(compare=False)


class Bank:
    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.settings: Mapping[str, Any] = settings
        self.now = world.START
        self.messages: list[Message] = []
        self.issues: list[Issue] = []
        self.occurrences: dict[Key, Occurrence] = {}
        self.letters: list[telling.Letter] = []
        self._due: list[Due] = []
        self._planned = 0

    # -- what a header is held against

    def message_numbered(self, sender: str, number: str) -> Message | None:
        """One that was accepted into processing."""
        for message in self.messages:
            header = message.header
            if message.issue and (header.sender, header.number) == (sender, number):
                return message
        return None

    def issues_numbered(self, sender: str, number: str) -> list[Issue]:
        return [each for each in self.issues if (each.sender, each.number) == (sender, number)]

    # -- calls and time

    def take_over(self, login: str, file: str, header: Header) -> str:
        """The code of the answer."""
        self.settle(self.now)
        if file[2:5] != world.PREFIXES[world.USERS[login]]:
            return "Data send denied"
        if any(message.file == file for message in self.messages):
            return "Duplicate data"
        message = Message(len(self.messages) + 1, file, login, self.now, header)
        self.messages.append(message)
        self._accept_later(message, self.now + self._seconds("acceptance_delay_seconds"))
        return "OK"

    def advance(self, by: timedelta) -> None:
        self.settle(self.now)
        self.settle(self.now + by)

    def settle(self, until: datetime) -> None:
        """Do what falls due, each thing at its time."""
        while (due := self.next_due()) and due.at <= until:
            self._due.remove(due)
            self.now = due.at
            due.do()
        self.now = until

    def next_due(self) -> Due | None:
        return min(self._due, default=None)

    def _plan(self, delay: str, do: Step) -> None:
        self._planned += 1
        at = self.now + self._seconds(delay)
        self._due.append(Due(at, False, self._planned, do))

    def _accept_later(self, message: Message, at: datetime) -> None:
        self._due.append(Due(at, True, message.id, lambda: self._accept(message)))

    def _seconds(self, name: str) -> timedelta:
        return timedelta(seconds=self.settings[name])

    # -- acceptance

    def _accept(self, message: Message) -> None:
        occurrence = self.occurrences.get(message.header.key)
        if occurrence and occurrence.busy:
            waiting = (step for step in self._due if getattr(step.do, "of", None) is occurrence)
            self._accept_later(message, next(waiting).at)
            return
        case = Case(message, self)
        rules = tuple(broken(case))
        message.accepted = self.now
        if rules:
            message.refused = telling.header_errors(rules, message.header)
            self._tell(telling.refused(self, message))
            return
        if message.header.has_data:
            self._begin(case)
        else:
            self._without_data(case)

    def _begin(self, case: Case) -> None:
        message, header = case.message, case.header
        occurrence = self.occurrences.get(header.key)
        if occurrence is None:
            occurrence = Occurrence(header.key, terms.plan(header.code, header.key.day))
            self.occurrences[header.key] = occurrence
        part = header.part
        begun = case.here(case.begun) if part and part.edge != FIRST else None
        issue = begun or self._made(case, occurrence, 10)
        if part:
            issue.parts, issue.complete = int(part.order), part.edge == LAST
        self._join(message, issue)
        issue.blocks = issue.blocks or header.blocks
        for row in header.rows or ():
            removes = header.status == CHANGE and not row.value
            issue.rows.append(Stored(message.id, row, removes))
        if header.blocks and self.settings["block_structure"] == "refuse":
            issue.troubles.append(telling.trouble("block_not_supported"))
        self._enter(occurrence, 20)
        if issue.complete:
            self._go_on("checking_delay_seconds", self._check, occurrence, issue)

    def _go_on(
        self, delay: str, do: Callable[[Occurrence, Issue], None], of: Occurrence, issue: Issue
    ) -> None:
        def step() -> None:
            of.busy = False
            do(of, issue)

        step.of = of  # type: ignore[attr-defined] # a function holds what it is about
        of.busy = True
        self._plan(delay, step)

    def _made(self, case: Case, occurrence: Occurrence, state: int) -> Issue:
        header = case.header
        issue = Issue(
            id=len(self.issues) + 1,
            number=header.part.issue if header.part else header.number,
            file=case.message.file,
            sender=header.sender,
            status=header.status,
            accepted=self.now,
            state=state,
            since=self.now,
            referred=case.here(case.named),
        )
        self.issues.append(issue)
        occurrence.issues.append(issue)
        return issue

    def _join(self, message: Message, issue: Issue) -> None:
        message.issue = issue
        issue.messages.append(message)

    # -- messages without data

    def _without_data(self, case: Case) -> None:
        occurrence, referred = case.occurrence, case.here(case.named)
        assert occurrence is not None
        assert referred is not None
        fictive = self._made(case, occurrence, 0)
        self._join(case.message, fictive)
        if self._breaks_down(case.message):
            self._fail(occurrence, fictive)
            return
        if case.header.status == CONFIRMATION:
            self._turn(referred, 52)
            self._enter(occurrence, 50)
        elif case.header.status == WITHDRAWAL:
            self._withdraw(occurrence, case.header)
        else:
            self._cancel(occurrence, [referred])
        self._tell(telling.result(self, occurrence, fictive))

    def _withdraw(self, occurrence: Occurrence, header: Header) -> None:
        withdrawn = self.message_numbered(header.sender, header.reference)
        assert withdrawn is not None
        emptied = []
        for issue in self.issues:
            others = [each for each in issue.rows if each.message != withdrawn.id]
            if issue.rows and not others:
                emptied.append(issue)
            issue.rows = others
        self._cancel(occurrence, emptied)

    def _cancel(self, occurrence: Occurrence, cancelled: list[Issue]) -> None:
        for issue in cancelled:
            if issue.state in CANCELLED:
                self._turn(issue, CANCELLED[issue.state])
                issue.rows = []
                if occurrence.current is issue:
                    occurrence.current = None
        self._enter(occurrence, left(occurrence))

    # -- checks and storage

    def _check(self, occurrence: Occurrence, issue: Issue) -> None:
        if any(map(self._breaks_down, issue.messages)):
            self._fail(occurrence, issue)
            return
        if issue.rows:
            complete(occurrence, issue)
        if not issue.rows and not issue.blocks:
            issue.troubles.append(telling.trouble("no_records"))
        issue.failed = checking.failed(occurrence.key.code, rows(issue), self._details)
        self._turn(issue, checked(issue))
        if issue.state not in (15, 16):
            self._go_on("storing_delay_seconds", self._store, occurrence, issue)
            return
        if self.settings["refused_state"] == "at_once":
            self._turn(issue, 61)
        self._enter(occurrence, 40)
        self._tell(telling.result(self, occurrence, issue))

    def _store(self, occurrence: Occurrence, issue: Issue) -> None:
        if issue.state == 17:
            self._turn(issue, 31)
        else:
            self._turn(issue, 20)
            if issue.rows:  # of BLOK nothing is known
                last = before(occurrence, self.occurrences.values())
                of_last = rows(last) if last else None
                issue.failed = checking.implausible(occurrence.key.code, rows(issue), of_last)
            self._turn(issue, 32 if issue.failed else 51)
        for other in occurrence.issues:
            if other is not issue:
                if other.state in REPLACED:
                    self._turn(other, REPLACED[other.state])
                if other.complete:
                    other.rows = []
        occurrence.current = issue
        self._enter(occurrence, 50 if issue.state == 51 else 30)
        self._tell(telling.result(self, occurrence, issue))

    def _breaks_down(self, message: Message) -> bool:
        return message.file in self.settings["internal_error_files"]

    def _fail(self, occurrence: Occurrence, issue: Issue) -> None:
        if issue.state != 0:  # a confirmation or a cancellation asks for nothing
            self._enter(occurrence, 40)
        issue.troubles.append(telling.trouble("internal_error"))
        self._turn(issue, 99)
        self._tell(telling.result(self, occurrence, issue))

    # -- states

    def _turn(self, issue: Issue, state: int) -> None:
        assert state in EDGES[issue.state], (issue, state)
        issue.state, issue.since = state, self.now

    def _enter(self, occurrence: Occurrence, state: int) -> None:
        """With the Termin of the state (Q23)."""
        if state == occurrence.state:
            return
        occurrence.state = state
        days = {30: "confirmation_days", 40: "correction_days"}
        if state in days:
            occurrence.term = terms.later(self.now, self.settings[days[state]])
        elif state != 20:
            occurrence.term = terms.plan(occurrence.key.code, occurrence.key.day)

    def _tell(self, letter: telling.Letter | None) -> None:
        if letter and letter.recipient and self.settings["protocols"]:
            self.letters.append(letter)

    @property
    def _details(self) -> int:
        most: int = self.settings["details_most"]
        return most
