"""The contract of SDNS as data, read by the kernel, against tables typed out."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from podatelna.kernel.contract import Contract
from podatelna.kernel.fidelity import ledger
from podatelna.kernel.ledger import CERTAINTIES
from podatelna.sdns import names

CONTRACT = Contract("sdns")
SOURCES = CONTRACT.text("SOURCES.md")
MAILS: dict[str, dict[str, str]] = yaml.safe_load(CONTRACT.text("mail.yaml"))
COLUMNS = {
    "check_kinds": "name_cs name_en issue_state",
    "compressions": "format decoding",
    "functions": "test occurrence name_en",
    "issue_states": "name_cs name_en",
    "occurrence_states": "name_cs name_en",
    "queries": "aliases access result strict",
    "reasons": "key name_en",
    "scopes": "data_sets",
    "statuses": "key data reference reference_splittable splittable_only reasons",
    "take_over_statuses": "category error",
}
LISTS = {name: CONTRACT.codelist(name) for name in COLUMNS}


# --- the whole


def test_the_kernel_reads_all_of_it() -> None:
    assert CONTRACT.codelists() == list(COLUMNS)
    facts = len(CONTRACT.constants) + len(CONTRACT.settings.settings) + len(CONTRACT.errors)
    assert len(list(ledger(CONTRACT))) == facts + sum(map(len, LISTS.values()))


def test_every_file_stands_in_the_sources() -> None:
    found = {
        path.relative_to(CONTRACT.folder).as_posix()
        for path in CONTRACT.folder.rglob("*")
        if path.is_file() and path.parent.name not in ("queries", "methodology")
    }
    table = SOURCES.partition("## Files")[2].partition("## Documents")[0]
    listed = set(re.findall(r"^\| `([^`<]+)` \|", table, re.MULTILINE))
    assert found - {"SOURCES.md"} == listed


def sources() -> Iterator[str]:
    yield from (line.source for line in ledger(CONTRACT))
    yield from (mail["source"] for mail in MAILS.values())


def test_every_source_names_a_document_or_says_that_there_is_none() -> None:
    table = SOURCES.partition("## Documents")[2].partition("## WSDLs")[0]
    rows = re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)
    documents = {name for row in rows for name in row.split(", ")} - {"name"}
    assert {"programmer's manual", "ews-result.xsd", "observed answers"} <= documents
    known = [*documents, "ours", "nothing public", "reserved domain"]
    assert [text for text in sources() if not any(name in text for name in known)] == []


def test_questions_are_numbered_and_those_cited_exist() -> None:
    asked = re.findall(r"^\| Q(\d+) ", SOURCES, re.MULTILINE)
    assert asked == [str(number) for number in range(1, len(asked) + 1)]
    abouts = [setting.about for setting in CONTRACT.settings.settings.values()]
    abouts += [constant.about for constant in CONTRACT.constants.values()]
    abouts += [entry.about for entry in CONTRACT.errors.values()]
    texts = [*sources(), *abouts]
    cited = {number for text in texts for number in re.findall(r"\bQ(\d+)", text)}
    assert cited <= set(asked)
    assert len(cited) > 20


def test_settings_that_the_sources_name_exist() -> None:
    decided = SOURCES.partition("## Open questions")[2]
    named = set(re.findall(r"`([a-z]+(?:_[a-z0-9]+)+)", decided))
    others = CONTRACT.constants.keys() | CONTRACT.errors.keys()
    assert named - others - CONTRACT.settings.settings.keys() == set()
    undecided = CONTRACT.settings.settings.keys() - named
    # These have names of one word, or their question is about more than they are.
    assert undecided == {"wsdl", "strict", "protocols", "reminders"}


# --- service

SETTINGS: dict[str, object] = {
    "signature_required": False,
    "signature_wrapping": "lenient",
    "certificate_validity": True,
    "second_base64": True,
    "maximum_request_bytes": 10 * 1024 * 1024,
    "maximum_message_bytes": 256 * 1024 * 1024,
    "maximum_ratio": 200,
    "default_locale": "cs_CZ",
    "answer_encoding": "plain",
    "content_warnings": False,
    "block_structure": "refuse",
    "wsdl": "runtime",
    "acceptance_delay_seconds": 120,
    "checking_delay_seconds": 60,
    "storing_delay_seconds": 60,
    "correction_days": 7,
    "confirmation_days": 7,
    "reminder_days": ["0", "7", "14"],
    "closing_days": 365,
    "replicated_data_sets": [],
    "refused_state": "with_next_issue",
    "internal_error_files": [],
    "details_most": 100,
    "protocols": True,
    "reminders": True,
    "query_error_codes": "proposed",
    "strict": False,
    "attachment_encoding": "8bit",
    "node_clock_skew_seconds": 0,
    "session_cookie": True,
    "router_idle_seconds": 15,
}
CHOICES: dict[str, tuple[str, ...]] = {
    "signature_wrapping": ("lenient", "strict"),
    "default_locale": ("cs_CZ", "en_US"),
    "answer_encoding": ("plain", "base64"),
    "block_structure": ("refuse", "accept"),
    "wsdl": ("runtime", "designtime"),
    "refused_state": ("with_next_issue", "at_once"),
    "query_error_codes": ("proposed", "observed"),
    "attachment_encoding": ("8bit", "base64"),
}
MINIMA = {
    **dict.fromkeys(["maximum_request_bytes", "maximum_message_bytes"], 1024),
    **dict.fromkeys(["maximum_ratio", "closing_days", "details_most", "router_idle_seconds"], 1),
    **dict.fromkeys([f"{step}_delay_seconds" for step in ("acceptance", "checking", "storing")], 0),
    **dict.fromkeys(["correction_days", "confirmation_days"], 0),
}
RUNTIME = "urn:com-ness-cz-ewiautom-wsimpl-IZaslaniDat"
WORDS: dict[str, object] = {
    "hosts": ["wsn.cnb.cz", "apl.cnb.cz"],
    "roots": {"/ewi-ws": "production", "/ewitest-ws": "test"},
    "path_load": "/ZaslaniDat",
    "path_query": "/EwiSOAPRouter",
    "namespaces_load": {"runtime": RUNTIME, "designtime": "ZaslaniDat"},
    "soap_actions_load": {"runtime": f"{RUNTIME}/loadData", "designtime": ""},
    "parameters_load": [
        *("filename", "username", "password", "zipmethod", "signaturemethod", "inputdata"),
        *("language", "country"),
    ],
    "parameters_load_runtime": [f"param{number}" for number in range(8)],
    "response_part": "return",
    "methods_query": {"getParams": ["queryType"], "performQuery": ["queryType", "xmlParam"]},
    "namespace_query": "EwiQueryWS",
    "soap_action_query": "",
    "namespace_result": "www.ewi.ws",
    "encoding_style": "http://schemas.xmlsoap.org/soap/encoding/",
    "longest_parameter": 500,
    "zip_methods": ["ZIP", "GZIP", "DEFLATE", "NONE"],
    "signature_methods": ["PKCS7", "NONE"],
    "locales": {"cs_CZ": ["cs", "CZ"], "en_US": ["en", "US"]},
    "longest_answer": 8192,
    "response_declaration": '<?xml version="1.0" encoding="utf-8"?>',
    "response_doctype": '<!DOCTYPE LoadDataResponse SYSTEM "ZaslaniDatOdpoved.dtd">',
    "result_declaration": '<?xml version="1.0" encoding="UTF-8"?>',
    "soap_declaration": "<?xml version='1.0' encoding='UTF-8'?>",
    "result_date": "%d.%m.%Y",
    "result_minute": "%d.%m.%Y %H:%M",
    "echoed_date": "%Y%m%d",
    "message_date": "%Y%m%d",
    "parameter_masks": {"DD.MM.YYYY": "%d.%m.%Y"},
    "server": "Oracle-Application-Server-10g",
    "cache_control": "private",
    "content_type_soap": "text/xml; charset=utf-8",
    "content_type_attachment": "application/octet-stream",
    "transfer_encoding": "8bit",
    "content_id_host": "azdnms84",
    "password_mask": "***",
    "hashtable_capacity": 11,
    "hashtable_load": 0.75,
    "result_statuses": {"success": "SUCCESS", "error": "ERROR"},
    "test_words": {True: "Testovací", False: "Provozní"},
    "origin_words": {"sent": "Odeslané", "prepared": "Připravené"},
    "additive_data_sets": ["MOKAS40", "MOKAS50"],
    "time_zone": "Europe/Prague",
    "mail_sender": "sdns@cnb.invalid",
}


def test_settings_have_these_defaults() -> None:
    book = CONTRACT.settings
    assert dict(book.defaults) == SETTINGS
    found = {name: each.choices for name, each in book.settings.items() if each.choices}
    assert found == CHOICES
    minima = {n: each.minimum for n, each in book.settings.items() if each.minimum is not None}
    assert minima == MINIMA
    assert all(setting.about for setting in book.settings.values())


def test_words_of_the_wire() -> None:
    assert {name: CONTRACT.constant(name) for name in WORDS} == WORDS


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("ws2780377521.xml", True),
        ("ws9990900002.xml", True),
        ("ws2780377521.XML", False),
        ("WS2780377521.xml", False),
        ("ws2780377521.sec", False),
        ("ws278377521.xml", False),
        ("ws27803775211.xml", False),
        ("ws2780377521xml", False),
        ("ws٢780377521.xml", False),
    ],
)
def test_file_names(name: str, fits: bool) -> None:
    found = re.fullmatch(CONTRACT.constant("file_pattern"), name)
    assert bool(found) is fits
    if found:
        assert found["prefix"] + found["number"] == name[2:12]


def test_forms_of_the_captures() -> None:
    ids = {"hash": 17493983, "milliseconds": 1291376892611}
    content_id = CONTRACT.constant("content_id_form").format(
        **ids, host=CONTRACT.constant("content_id_host")
    )
    assert content_id == "17493983.1291376892611.apache-soap.azdnms84"
    boundary = CONTRACT.constant("boundary_form").format(
        counter=1677, hash=7077388, milliseconds=1291376892611
    )
    assert boundary == "----=_Part_1677_7077388.1291376892611"
    assert CONTRACT.constant("content_type_multipart").format(
        boundary=boundary, start=content_id
    ) == (
        'multipart/related; boundary="----=_Part_1677_7077388.1291376892611"; type="text/xml"; '
        'start="17493983.1291376892611.apache-soap.azdnms84"'
    )
    node = CONTRACT.constant("cookie_node")
    assert re.fullmatch("[0-9a-f]{12}", node)
    cookie = CONTRACT.constant("cookie_form").format(node=node, random="0" * 32, root="/ewi-ws")
    assert cookie == f"JSESSIONID={node}{'0' * 32}; Path=/ewi-ws; secure"


# --- code lists


@pytest.mark.parametrize("name", COLUMNS)
def test_a_code_list_has_its_columns_and_says_how_certain_each_row_is(name: str) -> None:
    for row in LISTS[name]:
        assert list(row) == ["code", *COLUMNS[name].split(), "certainty", "source"]
        assert None not in row.values()
        assert row["certainty"] in CERTAINTIES
    assert max(Counter(row["code"] for row in LISTS[name]).values()) == 1


OCCURRENCES = """
-1 Termín uplynul, k dispozici jsou jen data replikována
10 Nejsou žádná data, termín dosud neuplynul
15 Nejsou žádná data, je urgováno jejich dodání
18 Nejsou žádná data, všechny stupně upomínek vyčerpány
20 Právě je zpracováváno vydání k výskytu
30 Je požadováno zaslání potvrzení dat vykazujícím subjektem
40 Je požadováno zaslání opravy dat vykazujícím subjektem
50 K výskytu jsou platná data
55 Výskyt je uzavřen, jsou platná data, nelze je již změnit
65 Výskyt je promlčen, nejsou platná data
"""
ISSUES = """
-1 Replikované vydání vzniklé z posledních platných hodnot daného datového souboru
0 Fiktivní vydání pro došlé zprávy typu „storno“, „potvrzení“ aj.
5 Data vydání připravena uživatelem SDNS, data nejsou v db
10 Vydání založeno
15 Fatální chyba v JVK (např. dělení nulou)
16 Zjištěny chyby v JVK, požadavek na opravu dat
17 Zjištěny chyby v JVK, požadavek na potvrzení
18 t.č. nepoužíváno
19 V rámci JVK nebyla zjištěna chyba
20
31 Data jsou uložena v db a je požadováno jejich potvrzení z důvodu chyby v JVK
32 Data jsou uložena v db a je požadováno jejich potvrzení z důvodu chyby v KČŘ
51 Data jsou uložena v db a jsou platná
52 Data jsou uložena v db a jsou platná (byla potvrzena)
59 Data byla stornována
61 Chybné vydání, jehož data nebyla uložena do db
62 Stornované vydání před potvrzením dat
99 Interní chyba, vydání není možné zpracovat
"""


@pytest.mark.parametrize(
    ("name", "printed", "most"),
    [("occurrence_states", OCCURRENCES, 60), ("issue_states", ISSUES, 240)],
)
def test_states_and_their_texts(name: str, printed: str, most: int) -> None:
    found = [f"{row['code']} {row['name_cs']}".strip() for row in LISTS[name]]
    assert found == printed.strip().splitlines()
    # NazevType and, as its annotation means it, DomenaAttrType of ews-result.xsd.
    assert max(len(row["name_cs"]) for row in LISTS[name]) <= most
    assert {row["certainty"] for row in LISTS[name]} == {"documented"}


def test_codes_that_the_catalogue_prints_too() -> None:
    texts = {row["code"]: row["name_cs"] for row in LISTS["issue_states"]}
    assert CONTRACT.errors["internal_error"].text == texts["99"]
    kinds = {row["code"]: row["issue_state"] for row in LISTS["check_kinds"]}
    assert kinds == {"O": "16", "L": "16", "P": "17", "C": "32", "F": "16", "X": "15"}
    assert set(kinds.values()) <= texts.keys()


def test_words_are_those_that_the_message_is_read_by() -> None:
    assert {row["code"]: row["key"] for row in LISTS["statuses"]} == names.STATUSES
    assert {row["code"]: row["key"] for row in LISTS["reasons"]} == names.REASONS
    functions = {row["code"]: (row["test"], row["occurrence"]) for row in LISTS["functions"]}
    assert functions == {names.LIVE: ("no", "Provozní"), names.TEST: ("yes", "Testovací")}


METHODOLOGY, REQUEST, INTENT = names.REASONS


def test_what_each_status_needs() -> None:
    either = f"{REQUEST} {INTENT}"
    columns = COLUMNS["statuses"].split()[1:]
    found = {
        row["code"]: " ".join(row[name] or "?" for name in columns) for row in LISTS["statuses"]
    }
    assert found == {
        "Nová-data": f"required none issue no {METHODOLOGY}",
        "Oprava": f"required message message no {either}",
        "Storno": f"none issue issue no {either}",
        "Potvrzení": f"none issue issue no {REQUEST}",
        "Dotaz": "? ? ? no ?",
        "Změnová-oprava": f"required issue issue yes {either}",
        "Storno-DZ": f"none message message yes {either}",
    }


def test_queries() -> None:
    public = {
        "METODIKY_SEZNAM": "MetodikySeznam",
        "DATOVE_SOUBORY_SEZNAM": "DatoveSouborySeznam",
        "DATOVE_SOUBORY_OBSAH": "DatoveSouboryObsah",
        "DIMENZE_SEZNAM": "DimenzeSeznam",
        "DIMENZE_OBSAH": "DimenzeObsah",
        "DATOVA_OBLAST_DIMENZE": "DatovaOblastDimenze",
        "UCETNICTVI": "Ucetnictvi",
    }
    columns = ["aliases", "access", "result", "strict"]
    assert {row["code"]: [row[name] for name in columns] for row in LISTS["queries"]} == {
        "VYDANI_SEZNAM_JH": ["VYDANI_SEZNAM", "JH", "VydaniSeznam", "yes"],
        "VYSKYTY_SEZNAM_JH": ["VYSKYTY_SEZNAM", "JH", "VyskytySeznam", "yes"],
        "DZ_ERR_SEZNAM": ["DZ_ERR_SEZNAM_JH", "JH", "DzErrSeznam", "no"],
        **{code: ["", "public", result, "yes"] for code, result in public.items()},
    }


def test_methods_are_those_of_the_service() -> None:
    assert [row["code"] for row in LISTS["compressions"]] == CONTRACT.constant("zip_methods")
    assert [row["code"] for row in LISTS["scopes"]] == ["S_BCRPZB", "S_BCPZB", "ZCR"]


def wrong(value: Any) -> Any:
    return [value] if not isinstance(value, list) else "text"


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_refuses_a_value_of_another_type(name: str) -> None:
    setting = CONTRACT.settings.settings[name]
    assert setting.refuse(wrong(setting.value))
    assert not setting.refuse(setting.value)
