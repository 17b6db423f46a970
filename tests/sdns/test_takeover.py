"""Take-over of messages: each rule just inside and outside, and which one wins."""

import zlib
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from podatelna.kernel.authority import Kind
from podatelna.kernel.rules import Finding
from podatelna.sdns.backlog import Step
from podatelna.sdns.certificates import registered
from podatelna.sdns.message import read_header
from podatelna.sdns.model import Message, User
from podatelna.sdns.submission import Submission
from podatelna.sdns.tables import ISSUE, MESSAGE, OCCURRENCE, ROW, STEP
from podatelna.sdns.takeover import RAISED, Outcome, take_over
from tests.sdns.desks import CONTRACT, DAILY, DAY, METHODOLOGY, SCOPE, SUBJECT, Bank, opened
from tests.sdns.messages import (
    COMPRESSIONS,
    FILE,
    LOGIN,
    PASSWORD,
    UTF8_MARK,
    signed,
    submission,
    vydani,
    zipped,
)

DTD = (CONTRACT.folder / "vydani.dtd").read_bytes()
XML = vydani()
OK = Outcome("ok")
PARAMETERS = (
    "filename",
    "username",
    "password",
    "zipmethod",
    "signaturemethod",
    "inputdata",
    "language",
    "country",
)


@pytest.fixture
def bank() -> Iterator[Bank]:
    with opened() as bank:
        bank.register.add_certificates(registered(LOGIN))
        yield bank


def send(bank: Bank, call: Submission | None = None, **changes: Any) -> Outcome:
    return take_over(bank.desk(), call or submission(XML, **changes))


def traces(bank: Bank) -> dict[str, int]:
    """How many rows the tables of messages and of processing have."""
    tables = (MESSAGE, STEP, ISSUE, OCCURRENCE, ROW)
    return {table.name: len(bank.transaction.execute(select(table)).all()) for table in tables}


EMPTY = dict.fromkeys(("sdns_message", "sdns_step", "sdns_issue", "sdns_occurrence", "sdns_row"), 0)


def refused(bank: Bank, call: Submission, key: str, text: str | None = None) -> list[Finding]:
    """What the journal is told of a call that leaves no trace."""
    before, bank.trail.findings[:] = traces(bank), []
    outcome = take_over(bank.desk(), call)
    entry = CONTRACT.errors[key]
    text = entry.text if text is None else text
    assert outcome == Outcome(key, (("error", text),) if text else ())
    assert traces(bank) == before
    assert {finding.code for finding in bank.trail.findings} == {key}
    assert PASSWORD not in repr(bank.trail)
    return bank.trail.findings


# -- what is taken over


def test_a_message_is_kept_and_its_acceptance_planned(bank: Bank) -> None:
    assert send(bank) == OK
    (kept,) = bank.register.messages()
    assert kept == Message(
        id=kept.id,
        file=FILE,
        login=LOGIN.lower(),
        received="2013-08-01T08:00:00.000000+00:00",
        header=read_header(XML, DTD),
    )
    assert bank.register.content(kept.id) == XML
    (step,) = bank.register.backlog.steps()
    due = "2013-08-01T08:02:00.000000+00:00"
    assert step == Step(step.id, "production", due, "accept", kept.id, 0)
    assert bank.trail.findings == []
    assert bank.trail.notes == []


def test_what_is_taken_over_is_processed(bank: Bank) -> None:
    about = {"data_set": DAILY, "methodology": METHODOLOGY, "scope": SCOPE, "as_of": DAY}
    xml = vydani(**about, rows={"ZKU01_A": [{1: "a", 2: "1"}, {1: "b"}]})
    assert send(bank, submission(xml, "GZIP", "valid")) == OK
    bank.settle(minutes=10)
    assert bank.states() == (50, {"900001": 51})
    assert bank.rows("900001") == [("a", "1"), ("b", "")]


