"""The e-mails that follow a report with an address in EMAIL (data model of IZR_OZO01A)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from podatelna.izr.desk import Desk
from podatelna.izr.model import LogRow, Report
from podatelna.kernel.ledger import Fact
from podatelna.kernel.yamlfile import read_yaml

_TIME = "%d.%m.%Y %H:%M:%S"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(Fact):
    """An e-mail; {name} stands for what the report has."""

    subject: str
    body: str


@cache
def read_forms(folder: Path) -> Mapping[str, Form]:
    """By the occasion."""
    forms = read_yaml(folder / "mail.yaml")
    return {name: Form(**form) for name, form in forms.items()}


def confirm(desk: Desk, reports: Sequence[Report]) -> None:
    """Confirm that a report was received."""
    _send(desk, "received", reports, {"animals": str(len(reports))})


def tell_result(desk: Desk, reports: Sequence[Report], rows: Sequence[LogRow], wrong: int) -> None:
    """Tell what processing has come to: the rows of the error log, and how many animals had any."""
    errors = "\n".join(f"{row.tag}: {row.code} {row.text}" for row in rows)
    about = {
        "processed": desk.now.strftime(_TIME),
        "accepted": str(len(reports) - wrong),
        "refused": str(wrong),
        "errors": errors or "Bez chyb.",
    }
    _send(desk, "processed", reports, about)


def _send(desk: Desk, name: str, reports: Sequence[Report], about: Mapping[str, str]) -> None:
    first = reports[0]
    if not first.email or not desk.settings["notifications"]:
        return
    form = read_forms(desk.contract.folder)[name]
    known = {
        "service": first.service,
        "subject": first.subject,
        "holding": first.holding,
        "sent": datetime.fromisoformat(first.sent).strftime(_TIME),
        **about,
    }
    desk.post(first.email, form.subject.format_map(known), form.body.format_map(known))
