"""The emulator and the model side by side: each call goes to both, and all must agree."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import yaml

from podatelna.kernel.resources import resource
from tests.czmvo.machine import world
from tests.czmvo.machine.calls import Call
from tests.czmvo.machine.door import Login
from tests.czmvo.machine.emulator import Answer, Emulator
from tests.czmvo.machine.lifecycle import SETTABLE
from tests.czmvo.machine.lists import errors, states
from tests.czmvo.machine.model import Model
from tests.czmvo.machine.occasions import occasions
from tests.czmvo.machine.records import ENVIRONMENTS, Alert, Caller, Outcome, written
from tests.czmvo.machine.strategies import Choice, Manner, Person, Style
from tests.czmvo.machine.turn import Values

MEDIA = {"json": "application/json", "csv": "text/csv", "binary": "application/octet-stream"}


@cache
def _usual() -> dict[str, Any]:
    text = resource("contracts", "czmvo/service.yaml").read_text("utf-8")
    return {name: each["value"] for name, each in yaml.safe_load(text)["settings"].items()}


class Pair:
    """One history in both."""

    def __init__(self, emulator: Emulator, settings: Mapping[str, Any]) -> None:
        self.emulator = emulator
        emulator.anew(settings)
        emulator.advance(timedelta(0))
        self.model: Model = world.model({**_usual(), **settings})
        self._tokens: dict[tuple[str, tuple[str, str]], str] = {}

    # -- what there is to choose from

    def uprc(self, who: Manner, choice: Choice, which: str = "") -> str:
        """Of an alert, of one with notes if it shall be `noted`."""
        if choice.scope == "none":
            return world.UNKNOWN
        data, caller = self.model.data[who.person.environment], self._caller(who)
        alerts = data.alerts.values()
        seen = sorted(each.uprc for each in alerts if caller and caller.sees(each))
        if which == "noted":
            seen = sorted({uprc for uprc, _ in data.notes} & set(seen))
        found = seen if choice.scope == "own" and seen else sorted(data.alerts)
        return found[choice.index % len(found)]

    def message(self, who: Manner, choice: Choice, which: str = "") -> int:
        """The newest ones come first; mostly those that are `mine` or have a `file`."""
        data, caller = self.model.data[who.person.environment], self._caller(who)
        found = sorted(data.messages.values(), key=lambda each: -each.id)
        if choice.scope == "own" and caller:
            found = [
                each
                for each in found
                if caller.sees(data.alerts[each.uprc])
                and (which != "mine" or each.author == caller.party)
                and (which != "file" or each.file)
            ]
        if choice.scope == "none" or not found:
            return data.last_message + 1
        return found[choice.index % len(found)].id

    def state(self, code: str) -> int:
        if code == "standard":
            return -1
        known = states(self.model.settings["state_profile"])
        return known[code].id if code in known else 99

    def settable(self, who: Manner, index: int) -> int:
        """A state that the caller's role may set, if anything allows it."""
        caller = self._caller(who)
        role = caller.role if caller else "mah"
        codes = (*SETTABLE[self.model.settings["state_profile"], role], "standard")
        return self.state(codes[index % len(codes)])

    def _caller(self, who: Manner) -> Caller | None:
        version_1 = who.person.version in ("", "1.0")
        return self.model.door.proven(who.person.environment, who.person.pair, version_1)

    # -- calls

    def asks(self, who: Manner, given: Values, accept: str = "") -> Answer:
        output = accept or ("csv" if who.style.as_csv else "json")
        return self.both(self._call(who, given=given, accept=MEDIA[output]))

    def does(self, who: Manner, method: str, given: Values, **more: Any) -> Answer:
        return self.both(self._call(who, method=method, given=given, **more))

    def odd(self, who: Manner, changes: dict[str, Any]) -> None:
        call = replace(self._call(who, given={"list": "state"}), **changes)
        if call.module == "auth/token":
            call = replace(call, given={})
        self.both(call)

    def _call(self, who: Manner, **more: Any) -> Call:
        person = who.person
        call = Call(
            environment=person.environment,
            credentials=person.pair,
            version=person.version,
            language=who.style.language[:2],
            peer=who.style.peer,
            in_url=who.style.in_url,
        )
        if not call.version_1:
            call = replace(call, token=self._token(who))
        return replace(call, **more)

    def _token(self, who: Manner) -> str:
        key = who.person.environment, who.person.pair
        token = self._tokens.get(key, "")
        known = self.model.door.tokens.get((key[0], token))
        expired = known is None or (known.expires <= self.model.now and who.style.renews)
        if expired and self._caller(who):
            self.sign_in(who)
        return self._tokens.get(key, "none")

    def sign_in(self, who: Manner) -> None:
        """Ask for a token, in the version that needs one or not."""
        person = who.person
        call = Call(
            environment=person.environment,
            module="auth/token",
            method="POST",
            credentials=person.pair,
            peer=who.style.peer,
        )
        answer = self.both(call)
        if answer.status == 200:
            token = answer.result["access_token"]
            self._tokens[person.environment, person.pair] = token
            self.model.door.keep(person.environment, person.pair, token, self.model.now)

    def both(self, call: Call) -> Answer:
        expected = self.model.answer(call)
        answer = self.emulator.call(call)
        heard, said = _heard(answer), replace(expected, about="")
        assert heard == said, f"{call}\nemulator: {heard}\nmodel:    {said}"
        if answer.code:
            assert answer.message == _text(expected, call.language), call
        self._compare_letters()
        return answer

    def advance(self, by: timedelta) -> None:
        self.model.advance(by)
        self.emulator.advance(by)
        self._compare_letters()

    def reach(self, index: int, early: bool) -> None:
        """Go to an instant at which something changes, or just before, and look whether it has."""
        ahead = sorted(each for each in occasions(self.model) if each.at > self.model.now)
        if not ahead:
            return
        occasion = ahead[index % len(ahead)]
        self.advance(occasion.at - self.model.now - timedelta(seconds=int(early)))
        login = f"account-{occasion.party}-{occasion.environment}"
        person = Person(occasion.environment, (login, f"Secret-{occasion.party}"), "1.0")
        self.does(Manner(person, Style()), occasion.method, occasion.given, module=occasion.module)

    def _compare_letters(self) -> None:
        posted, told = self.emulator.new_letters(), sorted(self.model.letters)
        assert posted == told, f"emulator: {posted}\nmodel:    {told}"
        self.model.letters.clear()

    def set(self, name: str, value: Any) -> None:
        """Change a setting of the sandbox."""
        self.model.settings[name] = value
        self.emulator.set(name, value)

    # -- the organisation's own desk

    def nool(self, environment: str, method: str, asked: Mapping[str, Values]) -> None:
        given = asked[method]
        expected = self.model.office(environment, method, given)
        status, result = self.emulator.admin("nool", method, environment, given)
        if expected.code == 0:
            assert (status, result) == (200, expected.result), given
        else:
            assert status == 422, (given, result)
            assert f"({expected.code})" in result["detail"], given
        self._compare_letters()

    def of_nool(self, environment: str, choice: Choice, what: str, code: str) -> dict[str, Values]:
        """What the organisation may want, by the method."""
        data = self.model.data[environment]
        alerts = sorted(data.alerts)
        uprc = world.UNKNOWN if choice.scope == "none" else alerts[choice.index % len(alerts)]
        wanted: dict[str, Values] = {
            "POST": {"uprc": uprc, "subject": "Výsledek", "message": "x", "group": what == "group"},
            "PUT": {"uprc": uprc, "state": self.state(code), "group": what == "group"},
            "DELETE": {"note": uprc},
        }
        if what == "note":
            wanted["PUT"] = {"uprc": uprc, "note": code, "private": code > "06"}
        if what == "message":
            last = {"id": data.last_message}
            wanted |= {"PUT": {**last, "subject": "Oprava"}, "DELETE": last}
        return wanted

    def raise_alert(self, environment: str, uprc: str, code: str, group: str) -> None:
        data, now = self.model.data[environment], self.model.now
        given = {
            "uprc": uprc,
            "product_code": "08594000000017",
            "code": code,
            "mah": "m1",
            "enduser": "e1",
            "location": world.L1,
            "group": group,
        }
        status, _ = self.emulator.admin("alerts", "POST", environment, given)
        assert status == (422 if uprc in data.alerts else 200)
        if uprc not in data.alerts:
            alert = Alert(uprc, now, code, "01a", "m1", "e1", world.L1, group=group, changed=now)
            alert.state = self.model.turn(Caller("", "", "mah")).life.initial(alert)
            alert.product = given["product_code"]
            data.alerts[uprc] = alert

    def choose(self, environment: str, login: str, party: str) -> None:
        given = {"login": login, "acts_for": party}
        assert self.emulator.admin("developer", "PUT", environment, given)[0] == 200
        known = self.model.door.logins[environment, login]
        self.model.door.add(replace(known, acts_for=party))

    def generate(self, environment: str, party: str) -> None:
        status, pair = self.emulator.admin("client", "POST", environment, {"party": party})
        assert status == 200
        made = (pair["client_id"], pair["client_secret"])
        self.model.door.add(Login(environment, "client", *made, party))
        who = Manner(Person(environment, made, "2.1"), Style())
        assert self.asks(who, {"list": "state", "page": -1}).status in (200, 429)

    def refresh(self) -> None:
        self.emulator.admin("refresh", "POST", "production", {})
        self.model.calendar.refresh()

    # -- at the end of a history

    def compare_everything(self) -> None:
        """All alerts and messages, as the organisation sees them."""
        for environment in ENVIRONMENTS:
            data = self.model.data[environment]
            _, alerts = self.emulator.admin("alerts", "GET", environment, {})
            stored = {each["uprc"]: _told(each) for each in alerts}
            kept = {uprc: self._kept(environment, alert) for uprc, alert in data.alerts.items()}
            for uprc in stored | kept:
                here, there = stored.get(uprc), kept.get(uprc)
                assert here == there, f"{environment} {uprc}\nemulator: {here}\nmodel:    {there}"
            _, messages = self.emulator.admin("messages", "GET", environment, {})
            ids = [each["id"] for each in messages]
            assert ids == sorted(data.messages)
            assert [each["sending"] for each in messages] == [
                data.messages[number].sending for number in ids
            ]

    def _kept(self, environment: str, alert: Alert) -> Values:
        data = self.model.data[environment]
        return {
            "state": states(self.model.settings["state_profile"])[alert.state].id,
            "changed": written(alert.changed),
            "closed": written(alert.closed) if alert.closed else "",
            "closed_by": alert.closed_by,
            "last_for_mah": data.newest(alert.uprc, alert.mah),
            "last_for_enduser": data.newest(alert.uprc, alert.enduser),
        }


def _told(row: Values) -> Values:
    names = ("state", "changed", "closed", "closed_by", "last_for_mah", "last_for_enduser")
    return {name: row[name] for name in names}


def _heard(answer: Answer) -> Outcome:
    result = answer.result
    if isinstance(result, dict) and "access_token" in result:
        result = {name: value for name, value in result.items() if name != "access_token"}
    return Outcome(answer.status, answer.code, result, wait=answer.wait)


def _text(expected: Outcome, language: str) -> str:
    """No code but those of the table is ever given."""
    assert expected.code is not None
    entry = errors()[expected.code]
    form: str = entry["text" if language == "cs" else "text_en"]
    about = expected.about
    return form.format(name=about, id=about, megabytes=about)
