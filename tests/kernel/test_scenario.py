"""Scenario files: what they say, and how mistakes in them are told."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from podatelna.commands.check import SCHEMA, schema_text
from podatelna.kernel.catalogue import Entry
from podatelna.kernel.scenario.document import read_document
from podatelna.kernel.scenario.file import (
    ScenarioError,
    ScenarioFile,
    is_scenario,
    load_scenario,
)
from podatelna.kernel.scenario.model import (
    AdminStep,
    CallStep,
    DisruptStep,
    HttpStep,
    ImportStep,
    OutboxStep,
)
from podatelna.kernel.scenario.part import Caller
from podatelna.kernel.scenario.shapes import misfits, schema_of
from podatelna.kernel.scenario.trouble import Planned
from podatelna.kernel.scenario.vocabulary import AgencyWords, Vocabulary
from podatelna.kernel.settings import Setting, SettingBook
from podatelna.kernel.yamlfile import YamlFileError

BOOK = {"title": ("text", "null"), "pages": "number", "bought": "day", "lent": "flag"}


def error(key: str, kind: str, **more: object) -> tuple[str, Entry]:
    entry = Entry(
        key=key,
        kind=kind,
        text=key,
        certainty="documented",
        source="made up",
        **{"number": None, **more},  # type: ignore[arg-type] # few fields, all right
    )
    return key, entry


LIBRARY = AgencyWords(
    name="library",
    settings=SettingBook(
        "library",
        {
            "max_books": Setting(value=5, minimum=1, certainty="documented", source="made up"),
            "fines": Setting(
                value="mild", choices=("mild", "harsh"), certainty="documented", source="made up"
            ),
        },
    ),
    errors=dict(
        [
            error("title_wrong", "record", number=1),
            error("pages_wrong", "record", number=2),
            error("card_wrong", "header", number=3),
            error("card_wrong_legacy", "header", number=4, variant_of="card_wrong"),
            error("closed", "fault"),
            error("unauthorized", "http", status=401),
        ]
    ),
    calls={
        "open": {"takes": {}, "exclusive": [], "answers": {"value": "flag"}},
        "lend": {
            "takes": {"book": BOOK, "books": ("number", [BOOK])},
            "exclusive": [("book", "books")],
            "answers": {
                "errors": [["error:record"]],
                "header": ["error:header"],
                "accepted": "number",
                "refused": "number",
            },
        },
        "list": {"takes": {}, "exclusive": [], "answers": {"rows": [BOOK], "more": "any"}},
    },
    defaults={"book": BOOK},
    namespaces={"l": "urn:library"},
    admin=["cat"],
    operations=["Lend", "Return"],
    kinds=["card", "token"],
)
WORLD = {
    "library": {
        "branch": {"accounts": [{"login": "anna", "password": "a"}]},
        "test": {"accounts": [{"login": "Bob", "password": "b"}]},
    }
}
WORDS = Vocabulary(
    ["default", "empty"], {"library": LIBRARY}, lambda name: WORLD if name == "default" else {}
)

Load = Callable[[str], ScenarioFile]
HEAD = "title: A book is lent\nagency: library\n"
STEPS = "steps:\n  - call: library.open\n"


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Load a text as the file x.yaml of this folder."""
    monkeypatch.chdir(tmp_path)

    def load(text: str) -> ScenarioFile:
        path = Path("x.yaml")
        path.write_text(text, "utf-8")
        return load_scenario(path, WORDS)

    return load


def refusals(load: Load, text: str) -> list[str]:
    with pytest.raises(ScenarioError) as refused:
        load(text)
    return str(refused.value).split("\n")


