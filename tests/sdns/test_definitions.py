"""Data sets as a user writes them in a world file."""

import re
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podatelna.sdns.definitions import read_data_set
from podatelna.sdns.patterns import compile_pattern
from podatelna.sdns.structure import Area, Check, Column, DataSet, Term

NUMBER = {"number": 2, "label": "Částka", "type": "Number", "decimals": 2, "least": "0"}
DAY = {"number": 3, "label": "Den", "type": "Date", "mask": "DD.MM.YYYY"}
ROW: dict[str, Any] = {
    "data_set": "DOFOS31.02.01",
    "name": "Fond",
    "methodologies": ["FOFI20230101.01"],
    "period": "quarter",
    "term": {"days": 30, "at": "12:00"},
    "scopes": ["S_FOND"],
    "areas": [
        {
            "area": "DOFO31_11",
            "name": "Majetek",
            "columns": [{"number": 1, "label": "Kód", "values": ["A", "B"]}, NUMBER, DAY],
            "checks": [
                {
                    "check": "DOFO31_11_001",
                    "name": "Meze",
                    "kind": "P",
                    "form": "between",
                    "columns": [2],
                    "most": "100",
                    "when": {1: "A"},
                }
            ],
        }
    ],
    "checks": [
        {"check": "DOFO31_002", "name": "Řádky", "kind": "C", "form": "rows", "fold": 3},
    ],
}
OURS: Any = {"certainty": "reconstructed", "source": "world file"}


def changed(where: str, value: object) -> dict[str, Any]:
    """The row with one value in the place of another; the path has list positions, too."""
    *path, last = where.split("/")
    row: dict[str, Any] = _copy(ROW)
    copy: Any = row
    for name in path:
        copy = copy[int(name)] if isinstance(copy, list) else copy[name]
    copy[int(last) if isinstance(copy, list) else last] = value
    return row


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copy(item) for name, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value


class TestReading:
    def test_takes_a_data_set_as_it_is(self) -> None:
        assert read_data_set(ROW) == DataSet(
            code="DOFOS31",
            version=2,
            variant=1,
            name="Fond",
            methodologies=("FOFI20230101.01",),
            period="quarter",
            term=Term(days=30, at="12:00"),
            scopes=("S_FOND",),
            areas=(
                Area(
                    code="DOFO31_11",
                    name="Majetek",
                    columns=(
                        Column(number=1, label="Kód", values=("A", "B"), **OURS),
                        Column(
                            number=2,
                            label="Částka",
                            type="Number",
                            decimals=2,
                            least="0",
                            **OURS,
                        ),
                        Column(number=3, label="Den", type="Date", mask="DD.MM.YYYY", **OURS),
                    ),
                    checks=(
                        Check(
                            code="DOFO31_11_001",
                            name="Meze",
                            kind="P",
                            form="between",
                            columns=(2,),
                            most="100",
                            when={"1": "A"},
                            **OURS,
                        ),
                    ),
                    **OURS,
                ),
            ),
            checks=(Check(code="DOFO31_002", name="Řádky", kind="C", form="rows", fold=3, **OURS),),
            **OURS,
        )

    def test_entries_inherit_who_says_so(self) -> None:
        told = {"certainty": "documented", "source": "decree"}
        row = {**changed("areas/0/columns/0/source", "screen"), **told}
        area = read_data_set(row).areas[0]
        assert (area.certainty, area.source) == ("documented", "decree")
        assert [it.source for it in area.columns] == ["screen", "decree", "decree"]
        assert {it.certainty for it in area.columns} == {"documented"}

    def test_a_form_has_numbered_rows(self) -> None:
        assert read_data_set(changed("areas/0/rows", [1, 2, 5])).areas[0].rows == (1, 2, 5)


