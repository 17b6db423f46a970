"""Facts with their sources, and the values that settings take."""

import pytest

from podatelna.kernel.ledger import Fact
from podatelna.kernel.settings import Setting, SettingBook, SettingRefusedError, Value

SURE = {"certainty": "documented", "source": "a sign"}


def test_a_fact_says_how_sure_it_is_and_who_says_so() -> None:
    with pytest.raises(ValueError, match="certainty") as guessed:
        Fact(certainty="guessed", source="a sign")  # type: ignore[arg-type] # the point
    assert str(guessed.value) == (
        "certainty is one of documented, observed, reconstructed, not guessed"
    )
    with pytest.raises(ValueError, match="source") as nobody:
        Fact(certainty="observed", source="")
    assert str(nobody.value) == "a fact without a source is one that nobody can trust"


def setting(value: Value, **more: object) -> Setting:
    return Setting(value=value, **SURE, **more)  # type: ignore[arg-type] # as YAML gives them


BOOK = SettingBook(
    "depot",
    {
        "loud": setting(False),
        "shelf": setting("left", choices=("left", "right")),
        "pieces": setting(3, minimum=1),
        "marks": setting(["fragile"]),
    },
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("loud", True),
        ("shelf", "right"),
        ("pieces", 1),
        ("pieces", 10**12),
        ("marks", []),
        ("marks", ["a", "b"]),
    ],
)
def test_values_that_fit(name: str, value: Value) -> None:
    BOOK.check(name, value)
    assert BOOK.over({name: value}) == {**BOOK.defaults, name: value}


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("lout", True, "depot has no setting lout; did you mean loud?"),
        ("temperature", 20, "depot has no setting temperature"),
        ("loud", 1, "setting depot.loud: it takes a bool, not 1"),
        ("loud", None, "setting depot.loud: it takes a bool, not None"),
        ("pieces", True, "setting depot.pieces: it takes a int, not True"),
        ("pieces", 2.0, "setting depot.pieces: it takes a int, not 2.0"),
        ("pieces", 0, "setting depot.pieces: it takes 1 or more, not 0"),
        ("shelf", "middle", "setting depot.shelf: it takes one of left, right, not 'middle'"),
        ("marks", "fragile", "setting depot.marks: it takes a list of str, not 'fragile'"),
        ("marks", ["a", 1], "setting depot.marks: it takes a list of str, not ['a', 1]"),
    ],
)
def test_values_that_do_not_fit(name: str, value: object, why: str) -> None:
    with pytest.raises(SettingRefusedError) as refused:
        BOOK.check(name, value)
    assert str(refused.value) == why


def test_without_given_values_the_defaults_hold() -> None:
    assert BOOK.over({}) == {"loud": False, "shelf": "left", "pieces": 3, "marks": ["fragile"]}


def test_a_default_that_does_not_fit_its_own_setting_is_refused() -> None:
    with pytest.raises(SettingRefusedError) as refused:
        SettingBook("depot", {"shelf": setting("middle", choices=("left", "right"))})
    assert str(refused.value) == "setting depot.shelf: it takes one of left, right, not 'middle'"
