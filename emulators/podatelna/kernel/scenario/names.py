"""Whether the names in a scenario exist. What is misspelt here would hold for the wrong reason."""

from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from podatelna.kernel.accounts import Account
from podatelna.kernel.scenario.expectation import CallExpectation
from podatelna.kernel.scenario.model import (
    CallStep,
    HttpStep,
    ImportStep,
    Scenario,
    SettingsStep,
)
from podatelna.kernel.scenario.part import Caller
from podatelna.kernel.scenario.shapes import misfits
from podatelna.kernel.scenario.vocabulary import AgencyWords, Vocabulary
from podatelna.kernel.settings import SettingRefusedError
from podatelna.kernel.spelling import meant
from podatelna.kernel.yamlfile import Place, Refusal


@dataclass(frozen=True, slots=True)
class Reader:
    """What names are looked up in while one scenario is read."""

    words: AgencyWords
    world: str
    accounts: Sequence[Account]
    folder: Path
    """Files are named from here."""

    def environments(self) -> list[str]:
        return list(dict.fromkeys(account.environment for account in self.accounts))


Refusals = Iterator[Refusal]


def strangers(scenario: Scenario, vocabulary: Vocabulary, folder: Path) -> Refusals:
    """Every name that nothing stands behind."""
    given = scenario.given
    if scenario.agency not in vocabulary.agencies:
        hint = meant(scenario.agency, vocabulary.agencies)
        yield Refusal(("agency",), f"there is no agency {scenario.agency}{hint}")
        return
    if given.world not in vocabulary.worlds:
        hint = meant(given.world, vocabulary.worlds)
        yield Refusal(("given", "world"), f"there is no world {given.world}{hint}")
        return
    words = vocabulary.agencies[scenario.agency]
    accounts = vocabulary.accounts(given.world, scenario.agency)
    reader = Reader(words, given.world, accounts, folder)
    yield from _settings(reader, given.settings, ("given", "settings"))
    yield from misfits(given.defaults, words.defaults, ("given", "defaults"))
    for position, step in enumerate(scenario.steps):
        yield from _of_step(reader, step, ("steps", position))


def _of_step(reader: Reader, step: Any, place: Place) -> Refusals:
    checks: Mapping[type, Callable[[Reader, Any, Place], Refusals]] = {
        CallStep: _call,
        HttpStep: _http,
        SettingsStep: lambda reader, step, place: _settings(
            reader, step.settings, (*place, "settings")
        ),
        ImportStep: _import,
    }
    if check := checks.get(type(step)):
        yield from check(reader, step, place)


def _settings(reader: Reader, given: Mapping[str, Any], place: Place) -> Refusals:
    for name, value in given.items():
        try:
            reader.words.settings.check(name, value)
        except SettingRefusedError as error:
            yield Refusal((*place, name), str(error))


def _call(reader: Reader, step: CallStep, place: Place) -> Refusals:
    agency, _, method = step.call.partition(".")
    words = reader.words
    if agency != words.name or method not in words.calls:
        known = [f"{words.name}.{name}" for name in words.calls]
        yield Refusal((*place, "call"), f"there is no call {step.call}{meant(step.call, known)}")
        return
    call = words.calls[method]
    yield from misfits(step.with_, call["takes"], (*place, "with"))
    for names in call["exclusive"]:
        if len(both := [name for name in names if name in step.with_]) > 1:
            yield Refusal((*place, "with", both[1]), f"give one of {' and '.join(both)}")
    yield from _caller(reader, step.as_, (*place, "as"))
    if step.expect:
        yield from _expectation(reader, step.expect, step.call, (*place, "expect"))


def _expectation(reader: Reader, expect: CallExpectation, call: str, place: Place) -> Refusals:
    answers = reader.words.calls[call.partition(".")[2]]["answers"]
    for name in expect.of_answer:
        if name not in answers:
            known = f"its answer has {', '.join(answers)}"
            yield Refusal((*place, name), f"{call} does not answer {name}; {known}")
    for position, record in enumerate(expect.errors or ()):
        yield from _keys(reader, record, "record", (*place, "errors", position))
    yield from _keys(reader, expect.header or (), "header", (*place, "header"))
    if isinstance(expect.refused, str):
        yield from _keys(reader, [expect.refused], "http", (*place, "refused"))
    yield from _keys(reader, [expect.fault] if expect.fault else [], "fault", (*place, "fault"))


