"""The contract of the IZR as data, read with plain libraries, against tables typed out."""

import re
from collections import Counter
from collections.abc import Iterator
from string import Formatter
from typing import Any

import pytest

from podatelna.kernel.contract import Contract
from podatelna.kernel.fidelity import ledger
from tests.izr.contract import (
    CERTAINTIES,
    COLUMNS,
    CONSTANTS,
    ERRORS,
    LISTS,
    MAILS,
    SETTINGS,
    SOURCES,
    VOKO,
    WSS,
)

KINDS = ["state", "header", "animal", "processing", "gateway", "http"]


def named(name: str) -> list[tuple[str, str]]:
    return [(row["code"], row["name_cs"]) for row in LISTS[name]]


def test_the_kernel_reads_all_of_it() -> None:
    contract = Contract("izr")
    assert contract.codelists() == list(LISTS)
    facts = len(CONSTANTS) + len(SETTINGS) + len(ERRORS) + sum(map(len, LISTS.values()))
    assert len(list(ledger(contract))) == facts


@pytest.mark.parametrize(
    "name",
    [
        *("service.wsdl", "envelope.xsd", "wss.xsd", "service.yaml", "errors.yaml", "mail.yaml"),
        *(f"codelists/{name}.csv" for name in LISTS),
    ],
)
def test_every_file_stands_in_the_sources(name: str) -> None:
    assert f"| `{name}` |" in SOURCES


def sources() -> Iterator[str]:
    for facts in (CONSTANTS, SETTINGS, ERRORS, MAILS):
        yield from (fact["source"] for fact in facts.values())
    yield from (row["source"] for rows in LISTS.values() for row in rows)


LISTED = SOURCES.partition("## Documents")[2].partition("## Envelope")[0]
DOCUMENTS = {
    name.removesuffix(" of IZR_...") for name in re.findall(r"^\| ([^|]+) \|", LISTED, re.MULTILINE)
} - {"name"}
OWN = [
    "ours",
    "nothing public",
    "not public",
    "by analogy",
    "may be that of",
    "ASP.NET",
    "kinds of",
]


def test_every_source_names_a_document_or_says_that_there_is_none() -> None:
    assert {"service page", "data model", "public WSDLs", "cattle event list"} <= DOCUMENTS
    known = [*DOCUMENTS, "addresses of the data models", *OWN]
    assert [text for text in sources() if not any(name in text for name in known)] == []


def test_every_page_of_a_service_that_is_cited_stands_in_the_sources() -> None:
    pages, models = (
        set(re.findall(r"IZR[/_-]\w*?([a-z]{3}\d\d[ab])", line.lower()))
        | set(re.findall(r"izr[-_]([a-z]{3,5}\d\d[ab])", line.lower()))
        for line in LISTED.splitlines()
        if line.startswith(("| service page", "| data model"))
    )
    for text in sources():
        for kind, names in re.findall(
            r"(service page|data model)s? of ((?:IZR_\w+(?: \(\w+\))?(?:, | and )?)+)", text
        ):
            found = {name.lower() for name in re.findall(r"IZR_(\w+)", names)}
            assert found <= (pages if kind == "service page" else models), text


def test_questions_are_numbered_and_those_cited_exist() -> None:
    asked = re.findall(r"^\| Q(\d+) ", SOURCES, re.MULTILINE)
    assert asked == [str(number) for number in range(1, len(asked) + 1)]
    cited = {number for source in sources() for number in re.findall(r"\bQ(\d+)", source)}
    assert cited <= set(asked)


def test_settings_that_the_sources_name_exist() -> None:
    decided = SOURCES.partition("## Open questions")[2]
    found = set(re.findall(r"`([a-z]+(?:_[a-z0-9]+)+)`", decided))
    assert found
    assert found <= SETTINGS.keys()


# --- service

