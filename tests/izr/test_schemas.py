"""Schemas: the WSDLs that are served, and what is said against messages."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import xmlschema
from lxml import etree

from podatelna.izr.envelope import read_message
from podatelna.izr.schemas import MOST_ERRORS, Checked, Schemas
from podatelna.izr.services import SERVICES
from podatelna.kernel.contract import Contract
from tests.izr.contract import ADDRESS, wsdl
from tests.izr.messages import (
    HOLDINGS,
    MOVE,
    anonymous,
    body,
    dn_of,
    envelope,
    header,
    uidkey,
)

CONTRACT = Contract("izr")
SCHEMAS = Schemas(CONTRACT)
XS = {"xs": "http://www.w3.org/2001/XMLSchema"}
WSDL = {"w": "http://schemas.xmlsoap.org/wsdl/", "soap": "http://schemas.xmlsoap.org/wsdl/soap/"}


def check(message: bytes, **settings: object) -> Checked:
    read = read_message(message)
    return SCHEMAS.check(read, SERVICES[read.service], settled(**settings))


def settled(**settings: object) -> Any:
    return CONTRACT.settings.over(settings)  # type: ignore[arg-type] # they are what they must be


def move(change: Callable[[str], str] = str, **about: Any) -> bytes:
    """A message to IZR_ODH01B, over several lines."""
    whole = body(**about).replace("><", ">\n<")
    return envelope(change(whole))


# --- what is served


@pytest.mark.parametrize("service", SERVICES)
def test_the_wsdl_is_the_contract_put_together(service: str) -> None:
    served = SCHEMAS.wsdl(SERVICES[service], settled(), ADDRESS)
    assert b"{" not in served
    normal: dict[str, Any] = {"method": "c14n", "with_comments": False}
    expected = wsdl(service)
    for tree in (root := etree.fromstring(served), expected):
        for each in tree.iter(etree.Element):
            each.text = (each.text or "").strip() or None
            each.tail = None
    assert etree.tostring(root, **normal) == etree.tostring(expected, **normal)


def test_an_address_is_escaped() -> None:
    served = SCHEMAS.wsdl(SERVICES["IZR_ODH01B"], settled(), 'http://x/?a="&<b>')
    found = etree.fromstring(served).find(".//soap:address", WSDL)
    assert found is not None
    assert found.get("location") == 'http://x/?a="&<b>'


def test_the_name_of_the_result_is_that_of_the_setting() -> None:
    settings = settled(result_element_odh01b="JinyResult")
    served = SCHEMAS.wsdl(SERVICES["IZR_ODH01B"], settings, ADDRESS)
    assert b'name="JinyResult"' in served
    assert b"DocasneHospodarstviResult" not in served


@pytest.mark.parametrize(
    ("service", "setting", "facets"),
    [
        ("IZR_ODH01B", "state_11", []),
        ("IZR_ODH01B", "schema", ["8", "8"]),
        ("IZR_OUZ01A", "state_11", ["8", "8"]),
        ("IZR_OUZ01A", "schema", ["8", "8"]),
        ("IZR_PRO01B", "schema", []),
    ],
)
def test_the_length_of_a_holding_in_the_wsdl(service: str, setting: str, facets: list[str]) -> None:
    """Data models have it, though their services know state 11."""
    served = SCHEMAS.wsdl(SERVICES[service], settled(holding_length=setting), ADDRESS)
    request = etree.fromstring(served).find(".//xs:schema[2]/xs:element[@name='Request']", XS)
    assert request is not None
    path = ".//xs:element[@name='{}']/xs:simpleType/xs:restriction/*"
    found = [
        each.get("value")
        for name in ("PROVOZOVNA", "Provozovna")
        for each in request.iterfind(path.format(name), XS)
    ]
    assert found == facets


# --- messages


def test_a_message_that_fits() -> None:
    found = check(move())
    assert (found.problems, found.notes) == ((), ())
    assert found.payload is not None
    assert found.payload.findtext("HLASENI/PROVOZOVNA") == "12345678"


def test_an_anonymous_message_needs_no_uidkey() -> None:
    assert check(anonymous()).problems == ()
    with_key = envelope(body(HOLDINGS, "IZR_PRO01B"))
    assert check(with_key).problems == ()


def test_what_callers_send_beyond_the_schema() -> None:
    """The public C# caller has userID and an empty RequestType."""
    key = uidkey(dn_of("a"), userID="a", certificateSN="#NEDEF", addressAD="default")
    kind = '<v:RequestType code=""> </v:RequestType></v:RequestHeader>'
    found = check(move(head=key + header().replace("</v:RequestHeader>", kind)))
    assert found.problems == ()
    assert found.notes == ("the attribute userID of UIDkey was passed over",)


