"""Batches that are not processed, with the whole fault, and where the texts of faults are."""

from collections.abc import Callable

import pytest
from lxml import etree

from podatelna.kernel import wcf
from podatelna.kernel.contract import Contract
from podatelna.kernel.datacontract import BOOLEAN, Member
from podatelna.kernel.reading import DeserializationError
from tests.sandboxes import XML, Caller, Sandbox, SignIn
from tests.schemas import hold_to_contract
from tests.ubyport.messages import (
    CLASSES,
    GUEST,
    PRODUCTION,
    XSI,
    batch,
    call,
    fault,
    filing,
    guest,
    records,
    told,
    written,
)

ERRORS = Contract("ubyport").errors
NIL = ' i:nil="true"'
RUN_TIME = "s:Chyba běhu programu"
EMPTY = "Seznam ubytovaných je prázdný"
TOO_LONG = "Seznam ubytovaných překračuje maximální délku 32"
NOT_THEIRS = "Nekorektní IDUB nebo IDUB nepatří přihlášenému uživateli"
NOT_ITS = "Nekorektní zkratka nebo zkratka nepatří k uvedenému IDUB"
NO_CODE = "Položka AutentificationCode nesmí být prázdná"
CRASH = (
    "Server was unable to process request. ---> Length cannot be less than zero.\n"
    "Parameter name: length"
)
NULL = (
    "Server was unable to process request. ---> Object reference not set to an instance of an "
    "object."
)

BOUND_OTHERWISE = batch(guest()).replace(f'xmlns:d="{CLASSES}"', 'xmlns:d="urn:d"')
INTERRUPTED: dict[str, tuple[str, str]] = {
    "no guest": (EMPTY, batch("")),
    "no list": (EMPTY, batch("").replace("<d:Ubytovani></d:Ubytovani>", "")),
    "null list": (EMPTY, batch("").replace("<d:Ubytovani>", f"<d:Ubytovani{NIL}>")),
    "guests of another namespace": (EMPTY, BOUND_OTHERWISE),
    "guests of another name": (EMPTY, batch(guest().replace("Ubytovany", "Host"))),
    "guests without their list": (EMPTY, f'<Seznam xmlns:d="{CLASSES}" xmlns:i="{XSI}">'
                                         f"{guest()}{written(PRODUCTION)}</Seznam>"),
    "one guest too many": (TOO_LONG, batch("".join([guest()] * 33))),
    "IDUB of nobody": (NOT_THEIRS, batch(guest(), header={**PRODUCTION, "uIdub": "999999999999"})),
    "IDUB of another": (NOT_THEIRS, batch(guest(), header={**PRODUCTION, "uIdub": "123456789012"})),
    "null IDUB": (NOT_THEIRS, batch(guest(), header={**PRODUCTION, "uIdub": None})),
    "no IDUB": (NOT_THEIRS, batch(guest(), header={"uMark": "CZGFW"})),
    "empty IDUB": (CRASH, batch(guest(), header={**PRODUCTION, "uIdub": ""})),
    "another's abbreviation": (NOT_ITS, batch(guest(), header={**PRODUCTION, "uMark": "VODPO"})),
    "null abbreviation": (NOT_ITS, batch(guest(), header={**PRODUCTION, "uMark": None})),
    "empty abbreviation": (CRASH, batch(guest(), header={**PRODUCTION, "uMark": ""})),
    "nothing": (NULL, ""),
    "null batch": (NULL, f'<Seznam xmlns:i="{XSI}"{NIL}/>'),
    "batch of another namespace": (NULL, batch(guest())
                                   .replace(" xmlns:d=", f' xmlns="{CLASSES}" xmlns:d=')
                                   ),
    "null guest": (NULL, batch(guest() + f"<d:Ubytovany{NIL}/>")),
}  # fmt: skip
"""The fault's text, and the parameters of ZapisUbytovane that it answers."""


