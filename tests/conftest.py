"""A running server with a sandbox for each test. Every answer is held against the contract."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from itertools import count

import pytest
from hypothesis import HealthCheck, settings

from podatelna.app import Config, House
from podatelna.kernel.exchange import Request, Response
from podatelna.kernel.journal import JournalLimits
from podatelna.kernel.server import Server
from tests.sandboxes import NOW, Caller, Sandbox, SignIn, ntlm, plain_session
from tests.schemas import hold_to_contract

# No test is timed; in continuous integration every run tries the same examples.
settings.register_profile(
    "podatelna",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("podatelna")

_numbers = count(1)


class Witness:
    """A house whose SOAP answers are kept."""

    def __init__(self, handle: Callable[[Request], Response]) -> None:
        self._handle = handle
        self.messages: set[bytes] = set()
        self._good: set[bytes] = set()

    def handle(self, request: Request) -> Response:
        answer = self._handle(request)
        if answer.body.startswith(b"<s:Envelope"):
            self.messages.add(answer.body)
        return answer

    def hold(self) -> None:
        """Hold the answers since the last time against the contract, each text once in a run."""
        for message in self.messages - self._good:
            hold_to_contract(message)
        self._good |= self.messages
        self.messages.clear()


@pytest.fixture(scope="session")
def emulator() -> Iterator[House]:
    """The emulator itself, for what no caller and no admin call can do."""
    with closing(House(Config(seed="test", journal=JournalLimits(header=False)))) as opened:
        yield opened


@pytest.fixture(scope="session")
def witness(emulator: House) -> Witness:
    return Witness(emulator.handle)


@pytest.fixture(scope="session")
def address(witness: Witness) -> Iterator[str]:
    """The URL of a running server."""
    with Server(witness.handle) as server:
        yield server.url


@pytest.fixture
def sandbox(address: str, witness: Witness) -> Iterator[Sandbox]:
    """A copy of the default world at NOW. What was answered must fit the contract's schemas."""
    witness.messages.clear()
    with plain_session() as admin:
        made = Sandbox(address, f"t{next(_numbers)}", admin)
        admin.post(f"{address}/_podatelna/sandboxes", json={"name": made.name}).raise_for_status()
        made.freeze(NOW)
        yield made
        made.call("DELETE", "")
    if not made.disturbed:
        witness.hold()


@pytest.fixture
def sign_in(sandbox: Sandbox) -> Iterator[SignIn]:
    """Makes callers with accounts of the default world; each has connections of its own."""
    with ExitStack() as stack:

        def make(login: str, environment: str = "production", **options: str) -> Caller:
            session = stack.enter_context(plain_session())
            session.auth = ntlm(login, **options)
            return Caller(sandbox.url(environment), session)

        yield make


@pytest.fixture
def production(sign_in: SignIn) -> Caller:
    """The account of the documented examples: facility 100227887600, CZGFW."""
    return sign_in("uby-ws000001")


@pytest.fixture
def trial(sign_in: SignIn) -> Caller:
    """A developer's account at the test address: facility 2016201258899, AAKLI."""
    return sign_in("uby-tws00001", "test")
