"""Answers in the agency's words: envelopes as PHP writes JSON, tables as CSV, files as they are."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from podatelna.czmvo.model import File, Result, Table
from podatelna.kernel.rest import csv_table, php_json

JSON = "application/json"
CSV = "text/csv"
BINARY = "application/octet-stream"
CSV_NAMES = (CSV, "application/csv")
"""The manual has both (2.4 and 2.1.2.1, Q5); the answer is called text/csv."""

Output = str
"""JSON, CSV or BINARY: what the caller wants to get."""


@dataclass(frozen=True, slots=True)
class Written:
    """A body and what it is."""

    body: bytes
    content_type: str
    headers: tuple[tuple[str, str], ...] = ()


def success(
    answer: Result | Table | File, output: Output = JSON, *, file_type: str = BINARY
) -> Written:
    """What a caller gets. `file_type` is what a file is called that is not put in JSON."""
    if isinstance(answer, File):
        return _file(answer, output, file_type)
    if not isinstance(answer, Table):
        return _envelope("ok", 0, "OK", answer)
    if output == CSV:
        return Written(csv_table(answer.columns, answer.rows), f"{CSV}; charset=utf-8")
    listed = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    return _envelope("ok", 0, "OK", {**answer.before, answer.member: listed})


def error(code: int, message: str, result: Mapping[str, Any] | None) -> Written:
    """An error; in the manual's examples only code 40 has a result (2.7.2)."""
    return _envelope("error", code, message, result)


def plain(content: Mapping[str, Any]) -> Written:
    """JSON without the envelope, as the token endpoint answers (manual 2.1.2.2)."""
    return Written(php_json(content), JSON)


def _envelope(status: str, code: int, message: str, result: Mapping[str, Any] | None) -> Written:
    envelope: dict[str, Any] = {"status": status, "code": code, "message": message}
    if result is not None:
        envelope["result"] = result
    return Written(php_json(envelope), JSON)


def _file(file: File, output: Output, file_type: str) -> Written:
    if output != JSON:
        return Written(file.content, file_type, (("Content-Disposition", _attachment(file.name)),))
    content = b64encode(file.content).decode()
    return _envelope("ok", 0, "OK", {"filename": file.name, "filedata": content})


def _attachment(name: str) -> str:
    """RFC 6266; what is no plain ASCII comes in the extended form beside a plain one."""
    plain = name.encode("ascii", "replace").decode()
    safe = "".join("_" if char in '"\\' or not char.isprintable() else char for char in plain)
    if safe == name:
        return f'attachment; filename="{safe}"'
    extended = quote(name, safe="", errors="replace")
    return f"attachment; filename=\"{safe}\"; filename*=UTF-8''{extended}"
