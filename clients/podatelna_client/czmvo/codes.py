# ruff: noqa: N818 - as in `errors`: the names are what the service said
"""The refusals of the AMS, one class for each code (manual 2.6).

The numbers 25 to 39 are reconstructed: the public manual has lost that column.
"""

from collections.abc import Mapping

from podatelna_client.czmvo.errors import ApiError


class UnknownFunction(ApiError):
    """Code 1: probably a wrong address."""


class NotAuthenticated(ApiError):
    """Code 2: wrong login or password. Do not retry in a loop."""


class FunctionNotAllowed(ApiError):
    """Code 3: not for this role, or not for this kind of credentials."""


class MethodNotAllowed(ApiError):
    """Code 4: not GET, POST, PUT or DELETE."""


class ValueNotAllowed(ApiError):
    """Code 5: the message names the parameter."""


class ValueMissing(ApiError):
    """Code 11: a mandatory parameter was not given."""


class AlertNotFound(ApiError):
    """Code 12: no such alert, or none that the caller may see."""


class NoRightToWrite(ApiError):
    """Code 13: the alert may be read only."""


class FileNotDecoded(ApiError):
    """Code 14: the file is not base64."""


class FileTooLarge(ApiError):
    """Code 15: the message names the limit (16 MB)."""


class MessageNotSaved(ApiError):
    """Code 16: the service failed."""


class NoRightToEdit(ApiError):
    """Code 17: somebody else wrote the message."""


class MessageNotAnswerable(ApiError):
    """Code 18: the message does not exist any more, or is closed."""


class MessageNotDeletable(ApiError):
    """Code 19: the message has been answered."""


class UprcOrIdMissing(ApiError):
    """Code 20: messages of what?"""


class FileNotFound(ApiError):
    """Code 21: no such message, or no file in it."""


class NoRightToReadFile(ApiError):
    """Code 22: the file is not public."""


class FileTypeNotSupported(ApiError):
    """Code 23: txt, pdf, csv, jpg, png and tiff are."""


class InternalError(ApiError):
    """Code 24: the service failed; try again later."""


class AlertArchived(ApiError):
    """Code 25: closed for more than 90 days."""


class AlertOfOtherMah(ApiError):
    """Code 26: the alert belongs to another MAH."""


class NewStateUnexpected(ApiError):
    """Code 27: the new state does not fit the workflow."""


class NoRightToState(ApiError):
    """Code 28: the caller may not make this change."""


class AlertClosed(ApiError):
    """Code 29: the alert cannot be reopened."""


class ConditionsNotMet(ApiError):
    """Code 30: something else is needed first, as the reason of a reopening."""


class AlertNotOpenToMessages(ApiError):
    """Code 31: the state that the message would lead to does not fit the workflow."""


class NsolErrorNotSpecified(ApiError):
    """Code 32: which error of the national system it was has to be said."""


class AcceptNotSupported(ApiError):
    """Code 33: this function does not answer in the form asked for."""


class AlertOfOtherEndUser(ApiError):
    """Code 34: the alert belongs to another end user."""


class AgainstWorkflow(ApiError):
    """Code 35: the request does not fit the workflow of the alert."""


class LocationNotFound(ApiError):
    """Code 36: no such location."""


class NoRightToLocation(ApiError):
    """Code 37: the location belongs to somebody else."""


class TokenInvalid(ApiError):
    """Code 38: a token that was just issued was not taken."""


class RequestInvalid(ApiError):
    """Code 39: a mandatory header is missing, or the version is unknown."""


class GroupBlocked(ApiError):
    """Code 40: nothing was done to the group; `blocking` has the alerts that were in the way."""


BY_CODE: Mapping[int, type[ApiError]] = {
    1: UnknownFunction,
    2: NotAuthenticated,
    3: FunctionNotAllowed,
    4: MethodNotAllowed,
    5: ValueNotAllowed,
    11: ValueMissing,
    12: AlertNotFound,
    13: NoRightToWrite,
    14: FileNotDecoded,
    15: FileTooLarge,
    16: MessageNotSaved,
    17: NoRightToEdit,
    18: MessageNotAnswerable,
    19: MessageNotDeletable,
    20: UprcOrIdMissing,
    21: FileNotFound,
    22: NoRightToReadFile,
    23: FileTypeNotSupported,
    24: InternalError,
    25: AlertArchived,
    26: AlertOfOtherMah,
    27: NewStateUnexpected,
    28: NoRightToState,
    29: AlertClosed,
    30: ConditionsNotMet,
    31: AlertNotOpenToMessages,
    32: NsolErrorNotSpecified,
    33: AcceptNotSupported,
    34: AlertOfOtherEndUser,
    35: AgainstWorkflow,
    36: LocationNotFound,
    37: NoRightToLocation,
    38: TokenInvalid,
    39: RequestInvalid,
    40: GroupBlocked,
}
"""Codes 6 to 10 are not defined; an unknown one is an ApiError and no more."""
