"""The contract of CZMVO AMS as data, read with plain libraries, against tables typed out."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import product
from string import Formatter
from typing import Any

import pytest
import yaml

from podatelna.kernel.contract import Contract
from podatelna.kernel.duration import read_duration
from podatelna.kernel.fidelity import ledger
from podatelna.kernel.resources import resource

CERTAINTIES = ["reconstructed", "observed", "documented"]
KINDS = ["door", "right", "parameter", "object", "workflow", "file", "token", "limit", "internal"]


def read(name: str) -> str:
    return resource("contracts", f"czmvo/{name}").read_text("utf-8")


def rows_of(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(read(f"codelists/{name}.csv").splitlines()))


SOURCES = read("SOURCES.md")
SERVICE = yaml.safe_load(read("service.yaml"))
CONSTANTS: dict[str, dict[str, Any]] = SERVICE["constants"]
SETTINGS: dict[str, dict[str, Any]] = SERVICE["settings"]
ERRORS: dict[str, dict[str, Any]] = yaml.safe_load(read("errors.yaml"))
LISTS = {
    name: rows_of(name)
    for name in (
        "alert_codes",
        "escalations",
        "exception_states",
        "filter_states",
        "reopen_reasons",
        "requests",
        "states",
        "transitions",
        "typestates",
    )
}


def test_the_kernel_reads_all_of_it() -> None:
    contract = Contract("czmvo")
    assert contract.codelists() == list(LISTS)
    facts = len(CONSTANTS) + len(SETTINGS) + len(ERRORS) + sum(map(len, LISTS.values()))
    assert len(list(ledger(contract))) == facts


@pytest.mark.parametrize(
    "name", ["service.yaml", "errors.yaml", "mail.yaml", "openapi.yaml", *LISTS]
)
def test_every_file_stands_in_the_sources(name: str) -> None:
    assert f"`{name}`" in SOURCES or f"`codelists/{name}.csv`" in SOURCES


def sources() -> Iterator[str]:
    for facts in (CONSTANTS, SETTINGS, ERRORS):
        yield from (fact["source"] for fact in facts.values())
    yield from (row["source"] for rows in LISTS.values() for row in rows)


def test_every_document_that_is_cited_stands_in_the_sources() -> None:
    pattern = r"operator's (?:news|summary)(?: on| of)? .+?(?=[;:,(]|$| and on )"
    cited = {name.strip() for source in sources() for name in re.findall(pattern, source)}
    assert len(cited) == 11
    assert [name for name in sorted(cited) if f"| {name} |" not in SOURCES] == []


def test_questions_are_numbered_and_those_cited_exist() -> None:
    asked = re.findall(r"^\| Q(\d+) ", SOURCES, re.MULTILINE)
    assert asked == [str(number) for number in range(1, len(asked) + 1)]
    cited = {number for source in sources() for number in re.findall(r"\bQ(\d+)", source)}
    assert cited <= set(asked)


def test_settings_that_the_sources_name_exist() -> None:
    decided = SOURCES.partition("## Open questions")[2]
    named = set(re.findall(r"`([a-z]+(?:_[a-z0-9]+)+)(?:: \w+)?`", decided))
    assert named - SETTINGS.keys() - CONSTANTS.keys() == {"group_a", "id_request", "id_reason"}


# --- service

DEFAULTS: dict[str, object] = {
    "version_1": True,
    "version_aliases": False,
    "missing_accept": "accept_not_supported",
    "missing_authorization": "request_invalid",
    "accept_in_version_1": "optional",
    "challenge": True,
    "ids": "literal",
    "page_size": 500,
    "message_age": "accepted",
    "messages_as_csv": "table",
    "malformed_json": "ignored",
    "file_blanks": "accepted",
    "file_limit_bytes": 16 * 1024 * 1024,
    "state_profile": "workflow",
    "mah_state_details": True,
    "end_user_reopens": "own",
    "reopen_parameters": [
        "id_reason",
        "id_reopenreason",
        "id_reopenReason",
        "reopenReason",
        "reason",
    ],
    "nsol_error_states": [],
    "nsol_error_parameter": "nsolError",
    "group_in_version_1": "partial",
    "intervention_days": 2,
    "cooperation_days": 14,
    "reminder_hours": ["48", "120"],
    "automatic_closing_days": 365,
    "automatic_closing_state": "06o",
    "archive_days": 90,
    "token_lifetime_seconds": 1800,
    "token_reissue": "lenient",
    "token_interval_minutes": 60,
    "limit_per_address": 800,
    "address_header": "",
    "limit_per_client": 400,
    "limit_window_seconds": 300,
    "limit_window": "fixed",
    "retry_after": True,
    "nightly_refresh": True,
    "refresh_hour": 0,
    "notifications": True,
    "messages_available": True,
    "backend_available": True,
}
STATUSES = {
    **dict.fromkeys([25, 26, 27, 28, 29, 31, 34, 35, 40], 405),
    **dict.fromkeys([30, 32, 39], 400),
    33: 406,
    36: 404,
    37: 401,
    38: 401,
}
WORDS = {
    "host": "api.czmvo.cz",
    "host_development": "betaapi.czmvo.cz",
    "path_production": "",
    "path_test": "/t",
    "path_development": "/beta",
    "functions": ["alerts", "filter", "auth/token"],
    "methods": ["GET", "POST", "PUT", "DELETE"],
    "versions_supported": ["2.0", "2.1"],
    "versions_deprecated": ["1.0"],
    "version_newest": "2.1",
    "version_without_header": "1.0",
    "header_version": "amscz-version",
    "header_supported_versions": "amscz-supported-versions",
    "header_deprecated_versions": "amscz-deprecated-versions",
    "header_version_aliases": ["amsapi-version", "ams-api-version"],
    "role_words": {"enduser": "Enduser", "mah": "MAH/OBP", "nobody": "N/A"},
    "auth_words": {
        "nobody": "No authorization",
        **dict.fromkeys(["account", "client", "developer"], "Regular"),
        "alert": "Enduser alert based",
        "location": "Verify only",
    },
    "environment_words": {
        "production": "production",
        "test": "sandbox",
        "development": "sandbox",
    },
    "modules": ["alerts", "filter"],
    "ok_message": "OK",
    "status_ok": "ok",
    "status_error": "error",
    "note_maximum": 60000,
    "standard_processing": -1,
}


def test_settings_have_these_defaults() -> None:
    values = {name: setting["value"] for name, setting in SETTINGS.items()}
    assert values == DEFAULTS | {f"status_{code}": status for code, status in STATUSES.items()}


def test_a_word_setting_has_its_default_among_its_choices() -> None:
    free = {
        name
        for name, setting in SETTINGS.items()
        if isinstance(setting["value"], str) and setting["value"] not in setting.get("choices", ())
    }
    assert free == {"address_header", "nsol_error_parameter"}


@pytest.mark.parametrize("facts", [CONSTANTS, SETTINGS], ids=["constants", "settings"])
def test_a_fact_of_the_service_says_how_certain_it_is(facts: dict[str, dict[str, Any]]) -> None:
    assert {fact["certainty"] for fact in facts.values()} <= set(CERTAINTIES)
    assert all(fact["source"].strip() for fact in facts.values())
    assert all(setting["about"].strip() for setting in SETTINGS.values())


def test_words_of_the_wire() -> None:
    assert {name: CONSTANTS[name]["value"] for name in WORDS} == WORDS


def test_types_of_files() -> None:
    types = CONSTANTS["file_types"]["value"]
    assert list(types) == ["txt", "pdf", "csv", "jpg", "png", "tiff"]
    assert CONSTANTS["file_type_aliases"]["value"] == {"jpeg": "jpg", "tif": "tiff"}


@pytest.mark.parametrize(
    ("name", "text", "fits"),
    [
        ("uprc_pattern", "CZ-0VR-Y94-KK5-6FJ", True),
        ("uprc_pattern", "CZ-KSR-RLB-6MF-E8C-8RT", True),
        ("uprc_pattern", "CZ-0VR-Y94-KK5", False),
        ("uprc_pattern", "CZ-0vr-Y94-KK5-6FJ", False),
        ("location_pattern", "858d085f-324a-4938-a796-333bfac94f05", True),
        ("location_pattern", "858D085F-324A-4938-A796-333BFAC94F05", False),
    ],
)
def test_patterns(name: str, text: str, fits: bool) -> None:
    assert bool(re.fullmatch(CONSTANTS[name]["value"], text)) is fits


def test_documented_texts_with_variable_parts() -> None:
    footer = CONSTANTS["mail_footer"]["value"]
    assert footer.format(event="NEWMESSAGE", id=20) == "**EVENT:NEWMESSAGE*ID:20**"
    location = "858d085f-324a-4938-a796-333bfac94f05"
    level_3 = CONSTANTS["level_3_uprc"]["value"]
    assert level_3.format(location=location, counter=1) == f"CZ-{location}-000001"


# --- error catalogue

# Code, HTTP status and key; Czech text; English text.
PRINTED = """
1 404 unknown_function
  Neznámá funkce
  Unknown function
