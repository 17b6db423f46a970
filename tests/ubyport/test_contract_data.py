"""The contract of Ubyport as data, read with plain libraries and compared with tables typed out."""

import csv
import unicodedata
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import xmlschema
import yaml
import zeep
from lxml import etree

from podatelna.kernel.resources import resource

ADDRESS = "https://ubyport.pcr.cz/ws_uby_test/ws_uby.svc"
XSD = "http://www.w3.org/2001/XMLSchema"
SERVICE = "http://UBY.pcr.cz/WS_UBY"
PRIMITIVES = "http://schemas.microsoft.com/2003/10/Serialization/"
DATA = "http://schemas.datacontract.org/2004/07/WS_UBY"
ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
ACTION = "{http://www.w3.org/2006/05/addressing/wsdl}Action"
PREFIXES = {XSD: "xs", SERVICE: "u", PRIMITIVES: "p", DATA: "a", ARRAYS: "b"}
PATHS = {
    "wsdl": "http://schemas.xmlsoap.org/wsdl/",
    "soap": "http://schemas.xmlsoap.org/wsdl/soap/",
    "wsp": "http://schemas.xmlsoap.org/ws/2004/09/policy",
    "xs": XSD,
}
FILES = ["ws_uby.wsdl", "xsd0.xsd", "xsd1.xsd", "xsd2.xsd", "xsd3.xsd"]
OPERATIONS = ["TestDostupnosti", "MaximalniDelkaSeznamu", "DejMiCiselnik", "ZapisUbytovane"]

# Members in the order of the wire, all with minOccurs 0. A bare name is a nillable string, else the
# type follows, "?" for nillable and "*" for maxOccurs unbounded.
MESSAGES = {
    "TestDostupnosti": "AutentificationCode",
    "TestDostupnostiResponse": "TestDostupnostiResult=xs:boolean",
    "MaximalniDelkaSeznamu": "AutentificationCode",
    "MaximalniDelkaSeznamuResponse": "MaximalniDelkaSeznamuResult=xs:int",
    "DejMiCiselnik": "AutentificationCode CoChci=a:DruhCislelniku",
    "DejMiCiselnikResponse": "DejMiCiselnikResult=a:ArrayOfCiselnikType?",
    "ZapisUbytovane": "AutentificationCode Seznam=a:SeznamUbytovanych?",
    "ZapisUbytovaneResponse": "ZapisUbytovaneResult=a:Chyby?",
}
CLASSES = {
    "ArrayOfCiselnikType": "CiselnikType=a:CiselnikType?*",
    "CiselnikType": (
        "Id=xs:int Kod2 Kod3 PlatiDo PlatiOd TextCZ TextENG TextKratkyCZ TextKratkyENG"
    ),
    "SeznamUbytovanych": (
        "Ubytovani=a:ArrayOfUbytovany? VracetPDF=xs:boolean"
        " uCont uHomN uIdub uMark uName uOb uObCa uOkr uOriN uPsc uStr"
    ),
    "ArrayOfUbytovany": "Ubytovany=a:Ubytovany?*",
    "Ubytovany": (
        "cDate cDocN cFirstN cFrom=xs:dateTime cNati cNote cPlac cPurp=xs:int?"
        " cResi cSpz cSurN cUntil=xs:dateTime cVisN"
    ),
    "Chyby": (
        "ChybyHlavicky ChybyZaznamu=b:ArrayOfstring?"
        " DokumentChybyPotvrzeni DokumentPotvrzeni PseudoRazitko"
    ),
}
BUILT_IN = [
    *("anyType", "anyURI", "base64Binary", "boolean", "byte", "dateTime", "decimal", "double"),
    *("float", "int", "long", "QName", "short", "string"),
    *("unsignedByte", "unsignedInt", "unsignedLong", "unsignedShort"),
]
# zeep declares itself typed, but its constructors are not.
ZEEP: Any = zeep


def read(name: str) -> str:
    return resource("contracts", f"ubyport/{name}").read_text("utf-8")


def served(name: str, stamp: str = "PseudoRazitko") -> bytes:
    """A file as the server sends it: the two placeholders replaced, other braces left alone."""
    return read(name).replace("{address}", ADDRESS).replace("{stamp}", stamp).encode()


def parsed(name: str) -> Any:
    return etree.fromstring(served(name))


