"""HTTP as the service wants it: one signed-in session, no redirects, failures told apart."""

from dataclasses import dataclass

import requests
from requests.auth import AuthBase

from podatelna_client.connection import FAILURES, never_sent
from podatelna_client.ubyport.access import Access
from podatelna_client.ubyport.errors import OutcomeUnknown, ServiceUnreachable, UbyportError


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer, whatever its status."""

    status: int
    reason: str
    body: bytes
    location: str = ""


class Transport:
    """Posts messages. A session handed in stays open, and its own `auth` wins over NTLM."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._own: requests.Session | None = None
        self._sign_in: AuthBase | None = None

    def post(self, action: str, message: bytes) -> Reply:
        """One message, sent once. Raises ServiceUnreachable, OutcomeUnknown or LoginRefused."""
        session = self._session()
        headers = {
            "Accept": "text/xml",
            "Content-Type": "text/xml; charset=utf-8",
            "SOAPAction": f'"{action}"',
        }
        try:
            response = session.post(
                self._access.url,
                data=message,
                headers=headers,
                auth=session.auth or self._ntlm(),
                timeout=self._access.timeout,
                verify=self._access.verify,
                allow_redirects=False,
            )
        except FAILURES as error:
            raise _told_apart(error) from error
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

    def _ntlm(self) -> AuthBase:
        if self._sign_in is None:
            # A session with an auth of its own need not wait 0.1 s for the NTLM library.
            from podatelna_client.ubyport.sign_in import SignIn  # noqa: PLC0415 - see above

            self._sign_in = SignIn(self._access.login, self._access.password)
        return self._sign_in


def _told_apart(error: Exception) -> UbyportError:
    if never_sent(error):
        return ServiceUnreachable(str(error))
    return OutcomeUnknown(f"the connection failed after the message may have left: {error}")
