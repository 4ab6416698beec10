"""Two merchants' sockets in one process share threads and connections, and never each other's rows.

Traps 6 and 7, each with its twin: the same work without the guard, which reads the wrong merchant's feed.
"""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from fynlo.core.tenancy import TenantContextMissing, current_schema, leave, run_in_tenant, tenant_context
from fynlo.events.log import read_after
from fynlo.events.models import Event
from fynlo.realtime import threads
from fynlo.realtime.base import TenantConsumer
from fynlo.realtime.threads import in_database_thread
from tests.events.facts import ring_at

pytestmark = pytest.mark.asyncio

ROUNDS = 40


def consumer_of(tenant: Any, kind: type[TenantConsumer] = TenantConsumer) -> TenantConsumer:
    """A consumer as it is while its socket is open."""
    consumer = kind()
    consumer.scope = {"tenant": tenant}
    return consumer


def my_marks() -> set[int]:
    """What is in the feed of whoever asks; the café's marks are below a hundred, the grocer's above."""
    return {item.data["times"] for item in read_after(0) if item.data}


def place(tenant: Any) -> None:
    """Place this thread's connection, for good."""
    connection.go_to(tenant)


@pytest.fixture
def marked(cafe: Any, grocer: Any) -> None:
    """A feed for each, told apart by its numbers."""
    ring_at(cafe, 1, 2)
    ring_at(grocer, 101, 102)


@pytest.fixture
def one_thread(fresh_database_threads: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """All sockets share one database thread: the worst case, and the usual one of Channels."""
    with ThreadPoolExecutor(1) as pool:
        monkeypatch.setattr(threads, "_pool", pool)
        yield


async def interleaved(cafe: TenantConsumer, grocer: TenantConsumer) -> list[tuple[set[int], set[int]]]:
    """Both ask again and again, at the same time."""

    async def both() -> tuple[set[int], set[int]]:
        first, second = await asyncio.gather(cafe.in_tenant(my_marks), grocer.in_tenant(my_marks))
        return first, second

    return [await both() for _ in range(ROUNDS)]


async def test_interleaved_sockets_read_their_own_feed(marked: None, cafe: Any, grocer: Any) -> None:
    answers = await interleaved(consumer_of(cafe), consumer_of(grocer))
    assert answers == [({1, 2}, {101, 102})] * ROUNDS


async def test_interleaved_sockets_on_one_thread_read_their_own_feed(
    marked: None, one_thread: None, cafe: Any, grocer: Any
) -> None:
    answers = await interleaved(consumer_of(cafe), consumer_of(grocer))
    assert answers == [({1, 2}, {101, 102})] * ROUNDS


class EntersOnce(TenantConsumer):
    """The mistake: places the thread's connection when the socket opens and trusts it afterwards."""

    async def open(self) -> None:
        await in_database_thread(place, self.tenant)

    async def in_tenant(self, function: Any, /, **kwargs: Any) -> Any:
        return await in_database_thread(function, **kwargs)


async def test_twin_a_socket_that_enters_once_reads_the_other_merchants_feed(
    marked: None, one_thread: None, cafe: Any, grocer: Any
) -> None:
    first, second = (EntersOnce(), EntersOnce())
    first.scope, second.scope = {"tenant": cafe}, {"tenant": grocer}
    await first.open()
    await second.open()
    assert await interleaved(first, second) == [({101, 102}, {101, 102})] * ROUNDS


class LeavesNothing(TenantConsumer):
    """The other mistake: enters, but does not leave, so that the thread keeps the tenant (trap 7)."""

    async def in_tenant(self, function: Any, /, **kwargs: Any) -> Any:
        def enter_and_stay() -> Any:
            place(self.tenant)
            return function(**kwargs)

        return await in_database_thread(enter_and_stay)


async def test_a_database_thread_is_nowhere_between_two_calls(
    marked: None, one_thread: None, cafe: Any
) -> None:
    assert await consumer_of(cafe).in_tenant(my_marks) == {1, 2}
    assert await in_database_thread(current_schema) is None
    with pytest.raises(TenantContextMissing):
        await in_database_thread(my_marks)


async def test_a_database_thread_is_nowhere_after_a_call_that_failed(
    marked: None, one_thread: None, cafe: Any
) -> None:
    def fail() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await consumer_of(cafe).in_tenant(fail)
    assert await in_database_thread(current_schema) is None


async def test_twin_a_thread_that_was_not_left_answers_the_next_caller_with_the_last_ones_feed(
    marked: None, one_thread: None, cafe: Any
) -> None:
    assert await consumer_of(cafe, LeavesNothing).in_tenant(my_marks) == {1, 2}
    assert await in_database_thread(my_marks) == {1, 2}
    await in_database_thread(leave)


async def test_a_thread_does_not_inherit_the_callers_tenant(marked: None, cafe: Any) -> None:
    """Trap 6: what a new thread does is nowhere, whoever started it; work is handed over with its tenant."""
    with tenant_context(cafe):
        with pytest.raises(TenantContextMissing):
            await in_database_thread(my_marks)
        assert await in_database_thread(run_in_tenant, cafe, my_marks) == {1, 2}


async def test_asynchronous_queries_are_nowhere_as_well(marked: None, cafe: Any) -> None:
    """Django's own `acount()` runs in yet another thread; there the guard raises instead of answering."""
    with tenant_context(cafe), pytest.raises(TenantContextMissing):
        await Event.objects.acount()
