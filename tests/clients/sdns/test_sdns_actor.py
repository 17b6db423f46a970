"""The SDNS client in an actor's hands: plain data in and out, and each call sent exactly once."""

import gzip
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from inspect import getmembers, isfunction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives import serialization
from lxml import etree

from podatelna.kernel.scenario.shapes import misfits
from podatelna_client.acting import Caller
from podatelna_client.acting.sdns import (
    CALLS,
    DEFAULTS,
    KINDS,
    NAMESPACES,
    PATHS,
    SdnsActor,
    actor,
    code_of,
    completed,
)
from podatelna_client.sdns import SdnsClient
from tests.clients.sdns.bank import (
    ENVELOPE,
    NOTHING,
    START,
    Bank,
    issue,
    issues,
    key_pair,
    occurrence,
    related,
    response,
    result,
    returned,
)

NOW = datetime.fromtimestamp(START, UTC)
PRAGUE = ZoneInfo("Europe/Prague")
AS_OF = date(2013, 7, 31)
WORLD = {
    "production": {
        "accounts": [
            {"login": "UZIV0001", "password": "Heslo-123", "subject": "99990000"},
            {"login": "UZIV0002", "password": "Heslo-123", "subject": "9999"},
        ],
        "subjects": [
            {"code": "99990000", "prefix": "999"},
            {"code": "9999", "prefix": "998"},
        ],
    }
}
TRADE = {
    1: "130742000001",
    2: "CZK",
    3: "33",
    4: "R",
    5: "9000000001C10000",
    6: "9000001",
    7: "AAAACZP1",
    8: date(2013, 7, 1),
    9: "12:13:00",
    10: "S",
    11: "A",
    13: "CEZ.CZ",
    14: "900000001",
    15: "912.5",
    17: "100",
    18: "AAAACZP1",
    19: "AAAACZP1",
    20: date(2013, 7, 4),
    22: "91250.00",
    29: "DIRECT",
}
SENT = {
    "number": 1,
    "filename": "ws9990900002.xml",
    "category": "Success",
    "code": "OK",
    "received": datetime(2010, 12, 1, 12, 43, 24, 334000, PRAGUE),
    "answered": datetime(2010, 12, 1, 12, 43, 25, 210000, PRAGUE),
    "messages": [],
}
DEFINITION = (
    b'<DefiniceDotazu><TypDotazu>X</TypDotazu><Popis>p</Popis><Parametr Nazev="R" Datatyp="String"'
    b' Povinny="A"><Popis>q</Popis><SeznamHodnot><Hodnota Default="A" Jmeno="V" Hodnota="VSE"/>'
    b"</SeznamHodnot><HodnotaPar/></Parametr></DefiniceDotazu>"
)
HEADER = (
    "<DzErrSeznam><DoslaZprava><SouborExt>f</SouborExt><CisloZpravy>7</CisloZpravy>"
    '<ChybaHlavicky Kod="DZ-01" Msg="x"/></DoslaZprava></DzErrSeznam>'
)
CHECK = (
    '<ChybnyKrokKontroly Druh="O" Kod="K"><DetailChyby Msg="d" Poradi="1"/></ChybnyKrokKontroly>'
)
TREES = result("<DimenzeSeznam><Metodika><Kod>M.01</Kod></Metodika></DimenzeSeznam>")
PLAIN: dict[str, Any] = {"rows": [{"Metodika": {"Kod": "M.01"}}]}

