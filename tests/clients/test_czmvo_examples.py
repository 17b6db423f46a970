"""The exchanges that the manual prints: answers byte for byte, requests member by member."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from podatelna_client.czmvo import (
    STANDARD_PROCESSING,
    Alert,
    AlertFile,
    AlertState,
    CannedMessage,
    ConnectionCheck,
    CzmvoClient,
    DeletedException,
    Deletion,
    ExceptionCheck,
    ExceptionRecord,
    ExceptionState,
    Head,
    Import,
    ImportedLine,
    Level3Alert,
    Message,
    MessageEdit,
    NewException,
    Note,
    NoteChange,
    ReopenReason,
    StatePage,
    TypeState,
    codes,
)
from tests.clients.ams import Ams

LOCATION = "858d085f-324a-4938-a796-333bfac94f05"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00"


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]  # as many as there are


def ok(result: str) -> bytes:
    return ('{"status":"ok","code":0,"message":"OK","result":' + result + "}").encode()


@dataclass(frozen=True)
class Example:
    """A printed exchange: how the client is asked, what it sends, what comes back."""

    call: Callable[[CzmvoClient], Any]
    request: str
    answer: bytes
    value: Any
    method: str = "GET"
    path: str = "alerts/"
    version: str = "2.0"


BLOCKED = (
    b'{"status":"error","code":40,"message":"Akce nad skupinou nelze prov\\u00e9st","result":'
    b'{"uprc":["CZ-0VR-Y94-KK5-6FJ","CZ-1VR-Y94-KK5-6FI"]}}'
)
ALERT = Alert(
    uprc="CZ-0VR-Y94-KK5-6FJ",
    created=utc(2022, 7, 16, 7, 50, 4),
    product_code="08595116521485",
    state_id=1,
    state="Nový",
    last_message_id=20,
    description="Nový",
)
MESSAGES = ok(
    '{"messages":[{"id":"19","parent":"0","uprc":"CZ-0VR-Y94-KK5-6FJ","created":'
    '"2022-07-06 10:45:59","changed":"2022-07-06 10:45:59","subject":"info","message":"Uplne ok",'
    '"isfile":false,"public":false,"fromme":true},{"id":"20","parent":"19","uprc":'
    '"CZ-0VR-Y94-KK5-6FJ","created":"2022-07-06 10:59:06","changed":"2022-07-06 10:59:06",'
    '"subject":"Re: info","message":"Fajn","isfile":false,"public":true,"fromme":false}]}'
)
FIRST = Message(
    id=19,
    parent=None,
    uprc="CZ-0VR-Y94-KK5-6FJ",
    created=utc(2022, 7, 6, 10, 45, 59),
    changed=utc(2022, 7, 6, 10, 45, 59),
    subject="info",
    text="Uplne ok",
    has_file=False,
    public=False,
    from_me=True,
)
SECOND = Message(
    id=20,
    parent=19,
    uprc="CZ-0VR-Y94-KK5-6FJ",
    created=utc(2022, 7, 6, 10, 59, 6),
    changed=utc(2022, 7, 6, 10, 59, 6),
    subject="Re: info",
    text="Fajn",
    has_file=False,
    public=True,
    from_me=False,
)
E10_DESCRIPTION = (
    "Nová výstraha - výsledek investigace NOOL případně v poli „Předanalýza - automatická“. Balení "
    "mějte v karanténě. Pokud se ale domníváte, že se jedná o odstranitelnou chybu na vaší straně, "
    "po odstranění problému se můžete pokusit o opětovnou verifikaci. Pokud bylo následné ověření "
    "úspěšné, lze LP vydat, a alert můžete v AMS uzavřít pomocí příslušného stavu."
)
TYPE_STATE = {
    "type_state": "Informace MAH",
    "type_state_description": "Požadovány dodatečné informace od uživatele",
}
E10 = ok(
    r'{"pages":1,"currentPage":1,"alerts":[{"uprc":"CZ-KSR-RLB-6MF-E8C-8RT","created":'
    r'"2022-05-05 11:07:00","productcode":"08594175410327","stateid":1,"state":'
    r'"01a - Nov\u00fd - transakce KU","lastmessageid":0,"statedescription":'
    r'"Nov\u00e1 v\u00fdstraha - v\u00fdsledek investigace NOOL p\u0159\u00edpadn\u011b v poli '
    r"\u201eP\u0159edanal\u00fdza - automatick\u00e1\u201c. Balen\u00ed m\u011bjte v "
    r"karant\u00e9n\u011b. Pokud se ale domn\u00edv\u00e1te, \u017ee se jedn\u00e1 o "
    r"odstranitelnou chybu na va\u0161\u00ed stran\u011b, po odstran\u011bn\u00ed probl\u00e9mu se "
    r"m\u016f\u017eete pokusit o op\u011btovnou verifikaci. Pokud bylo n\u00e1sledn\u00e9 "
    r"ov\u011b\u0159en\u00ed \u00fasp\u011b\u0161n\u00e9, lze LP vydat, a alert m\u016f\u017eete v "
    r"AMS uzav\u0159\u00edt pomoc\u00ed p\u0159\u00edslu\u0161n\u00e9ho stavu."
    r'","typestate":"Informace MAH","typestatedescription":'
    r'"Po\u017eadov\u00e1ny dodate\u010dn\u00e9 informace od u\u017eivatele"}]}'
)
E13_MAH = ok(
    r'{"states":[{"id":1,"name":"Nov\u00fd","externalcode":"01","finalstate":false},'
    r'{"id":"5","name":"V \u0159e\u0161en\u00ed","externalcode":"#","finalstate":false},'
    r'{"id":"3","name":"Uzav\u0159en\u00fd","externalcode":"06a,06b,06c","finalstate":true},'
    r'{"id":"6","name":"Odlo\u017een\u00fd","externalcode":"","finalstate":false},'
    r'{"id":"7","name":"Chyba import na callcentrum","externalcode":"CALLFAIL","finalstate":false}'
    "]}"
)
E13_END_USER = ok(
    r'{"states":[{"id":1,"name":"01a - Nov\u00fd - transakce KU","externalcode":"01a",'
    r'"finalstate":false,"settingallowed":false,"description":"...","typestate":"Informace MAH",'
    r'"typestatedescription":"Po\u017eadov\u00e1ny dodate\u010dn\u00e9 informace od '
    r'u\u017eivatele"}]}'
)
E14 = ok(
    r'{"requests":[{"id":1,"name":"Fotka","text":"\u017d\u00e1d\u00e1me o zasl\u00e1n\u00ed fota '
    r'obalu LP, s \u010diteln\u00fdm 2D k\u00f3dem"},{"id":2,"name":"Fotka EAN","text":"\u017d'
    r"\u00e1d\u00e1me o zasl\u00e1n\u00ed fota obalu LP, s \u010diteln\u00fdm 2D k\u00f3dem. "
    r"Nafotte pros\u00edm i vizu\u00e1ln\u011b \u010diteln\u00e9 \u00fadaje (EAN, \u0161ar\u017ee, "
    r'SN, datum exspirace, apod.)"}]}'
)
E20 = ok(
    '{"alalerts":[{"uprc":"CZ-858d085f-324a-4938-a796-333bfac94f05-000001","created":'
    '"2022-10-19 07:48:04","productcode":"18901138057340","stateid":6},{"uprc":'
    '"CZ-858d085f-324a-4938-a796-333bfac94f05-000002","created":"2022-10-19 07:48:38",'
    '"productcode":"18901138057340","stateid":6}]}'
)
LEVEL_3 = (
    Level3Alert(
        uprc=f"CZ-{LOCATION}-000001",
        created=utc(2022, 10, 19, 7, 48, 4),
        product_code="18901138057340",
        state_id=6,
    ),
    Level3Alert(
        uprc=f"CZ-{LOCATION}-000002",
        created=utc(2022, 10, 19, 7, 48, 38),
        product_code="18901138057340",
        state_id=6,
    ),
)
NOTE = ok(
    '{"note":"Test note","uprc":"CZ-LD8-F79-ABY-PFC-5J0","private":false,'
    '"changed":"2022-01-12 11:13:42"}'
)
TEST_NOTE = Note(
    uprc="CZ-LD8-F79-ABY-PFC-5J0",
    text="Test note",
    private=False,
    changed=utc(2022, 1, 12, 11, 13, 42),
)
STORED = ok(
    '{"products":[{"lineNo":1,"productCode":"0123456789","batch":"123456","validity":null,'
    '"state":1,"ID":1,"errorCode":0,"errorText":""}],"count":0}'
)
LINE = ImportedLine(
    line=1, product_code="0123456789", batch="123456", validity=None, state_id=1, id=1
)
TWO = ok('{"uprc":["CZ-0VR-YE5-C1N-KLM","CZ-0VR-YE5-VS7-BXP"]}')
BOTH = ("CZ-0VR-YE5-C1N-KLM", "CZ-0VR-YE5-VS7-BXP")
TWENTY_TWO = ok('{"id":22}')

EXAMPLES = {
    "E7 verify": Example(
        lambda service: service.verify_connection(),
        "",
        ok(
            '{"method":"GET","module":"alerts","environment":"production","auth":"Regular",'
            '"userrole":"Enduser","state":true}'
        ),
        ConnectionCheck(
            method="GET",
            module="alerts",
            environment="production",
            auth="Regular",
            role="Enduser",
            ok=True,
        ),
        path="alerts/?connection=verify",
    ),
    "E8 state": Example(
        lambda service: service.list_states(
            1,
            uprc="CZ-0VG-ZZW-5BU-LZP",
            latest=True,
            created_from=utc(2022, 8, 6),
            created_to="2022-08-13 00:00:00",
            changed_from=utc(2022, 8, 4),
            state=1,
        ),
        '{"list":"state","uprc":"CZ-0VG-ZZW-5BU-LZP","latest":true,'
        '"createdFrom":"2022-08-06 00:00:00","createdTo":"2022-08-13 00:00:00",'
        '"changedFrom":"2022-08-04 00:00:00","state":1,"page":1}',
        ok(
            '{"alerts":[{"uprc":"CZ-0VR-Y94-KK5-6FJ","created":"2022-07-16 07:50:04",'
            r'"productcode":"08595116521485","stateid":1,"state":"Nov\u00fd",'
            r'"lastmessageid":"20","statedescription":"Nov\u00fd"}]}'
        ),
        StatePage((ALERT,), pages=1, current=1),
    ),
    "E9 pages": Example(
        lambda service: service.count_pages(),
        '{"list":"state","page":-1}',
        ok('{"pages":3,"currentPage":0}'),
        3,
    ),
    "E10 state for an end user": Example(
        lambda service: service.list_states(),
        '{"list":"state"}',
        E10,
        StatePage(
            (
                Alert(
                    uprc="CZ-KSR-RLB-6MF-E8C-8RT",
                    created=utc(2022, 5, 5, 11, 7),
                    product_code="08594175410327",
                    state_id=1,
                    state="01a - Nový - transakce KU",
                    last_message_id=None,
                    description=E10_DESCRIPTION,
                    **TYPE_STATE,
                ),
            ),
            pages=1,
            current=1,
        ),
    ),
    "E11 messages since": Example(
        lambda service: service.messages(changed_from=utc(2022, 7, 6, 12)),
        '{"list":"messages","changedFrom":"2022-07-06 12:00:00"}',
        MESSAGES,
        (FIRST, SECOND),
    ),
    "E11 messages of an alert": Example(
        lambda service: service.messages("CZ-0VG-ZZW-5BU-LZP"),
        '{"list":"messages","uprc":"CZ-0VG-ZZW-5BU-LZP"}',
        MESSAGES,
        (FIRST, SECOND),
    ),
    "E11 one message": Example(
        lambda service: service.messages(message_id=20),
        '{"list":"messages","id":"20"}',
        MESSAGES,
        (FIRST, SECOND),
    ),
    "E12 file": Example(
        lambda service: service.file(21),
        '{"list":"file","id":"21"}',
        # The printed base64 is cut short; this one is whole, with the escapes of the printed one.
        ok(r'{"filename":"xxx.pdf","filedata":"JVBERi0xLjcK\/\/\/\/"}'),
        AlertFile("xxx.pdf", b"%PDF-1.7\n\xff\xff\xff"),
    ),
    "E13 states for a MAH": Example(
        lambda service: service.alert_states(),
        '{"list":"enumState"}',
        E13_MAH,
        (
            AlertState(id=1, name="Nový", external_code="01", final=False),
            AlertState(id=5, name="V řešení", external_code="#", final=False),
            AlertState(id=3, name="Uzavřený", external_code="06a,06b,06c", final=True),
            AlertState(id=6, name="Odložený", external_code="", final=False),
            AlertState(
                id=7, name="Chyba import na callcentrum", external_code="CALLFAIL", final=False
            ),
        ),
    ),
    "E13 states for an end user": Example(
        lambda service: service.alert_states(),
        '{"list":"enumState"}',
        E13_END_USER,
        (
            AlertState(
                id=1,
                name="01a - Nový - transakce KU",
                external_code="01a",
                final=False,
                settable=False,
                description="...",
                **TYPE_STATE,
            ),
        ),
    ),
    "E14 canned messages": Example(
        lambda service: service.canned_messages(),
        '{"list":"enumRequest"}',
        E14,
        (
            CannedMessage(
                id=1, name="Fotka", text="Žádáme o zaslání fota obalu LP, s čitelným 2D kódem"
            ),
            CannedMessage(
                id=2,
                name="Fotka EAN",
                text="Žádáme o zaslání fota obalu LP, s čitelným 2D kódem. Nafotte prosím i "
                "vizuálně čitelné údaje (EAN, šarže, SN, datum exspirace, apod.)",
            ),
        ),
    ),
    "E15 group": Example(
        lambda service: service.group("CZ-0VR-YE5-C1N-KLM"),
        '{"list":"group","uprc":"CZ-0VR-YE5-C1N-KLM"}',
        TWO,
        BOTH,
    ),
    "E16 reasons": Example(
        lambda service: service.reopen_reasons(),
        '{"list":"enumReopenReason"}',
        ok(r'{"reasons":[{"id":1,"name":"Chybn\u011b uzav\u0159eno"}]}'),
        (ReopenReason(1, "Chybně uzavřeno"),),
    ),
    "E17 own note": Example(
        lambda service: service.note("CZ-LD8-F79-ABY-PFC-5J0"),
        '{"list":"note","uprc":"CZ-LD8-F79-ABY-PFC-5J0"}',
        NOTE,
        TEST_NOTE,
    ),
    "E17 note of the MAH": Example(
        lambda service: service.note("CZ-LD8-F79-ABY-PFC-5J0", "mah"),
        '{"list":"note","uprc":"CZ-LD8-F79-ABY-PFC-5J0","from":"mah"}',
        NOTE,
        TEST_NOTE,
    ),
    "E18 type states": Example(
        lambda service: service.type_states(),
        '{"list":"enumTypeState"}',
        ok(r'{"typestates":[{"name":"N","description":"Neprov\u00e1d\u011bt nic"}]}'),
        (TypeState("N", "Neprovádět nic"),),
    ),
    "E19 counter": Example(
        lambda service: service.level3_counter(LOCATION),
        f'{{"list":"alcounter","location":"{LOCATION}"}}',
        ok('{"counter":2}'),
        2,
        version="1.0",
    ),
    "E20 level 3": Example(
        lambda service: service.level3_alerts(LOCATION),
        f'{{"list":"alalerts","location":"{LOCATION}"}}',
        E20,
        LEVEL_3,
        version="1.0",
    ),
    "E20 level 3 from a number": Example(
        lambda service: service.level3_alerts(LOCATION, 2),
        f'{{"list":"alalerts","location":"{LOCATION}","from":2}}',
        E20,
        LEVEL_3,
        version="1.0",
    ),
    "E21 canned": Example(
        lambda service: service.send_canned("CZ-0VR-Y94-KK5-6FJ", 1),
        '{"uprc":"CZ-0VR-Y94-KK5-6FJ","public":true,"id_request":1}',
        TWENTY_TWO,
        22,
        method="POST",
    ),
    "E21 plain": Example(
        lambda service: service.send_message("CZ-0VR-Y94-KK5-6FJ", "test", "test"),
        '{"uprc":"CZ-0VR-Y94-KK5-6FJ","public":true,"subject":"test","message":"test"}',
        TWENTY_TWO,
        22,
        method="POST",
    ),
    "E21 reply": Example(
        lambda service: service.reply(20, "Re: Re: info", "test", uprc="CZ-0VR-Y94-KK5-6FJ"),
        '{"uprc":"CZ-0VR-Y94-KK5-6FJ","public":true,"id_parent":20,"subject":"Re: Re: info",'
        '"message":"test"}',
        TWENTY_TWO,
        22,
        method="POST",
    ),
    "E21 file": Example(
        lambda service: service.send_file(
            "CZ-0VR-Y94-KK5-6FJ",
            "test.png",
            PNG,
            public=False,
            subject="Re: Re: info",
            message="test",
        ),
        '{"uprc":"CZ-0VR-Y94-KK5-6FJ","public":false,"subject":"Re: Re: info","message":"test",'
        f'"file":"{base64.b64encode(PNG).decode()}","filename":"test.png"}}',
        TWENTY_TWO,
        22,
        method="POST",
    ),
    "E22 edit": Example(
        lambda service: service.edit_message(22, public=True, subject="TEST"),
        '{"id":22,"public":true,"subject":"TEST"}',
        ok('{"id":22,"changed":"2019-08-06 15:36:35"}'),
        MessageEdit(22, utc(2019, 8, 6, 15, 36, 35)),
        method="PUT",
    ),
    "E23 one state": Example(
        lambda service: service.set_state("CZ-0VR-YE5-VS7-BXP", 5, group=False),
        '{"uprc":"CZ-0VR-YE5-VS7-BXP","state":5,"group":false}',
        TWO,
        BOTH,
        method="PUT",
    ),
    "E23 state of a group": Example(
        lambda service: service.set_state("CZ-0VR-YE5-VS7-BXP", 5, group=True),
        '{"uprc":"CZ-0VR-YE5-VS7-BXP","state":5,"group":true}',
        TWO,
        BOTH,
        method="PUT",
    ),
    "E23 states of a list": Example(
        lambda service: service.set_state(["CZ-0VR-YE5-VS7-BXP", "CZ-0VR-YE5-C1N-KLM"], 5),
        '{"uprc":["CZ-0VR-YE5-VS7-BXP","CZ-0VR-YE5-C1N-KLM"],"state":5}',
        TWO,
        BOTH,
        method="PUT",
    ),
    "E23 standard processing": Example(
        lambda service: service.set_state("CZ-0VR-YE5-VS7-BXP", STANDARD_PROCESSING, group=False),
        '{"uprc":"CZ-0VR-YE5-VS7-BXP","state":-1,"group":false}',
        TWO,
        BOTH,
        method="PUT",
    ),
    "E24 set a note": Example(
        lambda service: service.set_note("CZ-LD8-F79-YBY-PFC-5J0", "TEST NOTE"),
        '{"uprc":"CZ-LD8-F79-YBY-PFC-5J0","private":true,"note":"TEST NOTE"}',
        ok('{"uprc":"CZ-LD8-F79-YBY-PFC-5J0","changed":"2022-01-12 10:43:06"}'),
        NoteChange("CZ-LD8-F79-YBY-PFC-5J0", utc(2022, 1, 12, 10, 43, 6)),
        method="PUT",
    ),
    "E25 delete a message": Example(
        lambda service: service.delete_message(22),
        '{"id":22}',
        TWENTY_TWO,
        22,
        method="DELETE",
    ),
    "E26 delete a note": Example(
        lambda service: service.delete_note("CZ-LD8-F79-YBY-PFC-5J0"),
        '{"note":"CZ-LD8-F79-YBY-PFC-5J0"}',
        ok('{"uprc":"CZ-LD8-F79-YBY-PFC-5J0"}'),
        "CZ-LD8-F79-YBY-PFC-5J0",
        method="DELETE",
    ),
    "E27 states of exceptions": Example(
        lambda service: service.exception_states(),
        '{"list":"enumState"}',
        ok(
            r'{"states":[{"code":"NO","name":"Uzav\u0159eno - MAH - nelze opravit"},'
            r'{"code":"OP","name":"Uzav\u0159eno - MAH - opraveno"}]}'
        ),
        (
            ExceptionState("NO", "Uzavřeno - MAH - nelze opravit"),
            ExceptionState("OP", "Uzavřeno - MAH - opraveno"),
        ),
        path="filter/",
    ),
    "E28 exceptions": Example(
        lambda service: service.exceptions("kod", "", [1, 2, 3]),
        '{"list":"product","productCode":"kod","batch":"","id":[1,2,3]}',
        ok('{"products":[],"count":0}'),
        (),
        path="filter/",
    ),
    "E29 verify an exception": Example(
        lambda service: service.verify_exception("08594158891136", "1"),
        '{"list":"verify","productCode":"08594158891136","batch":"1"}',
        ok(
            '{"isException":true,"info":{"id":41,"productCode":"08594158891136","batch":null,'
            r'"stateId":1,"state":"Nov\u00fd"}}'
        ),
        ExceptionCheck(
            True,
            ExceptionRecord(
                id=41, product_code="08594158891136", batch=None, state_id=1, state="Nový"
            ),
        ),
        path="filter/",
    ),
    "E30 one exception": Example(
        lambda service: service.add_exception("0123456789", "123456", date(2019, 4, 30), "OP"),
        '{"validity":"2019-04-30","state":"OP","productCode":"0123456789","batch":"123456"}',
        STORED,
        Import((LINE,), 0),
        method="POST",
        path="filter/",
    ),
    "E30 many exceptions": Example(
        lambda service: service.import_exceptions(
            [NewException(product_code="0123456789", batch="123456")], state="NO"
        ),
        '{"validity":null,"state":"NO","csv":"IkvDs2QgcHJvZHVrdHUiLCLFoGFyxb5lIiwiUGxhdG5vc3QiLCJTd'
        'GF2Ig0KIjAxMjM0NTY3ODkiLCIxMjM0NTYiLCIiLCIiDQo="}',
        STORED,
        Import((LINE,), 0),
        method="POST",
        path="filter/",
    ),
    "E31 delete exceptions": Example(
        lambda service: service.delete_exceptions("0123456789", "123456", [1, 2]),
        '{"productCode":"0123456789","batch":"123456","id":[1,2]}',
        ok('{"affected":1,"deleted":[{"id":"2","productCode":"0123456789","batch":"123456"}]}'),
        Deletion(1, (DeletedException(2, "0123456789", "123456"),)),
        method="DELETE",
        path="filter/",
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_printed_exchange(ams: Ams, name: str) -> None:
    example = EXAMPLES[name]
    service = ams.client(example.version)
    if example.version != "1.0":
        ams.play_token()
    ams.play(example.answer)

    assert example.call(service) == example.value
    assert (ams.last.method, ams.paths[-1]) == (example.method, example.path)
    assert ams.last.body.decode() == example.request


def test_e1_headers_of_every_answer(ams: Ams) -> None:
    ams.play_ok(
        {"counter": 2},
        headers=(
            ("amscz-version", "2.1"),
            ("amscz-supported-versions", "2.0,2.1"),
            ("amscz-deprecated-versions", "1.0"),
        ),
    )
    service = ams.v1
    assert service.head == Head()
    service.level3_counter(LOCATION)
    assert service.head == Head(200, "2.1", ("2.0", "2.1"), ("1.0",))


def test_e2_a_request_of_version_1(ams: Ams) -> None:
    ams.play(E13_MAH)
    assert len(ams.v1.alert_states()) == 5
    headers = ams.last.headers
    assert (ams.last.method, ams.last.path) == ("GET", "/t/alerts/")
    assert headers["authorization"] == "Basic TE9HSU46UEFTU1dPUkQ="
    assert headers["content-type"] == headers["accept"] == "application/json"
    assert "amscz-version" not in headers
    assert ams.last.body == b'{"list":"enumState"}'


def test_e3_a_request_of_version_2(ams: Ams) -> None:
    ams.play_token("eyJtc2ciOiJUYWR5IGplIG7Em2tkbyB6dsSbZGF2w70i...")
    ams.play(MESSAGES)
    service = ams.client(language="en", parameters="url", user_agent="Client 1.0")
    assert service.messages(changed_from=utc(2021, 7, 6, 12)) == (FIRST, SECOND)
    assert ams.last.path == "/t/alerts/?list=messages&changedFrom=2021-07-06+12%3A00%3A00"
    assert ams.last.body == b""
    wanted = {
        "user-agent": "Client 1.0",
        "amscz-version": "2.0",
        "authorization": "Bearer eyJtc2ciOiJUYWR5IGplIG7Em2tkbyB6dsSbZGF2w70i...",
        "accept-language": "en",
        "accept": "application/json",
    }
    assert {name: ams.last.headers.get(name) for name in wanted} == wanted
    assert "content-type" not in ams.last.headers


def test_e4_a_token(ams: Ams) -> None:
    ams.play(
        b'{\n  "access_token": "eyJtc2ciOiJUYWR5IGplIG7Em2tkbyB6dsSbZGF2w70i...",\n'
        b'  "expires_in": 1800,\n  "token_type": "Bearer"\n}'
    )
    service = ams.client(user_agent="Client 1.0")
    bearer = "Bearer eyJtc2ciOiJUYWR5IGplIG7Em2tkbyB6dsSbZGF2w70i..."
    assert service.authorization() == bearer
    request = ams.last
    assert (request.method, request.path) == ("POST", "/t/auth/token/")
    assert request.body == b"grant_type=client_credentials&client_id=id&client_secret=secret"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert request.headers["cache-control"] == "no-store"
    assert request.headers["user-agent"] == "Client 1.0"
    assert "authorization" not in request.headers


def test_e5_an_empty_result_says_enough_to_nobody_who_needs_more(ams: Ams) -> None:
    ams.play(b'{"status":"ok","code":0,"message":"OK","result":{}}')
    with pytest.raises(Exception, match="/uprc is missing"):
        ams.v1.group("CZ-0VR-YE5-C1N-KLM")


@pytest.mark.parametrize(
    "call",
    [
        lambda service: service.send_canned("CZ-0VR-Y94-KK5-6FJ", 1, group=True),
        lambda service: service.set_state("CZ-0VR-YE5-VS7-BXP", 5, group_a=True),
    ],
)
def test_e21_and_e23_a_group_that_is_blocked(ams: Ams, call: Callable[[CzmvoClient], Any]) -> None:
    ams.play_token()
    ams.play(BLOCKED, status=405)
    with pytest.raises(codes.GroupBlocked) as caught:
        call(ams.client())
    error = caught.value
    assert error.blocking == ("CZ-0VR-Y94-KK5-6FJ", "CZ-1VR-Y94-KK5-6FI")
    assert (error.code, error.status, error.message) == (40, 405, "Akce nad skupinou nelze provést")
    assert str(error) == (
        "code 40 (HTTP 405): Akce nad skupinou nelze provést "
        "(CZ-0VR-Y94-KK5-6FJ, CZ-1VR-Y94-KK5-6FI)"
    )
