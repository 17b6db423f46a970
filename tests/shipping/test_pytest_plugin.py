"""The pytest plugin, as a vendor's project uses it."""

import os
import subprocess
import sys
from pathlib import Path

SUITE = """
import pytest

def filed(ubyport):
    return len(ubyport.admin("stays"))


@pytest.mark.parametrize("number", range(4))
def test_each_test_has_a_sandbox_of_its_own(ubyport, number):
    account = ubyport.account_of("uby-ws000001")
    assert filed(ubyport) == 0
    with ubyport.client(account) as client:
        assert client.available()
    mine = {"operation": "TestDostupnosti", "status": 200, "login": account.login}
    ubyport.box.expect_calls(mine)


def test_the_clock(podatelna):
    before = podatelna.clock.now()
    podatelna.clock.advance("1d")
    assert (podatelna.clock.now() - before).days == 1


def test_settings_and_disruptions(czmvo):
    czmvo.set(token_reissue="strict")
    czmvo.disrupt("status", options={"code": 503}, moment="before")
    with czmvo.client() as client:
        with pytest.raises(Exception, match="503"):
            client.alert_states()
    assert [call["status"] for call in czmvo.calls()] == [503]


def test_snapshots(podatelna, izr):
    podatelna.snapshot("empty")
    izr.admin("subjects", "POST", {"id": "1234567890", "name": "Nová"})
    names = {row["id"] for row in izr.admin("subjects")}
    podatelna.restore("empty")
    assert names - {row["id"] for row in izr.admin("subjects")} == {"1234567890"}


@pytest.mark.scenario("czmvo/limits_of_a_client")
def test_begins_as_a_scenario(podatelna):
    assert podatelna.clock.now().isoformat() == "2026-03-02T08:00:00+00:00"
"""
FAILING = """
def test_fails(ubyport):
    with ubyport.client() as client:
        client.available()
    ubyport.box.expect_calls({"operation": "ZapisUbytovane"})


def test_unknown_account(ubyport):
    ubyport.account_of("nobody")
"""


def run(folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, "-p", "podatelna.pytest_plugin", *options],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_suite_in_parallel(tmp_path: Path) -> None:
    (tmp_path / "test_ours.py").write_text(SUITE)
    ran = run(tmp_path, "-p", "xdist", "-n", "4", "--strict-markers")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "8 passed" in ran.stdout


def test_a_failing_test_shows_its_journal(tmp_path: Path) -> None:
    (tmp_path / "test_ours.py").write_text(FAILING)
    ran = run(tmp_path)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "2 failed" in ran.stdout
    assert "{'operation': 'ZapisUbytovane'}: expected 1, made 0" in ran.stdout
    assert "has operation 'TestDostupnosti', not 'ZapisUbytovane'" in ran.stdout
    assert "- journal of podatelna -" in ran.stdout
    assert "POST /ws_uby/ws_uby.svc TestDostupnosti" in ran.stdout
    assert "ubyport has no account nobody; there are uby-ws000001" in ran.stdout


def test_without_use_nothing_is_imported(tmp_path: Path) -> None:
    """Loading it costs a module without imports of its own: well under 5 ms."""
    code = (
        "import sys, pytest; before = set(sys.modules); import podatelna.pytest_plugin; "
        "print(*sorted(set(sys.modules) - before))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["podatelna", "podatelna.pytest_plugin"]
    (tmp_path / "test_ours.py").write_text(
        "import sys\ndef test_it(): assert 'podatelna.app' not in sys.modules\n"
    )
    assert run(tmp_path).returncode == 0


def test_another_server(tmp_path: Path, address: str) -> None:
    (tmp_path / "test_ours.py").write_text(
        f"def test_it(podatelna): assert podatelna.url.startswith({address!r})\n"
    )
    ran = run(tmp_path, "--podatelna-url", address)
    assert ran.returncode == 0, ran.stdout


def test_a_server_that_does_not_answer(tmp_path: Path) -> None:
    (tmp_path / "test_ours.py").write_text("def test_it(podatelna): pass\n")
    ran = run(tmp_path, "--podatelna-url", "http://127.0.0.1:1")
    assert ran.returncode == 1
    assert "TargetError: http://127.0.0.1:1" in ran.stdout


def test_an_unknown_scenario_is_refused(tmp_path: Path) -> None:
    (tmp_path / "test_ours.py").write_text(
        "import pytest\n@pytest.mark.scenario('czmvo/limits_of_a_cliet')\n"
        "def test_it(podatelna): pass\n"
    )
    ran = run(tmp_path)
    assert ran.returncode == 1
    assert "ScenarioError" in ran.stdout
    assert "limits-of-a-client" in ran.stdout
