"""How the Ubyport client connects: NTLM, TLS, whose session it is, and what importing it costs."""

import base64
import ipaddress
import ssl
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
import requests
import spnego
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from podatelna_client.ubyport import (
    Facility,
    Guest,
    LoginRefused,
    OutcomeUnknown,
    ServiceUnreachable,
    UbyportClient,
)

FACILITY = Facility(idub="100227887600", abbreviation="CZGFW")
GUEST = Guest(
    surname="VZOROVÁ",
    given_name="ANNA",
    birth_date=date(1980, 2, 1),
    nationality="SVK",
    document_number="EA123456",
    arrival=date(2026, 3, 2),
    departure=date(2026, 3, 4),
)


def challenge(token: str = "") -> tuple[tuple[str, str], ...]:
    return (("WWW-Authenticate", f"NTLM {token}".strip()),)


@pytest.fixture
def ntlm(server, tmp_path, monkeypatch):
    """An NTLM acceptor in front of the script, which signs in connections as IIS does."""
    accounts = tmp_path / "accounts"
    accounts.write_text("EXRESORTMV:uby-tws1ab45:Heslo123\n")
    monkeypatch.setenv("NTLM_USER_FILE", str(accounts))

    def step(token, memory):
        acceptor = memory.setdefault(
            "acceptor", spnego.server(protocol="ntlm", options=spnego.NegotiateOptions.use_ntlm)
        )
        try:
            reply = acceptor.step(base64.b64decode(token))
        except spnego.exceptions.SpnegoError:
            return ""
        memory["signed in"] = acceptor.complete
        return base64.b64encode(reply or b"").decode()

    def gate(request, memory):
        if memory.get("signed in"):
            return None
        token = request.headers.get("authorization", "").removeprefix("NTLM ")
        reply = step(token, memory) if token else ""
        refusal = server.answer(status=401, headers=challenge(reply))
        return None if memory.get("signed in") else refusal

    server.gate = gate
    return server


def credentials_sent(server):
    return [request.headers.get("authorization", "")[:9] for request in server.received]


def test_each_connection_signs_in_once(ntlm):
    ntlm.play_result("MaximalniDelkaSeznamu", "1")
    ntlm.play_filing(";")
    ntlm.play_filing(";112;")

    with UbyportClient(ntlm.url, "uby-tws1ab45", "Heslo123") as client:
        client.max_list_length()
        filing = client.file_guests(FACILITY, [GUEST, GUEST])

    assert [answer.codes for answer in filing.guests] == [(), (112,)]
    assert credentials_sent(ntlm) == ["", "NTLM TlRM", "NTLM TlRM", "", ""]
    assert {request.connection for request in ntlm.received} == {0}
    assert len({request.body for request in ntlm.received[:3]}) == 1


def test_a_closed_client_signs_in_again(ntlm):
    ntlm.play_result("TestDostupnosti", "true")
    ntlm.play_result("TestDostupnosti", "true")

    client = UbyportClient(ntlm.url, "UBY-TWS1AB45", "Heslo123")
    answers = []
    for _ in range(2):
        with client:
            answers.append(client.available())

    assert answers == [True, True]
    assert [request.connection for request in ntlm.received] == [0, 0, 0, 1, 1, 1]


def test_a_connection_dropped_between_batches_is_signed_in_anew(ntlm):
    ntlm.play_result("MaximalniDelkaSeznamu", "1")
    ntlm.play_filing(";", headers=(("Connection", "close"),))
    ntlm.play_filing(";112;")

    with UbyportClient(ntlm.url, "uby-tws1ab45", "Heslo123") as client:
        client.max_list_length()
        filing = client.file_guests(FACILITY, [GUEST, GUEST])

    assert [answer.codes for answer in filing.guests] == [(), (112,)]
    assert [request.connection for request in ntlm.received] == [0, 0, 0, 0, 1, 1, 1]


@pytest.mark.parametrize(
    ("login", "password", "domain"),
    [
        ("uby-tws1ab45", "Heslo124", "EXRESORTMV"),
        ("uby-tws1ab46", "Heslo123", "EXRESORTMV"),
        ("uby-tws1ab45", "Heslo123", "OTHER"),
    ],
)
def test_a_bad_login_is_refused_after_one_handshake(ntlm, login, password, domain):
    with (
        UbyportClient(ntlm.url, login, password, domain) as client,
        pytest.raises(LoginRefused, match="HTTP 401: wrong login or password") as caught,
    ):
        client.file_guests(FACILITY, [GUEST])

    assert caught.value.batch == (GUEST,)
    assert credentials_sent(ntlm) == ["", "NTLM TlRM", "NTLM TlRM"]
    assert password not in str(caught.value)