def test_the_delay_of_acceptance_is_a_setting(bank: Bank) -> None:
    bank.set(acceptance_delay_seconds=0)
    send(bank)
    assert [step.due for step in bank.register.backlog.steps()] == [
        "2013-08-01T08:00:00.000000+00:00"
    ]


@pytest.mark.parametrize("signature", [None, "valid"])
@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize(
    ("encoding", "mark"), [("windows-1250", b""), ("utf-8", b""), ("utf-8", UTF8_MARK)]
)
def test_compressions_signatures_and_encodings(
    bank: Bank, encoding: str, mark: bytes, compression: str, signature: Kind | None
) -> None:
    xml = vydani(encoding=encoding, mark=mark)
    assert send(bank, submission(xml, compression, signature)) == OK
    (kept,) = bank.register.messages()
    assert bank.register.content(kept.id) == xml


def test_raw_deflate_is_taken_too(bank: Bank) -> None:
    raw = zlib.compressobj(wbits=-15)
    data = raw.compress(XML) + raw.flush()
    assert send(bank, inputdata=b64encode(data).decode(), zipmethod="DEFLATE") == OK


def test_a_user_name_is_the_same_in_any_case(bank: Bank) -> None:
    assert send(bank, username="uZIv0001") == OK
    assert [message.login for message in bank.register.messages()] == ["uziv0001"]


def test_what_is_wrong_with_the_header_is_not_looked_at(bank: Bank) -> None:
    """The header is checked off-line."""
    xml = vydani(sender="1", subject="2", methodology="?", as_of="?", reference="3")
    assert send(bank, submission(xml)) == OK


# -- parameters


@pytest.mark.parametrize("value", [None, ""])
@pytest.mark.parametrize("name", PARAMETERS)
def test_every_parameter_has_to_be_there(bank: Bank, name: str, value: str | None) -> None:
    call = submission(XML, **{name: value})
    (found,) = refused(bank, call, "invalid_input_parameter", f"Neplatná hodnota parametru {name}.")
    why = "It is missing." if value is None else "It is empty."
    assert found == Finding("invalid_input_parameter", name, received=why)


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("username", "login_denied"),
        ("password", "login_denied"),
        ("filename", "invalid_input_parameter"),
        ("zipmethod", "invalid_input_parameter"),
        ("signaturemethod", "invalid_input_parameter"),
        ("language", "ok"),
        ("country", "ok"),
    ],
)
def test_a_string_has_500_characters_at_most(bank: Bank, name: str, inside: str) -> None:
    (found,) = refused(
        bank,
        submission(XML, **{name: "ř" * 501}),
        "invalid_input_parameter",
        f"Neplatná hodnota parametru {name}.",
    )
    assert found.received == "It has 501 characters, and may have 500."
    assert send(bank, **{name: "ř" * 500}).key == inside


def test_inputdata_may_be_longer(bank: Bank) -> None:
    assert len(submission(XML).inputdata or "") > 500
    assert send(bank) == OK


@pytest.mark.parametrize(
    "filename",
    [
        "ws999000001.xml",
        "ws99900000001.xml",
        "WS9990000001.xml",
        "ws9990000001.XML",
        "ws9990000001.Xml",
        "ws9990000001",
        "ws9990000001.",
        "ws9990000001.xm",
        "ws9990000001.xml ",
        " ws9990000001.xml",
        "ws9990000001.xml\n",
        "ws9990000001.sec",
        "ws9990000001.xml.sec",
        "ws9990000001.sec.xml",
        "ws999000000a.xml",
        "ws99٩0000001.xml",
        "wx9990000001.xml",
        "C:\\ws9990000001.xml",
        "ws9990000001_xml",
    ],
)
def test_a_file_name_outside_of_the_mask(bank: Bank, filename: str) -> None:
    (found,) = refused(
        bank,
        submission(XML, filename=filename),
        "invalid_input_parameter",
        "Neplatná hodnota parametru filename.",
    )
    assert found.received == f"{filename!r} is not of the form ws, ten digits, .xml."