# What is given, what is answered, and part of what is told.
PLAYS: dict[str, tuple[dict[str, Any], bytes | None, dict[str, Any]]] = {
    **{
        method: ({}, None, SENT)
        for method in ("send", "correct", "confirm", "cancel", "change", "withdraw", "complete")
    },
    "send_split": (
        {"rows": 2, "rows_per_message": 2},
        None,
        {"number": 1, "sent": 1, "failed": None, "rows": [{"code": "OK"}]},
    ),
    "get_params": (
        {"query": "ABC"},
        DEFINITION,
        {
            "query": "X",
            "description": "p",
            "rows": [
                {
                    "name": "R",
                    "kind": "String",
                    "required": True,
                    "mask": "",
                    "description": "q",
                    "choices": [{"name": "V", "value": "VSE", "default": True}],
                }
            ],
        },
    ),
    "query": (
        {"query": "DIMENZE_SEZNAM", "parameters": {"Metodika": "M.01"}, "framing": "raw"},
        TREES,
        {
            "query": "VYDANI_SEZNAM_JH",
            "parameters": {"Username": "UZIV0001", "Password": "***"},
            **PLAIN,
        },
    ),
    "issues": (
        {"last_only": True, "texts": False},
        issues(issue(900002, 61), issue(900003, 16, CHECK)),
        {
            "states": [61, 16],
            "occurrence_state": 50,
            "rows": [
                {
                    "data_set": "MOKAS42",
                    "version": 4,
                    "as_of": AS_OF,
                    "occurrence_state": 50,
                    "occurrence_text": "stav 50",
                    "filename": "ws9990900002.xml",
                    "number": 900002,
                    "state": 61,
                    "text": "stav 61",
                    "kind": "Odeslané",
                    "errors": [],
                    "checks": [],
                }
            ],
        },
    ),
    "occurrences": (
        {"state": 50, "data_set": "MOKAS42.04.00"},
        result(f"<VyskytySeznam>{occurrence()}</VyskytySeznam>"),
        {"rows": [{"state": 50, "text": "stav 50", "test": True, "deadline": None}]},
    ),
    "header_errors": (
        {"subject": None},
        result(HEADER),
        {"rows": [{"filename": "f", "number": 7, "errors": [{"code": "DZ-01", "text": "x"}]}]},
    ),
    "methodologies": ({"area": "MKT", "valid_on": AS_OF}, TREES, PLAIN),
    "data_sets": ({}, TREES, PLAIN),
    "data_set_content": ({"semantics": True}, TREES, PLAIN),
    "dimensions": ({}, TREES, PLAIN),
    "dimension_content": ({}, TREES, PLAIN),
    "area_dimensions": ({}, TREES, PLAIN),
    "accounting": ({}, TREES, PLAIN),
}


def signers() -> dict[str, tuple[str, str]]:
    key, certificate = key_pair("ec")
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    pair = (certificate.public_bytes(pem).decode(), secret)
    return {"valid": pair, "expired": pair}


@pytest.fixture
def caller(bank: Bank) -> Caller:
    return Caller(
        url=bank.address, environment="production", login="UZIV0001", password="Heslo-123"
    )


@pytest.fixture
def made(caller: Caller) -> Iterator[SdnsActor]:
    made = actor(caller)
    yield made
    made.close()


@pytest.fixture
def signing(caller: Caller) -> Iterator[SdnsActor]:
    """Somebody who has certificates."""
    made = SdnsActor(
        Caller(
            url=caller.url,
            environment="test",
            login=caller.login,
            password=caller.password,
            signers=signers(),
        )
    )
    yield made
    made.close()


def filled(
    method: str,
    given: Mapping[str, Any],
    login: str = "UZIV0001",
    world: Any = None,
    **defaults: Any,
) -> dict[str, Any]:
    setting = {
        "now": NOW,
        "defaults": defaults,
        "environment": "production",
        "login": login,
        "world": WORLD if world is None else world,
    }
    return completed(method, given, setting)


def called(of: SdnsActor, method: str, **given: Any) -> Any:
    return of.call(method, filled(method, given), NOW, None)


def content(bank: Bank) -> etree._Element:
    """The message in the last delivery, not signed."""
    return etree.fromstring(gzip.decompress(b64decode(bank.sent["param5"])))


def head(bank: Bank) -> dict[str, Any]:
    """What the message in the last delivery says of itself."""
    root = content(bank)
    status, reason = root.find(".//STATUS"), root.find(".//DUVOD")
    assert status is not None
    assert reason is not None
    return {
        "number": root.findtext(".//CISLO-ZPRAVY"),
        "status": status.get("KOD"),
        "reason": reason.get("KOD"),
        "reference": root.findtext(".//REFERENCNI-ZPRAVA"),
        "rows": len(root.findall(".//RADEK")),
    }


