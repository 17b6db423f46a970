"""Messages as they were chosen, beside what the bank has."""

from dataclasses import dataclass, replace
from typing import Any

from tests.sdns.machine import world
from tests.sdns.machine.bank import Bank
from tests.sdns.machine.choices import Choice, Slot
from tests.sdns.machine.header import BY_MESSAGE, REASONS, WITH_DATA, standing
from tests.sdns.machine.records import (
    FIRST,
    INTENT,
    LAST,
    METHODOLOGY,
    REQUEST,
    Header,
    Issue,
    Part,
)


@dataclass(frozen=True)
class Composer:
    """Writes headers for a reporter who knows what became of his messages."""

    _bank: Bank

    def header(self, slot: Slot, choice: Choice, number: str) -> Header:
        status = choice.status
        sender = world.USERS[slot.login]
        reasons = sorted(REASONS.get(status, {METHODOLOGY}))
        header = Header(
            sender=sender,
            number=number,
            part=None,
            methodology=world.METHODOLOGY,
            test=slot.test,
            data_set=world.full_code(slot.code),
            subject=slot.subject,
            scope=world.SCOPE,
            as_of=slot.as_of,
            status=status,
            reason=reasons[choice.index % len(reasons)],
            reference="",
            rows=choice.rows if status in WITH_DATA else None,
        )
        header = replace(header, reference=self._reference(choice, header))
        apart = status in WITH_DATA and slot.code == world.MONTHLY
        if choice.part and (apart or choice.index == 5):
            header = replace(header, part=self._part(choice, header))
        return self._flawed(header, choice)

    def _reference(self, choice: Choice, header: Header) -> str:
        here = self._bank.occurrences.get(header.key)
        issues = self._bank.issues if choice.reference == "foreign" else here.issues if here else []
        if choice.reference == "unknown":
            return "999"
        if choice.reference == "none" or not issues:
            return ""
        issue = issues[choice.index % len(issues)]
        if choice.reference == "last":
            issue = standing(here) or issue
        if header.status in BY_MESSAGE or choice.reference == "message":
            return issue.messages[choice.index % len(issue.messages)].header.number
        return issue.number

    def _part(self, choice: Choice, header: Header) -> Part | None:
        begun = self._begun(header)
        number, order = (begun.number, begun.parts + 1) if begun else (f"7{header.number}", 1)
        edges = {"last": LAST, "next": "" if begun else FIRST, "skipped": ""}
        if choice.part == "first":
            return Part("1", f"7{header.number}", FIRST)
        if choice.part == "skipped":
            order += 1
        return Part(str(order), number, edges[choice.part])

    def _begun(self, header: Header) -> Issue | None:
        here = self._bank.occurrences.get(header.key)
        found = [each for each in (here.issues if here else []) if not each.complete]
        return found[-1] if found else None

    def _flawed(self, header: Header, choice: Choice) -> Header:
        numbers = [each.header.number for each in self._bank.messages] or [header.number]
        issues = [each.number for each in self._bank.issues] or [header.number]
        flaws: dict[str, dict[str, Any]] = {
            "sender": {"sender": world.OTHER if header.sender == world.FIRM else world.FIRM},
            "methodology": {"methodology": world.STRANGE},
            "no_methodology": {"methodology": "ZKU20260101.01"},
            "version": {"data_set": f"{header.code}.02.00"},
            "scope": {"scope": "ZCR"},
            "subject": {"subject": world.STRANGER},
            "day": {"as_of": "20260227" if header.code == world.MONTHLY else "20260225"},
            "no_day": {"as_of": "20260230"},
            "early": {"as_of": "20091231"},
            "reason": {"reason": (METHODOLOGY, REQUEST, INTENT)[choice.index % 3]},
            "presence": {"rows": None if header.has_data else choice.rows},
            "blocks": {"blocks": header.has_data, "rows": None},
            "long_number": {"number": f"123456789{header.number:0>6}"},
            "number": {"number": numbers[choice.index % len(numbers)]},
            "issue_number": {"number": issues[choice.index % len(issues)]},
        }
        return replace(header, **flaws.get(choice.flaw, {}))
