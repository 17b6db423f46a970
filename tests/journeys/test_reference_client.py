"""The reference client against the emulator: two programs that share nothing but the contract."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

import pypdf
import pytest

from podatelna_client.ubyport import (
    Facility,
    FaultKind,
    Filing,
    Guest,
    LoginRefused,
    OutcomeUnknown,
    ReceiptSummary,
    ServiceFault,
    UbyportClient,
    read_receipt,
)
from tests.sandboxes import PASSWORD, Sandbox

TODAY = date(2026, 3, 4)
FACILITY = Facility(
    idub="2016201258899",
    abbreviation="AAKLI",
    name="TEST WS - Zkušebna s.r.o.",
    contact="vyvoj@zkusebna.example",
    district="Praha",
    town="Praha",
    town_part="Karlín",
    street="Zkušební",
    house_number="50",
    orientation_number="2a",
    postal_code="18600",
)
FULL = 32

Connect = Callable[..., UbyportClient]


@pytest.fixture
def connect(sandbox: Sandbox) -> Iterator[Connect]:
    """Opens clients: login, environment and password."""
    with ExitStack() as stack:

        def make(
            login: str = "uby-tws00001", environment: str = "test", password: str = PASSWORD
        ) -> UbyportClient:
            url = sandbox.url(environment)
            return stack.enter_context(UbyportClient(url, login, password, timeout=30))

        yield make


@pytest.fixture
def client(connect: Connect) -> UbyportClient:
    return connect()


def guest(number: int = 1, **changed: object) -> Guest:
    fields: dict[str, object] = {
        "surname": "Vzorová",
        "given_name": "Anna",
        "birth_date": date(1975, 2, 1),
        "nationality": "SVK",
        "document_number": f"EA{number:06}",
        "arrival": TODAY - timedelta(days=1),
        "departure": TODAY + timedelta(days=2),
        "purpose": 10,
    }
    return Guest(**(fields | changed))  # type: ignore[arg-type] # fields of several types by name


def guests(count: int) -> list[Guest]:
    return [guest(number) for number in range(1, count + 1)]


def codes(filing: Filing) -> list[tuple[int, ...]]:
    return [answer.codes for answer in filing.guests]


def documents(sandbox: Sandbox) -> list[str]:
    """The document numbers that the register holds."""
    return sorted(stay["document_number"] for stay in sandbox.stays())


def text_of(path: Path) -> str:
    """A receipt's text, page after page."""
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


# --- questions


def test_questions(client: UbyportClient) -> None:
    assert client.available() is True
    assert client.max_list_length() == FULL
    states = {country.code3: country.short_name for country in client.countries()}
    assert (len(states), states["DEU"], "CZE" in states) == (256, "Německo", False)
    purposes = {purpose.number: purpose.text for purpose in client.purposes()}
    assert (len(purposes), purposes[99]) == (17, "99 - OSTATNÍ / JINÉ")
    severities = {entry.code: entry.severity for entry in client.error_book()}
    assert (severities[106], severities[111], severities[112], severities[150]) == (4, 1, 0, 4)


# --- filing


def test_seventy_guests(client: UbyportClient, sandbox: Sandbox, tmp_path: Path) -> None:
    """Three requests of at most 32, one signed-in connection, three receipts."""
    everyone = guests(70)
    filing = client.file_guests(FACILITY, everyone)
    assert [answer.guest for answer in filing.accepted] == everyone
    assert [len(batch.guests) for batch in filing.batches] == [32, 32, 6]
    assert [batch.header_codes for batch in filing.batches] == [(), (), ()]
    assert documents(sandbox) == sorted(str(each.document_number) for each in everyone)
    assert [exchange["status"] for exchange in sandbox.journal()] == [401, 401, 200, 200, 200]
    paths = filing.save_receipts(tmp_path)
    assert [path.name for path in paths] == [f"receipt-{each.stamp}.pdf" for each in filing.batches]
    counts = [read_receipt(text_of(path)).accepted for path in paths]
    assert counts == [32, 32, 6]