2 401 not_authenticated
  Neověřený přístup.
  Access not verified.
3 401 function_not_allowed
  Funkce nepovolena.
  Function not allowed.
4 405 method_not_allowed
  Nepovolené volání metody.
  Method call not allowed.
5 400 value_not_allowed
  Nepovolená hodnota pro parametr {name}.
  Value not allowed for parameter {name}.
11 400 value_missing
  Nevyplněná hodnota pro parametr.
  Parameter value not filled in.
12 404 alert_not_found
  Alert nebyl nalezen.
  Alert not found.
13 405 no_right_to_write
  Není oprávnění k zápisu do alertu.
  No right to write to the alert.
14 400 file_not_decoded
  Soubor se nepodařilo dekódovat.
  The file could not be decoded.
15 400 file_too_large
  Velikost souboru překročila limit {megabytes}MB.
  File size exceeded the {megabytes}MB limit.
16 500 message_not_saved
  Zprávu se nepodařilo uložit.
  The message could not be saved.
17 401 no_right_to_edit
  Není oprávnění k úpravě zprávy.
  No right to edit the message.
18 401 message_not_answerable
  Na zprávu nelze odpovědět.
  The message cannot be answered.
19 401 message_not_deletable
  Zprávu nelze smazat.
  The message cannot be deleted.
