"""Compressed data, made by zlib, gzip, zipfile and Info-ZIP's zip."""

import gzip
import io
import shutil
import subprocess
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podatelna.sdns.compression import METHODS, Limits, NotDecompressed, decompress
from tests.sdns.signing import words

LIMITS = Limits(most=16 << 20, ratio=200)
CONTENT = "<VYDANI>Nová-data</VYDANI>".encode("windows-1250") * 9
MEGABYTE = 1 << 20


def zipped(
    *contents: bytes, method: int = zipfile.ZIP_DEFLATED, streamed: bool = False, name: str = "m"
) -> bytes:
    """An archive; a streamed one was written to what cannot go back, with data descriptors."""
    output = io.BytesIO()
    with zipfile.ZipFile(OneWay(output) if streamed else output, "w", method) as archive:  # type: ignore[call-overload] # zipfile writes to anything that has a write
        for number, content in enumerate(contents):
            archive.writestr(f"{number}{name}", content)
    return output.getvalue()


class OneWay:
    def __init__(self, output: io.BytesIO) -> None:
        self.write = output.write
        self.flush = output.flush


def raw(content: bytes) -> bytes:
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    return stream.compress(content) + stream.flush()


MAKERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "zip": ("ZIP", zipped),
    "zip, stored": ("ZIP", lambda content: zipped(content, method=zipfile.ZIP_STORED)),
    "zip, streamed": ("ZIP", lambda content: zipped(content, streamed=True)),
    "gzip": ("GZIP", gzip.compress),
    "zlib": ("DEFLATE", zlib.compress),
    "raw": ("DEFLATE", raw),
    "none": ("NONE", bytes),
}


@pytest.mark.parametrize(("method", "make"), MAKERS.values(), ids=MAKERS)
@given(content=st.binary(max_size=2000))
def test_what_was_compressed_comes_out(
    method: str, make: Callable[[bytes], bytes], content: bytes
) -> None:
    assert decompress(make(content), method, LIMITS) == content


@pytest.mark.parametrize(("method", "make"), MAKERS.values(), ids=MAKERS)
def test_large_content_comes_out(method: str, make: Callable[[bytes], bytes]) -> None:
    content = b"".join(b"%d " % number for number in range(500_000))
    assert decompress(make(content), method, LIMITS) == content


@pytest.mark.skipif(shutil.which("zip") is None, reason="Info-ZIP's zip is not installed")
@pytest.mark.parametrize("piped", [False, True])
def test_what_info_zip_makes(tmp_path: Path, piped: bool) -> None:
    (tmp_path / "ws9990000001.xml").write_bytes(CONTENT)
    command = ["zip", "-q", "-", "-" if piped else "ws9990000001.xml"]
    made = subprocess.run(command, cwd=tmp_path, input=CONTENT, stdout=subprocess.PIPE, check=True)
    assert decompress(made.stdout, "ZIP", LIMITS) == CONTENT


@given(st.sampled_from(METHODS), st.binary(max_size=200))
def test_anything_is_content_or_refused(method: str, data: bytes) -> None:
    try:
        decompress(data, method, LIMITS)
    except NotDecompressed as reason:
        assert str(reason).endswith(".")  # noqa: PT017 - whether it is refused is the data's doing


@pytest.mark.parametrize("name", ["zip", "zip, stored", "zip, streamed", "gzip", "zlib"])
@given(st.data())
def test_a_flipped_bit_is_refused_or_harmless(name: str, data: st.DataObject) -> None:
    """Checksums see to it; only a raw stream has none."""
    method, make = MAKERS[name]
    whole = bytearray(make(CONTENT))
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with suppress(NotDecompressed):
        assert decompress(bytes(whole), method, LIMITS) == CONTENT


@pytest.mark.parametrize("name", ["zip", "zip, stored", "zip, streamed", "gzip", "zlib", "raw"])
def test_what_ends_too_early_is_refused(name: str) -> None:
    method, make = MAKERS[name]
    whole = make(CONTENT)
    # Of an archive, the directory is behind the first entry: nobody looks for it.
    needed = whole.find(b"PK\1\2") if method == "ZIP" else len(whole)
    for end in range(needed - 8 * (name == "zip, streamed")):
        with pytest.raises(NotDecompressed):
            decompress(whole[:end], method, LIMITS)
    assert decompress(whole[:needed], method, LIMITS) == CONTENT


@pytest.mark.parametrize("name", ["zip", "zip, streamed", "gzip", "zlib", "raw"])
@pytest.mark.parametrize("rest", [b"\0" * 9, b"garbage"], ids=["zeros", "text"])
def test_what_follows_is_ignored(name: str, rest: bytes) -> None:
    method, make = MAKERS[name]
    assert decompress(make(CONTENT) + rest, method, LIMITS) == CONTENT


