"""Business rules as predicates that are true when broken, named after the error they report."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

R = TypeVar("R")
F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule: what, where, and what was found there."""

    code: str
    """A key of the agency's errors.yaml; numbers and Czech wording live there."""
    at: str = ""
    """The offending place, in the contract's own names."""
    record: int | None = None
    """Position of the record in the message, from 0; None: the message itself."""
    received: str = ""


@dataclass(frozen=True, slots=True)
class Rule(Generic[R, F]):
    """`broken(record, facts)` is true when the record breaks the rule."""

    code: str
    at: str
    broken: Callable[[R, F], bool]


def rule(*, at: str) -> Callable[[Callable[[R, F], bool]], Rule[R, F]]:
    """Make a predicate a rule; its name is the code it reports."""

    def name_it(broken: Callable[[R, F], bool]) -> Rule[R, F]:
        return Rule(broken.__name__, at, broken)

    return name_it


def check(rules: Iterable[Rule[R, F]], record: R, facts: F) -> list[Rule[R, F]]:
    """The rules that the record breaks, in the order given."""
    return [rule for rule in rules if rule.broken(record, facts)]
