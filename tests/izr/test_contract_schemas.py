"""WSDLs, envelope and payloads of the IZR against tables typed out."""

import re
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
import zeep
from lxml import etree

from podatelna.kernel.resources import resource
from tests.izr.contract import (
    ACCESS,
    ADDRESS,
    CERTAINTIES,
    CONSTANTS,
    ERRORS,
    LISTS,
    PATHS,
    VOKO,
    WSS,
    parsed,
    payload,
    read,
    schema,
    wsdl,
)

# zeep declares itself typed, but its constructors are not.
ZEEP: Any = zeep

# --- WSDL and envelope


def kind_of(node: Any) -> str:
    """A type by name, or the restriction of an inner one, or nothing."""
    if "type" in node.attrib:
        return str(node.attrib["type"])
    inner = node.find("xs:simpleType/xs:restriction", PATHS)
    if inner is None:
        return ""
    facets = [f"{etree.QName(facet).localname}={facet.attrib['value']}" for facet in inner]
    return " ".join([inner.attrib["base"], *facets])


def outline(node: Any, depth: int = 0) -> Iterator[str]:
    """Elements and attributes, one a line, in order; a type's own parts below its name."""
    for child in node:
        tag = etree.QName(child).localname
        deeper = depth
        if tag in ("element", "attribute", "complexType", "simpleType") and "name" in child.attrib:
            need = child.get("minOccurs", "1") if tag == "element" else child.get("use", "")
            prefix = {"element": "", "attribute": "@"}.get(tag, "type ")
            line = f"{prefix}{child.attrib['name']} {'' if prefix == 'type ' else need}"
            yield f"{'  ' * depth}{line} {kind_of(child)}".rstrip()
            deeper += 1
        elif tag in ("extension", "any"):
            yield f"{'  ' * depth}{tag} {child.get('base', child.get('processContents'))}"
        elif tag == "element":
            yield f"{'  ' * depth}{child.attrib['ref']}"
        if tag != "annotation":
            yield from outline(child, deeper)


ENVELOPE = """
Request 1 vOKO:Request
type Request
  UIDkey 1 vOKO:UIDkey
  TimeStamp 0 vOKO:TimeStamp
  AppInfo 0 vOKO:AppInfo
  RequestHeader 0 vOKO:RequestHeader
  RequestContent 1
    tns:Request
  @vOKOid required vOKO:vOKOidtype
type UIDkey
  @dn required xs:string maxLength=255
  @addressAD optional xs:string
  @certificateSN optional xs:string maxLength=50
  @certificateOwner optional xs:string
  @certificateOrganization optional xs:string
  @certificateIssuer optional xs:string
  @email optional xs:string maxLength=100
type AppInfo
  AppModule 1
    @id required xs:string maxLength=35
    @version required xs:string maxLength=20
type TimeStamp
  extension xs:dateTime
  @type required xs:string enumeration=base enumeration=qualified
type RequestHeader
  RequestID 0 vOKO:RequestIDtype
  Subject 0
    extension xs:string
    @subjectID required xs:string length=10
  RequestType 0
    extension xs:string
    @code required xs:string maxLength=15
Response 1 vOKO:Response
type Response
  SRVid 0 vOKO:SRVid
  TimeStamp 0 vOKO:TimeStamp
  ResponseHeader 0 vOKO:ResponseHeader
  ResponseContent 1
    tns:Response
  @vOKOid required vOKO:vOKOidtype
  @SID required vOKO:SIDtype
type ResponseHeader
  RequestID 1 vOKO:RequestIDtype
type SIDtype
type vOKOidtype
type RequestIDtype
type Langtype
type SRVid
  @serverID required xs:string
Error 1 vOKO:Error
type Error
  ErrorCode 1 xs:string
  ErrorDescription 1 xs:string
  DateTime 1 xs:dateTime
  SID 0 vOKO:SIDtype
  RequestID 0 vOKO:RequestIDtype
  SRVid 0 vOKO:SRVid
  vOKOid 0 vOKO:vOKOidtype
  ResponseLang 0 vOKO:Langtype
  ShowXSLTpath 0 xs:string
  ShowXSLTtype 0 xs:string
  Display 0 xs:string
  Desc 0 xs:string
  InnerException 0
    any lax
"""


