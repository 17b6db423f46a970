"""Whatever the gateway answers fits the schemas of the WSDL that it serves for the service."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
import xmlschema
from lxml import etree

from podatelna.kernel.exchange import Response
from tests.izr.contract import ADDRESS, PATHS
from tests.izr.gatehouse import WSDL, XML, Gatehouse, opened
from tests.izr.messages import (
    KEY,
    LOGIN,
    MOVE,
    NAMES,
    SOAP,
    SUBJECT,
    body,
    dn_of,
    envelope,
    header,
    move,
    signed,
    uidkey,
)
from tests.izr.questions import PF, QUESTIONS, question

SERVICES = list(QUESTIONS)
BEGINNING = (
    f'<?xml version="1.0" encoding="utf-8"?>\n<SOAP:Envelope xmlns:SOAP="{SOAP}"><SOAP:Body>'
)
END = "</SOAP:Body></SOAP:Envelope>"
WHOLE = (
    '<v:TimeStamp type="base">2025-05-02T08:00:00+02:00</v:TimeStamp>'
    '<v:AppInfo><v:AppModule id="a" version="1"/></v:AppInfo><v:RequestHeader>'
    f'<v:RequestID>r/1</v:RequestID><v:Subject subjectID="{SUBJECT}"/><v:RequestType code=""/>'
    "</v:RequestHeader>"
)
"""All that may stand between UIDkey and RequestContent."""
ME = (LOGIN, SUBJECT, KEY)


@pytest.fixture(scope="module")
def epo() -> Iterator[Gatehouse]:
    with opened() as gatehouse:
        yield gatehouse


@pytest.fixture
def fresh(epo: Gatehouse) -> Gatehouse:
    """With nothing set."""
    epo.reset()
    return epo


@pytest.fixture(scope="module")
def schema_of(epo: Gatehouse) -> Callable[[str], Any]:
    """The schemas in the WSDL that is served for a service."""

    @cache
    def read(service: str) -> Any:
        answer = epo.visit("GET", f"{WSDL}?SERVICEID={service}")
        assert (answer.status, dict(answer.headers)["Content-Type"]) == (200, XML)
        definitions = etree.fromstring(answer.body)
        [address] = definitions.iterfind("wsdl:service/wsdl:port/soap:address", PATHS)
        assert address.get("location") == ADDRESS.replace("https:", "http:")
        found = definitions.iterfind("wsdl:types/xs:schema", PATHS)
        return xmlschema.XMLSchema10([etree.tostring(each, encoding="unicode") for each in found])

    return read


def opened_up(answer: Response) -> Any:
    """What is in the Body: an answer, or the detail of a fault. The envelope is SOAP 1.1's."""
    text = answer.body.decode()
    assert text.startswith(BEGINNING)
    assert text.endswith(END)
    assert dict(answer.headers)["Content-Type"] == XML
    [inside] = etree.fromstring(answer.body)[0]
    if inside.tag != f"{{{SOAP}}}Fault":
        assert answer.status == 200
        return inside
    assert answer.status == 500
    assert [part.tag for part in inside] == ["faultcode", "faultstring", "detail"]
    prefix, _, name = inside[0].text.partition(":")
    assert inside.nsmap[prefix] == SOAP
    assert name in ("Client", "Server")
    [error] = inside[2]
    assert inside[1].text == error.findtext("v:ErrorDescription", None, NAMES)
    return error


def fits(schema: Any, element: Any) -> str:
    """The local name of an element that the schema declares and finds nothing wrong with."""
    schema.validate(etree.tostring(element, encoding="unicode"))
    return str(etree.QName(element).localname)


@pytest.mark.parametrize("service", SERVICES)
def test_answers_and_their_questions(
    service: str, fresh: Gatehouse, schema_of: Callable[[str], Any]
) -> None:
    asked = question(service)
    schema = schema_of(service)
    assert fits(schema, etree.fromstring(asked).find("s:Body", NAMES)[0]) == "Request"
    answer = opened_up(fresh.post(asked))
    assert fits(schema, answer) == "Response"
    assert answer.find("v:ResponseContent", NAMES)[0].nsmap[None] == f"http://www.pds.eu/{service}"


@pytest.mark.parametrize("service", SERVICES)
def test_faults(service: str, fresh: Gatehouse, schema_of: Callable[[str], Any]) -> None:
    found = [fresh.post(question(service, "<x/>")), fresh.post(question(service)[:-9])]
    if service in PF:
        found.append(fresh.post(envelope(body(QUESTIONS[service], service))))
    fresh.set(backend_available=False)
    found.append(fresh.post(question(service)))
    assert [fits(schema_of(service), opened_up(each)) for each in found] == ["Error"] * len(found)


LOST = "<CISLOOP>123456789</CISLOOP>"
STATES = {
    "10": (MOVE, ("99neznamy", "1000000003", "Sandbox0Key0Example6")),
    "11": (MOVE.replace("12345678<", "1234567<"), ME),
    "12": (MOVE.replace("12345678<", "99999999<"), ME),
    "14": (MOVE.replace("12345678<", "23456789<"), ME),
    "21": (MOVE.replace("OVC", "TUR"), ME),
    "5": (MOVE.replace("CZ0000012345126", "CZ").replace(LOST, ""), ME),
}
"""Payloads of IZR_ODH01B with their senders: login, subject and key."""
COLLECTIONS = {"list": "ValidacniChyby", "mirrored": "HLASENI"}


@pytest.mark.parametrize("form", COLLECTIONS)
@pytest.mark.parametrize("state", STATES)
def test_states(state: str, form: str, fresh: Gatehouse, schema_of: Callable[[str], Any]) -> None:
    fresh.set(validation_errors=form)
    payload, (login, subject, key) = STATES[state]
    head = uidkey(dn_of(login)) + WHOLE.replace(SUBJECT, subject)
    error = opened_up(fresh.post(signed(body(payload, head=head), key)))
    assert error.findtext("v:ErrorCode", None, NAMES) == state
    assert fits(schema_of("IZR_ODH01B"), error) == "Error"
    inner = [each.tag for each in error.iterfind("v:InnerException/*", NAMES)]
    collection = f"{{http://www.pds.eu/IZR_ODH01B}}{COLLECTIONS[form]}"
    assert inner == ([collection] if state == "5" else [])


def gateway_faults() -> dict[str, bytes]:
    """Messages that do not get as far as a service, by the code of their fault."""
    whole = uidkey() + WHOLE
    return {
        "401": envelope(body(head=whole)),
        "403": signed(body(head=whole.replace(SUBJECT, "1000000002"))),
        "404": move(head=whole, service="IZR_ODH01A"),
        "413": move(head=whole) + b" " * 10_485_760,
    }


@pytest.mark.parametrize("code", ["401", "403", "404", "413"])
def test_faults_of_the_gateway(
    code: str, fresh: Gatehouse, schema_of: Callable[[str], Any]
) -> None:
    error = opened_up(fresh.post(gateway_faults()[code]))
    assert error.findtext("v:ErrorCode", None, NAMES) == code
    assert fits(schema_of("IZR_ODH01B"), error) == "Error"


def test_what_is_too_long_for_the_schema_of_the_fault_is_cut(
    fresh: Gatehouse, schema_of: Callable[[str], Any]
) -> None:
    """RequestID has 100 characters at most, vOKOid 15."""
    head = uidkey() + header(request_id="ž" * 101)
    for message in (move(head=head), move(service="S" * 16)):
        error = opened_up(fresh.post(message))
        assert fits(schema_of("IZR_ODH01B"), error) == "Error"
