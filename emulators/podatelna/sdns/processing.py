"""What becomes of messages that were taken over, step by step (SOURCES.md, Q16).

Nothing runs by itself. What has fallen due is done before the next request, each at its own time.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from podatelna.kernel.contract import Contract
from podatelna.kernel.visit import Visit
from podatelna.sdns import accepting, deciding, letters
from podatelna.sdns.backlog import Kind, Step, drop_step, next_step
from podatelna.sdns.desk import Desk, open_desk
from podatelna.sdns.moments import instant, moment
from podatelna.sdns.occurrences import trouble

log = logging.getLogger(__name__)

RAISED: Final = (*accepting.RAISED, *deciding.RAISED)
"""What is reported in processing without a rule."""


@dataclass(frozen=True, slots=True)
class Source:
    """Something that falls due by itself."""

    next_due: Callable[[Visit, Contract], str]
    """When it does next, ISO 8601 in UTC, whether it is time or not; "": never."""
    run: Callable[[Visit, Contract], None]
    """Do it; `visit.now` is when it fell due. Afterwards it is due later or never."""


def settle(visit: Visit, contract: Contract, others: Iterable[Source] = ()) -> None:
    """Do all that has fallen due until `visit.now`, in the order of due times.

    Of what is due at the same time, steps of processing come before the other sources.
    """
    now, sources = instant(visit.now), (STEPS, *others)
    while (found := _first(visit, contract, sources)) and found[0] <= now:
        due, source = found
        source.run(replace(visit, now=moment(due)), contract)


def process_now(visit: Visit, contract: Contract) -> int:
    """Do all steps that wait, due or not, and those that follow; tells how many they were."""
    done = 0
    while step := next_step(visit.transaction):
        _take(visit, contract, step)
        done += 1
    return done


def _first(
    visit: Visit, contract: Contract, sources: Iterable[Source]
) -> tuple[str, Source] | None:
    dues = ((source.next_due(visit, contract), source) for source in sources)
    return min((found for found in dues if found[0]), key=lambda found: found[0], default=None)


# -- steps


def _next_due(visit: Visit, _: Contract) -> str:
    step = next_step(visit.transaction)
    return step.due if step else ""


def _run(visit: Visit, contract: Contract) -> None:
    step = next_step(visit.transaction)
    assert step is not None
    _take(visit, contract, step)


STEPS: Final = Source(_next_due, _run)


def _take(visit: Visit, contract: Contract, step: Step) -> None:
    """Do a step. If it breaks down, what it did is undone, and its issue is in state 99."""
    drop_step(visit.transaction, step)
    desk = open_desk(visit, contract, step.environment)
    trail = visit.trail
    posted, found = len(trail.posted), len(trail.findings)
    try:
        with visit.transaction.begin_nested():
            _DOINGS[step.step](desk, step)
    except Exception as error:
        log.exception("%s of SDNS broke down", step.step)
        del trail.posted[posted:], trail.findings[found:]
        desk.note(f"processing broke down ({step.step}): {type(error).__name__}: {error}")
        _break_down(desk, step)


def _break_down(desk: Desk, step: Step) -> None:
    """Nothing is lost: the message, with its content, stays for whoever looks into it."""
    issue = desk.register.issue(step.issue) if step.issue else None
    if issue:
        deciding.fail(desk, issue)
        return
    message = desk.register.message(step.message)
    if message:
        # No issue could be made of it that could be in state 99.
        wrong = trouble(desk, "internal_error")
        refused = replace(message, accepted=instant(desk.now), refused=(wrong,))
        desk.register.change_message(refused)
        letters.tell_refused(desk, refused)


def _accept(desk: Desk, step: Step) -> None:
    message = desk.register.message(step.message)
    assert message is not None
    accepting.accept(desk, message)


def _read(desk: Desk, step: Step) -> None:
    message, issue = desk.register.message(step.message), desk.register.issue(step.issue)
    assert message is not None
    assert issue is not None
    accepting.read(desk, message, issue)


def _check(desk: Desk, step: Step) -> None:
    issue = desk.register.issue(step.issue)
    assert issue is not None
    deciding.check(desk, issue)


def _store(desk: Desk, step: Step) -> None:
    issue = desk.register.issue(step.issue)
    assert issue is not None
    deciding.store(desk, issue)


_DOINGS: Final[Mapping[Kind, Callable[[Desk, Step], None]]] = {
    "accept": _accept,
    "read": _read,
    "check": _check,
    "store": _store,
}