def test_a_scenario_is_read_with_the_lines_of_its_steps(load: Load) -> None:
    loaded = load(
        HEAD
        + """\
source: {document: Rules, section: "3", certainty: observed}
tags: [lending]
given:
  clock: 2026-03-02 08:00:00
  settings: {max_books: 2}
  disruptions: [{kind: delay, seconds: 2, operation: Lend, login: anna, times: 3}]
  defaults: {book: {pages: 100}}
steps:
  - call: library.lend
    as: anna
    with: {books: 2}
    expect: {errors: [[title_wrong, pages_wrong], []], header: [card_wrong], refused: 1}

  - http: {path: /library, as: {login: nobody, password: x, unknown: true}}
    expect: {status: 401, headers: {Server: null}, xpath: {"count(//l:book)": 1}}
    repeat: 2
  - advance: 1h30m
  - clock: 2026-03-02T10:00:00+01:00
  - settings: {fines: harsh}
  - disrupt: {kind: status, code: 503, moment: before}
  - reset: true
"""
    )
    scenario = loaded.scenario
    assert loaded.lines == (11, 16, 19, 20, 21, 22, 23)
    assert scenario.given.clock == datetime(2026, 3, 2, 8, tzinfo=UTC)
    [planned] = scenario.given.disruptions
    assert (planned.kind, planned.moment, planned.options) == ("delay", "after", {"seconds": 2})
    assert (planned.operation, planned.login, planned.times) == ("Lend", "anna", 3)
    call, http, _, clock, _, disrupt, _ = scenario.steps
    assert isinstance(call, CallStep)
    assert call.as_ == Caller(login="anna")
    assert call.expect is not None
    assert call.expect.of_answer == {
        "errors": [["title_wrong", "pages_wrong"], []],
        "header": ["card_wrong"],
        "refused": 1,
    }
    assert isinstance(http, HttpStep)
    assert (http.http.method, http.repeat) == ("GET", 2)
    assert http.expect.model_dump(exclude_unset=True) == {
        "status": 401,
        "headers": {"Server": None},
        "xpath": {"count(//l:book)": 1},
    }
    assert clock.model_dump()["clock"] == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert isinstance(disrupt, DisruptStep)
    assert isinstance(disrupt.disrupt, Planned)
    assert disrupt.disrupt.options == {"code": 503, "text": "", "retry_after": ""}


def test_a_file_beside_the_scenario_can_be_sent_and_handed_in(load: Load, tmp_path: Path) -> None:
    (tmp_path / "books.cat").write_bytes(b"x")
    loaded = load(
        HEAD
        + """\
steps:
  - http: {method: POST, path: /library, body_file: books.cat}
  - import: {file: books.cat, environment: branch, login: anna}
    expect: {status: 422, json: {line: 1}}
"""
    )
    _, imported = loaded.scenario.steps
    assert loaded.world == "default"
    assert loaded.world_file is None
    assert isinstance(imported, ImportStep)
    assert imported.import_.file == "books.cat"
    assert (imported.expect.status, imported.expect.json_) == (422, {"line": 1})


def test_json_forms_admin_calls_and_letters(load: Load) -> None:
    loaded = load(
        HEAD
        + """\
steps:
  - http: {path: /l, json: {1: [x, null, 1.5]}, as: {login: x, password: y, kind: token}}
    expect: {json: [{id: "1"}], absent: [/x], body_base64: eA==, error: unauthorized}
  - http: {path: /l, json: null}
  - http: {path: /l, form: {a: b}, body: null}
  - admin: {call: cat, method: DELETE, query: {a: b}, json: [1]}
    expect: {status: 204}
  - outbox: {recipient: a@b.example}
    expect: {rows: 1, row: {subject: x, sent: true}}
  - call: library.list
    expect: {rows: 2, row: {title: null, bought: 2026-03-02}, more: {x: [1]}}
  - call: library.lend
    expect: {error: title_wrong, accepted: 0}
"""
    )
    first, null, form, admin, letters, listed, refused = loaded.scenario.steps
    assert isinstance(first, HttpStep)
    assert isinstance(null, HttpStep)
    assert isinstance(form, HttpStep)
    assert [step.http.body_given_as for step in (first, null, form)] == ["json", "json", "form"]
    assert first.http.json_ == {"1": ["x", None, 1.5]}
    assert first.http.as_ == Caller(login="x", password="y", kind="token")
    assert first.expect.model_fields_set == {"json_", "absent", "body_base64", "error"}
    assert isinstance(admin, AdminStep)
    assert (admin.admin.method, admin.admin.query, admin.admin.json_) == (
        "DELETE",
        {"a": "b"},
        [1],
    )
    assert isinstance(letters, OutboxStep)
    assert letters.expect.row == {"subject": "x", "sent": True}
    assert isinstance(listed, CallStep)
    assert listed.expect is not None
    assert listed.expect.of_answer == {
        "rows": 2,
        "row": {"title": None, "bought": date(2026, 3, 2)},
        "more": {"x": [1]},
    }
    assert isinstance(refused, CallStep)
    assert refused.expect is not None
    assert (refused.expect.error, refused.expect.of_answer) == ("title_wrong", {"accepted": 0})


