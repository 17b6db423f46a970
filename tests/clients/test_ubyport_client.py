"""The Ubyport client against a scripted server that plays the exchanges of the contract."""

import base64
from datetime import date

import pytest

from podatelna_client.ubyport import (
    BatchAnswer,
    Country,
    ErrorEntry,
    Facility,
    Filing,
    Guest,
    GuestAnswer,
    PartialDate,
    Purpose,
)

FACILITY = Facility(idub="100227887600", abbreviation="CZGFW")
STAMP = "F8EA613D-C8C5-4671-924D-EE4F8588E08D"
RECEIPT, ERROR_RECEIPT = b"%PDF-1.4 made up", b"%PDF-1.4 made up, of errors"


def guest(number: int) -> Guest:
    return Guest(
        surname="VZOROVÁ",
        given_name="ANNA",
        birth_date=PartialDate(1950),
        nationality="SVK",
        document_number=f"EA{number:06}",
        arrival=date(2026, 3, 2),
        departure=date(2026, 3, 4),
    )


def guests(number: int) -> list[Guest]:
    return [guest(each) for each in range(1, number + 1)]


def accepted(*those: Guest, stamp: str | None = None) -> BatchAnswer:
    return BatchAnswer((), tuple(GuestAnswer(each) for each in those), stamp)


def documents_sent(body: bytes) -> list[str]:
    """The document numbers in a request, which tell the guests apart."""
    return [part.split("<")[0] for part in body.decode().split("<d:cDocN>")[1:]]


def asked(operation: str, arguments: str = "") -> bytes:
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        f'<{operation} xmlns="http://UBY.pcr.cz/WS_UBY">'
        f"<AutentificationCode>X</AutentificationCode>{arguments}</{operation}>"
        "</s:Body></s:Envelope>"
    ).encode()


# --- the questions


@pytest.mark.parametrize(("result", "expected"), [("true", True), ("false", False), (" 1 ", True)])
def test_available(server, client, result, expected):
    server.play_result("TestDostupnosti", result)

    assert client.available() is expected
    assert server.bodies() == [asked("TestDostupnosti")]


def test_the_head_of_a_request(server, client):
    server.play_result("TestDostupnosti", "true")
    client.available()

    (request,) = server.received
    assert request.path == "/ws_uby_test/ws_uby.svc"
    assert request.headers["content-type"] == "text/xml; charset=utf-8"
    assert request.headers["soapaction"] == ('"http://UBY.pcr.cz/WS_UBY/IWS_UBY/TestDostupnosti"')
    assert request.headers["accept"] == "text/xml"


def test_max_list_length(server, client):
    server.play_result("MaximalniDelkaSeznamu", "32")

    assert client.max_list_length() == 32
    assert server.bodies() == [asked("MaximalniDelkaSeznamu")]


def test_countries(server, client):
    server.play_result(
        "DejMiCiselnik",
        "<a:CiselnikType><a:Id>104</a:Id><a:Kod2>AF</a:Kod2><a:Kod3>AFG</a:Kod3><a:PlatiDo />"
        "<a:PlatiOd /><a:TextCZ>Afghánská islámská republika</a:TextCZ>"
        "<a:TextENG>Afghanistan</a:TextENG><a:TextKratkyCZ>Afghánistán</a:TextKratkyCZ>"
        "<a:TextKratkyENG /></a:CiselnikType>"
        '<a:CiselnikType><a:Id>x</a:Id><a:Kod2 i:nil="true" /><a:Kod3>ZWE</a:Kod3>'
        "<a:PlatiDo>2030</a:PlatiDo><a:PlatiOd>1993</a:PlatiOd></a:CiselnikType>",
    )

    assert client.countries() == (
        Country(
            number=104,
            code2="AF",
            code3="AFG",
            name="Afghánská islámská republika",
            short_name="Afghánistán",
            english_name="Afghanistan",
        ),
        Country(
            number=0,
            code2="",
            code3="ZWE",
            name="",
            short_name="",
            english_name="",
            valid_from="1993",
            valid_to="2030",
        ),
    )
    assert server.bodies() == [asked("DejMiCiselnik", "<CoChci>Staty</CoChci>")]


