"""Messages and files, as far as the caller can read them (manual 2.7.1.2, 2.7.1.3)."""

from datetime import datetime, timedelta
from typing import Any

from podatelna.czmvo.alerts import sees
from podatelna.czmvo.correspondence import readable
from podatelna.czmvo.desk import Desk
from podatelna.czmvo.model import TIME, File, Message, Refusal, Table
from podatelna.czmvo.parameters import Parameter, Values, moment, not_allowed, number, uprc
from podatelna.czmvo.seeing import chosen, literal, side

RAISED = (
    "value_not_allowed",
    "alert_not_found",
    "uprc_or_id_missing",
    "file_not_found",
    "no_right_to_read_file",
)
"""Keys of errors.yaml that are reported here."""

MESSAGES_TAKES = (
    Parameter("uprc", uprc),
    Parameter("id", number),
    Parameter("changedFrom", moment),
)
_COLUMNS = (
    "id",
    "parent",
    "uprc",
    "created",
    "changed",
    "subject",
    "message",
    "isfile",
    "public",
    "fromme",
    "id_request",
)
FILE_TAKES = (Parameter("id", number, required=True),)


def list_messages(desk: Desk, values: Values) -> Table | Refusal:
    """The messages that the caller can read, by id; parameters narrow each other down."""
    if not values:
        return Refusal("uprc_or_id_missing", "uprc", "nothing")
    found = _asked_for(desk, values)
    if isinstance(found, Refusal):
        return found
    rows = [_row(desk, message) for message in found if _is_wanted(desk, values, message)]
    return Table(_COLUMNS, rows, "messages")


def _asked_for(desk: Desk, values: Values) -> list[Message] | Refusal:
    """All that is asked for is among these, which are of alerts that the caller sees."""
    alert = chosen(desk, values.get("uprc"))
    if isinstance(alert, Refusal):
        return alert
    if alert:
        return desk.correspondence.messages_of(alert.uprc)
    return _by_id(desk, values["id"]) if "id" in values else _changed(desk, values["changedFrom"])


def _by_id(desk: Desk, number: int) -> list[Message]:
    message = desk.correspondence.message(number)
    return [message] if message and _sees_alert_of(desk, message) else []


def _changed(desk: Desk, since: str) -> list[Message] | Refusal:
    if desk.settings["message_age"] == "refused" and since < _history_begins(desk):
        return not_allowed("changedFrom", since)
    if not desk.caller.party:
        return []
    return desk.correspondence.changed_since(side(desk), desk.caller.party, since)


def _is_wanted(desk: Desk, values: Values, message: Message) -> bool:
    return (
        values.get("id") in (None, message.id)
        and values.get("changedFrom", "") <= message.changed
        and readable(message, desk.caller.role, desk.caller.party)
    )


def _history_begins(desk: Desk) -> str:
    """Without an alert or an id "it should not be a date older than 1 month" (manual 2.7.1.2)."""
    days = timedelta(days=desk.lists.contract.constant("message_history_days"))
    return (datetime.fromisoformat(desk.now) - days).strftime(TIME)


def _sees_alert_of(desk: Desk, message: Message) -> bool:
    alert = desk.alerts.find(message.uprc)
    return alert is not None and sees(desk.caller, alert)


def _row(desk: Desk, message: Message) -> tuple[Any, ...]:
    as_text = literal(desk)
    return (
        str(message.id) if as_text else message.id,
        str(message.parent) if as_text else message.parent,
        message.uprc,
        message.created,
        message.changed,
        message.subject,
        message.text,
        message.has_file,
        message.public,
        message.author == desk.caller.party,
        message.request,
    )


def read_file(desk: Desk, values: Values) -> File | Refusal:
    """The file of a message, by the message's id."""
    asked = values["id"]
    message = desk.correspondence.message(asked)
    file = desk.correspondence.file(message.sending) if message and message.has_file else None
    if message is None or file is None:
        return Refusal("file_not_found", "id", str(asked), {"id": str(asked)})
    role, party = desk.caller.role, desk.caller.party
    if not (_sees_alert_of(desk, message) and readable(message, role, party)):
        return Refusal("no_right_to_read_file", "id", str(asked))
    return file
