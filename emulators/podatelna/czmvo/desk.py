"""What an operation may touch, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from podatelna.czmvo.alerts import Alerts
from podatelna.czmvo.correspondence import Correspondence
from podatelna.czmvo.directory import Directory
from podatelna.czmvo.exemptions import Exemptions
from podatelna.czmvo.lists import Lists, Profile
from podatelna.czmvo.model import Caller
from podatelna.czmvo.workflow import Workflow
from podatelna.kernel.settings import Settings

Language = Literal["cs", "en"]


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk for one call of one caller in one environment."""

    caller: Caller
    environment: str
    now: str
    """The sandbox's time, as the API writes it."""
    language: Language
    version_1: bool
    settings: Settings
    lists: Lists
    alerts: Alerts
    correspondence: Correspondence
    exemptions: Exemptions
    directory: Directory
    next_id: Callable[[str], int]
    """The next number of a series of this environment: message, exemption."""
    post: Callable[[str, str, str], None]
    """Send an e-mail: recipient, subject, body."""

    @property
    def profile(self) -> Profile:
        """The states as the sandbox is set."""
        return self.lists.profiles[str(self.settings["state_profile"])]

    @property
    def workflow(self) -> Workflow:
        """The life cycle as the sandbox is set."""
        return self.lists.workflow(self.settings)

    def whole(self, name: str) -> int:
        """A setting that is a number."""
        value = self.settings[name]
        assert isinstance(value, int)
        return value
