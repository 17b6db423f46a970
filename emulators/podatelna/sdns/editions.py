"""Methodologies by their codes: MKT20071101.01 is the first version of area MKT from a day on."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from podatelna.sdns.structure import Edition

_CODE: Final = re.compile(r"([A-Z]{1,8})(\d{8})\.\d\d", re.ASCII)


def read_edition(code: str) -> Edition:
    """What the code itself says; ValueError if it says no day."""
    found = _CODE.fullmatch(code)
    try:
        if found:
            return Edition(code, found[1], date.fromisoformat(found[2]))
    except ValueError:
        pass
    raise ValueError(f"a methodology is called like MKT20130101.01, not {code!r}")


def in_sequence(codes: Iterable[str]) -> Mapping[str, Edition]:
    """All methodologies, area by area in the order of time, each valid until the next one."""
    found = sorted(map(read_edition, set(codes)), key=lambda it: (it.area, it.since, it.code))
    ended = {
        earlier.code: replace(earlier, until=_day_before(later.since))
        for earlier, later in pairwise(found)
        if earlier.area == later.area
    }
    return {edition.code: ended.get(edition.code, edition) for edition in found}


def _day_before(day: date) -> date:
    return max(day, date.min + timedelta(days=1)) - timedelta(days=1)
