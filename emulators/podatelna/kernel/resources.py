"""Where the contract and scenario files are: in the wheel, or in the checkout."""

from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def resource(folder: str, name: str = "") -> Path:
    """A shipped file or folder; `folder` is "contracts" or "scenarios"."""
    shipped = PACKAGE / f"_{folder}"
    return (shipped if shipped.is_dir() else PACKAGE.parents[1] / folder) / name
