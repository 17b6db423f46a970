"""Passwords of SDNS, in all the forms that a request can have them in, are in no record."""

import gzip
import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from quopri import encodestring
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape

import pytest

from tests.journeys import leaks
from tests.sandboxes import Sandbox
from tests.sdns.messages import vydani
from tests.sdns.sockets import (
    ISSUES,
    LOAD,
    ROUTER,
    attachment,
    exchange,
    first_of,
    head,
    load_data,
    loaded,
    open_house,
    parameters,
    set_up,
    status,
)

PASSWORD = 'Tajemství<&>"ž'
VALUES = ("ws9990900001.xml", "UZIV0099", PASSWORD, "NONE", "NONE", "", "cs", "CZ")


@pytest.fixture(scope="module")
def house() -> Iterator[Sandbox]:
    with open_house() as opened:
        set_up(opened, "2013-08-21T10:00Z")
        user = {"login": "UZIV0099", "password": PASSWORD, "subject": "99990000"}
        opened.call("POST", "/sdns/users", json=user)
        yield opened


def leaked(record: str) -> list[str]:
    return leaks.leaked(record, PASSWORD)


def test_the_search_finds_what_is_there() -> None:
    for form in (
        PASSWORD,
        escape(PASSWORD),
        "".join(f"&#{ord(character)};" for character in PASSWORD),
        b64encode(f"ab{PASSWORD}".encode()).decode(),
        b64encode(b64encode(f"<a>{PASSWORD}</a>".encode() * 3)).decode(),
        b64encode(f"abc{PASSWORD}".encode("utf-16")).decode(),
        b64encode(f"abc{PASSWORD}".encode("utf-16-be")).decode(),
        encodestring(PASSWORD.encode()).decode(),
    ):
        assert leaked(f"xyz {form} xyz"), form
    assert leaked("Heslo-123, Taj, tví") == []


def post(path: str, body: bytes, content_type: str = "text/xml; charset=utf-8") -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: h", f"Content-Type: {content_type}"]
    return head([*lines, f"Content-Length: {len(body)}"]) + body


def data() -> str:
    return b64encode(vydani(function="Testovací")).decode()


def load(change: Callable[[str], str] = str, path: str = LOAD, encoding: str = "utf-8") -> bytes:
    values = [value or data() for value in VALUES]
    text = load_data(path, values).partition(b"\r\n\r\n")[2].decode()
    return post(path, change(text).encode(encoding), f"text/xml; charset={encoding}")


SPELLED = escape(PASSWORD)


def as_entities(text: str) -> str:
    return text.replace(SPELLED, "".join(f"&#x{ord(one):x};" for one in PASSWORD))


LOADS = {
    "escaped": load(),
    "entities": load(as_entities),
    "half": load(lambda text: text.replace(SPELLED, f"&#84;{SPELLED[1:]}")),
    "a section": load(lambda text: text.replace(SPELLED, f"<![CDATA[{PASSWORD}]]>")),
    "UTF-16": load(encoding="utf-16"),
    "windows-1250": load(encoding="windows-1250"),
    "the manual's names": load(
        lambda text: text.replace("param2", "password").replace(
            "urn:com-ness-cz-ewiautom-wsimpl-IZaslaniDat", "ZaslaniDat"
        )
    ),
    "another order": load(
        lambda text: re.sub(r"(<param1.*?</param1>)(<param2.*?</param2>)", r"\2\1", text)
    ),
    "broken behind it": load(lambda text: text.partition("<param4")[0]),
    "broken in it": load(lambda text: text.partition("&gt;")[0]),
    "a wrong method": load(lambda text: text.replace("q1:loadData", "q1:sendData")),
    "a wrong namespace": load(lambda text: text.replace("IZaslaniDat", "Jiné")),
    "a wrong path": load(path="/ewi-ws/Zaslanidat"),
    "a wrong root": load(path="/Ewi-ws/ZaslaniDat"),
    "the wrong service": load(path=ROUTER),
    "SOAP 1.2": load(
        lambda text: text.replace(
            "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"
        )
    ),
    "a comment": load(lambda text: text.replace(SPELLED, f"{SPELLED[:4]}<!-- x -->{SPELLED[4:]}")),
}


def document(value: str = PASSWORD) -> bytes:
    return parameters(**{**ISSUES, "Username": "UZIV0099", "Password": value})


def attached(content: bytes, encoding: str, path: str = ROUTER) -> bytes:
    root = (
        b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        b'<m:performQuery xmlns:m="EwiQueryWS"><queryType>VYDANI_SEZNAM_JH</queryType>'
        b'<xmlParam href="cid:a"/></m:performQuery></s:Body></s:Envelope>'
    )
    body = b"".join(
        [
            b"--=_B\r\nContent-Type: text/xml\r\nContent-ID: <Part1>\r\n\r\n",
            root,
            b"\r\n--=_B\r\nContent-Transfer-Encoding: ",
            encoding.encode(),
            b"\r\nContent-ID: <a>\r\n\r\n",
            content,
            b"\r\n--=_B--\r\n",
        ]
    )
    return post(path, body, 'multipart/related; type="text/xml"; start="Part1"; boundary="=_B"')


def inline(content: str, path: str = ROUTER) -> bytes:
    return post(
        path,
        (
            '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
            '<m:performQuery xmlns:m="EwiQueryWS"><queryType>VYDANI_SEZNAM_JH</queryType>'
            f"<xmlParam>{content}</xmlParam></m:performQuery></s:Body></s:Envelope>"
        ).encode(),
    )


def wrapped(octets: bytes, width: int = 76) -> bytes:
    text = b64encode(octets)
    return b"\r\n".join(text[at : at + width] for at in range(0, len(text), width))


def shifted(octets: bytes) -> Iterator[bytes]:
    """A document in Base64 whose password begins at each of three places of a group."""
    for blanks in range(3):
        yield octets.replace(b"<TypDotazu>", b" " * blanks + b"<TypDotazu>")


UTF_16 = document().decode().replace("UTF-8", "UTF-16").encode("utf-16")
ENTITIES = document("@").replace(b"@", b"".join(b"&#%d;" % ord(one) for one in PASSWORD))
QUERIES = {
    "8bit": attached(document(), "8bit"),
    "entities": attached(ENTITIES, "8bit"),
    "a section": attached(document("@").replace(b"@", f"<![CDATA[{PASSWORD}]]>".encode()), "8bit"),
    **{
        f"Base64, shifted by {number}": attached(wrapped(each), "base64")
        for number, each in enumerate(shifted(document()))
    },
    **{
        f"Base64 of entities, {number}": attached(wrapped(each), "base64")
        for number, each in enumerate(shifted(ENTITIES))
    },
    **{
        f"Base64 of Base64, {number}": attached(wrapped(wrapped(each)), "base64")
        for number, each in enumerate(shifted(document()))
    },
    "Base64 that does not say so": attached(wrapped(document()), "8bit"),
    "Base64 in one line": attached(b64encode(document()), "base64"),
    "short lines": attached(wrapped(document(), 5), "base64"),
    "quoted-printable": attached(encodestring(document()), "quoted-printable"),
    "UTF-16": attached(UTF_16, "8bit"),
    "UTF-16 in Base64": attached(wrapped(UTF_16), "base64"),
    "windows-1250": attached(
        document().decode().replace("UTF-8", "windows-1250").encode("cp1250"), "8bit"
    ),
    **{
        f"inline, {number}": inline(wrapped(each).decode())
        for number, each in enumerate(shifted(document()))
    },
    "inline, Base64 of Base64": inline(wrapped(wrapped(document())).decode()),
    "inline, escaped": inline(escape(document().decode())),
    "inline, escaped twice": inline(escape(ENTITIES.decode())),
    "inline, Base64 with entities": inline(
        wrapped(document()).decode().replace("\r\n", "&#13;&#10;").replace("P", "&#80;", 3)
    ),
    "inline, a section": inline(f"<![CDATA[{document().decode()}]]>"),
    "broken": attached(document()[:-30], "8bit"),
    "broken behind it, in Base64": attached(wrapped(document()[:-30]), "base64"),
    "broken in it, in Base64": attached(
        wrapped(document()[: document().index("ž".encode())]), "base64"
    ),
    "inline, broken Base64": inline(f"{wrapped(document()).decode()[:-3]}!"),
    "broken Base64 of Base64": attached(wrapped(wrapped(document())[:-3] + b"!"), "base64"),
    "broken Base64": attached(wrapped(document())[:-3] + b"!", "base64"),
    "another name for it": attached(
        document().replace(b"Password", b"password").replace(b"Nazev=", b"Nazev = "), "8bit"
    ),
    "a wrong path": attached(document(), "8bit", "/ewi-ws/ewisoaprouter"),
    "a wrong path, in Base64": attached(wrapped(document()), "base64", "/ewi-ws/ewisoaprouter"),
    "the other service": attached(wrapped(document()), "base64", LOAD),
    "inline, the other service": inline(wrapped(document()).decode(), LOAD),
    "inline, a wrong path": inline(wrapped(document()).decode(), "/ewi-ws/ewisoaprouter"),
    "no boundary": attached(wrapped(document()), "base64").replace(b'; boundary="=_B"', b""),
    "a wrong reference": attached(wrapped(document()), "base64").replace(b"cid:a", b"cid:b"),
}