def test_envelope_is_that_of_the_public_wsdls() -> None:
    root = parsed("envelope.xsd", "IZR_ODH01B")
    assert list(outline(root)) == ENVELOPE.strip().splitlines()
    lengths = {
        node.attrib["name"]: node[0][0].attrib["value"]
        for node in root.iterfind("xs:simpleType", PATHS)
    }
    assert lengths == {"SIDtype": "50", "vOKOidtype": "15", "RequestIDtype": "100", "Langtype": "3"}


@pytest.mark.parametrize("service", ACCESS)
def test_only_services_with_accounts_need_a_uidkey(service: str) -> None:
    (key,) = parsed("envelope.xsd", service).iterfind(".//xs:element[@name='UIDkey']", PATHS)
    assert key.attrib["minOccurs"] == {"PF": "1", "BA": "0"}[ACCESS[service]]


@pytest.mark.parametrize("service", ACCESS)
def test_a_wsdl_is_one_that_a_client_can_be_built_from(service: str) -> None:
    client = ZEEP.Client(BytesIO(etree.tostring(wsdl(service))))
    ((name, found),) = client.wsdl.services.items()
    ((port, binding),) = found.ports.items()
    assert (name, port) == (service, f"{service}Port")
    assert binding.binding_options["address"] == ADDRESS
    operation = binding.binding._operations["process"]
    assert (operation.soapaction, operation.style) == ("process", "document")
    assert operation.input.body.qname == f"{{{VOKO}}}Request"
    assert operation.output.body.qname == f"{{{VOKO}}}Response"
    assert list(operation.faults) == ["Error"]


@pytest.mark.parametrize("service", ACCESS)
def test_no_name_of_a_person_and_no_placeholder_is_served(service: str) -> None:
    text = etree.tostring(wsdl(service), encoding="unicode")
    assert "Who=" not in text
    assert re.findall(r"\{\w+\}", text) == []
    assert re.findall(r"<!--", text) == []


# --- payloads

