"""IZR for clients that nobody here wrote: zeep, built from the served WSDL alone, and curl."""

# mypy: allow-untyped-calls
# zeep says that it is typed, and most of it is not.

import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import requests
import zeep
from lxml import etree
from zeep.plugins import Plugin
from zeep.transports import Transport

from podatelna_client.izr import add_token, sign
from tests.sandboxes import Sandbox, plain_session

KEY = "Sandbox0Key0Example1"
GATEWAY = "/ssl/nosso-app/EPO/WS/v2Online/vOKOsrv.ashx"
WSDL = "/ssl/nosso-app/EPO/WS/Online/vOKOsrv.aspx?SERVICEID="
GOLDEN = Path(__file__).parents[1] / "izr" / "golden"
VOKO = "{http://www.pds.eu/vOKO/v0200}"
CURL = ("curl", "--silent", "--fail", "-H", "Content-Type: text/xml")
CALLER = {
    "UIDkey": {"dn": "cn=99sandbox,cn=Farmar,cn=Users,o=mze,c=cz", "addressAD": "default"},
    "RequestHeader": {"RequestID": "zeep/1", "Subject": {"subjectID": "1000000001"}},
}


class Signing(Plugin):  # type: ignore[misc] # zeep's plugins are untyped
    """The token goes into the header once zeep has made the Body."""

    def egress(self, envelope: Any, http_headers: Any, *_: Any) -> Any:
        add_token(envelope, KEY)
        return envelope, http_headers


@pytest.fixture
def ask(sandbox: Sandbox) -> Callable[..., Any]:
    """Calls a service with zeep, as its WSDL has it; the caller of an anonymous one is nobody."""

    def call(service: str, payload: dict[str, Any], **caller: Any) -> Any:
        address = f"{sandbox.server}/s/{sandbox.name}{WSDL}{service}"
        with plain_session() as session:
            transport = Transport(session=session)
            client = zeep.Client(address, transport=transport, plugins=[Signing()])
            return client.service.process(
                vOKOid=service, RequestContent={"Request": payload}, **caller
            )

    return call


def move(tag: str, *, verify: bool = True) -> dict[str, Any]:
    """The payload that reports one sheep's move to a temporary holding."""
    animal = {"USNIZNAMKA": tag, "DRUH": "OVC", "DATUMPREMISTENI": datetime(2026, 3, 2)}  # noqa: DTZ001 - local, as the agency's are
    holding = {"PROVOZOVNA": "12345678", "CISLOOP": "123456789", "ZVIRATA": {"ZVIRE": [animal]}}
    return {"JenOverit": verify, "HLASENI": holding}


def test_zeep_verifies_a_move(ask: Callable[..., Any]) -> None:
    answer = ask("IZR_ODH01B", move("CZ0000012345126"), **CALLER)
    assert answer.vOKOid == "IZR_ODH01B"
    assert answer.ResponseHeader.RequestID == "zeep/1"
    content = answer.ResponseContent.Response
    assert getattr(content, "OvereniZaslaniHlaseniDocasneHospodarstviResult", content) is True, (
        answer
    )


def test_zeep_is_told_what_is_wrong(ask: Callable[..., Any]) -> None:
    with pytest.raises(zeep.exceptions.Fault) as caught:
        ask("IZR_ODH01B", move("CZ0000099999126"), **CALLER)
    error = caught.value.detail.find(f"{VOKO}Error")
    assert error.findtext(f"{VOKO}ErrorCode") == "5"
    assert [each.text for each in error.iterfind(".//{*}KodChyby")] == ["07"]


def test_zeep_reads_holdings_without_signing_in(ask: Callable[..., Any]) -> None:
    answer = ask("IZR_PRO01B", {"STAVPROVOZOVNY": "A", "TYPPROVOZOVNY": "H"})
    rows = answer.ResponseContent.Response
    listed = getattr(rows, "ProvozovnyBResult", rows).PROVOZOVNY
    assert "12345678" in [row.REGCIS for row in listed]


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_curl_posts_a_prepared_file(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.freeze("2025-05-02T06:00:00Z")
    address = f"{sandbox.server}/s/{sandbox.name}{GATEWAY}"
    message = GOLDEN / "vector1_compact.xml"
    done = subprocess.run(
        [*CURL, "--data-binary", f"@{message}", address],
        capture_output=True,
        check=True,
    )
    assert etree.fromstring(done.stdout).findtext(".//{*}ResponseContent/{*}Response/*") == "true"


def test_the_callers_namespace_is_answered_in(sandbox: Sandbox) -> None:
    own = "http://farm.example/izr"
    message = (GOLDEN / "vector1_compact.xml").read_bytes()
    envelope = etree.fromstring(message.replace(b"http://www.pds.eu/IZR_ODH01B", own.encode()))
    add_token(envelope, KEY)
    assert sign(envelope.find("{*}Body"), KEY) == envelope.findtext("{*}Header/{*}Token")
    sandbox.freeze("2025-05-02T06:00:00Z")
    with plain_session() as session:
        answer: requests.Response = session.post(
            f"{sandbox.server}/s/{sandbox.name}{GATEWAY}",
            data=etree.tostring(envelope),
            headers={"Content-Type": "text/xml"},
        )
    assert answer.status_code == 200, answer.text
    assert f'<Response xmlns="{own}">' in answer.text
