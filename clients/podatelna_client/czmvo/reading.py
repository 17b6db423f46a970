"""The `result` of each function as values. What is not as the contract says is Unreadable."""

import base64
import binascii

from podatelna_client.czmvo.files import AlertFile
from podatelna_client.czmvo.item import Item, Unreadable
from podatelna_client.czmvo.model import (
    Alert,
    AlertState,
    CannedMessage,
    ConnectionCheck,
    DeletedException,
    Deletion,
    ExceptionCheck,
    ExceptionRecord,
    ExceptionState,
    Import,
    ImportedLine,
    Level3Alert,
    Message,
    MessageEdit,
    Note,
    NoteChange,
    ReopenReason,
    StatePage,
    TypeState,
)


def state_page(result: Item) -> StatePage:
    """`list=state`. One printed example has no page numbers: then it is the only page."""
    alerts = tuple(_alert(item) for item in result.items("alerts"))
    paged = "pages" in result.members
    return StatePage(
        alerts,
        result.number("pages") if paged else 1,
        result.number("currentPage") if paged else 1,
    )


def pages(result: Item) -> int:
    """`list=state` with a negative page."""
    return result.number("pages")


def _alert(item: Item) -> Alert:
    return Alert(
        uprc=item.text("uprc"),
        created=item.moment("created"),
        product_code=item.text("productcode", ""),
        state_id=item.number("stateid"),
        state=item.text("state", ""),
        last_message_id=item.reference("lastmessageid"),
        description=item.text("statedescription", ""),
        type_state=item.text("typestate", ""),
        type_state_description=item.text("typestatedescription", ""),
    )


def messages(result: Item) -> tuple[Message, ...]:
    """`list=messages`."""
    return tuple(
        Message(
            id=item.number("id"),
            parent=item.reference("parent"),
            uprc=item.text("uprc"),
            created=item.moment("created"),
            changed=item.moment("changed"),
            subject=item.text("subject", ""),
            text=item.text("message", ""),
            has_file=item.flag("isfile"),
            public=item.flag("public"),
            from_me=item.flag("fromme"),
            canned_id=item.reference("id_request"),
        )
        for item in result.items("messages")
    )


def file(result: Item) -> AlertFile:
    """`list=file` as JSON."""
    try:
        # PHP's own encoder may break the text into lines.
        text = "".join(result.text("filedata").split())
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unreadable(f"/filedata is not base64: {error}") from error
    return AlertFile(result.text("filename", ""), content)


def alert_states(result: Item) -> tuple[AlertState, ...]:
    """`list=enumState` of the alerts."""
    return tuple(
        AlertState(
            id=item.number("id"),
            name=item.text("name", ""),
            external_code=item.text("externalcode", ""),
            final=item.flag("finalstate"),
            settable=item.flag("settingallowed") if "settingallowed" in item.members else None,
            description=item.text("description", ""),
            type_state=item.text("typestate", ""),
            type_state_description=item.text("typestatedescription", ""),
        )
        for item in result.items("states")
    )


def canned_messages(result: Item) -> tuple[CannedMessage, ...]:
    """`list=enumRequest`."""
    return tuple(
        CannedMessage(
            id=item.number("id"),
            name=item.text("name", ""),
            text=item.text("text", ""),
            for_states=item.numbers("forStates") if "forStates" in item.members else None,
        )
        for item in result.items("requests")
    )


def reopen_reasons(result: Item) -> tuple[ReopenReason, ...]:
    """`list=enumReopenReason`."""
    return tuple(
        ReopenReason(item.number("id"), item.text("name", "")) for item in result.items("reasons")
    )


def type_states(result: Item) -> tuple[TypeState, ...]:
    """`list=enumTypeState`."""
    return tuple(
        TypeState(item.text("name"), item.text("description", ""))
        for item in result.items("typestates")
    )


def uprcs(result: Item) -> tuple[str, ...]:
    """The alerts of a group, or those that a change of state touched."""
    return result.texts("uprc")


def note(result: Item) -> Note:
    """`list=note`."""
    return Note(
        uprc=result.text("uprc"),
        text=result.text("note", ""),
        private=result.flag("private", False),
        changed=result.moment_if_any("changed"),
    )


def level3_counter(result: Item) -> int:
    """`list=alcounter`."""
    return result.number("counter")


def level3_alerts(result: Item) -> tuple[Level3Alert, ...]:
    """`list=alalerts`."""
    return tuple(
        Level3Alert(
            uprc=item.text("uprc"),
            created=item.moment("created"),
            product_code=item.text("productcode", ""),
            state_id=item.number("stateid"),
        )
        for item in result.items("alalerts")
    )


def message_id(result: Item) -> int:
    """A message that was stored or deleted."""
    return result.number("id")


def message_edit(result: Item) -> MessageEdit:
    """PUT of a message."""
    return MessageEdit(result.number("id"), result.moment("changed"))


def note_change(result: Item) -> NoteChange:
    """PUT of a note."""
    return NoteChange(result.text("uprc"), result.moment_if_any("changed"))


def note_deletion(result: Item) -> str:
    """DELETE of a note: the UPRC of its alert."""
    return result.text("uprc")


def connection_check(result: Item) -> ConnectionCheck:
    """`connection=verify`."""
    return ConnectionCheck(
        method=result.text("method", ""),
        module=result.text("module", ""),
        environment=result.text("environment", ""),
        auth=result.text("auth", ""),
        role=result.text("userrole", ""),
        ok=result.flag("state"),
    )


def exception_states(result: Item) -> tuple[ExceptionState, ...]:
    """`list=enumState` of the exceptions."""
    return tuple(
        ExceptionState(item.text("code"), item.text("name", "")) for item in result.items("states")
    )


def exceptions(result: Item) -> tuple[ExceptionRecord, ...]:
    """`list=product`."""
    return tuple(_exception(item) for item in result.items("products"))


def exception_check(result: Item) -> ExceptionCheck:
    """`list=verify`."""
    excepted = result.flag("isException")
    info = result.members.get("info")
    return ExceptionCheck(excepted, _exception(Item.of(info, "/info")) if info else None)


def _exception(item: Item) -> ExceptionRecord:
    return ExceptionRecord(
        id=item.number("id"),
        product_code=item.text("productCode", ""),
        batch=item.text("batch", "") or None,
        state_id=item.reference("stateId"),
        state=item.text("state", ""),
        validity=item.day_if_any("validity"),
    )


def imported(result: Item) -> Import:
    """POST of exceptions. Here, and only here, the id is called ID (manual 2.8.2)."""
    lines = tuple(
        ImportedLine(
            line=item.number("lineNo"),
            product_code=item.text("productCode", ""),
            batch=item.text("batch", "") or None,
            # A refused line comes back as it was sent, so its date may be none.
            validity=item.day_if_any("validity") if not item.reference("errorCode") else None,
            state_id=item.reference("state") if not item.reference("errorCode") else None,
            id=item.reference("ID"),
            error_code=item.reference("errorCode") or 0,
            error_text=item.text("errorText", ""),
        )
        for item in result.items("products")
    )
    return Import(lines, result.reference("count") or 0)


def deletion(result: Item) -> Deletion:
    """DELETE of exceptions."""
    deleted = tuple(
        DeletedException(
            item.number("id"), item.text("productCode", ""), item.text("batch", "") or None
        )
        for item in result.items("deleted")
    )
    return Deletion(result.number("affected"), deleted)
