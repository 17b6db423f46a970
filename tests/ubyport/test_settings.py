"""Every value of every setting changes what it says, and nothing else.

The same probes run in a sandbox as it comes and in one with a single setting changed; a row of the
table names the probes that come out otherwise.
"""

import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO

import pypdf
import pytest

from podatelna.kernel.contract import Contract
from tests.sandboxes import Caller, Sandbox, SignIn, plain_session
from tests.ubyport.messages import PRODUCTION, TRIAL, Members, batch, call, envelope, guest, member
from tests.ubyport.messages import records as records_of

SETTINGS = Contract("ubyport").settings.settings
CODE = "<AutentificationCode>X</AutentificationCode>"
NOW = "2026-05-05T08:00:00Z"
"""A Tuesday; the Friday before it was a public holiday."""
ON_TIME = {"cFrom": "2026-05-04T00:00:00", "cUntil": "2026-05-08T00:00:00"}
ACTION = (
    '<Action s:mustUnderstand="1" '
    'xmlns="http://schemas.microsoft.com/ws/2005/05/addressing/none">x</Action>'
)
UNL = (
    "A|2|123456789012|VODPO|Hotel Pošta|tel: 261 197 135|Strakonice|Vodňany|Vodňany I|Alešova|26||"
    "38901|2026.05.05 10:00:00||\r\n"
    "U|04.05.2026|08.05.2026|VZOROVÁ|ANNA||01.02.1975|||SVK|{}|{}||10||\r\n"
)


@dataclass(frozen=True)
class Probing:
    """Those who ask the questions in one sandbox."""

    sandbox: Sandbox
    production: Caller
    trial: Caller

    def ask(self, operation: str, header: str = "", code: str = CODE) -> str:
        wrapped = f'<{operation} xmlns="http://UBY.pcr.cz/WS_UBY">{code}</{operation}>'
        answer = self.production.post(envelope(wrapped, header), operation)
        if answer.status_code == 200:
            return member(answer, f"{operation}Result")
        return member(answer, "faultcode")

    def codeless(self) -> str:
        """An answer, or the fault."""
        outcome = self.ask("TestDostupnosti", code="")
        return outcome if outcome.startswith("s:") else "answered"

    def file(self, *guests: Members) -> str:
        """The records' codes, or the fault."""
        elements = "".join(guest(**{**ON_TIME, **each}) for each in guests)
        answer = self.production.post(call("ZapisUbytovane", CODE + batch(elements)))
        if answer.status_code == 200:
            return " ".join(records_of(answer))
        return member(answer, "faultcode") if answer.content else str(answer.status_code)

    def header(self, caller: Caller, right: Members) -> str:
        """The codes of a wrong district; two guests are filed with it."""
        guests = "".join(guest(**ON_TIME, cDocN=f"OKRES{number}") for number in range(2))
        message = call("ZapisUbytovane", CODE + batch(guests, header={**right, "uOkr": "Jinde"}))
        return member(caller.post(message), "ChybyHlavicky")

    def stranger(self, look: Callable[[Mapping[str, str], int], str]) -> str:
        with plain_session() as session:
            answer = session.get(f"{self.production.url}?wsdl")
        return look(answer.headers, answer.status_code)

    def unl(self, residence: str, document: str) -> str:
        body = UNL.format(residence, document).encode("cp1250")
        told = self.sandbox.call("POST", "/ubyport/unl", params={"file": "a.unl"}, data=body)
        return str([each["number"] for each in told["records"][0]])

    def receipts(self) -> dict[str, str]:
        """Who stands where in the two documents about a guest of each kind."""
        again = {**ON_TIME, "cSurN": "OPAKOVANA", "cDocN": "OPAKO1"}
        self.file(again)
        kinds = ({"cSurN": "PRIJATA"}, {"cSurN": "ODMITNUTA", "cDocN": "X"}, again)
        elements = "".join(guest(**{**ON_TIME, "cDocN": "KINDS1", **each}) for each in kinds)
        message = call("ZapisUbytovane", CODE + batch(elements, pdf="true"))
        answer = self.production.post(message)
        confirmation, errors = (
            _document(member(answer, name))
            for name in ("DokumentPotvrzeni", "DokumentChybyPotvrzeni")
        )
        return {"confirmation": confirmation, "error document": errors}

    def stamps(self) -> str:
        message = call("ZapisUbytovane", CODE + batch(guest(**ON_TIME, cDocN="STAMP1")))
        pages = self.production.post(message).text, self.production.get("?singleWsdl").text
        return " ".join(name for page in pages for name in _once(r"PseudoRazi\w+", page))