def test_mixed_batch_and_its_receipts(
    client: UbyportClient, sandbox: Sandbox, tmp_path: Path
) -> None:
    """Accepted, late, refused, refused twice over, and filed before."""
    client.file_guests(FACILITY, [guest(9)], want_pdf=False)
    batch = [
        guest(1),
        guest(2, arrival=date(2026, 2, 26), departure=TODAY),
        guest(3, document_number="X"),
        guest(4, nationality="D", purpose=20),
        guest(9, note="Not compared"),
    ]
    filing = client.file_guests(FACILITY, batch)
    assert codes(filing) == [(), (112,), (106,), (107, 110), (150,)]
    assert [answer.guest for answer in filing.accepted] == batch[:2]
    assert [answer.late for answer in filing.guests] == [False, True, False, False, False]
    assert [answer.duplicate for answer in filing.refused] == [False, False, True]
    assert documents(sandbox) == ["EA000001", "EA000002", "EA000009"]

    [answered] = filing.batches
    receipt, errors = filing.save_receipts(tmp_path)
    marked = [
        (False, 1, "Nekorektní číslo cestovního dokladu"),
        (False, 2, "Nekorektní státní občanství"),
        (True, 3, "Záznam s hostem je duplicitní a byl již zpracován v jedné z předchozích dávek"),
    ]
    summary = read_receipt(text_of(receipt))
    assert [(each.accepted, each.number, each.text) for each in summary.marked] == marked
    assert summary == ReceiptSummary(
        idub="2016201258899",
        abbreviation="AAKLI",
        delivered=summary.delivered,
        user="UBY-WS_AAKLI",
        total=5,
        ignored=0,
        refused=2,
        accepted=3,
        stamp=str(answered.stamp),
        marked=summary.marked,
    )
    assert summary.delivered.isoformat() == "2026-03-04T09:00:00+01:00"
    assert [each.text for each in read_receipt(text_of(errors)).marked] == [
        text for accepted, _, text in marked if not accepted
    ]


def test_header_differs_from_the_registration(client: UbyportClient) -> None:
    """Informative on the test service of 2025: 207 was seen, and the data were stored."""
    lies = Facility(idub="2016201258899", abbreviation="AAKLI", district="Jinde", contact="x")
    [batch] = client.file_guests(lies, [guest()], want_pdf=False).batches
    assert batch.header_codes == (205, 206, 207, 208, 209, 210, 211, 212, 213)
    assert batch.guests[0].accepted


def test_resend_comes_back_as_duplicates(client: UbyportClient, sandbox: Sandbox) -> None:
    everyone = guests(40)
    client.file_guests(FACILITY, everyone, want_pdf=False)
    again = client.file_guests(FACILITY, everyone, want_pdf=False)
    assert [answer.duplicate for answer in again.guests] == [True] * 40
    assert len(sandbox.stays()) == 40


# --- failures


@pytest.mark.parametrize(
    ("facility", "count", "kind", "text"),
    [
        (FACILITY, 0, FaultKind.EMPTY_LIST, "Seznam ubytovaných je prázdný"),
        (FACILITY, 33, FaultKind.REFUSED, "Seznam ubytovaných překračuje maximální délku 32"),
        (
            Facility(idub="2196201250000", abbreviation="TWS000"),
            1,
            FaultKind.REFUSED,
            "Nekorektní IDUB nebo IDUB nepatří přihlášenému uživateli",
        ),
        (
            Facility(idub="2016201258899", abbreviation="TWS000"),
            1,
            FaultKind.REFUSED,
            "Nekorektní zkratka nebo zkratka nepatří k uvedenému IDUB",
        ),
        (
            Facility(idub="2016201258899", abbreviation=""),
            1,
            FaultKind.CRASHED,
            "Server was unable to process request. ---> Length cannot be less than zero.\n"
            "Parameter name: length",
        ),
    ],
)
def test_fault(
    client: UbyportClient, facility: Facility, count: int, kind: FaultKind, text: str
) -> None:
    with pytest.raises(ServiceFault) as caught:
        client.file_batch(facility, guests(count))
    fault = caught.value
    assert (fault.kind, fault.faultcode, fault.faultstring) == (kind, "s:Chyba běhu programu", text)
    assert fault.batch == tuple(guests(count))


