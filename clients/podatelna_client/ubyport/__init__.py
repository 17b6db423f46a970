"""Reporting guests to the Czech Foreign Police through the Ubyport web service.

with UbyportClient(url, login, password) as service:
    filing = service.file_guests(facility, guests)
    filing.save_receipts("receipts")
    wrong = [answer.guest for answer in filing.refused if not answer.duplicate]
"""

from podatelna_client.ubyport.answers import (
    DEFAULT_SEVERITIES,
    BatchAnswer,
    Filing,
    GuestAnswer,
)
from podatelna_client.ubyport.client import DEFAULT_LIST_LENGTH, UbyportClient
from podatelna_client.ubyport.errors import (
    FaultKind,
    InvalidInput,
    LoginRefused,
    MessageRefused,
    OutcomeUnknown,
    ServiceFault,
    ServiceUnreachable,
    UbyportError,
    UnreadableReceipt,
)
from podatelna_client.ubyport.model import (
    Country,
    ErrorEntry,
    Facility,
    Guest,
    PartialDate,
    Purpose,
)
from podatelna_client.ubyport.receipt import MarkedRecord, ReceiptSummary, read_receipt

__all__ = [
    "DEFAULT_LIST_LENGTH",
    "DEFAULT_SEVERITIES",
    "BatchAnswer",
    "Country",
    "ErrorEntry",
    "Facility",
    "FaultKind",
    "Filing",
    "Guest",
    "GuestAnswer",
    "InvalidInput",
    "LoginRefused",
    "MarkedRecord",
    "MessageRefused",
    "OutcomeUnknown",
    "PartialDate",
    "Purpose",
    "ReceiptSummary",
    "ServiceFault",
    "ServiceUnreachable",
    "UbyportClient",
    "UbyportError",
    "UnreadableReceipt",
    "read_receipt",
]
