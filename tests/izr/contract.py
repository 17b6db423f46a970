"""The contract of the IZR as tests read it: with plain libraries, and put together as served."""

import csv
from typing import Any

import xmlschema
import yaml
from lxml import etree

from podatelna.kernel.resources import resource

CERTAINTIES = ["reconstructed", "observed", "documented"]
ADDRESS = "https://epomze.gov.cz/ssl/nosso-app/EPO/WS/v2Online/vOKOsrv.ashx"
XSD = "http://www.w3.org/2001/XMLSchema"
VOKO = "http://www.pds.eu/vOKO/v0200"
WSS = "http://www.pds.eu/vOKO/v0200/wss"
PATHS = {
    "wsdl": "http://schemas.xmlsoap.org/wsdl/",
    "soap": "http://schemas.xmlsoap.org/wsdl/soap/",
    "mze": "http://www.mze.cz/ESBServer/1.0",
    "xs": XSD,
    "v": VOKO,
}


def read(name: str) -> str:
    return resource("contracts", f"izr/{name}").read_text("utf-8")


def rows_of(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(read(f"codelists/{name}.csv").splitlines()))


SOURCES = read("SOURCES.md")
SERVICE = yaml.safe_load(read("service.yaml"))
CONSTANTS: dict[str, dict[str, Any]] = SERVICE["constants"]
SETTINGS: dict[str, dict[str, Any]] = SERVICE["settings"]
ERRORS: dict[str, dict[str, Any]] = yaml.safe_load(read("errors.yaml"))
MAILS: dict[str, dict[str, str]] = yaml.safe_load(read("mail.yaml"))
COLUMNS = {
    "animal_data": "elements name_cs",
    "code_lists": "file name_cs",
    "colours": "name_cs name_en",
    "elements": "occurs type restriction",
    "event_codes": "name_cs name_en effect sex_tur sex_ovc_koz cancels",
    "holding_states": "name_cs name_en",
    "holding_types": "name_cs name_en",
    "regions": "name_cs",
    "services": "access name_cs result model",
    "sexes": "word name_cs name_en",
    "species": "name_cs name_en temporary_holding in_schemas",
    "synonyms": "service parent name canonical",
}
LISTS = {name: rows_of(name) for name in COLUMNS}
ACCESS = {row["code"]: row["access"] for row in LISTS["services"]}


def served(name: str, service: str) -> bytes:
    """A file as the gateway sends it, for one service."""
    words = {
        "{service}": service,
        "{address}": ADDRESS,
        "{namespace}": f"http://www.pds.eu/{service}",
        "{uidkey}": "1" if ACCESS[service] == "PF" else "0",
        "{result_element}": SETTINGS["result_element_odh01b"]["value"],
    }
    text = read(name)
    for word, value in words.items():
        text = text.replace(word, value)
    return text.encode()


def parsed(name: str, service: str) -> Any:
    return etree.fromstring(served(name, service))


def payload(service: str) -> Any:
    return parsed(f"payload/{service}.xsd", service)


def wsdl(service: str) -> Any:
    """The WSDL of a service, put together as SOURCES.md says."""
    definitions = parsed("service.wsdl", service)
    (types,) = definitions.iterfind("wsdl:types", PATHS)
    types.extend([parsed("envelope.xsd", service), payload(service)])
    return definitions


def schema(service: str) -> Any:
    """Envelope and payload as one schema."""
    return xmlschema.XMLSchema10(
        [
            served("envelope.xsd", service).decode(),
            served(f"payload/{service}.xsd", service).decode(),
        ]
    )
