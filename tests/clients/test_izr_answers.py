"""What the IZR client makes of answers."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from podatelna_client.izr import (
    SHEEP,
    Accepted,
    AnimalDetail,
    CodeList,
    CodeRow,
    Detail,
    EventReport,
    Holding,
    HoldingChanges,
    IzrClient,
    KeptAnimal,
    LogEntry,
    Move,
    TagOrder,
    TagOrderLine,
    UnreadableAnswer,
)
from tests.clients.epo import HOLDING, Epo, answered

TAG = "CZ0000012345126"
DAY = date(2025, 5, 2)
MOVE = Move(holding=HOLDING, animals=())
PRAGUE = ZoneInfo("Europe/Prague")
AT = datetime(2025, 5, 2, 8, 0, 1, 234567, timezone(timedelta(hours=2)))

LOG = """<ChybnikyBResult><SZRID>1000000001</SZRID><PROVOZOVNA>12345678</PROVOZOVNA>
<DRUHZVIRETE><NAZEVDRUHU>OVC</NAZEVDRUHU>
 <DATUMZPRACOVANI><DATUMZPRACOVANI>2025-05-02T21:00:00</DATUMZPRACOVANI>
  <RADKY><PORADI>1</PORADI><KODCHYBY>72</KODCHYBY><ZAVAZNOST>TvrdaChyba</ZAVAZNOST>
   <DATUMHLASENI>02.05.2025</DATUMHLASENI><ZVIRE>CZ0000012345126</ZVIRE>
   <MATKA>CZ0000012345127</MATKA><PROVOZOVNA>87654321</PROVOZOVNA><ZEME>XX</ZEME>
   <TEXTCHYBY>Osoba nenalezena.</TEXTCHYBY><KODPOHYBU>70</KODPOHYBU></RADKY>
  <RADKY><PORADI>2</PORADI><ZAVAZNOST>MekkaChyba</ZAVAZNOST><TEXTCHYBY>t</TEXTCHYBY></RADKY>
 </DATUMZPRACOVANI>
 <DATUMZPRACOVANI><DATUMZPRACOVANI>2025-05-03T21:00:00</DATUMZPRACOVANI></DATUMZPRACOVANI>
</DRUHZVIRETE>
<DRUHZVIRETE><NAZEVDRUHU>KOZ</NAZEVDRUHU>
 <DATUMZPRACOVANI><DATUMZPRACOVANI>2025-05-02T21:00:00</DATUMZPRACOVANI>
  <RADKY><PORADI>1</PORADI><KODCHYBY>7</KODCHYBY><ZAVAZNOST>TvrdaChyba</ZAVAZNOST>
   <TEXTCHYBY>u</TEXTCHYBY></RADKY></DATUMZPRACOVANI></DRUHZVIRETE></ChybnikyBResult>"""
ENTRY = LogEntry(
    species="OVC",
    processed=datetime(2025, 5, 2, 21, tzinfo=PRAGUE),
    number=1,
    severity="TvrdaChyba",
    text="Osoba nenalezena.",
    code="72",
    reported="02.05.2025",
    tag=TAG,
    mother="CZ0000012345127",
    holding="87654321",
    country="XX",
    movement_code=70,
)
ANIMALS = """<ZvirataBResult><PROVOZOVNA><CZ>12345678</CZ>
<STAJ><CISLO>01</CISLO><DRUH><NAZEVDRUHU>OVC</NAZEVDRUHU>
 <ZVIRE><USNIZNAMKA>CZ0000012345126</USNIZNAMKA><POHLAVI>F</POHLAVI><PLEMENO>S100</PLEMENO>
  <HOSPODARSTVINAROZENI>12345678</HOSPODARSTVINAROZENI><DUVODZAVEDENI>21</DUVODZAVEDENI>
  <DOJENYSTATUT>N</DOJENYSTATUT><CISLOMATKY>m</CISLOMATKY><CISLOOTCE>f</CISLOOTCE>
  <PRIZNAK>*</PRIZNAK></ZVIRE></DRUH><DRUH><NAZEVDRUHU>KOZ</NAZEVDRUHU></DRUH></STAJ>
