"""Two keepers report whatever they like, and the register stays consistent."""

import re
from datetime import timedelta
from itertools import count
from typing import Any

from hypothesis import settings, target
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import func, select

from podatelna.izr import history
from podatelna.izr.model import ServiceError
from podatelna.izr.tables import ANIMAL, LOG, MOVEMENT, REPORT
from tests.izr.desks import (
    CARD,
    EWE,
    GOAT,
    HOME,
    NEIGHBOUR,
    OTHER,
    SUBJECT,
    TAG,
    Office,
    event,
    opened,
    row,
)

KEEPERS = {HOME: SUBJECT, OTHER: NEIGHBOUR}
HOLDINGS = st.sampled_from(list(KEEPERS))
SHEEP = st.sampled_from([TAG, EWE])
DAYS = st.integers(1, 9).map(lambda day: f"2025-05-0{day}")
CODES = st.sampled_from(
    [30, 70, 97, 93, 40, 94, 50, 95, 60, 66, 96, 63, 80, 98, 19, 92, 99, 39, 79]
)


class Registry(RuleBasedStateMachine):
    """Reports of every kind, verified and sent, in every mode of processing."""

    def __init__(self) -> None:
        super().__init__()
        self._opened = opened()
        self.office: Office = self._opened.__enter__()
        self.office.set(soft_errors=[])
        self.lambs = count(1)
        self.sent = 0
        """Rows of reports that were answered true."""
        self.seeded = self.counts()[0]

    def teardown(self) -> None:
        target(float(self.sent))
        self._opened.__exit__(None, None, None)

    def counts(self) -> tuple[int, ...]:
        """Rows of movements, of the log, of reports that wait, and of animals."""
        tables = (MOVEMENT, LOG, REPORT, ANIMAL)
        count_all = [select(func.count()).select_from(table) for table in tables]
        return tuple(self.office.transaction.execute(each).scalar_one() for each in count_all)

    def results(self) -> tuple[int, int]:
        """Rows that were processed without and with an error, as the e-mails tell."""
        bodies = " ".join(body for _, _, body in self.office.posted)
        found = (r"bez chyby: (\d+)", r"S chybou: (\d+)")
        accepted, refused = (sum(map(int, re.findall(each, bodies))) for each in found)
        return accepted, refused

    def send(self, call: Any, rows: int, holding: str, *, verify: bool) -> None:
        self.office.subject = KEEPERS[holding]
        before = self.counts()
        answer = call()
        if isinstance(answer, ServiceError):
            assert answer.key == "validation_failed"
            assert self.counts() == before
        elif verify:
            assert self.counts() == before
        else:
            self.sent += rows

    @rule()
    def at_once(self) -> None:
        self.office.set(processing="immediate")

    @rule(seconds=st.sampled_from([1, 3600, 200_000]))
    def later(self, seconds: int) -> None:
        self.office.set(processing="delay", processing_delay_seconds=seconds)

    @rule()
    def at_night(self) -> None:
        self.office.set(processing="nightly")

    @rule(
        holding=HOLDINGS,
        tags=st.lists(SHEEP, min_size=1, max_size=3),
        day=DAYS,
        card=st.sampled_from([CARD, CARD, "987654321"]),
        verify=st.booleans(),
    )
    def move(self, holding: str, tags: list[str], day: str, card: str, *, verify: bool) -> None:
        """To a temporary holding."""
        animals = [row(tag, day) for tag in tags]
        about = {"PROVOZOVNA": holding, "CISLOOP": card, "EMAIL": "a@b.example"}
        self.send(
            lambda: self.office.move(*animals, verify=verify, **about),
            len(animals),
            holding,
            verify=verify,
        )

    @rule(
        holding=HOLDINGS,
        codes=st.lists(CODES, min_size=1, max_size=3),
        tag=SHEEP,
        day=DAYS,
        other=st.sampled_from(["", HOME, OTHER]),
        verify=st.booleans(),
    )
    def report(self, holding: str, codes: list[int], *, verify: bool, **about: str) -> None:
        rows = [
            event(code, about["tag"], about["day"], Provozovna=about["other"]) for code in codes
        ]
        self.send(
            lambda: self.office.report(
                *rows, verify=verify, Provozovna=holding, EMAIL="a@b.example"
            ),
            len(rows),
            holding,
            verify=verify,
        )

    @rule(holding=HOLDINGS, day=DAYS)
    def birth(self, holding: str, day: str) -> None:
        lamb = event(21, f"SK{next(self.lambs):04}", day, Matka=TAG)
        self.send(
            lambda: self.office.report(lamb, Provozovna=holding, EMAIL="a@b.example"),
            1,
            holding,
            verify=False,
        )

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        """All that is due is processed; here at once, whenever it was due."""
        self.office.now += timedelta(hours=hours)
        self.office.process()

    @invariant()
    def what_was_answered_true_waits_or_is_processed(self) -> None:
        movements, log, waiting, _ = self.counts()
        accepted, refused = self.results()
        assert accepted + refused + waiting == self.sent
        assert movements - self.seeded == accepted
        assert log >= refused

    @invariant()
    def an_animal_is_where_its_events_lead(self) -> None:
        register = self.office.register
        for tag in (TAG, EWE, GOAT):
            there = register.position(tag)
            assert there == history.position(register.movements(tag))
            homes = [
                holding
                for holding in KEEPERS
                if tag in [animal.tag for animal, _ in register.animals_on(holding)]
            ]
            assert homes == ([there.holding] if there.holding else [])

    @invariant()
    def what_is_now_is_what_is_at_the_end_of_days(self) -> None:
        register = self.office.register
        for holding in KEEPERS:
            assert register.animals_on(holding) == register.animals_on(holding, "", "9999-12-31")


TestRegistry = Registry.TestCase
TestRegistry.settings = settings(max_examples=30, stateful_step_count=25)
