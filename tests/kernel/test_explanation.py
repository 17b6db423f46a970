"""Why a call was refused: the journal beside the contract."""

from dataclasses import replace

from podatelna.app import build_agencies
from podatelna.kernel.explanation import Explanation, Reason, explain, told
from podatelna.kernel.rules import Finding
from tests.kernel.test_verification import ASKED

CONTRACT = build_agencies()["ubyport"].contract
KEY = "surname_wrong"
ENTRY = CONTRACT.errors[KEY]
CALL = replace(
    ASKED,
    agency="ubyport",
    findings=(Finding(KEY, "cSurN", 2, "''"), Finding("of_an_older_contract", received="x")),
    notes=("a note",),
)


def test_each_finding_comes_with_its_entry() -> None:
    assert explain(CALL, CONTRACT) == Explanation(
        number=1,
        at="2026-03-02T08:00:00+00:00",
        agency="ubyport",
        operation="ask",
        login="Porter",
        called="GET /depot/ask?a=1",
        status=200,
        reasons=(
            Reason(
                error=KEY,
                at="cSurN",
                record=2,
                received="''",
                number=ENTRY.number,
                text=ENTRY.text,
                about=ENTRY.about or ENTRY.why,
                certainty=ENTRY.certainty,
                source=ENTRY.source,
                evidence=dict(ENTRY.evidence) or None,
            ),
            Reason("of_an_older_contract", "", None, "x"),
        ),
        notes=("a note",),
    )


def test_as_text() -> None:
    lines = told(explain(CALL, CONTRACT))
    assert lines[:3] == [
        "#1 2026-03-02T08:00:00+00:00 ubyport ask",
        "  GET /depot/ask?a=1 by Porter: HTTP 200",
        f"  refused by {KEY} ({ENTRY.number})",
    ]
    assert f"    text: {ENTRY.text}" in lines
    assert "    where: cSurN, record 2" in lines
    assert f"    source: {ENTRY.certainty}: {ENTRY.source}" in lines
    assert lines[-4:] == [
        "  refused by of_an_older_contract",
        "    where: the call itself",
        "    received: x",
        "  note: a note",
    ]


def test_a_call_without_fault() -> None:
    silent = replace(ASKED, login="", operation="")
    assert told(explain(silent, CONTRACT)) == [
        "#1 2026-03-02T08:00:00+00:00 depot",
        "  GET /depot/ask?a=1: HTTP 200",
        "  Nothing was found wrong with it.",
    ]