def single_wsdl() -> Any:
    """The answer to ?singleWsdl, put together as SOURCES.md says."""
    definitions = parsed("ws_uby.wsdl")
    (types,) = definitions.iterfind("wsdl:types", PATHS)
    names = [node.attrib["schemaLocation"].rpartition("=")[2] for node in types[0]]
    types[:] = [parsed(f"{name}.xsd") for name in names]
    for node in types.iterfind("xs:schema/xs:import", PATHS):
        del node.attrib["schemaLocation"]
    return definitions


def type_of(node: Any) -> str:
    prefix, _, local = node.attrib["type"].partition(":")
    return f"{PREFIXES[node.nsmap[prefix]]}:{local}"


def member(node: Any) -> str:
    assert node.attrib["minOccurs"] == "0"
    nil = "?" if node.get("nillable") == "true" else ""
    many = "*" if node.get("maxOccurs") == "unbounded" else ""
    kind = type_of(node) + nil + many
    name: str = node.attrib["name"]
    return name if kind == "xs:string?" else f"{name}={kind}"


def members(parent: Any) -> str:
    return " ".join(map(member, parent.iterfind(".//xs:sequence/xs:element", PATHS)))


def named(root: Any, path: str) -> list[str]:
    return [node.attrib["name"] for node in root.iterfind(path, PATHS)]


def elements(root: Any) -> list[tuple[str, str, str]]:
    found = root.iterfind("xs:element", PATHS)
    return [(node.attrib["name"], type_of(node), node.get("nillable")) for node in found]


# --- WSDL and schemas


def test_namespaces_and_imports_of_the_schemas() -> None:
    keys = ("targetNamespace", "elementFormDefault", "attributeFormDefault")
    found = [
        (*map(root.get, keys), [dict(node.attrib) for node in root.iterfind("xs:import", PATHS)])
        for root in map(parsed, FILES[1:])
    ]
    data = {"schemaLocation": f"{ADDRESS}?xsd=xsd2", "namespace": DATA}
    arrays = {"schemaLocation": f"{ADDRESS}?xsd=xsd3", "namespace": ARRAYS}
    assert found == [
        (SERVICE, "qualified", None, [data]),
        (PRIMITIVES, "qualified", "qualified", []),
        (DATA, "qualified", None, [arrays]),
        (ARRAYS, "qualified", None, []),
    ]


def test_messages_have_the_parameters_of_the_documents() -> None:
    found = parsed("xsd0.xsd").iterfind("xs:element", PATHS)
    assert [(node.attrib["name"], members(node)) for node in found] == list(MESSAGES.items())


def test_classes_have_their_members_in_the_order_of_the_wire() -> None:
    root = parsed("xsd2.xsd")
    types = {node.attrib["name"]: members(node) for node in root.iterfind("xs:complexType", PATHS)}
    assert types == CLASSES
    names = sorted([*CLASSES, "DruhCislelniku"])
    assert sorted(elements(root)) == [(name, f"a:{name}", "true") for name in names]


def test_members_stand_in_ordinal_order() -> None:
    orders = [[part.partition("=")[0] for part in row.split()] for row in CLASSES.values()]
    assert [sorted(names) for names in orders] == orders


def test_kinds_of_code_lists_in_the_documented_order() -> None:
    (kinds,) = parsed("xsd2.xsd").iterfind("xs:simpleType", PATHS)
    values = [node.attrib["value"] for node in kinds.iter(f"{{{XSD}}}enumeration")]
    assert (kinds.attrib["name"], values) == ("DruhCislelniku", ["Staty", "UcelyPobytu", "Chyby"])


def test_arrays() -> None:
    root = parsed("xsd3.xsd")
    assert named(root, "xs:complexType") == ["ArrayOfstring"]
    assert members(root) == "string=xs:string?*"
    assert elements(root) == [("ArrayOfstring", "b:ArrayOfstring", "true")]


def test_serialization_primitives() -> None:
    root = parsed("xsd1.xsd")
    own = ["char", "duration", "guid"]
    built_in = [(name, f"xs:{name}", "true") for name in BUILT_IN]
    assert elements(root) == built_in + [(name, f"p:{name}", "true") for name in own]
    assert named(root, "xs:simpleType") == own
    facets = root.iterfind("xs:simpleType/xs:restriction/*", PATHS)
    group = r"[\da-fA-F]"
    assert [node.attrib["value"] for node in facets] == [
        r"\-?P(\d*D)?(T(\d*H)?(\d*M)?(\d*(\.\d*)?S)?)?",
        "-P10675199DT2H48M5.4775808S",
        "P10675199DT2H48M5.4775807S",
        f"{group}{{8}}-{group}{{4}}-{group}{{4}}-{group}{{4}}-{group}{{12}}",
    ]
    attributes = [tuple(node.attrib.values()) for node in root.iterfind("xs:attribute", PATHS)]
    assert attributes == [("FactoryType", "xs:QName"), ("Id", "xs:ID"), ("Ref", "xs:IDREF")]


