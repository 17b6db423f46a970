"""The subject that calls and the holding that it names: states 10, 11, 12 and 14.

IZR_ODH01B and IZR_OUZ01A have them in common (their service pages).
"""

from typing import Final

from podatelna.izr.desk import Desk
from podatelna.izr.model import Holding, ServiceError

RAISED = ("subject_not_found", "holding_number_length", "holding_unknown", "holding_not_owned")
"""What is reported here without a rule."""

LENGTH: Final = 8
"""Characters of a holding's number, without CZ."""


def known_subject(desk: Desk) -> ServiceError | None:
    """State 10 if the calling subject is no keeper."""
    subject = desk.register.subject(desk.subject)
    if subject is None or not subject.keeper:
        return ServiceError(
            "subject_not_found", {"subject": desk.subject}, "Subject/@subjectID", desk.subject
        )
    return None


def own_holding(desk: Desk, number: str, at: str = "PROVOZOVNA") -> Holding | ServiceError:
    """The holding of this number, if the calling subject has it; states 10, 11, 12 and 14."""
    if error := known_subject(desk) or _misspelt(number, at):
        return error
    holding = desk.register.holding(number)
    if holding is None:
        return ServiceError("holding_unknown", {"holding": number}, at, number)
    if holding.subject != desk.subject:
        details = {"holding": number, "subject": desk.subject}
        return ServiceError("holding_not_owned", details, at, number)
    return holding


def _misspelt(number: str, at: str) -> ServiceError | None:
    if len(number) != LENGTH:
        return ServiceError("holding_number_length", {}, at, number)
    return None
