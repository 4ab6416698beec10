"""The bridge from ASGI to the WSGI application: what a client sends arrives once, and nothing else does."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from fynlo.bridge import ThreadedWSGI, wsgi_environ


def scope(**changes: Any) -> dict[str, Any]:
    return {
        "type": "http",
        "method": "POST",
        "path": "/api/v1/orders",
        "query_string": b"a=1",
        "headers": [],
        "scheme": "http",
        "http_version": "1.1",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 50000),
        **changes,
    }


def exchange(bridge: ThreadedWSGI, messages: list[dict[str, Any]], **changes: Any) -> list[dict[str, Any]]:
    """Send `messages` to the bridge and return what it sent back."""
    waiting, sent = list(messages), []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(bridge(scope(**changes), receive, send))
    return sent


class Echo:
    """A WSGI application that answers with what it was given."""

    def __init__(self) -> None:
        self.closed = 0
        self.environ: dict[str, Any] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.environ = environ
        start_response("201 Created", [("X-A", "1"), ("X-A", "2")])
        return self

    def __iter__(self) -> Any:
        yield self.environ["wsgi.input"].read()

    def close(self) -> None:
        self.closed += 1


def test_a_body_in_pieces_arrives_whole_and_the_answer_is_closed() -> None:
    echo = Echo()
    sent = exchange(
        ThreadedWSGI(echo, threads=1, max_body=100),
        [
            {"type": "http.request", "body": b"abc", "more_body": True},
            {"type": "http.request", "body": b"def"},
        ],
    )
    assert sent == [
        {
            "type": "http.response.start",
            "status": 201,
            "headers": [(b"x-a", b"1"), (b"x-a", b"2"), (b"content-length", b"6")],
        },
        {"type": "http.response.body", "body": b"abcdef"},
    ]
    assert echo.closed == 1
    assert echo.environ["CONTENT_LENGTH"] == "6"


def test_a_body_over_the_limit_is_refused_while_reading_whatever_its_length_header_says() -> None:
    echo = Echo()
    sent = exchange(
        ThreadedWSGI(echo, threads=1, max_body=4),
        [
            {"type": "http.request", "body": b"abc", "more_body": True},
            {"type": "http.request", "body": b"de"},
        ],
        headers=[(b"content-length", b"1")],
    )
    assert sent[0]["status"] == 413
    assert echo.environ == {}


def test_a_client_that_goes_away_is_not_answered() -> None:
    echo = Echo()
    assert exchange(ThreadedWSGI(echo, threads=1, max_body=4), [{"type": "http.disconnect"}]) == []
    assert echo.environ == {}


@pytest.mark.parametrize(
    ("headers", "name", "value"),
    [
        ([(b"host", b"cafe.localhost")], "HTTP_HOST", "cafe.localhost"),
        ([(b"cookie", b"a=1"), (b"cookie", b"b=2")], "HTTP_COOKIE", "a=1; b=2"),
        ([(b"accept", b"a"), (b"accept", b"b")], "HTTP_ACCEPT", "a,b"),
        ([(b"content-type", b"text/plain")], "CONTENT_TYPE", "text/plain"),
        ([(b"x_forwarded_host", b"evil"), (b"x-forwarded-host", b"good")], "HTTP_X_FORWARDED_HOST", "good"),
    ],
)
def test_headers_become_variables(headers: list[tuple[bytes, bytes]], name: str, value: str) -> None:
    assert wsgi_environ(scope(headers=headers), b"")[name] == value


def test_a_path_beyond_ascii_survives() -> None:
    assert wsgi_environ(scope(path="/café"), b"")["PATH_INFO"].encode("latin-1").decode() == "/café"


def test_what_is_known_at_once_needs_no_thread() -> None:
    echo = Echo()
    bridge = ThreadedWSGI(echo, threads=1, max_body=4, at_once={"/health/live": b"{}"})
    sent = exchange(bridge, [{"type": "http.request"}], path="/health/live")
    assert (sent[0]["status"], sent[1]["body"]) == (200, b"{}")
    assert echo.environ == {}
