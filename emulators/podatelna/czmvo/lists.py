"""The agency's code lists, as the contract has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from podatelna.czmvo.model import Role
from podatelna.czmvo.rulebook import Book, read_book
from podatelna.czmvo.workflow import Workflow
from podatelna.kernel.contract import Contract
from podatelna.kernel.ledger import Fact
from podatelna.kernel.settings import Settings
from podatelna.kernel.yamlfile import read_yaml

Texts = Mapping[str, str]
"""By language, cs and en."""


@dataclass(frozen=True, slots=True)
class State:
    """A state of alerts, as one profile knows it (states.csv)."""

    id: int
    external: str
    """The external code, for example 06a; "#" and "" are codes, too."""
    names: Texts
    final: bool
    set_by: frozenset[str]
    """Roles that may set it through the API."""
    descriptions: Mapping[str, Texts]
    """By role."""
    typestate: str
    """What the end user is to do with the pack, a key of `type_states`."""


@dataclass(frozen=True, slots=True)
class Canned:
    """A message that is only chosen."""

    id: int
    names: Texts
    texts: Texts
    for_states: tuple[str, ...]
    """External codes of the states in which it may be sent; none: all that are not final."""
    to_state: str
    """The state that it leads to, as an external code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(Fact):
    """An e-mail that the system sends; {name} stands for what the alert and its message have."""

    subject: str
    body: str


class Profile:
    """The states of one profile, in the order of the wire."""

    def __init__(self, name: str, states: tuple[State, ...]) -> None:
        self.name = name
        self.states = states
        self.by_id = {state.id: state for state in states}
        self.by_external = {state.external: state for state in states}

    def named(self, number: int) -> State:
        """A state by its id; for one that only the other profile has, the nearest there is."""
        return self.by_id.get(number) or State(number, "", {}, False, frozenset(), {}, "")


@dataclass(frozen=True)
class Lists:
    """All of the contract's lists. Each is read when it is first needed."""

    contract: Contract

    @cached_property
    def profiles(self) -> Mapping[str, Profile]:
        rows = self.contract.codelist("states")
        names = dict.fromkeys(row["profile"] for row in rows)
        return {
            name: Profile(name, tuple(_state(row) for row in rows if row["profile"] == name))
            for name in names
        }

    @cached_property
    def requests(self) -> Mapping[Role, tuple[Canned, ...]]:
        rows = self.contract.codelist("requests")
        return {
            role: tuple(_canned(row) for row in rows if row["role"] == role)
            for role in ("enduser", "mah", "nool")
        }

    @cached_property
    def reopen_reasons(self) -> Mapping[int, Texts]:
        return {int(row["id"]): _in_both(row, "name") for row in self._rows("reopen_reasons")}

    @cached_property
    def type_states(self) -> Mapping[str, Texts]:
        return {row["name"]: _in_both(row, "description") for row in self._rows("typestates")}

    @cached_property
    def filter_states(self) -> Mapping[str, Texts]:
        """How alerts of an excepted product are closed: OP and NO."""
        return {row["code"]: _in_both(row, "name") for row in self._rows("filter_states")}

    @cached_property
    def exemption_states(self) -> Mapping[int, Texts]:
        """How far an exception has come, which is not how its alerts are closed."""
        return {int(row["id"]): _in_both(row, "name") for row in self._rows("exception_states")}

    @cached_property
    def kinds(self) -> Mapping[str, str]:
        """EU alert codes: technical, process or level3."""
        return {row["code"]: row["kind"] for row in self._rows("alert_codes")}

    @cached_property
    def books(self) -> Mapping[str, Book]:
        """The life cycle of alerts, by profile."""
        return {name: read_book(self.contract.codelist, name) for name in self.profiles}

    @cached_property
    def forms(self) -> Mapping[str, Form]:
        """E-mails by the occasion."""
        forms = read_yaml(self.contract.folder / "mail.yaml")
        return {name: Form(**form) for name, form in forms.items()}

    def workflow(self, settings: Settings) -> Workflow:
        """The life cycle as a sandbox is set."""
        return Workflow(self.books[str(settings["state_profile"])], settings)

    def canned(self, role: Role, number: int) -> Canned | None:
        return next((each for each in self.requests[role] if each.id == number), None)

    def _rows(self, name: str) -> tuple[dict[str, str], ...]:
        return self.contract.codelist(name)


def _in_both(row: Mapping[str, str], name: str) -> Texts:
    return {language: row[f"{name}_{language}"] for language in ("cs", "en")}


def _state(row: Mapping[str, str]) -> State:
    return State(
        id=int(row["id"]),
        external=row["externalcode"],
        names=_in_both(row, "name"),
        final=row["final"] == "1",
        set_by=frozenset(row["set_by"].split()),
        descriptions={role: _in_both(row, f"description_{role}") for role in ("mah", "enduser")},
        typestate=row["typestate"],
    )


def _canned(row: Mapping[str, str]) -> Canned:
    return Canned(
        id=int(row["id"]),
        names=_in_both(row, "name"),
        texts=_in_both(row, "text"),
        for_states=tuple(row["for_states"].split()),
        to_state=row["to_state"],
    )
