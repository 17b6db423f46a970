"""Triggers of a scenario: rows that fail a check because a test wants them to."""

from podatelna.sdns.model import Row, Trigger

SENTENCE = "hodnota nevyhovuje kontrole"


def applies(trigger: Trigger, row: Row) -> bool:
    """Whether a row is one that the trigger means; the data set was looked at before."""
    cells = row.cells
    return (
        cells.get(trigger.column) == trigger.value
        and trigger.area in ("", row.area)
        and all(cells.get(name) == value for name, value in trigger.cells.items())
    )