def test_actions_and_messages_of_the_operations() -> None:
    root = parsed("ws_uby.wsdl")
    parts = {
        f"tns:{message.attrib['name']}": message[0].attrib["element"]
        for message in root.iterfind("wsdl:message", PATHS)
    }
    found = {
        node.attrib["name"]: [(way.attrib[ACTION], parts[way.attrib["message"]]) for way in node]
        for node in root.iterfind("wsdl:portType/wsdl:operation", PATHS)
    }
    actions = {name: f"{SERVICE}/IWS_UBY/{name}" for name in OPERATIONS}
    assert found == {
        name: [(action, f"tns:{name}"), (f"{action}Response", f"tns:{name}Response")]
        for name, action in actions.items()
    }
    bound = root.iterfind("wsdl:binding/wsdl:operation/soap:operation", PATHS)
    assert [node.attrib["soapAction"] for node in bound] == list(actions.values())
    assert named(root, "wsdl:binding/wsdl:operation") == OPERATIONS


def test_names_address_and_policy() -> None:
    root = parsed("ws_uby.wsdl")
    (address,) = root.iter(f"{{{PATHS['soap']}}}address")
    binding = "BasicHttpBinding_IWS_UBY"
    assert named(root, "wsdl:portType") == ["IWS_UBY"]
    assert named(root, "wsdl:binding") == [binding]
    assert named(root, "wsdl:service") == ["WS_UBY"]
    assert named(root, "wsdl:service/wsdl:port") == [binding]
    assert address.attrib["location"] == ADDRESS
    http = "{http://schemas.microsoft.com/ws/06/2004/policy/http}"
    security = "{http://schemas.xmlsoap.org/ws/2005/07/securitypolicy}"
    asserted = [node.tag for node in root.iterfind("wsp:Policy/*/wsp:All/*", PATHS)]
    assert asserted == [f"{http}NtlmAuthentication", f"{security}TransportBinding"]
    (token,) = root.iter(f"{security}HttpsToken")
    assert dict(token.attrib) == {"RequireClientCertificate": "false"}


def test_the_stamp_is_spelt_as_the_switch_says() -> None:
    printed = served("xsd2.xsd", stamp="PseudoRazirko").decode()
    assert printed.count("PseudoRazirko") == 1
    assert printed.replace("PseudoRazirko", "PseudoRazitko").encode() == served("xsd2.xsd")


@pytest.mark.parametrize("name", FILES)
def test_no_other_placeholder_and_no_comment_leaves_the_house(name: str) -> None:
    text = served(name).decode()
    assert [part[:9] for part in text.split("{")[1:] if not part[0].isdigit()] == []
    assert "<!--" not in text


# --- zeep, the client that nobody here wrote


def from_parts(asked: list[str] | None = None) -> Any:
    """A client made from ?wsdl and the schemas that it imports; `asked` collects the queries."""
    queries = [] if asked is None else asked

    def load(url: str) -> bytes:
        queries.append(url.removeprefix(f"{ADDRESS}?"))
        name = queries[-1].removeprefix("xsd=")
        return served("ws_uby.wsdl" if name == "wsdl" else f"{name}.xsd")

    transport = ZEEP.Transport()
    transport.load = load
    return ZEEP.Client(f"{ADDRESS}?wsdl", transport=transport)


def from_one_document() -> Any:
    return ZEEP.Client(BytesIO(etree.tostring(single_wsdl())))


def test_zeep_follows_the_imports() -> None:
    asked: list[str] = []
    from_parts(asked)
    assert sorted(asked) == ["wsdl", "xsd=xsd0", "xsd=xsd1", "xsd=xsd2", "xsd=xsd3"]


def test_the_single_wsdl_holds_the_same_schemas() -> None:
    inlined = single_wsdl().findall("wsdl:types/xs:schema", PATHS)
    namespaces = [node.attrib["targetNamespace"] for node in inlined]
    assert namespaces == [SERVICE, PRIMITIVES, DATA, ARRAYS]
    assert "schemaLocation" not in etree.tostring(single_wsdl(), encoding="unicode")
    messages = inlined[0].iterfind("xs:element", PATHS)
    assert {node.attrib["name"]: members(node) for node in messages} == MESSAGES