def test_a_world_may_stand_beside_the_scenario(tmp_path: Path) -> None:
    seen: list[str] = []

    def data(world: str) -> Mapping[str, Mapping[str, Any]]:
        seen.append(world)
        if "broken" in world:
            raise ValueError(f"{world}: no")
        return {"library": {"main": {"accounts": [{"name": "x"}]}}} if "odd" in world else WORLD

    words = Vocabulary(["default"], {"library": LIBRARY}, data)
    path = tmp_path / "x.yaml"
    for world in ("./mine.yaml", "broken.yaml", "odd.yaml"):
        path.write_text(f"{HEAD}given: {{world: {world}}}\n{STEPS}", "utf-8")
        if "mine" in world:
            loaded = load_scenario(path, words)
            assert loaded.world_file == tmp_path / "mine.yaml"
            assert seen == [loaded.world] == [str(tmp_path / "mine.yaml")]
            continue
        with pytest.raises(ScenarioError) as refused:
            load_scenario(path, words)
        assert str(refused.value).startswith(f"{path}:3: ")
        assert str(refused.value).endswith(
            f"{world}: no" if "broken" in world else "accounts have a login and a password"
        )


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("title: x\nagency: library\n", True),
        ("steps: []\n", True),
        ("- 1\n", True),
        ("a: [\n", True),
        ("title: x\nlibrary: {}\n", False),
    ],
)
def test_scenarios_and_worlds_are_told_apart(tmp_path: Path, text: str, is_one: bool) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text, "utf-8")
    assert is_scenario(path) is is_one


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "1: a scenario file takes a mapping, not None"),
        ("- 1", "1: a scenario file takes a mapping, not [1]"),
        ("title: x\ntitle: y\n", "2: a second title"),
        (HEAD + "given: {clock: 2026-02-30}\n", "3: 2026-02-30 is neither a date nor an instant"),
        (HEAD + "steps: []\n", "3: a scenario has one step or more"),
        ("agency: library\n" + STEPS, "1: title is missing"),
        ("title: 5\nagency: library\n" + STEPS, "1: title takes text, not 5"),
        (HEAD + "tags: x\n" + STEPS, "3: tags takes a list, not 'x'"),
        (
            HEAD + "step:\n" + STEPS,
            "3: unknown key step; did you mean steps?",
        ),
        (
            HEAD + "given:\n  clokc: 1\n" + STEPS,
            "4: unknown key clokc; did you mean clock?",
        ),
        (
            HEAD + "given: {clock: tomorrow}\n" + STEPS,
            "3: clock takes an instant such as 2026-03-02T08:00:00Z, not 'tomorrow'",
        ),
        (
            HEAD + "source: {document: x, certainty: sure}\n" + STEPS,
            "3: certainty takes 'documented', 'observed' or 'reconstructed', not 'sure'",
        ),
        (
            "title: x\nagency: libary\n" + STEPS,
            "2: there is no agency libary; did you mean library?",
        ),
        (
            HEAD + "given: {world: defualt}\n" + STEPS,
            "3: there is no world defualt; did you mean default?",
        ),
        (
            HEAD + "given:\n  settings:\n    max_boks: 1\n" + STEPS,
            "5: library has no setting max_boks; did you mean max_books?",
        ),
        (
            HEAD + "given: {settings: {max_books: 0}}\n" + STEPS,
            "3: setting library.max_books: it takes 1 or more, not 0",
        ),
        (
            HEAD + "given: {world: empty}\n" + STEPS,
            "5: world empty has no account for library",
        ),
        (
            HEAD + "given: {defaults: {book: {tilte: x}}}\n" + STEPS,
            "3: unknown key tilte; did you mean title?",
        ),
    ],
)
def test_what_is_wrong_above_the_steps(load: Load, text: str, told: str) -> None:
    assert refusals(load, text) == [f"x.yaml:{told}"]