# By service: request, then response. Two blanks for each level; then occurrence, if not 1-1, type,
# if the element has no children, and restriction.
SPECIES = "TUR|OVC|KOZ|BEZ"
OZO = """
ZasilaneHlaseni
  Provozovna string 8..8
  Staj 0-1 string ..2
  Hlaseni 1-N
    Provozovna 0-1 string ..10
    Zeme 0-1 string ..3
    KodPohybu 0-1 int 0..99
    Datum 0-1 dateTime
    UsniZnamka string ..15
    Matka 0-1 string ..15
    Dopravce 0-1
      RegCisloDopravce 0-1 string ..8
      Jmeno 0-1 string ..100
      Prijmeni 0-1 string ..100
      ZnackaVozidla 0-1 string ..7
      Pesi 0-1 boolean
JenOverit boolean
EMAIL 0-1 string ..50
"""
HOLDINGS = """
  PROVOZOVNY 0-N
    REGCIS string ..8
    NAZEV 0-1 string ..255
    TYPPROVOZOVNY 0-1 string 0..1
    DATUMPOSLEDNIZMENY 0-1 dateTime
    ZRUSENIREGISTRACE 0-1 dateTime
"""
PAYLOADS = {
    "IZR_ODH01B": (
        f"""
JenOverit boolean
EMAIL 0-1 string ..50
HLASENI
  PROVOZOVNA string
  STAJ 0-1 string ..2
  CISLOOP 0-1 string ..20
  ULICE 0-1 string ..48
  CISLO 0-1 string ..10
  OBEC 0-1 string ..48
  CASTOBCE 0-1 string ..48
  PSC 0-1 string ..5
  ZVIRATA
    ZVIRE 1-N
      USNIZNAMKA string ..15
      DRUH string {SPECIES}
      DATUMPREMISTENI dateTime
""",
        "OvereniZaslaniHlaseniDocasneHospodarstviResult boolean",
    ),
    "IZR_CHIZZ01B": (
        f"""
PROVOZOVNA 0-1 string
DRUH 0-1 string {SPECIES}
DATUMOD dateTime
DATUMDO dateTime
GETDATA boolean
""",
        f"""
ChybnikyBResult 0-1
  SZRID int
  PROVOZOVNA 0-1 string
  DRUHZVIRETE 0-N
    NAZEVDRUHU string {SPECIES}
    DATUMZPRACOVANI 0-N
      DATUMZPRACOVANI dateTime
      RADKY 0-N
        PORADI int
        KODCHYBY 0-1 string
        ZAVAZNOST string MekkaChyba|TvrdaChyba
        DATUMHLASENI 0-1 string
        ZVIRE 0-1 string
        MATKA 0-1 string
        PROVOZOVNA 0-1 string
        ZEME 0-1 string
        TEXTCHYBY string
        KODPOHYBU 0-1 int
  DATZMENY 0-1 dateTime
""",
    ),
    "IZR_OZO01A": (OZO, "OvereniZaslaniHlaseniIndivOVCResult boolean"),
    "IZR_OZK01A": (OZO, "OvereniZaslaniHlaseniIndivKOZResult boolean"),
    "IZR_GAZ01B": (
        f"""
SZRID 0-1 int
PROVOZOVNA 0-1 string
DRUH 0-1 string {SPECIES}
GETDATA boolean
DATUM 0-1 dateTime
KATEGORIEAEO 0-1 boolean
""",
        f"""
ZvirataBResult 0-1
  DATZMENY 0-1 dateTime
  PROVOZOVNA 0-N
    CZ string
    STAJ 0-N
      CISLO 0-1 string
      DRUH 0-N
        NAZEVDRUHU string {SPECIES}
        ZVIRE 0-N
          USNIZNAMKA string
          POHLAVI string M|F|X
          PLEMENO 0-1 string
          HOSPODARSTVINAROZENI 0-1 string
          DUVODZAVEDENI int
          DOJENYSTATUT string X|A|N
          CISLOMATKY 0-1 string
          CISLOOTCE 0-1 string
          PRIZNAK 0-1 string
""",
    ),
    "IZR_ZVI01A": (
        """
TYPDATA 1-N
  TYP string Zaklad|Hlaseni|Polohy|PolohyStaje|SystemChovu|Potomci|Zmetani|PrirozenaPlemenitba
USNIZNAMKY 1-N
  USNIZNAMKA string 14..15
  DRUHZVIRETE string TUR|OVC|KOZ
""",
        """
ZvireDetailResult 0-1
  USNIZNAMKY 0-N
    USNIZNAMKA string 14..15
    DRUHZVIRETE string TUR|OVC|KOZ
    POHLAVI string Samec|Samice|Nezname
    PLEMENO 0-1 string ..50
    PLEMENOALF13 0-1 string ..13
    DATUMNAROZENI 0-1 dateTime
    HOSPODARSTVINAROZENI 0-1 string
    DUVODZAVEDENI 0-1 int
    CISLOMATKY 0-1 string
    CISLOOTCE 0-1 string
    HLASENI 0-N
      PROVOZOVNAHLASICI string ..11
      STAJHLASENI 0-1 string ..2
      PROVOZOVNA 0-1 string ..15
      ZEME 0-1 string ..15
      KODPOHYBU int 0..99
      DATUM dateTime
    POLOHY 0-N
      PROVOZOVNA string ..11
      DATUMOD dateTime
      DATUMDO 0-1 dateTime
    POLOHYSTAJE 0-N
      PROVOZOVNA string ..11
      STAJ string ..2
      DATUMOD dateTime
      DATUMDO 0-1 dateTime
    POTOMCI 0-N
      USNIZNAMKA string 14..15
      DRUHZVIRETE string TUR|OVC|KOZ
      POHLAVI string Samec|Samice|Nezname
      DATUMNAROZENI 0-1 dateTime
""",
    ),
    "IZR_OUZ01A": (
        f"""
Provozovna string 8..8
Druh 0-1 string {SPECIES}
DatumOd 0-1 dateTime
DatumDo 0-1 dateTime
""",
        f"""
ObjednaneUsniZnamkyResult 0-1
  Provozovna string 8..8
  DruhZvirete 0-N
    NazevDruhu string {SPECIES}
    Objednavky 0-N
      DatumPrijeti dateTime
      VyrobceSZRID nonNegativeInteger 0..9999999999
      Poradi int 0..99999999
      NazevSubjektu 0-1 string ..200
      Poznamka 0-1 string ..1000
      KontaktniTelefon 0-1 string ..50
      Radky 0-N
        Pocet int 0..9999
        UzOd 0-1 string ..15
        UzDo 0-1 string ..15
        ZbyvaZnamek int 0..9999
        Pohlavi string M|F|X
        BarvaZnamky string B|C|F|K|M|O|E|Z
""",
    ),
    "IZR_PRO01A": (
        """
GETDATA boolean
DATUM 0-1 dateTime
STAVPROVOZOVNY string A|Z|X
TYPPROVOZOVNY string 1..1
""",
        f"ProvozovnyResult 0-1{HOLDINGS}  DATUM 0-1 dateTime",
    ),
    "IZR_PRO01B": (
        """
STAVPROVOZOVNY string A|Z|X
TYPPROVOZOVNY string 1..1
KODKRAJE 0-1 string 2..2
""",
        f"ProvozovnyBResult 0-1{HOLDINGS}",
    ),
    "IZR_GCZ01A": (
        "CISELNIK 0-1 string ..30",
        """
CiselnikZviratResult 0-1
  CISELNIKY 0-N
    NAZEV string ..30
    POLOZKY 0-N
      KOD string ..20
      POPIS string ..255
      DRUHZVIRETE 0-1 string ..3
      DATUMOD 0-1 dateTime
      DATUMDO 0-1 dateTime
""",
    ),
}