# --- calls and answers


def test_all_methods_of_the_client_can_be_called_but_some() -> None:
    methods = {name for name, _ in getmembers(SdnsClient, isfunction) if not name.startswith("_")}
    ours = {"correct", "confirm", "cancel", "change", "withdraw", "complete", "query", "send_split"}
    left = {"close", "wait_for_result", "prepare", "load_data", "perform_query", "send_all"}
    assert (methods - left) | ours == set(CALLS) == set(PLAYS)


@pytest.mark.parametrize("method", PLAYS)
def test_an_answer_is_told_in_the_shape_that_was_promised(
    bank: Bank, made: SdnsActor, method: str
) -> None:
    given, answer, told = PLAYS[method]
    assert list(misfits(given, CALLS[method]["takes"], ())) == []
    arguments = filled(method, given)
    assert list(misfits(arguments, CALLS[method]["takes"], ())) == []
    if answer is None:
        bank.play_receipt()
    else:
        bank.play_file(answer)
    outcome = made.call(method, arguments, NOW, None)
    assert (outcome["kind"], outcome.get("codes")) == ("answer", {}), outcome
    values = outcome["values"]
    assert list(misfits(values, CALLS[method]["answers"], ())) == []
    assert values["http"] == 200
    for name, value in told.items():
        if name == "rows":
            assert {key: values["rows"][0][key] for key in value[0]} == value[0]
        else:
            assert values[name] == value
    assert len(bank.server.received) == 1


def test_failed_checks_are_told_with_their_details(bank: Bank, made: SdnsActor) -> None:
    bank.play_file(PLAYS["issues"][1] or b"")
    rows = called(made, "issues")["values"]["rows"]
    assert rows[1]["checks"] == [
        {"code": "K", "kind": "O", "text": None, "details": [{"number": 1, "text": "d"}]}
    ]


# --- arguments


def test_a_message_of_nothing_is_complete() -> None:
    assert filled("send", {}) == {
        "function": "test",
        "sender": "99990000",
        "methodology": "MKT20130101.01",
        "data_set": "MOKAS42.04.00",
        "subject": "99990000",
        "scope": "S_BCPZB",
        "as_of": AS_OF,
        "prefix": "999",
        "areas": {"MOKA42_11": [TRADE]},
    }


def test_rows_are_as_many_as_wanted_each_laid_over_a_valid_one() -> None:
    three = filled("send", {"rows": 3})["areas"]["MOKA42_11"]
    assert [row[1] for row in three] == ["130742000001", "130742000002", "130742000003"]
    (one,) = filled("send", {"row": {12: "X", 13: None}}, row={13: "D", 2: "EUR"})["areas"].values()
    assert one == [{**TRADE, 2: "EUR", 12: "X", 13: None}]
    listed = filled("send", {"rows": [{1: "a"}, {}], "area": "MOKA42_12"})["areas"]
    assert listed == {"MOKA42_12": [{**TRADE, 1: "a"}, {**three[1]}]}
    given = {"areas": {"A": [{1: "x"}], "B": []}}
    assert filled("send", given)["areas"] == given["areas"]
    assert filled("correct", {"rows": 0})["areas"] == {"MOKA42_11": []}


@pytest.mark.parametrize(
    ("data_set", "area", "first"),
    [
        ("MOKAS40.03.00", "MOKA40_11", "CNBACZPPXXX"),
        ("MOKAS41.04.00", "MOKA41_11", "130741000001"),
        ("MOKAS43.01.00", "MOKA43_11", "13070001"),
        ("MOKAS44.01.00", "MOKA44_11", "130744000001"),
        ("ROFOS10.01.00", "MOKA42_11", "130742000001"),
    ],
)
def test_each_data_set_has_rows_of_its_own(
    bank: Bank, made: SdnsActor, data_set: str, area: str, first: str
) -> None:
    arguments = filled("send", {"data_set": data_set})
    ((code, (row,)),) = arguments["areas"].items()
    assert (code, row[1]) == (area, first)
    bank.play_receipt()
    assert called(made, "send", data_set=data_set)["kind"] == "answer"


