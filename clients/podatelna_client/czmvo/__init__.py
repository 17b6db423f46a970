"""Managing alerts on medicines in the AMS of the Czech Medicines Verification Organisation.

with CzmvoClient("https://api.czmvo.cz/t/", client_id, secret) as service:
    for alert in service.iterate_states(created_from=yesterday):
        try:
            service.send_canned(alert.uprc, photo.id)
        except codes.AlertNotOpenToMessages:
            print(alert.uprc, alert.state)
"""

from podatelna_client.czmvo import codes
from podatelna_client.czmvo.changes import STANDARD_PROCESSING
from podatelna_client.czmvo.client import CzmvoClient
from podatelna_client.czmvo.envelope import Head
from podatelna_client.czmvo.errors import (
    ApiError,
    CzmvoError,
    InvalidInput,
    OutcomeUnknown,
    RateLimited,
    RequestRefused,
    ServiceUnreachable,
    TokenRefused,
    TokenStoreFailed,
    UnreadableAnswer,
)
from podatelna_client.czmvo.files import AlertFile, Table
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
    NewException,
    Note,
    NoteChange,
    ReopenReason,
    StatePage,
    TypeState,
)
from podatelna_client.czmvo.patience import NO_PATIENCE, Patience
from podatelna_client.czmvo.tokens import FileTokenStore, MemoryTokenStore, Token, TokenStore

__all__ = [
    "NO_PATIENCE",
    "STANDARD_PROCESSING",
    "Alert",
    "AlertFile",
    "AlertState",
    "ApiError",
    "CannedMessage",
    "ConnectionCheck",
    "CzmvoClient",
    "CzmvoError",
    "DeletedException",
    "Deletion",
    "ExceptionCheck",
    "ExceptionRecord",
    "ExceptionState",
    "FileTokenStore",
    "Head",
    "Import",
    "ImportedLine",
    "InvalidInput",
    "Level3Alert",
    "MemoryTokenStore",
    "Message",
    "MessageEdit",
    "NewException",
    "Note",
    "NoteChange",
    "OutcomeUnknown",
    "Patience",
    "RateLimited",
    "ReopenReason",
    "RequestRefused",
    "ServiceUnreachable",
    "StatePage",
    "Table",
    "Token",
    "TokenRefused",
    "TokenStore",
    "TokenStoreFailed",
    "TypeState",
    "UnreadableAnswer",
    "codes",
]
