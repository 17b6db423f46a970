"""The client itself: who calls, where and how."""

import re
import time
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from podatelna_client.sdns.access import Access, Clock, Sending, Timeout
from podatelna_client.sdns.calling import Caller
from podatelna_client.sdns.codes import Compression, Encoding
from podatelna_client.sdns.exchange import shape_named
from podatelna_client.sdns.sending import Deliveries
from podatelna_client.sdns.signing import Signer
from podatelna_client.sdns.waiting import Waiting

if TYPE_CHECKING:
    import requests


class SdnsClient(Deliveries, Waiting):
    """Reports to the Czech National Bank through the SDNS Web Services.

    Not for several threads at once.

    `url` is what both services have in common: https://apl.cnb.cz/ewi-ws. `prefix` are the three
    digits that the bank assigned for file names, `sender` the code of who sends. Without a `signer`
    messages go unsigned. `shape` is the description of loadData that is spoken, runtime (param0 to
    param7) or designtime. `language` and `country` are those of texts, cs and CZ or en and US.
    `timeout` is in seconds, or a pair for connecting and for reading. `verify` goes to requests as
    it is (False, or the path of a CA file). A `session` handed in is not closed here. `clock` gives
    seconds since 1970.

    Every method that calls a service raises SdnsError; see `errors` for the kinds. Every call is
    sent exactly once.
    """

    def __init__(  # noqa: PLR0913 - where, who, and the options of how
        self,
        url: str,
        username: str,
        password: str,
        prefix: str,
        sender: str,
        *,
        signer: Signer | None = None,
        compression: Compression = "GZIP",
        encoding: Encoding = "windows-1250",
        shape: str = "runtime",
        language: str = "cs",
        country: str = "CZ",
        timeout: Timeout = (10, 60),
        session: "requests.Session | None" = None,
        verify: bool | str | None = None,
        clock: Clock = time.time,
    ) -> None:
        if not re.fullmatch("[0-9]{3}", prefix):
            raise ValueError(f"prefix must be three digits, not {prefix!r}")
        shape_named(shape)
        self._caller = Caller(
            Access(
                url=_address(url),
                username=username,
                password=password,
                clock=clock,
                timeout=timeout,
                session=session,
                verify=verify,
            )
        )
        self._sending = Sending(
            prefix=prefix,
            sender=sender,
            signer=signer,
            compression=compression,
            encoding=encoding,
            shape=shape,
            language=language,
            country=country,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def close(self) -> None:
        """End the session. A later call opens a new one."""
        self._caller.close()


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"url must be the http(s) address of the services, not {url!r}")
    return url.rstrip("/")