@pytest.mark.parametrize(
    ("disruption", "told"),
    [
        ("delay", "a disruption is a mapping with a kind"),
        ("{kind: dely}", "no disruption is called dely; did you mean delay?"),
        ("{kind: delay}", "seconds is missing"),
        ("{kind: delay, seconds: long}", "seconds takes a number, not 'long'"),
        ("{kind: delay, seconds: -1}", "seconds is from 0 to 86400, not -1.0"),
        ("{kind: delay, secnds: 1}", "unknown key secnds; did you mean seconds?"),
        ("{kind: reset, moment: during}", "moment takes 'before' or 'after', not 'during'"),
        ("{kind: reset, times: 0}", "times takes 1 or more, not 0"),
        ("{kind: reset, operation: Lent}", "there is no operation Lent; did you mean Lend?"),
        (
            "{kind: reset, login: ana}",
            "world default has no account ana; did you mean anna?",
        ),
        (
            "{kind: reset, login: anna, moment: before}",
            "before the agency acts nobody is logged in: leave login out",
        ),
    ],
)
def test_disruptions_that_cannot_be_planned(load: Load, disruption: str, told: str) -> None:
    given = f"given:\n  disruptions:\n    - {disruption}\n"
    assert refusals(load, HEAD + given + STEPS) == [f"x.yaml:5: {told}"]
    step = f"steps:\n  - disrupt: {disruption}\n"
    assert refusals(load, HEAD + step) == [f"x.yaml:4: {told}"]


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (
            "5",
            "a step has one of call, http, advance, clock, settings, disrupt, reset, import, admin,"
            " outbox",
        ),
        (
            "{call: library.open, reset: true}",
            "a step has one of call, http, advance, clock, settings, disrupt, reset, import, admin,"
            " outbox",
        ),
        ("{cal: library.open}", "unknown step cal; did you mean call?"),
        ("{call: library.open, exepct: {}}", "unknown key exepct; did you mean expect?"),
        ("{call: library.opne}", "there is no call library.opne; did you mean library.open?"),
        (
            "{call: zoo.feed}",
            "there is no call zoo.feed; there are library.open, library.lend, library.list",
        ),
        ("{call: library.open, repeat: often}", "repeat takes a whole number, not 'often'"),
        ("{call: library.open, timeout: 0}", "timeout takes more than 0, not 0"),
        ("{call: library.open, as: ana}", "world default has no account ana; did you mean anna?"),
        (
            "{call: library.open, as: {login: anna, environment: test}}",
            "environment test of world default has no account anna; there are bob",
        ),
        (
            "{call: library.open, as: {login: anna, environment: tset}}",
            "library has no environment tset; did you mean test?",
        ),
        (
            "{call: library.open, as: {login: anna, unknown: true, password: x}}",
            "world default knows anna",
        ),
        (
            "{call: library.open, as: {login: eve, unknown: true}}",
            "an unknown login needs a password",
        ),
        ("{call: library.open, with: {x: 1}}", "unknown key x"),
        (
            "{call: library.lend, with: {book: {}, books: 1}}",
            "give one of book and books",
        ),
        (
            "{call: library.lend, with: {book: {title: 5}}}",
            "title takes text in quotes or null, not 5",
        ),
        (
            "{call: library.open, expect: {accepted: 1}}",
            "library.open does not answer accepted; there are value",
        ),
        (
            "{call: library.open, expect: {refused: [1]}}",
            "refused takes a whole number or text, not [1]",
        ),
        (
            "{call: library.open, expect: {}}",
            "expect an answer, or one of fault, outcome and refused with a key",
        ),
        (
            "{call: library.lend, expect: {fault: closed, accepted: 1}}",
            "expect an answer, or one of fault, outcome and refused with a key",
        ),
        (
            "{call: library.lend, expect: {errors: [[titel_wrong]]}}",
            "there is no record error titel_wrong; did you mean title_wrong?",
        ),
        (
            "{call: library.lend, expect: {header: [card_wrong_legacy]}}",
            "card_wrong_legacy is another number of card_wrong: write card_wrong",
        ),
        (
            "{call: library.lend, expect: {fault: unauthorized}}",
            "there is no fault error unauthorized; there are closed",
        ),
        (
            "{call: library.lend, expect: {refused: closed}}",
            "there is no http error closed; there are unauthorized",
        ),
        (
            "{call: library.lend, expect: {outcome: lost}}",
            "outcome takes 'unknown', 'unreachable' or 'invalid', not 'lost'",
        ),
        ("{http: {method: GET}}", "path is missing"),
        (
            '{http: {path: /, body: "", body_base64: ""}}',
            "give one of body, body_file, body_base64, json, form",
        ),
        (
            '{http: {path: /, body_base64: "?"}}',
            "this is not base64",
        ),
        (
            "{http: {path: /, body_file: y.yaml}}",
            "there is no file y.yaml beside the scenario; did you mean x.yaml?",
        ),
        (
            "{http: {path: /}, expect: {xpath: {'//q:x': 1}}}",
            "//q:x is no XPath with the prefixes l: Undefined namespace prefix",
        ),
        (
            "{http: {path: /}, expect: {outcome: unknown, status: 200}}",
            "without an answer nothing else can be expected of it",
        ),
        (
            "{advance: soon}",
            "a duration is written like 5m, 1h30m or 90d, not 'soon'",
        ),
        ("{reset: false}", "reset takes true, not False"),
        (
            "{settings: {fines: hefty}}",
            "setting library.fines: it takes one of mild, harsh, not 'hefty'",
        ),
        ("{import: {file: x.yaml}}", "library takes no file that ends in .yaml"),
        (
            "{call: library.lend, expect: {acepted: 1}}",
            "library.lend does not answer acepted; did you mean accepted?",
        ),
        (
            "{call: library.lend, expect: {accepted: '1'}}",
            "accepted takes a whole number, not '1'",
        ),
        (
            "{call: library.lend, expect: {errors: [title_wrong]}}",
            "errors takes a list, not 'title_wrong'",
        ),
        (
            "{call: library.list, expect: {row: {tilte: x}}}",
            "unknown key tilte; did you mean title?",
        ),
        (
            "{call: library.lend, expect: {error: closed}}",
            "there is no error closed; there are title_wrong, pages_wrong, card_wrong,"
            " unauthorized",
        ),
        (
            "{call: library.open, as: {login: anna, kind: cart}}",
            "library has no credentials cart; did you mean card?",
        ),
        (
            "{call: library.open, as: {login: eve, kind: card}}",
            "an unknown login needs a password",
        ),
        (
            "{http: {path: /, json: {at: 2026-03-02}}}",
            "JSON has no such value; put dates in quotes",
        ),
        (
            "{http: {path: /}, expect: {json: .nan}}",
            "JSON has no such value; put dates in quotes",
        ),
        ("{http: {path: /}, expect: {body_base64: '?'}}", "this is not base64"),
        ("{http: {path: /, form: {a: 1}}}", "a takes text, not 1"),
        (
            "{http: {path: /}, expect: {error: opne}}",
            "there is no error opne; there are title_wrong, pages_wrong, card_wrong, unauthorized",
        ),
        ("{admin: {call: cut}}", "library has no admin call cut; did you mean cat?"),
        ("{outbox: {}}", "expect is missing"),
        ("{outbox: {}, expect: {}}", "expect rows, a row, or both"),
        (
            "{outbox: {}, expect: {row: {recipent: x}}}",
            "unknown key recipent; did you mean recipient?",
        ),
    ],
)
def test_what_is_wrong_in_a_step(load: Load, step: str, told: str) -> None:
    assert refusals(load, f"{HEAD}steps:\n  - {step}\n") == [f"x.yaml:4: {told}"]


