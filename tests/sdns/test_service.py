"""Calls in all forms, the heads of their answers, and the pages beside them."""

from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from podatelna.kernel.exchange import Delivery, Request, Response
from podatelna.kernel.multipart import read_multipart
from podatelna.sdns.submission import Submission
from podatelna.sdns.takeover import Outcome
from tests.sdns.front import (
    CONTRACT,
    DESIGN_NAMES,
    DESIGNTIME,
    LOAD,
    LOADED,
    NAMES,
    NOW,
    PARAMETERS,
    QUERY,
    ROUTER,
    RUNTIME,
    SUBMISSION,
    Front,
    envelope,
    headers,
    load,
    perform,
    post,
    query,
)

GOLDEN = Path(__file__).parent / "golden"
LENGTH = "Content-Length"
XML = ("Content-Type", "text/xml; charset=utf-8")
CACHE = ("Cache-Control", "private")


@pytest.fixture
def front() -> Front:
    return Front()


# -- loadData


def test_the_answer_of_load_data_whole(front: Front) -> None:
    response = front.visit(post(LOAD, load()))
    body = (GOLDEN / "loadData-answer.xml").read_bytes()
    cookie = "JSESSIONID=0a0402be1f45{}; Path=/ewi-ws; secure"
    random = headers(response)["Set-Cookie"][23:55]
    assert int(random, 16)
    assert response == Response(
        200,
        body,
        (
            ("Date", ""),
            ("Server", "Oracle-Application-Server-10g"),
            (LENGTH, str(len(body))),
            ("Set-Cookie", cookie.format(random)),
            CACHE,
            XML,
        ),
        delivery=Delivery(keep_alive_seconds=15),
    )
    assert front.calls == [("production", "uziv0001", SUBMISSION)]
    assert front.trail.login == "UZIV0001"
    assert front.trail.notes == ["loadData was called by the runtime WSDL, with xsi:type"]


@pytest.mark.parametrize(
    ("message", "note"),
    [
        (load(), "by the runtime WSDL, with xsi:type"),
        (load(kind=""), "by the runtime WSDL, without xsi:type"),
        (load(names=DESIGN_NAMES, namespace=DESIGNTIME), "by the designtime WSDL, with xsi:type"),
        (
            load(names=DESIGN_NAMES, namespace=DESIGNTIME, kind=""),
            "by the designtime WSDL, without",
        ),
        (load(names="abcdefgh", kind=' xmlns="urn:x"'), "by the runtime WSDL, without xsi:type"),
    ],
)
def test_parameters_are_bound_by_their_place(front: Front, message: str, note: str) -> None:
    assert front.visit(post(LOAD, message)).status == 200
    [(_, _, call)] = front.calls
    assert call == SUBMISSION
    [told] = front.trail.notes
    assert note in told


def test_the_answer_is_in_the_namespace_of_the_call(front: Front) -> None:
    response = front.visit(post(LOAD, load(namespace=DESIGNTIME)))
    assert b'<ns1:loadDataResponse xmlns:ns1="ZaslaniDat" ' in response.body


def test_names_in_another_order_are_told(front: Front) -> None:
    message = load(names=DESIGN_NAMES[::-1], namespace=DESIGNTIME)
    front.visit(post(LOAD, message))
    assert front.calls[0][2] == SUBMISSION
    assert front.trail.notes[1:] == [
        "parameters go by their place, whatever their names: filename, username, password, "
        "zipmethod, signaturemethod, inputdata, language, country"
    ]


def test_missing_and_superfluous_parameters(front: Front) -> None:
    front.visit(post(LOAD, load(LOADED[:6], NAMES[:6])))
    front.visit(post(LOAD, load((*LOADED, "x", "y"), (*NAMES, "param8", "param9"))))
    front.visit(post(LOAD, load().replace('param1 xsi:type="xsd:string"', 'param1 xsi:nil="1"')))
    front.visit(post(LOAD, load((), ())))
    assert [call[2] for call in front.calls] == [
        replace(SUBMISSION, language=None, country=None),
        SUBMISSION,
        replace(SUBMISSION, username=None),
        Submission(*[None] * 8),
    ]
    assert [call[1] for call in front.calls] == ["uziv0001", "uziv0001", "", ""]


