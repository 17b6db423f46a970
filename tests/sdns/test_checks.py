"""Formats, checks inside a report, and time series: just inside and just outside of each."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podatelna.sdns.checks import Aggregate, Checking, aggregate, compare, is_order
from podatelna.sdns.formats import column_test
from podatelna.sdns.model import FailedCheck, Row, Trigger
from podatelna.sdns.structure import Area, Check, Column, DataSet, Form
from tests.sdns.rows import DEAL, SETS, TRADE, sample, valid_cells, valid_rows

OURS: Any = {"certainty": "reconstructed", "source": "test"}
ISIN = "Formát údaje - Identifikace nástroje (ISIN)"


def failed(
    name: str | DataSet, rows: Iterable[Row], triggers: Iterable[Trigger] = (), most: int = 100
) -> tuple[FailedCheck, ...]:
    checking = Checking(SETS[name] if isinstance(name, str) else name, triggers, most)
    for row in rows:
        checking.row(row)
    return checking.failed()


def deal(order: str = "1", **changes: str | None) -> Row:
    """A valid row of MOKA42_11; c12="..." changes column 12, None leaves a cell out."""
    cells = {**DEAL, **{name[1:]: value for name, value in changes.items()}}
    return Row("MOKA42_11", order, {name: text for name, text in cells.items() if text is not None})


def deals(*rows: Row) -> list[tuple[str, str, tuple[str, ...]]]:
    """What fails of such rows: code, kind, details."""
    return [(it.code, it.kind, it.details) for it in failed("MOKAS42.04.00", rows)]


class TestValidData:
    @pytest.mark.parametrize(
        "name", ["MOKAS40.01.00", "MOKAS41.04.00", "MOKAS42.04.00", "MOKAS43.01.00"]
    )
    def test_published_samples_are_clean(self, name: str) -> None:
        assert failed(name, sample(name)) == ()

    @given(st.sampled_from(sorted(SETS)), st.integers(1, 5), st.integers(1, 90))
    def test_valid_rows_never_fail(self, name: str, count: int, start: int) -> None:
        rows = [
            row for area in SETS[name].areas for row in valid_rows(SETS[name], count, area.code)
        ]
        assert failed(name, rows) == ()
        assert failed(name, valid_rows(SETS[name], count, start=start)) == ()

    def test_no_rows_are_no_failure(self) -> None:
        assert failed("MOKAS40.03.00", []) == ()

    def test_an_empty_row_is_as_none(self) -> None:
        assert failed("MOKAS40.03.00", [Row("MOKA40_11", "x", {}), Row("NIC", "1", {})]) == ()

    def test_the_reconstructed_answer(self) -> None:
        assert failed("MOKAS42.04.00", [deal(c12="CZ000510")]) == (
            FailedCheck(
                "MOKA42_11_001", ISIN, "O", ("Řádek 1, sloupec 12: hodnota neodpovídá masce",)
            ),
        )


BROKEN = [("2", "czk"), ("8", "2013-02-30"), ("9", "24:00:00"), ("10", "X"), ("17", "1,5")]


class TestOneBrokenCell:
    @given(st.sampled_from(sorted(SETS)), st.data())
    def test_gives_exactly_its_failure(self, name: str, data: st.DataObject) -> None:
        data_set = SETS[name]
        area = data.draw(st.sampled_from(data_set.areas))
        cells = valid_cells(data_set, area)
        column = data.draw(st.sampled_from([it for it in area.columns if str(it.number) in cells]))
        cells[str(column.number)] = "x" * (column.length + 1)
        rows = [Row(area.code, "7", cells), *valid_rows(data_set, 3, area.code, start=2)]
        assert failed(data_set, rows) == (
            FailedCheck(
                f"{area.code}_F{column.number:02}",
                f"Formát údaje - {column.label}",
                "F",
                (f"Řádek 7, sloupec {column.number}: hodnota je delší než {column.length} znaků",),
            ),
        )

    @given(st.sampled_from(sorted(SETS)), st.data())
    def test_missing_gives_exactly_its_failure(self, name: str, data: st.DataObject) -> None:
        data_set = SETS[name]
        area = data.draw(st.sampled_from(data_set.areas))
        column = data.draw(st.sampled_from([it for it in area.columns if it.required]))
        cells = valid_cells(data_set, area)
        del cells[str(column.number)]
        assert failed(data_set, [Row(area.code, "1", cells)]) == (
            FailedCheck(
                f"{area.code}_F{column.number:02}",
                f"Formát údaje - {column.label}",
                "F",
                (f"Řádek 1, sloupec {column.number}: povinná hodnota není uvedena",),
            ),
        )

    @pytest.mark.parametrize(("column", "value"), BROKEN)
    def test_of_each_type(self, column: str, value: str) -> None:
        codes = [code for code, *_ in deals(deal(**{f"c{column}": value}))]
        assert codes == [f"MOKA42_11_F{int(column):02}"]


class TestStructure:
    def test_an_area_that_is_not_there(self) -> None:
        rows = [Row("MOKA40_11", "1", {"1": "A"}), Row("x" * 50, "2", {"1": "A"})]
        assert failed("MOKAS42.04.00", rows) == (
            FailedCheck(
                "MOKAS42_F00",
                "Struktura datového souboru",
                "F",
                (
                    "Řádek 1: datová oblast MOKA40_11 není součástí datového souboru",
                    f"Řádek 2: datová oblast {'x' * 20} není součástí datového souboru",
                ),
            ),
        )

    @pytest.mark.parametrize("column", ["31", "0", "01", "", "x", " 1", "-1", "²", "9" * 5000])
    def test_a_column_that_is_not_there(self, column: str) -> None:
        where = f", sloupec {column[:20]}" if column else ""
        text = f"Řádek 1{where}: sloupec není součástí datové oblasti"
        row = Row("MOKA42_11", "1", {**DEAL, column: "1"})
        assert deals(row) == [("MOKA42_11_F00", "F", (text,))]

    @pytest.mark.parametrize("order", ["", "0", "01", "-1", "1.0", "x", " 1", "1 ", "²", "1" * 10])
    def test_an_order_that_is_none(self, order: str) -> None:
        text = f"Řádek {order}: pořadí řádku není kladné celé číslo"
        assert deals(deal(order)) == [("MOKA42_11_F00", "F", (text,))]
        assert not is_order(order)

    @pytest.mark.parametrize("order", ["1", "73161", "999999999"])
    def test_an_order_that_is_one(self, order: str) -> None:
        assert deals(deal(order)) == []

    def test_an_empty_cell_must_be_left_out(self) -> None:
        text = "Řádek 1, sloupec 12: prázdný sloupec se neuvádí"
        assert deals(deal(c12="")) == [("MOKA42_11_F12", "F", (text,))]

    def test_rows_need_not_be_numbered_differently(self) -> None:
        assert deals(deal("1"), deal("1", c1="2")) == []


class TestIdentity:
    SENTENCE = "řádek se stejnou identifikací je uveden vícekrát"

    def test_is_there_once(self) -> None:
        assert deals(deal("1"), deal("2"), deal("3", c1="9"), deal("4")) == [
            ("MOKA42_11_FID", "F", (f"Řádek 2: {self.SENTENCE}", f"Řádek 4: {self.SENTENCE}"))
        ]

    def test_is_of_all_its_columns(self) -> None:
        rows = [
            Row("MOKA40_11", "1", TRADE),
            Row("MOKA40_11", "2", {**TRADE, "2": "108"}),
            Row("MOKA40_11", "3", {**TRADE, "1": "CNBACZPPXXY"}),
        ]
        assert failed("MOKAS40.01.00", rows) == ()
        assert [it.code for it in failed("MOKAS40.01.00", [*rows, rows[0]])] == ["MOKA40_11_FID"]

    def test_is_of_the_area(self) -> None:
        note = {"1": DEAL["1"], "2": "9000001"}
        assert deals(deal(), Row("MOKA42_12", "1", note)) == []


class TestForms:
    """Tables whose rows are those of a form."""

    DATA_SET = replace(
        SETS["MOKAS44.01.00"],
        areas=(
            Area(
                code="FORM_01",
                name="Výkaz",
                rows=(1, 2, 5),
                columns=(
                    Column(number=1, label="Stav", type="Number", required=True, **OURS),
                    Column(number=2, label="Text", **OURS),
                ),
                **OURS,
            ),
        ),
    )

    def test_rows_are_those_of_the_form(self) -> None:
        rows = [Row("FORM_01", order, {"1": "5"}) for order in ("1", "2", "5")]
        assert failed(self.DATA_SET, rows) == ()

    @pytest.mark.parametrize("order", ["3", "6"])
    def test_others_are_not_there(self, order: str) -> None:
        found = failed(self.DATA_SET, [Row("FORM_01", order, {"1": "5"})])
        text = f"Řádek {order}: řádek není součástí datové oblasti"
        assert [(it.code, it.details) for it in found] == [("FORM_01_F00", (text,))]

    def test_each_is_there_once(self) -> None:
        rows = [Row("FORM_01", "1", {"1": "5"}), Row("FORM_01", "1", {"2": "a", "1": "5"})]
        assert [it.code for it in failed(self.DATA_SET, rows)] == ["FORM_01_FID"]


def column(**fields: Any) -> Column:
    return Column(number=1, label="Údaj", **fields, **OURS)


DATE, TIME = {"type": "Date"}, {"type": "Time"}
FORMATS: list[tuple[dict[str, Any], str, str]] = [
    ({}, "cokoli ž\n", ""),
    ({}, "x" * 250, ""),
    ({}, "x" * 251, "hodnota je delší než 250 znaků"),
    ({}, "", "prázdný sloupec se neuvádí"),
    ({"length": 3}, "abc", ""),
    ({"length": 3}, "abcd", "hodnota je delší než 3 znaků"),
    ({"pattern": "[A-Z]{3}"}, "CZK", ""),
    ({"pattern": "[A-Z]{3}"}, "CZKA", "hodnota neodpovídá masce"),
    ({"pattern": "[A-Z]{3}"}, "CZK\n", "hodnota neodpovídá masce"),
    ({"pattern": "[A-Z]{3}"}, "czk", "hodnota neodpovídá masce"),
    ({"values": ("B", "S")}, "S", ""),
    ({"values": ("B", "S")}, "b", "hodnota není v seznamu povolených hodnot"),
    ({"type": "Number"}, "-0.50", ""),
    ({"type": "Number"}, "50290972.22", ""),
    ({"type": "Number"}, "1,5", "hodnota není číslo"),
    ({"type": "Number"}, "+1", "hodnota není číslo"),
    ({"type": "Number"}, ".5", "hodnota není číslo"),
    ({"type": "Number"}, "1.", "hodnota není číslo"),
    ({"type": "Number"}, "1e5", "hodnota není číslo"),
    ({"type": "Number"}, "NaN", "hodnota není číslo"),
    ({"type": "Number"}, "١", "hodnota není číslo"),
    ({"type": "Number"}, " 1", "hodnota není číslo"),
    ({"type": "Number", "decimals": 2}, "1.25", ""),
    ({"type": "Number", "decimals": 2}, "1.250", "hodnota má více než 2 desetinných míst"),
    ({"type": "Number", "decimals": 0}, "1", ""),
    ({"type": "Number", "decimals": 0}, "1.0", "hodnota má více než 0 desetinných míst"),
    ({"type": "Number", "least": "0"}, "0", ""),
    ({"type": "Number", "least": "0"}, "-0.01", "hodnota je menší než 0"),
    ({"type": "Number", "most": "10.5"}, "10.50", ""),
    ({"type": "Number", "most": "10.5"}, "10.51", "hodnota je větší než 10.5"),
    ({**DATE, "mask": "YYYY-MM-DD"}, "2012-02-29", ""),
    ({**DATE, "mask": "YYYY-MM-DD"}, "9999-12-31", ""),
    ({**DATE, "mask": "YYYY-MM-DD"}, "2013-02-29", "hodnota neodpovídá masce"),
    ({**DATE, "mask": "YYYY-MM-DD"}, "0000-01-01", "hodnota neodpovídá masce"),
    ({**DATE, "mask": "YYYY-MM-DD"}, "2013-7-1", "hodnota neodpovídá masce"),
    ({**DATE, "mask": "YYYY-MM-DD"}, "20130701", "hodnota neodpovídá masce"),
    ({**DATE, "mask": "DD.MM.YYYY"}, "15.08.1968", ""),
    ({**DATE, "mask": "DD.MM.YYYY"}, "1968-08-15", "hodnota neodpovídá masce"),
    ({**DATE, "mask": "YYYYMMDD"}, "20130731", ""),
    ({**DATE, "mask": "YYYYMMDD"}, "20130732", "hodnota neodpovídá masce"),
    ({**TIME, "mask": "HH24:MI:SS"}, "23:59:59", ""),
    ({**TIME, "mask": "HH24:MI:SS"}, "9:30:05", ""),
    ({**TIME, "mask": "HH24:MI:SS"}, "24:00:00", "hodnota neodpovídá masce"),
    ({**TIME, "mask": "HH24:MI:SS"}, "12:60:00", "hodnota neodpovídá masce"),
    ({**TIME, "mask": "HH24:MI:SS"}, "09:30:05+02", "hodnota neodpovídá masce"),
    ({**TIME, "mask": "HH24:MI:SSTZH"}, "09:30:05+02", ""),
    ({**TIME, "mask": "HH24:MI:SSTZH"}, "09:30:05-14", ""),
    ({**TIME, "mask": "HH24:MI:SSTZH"}, "09:30:05+15", "hodnota neodpovídá masce"),
    ({**TIME, "mask": "HH24:MI:SSTZH"}, "09:30:05", "hodnota neodpovídá masce"),
    ({**TIME, "mask": "HH24:MI"}, "09:30", ""),
    ({**TIME, "mask": "HH24:MI"}, "09:3", "hodnota neodpovídá masce"),
]


class TestFormats:
    @pytest.mark.parametrize(("fields", "value", "wrong"), FORMATS)
    def test_just_inside_and_just_outside(
        self, fields: dict[str, Any], value: str, wrong: str
    ) -> None:
        assert column_test(column(**fields)).wrong(value) == wrong

    @given(st.text(max_size=40))
    def test_no_text_is_too_odd(self, value: str) -> None:
        for fields in {str(fields): fields for fields, *_ in FORMATS}.values():
            assert isinstance(column_test(column(**fields)).wrong(value), str)


CHECKED = (
    Column(number=1, label="Cena", type="Number", **OURS),
    Column(number=2, label="Objem", type="Number", **OURS),
    Column(number=3, label="Množství", type="Number", **OURS),
    Column(number=4, label="Den", type="Date", mask="YYYY-MM-DD", **OURS),
    Column(number=5, label="Jiný den", type="Date", mask="DD.MM.YYYY", **OURS),
    Column(number=6, label="Text", **OURS),
)
FORMS: list[tuple[Form, dict[str, Any], Mapping[str, str], str]] = [
    ("matches", {"columns": (6,), "pattern": "a+"}, {"6": "aa"}, ""),
    ("matches", {"columns": (6,), "pattern": "a+"}, {"1": "1"}, ""),
    (
        "matches",
        {"columns": (6,), "pattern": "a+"},
        {"6": "ab"},
        ", sloupec 6: hodnota neodpovídá masce",
    ),
    ("one_of", {"columns": (6,), "values": ("T",)}, {"6": "T"}, ""),
    (
        "one_of",
        {"columns": (6,), "values": ("T",)},
        {"6": "U"},
        ", sloupec 6: hodnota není v seznamu povolených hodnot",
    ),
    ("present", {"columns": (1, 6)}, {"1": "0", "6": "x"}, ""),
    ("present", {"columns": (1, 6)}, {"1": "0"}, ", sloupec 6: hodnota není uvedena"),
    ("one_present", {"columns": (1, 2)}, {"1": "0"}, ""),
    (
        "one_present",
        {"columns": (1, 2)},
        {"6": "x"},
        ": musí být uveden právě jeden ze sloupců 1, 2",
    ),
    (
        "one_present",
        {"columns": (1, 2)},
        {"1": "0", "2": "0"},
        ": musí být uveden právě jeden ze sloupců 1, 2",
    ),
    ("any_present", {"columns": (1, 2)}, {"1": "0", "2": "0"}, ""),
    (
        "any_present",
        {"columns": (1, 2)},
        {"6": "x"},
        ": musí být uveden alespoň jeden ze sloupců 1, 2",
    ),
    ("together", {"columns": (1, 2)}, {"1": "0", "2": "0"}, ""),
    ("together", {"columns": (1, 2)}, {"6": "x"}, ""),
    (
        "together",
        {"columns": (1, 2)},
        {"1": "0"},
        ": musí být uvedeny všechny, nebo žádný ze sloupců 1, 2",
    ),
    ("not_before", {"columns": (4, 5)}, {"4": "2013-07-01", "5": "01.07.2013"}, ""),
    ("not_before", {"columns": (4, 5)}, {"4": "2013-07-01"}, ""),
    (
        "not_before",
        {"columns": (4, 5)},
        {"4": "2013-07-01", "5": "02.07.2013"},
        ", sloupec 4: hodnota předchází hodnotě ve sloupci 5",
    ),
    ("between", {"columns": (1,), "least": "1", "most": "2"}, {"1": "2.0"}, ""),
    ("between", {"columns": (1,), "least": "1", "most": "2"}, {"1": "1"}, ""),
    ("between", {"columns": (1,), "most": "2"}, {"1": "-999999"}, ""),
    (
        "between",
        {"columns": (1,), "least": "1", "most": "2"},
        {"1": "2.01"},
        ", sloupec 1: hodnota je mimo obvyklé meze",
    ),
    (
        "between",
        {"columns": (1,), "least": "1"},
        {"1": "0.99"},
        ", sloupec 1: hodnota je mimo obvyklé meze",
    ),
    ("not_zero", {"columns": (1,)}, {"1": "0.01"}, ""),
    ("not_zero", {"columns": (1,)}, {"1": "-0.00"}, ", sloupec 1: hodnota je nulová"),
    ("quotient", {"columns": (1, 2, 3)}, {"1": "2.5", "2": "5", "3": "2"}, ""),
    ("quotient", {"columns": (1, 2, 3)}, {"1": "2.5", "2": "5"}, ""),
    ("quotient", {"columns": (1, 2, 3), "scale": "100"}, {"1": "50", "2": "1", "3": "2"}, ""),
    (
        "quotient",
        {"columns": (1, 2, 3)},
        {"1": "2.51", "2": "5", "3": "2"},
        ", sloupec 1: hodnota neodpovídá podílu sloupců 2 a 3",
    ),
    (
        "quotient",
        {"columns": (1, 2, 3), "tolerance": "0.1"},
        {"1": "1.1", "2": "5", "3": "5"},
        "",
    ),
    (
        "quotient",
        {"columns": (1, 2, 3), "tolerance": "0.1"},
        {"1": "0.89", "2": "5", "3": "5"},
        ", sloupec 1: hodnota neodpovídá podílu sloupců 2 a 3",
    ),
]


def with_check(**fields: Any) -> DataSet:
    check = Check(**{"code": "A_001", "name": "Krok", "kind": "P", **OURS, **fields})
    area = Area(code="A", name="Oblast", columns=CHECKED, checks=(check,), **OURS)
    return replace(SETS["MOKAS44.01.00"], areas=(area,))


class TestCrossChecks:
    @pytest.mark.parametrize(("form", "fields", "cells", "wrong"), FORMS)
    def test_just_inside_and_just_outside(
        self, form: Form, fields: dict[str, Any], cells: Mapping[str, str], wrong: str
    ) -> None:
        expected = (FailedCheck("A_001", "Krok", "P", (f"Řádek 8{wrong}",)),) if wrong else ()
        assert failed(with_check(form=form, **fields), [Row("A", "8", cells)]) == expected

    def test_every_form_is_tried(self) -> None:
        assert {form for form, *_ in FORMS} | {"rows", "sum"} == set(Form.__args__)  # type: ignore[attr-defined] # of a Literal

    def test_division_by_zero_is_fatal(self) -> None:
        data_set = with_check(form="quotient", columns=(1, 2, 3))
        rows = [
            Row("A", "1", {"1": "9", "2": "5", "3": "2"}),
            Row("A", "2", {"1": "9", "2": "5", "3": "0.0"}),
            Row("A", "3", {"1": "9", "2": "5", "3": "2"}),
        ]
        assert failed(data_set, rows) == (
            FailedCheck("A_001", "Krok", "X", ("Řádek 2, sloupec 3: dělení nulou",)),
        )

    def test_division_of_the_contract(self) -> None:
        text = "Řádek 1, sloupec 17: dělení nulou"
        assert deals(deal(c17="0")) == [("MOKA42_11_004", "X", (text,))]

    def test_only_when_it_applies(self) -> None:
        data_set = with_check(form="present", columns=(1,), when={"6": "x", "2": "0"})
        assert failed(data_set, [Row("A", "1", {"6": "x", "2": "0"})])
        assert not failed(data_set, [Row("A", "1", {"6": "x", "2": "1"})])
        assert not failed(data_set, [Row("A", "1", {"6": "x"})])

    def test_wrong_formats_are_not_looked_at_further(self) -> None:
        data_set = with_check(form="not_zero", columns=(1,))
        assert [it.code for it in failed(data_set, [Row("A", "1", {"1": "0", "2": "x"})])] == [
            "A_F02"
        ]

    @pytest.mark.parametrize(
        ("changes", "code", "kind"),
        [
            ({"c12": "CZ0005112300", "c13": None}, "", ""),
            ({"c13": None}, "MOKA42_11_002", "O"),
            ({"c15": None}, "MOKA42_11_003", "O"),
            ({"c15": "958.12"}, "", ""),
            ({"c15": "958.13"}, "MOKA42_11_004", "P"),
            ({"c22": "10000000000.01", "c15": None, "c16": "1"}, "MOKA42_11_005", "P"),
            ({"c20": "2013-07-01"}, "", ""),
            ({"c20": "2013-06-30"}, "MOKA42_11_006", "L"),
            ({"c23": "5.00"}, "MOKA42_11_007", "L"),
            ({"c23": "5.00", "c24": "CZK"}, "", ""),
            ({"c22": "0", "c15": "0"}, "MOKA42_11_008", "X"),
        ],
    )
    def test_of_deals(self, changes: dict[str, str | None], code: str, kind: str) -> None:
        found = [(found, of) for found, of, _ in deals(deal("1", **changes))]
        assert found == ([(code, kind)] if code else [])


class TestOrder:
    def test_formats_come_first_then_the_methodology(self) -> None:
        rows = [
            deal("1", c1="1", c23="5.00"),
            deal("2", c1="2", c12="x"),
            deal("3", c1="3", c30="x" * 41),
            Row("MOKA42_12", "4", {"1": "x", "2": "9000001"}),
            deal("5", c1="5", c2="czk"),
            Row("NIC", "6", {"1": "1"}),
        ]
        assert [code for code, *_ in deals(*rows)] == [
            "MOKAS42_F00",
            "MOKA42_11_F02",
            "MOKA42_11_F30",
            "MOKA42_12_F01",
            "MOKA42_11_001",
            "MOKA42_11_007",
        ]

    def test_missing_columns_are_told_in_their_order(self) -> None:
        found = failed("MOKAS40.01.00", [Row("MOKA40_11", "1", {"1": "CNBACZPPXXX"})])
        columns = [2, 3, 4, 5, 6, 7, 8, 13, 14, 15, 16]
        assert [it.code for it in found] == [f"MOKA40_11_F{number:02}" for number in columns]

    def test_the_first_details_are_kept(self) -> None:
        rows = [deal(str(number), c1=str(number), c2="x") for number in range(1, 9)]
        (found,) = failed("MOKAS42.04.00", rows, most=3)
        assert found.details == tuple(
            f"Řádek {number}, sloupec 2: hodnota neodpovídá masce" for number in (1, 2, 3)
        )

    def test_without_details_a_failure_is_one_all_the_same(self) -> None:
        found = failed("MOKAS42.04.00", [deal(c2="x"), deal("2", c1="2", c17="0")], most=0)
        assert [(it.code, it.kind, it.details) for it in found] == [
            ("MOKA42_11_F02", "F", ()),
            ("MOKA42_11_004", "X", ()),
        ]

    def test_values_that_were_right_are_told_when_wrong_elsewhere(self) -> None:
        rows = [deal("1", c1="1", c2="EUR"), deal("2", c1="2", c3="EUR"), deal("3", c1="3")]
        assert [code for code, *_ in deals(*rows)] == ["MOKA42_11_F03"]


class TestTriggers:
    @pytest.mark.parametrize(
        ("check", "kind"),
        [
            ("MOKA42_11_001", "O"),
            ("MOKA42_11_006", "L"),
            ("MOKA42_11_005", "P"),
            ("MOKA42_11_008", "X"),
            ("MOKA42_11_F13", "F"),
            ("MOKAS42_F00", "F"),
        ],
    )
    def test_make_any_check_fail(self, check: str, kind: str) -> None:
        trigger = Trigger("MOKAS42", check, "13", "CEZ.CZ")
        rows = [deal("1"), deal("2", c1="2", c13="KB.CZ")]
        (found,) = failed("MOKAS42.04.00", rows, [trigger])
        assert (found.code, found.kind) == (check, kind)
        assert found.details == ("Řádek 1, sloupec 13: hodnota nevyhovuje kontrole",)

    @pytest.mark.parametrize(
        "trigger",
        [
            Trigger("MOKAS42", "MOKA42_11_001", "13", "cez.cz"),
            Trigger("MOKAS42", "MOKA42_11_001", "12", "CEZ.CZ"),
            Trigger("MOKAS42", "MOKA42_11_001", "13", "CEZ.CZ", area="MOKA42_12"),
            Trigger("MOKAS42", "MOKA42_11_001", "13", "CEZ.CZ", cells={"10": "B"}),
            Trigger("MOKAS42", "MOKA42_11_099", "13", "CEZ.CZ"),
            Trigger("MOKAS42", "MOKA42_11_009", "13", "CEZ.CZ"),
        ],
    )
    def test_of_other_rows_and_unknown_checks_do_nothing(self, trigger: Trigger) -> None:
        assert failed("MOKAS42.04.00", [deal()], [trigger]) == ()

    def test_may_name_area_and_cells(self) -> None:
        trigger = Trigger(
            "MOKAS42", "MOKA42_11_001", "13", "CEZ.CZ", area="MOKA42_11", cells={"10": "S"}
        )
        assert len(failed("MOKAS42.04.00", [deal()], [trigger])) == 1


class TestTimeSeries:
    DATA_SET = SETS["MOKAS42.04.00"]
    ROWS = "MOKA42_11_009"
    SUM = "MOKA42_11_010"

    def now(self, count: int, volume: str = "91250.00") -> Aggregate:
        return Aggregate(count, {self.ROWS: Decimal(count), self.SUM: Decimal(volume)}, frozenset())

    def codes(self, now: Aggregate, before: Aggregate | None) -> list[str]:
        return [it.code for it in compare(self.DATA_SET, now, before)]

    def test_counts_and_sums_rows(self) -> None:
        rows = [deal("1"), deal("2", c1="2", c22="0.05"), deal("3", c1="3", c22=None)]
        rows += [Row("MOKA42_12", "1", {"1": "1", "22": "7"}), Row("MOKA42_11", "9", {})]
        assert aggregate(self.DATA_SET, rows) == Aggregate(
            4, {self.ROWS: Decimal(3), self.SUM: Decimal("91250.05")}, frozenset()
        )

    def test_nothing_is_nothing(self) -> None:
        found = aggregate(self.DATA_SET, [])
        assert found == Aggregate(0, {self.ROWS: Decimal(0), self.SUM: Decimal(0)}, frozenset())

    def test_a_number_that_is_none_does_not_count(self) -> None:
        found = aggregate(self.DATA_SET, [deal(c22="x"), deal(c22="NaN"), deal(c22="1e999999999")])
        assert found.values == {self.ROWS: 3, self.SUM: 0}

    @pytest.mark.parametrize(
        ("before", "now", "fails"),
        [
            (2, 2, False),
            (2, 20, False),
            (2, 21, True),
            (20, 2, False),
            (21, 2, True),
            (21, 0, True),
            (0, 21, False),
        ],
    )
    def test_of_rows(self, before: int, now: int, fails: bool) -> None:
        assert self.codes(self.now(now), self.now(before)) == ([self.ROWS] if fails else [])

    @pytest.mark.parametrize(
        ("before", "now", "fails"),
        [("1", "10", False), ("1", "10.01", True), ("10.01", "1", True), ("-1", "10", False)],
    )
    def test_of_sums(self, before: str, now: str, fails: bool) -> None:
        found = self.codes(self.now(1, now), self.now(1, before))
        assert found == ([self.SUM] if fails else [])

    def test_says_what_differs(self) -> None:
        assert compare(self.DATA_SET, self.now(21, "5"), self.now(2, "50.10")) == (
            FailedCheck(
                self.ROWS,
                "Počet obchodů proti předchozímu výskytu",
                "C",
                ("Počet řádků 21 se liší od předchozího výskytu (2) více než 10násobně",),
            ),
            FailedCheck(
                self.SUM,
                "Objem obchodů proti předchozímu výskytu",
                "C",
                (
                    "Součet hodnot sloupce 22 5 se liší od předchozího výskytu (50.10) "
                    "více než 10násobně",
                ),
            ),
        )

    def test_without_data_before_nothing_fails(self) -> None:
        assert self.codes(self.now(1000), None) == []

    def test_triggers_make_them_fail(self) -> None:
        triggers = [
            Trigger("MOKAS42", self.SUM, "13", "CEZ.CZ"),
            Trigger("MOKAS42", self.ROWS, "13", "KB.CZ"),
            Trigger("MOKAS42", "MOKA42_11_001", "13", "CEZ.CZ"),
        ]
        found = aggregate(self.DATA_SET, [deal()], triggers)
        assert found.triggered == {self.SUM}
        assert [(it.code, it.kind) for it in compare(self.DATA_SET, found, None)] == [
            (self.SUM, "C")
        ]

    def test_of_a_whole_data_set(self) -> None:
        check = Check(code="M_900", name="Vše", kind="C", form="rows", fold=2, **OURS)
        data_set = replace(self.DATA_SET, checks=(check,))
        rows = [deal("1"), Row("MOKA42_12", "1", {"1": "1", "2": "x"})]
        before = aggregate(data_set, rows[:1])
        assert aggregate(data_set, rows).values["M_900"] == 2
        assert compare(data_set, aggregate(data_set, rows), before) == ()
        three = [*rows, deal("2", c1="2")]
        assert [it.code for it in compare(data_set, aggregate(data_set, three), before)] == [
            "M_900"
        ]

    def test_checking_leaves_them_to_the_next_step(self) -> None:
        assert failed(self.DATA_SET, valid_rows(self.DATA_SET, 30)) == ()
