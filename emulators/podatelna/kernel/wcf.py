"""What WCF does between an HTTP request and an operation: content type, action, parameters, faults.

Source: the public .NET sources of HttpInput, MessageEncoder, OperationFormatter,
DataContractSerializerOperationFormatter and PrimitiveOperationFormatter, and their resources.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import unquote_plus

from lxml import etree

from podatelna.kernel.datacontract import ClassContract, Kind, Member, append_result
from podatelna.kernel.reading import (
    XML_SPACE,
    DeserializationError,
    Element,
    Reading,
    element_found,
    end_expected_text,
    is_nil,
    is_text,
)
from podatelna.kernel.soap import BODY

CONTENT_TYPE: Final = "text/xml; charset=utf-8"
"""What WCF's text encoder for SOAP 1.1 expects, and what answers carry."""
DISPATCHER: Final = (
    "http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher"
)
"""Namespace of the fault codes DeserializationFailed and InternalServiceFault."""
ADDRESSING_NONE: Final = "http://schemas.microsoft.com/ws/2005/05/addressing/none"
"""Namespace of the fault code ActionNotSupported, and of headers that may not come on the wire."""
INTERNAL_SERVICE_FAULT: Final = (
    "The server was unable to process the request due to an internal error.  For more information "
    "about the error, either turn on IncludeExceptionDetailInFaults (either from "
    "ServiceBehaviorAttribute or from the <serviceDebug> configuration behavior) on the server in "
    "order to send the exception information back to the client, or turn on tracing as per the "
    "Microsoft .NET Framework SDK documentation and inspect the server trace logs."
)
_ACTION_NOT_SUPPORTED: Final = (
    "The message with Action '{}' cannot be processed at the receiver, due to a ContractFilter "
    "mismatch at the EndpointDispatcher. This may be because of either a contract mismatch "
    "(mismatched Actions between sender and receiver) or a binding/security mismatch between the "
    "sender and the receiver.  Check that sender and receiver have the same contract and the same "
    "binding (including security requirements, e.g. Message, Transport, None)."
)
_NOT_UNDERSTOOD: Final = (
    "The header '{}' from the namespace '{}' was not understood by the recipient of this message, "
    "causing the message to not be processed.  This error typically indicates that the sender of "
    "this message has enabled a communication protocol that the receiver cannot process.  Please "
    "ensure that the configuration of the client's binding is consistent with the service's "
    "binding. "
)
_WRONG_WRAPPER: Final = (
    "OperationFormatter encountered an invalid Message body. Expected to find node type 'Element' "
    "with name '{}' and namespace '{}'. Found node type 'Element' with name '{}' and namespace '{}'"
)
_EMPTY_MESSAGE: Final = (
    "The OperationFormatter could not deserialize any information from the Message because the "
    "Message is empty (IsEmpty = true)."
)
_CHARSETS: Final = (None, "utf-8", "utf-16le", "utf-16be", "utf-16")
_BEGINS_AS_EXPECTED: Final = re.compile(rf"{CONTENT_TYPE}[ \t]*+(?:;|$)", re.IGNORECASE)
_TOKEN: Final = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]++"
_PARAMETER: Final = re.compile(rf';[ \t]*+({_TOKEN})=[ \t]*+(?:({_TOKEN})|"([^"]*+)")[ \t]*+')
_MEDIA_TYPE: Final = re.compile(rf"[ \t]*+({_TOKEN}/{_TOKEN})[ \t]*+")


