"""Worlds: what a sandbox holds before the first request, from scenarios/worlds/*.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from podatelna.kernel.agency import Agency, check_settings
from podatelna.kernel.clock import Clock
from podatelna.kernel.controls import GivenSettings, set_settings, start_controls
from podatelna.kernel.resources import resource
from podatelna.kernel.yamlfile import read_yaml

DEFAULT = "default"


class WorldError(ValueError):
    """A world file that cannot be used; names the file and the place."""


@dataclass(frozen=True, slots=True)
class World:
    """A world file. `data` is each agency's own part, which only the agency reads."""

    name: str
    title: str
    clock: Clock = field(default_factory=Clock)
    settings: GivenSettings = field(default_factory=dict)
    data: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def fill(self, transaction: Connection, agencies: Mapping[str, Agency], known_as: str) -> None:
        """Write the world into an empty database, which is reset to the world of that name."""
        start_controls(transaction, "", known_as, self.clock)
        check_settings(agencies, self.settings)
        set_settings(transaction, self.settings)
        for name, data in self.data.items():
            try:
                agencies[name].seed(transaction, data)
            except (TypeError, ValueError, KeyError) as error:
                raise WorldError(f"world {self.name}: {name}: {error}") from error


def world_names(folder: Path | None = None) -> list[str]:
    return sorted(path.stem for path in (folder or resource("scenarios", "worlds")).glob("*.yaml"))


def load_world(name: str, agencies: Mapping[str, Agency], folder: Path | None = None) -> World:
    """Read a world; an unknown name or key is a typo and fails here."""
    names = world_names(folder)
    if name not in names:
        near = get_close_matches(name, names, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise WorldError(f"there is no world called {name}{hint}")
    return read_world((folder or resource("scenarios", "worlds")) / f"{name}.yaml", agencies)


def read_world(path: Path, agencies: Mapping[str, Agency]) -> World:
    """Read a world from any file."""
    name = path.stem
    raw = _mapping(path, "the file", read_yaml(path))
    known = {"title", "clock", "settings", *agencies}
    for key in raw:
        if key not in known:
            near = get_close_matches(str(key), known, n=1)
            raise WorldError(f"{path}: unknown key {key}; {near[0] if near else sorted(known)}?")
    return World(
        name=name,
        title=raw.pop("title", name),
        clock=_clock(path, raw.pop("clock", None)),
        settings=_parts(path, raw.pop("settings", {})),
        data=_parts(path, raw),
    )


def _mapping(path: Path, place: str, raw: object) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise WorldError(f"{path}: {place} must be a mapping, not {raw!r}")
    return dict(raw)


def _parts(path: Path, raw: object) -> dict[str, dict[str, Any]]:
    """One mapping for each agency."""
    parts = _mapping(path, "settings", raw)
    return {agency: _mapping(path, agency, part) for agency, part in parts.items()}


def _clock(path: Path, at: object) -> Clock:
    if at is None:
        return Clock()
    if not isinstance(at, datetime):
        raise WorldError(f"{path}: clock takes an instant such as 2026-03-02T08:00:00Z, not {at}")
    return Clock().frozen(at if at.tzinfo else at.replace(tzinfo=UTC))
