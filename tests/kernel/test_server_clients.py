"""The server and clients that others wrote."""

import http.client
import os
import subprocess
from shutil import which

import pytest
import requests

from podatelna.kernel.exchange import Request, Response
from tests.kernel.wire import BODY, DELIVERIES, PATIENCE, Serve, echo, serving, troubled

serve = pytest.fixture(serving)


def test_http_client_keeps_its_connection(serve: Serve) -> None:
    server = serve(lambda request: Response(200, b"%d" % request.connection.number))
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    answers = []
    for method in ("GET", "HEAD", "POST", "GET"):
        client.request(method, "/", body=b"x" if method == "POST" else None)
        answers.append(client.getresponse().read())
    client.close()
    assert answers == [b"1", b"", b"1", b"1"]


def test_requests_posts_whole_and_in_chunks_and_meets_every_trouble(serve: Serve) -> None:
    def handle(request: Request) -> Response:
        return troubled(request) if request.path in DELIVERIES else echo(request)

    server = serve(handle)
    with requests.Session() as session:
        assert session.post(server.url, b"whole", timeout=PATIENCE).content == b"whole"
        chunks = (piece for piece in (b"in ", b"chunks"))
        assert session.post(server.url, chunks, timeout=PATIENCE).content == b"in chunks"
        for path, error in (
            ("/reset", requests.ConnectionError),
            ("/empty", requests.ConnectionError),
            ("/cut", requests.exceptions.ChunkedEncodingError),
        ):
            with pytest.raises(error):
                session.get(server.url + path, timeout=PATIENCE)
            assert session.get(server.url + "/drip", timeout=PATIENCE).content == BODY


@pytest.mark.skipif(which("curl") is None, reason="there is no curl here")
@pytest.mark.parametrize(
    ("arguments", "status", "output"),
    [
        (["-H", "Expect: 100-continue", "--data-binary", "@-"], 0, b"a" * 2_000_000),
        (["-H", "Transfer-Encoding: chunked", "-T", "-"], 0, b"a" * 2_000_000),
        (["--http1.0", "--data-binary", "@-"], 0, b"a" * 2_000_000),
        (["--head", "-w", "%{http_code}", "-o", os.devnull], 0, b"200"),
        (["--path-as-is"], 0, b"/"),
    ],
    ids=["expect", "chunked", "1.0", "head", "get"],
)
def test_curl_is_served(serve: Serve, arguments: list[str], status: int, output: bytes) -> None:
    assert _curl(serve().url, *arguments) == (status, output)


@pytest.mark.skipif(which("curl") is None, reason="there is no curl here")
@pytest.mark.parametrize(
    ("path", "status", "output"),
    [
        ("/cut", 18, b"0123"),
        ("/empty", 52, b""),
        ("/reset", 56, b""),
        ("/drip", 0, BODY),
        ("/delay", 0, BODY),
    ],
)
def test_curl_tells_the_troubles_apart(serve: Serve, path: str, status: int, output: bytes) -> None:
    assert _curl(serve(troubled).url + path) == (status, output)


def _curl(url: str, *arguments: str) -> tuple[int, bytes]:
    command = ["curl", "--silent", "--noproxy", "*", "--max-time", str(PATIENCE), *arguments, url]
    done = subprocess.run(command, input=b"a" * 2_000_000, capture_output=True, check=False)
    return done.returncode, done.stdout
