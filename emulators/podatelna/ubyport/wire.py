"""The contract's XML to our model and back. The only place with the contract's Czech names.

Members, their order and their types are those of Appendix 5, sections 4 and 5; the order is the
ordinal one that .NET's serializer uses.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from podatelna.kernel.catalogue import Entry, Errors
from podatelna.kernel.datacontract import (
    BOOLEAN,
    DATE_TIME,
    INT,
    STRING,
    ClassContract,
    Enumeration,
    ListOf,
    Member,
)
from podatelna.kernel.rules import Finding
from podatelna.kernel.wcf import RequestContract
from podatelna.kernel.xmlconvert import Moment
from podatelna.ubyport.model import Batch, Filing, Guest, Header

SERVICE = "http://UBY.pcr.cz/WS_UBY"
CLASSES = "http://schemas.datacontract.org/2004/07/WS_UBY"
ACTIONS = f"{SERVICE}/IWS_UBY/"

CODE = Member("AutentificationCode", STRING)

GUEST_MEMBERS = {
    "cDate": "birth_date",
    "cDocN": "document_number",
    "cFirstN": "given_name",
    "cFrom": "arrival",
    "cNati": "nationality",
    "cNote": "note",
    "cPlac": "",
    "cPurp": "purpose",
    "cResi": "residence",
    "cSpz": "",
    "cSurN": "surname",
    "cUntil": "departure",
    "cVisN": "visa_number",
}
"""Members of a guest in wire order; place of birth and vehicle plate are read and not used."""

HEADER_MEMBERS = {
    "uCont": "contact",
    "uHomN": "house_number",
    "uIdub": "idub",
    "uMark": "abbreviation",
    "uName": "name",
    "uOb": "town",
    "uObCa": "town_part",
    "uOkr": "district",
    "uOriN": "orientation_number",
    "uPsc": "postal_code",
    "uStr": "street",
}

_KINDS = {"cFrom": DATE_TIME, "cUntil": DATE_TIME, "cPurp": INT}
GUEST = ClassContract(
    CLASSES,
    "WS_UBY.Ubytovany",
    tuple(Member(name, _KINDS.get(name, STRING), name == "cPurp") for name in GUEST_MEMBERS),
)
BATCH = ClassContract(
    CLASSES,
    "WS_UBY.SeznamUbytovanych",
    (
        Member("Ubytovani", ListOf(GUEST)),
        Member("VracetPDF", BOOLEAN),
        *(Member(name, STRING) for name in HEADER_MEMBERS),
    ),
)
KIND = Enumeration("WS_UBY.DruhCislelniku", ("Staty", "UcelyPobytu", "Chyby"))
ROW = ClassContract(
    CLASSES,
    "WS_UBY.CiselnikType",
    (
        Member("Id", INT),
        *(
            Member(name, STRING)
            for name in (
                "Kod2",
                "Kod3",
                "PlatiDo",
                "PlatiOd",
                "TextCZ",
                "TextENG",
                "TextKratkyCZ",
                "TextKratkyENG",
            )
        ),
    ),
)

AVAILABILITY = RequestContract("TestDostupnosti", SERVICE, (CODE,), primitive=True)
LIST_LENGTH = RequestContract("MaximalniDelkaSeznamu", SERVICE, (CODE,), primitive=True)
CODE_LIST = RequestContract("DejMiCiselnik", SERVICE, (CODE, Member("CoChci", KIND)))
FILE_GUESTS = RequestContract("ZapisUbytovane", SERVICE, (CODE, Member("Seznam", BATCH)))

CODE_LIST_RESULT = ListOf(ROW)


def errors_class(stamp: str) -> ClassContract:
    """The class of the answer to a filing; `stamp` is how its last member is spelt."""
    return ClassContract(
        CLASSES,
        "WS_UBY.Chyby",
        (
            Member("ChybyHlavicky", STRING),
            Member("ChybyZaznamu", ListOf(STRING)),
            Member("DokumentChybyPotvrzeni", STRING),
            Member("DokumentPotvrzeni", STRING),
            Member(stamp, STRING),
        ),
    )


FILE_GUESTS_RESULTS = {stamp: errors_class(stamp) for stamp in ("PseudoRazitko", "PseudoRazirko")}
"""Classes of the answer, by the spelling of the stamp."""


def read_code(values: Mapping[str, Any]) -> str | None:
    code: str | None = values["AutentificationCode"]
    return code


def read_batch(values: Mapping[str, Any]) -> Batch | None:
    """The list of guests; None: the list itself was null or did not bind."""
    batch = values["Seznam"]
    if batch is None:
        return None
    header = {ours: batch[theirs] for theirs, ours in HEADER_MEMBERS.items()}
    guests = tuple(guest and _read_guest(guest) for guest in batch["Ubytovani"] or ())
    return Batch(Header(**header), guests, batch["VracetPDF"])


def _read_guest(values: Mapping[str, Any]) -> Guest:
    members = {ours: values[theirs] for theirs, ours in GUEST_MEMBERS.items() if ours}
    members["arrival"] = _day(members["arrival"])
    members["departure"] = _day(members["departure"])
    return Guest(**members)


def _day(moment: Moment) -> date | None:
    """The calendar date as written, whatever its zone; None: the date that nobody set."""
    return None if moment.day == date.min else moment.day


def write_filing(
    filing: Filing, errors: Errors, *, legacy: bool, documents: tuple[str | None, str | None]
) -> dict[str, Any]:
    """Members of the answer by name, for either spelling of the stamp.

    `documents` are the one about errors and the confirmation.
    """
    header = [
        _number(errors, f"{finding.code}_legacy" if legacy else finding.code)
        for finding in filing.header_findings
    ]
    records = [
        f";{''.join(f'{_number(errors, finding.code)};' for finding in verdict.findings)}"
        for verdict in filing.verdicts
    ]
    return {
        "ChybyHlavicky": "".join(f"{number};" for number in header),
        "ChybyZaznamu": records,
        "DokumentChybyPotvrzeni": documents[0],
        "DokumentPotvrzeni": documents[1],
        "PseudoRazitko": filing.stamp,
        "PseudoRazirko": filing.stamp,
    }


def write_countries(rows: tuple[dict[str, str], ...]) -> list[dict[str, Any]]:
    """The list of states; where the second code or the number is not known they are empty and 0."""
    return [
        _row(
            Id=int(row["id"] or 0),
            Kod2=row["alpha2"],
            Kod3=row["code"],
            PlatiDo=row["valid_to"],
            PlatiOd=row["valid_from"],
            TextCZ=row["text"],
            TextENG=row["english_text"],
            TextKratkyCZ=row["short_text"],
        )
        for row in rows
        if row["in_service"] == "1"
    ]


def write_purposes(rows: tuple[dict[str, str], ...]) -> list[dict[str, Any]]:
    return [
        _row(
            Kod2=row["code"],
            PlatiDo=row["valid_to"],
            PlatiOd=row["valid_from"],
            TextCZ=row["text"],
        )
        for row in rows
        if row["in_service"] == "1"
    ]


def write_errors(errors: Errors) -> list[dict[str, Any]]:
    """The error book: a code list whose columns mean something else (section 5.3.2)."""
    listed = [entry for entry in errors.values() if entry.extra["book"]]
    return [
        _row(
            Kod2=f"ERR_CZE_{entry.number:03d}",
            Kod3=entry.text,
            TextENG=entry.extra["label"],
            TextKratkyCZ=str(entry.severity),
            TextKratkyENG=entry.extra["instruction"],
        )
        for entry in sorted(listed, key=_by_number)
    ]


def _row(**cells: Any) -> dict[str, Any]:
    """A row whose other cells are empty, not null."""
    empty = dict.fromkeys((member.name for member in ROW.members[1:]), "")
    return {"Id": 0} | empty | cells


def _by_number(entry: Entry) -> int:
    return entry.number or 0


def _number(errors: Errors, code: str) -> int:
    return errors[code].number or 0


_PLACES = {ours: theirs for theirs, ours in (GUEST_MEMBERS | HEADER_MEMBERS).items() if ours} | {
    "code": CODE.name,
    "list": "Seznam",
    "guests": "Seznam/Ubytovani",
    "guest": "Seznam/Ubytovani/Ubytovany",
}


def located(finding: Finding) -> Finding:
    """The finding with its place in the message, in the contract's names and counted from 1."""
    place = _PLACES.get(finding.at, finding.at)
    if finding.record is not None:
        guest = f"Seznam/Ubytovani/Ubytovany[{finding.record + 1}]"
        return replace(finding, at=f"{guest}/{place}" if place else guest)
    inside = finding.at in HEADER_MEMBERS.values()
    return replace(finding, at=f"Seznam/{place}" if inside else place)
