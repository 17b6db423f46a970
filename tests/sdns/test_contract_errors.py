"""The error catalogue and the letters of SDNS, read by the kernel, against tables typed out."""

import re
from string import Formatter

import pytest
import yaml

from podatelna.kernel.catalogue import Entry
from podatelna.kernel.contract import Contract
from podatelna.kernel.ledger import CERTAINTIES

CONTRACT = Contract("sdns")
MAILS: dict[str, dict[str, str]] = yaml.safe_load(CONTRACT.text("mail.yaml"))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


# --- errors

ENTRIES = """
take_over fatal severe invalid_input_parameter login_denied data_send_denied decompression_failed
 signature_check_failed invalid_xml_data duplicate_data ok_with_warnings ok
header message_number_used sender_not_allowed methodology_not_valid data_set_unknown
 occurrence_not_expected subject_not_allowed reference_wrong status_not_for_data_set reason_wrong
 split_sequence_wrong occurrence_closed function_wrong data_presence_wrong
 number_not_valid
processing no_records block_not_supported internal_error
query query_login_denied query_access_denied query_parameter_missing query_parameter_wrong
 query_unknown query_parameters_unreadable nothing_found query_internal_error
fault call_unreadable version_mismatch target_unknown method_not_supported attachment_missing
 unexpected_exception
http page_not_found method_not_allowed body_too_large
"""
KEYS = {
    kind: keys for kind, *keys in (part.split() for part in re.split(r"\n(?=\w)", ENTRIES.strip()))
}
# category, code and type; Czech text; English text.
TAKEN = {
    "fatal": (
        "Internal error: Fatal: error",
        "Odpověď se nepodařilo sestavit.",
        "The answer could not be built.",
    ),
    "severe": (
        "Internal error: Severe: error",
        "Při zpracování požadavku došlo k neočekávané chybě.",
        "An unexpected error occurred while processing the request.",
    ),
    "invalid_input_parameter": (
        "Invalid parameters: Invalid input parameter: error",
        "Neplatná hodnota parametru {parameter}.",
        "Invalid value of parameter {parameter}.",
    ),
    "login_denied": (
        "Access denied: Login denied: error",
        "Přihlášení uživatele se nezdařilo.",
        "Login failed.",
    ),
    "data_send_denied": (
        "Access denied: Data send denied: error",
        "Uživatel nemá oprávnění k zaslání dat.",
        "User is not authorised to send data.",
    ),
    "decompression_failed": (
        "Invalid data: Decompression failed: error",
        "Data se nepodařilo dekomprimovat.",
        "Data could not be decompressed.",
    ),
    "signature_check_failed": (
        "Invalid data: Signature check failed: error",
        "Nepodařilo se ověřit elektronický podpis.",
        "Electronic signature could not be verified.",
    ),
    "invalid_xml_data": (
        "Invalid data: Invalid XML data: error",
        "XML dokument neodpovídá definici vydani.dtd: {detail}",
        "XML document does not conform to vydani.dtd: {detail}",
    ),
    "duplicate_data": ("Invalid data: Duplicate data: error", "", ""),
    "ok_with_warnings": (
        "Success: Warning: warn",
        "Zpráva byla převzata s upozorněním: {detail}",
        "Message accepted with a warning: {detail}",
    ),
    "ok": ("Success: OK: info", "", ""),
}
# Code and Czech text; English text.
OFFLINE = """
DZ-01 Číslo zprávy {number} již odesílatel {sender} použil.
  Message number {number} was already used by sender {sender}.
DZ-02 Odesílatel {sender} není komunikujícím subjektem uživatele.
  Sender {sender} is not the communicating subject of the user.
DZ-03 Metodika {methodology} neexistuje, nebo není platná ke dni {as_of}.
  Methodology {methodology} does not exist or is not valid at {as_of}.
DZ-04 Datový soubor {data_set} není součástí metodiky {methodology}.
  Data set {data_set} is not part of methodology {methodology}.
DZ-05 Výskyt {data_set}, {subject}, {scope}, {as_of} není očekáván.
  Occurrence {data_set}, {subject}, {scope}, {as_of} is not expected.
DZ-06 Odesílatel {sender} není oprávněn zasílat data za subjekt {subject}.
  Sender {sender} is not authorised to send data for subject {subject}.
DZ-07 Referenční zpráva {reference} neodpovídá stavu {status}.
  Reference {reference} does not fit status {status}.
DZ-08 Stav {status} není pro datový soubor {data_set} přípustný.
  Status {status} is not allowed for data set {data_set}.
DZ-09 Důvod {reason} neodpovídá stavu {status}.
  Reason {reason} does not fit status {status}.
DZ-10 Částečná zpráva {part} vydání {issue} je mimo pořadí.
  Part {part} of issue {issue} is out of sequence.
DZ-11 Výskyt je uzavřen nebo promlčen, data nelze změnit.
  Occurrence is closed, its data cannot be changed.
DZ-12 Funkce zprávy {function} neodpovídá výskytu.
  Function {function} does not fit the occurrence.
DZ-13 Přítomnost dat neodpovídá stavu {status}.
  Presence of data does not fit status {status}.
DZ-14 Číslo zprávy nebo vydání není celé číslo nejvýše o 14 číslicích.
  The number of the message or of the issue is no integer of at most 14 digits.
ZP-01 Zpráva neobsahuje žádné záznamy.
  The message has no records.
ZP-02 Struktura BLOK není podporována.
  Structure BLOK is not supported.
ZP-99 Interní chyba, vydání není možné zpracovat
  Internal error, the issue cannot be processed.
"""
OBSERVED = "sql.pcgcall.InternalProcedureError"
QUERIES = {
    "query_login_denied": ("security.LoginDenied", "Neplatné uživatelské jméno nebo heslo"),
    "query_access_denied": (
        "security.AccessDenied",
        "Uživatel není oprávněn k požadovaným údajům",
    ),
    "query_parameter_missing": ("query.MissingParameter", "Chybí povinný parametr {parameter}"),
    "query_parameter_wrong": ("query.InvalidParameter", "Chybná hodnota parametru {parameter}"),
    "query_unknown": ("query.UnknownType", "Neznámý typ dotazu"),
    "query_parameters_unreadable": (
        "query.InvalidDocument",
        "Parametry dotazu nelze přečíst: {detail}",
    ),
    "nothing_found": (OBSERVED, "Pro zadané vstupní parametry nebyla vybrána žádná data"),
    "query_internal_error": ("internal.Error", "Nespecifikovaná interní chyba"),
}
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
FAULTS = {
    "call_unreadable": ("SOAP-ENV:Client", "{reason}"),
    "version_mismatch": (
        "SOAP-ENV:VersionMismatch",
        "SOAP-ENV:VersionMismatch: Envelope element must be associated with the"
        f" '{ENVELOPE}' namespace.",
    ),
    "target_unknown": (
        "SOAP-ENV:Server.BadTargetObjectURI",
        "Unable to determine object id from call: is the method element namespaced?",
    ),
    "method_not_supported": ("SOAP-ENV:Server", "Method '{method}' is not supported."),
    "attachment_missing": (
        "SOAP-ENV:Client",
        'Attachment tag "{tag}" refers to a Mime attachment with label "{label}" which could not'
        " be found.",
    ),
    "unexpected_exception": ("SOAP-ENV:Server.Exception:", ""),
}
EXTRA = {
    "take_over": ["category", "code", "type", "text_en"],
    "header": ["code", "text_en"],
    "processing": ["code", "text_en"],
    "query": ["code", "observed_code", "text_en"],
    "fault": ["faultcode", "text_en"],
    "http": ["text_en"],
}
STATUSES = {"take_over": 200, "header": None, "processing": None, "query": 200, "fault": 500}