@pytest.mark.parametrize("load", [from_parts, from_one_document])
def test_zeep_writes_the_members_in_the_order_of_the_wire(load: Callable[[], Any]) -> None:
    client = load()
    order = {
        name: [part.partition("=")[0] for part in row.split()] for name, row in CLASSES.items()
    }
    day = "2025-11-01T00:00:00"
    guest = dict.fromkeys(reversed(order["Ubytovany"]), "x")
    guest |= {"cFrom": day, "cUntil": day, "cPurp": "99"}
    facility: dict[str, Any] = dict.fromkeys(reversed(order["SeznamUbytovanych"]), "x")
    facility |= {"VracetPDF": True, "Ubytovani": {"Ubytovany": [guest]}}
    header, body = client.create_message(
        client.service, "ZapisUbytovane", Seznam=facility, AutentificationCode="X"
    )
    assert [node.tag for node in body[0].iter()] == [
        f"{{{SERVICE}}}ZapisUbytovane",
        f"{{{SERVICE}}}AutentificationCode",
        f"{{{SERVICE}}}Seznam",
        f"{{{DATA}}}Ubytovani",
        f"{{{DATA}}}Ubytovany",
        *(f"{{{DATA}}}{name}" for name in order["Ubytovany"]),
        *(f"{{{DATA}}}{name}" for name in order["SeznamUbytovanych"][1:]),
    ]
    addressing = ["Action", "MessageID", "To"]
    assert [etree.QName(node).localname for node in header] == addressing
    assert [header[0].text, header[2].text] == [f"{SERVICE}/IWS_UBY/ZapisUbytovane", ADDRESS]


# --- documented messages against the schemas


def response(operation: str, result: str) -> str:
    return (
        f'<{operation}Response xmlns="{SERVICE}" xmlns:a="{DATA}" xmlns:b="{ARRAYS}">'
        f"<{operation}Result>{result}</{operation}Result></{operation}Response>"
    )


def row(*cells: str) -> str:
    names = [part.partition("=")[0] for part in CLASSES["CiselnikType"].split()]
    inside = "".join(f"<a:{n}>{cell}</a:{n}>" for n, cell in zip(names, cells, strict=True))
    return response("DejMiCiselnik", f"<a:CiselnikType>{inside}</a:CiselnikType>")


INFORM = "O podezření z chyby je nutno informovat uživatele, procedura pracuje dále"
LATE = ("0", "ERR_CZE_112", "Oznámeno pozdě", "", "", "", "INFORMACE", "0", INFORM)
HEADER_CODES = "<a:ChybyHlavicky>5;6;7;8;9;10;11;12;13;</a:ChybyHlavicky>"
RECORD_CODES = "<a:ChybyZaznamu><b:string>;112;106;</b:string></a:ChybyZaznamu>"
STAMP = "<a:{0}>F8EA613D-C8C5-4671-924D-EE4F8588E08D</a:{0}>"
AFG = ("104", "AF", "AFG", "", "", "Afghánská islámská republika", "Afghanistan", "Afghánistán", "")
EXAMPLES = {
    "5.1.1 factual errors": response("ZapisUbytovane", HEADER_CODES + RECORD_CODES),
    "5.1.4 stamp": response("ZapisUbytovane", HEADER_CODES + STAMP.format("PseudoRazitko")),
    "5.2": response("TestDostupnosti", "true"),
    "5.2 request": f'<TestDostupnosti xmlns="{SERVICE}" />',
    "5.3.1": row(*AFG),
    "5.3.1 request": f'<DejMiCiselnik xmlns="{SERVICE}"><CoChci>Staty</CoChci></DejMiCiselnik>',
    "5.3.2": row(*LATE),
    "5.3.3": row("0", "00", "", "", "", "00 - ZDRAVOTNÍ", "", "", ""),
    "5.4": response("MaximalniDelkaSeznamu", "32"),
}
WRONG = {
    "order": response("ZapisUbytovane", RECORD_CODES + HEADER_CODES),
    "namespace": response("ZapisUbytovane", HEADER_CODES.replace("a:", "")),
    "other stamp": response("ZapisUbytovane", STAMP.format("PseudoRazirko")),
    "number": response("MaximalniDelkaSeznamu", "many"),
    "code list": f'<DejMiCiselnik xmlns="{SERVICE}"><CoChci>staty</CoChci></DejMiCiselnik>',
}


