"""Identifiers: different every time, the same every run."""

from collections import Counter
from uuid import RFC_4122, UUID

import pytest

from podatelna.kernel.ids import Ids, random_seed, random_token


def ids(seed: str = "a seed") -> Ids:
    counts: Counter[str] = Counter()

    def count(series: str) -> int:
        counts[series] += 1
        return counts[series]

    return Ids(seed, count)


def test_numbers_go_up_by_one_in_each_series() -> None:
    drawn = ids()
    assert [drawn.number(series) for series in "aabab"] == [1, 2, 1, 3, 2]


def test_a_seed_always_gives_the_same() -> None:
    """The values are fixed: whoever stored them in an expectation must find them again."""
    drawn = ids()
    octets = [drawn.octets(series, 4).hex() for series in "aab"]
    assert octets == ["fa6fef90", "9545ed80", "1ff927b9"]
    assert drawn.guid("c") == UUID("a31951d6-ca0a-49e3-999f-2d8c8e104e1f")


@pytest.mark.parametrize("length", [0, 1, 8, 32])
def test_octets_are_as_many_as_asked_for(length: int) -> None:
    assert len(ids().octets("a", length)) == length


def test_other_seeds_series_and_draws_give_others() -> None:
    one, other = ids(), ids("another seed")
    drawn = [one.guid("a"), one.guid("a"), one.guid("b"), other.guid("a")]
    assert len(set(drawn)) == len(drawn)


def test_a_guid_says_that_it_is_random() -> None:
    guid = ids().guid("a")
    assert (guid.version, guid.variant) == (4, RFC_4122)


def test_what_is_random_is_not_the_same_twice() -> None:
    assert random_seed() != random_seed()
    assert random_token() != random_token()
    assert (len(random_seed()), len(random_token())) == (32, 43)
