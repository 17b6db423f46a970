"""The agency's Czech words for what the model says in English: attribute values of vydani.dtd."""

from collections.abc import Mapping
from typing import Final

from podatelna.sdns.model import Reason, Status

STATUSES: Final[Mapping[str, Status]] = {
    "Nová-data": "new_data",
    "Oprava": "correction",
    "Storno": "cancellation",
    "Potvrzení": "confirmation",
    "Dotaz": "query",
    "Změnová-oprava": "change",
    "Storno-DZ": "withdrawal",
}
REASONS: Final[Mapping[str, Reason]] = {
    "Na-základě-metodiky": "methodology",
    "Na-základě-požadavku-centrální-banky": "request",
    "Úmysl-vykazujícího-subjektu": "intent",
}
TEST: Final = "Testovací"
LIVE: Final = "Ostrá"
FIRST: Final = "První"
LAST: Final = "Poslední"
