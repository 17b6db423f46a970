"""Ear tags: how they are written, and the one form that the register keeps.

A tag of a sheep or goat is read CZ 12345 123: country, serial number, three-digit code (description
of sheep and goat tags). Data models have 14 to 15 characters, the portal's form CZ and 13 digits.
"""

import re
from typing import Final

CZECH: Final = re.compile("CZ[0-9]{12,13}")
FOREIGN: Final = re.compile("(?!CZ)[A-Z]{2}[0-9A-Z]{2,13}")

_DIGITS: Final = {"OVC": 13, "KOZ": 13, "TUR": 12}
"""Behind CZ: sheep and goats have 15 characters, cattle 14."""


def is_tag(text: str) -> bool:
    """Whether the text has the form of an ear tag. Blanks are none of it; no code is looked at."""
    return bool(CZECH.fullmatch(text) or FOREIGN.fullmatch(text))


def canonical(text: str, species: str) -> str:
    """The tag as the register has it: Czech ones with as many zeros as the species has digits.

    They are compared as numbers: CZ000012345126 is CZ0000012345126. What is no tag stays.
    """
    digits = _DIGITS.get(species)
    if digits is None or not CZECH.fullmatch(text):
        return text
    return f"CZ{int(text[2:]):0{digits}}"
