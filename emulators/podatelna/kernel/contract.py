"""An agency's contract folder: service.yaml, errors.yaml, code lists and schema files."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from podatelna.kernel.catalogue import Errors, load_codelist, load_errors
from podatelna.kernel.ledger import Fact
from podatelna.kernel.resources import resource
from podatelna.kernel.settings import Setting, SettingBook, SettingRefusedError
from podatelna.kernel.yamlfile import read_yaml

E = TypeVar("E", bound=Fact)


class ContractError(ValueError):
    """A contract file that does not hold what it must: says file and entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant(Fact):
    """A fact of the service that no sandbox changes: a path, a header, a limit."""

    value: Any
    about: str = ""


class Contract:
    """What is known of one agency, as data. Files are read when first asked for."""

    def __init__(self, agency: str) -> None:
        self.agency = agency
        self.folder = resource("contracts", agency)

    @cached_property
    def _service(self) -> Any:
        return read_yaml(self.folder / "service.yaml")

    def _section(self, name: str) -> Mapping[str, Any]:
        section = self._service.get(name) if isinstance(self._service, dict) else None
        if not isinstance(section, dict):
            raise ContractError(f"{self.folder / 'service.yaml'}: {name} must be a mapping")
        return section

    @cached_property
    def constants(self) -> Mapping[str, Constant]:
        path = self.folder / "service.yaml"
        return {
            name: _entry(path, name, Constant, raw)
            for name, raw in self._section("constants").items()
        }

    @cached_property
    def settings(self) -> SettingBook:
        path = self.folder / "service.yaml"
        found = {
            name: _entry(path, name, Setting, _tupled(raw))
            for name, raw in self._section("settings").items()
        }
        try:
            return SettingBook(self.agency, found)
        except SettingRefusedError as error:
            raise ContractError(f"{path}: {error}") from error

    @cached_property
    def errors(self) -> Errors:
        return load_errors(self.folder / "errors.yaml")

    def codelist(self, name: str) -> tuple[dict[str, str], ...]:
        return load_codelist(self.folder / "codelists" / f"{name}.csv")

    def codelists(self) -> list[str]:
        return sorted(path.stem for path in (self.folder / "codelists").glob("*.csv"))

    def text(self, name: str) -> str:
        """A contract file as text, for example a WSDL."""
        return (self.folder / name).read_text("utf-8")

    def constant(self, name: str) -> Any:
        return self.constants[name].value


def _tupled(raw: Any) -> Any:
    if isinstance(raw, dict) and "choices" in raw:
        return raw | {"choices": tuple(raw["choices"])}
    return raw


def _entry(path: Path, name: str, kind: type[E], raw: Any) -> E:
    try:
        return kind(**raw)
    except (TypeError, ValueError) as error:
        raise ContractError(f"{path}: {name}: {error}") from error