@pytest.mark.parametrize(
    ("login", "password"),
    [("uby-tws00001", "Heslo-4321"), ("uby-tws0blok", PASSWORD), ("uby-ws000001", PASSWORD)],
)
def test_bad_login(connect: Connect, login: str, password: str) -> None:
    with pytest.raises(LoginRefused) as caught:
        connect(login, password=password).file_guests(FACILITY, guests(2))
    assert (caught.value.batch, caught.value.filing) == (tuple(guests(2)), Filing())


def test_account_blocked_on_the_way(client: UbyportClient, sandbox: Sandbox) -> None:
    """The test service blocks who reports too many persons a day (Operating Rules 12.4)."""
    sandbox.set(test_persons_a_day=40)
    everyone = guests(100)
    with pytest.raises(LoginRefused) as caught:
        client.file_guests(FACILITY, everyone, want_pdf=False)
    assert [answer.guest for answer in caught.value.filing.accepted] == everyone[:64]
    assert caught.value.batch == tuple(everyone[64:96])
    assert caught.value.unsent == tuple(everyone[96:])
    assert len(sandbox.stays()) == 64


LOST: dict[str, dict[str, object]] = {
    "reset": {},
    "empty": {},
    "status": {"code": 503},
    "garble": {"at": 200},
    "cut": {"after_bytes": 100},
}
"""Kinds of trouble, with their options."""


@pytest.mark.parametrize("kind", LOST)
def test_answer_is_lost(client: UbyportClient, sandbox: Sandbox, kind: str) -> None:
    """The agency has filed and the caller cannot know; duplicates tell him."""
    client.available()
    sandbox.disrupt(kind, "after", **LOST[kind])
    with pytest.raises(OutcomeUnknown) as caught:
        client.file_guests(FACILITY, guests(3), want_pdf=False)
    assert caught.value.batch == tuple(guests(3))
    assert len(sandbox.stays()) == 3
    assert sandbox.last()["notes"] == [f"disruption {kind} after the agency acted"]
    again = client.file_guests(FACILITY, caught.value.batch, want_pdf=False)
    assert codes(again) == [(150,)] * 3
    assert len(sandbox.stays()) == 3


@pytest.mark.parametrize("kind", ["reset", "empty", "status", "garble", "cut"])
def test_call_never_arrives(client: UbyportClient, sandbox: Sandbox, kind: str) -> None:
    """For the caller it is the same; only the register knows that nothing was filed."""
    client.available()
    sandbox.disrupt(kind, "before", **LOST[kind])
    with pytest.raises(OutcomeUnknown) as caught:
        client.file_guests(FACILITY, guests(3), want_pdf=False)
    assert sandbox.stays() == []
    assert sandbox.last()["notes"] == [f"disruption {kind} before the agency acted"]
    again = client.file_guests(FACILITY, caught.value.batch, want_pdf=False)
    assert codes(again) == [()] * 3
    assert len(sandbox.stays()) == 3


def test_answer_is_lost_between_batches(client: UbyportClient, sandbox: Sandbox) -> None:
    """What was answered before the failure stays answered, what comes after was not sent."""
    everyone = guests(70)
    first = client.file_guests(FACILITY, everyone[:FULL], want_pdf=False)
    sandbox.disrupt("reset", "after")
    with pytest.raises(OutcomeUnknown) as caught:
        client.file_guests(FACILITY, everyone[FULL:], want_pdf=False)
    failed = caught.value
    assert (failed.batch, failed.unsent) == (tuple(everyone[32:64]), tuple(everyone[64:]))
    rest = client.file_guests(FACILITY, [*failed.batch, *failed.unsent], want_pdf=False)
    assert codes(rest) == [(150,)] * 32 + [()] * 6
    assert len(first.accepted) + len(rest.guests) == len(sandbox.stays()) == 70
