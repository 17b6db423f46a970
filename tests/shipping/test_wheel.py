"""What a user installs: the wheel's contents, and that it runs from there."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


def tracked(folder: str) -> set[str]:
    done = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", folder],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return {name for name in done.stdout.splitlines() if (ROOT / name).is_file()}


def test_contents(wheel: Path) -> None:
    """Both packages, the contracts and the scenarios, and nothing else of the project."""
    expected = (
        {name.removeprefix("emulators/") for name in tracked("emulators")}
        | {name.removeprefix("clients/") for name in tracked("clients")}
        | {name.replace("contracts/", "podatelna/_contracts/", 1) for name in tracked("contracts")}
        | {name.replace("scenarios/", "podatelna/_scenarios/", 1) for name in tracked("scenarios")}
    )
    names = set(ZipFile(wheel).namelist())
    own = {name for name in names if ".dist-info/" not in name}
    assert own == expected
    licences = {name.partition(".dist-info/licenses/")[2] for name in names if "licenses/" in name}
    assert licences == {"LICENSE", "emulators/podatelna/ubyport/fonts/OFL.txt"}


def test_it_runs_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """With the libraries of this environment, but with the package of the wheel."""
    site = tmp_path / "site"
    with ZipFile(wheel) as archive:
        archive.extractall(site)
    libraries = [path for path in sys.path if path.endswith("site-packages")]
    code = (
        f"import sys; sys.path[:0] = {[str(site)]!r}; sys.path += {libraries!r}\n"
        "import podatelna.kernel.resources as resources\n"
        f"assert resources.PACKAGE.is_relative_to({str(site)!r}), resources.PACKAGE\n"
        "from podatelna.cli import main; sys.argv = ['podatelna', 'check']; main()"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "checked and fine" in done.stdout