def test_purposes(server, client):
    server.play_result(
        "DejMiCiselnik",
        "<a:CiselnikType><a:Id>0</a:Id><a:Kod2>00</a:Kod2><a:Kod3 /><a:PlatiDo /><a:PlatiOd />"
        "<a:TextCZ>00 - ZDRAVOTNÍ</a:TextCZ><a:TextENG /><a:TextKratkyCZ /><a:TextKratkyENG />"
        "</a:CiselnikType>",
    )

    (purpose,) = client.purposes()
    assert purpose == Purpose(code="00", text="00 - ZDRAVOTNÍ")
    assert purpose.number == 0
    assert server.bodies() == [asked("DejMiCiselnik", "<CoChci>UcelyPobytu</CoChci>")]


def book_row(key: str, text: str, severity: str) -> str:
    return (
        f"<a:CiselnikType><a:Id>0</a:Id><a:Kod2>{key}</a:Kod2><a:Kod3>{text}</a:Kod3><a:PlatiDo />"
        f"<a:PlatiOd /><a:TextCZ /><a:TextENG>INFORMACE</a:TextENG>"
        f"<a:TextKratkyCZ>{severity}</a:TextKratkyCZ><a:TextKratkyENG>Rada</a:TextKratkyENG>"
        "</a:CiselnikType>"
    )


def test_error_book(server, client):
    server.play_result(
        "DejMiCiselnik",
        book_row("ERR_CZE_112", "Oznámeno pozdě", "0") + book_row("ERR_X", "Nic", ""),
    )
    common = {"label": "INFORMACE", "instruction": "Rada"}

    assert client.error_book() == (
        ErrorEntry(key="ERR_CZE_112", code=112, text="Oznámeno pozdě", severity=0, **common),
        ErrorEntry(key="ERR_X", code=None, text="Nic", severity=None, **common),
    )
    assert server.bodies() == [asked("DejMiCiselnik", "<CoChci>Chyby</CoChci>")]


def test_filings_are_judged_by_the_book_once_it_was_read(server, client):
    server.play_filing(";112;160;")
    server.play_result(
        "DejMiCiselnik", book_row("ERR_CZE_112", "a", "6") + book_row("ERR_CZE_160", "b", "2")
    )
    server.play_filing(";112;160;", ";160;", ";106;")

    before = client.file_guests(FACILITY, guests(1))
    client.error_book()
    after = client.file_guests(FACILITY, guests(3))

    assert [answer.severity for answer in before.guests] == [None]
    # What the book leaves out keeps its default.
    assert [answer.severity for answer in after.guests] == [6, 2, 4]


# --- one filing


def test_a_filing_as_it_goes_out(server, client):
    server.play_filing(";")
    facility = Facility(
        idub="2016201258899",
        abbreviation="AAKLI",
        name="Penzion <U Lípy>",
        contact="recepce@example.cz",
        district="Praha",
        town="Praha",
        town_part="Nusle",
        street="Ukázková",
        house_number="123",
        orientation_number="4a",
        postal_code="14000",
    )
    whole = Guest(
        surname="O'Neill-Ždárský",
        given_name="Jöhn",
        birth_date=date(1980, 2, 1),
        nationality="IRL",
        document_number="PA123456",
        visa_number="V1",
        arrival=date(2026, 3, 2),
        departure=date(2026, 3, 4),
        purpose=7,
        residence="Dublin & okolí",
        note="",
    )
    client.file_guests(facility, [whole], want_pdf=False)

    header = (
        '<Seznam xmlns:d="http://schemas.datacontract.org/2004/07/WS_UBY" '
        'xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><d:Ubytovani><d:Ubytovany>'
        "<d:cDate>01021980</d:cDate><d:cDocN>PA123456</d:cDocN><d:cFirstN>Jöhn</d:cFirstN>"
        "<d:cFrom>2026-03-02T00:00:00</d:cFrom><d:cNati>IRL</d:cNati><d:cNote></d:cNote>"
        '<d:cPlac i:nil="true"/><d:cPurp>7</d:cPurp><d:cResi>Dublin &amp; okolí</d:cResi>'
        '<d:cSpz i:nil="true"/><d:cSurN>O\'Neill-Ždárský</d:cSurN>'
        "<d:cUntil>2026-03-04T00:00:00</d:cUntil><d:cVisN>V1</d:cVisN></d:Ubytovany>"
        "</d:Ubytovani><d:VracetPDF>false</d:VracetPDF><d:uCont>recepce@example.cz</d:uCont>"
        "<d:uHomN>123</d:uHomN><d:uIdub>2016201258899</d:uIdub><d:uMark>AAKLI</d:uMark>"
        "<d:uName>Penzion &lt;U Lípy&gt;</d:uName><d:uOb>Praha</d:uOb><d:uObCa>Nusle</d:uObCa>"
        "<d:uOkr>Praha</d:uOkr><d:uOriN>4a</d:uOriN><d:uPsc>14000</d:uPsc>"
        "<d:uStr>Ukázková</d:uStr></Seznam>"
    )
    assert server.bodies() == [asked("ZapisUbytovane", header)]
    assert server.received[0].headers["soapaction"] == (
        '"http://UBY.pcr.cz/WS_UBY/IWS_UBY/ZapisUbytovane"'
    )


