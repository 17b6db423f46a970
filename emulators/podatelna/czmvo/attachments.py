"""Files that come with messages, as base64 in JSON (manual 2.7.2)."""

from binascii import a2b_base64
from collections.abc import Mapping

from podatelna.czmvo.model import Refusal
from podatelna.kernel.contract import Contract
from podatelna.kernel.settings import Settings

RAISED = ("file_not_decoded", "file_too_large", "file_type_not_supported")
"""Keys of errors.yaml, in the order in which they are looked for."""

_BLANKS = (" ", "\n", "\r", "\t")
_MEGABYTE = 2**20


def read_attachment(
    encoded: str, filename: str, settings: Settings, contract: Contract
) -> bytes | Refusal:
    """The bytes of a file, or what is wrong with it: coding, then size, then type (ours)."""
    content = decoded(encoded, blanks=settings["file_blanks"] == "accepted")
    if not content:
        return Refusal("file_not_decoded", "file", f"{len(encoded)} characters")
    limit = settings["file_limit_bytes"]
    assert isinstance(limit, int)
    if len(content) > limit:
        # The text names the maximum in whole megabytes (manual 2.6, code 15).
        details = {"megabytes": str(max(1, limit // _MEGABYTE))}
        return Refusal("file_too_large", "file", f"{len(content)} bytes", details)
    if extension(filename) not in _extensions(contract):
        return Refusal("file_type_not_supported", "filename", filename[-100:])
    return content


def decoded(encoded: str, *, blanks: bool) -> bytes | None:
    """What base64 stands for; None if it is none. Empty text stands for nothing.

    `blanks`: blanks and line breaks are passed over.
    """
    content = _strictly(encoded)
    if content is None and blanks:
        shorter = _without_blanks(encoded)
        content = _strictly(shorter) if len(shorter) < len(encoded) else None
    return content


def _strictly(encoded: str) -> bytes | None:
    try:
        content = a2b_base64(encoded, strict_mode=True)
    except ValueError:
        return None
    # Not every version of Python minds padding after a group that is whole.
    return content if len(encoded) == -(-len(content) // 3) * 4 else None


def extension(filename: str) -> str:
    """Of a file's name, in small letters; "" if it has none."""
    return filename.rpartition(".")[2].strip().lower() if "." in filename else ""


def media_type(filename: str, contract: Contract) -> str:
    """What a file of a supported type is, by its name; "" of any other."""
    short = extension(filename)
    types: Mapping[str, str] = contract.constant("file_types")
    return types.get(contract.constant("file_type_aliases").get(short, short), "")


def _without_blanks(encoded: str) -> str:
    for blank in _BLANKS:
        encoded = encoded.replace(blank, "")
    return encoded


def _extensions(contract: Contract) -> set[str]:
    """The types count by extension (manual 2.6, code 23); some have two in use."""
    return {*contract.constant("file_types"), *contract.constant("file_type_aliases")}
