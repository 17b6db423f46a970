"""WSGI applications behind the server; `wsgiref.validate` is the judge of the environ."""

import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from wsgiref.validate import validator

import pytest
import requests
from flask import Flask, request
from flask import Response as FlaskResponse

from podatelna.kernel.exchange import Request, Response
from podatelna.kernel.wsgi import environ, from_wsgi
from tests.kernel.wire import PATIENCE, Serve, Wire, get, serving

serve = pytest.fixture(serving)

Start = Callable[..., Callable[[bytes], object]]


def hello(_: dict[str, Any], start: Start) -> Iterable[bytes]:
    start("299 Just So", [("X-b", "1"), ("set-cookie", "a"), ("set-cookie", "b")])
    return [b"hel", b"lo"]


def test_the_answer_is_taken_as_the_application_gave_it() -> None:
    assert from_wsgi(hello)(Request("GET", "/")) == Response(
        299, b"hello", (("X-b", "1"), ("set-cookie", "a"), ("set-cookie", "b")), "Just So"
    )


def test_the_application_is_given_the_request() -> None:
    headers = {
        "host": "here.example:8080",
        "content-type": "text/plain",
        "x-role": "guest",
        "x_role": "admin",
        "transfer-encoding": "chunked",
        "content-length": "99",
    }
    made = environ(Request("POST", "/%C4%8D%2Fa", "q=%20", headers, b"body", "192.0.2.7"))
    assert made.pop("wsgi.input").read() == b"body"
    assert made == {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/\xc4\x8d/a",
        "QUERY_STRING": "q=%20",
        "CONTENT_TYPE": "text/plain",
        "CONTENT_LENGTH": "4",
        "HTTP_HOST": "here.example:8080",
        "HTTP_X_ROLE": "guest",
        "SERVER_NAME": "here.example",
        "SERVER_PORT": "8080",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.7",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


@pytest.mark.parametrize(
    ("host", "name", "port"),
    [("h:81", "h", "81"), ("h", "h", "80"), ("[::1]:81", "[::1]", "81"), ("[::1]", "[::1]", "80")],
)
def test_the_server_is_named_as_the_caller_names_it(host: str, name: str, port: str) -> None:
    made = environ(Request("GET", "/", headers={"host": host}))
    assert (made["SERVER_NAME"], made["SERVER_PORT"]) == (name, port)


def test_a_caller_that_names_no_server_is_served() -> None:
    made = environ(Request("GET", "/"))
    assert (made["SERVER_NAME"], made["SERVER_PORT"]) == ("localhost", "80")


def test_the_environ_keeps_to_the_standard() -> None:
    def reads(given: dict[str, Any], start: Start) -> Iterable[bytes]:
        body = given["wsgi.input"].read(4)
        start("200 OK", [("Content-Type", "text/plain")])
        return [body]

    asked = Request("POST", "/a", "b", {"host": "h", "content-type": "x/y"}, b"body")
    answer = from_wsgi(validator(reads))(asked)
    assert answer == Response(200, b"body", (("Content-Type", "text/plain"),), "OK")


def test_what_is_written_what_is_yielded_and_a_late_error_come_in_order() -> None:
    def writes(_: dict[str, Any], start: Start) -> Iterator[bytes]:
        write = start("200 OK", [])
        write(b"1")
        yield b"2"
        write(b"3")
        start("500 Late", [("A", "b")], (ValueError, ValueError(), None))
        yield b"4"

    answer = from_wsgi(writes)(Request("GET", "/"))
    assert answer == Response(500, b"1234", (("A", "b"),), "Late")


def test_the_application_is_closed_even_when_it_fails() -> None:
    closed = []

    class Failing:
        def __iter__(self) -> Iterator[bytes]:
            raise ZeroDivisionError

        def close(self) -> None:
            closed.append(True)

    def fails(_: dict[str, Any], start: Start) -> Iterable[bytes]:
        start("200 OK", [])
        return Failing()

    with pytest.raises(ZeroDivisionError):
        from_wsgi(fails)(Request("GET", "/"))
    assert closed == [True]


def test_flask_is_served(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    app = Flask(__name__)

    @app.route("/<name>", methods=["GET", "POST"])
    def greet(name: str) -> FlaskResponse:
        text = f"{request.method} {name} {request.args.get('q')} {request.get_data(as_text=True)}"
        return FlaskResponse(f"{text} {request.host_url}", headers={"X-lower": "kept"})

    @app.get("/fails")
    def fails() -> str:
        raise ZeroDivisionError

    server = serve(from_wsgi(app))
    with requests.Session() as session:
        posted = session.post(
            f"{server.url}/%C4%8D?q=x", iter([b"in ", b"chunks"]), timeout=PATIENCE
        )
        headed = session.head(f"{server.url}/a", timeout=PATIENCE)
        failed = session.get(f"{server.url}/fails", timeout=PATIENCE)
    assert posted.text == f"POST č x in chunks {server.url}/"
    assert "X-lower" in list(posted.headers)
    assert (headed.status_code, headed.content) == (200, b"")
    assert int(headed.headers["Content-Length"]) == len(f"HEAD a None  {server.url}/")
    assert failed.status_code == 500
    with Wire(server) as wire:
        head, _ = wire.ask(get("/nothing/here"))
    assert head.startswith("HTTP/1.1 404 NOT FOUND\r\nContent-Type: text/html")
    caplog.clear()


def test_the_adapter_brings_no_framework_along() -> None:
    code = "import sys, podatelna.kernel.wsgi; print({'flask', 'werkzeug'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