def restriction_of(node: Any) -> str:
    facets = node.findall("xs:simpleType/xs:restriction/*", PATHS)
    values = {etree.QName(facet).localname: facet.attrib["value"] for facet in facets}
    for low, high in (("minLength", "maxLength"), ("minInclusive", "maxInclusive")):
        if high in values:
            return f"{values.get(low, '')}..{values[high]}"
    return "|".join(facet.attrib["value"] for facet in facets)


def base_of(node: Any) -> str:
    inner = node.find("xs:simpleType/xs:restriction", PATHS)
    named_type = node.get("type") if inner is None else inner.get("base")
    return (named_type or "").removeprefix("xs:")


def occurs_of(node: Any) -> str:
    most = node.attrib["maxOccurs"].replace("unbounded", "N")
    return f"{node.attrib['minOccurs']}-{most}"


def members(parent: Any) -> list[Any]:
    return list(parent.iterfind("xs:complexType/xs:sequence/xs:element", PATHS))


def written(parent: Any, depth: int = 0) -> Iterator[str]:
    for node in members(parent):
        parts = [node.attrib["name"], occurs_of(node), base_of(node), restriction_of(node)]
        line = " ".join(part for part in parts if part not in ("", "1-1"))
        yield "  " * depth + line
        yield from written(node, depth + 1)


def roots(service: str) -> dict[str, Any]:
    found = payload(service).iterfind("xs:element", PATHS)
    return {node.attrib["name"]: node for node in found}


