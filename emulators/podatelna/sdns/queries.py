"""Statements on the tables of SDNS, compiled once each."""

from dataclasses import fields
from typing import Any, Final

from sqlalchemy import Table, bindparam, delete, exists, func, insert, literal, select, update
from sqlalchemy.sql import ColumnElement, Select

from podatelna.kernel.statements import Statement
from podatelna.sdns.model import Certificate, Obligation, Occurrence, Subject
from podatelna.sdns.tables import (
    CERTIFICATE,
    DATA_SET,
    ISSUE,
    MESSAGE,
    OBLIGATION,
    OCCURRENCE,
    RIGHT,
    ROW,
    STEP,
    SUBJECT,
    TRIGGER,
    USER,
)

PAGE: Final = 1000
"""Rows that are read or written in one go, so that a large message is never in memory whole."""


def names(kind: type[Any]) -> list[str]:
    return [item.name for item in fields(kind)]


def here(table: Table) -> ColumnElement[bool]:
    """The condition on the environment, which each statement has but those by id."""
    column: ColumnElement[bool] = table.c.environment == bindparam("where")
    return column


def by(table: Table, *columns: str) -> list[ColumnElement[bool]]:
    """Columns that equal parameters `the_<column>`."""
    return [table.c[name] == bindparam(f"the_{name}") for name in columns]


def _all(table: Table, columns: list[str], *conditions: str) -> Select[Any]:
    chosen = [table.c[name] for name in columns]
    return select(*chosen).where(here(table), *by(table, *conditions))


def _without_id(table: Table) -> list[str]:
    return [column.name for column in table.c if column.name != "id"]


def _insert_returning(table: Table) -> Statement:
    return Statement(insert(table).returning(table.c.id), _without_id(table))


# -- who there is

_SUBJECT = names(Subject)
SUBJECTS = Statement(_all(SUBJECT, _SUBJECT).order_by(SUBJECT.c.code))
ONE_SUBJECT = Statement(_all(SUBJECT, _SUBJECT, "code"))
PREFIX_OWNER = Statement(_all(SUBJECT, _SUBJECT, "prefix").order_by(SUBJECT.c.code).limit(1))
ADD_SUBJECT = Statement(insert(SUBJECT))

_USER = ["login", "may_send", "may_query"]
USERS = Statement(_all(USER, _USER).order_by(USER.c.login))
ONE_USER = Statement(_all(USER, _USER, "login"))
ADD_USER = Statement(insert(USER))
CHANGE_USER = Statement(
    update(USER).where(here(USER), *by(USER, "login")), ["may_send", "may_query"]
)

_CERTIFICATE = names(Certificate)
CERTIFICATES = Statement(
    _all(CERTIFICATE, _CERTIFICATE, "login").order_by(CERTIFICATE.c.issuer, CERTIFICATE.c.serial)
)
OWNERS = Statement(_all(CERTIFICATE, _CERTIFICATE, "issuer", "serial").order_by("login"))
ADD_CERTIFICATE = Statement(insert(CERTIFICATE))
REVOKE = Statement(
    update(CERTIFICATE).where(here(CERTIFICATE), *by(CERTIFICATE, "issuer", "serial")), ["revoked"]
)

RIGHTS = Statement(_all(RIGHT, ["subject"], "sender").order_by(RIGHT.c.subject))
ONE_RIGHT = Statement(_all(RIGHT, ["subject"], "sender", "subject"))
ADD_RIGHT = Statement(insert(RIGHT))

OBLIGATIONS = _all(OBLIGATION, names(Obligation)).order_by(*OBLIGATION.primary_key.columns)
OBLIGATIONS_FOR = Statement(
    _all(OBLIGATION, names(Obligation), "subject", "scope", "data_set").order_by("since")
)
ADD_OBLIGATION = Statement(insert(OBLIGATION))

DEFINITIONS = Statement(_all(DATA_SET, ["data_set", "definition"]).order_by("data_set"))
ADD_DEFINITION = Statement(insert(DATA_SET))

_TRIGGER = ["data_set", "check_code", "column_number", "value", "area", "cells"]
ALL_TRIGGERS = Statement(_all(TRIGGER, _TRIGGER).order_by(TRIGGER.c.id))
TRIGGERS = Statement(_all(TRIGGER, _TRIGGER, "data_set").order_by(TRIGGER.c.id))
ADD_TRIGGER = Statement(insert(TRIGGER), _without_id(TRIGGER))
DROP_TRIGGERS = Statement(delete(TRIGGER).where(here(TRIGGER)))

# -- messages

_MESSAGE = ["id", "file", "login", "received", "header", "issue", "refused", "accepted"]
MESSAGES = _all(MESSAGE, _MESSAGE).order_by(MESSAGE.c.id)
ONE_MESSAGE = Statement(_all(MESSAGE, _MESSAGE, "id"))
ACCEPTED_MESSAGE = Statement(
    _all(MESSAGE, _MESSAGE, "sender", "number")
    .where(MESSAGE.c.issue != 0)
    .order_by(MESSAGE.c.id)
    .limit(1)
)
MESSAGES_OF = Statement(_all(MESSAGE, _MESSAGE, "issue").order_by(MESSAGE.c.id))
REFUSED = MESSAGES.where(MESSAGE.c.refused != "[]")
HAS_FILE = Statement(select(MESSAGE.c.id).where(here(MESSAGE), *by(MESSAGE, "file")))
CONTENT = Statement(_all(MESSAGE, ["content"], "id"))
ADD_MESSAGE = _insert_returning(MESSAGE)
CHANGE_MESSAGE = Statement(
    update(MESSAGE).where(here(MESSAGE), *by(MESSAGE, "id")), ["issue", "refused", "accepted"]
)
EMPTY_MESSAGE = Statement(update(MESSAGE).where(here(MESSAGE), *by(MESSAGE, "id")), ["content"])