def _once(pattern: str, text: str) -> list[str]:
    return sorted(set(re.findall(pattern, text)))


def _document(text: str) -> str:
    """`refused | accepted`, by surname, and whether it is sealed; "none" if there is none."""
    if not text:
        return "none"
    reader = pypdf.PdfReader(BytesIO(b64decode(text)))
    whole = "\n".join(page.extract_text() for page in reader.pages)
    parts = re.split(r"SEZNAM PŘIJATÝCH", whole)
    names = [" ".join(re.findall("PRIJATA|ODMITNUTA|OPAKOVANA", part)) for part in parts]
    return " | ".join(names) + (" sealed" if reader.get_fields() else "")


def probe(it: Probing) -> dict[str, str]:
    """All outcomes, in this order: later ones see what earlier ones have filed."""
    return {
        "pages": it.stranger(lambda _, status: str(status)),
        "offers": it.stranger(lambda headers, _: headers.get("WWW-Authenticate", "")),
        "availability": it.ask("TestDostupnosti"),
        "list length": it.ask("MaximalniDelkaSeznamu"),
        "header Action": it.ask("TestDostupnosti", header=ACTION),
        "no code": it.codeless(),
        "ten guests": it.file(*({"cDocN": f"TENTH{number}"} for number in range(10))),
        "once more": it.file({"cDocN": "TENTH1"}),
        "twins": it.file({"cDocN": "TWINS1"}, {"cDocN": "TWINS1"}),
        "wrong district": it.header(it.production, PRODUCTION),
        "wrong district on test": it.header(it.trial, TRIAL),
        "document of 3": it.file({"cDocN": "AA3"}),
        "document of 5": it.file({"cDocN": "AAAA5"}),
        "residence of 129": it.file({"cDocN": "RESID1", "cResi": "b" * 129}),
        "nationality UK": it.file({"cDocN": "NATIO1", "cNati": "UK"}),
        "null surname": it.file({"cDocN": "NOSUR1", "cSurN": None}),
        "same day": it.file({"cDocN": "SAMED1", "cUntil": "2026-05-04T00:00:00"}),
        "before the holiday": it.file({"cDocN": "HOLID1", "cFrom": "2026-04-29T00:00:00"}),
        "long text": it.file({"cDocN": "LONGT1", "cNote": "n" * 9000}),
        "70,000 bytes": it.file(*({"cDocN": f"BIGGE{i}", "cNote": "n" * 7000} for i in range(10))),
        "document of 5 in a file": it.unl("Žilina", "FILE5"),
        "residence of 129 in a file": it.unl("b" * 129, "FILE129"),
        "stamps": it.stamps(),
        **it.receipts(),
        "test account at last": str(it.trial.get("?wsdl").status_code),
    }


AS_IT_COMES = {
    "pages": "401",
    "offers": "NTLM",
    "availability": "true",
    "list length": "32",
    "header Action": "a:InternalServiceFault",
    "no code": "answered",
    "ten guests": "; ; ; ; ; ; ; ; ; ;",
    "once more": ";150;",
    "twins": "; ;150;",
    "wrong district": "7;",
    "wrong district on test": "207;",
    "document of 3": ";106;",
    "document of 5": ";",
    "residence of 129": ";108;",
    "nationality UK": ";107;",
    "null surname": ";",
    "same day": ";",
    "before the holiday": ";",
    "long text": "a:DeserializationFailed",
    "70,000 bytes": "413",
    "document of 5 in a file": "[106]",
    "residence of 129 in a file": "[]",
    "stamps": "PseudoRazitko PseudoRazitko",
    "confirmation": "ODMITNUTA | PRIJATA OPAKOVANA",
    "error document": "ODMITNUTA",
    "test account at last": "200",
}