def test_everything_wrong_is_told_at_once_in_the_order_of_the_file(load: Load) -> None:
    text = """\
steps:
  - call: library.lend
    as: ana
    with:
      books:
        - title: fine
        - pages: many
  - settings: {fins: mild}
"""
    assert refusals(load, HEAD + text) == [
        "x.yaml:5: world default has no account ana; did you mean anna?",
        "x.yaml:9: pages takes a whole number, not 'many'",
        "x.yaml:10: library has no setting fins; did you mean fines?",
    ]


def test_what_is_no_yaml_is_told_with_its_line(load: Load) -> None:
    [told] = refusals(load, "title: x\nagency: [a, b\nsteps: 1\n")
    assert told.startswith("x.yaml:3: while parsing a flow sequence, ")


def test_a_missing_file_is_told_by_name(tmp_path: Path) -> None:
    path = tmp_path / "none.yaml"
    with pytest.raises(ScenarioError) as refused:
        load_scenario(path, WORDS)
    assert str(refused.value) == f"{path}: No such file or directory"


def test_a_line_is_found_for_parts_and_for_what_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("a:\n  - b: 1\n    c: 2\n  -\n    d: 3\n")
    document = read_document(path)
    places = [(), ("a",), ("a", 0), ("a", 0, "c"), ("a", 1, "d"), ("a", 1, "<tag>", "d"), ("x",)]
    assert [document.line(place) for place in places] == [1, 1, 2, 3, 5, 5, 1]