DEFAULTS: dict[str, object] = {
    "environment": "production",
    "fault_status": 500,
    "canonicalisation": "lenient",
    "certificate_login": False,
    "key_expired": [],
    "schema_validation": True,
    "holding_length": "state_11",
    "maximum_animals": 5000,
    "maximum_bytes": 10 * 1024 * 1024,
    "server_id": "EPO-SANDBOX",
    "backend_available": True,
    "result_element_odh01b": "OvereniZaslaniHlaseniDocasneHospodarstviResult",
    "validation_errors": "list",
    "validation_codes": True,
    "own_register_in_verification": True,
    "future_dates": "accepted",
    "processing": "immediate",
    "processing_delay_seconds": 60,
    "processing_time": "21:00",
    "soft_errors": ["21"],
    "person_error_undoes_move": True,
    "move_code": 70,
    "notifications": True,
}
CHOICES: dict[str, list[object]] = {
    "environment": ["production", "test"],
    "fault_status": [500, 200],
    "canonicalisation": ["lenient", "strict"],
    "holding_length": ["state_11", "schema"],
    "validation_errors": ["list", "mirrored"],
    "future_dates": ["accepted", "refused"],
    "processing": ["immediate", "delay", "nightly"],
}
WORDS = {
    "hosts": {
        **dict.fromkeys(["epomze.gov.cz", "eagri.cz", "mze.gov.cz"], "production"),
        **dict.fromkeys(["epomzetest.gov.cz", "eagritest.cz"], "test"),
    },
    "path_gateway": "/ssl/nosso-app/EPO/WS/v2Online/vOKOsrv.ashx",
    "path_wsdl": "/ssl/nosso-app/EPO/WS/Online/vOKOsrv.aspx",
    "path_data_model": "/ssl/nosso-app/eagriapp/EPO/Wsdl.aspx",
    "soap_action": "process",
    "content_type": "text/xml; charset=utf-8",
    "namespace_envelope": VOKO,
    "namespace_token": WSS,
    "namespace_payload": "http://www.pds.eu/{service}",
    "token_type": "A01",
    "dn_form": "cn={login},cn=Farmar,cn=Users,o=mze,c=cz",
    "certificate_undefined": "#NEDEF",
    "timestamp_types": ["base", "qualified"],
    "severities": {"hard": "TvrdaChyba", "soft": "MekkaChyba"},
    "species_of_moves": ["OVC", "KOZ"],
    "holding_length": 8,
    "time_zone": "Europe/Prague",
}


def test_settings_have_these_defaults() -> None:
    assert {name: setting["value"] for name, setting in SETTINGS.items()} == DEFAULTS
    choices = {name: s["choices"] for name, s in SETTINGS.items() if "choices" in s}
    assert choices == CHOICES


@pytest.mark.parametrize("facts", [CONSTANTS, SETTINGS], ids=["constants", "settings"])
def test_a_fact_of_the_service_says_how_certain_it_is(facts: dict[str, dict[str, Any]]) -> None:
    assert {fact["certainty"] for fact in facts.values()} <= set(CERTAINTIES)
    assert all(fact["source"].strip() for fact in facts.values())
    assert all(setting["about"].strip() for setting in SETTINGS.values())


def test_words_of_the_wire() -> None:
    assert {name: CONSTANTS[name]["value"] for name in WORDS} == WORDS
    assert CONSTANTS["validation_code_format"]["value"].format(number=2) == "02"


@pytest.mark.parametrize(
    ("name", "text", "fits"),
    [
        ("tag_czech", "CZ0000012345126", True),
        ("tag_czech", "CZ000012345126", True),
        ("tag_czech", "CZ00012345126", False),
        ("tag_czech", "CZ0000012345 126", False),
        ("tag_czech", "cz0000012345126", False),
        ("tag_foreign", "SK000007654321", True),
        ("tag_foreign", "DE01", True),
        ("tag_foreign", "D", False),
        ("tag_foreign", "CZ0012345126", False),
    ],
)
def test_patterns(name: str, text: str, fits: bool) -> None:
    assert bool(re.fullmatch(CONSTANTS[name]["value"], text)) is fits


def test_the_canonical_tag_is_a_czech_one() -> None:
    tag = CONSTANTS["tag_canonical"]["value"].format(serial=12345, code=126)
    assert tag == "CZ0000012345126"
    assert CONSTANTS["species_of_moves"]["value"] == [
        row["code"] for row in LISTS["species"] if row["temporary_holding"] == "1"
    ]


# --- error catalogue

