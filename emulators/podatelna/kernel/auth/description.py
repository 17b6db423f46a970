"""Authorization headers in words for the journal, without what they prove."""

from podatelna.kernel.auth.basic import read_basic
from podatelna.kernel.auth.bearer import read_bearer
from podatelna.kernel.auth.ntlm import describe_token, plain
from podatelna.kernel.blanking import BLANK


def describe_authorization(header: str) -> str:
    """`Basic login`, `Bearer [blanked]`, or what is said in an NTLM handshake.

    A login that is its own password is blanked, too.
    """
    basic = read_basic(header)
    if basic:
        login, password = basic
        return f"Basic {BLANK if login == password else plain(login)}"
    return f"Bearer {BLANK}" if read_bearer(header) else describe_token(header)