@pytest.mark.parametrize("place", range(8))
def test_a_parameter_that_is_left_out(front: Front, place: int) -> None:
    """Names tell which one it is: a password is never taken for the name of a user."""
    for names, namespace in ((NAMES, RUNTIME), (DESIGN_NAMES, DESIGNTIME)):
        values, rest = list(LOADED), list(names)
        del values[place], rest[place]
        request = post(LOAD, load(values, rest, namespace))
        front.visit(request)
        assert front.calls[-1][2] == replace(SUBMISSION, **{DESIGN_NAMES[place]: None})
        secrets = front.service.secrets_of(request)
        assert (SUBMISSION.password in secrets) == (place != 2)


def test_without_known_names_places_count(front: Front) -> None:
    front.visit(post(LOAD, load(LOADED[1:], "abcdefg")))
    moved = front.calls[-1][2]
    assert (moved.filename, moved.country) == (SUBMISSION.username, None)


def test_superfluous_parameters_are_told(front: Front) -> None:
    front.visit(post(LOAD, load((*LOADED, "x"), (*NAMES, "param8"))))
    assert front.trail.notes[1:] == ["parameters beyond the 8 of loadData are ignored: param8"]


@pytest.mark.parametrize("encoding", ["8bit", "base64", "binary"])
def test_data_may_be_attached(front: Front, encoding: str) -> None:
    message = load().replace(">PGEvPg==</param5>", ' href="cid:params"/>')
    sent = b"PGEv\r\nPg==" if encoding == "base64" else b"<a/>"
    request = perform(sent, encoding)
    root = query("performQuery", '<xmlParam href="cid:params"/>')
    front.visit(
        replace(request, path=LOAD, body=request.body.replace(root.encode(), message.encode()))
    )
    data = sent if encoding == "base64" else b"PGEvPg=="
    assert front.calls == [("production", "uziv0001", replace(SUBMISSION, inputdata=data))]


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1250", "utf-8-sig"])
def test_encodings_of_the_envelope(front: Front, encoding: str) -> None:
    name = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{name}"?>{load()}'
    request = post(LOAD, text.encode(encoding), "text/xml")
    assert front.service.operation_of(request) == "loadData"
    front.visit(request)
    assert front.calls[0][2] == SUBMISSION


def test_what_became_of_a_call(front: Front) -> None:
    front.outcome = Outcome("login_denied", (("error", "Přihlášení se nezdařilo."),))
    response = front.visit(post("/ewitest-ws/ZaslaniDat", load()))
    assert response.status == 200
    [text] = etree.fromstring(response.body).iter("return")
    assert '<status category="Access denied" code="Login denied">' in str(text.text)
    assert '<message type="error" value="Přihlášení se nezdařilo."/>' in str(text.text)
    assert front.calls[0][0] == "test"
    assert "Path=/ewitest-ws;" in headers(response)["Set-Cookie"]


def test_settings_of_the_answer(front: Front) -> None:
    front.set(
        answer_encoding="base64",
        node_clock_skew_seconds=-797,
        session_cookie=False,
        router_idle_seconds=1,
    )
    response = front.visit(post(LOAD, load()))
    assert [name for name, _ in response.headers] == [
        "Date",
        "Server",
        LENGTH,
        "Cache-Control",
        "Content-Type",
    ]
    assert response.delivery == Delivery(keep_alive_seconds=1)
    [text] = etree.fromstring(response.body).iter("return")
    document = (GOLDEN / "loadData-answer.xml").read_bytes()
    [plain] = etree.fromstring(document).iter("return")
    early = str(plain.text).replace("12:43:24", "12:30:07")
    assert text.text == b64encode(early.encode()).decode()


def test_who_brings_a_session_gets_none(front: Front) -> None:
    request = post(LOAD, load())
    brought = {"cookie": "a=b; JSESSIONID=0a0402be1f4500"}
    response = front.visit(replace(request, headers={**request.headers, **brought}))
    assert "Set-Cookie" not in headers(response)


def test_the_cookie_is_for_the_address_that_was_called(front: Front) -> None:
    response = front.visit(replace(post(LOAD, load()), base="/s/job-7"))
    assert "; Path=/s/job-7/ewi-ws;" in headers(response)["Set-Cookie"]


# -- queries


