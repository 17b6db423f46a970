"""The table registry of the kernel, and what its tables do with texts that callers choose.

Each agency has a registry of its own.
"""

from sqlalchemy import MetaData

TABLES = MetaData()


def heard(text: str) -> str:
    """A text from outside, where anything may stand, as every database can hold it.

    NUL, which PostgreSQL refuses, and lone surrogates, which none can encode, become escapes:
    `\\x00`, `\\udc80`. For looking up as for writing.
    """
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", r"\x00").encode("utf-8", "backslashreplace").decode()
