"""What is changed in `alerts` by POST, PUT and DELETE (manual 2.7.2 to 2.7.4)."""

from collections.abc import Mapping, Sequence
from typing import TypedDict, Unpack

from podatelna_client.czmvo import reading
from podatelna_client.czmvo.calling import ALERTS, Call, Caller
from podatelna_client.czmvo.model import MessageEdit, NoteChange
from podatelna_client.czmvo.writing import as_base64, given, renamed

STANDARD_PROCESSING = -1
"""The state that sets an alert for standard processing (manual 2.7.3.2)."""


class Reach(TypedDict, total=False):
    """Whom a message reaches."""

    public: bool
    """For all parties of the alert; otherwise for its author and NOOL. True unless said."""
    group: bool
    """To all alerts of the group."""
    group_a: bool
    """To all alerts of the anonymous group."""


class Sending(Reach, total=False):
    """All parts that a message can have."""

    uprc: str
    id_parent: int
    """The message that is answered: it goes where that one went, whatever `group` says."""
    subject: str
    message: str
    file: bytes
    filename: str
    id_request: int
    """A canned message, whose subject and text are taken."""
    only_file: bool
    """A file and no message: the state stays, and nobody is notified."""


class Filing(Reach, total=False):
    """What may go along with a file."""

    id_parent: int
    subject: str
    message: str
    only_file: bool


class Answering(TypedDict, total=False):
    """What may go along with an answer."""

    uprc: str
    public: bool
    id_request: int


class Edit(TypedDict, total=False):
    """The parts of a message that can be changed."""

    public: bool
    subject: str
    message: str
    id_request: int


class StateChange(TypedDict, total=False):
    """How far a change of state goes, and what it needs."""

    group: bool
    """All alerts of the group."""
    group_a: bool
    """All alerts of the anonymous group."""
    id_request: int
    """A canned message to send along."""
    reason: int
    """Why a closed alert is opened again, an id of `reopen_reasons()`. Sent as `id_reason`: the
    manual does not name the parameter (2.7.1.7)."""
    extra: Mapping[str, str | int | bool]
    """Parameters that the manual does not name, as they are."""


_SENDING = {
    "uprc": "uprc",
    "public": "public",
    "id_parent": "id_parent",
    "subject": "subject",
    "message": "message",
    "file": "file",
    "filename": "filename",
    "id_request": "id_request",
    "group": "group",
    "group_a": "group_a",
    "only_file": "only_file",
}
_EDIT = {name: name for name in ("public", "subject", "message", "id_request")}
_STATE = {
    "group": "group",
    "group_a": "group_a",
    "id_request": "id_request",
    "reason": "id_reason",
}


class Changes:
    """Messages, states and notes.

    A message is never sent twice by itself: without an answer, OutcomeUnknown says that it may have
    arrived. Changes of state, without a message along, are repeated as questions are.
    """

    _caller: Caller

    def send(self, **parts: Unpack[Sending]) -> int:
        """A message of any parts; returns its id. The methods below are its usual forms."""
        wanted = renamed({"public": True, **parts}, _SENDING)
        content = wanted.get("file")
        if isinstance(content, bytes):
            wanted["file"] = as_base64(content)
        return self._caller.result(_changing("POST", wanted), reading.message_id)

    def send_message(self, uprc: str, subject: str, message: str, **reach: Unpack[Reach]) -> int:
        """A message of one's own words. Where there is a canned one, the service prefers it."""
        return self.send(uprc=uprc, subject=subject, message=message, **reach)

    def send_canned(self, uprc: str, id_request: int, **reach: Unpack[Reach]) -> int:
        """One of `canned_messages()`, for alerts in its states."""
        return self.send(uprc=uprc, id_request=id_request, **reach)

    def reply(self, id_parent: int, subject: str, message: str, **more: Unpack[Answering]) -> int:
        """An answer to a message, to all alerts that the message went to."""
        return self.send(id_parent=id_parent, subject=subject, message=message, **more)

    def send_file(self, uprc: str, filename: str, content: bytes, **more: Unpack[Filing]) -> int:
        """A file, with a message or without; at most 16 MB of txt, pdf, csv, jpg, png or tiff."""
        return self.send(uprc=uprc, file=content, filename=filename, **more)

    def edit_message(self, message_id: int, **edit: Unpack[Edit]) -> MessageEdit:
        """Change a message of one's own that nobody has answered; what is not given stays."""
        wanted = {"id": message_id, **renamed(edit, _EDIT)}
        return self._caller.result(_changing("PUT", wanted, repeatable=True), reading.message_edit)

    def set_state(
        self, uprc: str | Sequence[str], state: int, **how: Unpack[StateChange]
    ) -> tuple[str, ...]:
        """Give one alert or several a state; returns all that were touched.

        `state` is an id of `alert_states()`, or STANDARD_PROCESSING.
        """
        extra = how.pop("extra", {})
        wanted = {"uprc": uprc, "state": state, **renamed(how, _STATE), **extra}
        # With a canned message along, a repetition would send a second one.
        call = _changing("PUT", wanted, repeatable="id_request" not in how)
        return self._caller.result(call, reading.uprcs)

    def set_note(self, uprc: str, note: str, *, private: bool = True) -> NoteChange:
        """Write one's own note, at most 60,000 characters; an empty one deletes it."""
        wanted = {"uprc": uprc, "private": private, "note": note}
        return self._caller.result(_changing("PUT", wanted, repeatable=True), reading.note_change)

    def delete_message(self, message_id: int) -> int:
        """Delete a message of one's own that nobody has answered; returns its id."""
        return self._caller.result(_changing("DELETE", {"id": message_id}), reading.message_id)

    def delete_note(self, uprc: str) -> str:
        """Delete one's own note; returns the alert's UPRC."""
        wanted = {"note": uprc}
        return self._caller.result(_changing("DELETE", wanted), reading.note_deletion)


def _changing(method: str, parameters: Mapping[str, object], *, repeatable: bool = False) -> Call:
    return Call(method=method, path=ALERTS, parameters=given(**parameters), repeatable=repeatable)