@pytest.mark.parametrize("service", PAYLOADS)
def test_payloads(service: str) -> None:
    found = roots(service)
    assert list(found) == ["Response", "Request"]
    assert [list(written(found[name])) for name in ("Request", "Response")] == [
        text.strip("\n").splitlines() for text in PAYLOADS[service]
    ]


def test_there_is_a_payload_for_each_service_and_no_other() -> None:
    files = resource("contracts", "izr/payload").iterdir()
    assert sorted(path.stem for path in files) == sorted(ACCESS) == sorted(PAYLOADS)


@pytest.mark.parametrize("service", PAYLOADS)
def test_every_element_has_a_note_and_the_service_its_name(service: str) -> None:
    root = payload(service)
    for node in root.iterfind(".//xs:element", PATHS):
        assert node.findtext("xs:annotation/xs:appinfo/mze:Info", namespaces=PATHS)
    assert root.attrib["targetNamespace"] == f"http://www.pds.eu/{service}"
    assert root.attrib["elementFormDefault"] == "qualified"
    (about,) = root.iterfind("xs:annotation/xs:appinfo/mze:Info/mze:Service", PATHS)
    assert about.attrib["Name"] == service


VERSIONS = {
    "IZR_CHIZZ01B": "1.0 2010-10-10",
    "IZR_OZO01A": "1.0 2010-01-06, 1.1 2014-08-20",
    "IZR_GAZ01B": "1.0 2014-09-30, 1.1 2015-02-16",
    "IZR_ZVI01A": "1.0 2019-06-06, 1.1 2019-06-13, 1.2 2020-07-01, 1.3 2021-04-07",
    "IZR_OUZ01A": "1.0 2010-01-06",
    "IZR_PRO01A": "1.0 2014-10-13, 1.1 2015-04-15",
    "IZR_PRO01B": "1.0 2015-12-23",
}


@pytest.mark.parametrize("service", PAYLOADS)
def test_versions_of_the_data_models(service: str) -> None:
    changes = payload(service).iterfind(".//mze:Change", PATHS)
    found = [f"{node.attrib['Version']} {node.attrib['Date'][:10]}" for node in changes]
    assert ", ".join(found) == VERSIONS.get(service, "")


def every_element(service: str) -> Iterator[tuple[str, ...]]:
    def below(parent: Any, path: str) -> Iterator[tuple[str, ...]]:
        for node in members(parent):
            here = f"{path}/{node.attrib['name']}"
            yield here, occurs_of(node), base_of(node), restriction_of(node)
            yield from below(node, here)

    for name in ("Request", "Response"):
        yield from below(roots(service)[name], f"{service} {name}")


def test_the_table_of_elements_is_that_of_the_schemas() -> None:
    table = [
        (
            row["code"],
            row["occurs"],
            row["type"],
            re.sub("^(length|value) ", "", row["restriction"]),
        )
        for row in LISTS["elements"]
        if " InnerException/" not in row["code"]
    ]
    assert table == [row for service in PAYLOADS for row in every_element(service)]


def test_the_collection_of_validation_errors() -> None:
    inner = "IZR_ODH01B InnerException/ValidacniChyby"
    rows = [row for row in LISTS["elements"] if row["code"].startswith(inner)]
    assert [(row["code"].removeprefix(inner), row["occurs"], row["type"]) for row in rows] == [
        ("", "0-1", ""),
        ("/Chyby", "1-N", ""),
        ("/Chyby/CisloRadku", "0-1", "int"),
        ("/Chyby/Element", "1-1", "string"),
        ("/Chyby/KodChyby", "0-1", "string"),
        ("/Chyby/PopisChyby", "1-1", "string"),
    ]


