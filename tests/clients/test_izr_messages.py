"""What the IZR client sends: envelopes, payloads, and values that cannot be written."""

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from podatelna_client.izr import (
    GOATS,
    SHEEP,
    Carrier,
    Event,
    EventReport,
    InvalidInput,
    IzrClient,
    Move,
    MovedAnimal,
    key_hash,
    sign,
)
from tests.clients.epo import HOLDING, KEY, NAMES, PATH, VOKO, Epo, plain

VECTOR = Path(__file__).parent / "data" / "izr" / "vector1_compact.xml"
PAYLOADS = Path(__file__).parents[2] / "contracts" / "izr" / "payload"
TAG = "CZ0000012345126"
DAY = date(2025, 5, 2)
MOVE = Move(
    holding=HOLDING,
    identity_card="123456789",
    animals=(MovedAnimal(tag=TAG, species=SHEEP, moved=DAY),),
)
WHOLE_MOVE = Move(
    holding=HOLDING,
    stable="01",
    identity_card="123456789",
    street="Hlavní",
    house_number="1",
    town="Mělník",
    town_part="Pšovka",
    postal_code="27601",
    animals=(
        MovedAnimal(tag=TAG, species=SHEEP, moved=DAY),
        MovedAnimal(tag="CZ0000012345186", species=GOATS, moved=DAY),
    ),
)
EVENTS = EventReport(
    holding=HOLDING,
    stable="01",
    events=(
        Event(tag=TAG, code=70, day=DAY, holding="8765432101", carrier=Carrier(registration="1")),
        Event(
            tag="CZ0000012345127",
            code=80,
            day=DAY,
            country="SVK",
            mother=TAG,
            carrier=Carrier(first_name="A", last_name="B", number_plate="1A1", on_foot=False),
        ),
    ),
)
ANIMALS = [(TAG, SHEEP), ("CZ0000012345186", GOATS)]

