"""What becomes of a report that was sent: it is processed, at once or when it is due (Q13).

Nothing runs by itself. What has fallen due is done before the next request, each at its own time.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from podatelna.izr import letters
from podatelna.izr.backlog import next_due
from podatelna.izr.changes import Changes
from podatelna.izr.collection import code
from podatelna.izr.desk import Desk, open_desk
from podatelna.izr.history import REGISTRATIONS
from podatelna.izr.model import ENVIRONMENTS, Holding, LogRow, Report
from podatelna.izr.rules import Event, Header, Life, first_broken, holding_not_registered
from podatelna.izr.sendings import Lives, Sending, as_movement, born, ends_registration
from podatelna.kernel.contract import Contract
from podatelna.kernel.settings import Settings
from podatelna.kernel.visit import Visit

RAISED = ("person_not_found",)
"""What is reported here without a rule."""

DAY = timedelta(days=1)
_NIGHT = time(21)


def submit(desk: Desk, sending: Sending) -> None:
    """Take a valid report in, and process it if that is done at once."""
    due = due_time(desk.now, desk.settings)
    reports = _reports(desk, sending, due)
    letters.confirm(desk, reports)
    if due <= desk.now:
        process(desk, reports)
    else:
        desk.register.backlog.add(reports)


def settle(visit: Visit, contract: Contract) -> None:
    """Process all that has fallen due until `visit.now`, in the order of due times."""
    now = _instant(visit.now)
    due, environment, number = next_due(visit.transaction)
    while due <= now:
        then = replace(visit, now=datetime.fromisoformat(due))
        desk = open_desk(then, contract, environment)
        process(desk, desk.register.backlog.take(number))
        due, environment, number = next_due(visit.transaction)


def process_now(visit: Visit, contract: Contract) -> int:
    """Process all that waits, due or not; tells how many reports that were."""
    done = 0
    for environment in ENVIRONMENTS:
        desk = open_desk(visit, contract, environment)
        for number in desk.register.backlog.numbers():
            process(desk, desk.register.backlog.take(number))
            done += 1
    return done


def due_time(now: datetime, settings: Settings) -> datetime:
    """When a report that is sent now will be processed. `now` is in the agency's zone."""
    if settings["processing"] == "delay":
        seconds = settings["processing_delay_seconds"]
        assert isinstance(seconds, int)
        return (now.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(now.tzinfo)
    if settings["processing"] == "nightly":
        at = _time_of_day(str(settings["processing_time"]))
        tonight = datetime.combine(now.date(), at, now.tzinfo)
        return tonight if tonight > now else datetime.combine(now.date() + DAY, at, now.tzinfo)
    return now


def _time_of_day(text: str) -> time:
    """What is no time of day counts as 21:00."""
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return _NIGHT


def _reports(desk: Desk, sending: Sending, due: datetime) -> list[Report]:
    header, number = sending.header, desk.next_number("report")
    sent, when = _local(desk.now), _instant(due)
    movements = (as_movement(event, header) for event in sending.events)
    return [
        Report(
            number=number,
            line=line,
            service=sending.service,
            subject=desk.subject,
            holding=movement.holding,
            stable=movement.stable,
            species=event.species,
            tag=movement.tag,
            day=movement.day,
            code=movement.code,
            sent=sent,
            due=when,
            card=header.card.strip(),
            email=sending.email,
            other=movement.other,
            country=movement.country,
            dam=event.dam,
        )
        for line, (event, movement) in enumerate(zip(sending.events, movements, strict=True), 1)
    ]


# -- processing itself


def process(desk: Desk, reports: Sequence[Report]) -> None:
    """Process the rows of one report: each goes into the register, into the error log, or both.

    The register may have changed since the report was verified, so that rows are verified again.
    """
    first = reports[0]
    register = desk.register
    holding = register.holding(first.holding) or Holding(first.holding, first.subject, "")
    header = Header(holding, first.stable)
    events = [_event(report) for report in reports]
    lives = Lives(register, header, events)
    stranger = bool(first.card) and not register.has_person(first.card)
    rows: list[LogRow] = []
    changed: set[str] = set()
    refused = 0
    for report, event in zip(reports, events, strict=True):
        life = lives.of(event)
        wrong = _wrong(event, life, stranger=stranger)
        rows += [_log_row(desk, report, key) for key in wrong]
        refused += bool(wrong)
        if not any(_forbids(desk, key) for key in wrong):
            changed |= _record(desk, header, event, life)
            lives.happen(event)
    Changes(register.transaction, register.environment).tell(changed, _local(desk.now))
    register.log.add([(desk.next_number("log"), row) for row in rows])
    letters.tell_result(desk, reports, rows, refused)


def _event(report: Report) -> Event:
    return Event(
        report.tag,
        report.species,
        report.day,
        report.code,
        report.other,
        report.country,
        report.dam,
    )


def _wrong(event: Event, life: Life, *, stranger: bool) -> list[str]:
    """Keys of what is wrong with a row."""
    wrong = ["person_not_found"] if stranger else []
    if holding_not_registered.broken(event, life):
        wrong.append(holding_not_registered.code)
    if rule := first_broken(event, life):
        wrong.append(rule.code)
    return wrong


def _forbids(desk: Desk, key: str) -> bool:
    """Whether a row with this error stays out of the register."""
    if key == "person_not_found":
        return bool(desk.settings["person_error_undoes_move"])
    return not _is_soft(desk, code(desk.contract.errors[key]))


def _is_soft(desk: Desk, of: str) -> bool:
    soft = desk.settings["soft_errors"]
    assert isinstance(soft, list)
    return of in soft


def _record(desk: Desk, header: Header, event: Event, life: Life) -> set[str]:
    """Tells the holdings whose animals have changed, "" among them if the animal was nowhere."""
    register, movement = desk.register, as_movement(event, header)
    if event.code in REGISTRATIONS:
        if life.animal is not None:
            return set()  # It was born here already: nothing new.
        register.add_animals([(born(event, header.holding), ())])
    before = register.position(movement.tag)
    register.record(movement)
    after = register.position(movement.tag)
    if ends_registration(event.code):
        register.remove_animal(movement.tag)
    return {before.holding, after.holding, movement.holding}


def _log_row(desk: Desk, report: Report, key: str) -> LogRow:
    entry = desk.contract.errors[key]
    year, month, day = report.day.split("-")
    return LogRow(
        subject=report.subject,
        holding=report.holding,
        species=report.species,
        processed=_local(desk.now),
        code=code(entry),
        severity="MekkaChyba" if _is_soft(desk, code(entry)) else "TvrdaChyba",
        text=entry.text,
        reported=f"{day}.{month}.{year}",
        tag=report.tag,
        dam=report.dam,
        other=report.other,
        country=report.country,
        # The form of a move to a temporary holding, the one with a card, has no code.
        event=None if report.card else report.code,
    )


def _local(instant: datetime) -> str:
    """As the agency writes it in payloads: local, and without an offset (Q16)."""
    return instant.replace(tzinfo=None).isoformat(timespec="seconds")


def _instant(moment: datetime) -> str:
    """In UTC, so that texts are ordered as instants are."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
