"""Names and compressions of deliveries."""

import gzip
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podatelna_client.sdns import InvalidInput, filename
from podatelna_client.sdns.packing import compress


def compressed(content: bytes, method: str) -> bytes:
    out = BytesIO()
    compress(BytesIO(content), out, method, "ws9990900002.xml")
    return out.getvalue()


def unzipped(packed: bytes) -> bytes:
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        assert archive.namelist() == ["ws9990900002.xml"]
        return archive.read("ws9990900002.xml")


OPEN: dict[str, Callable[[bytes], bytes]] = {
    "ZIP": unzipped,
    "GZIP": gzip.decompress,
    "DEFLATE": zlib.decompress,
    "NONE": bytes,
}


@pytest.mark.parametrize("method", OPEN)
@given(content=st.binary())
def test_what_was_compressed_is_what_comes_out(method: str, content: bytes) -> None:
    assert OPEN[method](compressed(content, method)) == content


@pytest.mark.parametrize("method", OPEN)
def test_the_same_content_is_compressed_the_same(method: str) -> None:
    content = b"x" * 3_000_000
    packed = compressed(content, method)
    assert packed == compressed(content, method)
    assert OPEN[method](packed) == content
    assert len(packed) < 10_000 or method == "NONE"


def test_no_time_is_told_of_what_was_compressed() -> None:
    assert compressed(b"x", "GZIP")[4:8] == bytes(4)
    with zipfile.ZipFile(BytesIO(compressed(b"x", "ZIP"))) as archive:
        assert archive.infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)


def test_there_are_no_other_compressions() -> None:
    with pytest.raises(InvalidInput, match="no compression 'gzip'"):
        compressed(b"", "gzip")


def test_the_name_of_a_delivery() -> None:
    assert filename("278", 377521) == "ws2780377521.xml"
    assert filename("000", 0) == "ws0000000000.xml"
    assert filename("999", 9_999_999) == "ws9999999999.xml"


@pytest.mark.parametrize(
    ("prefix", "number", "reason"),
    [
        ("99", 1, "three digits"),
        ("99a", 1, "three digits"),
        ("٣٣٣", 1, "three digits"),
        ("999", 10_000_000, "does not fit"),
        ("999", -1, "does not fit"),
    ],
)
def test_what_cannot_be_a_name(prefix: str, number: Any, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        filename(prefix, number)