Asked = Callable[[IzrClient], Any]
# Service, whether it is signed, the call, and what it must send.
CALLS: dict[str, tuple[str, bool, Asked, list[Any]]] = {
    "verify_move": (
        "IZR_ODH01B",
        True,
        lambda client: client.verify_move(MOVE),
        [
            ("JenOverit", "true"),
            (
                "HLASENI",
                [
                    ("PROVOZOVNA", HOLDING),
                    ("CISLOOP", "123456789"),
                    (
                        "ZVIRATA",
                        [
                            (
                                "ZVIRE",
                                [
                                    ("USNIZNAMKA", TAG),
                                    ("DRUH", "OVC"),
                                    ("DATUMPREMISTENI", "2025-05-02T00:00:00"),
                                ],
                            )
                        ],
                    ),
                ],
            ),
        ],
    ),
    "submit_move": (
        "IZR_ODH01B",
        True,
        lambda client: client.submit_move(WHOLE_MOVE, "a@b.cz"),
        [
            ("JenOverit", "false"),
            ("EMAIL", "a@b.cz"),
            (
                "HLASENI",
                [
                    ("PROVOZOVNA", HOLDING),
                    ("STAJ", "01"),
                    ("CISLOOP", "123456789"),
                    ("ULICE", "Hlavní"),
                    ("CISLO", "1"),
                    ("OBEC", "Mělník"),
                    ("CASTOBCE", "Pšovka"),
                    ("PSC", "27601"),
                    (
                        "ZVIRATA",
                        [
                            (
                                "ZVIRE",
                                [
                                    ("USNIZNAMKA", tag),
                                    ("DRUH", species),
                                    ("DATUMPREMISTENI", "2025-05-02T00:00:00"),
                                ],
                            )
                            for tag, species in ANIMALS
                        ],
                    ),
                ],
            ),
        ],
    ),
    "verify_events": (
        "IZR_OZO01A",
        True,
        lambda client: client.verify_events(
            SHEEP, EventReport(holding=HOLDING, events=(Event(tag=TAG),))
        ),
        [
            (
                "ZasilaneHlaseni",
                [("Provozovna", HOLDING), ("Hlaseni", [("UsniZnamka", TAG)])],
            ),
            ("JenOverit", "true"),
        ],
    ),
    "submit_events": (
        "IZR_OZK01A",
        True,
        lambda client: client.submit_events(GOATS, EVENTS, "a@b.cz"),
        [
            (
                "ZasilaneHlaseni",
                [
                    ("Provozovna", HOLDING),
                    ("Staj", "01"),
                    (
                        "Hlaseni",
                        [
                            ("Provozovna", "8765432101"),
                            ("KodPohybu", "70"),
                            ("Datum", "2025-05-02T00:00:00"),
                            ("UsniZnamka", TAG),
                            ("Dopravce", [("RegCisloDopravce", "1")]),
                        ],
                    ),
                    (
                        "Hlaseni",
                        [
                            ("Zeme", "SVK"),
                            ("KodPohybu", "80"),
                            ("Datum", "2025-05-02T00:00:00"),
                            ("UsniZnamka", "CZ0000012345127"),
                            ("Matka", TAG),
                            (
                                "Dopravce",
                                [
                                    ("Jmeno", "A"),
                                    ("Prijmeni", "B"),
                                    ("ZnackaVozidla", "1A1"),
                                    ("Pesi", "false"),
                                ],
                            ),
                        ],
                    ),
                ],
            ),
            ("JenOverit", "false"),
            ("EMAIL", "a@b.cz"),
        ],
    ),
    "logs": (
        "IZR_CHIZZ01B",
        True,
        lambda client: client.logs(date(2025, 5, 1)),
        [
            ("DATUMOD", "2025-05-01T00:00:00"),
            ("DATUMDO", "2025-05-02T23:59:59"),
            ("GETDATA", "true"),
        ],
    ),
    "last_change_of_logs": (
        "IZR_CHIZZ01B",
        True,
        lambda client: client.last_change_of_logs(
            datetime(2025, 4, 30, 22, tzinfo=UTC), date(2025, 5, 31), HOLDING, SHEEP
        ),
        [
            ("PROVOZOVNA", HOLDING),
            ("DRUH", "OVC"),
            ("DATUMOD", "2025-05-01T00:00:00"),
            ("DATUMDO", "2025-05-31T23:59:59"),
            ("GETDATA", "false"),
        ],
    ),
    "animals": (
        "IZR_GAZ01B",
        True,
        lambda client: client.animals(HOLDING, SHEEP, DAY, False),
        [
            ("SZRID", "1000000001"),
            ("PROVOZOVNA", HOLDING),
            ("DRUH", "OVC"),
            ("GETDATA", "true"),
            ("DATUM", "2025-05-02T00:00:00"),
            ("KATEGORIEAEO", "false"),
        ],
    ),
    "last_change_of_animals": (
        "IZR_GAZ01B",
        True,
        lambda client: client.last_change_of_animals(),
        [("SZRID", "1000000001"), ("GETDATA", "false")],
    ),
    "animal_details": (
        "IZR_ZVI01A",
        True,
        lambda client: client.animal_details(ANIMALS, ["Zaklad", "Polohy"]),
        [
            ("TYPDATA", [("TYP", "Zaklad")]),
            ("TYPDATA", [("TYP", "Polohy")]),
            ("USNIZNAMKY", [("USNIZNAMKA", TAG), ("DRUHZVIRETE", "OVC")]),
            ("USNIZNAMKY", [("USNIZNAMKA", "CZ0000012345186"), ("DRUHZVIRETE", "KOZ")]),
        ],
    ),
    "ordered_tags": (
        "IZR_OUZ01A",
        True,
        lambda client: client.ordered_tags(HOLDING, SHEEP, DAY, DAY),
        [
            ("Provozovna", HOLDING),
            ("Druh", "OVC"),
            ("DatumOd", "2025-05-02T00:00:00"),
            ("DatumDo", "2025-05-02T00:00:00"),
        ],
    ),
    "holdings": (
        "IZR_PRO01B",
        False,
        lambda client: client.holdings("J", "X", "20"),
        [("STAVPROVOZOVNY", "X"), ("TYPPROVOZOVNY", "J"), ("KODKRAJE", "20")],
    ),
    "changed_holdings": (
        "IZR_PRO01A",
        False,
        lambda client: client.changed_holdings(DAY),
        [
            ("GETDATA", "true"),
            ("DATUM", "2025-05-02T00:00:00"),
            ("STAVPROVOZOVNY", "A"),
            ("TYPPROVOZOVNY", "H"),
        ],
    ),
    "last_change_of_holdings": (
        "IZR_PRO01A",
        False,
        lambda client: client.last_change_of_holdings(),
        [("GETDATA", "false"), ("STAVPROVOZOVNY", "A"), ("TYPPROVOZOVNY", "H")],
    ),
    "code_lists": ("IZR_GCZ01A", False, lambda client: client.code_lists(), None),  # type: ignore[dict-item] # an empty payload has no members
    "code_list": (
        "IZR_GCZ01A",
        False,
        lambda client: client.code_lists("POHLAVI"),
        [("CISELNIK", "POHLAVI")],
    ),
}
_TRUE = ("IZR_ODH01B", "IZR_OZO01A", "IZR_OZK01A")


