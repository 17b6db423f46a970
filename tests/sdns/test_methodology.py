from collections import Counter
from datetime import date

import pytest

from podatelna.kernel.ledger import CERTAINTIES
from podatelna.sdns.editions import in_sequence, read_edition
from podatelna.sdns.methodology import Edition, Methodology
from podatelna.sdns.semantics import ELEMENT, AreaDimension, DataType, meaning
from podatelna.sdns.structure import Datum, Period
from tests.sdns.rows import CONTRACT, METHODOLOGY, SETS

YEARS_2007, YEARS_2010, YEARS_2013 = "MKT20071101.01", "MKT20100401.01", "MKT20130101.01"
MEMBERS = {
    YEARS_2007: ["MOKAS40.01.00", "MOKAS50.01.00"],
    YEARS_2010: [
        "MOKAS40.03.00",
        "MOKAS41.01.00",
        "MOKAS42.01.00",
        "MOKAS43.01.00",
        "MOKAS44.01.00",
        "MOKAS50.01.00",
    ],
    YEARS_2013: [
        "MOKAS40.03.00",
        "MOKAS41.04.00",
        "MOKAS42.04.00",
        "MOKAS43.01.00",
        "MOKAS44.01.00",
        "MOKAS50.01.00",
    ],
}
OWN = {
    "data_set": "MOKAS40.03.00",
    "name": "Vlastní",
    "methodologies": [YEARS_2013, "FOFI20230101.01"],
    "period": "quarter",
    "term": {"days": 30},
    "scopes": ["S_BCPZB"],
    "areas": [
        {"area": "MOKA40_11", "name": "Oblast", "columns": [{"number": 1, "label": "Údaj"}]},
    ],
}


class TestMethodologies:
    def test_each_is_valid_until_the_next_one(self) -> None:
        assert list(METHODOLOGY.editions.values()) == [
            Edition(YEARS_2007, "MKT", date(2007, 11, 1), date(2010, 3, 31)),
            Edition(YEARS_2010, "MKT", date(2010, 4, 1), date(2012, 12, 31)),
            Edition(YEARS_2013, "MKT", date(2013, 1, 1), None),
        ]

    @pytest.mark.parametrize(
        ("methodology", "day", "valid"),
        [
            (YEARS_2007, date(2007, 10, 31), False),
            (YEARS_2007, date(2007, 11, 1), True),
            (YEARS_2007, date(2010, 3, 31), True),
            (YEARS_2007, date(2010, 4, 1), False),
            (YEARS_2010, date(2010, 4, 1), True),
            (YEARS_2013, date(2012, 12, 31), False),
            (YEARS_2013, date.max, True),
            (YEARS_2013, date.min, False),
            ("MKT20130101.02", date(2013, 7, 31), False),
            ("", date(2013, 7, 31), False),
        ],
    )
    def test_is_valid_on_its_days(self, methodology: str, day: date, valid: bool) -> None:
        assert METHODOLOGY.valid(methodology, day) is valid

    @pytest.mark.parametrize("methodology", MEMBERS)
    def test_has_its_data_sets(self, methodology: str) -> None:
        assert [it.full_code for it in METHODOLOGY.part(methodology)] == MEMBERS[methodology]
        assert [name for name in SETS if METHODOLOGY.has(methodology, name)] == MEMBERS[methodology]

    def test_has_nothing_unknown(self) -> None:
        assert not METHODOLOGY.has("MKT20990101.01", "MOKAS40.03.00")
        assert not METHODOLOGY.has(YEARS_2013, "MOKAS40.09.00")
        assert METHODOLOGY.part("MKT20990101.01") == ()

    @pytest.mark.parametrize("code", ["", "MKT", "MKT20130101", "MKT20131301.01", "mkt20130101.01"])
    def test_is_called_after_its_first_day(self, code: str) -> None:
        with pytest.raises(ValueError, match="a methodology is called like"):
            read_edition(code)

    def test_areas_do_not_end_each_other(self) -> None:
        found = in_sequence(["MKT20130101.01", "FOFI20230101.01", "MKT00010101.01"])
        assert [(it.code, it.until) for it in found.values()] == [
            ("FOFI20230101.01", None),
            ("MKT00010101.01", date(2012, 12, 31)),
            ("MKT20130101.01", None),
        ]

    def test_two_versions_of_one_day_are_in_order(self) -> None:
        found = in_sequence(["MKT20130101.02", "MKT20130101.01"])
        assert [it.code for it in found.values()] == ["MKT20130101.01", "MKT20130101.02"]
        assert found["MKT20130101.02"].until is None