@pytest.fixture(scope="module")
def schema_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("schemas")
    for name in FILES[1:]:
        text = served(name).decode()
        for imported in FILES[1:]:
            text = text.replace(f"{ADDRESS}?xsd={imported.removesuffix('.xsd')}", imported)
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize("name", FILES[1:])
def test_each_schema_compiles_in_lxml_and_in_xmlschema(schema_files: Path, name: str) -> None:
    etree.XMLSchema(etree.parse(schema_files / name))
    assert xmlschema.XMLSchema(schema_files / name).validity == "valid"


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        *(pytest.param(text, True, id=name) for name, text in EXAMPLES.items()),
        *(pytest.param(text, False, id=f"wrong {name}") for name, text in WRONG.items()),
    ],
)
def test_documented_messages_validate(schema_files: Path, text: str, valid: bool) -> None:
    judges = (
        etree.XMLSchema(etree.parse(schema_files / "xsd0.xsd")).validate(etree.fromstring(text)),
        xmlschema.XMLSchema(schema_files / "xsd0.xsd").is_valid(text),
    )
    assert judges == (valid, valid)


# --- error catalogue

ERRORS: dict[str, dict[str, Any]] = yaml.safe_load(read("errors.yaml"))
CERTAINTIES = ["reconstructed", "observed", "documented"]
OPTIONAL_INT = (int, type(None))
FIELDS: dict[str, tuple[type, ...]] = {
    "number": OPTIONAL_INT,
    **dict.fromkeys(["kind", "text"], (str,)),
    "severity": OPTIONAL_INT,
    **dict.fromkeys(["label", "instruction", "at"], (str,)),
    "book": (bool,),
    **dict.fromkeys(["faultcode", "faultcode_namespace"], (str,)),
    "status": OPTIONAL_INT,
    **dict.fromkeys(["variant_of", "about", "certainty"], (str,)),
    "evidence": (dict,),
    "source": (str,),
}
HEADER = {
    "name": "uName",
    "contact": "uCont",
    "district": "uOkr",
    "town": "uOb",
    "town_part": "uObCa",
    "street": "uStr",
    "house_number": "uHomN",
    "orientation_number": "uOriN",
    "postal_code": "uPsc",
}
# Key: number, severity, members.
NUMBERED = {
    "unl_extension_wrong": (1, 0, ""),
    "facility_wrong": (3, 6, "uIdub"),
    "abbreviation_wrong": (4, 6, "uMark"),
    **{f"header_{k}_wrong_legacy": (n, 0, at) for n, (k, at) in enumerate(HEADER.items(), 5)},
    "arrival_wrong": (101, 4, "cFrom"),
    "departure_wrong": (102, 4, "cUntil"),
    "surname_wrong": (103, 4, "cSurN"),
    "given_name_wrong": (104, 4, "cFirstN"),
    "birth_date_wrong": (105, 4, "cDate"),
    "document_number_wrong": (106, 4, "cDocN"),
    "nationality_wrong": (107, 4, "cNati"),
    "residence_wrong": (108, 4, "cResi"),
    "visa_number_wrong": (109, 4, "cVisN"),
    "purpose_wrong": (110, 4, "cPurp"),
    "note_wrong": (111, 1, "cNote"),
    "reported_late": (112, 0, "cFrom"),
    "duplicate": (150, 4, "cFrom cUntil cSurN cFirstN cDate cNati cDocN cPurp"),
    **{f"header_{k}_wrong": (n, 0, at) for n, (k, at) in enumerate(HEADER.items(), 205)},
}
CRASH: tuple[str, str, set[str]] = ("s:Chyba běhu programu", "", set())
ADDRESSING = "http://schemas.microsoft.com/ws/2005/05/addressing/none"
DISPATCHER = "http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher"
# Key: fault code, namespace of its prefix a, placeholders of the text.
FAULTS: dict[str, tuple[str, str, set[str]]] = {
    "guest_list_empty": CRASH,
    "guest_list_too_long": (CRASH[0], "", {"limit"}),
    "facility_refused": CRASH,
    "abbreviation_refused": CRASH,
    "authentication_code_empty": CRASH,
    "backend_crash": CRASH,
    "null_reference": CRASH,
    "action_not_supported": ("a:ActionNotSupported", ADDRESSING, {"action"}),
    "deserialization_failed": ("a:DeserializationFailed", DISPATCHER, {"parameter", "inner"}),
    "must_understand": ("s:MustUnderstand", "", {"name", "namespace"}),
    "internal_service_fault": ("a:InternalServiceFault", DISPATCHER, set()),
}
HTTP = {
    "bad_request": 400,
    "unauthorized": 401,
    "not_found": 404,
    "method_not_allowed": 405,
    "message_too_large": 413,
    "unsupported_media_type": 415,
}


