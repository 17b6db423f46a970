"""Faults of the gateway as exceptions."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from lxml import etree

from podatelna_client.izr.collection import validation_errors
from podatelna_client.izr.errors import (
    FaultKind,
    FaultRecord,
    GatewayFault,
    Refusal,
    ServiceRefused,
    SignInRefused,
    SubjectRefused,
    ValidationFailed,
    fault_kind,
)
from podatelna_client.izr.item import Item
from podatelna_client.soap import Fault, Unreadable

VALIDATION = "5"
_HIGHEST_STATE = 99

_REFUSALS: Mapping[FaultKind, type[GatewayFault]] = {
    FaultKind.NOT_AUTHENTICATED: SignInRefused,
    FaultKind.SUBJECT_NOT_ALLOWED: SubjectRefused,
}


def refusal(fault: Fault, status: int, sent: etree._Element) -> Refusal:
    """The exception that a fault stands for; `sent` is the payload that was refused."""
    error = None if fault.detail is None else Item(fault.detail).item("Error")
    record = _record(fault, error)
    if not _is_state(record):
        return _REFUSALS.get(fault_kind(record), GatewayFault)(record, status)
    if record.code != VALIDATION:
        return ServiceRefused(record, status)
    inner = None if error is None else error.item("InnerException")
    return ValidationFailed(record, status, () if inner is None else validation_errors(inner, sent))


def _record(fault: Fault, error: Item | None) -> FaultRecord:
    if error is None:
        return FaultRecord(faultcode=fault.code, text=fault.text)
    server = error.item("SRVid")
    return FaultRecord(
        faultcode=fault.code,
        text=error.text("ErrorDescription", fault.text),
        code=error.text("ErrorCode", "").strip(),
        sid=error.text("SID", ""),
        request_id=error.text("RequestID", ""),
        service=error.text("vOKOid", ""),
        server_id="" if server is None else server.element.get("serverID", ""),
        at=_when(error),
    )


def _when(error: Item) -> datetime | None:
    # What is wrong counts more than when it was.
    with suppress(Unreadable):
        return error.moment_if_any("DateTime")
    return None


def _is_state(record: FaultRecord) -> bool:
    """Whether it is the service that speaks: its states have one or two digits."""
    return record.code.isdecimal() and int(record.code) <= _HIGHEST_STATE
