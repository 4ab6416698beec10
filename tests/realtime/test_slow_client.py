"""A client that does not read holds up nobody, costs no memory, and misses nothing."""

from pathlib import Path
from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import append, unit_of_work
from tests.events.facts import BellRang
from tests.realtime.client import FeedClient, ticket_for
from tests.realtime.daphne import PATIENT, PLAIN, serving
from tests.redis_server import RedisServer

EVENTS = 700
_EACH = 20_000
"""Bytes of one event: together 14 MB, far beyond what the kernel keeps for a connection."""


def fill_the_feed(tenant: Any) -> None:
    """`EVENTS` large events."""
    with tenant_context(tenant):
        for _ in range(EVENTS // 100):
            with unit_of_work():
                for _ in range(100):
                    append(BellRang(entity_id=new_id(), times=1, note="x" * _EACH))


@pytest.mark.parametrize(("module", "waits"), [(PATIENT, True), (PLAIN, False)])
def test_only_what_the_network_takes_is_sent_to_a_client_that_does_not_read(
    cafe: Any, database_name: str, own_redis: RedisServer, tmp_path: Path, module: str, waits: bool
) -> None:
    """The twin is daphne itself, which keeps everything in memory for a client that reads nothing."""
    fill_the_feed(cafe)
    with (
        serving(
            database_name=database_name, redis_url=own_redis.url, log=tmp_path / "log", module=module
        ) as server,
        FeedClient(server.port, receive_buffer=4096, max_queue=1) as sleeper,
    ):
        sleeper.authenticate(ticket_for(cafe))
        with FeedClient(server.port) as reader:
            reader.authenticate(ticket_for(cafe))
            assert reader.positions(EVENTS) == list(range(1, EVENTS + 1))
        sent = server.frames()["database"] - EVENTS
        if waits:
            assert sent < EVENTS / 2
        else:
            while server.frames()["database"] < 2 * EVENTS:
                pass
        assert sleeper.positions(EVENTS) == list(range(1, EVENTS + 1))
