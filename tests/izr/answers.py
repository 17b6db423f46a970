"""Answers of services as tests read them: held against the schema of the payload."""

from functools import cache
from typing import Any

from lxml import etree

from podatelna.izr.model import ServiceError, Tree
from tests.izr.contract import served


def result_of(service: str, answer: Tree | ServiceError) -> Any:
    """What is in the one element of an answer, which fits the service's schema."""
    assert not isinstance(answer, ServiceError), answer
    namespace = f"http://www.pds.eu/{service}"
    response = etree.Element(f"{{{namespace}}}Response", nsmap={None: namespace})
    _write(response, namespace, answer)
    _schema(service).assertValid(response)
    ((_, result),) = answer
    return result


def refused(answer: Tree | ServiceError) -> tuple[str, str, str]:
    """Key, place and what was received."""
    assert isinstance(answer, ServiceError), answer
    return answer.key, answer.at, answer.received


@cache
def _schema(service: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring(served(f"payload/{service}.xsd", service)))


def _write(parent: Any, namespace: str, tree: Tree) -> None:
    for name, inside in tree:
        child = etree.SubElement(parent, f"{{{namespace}}}{name}")
        if isinstance(inside, str):
            child.text = inside
        else:
            _write(child, namespace, inside)
