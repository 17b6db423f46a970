"""What the addresses show to a browser: descriptions, the DTD of answers, pages for people."""

from dataclasses import dataclass
from html import escape
from typing import Final
from urllib.parse import parse_qsl

from podatelna.kernel.contract import Contract
from podatelna.kernel.exchange import Request
from podatelna.kernel.settings import Settings

XML: Final = "text/xml; charset=utf-8"
HTML: Final = "text/html; charset=utf-8"
ROUTER: Final = "text/html"
DTD: Final = "application/xml-dtd"

_SHAPES: Final = ("runtime", "designtime", "rpcliteral")
_PORTS: Final = {"http": "80", "https": "443"}

_MESSAGE_PAGE: Final = """<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">
<HTML><HEAD>
<TITLE>{title}</TITLE>
</HEAD><BODY>
<H1>{title}</H1>
{text}<P>
</BODY></HTML>
"""
_TEST_PAGE: Final = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{service} endpoint</title>
<style>body {{ font: 14px sans-serif; margin: 2em }} pre, textarea {{ font: 13px monospace }}
td {{ padding: .2em .6em }} textarea, input {{ width: 40em }}</style></head>
<body><h1>{service} endpoint</h1>
<p>For a formal definition, please review the <a href="{page}?WSDL">Service Description</a>.</p>
<h2>{method}</h2>
<form id="call" method="post"><table>
{rows}</table>
<p><button>Invoke</button></p></form>
<pre id="answer"></pre>
<script>
document.getElementById("call").onsubmit = async function (event) {{
  event.preventDefault();
  const text = value => value.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  let parameters = "";
  for (const [name, value] of new FormData(this))
    parameters += `<${{name}}>${{text(value)}}</${{name}}>`;
  const answer = await fetch(location.pathname, {{
    method: "POST",
    headers: {{"Content-Type": "text/xml; charset=utf-8"}},
    body: `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>` +
      `<m:{method} xmlns:m="{namespace}">${{parameters}}</m:{method}></s:Body></s:Envelope>`,
  }});
  document.getElementById("answer").textContent = await answer.text();
}};
</script>
</body></html>
"""
_ROW: Final = '<tr><td>{label}</td><td>{kind}</td><td><input name="{name}"></td></tr>\n'


@dataclass(frozen=True, slots=True)
class Page:
    content_type: str
    body: bytes


def wants_description(query: str) -> str | None:
    """The value of WSDL in a query, in lower case; None: it is not there. Its name is in any case
    of letters."""
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name.lower() == "wsdl":
            return value.lower()
    return None


def load_description(contract: Contract, request: Request, settings: Settings, wanted: str) -> Page:
    """The WSDL of loadData: the one that is asked for, else that of the setting."""
    shape = wanted if wanted in _SHAPES else str(settings["wsdl"])
    text = contract.text(f"zaslanidat-{shape}.wsdl")
    return _description(text, _address(contract, request, with_port=shape == "runtime"))


def query_description(contract: Contract, request: Request) -> Page:
    """The WSDL of EwiQueryWS."""
    address = _address(contract, request, with_port=False)
    return _description(contract.text("ewiquery.wsdl"), address)


def _description(text: str, address: str) -> Page:
    return Page(XML, text.replace("{address}", escape(address)).encode())


def _address(contract: Contract, request: Request, *, with_port: bool) -> str:
    """That of the request, as the caller knows it; behind a proxy that ends TLS, too.

    The server generates the runtime WSDL with the port even where it is the usual one (observed).
    """
    scheme = "https" if request.headers.get("x-forwarded-proto") == "https" else "http"
    host, _, port = request.headers.get("host", "").rpartition(":")
    if not port.isdecimal():
        host, port = request.headers.get("host", ""), _PORTS[scheme]
    host, path = host or contract.constant("hosts")[-1], f"{request.base}{request.path}"
    form = str(contract.constant("wsdl_address")).replace("https:", f"{scheme}:", 1)
    address = form.format(host=host, port=port, path=path)
    usual = f":{_PORTS[scheme]}/"
    return address if with_port else address.replace(f"{host}{usual}", f"{host}/", 1)


def answer_definition(contract: Contract) -> Page:
    """The DTD of LoadDataResponse: its DOCTYPE leads parsers here."""
    return Page(DTD, contract.text("ZaslaniDatOdpoved.dtd").encode())


def router_page(contract: Contract) -> Page:
    """What Apache SOAP's router says to a browser, in lines of the machine it runs on."""
    text = str(contract.constant("router_page")).replace("\n", "\r\n")
    return Page(ROUTER, f"{text}\r\n".encode())


def test_page(contract: Contract, request: Request, settings: Settings) -> Page:
    """A form that calls loadData. Oracle's has its own looks; this one is ours."""
    shape = str(settings["wsdl"])
    labels = contract.constant("parameters_load")
    names = labels if shape == "designtime" else contract.constant("parameters_load_runtime")
    kinds = ["xsd:base64Binary" if label == "inputdata" else "xsd:string" for label in labels]
    rows = "".join(
        _ROW.format(label=f"{name} ({label})" if name != label else name, kind=kind, name=name)
        for name, label, kind in zip(names, labels, kinds, strict=True)
    )
    body = _TEST_PAGE.format(
        service="ZaslaniDat" if shape == "designtime" else "IZaslaniDat",
        page=escape(request.path.rpartition("/")[2]),
        method=contract.constant("method_load"),
        namespace=contract.constant("namespaces_load")[shape],
        rows=rows,
    )
    return Page(HTML, body.encode())


def message_page(title: str, text: str) -> Page:
    """A page of the HTTP server about what it does not do."""
    return Page(HTML, _MESSAGE_PAGE.format(title=escape(title), text=escape(text)).encode())
