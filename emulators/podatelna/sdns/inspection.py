"""What the bank has, as its own office sees it: rows for admin calls."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Select, Table, select, tuple_

from podatelna.kernel.admincalls import Asked
from podatelna.kernel.contract import Contract
from podatelna.kernel.tables import heard
from podatelna.sdns import queries
from podatelna.sdns.desk import open_desk
from podatelna.sdns.listings import shown_occurrence
from podatelna.sdns.model import Certificate, Message, Obligation, Subject
from podatelna.sdns.moments import instant
from podatelna.sdns.register import Register
from podatelna.sdns.tables import (
    CERTIFICATE,
    DATA_SET,
    ISSUE,
    MESSAGE,
    OBLIGATION,
    OCCURRENCE,
    RIGHT,
    ROW,
    SUBJECT,
    TRIGGER,
    USER,
)
from podatelna.sdns.worldreader import check_day
from podatelna.sdns.written import issue_of, message_of, occurrence_of

MOST_ROWS: Final = 1000
"""Of one answer; the next ones come `after` the last one's id, code or login, or what it has of
several columns, with commas between."""
_MESSAGE_COLUMNS: Final = ("id", "file", "login", "received", "header", "issue")
_MESSAGE_STATES: Final = {
    "waiting": (MESSAGE.c.accepted == "",),
    "refused": (MESSAGE.c.refused != "[]",),
    "accepted": (MESSAGE.c.accepted != "", MESSAGE.c.refused == "[]"),
}

Listed = list[dict[str, Any]]
Texts = Mapping[str, str]


def open_register(asked: Asked) -> Register:
    return Register(asked.visit.transaction, asked.environment)


# -- whom the bank knows


def list_subjects(asked: Asked) -> Listed:
    return _page(asked, _rows_of(SUBJECT, Subject), SUBJECT.c.code)


def list_users(asked: Asked) -> Listed:
    """`subject` for those of one."""
    users = {user.login: user for user in open_register(asked).users()}
    page = _page(asked, select(USER.c.login), USER.c.login)
    found = [users[row["login"]] for row in page if row["login"] in users]
    of = asked.query.get("subject")
    return [asdict(user) for user in found if of in (None, user.subject)]


def list_certificates(asked: Asked) -> Listed:
    """`login` for those of one."""
    query = {**asked.query, "login": asked.query.get("login", "").lower()}
    found = _only(query, _rows_of(CERTIFICATE, Certificate), CERTIFICATE.c.login)
    return _page(asked, found, CERTIFICATE.c.login, CERTIFICATE.c.serial)


def list_rights(asked: Asked) -> Listed:
    """`sender` for those of one."""
    found = _only(asked.query, select(RIGHT.c.sender, RIGHT.c.subject), RIGHT.c.sender)
    return _page(asked, found, RIGHT.c.sender, RIGHT.c.subject)


# -- what is to be reported, and how it is checked


def list_obligations(asked: Asked) -> Listed:
    """Those of a `subject`, a `scope`, a `data_set`; one data set in each."""
    found = _rows_of(OBLIGATION, Obligation)
    columns = [OBLIGATION.c[name] for name in ("subject", "scope", "data_set")]
    for column in columns:
        found = _only(asked.query, found, column)
    return [told_obligation(row) for row in _page(asked, found, *columns, OBLIGATION.c.since)]


def told_obligation(row: Mapping[str, Any]) -> dict[str, Any]:
    """As a world file has it."""
    told = {name: row[name] for name in ("subject", "scope", "since", "until")}
    return told | {"data_sets": [row["data_set"]]}


def list_data_sets(asked: Asked) -> Listed:
    """Those of the world; the contract's are in its folder."""
    page = _page(asked, select(DATA_SET.c.data_set, DATA_SET.c.definition), DATA_SET.c.data_set)
    return [json.loads(row["definition"]) for row in page]


def list_triggers(asked: Asked) -> Listed:
    """`data_set` for those of one, by its code alone."""
    column = TRIGGER.c
    found = select(
        column.id,
        column.data_set,
        column.check_code.label("check"),
        column.column_number.label("column"),
        column.value,
        column.area,
        column.cells,
    )
    page = _page(asked, _only(asked.query, found, column.data_set), column.id)
    return [{**row, "cells": json.loads(row["cells"])} for row in page]


# -- what was sent