def test_the_answer_of_get_params_whole(front: Front) -> None:
    """The frame that was observed, around another document and with other identifiers."""
    response = front.visit(post(ROUTER, query("getParams")))
    assert front.calls == [("production", "", QUERY)]
    octets = front.ids.octets
    label = headers(response)["Content-Type"]
    start = label.partition('start="')[2].removesuffix('"')
    message = read_multipart(response.body, label)
    root, attached = (part.content_id for part in message.parts)
    assert root == start != attached
    [counter, code, millis] = (
        label.partition("_Part_")[2].partition('"')[0].replace("_", ".").split(".")
    )
    assert [counter, millis] == ["8", "1291203804334"]
    for identity in (root, attached):
        number, *rest = identity.split(".")
        assert 7 <= len(number) <= 8
        assert rest == [millis, "apache-soap", "azdnms84"]
    assert 7 <= len(code) <= 8
    assert octets
    assert response.headers == (
        ("Date", ""),
        ("Server", "Oracle-Application-Server-10g"),
        (LENGTH, str(len(response.body))),
        ("Set-Cookie", headers(response)["Set-Cookie"]),
        CACHE,
        ("Content-Type", label),
    )
    assert bytes(message.parts[1].content) == front.document
    assert b'<ns1:getParamsResponse xmlns:ns1="EwiQueryWS" ' in bytes(message.root.content)


@pytest.mark.parametrize(
    "request_",
    [
        perform(PARAMETERS.encode()),
        perform(PARAMETERS.encode(), end="\n"),
        perform(b64encode(PARAMETERS.encode()), "base64", label="params"),
        perform(b64encode(PARAMETERS.encode())),
        perform(b64encode(b64encode(PARAMETERS.encode())), "base64"),
        post(
            ROUTER,
            query(
                "performQuery", f"<xmlParam>{b64encode(PARAMETERS.encode()).decode()}</xmlParam>"
            ),
        ),
        post(
            ROUTER,
            query("performQuery", '<xmlParam href="#x"/>').replace(
                "</s:Body>", f'<r id="x">{b64encode(PARAMETERS.encode()).decode()}</r></s:Body>'
            ),
        ),
    ],
)
def test_parameters_of_a_query(front: Front, request_: Request) -> None:
    assert front.visit(request_).status == 200
    assert front.calls == [("production", "uziv0001", QUERY, PARAMETERS.encode())]
    assert front.trail.login == "UZIV0001"


def test_parameters_that_are_inline_and_not_encoded(front: Front) -> None:
    inside = f"<xmlParam><![CDATA[{PARAMETERS.partition(chr(10))[2]}]]></xmlParam>"
    front.visit(post(ROUTER, query("performQuery", inside)))
    assert front.calls[0][3].startswith(b"<DefiniceDotazu>")
    front.set(strict=True)
    front.visit(post(ROUTER, query("performQuery", inside)))
    assert front.calls[1] == ("production", "uziv0001", QUERY, b"")
    assert front.trail.notes[1:] == ["strict: an xmlParam that is inline is not looked at"]


def test_a_query_without_its_parameters(front: Front) -> None:
    front.visit(post(ROUTER, envelope('<performQuery xmlns="EwiQueryWS"/>')))
    front.visit(perform(b"no parameters!"))
    front.visit(post(ROUTER, query("performQuery", '<xmlParam xsi:nil="true"/>')))
    assert front.calls == [
        ("production", "", "", b""),
        ("production", "", QUERY, b"no parameters!"),
        ("production", "", QUERY, b""),
    ]


def test_an_attachment_in_base64(front: Front) -> None:
    front.set(attachment_encoding="base64")
    response = front.visit(post(ROUTER, query("getParams")))
    part = read_multipart(response.body, headers(response)["Content-Type"]).parts[1]
    assert (part.encoding, part.content) == ("base64", front.document)


# -- faults


def told(response: Response) -> list[str | None]:
    [found] = etree.fromstring(response.body).iter("{*}Fault")
    return [element.text for element in found]


_NO_ATTACHMENT = (
    'Attachment tag "xmlParam" refers to a Mime attachment with label "cid:x" which could not be '
    "found."
)
_BAD_TARGET = "Unable to determine object id from call: is the method element namespaced?"
_VERSION = (
    "SOAP-ENV:VersionMismatch: Envelope element must be associated with the "
    "'http://schemas.xmlsoap.org/soap/envelope/' namespace."
)