def test_names_are_read_before_the_schema() -> None:
    found = check(move(lambda text: text.replace("PROVOZOVNA", "Provozovna")))
    assert (found.problems, found.notes) == ((), ("Provozovna was read as PROVOZOVNA",))


IN_PAYLOAD = "Request/RequestContent/Request"
WRONG = {
    "an element is missing": (
        lambda text: re.sub("<JenOverit>.*?</JenOverit>", "", text),
        f"{IN_PAYLOAD}/HLASENI|This element is not expected. Expected is ( JenOverit ).",
    ),
    "the last element is missing": (
        lambda text: re.sub("<DATUMPREMISTENI>.*?</DATUMPREMISTENI>", "", text),
        f"{IN_PAYLOAD}/HLASENI/ZVIRATA/ZVIRE|Missing child element(s). Expected is ( "
        "DATUMPREMISTENI ).",
    ),
    "an element is unknown": (
        lambda text: text.replace("<CISLOOP>", "<STAT>CZ</STAT><CISLOOP>"),
        f"{IN_PAYLOAD}/HLASENI/STAT|This element is not expected. Expected is one of ( "
        "STAJ, CISLOOP, ULICE, CISLO, OBEC, CASTOBCE, PSC, ZVIRATA ).",
    ),
    "a text is too long": (
        lambda text: text.replace("CZ0000012345126", "CZ 0000012345 126"),
        f"{IN_PAYLOAD}/HLASENI/ZVIRATA/ZVIRE/USNIZNAMKA|[facet 'maxLength'] The value "
        "has a length of '17'; this exceeds the allowed maximum length of '15'.",
    ),
    "the second animal is wrong": (
        lambda text: re.sub(r"(?s)(<ZVIRE>.*</ZVIRE>)", r"\1\1", text).replace("OVC", "PES", 2)
        .replace("PES", "OVC", 1),
        f"{IN_PAYLOAD}/HLASENI/ZVIRATA/ZVIRE[2]/DRUH|[facet 'enumeration'] The value "
        "'PES' is not an element of the set {'TUR', 'OVC', 'KOZ', 'BEZ'}.",
    ),
    "no truth value": (
        lambda text: text.replace(">true<", ">ano<"),
        f"{IN_PAYLOAD}/JenOverit|'ano' is not a valid value of the atomic type "
        "'xs:boolean'.",
    ),
    "no time": (
        lambda text: text.replace("2025-05-02T00:00:00", "2.5.2025"),
        f"{IN_PAYLOAD}/HLASENI/ZVIRATA/ZVIRE/DATUMPREMISTENI|'2.5.2025' is not a valid "
        "value of the atomic type 'xs:dateTime'.",
    ),
    "text between elements": (
        lambda text: text.replace("<ZVIRATA>", "<ZVIRATA>x"),
        f"{IN_PAYLOAD}/HLASENI/ZVIRATA|Character content other than whitespace is not "
        "allowed because the content type is 'element-only'.",
    ),
    "the subject has another length": (
        lambda text: text.replace("1000000001", "100"),
        "Request/RequestHeader/Subject/@subjectID|[facet 'length'] The value '100' has a "
        "length of '3'; this differs from the allowed length of '10'.",
    ),
    "the subject has no number": (
        lambda text: text.replace(' subjectID="1000000001"', ""),
        "Request/RequestHeader/Subject|The attribute 'subjectID' is required but "
        "missing.",
    ),
    "no UIDkey": (
        lambda text: re.sub("<v:UIDkey.*?/>", "", text),
        "Request/RequestHeader|This element is not expected. Expected is ( UIDkey ).",
    ),
    "not qualified": (
        lambda text: text.replace("<CISLOOP>", '<CISLOOP xmlns="">'),
        f"{IN_PAYLOAD}/HLASENI/CISLOOP|It is in no namespace and its payload in "
        "http://www.pds.eu/IZR_ODH01B: elements are qualified.",
    ),
    "an attribute": (
        lambda text: text.replace("<ZVIRE>", '<ZVIRE id="1">'),
        f"{IN_PAYLOAD}/HLASENI/ZVIRATA/ZVIRE|The attribute 'id' is not allowed.",
    ),
    "nil": (
        lambda text: text.replace(
            "<CISLOOP>", '<CISLOOP xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="1">'
        ),
        f"{IN_PAYLOAD}/HLASENI/CISLOOP|The element is not 'nillable'.",
    ),
    "no payload": (
        lambda text: re.sub("(?s)<Request .*</Request>", "", text),
        "Request/RequestContent|It is empty.",
    ),
    "a payload of another name": (
        lambda text: text.replace("<Request ", "<Dotaz ").replace("</Request>", "</Dotaz>"),
        "Request/RequestContent/*|This element is not expected. Expected is ( Request ).",
    ),
}  # fmt: skip