def asked(epo: Epo, name: str) -> None:
    service, _, ask, _ = CALLS[name]
    epo.play(service, "<R>true</R>" if service in _TRUE else "")
    ask(epo.client())


@pytest.mark.parametrize("name", CALLS)
def test_each_call_sends_one_request_to_its_service(epo: Epo, name: str) -> None:
    asked(epo, name)
    service, signed, _, sent = CALLS[name]
    (request,) = epo.server.received
    assert (request.method, request.path) == ("POST", PATH)
    assert request.headers["content-type"] == "text/xml; charset=utf-8"
    assert request.headers["soapaction"] == '"process"'
    assert "authorization" not in request.headers
    assert epo.found("@vOKOid") == [service]
    assert epo.payload.tag == f"{{http://www.pds.eu/{service}}}Request"
    assert epo.plain() == sent
    assert len(epo.sent.xpath("s:Header/w:Token", namespaces=NAMES)) == signed


@pytest.mark.parametrize("name", CALLS)
def test_each_payload_fits_the_schema_of_the_contract(epo: Epo, name: str) -> None:
    asked(epo, name)
    service = CALLS[name][0]
    text = (PAYLOADS / f"{service}.xsd").read_text(encoding="utf-8")
    filled = {
        "namespace": f"http://www.pds.eu/{service}",
        "service": service,
        "result_element": "Result",
    }
    schema = etree.XMLSchema(
        etree.fromstring(re.sub(r"{(\w+)}", lambda found: filled[found[1]], text).encode())
    )
    schema.assertValid(etree.fromstring(etree.tostring(epo.payload)))


@pytest.mark.parametrize("name", [name for name, call in CALLS.items() if not call[1]])
def test_public_services_get_nothing_but_the_payload(epo: Epo, name: str) -> None:
    asked(epo, name)
    assert [etree.QName(child).localname for child in epo.found("*")] == ["RequestContent"]


def test_the_envelope_of_a_signed_request(epo: Epo) -> None:
    epo.play_true()
    epo.client(application=("farm", "2.1")).verify_move(MOVE)
    (request,) = epo.found(".")
    assert plain(request)[:4] == [
        ("UIDkey", None),
        ("TimeStamp", "2025-05-02T08:00:00+02:00"),
        ("AppInfo", [("AppModule", None)]),
        ("RequestHeader", [("RequestID", "sandbox/0001"), ("Subject", None)]),
    ]
    assert dict(epo.found("v:UIDkey")[0].attrib) == {
        "dn": "cn=99sandbox,cn=Farmar,cn=Users,o=mze,c=cz"
    }
    assert dict(epo.found("v:AppInfo/v:AppModule")[0].attrib) == {"id": "farm", "version": "2.1"}
    assert epo.found("v:TimeStamp/@type") == ["base"]
    assert epo.found("v:RequestHeader/v:Subject/@subjectID") == ["1000000001"]


def test_the_token_is_that_of_the_bytes_that_were_sent(epo: Epo) -> None:
    for key in (KEY, key_hash(KEY)):
        epo.play_true()
        epo.client(key=key).submit_move(WHOLE_MOVE)
        (token,) = epo.sent.xpath("s:Header/w:Token", namespaces=NAMES)
        assert token.get("type") == "A01"
        assert token.text == sign(epo.server.received[-1].body, KEY)
        assert len(token.text) == 88


def test_all_ways_of_hashing_agree_on_what_this_client_sends(epo: Epo) -> None:
    epo.play_true()
    epo.client().submit_move(WHOLE_MOVE)
    (body,) = epo.sent.xpath("s:Body", namespaces=NAMES)
    forms = {
        etree.tostring(body, method="c14n", exclusive=exclusive, with_comments=False)
        for exclusive in (True, False)
    }
    assert len(forms) == 1


def test_a_vector_can_be_sent_again(epo: Epo) -> None:
    """What the vector says of a move is what this client says of it."""
    vector = etree.fromstring(VECTOR.read_bytes())
    epo.play_true()
    epo.client().verify_move(MOVE)
    (wanted,) = vector.xpath("//v:RequestContent/*", namespaces=NAMES)
    assert etree.tostring(epo.payload, method="c14n", exclusive=True) == etree.tostring(
        wanted, method="c14n", exclusive=True
    )


@pytest.mark.parametrize(
    ("login", "dn"),
    [
        ("99sandbox", "cn=99sandbox,cn=Farmar,cn=Users,o=mze,c=cz"),
        ("cn=All,cn=PDS,cn=Users,o=mze,c=cz", "cn=All,cn=PDS,cn=Users,o=mze,c=cz"),
    ],
)
def test_the_name_in_the_directory(epo: Epo, login: str, dn: str) -> None:
    epo.play_true()
    epo.client(login=login).verify_move(MOVE)
    assert epo.found("v:UIDkey/@dn") == [dn]


def test_a_certificate_instead_of_a_key(epo: Epo) -> None:
    epo.play_true()
    epo.client(key="", certificate="01AB").verify_move(MOVE)
    assert epo.found("v:UIDkey/@certificateSN") == ["01AB"]
    assert epo.sent.xpath("s:Header/*", namespaces=NAMES) == []


def test_without_a_subject_there_is_no_element_for_it(epo: Epo) -> None:
    epo.play_true()
    epo.client(subject="").verify_move(MOVE)
    assert epo.found("v:RequestHeader/v:Subject") == []


@pytest.mark.parametrize(
    ("namespaces", "used"),
    [
        ("http://pds.example/{service}", "http://pds.example/IZR_ODH01B"),
        ("urn:one", "urn:one"),
        ({"IZR_ODH01B": "urn:moves"}, "urn:moves"),
        ({"IZR_OZO01A": "urn:events"}, "http://www.pds.eu/IZR_ODH01B"),
    ],
)
def test_namespaces_of_payloads(epo: Epo, namespaces: Any, used: str) -> None:
    epo.play_true()
    epo.client(namespaces=namespaces).verify_move(MOVE)
    assert {etree.QName(element).namespace for element in epo.payload.iter()} == {used}


# --- values


@pytest.mark.parametrize(
    ("moved", "sent"),
    [
        (date(2025, 5, 2), "2025-05-02T00:00:00"),
        (datetime(2025, 5, 2, 14, 30, 15, 999), "2025-05-02T14:30:15"),  # noqa: DTZ001 - Czech time
        (datetime(2025, 5, 2, 14, 30, tzinfo=UTC), "2025-05-02T16:30:00"),
        (datetime(2025, 1, 31, 23, 30, tzinfo=UTC), "2025-02-01T00:30:00"),
        ("2. 5. 2025", "2. 5. 2025"),
    ],
)
def test_moments_are_written_in_czech_time_without_an_offset(
    epo: Epo, moved: Any, sent: str
) -> None:
    epo.play_true()
    animal = MovedAnimal(tag=TAG, species=SHEEP, moved=moved)
    epo.client().verify_move(Move(holding=HOLDING, animals=(animal,)))
    assert [each.text for each in epo.payload.iter("{*}DATUMPREMISTENI")] == [sent]