def test_the_first_entry_is_taken() -> None:
    assert decompress(zipped(CONTENT, b"other"), "ZIP", LIMITS) == CONTENT


def test_all_members_are_taken() -> None:
    members = gzip.compress(b"one ") + gzip.compress(b"") + gzip.compress(b"two")
    assert decompress(members, "GZIP", LIMITS) == b"one two"


def test_a_nested_archive_is_content() -> None:
    assert decompress(zipped(zipped(CONTENT)), "ZIP", LIMITS) == zipped(CONTENT)


def test_a_large_entry_in_the_form_of_zip64() -> None:
    output = io.BytesIO()
    with (
        zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("m", "w", force_zip64=True) as entry,
    ):
        entry.write(CONTENT)
    assert decompress(output.getvalue(), "ZIP", LIMITS) == CONTENT


def patched(data: bytes, at: int, value: bytes) -> bytes:
    return data[:at] + value + data[at + len(value) :]


@pytest.mark.parametrize(
    ("method", "data", "why"),
    [
        ("ZIP", zipped(), "no entry"),
        ("ZIP", b"", "no ZIP archive"),
        ("ZIP", b"PK\3\4", "no ZIP archive"),
        ("ZIP", CONTENT, "no ZIP archive"),
        ("ZIP", gzip.compress(CONTENT), "no ZIP archive"),
        ("ZIP", zipped(b"", name="/"), "is a folder"),
        ("ZIP", patched(zipped(CONTENT), 6, b"\1"), "encrypted"),
        ("ZIP", zipped(CONTENT, method=zipfile.ZIP_BZIP2), "method 12"),
        ("ZIP", zipped(CONTENT, method=zipfile.ZIP_LZMA), "method 14"),
        ("ZIP", zipped(CONTENT, method=zipfile.ZIP_STORED, streamed=True), "how large it is"),
        ("ZIP", patched(zipped(CONTENT), 14, b"1234"), "damaged"),
        ("ZIP", patched(zipped(CONTENT), 22, b"1234"), "damaged"),
        ("GZIP", b"", "too early"),
        ("GZIP", CONTENT, "incorrect header"),
        ("GZIP", zlib.compress(CONTENT), "incorrect header"),
        ("GZIP", gzip.compress(b"one") + gzip.compress(b"two")[:-1], "too early"),
        ("GZIP", gzip.compress(b"") * 10_001, "more than 10000 members"),
        ("DEFLATE", b"", "too early"),
        ("DEFLATE", CONTENT, "cannot be decompressed"),
        ("DEFLATE", gzip.compress(CONTENT), "cannot be decompressed"),
        ("DEFLATE", patched(zlib.compress(CONTENT), 1, b"\xbb"), "cannot be decompressed"),
    ],
    ids=words,
)
def test_what_is_refused(method: str, data: bytes, why: str) -> None:
    with pytest.raises(NotDecompressed, match=why):
        decompress(data, method, LIMITS)


@pytest.mark.parametrize(("method", "make"), MAKERS.values(), ids=MAKERS)
def test_the_absolute_limit(method: str, make: Callable[[bytes], bytes]) -> None:
    limit = Limits(len(CONTENT), 200)
    assert decompress(make(CONTENT), method, limit) == CONTENT
    with pytest.raises(NotDecompressed, match=f"larger than {len(CONTENT)} bytes"):
        decompress(make(CONTENT + b"."), method, limit)


@pytest.mark.parametrize("name", ["zip", "zip, streamed", "gzip", "zlib", "raw"])
def test_the_ratio_holds_beyond_a_megabyte(name: str) -> None:
    method, make = MAKERS[name]
    assert len(decompress(make(bytes(MEGABYTE)), method, Limits(4 * MEGABYTE, 2))) == MEGABYTE
    with pytest.raises(NotDecompressed, match="more than 2 times as large"):
        decompress(make(bytes(MEGABYTE + 1)), method, Limits(4 * MEGABYTE, 2))


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """A quarter of a gibibyte, raw, a thousandth of that."""
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    return stream.compress(bytes(256 * MEGABYTE)) + stream.flush()


HEADS = {
    "zip": zipped(CONTENT)[:26] + bytes(4),
    "gzip": gzip.compress(b"")[:10],
    "zlib": zlib.compress(b"", 9)[:2],
    "raw": b"",
}


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        (Limits(1024 * MEGABYTE, 200), "more than 200 times"),
        (Limits(32 * MEGABYTE, 10_000), "larger than"),
    ],
)
@pytest.mark.parametrize("name", HEADS)
def test_a_bomb_is_refused_before_it_bursts(
    bomb: bytes, name: str, limits: Limits, why: str
) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(NotDecompressed, match=why):
            decompress(HEADS[name] + bomb, MAKERS[name][0], limits)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 100 * MEGABYTE
