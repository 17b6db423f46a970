"""The command line, as users call it."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner, Result
from lxml import etree

from podatelna import __version__
from podatelna.app import Config, House, build_agencies
from podatelna.cli import COMMANDS, main
from podatelna.commands.run import MARKS, mark
from podatelna.commands.serve import is_loopback
from podatelna.commands.table import table
from podatelna.commands.ubyport import refusal, told
from podatelna.kernel.exchange import Response
from podatelna.kernel.journal import HEADER
from podatelna.kernel.server import Server

Call = Callable[..., Result]
WRONG = """\
title: A guest from nowhere is accepted
agency: ubyport
tags: [odd]
given: {clock: 2026-03-02T08:00:00Z}
steps:
  - call: ubyport.available
    expect: {value: false}
"""


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Call podatelna in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, list(map(str, arguments)))


@pytest.fixture(scope="module")
def house() -> Iterator[str]:
    """The address of a house behind a token."""
    config = Config(seed="test", admin_token="open")
    with closing(House(config)) as house, Server(house.handle) as server:
        yield server.url


# -- the whole command


def test_help_names_every_command_and_imports_none() -> None:
    code = (
        "import sys; before = set(sys.modules); import podatelna.cli; "
        "print(sorted({name.partition('.')[0] for name in set(sys.modules) - before}"
        " - set(sys.stdlib_module_names)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "['click', 'podatelna']\n"


def test_serving_needs_no_library_of_scenarios_consoles_or_receipts() -> None:
    code = (
        "import sys, podatelna.commands.serve; from podatelna.app import House; House().close(); "
    )
    names = "pydantic flask requests spnego fpdf pyhanko xmlschema podatelna_client cryptography"
    names += " asn1crypto factory faker psycopg"
    code += f"print(sorted(set({names.split()}) & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_the_command_tells_itself(call: Call) -> None:
    result = call("--help")
    assert result.exit_code == 0
    for name, about in COMMANDS.items():
        assert f"  {name.ljust(8)}  {about}\n" in result.output
    assert call("--version").output == f"podatelna {__version__}\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_that_says_the_same(call: Call, name: str) -> None:
    result = call(name, "--help")
    assert result.exit_code == 0
    assert COMMANDS[name].rstrip(".") in " ".join(result.output.split())


def test_a_misspelt_command_is_refused(call: Call) -> None:
    result = call("srve")
    assert result.exit_code == 2
    assert "srve" in result.output


def test_it_runs_as_a_module() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "podatelna", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == f"podatelna {__version__}\n"


def test_what_the_terminal_cannot_print_is_replaced() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "podatelna", "errors"],
        capture_output=True,
        encoding="cp1252",
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
    )
    assert "Oznámeno pozd?" in run.stdout


def test_a_world_is_checked_as_serving_it_would(call: Call, tmp_path: Path) -> None:
    (tmp_path / "worlds").mkdir()
    world = tmp_path / "worlds" / "ours.yaml"
    subject = '{code: "12345678", name: Naše, prefix: "123"}'
    account = '{login: NAS1, password: x, subject: "%s"}'
    text = f"sdns: {{production: {{subjects: [{subject}], accounts: [{account}]}}}}\n"
    world.write_text(text % "87654321")
    refused = call("check", world)
    assert refused.exit_code == 1
    assert "sdns: accounts: NAS1: subject is not known: '87654321'" in refused.output
    world.write_text(text % "12345678")
    assert call("check", world).output == "1 file checked and fine: 1 world\n"


# -- journal


def ask(url: str, path: str, body: bytes = b"") -> str:
    """Post to an agency without signing in; what the answer says of its exchange."""
    address = urlsplit(url)
    assert address.hostname
    connection = HTTPConnection(address.hostname, address.port)
    with closing(connection):
        connection.request("POST", path, body)
        answer = connection.getresponse()
        answer.read()
    return str(answer.headers[HEADER])


def test_the_journal_of_a_server(call: Call, house: str) -> None:
    number = ask(house, "/alerts/")
    there = ("--url", house, "--admin-token", "open")
    listed = call("journal", *there)
    assert listed.exit_code == 0
    assert listed.output.split()[:3] == ["number", "at", "agency"]
    told = call("journal", number, *there)
    assert told.exit_code == 0
    assert told.output.startswith(f"#{number.partition('/')[2]} ")
    assert call("explain", number, *there).output == told.output
    assert call("explain", "nothing/x").exit_code == 2
    assert call("journal", "--status", "999", *there).output.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("x",), 2, "'x' is no number of an exchange, such as 17 or default/17."),
        (("99",), 1, "The journal of default has no exchange 99, or not any more."),
        (("nowhere/1",), 1, "There is no sandbox called nowhere."),
        (("--sandbox", "nowhere"), 1, "There is no sandbox called nowhere."),
    ],
)
def test_a_journal_that_is_not_there(
    call: Call, house: str, arguments: tuple[str, ...], code: int, told: str
) -> None:
    result = call("journal", *arguments, "--url", house, "--admin-token", "open")
    assert result.exit_code == code
    assert told in " ".join(result.output.split())


# -- run


def test_shipped_scenarios_hold(call: Call, tmp_path: Path) -> None:
    result = call("run", "ubyport/wrong-password", "--junit", "out.xml")
    assert result.exit_code == 0, result.output
    first, summary = result.output.splitlines()
    assert first.startswith("✓ A wrong password is refused with 401 (3 steps, ")
    assert summary == "1 scenario: 1 held, 0 failed, 0 skipped"
    [suite] = etree.parse(tmp_path / "out.xml").getroot()
    [case] = suite
    assert {name: suite.get(name) for name in ("tests", "failures", "skipped")} == {
        "tests": "1",
        "failures": "0",
        "skipped": "0",
    }
    assert (case.get("classname"), case.get("name"), len(case)) == (
        "ubyport",
        "A wrong password is refused with 401",
        0,
    )


def test_the_examples_of_the_docs_hold(call: Call, tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text("utf-8")
    examples = re.findall(r"```yaml\n(title: .*?)```", text, re.DOTALL)
    for number, example in enumerate(examples):
        (tmp_path / f"{number}.yaml").write_text(example, "utf-8")
    result = call("run", tmp_path)
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1] == "3 scenarios: 3 held, 0 failed, 0 skipped"
    told = re.search(r"✓ A guest reported after a week is late.* \(1 step, ", text)
    assert told is not None
    assert told[0] in result.output


def test_worlds_may_stand_beside_their_scenarios(call: Call, tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "scenarios" / "worlds" / "default.yaml"
    (tmp_path / "mine.yaml").write_text(
        shipped.read_text("utf-8").replace("login: uby-ws000001", "login: mine"), "utf-8"
    )
    lives = WRONG.replace("given: {", "given: {world: ./%s.yaml, ").replace("false", "true")
    as_ = "    as: mine\n    expect"
    (tmp_path / "one.yaml").write_text((lives % "mine").replace("    expect", as_))
    (tmp_path / "two.yaml").write_text((lives % "mine").replace("    expect", as_))
    assert call("check", "one.yaml", "mine.yaml").output == (
        "2 files checked and fine: 1 scenario, 1 world\n"
    )
    result = call("run", tmp_path)
    assert (result.exit_code, result.output.splitlines()[-1]) == (
        0,
        "2 scenarios: 2 held, 0 failed, 0 skipped",
    )
    (tmp_path / "bad.yaml").write_text(
        "ubyport: {test: {accounts: [{login: mine, password: x, idb: '1'}]}}\n"
    )
    (tmp_path / "two.yaml").write_text(lives % "bad")
    result = call("run", "two.yaml")
    assert result.exit_code == 1
    assert "    two.yaml:1: preparing the sandbox" in result.output
    assert "received: world bad: ubyport: " in result.output


def test_a_failure_is_explained_and_ends_the_run_with_1(call: Call, tmp_path: Path) -> None:
    (tmp_path / "some").mkdir()
    (tmp_path / "some" / "odd.yaml").write_text(WRONG)
    result = call("run", "some", "--junit", "out.xml", "--jobs", 1)
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[0].startswith("✗ A guest from nowhere is accepted (0 steps, ")
    assert lines[1:5] == [
        "    some/odd.yaml:6: call ubyport.available",
        "      value",
        "        expected: false",
        "        received: true",
    ]
    assert lines[5].startswith("      journal #")
    assert lines[6:] == ["1 scenario: 0 held, 1 failed, 0 skipped"]
    [failure] = etree.parse(tmp_path / "out.xml").getroot().iter("failure")
    told = "call ubyport.available: value: expected false, received true"
    assert failure.get("message") == told
    assert (failure.text or "").splitlines() == lines[1:6]


def test_scenarios_are_chosen_by_agency_and_tag(call: Call, tmp_path: Path) -> None:
    (tmp_path / "odd.yaml").write_text(WRONG.replace("value: false", "value: true"))
    chosen = call("run", tmp_path, "--agency", "ubyport", "--tag", "odd")
    assert (chosen.exit_code, chosen.output.splitlines()[-1]) == (
        0,
        "1 scenario: 1 held, 0 failed, 0 skipped",
    )
    for option, name, refused in (
        ("--agency", "ubyprt", "there is no agency ubyprt; did you mean ubyport?"),
        ("--tag", "od", "no scenario has the tag od; did you mean odd?"),
    ):
        result = call("run", tmp_path, option, name)
        assert (result.exit_code, result.output) == (1, f"Error: {refused}\n")


def test_all_files_are_read_before_anything_is_replayed(call: Call, tmp_path: Path) -> None:
    (tmp_path / "fine.yaml").write_text(WRONG)
    (tmp_path / "one.yaml").write_text(WRONG.replace("value", "valu"))
    (tmp_path / "two.yaml").write_text(WRONG.replace("given", "gven"))
    result = call("run", "fine.yaml", "one.yaml", "two.yaml")
    assert (result.exit_code, result.output) == (
        1,
        "Error: one.yaml:7: ubyport.available does not answer valu; did you mean value?\n"
        "two.yaml:4: unknown key gven; did you mean given?\n",
    )


def test_an_unknown_scenario_is_refused(call: Call) -> None:
    result = call("run", "ubyport/wrong-pasword")
    told = "there is no scenario ubyport/wrong-pasword; did you mean ubyport/wrong-password?"
    assert (result.exit_code, result.output) == (1, f"Error: {told}\n")


def test_a_running_server_is_a_target(
    call: Call, house: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PODATELNA_ADMIN_TOKEN", "open")
    result = call("run", "ubyport/wrong-password", "--target", house)
    assert result.exit_code == 0, result.output
    monkeypatch.delenv("PODATELNA_ADMIN_TOKEN")
    result = call("run", "ubyport/wrong-password", "--target", f"{house}/")
    assert result.exit_code == 1
    assert "received: Token missing: " in result.output


def test_nothing_performed_is_no_success(call: Call, tmp_path: Path) -> None:
    (tmp_path / "odd.yaml").write_text(WRONG)
    with Server(lambda _: _not_found()) as server:
        result = call("run", "odd.yaml", "--target", server.url, "--junit", "out.xml")
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[0].startswith("– A guest from nowhere is accepted (0 steps, ")
    assert lines[1:] == [
        "    odd.yaml: skipped, needs a sandbox for given.clock",
        "1 scenario: 0 held, 0 failed, 1 skipped",
    ]
    [skipped] = etree.parse(tmp_path / "out.xml").getroot().iter("skipped")
    assert skipped.get("message") == "needs a sandbox for given.clock"


def test_a_target_that_does_not_answer_is_told_in_one_line(call: Call) -> None:
    with Server(lambda _: _not_found()) as server:
        url = server.url
    result = call("run", "--target", url)
    assert result.exit_code == 1
    assert result.output.startswith(f"Error: {url}: no connection: ")
    assert result.output.count("\n") == 1


def test_a_terminal_without_ticks_gets_words(monkeypatch: pytest.MonkeyPatch) -> None:
    class Old:
        encoding = "cp1250"

    monkeypatch.setattr(sys, "stdout", Old())
    assert [mark(verdict) for verdict in MARKS] == [
        "\x1b[32mok\x1b[0m",
        "\x1b[31mFAILED\x1b[0m",
        # Windows has this dash.
        "\x1b[33m–\x1b[0m",
    ]


# -- lists


def test_accounts_are_listed(call: Call) -> None:
    listed = json.loads(call("accounts", "--json").output)
    [example] = [account for account in listed if account["login"] == "uby-ws000001"]
    assert example == {
        "agency": "ubyport",
        "environment": "production",
        "login": "uby-ws000001",
        "password": "Heslo-1234",
        "subject": "100227887600",
        "blocked": False,
        "about": "the documented examples",
    }
    head, *rows, gap, advice = call("accounts").output.splitlines()
    assert (gap, advice.partition(" is written in ")[0]) == (
        "",
        "What is registered for each subject",
    )
    assert head.split() == list(example)
    assert len(rows) == len(listed)
    blocked = [account["login"] for account in listed if account["blocked"]]
    assert [row.split()[2] for row in rows if " yes " in row] == blocked
    assert "uby-ws00blok" in blocked


def test_errors_are_listed(call: Call) -> None:
    lines = call("errors", "ubyport").output.splitlines()
    assert lines[1].split() == ["number", "severity", "key", "kind", "certainty", "text"]
    [late] = [line for line in lines if " reported_late " in line]
    assert " ".join(late.split()) == "112 0 reported_late record documented Oznámeno pozdě"
    [status] = [line for line in lines if " unauthorized " in line]
    assert " ".join(status.split()) == "401 unauthorized http reconstructed Unauthorized"
    refused = call("errors", "ubyprt")
    assert (refused.exit_code, refused.output) == (
        1,
        "Error: there is no agency ubyprt; did you mean ubyport?\n",
    )


def test_errors_without_a_number_are_listed_by_their_code(call: Call) -> None:
    lines = call("errors", "sdns").output.splitlines()
    [late] = [line for line in lines if "occurrence_closed" in line]
    assert late.split()[0] == "DZ-11"
    [twice] = [line for line in lines if "duplicate_data" in line]
    assert twice.startswith("Duplicate data ")


def test_the_ledger_counts_what_it_lists(call: Call) -> None:
    ledger = json.loads(call("fidelity", "--json").output)["ubyport"]
    counted: dict[str, dict[str, int]] = {}
    for fact in ledger["facts"]:
        assert set(fact) == {"kind", "name", "certainty", "source"}
        of = counted.setdefault(fact["kind"], {"documented": 0, "observed": 0, "reconstructed": 0})
        of[fact["certainty"]] += 1
    assert list(counted) == ["error", "setting", "constant", "countries", "purposes"]
    assert ledger["counts"] == counted
    lines = call("fidelity", "ubyport").output.splitlines()
    assert lines[1].split() == ["facts", "documented", "observed", "reconstructed", "all"]
    rows = {line.split()[0]: list(map(int, line.split()[1:])) for line in lines[2:8]}
    expected = {kind: [*of.values(), sum(of.values())] for kind, of in counted.items()}
    total = [sum(column) for column in zip(*expected.values(), strict=True)]
    assert rows == expected | {"all": total}
    assert "setting   max_list_length " in "\n".join(lines[9:])


def test_columns_are_aligned() -> None:
    assert list(table(("name", "n"), [("a", 5), ("long name", 12)])) == [
        "name        n",
        "a           5",
        "long name  12",
    ]
    assert list(table(("a", "b"), [])) == ["a  b"]


# -- check


def test_everything_shipped_is_fine(call: Call) -> None:
    result = call("check")
    assert result.exit_code == 0, result.output
    assert "checked and fine: " in result.output
    kinds = {"scenario", "world", "error book", "contract file", "service file", "code list"}
    found = re.findall(r"\d+ (\D+?)s?(?=, |\n)", result.output.partition(": ")[2])
    assert set(found) <= kinds
    assert {"scenario", "world", "error book", "service file", "code list"} <= set(found)


def test_a_folder_stands_for_the_files_in_it(call: Call, tmp_path: Path) -> None:
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "fine.yaml").write_text(WRONG)
    (tmp_path / "note.txt").write_text("not looked at")
    result = call("check", str(tmp_path))
    assert (result.exit_code, result.output) == (0, "1 file checked and fine: 1 scenario\n")


def test_what_is_wrong_is_told_by_file(call: Call, tmp_path: Path) -> None:
    (tmp_path / "worlds").mkdir()
    files = {
        "fine.yaml": WRONG,
        "odd.yaml": WRONG.replace("value", "valu"),
        "worlds/w.yaml": "title: x\nsetings: {}\n",
        "errors.yaml": "late: {number: 1}\n",
        "list.csv": "code,certainty,source\n1,sure,x\n",
        "service.yaml": "constants: {}\nsettings: {a: {value: 1}}\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    result = call("check", *files)
    told = result.output.splitlines()
    assert result.exit_code == 1
    assert told[0] == ("odd.yaml:7: ubyport.available does not answer valu; did you mean value?")
    assert told[1] == "worlds/w.yaml: unknown key setings; settings?"
    assert told[2].startswith("errors.yaml: late: ")
    assert told[3] == (
        "list.csv:2: certainty is one of documented, observed, reconstructed, not sure"
    )
    assert told[4].startswith("service.yaml: a: ")
    assert told[5:] == ["Error: 5 of 6 files wrong"]


# -- import


UNL = (
    "A|2|123456789012|VODPO|Hotel Pošta|jiný|Strakonice|Vodňany|Vodňany I|Alešova|26||38901"
    "|2015.12.06 04:31:26||\r\n"
    "U|01.10.2015|02.10.2015|ABDALLA|FAZUL||25.02.1974|||AFG|Kábul|321654|999|01||\r\n"
    "U|01.10.2015|06.10.2015|HOHOS|KOKO||00.00.1950|||AFG|Kábul|12|777|05||\r\n"
).encode("cp1250")


def test_a_file_is_imported_and_its_receipt_saved(call: Call, house: str, tmp_path: Path) -> None:
    (tmp_path / "guests.unl").write_bytes(UNL)
    arguments = ("--target", house, "--admin-token", "open", "--pdf", "receipt.pdf")
    result = call("ubyport", "import", "guests.unl", *arguments)
    assert (result.exit_code, result.output.splitlines()) == (
        0,
        [
            "total 2, accepted 1, refused 1, duplicates 0, ignored 0",
            "header: 6 Nekorektní Kontakt (header_contact_wrong)",
            "record 1: 112 Oznámeno pozdě (reported_late)",
            "record 2: 112 Oznámeno pozdě (reported_late)",
            "record 2: 106 Nekorektní číslo cestovního dokladu (document_number_wrong)",
            "receipt: receipt.pdf",
        ],
    )
    assert (tmp_path / "receipt.pdf").read_bytes().startswith(b"%PDF-")


def test_a_refused_file_is_told_with_line_and_field(call: Call, house: str, tmp_path: Path) -> None:
    (tmp_path / "guests.unl").write_bytes(UNL.replace(b"38901", b"3890"))
    arguments = ("--target", house, "--admin-token", "open")
    result = call("ubyport", "import", "guests.unl", *arguments)
    assert result.exit_code == 1
    assert result.output.startswith("Error: guests.unl:1: ")
    assert "expected 5 digits, got '3890'" in result.output
    for refused, why in (
        (("--sandbox", "none"), "There is no sandbox called none. POST /_podatelna/sandboxes"),
        (("--admin-token", "wrong"), "Token missing Send Authorization: Bearer"),
    ):
        result = call("ubyport", "import", "guests.unl", *arguments, *refused)
        assert result.exit_code == 1
        assert result.output.startswith(f"Error: guests.unl: {why}")


def test_refusals_and_answers_are_told() -> None:
    file = Path("x.unl")
    assert refusal(file, {"title": "No.", "detail": "why"}) == "x.unl: No. why"
    assert refusal(file, {"line": 2, "field": "IDUB", "detail": "w"}) == "x.unl:2: IDUB: w"
    counts = {"total": 1, "accepted": 0, "refused": 0, "duplicates": 1, "ignored": 0}
    assert list(told(counts | {"header": [], "records": [[]]})) == [
        "total 1, accepted 0, refused 0, duplicates 1, ignored 0"
    ]


# -- serve


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("", False),
        ("example.org", False),
    ],
)
def test_which_hosts_are_this_machine_only(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


@contextmanager
def serving(*arguments: str) -> "Iterator[subprocess.Popen[str]]":
    """A server in a process of its own, which does not outlive the test."""
    server = subprocess.Popen(
        [sys.executable, "-m", "podatelna", "serve", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with server:
        try:
            yield server
        finally:
            server.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes without a signal")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_a_server_says_where_it_is_and_ends_when_asked(end: signal.Signals) -> None:
    with serving() as server:
        assert server.stdout is not None
        line, *places = [server.stdout.readline() for _ in range(1 + len(build_agencies()))]
        server.send_signal(end)
        rest, errors = server.communicate(timeout=30)
    assert line.startswith(f"podatelna {__version__} serves at http://127.0.0.1:")
    assert line.endswith("/_podatelna/. Ctrl+C stops it.\n")
    assert [place.split() for place in places] == [
        [name, *agency.paths] for name, agency in build_agencies().items()
    ]
    assert (server.returncode, rest, errors) == (0, "", "")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes without a signal")
def test_beyond_this_machine_a_token_is_made(call: Call) -> None:
    with serving("--host", "0.0.0.0") as server:
        assert server.stdout is not None
        greeting, token = server.stdout.readline(), server.stdout.readline()
        url = greeting.partition(" serves at ")[2].partition(",")[0]
        secret = token.removeprefix(
            "Admin calls must bring this header: Authorization: Bearer "
        ).rstrip()
        without = call("run", "ubyport/wrong-password", "--target", url)
        brought = call("run", "ubyport/wrong-password", "--target", url, "--admin-token", secret)
        server.terminate()
        server.communicate(timeout=30)
    assert len(secret) == 43
    assert (without.exit_code, brought.exit_code) == (1, 0)


def test_a_taken_port_is_told_in_one_line(call: Call, house: str) -> None:
    port = house.rpartition(":")[2]
    result = call("serve", "--port", port)
    assert (result.exit_code, result.output) == (
        1,
        f"Error: cannot listen on 127.0.0.1 port {port}: another program listens there; "
        "stop it or choose another port, 0 for any\n",
    )


def test_data_and_database_exclude_each_other(call: Call) -> None:
    result = call("serve", "--data", "x", "--database", "postgresql+psycopg://x")
    assert result.exit_code == 2
    assert "Error: Give one of --data and --database." in result.output


def test_an_unusable_database_is_told_in_one_line(call: Call) -> None:
    result = call("serve", "--database", "nonsense")
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert result.output.count("\n") == 1


def _not_found() -> Response:
    return Response(404)
