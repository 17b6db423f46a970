"""One pass over a VYDANI message: held against vydani.dtd and emptied of its rows as they come.

A message has up to hundreds of thousands of rows. The parser gets it in pieces; the rows that a
piece has finished are validated, handed out and dropped, so that only what stands around them is
ever held. The outcome is that of validating the whole tree at once.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from threading import get_ident
from typing import Any, Final

from lxml import etree

from podatelna.kernel.reading import Element

ROOT: Final = "VYDANI"
DATA: Final = "DATA"
AREA: Final = "DATOVA-OBLAST"
ROW: Final = "RADEK"
LONGEST_TEXT: Final = 1_048_576
"""Characters of one text or attribute value. No message comes near; the limit is ours."""
_LONGEST_REASON: Final = 300
"""The whole answer must have less than 8192 characters (quota of a public client)."""
_FIRST, _PIECE = 4096, 65_536
"""Bytes fed at once: until the root element is there, and after it."""
_LONGEST_PROLOG: Final = 1_048_576
"""Bytes within which the root element must begin."""
_MOST_HELD: Final = 4 * 1_048_576
_MOST_TAGS: Final = 100_000
"""What may stand around finished rows: header, empty areas and one row, for example of 49,000
columns."""
_WEIGHED_EVERY: Final = 4 * _PIECE
_HARDENED: Final[dict[str, Any]] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_POSITION: Final = re.compile(r", line \d+, column \d+$")
_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
"""First bytes that show an encoding."""
_DECLARED: Final = re.compile(r"""\ufeff?<\?xml\s[^>]*?\sencoding\s*=\s*["']([\w.-]+)""")
_DECLARATION: Final = 400
"""Bytes in which a declaration of an encoding is looked for."""

Rows = list[tuple[Element, list[Element]]]
"""Areas with rows of theirs."""


class NotValid(ValueError):  # noqa: N818 - it says what the bytes are; nothing went wrong here
    """The bytes are no valid VYDANI message. The text says why, and on which line if that is
    known."""

    def __init__(self, why: str, line: int | None = None) -> None:
        text = " ".join(f"line {line}: {why}".split() if line else why.split())
        most = _LONGEST_REASON
        super().__init__(text if len(text) <= most else f"{text[: most - 3]}...")


