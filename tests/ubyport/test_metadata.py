"""The WSDL, its schemas and the help page, as clients configure themselves from them."""

# mypy: allow-untyped-calls
# zeep says that it is typed, and most of it is not.

import re

import pytest
import zeep
from lxml import etree
from zeep.transports import Transport

from podatelna.kernel.contract import Contract
from tests.sandboxes import DATE, OWN_HEADERS, PATHS, Caller, Sandbox, SignIn, plain_session
from tests.schemas import ODD_STAMP, STAMP
from tests.ubyport.messages import CLASSES, SERVICE, bare, call

CONTRACT = Contract("ubyport")
PARTS = ("xsd0", "xsd1", "xsd2", "xsd3")
NAMES = {"wsdl": "http://schemas.xmlsoap.org/wsdl/", "xs": "http://www.w3.org/2001/XMLSchema"}
XML_PAGE = {"Content-Type": "text/xml; charset=UTF-8"} | OWN_HEADERS | {"Date": DATE}
HTML_PAGE = {"Content-Type": "text/html; charset=UTF-8"} | OWN_HEADERS | {"Date": DATE}
LOGINS = {"production": "uby-ws000001", "test": "uby-tws00001"}
OPERATIONS = ["DejMiCiselnik", "MaximalniDelkaSeznamu", "TestDostupnosti", "ZapisUbytovane"]


def filled(part: str, address: str, stamp: str = STAMP) -> bytes:
    """A file of the contract as it is served."""
    text = CONTRACT.text(part).replace("{address}", address).replace("{stamp}", stamp)
    return text.encode()


def canonical(element: etree._Element) -> bytes:
    """Without the prefixes that the surroundings declare."""
    text = re.sub(rb' schemaLocation="[^"]*"', b"", etree.tostring(element, with_tail=False))
    return etree.tostring(etree.fromstring(text), method="c14n2")


@pytest.mark.parametrize("environment", PATHS)
def test_wsdl_and_its_parts(sandbox: Sandbox, sign_in: SignIn, environment: str) -> None:
    """Every import leads to a page of the same service, at the address that the client called."""
    caller = sign_in(LOGINS[environment], environment)
    address = sandbox.url(environment)
    answer = caller.get("?wsdl")
    assert bare(answer) == (200, filled("ws_uby.wsdl", address), XML_PAGE)
    imports = re.findall(r'schemaLocation="([^"]*)"', answer.text)
    assert imports == [f"{address}?xsd={part}" for part in PARTS]
    for part, location in zip(PARTS, imports, strict=True):
        page = caller.session.get(location)
        assert bare(page) == (200, filled(f"{part}.xsd", address), XML_PAGE)


def test_single_wsdl(production: Caller) -> None:
    """The same document with the schemas inside, and nothing left to fetch."""
    answer = production.get("?singleWsdl")
    status, body, headers = bare(answer)
    assert (status, headers) == (200, XML_PAGE)
    assert b"schemaLocation" not in body
    single = etree.fromstring(body)
    whole = etree.fromstring(filled("ws_uby.wsdl", production.url))
    schemas = single.findall("wsdl:types/xs:schema", NAMES)
    assert [canonical(schema) for schema in schemas] == [
        canonical(etree.fromstring(filled(f"{part}.xsd", production.url))) for part in PARTS
    ]
    for document in (single, whole):
        types = document.find("wsdl:types", NAMES)
        assert types is not None
        document.remove(types)
    assert canonical(single) == canonical(whole)


@pytest.mark.parametrize("stamp", [STAMP, ODD_STAMP])
def test_spelling_of_the_stamp(sandbox: Sandbox, production: Caller, stamp: str) -> None:
    """The WSDL has the member as the answers have it (Q1)."""
    sandbox.set(stamp_member=stamp)
    assert production.get("?xsd=xsd2").content == filled("xsd2.xsd", production.url, stamp)
    names = re.findall(r'name="(PseudoRazi\w+)"', production.get("?singleWsdl").text)
    assert names == [stamp]


@pytest.mark.parametrize(
    ("query", "same"),
    [
        ("?WSDL", "?wsdl"),
        ("?SingleWSDL", "?singleWsdl"),
        ("?XSD=XSD2", "?xsd=xsd2"),
        ("?x&wsdl", "?wsdl"),
        ("?wsdl&singleWsdl", "?singleWsdl"),
    ],
)
def test_query_in_other_letters(production: Caller, query: str, same: str) -> None:
    """As WCF's metadata extension looks pages up (its public sources)."""
    assert production.get(query).content == production.get(same).content


