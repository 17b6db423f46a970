"""What the Ubyport client says when things go wrong, and that no answer is ever lost over it."""

import pickle
import re
import socket
from datetime import date

import pytest

from podatelna_client.ubyport import (
    BatchAnswer,
    Facility,
    FaultKind,
    Filing,
    Guest,
    GuestAnswer,
    InvalidInput,
    LoginRefused,
    MessageRefused,
    OutcomeUnknown,
    ServiceFault,
    ServiceUnreachable,
    UbyportClient,
    UbyportError,
)

FACILITY = Facility(idub="100227887600", abbreviation="CZGFW")


def guests(number: int, **last: object) -> tuple[Guest, ...]:
    """Guests told apart by their documents; `last` changes the last one."""
    values: dict[str, object] = {
        "surname": "VZOROVÁ",
        "given_name": "ANNA",
        "birth_date": date(1980, 2, 1),
        "nationality": "SVK",
        "arrival": date(2026, 3, 2),
        "departure": date(2026, 3, 4),
    }
    everyone = [Guest(**values, document_number=f"EA{each:06}") for each in range(number)]
    if last:
        everyone[-1] = Guest(**{**values, "document_number": "EA999999", **last})
    return tuple(everyone)


HTML = b"<html><body>503 Service Unavailable</body></html>"

# How a request can fail: the scripted answer, the exception, its words, the body that it keeps.
FAILURES = {
    "bad login": ({"status": 401}, LoginRefused, "HTTP 401: wrong login or password", None),
    "malformed": ({"status": 400}, MessageRefused, "HTTP 400 Bad Request", None),
    "forbidden": ({"status": 403}, MessageRefused, "HTTP 403 Forbidden", None),
    "too large": ({"status": 413, "reason": "Too Big"}, MessageRefused, "HTTP 413 Too Big", None),
    "content type": (
        {"status": 415, "reason": "Cannot process the message because the content type"},
        MessageRefused,
        "HTTP 415 Cannot process the message because the content type",
        None,
    ),
    "no fault": (
        {"status": 503, "body": HTML},
        OutcomeUnknown,
        "HTTP 503 without a readable answer: not a SOAP 1.1 envelope but html",
        HTML,
    ),
    "empty 500": (
        {"status": 500},
        OutcomeUnknown,
        "HTTP 500 without a readable answer: not XML",
        b"",
    ),
    "empty 200": ({}, OutcomeUnknown, "HTTP 200 without a readable answer: not XML", b""),
    "cut": (
        {"body": b"<s:Envelope/>", "cut": 5},
        OutcomeUnknown,
        "the connection failed after the message may have left",
        b"",
    ),
    "cut before the body": (
        {"body": b"<s:Envelope/>", "cut": 0},
        OutcomeUnknown,
        "the connection failed after the message may have left",
        b"",
    ),
    "nothing": (
        {"nothing": True},
        OutcomeUnknown,
        "the connection failed after the message may have left",
        b"",
    ),
}


@pytest.fixture(params=FAILURES)
def failure(request):
    return FAILURES[request.param]


def test_each_failure_of_a_question(server, client, failure):
    answer, kind, words, body = failure
    server.play(**answer)

    with pytest.raises(UbyportError) as caught:
        client.available()

    error = caught.value
    assert type(error) is kind
    assert str(error).startswith(words)
    assert getattr(error, "answer", None) == body
    assert (error.filing, error.batch, error.unsent) == (Filing(), (), ())


def test_each_failure_of_the_second_batch_of_three(server, client, failure):
    answer, kind, words, _ = failure
    everyone = guests(70)
    server.play_filing(*[";"] * 31, ";106;", header="207;")
    server.play(**answer)

    with pytest.raises(UbyportError) as caught:
        client.file_guests(FACILITY, everyone)

    error = caught.value
    assert type(error) is kind
    assert str(error).startswith(words)
    judged = [GuestAnswer(each) for each in everyone[:31]]
    judged.append(GuestAnswer(everyone[31], (106,), 4))
    assert error.filing == Filing((BatchAnswer((207,), tuple(judged)),))
    assert error.batch == everyone[32:64]
    assert error.unsent == everyone[64:]
    assert len(server.received) == 2


