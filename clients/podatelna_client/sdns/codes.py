"""The service's words and numbers: values are as on the wire, names are ours."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Literal


class Status(StrEnum):
    """What a message is for (vydani.dtd, STATUS)."""

    NEW_DATA = "Nová-data"
    CORRECTION = "Oprava"
    CANCELLATION = "Storno"
    CONFIRMATION = "Potvrzení"
    QUESTION = "Dotaz"
    CHANGE = "Změnová-oprava"
    """Only changed, added and removed rows; only for splittable reports."""
    WITHDRAWAL = "Storno-DZ"
    """Of one message of a splittable report."""

    @property
    def has_data(self) -> bool:
        """Whether messages of this kind carry rows."""
        return self in (Status.NEW_DATA, Status.CORRECTION, Status.CHANGE)


class Reason(StrEnum):
    """Why it is sent (DUVOD)."""

    METHODOLOGY = "Na-základě-metodiky"
    REQUEST = "Na-základě-požadavku-centrální-banky"
    OWN = "Úmysl-vykazujícího-subjektu"


class Function(StrEnum):
    """Test data go to the same address as live ones (FUNKCE-ZPRAVY)."""

    LIVE = "Ostrá"
    TEST = "Testovací"


class Audit(StrEnum):
    """Normally left out (AUDIT)."""

    BEFORE = "Data-před-auditem"
    AFTER = "Data-po-auditu"


class End(StrEnum):
    """Which part of a split issue a message is (CASTECNA-ZPRAVA/@TYP); none between the two."""

    FIRST = "První"
    LAST = "Poslední"


Compression = Literal["ZIP", "GZIP", "DEFLATE", "NONE"]
Encoding = Literal["windows-1250", "utf-8", "utf-8-sig"]
"""utf-8-sig: with a byte order mark, as real files were."""
Line = Literal["Telefon", "Fax", "Email", "EDI", "Telex"]


class Category(StrEnum):
    """How a delivery ended, never localised (programmer's manual 1.5, categories and codes)."""

    SUCCESS = "Success"
    INTERNAL_ERROR = "Internal error"
    INVALID_PARAMETERS = "Invalid parameters"
    ACCESS_DENIED = "Access denied"
    INVALID_DATA = "Invalid data"


class IssueState(IntEnum):
    """What became of an issue (StavKod of Vydani)."""

    REPLICATED = -1
    FICTITIOUS = 0
    PREPARED = 5
    CREATED = 10
    FATAL_ERROR = 15
    CORRECTION_WANTED = 16
    CONFIRMATION_WANTED = 17
    UNUSED = 18
    CHECKED = 19
    UNDOCUMENTED = 20
    STORED_CHECK_UNCONFIRMED = 31
    STORED_SERIES_UNCONFIRMED = 32
    VALID = 51
    VALID_CONFIRMED = 52
    CANCELLED = 59
    WRONG = 61
    CANCELLED_UNCONFIRMED = 62
    INTERNAL_ERROR = 99

    @property
    def text(self) -> str:
        """The state in the bank's words; empty where none were published."""
        return _ISSUE_TEXTS.get(self, "")

    @property
    def in_progress(self) -> bool:
        """Whether the issue is on its way to another state, without a doing of the reporter."""
        return self in _IN_PROGRESS


class OccurrenceState(IntEnum):
    """How an occurrence stands (StavKod of Vyskyt)."""

    REPLICATED = -1
    NO_DATA = 10
    NO_DATA_URGED = 15
    NO_DATA_GIVEN_UP = 18
    IN_PROGRESS = 20
    CONFIRMATION_WANTED = 30
    CORRECTION_WANTED = 40
    VALID = 50
    CLOSED = 55
    LAPSED = 65

    @property
    def text(self) -> str:
        """The state in the bank's words."""
        return _OCCURRENCE_TEXTS[self]


_IN_PROGRESS = frozenset(
    {
        IssueState.CREATED,
        IssueState.CONFIRMATION_WANTED,
        IssueState.CHECKED,
        IssueState.UNDOCUMENTED,
    }
)

_ISSUE_TEXTS: Mapping[int, str] = MappingProxyType(
    {
        -1: "Replikované vydání vzniklé z posledních platných hodnot daného datového souboru",
        0: "Fiktivní vydání pro došlé zprávy typu „storno“, „potvrzení“ aj.",
        5: "Data vydání připravena uživatelem SDNS, data nejsou v db",
        10: "Vydání založeno",
        15: "Fatální chyba v JVK (např. dělení nulou)",
        16: "Zjištěny chyby v JVK, požadavek na opravu dat",
        17: "Zjištěny chyby v JVK, požadavek na potvrzení",
        18: "t.č. nepoužíváno",
        19: "V rámci JVK nebyla zjištěna chyba",
        31: "Data jsou uložena v db a je požadováno jejich potvrzení z důvodu chyby v JVK",
        32: "Data jsou uložena v db a je požadováno jejich potvrzení z důvodu chyby v KČŘ",
        51: "Data jsou uložena v db a jsou platná",
        52: "Data jsou uložena v db a jsou platná (byla potvrzena)",
        59: "Data byla stornována",
        61: "Chybné vydání, jehož data nebyla uložena do db",
        62: "Stornované vydání před potvrzením dat",
        99: "Interní chyba, vydání není možné zpracovat",
    }
)
_OCCURRENCE_TEXTS: Mapping[int, str] = MappingProxyType(
    {
        -1: "Termín uplynul, k dispozici jsou jen data replikována",
        10: "Nejsou žádná data, termín dosud neuplynul",
        15: "Nejsou žádná data, je urgováno jejich dodání",
        18: "Nejsou žádná data, všechny stupně upomínek vyčerpány",
        20: "Právě je zpracováváno vydání k výskytu",
        30: "Je požadováno zaslání potvrzení dat vykazujícím subjektem",
        40: "Je požadováno zaslání opravy dat vykazujícím subjektem",
        50: "K výskytu jsou platná data",
        55: "Výskyt je uzavřen, jsou platná data, nelze je již změnit",
        65: "Výskyt je promlčen, nejsou platná data",
    }
)
