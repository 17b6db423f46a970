"""A WSGI application, such as Flask makes, as a handler of the server."""

import re
import sys
from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from podatelna.kernel.exchange import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_HOST = re.compile(r"^(.*?)(?::([0-9]+))?$")
_OWN_NAMES = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


def from_wsgi(application: "WSGIApplication") -> Callable[[Request], Response]:
    """A handler that asks the application and waits for its whole answer.

    What the application raises is raised by the handler.
    """

    def handle(request: Request) -> Response:
        heads: list[tuple[str, list[tuple[str, str]]]] = []
        body: list[bytes] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], error: object = None, /
        ) -> Callable[[bytes], object]:
            """The last call counts: nothing is sent before the answer is whole."""
            heads.append((status, headers))
            return body.append

        parts = application(environ(request), start_response)
        try:
            for part in parts:
                body.append(part)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        status, headers = heads[-1]
        code, _, reason = status.partition(" ")
        return Response(int(code), b"".join(body), tuple(headers), reason)

    return handle


def environ(request: Request) -> dict[str, Any]:
    """The request as PEP 3333 wants it.

    Names with an underscore are left out: WSGI could not tell `X_Role` from `X-Role`. So is the
    transfer coding, since the body is whole.
    """
    kept = {
        _OWN_NAMES.get(name, "HTTP_" + name.upper().replace("-", "_")): value
        for name, value in request.headers.items()
        if "_" not in name and name != "transfer-encoding"
    }
    host, port = _HOST.findall(request.headers.get("host", ""))[0]
    return kept | {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(request.path).decode("latin-1"),
        "QUERY_STRING": request.query,
        "CONTENT_LENGTH": str(len(request.body)),
        "SERVER_NAME": host or "localhost",
        "SERVER_PORT": port or "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": request.peer,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(request.body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
