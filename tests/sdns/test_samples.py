"""The samples, sent over a socket in all their encodings, signed or not, and what becomes of them.

The documents have messages and no results: each is right, so its data have to become valid, with
what its reference, its part and its check steps ask for before and after it.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from lxml import etree

from tests.sandboxes import Sandbox
from tests.sdns.messages import COMPRESSIONS, signed, vydani
from tests.sdns.samples import (
    CANCELLATION,
    CHANGES,
    CONFIRMATION,
    CORRECTION,
    DEALS,
    ENCODINGS,
    ORDERS,
    SECOND_PART,
    TRADES,
    changed,
    written,
)
from tests.sdns.sockets import (
    ISSUES,
    LOAD,
    RESULT,
    ask,
    exchange,
    load_data,
    path_of,
    set_up,
    status,
)

Message = Mapping[str, Any]
OK = ("Success", "OK")
USERS = {"9999": ("UZIV0002", "998"), "99990000": ("UZIV0001", "999")}
"""Who sends for a subject, and the prefix of his files."""
WRONG_ISIN, STRANGE_PRICE = {"12": "CZ00"}, {"15": "1"}
"""Cells of trades with which check steps fail: of kind Opravit and Potvrdit."""


@dataclass(frozen=True)
class Story:
    """A sample among those that it needs, and the issues and the occurrence in the end."""

    at: str
    messages: Sequence[Message]
    issues: Mapping[str, str]
    """State codes by numbers."""
    occurrence: str
    refused: Sequence[str] = field(default_factory=list)
    """Codes of what was wrong in headers."""


STORIES = {
    "MOKAS40-nova-data": Story("2008-02-07T10:00Z", [TRADES], {"162708": "51"}, "50"),
    "MOKAS41-nova-data": Story(
        "2013-08-21T10:00Z", [{**ORDERS, "number": "900001"}], {"900001": "51"}, "50"
    ),
    "MOKAS41-delene-cast2": Story(
        "2013-08-21T10:00Z",
        [{**ORDERS, "number": "900011", "part": (1, "900010", "První")}, SECOND_PART],
        {"900010": "10"},
        "20",
    ),
    "MOKAS41-delene-cast2, and the last": Story(
        "2013-08-21T10:00Z",
        [
            {**ORDERS, "number": "900011", "part": (1, "900010", "První")},
            SECOND_PART,
            changed(
                SECOND_PART,
                {"1": "130741003001"},
                number="900013",
                part=(3, "900010", "Poslední"),
            ),
        ],
        {"900010": "51"},
        "50",
    ),
    "MOKAS41-delene-cast2, alone": Story(
        "2013-08-21T10:00Z", [SECOND_PART], {}, "", refused=["DZ-10"]
    ),
    "MOKAS42-oprava": Story(
        "2013-08-21T10:00Z",
        [changed(DEALS, WRONG_ISIN, number="900002"), CORRECTION],
        {"900002": "61", "900003": "51"},
        "50",
    ),
    "potvrzeni": Story(
        "2013-08-21T10:00Z",
        [
            changed(DEALS, WRONG_ISIN, number="900002"),
            changed(CORRECTION, STRANGE_PRICE),
            CONFIRMATION,
        ],
        {"900002": "61", "900003": "52", "900004": "0"},
        "50",
    ),
    "storno": Story(
        "2013-08-21T10:00Z",
        [changed(DEALS, WRONG_ISIN, number="900002"), CORRECTION, CANCELLATION],
        {"900002": "61", "900003": "59", "900005": "0"},
        "15",
    ),
    "storno before a confirmation": Story(
        "2013-08-21T10:00Z",
        [changed(DEALS, STRANGE_PRICE, number="900003"), CANCELLATION],
        {"900003": "62", "900005": "0"},
        "15",
    ),
    "MOKAS43-delene-zmenova-oprava-cast1": Story(
        "2010-07-14T10:00Z",
        [
            changed(
                CHANGES,
                {},
                number="260845",
                status="Nová-data",
                reason="Na-základě-metodiky",
                reference=None,
                part=None,
            ),
            CHANGES,
        ],
        {"260845": "51", "260897": "10"},
        "20",
    ),
}


@dataclass
class Reporter:
    """Sends messages, and waits until they have been processed."""

    sandbox: Sandbox
    now: datetime
    form: tuple[str, bool, str]
    """Encoding, whether it is signed, and compression."""

    def send(self, message: Message) -> tuple[str, str]:
        encoding, is_signed, compression = self.form
        user, prefix = USERS[message["sender"]]
        data = written(message, encoding)
        data = signed(data, user) if is_signed else data
        values = (
            f"ws{prefix}{int(message['number']):07}.xml",
            user,
            "Heslo-123",
            compression,
            "PKCS7" if is_signed else "NONE",
            b64encode(COMPRESSIONS[compression](data)).decode(),
            "cs",
            "CZ",
        )
        answer = exchange(self.sandbox, load_data(path_of(self.sandbox, LOAD), values))
        self.now += timedelta(minutes=10)
        self.sandbox.freeze(self.now.isoformat())
        return status(answer)

    def issues(self, message: Message) -> tuple[dict[str, str], str]:
        """States of the issues by number, and that of the occurrence."""
        about = datetime.strptime(message["as_of"], "%Y%m%d").strftime("%d.%m.%Y")  # noqa: DTZ007 - a day
        asked = {
            **ISSUES,
            "Username": USERS[message["sender"]][0],
            "ObdobiV": about,
            "SubjektV": message["subject"] if "subject" in message else message["sender"],
            "RozsahV": message.get("scope", "S_BCPZB"),
            "DatovySoubor": message["data_set"].partition(".")[0],
        }
        found = etree.fromstring(ask(self.sandbox, **asked))
        numbers, states, occurrences = (
            [element.text or "" for element in found.iterfind(f"e:VydaniSeznam/{path}", RESULT)]
            for path in ("e:Vydani/e:CisloVydani", "e:Vydani/e:StavKod", "e:Vyskyt/e:StavKod")
        )
        assert len(numbers) == len(states) == len(occurrences)
        return dict(zip(numbers, states, strict=True)), "".join(sorted(set(occurrences)))


FORMS = [
    (encoding, is_signed, compression)
    for encoding, compression in zip(ENCODINGS, ("GZIP", "ZIP", "DEFLATE"), strict=True)
    for is_signed in (False, True)
]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: "-".join(map(str, form)))
@pytest.mark.parametrize("name", STORIES)
def test_a_sample(name: str, form: tuple[str, bool, str], sandbox: Sandbox) -> None:
    story = STORIES[name]
    set_up(sandbox, story.at)
    reporter = Reporter(sandbox, datetime.fromisoformat(story.at), form)
    defaults = {"sender": "99990000"}
    messages = [{**defaults, **message} for message in story.messages]
    assert [reporter.send(message) for message in messages] == [OK] * len(messages)
    assert reporter.issues(messages[-1]) == (story.issues, story.occurrence)
    kept = sandbox.call("GET", "/sdns/messages")
    assert [rule["code"] for message in kept for rule in message["refused"]] == story.refused


WRONG_DECLARATIONS = {
    "UTF-8 that says windows-1250": {"encoding": "utf-8", "declared": "windows-1250"},
    "windows-1250 that says UTF-8": {"encoding": "windows-1250", "declared": "utf-8"},
}


@pytest.mark.parametrize("name", WRONG_DECLARATIONS)
def test_a_sample_in_another_encoding_than_it_says(name: str, sandbox: Sandbox) -> None:
    """The values with diacritics are not those of the DTD then."""
    set_up(sandbox, "2008-02-07T10:00Z")
    wrong: dict[str, Any] = {**WRONG_DECLARATIONS[name]}
    data = b64encode(vydani(**wrong, **TRADES)).decode()
    values = ("ws9980162708.xml", "UZIV0002", "Heslo-123", "NONE", "NONE", data, "cs", "CZ")
    answer = exchange(sandbox, load_data(path_of(sandbox, LOAD), values))
    assert status(answer) == ("Invalid data", "Invalid XML data")
