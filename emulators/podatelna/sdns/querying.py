"""The two methods of EwiQueryWS: what a query takes (getParams), and its answer (performQuery)."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from lxml import etree

from podatelna.kernel.contract import Contract
from podatelna.kernel.settings import Settings
from podatelna.sdns import information, listings
from podatelna.sdns.desk import Desk
from podatelna.sdns.nodes import Node
from podatelna.sdns.parameters import (
    NotParameters,
    Parameter,
    QueryError,
    Values,
    breach,
    echo,
    read_definition,
    read_parameters,
    wrong,
)
from podatelna.sdns.results import Asked, failure, success

RAISED: Final = (
    "query_unknown",
    "query_parameters_unreadable",
    "query_parameter_missing",
    "query_parameter_wrong",
    "query_login_denied",
    "query_access_denied",
    "nothing_found",
    "query_internal_error",
)
"""Keys of errors.yaml that queries report."""

_NAMED: Final = 200
"""Characters of names in a note."""

Answer = Callable[[Desk, Values], Node | QueryError]
"""A query by what is asked, after the parameters were checked."""

QUERIES: Final[Mapping[str, Answer]] = {
    "VYDANI_SEZNAM_JH": listings.issues_of,
    "VYSKYTY_SEZNAM_JH": listings.occurrences_of,
    "DZ_ERR_SEZNAM": listings.refused_messages_of,
    **information.QUERIES,
}


def get_params(desk: Desk, query_type: str) -> bytes:
    """The parameters of a query, as the file is; for an unknown query an answer with an error.

    What the service says to an unknown query type is not public: the attachment is then the
    document that performQuery has for it (SOURCES.md Q14).
    """
    code = known_query(desk.contract, desk.settings, query_type)
    if not code:
        error = QueryError("query_unknown", "queryType", query_type)
        return _refused(desk, Asked(query_type), error)
    return _document(desk.contract.folder, code)


def perform_query(desk: Desk, query_type: str, xml_param: bytes) -> bytes:
    """The answer to a query: always an EwiWSResult.

    The server goes by the query type of the call, whatever TypDotazu says (observed).
    """
    code = known_query(desk.contract, desk.settings, query_type)
    takes = _definition(desk.contract.folder, code) if code else ()
    try:
        given = read_parameters(xml_param)
    except NotParameters as unreadable:
        error = QueryError("query_parameters_unreadable", "xmlParam", unreadable.reason)
        return _refused(desk, Asked(query_type), error)
    asked = Asked(query_type, tuple(echo(takes, given)))
    if not code:
        return _refused(desk, asked, QueryError("query_unknown", "queryType", query_type))
    _note_oddities(desk, takes, given, breach(xml_param, _schema(desk.contract.folder)))
    found = wrong(takes, given) or QUERIES[code](desk, given)
    return _refused(desk, asked, found) if isinstance(found, QueryError) else success(asked, found)


def crashed(contract: Contract, settings: Settings, query_type: str) -> bytes:
    """The answer when the program behind a query has crashed."""
    return _failure(contract, settings, Asked(query_type), QueryError("query_internal_error"))


def known_query(contract: Contract, settings: Settings, query_type: str) -> str:
    """The code of a query, in any case of letters (manual, queryType); "" if there is none.

    strict takes away what no public document and no observed exchange has.
    """
    row = _known(contract).get(query_type.upper())
    return row["code"] if row and (row["strict"] == "yes" or not settings["strict"]) else ""


@lru_cache(maxsize=8)
def _known(contract: Contract) -> Mapping[str, Mapping[str, str]]:
    """Rows of the code list of queries, by codes and aliases."""
    rows = contract.codelist("queries")
    return {name: row for row in rows for name in (row["code"], *row["aliases"].split())}


def _refused(desk: Desk, asked: Asked, error: QueryError) -> bytes:
    desk.tell(error.key, error.parameter, error.received)
    return _failure(desk.contract, desk.settings, asked, error)


def _failure(contract: Contract, settings: Settings, asked: Asked, error: QueryError) -> bytes:
    entry = contract.errors[error.key]
    code = "observed_code" if settings["query_error_codes"] == "observed" else "code"
    text = entry.text.format(parameter=error.parameter, detail=error.received)
    return failure(asked, str(entry.extra[code]), text)


def _note_oddities(desk: Desk, takes: Iterable[Parameter], given: Values, invalid: str) -> None:
    """What is passed over here, as nothing public tells what the service makes of it."""
    if strangers := given.keys() - {parameter.name for parameter in takes}:
        named = ", ".join(name for name in given if name in strangers)
        desk.note(f"the query takes no {named[:_NAMED]}: passed over")
    if invalid:
        desk.note(f"xmlParam is not valid by ews-par.xsd, and read all the same: {invalid}")


@lru_cache(maxsize=8)
def _schema(folder: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring((folder / "ews-par.xsd").read_bytes()))


@lru_cache(maxsize=64)
def _document(folder: Path, code: str) -> bytes:
    return (folder / "queries" / f"{code}.xml").read_bytes()


@lru_cache(maxsize=64)
def _definition(folder: Path, code: str) -> tuple[Parameter, ...]:
    return read_definition(_document(folder, code))
