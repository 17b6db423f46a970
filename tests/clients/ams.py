"""The scripted server as the AMS: a clock that only pauses move, and clients that use it."""

import json
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any, Self

from podatelna_client.czmvo import CzmvoClient, Patience

JSON = (("Content-Type", "application/json"),)
UPRC = "CZ-0VR-Y94-KK5-6FJ"
START = 1_772_438_400.0
"""2026-03-02 08:00 UTC."""


class Ams:
    """Plays answers, and keeps what its clients sent and how long they waited."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.base_url = server.url.partition("/ws_uby")[0] + "/t/"
        self.now = START
        self.pauses: list[float] = []
        self._clients = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self._clients.close()

    def client(self, version: str = "2.0", **options: Any) -> CzmvoClient:
        """A client of its own; its pauses pass at once."""
        patience = {"sleep": self._pause, **options.pop("patience", {})}
        client = CzmvoClient(
            self.base_url,
            options.pop("login", "id"),
            options.pop("password", "secret"),
            version=version,
            patience=Patience(**patience),
            clock=lambda: self.now,
            **options,
        )
        return self._clients.enter_context(client)

    @property
    def v1(self) -> CzmvoClient:
        """A client that needs no token, so that one call is one request."""
        return self.client("1.0", login="LOGIN", password="PASSWORD")

    def play(self, body: bytes | str = b"", **answer: Any) -> None:
        """Add an answer in JSON, or whatever `headers` say."""
        octets = body.encode() if isinstance(body, str) else body
        self.server.play(octets, **{"headers": JSON, **answer})

    def play_ok(self, result: object = (), **answer: Any) -> None:
        """Add an answer that all went well."""
        envelope = {"status": "ok", "code": 0, "message": "OK", "result": result}
        self.play(json.dumps(envelope), **answer)

    def play_error(self, code: int, status: int = 400, **result: object) -> None:
        """Add a refusal."""
        envelope: dict[str, object] = {"status": "error", "code": code, "message": f"text {code}"}
        self.play(json.dumps(envelope | ({"result": result} if result else {})), status=status)

    def play_token(self, value: str = "T1", lifetime: int = 1800) -> None:
        """Add an answer of the token endpoint."""
        token = {"access_token": value, "expires_in": lifetime, "token_type": "Bearer"}
        self.play(json.dumps(token))

    def play_limit(self, **headers: str) -> None:
        """Add a 429 as it is assumed to be: without a body."""
        named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        self.play(status=429, headers=named)

    @property
    def paths(self) -> list[str]:
        """What was asked for, behind the base URL."""
        return [request.path.removeprefix("/t/") for request in self.server.received]

    @property
    def last(self) -> Any:
        """The last request."""
        return self.server.received[-1]

    @property
    def bearers(self) -> list[str]:
        """The tokens of all requests but those for tokens."""
        return [
            request.headers["authorization"].removeprefix("Bearer ")
            for request in self.server.received
            if not request.path.endswith("/auth/token/")
        ]

    def sent(self) -> Mapping[str, Any]:
        """The parameters of the last request's body."""
        parameters: Mapping[str, Any] = json.loads(self.last.body)
        return parameters

    def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds
