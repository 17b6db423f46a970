"""Holds an answer of Ubyport against the contract's schemas, by two validators."""

import tempfile
from functools import cache
from pathlib import Path

import xmlschema
from lxml import etree

from podatelna.kernel.contract import Contract

SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
OPENING = b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
CLOSING = b"</s:Body></s:Envelope>"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
STAMP, ODD_STAMP = "PseudoRazitko", "PseudoRazirko"
"""The two spellings of one member: the schema has the one that its sandbox is set to."""


def hold_to_contract(message: bytes) -> None:
    """Fail unless this is an envelope with one answer that the schemas declare, or with a fault.

    SOAP's own schema cannot judge the faults: the agency's code has spaces in it. As WCF frames
    them, messages have no XML declaration, no Header and nothing between the elements.
    """
    assert message.startswith(OPENING), f"{message[:90]!r} is no envelope of WCF"
    assert message.endswith(CLOSING), f"{message[-90:]!r} is no end of one"
    root = etree.fromstring(message)
    assert not any(each.tail for each in root.iter()), "there is text between the elements"
    assert [root.tag, *(part.tag for part in root)] == [f"{SOAP}Envelope", f"{SOAP}Body"]
    [payload] = root[0]
    if payload.tag == f"{SOAP}Fault":
        _hold_fault(payload)
        return
    by_lxml, by_xmlschema = _schemas(ODD_STAMP if ODD_STAMP.encode() in message else STAMP)
    by_lxml.assertValid(payload)
    by_xmlschema.validate(payload)


def _hold_fault(fault: etree._Element) -> None:
    assert [part.tag for part in fault] == ["faultcode", "faultstring"]
    code, text = fault
    assert code.items() == []
    assert text.items() == [(LANG, "cs-CZ")]
    prefix, _, name = (code.text or "").partition(":")
    assert prefix in code.nsmap, f"the prefix of {code.text} is bound to nothing"
    assert name
    assert text.text


@cache
def _schemas(stamp: str) -> tuple[etree.XMLSchema, xmlschema.XMLSchema10]:
    contract = Contract("ubyport")
    with tempfile.TemporaryDirectory() as folder:
        for part in ("xsd0", "xsd1", "xsd2", "xsd3"):
            text = contract.text(f"{part}.xsd").replace("{address}?xsd=", "")
            Path(folder, part).write_text(text.replace("{stamp}", stamp), "utf-8")
        start = Path(folder, "xsd0")
        return etree.XMLSchema(etree.parse(start)), xmlschema.XMLSchema10(start)
