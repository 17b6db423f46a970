"""A contract folder read, and refused with the sentence that fixes it."""

from pathlib import Path

import pytest

from podatelna.kernel.catalogue import CatalogueGapError, Entry, hold_together, load_errors
from podatelna.kernel.contract import Constant, Contract, ContractError
from podatelna.kernel.resources import PACKAGE, resource
from podatelna.kernel.rules import Rule, check, rule
from podatelna.kernel.settings import Setting
from podatelna.kernel.yamlfile import YamlFileError

SURE = {"certainty": "documented", "source": "a sign"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file.yaml"


@rule(at="weight")
def too_heavy(record: int, facts: int) -> bool:
    return record > facts


@rule(at="weight")
def odd(record: int, facts: int) -> bool:
    return record % 2 == 1


def test_a_rule_is_named_after_its_predicate() -> None:
    assert (too_heavy.code, too_heavy.at) == ("too_heavy", "weight")
    assert isinstance(too_heavy, Rule)


def test_broken_rules_are_reported_in_the_order_given() -> None:
    found = [check((odd, too_heavy), record, 10) for record in (4, 5, 12, 13)]
    assert found == [[], [odd], [too_heavy], [odd, too_heavy]]


def entry(key: str, **more: object) -> Entry:
    return Entry(key=key, number=None, kind="record", text="", **SURE, **more)  # type: ignore[arg-type] # as YAML gives them


def test_every_rule_has_an_entry_and_every_entry_is_reported() -> None:
    errors = {
        "too_heavy": entry("too_heavy"),
        "too_heavy_old": entry("too_heavy_old", variant_of="too_heavy"),
        "crowded": entry("crowded"),
        "fire": entry("fire", emulated=False),
    }
    hold_together(errors, [too_heavy], ["crowded"])


@pytest.mark.parametrize(
    ("rules", "raised", "why"),
    [
        ([too_heavy, odd], ["crowded"], "errors.yaml has no entry for odd"),
        ([too_heavy], ["b", "a", "crowded"], "errors.yaml has no entry for a, b"),
        ([], ["crowded"], "nothing reports too_heavy: write the rule, or say emulated: false"),
        ([], [], "nothing reports crowded, too_heavy: write the rule, or say emulated: false"),
    ],
)
def test_a_gap_is_refused(rules: list[Rule[int, int]], raised: list[str], why: str) -> None:
    errors = {"too_heavy": entry("too_heavy"), "crowded": entry("crowded")}
    with pytest.raises(CatalogueGapError) as refused:
        hold_together(errors, rules, raised)
    assert str(refused.value) == why


def test_a_variant_of_what_nobody_reports_is_idle() -> None:
    with pytest.raises(CatalogueGapError) as refused:
        hold_together({"old": entry("old", variant_of="new")}, [], [])
    assert str(refused.value) == "nothing reports old: write the rule, or say emulated: false"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "a mapping of rule names to entries must be there"),
        ("- a", "a mapping of rule names to entries must be there"),
        ("a:", "a: an entry must be a mapping, not None"),
        (
            "a: {number: 1, kind: record, text: '', certainty: documented, source: ''}",
            "a: a fact without a source is one that nobody can trust",
        ),
    ],
)
def test_an_error_book_that_is_none(file: Path, content: str, why: str) -> None:
    file.write_text(content, "utf-8")
    with pytest.raises(CatalogueGapError) as refused:
        load_errors(file)
    assert str(refused.value) == f"{file}: {why}"


def test_an_entry_without_a_text(file: Path) -> None:
    file.write_text("a: {number: 1, kind: record, certainty: observed, source: a sign}", "utf-8")
    with pytest.raises(CatalogueGapError) as refused:
        load_errors(file)
    assert str(refused.value).startswith(f"{file}: a: ")
    assert str(refused.value).endswith("missing 1 required keyword-only argument: 'text'")


def test_the_whole_folder(papers: Path) -> None:
    contract = Contract("depot")
    assert contract.folder == papers / "contracts" / "depot"
    assert contract.constants == {
        "greeting": Constant(
            value="good morning", certainty="documented", source="the sign on the door"
        )
    }
    assert contract.constant("greeting") == "good morning"
    assert contract.settings.defaults == {
        "loud": False,
        "shelf": "left",
        "pieces": 3,
        "marks": ["fragile"],
    }
    assert contract.settings.settings["shelf"] == Setting(
        value="left", choices=("left", "right"), certainty="observed", source="a visit"
    )
    assert contract.errors == {
        "too_heavy": Entry(key="too_heavy", number=7, kind="record", text="Too heavy.", **SURE),  # type: ignore[arg-type] # a plain mapping
        "crowded": Entry(
            key="crowded",
            number=None,
            kind="header",
            text="Later.",
            certainty="observed",
            source="a visit",
            extra={"colour": "red"},
        ),
    }
    assert contract.codelists() == ["colours", "sizes"]
    assert contract.codelist("colours") == ({"code": "R", "text": "rudá"},)
    assert contract.codelist("sizes") == (
        {"code": "S", "text": "small"},
        {"code": "L", "text": "large"},
    )
    assert contract.text("door.txt") == "Dveře\n"


SETTINGS = "constants: {{}}\nsettings:\n  loud: {}\n"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "settings must be a mapping"),
        ("constants: {}", "settings must be a mapping"),
        ("settings:", "settings must be a mapping"),
        (SETTINGS.format(""), "loud: "),
        (SETTINGS.format("{value: true}"), "loud: "),
        (SETTINGS.format("{value: 1, certainty: sure, source: a}"), "loud: certainty is one of"),
        (
            SETTINGS.format("{value: 1, minimum: 2, certainty: observed, source: a}"),
            "setting depot.loud: it takes 2 or more, not 1",
        ),
    ],
)
def test_a_service_file_that_is_none(papers: Path, content: str, why: str) -> None:
    contract = Contract("depot")
    contract.folder = papers / "wrong"
    contract.folder.mkdir(exist_ok=True)
    (contract.folder / "service.yaml").write_text(content, "utf-8")
    with pytest.raises(ContractError) as refused:
        _ = contract.settings
    assert str(refused.value).startswith(f"{contract.folder / 'service.yaml'}: {why}")


def test_files_are_read_when_first_asked_for(papers: Path) -> None:
    nowhere = Contract("nowhere")
    assert nowhere.agency == "nowhere"
    with pytest.raises(YamlFileError) as refused:
        _ = nowhere.constants
    path = papers / "contracts" / "nowhere" / "service.yaml"
    assert str(refused.value) == f"{path}: No such file or directory"


def test_shipped_files_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "source" / "podatelna"
    monkeypatch.setattr("podatelna.kernel.resources.PACKAGE", package)
    assert resource("contracts", "depot") == tmp_path / "contracts" / "depot"
    (package / "_contracts").mkdir(parents=True)
    assert resource("contracts", "depot") == package / "_contracts" / "depot"
    assert resource("scenarios") == tmp_path / "scenarios"
    assert PACKAGE.name == "podatelna"
