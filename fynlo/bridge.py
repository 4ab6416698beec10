"""HTTP beside websockets on one port: the WSGI application in a pool of long-lived threads.

Django's own ASGI path gives every request a thread context of its own, so database connections never
survive one (44 orders a second against 250–490 measured). Long-lived threads keep long-lived connections.
Bodies are buffered up to a limit; streaming answers need their own ASGI route.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from io import BytesIO
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Header = tuple[bytes, bytes]
_JOINED_BY_SEMICOLON = "HTTP_COOKIE"


class BodyTooLarge(Exception):
    """The request body passed the limit; counted while reading, whatever Content-Length said (trap 31)."""


class ThreadedWSGI:
    """An ASGI application for HTTP scopes that runs a WSGI application in `threads` threads."""

    def __init__(
        self,
        application: Callable[..., Iterable[bytes]],
        *,
        threads: int,
        max_body: int,
        at_once: Mapping[str, bytes] | None = None,
    ) -> None:
        self._application = application
        self._max_body = max_body
        # Paths with one JSON answer that must not wait for a thread: all of them may hang on a silent database.
        self._at_once = dict(at_once or {})
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="web")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        known = self._at_once.get(scope["path"])
        if known is not None:
            headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
            await _reply(send, HTTPStatus.OK, headers, known)
            return
        try:
            body = await self._read(receive)
        except BodyTooLarge:
            await _reply(send, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, [(b"connection", b"close")], b"")
            return
        if body is None:
            return
        loop = asyncio.get_running_loop()
        status, headers, data = await loop.run_in_executor(self._pool, self._run, scope, body)
        await _reply(send, status, headers, data)

    async def _read(self, receive: Receive) -> bytes | None:
        """The whole body; None when the client went away."""
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            body += message.get("body", b"")
            if len(body) > self._max_body:
                raise BodyTooLarge
            if not message.get("more_body"):
                return bytes(body)

    def _run(self, scope: Message, body: bytes) -> tuple[int, list[Header], bytes]:
        started: list[tuple[int, list[Header]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
            encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
            started.append((int(status.split(" ", 1)[0]), encoded))

        chunks = self._application(wsgi_environ(scope, body), start_response)
        try:
            data = b"".join(chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        return (*started[-1], data)


def wsgi_environ(scope: Message, body: bytes) -> dict[str, Any]:
    """The WSGI environment (PEP 3333) of an ASGI HTTP scope."""
    server, client = scope.get("server") or ("127.0.0.1", 0), scope.get("client") or ("", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8").decode("latin-1"),
        "QUERY_STRING": scope.get("query_string", b"").decode("latin-1"),
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "REMOTE_ADDR": str(client[0]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        if "_" in name:
            continue  # `x_y` and `x-y` are the same variable: an underscore would let a client forge a header
        key = name.upper().replace("-", "_")
        key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
        joint = "; " if key == _JOINED_BY_SEMICOLON else ","
        environ[key] = f"{environ[key]}{joint}{value}" if key in environ else value
    environ["CONTENT_LENGTH"] = str(len(body))
    return environ


async def _reply(send: Send, status: int, headers: list[Header], data: bytes) -> None:
    if not any(name == b"content-length" for name, _ in headers):
        headers = [*headers, (b"content-length", str(len(data)).encode())]
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": data})
