"""Messages to Ubyport by hand, so that they can be wrong in every way; answers taken apart."""

import re
from collections.abc import Mapping
from html import unescape
from xml.sax.saxutils import escape

import requests

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
SERVICE = "http://UBY.pcr.cz/WS_UBY"
CLASSES = "http://schemas.datacontract.org/2004/07/WS_UBY"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

Members = Mapping[str, str | None]
"""Text by name, in the order to be written; None is nil."""

GUEST: Members = {
    "cDate": "01021975",
    "cDocN": "EA123456",
    "cFirstN": "ANNA",
    "cFrom": "2026-03-03T00:00:00",
    "cNati": "SVK",
    "cNote": None,
    "cPlac": None,
    "cPurp": "10",
    "cResi": None,
    "cSpz": None,
    "cSurN": "VZOROVÁ",
    "cUntil": "2026-03-06T00:00:00",
    "cVisN": None,
}
"""A guest with no finding, in wire order."""
PRODUCTION: Members = {
    "uCont": "recepce@kocour.example",
    "uHomN": "1234",
    "uIdub": "100227887600",
    "uMark": "CZGFW",
    "uName": "Penzion U Modrého kocoura",
    "uOb": "Praha",
    "uObCa": "Nové Město",
    "uOkr": "Praha",
    "uOriN": "20",
    "uPsc": "11000",
    "uStr": "Ukázková",
}
"""The header of the default world's first facility, with no finding and in wire order."""
TRIAL: Members = {
    "uCont": "vyvoj@zkusebna.example",
    "uHomN": "50",
    "uIdub": "2016201258899",
    "uMark": "AAKLI",
    "uName": "TEST WS - Zkušebna s.r.o.",
    "uOb": "Praha",
    "uObCa": "Karlín",
    "uOkr": "Praha",
    "uOriN": "2a",
    "uPsc": "18600",
    "uStr": "Zkušební",
}
"""The same of the first facility at the test address."""


def envelope(payload: str, header: str = "") -> str:
    """A SOAP 1.1 message; `header` is what stands inside s:Header."""
    head = f"<s:Header>{header}</s:Header>" if header else ""
    return f'<s:Envelope xmlns:s="{SOAP}">{head}<s:Body>{payload}</s:Body></s:Envelope>'


def call(operation: str, parameters: str = "") -> str:
    """A message to an operation with its parameters' elements."""
    return envelope(f'<{operation} xmlns="{SERVICE}">{parameters}</{operation}>')


def written(members: Members) -> str:
    return "".join(
        f'<d:{name} i:nil="true"/>' if text is None else f"<d:{name}>{escape(text)}</d:{name}>"
        for name, text in members.items()
    )


def guest(**changed: str | None) -> str:
    """A guest's element."""
    return f"<d:Ubytovany>{written({**GUEST, **changed})}</d:Ubytovany>"


def batch(guests: str, *, pdf: str = "", header: Members = PRODUCTION) -> str:
    """The element Seznam, whole; `pdf` is the text of VracetPDF, which is left out if empty."""
    wish = f"<d:VracetPDF>{pdf}</d:VracetPDF>" if pdf else ""
    return (
        f'<Seznam xmlns:d="{CLASSES}" xmlns:i="{XSI}">'
        f"<d:Ubytovani>{guests}</d:Ubytovani>{wish}{written(header)}</Seznam>"
    )


def filing(*guests: str, pdf: str = "", header: Members = PRODUCTION) -> str:
    """A message that files guests, as `guest` writes them."""
    return call("ZapisUbytovane", batch("".join(guests), pdf=pdf, header=header))


def fault(code: str, text: str, namespace: str = "") -> str:
    """The whole message of a fault, as WCF writes it."""
    scope = f' xmlns:{code.partition(":")[0]}="{namespace}"' if namespace else ""
    return (
        f'<s:Envelope xmlns:s="{SOAP}"><s:Body><s:Fault><faultcode{scope}>{code}</faultcode>'
        f'<faultstring xml:lang="cs-CZ">{escape(text)}</faultstring></s:Fault></s:Body>'
        "</s:Envelope>"
    )


def bare(answer: requests.Response) -> tuple[int, bytes, Mapping[str, str]]:
    """Status, body, and headers but for the length, which is checked here."""
    headers = dict(answer.headers)
    assert headers.pop("Content-Length") == str(len(answer.content))
    return answer.status_code, answer.content, headers


def told(answer: requests.Response) -> tuple[int, str]:
    """Status and body."""
    return answer.status_code, answer.content.decode()


def member(answer: requests.Response, name: str) -> str:
    """The text of the first element of this local name in an answer; "" if it is empty or nil."""
    found = re.search(rf"<(?:\w+:)?{name}(?: [^>]*?)?(?:/>|>(.*?)</)", answer.text, re.DOTALL)
    assert found, f"there is no {name} in {answer.text}"
    return unescape(found[1] or "")


def records(answer: requests.Response) -> list[str]:
    """The strings of ChybyZaznamu."""
    return re.findall(r"<b:string>(.*?)</b:string>", answer.text)