@pytest.mark.parametrize(
    ("second", "kind", "words"),
    [
        (("WWW-Authenticate", "NTLM"), LoginRefused, "did not finish the NTLM sign-in"),
        (("WWW-Authenticate", "NTLM AAAA"), LoginRefused, "did not finish the NTLM sign-in"),
        (("WWW-Authenticate", "NTLM A"), LoginRefused, "did not finish the NTLM sign-in"),
        (("X-Other", ""), OutcomeUnknown, "cut short by an answer without NTLM"),
    ],
)
def test_a_handshake_that_breaks_off(server, second, kind, words):
    server.play(b"", status=401, headers=challenge())
    server.play(b"", status=401, headers=(second,))

    with (
        UbyportClient(server.url, "uby-tws1ab45", "Heslo123") as client,
        pytest.raises(kind, match=words) as caught,
    ):
        client.file_guests(FACILITY, [GUEST])

    assert caught.value.batch == (GUEST,)


@pytest.mark.parametrize("headers", [(), (("WWW-Authenticate", 'Basic realm="x"'),)])
def test_a_401_without_ntlm_gets_no_credentials(server, headers):
    server.play(b"", status=401, headers=headers)

    with (
        UbyportClient(server.url, "uby-tws1ab45", "Heslo123") as client,
        pytest.raises(LoginRefused),
    ):
        client.available()

    assert credentials_sent(server) == [""]


def test_a_login_may_go_without_a_domain(server):
    with UbyportClient(server.url, "uby-tws1ab45", "Heslo123", domain="") as client:
        assert client._access.login == "uby-tws1ab45"
        assert "Heslo123" not in repr(client._access)


# --- sessions


def test_a_session_with_its_own_auth_signs_in_by_itself(server):
    server.play_result("TestDostupnosti", "true")
    with requests.Session() as session:
        session.auth = ("someone", "else")
        with UbyportClient(server.url, "uby-tws1ab45", "Heslo123", session=session) as client:
            assert client.available()

    basic = base64.b64encode(b"someone:else").decode()
    assert server.received[0].headers["authorization"] == f"Basic {basic}"


def test_a_session_without_auth_gets_ntlm(ntlm):
    ntlm.play_result("TestDostupnosti", "true")
    with requests.Session() as session:
        session.headers["X-Hotel"] = "1"
        with UbyportClient(ntlm.url, "uby-tws1ab45", "Heslo123", session=session) as client:
            assert client.available()

    assert [request.headers["x-hotel"] for request in ntlm.received] == ["1", "1", "1"]


def test_a_session_handed_in_stays_open(server, unsigned):
    for _ in range(2):
        server.play_result("TestDostupnosti", "true")
        with UbyportClient(server.url, "l", "p", session=unsigned) as client:
            client.available()

    assert [request.connection for request in server.received] == [0, 0]


# --- TLS


@pytest.fixture
def certificate(tmp_path):
    """The path of a certificate for 127.0.0.1 that signed itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


@pytest.fixture
def https(listener, certificate, request):
    """The scripted server behind TLS. The socket is wrapped before the server starts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listener.socket = context.wrap_socket(listener.socket, server_side=True)
    server = request.getfixturevalue("server")
    server.url = server.url.replace("http:", "https:")
    return server


def test_https_with_a_ca_file(https, certificate, unsigned):
    https.play_result("TestDostupnosti", "true")
    verify = str(certificate)

    with UbyportClient(https.url, "l", "p", session=unsigned, verify=verify) as client:
        assert client.available()


def test_ntlm_over_https(https, certificate, ntlm):
    ntlm.play_result("TestDostupnosti", "true")

    with UbyportClient(ntlm.url, "uby-tws1ab45", "Heslo123", verify=str(certificate)) as client:
        assert client.available()


def test_a_certificate_that_nobody_vouches_for(https, unsigned):
    with (
        UbyportClient(https.url, "l", "p", session=unsigned) as client,
        pytest.raises(ServiceUnreachable, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        client.file_guests(FACILITY, [GUEST])


def test_https_to_a_server_that_speaks_http(server, unsigned):
    url = server.url.replace("http:", "https:")
    with (
        UbyportClient(url, "l", "p", session=unsigned) as client,
        pytest.raises(ServiceUnreachable),
    ):
        client.file_guests(FACILITY, [GUEST])


# --- the cost of an import


def test_importing_the_client_loads_no_http_library():
    program = (
        "import sys, podatelna_client.ubyport; "
        "print(sorted({'requests', 'urllib3', 'spnego', 'podatelna'} & set(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert (done.stdout, done.stderr) == ("[]\n", "")
