"""The system's e-mails: to whom, when, and with which footer for machines (manual 1.2)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields

from podatelna.czmvo.directory import Directory
from podatelna.czmvo.lists import Lists
from podatelna.czmvo.model import ENDUSER, MAH, NOOL, Alert, Message, Role
from podatelna.czmvo.rulebook import SIDES
from podatelna.czmvo.workflow import Step
from podatelna.kernel.settings import Settings

OTHER_SIDE: dict[Role, tuple[Role, ...]] = {ENDUSER: (MAH,), MAH: (ENDUSER,), NOOL: SIDES}
"""Who is told of what somebody writes."""
CONFIRMED: dict[str, tuple[Role, ...]] = {ENDUSER: (ENDUSER,), NOOL: SIDES}
"""Who gets the confirmation of a closing; the MAH and the system get and need none."""

_FIELDS = tuple(item.name for item in fields(Alert))
_LANGUAGE = "cs"
"""All that is known of the e-mails is Czech, whatever language the API is asked in."""


@dataclass(frozen=True, slots=True)
class Mail:
    """The post room of one environment, within one transaction."""

    lists: Lists
    settings: Settings
    directory: Directory
    post: Callable[[str, str, str], None]
    """Send an e-mail: recipient, subject, body."""

    def announce(self, alert: Alert, message: Message, filename: str = "") -> None:
        """Tell the other side of a new message or file that it can read."""
        if not message.public:
            return
        about = {"subject": message.subject, "text": message.text, "filename": filename}
        footer = self._constant("mail_footer").format(
            event=self._constant("mail_event_new_message"), id=message.id
        )
        name = "new_file" if filename else "new_message"
        self._send(name, alert, OTHER_SIDE[message.author_role], about, footer)

    def confirm(self, alert: Alert) -> None:
        """Confirm that an alert is closed as it was asked for."""
        self._send("closed", alert, CONFIRMED.get(alert.closed_by, ()))

    def escalate(self, step: Step) -> None:
        """Tell of what the system has done of its own accord."""
        if step.name:
            self._send(step.name, step.alert, step.mail)

    def _send(
        self,
        name: str,
        alert: Alert,
        roles: Iterable[Role],
        about: dict[str, str] | None = None,
        footer: str = "",
    ) -> None:
        if not self.settings["notifications"]:
            return
        form = self.lists.forms[name]
        known = {field: getattr(alert, field) for field in _FIELDS}
        known |= {"state": self._state(alert)} | (about or {})
        body = form.body.format_map(known)
        for recipient in self._addresses(alert, roles):
            self.post(recipient, form.subject.format_map(known), body + _closing(footer))

    def _addresses(self, alert: Alert, roles: Iterable[Role]) -> Iterable[str]:
        parties = {MAH: alert.mah, ENDUSER: alert.enduser}
        for role in roles:
            party = self.directory.party(parties[role]) if parties[role] else None
            if party and party.email:
                yield party.email

    def _state(self, alert: Alert) -> str:
        profile = self.lists.profiles[str(self.settings["state_profile"])]
        return profile.named(alert.state).names.get(_LANGUAGE, "")

    def _constant(self, name: str) -> str:
        return str(self.lists.contract.constant(name))


def _closing(footer: str) -> str:
    """The footer is the last line of the body."""
    return f"\n{footer}\n" if footer else ""
