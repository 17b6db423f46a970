"""Files of messages: their coding, size and type, and where they are kept."""

from base64 import b64encode
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podatelna.czmvo.attachments import decoded, extension
from podatelna.czmvo.model import File, Refusal
from tests.czmvo.desks import (
    HOLDER,
    PHARMACY,
    UPRC,
    Office,
    alert,
    number,
    open_office,
    refused,
)

SECOND = "CZ-BBB-BBB-BBB-BBB"
PDF = b64encode(b"%PDF-1.7").decode()


@pytest.fixture
def office() -> Iterator[Office]:
    with open_office() as opened:
        yield opened


def test_a_file_needs_no_words(office: Office) -> None:
    office.add(alert())
    sent = number(office.send(PHARMACY, file=PDF, filename="Fotka.PDF"))
    (found,) = office.correspondence.messages_of(UPRC)
    assert (found.subject, found.text, found.has_file) == ("", "", True)
    assert office.correspondence.file(sent) == File("Fotka.PDF", b"%PDF-1.7")


def test_only_a_file(office: Office) -> None:
    office.add(alert(state="04a"))
    number(office.send(PHARMACY, file=PDF, filename="a.pdf", only_file=True))
    assert office.state() == "04a"
    assert office.letters == []
    number(office.send(PHARMACY, file=PDF, filename="a.pdf"))
    assert office.state() == "#"


def test_a_file_for_a_group_is_kept_once(office: Office) -> None:
    office.add(alert(group="g"), alert(SECOND, group="g"))
    sent = number(office.send(HOLDER, file=PDF, filename="a.pdf", group=True))
    for uprc in (UPRC, SECOND):
        (found,) = office.correspondence.messages_of(uprc)
        assert (found.has_file, found.sending) == (True, sent)
    assert office.correspondence.file(sent)


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.JPG", "a.jpeg", "a.png", "a.tif", "ž.tiff"])
def test_types_of_files(office: Office, name: str) -> None:
    office.add(alert())
    assert refused(office.send(file=PDF, filename=name)) == ""


@pytest.mark.parametrize("name", ["a.exe", "pdf", "a.pdf.zip", "a.", "a.pdf\x00", "\ud83d"])
def test_types_that_are_refused(office: Office, name: str) -> None:
    office.add(alert())
    assert refused(office.send(file=PDF, filename=name)) == "file_type_not_supported"
    assert office.correspondence.messages_of(UPRC) == []


@pytest.mark.parametrize(
    "file", ["%", "abc", "QUJD=", "QUJD====", "QQ==QQ==", "ž", "\ud83d", " ", "data:,QQ=="]
)
def test_files_that_are_no_base64(office: Office, file: str) -> None:
    office.add(alert())
    assert refused(office.send(file=file, filename="a.exe")) == "file_not_decoded"


def test_blanks_in_base64(office: Office) -> None:
    office.add(alert())
    broken = f"{PDF[:4]}\r\n{PDF[4:6]} \t{PDF[6:]}\n"
    assert refused(office.send(file=broken, filename="a.pdf")) == ""
    office.settings["file_blanks"] = "refused"
    assert refused(office.send(file=broken, filename="a.pdf")) == "file_not_decoded"


def test_the_largest_file(office: Office) -> None:
    office.add(alert())
    limit = office.settings["file_limit_bytes"]
    assert isinstance(limit, int)
    largest, larger = (b64encode(bytes(size)).decode() for size in (limit, limit + 1))
    assert refused(office.send(file=largest, filename="a.pdf")) == ""
    answer = office.send(file=larger, filename="a.exe")
    assert isinstance(answer, Refusal)
    assert (answer.key, answer.details) == ("file_too_large", {"megabytes": "16"})
    office.settings["file_limit_bytes"] = 7
    small = office.send(file=PDF, filename="a.pdf")
    assert isinstance(small, Refusal)
    assert small.details == {"megabytes": "1"}


@given(st.binary())
def test_base64_round_trip(content: bytes) -> None:
    assert decoded(b64encode(content).decode(), blanks=True) == content


@given(st.text(), st.booleans())
def test_any_text_is_decoded_or_not(text: str, blanks: bool) -> None:
    assert decoded(text, blanks=blanks) is None or text.isascii()
    assert extension(text) == extension(text).strip()