def _keys(reader: Reader, keys: Iterable[str], kind: str, place: Place) -> Refusals:
    errors = reader.words.errors
    of_kind = {key: entry for key, entry in errors.items() if entry.kind == kind}
    known = [key for key, entry in of_kind.items() if not entry.variant_of]
    for position, key in enumerate(keys):
        where = (*place, position)
        if key not in of_kind:
            yield Refusal(where, f"there is no {kind} error {key}{meant(key, known)}")
        elif rule := of_kind[key].variant_of:
            yield Refusal(where, f"{key} is another number of {rule}: write {rule}")


def _http(reader: Reader, step: HttpStep, place: Place) -> Refusals:
    http = step.http
    yield from _caller(reader, http.as_, (*place, "http", "as"))
    if http.body_file is not None:
        yield from _file(reader, http.body_file, (*place, "http", "body_file"))
    if http.body_base64 is not None:
        try:
            b64decode(http.body_base64, validate=True)
        except ValueError as error:
            yield Refusal((*place, "http", "body_base64"), f"body_base64 is not base64: {error}")
    fault = step.expect.fault
    yield from _keys(reader, [fault] if fault else [], "fault", (*place, "expect", "fault"))
    for path in step.expect.xpath:
        try:
            etree.XPath(path, namespaces=dict(reader.words.namespaces))(etree.Element("any"))
        except etree.XPathError as error:
            prefixes = ", ".join(reader.words.namespaces)
            text = f"{path} is no XPath with the prefixes {prefixes}: {error}"
            yield Refusal((*place, "expect", "xpath", path), text)


def _import(reader: Reader, step: ImportStep, place: Place) -> Refusals:
    wanted, where = step.import_, (*place, "import")
    yield from _file(reader, wanted.file, (*where, "file"))
    call = Path(wanted.file).suffix.removeprefix(".")
    if call not in reader.words.admin:
        known = ", ".join(f".{name}" for name in reader.words.admin)
        text = f"{reader.words.name} takes no file that ends in .{call}; it takes {known or 'none'}"
        yield Refusal((*where, "file"), text)
    if wanted.environment:
        yield from _environment(reader, wanted.environment, (*where, "environment"))
    if wanted.login:
        caller = Caller(login=wanted.login, environment=wanted.environment)
        yield from _caller(reader, caller, (*where, "login"))


def _file(reader: Reader, name: str, place: Place) -> Refusals:
    if not (reader.folder / name).is_file():
        near = [path.name for path in (reader.folder / name).parent.glob("*") if path.is_file()]
        yield Refusal(place, f"there is no file {name} beside the scenario{meant(name, near)}")


def _environment(reader: Reader, name: str, place: Place) -> Refusals:
    known = reader.environments()
    if name not in known:
        text = f"{reader.words.name} has no environment {name}{meant(name, known)}"
        yield Refusal(place, text)


def _caller(reader: Reader, caller: Caller | None, place: Place) -> Refusals:
    if caller is None:
        return
    if caller.environment and caller.environment not in reader.environments():
        yield from _environment(reader, caller.environment, (*place, "environment"))
        return
    there = [
        account.login
        for account in reader.accounts
        if caller.environment in ("", account.environment)
    ]
    where = f"environment {caller.environment} of " if caller.environment else ""
    known = caller.login.lower() in there
    if known and caller.unknown:
        yield Refusal((*place, "unknown"), f"{where}world {reader.world} knows {caller.login}")
    if caller.unknown and caller.password is None:
        yield Refusal((*place, "unknown"), "an unknown login needs a password")
    if not known and not caller.unknown:
        hint = meant(caller.login.lower(), there)
        text = f"{where}world {reader.world} has no account {caller.login}{hint}"
        yield Refusal((*place, "login"), text)