def of_kind(*kinds: str) -> dict[str, dict[str, Any]]:
    return {key: entry for key, entry in ERRORS.items() if entry["kind"] in kinds}


def placeholders(entry: dict[str, Any]) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(entry["text"]) if name is not None}


def test_the_catalogue_has_these_entries_in_this_order() -> None:
    assert list(ERRORS) == [*NUMBERED, *FAULTS, *HTTP]


@pytest.mark.parametrize("key", ERRORS)
def test_an_entry_has_the_fields_of_the_schema(key: str) -> None:
    entry = dict(ERRORS[key])
    emulated, why = entry.pop("emulated", True), entry.pop("why", "")
    assert emulated is not bool(why)
    assert list(entry) == list(FIELDS)
    wrong = {name: value for name, value in entry.items() if type(value) not in FIELDS[name]}
    assert wrong == {}
    assert all(entry[name].strip() for name in ("text", "about", "source"))


@pytest.mark.parametrize("key", ERRORS)
def test_an_entry_says_how_certain_each_part_is(key: str) -> None:
    evidence = dict(ERRORS[key]["evidence"])
    severity = evidence.pop("severity")
    assert list(evidence) == ["code", "text", "rule"]
    assert set(evidence.values()) <= set(CERTAINTIES)
    assert severity in (CERTAINTIES if ERRORS[key]["severity"] is not None else [None])
    weakest = min(evidence["code"], evidence["rule"], key=CERTAINTIES.index)
    assert ERRORS[key]["certainty"] == weakest


def test_numbers_severities_and_members() -> None:
    found = of_kind("file", "header", "record")
    columns = ("number", "severity", "at")
    assert {key: tuple(entry[c] for c in columns) for key, entry in found.items()} == NUMBERED
    numbers = [entry["number"] for entry in ERRORS.values() if entry["number"] is not None]
    assert numbers == sorted(set(numbers))
    in_book = [key for key, entry in ERRORS.items() if entry["book"]]
    assert in_book == list(NUMBERED)


def test_only_information_has_a_known_label_and_instruction() -> None:
    found = {(e["severity"], e["label"], e["instruction"]) for e in ERRORS.values() if e["book"]}
    assert found == {(0, "INFORMACE", INFORM), (1, "", ""), (4, "", ""), (6, "", "")}


def test_documented_row_of_the_book() -> None:
    late = ERRORS["reported_late"]
    code = f"ERR_CZE_{late['number']:03}"
    columns = [late["label"], str(late["severity"]), late["instruction"]]
    assert ("0", code, late["text"], "", "", "", *columns) == LATE


def test_legacy_numbers_are_variants_of_the_current_ones() -> None:
    variants = {key: entry["variant_of"] for key, entry in ERRORS.items() if entry["variant_of"]}
    assert variants == {f"header_{k}_wrong_legacy": f"header_{k}_wrong" for k in HEADER}
    same = ("kind", "text", "severity", "label", "instruction", "at")
    for legacy, current in variants.items():
        assert [ERRORS[legacy][f] for f in same] == [ERRORS[current][f] for f in same]


def test_everything_can_be_triggered() -> None:
    idle = [key for key, entry in ERRORS.items() if not entry.get("emulated", True)]
    assert idle == []


def test_faults() -> None:
    found = of_kind("fault")
    assert {
        key: (entry["faultcode"], entry["faultcode_namespace"], placeholders(entry))
        for key, entry in found.items()
    } == FAULTS
    assert {entry["status"] for entry in found.values()} == {500}


def test_http_answers() -> None:
    assert {key: entry["status"] for key, entry in of_kind("http").items()} == HTTP
    with_placeholder = {key: placeholders(entry) for key, entry in of_kind("http").items()}
    assert with_placeholder == {key: set() for key in HTTP} | {
        "unsupported_media_type": {"content_type"}
    }


def test_numbered_entries_have_nothing_of_a_fault() -> None:
    found = of_kind("file", "header", "record")
    assert {(e["status"], e["faultcode"], *placeholders(e)) for e in found.values()} == {(None, "")}