def test_what_is_given_comes_before_defaults_and_they_before_the_world() -> None:
    whole = filled("send", {"scope": "X"}, "uziv0002", scope="Y", as_of=date(2014, 1, 31))
    names = ("scope", "subject", "sender", "prefix", "as_of")
    assert [whole[name] for name in names] == ["X", "9999", "9999", "998", date(2014, 1, 31)]
    assert whole["areas"]["MOKA42_11"][0][1] == "140142000001"
    other = filled("send", {}, "nobody", {}, subject="1", signature="none", function="live")
    names = ("subject", "sender", "prefix", "signature", "function")
    assert [other[name] for name in names] == ["1", "99990000", "999", "none", "live"]
    assert set(DEFAULTS) > {*names, "row"}


@pytest.mark.parametrize(
    ("method", "laid"),
    [
        ("get_params", {"query": "VYDANI_SEZNAM_JH"}),
        ("query", {}),
        (
            "issues",
            {
                "data_set": "MOKAS42.04.00",
                "as_of": AS_OF,
                "subject": "99990000",
                "scope": "S_BCPZB",
            },
        ),
        ("occurrences", {"since": AS_OF, "until": AS_OF, "subject": "99990000"}),
        ("header_errors", {"since": date(2013, 8, 21), "until": date(2013, 8, 21)}),
        ("methodologies", {}),
        ("data_sets", {"methodology": "MKT20130101.01"}),
        ("data_set_content", {"methodology": "MKT20130101.01", "data_set": "MOKAS42"}),
        ("dimension_content", {"methodology": "MKT20130101.01", "dimension": "IP"}),
        ("area_dimensions", {"methodology": "MKT20130101.01", "area": "MOKA42_11"}),
    ],
)
def test_what_other_calls_need(method: str, laid: dict[str, Any]) -> None:
    assert filled(method, {}) == laid
    given = dict.fromkeys(laid, "given")
    assert filled(method, given) == given
    assert filled(method, {}, password="x") == {**laid, "password": "x"}


# --- how it sends


def test_messages_are_numbered_by_who_sends_them(bank: Bank, made: SdnsActor) -> None:
    for _ in range(4):
        bank.play_receipt()
    numbers = []
    for given in ({}, {}, {"number": 77}, {}):
        called(made, "send", **given)
        numbers.append((bank.sent["param0"], content(bank).findtext(".//CISLO-ZPRAVY")))
    assert numbers == [
        ("ws9990000001.xml", "1"),
        ("ws9990000002.xml", "2"),
        ("ws9990000077.xml", "77"),
        ("ws9990000003.xml", "3"),
    ]
    assert {request.connection for request in bank.server.received} == {0}


def test_the_words_of_a_scenario_are_those_of_the_wire(bank: Bank, made: SdnsActor) -> None:
    bank.play_receipt()
    called(
        made,
        "send",
        function="live",
        status="change",
        reason="own",
        audit="before",
        part={"issue": 5, "number": 2, "end": "last"},
        reference=4,
        created=datetime(2013, 8, 1, 12, tzinfo=UTC),
        note="n",
        address=False,
        areas={"A": [{"number": 9, 1: 912.5, 2: date(2013, 7, 1)}]},
    )
    root = content(bank)
    told = {element.tag: dict(element.attrib) for element in root.iter() if element.attrib}
    assert told == {
        "CASTECNA-ZPRAVA": {"PORADI": "2", "TYP": "Poslední"},
        "NAZEV-DOKUMENTU": {"KOD": "Vydání-výskytu-výkazu"},
        "FUNKCE-ZPRAVY": {"KOD": "Ostrá"},
        "STATUS": {"KOD": "Změnová-oprava"},
        "DUVOD": {"KOD": "Úmysl-vykazujícího-subjektu"},
        "AUDIT": {"KOD": "Data-před-auditem"},
        "DATOVA-OBLAST": {"KOD": "A"},
        "RADEK": {"PORADI": "9"},
        "SLOUPEC": {"PORADI": "2"},
    }
    assert [cell.text for cell in root.iter("SLOUPEC")] == ["912.5", "2013-07-01"]
    assert (root.findtext(".//DATUM"), root.findtext(".//POZNAMKA")) == ("20130801", "n")
    assert root.find(".//ADRESA") is None