@pytest.mark.parametrize(
    ("request_", "key", "code", "text"),
    [
        (
            post(ROUTER, query("getParam")),
            "method_not_supported",
            "SOAP-ENV:Server",
            "Method 'getParam' is not supported.",
        ),
        (
            post(ROUTER, load()),
            "target_unknown",
            "SOAP-ENV:Server.BadTargetObjectURI",
            _BAD_TARGET,
        ),
        (
            post(LOAD, load().replace("m:loadData", "loadData")),
            "target_unknown",
            "SOAP-ENV:Server.BadTargetObjectURI",
            _BAD_TARGET,
        ),
        (
            post(LOAD, load().replace("loadData", "storeData")),
            "method_not_supported",
            "SOAP-ENV:Server",
            "Method 'storeData' is not supported.",
        ),
        (
            post(LOAD, "{}"),
            "call_unreadable",
            "SOAP-ENV:Client",
            "not well-formed (invalid token): line 1, column 0",
        ),
        (
            post(LOAD, load().replace("schemas.xmlsoap.org/soap/envelope/", "w3.org/soap")),
            "version_mismatch",
            "SOAP-ENV:VersionMismatch",
            _VERSION,
        ),
        (
            post(
                LOAD,
                load().replace(
                    "<s:Body>", '<s:Header><a s:mustUnderstand="1"/></s:Header><s:Body>'
                ),
            ),
            "call_unreadable",
            "SOAP-ENV:MustUnderstand",
            "the header a is not understood",
        ),
        (
            post(ROUTER, query("performQuery", '<xmlParam href="cid:x"/>')),
            "attachment_missing",
            "SOAP-ENV:Client",
            _NO_ATTACHMENT,
        ),
        (
            post(ROUTER, b"--b", "multipart/related; boundary=c"),
            "call_unreadable",
            "SOAP-ENV:Client",
            "the boundary that the Content-Type names is nowhere in the body",
        ),
        (
            perform(b"A", "base64"),
            "call_unreadable",
            "SOAP-ENV:Client",
            "a part is not in Base64: Invalid base64-encoded string: number of data characters (1) "
            "cannot be 1 more than a multiple of 4",
        ),
    ],
)
def test_faults(front: Front, request_: Request, key: str, code: str, text: str) -> None:
    response = front.visit(request_)
    assert response.status == 500
    assert told(response) == [code, text, request_.path]
    assert [name for name, _ in response.headers] == [
        "Date",
        "Server",
        LENGTH,
        "Set-Cookie",
        "Cache-Control",
        "Content-Type",
    ]
    assert [found.code for found in front.trail.findings] == [key]
    assert front.calls == []


@pytest.mark.parametrize(
    ("request_", "finding"),
    [
        (post(ROUTER, load()), ("target_unknown", RUNTIME)),
        (post(LOAD, envelope("<loadData/>")), ("target_unknown", "no namespace")),
        (post(LOAD, "<Envelope/>"), ("version_mismatch", "the Envelope is of no namespace")),
        (
            post(ROUTER, query("performQuery", '<xmlParam href="cid:x"/>')),
            ("attachment_missing", "xmlParam, cid:x"),
        ),
    ],
)
def test_the_journal_has_what_was_wrong(
    front: Front, request_: Request, finding: tuple[str, str]
) -> None:
    front.visit(request_)
    assert front.findings() == [finding]


def test_a_body_that_is_longer_than_any_request(front: Front) -> None:
    front.set(maximum_request_bytes=1024)
    fits = load((*LOADED[:5], "A" * (2048 + 60_000), *LOADED[6:]))
    assert front.visit(post(LOAD, fits)).status == 200
    response = front.visit(post(LOAD, fits + " " * 6000))
    assert (response.status, headers(response)["Content-Type"]) == (413, "text/html; charset=utf-8")
    assert front.findings() == [("body_too_large", f"{len(fits.encode()) + 6000} bytes")]


# -- a crash


