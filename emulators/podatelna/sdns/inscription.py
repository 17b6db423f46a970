"""Whether the bytes of a message are in the encoding that it declares."""

import codecs
import re
from typing import Final

_DECLARED: Final = re.compile(
    rb"""<\?xml\s[^>]{0,100}?encoding\s*=\s*["'](?P<name>[A-Za-z0-9._-]{1,40})["']"""
)
_READ: Final = re.compile(
    r"utf-?(8|16)|us-ascii|(windows|cp)-?125\d|iso-8859-\d{1,2}", re.IGNORECASE
)
"""Encodings that an XML reader of the time surely reads."""
_MARKS: Final = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def remarks_on_text(content: bytes) -> tuple[list[str], list[str]]:
    """What is wrong with the content as XML text, and what is to be noted."""
    marked = next((name for mark, name in _MARKS.items() if content.startswith(mark)), "")
    declared = _declared(content)
    name = declared or marked or "utf-8"
    text = content.removeprefix(codecs.BOM_UTF8).lstrip()
    if not marked.startswith("utf-16") and not text.startswith(b"<"):
        return ["The content is no XML: it does not begin with <."], []
    if not _READ.fullmatch(name):
        return [f"The content declares the encoding {name}: take windows-1250 or UTF-8."], []
    wrong = _misread(content, "utf-16" if marked == "utf-16" else name)
    if marked == "utf-8" and codecs.lookup(name).name != "utf-8":
        wrong = [f"The content begins with the mark of UTF-8 and declares {name}."]
    return wrong, [] if wrong else [f"The content is XML in {name}, {len(content)} bytes."]


def _declared(content: bytes) -> str:
    found = _DECLARED.search(content[:400].replace(b"\0", b""))
    return found["name"].decode() if found else ""


def _misread(content: bytes, name: str) -> list[str]:
    try:
        content.decode(name)
    except (UnicodeDecodeError, LookupError) as error:
        at = f" at byte {error.start}" if isinstance(error, UnicodeDecodeError) else ""
        return [f"The content is not in the encoding that it declares, {name}: it breaks{at}."]
    if codecs.lookup(name).name.startswith("utf") or content.isascii():
        return []
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return []
    return [f"The content declares {name}, and its bytes are UTF-8."]
