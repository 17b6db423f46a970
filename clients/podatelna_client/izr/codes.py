"""Errors of reports, and their codes in the central register of animals.

The service page of IZR_ODH01B lists thirteen errors. Some share a code: three have 07, two have 08,
and only their texts tell them apart. Reports of other events meet further codes.
"""

from dataclasses import dataclass
from typing import Final

IDENTITY_CARD_MISSING: Final = "70"
ADDRESS_UNKNOWN: Final = "71"
PERSON_NOT_FOUND: Final = "72"
"""Only in the error logs: looked for when a report is processed."""
HOLDING_KEEPS_OWN_REGISTER: Final = "99"
HOLDING_NOT_REGISTERED: Final = "02"
TAG_FORMAT: Final = "04"
ANIMAL_NOT_REGISTERED: Final = "07"
ANIMAL_GONE: Final = "08"
ANIMAL_NOT_ON_HOLDING: Final = "18"
ARRIVAL_NOT_REPORTED: Final = "21"

# The texts as the service page of IZR_ODH01B has them, slips of the pen and all.
_CODES = {
    "Chybí číslo občanského průkazu u Dočasného hospodářství.": IDENTITY_CARD_MISSING,
    "Neexistující adresa Dočasného hospodářství, pokud byly vyplněny alespoň některé položky "
    "adresy.": ADDRESS_UNKNOWN,
    "Osoba dle čísla občanského průkazu uvedeného v hlášení nenalezena v Základních "
    "registrech.": PERSON_NOT_FOUND,
    "Hospodářství které hlásí vede stájový registr v IZR, ale hlášení není z tohoto "
    "registru.": HOLDING_KEEPS_OWN_REGISTER,
    "Hlásící provozovna nebyla k datu události registrována": HOLDING_NOT_REGISTERED,
    "Chybný formát čísla UZ.": TAG_FORMAT,
    "Zvíře dosud neregistrováno - pokus o přesun zvířete, který dosud není v "
    "databázi.": ANIMAL_NOT_REGISTERED,
    "Zvíře dosud neregistrováno. Došlo ke změně UZ zvířete.": ANIMAL_NOT_REGISTERED,
    "Zvíře dosud neregistrováno. Došlo ke změně pohlaví zvířete.": ANIMAL_NOT_REGISTERED,
    "Kód události 40, 50, 53, 60, 63, 80 hlášen u zvířete již vyřazeného nebo s datem nižším než "
    "poslední známý přísun či odsun nebo s datem vyšším než již registrovaný příjem na jatkách, v "
    "kafilérii.": ANIMAL_GONE,
    "Zvíře bylo již z provozovny odsunuto.": ANIMAL_GONE,
    "Zvíře není k datu přemístění evidované na provozovně.": ANIMAL_NOT_ON_HOLDING,
    "Dosun nebyl ohlášen přísun na provozovnu": ARRIVAL_NOT_REPORTED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationError:
    """One error of a report."""

    text: str
    elements: tuple[str, ...] = ()
    """Names of the elements to blame, as on the wire."""
    code: str | None = None
    """Two digits; the service need not send it, then it is that of the text. None: unknown."""
    row: int | None = None
    """The animal's place in the report, the first is 1; None: it belongs to the whole report."""
    tag: str = ""
    """The ear tag of that animal."""

    def __str__(self) -> str:
        where = "report" if self.row is None else f"animal {self.row} {self.tag}".rstrip()
        return f"{where}: {self.code or '?'} {self.text}"


def code_of_text(text: str) -> str | None:
    """The code that the central register would give; None for a text that is not documented."""
    return _CODES.get(text.strip())


def known_texts(text: str) -> tuple[str, ...]:
    """The documented texts that stand in a text, in its order."""
    found = [(text.find(known), known) for known in _CODES if known in text]
    return tuple(known for _, known in sorted(found))


def two_digits(code: str) -> str | None:
    """A code as the tables write it, 07; None for no code. Numbers have lost their zero."""
    return code.strip().zfill(2) if code.strip() else None