def entries(kind: str) -> dict[str, Entry]:
    return {key: entry for key, entry in CONTRACT.errors.items() if entry.kind == kind}


def test_the_catalogue_has_these_entries_in_this_order() -> None:
    assert {kind: list(entries(kind)) for kind in KEYS} == KEYS
    assert list(CONTRACT.errors) == [key for keys in KEYS.values() for key in keys]


def test_categories_codes_and_texts_of_the_take_over() -> None:
    assert {
        key: (
            ": ".join(e.extra[n] for n in ("category", "code", "type")),
            e.text,
            e.extra["text_en"],
        )
        for key, e in entries("take_over").items()
    } == TAKEN


def test_the_status_list_says_the_same_as_the_catalogue() -> None:
    listed = {
        row["code"]: (row["category"], row["error"])
        for row in CONTRACT.codelist("take_over_statuses")
    }
    assert listed == {
        e.extra["code"]: (e.extra["category"], key) for key, e in entries("take_over").items()
    }


def test_header_rules_have_the_codes_of_the_list() -> None:
    rules = entries("header")
    codes = [entry.extra["code"] for entry in rules.values()]
    assert codes == [f"DZ-{number:02}" for number in range(1, 15)]
    values = {
        "number",
        "sender",
        "methodology",
        "data_set",
        "subject",
        "scope",
        "as_of",
        "function",
    }
    values |= {"status", "reason", "reference", "part", "issue"}
    for entry in rules.values():
        assert placeholders(entry.text) <= values
        assert entry.evidence == {
            "code": "reconstructed",
            "text": "reconstructed",
            "rule": "documented",
        }