def list_messages(asked: Asked) -> Listed:
    """Messages of a `sender`; `state`: waiting, refused for the header, or accepted."""
    columns = [MESSAGE.c[name] for name in (*_MESSAGE_COLUMNS, "refused", "accepted")]
    found = _only(asked.query, select(*columns), MESSAGE.c.sender)
    if state := asked.query.get("state"):
        if state not in _MESSAGE_STATES:
            raise ValueError(f"state is one of {', '.join(_MESSAGE_STATES)}, not {state}")
        found = found.where(*_MESSAGE_STATES[state])
    page = _page(asked, found, MESSAGE.c.id)
    return [_told_message(message_of(list(row.values()))) for row in page]


def _told_message(message: Message) -> dict[str, Any]:
    state = "refused" if message.refused else "accepted" if message.accepted else "waiting"
    return asdict(message) | {"state": state}


def list_occurrences(asked: Asked, contract: Contract) -> Listed:
    """Those for which something was sent, with the states that they show now.

    `subject`, `scope`, `data_set` (the code alone) and `as_of` for some.
    """
    if day := asked.query.get("as_of"):
        check_day(day)
    found = select(*(column for column in OCCURRENCE.c if column.name != "environment"))
    for name in ("subject", "scope", "data_set", "as_of"):
        found = _only(asked.query, found, OCCURRENCE.c[name])
    desk = open_desk(asked.visit, contract, asked.environment)
    texts, told = state_texts(contract, "occurrence_states"), []
    for row in _page(asked, found, OCCURRENCE.c.id):
        occurrence = occurrence_of(list(row.values()))
        shown = shown_occurrence(desk, occurrence)
        told.append(
            {
                "id": occurrence.id,
                **asdict(occurrence.key),
                "version": occurrence.version,
                "variant": occurrence.variant,
                "state": shown.state,
                "state_text": texts.get(str(shown.state), ""),
                "plan": _told_time(shown.plan),
                "term": _told_time(shown.term),
                "current": occurrence.current,
            }
        )
    return told


def _told_time(at: datetime | None) -> str:
    return instant(at) if at else ""


def list_issues(asked: Asked, contract: Contract) -> Listed:
    """`occurrence` for those of one, by its id."""
    found = select(*(ISSUE.c[name] for name in queries.ISSUE_COLUMNS))
    if of := asked.query.get("occurrence"):
        found = found.where(ISSUE.c.occurrence == _number("occurrence", of))
    texts = state_texts(contract, "issue_states")
    issues = (issue_of(list(row.values())) for row in _page(asked, found, ISSUE.c.id))
    return [asdict(issue) | {"state_text": texts.get(str(issue.state), "")} for issue in issues]


def list_rows(asked: Asked) -> Listed:
    """The rows of an `issue`, by its id."""
    number = _number("issue", asked.query.get("issue", ""))
    if open_register(asked).issue(number) is None:
        raise ValueError(f"there is no issue {number}")
    after = _number("after", asked.query.get("after", "0"))
    found = (
        select(ROW.c.id, ROW.c.area, ROW.c.row_order.label("order"), ROW.c.cells)
        .where(ROW.c.issue == number, ROW.c.id > after)
        .order_by(ROW.c.id)
        .limit(MOST_ROWS)
    )
    rows = asked.visit.transaction.execute(found).mappings()
    return [{**row, "cells": json.loads(row["cells"] or "{}")} for row in rows]


def state_texts(contract: Contract, codelist: str) -> Texts:
    return {row["code"]: row["name_cs"] for row in contract.codelist(codelist)}


# -- pages


def _rows_of(table: Table, kind: type[Any]) -> Select[Any]:
    return select(*(table.c[name] for name in queries.names(kind)))


def _only(query: Texts, found: Select[Any], by: Column[str]) -> Select[Any]:
    """The rows with the value that the query has for a column, if it has one."""
    value = query.get(by.name)
    return found.where(by == heard(value)) if value else found


def _page(asked: Asked, found: Select[Any], *by: Column[Any]) -> Listed:
    """Rows in order, from that `after` which the query asks."""
    if after := asked.query.get("after"):
        values = after.split(",")
        if len(values) != len(by):
            names = ",".join(column.name for column in by)
            raise ValueError(f"after is {names} of the last row, not {after}")
        last = [_of_kind(column, text) for column, text in zip(by, values, strict=True)]
        found = found.where(tuple_(*by) > tuple_(*last))
    here = by[0].table.c.environment == asked.environment
    found = found.where(here).order_by(*by).limit(MOST_ROWS)
    return [dict(row) for row in asked.visit.transaction.execute(found).mappings()]


def _of_kind(by: Column[Any], after: str) -> str | int:
    return heard(after) if by.type.python_type is str else _number("after", after)


def _number(name: str, text: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", text):
        raise ValueError(f"{name} is a number, not {text!r}")
    return int(text)
