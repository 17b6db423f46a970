"""Messages and notes that are written, changed and taken back (manual 2.7.2-2.7.4)."""

from dataclasses import replace

from podatelna.czmvo import addressing, attachments, workflow
from podatelna.czmvo.addressing import is_grouped, let_through
from podatelna.czmvo.alerts import sees
from podatelna.czmvo.attachments import read_attachment
from podatelna.czmvo.correspondence import readable
from podatelna.czmvo.desk import Desk
from podatelna.czmvo.model import NOOL, Alert, Answer, Message, Note, Refusal
from podatelna.czmvo.parameters import (
    Parameter,
    Values,
    flag,
    not_allowed,
    number,
    text,
    uprc,
)
from podatelna.czmvo.sending import (
    Addressed,
    Draft,
    author,
    choose,
    read_draft,
    recount,
    send,
    worded,
)
from podatelna.czmvo.workflow import Verdict
from podatelna.kernel.tables import heard

RAISED = (
    "value_not_allowed",
    "value_missing",
    "message_not_saved",
    "no_right_to_edit",
    "message_not_answerable",
    "message_not_deletable",
    *addressing.RAISED,
    *attachments.RAISED,
    *workflow.RAISED,
)
"""Keys of errors.yaml that writing reports, states included."""

_GROUPS = (Parameter("group", flag), Parameter("group_a", flag))
_CANNED = Parameter("id_request", number)


def _addressed_by_name(values: Values) -> bool:
    return not values.get("id_parent")


def _worded_by_caller(values: Values) -> bool:
    """Subject and text come with a canned message, and a file may go without (manual 2.7.2)."""
    return "file" not in values and not values.get("id_request")


def _only_a_file(values: Values) -> bool:
    return bool(values.get("only_file"))


def _with_file(values: Values) -> bool:
    return "file" in values


SEND_TAKES = (
    Parameter("uprc", uprc, required=_addressed_by_name),
    Parameter("public", flag),
    Parameter("id_parent", number),
    Parameter("subject", text, required=_worded_by_caller),
    Parameter("message", text, required=_worded_by_caller),
    Parameter("file", text, required=_only_a_file),
    Parameter("filename", text, required=_with_file),
    _CANNED,
    *_GROUPS,
    Parameter("only_file", flag),
)


def send_message(desk: Desk, values: Values) -> Answer:
    """Write to an alert, to its groups, or to all that an earlier message went to."""
    draft = read_draft(desk, values)
    if isinstance(draft, Refusal):
        return draft
    addressed = _answered(desk, draft, values) if draft.parent else _named(desk, draft, values)
    if isinstance(addressed, Refusal):
        return addressed
    content = _content(desk, draft)
    if isinstance(content, Refusal):
        return content
    return {"id": send(desk, draft, addressed, content)}


def _named(desk: Desk, draft: Draft, values: Values) -> list[Addressed] | Refusal:
    alert = addressing.one(desk, values["uprc"])
    if isinstance(alert, Refusal):
        return alert
    alerts = addressing.with_groups(desk, [alert], values)
    if isinstance(alerts, Refusal):
        return alerts
    moved = let_through(
        desk, alerts, lambda each: _verdict(desk, draft, each), grouped=is_grouped(values)
    )
    return moved if isinstance(moved, Refusal) else [Addressed(*each) for each in moved]


def _verdict(desk: Desk, draft: Draft, alert: Alert) -> Verdict:
    """What a message makes of an alert's state."""
    if draft.regular:
        return desk.workflow.answer(alert, desk.caller.role, draft.canned, desk.now)
    return "alert_archived" if desk.workflow.archived(alert, desk.now) else alert.state


def _answered(desk: Desk, draft: Draft, values: Values) -> list[Addressed] | Refusal:
    """An answer goes where the original went, as far as the caller may; groups are passed over.

    It must be possible in the alert that it is written in. Others that are closed are left out.
    """
    parents = _parents(desk, draft.parent, values.get("uprc", ""))
    if isinstance(parents, Refusal):
        return parents
    named = addressing.one(desk, next(iter(parents)))
    if isinstance(named, Refusal):
        return named
    others = (each for each in desk.alerts.find_all(parents) if each.uprc != named.uprc)
    alerts = [named, *(alert for alert in others if sees(desk.caller, alert))]
    verdicts = [(alert, _answering(desk, draft, alert)) for alert in alerts]
    key = verdicts[0][1]
    if isinstance(key, str):
        return Refusal(key, "id_parent", str(draft.parent))
    return [
        Addressed(alert, verdict, parents[alert.uprc])
        for alert, verdict in verdicts
        if isinstance(verdict, int)
    ]


def _parents(desk: Desk, parent: int, named: str) -> dict[str, int] | Refusal:
    """The message that is answered, by the alerts it was sent to, the one answered in first."""
    message = desk.correspondence.message(parent)
    unanswerable = Refusal("message_not_answerable", "id_parent", str(parent))
    if message is None or not readable(message, desk.caller.role, desk.caller.party):
        return unanswerable
    copies = {copy.uprc: copy.id for copy in desk.correspondence.copies(message)}
    uprc_of = named or message.uprc
    if uprc_of not in copies:
        alert = addressing.one(desk, uprc_of)
        return alert if isinstance(alert, Refusal) else unanswerable
    return {uprc_of: copies[uprc_of]} | copies


