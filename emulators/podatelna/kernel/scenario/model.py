"""A whole scenario as a value: every key there is, and what it takes."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, model_validator

from podatelna.kernel.ledger import Certainty
from podatelna.kernel.scenario.expectation import (
    AdminExpectation,
    CallExpectation,
    HttpExpectation,
)
from podatelna.kernel.scenario.part import As, Duration, Instant, Many, Part, Times, refused
from podatelna.kernel.scenario.trouble import Trouble, tag
from podatelna.kernel.spelling import meant


class Source(Part):
    """Where it is written that the agency behaves so."""

    document: str
    section: str = ""
    certainty: Certainty


class Given(Part):
    """What the sandbox is before the first step."""

    world: str = "default"
    clock: Instant | None = None
    """The instant at which the sandbox's clock stands still; without one it runs."""
    settings: dict[str, Any] = Field(default_factory=dict)
    """Settings of the scenario's agency."""
    disruptions: Many[Trouble] = ()
    defaults: dict[str, Any] = Field(default_factory=dict)
    """What arguments of the calls have in common, for example guest: {nationality: DEU}."""


class Http(Part):
    """A request as it goes out: nothing is added but what HTTP needs."""

    method: str = "GET"
    path: str
    """The agency's real path, with the query."""
    headers: dict[str, str] = Field(default_factory=dict)
    body: str | None = None
    """Sent in UTF-8."""
    body_file: str | None = None
    """A file beside the scenario."""
    body_base64: str | None = None
    as_: As | None = Field(default=None, alias="as")
    """Who signs in; without it the call is anonymous."""

    @model_validator(mode="after")
    def _has_one_body(self) -> Self:
        if len({"body", "body_file", "body_base64"} & self.model_fields_set) > 1:
            raise refused("give one of body, body_file and body_base64")
        return self


class Import(Part):
    """A file that comes to the agency another way than through its service."""

    file: str
    """A file beside the scenario; its ending names the agency's admin call."""
    name: str = ""
    """The name that it is handed in under; empty: its own."""
    environment: str = ""
    login: str = ""


class Exchanging(Part):
    """What steps that call the agency have in common."""

    repeat: Times = 1
    """Each time must meet the expectation."""
    timeout: Annotated[float, Field(gt=0)] | None = None
    """Seconds that the caller waits for an answer."""


class CallStep(Exchanging):
    """Call a method of the reference client, for example ubyport.file_guests."""

    call: str
    as_: As | None = Field(default=None, alias="as")
    """Who calls; without it the first account of the world."""
    with_: dict[str, Any] = Field(default_factory=dict, alias="with")
    """The method's arguments."""
    expect: CallExpectation | None = None
    """Without it the call must be answered."""


class HttpStep(Exchanging):
    """Send a request of any kind."""

    http: Http
    expect: HttpExpectation = HttpExpectation()
    """Without it the request must be answered."""


class AdvanceStep(Part):
    """Let the sandbox's clock go on by so much, for example 5m, 1h30m or 90d."""

    advance: Duration


class ClockStep(Part):
    """Set the sandbox's clock and let it stand still."""

    clock: Instant


class SettingsStep(Part):
    """Change settings of the scenario's agency."""

    settings: dict[str, Any]


class DisruptStep(Part):
    """Plan a disruption."""

    disrupt: Trouble


class ResetStep(Part):
    """Make the sandbox as it was before the first step."""

    reset: Literal[True]


class ImportStep(Part):
    """Hand a file in."""

    import_: Import = Field(alias="import")
    expect: AdminExpectation = AdminExpectation()


VERBS = ("call", "http", "advance", "clock", "settings", "disrupt", "reset", "import")


def _with_one_verb(given: Any) -> Any:
    keys = [str(key) for key in given] if isinstance(given, Mapping) else []
    verbs = [key for key in keys if key in VERBS]
    if len(verbs) == 1:
        return given
    if keys and not verbs:
        raise refused(f"unknown step {keys[0]}{meant(keys[0], VERBS)}", keys[0])
    raise refused(f"a step has one of {', '.join(VERBS)}")


def _tag_of(given: Mapping[str, Any]) -> str:
    return next(tag(verb) for verb in VERBS if verb in given)


Step = Annotated[
    Annotated[CallStep, Tag(tag("call"))]
    | Annotated[HttpStep, Tag(tag("http"))]
    | Annotated[AdvanceStep, Tag(tag("advance"))]
    | Annotated[ClockStep, Tag(tag("clock"))]
    | Annotated[SettingsStep, Tag(tag("settings"))]
    | Annotated[DisruptStep, Tag(tag("disrupt"))]
    | Annotated[ResetStep, Tag(tag("reset"))]
    | Annotated[ImportStep, Tag(tag("import"))],
    Discriminator(_tag_of),
    BeforeValidator(_with_one_verb),
]


def _some(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    if not steps:
        raise refused("a scenario has one step or more")
    return steps


class Scenario(Part):
    """What an agency does in a given situation."""

    title: str
    agency: str
    source: Source | None = None
    tags: Many[str] = ()
    given: Given = Given()
    steps: Annotated[Many[Step], AfterValidator(_some)]


def scenario_schema() -> dict[str, Any]:
    """The JSON Schema of scenario files, for editors."""
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return dialect | Scenario.model_json_schema()