class DispatchError(Exception):
    """WCF answers the request with a fault of its own, code in DISPATCHER, before any operation."""

    def __init__(self, code: str, text: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        """`DeserializationFailed` or `InternalServiceFault`."""
        self.text = text
        """The faultstring."""
        self.reason = reason
        """What happened, also where the faultstring keeps silent about it: for the journal."""


def read_content_type(header: str | None) -> tuple[str | None, str | None]:
    """What a request's Content-Type leads to: (charset, None), or (None, reason phrase of a 415).

    The charset is what `read_envelope` takes; None: the bytes decide. White space, case, quotes
    and further parameters are as WCF has them; a header that begins as expected is not read on.
    """
    given = header or "application/octet-stream"  # What WCF takes a missing content type for.
    if _BEGINS_AS_EXPECTED.match(given):
        return "utf-8", None
    charset, supported = _charset(given)
    if supported:
        return charset, None
    return None, (
        f"Cannot process the message because the content type '{given}' was not the expected type "
        f"'{CONTENT_TYPE}'."
    )


def _charset(content_type: str) -> tuple[str | None, bool]:
    """The charset parameter in lower case, and whether the text encoder can read the message."""
    media = _MEDIA_TYPE.match(content_type)
    if not media or media[1].lower() != "text/xml":
        return None, False
    charset = None
    offset = media.end()
    while parameter := _PARAMETER.match(content_type, offset):
        offset = parameter.end()
        if parameter[1].lower() == "charset":
            charset = (parameter[2] or parameter[3]).lower()
    rest = content_type[offset:].strip(" \t")
    return charset, rest in ("", ";") and charset in _CHARSETS


def read_action(header: str | None) -> str:
    """The action that a SOAPAction header asks for; a missing header asks for ''.

    WCF undoes URL escapes before it takes off the quotes, so `%22` counts as a quote.
    """
    action = unquote_plus(header or "")
    if len(action) > 1 and action[0] == action[-1] == '"':
        return action[1:-1]
    return action


@dataclass(frozen=True, eq=False)
class RequestContract:
    """An operation's request: document/literal, wrapped in an element named as the operation."""

    operation: str
    namespace: str
    """Of the wrapper and of the parameters' elements."""
    parameters: tuple[Member, ...]
    primitive: bool = False
    """Whether parameters and result are all simple values. WCF reads such an operation with its
    PrimitiveOperationFormatter, whose faults name the operation and not the parameter."""

    @cached_property
    def wrapper(self) -> ClassContract:
        """The parameters as the members of a class: they are read forward only, too."""
        return ClassContract(self.namespace, self.operation, self.parameters)


def read_request(
    contract: RequestContract, body: Sequence[Element], reading: Reading
) -> dict[str, Any]:
    """The parameters by name, from the elements in the SOAP body; raises DispatchError.

    A parameter that is absent, nil or out of order has its default; for all of them that is null
    but for an enumeration's first name. An empty body is a request without parameters, except to
    the primitive formatter. Skipped elements are in `reading.skipped`.
    """
    if not body:
        if contract.primitive:
            raise _unusable(contract, _EMPTY_MESSAGE)
        return dict(contract.wrapper.defaults)
    wrapper = body[0]
    if wrapper.tag != f"{{{contract.namespace}}}{contract.operation}":
        raise _unusable(contract, _wrong_wrapper(contract, wrapper))
    reading.root = wrapper
    values = _read_parameters(contract, wrapper, reading)
    if len(body) > 1:
        text = end_expected_text(BODY, element_found(body[1]))
        raise _body_failed(contract, reading.xml_error(text, body[1], "start tag"))
    return values


def _read_parameters(
    contract: RequestContract, wrapper: Element, reading: Reading
) -> dict[str, Any]:
    slots = contract.wrapper.slots
    values: dict[str, Any] = {}
    first = 0
    if is_text(wrapper.text):
        raise _body_failed(contract, _text_found(wrapper, None, reading))
    for child in wrapper:
        slot = slots.get(child.tag)
        if slot is None or slot.place < first:
            reading.skip(child, slots, values)
        else:
            values[slot.name] = _read_parameter(contract, slot.place, child, reading)
            first = slot.place + 1
        if is_text(child.tail):
            raise _body_failed(contract, _text_found(wrapper, child, reading))
    return contract.wrapper.defaults | values


def _read_parameter(
    contract: RequestContract, place: int, element: Element, reading: Reading
) -> Any:
    parameter = contract.parameters[place]
    try:
        # A nil value type is no error here: the parameter array holds null, which the invoker
        # turns into the type's default. Inside a class the same attribute is an error.
        return parameter.default if is_nil(element) else parameter.kind.read(element, reading)
    except DeserializationError as error:
        if contract.primitive:
            raise _body_failed(contract, error) from error
        text = parameter_failed(contract.namespace, parameter, error)
        raise DispatchError("DeserializationFailed", text, error.inner_text) from error


def _text_found(wrapper: Element, after: Element | None, reading: Reading) -> DeserializationError:
    text = (wrapper.text if after is None else after.tail) or ""
    sentence = end_expected_text(wrapper.tag, f"text '{text.lstrip(XML_SPACE)}'")
    if after is None:
        return reading.xml_error(sentence, wrapper, "text inside")
    return reading.xml_error(sentence, after, "text after")


def _body_failed(contract: RequestContract, error: DeserializationError) -> DispatchError:
    text = body_failed(contract.operation, error)
    return DispatchError("DeserializationFailed", text, error.inner_text)


def _unusable(contract: RequestContract, reason: str) -> DispatchError:
    # WCF throws a CommunicationException here, which the client sees as an internal error.
    return DispatchError("InternalServiceFault", INTERNAL_SERVICE_FAULT, reason)


def _wrong_wrapper(contract: RequestContract, found: Element) -> str:
    name = etree.QName(found)
    prefixed = f"{found.prefix}:{name.localname}" if found.prefix else name.localname
    return _WRONG_WRAPPER.format(
        contract.operation, contract.namespace, prefixed, name.namespace or ""
    )


def parameter_failed(namespace: str, parameter: Member, error: DeserializationError) -> str:
    """The faultstring of DeserializationFailed for a parameter that could not be read."""
    inner = error.inner_text
    if error.wrapped:
        kind = parameter.kind.clr_name
        inner = f"There was an error deserializing the object of type {kind}. {inner}"
    return (
        "The formatter threw an exception while trying to deserialize the message: There was an "
        f"error while trying to deserialize parameter {namespace}:{parameter.name}. The "
        f"InnerException message was '{inner}'.  Please see InnerException for more details."
    )


def body_failed(operation: str, error: DeserializationError) -> str:
    """The faultstring of DeserializationFailed for a body that could not be read as a whole."""
    return (
        "The formatter threw an exception while trying to deserialize the message: Error in "
        f"deserializing body of request message for operation '{operation}'. {error.inner_text}"
    )


def action_not_supported(action: str) -> str:
    """The faultstring of ActionNotSupported; a request without SOAPAction has the action ''."""
    return _ACTION_NOT_SUPPORTED.format(action)


def header_not_understood(name: str, namespace: str) -> str:
    """The faultstring of MustUnderstand. The space at its end is WCF's."""
    return _NOT_UNDERSTOOD.format(name, namespace)


def response(operation: str, namespace: str, result: Kind, value: Any) -> Element:
    """The element that wraps an operation's result, to be put in a SOAP body."""
    scope: dict[Any, str] = {None: namespace}  # Any: lxml-stubs know no default namespace.
    wrapper = etree.Element(f"{{{namespace}}}{operation}Response", nsmap=scope)
    append_result(wrapper, f"{{{namespace}}}{operation}Result", result, value)
    return wrapper
