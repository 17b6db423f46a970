"""What a WCF service says of itself: the help page, the WSDL, its schemas."""

import re
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from podatelna.kernel.contract import Contract

PARTS = ("xsd0", "xsd1", "xsd2", "xsd3")
XML = "text/xml; charset=UTF-8"
HTML = "text/html; charset=UTF-8"
"""As WCF's metadata extension spells them; messages have the charset in lower case."""

_BEGINNINGS = ("wsdl", "singlewsdl", "xsd", "disco")
_IMPORTS = re.compile(r"<wsdl:types>.*?</wsdl:types>", re.DOTALL)
_LOCATION = re.compile(r' schemaLocation="[^"]*"')
_DECLARATION = re.compile(r"^<\?xml[^>]*\?>\s*")

_HELP = """<HTML lang="en"><HEAD><link rel="alternate" type="text/xml" href="{address}?disco"/>\
<TITLE>WS_UBY Service</TITLE></HEAD><BODY><DIV id="content"><P class="heading1">WS_UBY Service</P>
<P class="intro">You have created a service.<P class='intro'>To test this service, you will need \
to create a client and use it to call the service. You can do this using the svcutil.exe tool from \
the command line with the following syntax:</P></P>
<PRE>svcutil.exe <A HREF="{address}?wsdl">{address}?wsdl</A></PRE>
<P class="intro">You can also access the service description as a single file:</P>
<PRE><A HREF="{address}?singleWsdl">{address}?singleWsdl</A></PRE></DIV></BODY></HTML>
"""

_DISCO = """<?xml version="1.0" encoding="utf-8"?><discovery \
xmlns="http://schemas.xmlsoap.org/disco/"><contractRef ref="{address}?wsdl" docRef="{address}" \
xmlns="http://schemas.xmlsoap.org/disco/scl/" /></discovery>"""


@dataclass(frozen=True, slots=True)
class Page:
    """A document of the service and its media type."""

    body: bytes
    content_type: str


def page(contract: Contract, query: str, address: str, stamp: str) -> Page:
    """The page for a query string. Whatever names no document gets the help page, as from WCF.

    `address` is the URL under which the caller reached the service: clients configure themselves
    from it. `stamp` is the spelling of the member that two documents spell differently.
    """
    text = _metadata(contract, _asked(query))
    if text is None:
        return Page(_HELP.format(address=escape(address)).encode(), HTML)
    filled = text.replace("{address}", escape(address)).replace("{stamp}", stamp)
    return Page(filled.encode(), XML)


def _asked(query: str) -> str:
    """The last part that begins as the name of a document does, in any case of letters."""
    parts = [part for part in query.lower().split("&") if part.startswith(_BEGINNINGS)]
    return parts[-1] if parts else ""


@lru_cache(maxsize=16)
def _metadata(contract: Contract, asked: str) -> str | None:
    if asked == "wsdl":
        return contract.text("ws_uby.wsdl")
    if asked == "singlewsdl":
        return _single(contract)
    if asked == "disco":
        return _DISCO
    part = asked.removeprefix("xsd=")
    return contract.text(f"{part}.xsd") if part in PARTS else None


def _single(contract: Contract) -> str:
    """The WSDL with its schemas in place of the imports, as .NET 4.5 and later write it."""
    schemas = "".join(
        _LOCATION.sub("", _DECLARATION.sub("", contract.text(f"{part}.xsd"))) for part in PARTS
    )
    types = f"<wsdl:types>{schemas}</wsdl:types>"
    return _IMPORTS.sub(lambda _: types, contract.text("ws_uby.wsdl"), count=1)
