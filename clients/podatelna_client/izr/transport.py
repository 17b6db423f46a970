"""HTTP as the gateway wants it: one session, no redirects, failures told apart."""

from dataclasses import dataclass

import requests

from podatelna_client.connection import FAILURES, never_sent
from podatelna_client.izr.access import Access
from podatelna_client.izr.errors import OutcomeUnknown, ServiceUnreachable

_HEADERS = {
    "Accept": "text/xml",
    "Content-Type": "text/xml; charset=utf-8",
    "SOAPAction": '"process"',
}


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer, whatever its status."""

    status: int
    reason: str
    body: bytes
    location: str = ""


class Transport:
    """Posts messages. A session handed in stays open; its `auth` is not used."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._own: requests.Session | None = None

    def post(self, message: bytes, repeatable: bool) -> Reply:
        """One message, sent once. Raises ServiceUnreachable or OutcomeUnknown."""
        try:
            response = self._session().post(
                self._access.url,
                data=message,
                headers=_HEADERS,
                auth=_as_it_is,
                timeout=self._access.timeout,
                verify=self._access.verify,
                allow_redirects=False,
            )
        except FAILURES as error:
            if never_sent(error):
                raise ServiceUnreachable(str(error)) from error
            reason = f"the connection failed after the message may have left: {error}"
            raise OutcomeUnknown(reason, repeatable) from error
        location = response.headers.get("Location", "") if response.is_redirect else ""
        return Reply(response.status_code, response.reason or "", response.content, location)

    def close(self) -> None:
        """Close the session, unless it was handed in."""
        if self._own is not None:
            self._own.close()
            self._own = None

    def _session(self) -> requests.Session:
        if self._access.session is not None:
            return self._access.session
        if self._own is None:
            self._own = requests.Session()
        return self._own


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    # Without any auth, requests would add a login from ~/.netrc: who calls stands in the message.
    return request