class Scan:
    """The one pass. Without a DTD nothing is validated: the message is known to be valid."""

    def __init__(self, xml: bytes, dtd: bytes | None = None) -> None:
        self._xml = memoryview(xml)
        self._dtd = None if dtd is None else _definition(dtd, get_ident())
        self._parser: Any = etree.XMLPullParser(("start",), tag=ROOT, **_HARDENED)
        self._root: Element | None = None
        self._area: Element | None = None
        """The last area that is known; those before it are done with."""
        self._grown = 0
        self._piled = 0
        """Bytes since a row was finished."""

    @property
    def root(self) -> Element:
        """What is left of the message when all rows were taken."""
        if self._root is None:
            raise NotValid(f"the root element is not {ROOT}")
        return self._root

    def batches(self) -> Iterator[Rows]:
        """Rows in the message's order; dropped when the next ones are asked for.

        Raises NotValid, possibly after rows were handed out.
        """
        self._check_encoding()
        for piece in self._pieces():
            self._feed(piece)
            if self._root is not None:
                yield from self._taken(self._finished())
                self._weigh(len(piece))
        self._close()
        yield from self._taken(self._finished(closed=True))
        self._measure()
        self._validate(self.root)

    def _pieces(self) -> Iterator[memoryview]:
        at = 0
        while at < len(self._xml):
            if self._root is None and at >= _LONGEST_PROLOG:
                raise NotValid(f"{ROOT} does not begin within {_LONGEST_PROLOG} bytes")
            size = _FIRST if self._root is None else _PIECE
            yield self._xml[at : at + size]
            at += size

    # -- parsing

    def _check_encoding(self) -> None:
        """libxml2 goes by the first bytes where they show another encoding than is declared."""
        start = bytes(self._xml[:_DECLARATION])
        shown = next((encoding for mark, encoding in _MARKS if start.startswith(mark)), "")
        found = _DECLARED.match(start.decode(shown, "ignore")) if shown else None
        if found and not _bare(shown).startswith(_bare(found[1])):
            raise NotValid(f"the encoding is {shown}, but {found[1]} is declared", 1)

    def _feed(self, piece: memoryview) -> None:
        try:
            self._parser.feed(bytes(piece))
        except etree.XMLSyntaxError as error:
            raise _syntax(error) from None
        self._look_at_warnings()
        if self._root is None:
            for _, element in self._parser.read_events():
                self._begin(element)
                break

    def _close(self) -> None:
        try:
            root = self._parser.close()
        except etree.XMLSyntaxError as error:
            raise _syntax(error) from None
        if self._root is None:
            raise NotValid(f"the root element is {root.tag}, not {ROOT}", root.sourceline)
        self._look_at_warnings()

    def _look_at_warnings(self) -> None:
        for entry in self._parser.feed_error_log:
            # A warning only, for the DTD that is not loaded might declare it.
            if entry.type_name == "WAR_UNDECLARED_ENTITY":
                raise NotValid(entry.message, entry.line)

    def _begin(self, element: Element) -> None:
        tree = element.getroottree()
        if tree.getroot() is not element:
            raise NotValid(f"the root element is {tree.getroot().tag}, not {ROOT}")
        about: Any = tree.docinfo
        subset = about.internalDTD
        if subset is not None and subset.name != ROOT:
            raise NotValid(f"the document type is {subset.name}, not {ROOT}")
        # libxml2 writes a document type with its internal subset, lxml's docinfo without.
        if not etree.tostring(tree, encoding="unicode").startswith(about.doctype):
            raise NotValid("declarations inside the document (an internal subset) are not allowed")
        self._root = element

    # -- rows

    def _finished(self, *, closed: bool = False) -> Rows:
        """Rows that nothing can be added to, nor to the white space behind them."""
        areas = self._areas()
        found = [(area, area.findall(ROW)) for area in areas]
        last = found[-1][1] if found else []
        if last and not closed and last[-1].getnext() is None:
            del last[-1]
        return [(area, rows) for area, rows in found if rows]

    def _areas(self) -> list[Element]:
        """The last area that was known, and those that have come since."""
        if self._area is None:
            data = self.root.find(DATA)
            self._area = None if data is None else data.find(AREA)
        if self._area is None:
            return []
        areas = [self._area, *self._area.itersiblings(AREA)]
        self._area = areas[-1]
        return areas

    def _taken(self, batch: Rows) -> Iterator[Rows]:
        """Hand out a batch, if there is one, and drop it."""
        if not batch:
            return
        for area, _ in batch:
            self._validate(area)
        if self._piled > LONGEST_TEXT - _PIECE:
            self._measure()
        self._piled = 0
        yield batch
        for area, rows in batch:
            # What stands behind a row goes with it.
            del area[: len(rows)]

    def _validate(self, element: Element) -> None:
        """Hold an element against the DTD. One that is not finished yet is valid so far when an
        area has rows, and a row cells, and nothing else."""
        if self._dtd is not None and not self._dtd.validate(element):
            errors: Any = self._dtd.error_log
            first = errors[0]
            raise NotValid(first.message, first.line)

    # -- limits

    def _measure(self) -> None:
        for element in self.root.iter():
            texts = (element.text or "", element.tail or "", *element.attrib.values())
            if any(len(text) > LONGEST_TEXT for text in texts):
                raise NotValid(f"a text has more than {LONGEST_TEXT} characters")

    def _weigh(self, grown: int) -> None:
        """Raise NotValid when too much has piled up that is no finished row."""
        self._grown += grown
        self._piled += grown
        if self._grown < _WEIGHED_EVERY:
            return
        self._grown = 0
        held = etree.tostring(self.root, encoding="utf-8")
        if len(held) > _MOST_HELD or held.count(b"<") > _MOST_TAGS:
            raise NotValid("what stands outside of rows, or a single row, is too large")


@lru_cache(maxsize=64)
def _definition(dtd: bytes, thread: int) -> etree.DTD:
    """One for each thread: it builds its automata when it is first used, and is not safe with
    several."""
    return etree.DTD(BytesIO(dtd))


def _bare(encoding: str) -> str:
    return encoding.lower().replace("-", "")


def _syntax(error: etree.XMLSyntaxError) -> NotValid:
    return NotValid(_POSITION.sub("", error.msg or "no XML"), error.lineno)
