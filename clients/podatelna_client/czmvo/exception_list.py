"""The exceptions of the Ministry of Health, module `filter` (manual 2.8)."""

from collections.abc import Iterable, Sequence

from podatelna_client.czmvo import reading
from podatelna_client.czmvo.calling import FILTER, Call, Caller
from podatelna_client.czmvo.files import Table
from podatelna_client.czmvo.model import (
    Deletion,
    ExceptionCheck,
    ExceptionRecord,
    ExceptionState,
    Import,
    NewException,
)
from podatelna_client.czmvo.writing import Day, as_base64, as_csv, given


class ExceptionList:
    """Reading, checking and keeping the list of exceptions."""

    _caller: Caller

    def exception_states(self) -> tuple[ExceptionState, ...]:
        """The states in which exceptions close alerts."""
        return self._caller.result(_asking("enumState"), reading.exception_states)

    def exception_states_csv(self) -> Table:
        """The same as a table."""
        return self._caller.table(_asking("enumState"))

    def exceptions(
        self,
        product_code: str | None = None,
        batch: str | None = None,
        ids: Sequence[int] | None = None,
    ) -> tuple[ExceptionRecord, ...]:
        """The caller's own exceptions, those assigned to it among them; all of them by default."""
        call = _asking("product", productCode=product_code, batch=batch, id=ids)
        return self._caller.result(call, reading.exceptions)

    def verify_exception(
        self, product_code: str | None = None, batch: str | None = None
    ) -> ExceptionCheck:
        """Whether a product or a batch is excepted; at least one of the two is needed."""
        call = _asking("verify", productCode=product_code, batch=batch)
        return self._caller.result(call, reading.exception_check)

    def add_exception(
        self, product_code: str, batch: str | None, validity: Day | None, state: str
    ) -> Import:
        """Add one exception; the answer has one line, stored or not. `state` is OP or NO."""
        wanted = given(validity=validity, state=state, productCode=product_code, batch=batch)
        return self._caller.result(_changing("POST", wanted), reading.imported)

    def import_exceptions(
        self,
        lines: Iterable[NewException] | bytes,
        *,
        validity: Day | None = None,
        state: str | None = None,
    ) -> Import:
        """Add many; the answer has a line for each. `validity` and `state` fill lines without.

        Bytes go out as they are: a CSV file of the format that the portal describes under "Vložit
        data". That is not public, so what is written here for lines is a reconstruction.
        """
        content = lines if isinstance(lines, bytes) else as_csv(lines)
        # Both defaults are in the printed request, filled or null (manual 2.8.2).
        wanted = {"validity": None, "state": None, **given(validity=validity, state=state)}
        wanted["csv"] = as_base64(content)
        return self._caller.result(_changing("POST", wanted), reading.imported)

    def delete_exceptions(
        self,
        product_code: str | None = None,
        batch: str | None = None,
        ids: Sequence[int] | None = None,
    ) -> Deletion:
        """Delete those that fit all that is given; at least one of the three is needed."""
        wanted = given(productCode=product_code, batch=batch, id=ids)
        return self._caller.result(_changing("DELETE", wanted), reading.deletion)


def _asking(name: str, **parameters: object) -> Call:
    return Call(
        method="GET",
        path=FILTER,
        parameters=given(list=name, **parameters),
        repeatable=True,
    )


def _changing(method: str, parameters: dict[str, object]) -> Call:
    return Call(method=method, path=FILTER, parameters=parameters, repeatable=False)