def test_a_fault_in_the_second_batch(server, client):
    everyone = guests(64)
    server.play_filing(*[";"] * 32)
    server.play_fault("s:Chyba běhu programu", "Zařízení nepatří k účtu")

    with pytest.raises(ServiceFault) as caught:
        client.file_guests(FACILITY, everyone)

    assert caught.value.filing.guests == tuple(GuestAnswer(each) for each in everyone[:32])
    assert (caught.value.batch, caught.value.unsent) == (everyone[32:], ())


def test_the_batch_of_unknown_outcome_can_be_sent_again(server, client):
    everyone = guests(33)
    server.play_filing(*[";"] * 32)
    server.play(b"<s:Envelope", cut=3)
    server.play_filing(";150;")

    with pytest.raises(OutcomeUnknown) as caught:
        client.file_guests(FACILITY, everyone)
    again = client.file_guests(FACILITY, caught.value.batch + caught.value.unsent)

    assert [(answer.guest, answer.duplicate) for answer in again.guests] == [(everyone[32], True)]
    assert server.bodies()[1] == server.bodies()[2]


@pytest.mark.parametrize("records", [[], [";"], [";", ";", ";"]])
def test_a_wrong_number_of_results_settles_nothing(server, client, records):
    server.play_filing(*records)

    with pytest.raises(OutcomeUnknown) as caught:
        client.file_guests(FACILITY, guests(2))

    words = f"{len(records)} results came back for 2 guests"
    assert str(caught.value) == f"HTTP 200 without a readable answer: {words}"
    assert caught.value.batch == guests(2)
    assert b"ZapisUbytovaneResult" in caught.value.answer


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ("", "a guest's result is empty"),
        (" ", "a guest's result is empty"),
        ("ok", "'ok' is not a list of error numbers"),
        (";112", "';112' is not a list of error numbers"),
    ],
)
def test_a_result_that_says_nothing_is_no_acceptance(server, client, record, words):
    server.play_filing(record)

    with pytest.raises(OutcomeUnknown, match=re.escape(words)):
        client.file_guests(FACILITY, guests(1))


def test_array_items_of_another_name_are_no_results(server, client):
    server.play_result(
        "ZapisUbytovane",
        "<a:ChybyHlavicky /><a:ChybyZaznamu><a:string>;</a:string></a:ChybyZaznamu>",
    )

    with pytest.raises(OutcomeUnknown, match="0 results came back for 1 guests"):
        client.file_guests(FACILITY, guests(1))


@pytest.mark.parametrize(
    ("operation", "result", "words"),
    [
        ("TestDostupnosti", "ano", "TestDostupnosti answered 'ano' instead of true or false"),
        ("TestDostupnosti", "", "TestDostupnosti answered '' instead of true or false"),
        ("MaximalniDelkaSeznamu", "true", "MaximalniDelkaSeznamuResponse is not the answer to"),
    ],
)
def test_an_answer_of_the_wrong_kind(server, client, operation, result, words):
    server.play_result(operation, result)

    with pytest.raises(OutcomeUnknown, match=re.escape(words)):
        client.available()


@pytest.mark.parametrize("length", ["0", "-1", "many", "", "32.0"])
def test_a_senseless_list_length_is_not_kept(server, client, length):
    server.play_result("MaximalniDelkaSeznamu", length)
    server.play_filing(";", ";")

    with pytest.raises(OutcomeUnknown, match=f"'{length}' is no length of a list"):
        client.max_list_length()
    assert len(client.file_guests(FACILITY, guests(2)).batches) == 1


