"""Error logs polled: each row once, by a clock and pauses that are handed in."""

from datetime import date
from itertools import islice

import pytest

from podatelna_client.izr import UnreadableAnswer
from tests.clients.epo import HOLDING, START, Epo

DAY = date(2025, 5, 2)


def play_rows(epo: Epo, *texts: str) -> None:
    rows = "".join(
        f"<RADKY><PORADI>{number}</PORADI><ZAVAZNOST>TvrdaChyba</ZAVAZNOST>"
        f"<TEXTCHYBY>{text}</TEXTCHYBY></RADKY>"
        for number, text in enumerate(texts, 1)
    )
    epo.play(
        "IZR_CHIZZ01B",
        "<ChybnikyBResult><SZRID>1</SZRID><DRUHZVIRETE><NAZEVDRUHU>OVC</NAZEVDRUHU>"
        "<DATUMZPRACOVANI><DATUMZPRACOVANI>2025-05-02T21:00:00</DATUMZPRACOVANI>"
        f"{rows}</DATUMZPRACOVANI></DRUHZVIRETE></ChybnikyBResult>",
    )


def test_each_row_comes_once(epo: Epo) -> None:
    play_rows(epo)
    play_rows(epo, "a")
    play_rows(epo, "a", "b")
    entries = epo.client().poll_logs(DAY, HOLDING, "OVC", pause=60, longest=150)
    assert [entry.text for entry in entries] == ["a", "b"]
    assert epo.pauses == [60, 60]
    assert epo.plain()[:2] == [("PROVOZOVNA", HOLDING), ("DRUH", "OVC")]


@pytest.mark.parametrize(
    ("pause", "longest", "pauses"),
    [(60.0, 0.0, 0), (60.0, 59.0, 0), (60.0, 60.0, 1), (30.0, 100.0, 3)],
)
def test_it_ends_when_its_time_is_over(epo: Epo, pause: float, longest: float, pauses: int) -> None:
    for _ in range(pauses + 1):
        play_rows(epo)
    assert list(epo.client().poll_logs(DAY, pause=pause, longest=longest)) == []
    assert epo.pauses == [pause] * pauses
    assert epo.now == START + pause * pauses


def test_a_day_is_polled_unless_told_otherwise(epo: Epo) -> None:
    for _ in range(3):
        play_rows(epo)
    assert list(epo.client().poll_logs(DAY, pause=43_200)) == []
    assert sum(epo.pauses) == 86_400


def test_minute_by_minute_unless_told_otherwise(epo: Epo) -> None:
    play_rows(epo)
    play_rows(epo)
    assert list(epo.client().poll_logs(DAY, longest=60)) == []
    assert epo.pauses == [60]


def test_the_interval_goes_on_past_midnight(epo: Epo) -> None:
    play_rows(epo)
    play_rows(epo)
    list(epo.client().poll_logs(DAY, pause=16 * 3600, longest=16 * 3600))
    assert epo.plain()[:2] == [
        ("DATUMOD", "2025-05-02T00:00:00"),
        ("DATUMDO", "2025-05-03T23:59:59"),
    ]


def test_nothing_is_asked_before_it_is_wanted(epo: Epo) -> None:
    play_rows(epo, "a", "b")
    entries = epo.client().poll_logs(DAY)
    assert epo.server.received == []
    assert [entry.text for entry in islice(entries, 1)] == ["a"]
    assert epo.pauses == []


def test_failures_come_out(epo: Epo) -> None:
    play_rows(epo, "a")
    epo.server.play(b"<html>")
    entries = epo.client().poll_logs(DAY)
    assert next(entries).text == "a"
    with pytest.raises(UnreadableAnswer):
        next(entries)
