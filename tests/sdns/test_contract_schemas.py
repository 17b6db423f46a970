"""DTDs, schemas and parameter documents of SDNS against tables typed out."""

import hashlib
import re
from collections import Counter
from io import BytesIO
from typing import Any

import pytest
from lxml import etree

from podatelna.kernel.contract import Contract

CONTRACT = Contract("sdns")
PATHS = {"x": "http://www.w3.org/2001/XMLSchema"}


def content(name: str) -> bytes:
    return (CONTRACT.folder / name).read_bytes()


def parsed(name: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    return etree.fromstring(content(name), parser)


def schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(parsed(name))


# --- DTDs

ANSWER = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE LoadDataResponse SYSTEM "ZaslaniDatOdpoved.dtd">
<LoadDataResponse>
\t<filename>ws9990900002.xml</filename>
\t<requestReceived>01.12.2010 12:43:24,334</requestReceived>
\t<responseSent>01.12.2010 12:43:25,210</responseSent>
\t<status category="Invalid data" code="Duplicate data">
\t\t<messages>
\t\t</messages>
\t</status>
</LoadDataResponse>
"""


def dtd(name: str) -> Any:
    return etree.DTD(BytesIO(content(name)))


def fits(name: str, text: str) -> bool:
    parser = etree.XMLParser(load_dtd=False, no_network=True, resolve_entities=False)
    return bool(dtd(name).validate(etree.fromstring(text.encode(), parser)))


@pytest.mark.parametrize(
    ("old", "new", "valid"),
    [
        ("", "", True),
        ("</messages>", '<message type="warn" value="x"/></messages>', True),
        ("</messages>", '<message type="info" value="x"/></messages>', True),
        ("</messages>", '<message type="error" value="x"/></messages>', True),
        ("</messages>", '<message type="warning" value="x"/></messages>', False),
        ("</messages>", '<message type="info"/></messages>', False),
        ("\t\t<messages>\n\t\t</messages>\n", "", True),
        ("category=", "kategorie=", False),
        ('category="Invalid data" ', "", True),
        ("<filename>ws9990900002.xml</filename>", "", False),
    ],
)
def test_dtd_of_the_answer(old: str, new: str, valid: bool) -> None:
    assert fits("ZaslaniDatOdpoved.dtd", ANSWER.replace(old, new) if old else ANSWER) is valid


MESSAGE = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE VYDANI SYSTEM "vydani.dtd">
<VYDANI>
  <IDENTIFIKACE-ZPRAVY>
    <ZASLAL>99990000</ZASLAL>
    <CISLO-ZPRAVY>900012</CISLO-ZPRAVY>
    <CASTECNA-ZPRAVA PORADI="1" TYP="První"><CISLO-VYDANI>900010</CISLO-VYDANI></CASTECNA-ZPRAVA>
    <NAZEV-DOKUMENTU KOD="Vydání-výskytu-výkazu"></NAZEV-DOKUMENTU>
    <METODIKA>MKT20130101.01</METODIKA>
    <FUNKCE-ZPRAVY KOD="Testovací"/>
    <DATUM>20130821</DATUM>
  </IDENTIFIKACE-ZPRAVY>
  <ADRESA STRANA="Odesílatel">
    <KOD-SUBJEKTU>99990000</KOD-SUBJEKTU>
    <KONTAKT><SPOJENI TYP="Telefon">200000001</SPOJENI></KONTAKT>
  </ADRESA>
  <IDENTIFIKACE-VYKAZU>
    <DATOVY-SOUBOR>MOKAS41.04.00</DATOVY-SOUBOR>
    <VYSKYT>
      <SUBJEKT>99990000</SUBJEKT>
      <ROZSAH-SUBJEKTU>S_BCPZB</ROZSAH-SUBJEKTU>
      <STAV-KE-DNI>20130731</STAV-KE-DNI>
    </VYSKYT>
    <STATUS KOD="Nová-data"/>
    <DUVOD KOD="Na-základě-metodiky"/>
    <AUDIT KOD="Data-před-auditem"/>
  </IDENTIFIKACE-VYKAZU>
  <DATA>
    <DATOVA-OBLAST KOD="MOKA41_11">
      <RADEK PORADI="1"><SLOUPEC PORADI="2">CZK</SLOUPEC></RADEK>
    </DATOVA-OBLAST>
  </DATA>
</VYDANI>
"""


@pytest.mark.parametrize(
    ("old", "new", "valid"),
    [
        ("Testovací", "Testovací", True),
        ("Testovací", "Ostrá", True),
        ("Testovací", "Provozní", False),
        ("Testovací", "TestovacÃ­", False),
        ("První", "Poslední", True),
        (' TYP="První"', "", True),
        ("První", "Druhá", False),
        (' PORADI="1" TYP', " TYP", False),
        *(("Nová-data", status, True) for status in ("Oprava", "Storno", "Potvrzení", "Dotaz")),
        *(("Nová-data", status, True) for status in ("Změnová-oprava", "Storno-DZ")),
        ("Nová-data", "Nova-data", False),
        ("Na-základě-metodiky", "Na-základě-požadavku-centrální-banky", True),
        ("Na-základě-metodiky", "Úmysl-vykazujícího-subjektu", True),
        ("před-auditem", "po-auditu", True),
        ("<AUDIT", "<REFERENCNI-ZPRAVA>1</REFERENCNI-ZPRAVA><AUDIT", True),
        ("Odesílatel", "Zástupce-odesílatele", True),
        ("Odesílatel", "Odesilatel", False),
        ("<KONTAKT>", '<KONTAKT KOD-FUNKCE="Osoba-odpovědná-za-obsah">', True),
        ("Telefon", "Mobil", False),
        ("</DATA>", "</DATA><POZNAMKA>x</POZNAMKA>", True),
        ("<DATA>", "<DATA><BLOK>1;2</BLOK>", False),
        ("<ZASLAL>99990000</ZASLAL>", "", False),
        ("<METODIKA>MKT20130101.01</METODIKA>", "", False),
        ('<RADEK PORADI="1">', "<RADEK>", False),
    ],
)
def test_dtd_of_the_message(old: str, new: str, valid: bool) -> None:
    assert MESSAGE.count(old) == 1
    assert fits("vydani.dtd", MESSAGE.replace(old, new)) is valid


def test_blocks_stand_in_place_of_areas() -> None:
    blocks = re.sub(r"(?s)<DATA>.*</DATA>", "<DATA><BLOK>1;2</BLOK><BLOK/></DATA>", MESSAGE)
    assert fits("vydani.dtd", blocks)


ELEMENTS = """
VYDANI IDENTIFIKACE-ZPRAVY ZASLAL CISLO-ZPRAVY CASTECNA-ZPRAVA CISLO-VYDANI NAZEV-DOKUMENTU METODIKA
FUNKCE-ZPRAVY DATUM ADRESA KOD-SUBJEKTU NAZEV-SUBJEKTU MESTO PSC ULICE KONTAKT KOD-ODDELENI
JMENO-OSOBY SPOJENI IDENTIFIKACE-VYKAZU DATOVY-SOUBOR VYSKYT SUBJEKT ROZSAH-SUBJEKTU STAV-KE-DNI
STATUS DUVOD REFERENCNI-ZPRAVA AUDIT DATA DATOVA-OBLAST RADEK SLOUPEC BLOK POZNAMKA
"""


def test_elements_of_the_message_are_those_of_the_manual() -> None:
    found = {element.name for element in dtd("vydani.dtd").elements()}
    assert sorted(found) == sorted(ELEMENTS.split())
    [contact] = (e for e in dtd("vydani.dtd").elements() if e.name == "KONTAKT")
    [role] = contact.attributes()
    assert (role.name, role.default_value) == ("KOD-FUNKCE", "Informační-kontakt")


# --- parameter documents

VYDANI = "Username Password ObdobiV SubjektV RozsahV DatovySoubor Rozsah Popis"
# Names of parameters; optional ones in brackets.
PARAMETERS = {
    "VYDANI_SEZNAM_JH": VYDANI,
    "VYSKYTY_SEZNAM_JH": "Username Password ObdobiOd ObdobiDo SubjektV [RozsahV] [DatovySoubor]"
    " [Stav]",
    "DZ_ERR_SEZNAM": "Username Password DatumOd DatumDo [SubjektV]",
    "METODIKY_SEZNAM": "[FunkcniOblast] [PlatnostKe]",
    "DATOVE_SOUBORY_SEZNAM": "Metodika",
    "DATOVE_SOUBORY_OBSAH": "Metodika DatovySoubor [SemantickyPopis]",
    "DIMENZE_SEZNAM": "Metodika [Dimenze]",
    "DIMENZE_OBSAH": "Metodika Dimenze",
    "DATOVA_OBLAST_DIMENZE": "Metodika DatovaOblast",
    "UCETNICTVI": "Metodika",
}


def test_every_query_has_its_document() -> None:
    files = {path.name for path in (CONTRACT.folder / "queries").iterdir()}
    assert files == {f"{row['code']}.xml" for row in CONTRACT.codelist("queries")}
    assert CONTRACT.constant("query_parameters") == VYDANI.split()


@pytest.mark.parametrize("code", PARAMETERS)
def test_parameters_of_a_query(code: str) -> None:
    root = parsed(f"queries/{code}.xml")
    schema("ews-par.xsd").assertValid(root)
    found = [
        p.get("Nazev") if p.get("Povinny") == "A" else f"[{p.get('Nazev')}]"
        for p in root.findall("Parametr")
    ]
    assert found == PARAMETERS[code].split()
    for parameter in root.findall("Parametr"):
        mask = "DD.MM.YYYY" if parameter.get("Datatyp") == "Date" else ""
        assert parameter.get("Maska") == mask
        assert parameter.findtext("HodnotaPar") == ""
        assert parameter.findtext("Popis")


@pytest.mark.parametrize("code", PARAMETERS)
def test_lines_of_a_document_end_as_observed(code: str) -> None:
    raw = content(f"queries/{code}.xml")
    assert raw.count(b"\n") == raw.count(b"\r\n") > 5
    assert raw.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\r\n')
    assert raw.endswith(b"</DefiniceDotazu>\r\n")


def test_types_that_the_documents_have() -> None:
    types = {code: parsed(f"queries/{code}.xml").findtext("TypDotazu") for code in PARAMETERS}
    assert types == {code: code.removesuffix("_JH") for code in PARAMETERS}


def test_the_observed_document_is_kept_byte_by_byte() -> None:
    raw = content("queries/VYDANI_SEZNAM_JH.xml")
    assert len(raw) == 2899
    assert hashlib.sha256(raw).hexdigest() == (
        "2e8670ec89dcfcafb5bb2384c87f90664afbb47f4a0f7f7095d8bf6ad650edd3"
    )
    values = [
        dict(value.attrib) for value in parsed("queries/VYDANI_SEZNAM_JH.xml").iter("Hodnota")
    ]
    assert values == [
        {"Default": "N", "Jmeno": "Vsechny", "Hodnota": "VSE"},
        {"Default": "A", "Jmeno": "Posledni", "Hodnota": "POSLEDNI"},
        {"Default": "N", "Jmeno": "Ano", "Hodnota": "A"},
        {"Default": "A", "Jmeno": "Ne", "Hodnota": "N"},
    ]


# --- answers of queries

EMPTY = """<EwiWSResult xmlns="www.ewi.ws">
  <Dotaz><DotazTyp>X</DotazTyp><DotazParametr Hodnota="***" Jmeno="Password"/></Dotaz>
  <ErrorLog><Status>SUCCESS</Status><ErrorCode/><ErrorText/></ErrorLog>
</EwiWSResult>"""
ISSUE = """<VydaniSeznam>
  <DatovySoubor><Kod>MOKAS42</Kod><Verze>4</Verze><Varianta>0</Varianta></DatovySoubor>
  <Vyskyt>
    <Subjekt>99990000</Subjekt><Obdobi>31.07.2013</Obdobi><Rozsah>S_BCPZB</Rozsah>
    <StavKod>40</StavKod><Stav>Je požadováno zaslání opravy dat vykazujícím subjektem</Stav>
    <PlanDo>20.08.2013 23:59</PlanDo><Termin/><Testovaci>Provozní</Testovaci>
  </Vyskyt>
  <Vydani>
    <SouborExt>ws9990900002.xml</SouborExt><CisloVydani>900002</CisloVydani>
    <DatumPrijmu>21.08.2013 10:20</DatumPrijmu><StavKod>16</StavKod><Stav>Zjištěny chyby</Stav>
    <StavOd>21.08.2013 10:24</StavOd><Druh>Odeslané</Druh>
    <ChybaZpracovani Kod="ZP-01" Msg="x"/>
    <ChybnyKrokKontroly Druh="O" Kod="A" Msg="x">
      <DetailChyby Msg="x" Poradi="1"/>
    </ChybnyKrokKontroly>
  </Vydani>
</VydaniSeznam>"""
MESSAGES = """<DzErrSeznam><DoslaZprava>
  <SouborExt>ws9990900002.xml</SouborExt><CisloZpravy>900002</CisloZpravy>
  <DatumPrijmu>21.08.2013 10:20</DatumPrijmu><Zaslal>99990000</Zaslal>
  <DatovySoubor>MOKAS42.04.00</DatovySoubor><Subjekt>99990000</Subjekt><Obdobi>31.07.2013</Obdobi>
  <Rozsah>S_BCPZB</Rozsah><ChybaHlavicky Kod="DZ-01" Msg="x"/>
</DoslaZprava></DzErrSeznam>"""


def valid(name: str, inside: str) -> bool:
    text = EMPTY.replace("</Dotaz>", f"</Dotaz>{inside}")
    return bool(schema(name).validate(etree.fromstring(text)))


@pytest.mark.parametrize(
    ("inside", "strict", "lenient"),
    [
        ("", True, True),
        (ISSUE, False, True),
        (MESSAGES, False, True),
        ("<VydaniSeznam/>", True, True),
        ("<VyskytySeznam/>", True, True),
        ("<Ucetnictvi/>", True, True),
        ("<Vydani/>", False, False),
        ("<VydaniSeznam/><VyskytySeznam/>", False, False),
        (ISSUE.replace("<StavKod>40", "<StavKod>45"), False, False),
        (ISSUE.replace("Provozní", "Ostrý"), False, False),
        (ISSUE.replace("31.07.2013", "2013-07-31"), False, False),
        (ISSUE.replace("<StavKod>16", "<StavKod>20"), False, True),
        (ISSUE.replace("<Verze>4", "<Verze>100"), False, False),
        (ISSUE.replace("ws9990900002.xml", "ws9990900002.xml.sec"), False, False),
        (MESSAGES.replace(' Kod="DZ-01"', ""), False, False),
    ],
)
def test_answers_and_the_two_schemas(inside: str, strict: bool, lenient: bool) -> None:
    assert valid("ews-result.xsd", inside) is strict
    assert valid("ews-result.lenient.xsd", inside) is lenient


def test_lengths_are_the_defect_that_keeps_issues_out() -> None:
    padded = (
        ISSUE.replace("ws9990900002.xml", "ws9990900002.xml".ljust(18, "x"))
        .replace("Zjištěny chyby", "Zjištěny chyby".ljust(240, "x"))
        .replace('Kod="ZP-01" Msg="x"', f'Kod="{"x" * 240}" Msg="{"x" * 2000}"')
        .replace('Druh="O"', f'Druh="{"x" * 240}"')
        .replace('<DetailChyby Msg="x"', f'<DetailChyby Msg="{"x" * 2000}"')
    )
    assert valid("ews-result.xsd", padded)


def test_the_lenient_schema_is_the_other_one_but_for_lengths_and_our_part() -> None:
    lenient = content("ews-result.lenient.xsd").decode()
    ours = r"(?s)\t<!-- ours: .*<!-- end of ours -->\n|\t*<xsd:element ref=\"DzErrSeznam\"/>\n"
    without, cuts = re.subn(ours, "", lenient)
    assert cuts == 2
    strict = content("ews-result.xsd").decode()
    changed = re.sub(r'<xsd:length value="(\d{2,})"/>', r'<xsd:maxLength value="\1"/>', strict)
    assert without.splitlines()[2:] == changed.splitlines()[2:]
    lengths = Counter(re.findall(r'<xsd:length value="(\d+)"/>', strict))
    assert lengths == {"18": 1, "240": 1, "2000": 2, "1": 2}


def enumerated(name: str, kind: str) -> list[str]:
    path = f"//x:simpleType[@name='{kind}']//x:enumeration/@value"
    found = parsed(name).xpath(path, namespaces=PATHS)
    return [str(value) for value in found]


def test_states_of_the_schema_are_those_of_the_lists() -> None:
    for kind, name in [("VyskytStavType", "occurrence_states"), ("VydaniStavType", "issue_states")]:
        codes = [row["code"] for row in CONTRACT.codelist(name)]
        assert enumerated("ews-result.xsd", kind) == codes
    assert enumerated("ews-par.xsd", "DatatypType") == ["Number", "Date", "String"]


def test_results_of_queries_are_those_of_the_schema() -> None:
    path = "//x:element[@name='EwiWSResult']//x:choice/x:element/@ref"
    results = {row["result"] for row in CONTRACT.codelist("queries")}
    assert set(parsed("ews-result.lenient.xsd").xpath(path, namespaces=PATHS)) == results
    strict = set(parsed("ews-result.xsd").xpath(path, namespaces=PATHS))
    assert strict == results - {"DzErrSeznam"}


# Members of types of ews-result.xsd: ? optional, * any number, + one or more, @ attribute.
MEMBERS = """
MetodikaType: Kod KodFO PlanOd PlanDo
DatSouborType: Kod Verze Varianta Nazev Popis? IndZmeny
DatSouborKodVerType: Kod Verze Varianta
DatOblastType: Kod Nazev Popis? IndZmeny
DimenzeType: Kod Nazev Popis? Dynamicka
DimenzeHodnotaType: InformacniPrvek PolozkaCiselniku DomenaNadDT
DoDimenzeHodnota: Kod TypDimenze HodnotaDimenze IndSouctova DatovyTyp?
PolozkaCiselnikuType: Kod Nazev Popis? IndZmeny ElementarniPolozka
UdajType: IID IndZmeny Radek Sloupec Souctovy Dynamicky DatovyTyp SemantickyPopis?
ParametrType: @Kod @Hodnota
SemantickyPopisType: Parametr+
DatovyTypUDType: @Datatyp @Nasobek? @Maska?
DatovyTypPAType: @Datatyp @Maska? @Delka @Desetiny? @HorniMez? @DolniMez?
UcetType: @Kod @TypVazby @Cast @Operator? @Vyberove?
VyskytType: Subjekt Obdobi Rozsah StavKod Stav PlanDo Termin Testovaci
VydaniType: SouborExt? CisloVydani DatumPrijmu StavKod Stav StavOd Druh ChybaZpracovani* @Kod @Msg?\
 ChybnyKrokKontroly* DetailChyby* @Poradi @Msg @Kod @Msg? @Druh
JmenoHodnotaType: @Jmeno @Hodnota?
"""
OCCURS = {("0", "1"): "?", ("0", "unbounded"): "*", ("1", "unbounded"): "+", ("1", "1"): ""}


def member(node: Any) -> str:
    name = node.get("name")
    if etree.QName(node).localname == "attribute":
        return f"@{name}{'' if node.get('use') == 'required' else '?'}"
    return f"{name}{OCCURS[node.get('minOccurs', '1'), node.get('maxOccurs', '1')]}"


@pytest.mark.parametrize("line", MEMBERS.strip().splitlines(), ids=lambda line: line.split(":")[0])
def test_members_of_a_type(line: str) -> None:
    kind, _, members = line.partition(": ")
    path = f"//x:complexType[@name='{kind}']//*[self::x:element or self::x:attribute]"
    found = parsed("ews-result.xsd").xpath(path, namespaces=PATHS)
    assert [member(node) for node in found] == members.split()
