"""RSA keys that follow from a label. They are no secret: whoever knows the label has the key."""

import hashlib
import math
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

BITS: Final = 2048
_EXPONENT: Final = 65537
_ROUNDS: Final = 8
"""Of Miller and Rabin's test: for numbers of 1024 bits drawn by lot, FIPS 186-5 wants 4."""
_WINDOW: Final = 1 << 13
"""Odd numbers that are sieved at once; one of 355 is a prime."""
_SIEVED_BY: Final = 1 << 15


@lru_cache(maxsize=256)
def derived_key(label: bytes) -> "RSAPrivateKey":
    """The key of a label; to make it takes about half a second."""
    from cryptography.hazmat.primitives.asymmetric.rsa import (  # noqa: PLC0415 - see authority.py
        RSAPrivateNumbers,
        RSAPublicNumbers,
        rsa_crt_dmp1,
        rsa_crt_dmq1,
        rsa_crt_iqmp,
    )

    p, q = sorted((_prime(label + each) for each in (b"p", b"q")), reverse=True)
    secret = pow(_EXPONENT, -1, math.lcm(p - 1, q - 1))
    numbers = RSAPrivateNumbers(
        p,
        q,
        secret,
        rsa_crt_dmp1(secret, p),
        rsa_crt_dmq1(secret, q),
        rsa_crt_iqmp(p, q),
        RSAPublicNumbers(_EXPONENT, p * q),
    )
    return numbers.private_key()


def _prime(label: bytes) -> int:
    """The first prime behind a number that follows from the label; its two top bits are set."""
    for start in _numbers(label, BITS // 2):
        for candidate in _sieved(start | 3 << (BITS // 2 - 2) | 1):
            if math.gcd(candidate - 1, _EXPONENT) == 1 and _is_prime(candidate, label):
                return candidate
    raise AssertionError("numbers never end")


def _numbers(label: bytes, bits: int) -> Iterator[int]:
    """SHA-256 of label and counter, joined."""
    size = bits // 256
    counter = 0
    while True:
        blocks = (label + (counter + each).to_bytes(8, "big") for each in range(size))
        yield int.from_bytes(b"".join(hashlib.sha256(block).digest() for block in blocks), "big")
        counter += size


def _sieved(start: int) -> Iterator[int]:
    """Odd numbers from an odd one on that no small prime divides, of one window."""
    composite = bytearray(_WINDOW)
    for prime in _small_primes():
        # start + 2 * first is the first multiple in the window.
        first = -start * ((prime + 1) // 2) % prime
        composite[first::prime] = b"\1" * len(range(first, _WINDOW, prime))
    return (start + 2 * each for each in range(_WINDOW) if not composite[each])


@cache
def _small_primes() -> tuple[int, ...]:
    """The odd ones."""
    composite = bytearray(_SIEVED_BY)
    for each in range(3, math.isqrt(_SIEVED_BY) + 1, 2):
        if not composite[each]:
            composite[each * each :: each] = b"\1" * len(range(each * each, _SIEVED_BY, each))
    return tuple(each for each in range(3, _SIEVED_BY, 2) if not composite[each])


def _is_prime(number: int, label: bytes) -> bool:
    """Miller and Rabin's test of an odd number, with bases that follow from the label."""
    twos = ((number - 1) & (1 - number)).bit_length() - 1
    odd = (number - 1) >> twos
    bases = _numbers(label + b"bases", BITS // 2)
    return all(
        _is_witnessed(pow(next(bases) % (number - 3) + 2, odd, number), twos, number)
        for _ in range(_ROUNDS)
    )


def _is_witnessed(power: int, twos: int, number: int) -> bool:
    """Whether a base speaks for a prime."""
    if power in (1, number - 1):
        return True
    for _ in range(twos - 1):
        power = power * power % number
        if power == number - 1:
            return True
    return False
