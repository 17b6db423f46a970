"""Reporting sheep and goats to the register of agriculture (IZR) through the eAGRI gateway.

with IzrClient(url, login, ws_key, subject) as service:
    try:
        service.verify_move(move)
    except ValidationFailed as refused:
        for number, errors in refused.of_animals.items():
            print(move.animals[number - 1].tag, *errors)
    else:
        service.submit_move(move, email="farm@example.cz")
    for entry in service.poll_logs(today, move.holding):
        print(entry.tag, entry.text)

Programs with a SOAP library of their own need only `sign`, or `add_token`.
"""

from podatelna_client.izr import codes
from podatelna_client.izr.canonical import canonical_body
from podatelna_client.izr.client import IzrClient
from podatelna_client.izr.codes import ValidationError
from podatelna_client.izr.errors import (
    FaultKind,
    FaultRecord,
    GatewayFault,
    InvalidInput,
    IzrError,
    MessageRefused,
    OutcomeUnknown,
    Refusal,
    ServiceRefused,
    ServiceUnreachable,
    SignInRefused,
    SubjectRefused,
    UnreadableAnswer,
    ValidationFailed,
)
from podatelna_client.izr.exchange import Answer
from podatelna_client.izr.fields import Fields
from podatelna_client.izr.item import Item
from podatelna_client.izr.model import (
    ACTIVE,
    ANY_STATE,
    ASSEMBLY_CENTRE,
    CAMELIDS,
    CANCELLED,
    CATTLE,
    DEER,
    GOATS,
    HATCHERY,
    KEEPER,
    RATITES,
    RENDERING_PLANT,
    SHEEP,
    SLAUGHTERHOUSE,
    TRADER,
    USERS_FACILITY,
    Accepted,
    AnimalDetail,
    Carrier,
    CodeList,
    CodeRow,
    Detail,
    Event,
    EventReport,
    Holding,
    HoldingChanges,
    KeptAnimal,
    LogEntry,
    Move,
    MovedAnimal,
    TagOrder,
    TagOrderLine,
)
from podatelna_client.izr.questions import BASIC
from podatelna_client.izr.signing import add_token, key_hash, sign

__all__ = [
    "ACTIVE",
    "ANY_STATE",
    "ASSEMBLY_CENTRE",
    "BASIC",
    "CAMELIDS",
    "CANCELLED",
    "CATTLE",
    "DEER",
    "GOATS",
    "HATCHERY",
    "KEEPER",
    "RATITES",
    "RENDERING_PLANT",
    "SHEEP",
    "SLAUGHTERHOUSE",
    "TRADER",
    "USERS_FACILITY",
    "Accepted",
    "AnimalDetail",
    "Answer",
    "Carrier",
    "CodeList",
    "CodeRow",
    "Detail",
    "Event",
    "EventReport",
    "FaultKind",
    "FaultRecord",
    "Fields",
    "GatewayFault",
    "Holding",
    "HoldingChanges",
    "InvalidInput",
    "Item",
    "IzrClient",
    "IzrError",
    "KeptAnimal",
    "LogEntry",
    "MessageRefused",
    "Move",
    "MovedAnimal",
    "OutcomeUnknown",
    "Refusal",
    "ServiceRefused",
    "ServiceUnreachable",
    "SignInRefused",
    "SubjectRefused",
    "TagOrder",
    "TagOrderLine",
    "UnreadableAnswer",
    "ValidationError",
    "ValidationFailed",
    "add_token",
    "canonical_body",
    "codes",
    "key_hash",
    "sign",
]
