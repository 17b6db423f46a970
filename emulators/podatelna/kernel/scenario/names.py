"""Whether the names in a scenario exist. What is misspelt here would hold for the wrong reason."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from lxml import etree

from podatelna.kernel.disruptions import Disruption, DisruptionRefusedError
from podatelna.kernel.scenario.callers import unknown_caller, unknown_environment
from podatelna.kernel.scenario.document import Place, Refusal
from podatelna.kernel.scenario.keys import impossible, unknown_ending
from podatelna.kernel.scenario.model import (
    AdminStep,
    CallStep,
    DisruptStep,
    HttpStep,
    ImportStep,
    OutboxStep,
    Scenario,
    SettingsStep,
)
from podatelna.kernel.scenario.part import Caller
from podatelna.kernel.scenario.shapes import misfits
from podatelna.kernel.scenario.trouble import Planned
from podatelna.kernel.scenario.vocabulary import Reader, Vocabulary
from podatelna.kernel.settings import SettingRefusedError
from podatelna.kernel.spelling import meant

Refusals = Iterator[Refusal]

LETTER = {
    "number": "number",
    "at": "text",
    "agency": "text",
    "sender": "text",
    "recipient": "text",
    "subject": "text",
    "body": "text",
    "sent": "flag",
    "message_id": "text",
}
"""A letter, as the outbox shows it."""


def strangers(scenario: Scenario, vocabulary: Vocabulary, folder: Path) -> Refusals:
    """Every name that nothing stands behind; files are looked for in the folder."""
    if scenario.agency not in vocabulary.agencies:
        hint = meant(scenario.agency, vocabulary.agencies)
        yield Refusal(("agency",), f"there is no agency {scenario.agency}{hint}")
        return
    world, words = scenario.given.world, vocabulary.agencies[scenario.agency]
    file = world_file(world, folder)
    if file is None and world not in vocabulary.worlds:
        hint = meant(world, vocabulary.worlds)
        yield Refusal(("given", "world"), f"there is no world {world}{hint}")
        return
    try:
        accounts = vocabulary.accounts(str(file or world), scenario.agency)
    except ValueError as error:
        yield Refusal(("given", "world"), str(error))
        return
    yield from _within(Reader(words, world, accounts, folder), scenario)


def world_file(world: str, folder: Path) -> Path | None:
    """The file that a world is given as; None: it goes by its name."""
    return folder / world if world.endswith(".yaml") else None


def _within(reader: Reader, scenario: Scenario) -> Refusals:
    given, words = scenario.given, reader.words
    yield from _settings(reader, given.settings, ("given", "settings"))
    yield from misfits(given.defaults, words.defaults, ("given", "defaults"))
    for position, planned in enumerate(given.disruptions):
        yield from _trouble(reader, planned, ("given", "disruptions", position))
    for position, step in enumerate(scenario.steps):
        if check := _CHECKS.get(type(step)):
            yield from check(reader, step, ("steps", position))


def _settings(reader: Reader, given: Mapping[str, Any], place: Place) -> Refusals:
    for name, value in given.items():
        try:
            reader.words.settings.check(name, value)
        except SettingRefusedError as error:
            yield Refusal((*place, name), str(error))


def _change(reader: Reader, step: SettingsStep, place: Place) -> Refusals:
    yield from _settings(reader, step.settings, (*place, "settings"))


def _trouble(reader: Reader, planned: Planned, place: Place) -> Refusals:
    try:
        Disruption(reader.words.name, planned.kind, options=planned.options).effect()
    except DisruptionRefusedError as error:
        yield Refusal((*place, "kind"), str(error))
    known = reader.words.operations
    if planned.operation and planned.operation not in known:
        text = f"there is no operation {planned.operation}{meant(planned.operation, known)}"
        yield Refusal((*place, "operation"), text)
    if planned.login and planned.moment == "before":
        text = "before the agency acts nobody is logged in: leave login out"
        yield Refusal((*place, "login"), text)
    elif planned.login:
        yield from unknown_caller(reader, Caller(login=planned.login), place)


def _disrupt(reader: Reader, step: DisruptStep, place: Place) -> Refusals:
    yield from _trouble(reader, step.disrupt, (*place, "disrupt"))


def _call(reader: Reader, step: CallStep, place: Place) -> Refusals:
    agency, _, method = step.call.partition(".")
    words = reader.words
    if agency != words.name or method not in words.calls:
        known = [f"{words.name}.{name}" for name in words.calls]
        yield Refusal((*place, "call"), f"there is no call {step.call}{meant(step.call, known)}")
        return
    takes, exclusive = words.calls[method]["takes"], words.calls[method]["exclusive"]
    yield from misfits(step.with_, takes, (*place, "with"))
    for names in exclusive:
        if len(both := [name for name in names if name in step.with_]) > 1:
            yield Refusal((*place, "with", both[1]), f"give one of {' and '.join(both)}")
    if step.as_ or not reader.accounts:
        yield from unknown_caller(reader, step.as_ or Caller(login=""), (*place, "as"))
    if step.expect:
        yield from impossible(reader, step.expect, step.call, (*place, "expect"))


def _http(reader: Reader, step: HttpStep, place: Place) -> Refusals:
    http, where = step.http, (*place, "http")
    if http.as_:
        yield from unknown_caller(reader, http.as_, (*where, "as"))
    if http.body_file is not None:
        yield from _file(reader, http.body_file, (*where, "body_file"))
    yield from unknown_ending(reader, step.expect, (*place, "expect"))
    yield from _paths(reader, step.expect.xpath, (*place, "expect", "xpath"))


def _paths(reader: Reader, xpath: Mapping[str, Any], place: Place) -> Refusals:
    for path in xpath:
        try:
            etree.XPath(path, namespaces=dict(reader.words.namespaces))(etree.Element("any"))
        except etree.XPathError as error:
            prefixes = ", ".join(reader.words.namespaces)
            text = f"{path} is no XPath with the prefixes {prefixes}: {error}"
            yield Refusal((*place, path), text)


def _import(reader: Reader, step: ImportStep, place: Place) -> Refusals:
    wanted, where = step.import_, (*place, "import")
    yield from _file(reader, wanted.file, (*where, "file"))
    ending = Path(wanted.file).suffix.removeprefix(".")
    if ending not in reader.words.admin:
        text = f"{reader.words.name} takes no file that ends in .{ending}"
        yield Refusal((*where, "file"), text)
    if wanted.environment:
        yield from unknown_environment(reader, wanted.environment, (*where, "environment"))
    if wanted.login:
        yield from unknown_caller(reader, Caller(login=wanted.login), where)


def _admin(reader: Reader, step: AdminStep, place: Place) -> Refusals:
    call, known = step.admin.call, reader.words.admin
    if call not in known:
        text = f"{reader.words.name} has no admin call {call}{meant(call, known)}"
        yield Refusal((*place, "admin", "call"), text)


def _outbox(_: Reader, step: OutboxStep, place: Place) -> Refusals:
    yield from misfits(step.expect.row or {}, LETTER, (*place, "expect", "row"))


def _file(reader: Reader, name: str, place: Place) -> Refusals:
    if not (reader.folder / name).is_file():
        beside = [path.name for path in reader.folder.glob("*") if path.is_file()]
        yield Refusal(place, f"there is no file {name} beside the scenario{meant(name, beside)}")


_CHECKS: Mapping[type, Callable[[Reader, Any, Place], Refusals]] = {
    CallStep: _call,
    HttpStep: _http,
    SettingsStep: _change,
    DisruptStep: _disrupt,
    ImportStep: _import,
    AdminStep: _admin,
    OutboxStep: _outbox,
}
