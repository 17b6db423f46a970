"""Messages about messages sent before, with the references and reasons that each kind wants.

`of` is the message that was sent; of a split issue any of its parts. What is confirmed, cancelled
or changed is the issue; what is corrected or withdrawn is a message (process manual 2.1).
"""

from collections.abc import Sequence
from dataclasses import replace

from podatelna_client.sdns.codes import Reason, Status
from podatelna_client.sdns.model import Area, Message


def correction(
    of: Message, number: int, areas: Sequence[Area], reason: Reason = Reason.REQUEST
) -> Message:
    """In place of a message that was wrong: normally all of its rows again.

    Checks to be corrected locally, and MOKAS40 and MOKAS50, take the rows concerned alone.
    """
    return _about(of, number, Status.CORRECTION, reason, reference=of.number, areas=areas)


def confirmation(of: Message, number: int) -> Message:
    """What a check found suspicious is right."""
    return _about(of, number, Status.CONFIRMATION, Reason.REQUEST, reference=of.issue)


def cancellation(of: Message, number: int, reason: Reason = Reason.OWN) -> Message:
    """An issue that should not have been sent; quite exceptional."""
    return _about(of, number, Status.CANCELLATION, reason, reference=of.issue)


def change(of: Message, number: int, areas: Sequence[Area], reason: Reason = Reason.OWN) -> Message:
    """Changed, added and removed rows of a splittable report."""
    return _about(of, number, Status.CHANGE, reason, reference=of.issue, areas=areas)


def withdrawal(of: Message, number: int, reason: Reason = Reason.OWN) -> Message:
    """One message of a splittable report is to count for nothing."""
    return _about(of, number, Status.WITHDRAWAL, reason, reference=of.number)


def completion(of: Message, number: int, areas: Sequence[Area]) -> Message:
    """More new data for the current issue of a splittable report."""
    return _about(of, number, Status.NEW_DATA, Reason.METHODOLOGY, reference=of.issue, areas=areas)


def _about(  # noqa: PLR0913 - what a message says of another one
    of: Message,
    number: int,
    status: Status,
    reason: Reason,
    *,
    reference: int,
    areas: Sequence[Area] = (),
) -> Message:
    return replace(
        of,
        number=number,
        status=status,
        reason=reason,
        reference=reference,
        areas=areas,
        part=None,
        created=None,
    )
