"""Answers as they come out of the socket, held against what was observed, byte for byte.

The files have names in braces for what is new in every answer; nothing else is taken out. `sent` is
among them: the clock of a sandbox stands still within a call, and the bank took 0.88 s for one.
Those of loadData have an observed document in an envelope and a head that are reconstructed, by
analogy with those of the query service.
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.sandboxes import Sandbox
from tests.sdns.messages import vydani
from tests.sdns.sockets import (
    ISSUES,
    LOAD,
    ROUTER,
    attachment,
    converse,
    exchange,
    get_params,
    head,
    load_head,
    load_message,
    open_house,
    parameters,
    perform_query,
    set_up,
)

FOLDER = Path(__file__).parent / "golden"
VOLATILE = {
    "counter": "[0-9]+",
    "boundary": "[0-9]{7,8}",
    "start": "[0-9]{7,8}",
    "attached": "[0-9]{7,8}",
    "session": "[0-9a-f]{32}",
    "length": "[0-9]+",
    "sent": "[0-9]{2}[.][0-9]{2}[.][0-9]{4} [0-9:]{8},[0-9]{3}",
}
"""What is new in every answer, and how it looks."""
ASKED_AT = {
    "getParams": ("2010-12-01T21:21:16.807Z", -796),
    "performQuery-nothing-found": ("2010-12-03T12:01:30.611Z", -798),
    "loadData": ("2010-12-01T11:56:42.334Z", -798),
}
"""The time of the HTTP front, and what the application node is ahead of it, in seconds."""
OBSERVED = {
    "getParams": (3827, "1155", "28541032", "15413564", "31669479"),
    "performQuery-nothing-found": (1780, "1677", "7077388", "17493983", "18703218"),
}
"""Content-Length of the observed answers, and identifiers as long as theirs."""
NOTHING = {**ISSUES, "ObdobiV": "31.05.2010", "DatovySoubor": "MOKAS42.01.00"}
"""A data set with its version is not found (observed answers)."""
FILE = "ws9990900002.xml"


@pytest.fixture(scope="module")
def house() -> Iterator[Sandbox]:
    with open_house() as opened:
        yield opened


@pytest.fixture
def at(house: Sandbox, request: pytest.FixtureRequest) -> Sandbox:
    """The sandbox as new, at the time of an answer."""
    house.call("POST", "/reset")
    moment, skew = ASKED_AT[request.param]
    set_up(house, moment, node_clock_skew_seconds=skew)
    return house


def golden(name: str) -> bytes:
    return (FOLDER / f"{name}.http").read_bytes()


def filled(template: bytes, values: Mapping[str, str]) -> bytes:
    """A whole answer; its length is that of its body."""
    for name, value in values.items():
        template = template.replace(b"{%s}" % name.encode(), value.encode())
    length = len(template.partition(b"\r\n\r\n")[2])
    return template.replace(b"{length}", str(length).encode())


def masked(answer: bytes, template: bytes) -> bytes:
    """An answer with names for what is volatile, each of which it has one value for."""
    pattern = re.escape(template)
    for name, form in VOLATILE.items():
        mark = re.escape(b"{%s}" % name.encode())
        first = b"(?P<%s>%s)" % (name.encode(), form.encode())
        pattern = pattern.replace(mark, first, 1).replace(mark, b"(?P=%s)" % name.encode())
    found = re.fullmatch(pattern, answer)
    if not found:
        return answer
    values = {name: value.decode() for name, value in found.groupdict().items()}
    assert filled(template, values) == answer
    return template


# -- queries


@pytest.mark.parametrize("name", OBSERVED)
def test_the_files_have_the_observed_lengths(name: str) -> None:
    length, counter, boundary, start, attached = OBSERVED[name]
    identifiers = {"counter": counter, "boundary": boundary, "start": start, "attached": attached}
    whole = filled(golden(name), identifiers | {"session": "0" * 32})
    top, _, body = whole.partition(b"\r\n\r\n")
    assert (len(body), f"Content-Length: {length}" in top.decode()) == (length, True)
    parts = body.split(f"------=_Part_{counter}_{boundary}".encode())[1:-1]
    for part in parts:
        about, _, content = part.partition(b"\r\n\r\n")
        [told] = re.findall(rb"\r\nContent-Length: ([0-9]+)$", about)
        assert int(told) == len(content) - len(b"\r\n")
    assert len(parts) == 2


@pytest.mark.parametrize("at", ["getParams"], indirect=True)
def test_the_observed_answer_of_get_params(at: Sandbox) -> None:
    template = golden("getParams")
    answer = exchange(at, get_params())
    assert masked(answer, template) == template
    assert b"\r\nContent-Length: 2899\r\n\r\n<?xml" in answer


@pytest.mark.parametrize("at", ["performQuery-nothing-found"], indirect=True)
def test_the_observed_answer_of_perform_query(at: Sandbox) -> None:
    template = golden("performQuery-nothing-found")
    answer = converse(at, perform_query(parameters(**NOTHING)))
    assert masked(answer, template) == template
    assert b"\r\nContent-Length: 850\r\n\r\n<?xml" in answer


@pytest.mark.parametrize("at", ["getParams"], indirect=True)
def test_the_parameters_are_filled_in_and_sent_back(at: Sandbox) -> None:
    """As the observed client did, which filled what getParams had answered."""
    document = attachment(exchange(at, get_params())).decode()
    for value in NOTHING.values():
        document = document.replace("<HodnotaPar/>", f"<HodnotaPar>{value}</HodnotaPar>", 1)
    sent = document.replace("\n", "\r\n").encode()
    answer = attachment(exchange(at, perform_query(sent, ROUTER, "vydani_seznam_jh")))
    expected = attachment(golden("performQuery-nothing-found"))
    named = expected.replace(b"VYDANI_SEZNAM_JH", b"vydani_seznam_jh")
    assert answer == named


@pytest.mark.parametrize("at", ["getParams"], indirect=True)
def test_identifiers_are_new_in_every_answer(at: Sandbox) -> None:
    answers = [exchange(at, get_params()) for _ in range(2)]
    template = golden("getParams")
    assert [masked(answer, template) for answer in answers] == [template] * 2
    first, second = (
        [re.findall(rb"Part_([0-9]+)_([0-9]+)", answer)[0], re.findall(rb"cid:([0-9]+)", answer)]
        for answer in answers
    )
    assert int(second[0][0]) == int(first[0][0]) + 1
    assert (second[0][1], second[1]) != (first[0][1], first[1])


# -- data


def load(number: str = "900001") -> bytes:
    """A call whose connection idles, as .NET leaves it."""
    xml = vydani(function="Testovací", methodology="MKT20100401.01", number=number)
    data = b64encode(xml).decode()
    octets = load_message((FILE, "UZIV0001", "Heslo-123", "NONE", "NONE", data, "cs", "CZ"))
    return load_head(LOAD, f"Content-Length: {len(octets)}") + octets


@pytest.mark.parametrize("at", ["loadData"], indirect=True)
def test_data_are_taken_over_once(at: Sandbox) -> None:
    for name in ("loadData-ok", "loadData-duplicate"):
        template = golden(name)
        assert masked(exchange(at, load()), template) == template


@pytest.mark.parametrize("at", ["loadData"], indirect=True)
def test_a_duplicate_is_one_of_the_file_name(at: Sandbox) -> None:
    """Whatever is in it; a number that was there before is found in processing."""
    template = golden("loadData-duplicate")
    assert b"Success" in exchange(at, load(number="900001"))
    assert masked(exchange(at, load(number="900002")), template) == template


@pytest.mark.parametrize("at", ["loadData"], indirect=True)
def test_the_names_of_the_manual_are_answered_in_its_namespace(at: Sandbox) -> None:
    octets = load().replace(b"urn:com-ness-cz-ewiautom-wsimpl-IZaslaniDat/loadData", b"")
    message = octets.partition(b"\r\n\r\n")[2].replace(
        b"urn:com-ness-cz-ewiautom-wsimpl-IZaslaniDat", b"ZaslaniDat"
    )
    names = "filename username password zipmethod signaturemethod inputdata language country"
    for number, name in enumerate(names.split()):
        message = message.replace(b"param%d" % number, name.encode())
    lines = [
        f"POST {LOAD} HTTP/1.1",
        "Host: wsn.cnb.cz",
        "Content-Type: text/xml; charset=utf-8",
        'SOAPAction: ""',
        f"Content-Length: {len(message)}",
    ]
    template = golden("loadData-ok").replace(
        b"urn:com-ness-cz-ewiautom-wsimpl-IZaslaniDat", b"ZaslaniDat"
    )
    assert masked(exchange(at, head(lines) + message), template) == template


def test_every_file_of_an_exchange_is_used() -> None:
    found = {path.stem for path in FOLDER.glob("*.http")}
    assert found == {*OBSERVED, "loadData-ok", "loadData-duplicate"}
