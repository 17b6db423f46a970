"""The silent character filter: the service drops what it does not know and refuses nothing for it.

Seen in a receipt of November 2025: "Timișoara" became "Timioara" (ș is not in Windows-1250) and
"3 – SVK" became "3 SVK" (a dash that is there all the same), while Gdańsk and Długa stayed.
"""

import re
from dataclasses import replace
from string import ascii_lowercase, ascii_uppercase

from podatelna.ubyport.model import Guest

NO_LETTERS = "ˇµ"
"""Letters to Python, but not in the list of letters of Appendix 3, 2.4.1."""
LETTERS = "".join(
    letter
    for letter in (bytes([octet]).decode("cp1250", "ignore") for octet in range(256))
    if letter.isalpha() and letter not in NO_LETTERS
)
_UPPER = str.maketrans(ascii_lowercase, ascii_uppercase)
_SPACES = re.compile(r"\s+")
_NOT_IN_NAME = re.compile(f"[^{LETTERS} '-]")
_NOT_IN_ADDRESS = re.compile(f"[^{LETTERS}0-9 '/.,;:()&#@-]")
_NOT_IN_NOTE = re.compile(f"[^{LETTERS} -{{}}~]")


def cleaned(guest: Guest) -> Guest:
    """The guest as the service sees it from then on, in the receipt too."""
    return replace(
        guest,
        surname=_filtered(_NOT_IN_NAME, guest.surname),
        given_name=_filtered(_NOT_IN_NAME, guest.given_name),
        birth_date=guest.birth_date and guest.birth_date.strip(),
        nationality=guest.nationality and guest.nationality.strip(),
        document_number=_compact(guest.document_number),
        visa_number=_compact(guest.visa_number),
        residence=_filtered(_NOT_IN_ADDRESS, guest.residence),
        # Appendix 3: the bar separates the fields of a UNL file, so a backslash takes its place.
        note=_filtered(_NOT_IN_NOTE, guest.note and guest.note.replace("|", "\\")),
    )


def _filtered(unknown: re.Pattern[str], text: str | None) -> str | None:
    if not text:
        return text
    return _SPACES.sub(" ", unknown.sub("", _SPACES.sub(" ", text))).strip()


def _compact(text: str | None) -> str | None:
    """Numbers of documents are compared without spaces and in upper case (Appendix 3).

    Other letters than a to z stay: Python would make SS of ß and I of ı, and pass what is refused.
    """
    return text and _SPACES.sub("", text).translate(_UPPER)
