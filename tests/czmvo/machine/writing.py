"""What the model does with messages and notes (manual 2.7.2 to 2.7.4)."""

from collections.abc import Iterable
from dataclasses import replace

from tests.czmvo.machine.attachment import read_file
from tests.czmvo.machine.calendar import set_state
from tests.czmvo.machine.lifecycle import CLOSED
from tests.czmvo.machine.lists import canned
from tests.czmvo.machine.records import NOOL, Alert, Letter, Message, Note, Outcome, written
from tests.czmvo.machine.turn import Turn, Values, done, refused

Moves = dict[str, str]
"""The state that each alert goes to, by UPRC, in the order in which they are written to."""
NOTE_LENGTH = 60_000


def send_message(turn: Turn, values: Values) -> Outcome:
    if refusal := unknown_request(turn, values):
        return refusal
    where = _answer(turn, values) if values.get("id_parent") else _named(turn, values)
    if isinstance(where, Outcome):
        return where
    file = read_file(turn.settings, values)
    if isinstance(file, Outcome):
        return file
    unsaved = not turn.settings["messages_available"]
    return refused(16) if unsaved else done({"id": write(turn, values, where, file)})


def unknown_request(turn: Turn, values: Values) -> Outcome | None:
    """Each role has a list of canned messages of its own."""
    request = values.get("id_request", 0)
    known = request == 0 or request in canned(turn.caller.role)
    return None if known else refused(5, "id_request")


def writable(turn: Turn, uprc: str) -> Alert | Outcome:
    """The alert that a message or note is for."""
    if turn.caller.alert and uprc != turn.caller.alert:
        return refused(13)
    nobody = turn.caller.role != NOOL and not turn.caller.party
    if uprc not in turn.data.alerts or nobody:
        return refused(12)
    return turn.visible(uprc) or refused(13)


def grouped(values: Values) -> bool:
    return bool(values.get("group") or values.get("group_a"))


def with_groups(turn: Turn, named: list[str], values: Values) -> list[str]:
    """The alerts and those of their groups that the caller has a right to, the named ones first."""
    alike = set()
    for uprc in named:
        of = turn.data.alerts[uprc]
        for each in turn.data.alerts.values():
            similar = values.get("group") and of.group and each.group == of.group
            hidden = values.get("group_a") and of.anonymous and each.anonymous == of.anonymous
            if (similar or hidden) and turn.caller.sees(each):
                alike.add(each.uprc)
    return [*named, *sorted(alike - set(named))]


def let_through(turn: Turn, verdicts: dict[str, str | int], group: bool) -> Moves | Outcome:
    """Code 40 from version 2 on; version 1 goes on with what it can."""
    moves = {uprc: verdict for uprc, verdict in verdicts.items() if isinstance(verdict, str)}
    blocking = [uprc for uprc in verdicts if uprc not in moves]
    if not blocking:
        return moves
    partial = turn.version_1 and turn.settings["group_in_version_1"] == "partial"
    if group and not partial:
        return refused(40, result={"uprc": sorted(blocking)})
    if group and moves:
        return moves
    code = verdicts[blocking[0]]
    assert isinstance(code, int)
    return refused(code)


def _named(turn: Turn, values: Values) -> Moves | Outcome:
    alert = writable(turn, values["uprc"])
    if isinstance(alert, Outcome):
        return alert
    if grouped(values) and turn.caller.alert:
        return refused(13)
    alerts = with_groups(turn, [alert.uprc], values)
    verdicts = {uprc: _verdict(turn, values, turn.data.alerts[uprc]) for uprc in alerts}
    return let_through(turn, verdicts, grouped(values))


def _is_event(values: Values) -> bool:
    """Public messages and canned ones, but not what is only a file (contract: transitions)."""
    read = values.get("public", True) or bool(values.get("id_request"))
    return bool(read and not values.get("only_file"))


def _verdict(turn: Turn, values: Values, alert: Alert) -> str | int:
    if _is_event(values):
        request = values.get("id_request", 0)
        return turn.life.write(alert, turn.caller.role, request, turn.now)
    return 25 if turn.life.archived(alert, turn.now) else alert.state


def _answer(turn: Turn, values: Values) -> Moves | Outcome:
    """A reply goes where the original went, as far as the caller may (manual 2.7.2)."""
    parent = turn.data.messages.get(values["id_parent"])
    if parent is None or not parent.readable(turn.caller.party):
        return refused(18)
    main = writable(turn, values.get("uprc") or parent.uprc)
    if isinstance(main, Outcome):
        return main
    went_to = {copy.uprc for copy in turn.data.copies(parent.sending)}
    verdict = _replying(turn, values, main) if main.uprc in went_to else 18
    if isinstance(verdict, int):
        return refused(verdict)
    return {main.uprc: verdict, **_others(turn, values, went_to - {main.uprc})}


def _others(turn: Turn, values: Values, uprcs: set[str]) -> Moves:
    """Alerts that the original went to as well; where a reply is not possible there is none."""
    alerts = [alert for uprc in sorted(uprcs) if (alert := turn.visible(uprc))]
    verdicts = {each.uprc: _replying(turn, values, each) for each in alerts}
    return {uprc: verdict for uprc, verdict in verdicts.items() if isinstance(verdict, str)}


