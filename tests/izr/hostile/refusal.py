"""What a message gets."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """ErrorCode of a fault, and the beginning of its text. No code: the message is answered."""

    code: str = ""
    text: str = ""


ANSWERED = Refusal()
UNREADABLE = Refusal("400", "Požadavek není zpráva SOAP 1.1 brány vOKO: ")
INVALID = Refusal("400")
STRANGER = Refusal("401", "Neplatná autentizace.")
NOT_ALLOWED = Refusal("403", "Uživatel nemá oprávnění k subjektu ")
NO_SERVICE = Refusal("404", "Služba ")
TOO_MUCH = Refusal("413")
FINDINGS = Refusal("5", "Chyba validace vstupních dat")
