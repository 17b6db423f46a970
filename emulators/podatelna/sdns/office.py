"""The bank's own desk: what is seen and done besides the web services, as admin calls.

Rows are those of world files. What cannot be done is answered with a 422 problem and the sentence
that says why.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, Final, get_args

from sqlalchemy import Table, delete

from podatelna.kernel.admincalls import Asked, Handle, admin_call
from podatelna.kernel.agency import AdminCall
from podatelna.kernel.authority import KINDS, Kind
from podatelna.kernel.contract import Contract
from podatelna.kernel.rows import build, refuse_unknown
from podatelna.kernel.tables import heard
from podatelna.sdns import inspection as see
from podatelna.sdns import timetable
from podatelna.sdns.certificates import identity
from podatelna.sdns.desk import open_desk
from podatelna.sdns.inspection import open_register
from podatelna.sdns.model import ENVIRONMENTS
from podatelna.sdns.moments import instant
from podatelna.sdns.preparing import prepare
from podatelna.sdns.processing import process_now
from podatelna.sdns.register import Register
from podatelna.sdns.tables import CERTIFICATE, RIGHT, TRIGGER
from podatelna.sdns.worldreader import Right, WorldReader, read_instant

Done = Mapping[str, Any]

_MOST_ID: Final = 2**31 - 1


def calls(contract: Contract) -> dict[str, AdminCall]:
    """All calls by name."""
    office = Office(contract)
    handlers: dict[str, dict[str, Handle]] = {
        "subjects": {"GET": see.list_subjects, "POST": office.add_subject},
        "users": {"GET": see.list_users, "POST": office.add_user, "PUT": office.change_user},
        "certificates": {
            "GET": see.list_certificates,
            "POST": office.add_certificate,
            "PUT": office.revoke,
            "DELETE": office.drop_certificate,
        },
        "rights": {
            "GET": see.list_rights,
            "POST": office.add_right,
            "DELETE": office.drop_right,
        },
        "obligations": {"GET": see.list_obligations, "POST": office.add_obligations},
        "data_sets": {"GET": see.list_data_sets, "POST": office.add_data_set},
        "triggers": {
            "GET": see.list_triggers,
            "POST": office.add_trigger,
            "DELETE": office.drop_triggers,
        },
        "messages": {"GET": see.list_messages},
        "occurrences": {"GET": partial(see.list_occurrences, contract=contract)},
        "issues": {"GET": partial(see.list_issues, contract=contract)},
        "rows": {"GET": see.list_rows},
        "prepared": {"POST": office.prepare},
        "process": {"POST": office.process},
        "signer": {"GET": show_signer},
    }
    return {name: admin_call(ENVIRONMENTS, by_method) for name, by_method in handlers.items()}


def show_signer(asked: Asked) -> Done:
    """With what the test certificate of a `login` signs: certificate and key, both PEM."""
    login, kind = asked.query.get("login", ""), asked.query.get("kind", "valid")
    if kind not in KINDS:
        raise ValueError(f"kind is one of {', '.join(KINDS)}, not {kind}")
    known: dict[str, Kind] = {name: name for name in get_args(Kind)}
    found = identity(login, known[kind])
    return {
        "login": login.lower(),
        "kind": kind,
        "issuer": found.issuer,
        "serial": str(found.serial),
        "certificate": found.certificate_pem.decode(),
        "key": found.key_pem.decode(),
    }


@dataclass(frozen=True, slots=True)
class Office:
    """What the calls do. A ValueError is the reason why something is not done."""

    contract: Contract

    # -- whom the bank knows

    def add_subject(self, asked: Asked) -> Done:
        register = open_register(asked)
        subject = self._reader(register).subject(asked.given)
        register.add_subjects([subject])
        return asdict(subject)

    def add_user(self, asked: Asked) -> Done:
        """A user; without `certificates: false` the bank knows his test certificates."""
        register = open_register(asked)
        reader = self._reader(register)
        known = set(reader.certificates)
        user = reader.user(asked.given)
        register.add_users([user])
        added = [each for name, each in reader.certificates.items() if name not in known]
        register.add_certificates(added)
        return asdict(user) | {"login": user.login.lower()}

    def change_user(self, asked: Asked) -> Done:
        """Change what the user `login` may do, or block him."""
        refuse_unknown(asked.given, ("login", "may_send", "may_query", "blocked"))
        register = open_register(asked)
        before = register.user(asked.member("login"))
        if before is None:
            raise ValueError(f"there is no user {asked.member('login')}")
        user = build(type(before), {**asdict(before), **asked.given, "login": before.login})
        register.change_user(user)
        return asdict(user)

    def add_certificate(self, asked: Asked) -> Done:
        """Register a certificate of a `login`: its `pem`, or its `issuer` and `serial`."""
        register = open_register(asked)
        row = dict(asked.given)
        if "pem" in row:
            row |= _named(asked.member("pem"))
            del row["pem"]
        certificate = self._reader(register).certificate(row)
        certificate = replace(certificate, login=certificate.login.lower())
        register.add_certificates([certificate])
        return asdict(certificate)

    def revoke(self, asked: Asked) -> Done:
        """Revoke a certificate `since` an instant, now if none is told; "" takes it back."""
        refuse_unknown(asked.given, ("issuer", "serial", "since"))
        register = open_register(asked)
        issuer, serial = asked.member("issuer"), asked.member("serial")
        since = asked.member("since") if "since" in asked.given else instant(asked.visit.now)
        if not register.owners(issuer, serial):
            raise ValueError(f"there is no certificate {serial} of {issuer}")
        register.revoke_certificate(issuer, serial, read_instant(since) if since else "")
        return {"certificates": [asdict(each) for each in register.owners(issuer, serial)]}

    def drop_certificate(self, asked: Asked) -> Done:
        """The bank does not know it any more as one of `login`."""
        row = _texts(asked, "login", "issuer", "serial") | {"login": asked.member("login").lower()}
        return _dropped(asked, CERTIFICATE, row)

    def add_right(self, asked: Asked) -> Done:
        register = open_register(asked)
        right = self._reader(register).right(asked.given)
        register.add_rights(right.sender, [right.subject])
        return asdict(right)

    def drop_right(self, asked: Asked) -> Done:
        return _dropped(asked, RIGHT, _texts(asked, "sender", "subject"))

    # -- what is to be reported, and how it is checked

    def add_obligations(self, asked: Asked) -> Done:
        """Reminders of it are sent from now on."""
        register = open_register(asked)
        added = self._reader(register).obligations(asked.given)
        register.add_obligations(added)
        timetable.renew(asked.visit, self.contract, asked.environment)
        return {"obligations": [see.told_obligation(asdict(each)) for each in added]}

    def add_data_set(self, asked: Asked) -> Done:
        register = open_register(asked)
        data_set = self._reader(register).data_set(asked.given)
        register.add_definitions({data_set.full_code: asked.given})
        timetable.renew(asked.visit, self.contract, asked.environment)
        return asked.given

    def add_trigger(self, asked: Asked) -> Done:
        register = open_register(asked)
        trigger = self._reader(register).trigger(asked.given)
        register.add_triggers([trigger])
        return asdict(trigger)

    def drop_triggers(self, asked: Asked) -> Done:
        """All of the environment, or that with an `id`."""
        refuse_unknown(asked.given, ("id",))
        return _dropped(asked, TRIGGER, dict(asked.given), at_least=len(asked.given))

    # -- what is sent

    def prepare(self, asked: Asked) -> Done:
        desk = open_desk(asked.visit, self.contract, asked.environment)
        return asdict(prepare(desk, asked.given))

    def process(self, asked: Asked) -> Done:
        """Do all steps of processing that wait, in both environments, due or not."""
        return {"processed": process_now(asked.visit, self.contract)}

    def _reader(self, register: Register) -> WorldReader:
        subjects = register.subjects()
        users = register.users()
        certificates = [each for user in users for each in register.certificates(user.login)]
        rights = [
            Right(one.code, of) for one in subjects for of in register.may_send_for_whom(one.code)
        ]
        duties = register.obligations()
        reader = WorldReader(
            self.contract,
            subjects={subject.code: subject for subject in subjects},
            prefixes={subject.prefix: subject.code for subject in subjects if subject.prefix},
            users={user.login: user for user in users},
            certificates={(each.login, each.issuer, each.serial): each for each in certificates},
            rights={right: right for right in rights},
            duties={(of.subject, of.scope, of.data_set, of.since): of for of in duties},
        )
        for row in register.definitions().values():
            reader.data_set(row)
        return reader


def _named(pem: str) -> dict[str, str]:
    """Issuer and serial number of a certificate."""
    from cryptography.x509 import load_pem_x509_certificate  # noqa: PLC0415 - it takes 0.1 s

    try:
        certificate = load_pem_x509_certificate(pem.encode())
        return {
            "issuer": certificate.issuer.rfc4514_string(),
            "serial": str(certificate.serial_number),
        }
    except ValueError as error:
        raise ValueError(f"pem is no certificate in PEM: {error}") from error


def _texts(asked: Asked, *names: str) -> dict[str, Any]:
    refuse_unknown(asked.given, names)
    return {name: asked.member(name) for name in names}


def _dropped(asked: Asked, table: Table, row: Mapping[str, Any], at_least: int = 1) -> Done:
    """Delete the rows that have these values."""
    found = delete(table).where(table.c.environment == asked.environment)
    for name, value in row.items():
        fits = type(value) is table.c[name].type.python_type
        if not fits or (isinstance(value, int) and not 0 <= value <= _MOST_ID):
            raise ValueError(f"{name} cannot be {value!r}")
        found = found.where(table.c[name] == (heard(value) if isinstance(value, str) else value))
    count = asked.visit.transaction.execute(found).rowcount
    if count < at_least:
        raise ValueError("there is nothing like that")
    return {"dropped": count}
