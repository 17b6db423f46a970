"""The exceptions ("Výjimky"): products and batches that the Ministry of Health has excepted."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, bindparam, delete, insert, or_, select

from podatelna.czmvo.model import Exemption
from podatelna.czmvo.tables import EXEMPTION
from podatelna.kernel.statements import Statement
from podatelna.kernel.tables import heard

_COLUMNS = (
    EXEMPTION.c.id,
    EXEMPTION.c.product_code,
    EXEMPTION.c.batch,
    EXEMPTION.c.validity,
    EXEMPTION.c.state,
    EXEMPTION.c.owner,
)
_HERE = EXEMPTION.c.environment == bindparam("where")
_ONE = Statement(select(*_COLUMNS).where(_HERE, EXEMPTION.c.id == bindparam("which")))
_STILL_VALID = or_(EXEMPTION.c.validity.is_(None), EXEMPTION.c.validity >= bindparam("today"))
_OF_PRODUCT = Statement(
    select(*_COLUMNS)
    .where(_HERE, EXEMPTION.c.product_code == bindparam("product"), _STILL_VALID)
    .order_by(EXEMPTION.c.id)
)
_OF_BATCH = Statement(
    select(*_COLUMNS)
    .where(_HERE, EXEMPTION.c.batch == bindparam("batch"), _STILL_VALID)
    .order_by(EXEMPTION.c.id)
)
_ALL = select(*_COLUMNS).where(_HERE).order_by(EXEMPTION.c.id)
_ADD = Statement(insert(EXEMPTION))
_DELETE = Statement(delete(EXEMPTION).where(_HERE, EXEMPTION.c.id == bindparam("which")))


@dataclass(frozen=True, slots=True)
class Choice:
    """What narrows a list of exceptions; all of it together."""

    owner: str
    product_code: str = ""
    batch: str = ""
    ids: Sequence[int] = ()
    """None: any."""


@dataclass(frozen=True, slots=True)
class Exemptions:
    """The exceptions of one environment, within one transaction."""

    transaction: Connection
    environment: str

    def find(self, number: int) -> Exemption | None:
        row = _ONE.row(self.transaction, {"where": self.environment, "which": number})
        return Exemption(*row) if row else None

    def chosen(self, choice: Choice) -> list[Exemption]:
        """In the order of their ids."""
        narrowed = _ALL.where(EXEMPTION.c.owner == heard(choice.owner))
        if choice.product_code:
            narrowed = narrowed.where(EXEMPTION.c.product_code == heard(choice.product_code))
        if choice.batch:
            narrowed = narrowed.where(EXEMPTION.c.batch == heard(choice.batch))
        found = self.transaction.execute(narrowed, {"where": self.environment})
        wanted = set(choice.ids)
        return [Exemption(*row) for row in found if not wanted or row.id in wanted]

    def all(self) -> list[Exemption]:
        found = self.transaction.execute(_ALL, {"where": self.environment})
        return [Exemption(*row) for row in found]

    def covering(self, product_code: str, batch: str, today: str) -> Exemption | None:
        """The exception that a product or a batch falls under on a day; "" is not asked for.

        One without a batch covers all batches (manual 2.8.1.3); one for the very batch goes before
        it. A batch alone is not covered by what is excepted for all batches of some product.
        """
        asked = {"where": self.environment, "today": today}
        if not product_code:
            rows = _OF_BATCH.rows(self.transaction, asked | {"batch": heard(batch)})
            return Exemption(*rows[0]) if rows else None
        rows = _OF_PRODUCT.rows(self.transaction, asked | {"product": heard(product_code)})
        found = [Exemption(*row) for row in rows]
        fitting = [one for one in found if not batch or one.batch in (None, heard(batch))]
        preferred = heard(batch) if batch else None
        return min(fitting, key=lambda one: (one.batch != preferred, one.id), default=None)

    def add(self, exemptions: Iterable[Exemption]) -> None:
        """Their ids must be free."""
        _ADD.run_many(
            self.transaction,
            [asdict(one) | {"environment": self.environment} for one in exemptions],
        )

    def delete(self, numbers: Iterable[int]) -> None:
        _DELETE.run_many(
            self.transaction,
            [{"where": self.environment, "which": number} for number in numbers],
        )