ROWS: tuple[tuple[str, object, dict[str, str]], ...] = (
    ("max_list_length", 32, {}),
    ("max_list_length", 9, {
        "list length": "9",
        "ten guests": "s:Chyba běhu programu",
        "once more": ";",
    }),
    ("header_numbering_production", "current", {"wrong district": "207;"}),
    ("header_numbering_production", "legacy", {}),
    ("header_numbering_test", "current", {}),
    ("header_numbering_test", "legacy", {"wrong district on test": "7;"}),
    ("action_header", "strict", {}),
    ("action_header", "lenient", {"header Action": "true"}),
    ("authentication_code", "optional", {}),
    ("authentication_code", "required", {"no code": "s:Chyba běhu programu"}),
    ("stamp_member", "PseudoRazitko", {}),
    ("stamp_member", "PseudoRazirko", {"stamps": "PseudoRazirko PseudoRazirko"}),
    ("duplicate_check", True, {}),
    ("duplicate_check", False, {"once more": ";", "twins": "; ;"}),
    ("duplicate_listing", "accepted", {}),
    ("duplicate_listing", "refused", {
        "confirmation": "ODMITNUTA OPAKOVANA | PRIJATA",
        "error document": "ODMITNUTA OPAKOVANA",
    }),
    ("duplicates_within_batch", True, {}),
    ("duplicates_within_batch", False, {"twins": "; ;"}),
    ("document_number_minimum", 4, {}),
    ("document_number_minimum", 3, {"document of 3": ";"}),
    ("document_number_minimum", 6, {"document of 5": ";106;"}),
    ("document_number_minimum_unl", 6, {}),
    ("document_number_minimum_unl", 5, {"document of 5 in a file": "[]"}),
    ("residence_maximum", 128, {}),
    ("residence_maximum", 129, {"residence of 129": ";"}),
    ("residence_maximum_unl", 255, {}),
    ("residence_maximum_unl", 128, {"residence of 129 in a file": "[108]"}),
    ("unknown_nationality", "refused", {}),
    ("unknown_nationality", "accepted", {"nationality UK": ";"}),
    ("missing_surname", "refused", {"null surname": ";103;"}),
    ("missing_surname", "accepted", {}),
    ("departure_same_day", "refused", {"same day": ";102;"}),
    ("departure_same_day", "accepted", {}),
    ("public_holidays", True, {}),
    ("public_holidays", False, {"before the holiday": ";112;"}),
    ("error_document", "refused", {}),
    ("error_document", "whole", {"error document": "ODMITNUTA | PRIJATA OPAKOVANA"}),
    ("error_document", "none", {"error document": "none"}),
    ("seal", False, {}),
    ("seal", True, {
        "confirmation": "ODMITNUTA | PRIJATA OPAKOVANA sealed",
        "error document": "ODMITNUTA sealed",
    }),
    ("metadata", "ntlm", {}),
    ("metadata", "anonymous", {"pages": "200", "offers": ""}),
    ("offer_negotiate", False, {}),
    ("offer_negotiate", True, {"offers": "Negotiate, NTLM"}),
    ("max_message_bytes", 65536, {}),
    ("max_message_bytes", 100_000, {"70,000 bytes": " ".join([";111;"] * 10)}),
    ("max_string_length", 8192, {}),
    ("max_string_length", 9000, {"long text": ";111;"}),
    ("backend_available", True, {}),
    ("backend_available", False, {"availability": "false"}),
    ("test_persons_a_day", 0, {}),
    ("test_persons_a_day", 2, {}),
    ("test_persons_a_day", 1, {"test account at last": "401"}),
)  # fmt: skip
"""Setting, value, and the probes that come out otherwise than in the default world."""


CHANGES = [row for row in ROWS if row[2]]


def outcomes(sandbox: Sandbox, sign_in: SignIn, settings: dict[str, object]) -> dict[str, str]:
    sandbox.freeze(NOW)
    sandbox.set(**settings)
    return probe(Probing(sandbox, sign_in("uby-ws000001"), sign_in("uby-tws00001", "test")))


@pytest.mark.parametrize(
    ("name", "value", "otherwise"), CHANGES, ids=[f"{name}={value}" for name, value, _ in CHANGES]
)
def test_value_that_changes_something(
    sandbox: Sandbox, sign_in: SignIn, name: str, value: object, otherwise: dict[str, str]
) -> None:
    assert outcomes(sandbox, sign_in, {name: value}) == AS_IT_COMES | otherwise


def test_values_that_change_nothing(sandbox: Sandbox, sign_in: SignIn) -> None:
    """All of them at once."""
    still = {name: value for name, value, otherwise in ROWS if not otherwise}
    assert outcomes(sandbox, sign_in, still) == AS_IT_COMES


def test_every_value_has_a_row() -> None:
    """All choices, both ways of a switch, and for a number its default and another one."""
    tried: dict[str, list[object]] = {}
    for name, value, _ in ROWS:
        tried.setdefault(name, []).append(value)
    assert tried.keys() == SETTINGS.keys()
    for name, setting in SETTINGS.items():
        numbers = type(setting.value) is int
        wanted = [setting.value] if numbers else setting.choices or (True, False)
        assert set(wanted) <= set(tried[name]), name
        assert len(tried[name]) > 1, name
