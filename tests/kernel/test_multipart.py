"""Messages of several parts, as libraries write them and as people do."""

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from podatelna.kernel.multipart import (
    MOST_HEAD,
    MOST_PARTS,
    Multipart,
    NotMultipart,
    Written,
    is_multipart,
    read_multipart,
    write_multipart,
)

HAND_MADE = b"""------=_Boundary
Content-Type: text/xml; charset=utf-8
Content-Transfer-Encoding: 8bit
Content-ID: <Part1>
Content-Length: 999

<a/>
------=_Boundary
Content-Type: application/octet-stream; name="query.txt"
Content-Transfer-Encoding: base64
Content-ID: <query.txt>
Content-Disposition: attachment;
 filename="query.txt"
Content-Length: 1

aGVs\r
bG8=\r

------=_Boundary--
"""
"""Lines end in LF; Base64 has lines of its own; lengths are wrong."""
CONTENT_TYPE = 'multipart/related; type="text/xml"; start="Part1"; boundary="----=_Boundary"'


def bodies(message: Multipart) -> list[bytes]:
    return [bytes(part.content) for part in message.parts]


def test_a_message_made_by_hand() -> None:
    message = read_multipart(HAND_MADE, CONTENT_TYPE)
    root, query = message.parts
    assert message.root is root
    assert (root.content_id, bytes(root.content)) == ("Part1", b"<a/>")
    assert query.content == b"hello"
    assert message.find("cid:query.txt") is query
    assert query.headers["content-disposition"] == 'attachment; filename="query.txt"'
    assert bytes(query.sent) == b"aGVs\r\nbG8=\r\n"


@pytest.mark.parametrize(
    "body",
    [
        b"--b\r\nA: b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n",
        b"--b\nA: b\n\none\n--b\n\ntwo\n--b--",
        b"preamble\r\n--b \t\r\nA: b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n--b\r\n\r\nepilogue",
        b"--b\r\nA: b\r\n\r\none\r\n--b\r\n\r\ntwo",
        b"--b\r\nA: b\r\n\none\n--b\r\n\ntwo\r\n--b--",
        b"\r\n--b\r\nA: b\r\n\r\none\r\n--b\n\r\ntwo\n--b--  ",
    ],
)
@pytest.mark.parametrize(
    "boundary", ["boundary=b", 'BOUNDARY = "b"', "boundary=b ; start=x", r'boundary="\b"']
)
def test_frames_of_all_kinds(body: bytes, boundary: str) -> None:
    message = read_multipart(body, f"multipart/related; {boundary}")
    assert bodies(message) == [b"one", b"two"]
    assert message.root is message.parts[0]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"--b\n\n--bb\n --b\n--b-\n--b--c\n--b--", [b"--bb\n --b\n--b-\n--b--c"]),
        (b"--b\n--b\n--b--", [b"", b""]),
        (b"--b\r\n--b\r\n--b--", [b"", b""]),
        (b"--b\nA: b\n--b--", [b""]),
        (b"--b\n\n\r\n--b--", [b""]),
        (b"--b\n\n\r\r\n\r\n--b--", [b"\r\r\n"]),
        (b"--b", [b""]),
    ],
)
def test_what_looks_like_a_boundary_and_what_stands_close_to_one(
    body: bytes, found: list[bytes]
) -> None:
    assert bodies(read_multipart(body, "multipart/related; boundary=b")) == found


@pytest.mark.parametrize(
    ("encoding", "sent", "content"),
    [
        ("7bit", b"a=3D", b"a=3D"),
        ("8BIT", "ž".encode(), "ž".encode()),
        ("binary", b"\0\xff", b"\0\xff"),
        ("Quoted-Printable", b"a=3D=\r\nb", b"a=b"),
        ("BASE64", b"YT\r\n0z\r\nRA==", b"a=3D"),
        ("x-unheard-of", b"YT0zRA==", b"YT0zRA=="),
    ],
)
def test_transfer_encodings(encoding: str, sent: bytes, content: bytes) -> None:
    head = f"--b\r\ncontent-transfer-ENCODING:{encoding} \r\n\r\n".encode()
    message = read_multipart(head + sent + b"\r\n--b--", "multipart/related; boundary=b")
    assert bodies(message) == [content]


@pytest.mark.parametrize(
    ("start", "root"),
    [
        ("", 0),
        ("; start=two", 1),
        ('; start="<two>"', 1),
        ('; start="two"', 1),
        ("; start=three", 0),
        ("; start=", 0),
    ],
)
def test_the_root_is_the_part_that_start_names_or_the_first(start: str, root: int) -> None:
    body = b"--b\n\none\n--b\nContent-ID: <two>\nContent-ID: <three>\n\ntwo\n--b--"
    message = read_multipart(body, f"multipart/related; boundary=b{start}")
    assert message.root is message.parts[root]


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("cid:a@x", "a"),
        ("CID:a%40x", "a"),
        ("cid:<a@x>", "a"),
        ("cid:b%20", "b"),
        ("cid:c", "c"),
        ("http://x/d", "d"),
        ("cid:", None),
        ("cid:e", None),
        ("a@x", None),
        ("", None),
    ],
)
def test_references(reference: str, found: str | None) -> None:
    heads = (
        "Content-ID: <a@x>",
        "content-id: <b%20>",
        "CONTENT-ID: c",
        "Content-Location: http://x/d",
    )
    body = "".join(f"--b\n{head}\n\n{name}\n" for head, name in zip(heads, "abcd", strict=True))
    message = read_multipart(f"{body}--b--".encode(), "multipart/related; boundary=b")
    part = message.find(reference)
    assert (part and bytes(part.content).decode()) == found


