"""Messages on their way: what is written, and what becomes of the alerts that it is sent to."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from podatelna.czmvo.desk import Desk
from podatelna.czmvo.lists import Canned
from podatelna.czmvo.mail import Mail
from podatelna.czmvo.model import Alert, Message, Refusal
from podatelna.czmvo.parameters import Values, not_allowed


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that is to be sent."""

    subject: str = ""
    text: str = ""
    public: bool = True
    parent: int = 0
    canned: Canned | None = None
    file: str = ""
    """base64; "": none."""
    filename: str = ""
    only_file: bool = False

    @property
    def regular(self) -> bool:
        """Whether it changes states and is notified of.

        Messages that are only files do neither (manual 2.7.2). That those which the other side
        cannot read do not either is ours; a canned one asks for something, whoever can read it.
        """
        return not self.only_file and (self.public or self.canned is not None)


@dataclass(frozen=True, slots=True)
class Addressed:
    """An alert that a message goes to."""

    alert: Alert
    state: int
    """What the message or its sender makes of the alert's state."""
    parent: int = 0
    """The message of this alert that it answers."""


def read_draft(desk: Desk, values: Values) -> Draft | Refusal:
    """What is to be sent, or the parameter that is wrong."""
    canned = choose(desk, values)
    if isinstance(canned, Refusal):
        return canned
    draft = Draft(
        subject=values.get("subject", ""),
        text=values.get("message", ""),
        public=values.get("public", True),
        parent=values.get("id_parent", 0),
        canned=canned,
        file=values.get("file", ""),
        filename=values.get("filename", ""),
        only_file=values.get("only_file", False),
    )
    return worded(desk, draft)


def choose(desk: Desk, values: Values) -> Canned | Refusal | None:
    """The canned message that is asked for; each role has a list of its own."""
    chosen = values.get("id_request", 0)
    if not chosen:
        return None
    return desk.lists.canned(desk.caller.role, chosen) or not_allowed("id_request", chosen)


def of_canned(desk: Desk, canned: Canned) -> Draft:
    """A message that is nothing but a canned one."""
    return worded(desk, Draft(canned=canned))


def send(desk: Desk, draft: Draft, addressed: Iterable[Addressed], content: bytes = b"") -> int:
    """Store the message in each alert, change their states, tell the other side; the first id.

    A message sent to many has an id in each, and the answer has the first.
    """
    first = 0
    mail = mail_of(desk)
    for each in addressed:
        number = desk.next_id("message")
        first = first or number
        message = Message(
            id=number,
            uprc=each.alert.uprc,
            created=desk.now,
            author=author(desk),
            author_role=desk.caller.role,
            subject=draft.subject,
            text=draft.text,
            parent=each.parent,
            changed=desk.now,
            public=draft.public,
            request=draft.canned.id if draft.canned else 0,
            has_file=bool(content),
            sending=first,
        )
        desk.correspondence.add([message])
        after = move(desk, each.alert, each.state, message)
        if draft.regular:
            mail.announce(after, message, draft.filename if content else "")
    if content:
        desk.correspondence.add_file(first, draft.filename, content)
    return first


def move(desk: Desk, alert: Alert, state: int, message: Message | None = None) -> Alert:
    """Set the state of an alert and what its newest message is; confirm a closing."""
    after = desk.workflow.settled(alert, state, desk.caller.role, desk.now)
    if message:
        after = _with_newest(after, message)
    desk.alerts.change(alert, after)
    if after.closed and after.state != alert.state:
        mail_of(desk).confirm(after)
    return after


def recount(desk: Desk, alerts: Iterable[Alert]) -> None:
    """Find the newest message that each side can read anew."""
    for alert in alerts:
        after = replace(
            alert,
            last_for_mah=desk.correspondence.newest(alert.uprc, alert.mah),
            last_for_enduser=desk.correspondence.newest(alert.uprc, alert.enduser),
        )
        desk.alerts.change(alert, after)


def author(desk: Desk) -> str:
    """Who writes: a party, or the organisation itself."""
    return desk.caller.party or desk.caller.role


def mail_of(desk: Desk) -> Mail:
    return Mail(desk.lists, desk.settings, desk.directory, desk.post)


def worded(desk: Desk, draft: Draft) -> Draft:
    """Subject and text of a canned message come from the list, as the sender has read it there."""
    if draft.canned is None:
        return draft
    texts = draft.canned.texts[desk.language]
    return replace(draft, subject=draft.canned.names[desk.language], text=texts)


def _with_newest(alert: Alert, message: Message) -> Alert:
    """Ids grow, so a new message is the newest for all who can read it (manual 2.7.2)."""
    return replace(
        alert,
        last_for_mah=message.id
        if message.public or message.author == alert.mah
        else alert.last_for_mah,
        last_for_enduser=message.id
        if message.public or message.author == alert.enduser
        else alert.last_for_enduser,
    )