@pytest.mark.parametrize(
    "payload",
    [
        '<TestDostupnostiResponse xmlns="http://UBY.pcr.cz/WS_UBY" />',
        '<TestDostupnostiResponse xmlns="http://UBY.pcr.cz/WS_UBY"><TestDostupnostiResult '
        'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true" />'
        "</TestDostupnostiResponse>",
    ],
)
def test_no_result_at_all(server, client, payload):
    server.play(
        f'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{payload}'
        "</s:Body></s:Envelope>".encode()
    )

    with pytest.raises(OutcomeUnknown, match="the answer to TestDostupnosti holds no result"):
        client.available()


def test_a_500_with_a_result_is_not_believed(server, client):
    server.play_filing(";", status=500)

    with pytest.raises(OutcomeUnknown, match="no fault in it"):
        client.file_guests(FACILITY, guests(1))


def test_two_messages_in_one_body_are_not_believed(server, client):
    server.play(
        b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><a/><b/>'
        b"</s:Body></s:Envelope>"
    )

    with pytest.raises(OutcomeUnknown, match="does not hold exactly one message"):
        client.available()


@pytest.mark.parametrize(
    ("doctype", "reference"),
    [
        ("<!DOCTYPE e>", ""),
        ('<!DOCTYPE e [<!ENTITY x "true">]>', "&x;"),
        ('<!DOCTYPE e [<!ENTITY x SYSTEM "file:///etc/hostname">]>', "&x;"),
        ('<!DOCTYPE e SYSTEM "http://127.0.0.1:9/e.dtd">', ""),
        (
            '<!DOCTYPE e [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY x "&b;&b;&b;">]>',
            "&x;",
        ),
    ],
)
def test_document_types_and_entities_are_not_read(server, client, doctype, reference):
    server.play(
        f'{doctype}<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        '<TestDostupnostiResponse xmlns="http://UBY.pcr.cz/WS_UBY"><TestDostupnostiResult>true'
        f"{reference}</TestDostupnostiResult></TestDostupnostiResponse></s:Body></s:Envelope>".encode()
    )

    with pytest.raises(OutcomeUnknown, match="it carries a document type declaration"):
        client.available()


# --- faults

CRASH = (
    "Server was unable to process request. ---> Length cannot be less than zero.\n"
    "Parameter name: length"
)


@pytest.mark.parametrize(
    ("code", "text", "kind"),
    [
        ("s:Chyba běhu programu", CRASH, FaultKind.CRASHED),
        ("s:Chyba běhu programu", "Seznam ubytovaných je prázdný", FaultKind.EMPTY_LIST),
        ("s:Client", "Seznam ubytovaných je prázdný", FaultKind.EMPTY_LIST),
        ("s:Chyba běhu programu", "Nekorektní IDUB", FaultKind.REFUSED),
        ("s:Client", "Nekorektní IDUB", FaultKind.REFUSED),
        (
            "s:Chyba běhu programu",
            "Object reference not set to an instance of an object.",
            FaultKind.CRASHED,
        ),
        (
            "a:ActionNotSupported",
            "The message with Action '' cannot be processed at the receiver",
            FaultKind.UNKNOWN_OPERATION,
        ),
        (
            "a:DeserializationFailed",
            "The formatter threw an exception while trying to deserialize the message",
            FaultKind.UNREADABLE_VALUE,
        ),
        (
            "a:InternalServiceFault",
            "The server was unable to process the request due to an internal error.",
            FaultKind.CRASHED,
        ),
        ("s:MustUnderstand", "", FaultKind.HEADER_NOT_UNDERSTOOD),
        ("s:Server", "jiná chyba", FaultKind.OTHER),
        ("", "", FaultKind.OTHER),
    ],
)
def test_faults(server, client, code, text, kind):
    # HTTP 200 must not make a fault an answer.
    for status in (500, 200):
        server.play_fault(code, text, status)
        with pytest.raises(ServiceFault) as caught:
            client.file_guests(FACILITY, guests(1))

        error = caught.value
        assert (error.faultcode, error.faultstring, error.kind) == (code, text, kind)
        assert str(error) == f"{code}: {text}"
        assert error.batch == guests(1)


