"""podatelna serve"""

import gc
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from ipaddress import ip_address
from pathlib import Path
from queue import Empty, SimpleQueue

import click
from sqlalchemy.exc import SQLAlchemyError

from podatelna import __version__
from podatelna.app import ADMIN, Config, House
from podatelna.kernel.ids import random_token
from podatelna.kernel.journal import HEADER, JournalLimits
from podatelna.kernel.resources import resource
from podatelna.kernel.server import CannotListenError, Server, ServerLimits
from podatelna.kernel.store import StoreError
from podatelna.kernel.world import WorldError, world_names
from podatelna.kernel.yamlfile import YamlFileError

PORT = 8420
LAST_PORT = 2**16 - 1
CYCLES_BEFORE_COLLECTING = 20_000
SIDE_BY_SIDE = ServerLimits(eager=16)
"""Calls that wait for PostgreSQL together: as many as the connections that are kept open."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=PORT, show_default=True, help="Port to listen on; 0 takes any.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep all sandboxes in this folder.",
)
@click.option("--database", metavar="URL", help="Keep all sandboxes in PostgreSQL.")
@click.option(
    "--world",
    metavar="NAME|FILE",
    callback=lambda context, parameter, text: find_world(text),
    help="A world that ships, or a file of your own: other accounts, data and settings.",
)
@click.option("--seed", help="Give out the same identifiers in every run.")
@click.option(
    "--smtp",
    metavar="HOST:PORT",
    callback=lambda context, parameter, text: read_address(text),
    help="A mail server that the agencies' e-mails go to, besides the outbox.",
)
@click.option(
    "--admin-token",
    envvar="PODATELNA_ADMIN_TOKEN",
    help="What admin calls must bring. Beyond this machine one is made if you give none.",
)
@click.option(
    "--exchange-header/--no-exchange-header",
    default=True,
    show_default=True,
    help=f"Let each answer name its exchange in the journal: {HEADER}.",
)
def command(  # noqa: PLR0913 - one for each option
    *,
    host: str,
    port: int,
    data: Path | None,
    database: str | None,
    world: Path | None,
    seed: str | None,
    smtp: tuple[str, int] | None,
    admin_token: str | None,
    exchange_header: bool,
) -> None:
    """Serve all agencies until you stop it."""
    if data and database:
        raise click.UsageError("Give one of --data and --database.")
    limits = SIDE_BY_SIDE if database else ServerLimits()
    made = "" if admin_token or is_loopback(host) else random_token()
    config = Config(
        seed=seed,
        data=data,
        database=database,
        journal=JournalLimits(header=exchange_header),
        world=world,
        admin_token=admin_token or made or None,
        smtp=smtp,
    )
    try:
        with (
            closing(House(config)) as house,
            _signals() as arrived,
            Server(house.handle, host, port, limits=limits) as server,
        ):
            _settle_memory()
            click.echo(greeting(server.url))
            if made:
                click.echo(f"Admin calls must bring this header: Authorization: Bearer {made}")
            click.echo(signpost(house))
            _wait_for(arrived)
    except (CannotListenError, StoreError, SQLAlchemyError, WorldError, YamlFileError) as error:
        raise click.ClickException(str(error).partition("\n")[0]) from error


def _settle_memory() -> None:
    """What is there now stays until the end: the collector of cycles need not look at it again.

    Collecting less often then costs nothing, for a call leaves hardly any cycles behind.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(CYCLES_BEFORE_COLLECTING, 20, 20)


def greeting(url: str) -> str:
    """Where the house is, and how it ends."""
    admin = f"its admin API at {url}{ADMIN}/"
    return f"podatelna {__version__} serves at {url}, {admin}. Ctrl+C stops it."


def signpost(house: House) -> str:
    """Which agency answers at which paths, one a line."""
    return "\n".join(
        f"  {name:<8} {'  '.join(agency.paths)}" for name, agency in house.agencies.items()
    )


def read_address(text: str | None) -> tuple[str, int] | None:
    """Host and port of `HOST:PORT`, or of `[HOST]:PORT` for IPv6; raises click.BadParameter."""
    if text is None:
        return None
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]") if host.startswith("[") else host
    digits = port.isascii() and port.isdecimal() and len(port) <= len(str(LAST_PORT))
    if not (host and digits and 0 < int(port) <= LAST_PORT):
        raise click.BadParameter(f"{text!r} is no host and port, such as localhost:1025.")
    return host, int(port)


def find_world(given: str | None) -> Path | None:
    """The file of a world that ships, by its name, or any other file; raises click.BadParameter."""
    if given is None:
        return None
    if Path(given).is_file():
        return Path(given)
    names = world_names()
    if given not in names:
        raise click.BadParameter(f"{given!r} is no file, and no world of {', '.join(names)}.")
    return resource("scenarios", f"worlds/{given}.yaml")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@contextmanager
def _signals() -> Iterator[SimpleQueue[int]]:
    """Where Ctrl+C and the usual signal of service managers arrive, for as long as this lasts.

    Of all that threads wait for, only this queue can be filled by a handler of signals, which may
    run while the waiting side holds a lock.
    """
    arrived: SimpleQueue[int] = SimpleQueue()
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda number, _: arrived.put(number)) for number in numbers]
    try:
        yield arrived
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _wait_for(arrived: SimpleQueue[int]) -> None:
    # On Windows a signal does not end a wait, so the wait has to end by itself.
    while True:
        with suppress(Empty):
            arrived.get(timeout=0.5)
            return