@pytest.mark.parametrize(("text", "parameters"), INTERRUPTED.values(), ids=INTERRUPTED)
def test_processing_is_interrupted(
    sandbox: Sandbox, production: Caller, text: str, parameters: str
) -> None:
    """The odd fault code is the documented one (Appendix 5, 5.1.2); nothing is stored."""
    answer = production.post(call("ZapisUbytovane", parameters))
    assert told(answer) == (500, fault(RUN_TIME, text))
    assert answer.headers["Content-Type"] == XML
    assert sandbox.stays() == []


def test_what_is_accepted_next_to_it(production: Caller) -> None:
    """The abbreviation in other letters, spaces around it, and exactly 32 guests."""
    header = {**PRODUCTION, "uIdub": " 100227887600 ", "uMark": " czgfw "}
    many = [guest(cDocN=f"EA{number:06}") for number in range(32)]
    assert records(production.post(filing(*many, header=header))) == [";"] * 32


def test_declaration_order(production: Caller, sandbox: Sandbox) -> None:
    """Facts of forward-only reading: six members bind, and the guests are not among them."""
    order = ("uIdub", "uMark", "uName", "uCont", "uOkr", "uOb", "uObCa", "uStr", "uHomN")
    header = written({name: PRODUCTION[name] for name in (*order, "uOriN", "uPsc")})
    guests = f"<d:Ubytovani>{guest()}</d:Ubytovani>"
    body = batch("", pdf="true", header={}).replace("<d:Ubytovani></d:Ubytovani>", "")
    answer = production.post(
        call("ZapisUbytovane", body.replace("</Seznam>", f"{header}{guests}</Seznam>"))
    )
    assert told(answer) == (500, fault(RUN_TIME, EMPTY))
    skipped = ["uCont", "uOb", "uObCa", "uHomN", "uOriN", "uPsc", "Ubytovani"]
    assert sandbox.last()["notes"] == [f"skipped Seznam/{name}: out of order" for name in skipped]


def test_declaration_order_of_a_guest(production: Caller, sandbox: Sandbox) -> None:
    """cFrom, cUntil, cSurN first: what belongs before cUntil keeps its default."""
    order = ["cFrom", "cUntil", "cSurN", "cFirstN", "cDate", "cNati", "cDocN", "cVisN"]
    members = written({name: GUEST[name] for name in order})
    answer = production.post(filing(f"<d:Ubytovany>{members}</d:Ubytovany>"))
    assert records(answer) == [";105;106;107;"]
    place = "Seznam/Ubytovani/Ubytovany"
    skipped = ["cSurN", "cFirstN", "cDate", "cNati", "cDocN"]
    assert sandbox.last()["notes"] == [f"skipped {place}/{name}: out of order" for name in skipped]


@pytest.mark.parametrize(
    ("parameters", "skipped"),
    [
        (f"{batch(guest())}<AutentificationCode>X</AutentificationCode>", "out of order"),
        (
            batch(guest()).replace("<Seznam", "<p:AutentificationCode xmlns:p='urn:p'/><Seznam", 1),
            "foreign namespace (namespace urn:p)",
        ),
    ],
)
def test_parameters_out_of_order(
    production: Caller, sandbox: Sandbox, parameters: str, skipped: str
) -> None:
    """Parameters are read forward only, as members are: the code comes before the batch."""
    body = call("ZapisUbytovane", parameters)
    assert records(production.post(body)) == [";"]
    sandbox.set(authentication_code="required")
    assert told(production.post(body)) == (500, fault(RUN_TIME, NO_CODE))
    assert sandbox.last()["notes"] == [f"skipped AutentificationCode: {skipped}"]


def test_second_batch_in_one_message(production: Caller, sandbox: Sandbox) -> None:
    """The first of two lists counts."""
    both = batch(guest()) + batch(guest(cDocN="EA654321"))
    assert records(production.post(call("ZapisUbytovane", both))) == [";"]
    assert sandbox.last()["notes"] == ["skipped Seznam[2]: repeated"]
    assert [stay["document_number"] for stay in sandbox.stays()] == ["EA123456"]


CODES = {"absent": "", "null": f'<AutentificationCode xmlns:i="{XSI}"{NIL}/>',
         "empty": "<AutentificationCode/>"}  # fmt: skip
