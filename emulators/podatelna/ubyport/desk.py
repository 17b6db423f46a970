"""The counter: builds an operation's desk from what the house hands over with a visit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from zoneinfo import ZoneInfo

from podatelna.kernel.accounts import Account, block_account
from podatelna.kernel.contract import Contract
from podatelna.kernel.settings import Settings
from podatelna.kernel.visit import Visit
from podatelna.ubyport.deadlines import on_time_since
from podatelna.ubyport.documents import Stationery
from podatelna.ubyport.operations import Desk, Practice
from podatelna.ubyport.rules import Facts
from podatelna.ubyport.state import Register
from podatelna.ubyport.unl import MOST_GUESTS


@dataclass(frozen=True)
class Counter:
    """What all desks of the agency share: its contract and what follows from it."""

    contract: Contract

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.contract.constant("time_zone"))

    @cached_property
    def countries(self) -> frozenset[str]:
        rows = self.contract.codelist("countries")
        return frozenset(row["code"] for row in rows if row["in_service"] == "1")

    @cached_property
    def purposes(self) -> frozenset[int]:
        return frozenset(int(row["code"]) for row in self.contract.codelist("purposes"))

    @cached_property
    def severities(self) -> Mapping[str, int]:
        return {key: entry.severity or 0 for key, entry in self.contract.errors.items()}

    def desk(self, visit: Visit, account: Account, *, from_file: bool = False) -> Desk:
        """The desk for one call; files have a few limits of their own (Appendix 3)."""
        settings = visit.settings
        now = visit.now.astimezone(self.zone)
        return Desk(
            register=Register(visit.transaction, account.environment),
            login=account.login,
            idub=account.subject,
            now=now,
            facts=partial(self._facts, settings, now.date(), "_unl" if from_file else ""),
            practice=_practice(settings, account.environment, from_file=from_file),
            severity=self.severities.__getitem__,
            next_stamp=lambda: str(visit.ids.guid("ubyport.stamp")).upper(),
            block=partial(block_account, visit.transaction, account),
        )

    def stationery(self, visit: Visit) -> Stationery:
        settings = visit.settings
        return Stationery(
            errors=self.contract.errors,
            duplicates_accepted=settings["duplicate_listing"] == "accepted",
            error_document=str(settings["error_document"]),
            sealed=settings["seal"] is True,
            seed=visit.ids.seed.encode(),
        )

    def _facts(self, settings: Settings, today: date, channel: str) -> Facts:
        return Facts(
            today=today,
            on_time_since=on_time_since(
                today,
                self.contract.constant("late_after_working_days"),
                public_holidays=settings["public_holidays"] is True,
            ),
            countries=self.countries if settings["unknown_nationality"] == "refused" else None,
            purposes=self.purposes,
            document_number_minimum=whole(settings, f"document_number_minimum{channel}"),
            residence_maximum=whole(settings, f"residence_maximum{channel}"),
            surname_may_be_null=settings["missing_surname"] == "accepted",
            same_day_departure=settings["departure_same_day"] == "accepted",
        )


def _practice(settings: Settings, environment: str, *, from_file: bool) -> Practice:
    return Practice(
        list_length=MOST_GUESTS if from_file else whole(settings, "max_list_length"),
        code_required=settings["authentication_code"] == "required",
        duplicate_check=settings["duplicate_check"] is True,
        duplicates_within_batch=settings["duplicates_within_batch"] is True,
        persons_a_day=whole(settings, "test_persons_a_day") if environment == "test" else 0,
    )


def whole(settings: Settings, name: str) -> int:
    """A setting that is a number."""
    value = settings[name]
    assert isinstance(value, int)
    return value
