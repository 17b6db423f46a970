"""The table registry of the kernel, and the type of texts that callers choose.

Each agency has a registry of its own.
"""

from sqlalchemy import Dialect, MetaData, String, TypeDecorator

TABLES = MetaData()


class Heard(TypeDecorator[str]):
    """Text as it came from outside, where anything may stand.

    Databases differ in what their texts hold. NUL, which PostgreSQL refuses, and lone surrogates,
    which none can encode, are written and looked up as escapes: `\\x00`, `\\udc80`.
    """

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or (value.isascii() and "\0" not in value):
            return value
        return value.replace("\0", r"\x00").encode("utf-8", "backslashreplace").decode()
