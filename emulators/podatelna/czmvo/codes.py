"""The code lists of the alerts module, as each role is told them (manual 2.7.1.4 to 2.7.1.9)."""

from collections.abc import Mapping
from typing import Any, TypeVar

from podatelna.czmvo.desk import Desk
from podatelna.czmvo.lists import Canned, State, Texts
from podatelna.czmvo.model import ENDUSER, Table
from podatelna.czmvo.parameters import Values
from podatelna.czmvo.seeing import literal, side

K = TypeVar("K", int, str)

TYPE_COLUMNS = ("typestate", "typestatedescription")
"""What the end user is to do with the pack. Only end users are told."""


def told(desk: Desk, state: State) -> tuple[str, ...]:
    """A state's name and description, and for the end user its type state with its own."""
    language, whose = desk.language, side(desk)
    name = state.names.get(language, "")
    description = state.descriptions.get(whose, {}).get(language, "")
    if whose != ENDUSER:
        return name, description
    about = desk.lists.type_states.get(state.typestate, {}).get(language, "")
    return name, description, state.typestate, about


def list_state_codes(desk: Desk, _values: Values) -> Table:
    """The states that alerts may have."""
    columns: tuple[str, ...] = ("id", "name", "externalcode", "finalstate")
    whose = side(desk)
    if whose == ENDUSER or desk.settings["mah_state_details"]:
        columns += ("settingallowed", "description")
    if whose == ENDUSER:
        columns += TYPE_COLUMNS
    rows = [
        _state_row(desk, state, position)[: len(columns)]
        for position, state in enumerate(desk.profile.states)
    ]
    return Table(columns, rows, "states")


def _state_row(desk: Desk, state: State, position: int) -> tuple[Any, ...]:
    name, *more = told(desk, state)
    # The manual's example has a number for the first state and texts for all others.
    written = str(state.id) if position and literal(desk) else state.id
    return written, name, state.external, state.final, side(desk) in state.set_by, *more


def list_canned(desk: Desk, _values: Values) -> Table:
    """The messages that are only chosen, each role its own."""
    columns = ("id", "name", "text", "forStates")
    rows = [
        (
            canned.id,
            canned.names[desk.language],
            canned.texts[desk.language],
            _for_states(desk, canned),
        )
        for canned in desk.lists.requests[side(desk)]
    ]
    return Table(columns, rows, "requests")


def _for_states(desk: Desk, canned: Canned) -> list[int]:
    """Ids of the states in which an alert must be for the message to be sent."""
    return [
        state.id
        for state in desk.profile.states
        if (state.external in canned.for_states if canned.for_states else not state.final)
    ]


def list_reopen_reasons(desk: Desk, _values: Values) -> Table:
    """Why a closed alert may be opened again."""
    reasons = desk.lists.reopen_reasons
    return Table(("id", "name"), _in_language(desk, reasons), "reasons")


def list_type_states(desk: Desk, _values: Values) -> Table:
    """What an end user may have to do with a pack in one of the states that there are."""
    used = {state.typestate for state in desk.profile.states}
    texts = {name: each for name, each in desk.lists.type_states.items() if name in used}
    return Table(("name", "description"), _in_language(desk, texts), "typestates")


def _in_language(desk: Desk, texts: Mapping[K, Texts]) -> list[tuple[Any, ...]]:
    return [(key, each[desk.language]) for key, each in texts.items()]