class TestDataSets:
    def test_are_found_by_their_whole_code_only(self) -> None:
        found = METHODOLOGY.find("MOKAS41.04.00")
        assert found is SETS["MOKAS41.04.00"]
        assert (found.code, found.version, found.variant) == ("MOKAS41", 4, 0)
        assert METHODOLOGY.find("MOKAS41") is None
        assert METHODOLOGY.find("mokas41.04.00") is None

    def test_versions_come_oldest_first(self) -> None:
        assert [it.full_code for it in METHODOLOGY.versions("MOKAS40")] == [
            "MOKAS40.01.00",
            "MOKAS40.03.00",
        ]
        assert METHODOLOGY.versions("MOKAS40.01.00") == ()
        assert METHODOLOGY.codes() == (
            "MOKAS40",
            "MOKAS41",
            "MOKAS42",
            "MOKAS43",
            "MOKAS44",
            "MOKAS50",
        )

    @pytest.mark.parametrize(
        ("code", "day", "found"),
        [
            ("MOKAS40", date(2010, 3, 31), "MOKAS40.01.00"),
            ("MOKAS40", date(2010, 4, 1), "MOKAS40.03.00"),
            ("MOKAS41", date(2010, 3, 31), None),
            ("MOKAS41", date(2012, 12, 31), "MOKAS41.01.00"),
            ("MOKAS41", date(2013, 1, 31), "MOKAS41.04.00"),
            ("MOKAS43", date(9999, 12, 31), "MOKAS43.01.00"),
            ("MOKAS40", date(2007, 10, 31), None),
            ("MOKAS99", date(2013, 1, 31), None),
        ],
    )
    def test_the_version_follows_the_day(self, code: str, day: date, found: str | None) -> None:
        data_set = METHODOLOGY.by_code(code, day)
        assert (data_set.full_code if data_set else None) == found

    @pytest.mark.parametrize(
        ("code", "period", "splittable", "additive"),
        [
            ("MOKAS40", "day", False, True),
            ("MOKAS41", "month", True, False),
            ("MOKAS42", "month", True, False),
            ("MOKAS43", "month", True, False),
            ("MOKAS44", "month", True, False),
            ("MOKAS50", "day", False, True),
        ],
    )
    def test_how_they_are_sent(
        self, code: str, period: Period, splittable: bool, additive: bool
    ) -> None:
        for data_set in METHODOLOGY.versions(code):
            assert (data_set.period, data_set.splittable, data_set.additive) == (
                period,
                splittable,
                additive,
            )

    @pytest.mark.parametrize(
        ("name", "columns"),
        [
            ("MOKAS40.03.00", {"MOKA40_11": 21, "MOKA40_21": 6}),
            ("MOKAS41.01.00", {"MOKA41_11": 41}),
            ("MOKAS41.04.00", {"MOKA41_11": 40}),
            ("MOKAS42.04.00", {"MOKA42_11": 30, "MOKA42_12": 3}),
            ("MOKAS43.01.00", {"MOKA43_11": 17}),
            ("MOKAS44.01.00", {"MOKA44_11": 12}),
            ("MOKAS50.01.00", {"MOKA50_11": 21, "MOKA50_21": 6}),
        ],
    )
    def test_areas_and_columns(self, name: str, columns: dict[str, int]) -> None:
        areas = SETS[name].areas
        assert {area.code: len(area.columns) for area in areas} == columns
        for area in areas:
            assert [it.number for it in area.columns] == list(range(1, len(area.columns) + 1))

    @pytest.mark.parametrize(
        ("version", "number", "label"),
        [
            ("01", 12, "Platnost pokynu datum"),
            ("04", 12, "Platnost pokynu datum"),
            ("01", 15, "Ukazatel nákupu/prodeje"),
            ("04", 14, "Ukazatel nákupu/prodeje"),
            ("01", 19, "Požadované množství/nominální hodnota"),
            ("04", 18, "Požadované množství/nominální hodnota"),
            ("01", 40, "Makléř 1"),
            ("04", 39, "Makléř 1"),
        ],
    )
    def test_columns_of_orders_have_moved(self, version: str, number: int, label: str) -> None:
        area = SETS[f"MOKAS41.{version}.00"].areas[0]
        assert area.columns[number - 1].label == label

    def test_every_kind_of_check_is_there(self) -> None:
        kinds = Counter(check.kind for it in SETS.values() for check in it.all_checks())
        assert kinds.keys() == {"O", "L", "P", "X", "C"}

    @pytest.mark.parametrize("name", SETS)
    def test_codes_of_checks_fit_the_schema(self, name: str) -> None:
        data_set = SETS[name]
        codes = data_set.check_codes()
        columns = sum(len(area.columns) + 2 for area in data_set.areas)
        assert len(codes) == 1 + columns + len(list(data_set.all_checks()))
        assert max(map(len, codes)) <= 16

    @pytest.mark.parametrize("name", SETS)
    def test_names_and_masks_fit_the_schema(self, name: str) -> None:
        data_set = SETS[name]
        assert len(data_set.name) <= 60
        for area in data_set.areas:
            assert len(area.name) <= 60
            assert all(len(column.mask) <= 35 for column in area.columns)


