"""An animal's life as a row of events: where it was when, and what ended it.

The event codes are those of `contracts/izr/codelists/event_codes.csv`.
"""

from collections.abc import Iterable, Iterator, Sequence

from podatelna.izr.model import HOME_SLAUGHTER, Movement, Position

IMPORTS = frozenset({11, 12})
BIRTHS = frozenset({21, 22})
LATE_REGISTRATIONS = frozenset({27, 28})
REGISTRATIONS = IMPORTS | BIRTHS | LATE_REGISTRATIONS
"""By these an animal comes into the register."""
ARRIVALS = frozenset({30, 35, 36, 37, 38, 39})
"""From another holding; 35 to 39 are the second to the sixth on the same day."""
DEPARTURES = frozenset({70, 75, 76, 77, 78, 79})
"""To another holding; 75 to 79 are the second to the sixth on the same day."""
RECEIPTS = frozenset({55, 66})
"""At a rendering plant or a slaughterhouse."""
REMOVALS = frozenset({40, 41, 50, 53, 60, HOME_SLAUGHTER, 64, 80})
"""By these an animal leaves the register."""
REMARKS = frozenset({17, 18, 19})
"""They move nothing: a stillbirth, a castration."""
ENTRIES = REGISTRATIONS | ARRIVALS
"""After them an animal is on the holding that they are reported from."""
ENDS = REMOVALS | RECEIPTS
"""After them it is nowhere any more."""
TRANSFERS = ARRIVALS | DEPARTURES
CANCELS = {
    91: frozenset({17, 18}),
    92: frozenset({19}),
    93: ARRIVALS,
    94: frozenset({40}),
    95: frozenset({50, 60}),
    96: RECEIPTS,
    97: DEPARTURES,
    98: frozenset({80}),
    99: REGISTRATIONS,
}
"""What a cancelling code takes back."""
CODES = ENTRIES | DEPARTURES | ENDS | REMARKS | CANCELS.keys()

_LEAVINGS = DEPARTURES | REMOVALS

NOWHERE = Position()


def standing(movements: Iterable[Movement]) -> list[Movement]:
    """The events that hold, in the order of their days; those of one day as they were recorded.

    A cancellation and what it takes back are left out: the last event of its kind that the same
    holding reported for the same day.
    """
    kept: list[Movement] = []
    for movement in movements:
        if movement.code not in CANCELS:
            kept.append(movement)
        elif (place := cancelled(kept, movement)) is not None:
            del kept[place]
    return sorted(kept, key=lambda movement: movement.day)


def cancelled(kept: Sequence[Movement], by: Movement) -> int | None:
    """The place of the event that a cancellation takes back."""
    codes = CANCELS[by.code]
    for place in range(len(kept) - 1, -1, -1):
        found = kept[place]
        if found.code in codes and (found.holding, found.day) == (by.holding, by.day):
            return place
    return None


def positions(standing: Iterable[Movement]) -> Iterator[tuple[Movement, Position]]:
    """Each event with the position after it.

    A departure ends a position on its own holding only: who took the animal over may have been the
    first to report.
    """
    now = NOWHERE
    for movement in standing:
        if movement.code in ENTRIES:
            now = Position(movement.holding, movement.stable, movement.day)
        elif movement.code in ENDS or (
            movement.code in DEPARTURES and movement.holding == now.holding
        ):
            now = NOWHERE
        yield movement, now


def position(movements: Iterable[Movement], on_day: str = "") -> Position:
    """Where the animal is after all of its events, or at the end of a day (YYYY-MM-DD)."""
    return position_at(standing(movements), on_day)


def position_at(standing: Iterable[Movement], on_day: str = "") -> Position:
    """As `position`, of events that hold."""
    found = NOWHERE
    for movement, after in positions(standing):
        if on_day and movement.day > on_day:
            break
        found = after
    return found


def taken(standing: Sequence[Movement], holding: str, day: str) -> Movement | None:
    """By which event somebody else took the animal from the holding on a day.

    None, too, once the holding itself has reported that the animal left.
    """
    before, found = NOWHERE, None
    for movement, after in positions(standing):
        if movement.day == day and movement.holding != holding:
            if before.holding == holding != after.holding:
                found = movement
        elif movement.day == day and movement.code in _LEAVINGS:
            return None
        before = after
    return found


def last_by(standing: Sequence[Movement], day: str) -> Movement | None:
    """The last event until the end of a day."""
    return next((known for known in reversed(standing) if known.day <= day), None)
