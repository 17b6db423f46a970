"""Reports: moves to a temporary holding, and all other events of sheep and goats."""

from typing import Final

from podatelna_client.izr import reading, writing
from podatelna_client.izr.calling import Call, Caller
from podatelna_client.izr.errors import InvalidInput
from podatelna_client.izr.fields import Fields
from podatelna_client.izr.model import GOATS, SHEEP, Accepted, EventReport, Move

_MOVES: Final = "IZR_ODH01B"
_EVENTS = {SHEEP: "IZR_OZO01A", GOATS: "IZR_OZK01A"}


class Reports:
    """Every report can be verified first; then nothing is stored.

    A valid report is answered by `Accepted`, any other by ValidationFailed with all its errors, or
    by ServiceRefused. To submit verifies once more. What only processing finds, such as a person
    whom the registers of persons do not know (code 72), comes into the error logs alone.
    """

    _caller: Caller

    def verify_move(self, move: Move) -> Accepted:
        """Whether a move could be submitted now."""
        return self._report(_MOVES, writing.move(move, True, None), repeatable=True)

    def submit_move(self, move: Move, email: str | None = None) -> Accepted:
        """Report a move. The outcome of processing is mailed to `email`."""
        return self._report(_MOVES, writing.move(move, False, email), repeatable=False)

    def verify_events(self, species: str, report: EventReport) -> Accepted:
        """Whether events could be submitted now; `species` is SHEEP or GOATS."""
        payload = writing.events(report, True, None)
        return self._report(_events_of(species), payload, repeatable=True)

    def submit_events(
        self, species: str, report: EventReport, email: str | None = None
    ) -> Accepted:
        """Report events. The outcome of processing is mailed to `email`."""
        payload = writing.events(report, False, email)
        return self._report(_events_of(species), payload, repeatable=False)

    def _report(self, service: str, payload: Fields, *, repeatable: bool) -> Accepted:
        call = Call(service=service, payload=payload, repeatable=repeatable)
        answer, _ = self._caller.answer(call, reading.accepted)
        return Accepted(sid=answer.sid, request_id=answer.request_id, at=answer.at)


def _events_of(species: str) -> str:
    if species not in _EVENTS:
        raise InvalidInput(f"events are reported of {' and '.join(_EVENTS)}, not of {species!r}")
    return _EVENTS[species]
