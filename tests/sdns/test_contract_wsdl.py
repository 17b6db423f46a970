"""WSDLs of SDNS against tables typed out."""

from io import BytesIO
from typing import Any

import pytest
import zeep
from lxml import etree

from podatelna.kernel.contract import Contract

CONTRACT = Contract("sdns")
# zeep declares itself typed, but its constructors are not.
ZEEP: Any = zeep
WSDL = "http://schemas.xmlsoap.org/wsdl/"
SOAP = "http://schemas.xmlsoap.org/wsdl/soap/"
MIME = "http://schemas.xmlsoap.org/wsdl/mime/"
XSD = "http://www.w3.org/2001/XMLSchema"
PATHS = {"w": WSDL, "s": SOAP, "m": MIME, "x": XSD}
SHORT = {WSDL: "", SOAP: "soap:", MIME: "mime:", XSD: "xsd:"}
ENCODING = "http://schemas.xmlsoap.org/soap/encoding/"
RUNTIME = "urn:com-ness-cz-ewiautom-wsimpl-IZaslaniDat"


def content(name: str) -> bytes:
    return (CONTRACT.folder / name).read_bytes()


def parsed(name: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    return etree.fromstring(content(name), parser)


def outline(node: Any, depth: int = 0) -> list[str]:
    """Elements in order with their attributes, by depth; texts are left out."""
    name = etree.QName(node)
    words = [f"{SHORT[str(name.namespace)]}{name.localname}"]
    words += [f'{key}="{value}"' for key, value in sorted(node.attrib.items())]
    lines = ["  " * depth + " ".join(words)]
    return lines + [line for child in node for line in outline(child, depth + 1)]


TYPES = """
  types
    xsd:schema targetNamespace="http://com.ness.cz.ewiautom.wsimpl/IZaslaniDat.xsd"
"""
RUN = f"""
definitions name="IZaslaniDat" targetNamespace="http://com.ness.cz.ewiautom.wsimpl/IZaslaniDat.wsdl"
  documentation
{TYPES.strip(chr(10))}
  message name="loadDataOutput"
    part name="return" type="xsd:string"
  message name="loadDataInput"
    part name="param0" type="xsd:string"
    part name="param1" type="xsd:string"
    part name="param2" type="xsd:string"
    part name="param3" type="xsd:string"
    part name="param4" type="xsd:string"
    part name="param5" type="xsd:base64Binary"
    part name="param6" type="xsd:string"
    part name="param7" type="xsd:string"
  portType name="IZaslaniDatPortType"
    operation name="loadData"
      input message="tns:loadDataInput"
      output message="tns:loadDataOutput"
  binding name="IZaslaniDatBinding" type="tns:IZaslaniDatPortType"
    soap:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"
    operation name="loadData"
      soap:operation soapAction="{RUNTIME}/loadData"
      input
        soap:body encodingStyle="{ENCODING}" namespace="{RUNTIME}" use="encoded"
      output
        soap:body encodingStyle="{ENCODING}" namespace="{RUNTIME}" use="encoded"
  service name="IZaslaniDat"
    port binding="tns:IZaslaniDatBinding" name="IZaslaniDatPort"
      soap:address location="{{address}}"
"""
NAMED = f"""
definitions name="ZaslaniDat" targetNamespace="https://wsn.cnb.cz/ewi-ws/ZaslaniDat.wsdl"
{TYPES.strip(chr(10))}
  message name="loadData0Request"
    part name="filename" type="xsd:string"
    part name="username" type="xsd:string"
    part name="password" type="xsd:string"
    part name="zipmethod" type="xsd:string"
    part name="signaturemethod" type="xsd:string"
    part name="inputdata" type="xsd:base64Binary"
    part name="language" type="xsd:string"
    part name="country" type="xsd:string"
  message name="loadData0Response"
    part name="return" type="xsd:string"
  portType name="DataLoaderPortType"
    operation name="loadData"
      input message="tns:loadData0Request" name="loadData0Request"
      output message="tns:loadData0Response" name="loadData0Response"
  binding name="DataLoaderBinding" type="tns:DataLoaderPortType"
    soap:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"
    operation name="loadData"
      soap:operation soapAction="" style="rpc"
      input name="loadData0Request"
        soap:body encodingStyle="{ENCODING}" namespace="ZaslaniDat" use="encoded"
      output name="loadData0Response"
        soap:body encodingStyle="{ENCODING}" namespace="ZaslaniDat" use="encoded"
  service name="ZaslaniDat"
    port binding="tns:DataLoaderBinding" name="DataLoaderPort"
      soap:address location="{{address}}"
"""
LITERAL = (
    NAMED.replace(f'encodingStyle="{ENCODING}" ', "")
    .replace('use="encoded"', 'use="literal"')
    .replace(
        "https://wsn.cnb.cz/ewi-ws/ZaslaniDat.wsdl", "urn:podatelna:sdns:ZaslaniDat.rpcliteral"
    )
    .replace("\n  types", "\n  documentation\n  types")
)


def multipart(direction: str, name: str, part: str) -> str:
    # The encodingStyle has no slash at its end, and mime elements have a namespace.
    return f"""
      {direction} name="{name}"
        mime:multipartRelated namespace="EwiQueryWS"
          mime:part namespace="EwiQueryWS"
            soap:body encodingStyle="{ENCODING[:-1]}" namespace="EwiQueryWS" use="encoded"
          mime:part
            mime:content namespace="EwiQueryWS" part="{part}" type="application/octet-stream"
""".strip("\n")


QUERY = f"""
definitions name="EwiQueryWS" targetNamespace="http://ness/ewi/ws/EwiQueryWS.wsdl"
  types
    xsd:schema targetNamespace="http://ness.ewi.ws/IWSMain.xsd"
  message name="getParams0Request"
    part name="queryType" type="xsd:string"
  message name="getParams0Response"
    part name="return" type="xsd:base64Binary"
  message name="performQuery1Request"
    part name="queryType" type="xsd:string"
    part name="xmlParam" type="xsd:base64Binary"
  message name="performQuery1Response"
    part name="return" type="xsd:base64Binary"
  portType name="WSMainPortType"
    operation name="getParams"
      input message="tns:getParams0Request" name="getParams0Request"
      output message="tns:getParams0Response" name="getParams0Response"
    operation name="performQuery"
      input message="tns:performQuery1Request" name="performQuery1Request"
      output message="tns:performQuery1Response" name="performQuery1Response"
  binding name="WSMainBinding" type="tns:WSMainPortType"
    soap:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"
    operation name="getParams"
      soap:operation soapAction="" style="rpc"
      input name="getParams0Request"
        soap:body encodingStyle="{ENCODING}" namespace="EwiQueryWS" use="encoded"
{multipart("output", "getParams0Response", "return")}
    operation name="performQuery"
      soap:operation soapAction="" style="rpc"
{multipart("input", "performQuery1Request", "xmlParam")}
{multipart("output", "performQuery1Response", "return")}
  service name="EwiQueryWS"
    port binding="tns:WSMainBinding" name="WSMainPortType"
      soap:address location="{{address}}"
"""


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("zaslanidat-runtime.wsdl", RUN),
        ("zaslanidat-designtime.wsdl", NAMED),
        ("zaslanidat-rpcliteral.wsdl", LITERAL),
        ("ewiquery.wsdl", QUERY),
    ],
)
def test_structure_of_a_wsdl(name: str, printed: str) -> None:
    root = parsed(name)
    assert outline(root) == printed.strip("\n").splitlines()
    # tns and xsd stand in values, so it matters what they are bound to.
    assert root.nsmap["tns"] == root.get("targetNamespace")
    assert root.nsmap["xsd"] == XSD
    assert content(name).count(b"{address}") == 1