"""How a message is changed, and what is said: where|what."""


@pytest.mark.parametrize(("change", "told"), WRONG.values(), ids=WRONG)
def test_what_is_said_against_a_message(change: Callable[[str], str], told: str) -> None:
    message = move(change)
    problem = check(message).problems[0]
    assert f"{problem.at}|{problem.text}" == told
    assert str(problem) == f"{problem.at} (line {problem.line}): {problem.text}"
    name = re.sub(r"/@.*|\[\d+\]$", "", problem.at).rpartition("/")[2].replace("*", "Dotaz")
    line = message.decode().splitlines()[problem.line - 1]
    assert re.search(rf"<(v:)?{name}\b", line) or problem.text == "It is empty."


def test_all_is_said_but_not_without_end() -> None:
    wrong = "<ZVIRE><USNIZNAMKA/><DRUH>PES</DRUH><DATUMPREMISTENI>?</DATUMPREMISTENI></ZVIRE>"
    report = f"<HLASENI><PROVOZOVNA/><ZVIRATA>{wrong * 100}</ZVIRATA></HLASENI>"
    found = check(envelope(body(f"<JenOverit>1</JenOverit>{report}")))
    assert len(found.problems) == MOST_ERRORS
    assert found.problems[3].at.endswith("ZVIRE[2]/DATUMPREMISTENI")


def test_more_animals_than_the_sandbox_allows() -> None:
    rows = MOVE.replace("</ZVIRE>", "</ZVIRE><ZVIRE/>")
    assert check(envelope(body(rows)), maximum_animals=1).too_many == 2
    assert check(envelope(body(rows)), maximum_animals=2).too_many == 0


def test_the_length_of_a_holding_is_a_state_or_an_error_of_the_schema() -> None:
    def short(text: str) -> str:
        return text.replace("12345678", "1234567")

    ears = "<GETDATA>true</GETDATA><Provozovna>1234567</Provozovna>"
    for message in (move(short), envelope(body(ears, "IZR_OUZ01A"))):
        told = [str(each) for each in check(message, holding_length="state_11").problems]
        assert not any("rovozovna" in each.lower() and "ength" in each for each in told)
    [told_of_move] = check(move(short), holding_length="schema").problems
    assert "'7'; this underruns the allowed minimum length of '8'" in told_of_move.text
    assert told_of_move.at == f"{IN_PAYLOAD}/HLASENI/PROVOZOVNA"


def test_a_second_validator_agrees() -> None:
    """What the WSDL says to a client is what the gateway holds a message against."""
    service = SERVICES["IZR_ODH01B"]
    root = etree.fromstring(SCHEMAS.wsdl(service, settled(), ADDRESS))
    parts = [etree.tostring(each, encoding="unicode") for each in root.iterfind(".//xs:schema", XS)]
    schema = xmlschema.XMLSchema10(parts)
    for name, (change, _) in {"right": (str, ""), **WRONG}.items():
        request = etree.fromstring(move(change)).find("{*}Body")
        assert request is not None
        assert schema.is_valid(request[0]) == (name == "right"), name
