"""Switches of an agency: what the public record leaves open, with its default and its source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from podatelna.kernel.ledger import Fact

Value = bool | int | str | list[str]
Settings = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Setting(Fact):
    """One switch. The type of its default is the type of every value it takes."""

    value: Value = ""
    choices: tuple[Value, ...] = ()
    minimum: int | None = None
    about: str = ""

    def refuse(self, value: object) -> str:
        """Why `value` does not fit this setting; empty if it does."""
        kind = type(self.value)
        texts = not isinstance(value, list) or all(isinstance(item, str) for item in value)
        if type(value) is not kind or not texts:
            name = "list of str" if kind is list else kind.__name__
            return f"it takes a {name}, not {value!r}"
        if self.choices and value not in self.choices:
            return f"it takes one of {', '.join(map(str, self.choices))}, not {value!r}"
        if self.minimum is not None and isinstance(value, int) and value < self.minimum:
            return f"it takes {self.minimum} or more, not {value!r}"
        return ""


class SettingRefusedError(ValueError):
    """A setting that does not exist, or a value that does not fit it."""


@dataclass(frozen=True, slots=True)
class SettingBook:
    """All settings of one agency and how given values are laid over the defaults."""

    agency: str
    settings: Mapping[str, Setting]
    defaults: Settings = field(init=False)

    def __post_init__(self) -> None:
        defaults = {name: setting.value for name, setting in self.settings.items()}
        object.__setattr__(self, "defaults", defaults)
        for name, value in defaults.items():
            self.check(name, value)

    def check(self, name: str, value: object) -> None:
        """Raise SettingRefusedError with the sentence that fixes it."""
        setting = self.settings.get(name)
        if setting is None:
            near = get_close_matches(name, self.settings, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise SettingRefusedError(f"{self.agency} has no setting {name}{hint}")
        if why := setting.refuse(value):
            raise SettingRefusedError(f"setting {self.agency}.{name}: {why}")

    def over(self, given: Mapping[str, Value]) -> Settings:
        """The defaults with the given values laid over them; all of them checked before."""
        return {**self.defaults, **given} if given else self.defaults