CALLS: dict[str, Callable[[str], str]] = {
    "TestDostupnosti": lambda code: call("TestDostupnosti", code),
    "MaximalniDelkaSeznamu": lambda code: call("MaximalniDelkaSeznamu", code),
    "DejMiCiselnik": lambda code: call("DejMiCiselnik", f"{code}<CoChci>UcelyPobytu</CoChci>"),
    "ZapisUbytovane": lambda code: call("ZapisUbytovane", code + batch(guest())),
}


@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
@pytest.mark.parametrize("operation", CALLS)
def test_authentication_code(
    sandbox: Sandbox, production: Caller, operation: str, code: str
) -> None:
    """Said to be mandatory, missing in the documents' own samples (Q5): the strict mode asks."""
    body = CALLS[operation](code)
    assert production.post(body, operation).status_code == 200
    sandbox.set(authentication_code="required")
    assert told(production.post(body, operation)) == (500, fault(RUN_TIME, NO_CODE))
    filled = CALLS[operation]("<AutentificationCode>X</AutentificationCode>")
    assert production.post(filled, operation).status_code == 200


def test_account_of_another_facility(sandbox: Sandbox, sign_in: SignIn) -> None:
    """Data of a facility come from its own account only (Operating Rules)."""
    answer = sign_in("uby-ws000002").post(filing(guest()))
    assert told(answer) == (500, fault(RUN_TIME, NOT_THEIRS))
    [found] = sandbox.last()["findings"]
    assert (found["code"], found["at"]) == ("facility_refused", "Seznam/uIdub")


# --- where the texts are


def test_texts_of_the_framework_are_those_of_the_book() -> None:
    """wcf.py is for any agency, errors.yaml tells people; both must say the same words."""
    error = DeserializationError("what is within", wrapped=False)
    failed = wcf.parameter_failed("http://UBY.pcr.cz/WS_UBY", Member("CoChci", BOOLEAN), error)
    details = {
        "action": "an action",
        "content_type": "text/plain",
        "name": "a name",
        "namespace": "a namespace",
        "parameter": "CoChci",
        "inner": "what is within",
    }
    assert {key: ERRORS[key].text.format_map(details) for key in (
        "action_not_supported", "must_understand", "internal_service_fault",
        "deserialization_failed", "unsupported_media_type",
    )} == {
        "action_not_supported": wcf.action_not_supported("an action"),
        "must_understand": wcf.header_not_understood("a name", "a namespace"),
        "internal_service_fault": wcf.INTERNAL_SERVICE_FAULT,
        "deserialization_failed": failed,
        "unsupported_media_type": wcf.read_content_type("text/plain")[1],
    }  # fmt: skip


WRONG_ANSWERS = {
    "no envelope": "<x/>",
    "declaration": '<?xml version="1.0"?>' + fault(RUN_TIME, "text"),
    "header": fault(RUN_TIME, "text").replace("<s:Body>", "<s:Header/><s:Body>"),
    "indented": fault(RUN_TIME, "text").replace("</faultcode>", "</faultcode>\n"),
    "unknown result": call("TestDostupnostiResponse", "<Vysledek>true</Vysledek>"),
    "wrong type": call("TestDostupnostiResponse", "<TestDostupnostiResult/>"),
    "out of order": call(
        "ZapisUbytovaneResponse",
        f'<ZapisUbytovaneResult xmlns:a="{CLASSES}"><a:PseudoRazitko/><a:ChybyHlavicky/>'
        "</ZapisUbytovaneResult>",
    ),
    "unbound prefix": fault("b:Client", "text"),
    "no text": fault(RUN_TIME, ""),
    "no language": fault(RUN_TIME, "text").replace(' xml:lang="cs-CZ"', ""),
}


@pytest.mark.parametrize("message", WRONG_ANSWERS.values(), ids=WRONG_ANSWERS)
def test_wrong_answers_do_not_pass_the_schemas(message: str) -> None:
    """Every answer of every test here is held to them, so they must be able to refuse."""
    with pytest.raises((AssertionError, etree.DocumentInvalid)):
        hold_to_contract(message.encode())
