"""What is imported when: agency calls must not wait for what they do not use."""

import subprocess
import sys

import pytest

LATER = (
    "asn1crypto",
    "cryptography",
    "factory",
    "faker",
    "flask",
    "fpdf",
    "psycopg",
    "pydantic",
    "pyhanko",
    "requests",
    "spnego",
    "xmlschema",
)
"""Each costs 0.1 s and more; the first call that needs one imports it."""


def imported_by(module: str) -> set[str]:
    """The top-level packages that a fresh interpreter has after it imported the module."""
    code = f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )
    return set(ran.stdout.split())


@pytest.mark.parametrize(
    "module",
    [
        "podatelna.kernel.sandbox",
        "podatelna.kernel.store_sqlite",
        "podatelna.kernel.world",
    ],
)
def test_the_kernel_imports_only_what_every_call_needs(module: str) -> None:
    imported = imported_by(module)
    assert imported.isdisjoint(LATER), imported & set(LATER)
    assert {"podatelna", "sqlalchemy", "yaml"} & imported


def test_the_probe_sees_what_is_imported() -> None:
    assert imported_by("pydantic") & set(LATER) == {"pydantic"}
