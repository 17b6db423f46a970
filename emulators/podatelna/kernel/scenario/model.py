"""A whole scenario as a value: every key there is, and what it takes."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, model_validator

from podatelna.kernel.ledger import Certainty
from podatelna.kernel.scenario.expectation import (
    AdminExpectation,
    CallExpectation,
    HttpExpectation,
    OutboxExpectation,
)
from podatelna.kernel.scenario.part import (
    As,
    Base64,
    Duration,
    Instant,
    Json,
    Many,
    Part,
    Times,
    refused,
)
from podatelna.kernel.scenario.shapes import schema_of
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
    """A name, or a file beside the scenario, for example ./busy.yaml."""
    clock: Instant | None = None
    """The instant at which the sandbox's clock stands still; without one it runs."""
    settings: dict[str, Any] = Field(default_factory=dict)
    """Settings of the scenario's agency."""
    disruptions: Many[Trouble] = ()
    defaults: dict[str, Any] = Field(default_factory=dict)
    """What arguments of the calls have in common, for example guest: {nationality: DEU}."""


BODIES = ("body", "body_file", "body_base64", "json", "form")


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
    body_base64: Base64 | None = None
    json_: Json = Field(default=None, alias="json")
    """Sent as JSON, with its Content-Type unless headers have one."""
    form: dict[str, str] | None = None
    """Sent as a web form, with its Content-Type unless headers have one."""
    as_: As | None = Field(default=None, alias="as")
    """Who signs in, in the agency's way; without it the call is anonymous."""

    @model_validator(mode="after")
    def _has_one_body(self) -> Self:
        if len(self._ways()) > 1:
            raise refused(f"give one of {', '.join(BODIES)}")
        return self

    @property
    def body_given_as(self) -> str:
        """Which of `BODIES`; "" if there is no body."""
        return next(iter(self._ways()), "")

    def _ways(self) -> list[str]:
        # To JSON null is a value; elsewhere it says that there is none.
        given = self.model_dump(include={"body", "body_file", "body_base64", "form"})
        json_ = {"json": True} if "json_" in self.model_fields_set else {}
        return [name for name, value in {**given, **json_}.items() if value is not None]


class Import(Part):
    """A file that comes to the agency another way than through its service."""

    file: str
    """A file beside the scenario; its ending names the agency's admin call."""
    name: str = ""
    """The name that it is handed in under; empty: its own."""
    environment: str = ""
    login: str = ""


class Admin(Part):
    """One of the agency's own calls under the sandbox's admin API."""

    call: str
    method: str = "POST"
    query: dict[str, str] = Field(default_factory=dict)
    json_: Json = Field(default=None, alias="json")


class Outbox(Part):
    """Letters that the agency has sent."""

    recipient: str = ""
    """Without one, to anybody."""


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


class AdminStep(Part):
    """Do what no caller of the agency can."""

    admin: Admin
    expect: AdminExpectation = AdminExpectation()


class OutboxStep(Part):
    """Look at the letters that were sent."""

    outbox: Outbox
    expect: OutboxExpectation


VERBS = (
    "call",
    "http",
    "advance",
    "clock",
    "settings",
    "disrupt",
    "reset",
    "import",
    "admin",
    "outbox",
)


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
    | Annotated[ImportStep, Tag(tag("import"))]
    | Annotated[AdminStep, Tag(tag("admin"))]
    | Annotated[OutboxStep, Tag(tag("outbox"))],
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


def scenario_schema(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON Schema of scenario files, for editors; `answers` are the shapes of all calls."""
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema = Scenario.model_json_schema()
    expectation = schema["$defs"][CallExpectation.__name__]
    named = {name: schema_of(shape) for name, shape in answers.items()}
    expectation["properties"] = named | expectation["properties"]
    expectation["additionalProperties"] = False
    return dialect | schema
