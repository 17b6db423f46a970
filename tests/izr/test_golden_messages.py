"""Messages that lie ready as files, sent byte for byte, and the whole answer to each.

A file is named after its example. Two things in an answer are volatile, and the files have names in
braces for them: the SID, which is a new GUID each time, and the time, which is the sandbox's.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.izr.gatehouse import NOW, XML, post_to
from tests.sandboxes import Sandbox

FOLDER = Path(__file__).parent / "golden"
GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME = "2025-05-02T08:00:01.234567+02:00"
"""NOW, as the agency tells it."""
NEXT_DAY = ("2025-05-03T04:00:00Z", "2025-05-03T06:00:00+02:00")
CARRIED = re.compile(rb"(?<=>)[A-Za-z0-9+/]{86}==(?=<)")


@dataclass(frozen=True)
class Example:
    """A message and what comes of it.

    Messages are after the envelope of the public WSDLs; payloads and faults are reconstructed.
    """

    name: str
    form: str = ""
    """The canonical form that the token is of, as the journal names it."""
    status: int = 200
    settings: Mapping[str, object] = field(default_factory=dict)
    before: tuple[str, str] = ("", "")
    """What was sent first, and the answer to it."""
    clock: tuple[str, str] = (NOW, TIME)
    findings: tuple[str, ...] = ()


EXAMPLES = (
    Example("vector1_compact", "reference"),
    Example("vector2_pretty", "reference"),
    Example("vector3_edge", status=500, findings=("service_unknown",)),
    Example("bad_token", status=500, findings=("not_authenticated",)),
    Example("subject_not_found", "reference", 500, findings=("subject_not_found",)),
    Example(
        "validation_failed",
        "reference",
        500,
        findings=("tag_format", "identity_card_missing", "validation_failed"),
    ),
    Example(
        "error_log",
        "reference",
        settings={"processing": "nightly"},
        before=("unknown_card", "vector2_pretty"),
        clock=NEXT_DAY,
    ),
)
TOKENS = {
    "exclusive with whitespace": (
        "gbydTgt5jvZFs2FPgX46ynil27mSne3xI4pOEQjrAaRa2H3BPcn1TnxjDipAbJh2AIlnK7UAzLb1/BLp4HSLqA=="
    ),
    "in place": (
        "M5aq2jQeoMVe3tuXUs8ZeSDgqFWCK2Z8R7tHFrWhTHs5qT7rkUKdt9QxrUL1R+nolSfehrTLp3tqqNwXLrBlQw=="
    ),
}
"""Other tokens of vector 2, by the canonical form that they are of. Made with a canonicaliser of
another library; that of the reference form by the published C# routine."""


def message(name: str) -> bytes:
    vector = FOLDER / f"{name}.xml"
    return (vector if vector.exists() else FOLDER / f"{name}.request.xml").read_bytes()


def answer(name: str, time: str = TIME) -> str:
    text = (FOLDER / f"{name}.answer.xml").read_text("utf-8")
    return text.replace("{time}", time)


def post(sandbox: Sandbox, octets: bytes, status: int = 200) -> str:
    """The answer, its SID masked."""
    found, media_type, body = post_to(sandbox, octets)
    assert (found, media_type) == (status, XML)
    masked, changed = GUID.subn("{SID}", body)
    assert changed == 1
    return masked


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_example(example: Example, sandbox: Sandbox) -> None:
    sandbox.freeze(NOW)
    sandbox.call("PATCH", "/settings", json={"izr": example.settings})
    first, first_answer = example.before
    if first:
        assert post(sandbox, message(first)) == answer(first_answer)
    at, told = example.clock
    sandbox.freeze(at)
    assert post(sandbox, message(example.name), example.status) == answer(example.name, told)
    exchange = sandbox.last()
    form = f"the token matches the canonical form: {example.form}"
    assert [note for note in exchange["notes"] if "token" in note] == [form] * bool(example.form)
    assert tuple(finding["code"] for finding in exchange["findings"]) == example.findings


@pytest.mark.parametrize("form", TOKENS)
def test_the_same_message_with_the_token_of_another_form(form: str, sandbox: Sandbox) -> None:
    """A strict gateway takes that of the reference form alone."""
    sandbox.freeze(NOW)
    octets, changed = CARRIED.subn(TOKENS[form].encode(), message("vector2_pretty"))
    assert changed == 1
    assert post(sandbox, octets) == answer("vector2_pretty")
    assert f"the token matches the canonical form: {form}" in sandbox.last()["notes"]
    sandbox.call("PATCH", "/settings", json={"izr": {"canonicalisation": "strict"}})
    refused = answer("bad_token").replace("sandbox/0001", "sandbox/0002")
    assert post(sandbox, octets, 500) == refused


def test_a_strict_gateway_takes_the_vectors(sandbox: Sandbox) -> None:
    sandbox.freeze(NOW)
    sandbox.call("PATCH", "/settings", json={"izr": {"canonicalisation": "strict"}})
    for name in ("vector1_compact", "vector2_pretty"):
        assert post(sandbox, message(name)) == answer(name)


def test_faults_may_come_with_status_200(sandbox: Sandbox) -> None:
    sandbox.freeze(NOW)
    sandbox.call("PATCH", "/settings", json={"izr": {"fault_status": 200}})
    assert post(sandbox, message("bad_token")) == answer("bad_token")


def test_a_vector_is_answered_twice(sandbox: Sandbox) -> None:
    """A token may come again (contract, Q9); once it is processed, the move is one too many."""
    sandbox.freeze(NOW)
    sandbox.call("PATCH", "/settings", json={"izr": {"processing": "nightly"}})
    for _ in range(2):
        assert post(sandbox, message("vector2_pretty")) == answer("vector2_pretty")
    sandbox.freeze(NEXT_DAY[0])
    assert "<KodChyby>08</KodChyby>" in post(sandbox, message("vector2_pretty"), 500)


def test_every_file_is_used() -> None:
    sent = {example.name for example in EXAMPLES} | {example.before[0] for example in EXAMPLES}
    found = {path.name.partition(".")[0] for path in FOLDER.iterdir()}
    assert found == sent - {""}
