"""HTTP as the service wants it: one session, no redirects, failures told apart."""

import requests

from podatelna_client.connection import FAILURES, never_sent
from podatelna_client.czmvo.access import Access
from podatelna_client.czmvo.errors import OutcomeUnknown, ServiceUnreachable
from podatelna_client.czmvo.exchange import Order, Reply


class Transport:
    """Sends requests. A session handed in stays open; its `auth` is not used."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._own: requests.Session | None = None

    def send(self, order: Order) -> Reply:
        """One request, sent once. Raises ServiceUnreachable or OutcomeUnknown."""
        try:
            response = self._session().request(
                order.method,
                self._access.base_url + order.path,
                data=order.body,
                headers={"User-Agent": self._access.user_agent, **order.headers},
                auth=_as_it_is,
                timeout=self._access.timeout,
                verify=self._access.verify,
                allow_redirects=False,
            )
        except FAILURES as error:
            if never_sent(error):
                raise ServiceUnreachable(str(error)) from error
            reason = f"the connection failed after the request may have left: {error}"
            raise OutcomeUnknown(reason, order.repeatable) from error
        return Reply(
            status=response.status_code,
            reason=response.reason or "",
            headers=response.headers,
            body=response.content,
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
    # Without any auth, requests would put a login from ~/.netrc in place of the token.
    return request
