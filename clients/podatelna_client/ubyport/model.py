"""What is filed, and the rows of the code lists, as plain values."""

from dataclasses import dataclass
from datetime import date

LOCAL_TIME = "Europe/Prague"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A birth date of which only the year, or the year and the month, are known."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise ValueError("a day of birth needs its month")
        date(
            self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """One reported stay. None is sent as null, "" as an empty value: the service tells them apart.

    The service judges the values (Appendix 5, section 4); nothing is corrected here.
    """

    surname: str | None
    given_name: str | None
    birth_date: date | PartialDate | str | None
    """Text goes out as it is; the contract wants DDMMYYYY with zeros for unknown parts."""
    nationality: str | None
    """The three-character code of `countries()`."""
    document_number: str | None
    arrival: date
    """A date, or a datetime in local time; an aware datetime is turned into Czech time."""
    departure: date
    visa_number: str | None = None
    purpose: int | None = None
    """A number of `purposes()`; the service takes None for 99."""
    residence: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """The accommodation that files. The first two decide; the rest is only compared."""

    idub: str | None
    abbreviation: str | None
    name: str | None = None
    contact: str | None = None
    district: str | None = None
    town: str | None = None
    town_part: str | None = None
    street: str | None = None
    house_number: str | None = None
    orientation_number: str | None = None
    postal_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """A row of the list of countries. Match on `code3` only: `code2` is not ISO 3166."""

    number: int
    code2: str
    code3: str
    name: str
    short_name: str
    english_name: str
    valid_from: str = ""
    valid_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """A purpose of stay: two digits, and the text with the digits in front ("00 - ...")."""

    code: str
    text: str
    valid_from: str = ""
    valid_to: str = ""

    @property
    def number(self) -> int:
        """What `Guest.purpose` takes; ValueError if the service did not send digits."""
        return int(self.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorEntry:
    """A row of the error book. `key` is as sent ("ERR_CZE_112"), `code` its number in answers."""

    key: str
    code: int | None
    text: str
    severity: int | None
    """0-2: the record is accepted; 4-6: it is not. None: the row does not say."""
    label: str
    instruction: str