@pytest.mark.parametrize("filename", ["ws9990000000.xml", "ws9999999999.xml"])
def test_a_file_name_inside_the_mask(bank: Bank, filename: str) -> None:
    assert send(bank, filename=filename) == OK


@pytest.mark.parametrize("signature", [None, "valid"])
def test_the_name_of_signed_data_ends_in_xml_too(bank: Bank, signature: Kind | None) -> None:
    assert send(bank, submission(XML, signature=signature)) == OK


@pytest.mark.parametrize("value", ["zip", "Zip", "ZIP ", "none", "BZIP2", "DEFLATE64"])
def test_a_method_of_compression_that_is_none(bank: Bank, value: str) -> None:
    (found,) = refused(
        bank,
        submission(XML, zipmethod=value),
        "invalid_input_parameter",
        "Neplatná hodnota parametru zipmethod.",
    )
    assert found.received == f"{value!r} is none of ZIP, GZIP, DEFLATE, NONE."


@pytest.mark.parametrize("value", ["pkcs7", "PKCS#7", "PKCS7 ", "none", "CMS"])
def test_a_method_of_signing_that_is_none(bank: Bank, value: str) -> None:
    (found,) = refused(
        bank,
        submission(XML, signaturemethod=value),
        "invalid_input_parameter",
        "Neplatná hodnota parametru signaturemethod.",
    )
    assert found.received == f"{value!r} is none of PKCS7, NONE."


ENCODED = b64encode(XML).decode()
assert ENCODED.endswith("=")


@pytest.mark.parametrize(
    "text",
    [
        ENCODED,
        f"\n\t {ENCODED}\r\n",
        "\r\n".join(ENCODED[at : at + 76] for at in range(0, len(ENCODED), 76)),
        " ".join(ENCODED),
        ENCODED.encode(),
    ],
)
def test_base64_may_have_white_space(bank: Bank, text: str | bytes) -> None:
    assert send(bank, inputdata=text) == OK


@pytest.mark.parametrize(
    "text",
    [
        ENCODED[:-1],
        ENCODED.rstrip("="),
        ENCODED + "=",
        ENCODED + "====",
        ENCODED + "AAAA",
        f"!{ENCODED[1:]}",
        f"-{ENCODED[1:]}",
        f"_{ENCODED[1:]}",
        f"ř{ENCODED[1:]}",
        f"{ENCODED[:8]}\u00a0{ENCODED[8:]}",
        f"{ENCODED[:8]}\x00{ENCODED[8:]}",
        b"\xff" + ENCODED[1:].encode(),
        " \n",
        "====",
        "AAAA====",
        b"AAAA====",
        "A",
        XML.decode("windows-1250"),
    ],
)
def test_anything_else_is_no_base64(bank: Bank, text: str | bytes) -> None:
    (found,) = refused(
        bank,
        submission(XML, inputdata=text),
        "invalid_input_parameter",
        "Neplatná hodnota parametru inputdata.",
    )
    assert found.received == "It is no Base64."


def test_a_second_layer_of_base64_is_a_setting(bank: Bank) -> None:
    """The programmer's manual tells to encode what the parameter's type encodes."""
    twice = b64encode(b"\r\n".join(ENCODED.encode()[at : at + 76] for at in range(0, 9999, 76)))
    assert send(bank, inputdata=twice.decode()) == OK
    bank.set(second_base64=False)
    detail = "line 1: Start tag expected, '<' not found"
    refused(
        bank,
        submission(XML, inputdata=twice.decode(), filename="ws9990000002.xml"),
        "invalid_xml_data",
        f"XML dokument neodpovídá definici vydani.dtd: {detail}",
    )


