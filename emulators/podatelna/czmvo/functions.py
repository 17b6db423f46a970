"""The functions of the API: by module, method and parameters, with who may call them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from podatelna.czmvo import codes, inbox, listing, place, states, wire, writing
from podatelna.czmvo import filter as exceptions
from podatelna.czmvo.desk import Desk
from podatelna.czmvo.model import ENDUSER, MAH, Answer, Refusal
from podatelna.czmvo.parameters import Given, Parameter, Values, not_allowed
from podatelna.kernel.settings import Settings

_TABLE = (wire.JSON, wire.CSV)
_FILE = (wire.JSON, wire.BINARY)


def _nothing_more(_settings: Settings) -> tuple[Parameter, ...]:
    """The names of most functions' parameters are known."""
    return ()


@dataclass(frozen=True, slots=True)
class Operation:
    """A function of the API, and who may call it."""

    name: str
    """As the journal and disruptions call it."""
    run: Callable[[Desk, Values], Answer]
    takes: tuple[Parameter, ...] = ()
    roles: frozenset[str] = frozenset({ENDUSER, MAH})
    for_locations: bool = False
    """Whether the credentials of a location open it, too."""
    only_version_1: bool = False
    writes: bool = False
    offers: tuple[wire.Output, ...] = (wire.JSON,)
    """What the answer can be."""
    takes_more: Callable[[Settings], tuple[Parameter, ...]] = _nothing_more
    """Parameters whose names a sandbox sets."""


_MAH, _ENDUSER = frozenset({MAH}), frozenset({ENDUSER})

MESSAGES = Operation("messages", inbox.list_messages, inbox.MESSAGES_TAKES, offers=_TABLE)

ALERTS_GET: Mapping[str, Operation] = {
    "state": Operation("state", listing.list_states, listing.STATE_TAKES, offers=_TABLE),
    "messages": MESSAGES,
    "file": Operation("file", inbox.read_file, inbox.FILE_TAKES, offers=_FILE),
    "enumState": Operation("enumState", codes.list_state_codes, offers=_TABLE),
    "enumRequest": Operation("enumRequest", codes.list_canned, offers=_TABLE),
    "group": Operation("group", listing.list_group, listing.GROUP_TAKES, roles=_MAH),
    "enumReopenReason": Operation("enumReopenReason", codes.list_reopen_reasons, offers=_TABLE),
    "note": Operation("note", listing.read_note, listing.NOTE_TAKES),
    "enumTypeState": Operation(
        "enumTypeState", codes.list_type_states, roles=_ENDUSER, offers=_TABLE
    ),
    "alcounter": Operation(
        "alcounter",
        listing.level_3_counter,
        listing.COUNTER_TAKES,
        roles=_ENDUSER,
        only_version_1=True,
    ),
    "alalerts": Operation(
        "alalerts",
        listing.list_level_3,
        listing.LEVEL_3_TAKES,
        roles=_ENDUSER,
        only_version_1=True,
    ),
}
"""By `list`, in the order of manual 2.7.1."""

FILTER_GET: Mapping[str, Operation] = {
    "enumState": Operation("filter.enumState", exceptions.list_states, offers=_TABLE),
    "product": Operation(
        "filter.product", exceptions.list_products, exceptions.PRODUCT_TAKES, roles=_MAH
    ),
    "verify": Operation(
        "filter.verify", exceptions.verify, exceptions.VERIFY_TAKES, for_locations=True
    ),
}
"""By `list`, in the order of manual 2.8.1."""

SEND = Operation("sendMessage", writing.send_message, writing.SEND_TAKES, writes=True)
SET_STATE = Operation(
    "setState",
    states.set_state,
    states.STATE_TAKES,
    writes=True,
    takes_more=states.named_by_settings,
)
SET_NOTE = Operation("setNote", writing.set_note, writing.NOTE_TAKES, writes=True)
EDIT = Operation("editMessage", writing.edit_message, writing.EDIT_TAKES, writes=True)
DELETE_NOTE = Operation("deleteNote", writing.delete_note, writing.DELETE_NOTE_TAKES, writes=True)
DELETE_MESSAGE = Operation(
    "deleteMessage", writing.delete_message, writing.DELETE_MESSAGE_TAKES, writes=True
)
INSERT = Operation(
    "filter.insert", exceptions.insert, exceptions.INSERT_TAKES, roles=_MAH, writes=True
)
DELETE = Operation(
    "filter.delete", exceptions.delete, exceptions.DELETE_TAKES, roles=_MAH, writes=True
)

TOKEN, VERIFY = "token", "verify"
_ALERTS_WRITE = (SEND, EDIT, SET_STATE, SET_NOTE, DELETE_MESSAGE, DELETE_NOTE)
_OPERATIONS = (*ALERTS_GET.values(), *_ALERTS_WRITE, *FILTER_GET.values(), INSERT, DELETE)
NAMES = (TOKEN, VERIFY, *(operation.name for operation in _OPERATIONS))
"""Of all operations, in the order of the manual."""

_READS = {place.ALERTS: ALERTS_GET, place.FILTER: FILTER_GET}
_WRITES: Mapping[tuple[str, str], tuple[tuple[str, Operation], ...]] = {
    (place.ALERTS, "POST"): (("", SEND),),
    (place.ALERTS, "PUT"): (("state", SET_STATE), ("note", SET_NOTE), ("id", EDIT)),
    (place.ALERTS, "DELETE"): (("note", DELETE_NOTE), ("id", DELETE_MESSAGE)),
    (place.FILTER, "POST"): (("", INSERT),),
    (place.FILTER, "DELETE"): (("", DELETE),),
}
"""Which parameter makes a call which operation, in this order (ours); "": no other is possible."""


def find(module: str, method: str, given: Given) -> Operation | Refusal:
    """The function that is called; one module has one URL, so the parameters tell (manual 2.7)."""
    if method == "GET":
        return _find_list(_READS.get(module, {}), given)
    candidates = _WRITES.get((module, method), ())
    for name, operation in candidates:
        if not name or given.get(name) is not None:
            return operation
    at = candidates[-1][0] if candidates else ""
    return Refusal("value_missing", at, "nothing")


def _find_list(lists: Mapping[str, Operation], given: Given) -> Operation | Refusal:
    name = given.get("list")
    if name in (None, ""):
        return Refusal("value_missing", "list", "nothing")
    return (lists.get(name) if isinstance(name, str) else None) or not_allowed("list", name)