def _no_boundary(content_type: str = "multipart/related", body: bytes = b"--b\n\na\n--b--") -> str:
    with pytest.raises(NotMultipart) as refused:
        read_multipart(body, content_type)
    assert str(refused.value) == refused.value.text
    return refused.value.text


def test_what_is_no_message_of_parts() -> None:
    no_boundary = "the Content-Type names no boundary, or one that is too long"
    assert _no_boundary() == no_boundary
    assert _no_boundary("multipart/related; boundary=") == no_boundary
    assert _no_boundary(f"multipart/related; boundary={'b' * 201}") == no_boundary
    nowhere = "the boundary that the Content-Type names is nowhere in the body"
    assert _no_boundary("multipart/related; boundary=c") == nowhere
    assert _no_boundary("multipart/related; boundary=b", b"") == nowhere
    assert _no_boundary("multipart/related; boundary=b", b"--b--\n\na") == nowhere


def test_parts_and_heads_are_limited() -> None:
    label = "multipart/related; boundary=b"
    assert len(read_multipart(b"--b\n\n" * MOST_PARTS + b"--b--", label).parts) == MOST_PARTS
    many = _no_boundary(label, b"--b\n\n" * (MOST_PARTS + 1) + b"--b--")
    assert many == f"the message has more than {MOST_PARTS} parts"
    fits = f"A: {'b' * (MOST_HEAD - 5)}\n\n".encode()
    assert bodies(read_multipart(b"--b\n" + fits + b"a\n--b--", label)) == [b"a"]
    over = _no_boundary(label, b"--b\nA" + fits + b"a\n--b--")
    assert over == f"the headers of a part are over {MOST_HEAD} bytes"


def test_broken_base64_is_told_when_it_is_looked_at() -> None:
    body = b"--b\nContent-Transfer-Encoding: base64\n\nYWJj\nY\n--b--"
    message = read_multipart(body, "multipart/related; boundary=b")
    with pytest.raises(NotMultipart, match="a part is not in Base64: "):
        _ = message.parts[0].content


@pytest.mark.parametrize(
    ("content_type", "several"),
    [(CONTENT_TYPE, True), (" Multipart/Mixed", True), ("text/xml", False), ("", False)],
)
def test_which_messages_have_parts(content_type: str, several: bool) -> None:
    assert is_multipart(content_type) is several


def test_lines_that_are_written() -> None:
    parts = [
        Written("text/xml; charset=utf-8", "1.2.depot", b"<a/>\r\n"),
        Written("application/octet-stream", "3.2.depot", b"b\n", "base64"),
    ]
    assert write_multipart("----=_Part_7_8.2", parts) == (
        b"------=_Part_7_8.2\r\n"
        b"Content-Type: text/xml; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: 8bit\r\n"
        b"Content-ID: <1.2.depot>\r\n"
        b"Content-Length: 6\r\n"
        b"\r\n"
        b"<a/>\r\n"
        b"\r\n"
        b"------=_Part_7_8.2\r\n"
        b"Content-Type: application/octet-stream\r\n"
        b"Content-Transfer-Encoding: base64\r\n"
        b"Content-ID: <3.2.depot>\r\n"
        b"Content-Length: 2\r\n"
        b"\r\n"
        b"b\n"
        b"\r\n"
        b"------=_Part_7_8.2--\r\n"
    )


NAME = st.from_regex(r"[0-9A-Za-z._+=-]{1,60}", fullmatch=True)


@given(NAME, st.lists(st.tuples(NAME, st.binary()), min_size=1, max_size=5))
def test_what_was_written_is_read_back(name: str, parts: list[tuple[str, bytes]]) -> None:
    boundary = f"----=_{name}"
    kept = [Written("a/b", cid, body) for cid, body in parts if boundary.encode() not in body]
    message = write_multipart(boundary, kept)
    if kept:
        start = kept[0].content_id
        read = read_multipart(message, f'multipart/related; boundary="{boundary}"; start="{start}"')
        assert [(part.content_id, bytes(part.content)) for part in read.parts] == [
            (part.content_id, part.body) for part in kept
        ]
        assert read.root is read.parts[0]


@given(
    st.lists(
        st.sampled_from([b"--b", b"--", b"\r\n", b"\n", b"\r", b"A: b", b"Content-ID: <", b"\0"])
        | st.binary(max_size=3)
    ).map(b"".join),
    st.text() | st.sampled_from(["multipart/related; boundary=b", CONTENT_TYPE]),
)
@example(b"--b\nContent-Transfer-Encoding: base64\n\nA", "multipart/related; boundary=b")
def test_no_bytes_crash_it(body: bytes, content_type: str) -> None:
    with suppress(NotMultipart):
        message = read_multipart(body, content_type)
        assert message.root in message.parts
        assert [message.find(f"cid:{part.content_id}") for part in message.parts]
        bodies(message)