20 400 uprc_or_id_missing
  Musí být zadán alespoň jeden parametr UPRC, ID.
  At least one of UPRC, ID must be given.
21 404 file_not_found
  Soubor ID {id} nebyl nalezen.
  File ID {id} not found.
22 401 no_right_to_read_file
  Není oprávnění ke čtení souboru.
  No right to read the file.
23 415 file_type_not_supported
  Soubor není podporovaného typu.
  File type not supported.
24 500 internal_error
  Interní chyba API.
  Internal API error.
25 405 alert_archived
  Alert nelze upravit, je již archivovaný.
  The alert cannot be edited, it is archived.
26 405 alert_of_other_mah
  Alert nelze upravit, je přiřazený jinému MAH.
  The alert cannot be edited, it is assigned to another MAH.
27 405 new_state_unexpected
  Nelze nastavit stav pro alert. Neočekávaný nový stav.
  State cannot be set. Unexpected new state.
28 405 no_right_to_state
  Nelze nastavit stav pro alert. Není oprávnění.
  State cannot be set. No right.
29 405 alert_closed
  Nelze nastavit stav pro alert. Alert je uzavřen.
  State cannot be set. Alert is closed.
30 400 conditions_not_met
  Nelze nastavit stav pro alert. Nejsou splněny všechny podmínky.
  State cannot be set. Not all conditions are met.
31 405 alert_not_open_to_messages
  Zprávu k alertu nelze zaslat. Alert není ve správném stavu pro zaslání zprávy.
  Message cannot be sent. Alert is not in the right state.
32 400 nsol_error_not_specified
  Požadovaná specifikace chyby NSOL.
  Specification of the NSOL error required.
33 406 accept_not_supported
  Byl zadán nepodporovaný typ hlavičky požadavku Accept, nebo nebyl zadán.
  Unsupported or missing Accept header.
34 405 alert_of_other_enduser
  Alert nelze upravit, je přiřazený jinému Koncovému uživateli
  The alert cannot be edited, it is assigned to another end user.
35 405 against_workflow
  Alert nelze upravit, požadavek neodpovídá alertnímu workflow.
  The alert cannot be edited, the request does not fit the alert workflow.
36 404 location_not_found
  ID Lokace nebylo nalezeno
  Location ID not found.
37 401 no_right_to_location
  Není oprávnění přístupu k lokaci
  No right to access the location.