MISTAKES = [
    ("data_set", "DOFOS31", "data_set is code.version.variant, such as MOKAS40.01.00"),
    ("data_set", "dofos31.01.00", "data_set is code.version.variant"),
    ("data_set", None, "data_set is code.version.variant"),
    ("naem", "Fond", "unknown key naem; name?"),
    ("name", "", "name has 1 to 60 printable characters"),
    ("name", "x" * 61, "name has 1 to 60 printable characters"),
    ("name", "a\x01b", "name has 1 to 60 printable characters"),
    ("name", 7, "name cannot be 7"),
    ("certainty", "sure", "certainty cannot be 'sure'"),
    ("source", "", "a fact without a source"),
    ("name", date(2013, 1, 1), "what looks like a day must be in quotes here"),
    ("methodologies", [], "methodologies must have an entry"),
    ("methodologies", "MKT20130101.01", "methodologies is a list of texts"),
    ("methodologies", ["MKT"], "a methodology is called like MKT20130101.01, not 'MKT'"),
    ("period", "week", "period cannot be 'week'"),
    ("scopes", ["s_bcpzb"], "scopes is a code of at most 16 capitals"),
    ("scopes", [], "scopes must have an entry"),
    ("splittable", "yes", "splittable cannot be 'yes'"),
    ("term", None, "term must be there, such as {working_days: 1}"),
    ("term", {"day": 20}, "term: unknown key day; days?"),
    ("term", {"days": 1, "working_days": 1}, "term: one of working_days, days"),
    ("term", {"days": 367}, "of at most 366, is told"),
    ("term", {"days": -1}, "of at most 366, is told"),
    ("term", {"days": True}, "term: days cannot be True"),
    ("term", {"at": "24:00"}, "term: "),
    ("term", {"at": "12:00:30"}, "term: at is a time such as 23:59, not '12:00:30'"),
    ("areas", [], "areas must have an entry"),
    ("areas", {}, "areas is a list of mappings"),
    ("areas/0", "DOFO31_11", "areas is a list of mappings; this is none: 'DOFO31_11'"),
    ("areas/0/area", "a", "areas: a: area is a code of at most 16 capitals"),
    ("areas/0/area", "LONGEST_AREA_99", "LONGEST_AREA_99_F01, the code of its format check, has"),
    ("areas/0/columms", [], "areas: DOFO31_11: unknown key columms; columns?"),
    ("areas/0/rows", [1, 1], "rows: a number is there twice"),
    ("areas/0/rows", ["1"], "rows is a list of numbers"),
    ("areas/0/columns/1", DAY, "column 3 is there twice"),
    ("areas/0/columns/0/lable", "x", "columns: 1: unknown key lable; label?"),
    ("areas/0/columns/0/number", 0, "number cannot be 0"),
    ("areas/0/columns/0/number", "1", "number cannot be '1'"),
    ("areas/0/columns/0/type", "Text", "type cannot be 'Text'"),
    ("areas/0/columns/0/length", 0, "length is from 1 to 2000, not 0"),
    ("areas/0/columns/0/length", 2001, "length is from 1 to 2000"),
    ("areas/0/columns/0/decimals", 2, "decimals is for a Number, not for a String"),
    ("areas/0/columns/0/least", "2", "least is for a Number, not for a String"),
    ("areas/0/columns/0/values", [1], "values is a list of texts; put codes in quotes: [1]"),
    ("areas/0/columns/0/identity", True, "a column that identifies the row must be required"),
    ("areas/0/columns/1/least", "much", "least is a number in quotes, not 'much'"),
    ("areas/0/columns/1/least", "NaN", "least is a number in quotes, not 'NaN'"),
    ("areas/0/columns/1/mask", "990D00", "mask of a Number (none) is not known"),
    ("areas/0/columns/2/mask", "", "mask of a Date (YYYY-MM-DD, YYYYMMDD, DD.MM.YYYY)"),
    ("areas/0/columns/2/mask", "HH24:MI", "mask of a Date"),
    ("areas/0/columns/0/pattern", "(", "pattern '(' is no regular expression"),
    ("areas/0/columns/0/pattern", "(a+)+b", "could take too long for 250 characters"),
    ("areas/0/checks/0/code", "X", "unknown key code; check?"),
    ("areas/0/checks/0/check", "x", "check is a code of at most 16 capitals"),
    ("areas/0/checks/0/name", "", "name must not be empty"),
    ("areas/0/checks/0/kind", "F", "kind cannot be 'F'"),
    ("areas/0/checks/0/kind", "C", "kind C goes with the forms rows and sum"),
    ("areas/0/checks/0/form", "rows", "kind C goes with the forms rows and sum"),
    ("areas/0/checks/0/form", "betwen", "form cannot be 'betwen'"),
    ("areas/0/checks/0/form", "matches", "checks: DOFO31_11_001: matches needs pattern"),
    ("areas/0/checks/0/form", "not_zero", "not_zero does not use most"),
    ("areas/0/checks/0/form", "quotient", "quotient looks at 3 to 3 columns"),
    ("areas/0/checks/0/columns", [1], "column 1 is no Number"),
    ("areas/0/checks/0/columns", [9], "column is not known: 9"),
    ("areas/0/checks/0/columns", [], "between looks at 1 to 99 columns"),
    ("areas/0/checks/0/columns", "2", "columns is a list of numbers"),
    ("areas/0/checks/0/most", "", "between needs least or most"),
    ("areas/0/checks/0/when", {9: "A"}, "column is not known: '9'"),
    ("areas/0/checks/0/when", {1: 2}, "when has columns with the texts that they must have"),
    ("areas/0/checks/0/when", "1", "when has columns with the texts"),
    ("areas/0/checks/0/fold", 3, "between does not use fold"),
    ("checks/0/fold", 1, "fold is 2 or more"),
    ("checks/0/form", "sum", "of a whole data set only rows are counted"),
    ("checks/0/check", "DOFO31_11_001", "check DOFO31_11_001 is there twice"),
]


