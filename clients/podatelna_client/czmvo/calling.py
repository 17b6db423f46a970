"""One call from its parameters to its answer: signed in, patient, and opened."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from podatelna_client.czmvo import envelope, sign_in, writing
from podatelna_client.czmvo.access import Access
from podatelna_client.czmvo.codes import TokenInvalid
from podatelna_client.czmvo.errors import UnreadableAnswer
from podatelna_client.czmvo.exchange import Order, Reply
from podatelna_client.czmvo.files import Table, read_table
from podatelna_client.czmvo.item import Item, Unreadable
from podatelna_client.czmvo.patience import Patience, patiently
from podatelna_client.czmvo.tokens import TokenStore

if TYPE_CHECKING:
    from podatelna_client.czmvo.transport import Transport

T = TypeVar("T")

JSON = "application/json"
CSV = "text/csv"
BINARY = "application/octet-stream"
ALERTS = "alerts/"
FILTER = "filter/"

_MAY_STAND_IN_URL = ("GET", "DELETE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is asked of the service."""

    method: str
    path: str
    parameters: Mapping[str, Any]
    repeatable: bool
    """Sending it twice does no harm."""
    accept: str = JSON
    query: Mapping[str, Any] | None = None
    """What stands in the URL in any case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How this client calls."""

    parameters_in_url: bool
    """Of GET and DELETE; otherwise they go into the body, as all others (manual 2.3)."""
    patience: Patience
    tokens: TokenStore
    clock: sign_in.Clock


class Caller:
    """Makes calls. The connection is opened by the first one."""

    def __init__(self, access: Access, habits: Habits) -> None:
        self.access = access
        self.head = envelope.Head()
        """Of the last answer."""
        self._habits = habits
        self._transport: Transport | None = None
        self._tokens = sign_in.TokenKeeper(access, self._send, habits.tokens, habits.clock)

    def close(self) -> None:
        """End the session. A later call opens a new one; the token stays."""
        if self._transport is not None:
            self._transport.close()

    def result(self, call: Call, read: Callable[[Item], T]) -> T:
        """The value of an answer in JSON."""
        return self._patiently(call, lambda reply: read(self._result(reply)))

    def document(
        self,
        call: Call,
        form: str,
        read: Callable[[Reply], T],
        read_json: Callable[[Item], T],
    ) -> T:
        """The value of an answer in another form, a table or a file; read as JSON if it is that."""

        def opened(reply: Reply) -> T:
            if envelope.is_document(reply):
                return read(reply)
            return read_json(self._result(reply))

        return self._patiently(self._in_form(call, form), opened)

    def table(self, call: Call) -> Table:
        """The table of an answer in CSV."""
        return self.document(call, CSV, lambda reply: read_table(reply.body), _no_table)

    def _in_form(self, call: Call, form: str) -> Call:
        if self.access.takes_tokens:
            return replace(call, accept=form)
        # Before 2.0 a parameter says it, and files come as what they are (manual 2.4, 2.7.1.3).
        parameters = {"resultAs": "csv", **call.parameters}
        return replace(call, accept=CSV if form == CSV else "*/*", parameters=parameters)

    def _patiently(self, call: Call, opened: Callable[[Reply], T]) -> T:
        order, patience = self._order(call), self._habits.patience
        return patiently(
            lambda: self._signed_in(order, opened, again=patience.repeats > 0),
            patience,
            changes=call.method != "GET",
        )

    def authorization(self) -> str:
        """The Authorization header of a request that is sent now; may fetch a token."""
        if self.access.takes_tokens:
            return f"Bearer {self._tokens.current().value}"
        return sign_in.basic(self.access)

    def _signed_in(self, order: Order, opened: Callable[[Reply], T], again: bool) -> T:
        if not self.access.takes_tokens:
            return self._attempt(order, self.authorization(), opened)
        token = self._tokens.current()
        try:
            return self._attempt(order, f"Bearer {token.value}", opened)
        except TokenInvalid:
            # Code 38 asks for a new token (manual 2.6); nothing was done, so any call may go again.
            self._tokens.refuse(token)
            if not again:
                raise
        return self._signed_in(order, opened, again=False)

    def _attempt(self, order: Order, authorization: str, opened: Callable[[Reply], T]) -> T:
        headers = {**order.headers, "Authorization": authorization}
        reply = self._send(replace(order, headers=headers))
        self.head = envelope.head(reply)
        try:
            return opened(reply)
        except Unreadable as error:
            raise UnreadableAnswer(
                str(error), order.repeatable, reply.status, reply.body
            ) from error

    def _result(self, reply: Reply) -> Item:
        return envelope.result(reply, self._habits.clock())

    def _order(self, call: Call) -> Order:
        in_url = self._habits.parameters_in_url and call.method in _MAY_STAND_IN_URL
        query = {**(call.query or {}), **(call.parameters if in_url else {})}
        headers = {"Accept": call.accept}
        if self.access.language is not None:
            headers["Accept-Language"] = self.access.language
        if self.access.takes_tokens:
            headers["amscz-version"] = self.access.version
        body = None if in_url or not call.parameters else writing.as_body(call.parameters)
        if body is not None:
            headers["Content-Type"] = JSON
        return Order(
            method=call.method,
            path=call.path + (f"?{writing.as_query(query)}" if query else ""),
            headers=headers,
            body=body,
            repeatable=call.repeatable,
        )

    def _send(self, order: Order) -> Reply:
        if self._transport is None:
            # Importing this client must not cost the 0.1 s that requests takes.
            from podatelna_client.czmvo.transport import Transport  # noqa: PLC0415 - see above

            self._transport = Transport(self.access)
        return self._transport.send(order)


def _no_table(result: Item) -> Table:
    raise Unreadable("JSON instead of a table")
