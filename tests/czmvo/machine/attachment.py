"""Files in the model. What is sent is base64 beyond doubt, or none at all."""

from base64 import b64decode
from typing import Any

from tests.czmvo.machine.records import Outcome
from tests.czmvo.machine.turn import Values, refused

TYPES = ("txt", "pdf", "csv", "jpg", "png", "tiff", "jpeg", "tif")


def read_file(settings: dict[str, Any], values: Values) -> tuple[str, bytes] | Outcome | None:
    if "file" not in values:
        return None
    try:
        content = b64decode(values["file"], validate=True)
    except ValueError:
        return refused(14)
    if len(content) > settings["file_limit_bytes"]:
        return refused(15, 1)
    name: str = values["filename"]
    return (name, content) if name.lower().split(".")[-1] in TYPES else refused(23)
