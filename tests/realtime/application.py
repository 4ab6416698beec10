"""Fynlo's ASGI application as daphne serves it to these tests.

Two things differ: who may listen is decided by the tests, through a file (devices and staff have
checkers of their own, tested with them); and a client has one second for its first message, not ten.
`GET /frames` tells how many event frames were sent, by where they came from.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fynlo.settings")

import json
from pathlib import Path
from typing import Any

import fynlo.asgi
from fynlo.core.actors import Actor
from fynlo.realtime import access, metrics
from fynlo.realtime.consumers import FeedConsumer
from tenants.sockets import may_listen

_REFUSED = Path(os.environ["FYNLO_TESTS_REFUSED"])
FeedConsumer.authenticate_within = 1.0


def not_refused(actor: Actor) -> bool:
    """Whether no test has refused this actor."""
    return not (_REFUSED / str(actor.id)).exists()


access._checkers.clear()
access.register_checker(name="tenants", checker=may_listen)
access.register_checker(
    name="tests", checker=not_refused, kinds={"device", "employee"}, on_events={"rights.changed"}
)


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The application, with one more page."""
    if scope["type"] == "http" and scope["path"] == "/frames":
        counts = {source: metrics.frames.labels(source)._value.get() for source in ("live", "database")}
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(counts).encode()})
        return
    await fynlo.asgi.application(scope, receive, send)