def test_empty_texts_are_sent_and_nothing_is_left_out(epo: Epo) -> None:
    epo.play_true()
    epo.client().verify_move(Move(holding="", identity_card="", town=" <&> ", animals=()))
    assert epo.plain()[1] == (
        "HLASENI",
        [("PROVOZOVNA", None), ("CISLOOP", None), ("OBEC", " <&> "), ("ZVIRATA", None)],
    )


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (
            lambda client: client.verify_move(
                Move(holding=HOLDING, animals=(MovedAnimal(tag="\x00", species="", moved=DAY),))
            ),
            r"HLASENI/ZVIRATA/ZVIRE\[1\]/USNIZNAMKA holds U\+0000, which XML 1.0 cannot carry",
        ),
        (
            lambda client: client.verify_move(Move(holding=1.5, animals=())),
            "HLASENI/PROVOZOVNA cannot be float",
        ),
        (
            lambda client: client.verify_events("TUR", EVENTS),
            "events are reported of OVC and KOZ, not of 'TUR'",
        ),
        (lambda client: client.call("IZR ODH", {}), "'IZR ODH' is no vOKOid"),
        (lambda client: client.call("A", {"a b": "c"}), "a b Invalid tag name"),
        (lambda client: client.call("A", {"a": b"c"}), "a cannot be bytes"),
        (
            lambda client: client.call("A", {"a": datetime(9999, 12, 31, 23, 30, tzinfo=UTC)}),
            "a date value out of range",
        ),
    ],
)
def test_values_that_cannot_be_written(epo: Epo, call: Asked, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        call(epo.client())
    assert epo.server.received == []


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"namespaces": "{"}, "'{' is no namespace"),
        ({"namespaces": ""}, "no canonical form: xmlns:izr: Empty"),
        ({"application": ("a\x00", "1")}, "AppModule: "),
        ({"certificate": "\x00"}, "UIDkey: "),
        ({"login": ""}, "IZR_ODH01B needs a login, and a key or a certificate"),
        ({"key": ""}, "IZR_ODH01B needs a login, and a key or a certificate"),
    ],
)
def test_what_no_message_can_be_made_of(epo: Epo, options: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        epo.client(**options).verify_move(MOVE)


def test_animals_are_those_of_a_subject(epo: Epo) -> None:
    with pytest.raises(InvalidInput, match="name one when making the client"):
        epo.client(subject="").animals()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"url": "epomze.gov.cz"}, "url must be the http"),
        ({"url": "ftp://epomze.gov.cz"}, "url must be the http"),
        ({"login": "a,b"}, "login cannot be 'a,b'"),
        ({"login": "cn=\x00"}, "login cannot be"),
        ({"subject": "123"}, "subject cannot be '123'"),
        ({"key": b"123"}, "the SHA-1 of a key has 20 bytes, not 3"),
    ],
)
def test_clients_that_cannot_be_made(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        IzrClient(**{"url": "http://127.0.0.1", **options})


# --- any service


def test_any_service_by_its_fields(epo: Epo) -> None:
    epo.play("IZR_ZPH01A", "<R><X>1</X></R>")
    fields = {"A": "ž", "B": 1, "C": True, "D": DAY, "E": None, "F": ["1", {"G": []}], "H": {}}
    answer = epo.client().call("IZR_ZPH01A", fields)
    assert epo.plain() == [
        ("A", "ž"),
        ("B", "1"),
        ("C", "true"),
        ("D", "2025-05-02T00:00:00"),
        ("F", "1"),
        ("F", None),
        ("H", None),
    ]
    assert answer.content.children[0].number("x") == 1
    assert (answer.service, answer.sid, answer.server_id) == ("IZR_ZPH01A", "SID-1", "EPO-1")


def test_any_service_by_an_element_of_ones_own(epo: Epo) -> None:
    own = etree.fromstring(
        '<x><r:Request xmlns:r="urn:r" xmlns:unused="urn:u">\n <r:A> </r:A><!-- c --></r:Request>'
        "text</x>"
    )
    epo.play("RDM_CIS01A", "")
    epo.client().call("RDM_CIS01A", own[0])
    assert epo.payload.tag == "{urn:r}Request"
    token = epo.sent.findtext("{*}Header/{*}Token")
    assert token == sign(epo.server.received[-1].body, KEY)
    assert etree.tostring(own).count(b"Request") == 2, "it is still where it was"


def test_any_public_service_without_signing_in(epo: Epo) -> None:
    epo.play("RDM_CIS01A", "")
    with IzrClient(epo.url) as client:
        client.call("RDM_CIS01A", {"ciselnik_nazev": "c"}, signed=False)
    assert epo.found("v:RequestContent/*/*")
    assert not epo.found("v:UIDkey")
    assert epo.sent.nsmap == {"SOAP": "http://schemas.xmlsoap.org/soap/envelope/"}
    assert epo.found(".")[0].nsmap["vOKO"] == VOKO


def test_every_request_has_an_id_of_its_own(epo: Epo) -> None:
    ids = []
    with IzrClient(epo.url, "99sandbox", KEY) as client:
        for _ in range(2):
            epo.play_true()
            client.verify_move(MOVE)
            ids += epo.found("v:RequestHeader/v:RequestID/text()")
    assert len(set(ids)) == 2
    assert all(0 < len(each) <= 100 for each in ids)


def test_neither_key_nor_its_hash_is_shown(epo: Epo) -> None:
    shown = repr(epo.client()._caller.access)
    assert KEY not in shown
    assert "a7d9f3" not in shown
    assert "key_hash" not in shown


def test_importing_the_client_loads_no_http_library() -> None:
    program = (
        "import sys, podatelna_client.izr; "
        "print(sorted({'requests', 'urllib3', 'podatelna'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