def test_all_wrong_parameters_are_told_in_the_order_of_the_wsdl(bank: Bank) -> None:
    outcome = send(bank, Submission(*[None] * 8))
    texts = [f"Neplatná hodnota parametru {name}." for name in PARAMETERS]
    assert outcome == Outcome("invalid_input_parameter", tuple(("error", t) for t in texts))
    assert [finding.at for finding in bank.trail.findings] == list(PARAMETERS)
    some = send(bank, country="", filename="x", inputdata="?")
    assert [text for _, text in some.messages] == [texts[0], texts[5], texts[7]]
    assert traces(bank) == EMPTY


# -- the caller


@pytest.mark.parametrize(
    ("changes", "at", "received"),
    [
        ({"username": "UZIV9999"}, "username", "There is no user UZIV9999."),
        ({"username": " UZIV0001"}, "username", "There is no user  UZIV0001."),
        ({"username": "\x00"}, "username", "There is no user \x00."),
        ({"password": "heslo-123"}, "password", "It is not the password of UZIV0001."),
        ({"password": "Heslo-123 "}, "password", "It is not the password of UZIV0001."),
        ({"username": "UZIV0005"}, "username", "The user UZIV0005 is blocked."),
    ],
)
def test_a_login_that_fails(bank: Bank, changes: dict[str, str], at: str, received: str) -> None:
    found = refused(bank, submission(XML, **changes), "login_denied")
    assert found == [Finding("login_denied", at, received=received)]


def test_a_user_may_have_no_right_to_send(bank: Bank) -> None:
    found = refused(bank, submission(XML, username="UZIV0003"), "data_send_denied")
    received = "uziv0003 may not send data."
    assert found == [Finding("data_send_denied", "username", received=received)]


def test_the_digits_of_a_file_name_are_the_senders_own(bank: Bank) -> None:
    call = submission(XML, filename="ws9960900001.xml")
    received = "File names of 99990000 begin with ws999, not with ws996."
    assert refused(bank, call, "data_send_denied") == [
        Finding("data_send_denied", "filename", received=received)
    ]
    stranger = submission(XML, filename="ws9960900001.xml", username="UZIV0004")
    assert take_over(bank.desk(), stranger) == OK


@pytest.mark.parametrize("subject", ["99990000-none", "99990009"])
def test_a_user_whose_subject_has_no_digits_sends_nothing(bank: Bank, subject: str) -> None:
    bank.register.add_users([User("uziv0009", PASSWORD, subject)])
    refused(bank, submission(XML, username="UZIV0009"), "data_send_denied")


# -- the data


def test_inputdata_has_a_size(bank: Bank) -> None:
    bank.set(maximum_request_bytes=max(1024, len(XML)))
    small = XML + b" " * max(0, 1024 - len(XML))
    assert send(bank, submission(small)) == OK
    (found,) = refused(bank, submission(small + b" "), "severe")
    assert found.at == "inputdata"
    assert found.received == f"It has {len(small) + 1} bytes, and may have {len(small)}."


def test_a_message_has_a_size_out_of_its_compression(bank: Bank) -> None:
    bank.set(maximum_message_bytes=2048)
    fits = XML + b" " * (2048 - len(XML))
    assert send(bank, submission(fits, "GZIP")) == OK
    (found,) = refused(bank, submission(fits + b" ", "GZIP"), "decompression_failed")
    assert "2048" in found.received


def test_how_much_data_may_shrink_is_a_setting(bank: Bank) -> None:
    bank.set(maximum_ratio=20)
    (found,) = refused(bank, submission(XML + b" " * 3_000_000, "DEFLATE"), "decompression_failed")
    assert "20" in found.received


@pytest.mark.parametrize("method", ["ZIP", "GZIP", "DEFLATE"])
@pytest.mark.parametrize("sent", COMPRESSIONS)
def test_data_that_are_not_compressed_so(bank: Bank, method: str, sent: str) -> None:
    data = b64encode(COMPRESSIONS[sent](XML)).decode()
    call = submission(XML, inputdata=data, zipmethod=method)
    if method == sent:
        assert take_over(bank.desk(), call) == OK
    else:
        (found,) = refused(bank, call, "decompression_failed")
        assert found.at == "inputdata"
        assert found.received


