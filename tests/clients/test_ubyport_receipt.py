"""Reading receipts: laid out as the agency prints them, and as extractors leave them."""

import re
import unicodedata
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from podatelna_client.ubyport import (
    MarkedRecord,
    ReceiptSummary,
    UbyportError,
    UnreadableReceipt,
    read_receipt,
)

STAMP = "45F05079-C967-4013-A6BB-7333F0F8A557"
CODE = f"©CODE : {STAMP}-2196201250000-29-11-2025-22809"
TITLES = (
    "  Příjmení                 | Jméno      | Datum nar. | STP | Číslo cestovního dokladu\n"
    "  Trvalé bydliště v zahraničí          | Poznámka\n"
)
RECEIPT = (
    "  Internetová aplikace Ubyport - doručenka elektronického oznámení ubytování cizinců"
    " ubytovatelem\n"
    "  IDUB: 2196201250000  Zkratka: TWS000"
    "                   Datum doručení oznámení:29.11.2025 2:28\n"
    "  Uživatel: UBY-WS_TWS000\n"
    "  Ubytovací zařízení         : TEST WS - UKAZKOVA S.R.O.\n"
    "  Adresa ubytovacího zařízení: PRAHA, NOVÉ MĚSTO, UKÁZKOVÁ 1234/20\n"
    "\n"
    "  Celkový počet záznamů:       12                 Počet ignorovaných záznamů: 1\n"
    "  Seznam nepřijatých záznamů:  2\n"
    "  Počet přijatých záznamů:     9\n"
    "\n"
    f"  {'=' * 75}  SEZNAM NEPŘIJATÝCH ZÁZNAMŮ  {'=' * 75}\n{TITLES}"
    f"  001 ERR: {'-' * 171}\n"
    "  VZOROVÁ                  | ANNA       | 00001950   | SVK | AAA\n"
    "  Bratislava                           | pokoj 12\n"
    "   ERR: Nekorektní číslo cestovního dokladu\n"
    "\n"
    f"  002 {'-' * 176}\n"
    "  NOVÁKOVÁ                 | EVA        | 01021980   | SVK | BBB\n"
    f"  {'_' * 178}\n"
    f"  POKRAČOVÁNÍ NA DALŠÍ STRÁNCE {'-' * 71} {CODE}-2\n"
    f"  {'=' * 76}  SEZNAM PŘIJATÝCH ZÁZNAMŮ  {'=' * 76}\n{TITLES}"
    f"  005 ERR: {'-' * 171}\n"
    "  VZOROVÁ                  | ANNA       | 00001950   | SVK | EA123456\n"
    "  Bratislava                           | \n"
    "   ERR: Záznam s hostem je duplicitní a byl již zpracován v jedné z předchozích dávek\n"
    "\n"
    f"  KONEC DORUČENKY {'-' * 84} {CODE}-9\n"
)
SUMMARY = ReceiptSummary(
    idub="2196201250000",
    abbreviation="TWS000",
    delivered=datetime(2025, 11, 29, 2, 28, tzinfo=ZoneInfo("Europe/Prague")),
    user="UBY-WS_TWS000",
    total=12,
    ignored=1,
    refused=2,
    accepted=9,
    stamp=STAMP,
    marked=(
        MarkedRecord(accepted=False, number=1, text="Nekorektní číslo cestovního dokladu"),
        MarkedRecord(
            accepted=True,
            number=5,
            text="Záznam s hostem je duplicitní a byl již zpracován v jedné z předchozích dávek",
        ),
    ),
)


def without_spaces(text: str) -> str:
    return text.replace(" ", "")


def test_receipt_as_printed():
    assert read_receipt(RECEIPT) == SUMMARY


@pytest.mark.parametrize(
    "extracted",
    [
        lambda text: re.sub(" +", " ", text),
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: unicodedata.normalize("NFD", text),
    ],
)
def test_receipt_as_extractors_leave_it(extracted):
    assert read_receipt(extracted(RECEIPT)) == SUMMARY


def test_receipt_that_lost_its_spaces():
    assert read_receipt(without_spaces(RECEIPT)) == replace(
        SUMMARY,
        marked=tuple(replace(mark, text=without_spaces(mark.text)) for mark in SUMMARY.marked),
    )


def test_head_that_lost_its_lines_too():
    head = without_spaces(RECEIPT).split("=")[0].replace("\n", "")

    assert read_receipt(head + CODE) == replace(SUMMARY, marked=())


def test_columns_read_one_after_the_other():
    right = ("Datum doručení oznámení:29.11.2025 2:28", "Počet ignorovaných záznamů: 1")
    text = RECEIPT
    for label in right:
        text = text.replace(label, "")

    assert read_receipt(text + "\n".join(right)) == SUMMARY


@pytest.mark.parametrize(
    "label",
    [
        "IDUB:",
        "Zkratka:",
        "Datum doručení oznámení:",
        "Uživatel:",
        "Celkový počet záznamů:",
        "Počet ignorovaných záznamů:",
        "Seznam nepřijatých záznamů:",
        "Počet přijatých záznamů:",
        "CODE :",
    ],
)
def test_a_missing_label_is_named(label):
    with pytest.raises(UnreadableReceipt) as caught:
        read_receipt(RECEIPT.replace(label, "?"))

    assert str(caught.value) == f'"{label}" is missing, or nothing readable follows it'
    assert isinstance(caught.value, UbyportError)


def test_an_impossible_date_is_named():
    with pytest.raises(
        UnreadableReceipt, match='"Datum doručení oznámení:" is followed by no date'
    ):
        read_receipt(RECEIPT.replace("29.11.2025", "31.11.2025"))


def test_what_is_no_receipt():
    with pytest.raises(UnreadableReceipt):
        read_receipt("")
