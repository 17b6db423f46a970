"""How the methods of the SDNS client are called, and what is told of their answers."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from podatelna_client.acting.sdns_sending import Arguments, Memory, packed
from podatelna_client.sdns import (
    HeaderError,
    Issue,
    Occurrence,
    Receipt,
    SdnsClient,
    SdnsError,
    SentAll,
)
from podatelna_client.sdns.errors import refusal
from podatelna_client.sdns.exchange import Call

Values = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Who calls, with what, and when."""

    client: SdnsClient
    memory: Memory
    login: str
    password: str = field(repr=False)
    now: datetime


Run = Callable[[Scene, Arguments], Values]


class Halted(SdnsError):  # noqa: N818 - named as the client's own errors
    """Sending in parts came to an error; `values` tell how far it got."""

    def __init__(self, error: SdnsError, values: Values) -> None:
        super().__init__(error, values)
        self.error, self.values = error, values


def receipt_values(receipt: Receipt) -> Values:
    """What a receipt tells."""
    return {
        "filename": receipt.filename,
        "category": receipt.category,
        "code": receipt.code,
        "received": receipt.request_received,
        "answered": receipt.response_sent,
        "messages": [asdict(notice) for notice in receipt.messages],
    }


def send(method: str) -> Run:
    """A message of one kind."""

    def run(scene: Scene, given: Arguments) -> Values:
        message = scene.memory.message(method, given)
        signer = scene.memory.signer(given)
        with packed(scene.client, message, given, signer, scene.now) as delivery:
            delivery.data.seek(0)
            parameters = {
                "filename": delivery.filename,
                "username": scene.login,
                "password": scene.password,
                "zipmethod": delivery.compression,
                "signaturemethod": delivery.signature,
                "language": "cs",
                "country": "CZ",
            }
            said = {name: given[name] for name in parameters if name in given}
            receipt = scene.client.load_data(Call(**{**parameters, **said}), delivery.data)
        if not (receipt.accepted or (given.get("resend") and receipt.arrived_before)):
            raise refusal(receipt)
        scene.memory.keep(message)
        return {**receipt_values(receipt), "number": message.number}

    return run


def send_split(scene: Scene, given: Arguments) -> Values:
    """A message in parts, up to the first that is not taken over."""
    message = scene.memory.message("send", given)
    size = {"rows_per_message": given["rows_per_message"]} if "rows_per_message" in given else {}
    done: SentAll = scene.client.send_all(message, numbers=scene.memory.numbers, **size)
    values = {
        "number": message.number,
        "sent": len(done.sent),
        "rows": [receipt_values(receipt) for receipt in done.sent],
        "failed": done.failed.number if done.failed else None,
    }
    if done.error:
        raise Halted(done.error, values)
    scene.memory.keep(message)
    return values


def get_params(scene: Scene, given: Arguments) -> Values:
    """The parameters of a query."""
    found = scene.client.get_params(given["query"])
    rows = [
        {**asdict(each), "choices": list(map(asdict, each.choices))} for each in found.parameters
    ]
    return {"query": found.query, "description": found.description, "rows": rows}


def query(scene: Scene, given: Arguments) -> Values:
    """Any query."""
    found = scene.client.perform_query(**given)
    return {"query": found.query, "parameters": dict(found.parameters), "rows": found.rows()}


def issues(scene: Scene, given: Arguments) -> Values:
    """Issues, each with how its occurrence stands."""
    rows = [_issue(each) for each in scene.client.issues(**given)]
    return {
        "rows": rows,
        "states": [row["state"] for row in rows],
        "occurrence_state": rows[-1]["occurrence_state"] if rows else None,
    }


def occurrences(scene: Scene, given: Arguments) -> Values:
    """Occurrences."""
    return {"rows": [_plain(each) for each in scene.client.occurrences(**given)]}


def header_errors(scene: Scene, given: Arguments) -> Values:
    """Messages that were refused for their header."""
    return {"rows": [_plain(each) for each in scene.client.header_errors(**given)]}


def _issue(issue: Issue) -> Values:
    occurrence = _plain(issue.occurrence)
    about = {"occurrence_state": occurrence["state"], "occurrence_text": occurrence["text"]}
    own = {name: value for name, value in _plain(issue).items() if name != "occurrence"}
    return {**occurrence, **about, **own}


def _plain(value: "Issue | Occurrence | HeaderError") -> Values:
    plain: Values = _listed(asdict(value))
    return plain


def _listed(value: Any) -> Any:
    """Tuples as lists and states as numbers, however deep."""
    if isinstance(value, Mapping):
        return {name: _listed(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [_listed(each) for each in value]
    return int(value) if isinstance(value, int) and not isinstance(value, bool) else value


def asked(name: str) -> Run:
    """A question about the methodology."""

    def run(scene: Scene, given: Arguments) -> Values:
        return {"rows": getattr(scene.client, name)(**given)}

    return run