class TestChanges:
    @pytest.mark.parametrize(
        ("methodology", "name", "change", "areas"),
        [
            (YEARS_2007, "MOKAS40.01.00", "N", ["N", "N"]),
            (YEARS_2010, "MOKAS40.03.00", "Z", ["Z", "Z"]),
            (YEARS_2010, "MOKAS50.01.00", "", ["", ""]),
            (YEARS_2010, "MOKAS41.01.00", "N", ["N"]),
            (YEARS_2013, "MOKAS40.03.00", "", ["", ""]),
            (YEARS_2013, "MOKAS41.04.00", "Z", ["Z"]),
            (YEARS_2013, "MOKAS42.04.00", "Z", ["", ""]),
        ],
    )
    def test_against_the_methodology_before(
        self, methodology: str, name: str, change: str, areas: list[str]
    ) -> None:
        data_set = SETS[name]
        assert METHODOLOGY.change(methodology, data_set) == change
        found = [METHODOLOGY.change_of_area(methodology, data_set, it) for it in data_set.areas]
        assert found == areas


class TestWorlds:
    def test_add_data_sets_and_replace_them(self) -> None:
        found = Methodology.of(CONTRACT, [OWN, {**OWN, "data_set": "FOFIS01.01.00"}])
        assert list(found.data_sets) == [*SETS, "FOFIS01.01.00"]
        assert found.data_sets["MOKAS40.03.00"].name == "Vlastní"
        assert found.data_sets["MOKAS41.04.00"] is SETS["MOKAS41.04.00"]
        assert found.has("FOFI20230101.01", "FOFIS01.01.00")
        assert found.valid("FOFI20230101.01", date(2024, 1, 1))
        assert found.by_code("FOFIS01", date(2012, 12, 31)) is None
        assert found.by_code("FOFIS01", date(2013, 1, 1)) is found.find("FOFIS01.01.00")

    def test_the_latest_version_of_a_day_is_used(self) -> None:
        found = Methodology.of(CONTRACT, [{**OWN, "data_set": "MOKAS40.02.01"}])
        assert [it.full_code for it in found.versions("MOKAS40")] == [
            "MOKAS40.01.00",
            "MOKAS40.02.01",
            "MOKAS40.03.00",
        ]
        assert found.by_code("MOKAS40", date(2013, 1, 1)) is SETS["MOKAS40.03.00"]

    def test_leave_the_contract_alone(self) -> None:
        Methodology.of(CONTRACT, [OWN])
        assert Methodology.of(CONTRACT) is METHODOLOGY
        assert METHODOLOGY.find("MOKAS40.03.00") is SETS["MOKAS40.03.00"]

    def test_are_read_once(self) -> None:
        assert Methodology.of(CONTRACT, [OWN]) is Methodology.of(CONTRACT, [dict(OWN)])