# -- occurrences and issues

KEY: Final = ("data_set", "subject", "scope", "as_of", "test")
_OCCURRENCE = ["id", *KEY, *(name for name in names(Occurrence) if name not in ("id", "key"))]
OCCURRENCES = _all(OCCURRENCE, _OCCURRENCE).order_by(
    *(OCCURRENCE.c[name] for name in KEY), OCCURRENCE.c.id
)
OCCURRENCE_OF_KEY = Statement(_all(OCCURRENCE, _OCCURRENCE, *KEY))
LAST_BEFORE = Statement(
    _all(OCCURRENCE, _OCCURRENCE, *(name for name in KEY if name != "as_of"))
    .where(OCCURRENCE.c.as_of < bindparam("before"), OCCURRENCE.c.current != 0)
    .order_by(OCCURRENCE.c.as_of.desc())
    .limit(1)
)
ONE_OCCURRENCE = Statement(_all(OCCURRENCE, _OCCURRENCE, "id"))
ADD_OCCURRENCE = _insert_returning(OCCURRENCE)
CHANGE_OCCURRENCE = Statement(
    update(OCCURRENCE).where(here(OCCURRENCE), *by(OCCURRENCE, "id")),
    ["version", "variant", "state", "term", "current"],
)

ISSUE_COLUMNS: Final = [column.name for column in ISSUE.c if column.name != "environment"]
ISSUES = Statement(_all(ISSUE, ISSUE_COLUMNS, "occurrence").order_by(ISSUE.c.id))
ONE_ISSUE = Statement(_all(ISSUE, ISSUE_COLUMNS, "id"))
ISSUES_NUMBERED = Statement(_all(ISSUE, ISSUE_COLUMNS, "sender", "number").order_by(ISSUE.c.id))
ADD_ISSUE = _insert_returning(ISSUE)
CHANGE_ISSUE = Statement(
    update(ISSUE).where(here(ISSUE), *by(ISSUE, "id")),
    ["file", "accepted", "state", "since", "complete", "parts", "troubles", "failed"],
)

# -- rows, by the id of an issue

_ROW = [ROW.c.id, ROW.c.area, ROW.c.row_order, ROW.c.cells]
ROWS_AFTER = Statement(
    select(*_ROW)
    .where(*by(ROW, "issue"), ROW.c.id > bindparam("after"))
    .order_by(ROW.c.id)
    .limit(PAGE)
)
COUNT_ROWS = Statement(select(func.count()).select_from(ROW).where(*by(ROW, "issue")))
ANY_ROW = Statement(select(ROW.c.id).where(*by(ROW, "issue")).limit(1))
ADD_ROW = Statement(insert(ROW), _without_id(ROW))
DROP_ROWS = Statement(delete(ROW).where(*by(ROW, "issue")))
ISSUES_WITH_MESSAGE = Statement(
    select(ROW.c.issue).where(*by(ROW, "message")).distinct().order_by(ROW.c.issue)
)
DROP_OF_MESSAGE = Statement(delete(ROW).where(*by(ROW, "message")))
DROP_REMOVALS = Statement(delete(ROW).where(*by(ROW, "issue"), ROW.c.cells == ""))
_NEW, _OLD = ROW.alias("new"), ROW
_COPIED = ["message", "area", "identity", "row_order", "cells"]
_COPY = select(
    bindparam("to", type_=ROW.c.issue.type).label("issue"), *(_OLD.c[name] for name in _COPIED)
).where(_OLD.c.issue == bindparam("source"))
COPY_ROWS = Statement(
    insert(ROW).from_select(["issue", *_COPIED], _COPY.order_by(_OLD.c.id)), ["issue", *_COPIED]
)
LAY_UNDER = Statement(
    insert(ROW).from_select(
        ["issue", *_COPIED],
        _COPY.where(
            ~exists(
                select(literal(1)).where(
                    _NEW.c.issue == bindparam("over", type_=ROW.c.issue.type),
                    _NEW.c.area == _OLD.c.area,
                    _NEW.c.identity == _OLD.c.identity,
                )
            )
        ).order_by(_OLD.c.id),
    ),
    ["issue", *_COPIED],
)
"""Rows of `source` that issue `over`, which is `to`, does not have itself."""

# -- steps, of all environments

_STEP = [STEP.c[name] for name in ("id", "environment", "due", "step", "message", "issue")]
_IN_ORDER = (STEP.c.due, STEP.c.message, STEP.c.id)
"""Of what is due at the same time, issues go on before the next message is accepted."""
NEXT_STEP = Statement(select(*_STEP).order_by(*_IN_ORDER).limit(1))
STEPS = Statement(select(*_STEP).where(here(STEP)).order_by(*_IN_ORDER))
BUSY_UNTIL = Statement(
    select(func.max(STEP.c.due))
    .select_from(STEP.join(ISSUE, STEP.c.issue == ISSUE.c.id))
    .where(*by(ISSUE, "occurrence"))
)
ADD_STEP = Statement(insert(STEP), _without_id(STEP))
DROP_STEP = Statement(delete(STEP).where(*by(STEP, "id")))