# Number, kind and key; text. Verbatim but for the words in braces.
PRINTED = """
5 state validation_failed
  Chyba validace vstupních dat
10 state subject_not_found
  Subjekt s IDSZR {subject} nebyl v IZR nalezen.
11 state holding_number_length
  Neplatná hodnota pro údaj PROVOZOVNA. Délka musí být právě 8 znaků.
12 state holding_unknown
  Neplatná hodnota pro údaj PROVOZOVNA. Provozovna s registračním číslem {holding} neexistuje.
14 state holding_not_owned
  Provozovna {holding} není vlastněna subjektem {subject}.
21 state species_not_allowed
  Hlášení obsahuje nepovolený druh zvířete. Povoleny jsou druhy OVC a KOZ.
10 state date_without_data
  Nelze použít DATUM při GETDATA=false.
11 state last_change_unknown
  Nelze určit datum poslední změny.
12 state holding_type_unknown
  Zadaný typ provozovny neexistuje v číselníku typů provozoven.
2 header holding_not_registered
  Hlásící provozovna nebyla k datu události registrována
4 animal tag_format
  Chybný formát čísla UZ.
7 animal animal_unknown
  Zvíře dosud neregistrováno - pokus o přesun zvířete, který dosud není v databázi.
7 animal animal_tag_replaced
  Zvíře dosud neregistrováno. Došlo ke změně UZ zvířete.
7 animal animal_sex_changed
  Zvíře dosud neregistrováno. Došlo ke změně pohlaví zvířete.
8 animal animal_gone
  Kód události 40, 50, 53, 60, 63, 80 hlášen u zvířete již vyřazeného nebo s datem nižším než\
 poslední známý přísun či odsun nebo s datem vyšším než již registrovaný příjem na jatkách,\
 v kafilérii.
8 animal animal_left
  Zvíře bylo již z provozovny odsunuto.
11 animal animal_already_registered
  Zvíře zařazované kódem události 11, 12, 21, 22, 27, 28 je již evidováno, ale liší se místo\
 narození
18 animal animal_not_on_holding
  Zvíře není k datu přemístění evidované na provozovně.
21 animal arrival_not_reported
  Dosun nebyl ohlášen přísun na provozovnu
70 header identity_card_missing
  Chybí číslo občanského průkazu u Dočasného hospodářství.
71 header address_unknown
  Neexistující adresa Dočasného hospodářství, pokud byly vyplněny alespoň některé položky adresy.
72 processing person_not_found
  Osoba dle čísla občanského průkazu uvedeného v hlášení nenalezena v Základních registrech.
99 header holding_keeps_own_register
  Hospodářství které hlásí vede stájový registr v IZR, ale hlášení není z tohoto registru.
"""
HEADS, TEXTS = (PRINTED.strip().splitlines()[first::2] for first in range(2))
BOOK = {
    key: (int(number), kind, text.strip())
    for (number, kind, key), text in zip(map(str.split, HEADS), TEXTS, strict=True)
}
# ErrorCode (or HTTP status), kind, fault code, variable parts.
GATEWAY = {
    "request_not_valid": (400, "gateway", "SOAP:Client", {"reason"}),
    "not_soap": (400, "gateway", "SOAP:Client", {"reason"}),
    "not_authenticated": (401, "gateway", "SOAP:Client", set[str]()),
    "subject_not_allowed": (403, "gateway", "SOAP:Client", {"subject"}),
    "service_unknown": (404, "gateway", "SOAP:Client", {"service"}),
    "message_too_large": (413, "gateway", "SOAP:Client", {"bytes"}),
    "too_many_animals": (413, "gateway", "SOAP:Client", {"limit"}),
    "internal_error": (500, "gateway", "SOAP:Server", set[str]()),
    "page_not_found": (404, "http", "", set[str]()),
    "method_not_allowed": (405, "http", "", {"method"}),
}
PLACES = {
    "identity_card_missing": "CISLOOP",
    "address_unknown": "ULICE, CISLO, OBEC, CASTOBCE, PSC",
    "person_not_found": "CISLOOP",
    "holding_keeps_own_register": "PROVOZOVNA",
    "holding_not_registered": "DATUMPREMISTENI, PROVOZOVNA",
    **dict.fromkeys(
        [
            *("tag_format", "animal_unknown", "animal_tag_replaced", "animal_sex_changed"),
            "animal_gone",
            "animal_already_registered",
        ],
        "USNIZNAMKA",
    ),
    **dict.fromkeys(
        ["animal_left", "animal_not_on_holding", "arrival_not_reported"],
        "DATUMPREMISTENI, UZ, PROVOZOVNA",
    ),
}
FIELDS: dict[str, tuple[type, ...]] = {
    "number": (int, type(None)),
    **dict.fromkeys(["kind", "text", "faultcode"], (str,)),
    "status": (int, type(None)),
    **dict.fromkeys(["at", "about", "certainty"], (str,)),
    "evidence": (dict,),
    "source": (str,),
}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_the_catalogue_has_these_entries_in_this_order() -> None:
    assert list(ERRORS) == [*BOOK, *GATEWAY]