class TestMeanings:
    def test_every_dimension_has_values_and_every_value_a_dimension(self) -> None:
        semantics = METHODOLOGY.semantics
        codes = [dimension.code for dimension in semantics.dimensions]
        assert codes == [ELEMENT, "P0002", "P0046", "P0053"]
        assert all(semantics.values_of(code) for code in codes)
        assert {value.dimension for value in semantics.values} == set(codes)
        assert semantics.values_of("P9999") == ()

    def test_elements_of_columns_and_accounts_are_known(self) -> None:
        known = {value.code for value in METHODOLOGY.semantics.values_of(ELEMENT)}
        used = {
            column.item
            for data_set in SETS.values()
            for area in data_set.areas
            for column in area.columns
            if column.item
        }
        assert used == known
        assert {link.element for link in METHODOLOGY.semantics.accounts} <= known

    def test_scopes_of_data_sets_are_known(self) -> None:
        known = {value.code for value in METHODOLOGY.semantics.values_of("P0046")}
        assert {scope for it in SETS.values() for scope in it.scopes} <= known

    def test_dimensions_of_an_area(self) -> None:
        data_set = SETS["MOKAS44.01.00"]
        assert list(METHODOLOGY.semantics.of_area(data_set, data_set.areas[0])) == [
            AreaDimension("P0002", "D", "D_SUBJEKT", type=DataType("String", 16)),
            AreaDimension("P0046", "S", "S_BCRPZB"),
            AreaDimension("P0046", "S", "S_BCPZB"),
            AreaDimension("P0053", "D", "D_DATUM", type=DataType("Date", 8, "YYYYMMDD")),
            AreaDimension("IP", "S", "IPM0011"),
            AreaDimension("IP", "S", "IPM0014"),
        ]

    def test_one_scope_is_constant(self) -> None:
        own = Methodology.of(CONTRACT, [OWN]).data_sets["MOKAS40.03.00"]
        scopes = [
            it for it in METHODOLOGY.semantics.of_area(own, own.areas[0]) if it.code == "P0046"
        ]
        assert scopes == [AreaDimension("P0046", "K", "S_BCPZB")]

    def test_meaning_of_a_column(self) -> None:
        data_set = SETS["MOKAS44.01.00"]
        record, person, *_ = data_set.areas[0].columns
        assert meaning(record, data_set) == {}
        assert meaning(person, data_set) == {"IP": "IPM0011"}

    def test_places_have_numbers_of_their_own(self) -> None:
        places = [place for it in SETS["MOKAS40.03.00"].areas for place in it.data()]
        assert len(places) == 27
        assert len({place.iid for place in places}) == 27
        assert all(0 < place.iid < 10**18 for place in places)
        assert places[0] == Datum(
            places[0].iid, 1, SETS["MOKAS40.03.00"].areas[0].columns[0], dynamic=True
        )
        older = [place.iid for it in SETS["MOKAS40.01.00"].areas for place in it.data()]
        assert older == [place.iid for place in places]


class TestLedger:
    def test_every_entry_says_who_says_so(self) -> None:
        facts = dict(METHODOLOGY.facts())
        assert len(facts) > 350
        assert {fact.certainty for fact in facts.values()} == set(CERTAINTIES)
        assert all(fact.source for fact in facts.values())

    def test_what_is_public_is_not_called_ours(self) -> None:
        facts = dict(METHODOLOGY.facts())
        assert facts["MOKAS40.03.00 MOKA40_11 14"].certainty == "documented"
        assert facts["MOKAS42.01.00 MOKA42_11 1"].certainty == "observed"
        assert facts["MOKAS41.04.00 MOKA41_11 14"].certainty == "reconstructed"
        assert facts["MOKAS42.01.00 MOKA42_11_001"].certainty == "reconstructed"


class TestIdentity:
    def test_is_made_of_the_identifying_columns(self) -> None:
        area = SETS["MOKAS40.03.00"].areas[0]
        assert area.identity_columns == ("1", "2", "3")
        assert area.identity({"1": "A", "2": "B", "3": "C", "4": "D"}) == "A\x1fB\x1fC"
        assert area.identity({"1": "A", "2": "B"}) == ""

    def test_alone_it_removes_a_row(self) -> None:
        area = SETS["MOKAS40.03.00"].areas[0]
        assert area.only_identity({"1": "A", "2": "B", "3": "C"})
        assert not area.only_identity({"1": "A", "2": "B"})
        assert not area.only_identity({"1": "A", "2": "B", "3": "C", "4": "D"})

    def test_need_not_be(self) -> None:
        area = Methodology.of(CONTRACT, [OWN]).data_sets["MOKAS40.03.00"].areas[0]
        assert area.identity({"1": "A"}) == ""
        assert not area.only_identity({})
