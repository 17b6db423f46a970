"""What importing the client costs: nothing that its caller may not need."""

import subprocess
import sys

import pytest

HEAVY = {"requests", "cryptography", "urllib3", "asn1crypto"}


@pytest.mark.parametrize("module", ["podatelna_client.sdns", "podatelna_client.acting.sdns"])
def test_libraries_are_imported_when_they_are_needed(module: str) -> None:
    code = f"import sys, {module}; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert HEAVY.isdisjoint(ran.stdout.split())
    assert "podatelna" not in ran.stdout.split()
