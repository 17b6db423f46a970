"""What the model answers to questions: manual 2.7.1."""

from base64 import b64encode
from datetime import timedelta

from tests.czmvo.machine.lists import canned, named, rows
from tests.czmvo.machine.records import Alert, Message, Outcome, written
from tests.czmvo.machine.turn import Turn, Values, done, refused

MONTH = timedelta(days=31)


def list_states(turn: Turn, values: Values) -> Outcome:
    asked = values.get("uprc") or turn.caller.alert
    if asked and turn.visible(asked) is None:
        return refused(12)
    found = [each for each in turn.data.alerts.values() if _fits(turn, each, values)]
    found.sort(key=lambda each: (each.created, each.uprc), reverse=values.get("latest", False))
    page, size = values.get("page", 1) or 1, turn.settings["page_size"]
    pages = {"pages": -(-len(found) // size), "currentPage": max(page, 0)}
    if page < 0:
        return done(pages)
    chosen = found[(page - 1) * size : page * size]
    return turn.table("alerts", [_state_row(turn, each) for each in chosen], pages)


def _fits(turn: Turn, alert: Alert, values: Values) -> bool:
    """All filters together; bounds belong to what they bound."""
    wanted = values.get("state", turn.states[alert.state].id)
    return (
        turn.caller.sees(alert)
        and values.get("uprc", alert.uprc) == alert.uprc
        and values.get("createdFrom", alert.created) <= alert.created
        and alert.created <= values.get("createdTo", alert.created)
        and values.get("changedFrom", alert.changed) <= alert.changed
        and wanted == turn.states[alert.state].id
    )


def _state_row(turn: Turn, alert: Alert) -> Values:
    state = turn.states[alert.state]
    newest = turn.data.newest(alert.uprc, alert.party(turn.caller.role))
    row = {
        "uprc": alert.uprc,
        "created": written(alert.created),
        "productcode": alert.product,
        "stateid": state.id,
        "state": state.names[turn.language],
        "lastmessageid": turn.id(newest) if newest else 0,
        "statedescription": state.descriptions[turn.caller.role][turn.language],
    }
    return row | _type_state(turn, state.type_state)


def _type_state(turn: Turn, name: str) -> Values:
    """Only for end users (manual 2.7.1.1)."""
    if turn.caller.role == "mah":
        return {}
    about = named("typestates", "name", "description")[name][turn.language]
    return {"typestate": name, "typestatedescription": about}


def list_messages(turn: Turn, values: Values) -> Outcome:
    if not values:
        return refused(20)
    alone = "uprc" not in values and "id" not in values
    too_old = alone and turn.now - values["changedFrom"] > MONTH
    if too_old and turn.settings["message_age"] == "refused":
        return refused(5, "changedFrom")
    if values.get("uprc") and turn.visible(values["uprc"]) is None:
        return refused(12)
    found = [each for _, each in sorted(turn.data.messages.items()) if _read(turn, each, values)]
    return turn.table("messages", [_message_row(turn, each) for each in found])


def _read(turn: Turn, message: Message, values: Values) -> bool:
    return (
        turn.visible(message.uprc) is not None
        and message.readable(turn.caller.party)
        and values.get("uprc", message.uprc) == message.uprc
        and values.get("id", message.id) == message.id
        and values.get("changedFrom", message.changed) <= message.changed
    )


def _message_row(turn: Turn, message: Message) -> Values:
    return {
        "id": turn.id(message.id),
        "parent": turn.id(message.parent),
        "uprc": message.uprc,
        "created": written(message.created),
        "changed": written(message.changed),
        "subject": message.subject,
        "message": message.text,
        "isfile": message.file is not None,
        "public": message.public,
        "fromme": message.author == turn.caller.party,
        "id_request": message.request,
    }


def read_file(turn: Turn, values: Values) -> Outcome:
    message = turn.data.messages.get(values["id"])
    if message is None or message.file is None:
        return refused(21, values["id"])
    if turn.visible(message.uprc) is None or not message.readable(turn.caller.party):
        return refused(22)
    name, content = message.file
    if turn.output == "json":
        return done({"filename": name, "filedata": b64encode(content).decode()})
    return Outcome(200, None, content)


def list_state_codes(turn: Turn, _values: Values) -> Outcome:
    role, listed = turn.caller.role, []
    for place, state in enumerate(turn.states.values()):
        row = {
            "id": turn.id(state.id) if place else state.id,
            "name": state.names[turn.language],
            "externalcode": state.external,
            "finalstate": state.final,
            "settingallowed": role in state.set_by,
            "description": state.descriptions[role][turn.language],
        }
        listed.append(row | _type_state(turn, state.type_state))
    return turn.table("states", listed)


def list_canned(turn: Turn, _values: Values) -> Outcome:
    listed = []
    for row in rows("requests"):
        if row["role"] == turn.caller.role:
            texts = canned(row["role"])[int(row["id"])]
            states = [
                turn.states[code].id for code in turn.states if code in row["for_states"].split()
            ]
            listed.append(
                {
                    "id": int(row["id"]),
                    "name": texts["name"][turn.language],
                    "text": texts["text"][turn.language],
                    "forStates": states,
                }
            )
    return turn.table("requests", listed)


def list_reasons(turn: Turn, _values: Values) -> Outcome:
    reasons = named("reopen_reasons", "id", "name")
    listed = [{"id": int(key), "name": text[turn.language]} for key, text in reasons.items()]
    return turn.table("reasons", listed)


def list_type_states(turn: Turn, _values: Values) -> Outcome:
    """Those that states have: of the manual's list only the one that it prints."""
    known = named("typestates", "name", "description")
    used = {state.type_state for state in turn.states.values()}
    listed = [
        {"name": key, "description": text[turn.language]}
        for key, text in known.items()
        if key in used
    ]
    return turn.table("typestates", listed)


def list_group(turn: Turn, values: Values) -> Outcome:
    alert = turn.visible(values["uprc"])
    if alert is None:
        return refused(12)
    alike = [
        each.uprc
        for each in turn.data.alerts.values()
        if alert.group and each.group == alert.group and turn.caller.sees(each)
    ]
    return done({"uprc": sorted(alike)})


def read_note(turn: Turn, values: Values) -> Outcome:
    uprc, whose = values["uprc"], values.get("from")
    if turn.visible(uprc) is None:
        return refused(12)
    own = turn.caller.role
    note = turn.data.notes.get((uprc, whose if whose in ("mah", "enduser", "nool") else own))
    if note is None or (note.private and whose in {"mah", "enduser", "nool"} - {own}):
        return done({"note": "", "uprc": uprc, "private": False, "changed": None})
    changed = written(note.changed)
    return done({"note": note.text, "uprc": uprc, "private": note.private, "changed": changed})


def level_3_counter(turn: Turn, values: Values) -> Outcome:
    found = _level_3(turn, values["location"])
    if isinstance(found, Outcome):
        return found
    return done({"counter": max((each["number"] for each in found), default=0)})


def list_level_3(turn: Turn, values: Values) -> Outcome:
    found = _level_3(turn, values["location"])
    if isinstance(found, Outcome):
        return found
    listed = [each for each in found if each["number"] >= values.get("from", 0)]
    return done({"alalerts": [{k: v for k, v in each.items() if k != "number"} for each in listed]})


def _level_3(turn: Turn, location: str) -> list[Values] | Outcome:
    party = turn.locations.get(location)
    if party is None:
        return refused(36)
    mine = party == turn.caller.party and not turn.caller.alert
    return turn.data.level_3.get(location, []) if mine else refused(37)
