"""What holds of every message: it comes out as it was put in, or leaves no trace; and time is time.

Messages go through a whole house, as calls of loadData.
"""

import gzip
import os
import zlib
from base64 import b64encode, encodebytes
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podatelna.app import Config, House
from tests.sdns.machine import world
from tests.sdns.machine.emulator import Emulator
from tests.sdns.messages import UTF8_MARK, signed, vydani, zipped
from tests.sdns.signing import ber

MORE = int(os.environ.get("SDNS_MORE", "1"))
"""Times as many examples, by hand."""
LOGIN, FILE = "uziv0001", "ws9990000001.xml"
AT_ONCE = {f"{step}_delay_seconds": 0 for step in ("acceptance", "checking", "storing")} | {
    "reminders": False
}
ABOUT: Mapping[str, Any] = {
    "sender": world.FIRM,
    "number": "1",
    "methodology": world.METHODOLOGY,
    "data_set": world.full_code(world.PLAIN),
    "subject": world.FIRM,
    "scope": world.SCOPE,
    "as_of": "20260227",
}
ROWS = {f"{world.PLAIN}_A": [{1: "a", 2: "příliš žluťoučký"}, {1: "b"}]}


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    file = tmp_path_factory.mktemp("worlds") / "machine.yaml"
    file.write_text(world.world_file(whole=True), "utf-8")
    with closing(House(Config(seed="properties", world=file))) as house:
        yield Emulator(house)


# -- what is put in comes out


def _as_it_is(data: bytes) -> bytes:
    return data


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def _members(data: bytes) -> bytes:
    half = len(data) // 2
    return gzip.compress(data[:half]) + gzip.compress(data[half:])


def _der(xml: bytes) -> bytes:
    return signed(xml, LOGIN)


def _ber(xml: bytes) -> bytes:
    return ber(_der(xml), 100)


def _pem(xml: bytes) -> bytes:
    return b"-----BEGIN PKCS7-----\n" + encodebytes(_der(xml)) + b"-----END PKCS7-----\n"


def _twice(data: bytes) -> str:
    return b64encode(b64encode(data)).decode()


Layer = Callable[[bytes], bytes]
SIGNATURES: list[tuple[str, Layer]] = [
    ("NONE", _as_it_is),
    ("PKCS7", _der),
    ("PKCS7", _ber),
    ("PKCS7", _pem),
]
COMPRESSIONS: list[tuple[str, Layer]] = [
    ("NONE", _as_it_is),
    ("ZIP", zipped),
    ("GZIP", gzip.compress),
    ("GZIP", _members),
    ("DEFLATE", zlib.compress),
    ("DEFLATE", _raw_deflate),
]
BASE64: list[Callable[[bytes], str]] = [
    lambda data: b64encode(data).decode(),
    lambda data: encodebytes(data).decode(),
    _twice,
]
ENCODINGS = [("windows-1250", b""), ("iso-8859-2", b""), ("utf-8", b""), ("utf-8", UTF8_MARK)]

LETTERS = "aábcčdďzž AZÁŽ09-.,;:<>&'\"%+/()"
VALUES = st.text(LETTERS, min_size=1, max_size=30)
CELLS = st.dictionaries(st.integers(1, 5), VALUES, min_size=1)
TABLE = st.lists(st.tuples(st.integers(1, 99999), CELLS), min_size=1, max_size=8)


@given(
    table=TABLE,
    encoding=st.sampled_from(ENCODINGS),
    signature=st.sampled_from(SIGNATURES),
    compression=st.sampled_from(COMPRESSIONS),
    written=st.sampled_from(BASE64),
)
@settings(max_examples=40 * MORE)
def test_what_is_stored_is_what_was_built(  # noqa: PLR0913, PLR0917 - each is one layer
    emulator: Emulator,
    table: list[tuple[int, dict[int | str, str]]],
    encoding: tuple[str, bytes],
    signature: tuple[str, Layer],
    compression: tuple[str, Layer],
    written: Callable[[bytes], str],
) -> None:
    emulator.anew(AT_ONCE)
    area = f"{world.PLAIN}_A"
    xml = vydani(encoding=encoding[0], mark=encoding[1], rows={area: table}, **ABOUT)
    data = written(compression[1](signature[1](xml)))
    methods = compression[0], signature[0]
    assert emulator.load_data(LOGIN, FILE, data, methods) == "OK"
    assert emulator.rows(FILE) == [
        (area, str(order), {str(name): text for name, text in cells.items()})
        for order, cells in table
    ]


# -- what is damaged leaves no trace