def test_what_is_known_of_the_elements_depends_on_the_model() -> None:
    models = {row["code"]: row["model"] for row in LISTS["services"]}
    known = Counter(
        (row["code"].partition(" ")[0], row["certainty"], row["certainty_of_type"])
        for row in LISTS["elements"]
    )
    for service, model in models.items():
        of_service = {key[1:] for key in known if key[0] == service}
        if model == "whole":
            assert of_service == {("documented", "documented")}
        elif model == "none":
            assert {of_type for _, of_type in of_service} == {"reconstructed"}
    named_by_the_page = {
        row["code"].rpartition("/")[2]
        for row in LISTS["elements"]
        if row["code"].startswith("IZR_ODH01B ") and row["certainty"] == "documented"
    }
    places = {
        name
        for entry in ERRORS.values()
        if entry["kind"] in ("header", "animal", "processing")
        for name in entry["at"].split(", ")
    }
    assert named_by_the_page == places - {"UZ"} | {"JenOverit"}


def test_a_nested_place_is_inferred() -> None:
    for row in LISTS["elements"]:
        assert row["certainty_of_type"] in CERTAINTIES
        if row["code"].count("/") > 1:
            assert row["certainty_of_place"] == "reconstructed"


def test_results_have_the_names_of_the_list_of_services() -> None:
    assert {row["code"]: row["result"] for row in LISTS["services"]} == {
        service: members(roots(service)["Response"])[0].attrib["name"] for service in PAYLOADS
    }
    assert "".join(code for code, access in ACCESS.items() if access == "BA") == (
        "IZR_PRO01AIZR_PRO01BIZR_GCZ01A"
    )


def test_the_reporting_holding_is_where_it_says() -> None:
    for service, path in CONSTANTS["reporting_holding"]["value"].items():
        codes = [row["code"] for row in LISTS["elements"]]
        assert f"{service} Request/{path}" in codes


def test_synonyms_lead_to_elements() -> None:
    paths = {row["code"] for row in LISTS["elements"]}
    for row in LISTS["synonyms"]:
        parent = f"{row['service']} {row['parent']}"
        assert row["parent"] == "Request" or parent in paths
        assert f"{parent}/{row['canonical']}" in paths
        assert f"{parent}/{row['name']}" not in paths


# --- messages against the schemas

REQUEST = f"""<v:Request xmlns:v="{VOKO}" vOKOid="{{service}}">{{key}}
<v:TimeStamp type="base">2025-05-02T08:00:00+02:00</v:TimeStamp>
<v:AppInfo><v:AppModule id="sandbox" version="1"/></v:AppInfo>
<v:RequestHeader><v:RequestID>sandbox/0001</v:RequestID><v:Subject subjectID="1000000001"/>
<v:RequestType code=""> </v:RequestType></v:RequestHeader>
<v:RequestContent><Request xmlns="http://www.pds.eu/{{service}}">{{content}}</Request>
</v:RequestContent></v:Request>"""
RESPONSE = f"""<v:Response xmlns:v="{VOKO}" vOKOid="{{service}}" SID="0f8fad5b">
<v:SRVid serverID="EPO-SANDBOX"/>
<v:TimeStamp type="base">2025-05-02T08:00:01.2345670+02:00</v:TimeStamp>
<v:ResponseHeader><v:RequestID>sandbox/0001</v:RequestID></v:ResponseHeader>
<v:ResponseContent><Response xmlns="http://www.pds.eu/{{service}}">{{content}}</Response>
</v:ResponseContent></v:Response>"""
KEY = '<v:UIDkey dn="cn=99sandbox,cn=Farmar,cn=Users,o=mze,c=cz" certificateSN="#NEDEF"/>'
ANIMAL = (
    "<ZVIRE><USNIZNAMKA>CZ0000012345126</USNIZNAMKA><DRUH>OVC</DRUH>"
    "<DATUMPREMISTENI>2025-05-01T00:00:00</DATUMPREMISTENI></ZVIRE>"
)
MOVE = (
    "<JenOverit>true</JenOverit><HLASENI><PROVOZOVNA>12345678</PROVOZOVNA>"
    f"<CISLOOP>123456789</CISLOOP><ZVIRATA>{ANIMAL}</ZVIRATA></HLASENI>"
)
LOG = (
    "<ChybnikyBResult><SZRID>1000000001</SZRID><DRUHZVIRETE><NAZEVDRUHU>OVC</NAZEVDRUHU>"
    "<DATUMZPRACOVANI><DATUMZPRACOVANI>2025-05-02T21:00:00</DATUMZPRACOVANI><RADKY>"
    "<PORADI>1</PORADI><KODCHYBY>72</KODCHYBY><ZAVAZNOST>TvrdaChyba</ZAVAZNOST>"
    "<DATUMHLASENI>02.05.2025</DATUMHLASENI><ZVIRE>CZ0000012345126</ZVIRE>"
    "<TEXTCHYBY>Osoba</TEXTCHYBY></RADKY></DATUMZPRACOVANI></DRUHZVIRETE></ChybnikyBResult>"
)