def test_what_is_not_known_goes_out_as_null(server, client):
    server.play_filing(";")
    client.file_guests(FACILITY, guests(1))

    sent = server.bodies()[0].decode()
    assert sent.count(' i:nil="true"/>') == 15
    assert "<d:VracetPDF>true</d:VracetPDF>" in sent


def test_the_answer_that_the_contract_prints(server, client):
    server.play(
        b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header /><s:Body>\n'
        b'  <ZapisUbytovaneResponse xmlns="http://UBY.pcr.cz/WS_UBY">\n    <ZapisUbytovaneResult '
        b'xmlns:a="http://schemas.datacontract.org/2004/07/WS_UBY" '
        b'xmlns:i="http://www.w3.org/2001/XMLSchema-instance">\n'
        b"      <a:ChybyHlavicky>5;6;7;8;9;10;11;12;13;</a:ChybyHlavicky>\n      <a:ChybyZaznamu "
        b'xmlns:b="http://schemas.microsoft.com/2003/10/Serialization/Arrays">\n'
        b"        <b:string>;112;106;</b:string>\n      </a:ChybyZaznamu>\n"
        b"    </ZapisUbytovaneResult>\n  </ZapisUbytovaneResponse>\n</s:Body></s:Envelope>"
    )

    filing = client.file_guests(FACILITY, [guest(1)])

    answer = GuestAnswer(guest(1), (112, 106), 4)
    assert filing == Filing((BatchAnswer((5, 6, 7, 8, 9, 10, 11, 12, 13), (answer,)),))
    assert (filing.guests, filing.accepted, filing.refused) == ((answer,), (), (answer,))


def in_lines(document: bytes) -> str:
    text = base64.b64encode(document).decode()
    return "\r\n  ".join(text[start : start + 8] for start in range(0, len(text), 8))


@pytest.mark.parametrize("spelling", ["PseudoRazitko", "PseudoRazirko"])
def test_receipts_and_stamp(server, client, spelling):
    server.play_filing(
        ";",
        more=f"<a:DokumentChybyPotvrzeni>{in_lines(ERROR_RECEIPT)}</a:DokumentChybyPotvrzeni>"
        f"<a:DokumentPotvrzeni>{in_lines(RECEIPT)}</a:DokumentPotvrzeni>"
        f"<a:{spelling}>{STAMP}</a:{spelling}>",
    )

    answer = client.file_batch(FACILITY, [guest(1)])

    assert answer == BatchAnswer((), (GuestAnswer(guest(1)),), STAMP, RECEIPT, ERROR_RECEIPT)


@pytest.mark.parametrize("form", ['<a:{} i:nil="true" />', "<a:{} />", "<a:{}> </a:{}>", ""])
def test_no_receipt(server, client, form):
    names = ("DokumentChybyPotvrzeni", "DokumentPotvrzeni")
    server.play_filing(";", more="".join(form.replace("{}", name) for name in names))

    assert client.file_batch(FACILITY, [guest(1)]) == accepted(guest(1))


def test_a_damaged_receipt_does_not_cost_the_answers(server, client):
    server.play_filing(";106;", more="<a:DokumentPotvrzeni>JVBERi0xLjQK*</a:DokumentPotvrzeni>")

    assert client.file_batch(FACILITY, [guest(1)]) == BatchAnswer(
        (), (GuestAnswer(guest(1), (106,), 4),), damaged=("DokumentPotvrzeni",)
    )