@pytest.mark.parametrize("sent", ["ZIP", "GZIP", "DEFLATE"])
def test_compressed_data_without_a_method_are_no_xml(bank: Bank, sent: str) -> None:
    call = submission(XML, inputdata=b64encode(COMPRESSIONS[sent](XML)).decode())
    assert take_over(bank.desk(), call).key == "invalid_xml_data"
    assert traces(bank) == EMPTY


def test_an_archive_in_an_archive_is_no_xml(bank: Bank) -> None:
    assert send(bank, submission(zipped(XML), "ZIP")).key == "invalid_xml_data"


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("unregistered", "The certificate is registered for nobody."),
        ("foreign", "The certificate is registered for nobody."),
        ("expired", "The certificate has expired."),
        ("future", "The certificate is not valid yet."),
        ("revoked", "The certificate was revoked."),
    ],
)
def test_signatures_by_other_certificates(bank: Bank, kind: Kind, why: str) -> None:
    (found,) = refused(bank, submission(XML, "GZIP", kind), "signature_check_failed")
    assert found.at == "inputdata"
    assert found.received.startswith(f"{why} (CN=podatelna TEST SDNS")


def test_a_signature_by_somebody_elses_certificate(bank: Bank) -> None:
    bank.register.add_certificates(registered("uziv0004"))
    data = b64encode(signed(XML, "uziv0004")).decode()
    call = submission(XML, inputdata=data, signaturemethod="PKCS7")
    (found,) = refused(bank, call, "signature_check_failed")
    assert found.received.startswith("The certificate is registered for another user.")


@pytest.mark.parametrize("kind", ["expired", "future", "revoked"])
def test_validity_of_certificates_may_be_a_warning(bank: Bank, kind: Kind) -> None:
    bank.set(certificate_validity=False)
    outcome = send(bank, submission(XML, signature=kind))
    ((category, text),) = outcome.messages
    assert (outcome.key, category) == ("ok_with_warnings", "warn")
    assert text.startswith("Zpráva byla převzata s upozorněním: The certificate ")
    assert len(bank.register.messages()) == 1
    assert [finding.code for finding in bank.trail.findings] == ["ok_with_warnings"]
    assert send(bank, submission(XML, signature="valid", filename="ws9990000002.xml")) == OK
    refused(
        bank,
        submission(XML, signature="unregistered", filename="ws9990000003.xml"),
        "signature_check_failed",
    )


def changed(data: bytes) -> bytes:
    at = data.index(b"<ZASLAL>") + 8
    return data[:at] + b"8" + data[at + 1 :]


@pytest.mark.parametrize(
    "data",
    [
        XML,
        b"",
        b"0",
        signed(XML, LOGIN, detached=True),
        changed(signed(XML, LOGIN)),
        signed(XML, LOGIN)[:-1],
    ],
    ids=["bare", "nothing", "short", "detached", "changed", "cut"],
)
def test_what_is_not_signed_data(bank: Bank, data: bytes) -> None:
    text = b64encode(COMPRESSIONS["GZIP"](data)).decode()
    call = submission(XML, inputdata=text, zipmethod="GZIP", signaturemethod="PKCS7")
    (found,) = refused(bank, call, "signature_check_failed")
    assert found.at == "inputdata"
    assert found.received


def test_pem_around_a_signature_is_a_setting(bank: Bank) -> None:
    text = b64encode(signed(XML, LOGIN)).decode()
    lines = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    pem = f"-----BEGIN PKCS7-----\n{lines}\n-----END PKCS7-----\n".encode()
    call = submission(XML, inputdata=b64encode(pem).decode(), signaturemethod="PKCS7")
    assert take_over(bank.desk(), call) == OK
    bank.set(signature_wrapping="strict")
    refused(bank, call, "signature_check_failed")