@pytest.mark.parametrize("key", BOOK)
def test_number_kind_and_text(key: str) -> None:
    entry = ERRORS[key]
    assert (entry["number"], entry["kind"], entry["text"]) == BOOK[key]
    assert entry["faultcode"] == ("SOAP:Server" if entry["kind"] == "state" else "")
    assert entry["status"] == (500 if entry["kind"] == "state" else None)
    assert entry["evidence"]["code"] == entry["evidence"]["text"] == "documented"


def test_elements_of_validation_errors_as_the_page_names_them() -> None:
    kinds = ("header", "animal", "processing")
    assert {key: e["at"] for key, e in ERRORS.items() if e["kind"] in kinds} == PLACES


@pytest.mark.parametrize("key", GATEWAY)
def test_errors_of_the_gateway_are_ours(key: str) -> None:
    number, kind, fault, parts = GATEWAY[key]
    entry = ERRORS[key]
    assert (entry["kind"], entry["faultcode"], placeholders(entry["text"])) == (kind, fault, parts)
    assert (entry["number"] if fault else entry["status"]) == number
    if fault:
        assert entry["status"] == SETTINGS["fault_status"]["value"]
    assert set(entry["evidence"].values()) == {"reconstructed"}


@pytest.mark.parametrize("key", ERRORS)
def test_an_entry_has_the_fields_of_the_schema(key: str) -> None:
    entry = ERRORS[key]
    assert list(entry) == list(FIELDS)
    assert {n: v for n, v in entry.items() if type(v) not in FIELDS[n]} == {}
    assert entry["kind"] in KINDS
    assert list(entry["evidence"]) == ["code", "text", "rule"]
    assert set(entry["evidence"].values()) <= set(CERTAINTIES)
    assert entry["certainty"] == entry["evidence"]["code"]
    assert all(entry[name].strip() for name in ("about", "source"))


def test_settings_that_the_catalogue_names_exist() -> None:
    found = {
        word
        for entry in ERRORS.values()
        for word in re.findall(r"\b[a-z]+_[a-z0-9_]+\b", entry["about"])
    }
    assert found - {"holding_types", "exc_c14n"} <= SETTINGS.keys() | CONSTANTS.keys()


def test_mails_have_these_variable_parts() -> None:
    common = {"service", "subject", "holding", "sent"}
    found = {name: placeholders(mail["subject"] + mail["body"]) for name, mail in MAILS.items()}
    assert found == {
        "received": common | {"animals"},
        "processed": common | {"processed", "accepted", "refused", "errors"},
    }
    assert {mail["certainty"] for mail in MAILS.values()} == {"reconstructed"}


# --- code lists


@pytest.mark.parametrize("name", LISTS)
def test_a_code_list_has_its_columns_and_says_how_certain_each_row_is(name: str) -> None:
    extra = ["certainty_of_type", "certainty_of_place"] if name == "elements" else []
    for row in LISTS[name]:
        assert list(row) == ["code", *COLUMNS[name].split(), "certainty", *extra, "source"]
        assert row["certainty"] in CERTAINTIES
        assert row["code"]
        assert row["source"].strip()


@pytest.mark.parametrize("name", LISTS)
def test_codes_of_a_list_are_unique(name: str) -> None:
    assert max(Counter(row["code"] for row in LISTS[name]).values()) == 1


def test_small_lists() -> None:
    assert named("species") == [
        ("TUR", "tuři"),
        ("OVC", "ovce"),
        ("KOZ", "kozy"),
        ("BEZ", "běžci"),
        ("JLN", "jelenovití"),
        ("VLB", "velbloudovití"),
        ("PRA", "prasata"),
    ]
    assert named("holding_types") == [
        ("H", "Hospodářství chovatele"),
        ("O", "Obchodník"),
        ("A", "Asanační podnik"),
        ("S", "Shromažďovací středisko"),
        ("J", "Jatky"),
        ("L", "Líheň"),
        ("U", "Uživatelské zařízení"),
    ]
    assert "".join(code for code, _ in named("holding_states")) == "AZX"
    assert [(row["code"], row["word"]) for row in LISTS["sexes"]] == [
        ("M", "Samec"),
        ("F", "Samice"),
        ("X", "Nezname"),
    ]


