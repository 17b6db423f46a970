"""Receipts on their way: as observed, from a file, and sealed; read by the reference client."""

from base64 import b64decode
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
import requests
from asn1crypto import pem, x509  # type: ignore[import-untyped] # it ships no types
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from podatelna_client.ubyport import Facility, Filing, Guest, UbyportClient, read_receipt
from tests.sandboxes import PASSWORD, Sandbox

OBSERVED = Path(__file__).parents[1] / "ubyport" / "data" / "receipt.txt"
FACILITY = Facility(idub="2196201250000", abbreviation="TWS000", district="Praha-město")
DUPLICATE = "Záznam s hostem je duplicitní a byl již zpracován v jedné z předchozích dávek"

_FIRST = Guest(
    surname="Bonifác",
    given_name="Vozembouch",
    birth_date="27021958",
    nationality="ROU",
    document_number="RO3253031",
    visa_number="VZ878480",
    purpose=99,
    arrival=date(2025, 11, 1),
    departure=date(2027, 2, 13),
    residence="Timișoara, Piata Victoriei 40",
    note="Testovaci zamestnanec 1 - ROU",
)
OBSERVED_GUESTS = (
    _FIRST,
    replace(
        _FIRST, surname="Sarkofág", given_name="Veliký", birth_date="28041978",
        document_number="RO3253784", visa_number=None, arrival=date(2025, 11, 2),
        departure=date(2026, 12, 29), residence="Timișoara, Piata Victoriei 41",
        note="Testovaci zamestnanec 2 - ROU",
    ),
    replace(
        _FIRST, surname="Tomáš", given_name="Jasný", birth_date="03072003", nationality="SVK",
        document_number="SK236988", visa_number=None, arrival=date(2025, 10, 3),
        departure=date(2027, 2, 1), residence="Nadrazni 31, Bratislava",
        note="Testovaci zamestnanec 3 – SVK",
    ),
    replace(
        _FIRST, surname="Borka", given_name="Jorka", birth_date="01112001", nationality="UKR",
        document_number="UKR369852", visa_number="VZ625187", arrival=date(2025, 11, 24),
        departure=date(2026, 7, 16), residence="Ukrajina", note="Testovaci zamestnanec 4 – UKR",
    ),
    replace(
        _FIRST, surname="Sarka", given_name="Farka", birth_date="05061998", nationality="ALB",
        document_number="SVK987456", visa_number=None, arrival=date(2025, 11, 23),
        departure=date(2026, 2, 1), residence="Nadrazni 31, Bratislava",
        note="Testovaci zamestnanec 5 – ALB",
    ),
    replace(
        _FIRST, surname="Maluch", given_name="Polski", birth_date="06061990", nationality="POL",
        document_number="PL7210606", visa_number="VZ835911", arrival=date(2025, 10, 9),
        departure=date(2027, 1, 7), residence="Gdańsk, ul. Długa 19",
        note="Testovaci zamestnanec 6 - POL",
    ),
    replace(
        _FIRST, surname="Ihor", given_name="Kyrylov", birth_date="12082001", nationality="UKR",
        document_number="UKR639745", visa_number="VZ316874", arrival=date(2025, 11, 27),
        departure=date(2027, 5, 31), residence="Ukrajina", note="Testovaci zamestnanec 7 – UKR",
    ),
)  # fmt: skip
"""The made-up persons of the observed receipt, as they were sent."""


def text_of(document: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(document)).pages)


def words(text: str) -> list[list[str]]:
    """The rows with something in them, without what spaces are between the words."""
    return [row.split() for row in text.splitlines() if row.strip()]


def file(sandbox: Sandbox, *guests: Guest) -> Filing:
    """File at the test address for the facility of the observed receipt."""
    with UbyportClient(sandbox.url("test"), "uby-tws00002", PASSWORD, timeout=30) as client:
        return client.file_guests(FACILITY, guests)


def test_observed_receipt(sandbox: Sandbox) -> None:
    """The run of 29 November 2025: seven accepted and 207, one of them filed before (observed).

    Lateness is in the codes and not in the receipt; letters that the filter drops are in neither.
    """
    sandbox.freeze("2025-11-29T01:28:09Z")
    file(sandbox, OBSERVED_GUESTS[4])
    [batch] = file(sandbox, *OBSERVED_GUESTS).batches
    late = (112,)
    assert [each.codes for each in batch.guests] == [*[late] * 4, (112, 150), late, ()]
    assert 207 in batch.header_codes
    assert (batch.error_receipt, bool(batch.receipt)) == (None, True)
    observed = OBSERVED.read_text("utf-8").replace("UKAZKOVA", "UKÁZKOVÁ")
    expected = observed.replace("45F05079-C967-4013-A6BB-7333F0F8A557", str(batch.stamp))
    assert words(text_of(batch.receipt or b"")) == words(expected)