FRAMEWORK_TEXTS = {
    "backend_crash": (
        "Server was unable to process request. ---> Length cannot be less than zero.\n"
        "Parameter name: length"
    ),
    "null_reference": (
        "Server was unable to process request. --->"
        " Object reference not set to an instance of an object."
    ),
    "action_not_supported": (
        "The message with Action '{action}' cannot be processed at the receiver, due to a"
        " ContractFilter mismatch at the EndpointDispatcher. This may be because of either a"
        " contract mismatch (mismatched Actions between sender and receiver) or a binding/security"
        " mismatch between the sender and the receiver.  Check that sender and receiver have the"
        " same contract and the same binding (including security requirements, e.g. Message,"
        " Transport, None)."
    ),
    "deserialization_failed": (
        "The formatter threw an exception while trying to deserialize the message: There was an"
        " error while trying to deserialize parameter http://UBY.pcr.cz/WS_UBY:{parameter}. The"
        " InnerException message was '{inner}'.  Please see InnerException for more details."
    ),
    "must_understand": (
        "The header '{name}' from the namespace '{namespace}' was not understood by the recipient"
        " of this message, causing the message to not be processed.  This error typically"
        " indicates that the sender of this message has enabled a communication protocol that the"
        " receiver cannot process.  Please ensure that the configuration of the client's binding"
        " is consistent with the service's binding. "
    ),
    "internal_service_fault": (
        "The server was unable to process the request due to an internal error.  For more"
        " information about the error, either turn on IncludeExceptionDetailInFaults (either from"
        " ServiceBehaviorAttribute or from the <serviceDebug> configuration behavior) on the"
        " server in order to send the exception information back to the client, or turn on tracing"
        " as per the Microsoft .NET Framework SDK documentation and inspect the server trace logs."
    ),
    "unsupported_media_type": (
        "Cannot process the message because the content type '{content_type}'"
        " was not the expected type 'text/xml; charset=utf-8'."
    ),
}


@pytest.mark.parametrize("key", FRAMEWORK_TEXTS)
def test_texts_of_the_framework_keep_their_spaces_and_line_ends(key: str) -> None:
    assert ERRORS[key]["text"] == FRAMEWORK_TEXTS[key]


# --- code lists


def rows_of(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(read(f"codelists/{name}.csv").splitlines()))


COUNTRIES = rows_of("countries")
PURPOSES = rows_of("purposes")
LETTERS = " abcčdefgh\0ijklmnopqrřsštuvwxyzž"


OFFERED = """
AFG UNA ALA ALB DZA ASM VIR AND AGO AIA ATG ARG ARM ABW AUS AZE BHS BHR BGD BRB BEL BLZ BLR BEN
BMU BTN BOL BES BIH BWA BVT BRA IOT VGB BRN BGR BFA BDI COK CUW TCD MNE CHN DNK COD DMA DOM DJI
EGY ECU ERI EST ETH FRO FLK FJI PHL FIN FRA GUF ATF PYF GAB GMB GHA GIB GRD GRL GEO GLP GUM GTM
GGY XGG GIN GNB GUY HTI HMD HND HKG CHL HRV IND IDN IRQ IRN IRL ISL ITA ISR JAM JPN YEM JEY ZAF
SGS SSD JOR CYM KHM CMR CAN CPV QAT KAZ KEN KIR CCK COL COM COG PRK KOR XXK CRI CUB KWT CYP KGZ
LAO LSO LBN LBR LBY LIE LTU LVA LUX MAC MDG HUN MKD MYS MWI MDV MLI MLT IMN MAR MHL MTQ MUS MRT
MYT UMI MEX FSM MDA MCO MNG MSR MOZ MMR NAM NRU DEU NPL NER NGA NIC NIU NLD NFK NOR NCL NZL OMN
UNO XXA PAK PLW PSE PAN PNG PRY PER PCN CIV POL PRI PRT AUT REU GNQ ROU RUS RWA XMR GRC SPM SLV
WSM SMR SAU SEN MNP SYC SLE SGP SVK SVN SOM ARE USA SRB CAF SDN SUR SHN LCA BLM KNA MAF SXM STP
VCT SWZ YUG SYR SLB ESP SJM LKA SWE CHE TJK TZA THA TWN TGO TKL TON TTO TUN TUR TKM TCA TUV UGA
UKR XXB XXC URY UZB CXR VUT VAT GBR VEN VNM TLS WLF ZMB ESH ZWE
"""


def czech_order(name: str) -> list[int]:
    """Czech collation down to the letter; "ch", here a zero, follows "h", accents do not count."""
    folded = (
        letter if letter in LETTERS else unicodedata.normalize("NFD", letter)[0]
        for letter in name.lower().replace("ch", "\0")
    )
    return [LETTERS.find(letter) for letter in folded]