def test_a_crash_of_load_data(front: Front) -> None:
    response = front.service.failed(post(LOAD, load(namespace=DESIGNTIME)), NOW)
    assert (response.status, response.headers[-1]) == (200, XML)
    [text] = etree.fromstring(response.body).iter("{*}return")
    assert '<status category="Internal error" code="Severe">' in str(text.text)
    assert "<requestReceived>01.12.2010 12:43:24,334</requestReceived>" in str(text.text)
    assert "Při zpracování požadavku došlo k neočekávané chybě." in str(text.text)
    assert b'xmlns:ns1="ZaslaniDat"' in response.body


def test_a_crash_of_a_query(front: Front) -> None:
    response = front.service.failed(perform(PARAMETERS.encode()), NOW)
    message = read_multipart(response.body, headers(response)["Content-Type"])
    assert response.status == 200
    assert b"<ns1:performQueryResponse " in bytes(message.root.content)
    assert bytes(message.parts[1].content) == f"<crashed>{QUERY}</crashed>\n".encode()


@pytest.mark.parametrize("request_", [post(LOAD, "<a"), post(ROUTER, b""), Request("GET", LOAD)])
def test_a_crash_before_anything_was_read(front: Front, request_: Request) -> None:
    response = front.service.failed(replace(request_, base="/s/a"), NOW)
    assert response.status == 500
    assert told(response) == ["SOAP-ENV:Server.Exception:", None, f"/s/a{request_.path}"]
    assert [name for name, _ in response.headers] == ["Date", "Server", LENGTH, "Content-Type"]


# -- operations


@pytest.mark.parametrize(
    ("request_", "operation"),
    [
        (post(LOAD, load()), "loadData"),
        (post(ROUTER, query("getParams")), "getParams"),
        (perform(b""), "performQuery"),
        (post(ROUTER, load()), ""),
        (post(LOAD, query("getParams")), ""),
        (post("/ewi-ws/other", load()), ""),
        (post(LOAD, b"<loadDat" + b"\xff"), ""),
        (Request("GET", LOAD, body=load().encode()), ""),
    ],
)
def test_operations(front: Front, request_: Request, operation: str) -> None:
    assert front.service.operations == ("loadData", "getParams", "performQuery")
    assert front.service.operation_of(request_) == operation


# -- pages


@pytest.mark.parametrize(
    ("path", "secure", "host", "address"),
    [
        (LOAD, False, "wsn.cnb.cz", "http://wsn.cnb.cz:80/ewi-ws/ZaslaniDat"),
        (LOAD, True, "apl.cnb.cz", "https://apl.cnb.cz:443/ewi-ws/ZaslaniDat"),
        (LOAD, False, "localhost:8080", "http://localhost:8080/ewi-ws/ZaslaniDat"),
        (LOAD, True, "[::1]:8443", "https://[::1]:8443/ewi-ws/ZaslaniDat"),
        (LOAD, False, "[::1]", "http://[::1]:80/ewi-ws/ZaslaniDat"),
        (LOAD, False, "", "http://apl.cnb.cz:80/ewi-ws/ZaslaniDat"),
        (LOAD, False, 'a"<&', 'http://a"<&:80/ewi-ws/ZaslaniDat'),
        (ROUTER, True, "apl.cnb.cz", "https://apl.cnb.cz/ewi-ws/EwiSOAPRouter"),
        (ROUTER, False, "localhost:8080", "http://localhost:8080/ewi-ws/EwiSOAPRouter"),
        ("/ewitest-ws/ZaslaniDat", False, "a", "http://a:80/ewitest-ws/ZaslaniDat"),
    ],
)
def test_addresses_in_descriptions(
    front: Front, path: str, secure: bool, host: str, address: str
) -> None:
    proxied = {"x-forwarded-proto": "https"} if secure else {}
    response = front.get(f"{path}?WSDL", host=host, **proxied)
    assert (response.status, response.headers[-1]) == (200, XML)
    [found] = etree.fromstring(response.body).iter("{http://schemas.xmlsoap.org/wsdl/soap/}address")
    assert found.get("location") == address


def test_addresses_in_other_sandboxes(front: Front) -> None:
    request = Request("GET", LOAD, "wsdl", {"host": "localhost:8080"}, base="/s/job-7")
    assert b'"http://localhost:8080/s/job-7/ewi-ws/ZaslaniDat"' in front.visit(request).body


