"""The hashed message: key, token, and which form a token was made of."""

from base64 import b64decode, b64encode
from hashlib import sha512

import pytest

from podatelna.izr.canonical import canonical
from podatelna.izr.tokens import CANDIDATES, Candidate, candidates, hash_key, matching, token
from tests.izr.messages import KEY, SOAP

IDLE = (
    f'<s:Envelope xmlns:s="{SOAP}" xmlns:far="urn:far"><s:Body xmlns:idle="urn:idle"> <A> x </A>'
    "</s:Body></s:Envelope>"
).encode()
"""Of this Body all forms differ."""


def test_key_is_hashed_once_with_sha1() -> None:
    assert hash_key(KEY).hex() == "a7d9f3093c0d4cbfac89a523ad3c8c01baac289f"
    assert b64encode(hash_key(KEY)).decode() == "p9nzCTwNTL+siaUjrTyMAbqsKJ8="


def test_key_is_hashed_in_utf_8() -> None:
    assert hash_key("klíč").hex() == "a28924315b876947603d78f55a5d70058faeb551"


def test_token_is_base64_of_sha512_of_body_and_key() -> None:
    made = token(b"<Body/>", b"hash")
    assert b64decode(made) == sha512(b"<Body/>hash").digest()
    assert len(made) == 88


def test_forms_in_their_order() -> None:
    assert [candidate.name for candidate in CANDIDATES] == [
        "reference",
        "exclusive",
        "exclusive with whitespace",
        "in place",
        "in place with whitespace",
    ]
    octets = [each.decode() for _, each in candidates(IDLE)]
    begin, idle, far = (f'xmlns:{name}="{uri}"' for name, uri in
                        (("s", SOAP), ("idle", "urn:idle"), ("far", "urn:far")))  # fmt: skip
    assert octets == [
        f"<s:Body {idle} {begin}><A> x </A></s:Body>",
        f"<s:Body {begin}><A> x </A></s:Body>",
        f"<s:Body {begin}> <A> x </A></s:Body>",
        f"<s:Body {far} {idle} {begin}><A> x </A></s:Body>",
        f"<s:Body {far} {idle} {begin}> <A> x </A></s:Body>",
    ]


@pytest.mark.parametrize("candidate", CANDIDATES, ids=lambda each: each.name)
def test_a_token_of_each_form_is_taken_and_named(candidate: Candidate) -> None:
    octets = canonical(IDLE, candidate.namespaces, blanks=candidate.blanks)
    made, key_hash = token(octets, hash_key(KEY)), hash_key(KEY)
    assert matching(IDLE, made, key_hash, strict=False) == candidate
    strictly = matching(IDLE, made, key_hash, strict=True)
    assert strictly == (candidate if candidate is CANDIDATES[0] else None)


def test_a_token_with_blanks_around_is_the_same() -> None:
    made = token(next(candidates(IDLE))[1], hash_key(KEY))
    assert matching(IDLE, f"\n {made}\t", hash_key(KEY), strict=True)


@pytest.mark.parametrize("given", ["", "A", "ř", "\ud800", "=" * 88, "A" * 100_000])
def test_what_is_no_token_is_wrong(given: str) -> None:
    assert matching(IDLE, given, hash_key(KEY), strict=False) is None


def test_a_token_of_another_key_or_case_is_wrong() -> None:
    made = token(next(candidates(IDLE))[1], hash_key(KEY))
    assert matching(IDLE, made, hash_key(KEY.lower()), strict=False) is None
    assert matching(IDLE, made.swapcase(), hash_key(KEY), strict=False) is None
