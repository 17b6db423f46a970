"""A new ear tag for an animal that has lost its own.

From then on reports with the old one get 07 (service page of IZR_ODH01B).
"""

from dataclasses import replace

from sqlalchemy import bindparam, delete

from podatelna.izr import queries
from podatelna.izr.model import Animal
from podatelna.izr.register import Register
from podatelna.izr.tables import MOVEMENT
from podatelna.kernel.statements import Statement

_FORGET = Statement(
    delete(MOVEMENT).where(queries.here(MOVEMENT), MOVEMENT.c.tag == bindparam("the_tag"))
)


def retag(register: Register, old: Animal, new: str) -> Animal:
    """Give an animal a tag that none has; its events go with it, and a record of the old one stays.

    Its offspring keep the tag that they were registered with.
    """
    life = [replace(movement, tag=new) for movement in register.movements(old.tag)]
    register.remove_animal(old.tag)
    _FORGET.run(register.transaction, {"where": register.environment, "the_tag": old.tag})
    animal = replace(old, tag=new)
    register.add_animals([(animal, life), (replace(old, replaced_by=new), [])])
    return animal