def _replying(turn: Turn, values: Values, alert: Alert) -> str | int:
    if turn.life.archived(alert, turn.now):
        return 25
    if alert.state in CLOSED and turn.caller.role != NOOL:
        return 18
    return _verdict(turn, values, alert)


def write(turn: Turn, values: Values, where: Moves, file: tuple[str, bytes] | None = None) -> int:
    """Store a copy in each alert, change their states, tell the other side; the first id."""
    sending = turn.data.last_message + 1
    parents = _parents(turn, values)
    for uprc, state in where.items():
        turn.data.last_message += 1
        message = Message(
            id=turn.data.last_message,
            uprc=uprc,
            created=turn.now,
            changed=turn.now,
            author=turn.caller.party or turn.caller.role,
            public=values.get("public", True),
            parent=parents.get(uprc, 0),
            request=values.get("id_request", 0),
            sending=sending,
            file=file,
        )
        message.subject, message.text = wording(turn, values, message)
        turn.data.messages[message.id] = message
        move(turn, turn.data.alerts[uprc], state)
        if message.public and not values.get("only_file"):
            _announce(turn, message)
    return sending


def _parents(turn: Turn, values: Values) -> dict[str, int]:
    """Which message is answered in each alert."""
    parent = turn.data.messages.get(values.get("id_parent", 0))
    copies = turn.data.copies(parent.sending) if parent else []
    return {copy.uprc: copy.id for copy in copies}


def wording(turn: Turn, values: Values, before: Message) -> tuple[str, str]:
    """Of a canned message from the list, else as given (manual 2.7.2)."""
    chosen = canned(turn.caller.role).get(values.get("id_request", 0))
    if chosen:
        return chosen["name"][turn.language], chosen["text"][turn.language]
    return values.get("subject", before.subject), values.get("message", before.text)


def move(turn: Turn, alert: Alert, state: str) -> None:
    """Set a state; closing by the end user or NOOL is confirmed (manual 1.2)."""
    by = turn.caller.role
    if not set_state(alert, state, by, turn.now) or state not in CLOSED:
        return
    sides = {"enduser": (alert.enduser,), NOOL: (alert.enduser, alert.mah)}
    _post(turn, sides.get(by, ()), Letter("", "closed", alert.uprc))


def _announce(turn: Turn, message: Message) -> None:
    alert = turn.data.alerts[message.uprc]
    others = {"mah": (alert.enduser,), "enduser": (alert.mah,)}
    kind = "new_file" if message.file else "new_message"
    sides = others.get(turn.caller.role, (alert.mah, alert.enduser))
    _post(turn, sides, Letter("", kind, alert.uprc, message.id))


def _post(turn: Turn, parties: Iterable[str], letter: Letter) -> None:
    for party in parties:
        turn.post(party, letter)


# -- messages that are changed


def edit_message(turn: Turn, values: Values) -> Outcome:
    if refusal := unknown_request(turn, values):
        return refusal
    message = _own(turn, values["id"], 17)
    if isinstance(message, Outcome):
        return message
    if not turn.settings["messages_available"]:
        return refused(16)
    for copy in turn.data.copies(message.sending):
        copy.subject, copy.text = wording(turn, values, message)
        copy.public = values.get("public", message.public)
        copy.request = values.get("id_request", message.request)
        copy.changed = turn.now
    return done({"id": message.id, "changed": written(turn.now)})


def delete_message(turn: Turn, values: Values) -> Outcome:
    message = _own(turn, values["id"], 19)
    if isinstance(message, Outcome):
        return message
    for copy in turn.data.copies(message.sending):
        del turn.data.messages[copy.id]
    return done({"id": values["id"]})


def _own(turn: Turn, number: int, answered: int) -> Message | Outcome:
    message = turn.data.messages.get(number)
    author = turn.caller.party or turn.caller.role
    if message is None or message.author != author or not turn.visible(message.uprc):
        return refused(17)
    copies = turn.data.copies(message.sending)
    if any(turn.life.archived(turn.data.alerts[each.uprc], turn.now) for each in copies):
        return refused(25)
    ids = {each.id for each in copies}
    if any(each.parent in ids for each in turn.data.messages.values()):
        return refused(answered)
    return replace(message)


# -- notes


def set_note(turn: Turn, values: Values) -> Outcome:
    text = values["note"]
    if len(text) > NOTE_LENGTH:
        return refused(5, "note")
    alert = _noted(turn, values["uprc"])
    if isinstance(alert, Outcome):
        return alert
    key = alert.uprc, turn.caller.role
    before = turn.data.notes.get(key)
    note = Note(text, values.get("private", True), turn.now)
    if before and (before.text, before.private) == (text, note.private):
        return done({"uprc": alert.uprc, "changed": written(before.changed)})
    turn.data.notes.pop(key, None)
    if text:
        turn.data.notes[key] = note
    return done({"uprc": alert.uprc, "changed": written(turn.now)})


def delete_note(turn: Turn, values: Values) -> Outcome:
    alert = _noted(turn, values["note"])
    if isinstance(alert, Outcome):
        return alert
    turn.data.notes.pop((alert.uprc, turn.caller.role), None)
    return done({"uprc": alert.uprc})


def _noted(turn: Turn, uprc: str) -> Alert | Outcome:
    alert = writable(turn, uprc)
    if isinstance(alert, Alert) and turn.life.archived(alert, turn.now):
        return refused(25)
    return alert