def test_a_signature_may_be_required(bank: Bank) -> None:
    bank.set(signature_required=True)
    (found,) = refused(bank, submission(XML), "signature_check_failed")
    assert found.at == "signaturemethod"
    assert send(bank, submission(XML, signature="valid")) == OK


def test_signed_data_without_a_method_are_no_xml(bank: Bank) -> None:
    call = submission(XML, inputdata=b64encode(signed(XML, LOGIN)).decode())
    assert take_over(bank.desk(), call).key == "invalid_xml_data"
    assert traces(bank) == EMPTY


def test_compression_is_around_the_signature(bank: Bank) -> None:
    """Data are signed, then compressed (process manual)."""
    inside = signed(COMPRESSIONS["GZIP"](XML), LOGIN)
    call = submission(
        XML,
        inputdata=b64encode(inside).decode(),
        zipmethod="GZIP",
        signaturemethod="PKCS7",
    )
    refused(bank, call, "decompression_failed")


@pytest.mark.parametrize(
    ("xml", "detail"),
    [
        (XML[:-12], "line "),
        (vydani(status="Nova-data"), 'line 6: Value "Nova-data" for attribute KOD of STATUS'),
        (vydani(encoding="utf-8", declared="windows-1250"), "line 4: Syntax of value"),
        (vydani(encoding="windows-1250", declared="utf-8"), "line 4: "),
        (b"<A/>", "line 1: the root element is A, not VYDANI"),
        (vydani(doctype="<!DOCTYPE VYDANI [<!ENTITY a 'b'>]>"), "declarations inside"),
    ],
)
def test_what_is_no_message(bank: Bank, xml: bytes, detail: str) -> None:
    bank.trail.findings[:] = []
    outcome = take_over(bank.desk(), submission(xml))
    ((kind, text),) = outcome.messages
    assert (outcome.key, kind) == ("invalid_xml_data", "error")
    assert text.startswith(f"XML dokument neodpovídá definici vydani.dtd: {detail}")
    (found,) = bank.trail.findings
    assert text.endswith(found.received)
    assert traces(bank) == EMPTY


@pytest.mark.parametrize("structure", ["refuse", "accept"])
def test_blocks_are_taken_over_and_left_to_processing(bank: Bank, structure: str) -> None:
    bank.set(block_structure=structure)
    assert send(bank, submission(vydani(blocks=["QUJD"]))) == OK
    assert [each.header.blocks for each in bank.register.messages()] == [True]
    assert len(bank.trail.notes) == (structure == "refuse")


# -- duplicates


def test_a_file_name_is_taken_once(bank: Bank) -> None:
    assert send(bank) == OK
    again = submission(vydani(number="900002"), username=LOGIN.lower())
    assert refused(bank, again, "duplicate_data") == [
        Finding("duplicate_data", "filename", received=f"{FILE} was taken over before.")
    ]
    assert send(bank, filename="ws9990900002.xml") == OK


def test_a_refused_message_leaves_its_file_name_free(bank: Bank) -> None:
    """As if it had not been sent (process manual)."""
    refused(bank, submission(XML, password="?"), "login_denied")
    assert send(bank, submission(b"?")).key == "invalid_xml_data"
    assert traces(bank) == EMPTY
    assert send(bank) == OK


def test_a_number_of_a_message_is_looked_at_off_line(bank: Bank) -> None:
    assert send(bank) == OK
    assert send(bank, filename="ws9990900002.xml") == OK


# -- the order

STAGES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("invalid_input_parameter", {"country": ""}),
    ("login_denied", {"password": "?"}),
    ("data_send_denied", {"username": "UZIV0003"}),
    ("severe", {}),
    ("decompression_failed", {"zipmethod": "GZIP"}),
    ("signature_check_failed", {"signaturemethod": "PKCS7"}),
    ("invalid_xml_data", {}),
    ("duplicate_data", {}),
)