UNL = (
    "A|2|123456789012|VODPO|Hotel Pošta|tel: 261 197 135|Strakonice|Vodňany|Jinde|Alešova|26||"
    "38901|2026.03.04 04:31:26||\r\n"
    "U|03.03.2026|06.03.2026|VZOROVÁ|ŽOFIE||25.02.1974|||SVK|Žilina, Ukážková|321654|999|01||\r\n"
    "U|03.03.2026|06.03.2026|VZOROVÁ|ANNA||00.00.1950|||XXX|Žilina|123456|777|05||\r\n"
    "U|03.03.2026\r\n"
    "U|03.03.2026|06.03.2026|VZOROVÁ|ŽOFIE||25.02.1974|||SVK|Žilina|321654||01||poznámka\r\n"
)
NAME = "123456789012_2026_03_04_0431_vzor.unl"


def test_unl_import(sandbox: Sandbox) -> None:
    """Accepted, refused, no guest's record, and a duplicate; the receipt names user and file.

    The default world's production numbers findings on the header as the documents do.
    """
    told = sandbox.call("POST", "/ubyport/unl", params={"file": NAME}, data=UNL.encode("cp1250"))
    text = text_of(b64decode(told.pop("receipt")))
    stamp = told.pop("stamp")
    duplicate = {"error": "duplicate", "number": 150, "text": DUPLICATE}
    wrong = {"error": "nationality_wrong", "number": 107, "text": "Nekorektní státní občanství"}
    town_part = {
        "error": "header_town_part_wrong",
        "number": 9,
        "text": "Nekorektní název Část obce",
    }
    assert told == {
        "total": 3,
        "accepted": 1,
        "refused": 1,
        "duplicates": 1,
        "ignored": 1,
        "header": [town_part],
        "records": [[], [wrong], [duplicate]],
    }
    summary = read_receipt(text)
    assert (summary.user, summary.idub, summary.stamp) == ("ub0000002", "123456789012", stamp)
    assert (summary.total, summary.accepted, summary.refused, summary.ignored) == (3, 2, 1, 1)
    assert [each.text for each in summary.marked] == [wrong["text"], DUPLICATE]
    assert NAME in "".join(text.split())


def test_guest_of_a_file_is_a_duplicate_over_the_web_service(sandbox: Sandbox) -> None:
    """Both ways lead to the same register (Appendix 5: the same background)."""
    sandbox.call("POST", "/ubyport/unl", params={"file": NAME}, data=UNL.encode("cp1250"))
    facility = Facility(idub="123456789012", abbreviation="VODPO")
    same = Guest(
        surname="Vzorová",
        given_name="Žofie",
        birth_date=date(1974, 2, 25),
        nationality="SVK",
        document_number="321654",
        arrival=date(2026, 3, 3),
        departure=date(2026, 3, 6),
        purpose=1,
    )
    with UbyportClient(sandbox.url(), "uby-ws000002", PASSWORD, timeout=30) as client:
        filing = client.file_guests(facility, [same, replace(same, purpose=2)], want_pdf=False)
    assert [answer.codes for answer in filing.guests] == [(150,), ()]


@pytest.mark.parametrize("refused", [False, True], ids=["confirmation", "both documents"])
def test_sealed_receipt(sandbox: Sandbox, refused: bool) -> None:
    """By setting only (Q17): one certificate of the sandbox over each whole document."""
    sandbox.freeze("2025-11-29T01:28:09Z")
    sandbox.set(seal=True)
    second = replace(_FIRST, document_number="X" if refused else "RO3253032")
    [batch] = file(sandbox, _FIRST, replace(second, surname="Vzorov")).batches
    documents = [each for each in (batch.receipt, batch.error_receipt) if each]
    assert len(documents) == 1 + refused
    place = f"{sandbox.server}/_podatelna/sandboxes/{sandbox.name}/ubyport/seal-authority"
    answer = requests.get(place, timeout=30)
    root = x509.Certificate.load(pem.unarmor(answer.content)[2])
    for document in documents:
        [seal] = PdfFileReader(BytesIO(document)).embedded_signatures
        context = ValidationContext(
            trust_roots=[root], moment=seal.self_reported_timestamp, allow_fetching=False
        )
        status = validate_pdf_signature(seal, signer_validation_context=context)
        assert (status.intact, status.valid, status.trusted) == (True, True, True)
        assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
        assert read_receipt(text_of(document)).stamp == batch.stamp
