"""The client itself: who calls, for whom, where and how."""

import re
import time
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from lxml import etree

from podatelna_client.izr.access import DEFAULT_NAMESPACE, Access, Timeout
from podatelna_client.izr.calling import Call, Caller, Clock, Habits
from podatelna_client.izr.errorlogs import ErrorLogs
from podatelna_client.izr.exchange import Answer
from podatelna_client.izr.fields import Fields
from podatelna_client.izr.questions import Questions
from podatelna_client.izr.reports import Reports
from podatelna_client.izr.signing import Key, key_hash

if TYPE_CHECKING:
    import requests

DEFAULT_APPLICATION = ("podatelna-client", "0.1")


class IzrClient(Reports, ErrorLogs, Questions):
    """Calls the register of agriculture (IZR) through the ministry's gateway.

    Not for several threads at once.

    `url` is the whole address of vOKOsrv.ashx. `login` is that of eAGRI, or a whole distinguished
    name. `key` is the WS key, or its SHA-1 (20 bytes); empty if a `certificate`, named by its
    serial number, stands for it. `subject` is the IDSZR of whom the caller acts for, ten digits.
    Who only asks for what is public (holdings, code lists) can leave the three empty.

    `namespaces` are those of payloads: a text with {service} in it, or a mapping of services to
    their own. `application` are id and version of the calling software. `timeout` is in seconds, or
    a pair for connecting and for reading. `verify` goes to requests as it is (False, or the path of
    a CA file). A `session` handed in is not closed here. `clock` gives seconds since 1970.

    Every method that calls a service raises IzrError; see `errors` for the kinds. Every call is
    sent exactly once.
    """

    def __init__(  # noqa: PLR0913 - where, who, for whom, and the options of how
        self,
        url: str,
        login: str = "",
        key: Key = "",
        subject: str = "",
        *,
        certificate: str | None = None,
        namespaces: str | Mapping[str, str] = DEFAULT_NAMESPACE,
        application: tuple[str, str] = DEFAULT_APPLICATION,
        timeout: Timeout = (10, 60),
        session: "requests.Session | None" = None,
        verify: bool | str | None = None,
        clock: Clock = time.time,
        sleep: Callable[[float], object] = time.sleep,
        request_ids: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        access = Access(
            url=_address(url),
            login=_fitting("login", login, _LOGIN),
            key_hash=key_hash(key) if key else None,
            subject=_fitting("subject", subject, r"([0-9]{10})?"),
            certificate=certificate,
            namespaces=namespaces,
            application=application,
            timeout=timeout,
            session=session,
            verify=verify,
        )
        habits = Habits(clock=clock, sleep=sleep, request_ids=request_ids)
        self._caller = Caller(access, habits)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def close(self) -> None:
        """End the session. A later call opens a new one."""
        self._caller.close()

    def call(
        self,
        service: str,
        payload: Fields | etree._Element,
        *,
        signed: bool = True,
        repeatable: bool = True,
    ) -> Answer:
        """Any service of the gateway, by its vOKOid.

        The payload is the element Request, or what goes into it: elements by name, in the order of
        the schema. Without `signed` nothing is sent but the payload, as public services want it.
        `repeatable` only says whether OutcomeUnknown calls the request so.
        """
        call = Call(service=service, payload=payload, signed=signed, repeatable=repeatable)
        return self._caller.answer(call, lambda _: None)[0]


# A name alone, or a whole distinguished name.
_LOGIN = r'[^,=+"\\<>;\x00-\x1f]*|[^\x00-\x1f]*=[^\x00-\x1f]*'


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"url must be the http(s) address of vOKOsrv.ashx, not {url!r}")
    return url


def _fitting(name: str, value: str, pattern: str) -> str:
    if not re.fullmatch(pattern, value):
        raise ValueError(f"{name} cannot be {value!r}")
    return value