@pytest.mark.parametrize("first", range(len(STAGES)))
def test_what_is_checked_earlier_wins(bank: Bank, first: int) -> None:
    """Everything is wrong from one check on."""
    keys = [key for key, _ in STAGES[first:]]
    assert send(bank) == OK
    xml = XML
    if "invalid_xml_data" in keys:
        xml = b"<A/>"
    if "severe" in keys:
        bank.set(maximum_request_bytes=1024)
        xml += b" " * 1024
    wrong = {name: value for _, changes in STAGES[first:] for name, value in changes.items()}
    before = traces(bank)
    assert take_over(bank.desk(), submission(xml, **wrong)).key == keys[0]
    assert traces(bank) == before


def test_every_code_is_reached() -> None:
    told = {key for key, _ in STAGES} | {"ok", "ok_with_warnings"}
    assert set(RAISED) == told


# -- languages


@pytest.mark.parametrize(
    ("language", "country", "default", "text"),
    [
        ("cs", "CZ", "en_US", "Přihlášení uživatele se nezdařilo."),
        ("en", "US", "cs_CZ", "Login failed."),
        ("de", "DE", "cs_CZ", "Přihlášení uživatele se nezdařilo."),
        ("de", "DE", "en_US", "Login failed."),
        ("cs", "US", "en_US", "Login failed."),
        ("en", "CZ", "cs_CZ", "Přihlášení uživatele se nezdařilo."),
        ("CS", "cz", "en_US", "Login failed."),
        ("en", "us", "cs_CZ", "Přihlášení uživatele se nezdařilo."),
        ("EN", "US", "cs_CZ", "Přihlášení uživatele se nezdařilo."),
        (" cs", "CZ", "en_US", "Login failed."),
    ],
)
def test_texts_are_in_the_callers_language(
    bank: Bank, language: str, country: str, default: str, text: str
) -> None:
    bank.set(default_locale=default)
    outcome = send(bank, language=language, country=country, password="?")
    assert outcome == Outcome("login_denied", (("error", text),))


def test_variable_parts_are_in_both_languages(bank: Bank) -> None:
    english = {"language": "en", "country": "US"}
    assert send(bank, filename="x", **english).messages == (
        ("error", "Invalid value of parameter filename."),
    )
    ((_, text),) = send(bank, submission(b"<A/>", **english)).messages
    assert text == (
        "XML document does not conform to vydani.dtd: line 1: the root element is A, not VYDANI"
    )
    assert send(bank, language=None, country="US", filename="x").messages == (
        ("error", "Neplatná hodnota parametru filename."),
        ("error", "Neplatná hodnota parametru language."),
    )


# -- remarks and warnings


def test_what_the_manual_does_not_want_is_noted_for_the_developer(bank: Bank) -> None:
    """Public messages have AUDIT, and were answered OK."""
    xml = vydani(audit="Data-před-auditem", remark="x", doctype="")
    assert send(bank, submission(xml)) == OK
    assert bank.trail.notes == [
        f"{name} is not as the programmer's manual wants it"
        for name in ("DOCTYPE", "AUDIT", "POZNAMKA")
    ]
    assert bank.trail.findings == []


def test_what_the_manual_does_not_want_may_be_a_warning(bank: Bank) -> None:
    bank.set(content_warnings=True)
    xml = vydani(audit="Data-před-auditem", remark="x")
    outcome = send(bank, submission(xml))
    assert outcome == Outcome(
        "ok_with_warnings",
        (
            ("warn", "Zpráva byla převzata s upozorněním: AUDIT"),
            ("warn", "Zpráva byla převzata s upozorněním: POZNAMKA"),
        ),
    )
    assert len(bank.register.messages(SUBJECT)) == 1
    assert send(bank, filename="ws9990000002.xml") == OK
