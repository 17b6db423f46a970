"""The counter for files: what the web application does with a UNL file, as admin calls."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs

from podatelna.kernel.accounts import Account, all_accounts
from podatelna.kernel.exchange import Response
from podatelna.kernel.rules import Finding
from podatelna.kernel.visit import Visit
from podatelna.ubyport.desk import Counter
from podatelna.ubyport.documents import WEB_SERVICE_LOGIN, confirmation
from podatelna.ubyport.door import NAME, PRODUCTION, TEST
from podatelna.ubyport.model import Filing, Refusal
from podatelna.ubyport.operations import file_guests
from podatelna.ubyport.state import filings, stays
from podatelna.ubyport.unl import UnlFile, UnlRefused, read_unl

RAISED = ("unl_extension_wrong", "facility_wrong", "abbreviation_wrong")
"""Keys of errors.yaml that only files can meet; over SOAP faults take their place."""

_REFUSED = {
    "facility_refused": ("IDUB", "facility_wrong"),
    "abbreviation_refused": ("zkratka", "abbreviation_wrong"),
}
"""Field of record A and the code for what the web service answers with a fault."""


@dataclass(frozen=True, slots=True)
class FileDesk:
    """Admin calls about the register's files and records."""

    counter: Counter

    def import_file(self, visit: Visit) -> Response:
        """Process a UNL file: `file`, `environment` and `login` in the query, its bytes as body.

        Answers 200 with counts, findings and the receipt as base64, or a 422 problem with the line
        and the field. Without `login` it is the facility's account of the web application.
        """
        asked = {name: texts[-1] for name, texts in parse_qs(visit.request.query).items()}
        environment = asked.get("environment", PRODUCTION)
        if environment not in (PRODUCTION, TEST):
            return _problem(0, "", f"environment is {PRODUCTION} or {TEST}, not {environment}")
        name = asked.get("file", "import.unl")
        read = _read(visit.request.body, name)
        if isinstance(read, UnlRefused):
            return _problem(read.line, read.field, read.why)
        account = self._account(visit, environment, asked.get("login"), read)
        if account is None:
            return self._unknown(_REFUSED["facility_refused"], read.batch.header.idub)
        return self._process(visit, account, read)

    def _process(self, visit: Visit, account: Account, read: UnlFile) -> Response:
        desk = self.counter.desk(visit, account, from_file=True)
        filing = file_guests(desk, read.batch, read.source, read.ignored)
        if isinstance(filing, Refusal):
            header = read.batch.header
            received = header.idub if filing.code == "facility_refused" else header.abbreviation
            return self._unknown(_REFUSED[filing.code], received)
        if not read.source.name.lower().endswith(".unl"):
            found = Finding("unl_extension_wrong", "file", received=read.source.name)
            filing = replace(filing, header_findings=(found, *filing.header_findings))
        stationery = self.counter.stationery(visit)
        legacy = visit.settings[f"header_numbering_{account.environment}"] == "legacy"
        return _json(
            self._summary(filing, legacy=legacy)
            | {"receipt": confirmation(stationery, filing, account.login)}
        )

    def _account(
        self, visit: Visit, environment: str, login: str | None, read: UnlFile
    ) -> Account | None:
        """Who files: the given login, or one that files for the facility, a web login first."""
        idub = read.batch.header.idub
        found = [
            account
            for account in all_accounts(visit.transaction)
            if (account.agency, account.environment) == (NAME, environment)
            and not account.blocked
            and (account.login == login.lower() if login else account.subject == idub)
        ]
        return min(
            found, key=lambda account: account.login.startswith(WEB_SERVICE_LOGIN), default=None
        )

    def _summary(self, filing: Filing, *, legacy: bool) -> dict[str, Any]:
        verdicts = filing.verdicts
        stored = sum(verdict.stored for verdict in verdicts)
        duplicates = sum(verdict.duplicate for verdict in verdicts)
        return {
            "stamp": filing.stamp,
            "total": len(verdicts),
            "accepted": stored,
            "refused": len(verdicts) - stored - duplicates,
            "duplicates": duplicates,
            "ignored": filing.ignored,
            "header": [self._told(finding, legacy=legacy) for finding in filing.header_findings],
            "records": [
                [self._told(finding) for finding in verdict.findings] for verdict in verdicts
            ],
        }

    def _told(self, finding: Finding, *, legacy: bool = False) -> dict[str, Any]:
        errors = self.counter.contract.errors
        entry = (legacy and errors.get(f"{finding.code}_legacy")) or errors[finding.code]
        return {"error": finding.code, "number": entry.number, "text": entry.text}

    def _unknown(self, about: tuple[str, str], received: str | None) -> Response:
        field, code = about
        entry = self.counter.contract.errors[code]
        return _problem(1, field, f"{entry.text} ({entry.number}): {received!r}")

    def list_stays(self, visit: Visit) -> Response:
        """All stored stays, as rows."""
        return _json([dict(row) for row in stays(visit.transaction)])

    def seal_authority(self, visit: Visit) -> Response:
        """The certificate that makes the sandbox's seals trusted, PEM."""
        # pyHanko's part of the house is loaded for those who use the seal.
        from podatelna.kernel.seal import seal_authority  # noqa: PLC0415 - see above

        pem = seal_authority(visit.ids.seed.encode())
        return Response(200, pem, (("Content-Type", "application/x-pem-file"),))

    def list_filings(self, visit: Visit) -> Response:
        """All processed batches with their counts, oldest first."""
        return _json([dict(row) for row in filings(visit.transaction)])


def _read(content: bytes, name: str) -> UnlFile | UnlRefused:
    """Windows-1250 has a NUL, and file names may have one; not every store can keep it."""
    if not name.isprintable():
        return UnlRefused(0, "", f"file takes a file's name, not {name!r}")
    if (end := content.find(b"\0")) >= 0:
        return UnlRefused(content.count(b"\n", 0, end) + 1, "", "byte 0x00 is no text")
    return read_unl(content, name)


def _json(value: Mapping[str, Any] | list[dict[str, Any]]) -> Response:
    body = json.dumps(value, ensure_ascii=False).encode()
    return Response(200, body, (("Content-Type", "application/json"),))


def _problem(line: int, field: str, why: str) -> Response:
    problem = {
        "type": "about:blank",
        "title": "The file was not taken over",
        "status": 422,
        "detail": why,
        "line": line,
        "field": field,
    }
    body = json.dumps(problem, ensure_ascii=False).encode()
    return Response(422, body, (("Content-Type", "application/problem+json"),))