PLACES = sorted({where for where, *_ in MISTAKES})
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 10**6),
    st.floats(),
    st.text(max_size=8),
    st.dates(),
    st.datetimes(),
    st.sampled_from(
        ["rows", "sum", "quotient", "not_before", "Date", "X", "1e5", "(a", "\0", "\ud800"]
    ),
)
JUNK = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SCALARS, inner, max_size=3),
    max_leaves=5,
)


class TestMistakes:
    @pytest.mark.parametrize(("where", "value", "sentence"), MISTAKES)
    def test_are_told_where_they_are(self, where: str, value: object, sentence: str) -> None:
        with pytest.raises(ValueError, match=re.escape(sentence)):
            read_data_set(changed(where, value))

    @pytest.mark.parametrize("name", ["data_set", "name", "methodologies", "period", "areas"])
    def test_what_must_be_there(self, name: str) -> None:
        with pytest.raises(ValueError, match=f"{name}( |$)"):
            read_data_set({key: value for key, value in ROW.items() if key != name})

    def test_who_says_so_is_told_of_the_row_that_has_it(self) -> None:
        with pytest.raises(ValueError, match=r"^certainty cannot be 'sure'$"):
            read_data_set({**ROW, "certainty": "sure"})

    def test_say_the_way_to_a_column(self) -> None:
        with pytest.raises(ValueError) as told:  # noqa: PT011 - the whole sentence is compared
            read_data_set(changed("areas/0/columns/0/lable", "x"))
        assert str(told.value) == "areas: DOFO31_11: columns: 1: unknown key lable; label?"

    @given(st.data())
    def test_never_are_anything_but_told(self, data: st.DataObject) -> None:
        row = changed(data.draw(st.sampled_from(PLACES)), data.draw(JUNK))
        with suppress(ValueError):
            assert isinstance(read_data_set(row), DataSet)

    def test_a_form_has_no_identity(self) -> None:
        row = changed("areas/0/rows", [1])
        row["areas"][0]["columns"][0] |= {"identity": True, "required": True}
        with pytest.raises(ValueError, match="no column is their identity"):
            read_data_set(row)

    def test_an_area_is_there_once(self) -> None:
        with pytest.raises(ValueError, match="area DOFO31_11 is there twice"):
            read_data_set({**ROW, "areas": ROW["areas"] * 2})


class TestPatterns:
    @pytest.mark.parametrize(
        "pattern",
        [
            "",
            "[A-Z]{6}[0-9A-Z]{5}",
            "([A-Z]{6}[0-9A-Z]{5})|([0-9A-Z]{4})|([0-9A-Za-z]{8,40}|(MORE CLIENTS))",
            "[a-z]+@[a-z]+",
            r"\d{1,3}(\.\d{1,3}){0,3}",
            "(?:ab)*c?",
            "^(?=A).(?!B).$",
            "(?>a+)b++",
            "a{1000}",
            ".*",
        ],
    )
    def test_are_taken(self, pattern: str) -> None:
        assert compile_pattern(pattern, 250).pattern == pattern

    @pytest.mark.parametrize(
        "pattern",
        [
            "(a+)+b",
            "(a|a)*b",
            "(ab|cd|a){30}c",
            "a*a*a*a*b",
            "((a?){20})*",
            "(a{0,9}){0,9}",
            "(.*,){9}",
        ],
    )
    def test_that_could_take_too_long_are_refused(self, pattern: str) -> None:
        with pytest.raises(ValueError, match="could take too long for 250 characters"):
            compile_pattern(pattern, 250)

    def test_may_be_tried_on_shorter_values(self) -> None:
        assert compile_pattern("a*a*a*b", 50).pattern == "a*a*a*b"
        with pytest.raises(ValueError, match="could take too long"):
            compile_pattern("a*a*a*b", 250)

    @pytest.mark.parametrize(
        "pattern",
        ["(", "[z-a]", "a{2,1}", "*", r"(a)\1", "(a)?(?(1)b|c)", "(" * 5000 + ")" * 5000],
    )
    def test_that_are_none_are_refused(self, pattern: str) -> None:
        with pytest.raises(ValueError, match="is no regular expression"):
            compile_pattern(pattern, 250)
