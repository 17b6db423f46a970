"""Fixtures for tests of software that calls the agencies: `pip install 'podatelna[pytest]'`.

`podatelna` is a sandbox of the test's own; `ubyport`, `izr`, `czmvo` and `sdns` are its agencies.
Nothing is imported and no server started until a test asks for one of them.
"""

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from podatelna.testing.box import AgencyDoor, Podatelna
    from podatelna.testing.server import Grounds

_MARKER = (
    "scenario(name, world=...): begin as this scenario does, for example czmvo/limits-of-a-client"
)
_BOX: "pytest.StashKey[Podatelna]" = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where the sandboxes are."""
    group = parser.getgroup("podatelna")
    group.addoption(
        "--podatelna-url", default="", help="Use this server, not one of the run's own."
    )
    group.addoption("--podatelna-token", default="", help="Its admin token, if it wants one.")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture(scope="session")
def podatelna_server(pytestconfig: pytest.Config) -> "Iterator[Grounds]":
    """The server of the run; under pytest-xdist each worker has one."""
    # Who does not use the plugin does not pay for it.
    from podatelna.testing.server import grounds  # noqa: PLC0415 - see above

    url, token = (pytestconfig.getoption(f"--podatelna-{name}") for name in ("url", "token"))
    with grounds(url, token) as found:
        yield found


@pytest.fixture
def podatelna(request: pytest.FixtureRequest, podatelna_server: "Grounds") -> "Iterator[Podatelna]":
    """A sandbox of the test's own, gone when the test is over."""
    mark = request.node.get_closest_marker("scenario")
    with podatelna_server.box(*(mark.args if mark else ()), **(mark.kwargs if mark else {})) as box:
        request.node.stash[_BOX] = box
        yield box


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the journal of a test that failed."""
    report = yield
    box = item.stash.get(_BOX, None)
    if box is not None and report.when == "call" and report.failed:
        report.sections.append(("journal of podatelna", "\n".join(box.lines()) or "no calls"))
    return report


@pytest.fixture
def ubyport(podatelna: "Podatelna") -> "AgencyDoor":
    """Ubyport, the Foreign Police's register, in the test's sandbox."""
    return podatelna.agencies["ubyport"]


@pytest.fixture
def izr(podatelna: "Podatelna") -> "AgencyDoor":
    """IZR, the register of farm animals, in the test's sandbox."""
    return podatelna.agencies["izr"]


@pytest.fixture
def czmvo(podatelna: "Podatelna") -> "AgencyDoor":
    """CZMVO AMS, alerts of the medicines verification, in the test's sandbox."""
    return podatelna.agencies["czmvo"]


@pytest.fixture
def sdns(podatelna: "Podatelna") -> "AgencyDoor":
    """SDNS, reports to the Czech National Bank, in the test's sandbox."""
    return podatelna.agencies["sdns"]
