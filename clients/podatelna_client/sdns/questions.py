"""Questions to the bank: what became of messages, what is due, and the methodology."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any, TypeVar

from podatelna_client.sdns import attachments, queries, results
from podatelna_client.sdns.attachments import Framing
from podatelna_client.sdns.calling import Caller
from podatelna_client.sdns.errors import InvalidInput, UnreadableAnswer
from podatelna_client.sdns.queries import Definition, Parameters
from podatelna_client.sdns.results import HeaderError, Issue, Occurrence, Result
from podatelna_client.soap import Unreadable

T = TypeVar("T")
Told = TypeVar("Told")

_QUERY = re.compile("[A-Za-z][0-9A-Za-z_]{1,29}")
"""As ews-par.xsd has it, but in any case: the service does not mind."""


class Questions:
    """The methods of a client that ask. Sending any of them twice does no harm."""

    _caller: Caller

    def get_params(self, query: str) -> Definition:
        """The parameters that a kind of query takes."""
        request = attachments.Request(
            "text/xml; charset=utf-8", attachments.envelope("getParams", _named(query))
        )
        answer = self._caller.ask(request)
        try:
            return queries.read_definition(answer)
        except Unreadable as error:
            # Of a query that it does not know, the service tells so in the form of a result.
            with suppress(Unreadable):
                results.read_result(answer)
            raise UnreadableAnswer(str(error), 200, answer) from error

    def perform_query(
        self,
        query: str,
        parameters: Parameters,
        *,
        definition: Definition | None = None,
        framing: Framing = "mime",
    ) -> Result:
        """Any query; a day among its parameters goes as DD.MM.YYYY.

        Only what is given is sent: methodology is public, and most else wants Username and
        Password. A definition comes from `get_params`.
        """
        document = queries.parameters_document(query, parameters, definition)
        request = attachments.asking(_named(query), document, framing)
        return _read(results.read_result, self._caller.ask(request))

    def issues(  # noqa: PLR0913 - what tells an occurrence, and how much of it
        self,
        data_set: str,
        as_of: date,
        subject: str,
        scope: str,
        *,
        last_only: bool = False,
        texts: bool = True,
        framing: Framing = "mime",
    ) -> tuple[Issue, ...]:
        """What was delivered for an occurrence. Raises NothingFound rather than to return none.

        The data set goes without version and variant, as the service wants it: they are cut off.
        Prepared issues come always; `texts` are those of errors.
        """
        asked = {
            **self._user(),
            "ObdobiV": as_of,
            "SubjektV": subject,
            "RozsahV": scope,
            "DatovySoubor": data_set.partition(".")[0],
            "Rozsah": "POSLEDNI" if last_only else "VSE",
            "Popis": "A" if texts else "N",
        }
        result = self.perform_query(queries.ISSUES, asked, framing=framing)
        return _read(results.issues, result)

    def occurrences(  # noqa: PLR0913 - a period, and what it is narrowed to
        self,
        since: date,
        until: date,
        subject: str,
        *,
        scope: str | None = None,
        data_set: str | None = None,
        state: int | None = None,
    ) -> tuple[Occurrence, ...]:
        """What a subject has to report in a period, and how it stands."""
        asked = {
            **self._user(),
            "ObdobiOd": since,
            "ObdobiDo": until,
            "SubjektV": subject,
            "RozsahV": scope,
            "DatovySoubor": data_set.partition(".")[0] if data_set else None,
            "Stav": state,
        }
        return _read(results.occurrences, self.perform_query(queries.OCCURRENCES, asked))

    def header_errors(
        self, since: date, until: date, subject: str | None = None
    ) -> tuple[HeaderError, ...]:
        """Messages of a period that were refused for their header after they were taken over."""
        asked = {**self._user(), "DatumOd": since, "DatumDo": until, "SubjektV": subject}
        return _read(results.header_errors, self.perform_query(queries.HEADER_ERRORS, asked))

    def methodologies(self, area: str | None = None, valid_on: date | None = None) -> list[Any]:
        """All methodologies, or those of a functional area (MKT), or valid on a day.

        As of all questions about the methodology, rows are plain trees with the names on the wire:
        `row["Metodika"]["Kod"]`.
        """
        return self._rows("METODIKY_SEZNAM", {"FunkcniOblast": area, "PlatnostKe": valid_on})

    def data_sets(self, methodology: str) -> list[Any]:
        """The data sets of a methodology."""
        return self._rows("DATOVE_SOUBORY_SEZNAM", {"Metodika": methodology})

    def data_set_content(
        self, methodology: str, data_set: str, semantics: bool = False
    ) -> list[Any]:
        """The areas of a data set with all their rows and columns."""
        asked = {"Metodika": methodology, "DatovySoubor": data_set}
        described = {"SemantickyPopis": "A" if semantics else "N"}
        return self._rows("DATOVE_SOUBORY_OBSAH", {**asked, **described})

    def dimensions(self, methodology: str) -> list[Any]:
        """The dimensions of a methodology."""
        return self._rows("DIMENZE_SEZNAM", {"Metodika": methodology})

    def dimension_content(self, methodology: str, dimension: str) -> list[Any]:
        """The values of a dimension."""
        return self._rows("DIMENZE_OBSAH", {"Metodika": methodology, "Dimenze": dimension})

    def area_dimensions(self, methodology: str, area: str) -> list[Any]:
        """The dimensions of a data area."""
        asked = {"Metodika": methodology, "DatovaOblast": area}
        return self._rows("DATOVA_OBLAST_DIMENZE", asked)

    def accounting(self, methodology: str) -> list[Any]:
        """How elements of a methodology depend on accounts."""
        return self._rows("UCETNICTVI", {"Metodika": methodology})

    def _rows(self, query: str, parameters: Parameters) -> list[Any]:
        return self.perform_query(query, parameters).rows()

    def _user(self) -> Mapping[str, str]:
        access = self._caller.access
        return {"Username": access.username, "Password": access.password}


def _named(query: str) -> str:
    if not _QUERY.fullmatch(query):
        raise InvalidInput(f"{query!r} cannot be a kind of query")
    return query


def _read(read: Callable[[Told], T], told: Told) -> T:
    try:
        return read(told)
    except Unreadable as error:
        body = told if isinstance(told, bytes) else b""
        raise UnreadableAnswer(str(error), 200, body) from error