def test_words_that_there_are_not_go_out_as_they_are(bank: Bank, made: SdnsActor) -> None:
    bank.play_receipt()
    called(made, "send", status="Nova-data")
    assert head(bank)["status"] == "Nova-data"


ABOUT = {
    "correct": ("Oprava", "Na-základě-požadavku-centrální-banky", 1),
    "confirm": ("Potvrzení", "Na-základě-požadavku-centrální-banky", 0),
    "cancel": ("Storno", "Úmysl-vykazujícího-subjektu", 0),
    "change": ("Změnová-oprava", "Úmysl-vykazujícího-subjektu", 1),
    "withdraw": ("Storno-DZ", "Úmysl-vykazujícího-subjektu", 0),
    "complete": ("Nová-data", "Na-základě-metodiky", 1),
}


@pytest.mark.parametrize("method", ABOUT)
def test_messages_about_the_last_one_or_another(bank: Bank, made: SdnsActor, method: str) -> None:
    status, reason, rows = ABOUT[method]
    for _ in range(3):
        bank.play_receipt()
    called(made, "send", number=40)
    called(made, "confirm", reference=40)
    called(made, method)
    told = {"number": "2", "status": status, "reason": reason, "reference": "40", "rows": rows}
    assert head(bank) == told
    bank.play_receipt()
    called(made, method, reference=12, number=50, row={1: "x"}, reason="methodology")
    assert head(bank) == {
        "number": "50",
        "status": status,
        "reason": "Na-základě-metodiky",
        "reference": "12",
        "rows": 1,
    }


def test_a_message_that_was_refused_is_not_the_last_one(bank: Bank, made: SdnsActor) -> None:
    bank.play_receipt()
    bank.play_receipt("Invalid data", "Invalid XML data")
    bank.play_receipt()
    called(made, "send")
    called(made, "send")
    called(made, "confirm")
    assert head(bank)["reference"] == "1"


def test_what_is_about_a_split_message(bank: Bank, made: SdnsActor) -> None:
    for _ in range(4):
        bank.play_receipt()
    outcome = called(made, "send_split", rows=5, rows_per_message=2, compression="GZIP")
    assert outcome["values"]["sent"] == 3
    assert (head(bank)["number"], head(bank)["rows"]) == ("4", 1)
    assert content(bank).findtext(".//CISLO-VYDANI") == "1"
    called(made, "confirm")
    assert (head(bank)["number"], head(bank)["reference"]) == ("5", "1")


def test_a_split_message_that_was_not_taken_over(bank: Bank, made: SdnsActor) -> None:
    bank.play_receipt()
    bank.play_receipt("Access denied", "Data send denied")
    outcome = called(made, "send_split", rows=5, rows_per_message=2)
    assert (outcome["kind"], outcome["code"]) == ("error", "Data send denied")
    values = outcome["values"]
    assert (values["sent"], values["failed"], len(values["rows"])) == (1, 3, 1)
    assert list(misfits(values, CALLS["send_split"]["answers"], ())) == []


def test_parameters_can_be_others_or_left_out(bank: Bank, made: SdnsActor) -> None:
    bank.play_receipt()
    called(
        made,
        "send",
        filename="ws1.sec",
        zipmethod="ZIP",
        signaturemethod=None,
        username=None,
        password="x",
        language="de",
        country=None,
        shape="designtime",
    )
    sent = bank.sent
    assert gzip.decompress(b64decode(sent.pop("inputdata"))).startswith(b"<?xml")
    assert sent == {"filename": "ws1.sec", "password": "x", "zipmethod": "ZIP", "language": "de"}