def _answering(desk: Desk, draft: Draft, alert: Alert) -> Verdict:
    """A message of a closed alert is closed, too (manual 2.6, code 18)."""
    closed = desk.workflow.closed(alert) and not desk.workflow.archived(alert, desk.now)
    if closed and desk.caller.role != NOOL:
        return "message_not_answerable"
    return _verdict(desk, draft, alert)


def _content(desk: Desk, draft: Draft) -> bytes | Refusal:
    """The bytes of the file, if there is one: the last thing that can be wrong."""
    content: bytes | Refusal = b""
    if draft.file:
        content = read_attachment(draft.file, draft.filename, desk.settings, desk.lists.contract)
    if isinstance(content, Refusal) or desk.settings["messages_available"]:
        return content
    return _not_saved()


EDIT_TAKES = (
    Parameter("id", number, required=True),
    Parameter("public", flag),
    Parameter("subject", text),
    Parameter("message", text),
    _CANNED,
)


def edit_message(desk: Desk, values: Values) -> Answer:
    """Change a message of one's own that nobody has answered, in all alerts that it went to."""
    canned = choose(desk, values)
    if isinstance(canned, Refusal):
        return canned
    found = _own_message(desk, values["id"], "no_right_to_edit")
    if isinstance(found, Refusal):
        return found
    if not desk.settings["messages_available"]:
        return _not_saved()
    before, alerts = found
    given = Draft(
        subject=values.get("subject", before.subject),
        text=values.get("message", before.text),
        canned=canned,
    )
    draft = worded(desk, given)
    after = replace(
        before,
        subject=draft.subject,
        text=draft.text,
        public=values.get("public", before.public),
        request=values.get("id_request", before.request),
        changed=desk.now,
    )
    desk.correspondence.edit(after)
    if after.public != before.public:
        recount(desk, alerts)
    return {"id": after.id, "changed": after.changed}


DELETE_MESSAGE_TAKES = (Parameter("id", number, required=True),)


def delete_message(desk: Desk, values: Values) -> Answer:
    """Take a message of one's own that nobody has answered out of all alerts that it went to."""
    found = _own_message(desk, values["id"], "message_not_deletable")
    if isinstance(found, Refusal):
        return found
    message, alerts = found
    desk.correspondence.delete(message)
    recount(desk, alerts)
    return {"id": message.id}


def _own_message(
    desk: Desk, number_of: int, answered: str
) -> tuple[Message, list[Alert]] | Refusal:
    """A message that its author may change, and its alerts. `answered`: the error of a reply to it.

    One that does not exist is nobody's: the manual has no code for it.
    """
    message = desk.correspondence.message(number_of)
    if message is None or not _is_author(desk, message):
        return Refusal("no_right_to_edit", "id", str(number_of))
    uprcs_of = [copy.uprc for copy in desk.correspondence.copies(message)]
    alerts = desk.alerts.find_all(uprcs_of)
    if any(desk.workflow.archived(alert, desk.now) for alert in alerts):
        return Refusal("alert_archived", "id", str(number_of))
    if desk.correspondence.replies(message):
        return Refusal(answered, "id", str(number_of))
    return message, alerts


def _is_author(desk: Desk, message: Message) -> bool:
    if desk.caller.kind == "alert" and desk.caller.alert != message.uprc:
        return False
    return message.author == author(desk)


NOTE_TAKES = (
    Parameter("uprc", uprc, required=True),
    Parameter("note", text, required=True, may_be_empty=True),
    Parameter("private", flag),
)


def set_note(desk: Desk, values: Values) -> Answer:
    """Write the caller's note on an alert; an empty one removes it (manual 2.7.3.3)."""
    written = heard(values["note"])
    if len(written) > desk.lists.contract.constant("note_maximum"):
        return not_allowed("note", written)
    alert = _noted(desk, values["uprc"])
    if isinstance(alert, Refusal):
        return alert
    before = desk.correspondence.note(alert.uprc, desk.caller.role)
    note = Note(alert.uprc, desk.caller.role, written, values.get("private", True), desk.now)
    if before and replace(note, changed=before.changed) == before:
        # Where nothing changes, the time of the last change is answered.
        return {"uprc": alert.uprc, "changed": before.changed}
    if written:
        desk.correspondence.put_note(note)
    else:
        desk.correspondence.delete_note(alert.uprc, note.role)
    return {"uprc": alert.uprc, "changed": note.changed}


DELETE_NOTE_TAKES = (Parameter("note", uprc, required=True),)


def delete_note(desk: Desk, values: Values) -> Answer:
    """Remove the caller's note; the parameter `note` is the alert's id (manual 2.7.4.2)."""
    alert = _noted(desk, values["note"])
    if isinstance(alert, Refusal):
        return alert
    desk.correspondence.delete_note(alert.uprc, desk.caller.role)
    return {"uprc": alert.uprc}


def _noted(desk: Desk, uprc_of: str) -> Alert | Refusal:
    alert = addressing.one(desk, uprc_of)
    if isinstance(alert, Alert) and desk.workflow.archived(alert, desk.now):
        return Refusal("alert_archived", "uprc", alert.uprc)
    return alert


def _not_saved() -> Refusal:
    return Refusal("message_not_saved", received="the setting messages_available is false")