# --- what is never sent, and what is never followed


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(server, client, status):
    server.play(status=status, headers=(("Location", "/elsewhere"),), reason="Moved")

    with pytest.raises(MessageRefused) as caught:
        client.file_guests(FACILITY, guests(1))

    error = caught.value
    assert (error.status, error.reason, error.location) == (status, "Moved", "/elsewhere")
    assert str(error) == f"HTTP {status} Moved (sent on to /elsewhere)"
    assert len(server.received) == 1


def test_a_bad_character_in_the_last_batch_stops_the_first_one_too(server, client):
    everyone = guests(40, note="\x00")

    with pytest.raises(InvalidInput) as caught:
        client.file_guests(FACILITY, everyone)

    assert str(caught.value) == "guest 40: note holds U+0000, which XML 1.0 cannot carry"
    assert (caught.value.batch, caught.value.unsent) == ((), everyone)
    assert server.received == []


def test_nobody_listens(unsigned):
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))  # bound, but not listening: connections are refused
        url = f"http://127.0.0.1:{reserved.getsockname()[1]}/ws_uby.svc"
        with (
            UbyportClient(url, "uby-tws1ab45", "Heslo123", session=unsigned) as client,
            pytest.raises(ServiceUnreachable) as caught,
        ):
            client.file_guests(FACILITY, guests(33))

    assert caught.value.filing == Filing()
    assert (caught.value.batch, caught.value.unsent) == (guests(33)[:32], guests(33)[32:])


def test_no_proxy_to_go_through(unsigned):
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        unsigned.proxies = {"http": f"http://127.0.0.1:{reserved.getsockname()[1]}"}
        with (
            UbyportClient("http://x.invalid/", "l", "p", session=unsigned) as client,
            pytest.raises(ServiceUnreachable),
        ):
            client.available()


def test_a_proxy_that_lets_nobody_through(server, unsigned):
    unsigned.proxies = {"https": server.url}  # it answers CONNECT with 501
    with (
        UbyportClient("https://ubyport.invalid/", "l", "p", session=unsigned) as client,
        pytest.raises(ServiceUnreachable, match="Tunnel connection failed: 501"),
    ):
        client.available()

    assert server.received == []


def test_no_such_host(unsigned, monkeypatch):
    def unknown(*address: object, **options: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    url = "http://ubyport.invalid/ws_uby.svc"
    with (
        UbyportClient(url, "l", "p", session=unsigned) as client,
        pytest.raises(ServiceUnreachable),
    ):
        client.available()


def test_no_answer_in_time_is_an_unknown_outcome(server, unsigned):
    server.play(never=True)
    with (
        UbyportClient(server.url, "l", "p", session=unsigned, timeout=(5, 0.05)) as client,
        pytest.raises(OutcomeUnknown, match=r"may have left: .*read timeout=0\.05"),
    ):
        client.file_guests(FACILITY, guests(1))


@pytest.mark.parametrize("url", ["ubyport.pcr.cz/ws", "ftp://ubyport.pcr.cz/", "https:///x", ""])
def test_an_address_of_another_kind_is_refused_at_the_door(url):
    with pytest.raises(ValueError, match=re.escape(f"of ws_uby.svc, not {url!r}")):
        UbyportClient(url, "l", "p")


@pytest.mark.parametrize(
    "error",
    [
        ServiceFault("s:Client", "ne"),
        MessageRefused(302, "Found", "/x"),
        OutcomeUnknown("cut", b"<"),
        LoginRefused("no"),
    ],
)
def test_errors_survive_a_process_boundary_with_what_they_carry(error):
    error.batch = guests(1)

    copy = pickle.loads(pickle.dumps(error))

    assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))
