"""Steps around a handler, outermost first."""

from functools import reduce

from podatelna.kernel.exchange import Response
from podatelna.kernel.visit import Handler, Step, Visit


def stack(*steps: Step, around: Handler) -> Handler:
    """The handler inside the steps; the first step sees the visit first and the answer last."""

    def wrap(inner: Handler, step: Step) -> Handler:
        def handle(visit: Visit) -> Response:
            return step(visit, inner)

        return handle

    return reduce(wrap, reversed(steps), around)
