"""Basic and Bearer headers: read, and described without their secrets."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podatelna.kernel.auth.basic import read_basic
from podatelna.kernel.auth.bearer import read_bearer
from podatelna.kernel.auth.description import describe_authorization

PLACE = "858d085f-324a-4938-a796-333bfac94f05"


def basic(credentials: str | bytes) -> str:
    octets = credentials if isinstance(credentials, bytes) else credentials.encode()
    return f"Basic {b64encode(octets).decode()}"


@pytest.mark.parametrize(
    ("header", "read"),
    [
        ("Basic TE9HSU46UEFTU1dPUkQ=", ("LOGIN", "PASSWORD")),
        ("bASIC   TE9HSU46UEFTU1dPUkQ=  ", ("LOGIN", "PASSWORD")),
        (basic(f"{PLACE}:{PLACE}"), (PLACE, PLACE)),
        (basic("a:b:c"), ("a", "b:c")),
        (basic(":"), ("", "")),
        (basic("Jiří:Heslo-ž"), ("Jiří", "Heslo-ž")),
        (basic("é:è".encode("latin-1")), ("é", "è")),
        (basic("nobody"), None),
        (basic(""), None),
        ("Basic", None),
        ("Basic !!!!", None),
        ("Basic TE9HSU46UEFTU1dPUkQ", None),
        ("Basic TE9H, Basic TE9H", None),
        ("Basic č", None),
        ("Bearer TE9HSU46UEFTU1dPUkQ=", None),
        ("BasicTE9HSU46UEFTU1dPUkQ=", None),
        ("", None),
    ],
)
def test_basic(header: str, read: tuple[str, str] | None) -> None:
    assert read_basic(header) == read


@pytest.mark.parametrize(
    ("header", "read"),
    [
        ("Bearer abc.d-e_f~+/=", "abc.d-e_f~+/="),
        ("bearer eyJtc2ciOiJUYWR5...", "eyJtc2ciOiJUYWR5..."),
        (" BEARER   abc ", "abc"),
        ("Bearer a b", None),
        ("Bearer", None),
        ("Bearer ", None),
        ("Bearerabc", None),
        ("Basic abc", None),
        ("abc", None),
        ("", None),
    ],
)
def test_bearer(header: str, read: str | None) -> None:
    assert read_bearer(header) == read


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Basic TE9HSU46UEFTU1dPUkQ=", "Basic LOGIN"),
        (basic("a\r\nb" + "c" * 99 + ":x"), f"Basic a??b{'c' * 60}"),
        (basic(f"{PLACE}:{PLACE}"), "Basic [blanked]"),
        (basic("nobody"), "Basic"),
        ("Basic x", "Basic"),
        ("Bearer abc", "Bearer [blanked]"),
        ("Bearer a b", "Bearer"),
        ("NTLM", "NTLM malformed_token"),
        ("Heslo-123 Heslo-123", "unknown scheme"),
        ("", "unknown scheme"),
    ],
)
def test_description(header: str, words: str) -> None:
    assert describe_authorization(header) == words


@given(st.text() | st.builds(basic, st.binary()) | st.text().map("Bearer {}".format))
def test_no_header_raises(header: str) -> None:
    read_basic(header)
    read_bearer(header)
    assert describe_authorization(header).isprintable()


credentials = st.text(st.characters(exclude_categories=["Cs"]))


@given(credentials.filter(lambda text: ":" not in text), credentials)
def test_any_login_and_password_arrive(login: str, password: str) -> None:
    assert read_basic(basic(f"{login}:{password}")) == (login, password)


@given(st.text(min_size=8))
def test_no_password_and_no_token_is_described(secret: str) -> None:
    octets = f"somebody:{secret}".encode(errors="replace")
    assert describe_authorization(basic(octets)) == "Basic somebody"
    assert secret not in describe_authorization(f"Bearer {secret}")