38 401 token_invalid
  Neplatný nebo expirovaný Autorizační token.
  Invalid or expired authorization token.
39 400 request_invalid
  Neplatný požadavek
  Invalid request.
40 405 group_blocked
  Akce nad skupinou nelze provést
  Group action cannot be carried out.
"""
HEADS, *TEXTS = (PRINTED.strip().splitlines()[first::3] for first in range(3))
BOOK = {
    key: (int(number), int(status), czech.strip(), english.strip())
    for (number, status, key), czech, english in zip(map(str.split, HEADS), *TEXTS, strict=True)
}
# Answers without an envelope. Key: HTTP status, text.
BARE = {
    "rate_limited": (429, ""),
    "invalid_client": (400, "invalid_client"),
    "unsupported_grant_type": (400, "unsupported_grant_type"),
    "invalid_token_request": (400, "invalid_request"),
}
FIELDS: dict[str, tuple[type, ...]] = {
    "number": (int, type(None)),
    **dict.fromkeys(["kind", "text", "text_en"], (str,)),
    "status": (int,),
    **dict.fromkeys(["at", "about", "certainty"], (str,)),
    "evidence": (dict,),
    "source": (str,),
}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_the_catalogue_has_these_entries_in_this_order() -> None:
    assert list(ERRORS) == [*BOOK, *BARE]
    numbers = [number for number, *_ in BOOK.values()]
    assert numbers == [*range(1, 6), *range(11, 41)]


@pytest.mark.parametrize("key", BOOK)
def test_number_status_and_texts(key: str) -> None:
    entry = ERRORS[key]
    assert tuple(entry[c] for c in ("number", "status", "text", "text_en")) == BOOK[key]
    assert placeholders(entry["text"]) == placeholders(entry["text_en"])


def test_answers_without_an_envelope() -> None:
    found = {key: ERRORS[key] for key in BARE}
    assert {key: (e["status"], e["text"]) for key, e in found.items()} == BARE
    assert {(e["number"], e["text"] == e["text_en"]) for e in found.values()} == {(None, True)}


@pytest.mark.parametrize("key", ERRORS)
def test_an_entry_has_the_fields_of_the_schema(key: str) -> None:
    entry = ERRORS[key]
    assert list(entry) == list(FIELDS)
    wrong = {name: value for name, value in entry.items() if type(value) not in FIELDS[name]}
    assert wrong == {}
    assert entry["kind"] in KINDS
    assert all(entry[name].strip() for name in ("about", "source"))


@pytest.mark.parametrize("key", ERRORS)
def test_an_entry_says_how_certain_each_part_is(key: str) -> None:
    evidence = ERRORS[key]["evidence"]
    assert list(evidence) == [*["code"][: key in BOOK], "text", "status", "text_en"]
    assert set(evidence.values()) <= set(CERTAINTIES)
    assert evidence["text_en"] == "reconstructed"
    assert ERRORS[key]["certainty"] == evidence["code" if key in BOOK else "status"]


def test_what_the_scan_has_lost_is_not_documented() -> None:
    lost = {key for key, (number, *_) in BOOK.items() if number >= 25}
    for key in BOOK:
        evidence = ERRORS[key]["evidence"]
        assert evidence["status"] == ("reconstructed" if key in lost else "documented")
    assert {ERRORS[key]["evidence"]["code"] for key in lost - {"group_blocked"}} == {
        "reconstructed"
    }
    assert ERRORS["group_blocked"]["evidence"]["code"] == "documented"


def test_statuses_are_the_defaults_of_the_settings() -> None:
    statuses = {number: status for number, status, *_ in BOOK.values() if number >= 25}
    assert statuses == STATUSES


# --- code lists

COLUMNS = {
    "alert_codes": "code level kind name_cs name_en return_code",
    "escalations": "code profile after setting from since to mail",
    "exception_states": "code id name_cs name_en",
    "filter_states": "code name_cs name_en",
    "reopen_reasons": "code id name_cs name_en",
    "requests": "code role id name_cs name_en text_cs text_en for_states to_state",
    "states": (
        "code profile id externalcode name_cs name_en final set_by"
        " description_mah_cs description_mah_en description_enduser_cs description_enduser_en"
        " typestate"
    ),
    "transitions": "code profile origin from event role kinds to condition otherwise",
    "typestates": "code name description_cs description_en",
}
STATES = LISTS["states"]
TRANSITIONS = LISTS["transitions"]
WORKFLOW = [row for row in STATES if row["profile"] == "workflow"]
MANUAL = [row for row in STATES if row["profile"] == "manual"]
OF = {"workflow": WORKFLOW, "manual": MANUAL}


@pytest.mark.parametrize("name", LISTS)
def test_a_code_list_has_its_columns_and_says_how_certain_each_row_is(name: str) -> None:
    for row in LISTS[name]:
        assert list(row) == [*COLUMNS[name].split(), "certainty", "source"]
        assert row["certainty"] in CERTAINTIES
        assert row["code"]
        assert row["source"].strip()


@pytest.mark.parametrize("name", LISTS)
def test_codes_of_a_list_are_unique_within_a_profile(name: str) -> None:
    codes = Counter((row.get("profile"), row["code"]) for row in LISTS[name])
    assert set(codes.values()) == {1}


def test_states_of_the_manual_in_its_order() -> None:
    columns = ("id", "name_cs", "externalcode", "final")
    assert [tuple(row[c] for c in columns) for row in MANUAL] == [
        ("1", "Nový", "01", "0"),
        ("5", "V řešení", "#", "0"),
        ("3", "Uzavřený", "06a,06b,06c", "1"),
        ("6", "Odložený", "", "0"),
        ("7", "Chyba import na callcentrum", "CALLFAIL", "0"),
    ]


# Id, external code, Czech name, final, roles that may set it.
NEW_WORKFLOW = [
    ("1", "01a", "01a - Nový - transakce KU", "0", ""),
    ("2", "01b", "01b - Nový - transakce MAH/OBP/PD", "0", ""),
    ("8", "04a", "04a - MAH - info od KU", "0", ""),
    ("5", "#", "V řešení", "0", "mah"),
    ("10", "06a", "06a - Uzavřeno - MAH - opraveno", "1", "mah"),
    ("11", "06b", "06b - Uzavřeno - KU - Technická chyba", "1", "enduser mah"),
    ("12", "06c", "06c - Uzavřeno - MAH - nelze opravit", "1", "mah"),
    ("15", "06f", "06f - Uzavřeno - KU - Procesní chyba - nelze vydat", "1", "enduser mah"),
    ("20", "06k", "06k - Uzavřeno - PD - nelze opravit", "1", "mah"),
    ("22", "06m", "06m - Uzavřeno - KU - Procesní chyba - lze vydat", "1", "enduser"),
    ("24", "06o", "06o - Uzavřeno - KU nespolupracuje - nelze vydat", "1", "mah"),
    ("6", "", "Odložený", "0", ""),
    ("7", "CALLFAIL", "Chyba import na callcentrum", "0", ""),
]


def test_states_of_the_workflow() -> None:
    columns = ("id", "externalcode", "name_cs", "final", "set_by")
    assert [tuple(row[c] for c in columns) for row in WORKFLOW] == NEW_WORKFLOW


def test_english_names_are_the_operators() -> None:
    assert {row["code"]: row["name_en"] for row in WORKFLOW if row["final"] == "1"} == {
        "06a": "06a - Closed - MAH error - Fixed",
        "06b": "06b - Closed - End User - Technical error",
        "06c": "06c - Closed - MAH error - Not fixed",
        "06f": "06f - Closed - End User process error - cannot be dispensed",
        "06k": "06k - Closed - PD error - Not fixed",
        "06m": "06m - Closed - End User process error – the pack can be supplied",
        "06o": "06o - Closed - End user does not cooperate - cannot be supplied",
    }


@pytest.mark.parametrize("profile", OF)
def test_ids_and_external_codes_of_a_profile_are_unique(profile: str) -> None:
    for column in ("id", "externalcode"):
        assert max(Counter(row[column] for row in OF[profile]).values()) == 1


def test_a_state_is_called_by_its_external_code_but_where_that_is_none() -> None:
    other = {(row["code"], row["externalcode"]) for row in STATES}
    assert {pair for pair in other if pair[0] != pair[1]} == {
        ("postponed", ""),
        ("closed", "06a,06b,06c"),
    }


NEW_ALERT = (
    "Nová výstraha - výsledek investigace NOOL případně v poli „Předanalýza - automatická“. Balení"
    " mějte v karanténě. Pokud se ale domníváte, že se jedná o odstranitelnou chybu na vaší straně,"
    " po odstranění problému se můžete pokusit o opětovnou verifikaci. Pokud bylo následné ověření"
    " úspěšné, lze LP vydat, a alert můžete v AMS uzavřít pomocí příslušného stavu."
)


def test_one_description_is_known_and_the_others_repeat_the_name() -> None:
    assert WORKFLOW[0]["description_enduser_cs"] == NEW_ALERT
    unlike = [
        (row["profile"], row["code"], role, language)
        for row, role, language in product(STATES, ("mah", "enduser"), ("cs", "en"))
        if row[f"description_{role}_{language}"] != row[f"name_{language}"]
    ]
    assert unlike == [("workflow", "01a", "enduser", language) for language in ("cs", "en")]


def test_type_states() -> None:
    described = [(row["name"], row["description_cs"]) for row in LISTS["typestates"]]
    assert described == [
        ("N", "Neprovádět nic"),
        ("Informace MAH", "Požadovány dodatečné informace od uživatele"),
    ]
    assert {row["typestate"] for row in STATES} == {name for name, _ in described}
    asking = [row["code"] for row in STATES if row["typestate"] == "Informace MAH"]
    assert asking == ["01a", "04a"]


def test_canned_messages() -> None:
    columns = ("role", "id", "name_cs", "text_cs", "for_states", "to_state")
    photo = "Žádáme o zaslání fota obalu LP, s čitelným 2D kódem"
    printed = ". Nafotte prosím i vizuálně čitelné údaje (EAN, šarže, SN, datum exspirace, apod.)"
    found = [tuple(row[c] for c in columns) for row in LISTS["requests"]]
    assert found[:2] == [
        ("mah", "1", "Fotka", photo, "01 01a 01b #", "04a"),
        ("mah", "2", "Fotka EAN", photo + printed, "01 01a 01b #", "04a"),
    ]
    (denial,) = found[2:]
    assert (*denial[:2], *denial[4:]) == ("enduser", "101", "01a", "#")
    assert LISTS["requests"][2]["name_en"] == "Is not technical end-user error"
    assert len({row["id"] for row in LISTS["requests"]}) == 3


def test_small_lists() -> None:
    named = {
        name: [(row.get("id", row["code"]), row["name_cs"]) for row in LISTS[name]]
        for name in ("reopen_reasons", "filter_states", "exception_states")
    }
    assert named == {
        "reopen_reasons": [("1", "Chybně uzavřeno")],
        "filter_states": [
            ("NO", "Uzavřeno - MAH - nelze opravit"),
            ("OP", "Uzavřeno - MAH - opraveno"),
        ],
        "exception_states": [("1", "Nový")],
    }
    assert CONSTANTS["new_exception_state"]["value"] == 1


def test_alert_codes() -> None:
    columns = ("code", "level", "kind", "return_code")
    assert [tuple(row[c] for c in columns) for row in LISTS["alert_codes"]] == [
        ("A1", "3", "level3", ""),
        ("A2", "5", "technical", "NMVS_FE_LOT_03"),
        ("A3", "5", "technical", "NMVS_NC_PC_02"),
        ("A5", "3", "level3", ""),
        ("A7", "5", "process", "NMVS_NC_PCK_19"),
        ("A24", "5", "process", "NMVS_NC_PCK_06 NMVS_NC_PCK_22"),
        ("A52", "5", "technical", "NMVS_FE_LOT_12"),
        ("A68", "5", "technical", "NMVS_FE_LOT_13"),
    ]


# --- transitions

Asked = tuple[str, str, str, str, str]
"""Profile, origin, state, event, role."""
ORIGINS = ["enduser", "mah", "distributor"]
EVENTS = {"created", "message", "request", "state", "standard"}


def states_of(row: dict[str, str]) -> set[str]:
    """The states that a row of a table is about."""
    every = OF[row["profile"]]
    words = {
        "open": {state["code"] for state in every if state["final"] == "0"},
        "final": {state["code"] for state in every if state["final"] == "1"},
    }
    return set().union(*(words.get(word, {word}) for word in row["from"].split()))


def origins_of(row: dict[str, str]) -> list[str]:
    return ORIGINS if row["origin"] == "*" else [row["origin"]]


def rows_for(asked: Asked) -> list[dict[str, str]]:
    profile, origin, state, event, role = asked
    return [
        row
        for row in TRANSITIONS
        if (row["profile"], row["event"], row["role"]) == (profile, event, role)
        and origin in origins_of(row)
        and state in states_of(row)
    ]


def every_question() -> Iterator[Asked]:
    for profile, states in OF.items():
        for origin, state, event, role in product(ORIGINS, states, EVENTS, ("enduser", "mah")):
            yield profile, origin, state["code"], event, role


def test_words_of_the_transitions() -> None:
    errors = ERRORS.keys() | {""}
    for row in TRANSITIONS:
        codes = {state["code"] for state in OF[row["profile"]]}
        assert {row["to"]} | states_of(row) <= codes
        assert row["origin"] in [*ORIGINS, "*"]
        assert row["event"] in EVENTS
        assert row["kinds"] in ("technical", "process", "*")
        assert row["condition"] in ("", "intervention", "cooperation")
        assert row["otherwise"] in errors
        assert bool(row["otherwise"]) is (row["kinds"] != "*")


def test_only_the_system_creates_alerts_and_each_origin_in_one_state() -> None:
    created = [row for row in TRANSITIONS if row["event"] == "created"]
    assert {(row["role"], row["from"]) for row in created} == {("system", "")}
    found = [(row["profile"], origin, row["to"]) for row in created for origin in origins_of(row)]
    assert found == [
        ("workflow", "enduser", "01a"),
        ("workflow", "mah", "01b"),
        ("workflow", "distributor", "01b"),
        *(("manual", origin, "01") for origin in ORIGINS),
    ]
    others = [row for row in TRANSITIONS if row not in created]
    assert all(row["from"] and row["role"] in ("enduser", "mah") for row in others)


def test_standard_processing_leads_where_the_alert_began() -> None:
    began = {
        (row["profile"], origin): row["to"]
        for row in TRANSITIONS
        for origin in origins_of(row)
        if row["event"] == "created"
    }
    for row in TRANSITIONS:
        if row["event"] == "standard":
            assert {began[row["profile"], origin] for origin in origins_of(row)} == {row["to"]}


def test_no_question_has_two_answers() -> None:
    for asked in every_question():
        answers = Counter(row["to"] for row in rows_for(asked))
        if asked[3] == "state":
            assert set(answers.values()) <= {1}
        else:
            assert answers.total() <= 1, asked


def test_what_may_be_set_is_what_the_transitions_let_set() -> None:
    for profile, states in OF.items():
        for state in states:
            roles = {
                row["role"]
                for row in TRANSITIONS
                if (row["profile"], row["event"], row["to"]) == (profile, "state", state["code"])
            }
            assert state["set_by"] == " ".join(sorted(roles))


def test_canned_messages_are_for_the_states_that_have_a_row() -> None:
    for profile, states in OF.items():
        codes = {state["code"] for state in states}
        for request in LISTS["requests"]:
            meant = set(request["for_states"].split()) & codes
            rows = [
                row
                for row in TRANSITIONS
                if (row["profile"], row["event"], row["role"])
                == (profile, "request", request["role"])
            ]
            assert set().union(*map(states_of, rows)) == meant
            if profile == "workflow":
                assert {row["to"] for row in rows} == {request["to_state"]}


CLOSABLE = ["01a", "04a", "#", "06a", "06b", "06c", "06f", "06k", "06m", "06o"]
OWN = ["01b", *CLOSABLE[1:]]
FINAL = CLOSABLE[3:]
OPEN = ["01a", "01b", "04a", "#", "postponed", "CALLFAIL"]
AGAINST = "against_workflow"
# Origin, states, event, role: by new state the kinds, the condition and the error otherwise.
ALLOWED: list[tuple[str, list[str], str, str, dict[str, tuple[str, str, str]]]] = [
    ("*", ["01a", "01b", "#"], "message", "mah", {"04a": ("*", "", "")}),
    ("*", ["01a", "01b", "#"], "request", "mah", {"04a": ("*", "", "")}),
    ("enduser", ["04a"], "message", "enduser", {"#": ("*", "", "")}),
    ("enduser", ["01a"], "request", "enduser", {"#": ("*", "", "")}),
    (
        *("enduser", CLOSABLE, "state", "enduser"),
        {
            "06b": ("technical", "", AGAINST),
            "06f": ("process", "", AGAINST),
            "06m": ("process", "", AGAINST),
        },
    ),
    (
        *("enduser", CLOSABLE, "state", "mah"),
        {
            **dict.fromkeys(["06a", "06b", "06c"], ("*", "intervention", "")),
            "06f": ("process", "intervention", AGAINST),
        },
    ),
    ("enduser", ["04a"], "state", "mah", {"06o": ("*", "cooperation", "")}),
    ("mah", OWN, "state", "mah", {"06a": ("*", "", ""), "06c": ("*", "", "")}),
    ("distributor", OWN, "state", "mah", {"06k": ("*", "", "")}),
    ("*", OPEN + FINAL, "state", "mah", {"#": ("*", "", "")}),
    ("enduser", OPEN + FINAL, "standard", "mah", {"01a": ("*", "", "")}),
    ("mah", OPEN + FINAL, "standard", "mah", {"01b": ("*", "", "")}),
    ("distributor", OPEN + FINAL, "standard", "mah", {"01b": ("*", "", "")}),
    ("enduser", FINAL, "standard", "enduser", {"01a": ("*", "", "")}),
]


def test_the_workflow_allows_this_and_nothing_else() -> None:
    wanted: dict[Asked, dict[str, tuple[str, str, str]]] = {}
    for origin, states, event, role, targets in ALLOWED:
        for each, state in product(ORIGINS if origin == "*" else [origin], states):
            wanted.setdefault(("workflow", each, state, event, role), {}).update(targets)
    found = {
        asked: {row["to"]: (row["kinds"], row["condition"], row["otherwise"]) for row in rows}
        for asked in every_question()
        if asked[0] == "workflow" and (rows := rows_for(asked))
    }
    assert found == wanted


def test_in_the_manuals_profile_both_sides_set_any_state() -> None:
    every = [state["code"] for state in MANUAL]
    for origin, state, role in product(ORIGINS, every, ("enduser", "mah")):
        settable = {row["to"] for row in rows_for(("manual", origin, state, "state", role))}
        assert settable == {"#", "closed", "postponed"}
        (back,) = rows_for(("manual", origin, state, "standard", role))
        assert back["to"] == "01"
    written = {
        (row["role"], row["event"], row["from"], row["to"])
        for row in TRANSITIONS
        if row["profile"] == "manual" and row["event"] in ("message", "request")
    }
    assert written == {("mah", "message", "01", "#"), ("mah", "request", "01 #", "#")}


# --- escalations

HOUR = 3600
UNITS = {"_hours": HOUR, "_days": 24 * HOUR}


def test_escalations() -> None:
    columns = ("code", "profile", "from", "since", "to", "mail")
    assert [tuple(row[c] for c in columns) for row in LISTS["escalations"]] == [
        ("reminder", "workflow", "04a", "state", "", "enduser"),
        ("automatic_closing", "workflow", "open", "created", "06o", "enduser mah"),
        ("automatic_closing", "manual", "open", "created", "closed", "enduser mah"),
        ("archiving", "*", "final", "state", "", ""),
    ]


@pytest.mark.parametrize("row", LISTS["escalations"], ids=lambda row: row["code"])
def test_spans_are_the_defaults_of_the_settings(row: dict[str, str]) -> None:
    (unit,) = (seconds for end, seconds in UNITS.items() if row["setting"].endswith(end))
    default = SETTINGS[row["setting"]]["value"]
    numbers = default if isinstance(default, list) else [default]
    spans = [read_duration(span).total_seconds() for span in row["after"].split()]
    assert spans == [int(number) * unit for number in numbers]


def test_the_system_closes_in_final_states() -> None:
    final = [row["code"] for row in WORKFLOW if row["final"] == "1"]
    assert SETTINGS["automatic_closing_state"]["choices"] == final
    closing = {r["profile"]: r["to"] for r in LISTS["escalations"] if r["since"] == "created"}
    assert closing["workflow"] == SETTINGS["automatic_closing_state"]["value"]
    assert closing["manual"] in {row["code"] for row in MANUAL if row["final"] == "1"}
