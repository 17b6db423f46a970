"""The emulator as the machine calls it: a house as a function, without sockets."""

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree
from sqlalchemy import Connection, select

from podatelna.app import House
from podatelna.kernel.exchange import Request
from podatelna.kernel.outbox import letters
from podatelna.sdns.tables import TABLES
from tests.sdns.machine import world
from tests.sdns.machine.records import Header
from tests.sdns.machine.telling import Letter, Shown
from tests.sdns.messages import vydani

DEFAULT = "default"
LOAD, ROUTER = "/ewi-ws/ZaslaniDat", "/ewi-ws/EwiSOAPRouter"
NAMESPACE = "{www.ewi.ws}"
BOUNDARY = "=_machine"
PLAIN = ("NONE", "NONE")
RUNTIME = "urn:com-ness-cz-ewiautom-wsimpl-IZaslaniDat"


class Emulator:
    """One house whose default sandbox is made anew for each history."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._letters = 0

    def anew(self, settings: Mapping[str, Any]) -> None:
        self.house.sandboxes.reset(DEFAULT)
        self.house.sandboxes.change_clock(DEFAULT, lambda clock: clock.frozen(world.START))
        self.house.sandboxes.set(DEFAULT, {"sdns": dict(settings)})
        self._letters = 0

    def advance(self, by: timedelta) -> None:
        self.house.sandboxes.advance(DEFAULT, by)

    def load(self, login: str, file: str, xml: bytes, path: str = LOAD) -> str:
        """loadData of a message as it is: the code of the answer."""
        return self.load_data(login, file, b64encode(xml).decode(), path=path)

    def load_data(
        self,
        login: str,
        file: str,
        data: str,
        methods: tuple[str, str] = PLAIN,
        *,
        path: str = LOAD,
    ) -> str:
        """The same, of data compressed and signed by these methods."""
        values = (file, login, world.PASSWORD, *methods, data, "cs", "CZ")
        cells = "".join(f"<param{at}>{escape(text)}</param{at}>" for at, text in enumerate(values))
        root = f'<m:loadData xmlns:m="{RUNTIME}">{cells}</m:loadData>'
        answer = self._post(path, _envelope(root).encode(), "text/xml; charset=utf-8")
        document = etree.fromstring(answer).findtext(".//return")
        assert document, answer
        status = etree.fromstring(document.encode()).find("status")
        assert status is not None
        return str(status.get("code"))

    def ask(self, query: str, login: str, **given: str) -> tuple[list[Shown], tuple[str, ...]]:
        """performQuery: the elements of its list, and the texts of its ErrorLog."""
        parameters = "".join(
            f'<Parametr Nazev="{name}" Datatyp="String" Povinny="A"><HodnotaPar>{text}</HodnotaPar>'
            "</Parametr>"
            for name, text in {"Username": login, "Password": world.PASSWORD, **given}.items()
        )
        document = (
            f"<DefiniceDotazu><TypDotazu>{query}</TypDotazu><Popis/>{parameters}</DefiniceDotazu>"
        )
        root = _envelope(
            f'<m:performQuery xmlns:m="EwiQueryWS"><queryType>{query}</queryType>'
            '<xmlParam href="cid:given"/></m:performQuery>'
        )
        parts = [("root", root), ("given", document)]
        body = "".join(
            f"--{BOUNDARY}\r\nContent-Type: text/xml\r\nContent-ID: <{name}>\r\n\r\n{text}\r\n"
            for name, text in parts
        )
        kind = f'multipart/related; type="text/xml"; start="root"; boundary="{BOUNDARY}"'
        answer = self._post(ROUTER, f"{body}--{BOUNDARY}--\r\n".encode(), kind)
        begin, end = answer.index(b"<EwiWSResult"), answer.index(b"</EwiWSResult>")
        result = etree.fromstring(answer[begin:end] + b"</EwiWSResult>")
        listed = [_shown(node) for node in result[1]] if len(result) == 3 else []
        return listed, tuple(node.text or "" for node in result[-1])

    def rows(self, file: str) -> list[Any]:
        """What is stored of a message, as the bank's own desk tells it: area, PORADI, cells."""
        messages = self._admin("messages")
        issue = next(each["issue"] for each in messages if each["file"] == file)
        rows = self._admin("rows", f"issue={issue}")
        return [(row["area"], row["order"], row["cells"]) for row in rows]

    def _admin(self, call: str, query: str = "") -> Any:
        agency = self.house.agencies["sdns"]
        asked = Request("GET", call, query, {}, b"")
        answer = self.house.sandboxes.visit(DEFAULT, agency, asked, agency.admin[call])
        return json.loads(answer.body)

    def kept(self) -> dict[str, list[Any]]:
        """All tables of SDNS, and the letters."""
        with self.house.sandboxes.open(DEFAULT) as transaction:
            return kept(transaction)

    def new_letters(self) -> list[Letter]:
        """Those that were posted since they were last asked for."""
        with self.house.sandboxes.open(DEFAULT) as transaction:
            found = letters(transaction, self._letters)
        self._letters = max((each.number for each in found), default=self._letters)
        return [Letter(each.at[:19], each.recipient, each.subject, each.body) for each in found]

    def _post(self, path: str, body: bytes, kind: str) -> bytes:
        headers = {"host": "wsn.cnb.cz", "content-type": kind}
        answer = self.house.handle(Request("POST", path, "", headers, body))
        assert answer.status == 200, answer
        return answer.body


def kept(transaction: Connection) -> dict[str, list[Any]]:
    """All tables of SDNS in a sandbox, and the letters without their random names."""
    found = {
        table.name: [tuple(row) for row in transaction.execute(select(table))]
        for table in TABLES.sorted_tables
    }
    posted = [
        (each.at, each.sender, each.recipient, each.subject, each.body)
        for each in letters(transaction)
    ]
    return {**{name: sorted(rows, key=repr) for name, rows in found.items()}, "letters": posted}


def _envelope(content: str) -> str:
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">'
        f"<s:Body>{content}</s:Body></s:Envelope>"
    )


def _shown(node: Any) -> Shown:
    text = (node.text or "") if not len(node) else ""
    name = node.tag.removeprefix(NAMESPACE)
    return (name, tuple(node.attrib.items()), text, tuple(_shown(each) for each in node))


def written(header: Header) -> bytes:
    """A message."""
    rows: dict[str, Any] | None = None
    if header.rows is not None:
        cells = [
            (row.order, {1: row.name, **({2: row.value} if row.value else {})})
            for row in header.rows
        ]
        rows = {f"{header.code}_A": cells}
    part = header.part
    return vydani(
        sender=header.sender,
        number=header.number,
        part=(part.order, part.issue, part.edge) if part else None,
        methodology=header.methodology,
        function="Testovací" if header.test else "Ostrá",
        data_set=header.data_set,
        subject=header.subject,
        scope=header.scope,
        as_of=header.as_of,
        status=header.status,
        reason=header.reason,
        reference=header.reference or None,
        rows=rows,
        blocks=("x",) if header.blocks else (),
    )