def test_what_is_compressed_is_not_recorded(house: Sandbox) -> None:
    """No engine of the time undoes Content-Encoding in requests."""
    top, _, body = LOADS["escaped"].partition(b"\r\n\r\n")
    packed = gzip.compress(body)
    lines = top.decode().split("\r\n")[:-1]
    lines += ["Content-Encoding: gzip", f"Content-Length: {len(packed)}"]
    answer = exchange(house, head(lines) + packed)
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert house.last()["request_body"] == "[blanked]"
    assert "request_body_base64" not in house.last()


@pytest.mark.parametrize(
    "sent",
    [
        head([f"GET {LOAD}?param1=U&param2={quote(PASSWORD)}&x=1 HTTP/1.1", "Host: h"]),
        post(LOAD, urlencode({"password": PASSWORD}).encode(), "application/x-www-form-urlencoded"),
        post(LOAD, json.dumps({"password": "Tajemství<&>ž"}).encode(), "application/json"),
    ],
    ids=["query", "form", "JSON"],
)
def test_what_is_no_call_at_all(house: Sandbox, sent: bytes) -> None:
    """The page for people has a form, and some would rather have REST."""
    exchange(house, sent)
    kept = house.last()
    record = json.dumps(kept, ensure_ascii=False)
    assert leaked(record) == []
    assert "[blanked]" in record


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(
    ("operation", "name"),
    [("loadData", "entities"), ("performQuery", "8bit"), ("performQuery", "broken Base64")],
)
def test_a_call_that_was_disturbed(house: Sandbox, moment: str, operation: str, name: str) -> None:
    disruption = {"agency": "sdns", "operation": operation, "kind": "status", "moment": moment}
    house.call("POST", "/disruptions", json={**disruption, "options": {"code": 503}})
    _hold(house, {**LOADS, **QUERIES}[name])
    house.call("DELETE", "/disruptions")


@pytest.mark.parametrize("name", LOADS)
def test_the_password_of_load_data(house: Sandbox, name: str) -> None:
    _hold(house, LOADS[name])


@pytest.mark.parametrize("name", QUERIES)
def test_the_password_of_a_query(house: Sandbox, name: str) -> None:
    _hold(house, QUERIES[name])


def _hold(house: Sandbox, request: bytes) -> None:
    house.call("DELETE", "/journal")
    answer = exchange(house, request)
    assert leaked(answer.decode("latin-1")) == []
    place = f"{house.server}/_podatelna/sandboxes/{house.name}/journal"
    records = house.admin.get(place).json()
    assert len(records) == 1
    [record] = records
    assert record["request_body"] or record["request_body_base64"]
    assert leaked(str(record)) == []
    told = house.call("GET", f"/journal/{record['number']}/explanation")
    assert leaked(str(told)) == []


def test_the_password_is_right(house: Sandbox) -> None:
    """So that the others are of calls that work."""
    assert loaded(exchange(house, LOADS["escaped"])).tag == "LoadDataResponse"
    assert status(exchange(house, LOADS["entities"])) == ("Invalid data", "Duplicate data")
    answer = attachment(exchange(house, QUERIES["Base64 of entities, 1"]))
    assert first_of(answer, "ErrorLog/ErrorCode") != ["security.LoginDenied"]
    assert b'Hodnota="***" Jmeno="Password"' in answer
