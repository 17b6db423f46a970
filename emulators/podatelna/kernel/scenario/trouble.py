"""Disruptions in scenario files: one model for each kind, made from the kind's own options."""

from collections.abc import Callable, Mapping
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union

from pydantic import BeforeValidator, Discriminator, Tag, create_model

from podatelna.kernel.disruptions import KINDS, Moment
from podatelna.kernel.scenario.part import Part, Times, refused
from podatelna.kernel.spelling import meant


class Planned(Part):
    """Trouble for the next calls that match; the options of its kind stand beside these keys."""

    kind: str
    moment: Moment = "after"
    """before: the agency never sees the call; after: it has filed it already."""
    operation: str = ""
    """As the journal names it; without one any."""
    login: str = ""
    times: Times = 1

    @property
    def options(self) -> dict[str, Any]:
        """What only this kind takes."""
        own = type(self).model_fields.keys() - Planned.model_fields.keys()
        return {name: getattr(self, name) for name in sorted(own)}


def tag(name: str) -> str:
    """The name of a union's member. Pydantic puts it into places, where no key looks like it."""
    return f"<{name}>"


def _model(kind: str, make: Callable[..., Any]) -> type[Planned]:
    options: dict[str, Any] = {
        name: (option.annotation, ... if option.default is Parameter.empty else option.default)
        for name, option in signature(make).parameters.items()
    }
    options["kind"] = (Literal[kind], ...)
    return create_model(f"Disruption_{kind}", __base__=Planned, __doc__=make.__doc__, **options)


def _of_known_kind(given: Any) -> Any:
    if not isinstance(given, Mapping) or "kind" not in given:
        raise refused("a disruption is a mapping with a kind")
    if (kind := given["kind"]) not in KINDS:
        raise refused(f"no disruption is called {kind}{meant(str(kind), KINDS)}", "kind")
    return given


if TYPE_CHECKING:
    Trouble = Planned
else:
    _MODELS = [Annotated[_model(kind, make), Tag(tag(kind))] for kind, make in KINDS.items()]
    Trouble = Annotated[
        Union[tuple(_MODELS)],  # noqa: UP007 - the members are counted at run time
        Discriminator(lambda given: tag(given["kind"])),
        BeforeValidator(_of_known_kind),
    ]
    """One planned disruption; which keys it has depends on its kind."""