@pytest.mark.parametrize(
    ("codes", "severity", "verdict"),
    [
        (";", 0, "accepted"),
        (";112;", 0, "accepted late"),
        (";111;", 1, "accepted"),
        (";106;", 4, "refused"),
        (";112;101;", 4, "refused late"),
        (";150;", 4, "refused duplicate"),
        (";112;150;", 4, "refused late duplicate"),
        (";999;", None, ""),
        (";112;999;", None, "late"),
        (";999;106;", 4, "refused"),
    ],
)
def test_what_codes_mean(server, client, codes, severity, verdict):
    server.play_filing(codes)

    (answer,) = client.file_batch(FACILITY, [guest(1)]).guests

    words = ("accepted", "refused", "late", "duplicate")
    assert answer.severity == severity
    assert " ".join(word for word in words if getattr(answer, word)) == verdict


def test_severity_3_is_neither():
    answer = GuestAnswer(guest(1), (160,), 3)

    assert (answer.accepted, answer.refused) == (False, False)


# --- many guests


@pytest.mark.parametrize(
    ("number", "lengths"), [(0, []), (1, [1]), (32, [32]), (33, [32, 1]), (64, [32, 32])]
)
def test_many_guests_go_in_batches(server, client, number, lengths):
    everyone = guests(number)
    for length in lengths:
        server.play_filing(*[";"] * length)

    filing = client.file_guests(FACILITY, iter(everyone))

    assert [len(batch.guests) for batch in filing.batches] == lengths
    assert filing.guests == tuple(GuestAnswer(each) for each in everyone)
    assert [documents_sent(body) for body in server.bodies()] == [
        [each.document_number for each in everyone[start : start + 32]]
        for start in range(0, number, 32)
    ]


def test_batches_are_as_long_as_the_service_said(server, client):
    server.play_result("MaximalniDelkaSeznamu", "2")
    server.play_filing(";", ";112;")
    server.play_filing(";106;", header="207;")

    client.max_list_length()
    filing = client.file_guests(FACILITY, guests(3))

    assert filing == Filing(
        (
            BatchAnswer((), (GuestAnswer(guest(1)), GuestAnswer(guest(2), (112,), 0))),
            BatchAnswer((207,), (GuestAnswer(guest(3), (106,), 4),)),
        )
    )


def test_one_batch_is_sent_as_long_as_it_is(server, client):
    server.play_filing(*[";"] * 33)
    server.play_filing()

    assert client.file_batch(FACILITY, guests(33)) == accepted(*guests(33))
    assert client.file_batch(FACILITY, []) == accepted()
    assert [len(documents_sent(body)) for body in server.bodies()] == [33, 0]


def test_batches_share_a_connection(server, client):
    for length in (32, 32, 1):
        server.play_filing(*[";"] * length)

    client.file_guests(FACILITY, guests(65))

    assert [request.connection for request in server.received] == [0, 0, 0]


# --- receipts on disk


def saved(*batches: BatchAnswer) -> Filing:
    return Filing(batches)


def test_receipts_are_saved_under_their_stamps(tmp_path):
    filing = saved(
        BatchAnswer((), (), STAMP, RECEIPT, ERROR_RECEIPT),
        BatchAnswer((), (), None, b"second"),
        BatchAnswer((), (), "../../etc/passwd", b"third"),
        BatchAnswer((), (), STAMP),
    )
    folder = tmp_path / "new" / "receipts"

    paths = filing.save_receipts(folder)

    assert {path: path.read_bytes() for path in paths} == {
        folder / f"receipt-{STAMP}.pdf": RECEIPT,
        folder / f"receipt-{STAMP}-errors.pdf": ERROR_RECEIPT,
        folder / "receipt.pdf": b"second",
        folder / "receipt-2.pdf": b"third",
    }
    assert sorted(folder.iterdir()) == sorted(paths)


def test_saving_again_overwrites_nothing(tmp_path):
    first = saved(BatchAnswer((), (), STAMP, b"first"))
    other = saved(BatchAnswer((), (), STAMP, b"other"))

    paths = [*first.save_receipts(tmp_path), *other.save_receipts(str(tmp_path))]

    assert first.save_receipts(tmp_path) == (paths[0],)
    assert other.save_receipts(tmp_path) == (paths[1],)
    assert [path.name for path in paths] == [f"receipt-{STAMP}.pdf", f"receipt-{STAMP}-2.pdf"]
    assert [path.read_bytes() for path in paths] == [b"first", b"other"]