def test_what_is_no_data_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("a: 1\nb: !!python/object:x.Y {}\n")
    with pytest.raises(YamlFileError) as refused:
        read_document(path)
    tag = "tag:yaml.org,2002:python/object:x.Y"
    assert str(refused.value) == f"{path}:2: could not determine a constructor for the tag '{tag}'"


def test_an_alias_of_itself_does_no_harm(load: Load) -> None:
    assert refusals(load, HEAD + "tags: &tags [*tags]\n" + STEPS) == [
        "x.yaml:3: tags takes text, not [[...]]"
    ]


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("x", "text"),
        (None, ("text", "null")),
        (1, "number"),
        (True, "flag"),
        (datetime(2026, 3, 2, tzinfo=UTC), "day"),
        ([{"a": "x"}, {}], [{"a": "text"}]),
        (3, ("number", [{"a": "text"}])),
    ],
)
def test_values_that_fit(value: object, shape: object) -> None:
    assert list(misfits(value, shape, ())) == []


@pytest.mark.parametrize(
    ("value", "shape", "told"),
    [
        (True, "number", "it takes a whole number, not True"),
        (1, "flag", "it takes true or false, not 1"),
        (1, ({"a": "text"}, ["text"]), "it takes a mapping or a list, not 1"),
        ("2026-03-02", "day", "it takes a date or an instant, not '2026-03-02'"),
    ],
)
def test_values_that_do_not_fit(value: object, shape: object, told: str) -> None:
    assert [refusal.text for refusal in misfits(value, shape, ())] == [told]


def test_the_shipped_schema_is_that_of_the_models() -> None:
    assert SCHEMA.read_text("utf-8") == schema_text(), "run podatelna check --write-schema"


def test_the_schema_knows_the_options_of_each_disruption() -> None:
    kinds = json.loads(schema_text())["$defs"]["Disruption_cut"]
    assert kinds["required"] == ["kind", "after_bytes"]
    assert kinds["additionalProperties"] is False


def test_the_schema_knows_what_calls_answer() -> None:
    expectation = json.loads(schema_text())["$defs"]["CallExpectation"]
    assert expectation["additionalProperties"] is False
    assert expectation["properties"]["accepted"] == {"type": "integer"}
    assert (
        expectation["properties"]["fault"]["description"] == "Key of the fault that ended the call."
    )


@pytest.mark.parametrize(
    ("shape", "schema"),
    [
        ("day", {"type": "string"}),
        ("error:record", {"type": "string"}),
        ("any", {}),
        (("flag", "null"), {"anyOf": [{"type": "boolean"}, {"type": "null"}]}),
        (
            [{"a": "number"}],
            {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"a": {"type": "integer"}},
                    "additionalProperties": False,
                },
            },
        ),
    ],
)
def test_shapes_as_json_schema(shape: object, schema: object) -> None:
    assert schema_of(shape) == schema