DAMAGES: dict[str, Callable[[bytes, int, int], bytes]] = {
    "changed": lambda data, at, by: data[:at] + bytes([data[at] ^ by]) + data[at + 1 :],
    "left out": lambda data, at, by: data[:at] + data[at + by :],
    "put in": lambda data, at, by: data[:at] + bytes([by]) + data[at:],
    "cut off": lambda data, at, by: data[:at] or b"\0",
}
FORMS: dict[str, tuple[tuple[str, str], Layer]] = {
    "signed": (("NONE", "PKCS7"), _as_it_is),
    "zip": (("ZIP", "PKCS7"), zipped),
    "gzip": (("GZIP", "PKCS7"), gzip.compress),
    "zlib": (("DEFLATE", "PKCS7"), zlib.compress),
    "raw deflate": (("DEFLATE", "PKCS7"), _raw_deflate),
}
STAGES = {"NONE": {"Signature check failed"}}
"""What a damage is refused with; of compressed data at either stage."""
COMPRESSED = {"Decompression failed", "Signature check failed"}


@cache
def _whole() -> bytes:
    return _der(vydani(rows=ROWS, **ABOUT))


@cache
def _stored() -> list[tuple[str, str, dict[str, str]]]:
    area = f"{world.PLAIN}_A"
    return [(area, "1", {"1": "a", "2": "příliš žluťoučký"}), (area, "2", {"1": "b"})]


@pytest.mark.parametrize("form", FORMS)
@given(
    at=st.floats(0, 1, exclude_max=True), by=st.integers(1, 255), how=st.sampled_from([*DAMAGES])
)
@settings(max_examples=25 * MORE)
def test_what_is_damaged_is_refused_and_leaves_no_trace(
    emulator: Emulator, form: str, at: float, by: int, how: str
) -> None:
    emulator.anew(AT_ONCE)
    methods, layer = FORMS[form]
    data = layer(_whole())
    damaged = DAMAGES[how](data, int(at * len(data)), by)
    emulator.advance(timedelta(0))  # after the change of settings
    before = emulator.kept()
    answer = emulator.load_data(LOGIN, FILE, b64encode(damaged).decode(), methods)
    if answer == "OK":  # what was damaged is nothing that counts
        assert emulator.rows(FILE) == _stored()
        return
    assert answer in STAGES.get(methods[0], COMPRESSED)
    assert emulator.kept() == before
    # The file name and the number of the message are still free.
    assert emulator.load_data(LOGIN, FILE, b64encode(data).decode(), methods) == "OK"
    assert emulator.rows(FILE) == _stored()


# -- however time passes

DAYS = 90
PLACES = {
    world.DAILY: ("20260227", "20260302"),
    world.MONTHLY: ("20260131", "20260228"),
    world.PLAIN: ("20260227", "20260302"),
}
SENT = st.tuples(
    st.sampled_from([(code, day) for code, days in PLACES.items() for day in days]),
    st.sampled_from(["Nová-data", "Nová-data", "Oprava", "Potvrzení", "Storno"]),
    st.sampled_from(["1", "1", "P", "O", "C"]),
    st.sampled_from(["Ostrá", "Ostrá", "Testovací"]),
    st.integers(1, 3),
)
"""Data set and day, status, value, function, and to which message before it refers."""
DELAYS = st.sampled_from([0, 120, 90_000, 9 * 86_400])
PATHS = ("/ewi-ws/ZaslaniDat", "/ewitest-ws/ZaslaniDat")


def _send_all(emulator: Emulator, messages: list[Any]) -> None:
    for number, ((code, day), status, value, function, back) in enumerate(messages, 1):
        with_data = status in ("Nová-data", "Oprava")
        about = {
            **ABOUT,
            "number": str(number),
            "data_set": world.full_code(code),
            "as_of": day,
            "status": status,
            "reason": "Na-základě-požadavku-centrální-banky",
            "reference": str(max(1, number - back)),
            "function": function,
            "rows": {f"{code}_A": [{1: "a", 2: value}]} if with_data else None,
        }
        if status == "Nová-data":
            about |= {"reason": "Na-základě-metodiky", "reference": None}
        file = f"ws999{number:07}.xml"
        assert emulator.load(LOGIN, file, vydani(**about), PATHS[number % 2]) == "OK"


@given(
    messages=st.lists(SENT, min_size=1, max_size=8),
    delays=st.tuples(DELAYS, DELAYS, DELAYS),
    chosen=st.sampled_from([{}, {"replicated_data_sets": [world.DAILY]}, {"closing_days": 30}]),
)
@settings(max_examples=4 * MORE)
def test_ninety_days_one_by_one_are_ninety_days(
    emulator: Emulator,
    messages: list[Any],
    delays: tuple[int, int, int],
    chosen: dict[str, Any],
) -> None:
    names = ("acceptance", "checking", "storing")
    set_to = {f"{name}_delay_seconds": delay for name, delay in zip(names, delays, strict=True)}
    ends = []
    for steps in (1, DAYS):
        emulator.anew(set_to | chosen)
        _send_all(emulator, messages)
        for _ in range(steps):
            emulator.advance(timedelta(days=DAYS // steps))
        ends.append(emulator.kept())
    assert ends[0] == ends[1]
    assert ends[0]["letters"], "there are reminders at least"
