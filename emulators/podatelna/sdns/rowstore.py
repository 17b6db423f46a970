"""The rows of issues. They come and go in pages, so that none is in memory whole."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from podatelna.kernel.tables import heard
from podatelna.sdns import queries
from podatelna.sdns.model import Cells, Row
from podatelna.sdns.written import as_json

_LONGEST: Final = 250
"""Characters of an identity that is kept as it is. No right one is longer, and PostgreSQL's indexes
take no more than 2704 bytes."""


class Delivered(NamedTuple):
    """A row as it came."""

    area: str
    identity: str
    """What a correction is matched by: two rows of an area are the same row when it is the same."""
    order: str
    cells: Cells | None
    """None: the row that is matched is to be taken out."""


@dataclass(frozen=True, slots=True)
class RowStore:
    """The rows of the issues of a sandbox, by the ids of issues and messages."""

    transaction: Connection

    def add(self, issue: int, message: int, rows: Iterable[Delivered]) -> int:
        """Write rows that a message brought; tells how many."""
        rest, count = iter(rows), 0
        while page := [_stored(issue, message, each) for each in islice(rest, queries.PAGE)]:
            queries.ADD_ROW.run_many(self.transaction, page)
            count += len(page)
        return count

    def rows(self, issue: int) -> Iterator[Row]:
        """In the order of writing. While they are read, rows may be written."""
        after = 0
        while True:
            values = {"the_issue": issue, "after": after}
            page = queries.ROWS_AFTER.rows(self.transaction, values)
            for _, area, order, cells in page:
                yield Row(area, order, json.loads(cells) if cells else {})
            if len(page) < queries.PAGE:
                return
            after = page[-1][0]

    def count(self, issue: int) -> int:
        row = queries.COUNT_ROWS.row(self.transaction, {"the_issue": issue})
        return int(row[0]) if row else 0

    def any(self, issue: int) -> bool:
        return queries.ANY_ROW.row(self.transaction, {"the_issue": issue}) is not None

    def copy(self, source: int, to: int) -> None:
        """Give an issue the rows of another one, besides its own."""
        queries.COPY_ROWS.run(self.transaction, {"source": source, "to": to})

    def overlay(self, base: int, over: int) -> None:
        """Give an issue those rows of its base that it has not itself, then take out removals."""
        queries.LAY_UNDER.run(self.transaction, {"source": base, "to": over, "over": over})
        self.drop_removals(over)

    def drop_removals(self, issue: int) -> None:
        queries.DROP_REMOVALS.run(self.transaction, {"the_issue": issue})

    def drop(self, issue: int) -> None:
        queries.DROP_ROWS.run(self.transaction, {"the_issue": issue})

    def issues_with(self, message: int) -> list[int]:
        """Issues that have rows which a message brought."""
        rows = queries.ISSUES_WITH_MESSAGE.rows(self.transaction, {"the_message": message})
        return [row[0] for row in rows]

    def drop_of_message(self, message: int) -> None:
        """Take out what a message brought, wherever it was carried on to."""
        queries.DROP_OF_MESSAGE.run(self.transaction, {"the_message": message})


def _stored(issue: int, message: int, row: Delivered) -> dict[str, Any]:
    return {
        "issue": issue,
        "message": message,
        "area": heard(row.area),
        "identity": _short(row.identity),
        "row_order": heard(row.order),
        "cells": "" if row.cells is None else as_json(dict(row.cells)),
    }


def _short(identity: str) -> str:
    return identity if len(identity) <= _LONGEST else sha256(identity.encode()).hexdigest()