<STAJ><DRUH><NAZEVDRUHU>KOZ</NAZEVDRUHU><ZVIRE><USNIZNAMKA>CZ0000012345186</USNIZNAMKA>
 <POHLAVI>M</POHLAVI><DUVODZAVEDENI>30</DUVODZAVEDENI><DOJENYSTATUT>X</DOJENYSTATUT></ZVIRE>
</DRUH></STAJ></PROVOZOVNA><PROVOZOVNA><CZ>87654321</CZ></PROVOZOVNA></ZvirataBResult>"""
DETAILS = """<ZvireDetailResult><USNIZNAMKY><USNIZNAMKA>CZ0000012345126</USNIZNAMKA>
<DRUHZVIRETE>OVC</DRUHZVIRETE><POHLAVI>Samice</POHLAVI><PLEMENO>S</PLEMENO>
<DATUMNAROZENI>2020-01-01T00:00:00</DATUMNAROZENI>
<POLOHY><PROVOZOVNA>12345678</PROVOZOVNA><DATUMDO/></POLOHY></USNIZNAMKY></ZvireDetailResult>"""
ORDERS = """<ObjednaneUsniZnamkyResult><Provozovna>12345678</Provozovna>
<DruhZvirete><NazevDruhu>OVC</NazevDruhu><Objednavky><DatumPrijeti>2025-01-07T00:00:00</DatumPrijeti>
<VyrobceSZRID>1000000009</VyrobceSZRID><Poradi>5</Poradi><NazevSubjektu>F</NazevSubjektu>
<Poznamka>p</Poznamka><KontaktniTelefon>1</KontaktniTelefon><Radky><Pocet>10</Pocet>
<UzOd>CZ0000012345126</UzOd><UzDo>CZ0000012354126</UzDo><ZbyvaZnamek>9</ZbyvaZnamek>
<Pohlavi>F</Pohlavi><BarvaZnamky>Z</BarvaZnamky></Radky></Objednavky></DruhZvirete>
<DruhZvirete><NazevDruhu>KOZ</NazevDruhu></DruhZvirete></ObjednaneUsniZnamkyResult>"""
HOLDINGS = """<ProvozovnyResult><PROVOZOVNY><REGCIS>12345678</REGCIS><NAZEV>Statek</NAZEV>
<TYPPROVOZOVNY>H</TYPPROVOZOVNY><DATUMPOSLEDNIZMENY>2025-01-01T10:00:00</DATUMPOSLEDNIZMENY>
<ZRUSENIREGISTRACE>2025-02-01T00:00:00+01:00</ZRUSENIREGISTRACE></PROVOZOVNY>
<PROVOZOVNY><REGCIS>87654321</REGCIS><NAZEV xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
xsi:nil="true"/></PROVOZOVNY><DATUM>2025-05-01T00:00:00</DATUM></ProvozovnyResult>"""
TWO_HOLDINGS = (
    Holding(
        number="12345678",
        name="Statek",
        type="H",
        changed=datetime(2025, 1, 1, 10, tzinfo=PRAGUE),
        cancelled=datetime(2025, 1, 31, 23, tzinfo=UTC),
    ),
    Holding(number="87654321"),
)
LISTS = """<CiselnikZviratResult><CISELNIKY><NAZEV>POHLAVI</NAZEV><POLOZKY><KOD>M</KOD>
<POPIS>Samec</POPIS></POLOZKY><POLOZKY><KOD>F</KOD><POPIS>Samice</POPIS>
<DRUHZVIRETE>OVC</DRUHZVIRETE><DATUMOD>2010-01-01T00:00:00</DATUMOD>
<DATUMDO>2020-01-01T00:00:00</DATUMDO></POLOZKY></CISELNIKY>
<CISELNIKY><NAZEV>KRAJE</NAZEV></CISELNIKY></CiselnikZviratResult>"""

Asked = Callable[[IzrClient], Any]
READ: dict[str, tuple[str, Asked, str, Any]] = {
    "verify_move": (
        "IZR_ODH01B",
        lambda client: client.verify_move(MOVE),
        "<AnyNameResult>true</AnyNameResult>",
        Accepted(sid="SID-1", request_id="", at=AT),
    ),
    "submit_events": (
        "IZR_OZO01A",
        lambda client: client.submit_events(SHEEP, EventReport(holding=HOLDING, events=())),
        "<X> 1 </X>",
        Accepted(sid="SID-1", request_id="", at=AT),
    ),
    "logs": (
        "IZR_CHIZZ01B",
        lambda client: client.logs(DAY),
        LOG,
        (
            ENTRY,
            LogEntry(
                species="OVC",
                processed=ENTRY.processed,
                number=2,
                severity="MekkaChyba",
                text="t",
            ),
            LogEntry(
                species="KOZ",
                processed=ENTRY.processed,
                number=1,
                severity="TvrdaChyba",
                text="u",
                code="07",
            ),
        ),
    ),
    "last_change_of_logs": (
        "IZR_CHIZZ01B",
        lambda client: client.last_change_of_logs(DAY),
        "<ChybnikyBResult><SZRID>1</SZRID><DATZMENY>2025-05-02T21:00:00</DATZMENY></ChybnikyBResult>",
        datetime(2025, 5, 2, 21, tzinfo=PRAGUE),
    ),
    "no change": (
        "IZR_CHIZZ01B",
        lambda client: client.last_change_of_logs(DAY),
        "<ChybnikyBResult><SZRID>1</SZRID></ChybnikyBResult>",
        None,
    ),
    "animals": (
        "IZR_GAZ01B",
        lambda client: client.animals(),
        ANIMALS,
        (
            KeptAnimal(
                tag=TAG,
                species="OVC",
                holding="12345678",
                stable="01",
                sex="F",
                reason=21,
                dairy_status="N",
                breed="S100",
                birth_holding="12345678",
                mother="m",
                father="f",
                mark="*",
            ),
            KeptAnimal(
                tag="CZ0000012345186",
                species="KOZ",
                holding="12345678",
                stable="",
                sex="M",
                reason=30,
                dairy_status="X",
            ),
        ),
    ),
    "last_change_of_animals": (
        "IZR_GAZ01B",
        lambda client: client.last_change_of_animals(),
        "<ZvirataBResult><DATZMENY>2025-05-02T21:00:00</DATZMENY></ZvirataBResult>",
        datetime(2025, 5, 2, 21, tzinfo=PRAGUE),
    ),
    "animal_details": (
        "IZR_ZVI01A",
        lambda client: client.animal_details([(TAG, SHEEP)]),
        DETAILS,
        (
            AnimalDetail(
                tag=TAG,
                species="OVC",
                sex="Samice",
                breed="S",
                more=(
                    Detail("DATUMNAROZENI", "2020-01-01T00:00:00"),
                    Detail("POLOHY", "", (Detail("PROVOZOVNA", "12345678"), Detail("DATUMDO"))),
                ),
            ),
        ),
    ),
    "ordered_tags": (
        "IZR_OUZ01A",
        lambda client: client.ordered_tags(HOLDING),
        ORDERS,
        (
            TagOrder(
                species="OVC",
                received=datetime(2025, 1, 7, tzinfo=PRAGUE),
                manufacturer=1000000009,
                number=5,
                ordered_by="F",
                note="p",
                phone="1",
                lines=(
                    TagOrderLine(
                        count=10,
                        first=TAG,
                        last="CZ0000012354126",
                        unused=9,
                        sex="F",
                        colour="Z",
                    ),
                ),
            ),
        ),
    ),
    "holdings": ("IZR_PRO01B", lambda client: client.holdings(), HOLDINGS, TWO_HOLDINGS),
    "changed_holdings": (
        "IZR_PRO01A",
        lambda client: client.changed_holdings(),
        HOLDINGS,
        HoldingChanges(TWO_HOLDINGS, datetime(2025, 5, 1, tzinfo=PRAGUE)),
    ),
    "last_change_of_holdings": (
        "IZR_PRO01A",
        lambda client: client.last_change_of_holdings(),
        "<ProvozovnyResult><DATUM>2025-05-01T00:00:00</DATUM></ProvozovnyResult>",
        datetime(2025, 5, 1, tzinfo=PRAGUE),
    ),
    "code_lists": (
        "IZR_GCZ01A",
        lambda client: client.code_lists(),
        LISTS,
        (
            CodeList(
                "POHLAVI",
                (
                    CodeRow(code="M", text="Samec"),
                    CodeRow(
                        code="F",
                        text="Samice",
                        species="OVC",
                        valid_from=datetime(2010, 1, 1, tzinfo=PRAGUE),
                        valid_to=datetime(2020, 1, 1, tzinfo=PRAGUE),
                    ),
                ),
            ),
            CodeList("KRAJE", ()),
        ),
    ),
}
_EMPTY = {"HoldingChanges": HoldingChanges((), None), "tuple": ()}


@pytest.mark.parametrize("name", READ)
def test_answers_become_values(epo: Epo, name: str) -> None:
    service, ask, payload, wanted = READ[name]
    epo.play(service, payload)
    assert ask(epo.client()) == wanted


@pytest.mark.parametrize("name", [name for name in READ if name != "animal_details"])
def test_names_are_read_in_any_case_and_any_namespace(epo: Epo, name: str) -> None:
    service, ask, payload, wanted = READ[name]
    swapped = answered(service, payload).decode()
    for word in ("Result", "PROVOZOVNA", "DATUMZPRACOVANI", "RADKY", "USNIZNAMKA", "KOD"):
        swapped = swapped.replace(f"<{word}>", f"<{word.swapcase()}>")
        swapped = swapped.replace(f"</{word}>", f"</{word.swapcase()}>")
    epo.server.play(swapped.replace(f"http://www.pds.eu/{service}", "urn:other").encode())
    assert ask(epo.client()) == wanted


@pytest.mark.parametrize("name", READ)
def test_a_service_may_have_nothing_to_say(epo: Epo, name: str) -> None:
    service, ask, _, wanted = READ[name]
    epo.play(service, "")
    if isinstance(wanted, Accepted):
        with pytest.raises(UnreadableAnswer, match="the answer holds no result"):
            ask(epo.client())
    else:
        assert ask(epo.client()) == _EMPTY.get(type(wanted).__name__)


def test_the_answer_names_the_request(epo: Epo) -> None:
    header = (
        "<vOKO:ResponseHeader><vOKO:RequestID>sandbox/0001</vOKO:RequestID></vOKO:ResponseHeader>"
    )
    epo.server.play(answered("IZR_ODH01B", "<X>true</X>", header, sid="7c9e"))
    accepted = epo.client().verify_move(MOVE)
    assert accepted == Accepted(sid="7c9e", request_id="sandbox/0001", at=AT)


def test_an_answer_with_nothing_around_the_payload(epo: Epo) -> None:
    bare = (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>'
        '<Response xmlns="http://www.pds.eu/vOKO/v0200" vOKOid="IZR_ODH01B"><ResponseContent>'
        '<x:Response xmlns:x="urn:x"><x:R>true</x:R></x:Response>'
        "</ResponseContent></Response></e:Body></e:Envelope>"
    )
    epo.server.play(bare.encode())
    assert epo.client().verify_move(MOVE) == Accepted(sid="", request_id="", at=None)


def test_hard_and_soft_errors(epo: Epo) -> None:
    epo.play("IZR_CHIZZ01B", LOG)
    assert [entry.hard for entry in epo.client().logs(DAY)] == [True, False, True]


def test_parts_of_a_detail() -> None:
    place = Detail("POLOHY", "", (Detail("PROVOZOVNA", "1"), Detail("PROVOZOVNA", "2")))
    assert (place.part("provozovna"), place.part("STAJ")) == ("1", "")


# --- what is not as the contract says

WRONG: dict[str, tuple[str, str, str, str]] = {
    "false": ("verify_move", "true", "false", "/AnyNameResult is false, which the service never"),
    "no truth": ("verify_move", "true", "yes", "/AnyNameResult is 'yes', not true or false"),
    "two results": ("verify_move", "<AnyNameResult>", "<A/><AnyNameResult>", "2 results instead"),
    "no species": ("logs", "<NAZEVDRUHU>OVC</NAZEVDRUHU>", "", "DRUHZVIRETE/NAZEVDRUHU is missing"),
    "no number": (
        "logs",
        "<PORADI>1<",
        "<PORADI>one<",
        "RADKY/PORADI is 'one', not a whole number",
    ),
    "no day": (
        "logs",
        "2025-05-02T21:00:00",
        "2025-05-02",
        "DATUMZPRACOVANI is '2025-05-02', not a date and time",
    ),
    "no such day": ("logs", "2025-05-02T21:00:00", "2025-02-30T21:00:00", "not a date and time"),
    "two numbers": (
        "logs",
        "<PORADI>1</PORADI>",
        "<PORADI>1</PORADI><PORADI>2</PORADI>",
        "RADKY/PORADI is there 2 times",
    ),
    "nil": (
        "animals",
        "<POHLAVI>F</POHLAVI>",
        '<POHLAVI xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="1"/>',
        "ZVIRE/POHLAVI is missing",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_read(epo: Epo, case: str) -> None:
    name, right, wrong, reason = WRONG[case]
    service, ask, payload, _ = READ[name]
    assert right in payload
    epo.play(service, payload.replace(right, wrong))
    with pytest.raises(UnreadableAnswer, match="HTTP 200 without a readable answer") as caught:
        ask(epo.client())
    assert reason in caught.value.reason
    assert caught.value.repeatable == ("submit" not in name)
    assert caught.value.answer.startswith(b"<?xml")


@pytest.mark.parametrize(
    ("right", "wrong", "reason"),
    [
        ('vOKOid="IZR_ODH01B"', 'vOKOid="IZR_PRO01A"', "it answers the service 'IZR_PRO01A', not"),
        ("vOKO:Response ", "vOKO:Reply ", "Reply is not the gateway's Response"),
        ("<Response xmlns", "<Answer xmlns", "does not hold exactly one Response"),
        ("<vOKO:ResponseContent>", "<vOKO:Content>", "does not hold exactly one Response"),
        ("2025-05-02T08:00:01.2345678+02:00", "now", "/TimeStamp is 'now', not a date and time"),
    ],
)
def test_an_envelope_that_cannot_be_read(epo: Epo, right: str, wrong: str, reason: str) -> None:
    octets = answered("IZR_ODH01B", "<X>true</X>").decode().replace(right, wrong)
    if wrong.startswith("<Answer"):
        octets = octets.replace("</Response>", "</Answer>")
    octets = octets.replace("</vOKO:Response>", "</vOKO:Reply>") if "Reply" in wrong else octets
    if "Content" in wrong:
        octets = octets.replace("</vOKO:ResponseContent>", "</vOKO:Content>")
    epo.server.play(octets.encode())
    with pytest.raises(UnreadableAnswer) as caught:
        epo.client().verify_move(MOVE)
    assert reason in caught.value.reason


def test_the_answer_to_another_request(epo: Epo) -> None:
    header = "<vOKO:ResponseHeader><vOKO:RequestID>other</vOKO:RequestID></vOKO:ResponseHeader>"
    epo.server.play(answered("IZR_ODH01B", "<X>true</X>", header))
    with pytest.raises(UnreadableAnswer, match="it answers the request 'other', not 'sandbox/0001"):
        epo.client().verify_move(MOVE)


def test_good_news_with_a_bad_status(epo: Epo) -> None:
    epo.play("IZR_ODH01B", "<X>true</X>", status=500)
    with pytest.raises(UnreadableAnswer, match=r"HTTP 500 .*: it says that all went well"):
        epo.client().verify_move(MOVE)