def request(service: str, content: str, key: str = KEY) -> str:
    return REQUEST.format(service=service, key=key, content=content)


@pytest.mark.parametrize(
    ("service", "message"),
    [
        ("IZR_ODH01B", request("IZR_ODH01B", MOVE)),
        ("IZR_ODH01B", request("IZR_ODH01B", MOVE.replace("12345678<", "1234<"))),
        ("IZR_CHIZZ01B", RESPONSE.format(service="IZR_CHIZZ01B", content=LOG)),
        (
            "IZR_PRO01B",
            f'<v:Request xmlns:v="{VOKO}" vOKOid="IZR_PRO01B"><v:RequestContent>'
            '<Request xmlns="http://www.pds.eu/IZR_PRO01B"><STAVPROVOZOVNY>A</STAVPROVOZOVNY>'
            "<TYPPROVOZOVNY>H</TYPPROVOZOVNY></Request></v:RequestContent></v:Request>",
        ),
        (
            "IZR_ODH01B",
            f'<v:Error xmlns:v="{VOKO}"><v:ErrorCode>5</v:ErrorCode><v:ErrorDescription/>'
            "<v:DateTime>2025-05-02T08:00:01.2345670+02:00</v:DateTime><v:SID>1</v:SID>"
            "<v:RequestID>2</v:RequestID><v:SRVid serverID='3'/><v:vOKOid>IZR_ODH01B</v:vOKOid>"
            "<v:InnerException><ValidacniChyby xmlns='http://www.pds.eu/IZR_ODH01B'/>"
            "</v:InnerException></v:Error>",
        ),
    ],
    ids=["move", "short holding", "log", "anonymous", "error"],
)
def test_messages_that_fit(service: str, message: str) -> None:
    assert [error.reason for error in schema(service).iter_errors(message)] == []


@pytest.mark.parametrize(
    ("service", "message"),
    [
        ("IZR_ODH01B", request("IZR_ODH01B", MOVE, key="")),
        ("IZR_ODH01B", request("IZR_ODH01B", MOVE).replace("1000000001", "1")),
        ("IZR_ODH01B", request("IZR_ODH01B", MOVE.replace("OVC", "PRA"))),
        ("IZR_ODH01B", request("IZR_ODH01B", MOVE.replace(ANIMAL, ""))),
        ("IZR_ODH01B", request("IZR_ODH01B", MOVE.replace("true", "ano"))),
        ("IZR_OUZ01A", request("IZR_OUZ01A", "<Provozovna>1234567</Provozovna>")),
    ],
    ids=["no key", "subject", "species", "no animals", "boolean", "length"],
)
def test_messages_that_do_not_fit(service: str, message: str) -> None:
    assert list(schema(service).iter_errors(message))


def test_the_token_has_a_type() -> None:
    tokens = etree.XMLSchema(etree.fromstring(read("wss.xsd").encode()))
    fits = f'<w:Token xmlns:w="{WSS}" type="A01">abc</w:Token>'
    assert tokens.validate(etree.fromstring(fits))
    assert not tokens.validate(etree.fromstring(fits.replace(' type="A01"', "")))