@pytest.mark.parametrize(
    ("path", "codes"),
    [
        (
            "IZR_CHIZZ01B Request/DRUH",
            [r["code"] for r in LISTS["species"] if r["in_schemas"] == "1"],
        ),
        ("IZR_PRO01A Request/STAVPROVOZOVNY", [r["code"] for r in LISTS["holding_states"]]),
        (
            "IZR_OUZ01A Response/ObjednaneUsniZnamkyResult/DruhZvirete/Objednavky/Radky"
            "/BarvaZnamky",
            [r["code"] for r in LISTS["colours"]],
        ),
        ("IZR_ZVI01A Request/TYPDATA/TYP", [r["code"] for r in LISTS["animal_data"]]),
        (
            "IZR_ZVI01A Response/ZvireDetailResult/USNIZNAMKY/POHLAVI",
            [r["word"] for r in LISTS["sexes"]],
        ),
        (
            "IZR_GAZ01B Response/ZvirataBResult/PROVOZOVNA/STAJ/DRUH/ZVIRE/POHLAVI",
            [r["code"] for r in LISTS["sexes"]],
        ),
        (
            "IZR_CHIZZ01B Response/ChybnikyBResult/DRUHZVIRETE/DATUMZPRACOVANI/RADKY/ZAVAZNOST",
            sorted(CONSTANTS["severities"]["value"].values()),
        ),
    ],
)
def test_values_of_an_element_are_those_of_its_list(path: str, codes: list[str]) -> None:
    (row,) = (row for row in LISTS["elements"] if row["code"] == path)
    assert row["restriction"] == "|".join(codes)


def test_kinds_of_animal_data_name_elements_of_the_answer() -> None:
    answer = "IZR_ZVI01A Response/ZvireDetailResult/USNIZNAMKY/"
    ours = [
        row["code"].removeprefix(answer)
        for row in LISTS["elements"]
        if row["code"].startswith(answer) and row["certainty"] == "reconstructed"
    ]
    top = [name for name in ours if "/" not in name]
    assert " ".join(row["elements"] for row in LISTS["animal_data"]).split() == top


def test_regions_have_two_digits() -> None:
    codes = [row["code"] for row in LISTS["regions"]]
    assert len(codes) == 14
    assert codes == sorted(codes)
    assert all(re.fullmatch("[1-8][0-4]|63", code) for code in codes)


def test_lists_that_are_answered_exist() -> None:
    assert {row["file"] for row in LISTS["code_lists"]} <= LISTS.keys()
    assert max(len(row["code"]) for row in LISTS["code_lists"]) <= 30


# --- events

EFFECTS = {
    "entry": "11 12 21 22 27 28",
    "arrival": "30 35 36 37 38 39",
    "departure": "70 75 76 77 78 79",
    "exit": "40 41 50 53 60 63 64 80",
    "receipt": "55 66",
    "note": "17 18 19",
    "cancellation": "91 92 93 94 95 96 97 98 99",
}
CANCELS = {
    "91": "17 18",
    "92": "19",
    "93": EFFECTS["arrival"],
    "94": "40",
    "95": "50 60",
    "96": "55 66",
    "97": EFFECTS["departure"],
    "98": "80",
    "99": EFFECTS["entry"],
}
EVENTS = LISTS["event_codes"]


def test_effects_of_events() -> None:
    found = {
        effect: " ".join(row["code"] for row in EVENTS if row["effect"] == effect)
        for effect in EFFECTS
    }
    assert found == EFFECTS
    assert sum(len(codes.split()) for codes in EFFECTS.values()) == len(EVENTS)
    assert {row["code"]: row["cancels"] for row in EVENTS if row["cancels"]} == CANCELS


def test_events_of_the_error_text_remove_the_animal() -> None:
    numbers = re.findall(r"\b\d\d\b", ERRORS["animal_gone"]["text"])
    assert numbers == ["40", "50", "53", "60", "63", "80"]
    assert set(numbers) <= set(EFFECTS["exit"].split())


def test_sheep_and_goats_have_the_opposite_sexes() -> None:
    sexes = {row["code"]: row["sex_tur"] + row["sex_ovc_koz"] for row in EVENTS if row["sex_tur"]}
    assert sexes == dict.fromkeys(["11", "21", "27"], "MF") | dict.fromkeys(
        ["12", "22", "28"], "FM"
    )


def test_the_move_to_a_temporary_holding_is_a_departure() -> None:
    assert str(SETTINGS["move_code"]["value"]) in EFFECTS["departure"].split()
    assert {row["code"] for row in EVENTS if not row["name_cs"]} == {"53"}
