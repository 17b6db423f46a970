"""Connections that fail: whether a message can have left before they did."""

import ssl
from collections.abc import Iterator

import requests
import urllib3.exceptions

FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError)
"""What requests raises, and what it lets through from below."""

# Exceptions that can only come up before the first byte of the message.
_BEFORE_SENDING = (
    requests.ConnectTimeout,
    requests.exceptions.InvalidHeader,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    # requests raises it only as long as the proxy has not let the connection through.
    requests.exceptions.ProxyError,
    ssl.SSLCertVerificationError,
    urllib3.exceptions.NewConnectionError,
)
# OpenSSL's words for a handshake that failed; other TLS errors may strike later.
_HANDSHAKE_FAILURES = frozenset(
    {
        "HTTP_REQUEST",
        "SSLV3_ALERT_HANDSHAKE_FAILURE",
        "TLSV1_ALERT_PROTOCOL_VERSION",
        "UNSUPPORTED_PROTOCOL",
        "WRONG_VERSION_NUMBER",
    }
)


def never_sent(failure: Exception) -> bool:
    """True if nothing of the message can have reached the service."""
    return any(_before_sending(cause) for cause in _causes(failure))


def _before_sending(cause: BaseException) -> bool:
    if isinstance(cause, _BEFORE_SENDING):
        return True
    return isinstance(cause, ssl.SSLError) and cause.reason in _HANDSHAKE_FAILURES


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
