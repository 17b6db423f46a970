"""The check of a header (kontrola hlavičky). A rule is true when broken; its name is its key.

All broken rules are told, but for those that mean nothing because of another: of a data set that is
not known, nobody can say what is expected. Such a rule is not broken.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from podatelna.kernel.rules import Rule, rule
from podatelna.sdns.model import Header, Issue, Part, Reason, Status
from podatelna.sdns.states import (
    BEGUN,
    BROKEN,
    DISCARDED,
    DROPPED,
    STANDING,
    TO_CONFIRM,
    WHEN_CANCELLED,
)

REFERABLE: Final[Mapping[Status, frozenset[int]]] = {
    "new_data": STANDING,
    # A message may be named even when another one has replaced it, or when it broke down.
    "correction": STANDING | {DISCARDED, DROPPED, BROKEN},
    "change": STANDING,
    "confirmation": TO_CONFIRM,
    "cancellation": frozenset(WHEN_CANCELLED),
    "withdrawal": frozenset(WHEN_CANCELLED),
}
"""States of an issue that a message of each status may refer to (SOURCES.md, Q30)."""


Names = Literal["", "message", "issue"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a status asks of a message (programmer's manual, message, STATUS)."""

    status: Status
    reasons: frozenset[Reason]
    data: bool
    """Whether DATA must be there; else it must not."""
    reference: Names
    """What REFERENCNI-ZPRAVA names, which must be there then."""
    reference_splittable: Names
    """What it may name besides, if the data set is splittable."""
    splittable_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What was looked up for a header."""

    form: Form | None
    """None: Dotaz, which is in the DTD, and no document says what it is."""
    number_used: bool = False
    """A message or an issue of the sender with this number was accepted before."""
    communicating: str = ""
    """The communicating subject of the user who sent it; "" if it is not registered."""
    entitled: bool = True
    """Whether the sender may send for the subject."""
    methodology: bool = True
    """Whether the methodology is there and valid at STAV-KE-DNI."""
    data_set: bool = True
    """Whether the methodology has it, with version and variant."""
    splittable: bool = False
    expected: bool = True
    """Whether the subject has to report that data set in that scope at that day."""
    closed: bool = False
    referred: Issue | None = None
    """The issue of this occurrence that the reference names, itself or by one of its messages."""
    standing: Issue | None = None
    """The issue whose data the occurrence has, or a later one that was found wrong."""
    begun: Issue | None = None
    """The issue that has come in part and that this part goes on with."""
    elsewhere: bool = False
    """The reference, or the issue of this part, is of the same occurrence's test data, or of its
    live ones if this is a test."""


HeaderRule = Rule[Header, Known]


@rule(at="CISLO-ZPRAVY")
def message_number_used(_: Header, known: Known) -> bool:
    """Numbers are the sender's, for test data and live ones alike (manual, CISLO-ZPRAVY)."""
    return known.number_used


@rule(at="ZASLAL")
def sender_not_allowed(header: Header, known: Known) -> bool:
    return header.sender != known.communicating


@rule(at="METODIKA, STAV-KE-DNI")
def methodology_not_valid(_: Header, known: Known) -> bool:
    return not known.methodology


@rule(at="DATOVY-SOUBOR")
def data_set_unknown(_: Header, known: Known) -> bool:
    return known.methodology and not known.data_set


@rule(at="SUBJEKT, ROZSAH-SUBJEKTU, STAV-KE-DNI")
def occurrence_not_expected(_: Header, known: Known) -> bool:
    return known.data_set and not known.expected


@rule(at="SUBJEKT")
def subject_not_allowed(_: Header, known: Known) -> bool:
    return not known.entitled


@rule(at="REFERENCNI-ZPRAVA, STATUS")
def reference_wrong(header: Header, known: Known) -> bool:
    """Process manual 2.1: what was refused in its header cannot be referred to."""
    form = known.form
    if form is None or not known.data_set or known.elsewhere:
        return False
    if not header.reference:
        return bool(form.reference) or _not_the_first(header, known)
    if not form.reference:
        return not form.reference_splittable or not known.splittable or not _names_last(known)
    return known.referred is None or known.referred.state not in REFERABLE[header.status]


def _names_last(known: Known) -> bool:
    """New data that complete a splittable report refer to its current issue."""
    return known.referred is not None and known.referred == known.standing


def _not_the_first(header: Header, known: Known) -> bool:
    """New data are the first ones of an occurrence; what follows is a correction."""
    return header.status == "new_data" and known.standing is not None and not _goes_on(header)


def _goes_on(header: Header) -> bool:
    return header.part is not None and header.part.edge != "first"


@rule(at="STATUS, CASTECNA-ZPRAVA")
def status_not_for_data_set(header: Header, known: Known) -> bool:
    form = known.form
    if form is None:
        return True
    apart = header.part is not None or form.splittable_only
    return known.data_set and apart and not known.splittable


@rule(at="DUVOD, STATUS")
def reason_wrong(header: Header, known: Known) -> bool:
    form = known.form
    return form is not None and header.reason not in form.reasons


@rule(at="CASTECNA-ZPRAVA")
def split_sequence_wrong(header: Header, known: Known) -> bool:
    """První is the first part, Poslední the last, and none is missing between them."""
    part, begun = header.part, known.begun
    if part is None or not known.splittable or known.elsewhere:
        return False
    if part.edge == "first":
        return _order(part) != 1 or begun is not None
    return begun is None or not _goes_on_with(header, part, begun)


def _goes_on_with(header: Header, part: Part, begun: Issue) -> bool:
    waits = begun.state == BEGUN and not begun.complete
    return waits and begun.status == header.status and _order(part) == begun.parts + 1


def _order(part: Part) -> int:
    """PORADI; 0: it is no positive integer, or a senseless one."""
    text = part.order
    return int(text) if text.isascii() and text.isdigit() and len(text) < _LONGEST_NUMBER else 0


_LONGEST_NUMBER: Final = 10


@rule(at="STAV-KE-DNI")
def occurrence_closed(_: Header, known: Known) -> bool:
    return known.data_set and known.expected and known.closed


@rule(at="FUNKCE-ZPRAVY")
def function_wrong(_: Header, known: Known) -> bool:
    return known.elsewhere


@rule(at="DATA, STATUS")
def data_presence_wrong(header: Header, known: Known) -> bool:
    form = known.form
    return form is not None and header.has_data != form.data


@rule(at="CISLO-ZPRAVY, CISLO-VYDANI")
def number_not_valid(header: Header, known: Known) -> bool:
    """CisloVydani of ews-result.xsd is an integer of at most 14 digits."""
    return not (_is_number(header.number) and _is_number(header.issue_number))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS


_MOST_DIGITS: Final = 14


RULES: Final[tuple[HeaderRule, ...]] = (
    message_number_used,
    sender_not_allowed,
    methodology_not_valid,
    data_set_unknown,
    occurrence_not_expected,
    subject_not_allowed,
    reference_wrong,
    status_not_for_data_set,
    reason_wrong,
    split_sequence_wrong,
    occurrence_closed,
    function_wrong,
    data_presence_wrong,
    number_not_valid,
)
"""In the order of their codes, DZ-01 to DZ-14."""