def test_service_file_says_the_same_as_the_wsdls() -> None:
    for kind, action in CONTRACT.constant("soap_actions_load").items():
        root = parsed(f"zaslanidat-{kind}.wsdl")
        assert root.xpath("string(//s:operation/@soapAction)", namespaces=PATHS) == action
        spaces = set(root.xpath("//s:body/@namespace", namespaces=PATHS))
        assert spaces == {CONTRACT.constant("namespaces_load")[kind]}
        assert root.get("targetNamespace") == CONTRACT.constant("targets_load")[kind]
        types = root.xpath("string(//x:schema/@targetNamespace)", namespaces=PATHS)
        assert types == CONTRACT.constant("types_load")
    parts = "//w:message[w:part[8]]/w:part/@name"
    for kind, name in [("runtime", "parameters_load_runtime"), ("designtime", "parameters_load")]:
        found = parsed(f"zaslanidat-{kind}.wsdl").xpath(parts, namespaces=PATHS)
        assert found == CONTRACT.constant(name)
    root = parsed("ewiquery.wsdl")
    for method, parameters in CONTRACT.constant("methods_query").items():
        found = root.xpath(
            f"//w:message[starts-with(@name, '{method}') and contains(@name, 'Request')]"
            "/w:part/@name",
            namespaces=PATHS,
        )
        assert found == parameters


def test_a_generator_can_use_the_literal_description() -> None:
    address = "https://apl.cnb.cz:443/ewi-ws/ZaslaniDat"
    served = content("zaslanidat-rpcliteral.wsdl").replace(b"{address}", address.encode())
    client = ZEEP.Client(BytesIO(served))
    values = dict.fromkeys(CONTRACT.constant("parameters_load"), "x") | {"inputdata": b"<VYDANI/>"}
    [call] = client.create_message(client.service, "loadData", **values)[0]
    assert call.tag == "{ZaslaniDat}loadData"
    assert [part.tag for part in call] == CONTRACT.constant("parameters_load")
    assert call.findtext("inputdata") == "PFZZREFOSS8+"
    assert not any(part.attrib for part in call.iter())
