"""HTTP as the services want it: one session, no redirects, failures told apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

import requests

from podatelna_client.connection import FAILURES, never_sent
from podatelna_client.sdns.access import Access
from podatelna_client.sdns.errors import OutcomeUnknown, Unreachable


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer, whatever its status."""

    status: int
    reason: str
    body: bytes
    content_type: str = ""
    location: str = ""


class Transport:
    """Posts messages. A session handed in stays open; its `auth` is not used."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._own: requests.Session | None = None

    def post(self, path: str, message: bytes | BinaryIO, headers: Mapping[str, str]) -> Reply:
        """One message, sent once. Raises Unreachable or OutcomeUnknown."""
        try:
            response = self._session().post(
                self._access.url + path,
                data=message,
                headers=headers,
                auth=_as_it_is,
                timeout=self._access.timeout,
                verify=self._access.verify,
                allow_redirects=False,
            )
        except FAILURES as error:
            if never_sent(error):
                raise Unreachable(str(error)) from error
            reason = f"the connection failed after the message may have left: {error}"
            raise OutcomeUnknown(reason) from error
        return Reply(
            status=response.status_code,
            reason=response.reason or "",
            body=response.content,
            content_type=response.headers.get("Content-Type", ""),
            location=response.headers.get("Location", "") if response.is_redirect else "",
        )

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
