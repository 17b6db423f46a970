"""Ear tags: which texts are some, and the form that the register keeps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podatelna.izr import eartags
from podatelna.izr.eartags import canonical, is_tag
from tests.izr.contract import CONSTANTS

CZECH = st.from_regex("CZ[0-9]{12,13}", fullmatch=True)
FOREIGN = st.from_regex("[A-Z]{2}[0-9A-Z]{2,13}", fullmatch=True).filter(
    lambda text: not text.startswith("CZ")
)
SPECIES = st.sampled_from(["OVC", "KOZ", "TUR", "BEZ"])


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("CZ0000012345126", True),
        ("CZ000012345126", True),
        ("CZ00012345126", False),
        ("CZ00000012345126", False),
        ("CZ 0000012345126", False),
        ("CZ0000012345 126", False),
        (" CZ0000012345126", False),
        ("CZ0000012345126\n", False),
        ("cz0000012345126", False),
        ("CZ000001234512A", False),
        ("CZ000001234512٣", False),
        ("CZ123", False),
        ("SK123456789", True),
        ("SK1", False),
        ("SK12", True),
        ("DE0123456789ABC", True),
        ("DE0123456789ABCD", False),
        ("0000012345126", False),
        ("", False),
    ],
)
def test_the_form_of_a_tag(text: str, fits: bool) -> None:
    assert is_tag(text) == fits


@pytest.mark.parametrize(
    ("text", "species", "kept"),
    [
        ("CZ000012345126", "OVC", "CZ0000012345126"),
        ("CZ0000012345126", "KOZ", "CZ0000012345126"),
        ("CZ0000021346208", "TUR", "CZ000021346208"),
        ("CZ1000021346208", "TUR", "CZ1000021346208"),
        ("CZ000012345126", "BEZ", "CZ000012345126"),
        ("SK000012345126", "OVC", "SK000012345126"),
        ("CZ12345", "OVC", "CZ12345"),
    ],
)
def test_the_form_that_is_kept(text: str, species: str, kept: str) -> None:
    assert canonical(text, species) == kept


@given(CZECH | FOREIGN, SPECIES)
def test_the_form_that_is_kept_is_a_tag_and_stays(text: str, species: str) -> None:
    assert is_tag(text)
    kept = canonical(text, species)
    assert is_tag(kept)
    assert canonical(kept, species) == kept
    if text.startswith("CZ"):
        assert int(kept[2:]) == int(text[2:])


@given(st.integers(0, 10**12 - 1))
def test_tags_are_compared_as_numbers(number: int) -> None:
    assert canonical(f"CZ{number:012}", "OVC") == canonical(f"CZ{number:013}", "OVC")


def test_patterns_and_canonical_form_are_those_of_the_contract() -> None:
    assert eartags.CZECH.pattern == CONSTANTS["tag_czech"]["value"]
    assert eartags.FOREIGN.pattern == CONSTANTS["tag_foreign"]["value"]
    form = CONSTANTS["tag_canonical"]["value"]
    assert canonical("CZ000012345126", "OVC") == form.format(serial=12345, code=126)
