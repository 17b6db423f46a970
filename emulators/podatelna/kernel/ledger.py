"""How sure we are of a fact, and who says so: the base of every contract entry."""

from dataclasses import dataclass
from typing import Literal, get_args

Certainty = Literal["documented", "observed", "reconstructed"]
CERTAINTIES: tuple[Certainty, ...] = get_args(Certainty)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Documented: the agency's papers say so; observed: seen of the service; else reconstructed."""

    certainty: Certainty
    source: str

    def __post_init__(self) -> None:
        if self.certainty not in CERTAINTIES:
            raise ValueError(f"certainty is one of {', '.join(CERTAINTIES)}, not {self.certainty}")
        if not self.source:
            raise ValueError("a fact without a source is one that nobody can trust")
