"""Secrets in whatever spelling, and what must stay readable beside them."""

import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podatelna.kernel.blanking import BLANK, LONGEST, Blanking
from podatelna.kernel.rest import php_json


@pytest.mark.parametrize(
    ("secrets", "text", "left"),
    [
        (["s3cret"], "a s3cret, s3cret!", f"a {BLANK}, {BLANK}!"),
        (["s3cret"], "S3CRET s3cre t", "S3CRET s3cre t"),
        (["one", "two"], "one two three", f"{BLANK} {BLANK} three"),
        (["pass", "password"], "password pass", f"{BLANK} {BLANK}"),
        (
            ["a b/č"],
            "x=a+b%2F%C4%8D&y=a%20b%2f%c4%8d&z=a%20b/%C4%8D",
            f"x={BLANK}&y={BLANK}&z={BLANK}",
        ),
        (["a/č"], r'["a/č", "a\/\u010d", "a/\u010d"]', f'["{BLANK}", "{BLANK}", "{BLANK}"]'),
        (["č"], "\xc4\x8d", BLANK),
        (['"\\'], r'{"a":"x\"\\x"}', f'{{"a":"x{BLANK}x"}}'),
        (["secret"], "client_secret=secret&a=1", f"client_secret={BLANK}&a=1"),
        (["secret"], '{"secret":"secret"}', f'{{"secret":"{BLANK}"}}'),
        (["."], "a.b|c", f"a{BLANK}b|c"),
        ([""], "nothing", "nothing"),
        ([], "nothing", "nothing"),
        (["x" * LONGEST], "x" * LONGEST, BLANK),
        (["x" * (LONGEST + 1)], "anything", BLANK),
        (["x" * (LONGEST + 1)], "", ""),
        (["\ud800"], "a \ud800 b", f"a {BLANK} b"),
    ],
)
def test_a_text(secrets: list[str], text: str, left: str) -> None:
    assert Blanking(secrets).value(text) == left


def test_values_at_any_depth() -> None:
    value = {"secret": ["secret", ("a secret",)], "b": {"c": "secret", "d": 1, "e": None}}
    assert Blanking(["secret"]).value(value) == {
        "secret": [BLANK, [f"a {BLANK}"]],
        "b": {"c": BLANK, "d": 1, "e": None},
    }


def test_a_body() -> None:
    blanking = Blanking(["tajné"])
    for coding in ("utf-8", "latin-1"):
        body = "<a>tajné</a>".encode(coding) + b"\xff"
        assert blanking.body(body, 99) == b"<a>[blanked]</a>\xff"


@pytest.mark.parametrize("most", range(14))
def test_a_body_that_is_cut_ends_with_no_half_of_a_secret(most: int) -> None:
    assert Blanking(["secret"]).body(b"a secret", most) == b"a [blanked]"[:most]


secrets = st.text(min_size=6, max_size=20).filter(lambda text: "blanked" not in text)


@given(secrets)
def test_any_secret_is_found_however_it_is_spelled(secret: str) -> None:
    blanking = Blanking([secret])
    octets = secret.encode(errors="surrogatepass")
    texts = [secret, json.dumps({"a": secret}), f"a={quote(octets)}", f"a={quote_plus(octets)}"]
    for text in texts:
        assert secret not in blanking.value(text)
        assert BLANK in blanking.value(text)
    if "\x7f" not in secret:
        written = {"token": secret, "left": 1}
        assert blanking.body(php_json(written), 999) == b'{"token":"[blanked]","left":1}'