def test_data_can_be_others(bank: Bank, made: SdnsActor) -> None:
    for _ in range(2):
        bank.play_receipt()
    called(made, "send", xml="<ž/>", encoding="windows-1250", compression="DEFLATE")
    assert zlib.decompress(b64decode(bank.sent["param5"])) == b"<\x9e/>"
    called(made, "send", base64=b64encode(b"\x00no").decode(), compression="GZIP")
    assert (b64decode(bank.sent["param5"]), bank.sent["param3"]) == (b"\x00no", "GZIP")


def test_who_has_a_certificate_signs(bank: Bank, signing: SdnsActor) -> None:
    key, certificate = key_pair("ec")
    for _ in range(3):
        bank.play_receipt()
    called(signing, "send", compression="NONE")
    data = cms.ContentInfo.load(b64decode(bank.sent["param5"]))["content"]
    (information,) = data["signer_infos"]
    assert information["sid"].chosen["serial_number"].native == certificate.serial_number
    assert information["digest_algorithm"]["algorithm"].native == "sha256"
    assert bank.last.path == "/ewitest-ws/ZaslaniDat"
    called(signing, "send", compression="NONE", signature="expired", digest="sha1")
    data = cms.ContentInfo.load(b64decode(bank.sent["param5"]))["content"]
    assert data["signer_infos"][0]["digest_algorithm"]["algorithm"].native == "sha1"
    assert bank.sent["param4"] == "PKCS7"
    called(signing, "send", compression="NONE", signature="none")
    assert (bank.sent["param4"], b64decode(bank.sent["param5"])[:5]) == ("NONE", b"<?xml")
    assert key


def test_signatures_that_are_wrong(bank: Bank, signing: SdnsActor) -> None:
    for _ in range(4):
        bank.play_receipt()
    got = {}
    for kind in ("valid", "detached", "tampered", "pem"):
        called(signing, "send", number=5, compression="NONE", signature=kind)
        assert bank.sent["param4"] == "PKCS7"
        got[kind] = b64decode(bank.sent["param5"])
    inside = {
        kind: cms.ContentInfo.load(octets)["content"]["encap_content_info"]["content"].native
        for kind, octets in got.items()
        if kind != "pem"
    }
    assert inside["detached"] is None
    assert inside["tampered"] == inside["valid"].replace(b"<DATUM>20130821", b"<DATUM>20130822")
    assert got["pem"].startswith(b"-----BEGIN PKCS7-----\nMI")
    assert got["pem"].endswith(b"\n-----END PKCS7-----\n")


def test_content_without_a_day_is_tampered_with_too(bank: Bank, signing: SdnsActor) -> None:
    bank.play_receipt()
    called(signing, "send", xml="<abc/>", compression="NONE", signature="tampered")
    data = cms.ContentInfo.load(b64decode(bank.sent["param5"]))["content"]
    assert data["encap_content_info"]["content"].native == b"<ab1/>"


def test_a_resend_that_finds_itself_there_is_an_answer(bank: Bank, made: SdnsActor) -> None:
    bank.play_receipt("Invalid data", "Duplicate data")
    outcome = called(made, "send", resend=True)
    assert (outcome["kind"], outcome["values"]["code"]) == ("answer", "Duplicate data")


def test_queries_in_anothers_name(bank: Bank, made: SdnsActor) -> None:
    bank.play_file(issues(issue()))
    called(made, "issues", username="other", password=None)
    encoded = bank.last.body.split(b"\r\n\r\n")[2].split(b"------=_Boundary")[0]
    asked = etree.fromstring(b64decode(encoded))
    assert [value.text for value in asked.iter("HodnotaPar")][:2] == ["other", None]


# --- errors


def test_a_delivery_that_was_not_taken_over(bank: Bank, made: SdnsActor) -> None:
    bank.play_receipt("Invalid data", "Duplicate data", '<message type="error" value="x"/>')
    outcome = called(made, "send")
    assert list(misfits(outcome["values"], CALLS["send"]["answers"], ())) == []
    assert outcome == {
        "kind": "error",
        "code": "Duplicate data",
        "status": 200,
        "reason": "ws9990900002.xml: Invalid data, Duplicate data; error: x",
        "values": {
            **{name: value for name, value in SENT.items() if name != "number"},
            "http": 200,
            "category": "Invalid data",
            "code": "Duplicate data",
            "messages": [{"type": "error", "text": "x"}],
        },
    }