def test_texts_of_errors_that_are_found_off_line() -> None:
    found = (entries("header") | entries("processing")).values()
    lines = [f"{e.extra['code']} {e.text}\n  {e.extra['text_en']}" for e in found]
    assert "\n".join(lines) == OFFLINE.strip()
    assert CONTRACT.errors["internal_error"].evidence["text"] == "documented"


def test_errors_of_queries() -> None:
    assert {key: (e.extra["code"], e.text) for key, e in entries("query").items()} == QUERIES
    assert {e.extra["observed_code"] for e in entries("query").values()} == {OBSERVED}
    assert [key for key, e in entries("query").items() if e.certainty == "observed"] == [
        "nothing_found"
    ]


def test_faults_are_those_of_the_engine() -> None:
    assert {k: (e.extra["faultcode"], e.text) for k, e in entries("fault").items()} == FAULTS


def test_pages_that_are_not_there() -> None:
    assert {key: e.status for key, e in entries("http").items()} == {
        "page_not_found": 404,
        "method_not_allowed": 405,
        "body_too_large": 413,
    }


@pytest.mark.parametrize("key", CONTRACT.errors)
def test_an_entry_has_the_fields_of_its_kind(key: str) -> None:
    entry = CONTRACT.errors[key]
    assert list(entry.extra) == EXTRA[entry.kind]
    if entry.kind in STATUSES:
        assert entry.status == STATUSES[entry.kind]
    assert list(entry.evidence) == ["code", "text", "rule"]
    assert set(entry.evidence.values()) <= set(CERTAINTIES)
    assert entry.certainty == entry.evidence["code"]
    assert entry.about
    assert placeholders(entry.text) == placeholders(entry.extra["text_en"])


def test_settings_that_the_catalogue_names_exist() -> None:
    known = CONTRACT.settings.settings.keys() | CONTRACT.constants.keys()
    found = {
        word
        for entry in CONTRACT.errors.values()
        for word in re.findall(r"\b[a-z]+_[a-z0-9_]+\b", entry.about)
    }
    assert found
    assert found <= known


# --- letters


def test_letters_have_these_variable_parts() -> None:
    occurrence = {"data_set", "subject", "scope", "as_of", "function"}
    message = occurrence | {"file", "message", "sender", "processed", "errors"}
    issue = message | {"issue", "accepted", "issue_state", "occurrence_state"}
    found = {name: placeholders(mail["subject"] + mail["body"]) for name, mail in MAILS.items()}
    assert found == {
        **dict.fromkeys(["valid", "confirmed", "cancelled"], issue),
        **dict.fromkeys(
            ["correction_required", "confirmation_required", "internal_error"], issue | {"term"}
        ),
        "header_refused": message | {"received"},
        "reminder": occurrence | {"term", "level", "levels", "occurrence_state"},
    }
    assert {mail["certainty"] for mail in MAILS.values()} == {"reconstructed"}
    assert all("\n" not in mail["subject"] for mail in MAILS.values())