def test_columns_of_the_code_lists() -> None:
    validity = ["valid_from", "valid_to", "in_service", "certainty", "source"]
    names = ["code", "alpha2", "id", "text", "short_text", "english_text"]
    assert list(COUNTRIES[0]) == names + validity
    assert list(PURPOSES[0]) == ["code", "text", *validity]
    rows = COUNTRIES + PURPOSES
    assert {r["certainty"] for r in rows} == set(CERTAINTIES)
    assert {(r["valid_from"], r["valid_to"]) for r in rows} == {("", "")}
    assert all(r["source"] for r in rows)


def test_countries_offered_by_the_service() -> None:
    offered = [r["code"] for r in COUNTRIES if r["in_service"] == "1"]
    withheld = {r["code"] for r in COUNTRIES if r["in_service"] == "0"}
    assert offered == OFFERED.split()
    assert (len(COUNTRIES), len(offered), len(set(offered))) == (258, 256, 256)
    assert withheld == {"ATA", "XEU"}
    assert (offered[0], offered[-1]) == ("AFG", "ZWE")
    assert {"CZE", "D", "UK", "XXX", "SCG"}.isdisjoint(offered)


def test_countries_are_sorted_by_their_czech_short_name() -> None:
    keys = [czech_order(r["short_text"]) for r in COUNTRIES]
    assert keys == sorted(keys)


def test_documented_country() -> None:
    (first,) = (r for r in COUNTRIES if r["code"] == "AFG")
    cells = [first[c] for c in ("id", "alpha2", "code", "valid_to", "valid_from")]
    texts = [first[c] for c in ("text", "english_text", "short_text")]
    assert (*cells, *texts, "") == AFG


def test_known_second_codes_and_identifiers() -> None:
    known = {
        r["code"]: (r["alpha2"], r["id"], r["certainty"])
        for r in COUNTRIES
        if r["alpha2"] or r["id"] or r["certainty"] != "observed"
    }
    assert known == {
        "AFG": ("AF", "104", "documented"),
        "GNQ": ("GE", "", "observed"),
        "KNA": ("SK", "", "observed"),
        "SLB": ("SI", "", "observed"),
        "ZWE": ("ZW", "241", "documented"),
    }


def test_odd_wording_is_kept_verbatim() -> None:
    columns = ("text", "english_text")
    odd = {
        r["code"]: tuple(r[c] for c in columns)
        for r in COUNTRIES
        if any(r[c] != " ".join(r[c].split()) or "__" in r[c] for c in columns)
    }
    assert odd == {
        "CCK": ("Území Kokosové (Keelingovy) ostrovy", "Cocos  (Keeling) Islands(the)"),
        "KOR": ("Korejská  republika", "Korea (the Republic of)"),
        "MAF": ("Společenství Svatý Martin ", "Saint Martin (French part)"),
        "MMR": ("Republika Myanmarský svaz ", "Myanmar"),
        "MWI": ("Malawská republika ", "Malawi"),
        "XMR": ("Řád Maltézských Rytířů", "__4___"),
        "XXB": ("uprchlík dle konvence  1951", "refugee - Convention 1951"),
        "YUG": ("Svazová republika Jugoslávie", "__5___"),
    }


def test_purposes() -> None:
    assert {r["code"]: (r["text"], r["certainty"]) for r in PURPOSES} == {
        "00": ("00 - ZDRAVOTNÍ", "documented"),
        "01": ("01 - OBCHODNÍ (služební cesty)", "reconstructed"),
        "02": ("02 - KULTURNÍ", "observed"),
        "03": ("03 - NÁVŠTĚVA RODINY NEBO PŘÁTEL", "observed"),
        "04": ("04 - POZVÁNÍ", "observed"),
        "05": ("05 - OFICIÁLNÍ (POLITICKÝ)", "observed"),
        "06": ("06 - PODNIKÁNÍ - OSVČ", "reconstructed"),
        "07": ("07 - SPORTOVNÍ", "observed"),
        "10": ("10 - TURISTIKA", "observed"),
        "11": ("11 - STUDIUM (ŠKOLENÍ, STÁŽ)", "reconstructed"),
        "12": ("12 - TRANZIT (průjezd)", "observed"),
        "13": ("13 - LETIŠTNÍ TRANZIT (letištní průjezd)", "reconstructed"),
        "27": ("27 - ZAMĚSTNÁNÍ", "observed"),
        "38": ("38 - ZÁCVIK", "observed"),
        "52": ("52 - SEZÓNNÍ ZAMĚSTNÁNÍ", "observed"),
        "93": ("93 - TZV. ADS vízum udělované občanu Číny", "documented"),
        "99": ("99 - OSTATNÍ / JINÉ", "documented"),
    }
    assert {r["in_service"] for r in PURPOSES} == {"1"}
