"""Exceptions: who sees which, what is excepted, and what is stored of what is entered."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podatelna.czmvo import filter as exceptions
from podatelna.czmvo.exemptions import Exemptions
from podatelna.czmvo.model import Answer, Exemption, Refusal, Table
from tests.czmvo.desks import HOLDER, OTHER_HOLDER, PHARMACY, Office, open_office, refused

CODE, OTHER = "08594158891136", "0123456789"
HEADER = '"Kód produktu","Šarže","Platnost","Stav"\r\n'
CASUAL = Exemption(41, CODE, None, None, "NO", "m1")
OF_BATCH = Exemption(2, OTHER, "123456", "2026-03-02", "OP", "m1")
FOREIGN = Exemption(3, OTHER, "123456", None, "OP", "m2")


@pytest.fixture
def office() -> Iterator[Office]:
    with open_office() as opened:
        opened.numbers = count(1)
        yield opened


def enter(office: Office, *exemptions: Exemption) -> Exemptions:
    shelf = Exemptions(office.transaction, office.environment)
    shelf.add(exemptions)
    return shelf


def insert(office: Office, **given: Any) -> Answer:
    return office.ask(exceptions.insert, exceptions.INSERT_TAKES, HOLDER, **given)


def single(office: Office, **changes: Any) -> Answer:
    given = {"validity": "2026-04-30", "state": "OP", "productCode": OTHER, "batch": "123456"}
    return insert(office, **{**given, **changes})


def load(office: Office, content: str | bytes, **given: Any) -> Any:
    octets = content.encode() if isinstance(content, str) else content
    return insert(office, csv=b64encode(octets).decode(), **given)


def verify(office: Office, **given: Any) -> Any:
    return office.ask(exceptions.verify, exceptions.VERIFY_TAKES, PHARMACY, **given)


def products(office: Office, **given: Any) -> Any:
    return office.ask(exceptions.list_products, exceptions.PRODUCT_TAKES, HOLDER, **given)


def delete(office: Office, **given: Any) -> Any:
    return office.ask(exceptions.delete, exceptions.DELETE_TAKES, HOLDER, **given)


def stored(office: Office) -> list[Exemption]:
    return Exemptions(office.transaction, office.environment).all()


# -- GET


def test_the_closings_are_listed_in_both_languages(office: Office) -> None:
    answer = office.ask(exceptions.list_states, (), HOLDER)
    assert answer == Table(
        ("code", "name"),
        [("NO", "Uzavřeno - MAH - nelze opravit"), ("OP", "Uzavřeno - MAH - opraveno")],
        "states",
    )
    office.language = "en"
    english = office.ask(exceptions.list_states, (), HOLDER)
    assert isinstance(english, Table)
    assert english.rows[0] == ("NO", "Closed - MAH error - Not fixed")


def test_a_mah_lists_its_own(office: Office) -> None:
    enter(office, CASUAL, OF_BATCH, FOREIGN)
    answer = products(office)
    assert answer == {
        "products": [
            {
                "id": 2,
                "productCode": OTHER,
                "batch": "123456",
                "stateId": 1,
                "state": "Nový",
                "validity": "2026-03-02",
            },
            {
                "id": 41,
                "productCode": CODE,
                "batch": None,
                "stateId": 1,
                "state": "Nový",
                "validity": None,
            },
        ],
        "count": 2,
    }


@pytest.mark.parametrize(
    ("given", "ids"),
    [
        ({"productCode": OTHER}, [2]),
        ({"batch": "123456"}, [2]),
        ({"id": [41, 3]}, [41]),
        ({"id": "2,41"}, [2, 41]),
        ({"productCode": OTHER, "id": [41]}, []),
        ({"productCode": "kod", "batch": "", "id": [1, 2, 3]}, []),
        ({"productCode": "", "batch": "", "id": []}, [2, 41]),
        ({"batch": "\0\udc80"}, []),
    ],
)
def test_filters_narrow_together(office: Office, given: dict[str, Any], ids: list[int]) -> None:
    enter(office, CASUAL, OF_BATCH, FOREIGN)
    answer = products(office, **given)
    assert [item["id"] for item in answer["products"]] == ids
    assert answer["count"] == len(ids)


def test_an_exception_without_a_batch_covers_all_batches(office: Office) -> None:
    enter(office, CASUAL)
    assert verify(office, productCode=CODE, batch="1") == {
        "isException": True,
        "info": {"id": 41, "productCode": CODE, "batch": None, "stateId": 1, "state": "Nový"},
    }


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"productCode": CODE}, 41),
        ({"productCode": OTHER, "batch": "123456"}, 2),
        ({"productCode": OTHER}, 2),
        ({"batch": "123456"}, 2),
        ({"productCode": OTHER, "batch": "654321"}, None),
        ({"productCode": "none"}, None),
        ({"batch": "none"}, None),
        ({"productCode": "\0", "batch": "\udc80"}, None),
    ],
)
def test_what_is_excepted(office: Office, given: dict[str, str], found: int | None) -> None:
    enter(office, CASUAL, OF_BATCH, FOREIGN)
    answer = verify(office, **given)
    assert answer["isException"] == (found is not None)
    assert (answer["info"] or {}).get("id") == found


def test_the_very_batch_goes_before_all_batches(office: Office) -> None:
    enter(office, CASUAL, Exemption(50, CODE, "7", None, "NO", "m2"))
    assert verify(office, productCode=CODE, batch="7")["info"]["id"] == 50
    assert verify(office, productCode=CODE, batch="8")["info"]["id"] == 41
    assert verify(office, productCode=CODE)["info"]["id"] == 41


def test_an_exception_holds_on_its_last_day(office: Office) -> None:
    enter(office, OF_BATCH)
    assert verify(office, productCode=OTHER)["isException"] is True
    office.now = "2026-03-03 00:00:00"
    assert verify(office, productCode=OTHER) == {"isException": False, "info": None}


@pytest.mark.parametrize("given", [{}, {"productCode": ""}, {"productCode": "", "batch": ""}])
def test_nothing_to_verify(office: Office, given: dict[str, str]) -> None:
    assert refused(verify(office, **given)) == "value_missing"


# -- POST


def test_a_single_exception(office: Office) -> None:
    assert single(office) == {
        "products": [
            {
                "lineNo": 1,
                "productCode": OTHER,
                "batch": "123456",
                "validity": "2026-04-30",
                "state": 1,
                "ID": 1,
                "errorCode": 0,
                "errorText": "",
            }
        ],
        "count": 0,
    }
    assert stored(office) == [Exemption(1, OTHER, "123456", "2026-04-30", "OP", "m1")]


def test_new_ones_take_the_ids_that_are_free(office: Office) -> None:
    enter(office, OF_BATCH, FOREIGN)
    ids = [single(office)["products"][0]["ID"] for _ in range(3)]  # type: ignore[index] # a mapping
    assert ids == [1, 4, 5]


@pytest.mark.parametrize("name", ["productCode", "batch", "validity"])
def test_a_single_one_needs_three_things(office: Office, name: str) -> None:
    for nothing in ("", None):
        answer = single(office, **{name: nothing})
        assert refused(answer) == "value_missing"
        assert isinstance(answer, Refusal)
        assert answer.at == name
    assert stored(office) == []


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"state": "06a"}, "state"),
        ({"state": 1}, "state"),
        ({"validity": "30.4.2026"}, "validity"),
        ({"validity": "2026-02-30"}, "validity"),
        ({"productCode": ["a"]}, "productCode"),
    ],
)
def test_what_a_single_one_cannot_be(office: Office, changes: dict[str, Any], at: str) -> None:
    answer = single(office, **changes)
    assert refused(answer) == "value_not_allowed"
    assert isinstance(answer, Refusal)
    assert answer.details == {"name": at}


def test_without_a_state_it_is_the_first_of_the_list(office: Office) -> None:
    single(office, state=None)
    assert [one.state for one in stored(office)] == ["NO"]


def test_the_documented_import(office: Office) -> None:
    answer = load(office, HEADER + '"0123456789","123456","",""\r\n', validity=None, state="NO")
    assert answer == {
        "products": [
            {
                "lineNo": 1,
                "productCode": "0123456789",
                "batch": "123456",
                "validity": None,
                "state": 1,
                "ID": 1,
                "errorCode": 0,
                "errorText": "",
            }
        ],
        "count": 0,
    }
    assert stored(office) == [Exemption(1, "0123456789", "123456", None, "NO", "m1")]


ROWS = [("1", "a", "2027-01-01", "OP"), ("2", 'b,;"\n', None, "NO"), ("3", None, None, "NO")]


@pytest.mark.parametrize(
    "content",
    [
        HEADER + '"1","a","2027-01-01","OP"\r\n"2","b,;""\n","",""\r\n"3"\r\n',
        "\ufeff" + HEADER + '"1","a","2027-01-01","OP"\r\n"2","b,;""\n"\r\n"3","","",""',
        'productCode;batch;validity;state\n1;a;2027-01-01;OP\n2;"b,;""\n";;\n3;;;\n',
        'KÓD PRODUKTU, batch ,x,STATE,validity\n1,a,?,OP,2027-01-01\n2,"b,;""\n"\n\n 3 \n,,,\n',
        '"1","a","2027-01-01","OP"\r\n"2","b,;""\n"\r\n3\r\n',
        '1;a;2027-01-01;OP;surplus\r2;"b,;""\n"\r3\r',
    ],
    ids=["documented", "mark", "semicolons", "by name", "by position", "lone returns"],
)
def test_lines_in_many_a_dialect(office: Office, content: str) -> None:
    answer = load(office, content)
    assert [item["lineNo"] for item in answer["products"]] == [1, 2, 3]
    assert answer["count"] == 0
    found = [(one.product_code, one.batch, one.validity, one.state) for one in stored(office)]
    # Blanks and line breaks around a cell are no part of it.
    assert found == [(code, batch and batch.strip(), *rest) for code, batch, *rest in ROWS]


def test_what_is_given_beside_the_file_holds_for_lines_without_it(office: Office) -> None:
    load(office, HEADER + "1,a,,\n2,b,2027-02-02,OP\n", validity="2026-12-31", state="NO")
    assert [(one.validity, one.state) for one in stored(office)] == [
        ("2026-12-31", "NO"),
        ("2027-02-02", "OP"),
    ]


def test_bad_lines_are_told_and_the_others_stored(office: Office) -> None:
    content = HEADER + ",b,,\n2,c,31.12.2026,\n3,d,,XX\n4,e,,OP\n"
    answer = load(office, content)
    told = [(item["lineNo"], item["ID"], item["errorCode"]) for item in answer["products"]]
    assert told == [(1, None, 11), (2, None, 5), (3, None, 5), (4, 1, 0)]
    assert answer["count"] == 3
    assert [item["errorText"] for item in answer["products"]] == [
        "Nevyplněná hodnota pro parametr.",
        "Nepovolená hodnota pro parametr validity.",
        "Nepovolená hodnota pro parametr state.",
        "",
    ]
    assert answer["products"][1] == {
        "lineNo": 2,
        "productCode": "2",
        "batch": "c",
        "validity": "31.12.2026",
        "state": None,
        "ID": None,
        "errorCode": 5,
        "errorText": "Nepovolená hodnota pro parametr validity.",
    }
    assert [one.product_code for one in stored(office)] == ["4"]
    office.language = "en"
    english = load(office, HEADER + ",b,,\n")
    assert english["products"][0]["errorText"] == "Parameter value not filled in."


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b'"' + b"x" * 200_000 + b'"'], ids=["no UTF-8", "endless cell"]
)
def test_a_file_that_cannot_be_read(office: Office, content: bytes) -> None:
    assert refused(load(office, content)) == "file_not_decoded"


@pytest.mark.parametrize("csv", ["%%%", "QQ", "Ýq==", "="])
def test_what_is_no_base64(office: Office, csv: str) -> None:
    assert refused(insert(office, csv=csv)) == "file_not_decoded"


def test_a_file_with_a_header_only(office: Office) -> None:
    assert load(office, HEADER) == {"products": [], "count": 0}


def test_base64_with_line_breaks_as_the_sandbox_is_set(office: Office) -> None:
    csv = b64encode(b"1,a\n").decode()
    broken = f"{csv[:2]}\r\n{csv[2:]}"
    assert refused(insert(office, csv=broken)) == ""
    office.settings["file_blanks"] = "refused"
    assert refused(insert(office, csv=broken)) == "file_not_decoded"


@given(content=st.one_of(st.binary(max_size=60), st.text('",;\r\n\0ab\udc80', max_size=40)))
def test_no_file_breaks_it(content: bytes | str) -> None:
    octets = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    with open_office() as office:
        answer = load(office, octets)
        if not isinstance(answer, Refusal):
            refused_lines = [item for item in answer["products"] if item["ID"] is None]
            assert answer["count"] == len(refused_lines)
            assert len(stored(office)) == len(answer["products"]) - len(refused_lines)


# -- DELETE


def test_the_documented_deletion(office: Office) -> None:
    enter(office, CASUAL, OF_BATCH, FOREIGN)
    assert delete(office, productCode=OTHER, batch="123456", id=[1, 2]) == {
        "affected": 1,
        "deleted": [{"id": "2", "productCode": OTHER, "batch": "123456"}],
    }
    assert [one.id for one in stored(office)] == [3, 41]


def test_only_the_callers_own_are_deleted(office: Office) -> None:
    shelf = enter(office, OF_BATCH, FOREIGN, replace(OF_BATCH, id=9))
    assert delete(office, productCode=OTHER)["affected"] == 2
    assert shelf.all() == [FOREIGN]
    answer = office.ask(exceptions.delete, exceptions.DELETE_TAKES, OTHER_HOLDER, id=3)
    assert isinstance(answer, dict)
    assert answer["affected"] == 1


def test_ids_of_deleted_ones_as_the_sandbox_is_set(office: Office) -> None:
    enter(office, CASUAL)
    office.settings["ids"] = "integers"
    assert delete(office, id=41)["deleted"][0]["id"] == 41


@pytest.mark.parametrize("given", [{}, {"productCode": "", "batch": "", "id": []}])
def test_all_of_them_are_not_deleted_at_once(office: Office, given: dict[str, Any]) -> None:
    enter(office, OF_BATCH)
    assert refused(delete(office, **given)) == "value_missing"
    assert stored(office) == [OF_BATCH]
