"""One page to one reader: in order, with the cursor, in one transaction."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from fynlo.core.tenancy import TenantLike, WrongTenant, run_in_tenant, tenant_context
from fynlo.events.delivery import BUSY, IDLE, Delivery, deliver, lag
from fynlo.events.facts import FeedItem
from fynlo.events.log import append, head, read_after
from fynlo.events.models import Cursor
from fynlo.events.subscriptions import Subscription, subscribe, subscription, subscriptions
from staff.models import Role
from tests.events.facts import rang, ring, ring_at


class Listener:
    """A reader that remembers what it was handed, and by whom."""

    def __init__(self, name: str = "listener", *, page: int = 500) -> None:
        self.heard: list[tuple[str, int]] = []
        self.subscription = Subscription(name=name, handler=self._hear, page=page)

    def _hear(self, items: list[FeedItem], tenant: TenantLike) -> None:
        self.heard.extend((tenant.schema_name, item.seq) for item in items)

    @property
    def positions(self) -> list[int]:
        return [position for _, position in self.heard]


def test_pages_come_in_order_and_the_cursor_follows(in_cafe: Any) -> None:
    ring(1)
    ring(2, 3)
    ring(4)
    listener = Listener(page=2)
    assert lag(reader="listener") == 4
    assert deliver(subscription=listener.subscription) == Delivery("delivered", count=3, position=3)
    assert lag(reader="listener") == 1
    assert deliver(subscription=listener.subscription) == Delivery("delivered", count=1, position=4)
    assert deliver(subscription=listener.subscription) == IDLE
    assert listener.positions == [1, 2, 3, 4]
    assert Cursor.objects.get(reader="listener").position == 4


def test_every_reader_has_its_own_cursor_in_every_tenant(cafe: Any, grocer: Any) -> None:
    ring_at(cafe, 1, 2)
    ring_at(grocer, 1)
    first, second = Listener("first"), Listener("second")
    for tenant, listener in ((cafe, first), (grocer, second), (cafe, second)):
        with tenant_context(tenant):
            deliver(subscription=listener.subscription)
    assert first.heard == [("t_cafe", 1), ("t_cafe", 2)]
    assert second.heard == [("t_grocer", 1), ("t_cafe", 1), ("t_cafe", 2)]
    with tenant_context(grocer):
        assert lag(reader="first") == 1


def test_a_failing_reader_keeps_its_place_and_loses_what_it_wrote(in_cafe: Any) -> None:
    def fail(_items: list[FeedItem], _tenant: TenantLike) -> None:
        Role.objects.create(code="half", name="half done")
        raise LookupError("no such dish")

    ring(1)
    good = Listener("good")
    with pytest.raises(LookupError):
        deliver(subscription=Subscription(name="bad", handler=fail))
    assert not Role.objects.filter(code="half").exists()
    assert lag(reader="bad") == 1
    assert deliver(subscription=good.subscription).count == 1


def test_what_a_reader_says_is_told_together_with_its_cursor(in_cafe: Any) -> None:
    def echo(items: list[FeedItem], _tenant: TenantLike) -> None:
        if any(item.data == {"times": 1} for item in items):
            append(rang(100))

    ring(1)
    deliver(subscription=Subscription(name="echo", handler=echo))
    assert [(item.seq, item.data) for item in read_after(1)] == [(2, {"times": 100})]
    assert Cursor.objects.get(reader="echo").position == 1
    deliver(subscription=Subscription(name="echo", handler=echo))
    assert (head(), lag(reader="echo")) == (2, 0)


def test_a_reader_that_strays_into_another_tenant_moves_nothing(cafe: Any, grocer: Any) -> None:
    def stray(_items: list[FeedItem], _tenant: TenantLike) -> None:
        connection.go_to(grocer)

    ring_at(cafe, 1)
    ring_at(grocer, 1)
    with tenant_context(cafe), pytest.raises(WrongTenant):
        deliver(subscription=Subscription(name="stray", handler=stray))
    for tenant in (cafe, grocer):
        with tenant_context(tenant):
            assert lag(reader="stray") == 1


def test_a_cursor_somebody_holds_is_left_to_them_without_waiting(shared_cafe: Any) -> None:
    ring_at(shared_cafe, 1)
    listener = Listener()
    with tenant_context(shared_cafe):
        Cursor.objects.create(reader="listener", position=0)
    results: list[Delivery] = []

    def elsewhere() -> None:
        results.append(deliver(subscription=listener.subscription))
        connection.close()

    with tenant_context(shared_cafe), transaction.atomic():
        Cursor.objects.select_for_update().get(reader="listener")
        other = threading.Thread(target=run_in_tenant, args=(shared_cafe, elsewhere))
        other.start()
        other.join()
    assert results == [BUSY]
    assert listener.heard == []


def test_a_process_that_dies_before_the_commit_hands_the_page_out_again(shared_cafe: Any) -> None:
    """At least once: what the handler sent elsewhere is sent a second time, nothing is skipped."""
    ring_at(shared_cafe, 1, 2)
    sent: list[int] = []

    def send_and_die(items: list[FeedItem], _tenant: TenantLike) -> None:
        sent.extend(item.seq for item in items)
        raise KeyboardInterrupt

    with tenant_context(shared_cafe), pytest.raises(KeyboardInterrupt):
        deliver(subscription=Subscription(name="sender", handler=send_and_die))
    again = Listener("sender")
    with tenant_context(shared_cafe):
        deliver(subscription=again.subscription)
    assert sent == [1, 2]
    assert again.positions == [1, 2]


def test_the_sockets_are_a_reader() -> None:
    assert subscription("realtime") in subscriptions()


def test_a_readers_name_is_taken_once() -> None:
    with pytest.raises(ValueError, match="already a reader named 'realtime'"):
        subscribe(name="realtime", handler=lambda items, tenant: None)
