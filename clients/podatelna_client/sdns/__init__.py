"""Reporting to the Czech National Bank through the SDNS Web Services.

with SdnsClient(url, "UZIV0001", password, "999", "99990000", signer=signer) as bank:
    message = Message(
        number=900002, methodology="MKT20130101.01", data_set="MOKAS42.04.00", subject="99990000",
        scope="S_BCPZB", as_of=date(2013, 7, 31), function=Function.TEST,
        areas=[Area("MOKA42_11", ({1: "130742000001", 8: date(2013, 7, 1)} for ...))],
    )
    bank.send(message)
    result = bank.wait_for_result(message)
    if isinstance(result, Issue) and result.state is IssueState.STORED_SERIES_UNCONFIRMED:
        bank.send(confirmation(message, number=900003))
"""

from podatelna_client.sdns.client import SdnsClient
from podatelna_client.sdns.codes import (
    Audit,
    Category,
    Compression,
    Encoding,
    End,
    Function,
    IssueState,
    OccurrenceState,
    Reason,
    Status,
)
from podatelna_client.sdns.corrections import (
    cancellation,
    change,
    completion,
    confirmation,
    correction,
    withdrawal,
)
from podatelna_client.sdns.errors import (
    AccessDenied,
    DecompressionFailed,
    DuplicateData,
    InternalError,
    InvalidData,
    InvalidInput,
    InvalidParameters,
    InvalidXmlData,
    LoginDenied,
    MessageRefused,
    NothingFound,
    OutcomeUnknown,
    QueryError,
    QueryLoginDenied,
    Refusal,
    SdnsError,
    SendDenied,
    SendLoginDenied,
    SignatureCheckFailed,
    SoapFault,
    StillProcessing,
    Unreachable,
    UnreadableAnswer,
)
from podatelna_client.sdns.model import (
    Address,
    Area,
    Cell,
    Cells,
    Contact,
    Message,
    Notice,
    Part,
    Receipt,
    Row,
)
from podatelna_client.sdns.packing import Delivery, filename
from podatelna_client.sdns.queries import Choice, Definition, Parameter
from podatelna_client.sdns.results import (
    Detail,
    FailedCheck,
    HeaderError,
    Issue,
    Occurrence,
    ProcessingError,
    Result,
)
from podatelna_client.sdns.sending import SentAll
from podatelna_client.sdns.signing import Signer, sign
from podatelna_client.sdns.splitting import split
from podatelna_client.sdns.waiting import Patience
from podatelna_client.sdns.writing import write

__all__ = [
    "AccessDenied",
    "Address",
    "Area",
    "Audit",
    "Category",
    "Cell",
    "Cells",
    "Choice",
    "Compression",
    "Contact",
    "DecompressionFailed",
    "Definition",
    "Delivery",
    "Detail",
    "DuplicateData",
    "Encoding",
    "End",
    "FailedCheck",
    "Function",
    "HeaderError",
    "InternalError",
    "InvalidData",
    "InvalidInput",
    "InvalidParameters",
    "InvalidXmlData",
    "Issue",
    "IssueState",
    "LoginDenied",
    "Message",
    "MessageRefused",
    "NothingFound",
    "Notice",
    "Occurrence",
    "OccurrenceState",
    "OutcomeUnknown",
    "Parameter",
    "Part",
    "Patience",
    "ProcessingError",
    "QueryError",
    "QueryLoginDenied",
    "Reason",
    "Receipt",
    "Refusal",
    "Result",
    "Row",
    "SdnsClient",
    "SdnsError",
    "SendDenied",
    "SendLoginDenied",
    "SentAll",
    "SignatureCheckFailed",
    "Signer",
    "SoapFault",
    "Status",
    "StillProcessing",
    "Unreachable",
    "UnreadableAnswer",
    "cancellation",
    "change",
    "completion",
    "confirmation",
    "correction",
    "filename",
    "sign",
    "split",
    "withdrawal",
    "write",
]
