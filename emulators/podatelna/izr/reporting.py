"""What the services that take reports answer."""

from podatelna.izr.collection import refusal
from podatelna.izr.desk import Desk
from podatelna.izr.model import ServiceError, Tree
from podatelna.izr.processing import submit
from podatelna.izr.sendings import Sending, verify


def answer(desk: Desk, sending: Sending, result: str) -> Tree | ServiceError:
    """True in the element `result`, or state 5; never false (Q29).

    A report is sent only if JenOverit is false and nothing is wrong with it.
    """
    if found := verify(desk, sending):
        return refusal(desk, sending, found)
    if sending.submits:
        submit(desk, sending)
    return [(result, "true")]