@pytest.mark.parametrize(
    ("query_", "setting", "shape"),
    [
        ("WSDL", "runtime", "runtime"),
        ("wsdl", "designtime", "designtime"),
        ("a=b&Wsdl=DesignTime", "runtime", "designtime"),
        ("wsdl=rpcliteral", "runtime", "rpcliteral"),
        ("wsdl=runtime", "designtime", "runtime"),
        ("WSDL=../service", "runtime", "runtime"),
    ],
)
def test_which_description_is_served(front: Front, query_: str, setting: str, shape: str) -> None:
    front.set(wsdl=setting)
    port = ":80" if shape == "runtime" else ""
    expected = CONTRACT.text(f"zaslanidat-{shape}.wsdl")
    body = front.get(f"{LOAD}?{query_}").body.decode()
    assert body == expected.replace("{address}", f"http://wsn.cnb.cz{port}/ewi-ws/ZaslaniDat")


def test_the_page_of_the_router(front: Front) -> None:
    body = (
        b"<html><head><title>SOAP RPC Router</title></head>\r\n"
        b"<body><h1>SOAP RPC Router</h1>\r\n"
        b"<p>Sorry, I don't speak via HTTP GET- you have to use\r\n"
        b"HTTP POST to talk to me.</p></body></html>\r\n"
    )
    for method in ("GET", "HEAD"):
        assert front.get(ROUTER, method) == Response(
            200,
            body,
            (
                ("Date", ""),
                ("Server", "Oracle-Application-Server-10g"),
                (LENGTH, str(len(body))),
                ("Content-Type", "text/html"),
            ),
            delivery=Delivery(keep_alive_seconds=15),
        )


def test_the_definition_of_the_answer(front: Front) -> None:
    response = front.get("/ewi-ws/ZaslaniDatOdpoved.dtd")
    assert response.body == (CONTRACT.folder / "ZaslaniDatOdpoved.dtd").read_bytes()
    assert response.headers[-1] == ("Content-Type", "application/xml-dtd")


@pytest.mark.parametrize(
    ("shape", "first", "namespace"),
    [("runtime", "param0", RUNTIME), ("designtime", "filename", DESIGNTIME)],
)
def test_the_test_page(front: Front, shape: str, first: str, namespace: str) -> None:
    front.set(wsdl=shape)
    text = front.get(LOAD).body.decode()
    assert text.count("<input ") == 8
    assert f'<input name="{first}">' in text
    assert f'<m:loadData xmlns:m="{namespace}">' in text
    assert '<a href="ZaslaniDat?WSDL">' in text


@pytest.mark.parametrize(
    "path",
    ["/ewi-ws", "/ewi-ws/", "/ewi-ws/zaslanidat", "/EWI-WS/ZaslaniDat", "/ewi-ws/ZaslaniDat/", "/"],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_pages_that_are_not_there(front: Front, path: str, method: str) -> None:
    response = front.get(path, method)
    assert (response.status, front.findings()) == (404, [("page_not_found", path)])
    assert b"<TITLE>404 Not Found</TITLE>" in response.body


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [
        (LOAD, "PUT", "GET, HEAD, POST"),
        (ROUTER, "OPTIONS", "GET, HEAD, POST"),
        ("/ewi-ws/ZaslaniDatOdpoved.dtd", "POST", "GET, HEAD"),
    ],
)
def test_methods_that_are_not_taken(front: Front, path: str, method: str, allowed: str) -> None:
    response = front.get(path, method)
    assert (response.status, headers(response)["Allow"]) == (405, allowed)
    assert front.findings() == [("method_not_allowed", method)]
    assert f"Metoda {method} není povolena." in response.body.decode()


# -- anything


@given(
    st.binary()
    | st.lists(st.sampled_from([load(), query("performQuery"), "<", "--=_B", "\r\n"])).map(
        lambda pieces: "".join(pieces).encode()
    ),
    st.sampled_from(["text/xml", "multipart/related; boundary==_B", "multipart/related"]),
    st.sampled_from([LOAD, ROUTER]),
)
def test_no_bytes_crash_it(body: bytes, content_type: str, path: str) -> None:
    front = Front()
    request = post(path, body, content_type)
    assert front.visit(request).status in (200, 413, 500)
    assert front.service.failed(request, NOW).status in (200, 500)
    front.service.secrets_of(request)
    front.service.operation_of(request)