def test_a_query_that_was_refused(bank: Bank, made: SdnsActor) -> None:
    bank.play_error(NOTHING)
    code = "sql.pcgcall.InternalProcedureError"
    assert called(made, "issues") == {
        "kind": "error",
        "code": code,
        "status": 200,
        "reason": f"{code}: {NOTHING}",
        "values": {"http": 200, "code": code, "message": NOTHING},
    }


def test_a_fault_and_a_refusal(bank: Bank, made: SdnsActor) -> None:
    bank.play_fault("SOAP-ENV:Client", "no")
    assert called(made, "send") == {
        "kind": "fault",
        "reason": "SOAP-ENV:Client: no (HTTP 500)",
        "faultcode": "SOAP-ENV:Client",
        "faultstring": "no",
    }
    bank.server.play(b"", status=403, reason="No")
    refused = {"kind": "refused", "reason": "HTTP 403 No", "status": 403}
    assert called(made, "issues") == refused


def test_calls_that_were_not_answered(bank: Bank, made: SdnsActor, caller: Caller) -> None:
    bank.server.play(nothing=True)
    assert called(made, "send")["kind"] == "unknown"
    nobody = actor(Caller(url="http://127.0.0.1:9", environment="test", login="u", password="p"))
    assert called(nobody, "send")["kind"] == "unreachable"
    nobody.close()


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"row": {1: "\x00"}}, "MOKA42_11, row 1: holds"),
        ({"number": 10**7}, "10000000 does not fit"),
        ({"prefix": "1"}, "send: ValueError"),
        ({"signature": "valid"}, "send: ValueError(\"there is no signer 'valid'\")"),
        ({"signature": "pem"}, "send: ValueError"),
        ({"compression": "RAR"}, "there is no compression"),
        ({"areas": [1]}, "send: AttributeError"),
        ({"base64": "x"}, "send: Error"),
    ],
)
def test_what_cannot_be_called(
    bank: Bank, made: SdnsActor, given: dict[str, Any], reason: str
) -> None:
    outcome = called(made, "send", **given)
    assert outcome["kind"] == "invalid"
    assert outcome["reason"].startswith(reason)
    assert bank.server.received == []


# --- what the module says


def test_codes_of_answers() -> None:
    fault = (
        f'<s:Envelope xmlns:s="{ENVELOPE}"><s:Body><s:Fault><faultcode>s:Client</faultcode>'
        "<faultstring>x</faultstring></s:Fault></s:Body></s:Envelope>"
    ).encode()
    refused = result("", "ERROR", "query.UnknownType", "x")
    told = {
        returned(response()): "OK",
        returned(response("Invalid data", "Duplicate data")): "Duplicate data",
        returned("nonsense"): None,
        related(refused)[1]: "query.UnknownType",
        related(refused)[1].replace(b"\r\n", b"\n"): "query.UnknownType",
        related(result())[1]: None,
        related(DEFINITION)[1]: None,
        fault: "s:Client",
        b"": None,
        b"--": None,
        b"--x\r\n\r\n--x--": None,
        b"<html>": None,
    }
    assert {body: code_of(body) for body in told} == told


def test_others_must_sign_by_themselves(made: SdnsActor) -> None:
    assert made.sign_in({}, NOW) == {
        "failed": "a call of SDNS carries user name and password in itself: write it there"
    }


def test_names() -> None:
    assert PATHS == {"production": "/ewi-ws", "test": "/ewitest-ws"}
    assert (KINDS, NAMESPACES["e"]) == ((), "www.ewi.ws")


def test_a_callers_secrets_are_not_shown(caller: Caller) -> None:
    shown = repr(Caller(url="", environment="", login="", password="s3cret", signers=signers()))
    assert "s3cret" not in shown
    assert "PRIVATE" not in shown