@pytest.mark.parametrize("query", ["", "?", "?help", "?xsd=xsd9", "?wsdl=wsdl0", "?singleWsdl2"])
def test_help_page(production: Caller, query: str) -> None:
    """What names no document is answered with the page for people."""
    answer = production.get(query)
    status, body, headers = bare(answer)
    assert (status, headers) == (200, HTML_PAGE)
    assert b"<TITLE>WS_UBY Service</TITLE>" in body
    links = re.findall(r'(?:HREF|href)="([^"]*)"', answer.text)
    assert links == [production.url + query for query in ("?disco", "?wsdl", "?singleWsdl")]
    assert production.session.head(production.url).headers == answer.headers


def test_discovery_document(production: Caller) -> None:
    """Where the help page's link for programs leads."""
    answer = production.get("?disco")
    assert bare(answer)[2] == XML_PAGE
    [reference] = etree.fromstring(answer.content)
    assert reference.tag == "{http://schemas.xmlsoap.org/disco/scl/}contractRef"
    assert dict(reference.items()) == {"ref": f"{production.url}?wsdl", "docRef": production.url}


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("ubyport.pcr.cz", "ubyport.pcr.cz"),
        ("podatelna:8080", "podatelna:8080"),
        ('x"><y', "x&quot;&gt;&lt;y"),
    ],
)
def test_address_is_the_host_that_was_called(sandbox: Sandbox, host: str, shown: str) -> None:
    """A sandbox's own prefix belongs to it; the default sandbox answers at the real path."""
    sandbox.set(metadata="anonymous")
    with plain_session() as session:
        answer = session.get(f"{sandbox.url('test')}?wsdl", headers={"Host": host})
    [address] = re.findall(r'<soap:address location="([^"]*)"', answer.text)
    assert address == f"http://{shown}/s/{sandbox.name}{PATHS['test']}"


@pytest.mark.parametrize(
    ("forwarded", "scheme"), [("https", "https"), ("http", "http"), ("gopher", "http")]
)
def test_address_behind_a_proxy(sandbox: Sandbox, forwarded: str, scheme: str) -> None:
    """A client that configures itself from the WSDL must not leave the proxy that ends TLS."""
    sandbox.set(metadata="anonymous")
    headers = {"Host": "ubyport.pcr.cz", "X-Forwarded-Proto": forwarded}
    with plain_session() as session:
        answer = session.get(f"{sandbox.url('test')}?wsdl", headers=headers)
    [address] = re.findall(r'<soap:address location="([^"]*)"', answer.text)
    assert address == f"{scheme}://ubyport.pcr.cz/s/{sandbox.name}{PATHS['test']}"


def test_address_in_the_default_sandbox(sandbox: Sandbox, production: Caller) -> None:
    answer = production.session.get(f"{sandbox.server}{PATHS['production']}?wsdl")
    [address] = re.findall(r'<soap:address location="([^"]*)"', answer.text)
    assert address == sandbox.server + PATHS["production"]


@pytest.mark.parametrize("query", ["", "?wsdl", "?singleWsdl", "?xsd=xsd0", "?disco"])
def test_metadata_for_strangers(sandbox: Sandbox, query: str) -> None:
    """Only the pages open up, and only by the setting (Q9)."""
    url = sandbox.url() + query
    with plain_session() as session:
        before = session.get(url).status_code, session.head(url).status_code
        sandbox.set(metadata="anonymous")
        after = session.get(url).status_code, session.head(url).status_code
        message = session.post(url, data=call("TestDostupnosti")).status_code
    assert (before, after, message) == ((401, 401), (200, 200), 401)


@pytest.mark.parametrize("query", ["?wsdl", "?singleWsdl"])
@pytest.mark.parametrize("environment", PATHS)
@pytest.mark.parametrize("stamp", [STAMP, ODD_STAMP])
def test_zeep_reads_it(
    sandbox: Sandbox, sign_in: SignIn, query: str, environment: str, stamp: str
) -> None:
    """The type names are those that a public client asks zeep for (observed)."""
    sandbox.set(stamp_member=stamp)
    caller = sign_in(LOGINS[environment], environment)
    with zeep.Client(caller.url + query, transport=Transport(session=caller.session)) as client:
        binding = client.service._binding
        assert sorted(binding.all()) == OPERATIONS
        assert {name: each.soapaction for name, each in binding.all().items()} == {
            name: f"{SERVICE}/IWS_UBY/{name}" for name in OPERATIONS
        }
        assert client.service._binding_options["address"] == caller.url
        answered = client.get_type(f"{{{CLASSES}}}Chyby")
        assert [name for name, _ in answered.elements] == [
            "ChybyHlavicky",
            "ChybyZaznamu",
            "DokumentChybyPotvrzeni",
            "DokumentPotvrzeni",
            stamp,
        ]
        for name in ("Ubytovany", "ArrayOfUbytovany", "SeznamUbytovanych"):
            assert client.get_type(f"{{{CLASSES}}}{name}").name == name
