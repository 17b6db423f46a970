"""Lexical values, just inside and just outside of what .NET's XmlConvert takes."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podatelna.kernel.xmlconvert import (
    ConversionError,
    Moment,
    boolean_text,
    date_time_text,
    to_boolean,
    to_date_time,
    to_int32,
    xml_text,
)

TODAY = date(2026, 3, 2)
DAY = date(2019, 6, 25)
AT = time(11, 9)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("7", 7),
        ("07", 7),
        (" 7 ", 7),
        ("\t\r\n7\v\f", 7),
        ("+7", 7),
        ("-7", -7),
        ("-0", 0),
        ("+007", 7),
        ("2147483647", 2147483647),
        ("-2147483648", -2147483648),
        ("0" * 9000 + "12", 12),
    ],
)
def test_an_int32_is_read(text: str, number: int) -> None:
    assert to_int32(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "+",
        "-",
        "- 7",
        "+-7",
        "7 7",
        "7.0",
        "1,000",
        "1_000",
        "0x7",
        "7e0",
        "abc",
        "٧",
        "²",
        "\u00a07",
        "2147483648",
        "-2147483649",
        "99999999999",
        "9" * 9000,
        "0" * 70000 + "x",
    ],
)
def test_what_is_no_int32_is_named_as_it_came(text: str) -> None:
    with pytest.raises(ConversionError) as raised:
        to_int32(text)
    assert str(raised.value) == f"The value '{text}' cannot be parsed as the type 'Int32'."


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("1", True), ("false", False), ("0", False), (" true\r\n", True)],
)
def test_a_boolean_is_read(text: str, value: bool) -> None:
    assert to_boolean(text) is value


@pytest.mark.parametrize("text", ["", "True", "TRUE", "yes", "00", "01", "2", "t", "\u00a01"])
def test_what_is_no_boolean_is_named_as_it_came(text: str) -> None:
    with pytest.raises(ConversionError) as raised:
        to_boolean(text)
    assert str(raised.value) == f"The value '{text}' cannot be parsed as the type 'Boolean'."


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2019-06-25T11:09:00", Moment(DAY, AT)),
        (" \n2019-06-25T11:09:00\t", Moment(DAY, AT)),
        ("0001-01-01T00:00:00", Moment(date.min, time.min)),
        ("9999-12-31T23:59:59", Moment(date.max, time(23, 59, 59))),
        ("2020-02-29T00:00:00", Moment(date(2020, 2, 29), time.min)),
        # The date stays as it was written, whatever the zone.
        ("2019-06-25T23:30:00Z", Moment(DAY, time(23, 30), 0)),
        ("2019-06-25T23:30:00z", Moment(DAY, time(23, 30), 0)),
        ("2019-06-25T23:30:00+02:00", Moment(DAY, time(23, 30), 120)),
        ("2019-06-25T00:30:00-05:30", Moment(DAY, time(0, 30), -330)),
        ("2019-06-25T11:09:00+99:99", Moment(DAY, AT, 99 * 60 + 99)),
        ("2019-06-25T11:09:00-00:00", Moment(DAY, AT, 0)),
        ("2019-06-25T11:09:00.5", Moment(DAY, time(11, 9, 0, 500_000))),
        ("2019-06-25T11:09:00.123456", Moment(DAY, time(11, 9, 0, 123_456))),
        ("2019-06-25T11:09:00.1234567", Moment(DAY, time(11, 9, 0, 123_456))),
        ("2019-06-25T11:09:00.1234567Z", Moment(DAY, time(11, 9, 0, 123_456), 0)),
        ("2019-06-25T11:09:00." + "1" * 50 + "+01:00", Moment(DAY, time(11, 9, 0, 111_111), 60)),
        # All the other types of XML Schema that tell a date or a time.
        ("2019-06-25", Moment(DAY, time.min)),
        ("2019-06-25Z", Moment(DAY, time.min, 0)),
        ("2019-06-25+02:00", Moment(DAY, time.min, 120)),
        ("11:09:00", Moment(TODAY, AT)),
        ("11:09:00.25-01:00", Moment(TODAY, time(11, 9, 0, 250_000), -60)),
        ("2019-06", Moment(date(2019, 6, 1), time.min)),
        ("2019-06Z", Moment(date(2019, 6, 1), time.min, 0)),
        ("2019", Moment(date(2019, 1, 1), time.min)),
        ("2019+01:00", Moment(date(2019, 1, 1), time.min, 60)),
        ("--06-25", Moment(date(1904, 6, 25), time.min)),
        ("--02-29", Moment(date(1904, 2, 29), time.min)),
        ("--06", Moment(date(2026, 6, 1), time.min)),
        ("--06--", Moment(date(2026, 6, 1), time.min)),
        ("--06--Z", Moment(date(2026, 6, 1), time.min, 0)),
        ("---25", Moment(date(2026, 1, 25), time.min)),
        ("---31-02:00", Moment(date(2026, 1, 31), time.min, -120)),
    ],
)
def test_a_date_time_is_read_as_it_was_written(text: str, moment: Moment) -> None:
    assert to_date_time(text, TODAY) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "abc",
        "25.06.2019",
        "01.01.1911",
        "20190625",
        "2019-6-25",
        "19-06-25",
        "12019-06-25",
        "-2019-06-25",
        "0000-01-01T00:00:00",
        "2019-00-25",
        "2019-13-25",
        "2019-06-00",
        "2019-06-31",
        "2019-02-29",
        "2019-06-25T",
        "2019-06-25T11:09",
        "2019-06-25 11:09:00",
        "2019-06-25t11:09:00",
        "2019-06-25T11:09:00.",
        "2019-06-25T11:09:00,5",
        # XML Schema allows it for midnight, .NET's parser wants an hour below 24.
        "2019-06-25T24:00:00",
        "2019-06-25T11:60:00",
        "2019-06-25T11:09:60",
        "2019-06-25T11:09:00 Z",
        "2019-06-25T11:09:00+2:00",
        "2019-06-25T11:09:00+0200",
        "2019-06-25T11:09:00+02",
        "2019-06-25T11:09:00ZZ",
        "2019-06-25T11:09:00Z+01:00",
        "2019-06-25T11:09:00 CET",
        "24:00:00",
        "11:09",
        "2019-13",
        "2019-",
        "0000",
        "--13",
        "--00--",
        "--06-31",
        "--02-30",
        "--06-",
        "---00",
        "---32",
        "٢٠١٩-06-25",
        "2019-06-25T11:09:00." + "1" * 60 + "x",
    ],
)
def test_what_is_no_date_time_is_named_as_it_came(text: str) -> None:
    with pytest.raises(ConversionError) as raised:
        to_date_time(text, TODAY)
    assert str(raised.value) == f"The value '{text}' cannot be parsed as the type 'DateTime'."


def test_what_the_text_leaves_out_comes_from_the_day_of_the_reading() -> None:
    assert to_date_time("11:09:00", DAY) == Moment(DAY, AT)
    assert to_date_time("11:09:00", TODAY) == Moment(TODAY, AT)


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (Moment(DAY, AT), "2019-06-25T11:09:00"),
        (Moment(date.min, time.min), "0001-01-01T00:00:00"),
        (Moment(DAY, time(11, 9, 0, 500_000)), "2019-06-25T11:09:00.5"),
        (Moment(DAY, time(11, 9, 0, 10)), "2019-06-25T11:09:00.00001"),
        (Moment(DAY, AT, 0), "2019-06-25T11:09:00Z"),
        (Moment(DAY, AT, 120), "2019-06-25T11:09:00+02:00"),
        (Moment(DAY, AT, -330), "2019-06-25T11:09:00-05:30"),
    ],
)
def test_a_date_time_is_written_as_dotnet_writes_it(moment: Moment, text: str) -> None:
    assert date_time_text(moment) == text


@given(st.builds(Moment, st.dates(), st.times(), st.none() | st.integers(-840, 840)))
def test_a_written_date_time_reads_the_same(moment: Moment) -> None:
    assert to_date_time(date_time_text(moment), TODAY) == moment


@given(st.integers(-(2**31), 2**31 - 1))
def test_a_written_int32_reads_the_same(number: int) -> None:
    assert to_int32(str(number)) == number


@pytest.mark.parametrize("value", [True, False])
def test_a_written_boolean_reads_the_same(value: bool) -> None:
    assert to_boolean(boolean_text(value)) is value


@pytest.mark.parametrize(
    ("text", "carried"),
    [
        ("", ""),
        ("\t\n\r ~\x7f\x85\ud7ff\ue000\ufffd\U00010000\U0010ffff", None),
        ("a\x00b", "a\ufffdb"),
        ("\x01\x08\x0b\x0c\x0e\x1f", "\ufffd" * 6),
        ("\ud800x\udfff", "\ufffdx\ufffd"),
        ("\ufffe\uffff", "\ufffd\ufffd"),
    ],
)
def test_what_xml_cannot_carry_is_replaced(text: str, carried: str | None) -> None:
    assert xml_text(text) == (text if carried is None else carried)
