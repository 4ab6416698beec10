"""Appending: when it is allowed, what survives a rollback, and that it is the last statement."""

import datetime as dt
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from fynlo.core.ids import new_id
from fynlo.core.tenancy import (
    TenantContextMissing,
    WrongTenant,
    leave,
    platform_context,
    run_in_tenant,
    tenant_context,
)
from fynlo.events.log import (
    OutsideUnitOfWork,
    UnitOfWorkMisplaced,
    append,
    current_txn,
    head,
    positions_of,
    read_after,
    unit_of_work,
)
from fynlo.events.models import Cursor, FeedHead
from tests.events.facts import BellRang, rang, ring


def told() -> list[tuple[int, int]]:
    """(position, times) of everything in the feed."""
    return [(item.seq, item.data["times"]) for item in read_after(0) if item.data]


class Refused(Exception):
    """Raised by a test in the middle of its work."""


# --- positions ---


def test_a_new_tenants_feed_is_empty(in_cafe: Any) -> None:
    assert head() == 0
    assert read_after(0) == []


def test_events_of_a_unit_get_dense_positions_in_order_and_share_its_txn(in_cafe: Any) -> None:
    ring(10)
    with unit_of_work():
        txn = current_txn()
        append(rang(20))
        append(rang(30))
    assert told() == [(1, 10), (2, 20), (3, 30)]
    assert [item.txn for item in read_after(1)] == [txn, txn]
    assert txn is not None
    assert positions_of(txn) == [2, 3]
    assert head() == 3


def test_a_unit_that_says_nothing_takes_no_position(in_cafe: Any) -> None:
    with unit_of_work():
        txn = current_txn()
    assert head() == 0
    assert txn is not None
    assert positions_of(txn) == []


def test_each_tenant_counts_for_itself(cafe: Any, grocer: Any) -> None:
    for tenant in (cafe, grocer, cafe):
        with tenant_context(tenant):
            ring(1)
    with tenant_context(cafe):
        assert head() == 2
    with tenant_context(grocer):
        assert head() == 1


def test_there_is_no_transaction_id_outside_a_unit(in_cafe: Any) -> None:
    assert current_txn() is None


# --- the last statement ---


def test_the_feed_statement_is_one_and_the_last_before_commit(shared_cafe: Any) -> None:
    with tenant_context(shared_cafe), CaptureQueriesContext(connection) as queries:
        with unit_of_work():
            append(rang(1))
            Cursor.objects.create(reader="made after the event was appended")
            append(rang(2))
    statements = [query["sql"].split()[:2] for query in queries.captured_queries]
    feed = [
        number for number, query in enumerate(queries.captured_queries) if "events_feedhead" in query["sql"]
    ]
    assert statements[-1] == ["COMMIT"]
    assert feed == [len(statements) - 2]
    assert "INSERT INTO events_event" in queries.captured_queries[-2]["sql"]


# --- what a rollback takes along ---


def test_a_failed_unit_leaves_no_event_and_no_gap(in_cafe: Any) -> None:
    def fail() -> None:
        with unit_of_work():
            append(rang(2))
            raise Refused

    ring(1)
    with pytest.raises(Refused):
        fail()
    ring(3)
    assert told() == [(1, 1), (2, 3)]


def test_a_connection_lost_in_the_middle_leaves_no_event_and_no_gap(shared_cafe: Any) -> None:
    def lose_connection() -> None:
        with unit_of_work(), connection.cursor() as cursor:
            append(rang(1))
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with tenant_context(shared_cafe):
        with pytest.raises(OperationalError):
            lose_connection()
        ring(2)
        assert told() == [(1, 2)]


def _nested_unit() -> None:
    with unit_of_work():
        append(rang(2))
        with unit_of_work():
            append(rang(3))
        raise Refused


def _plain_savepoint() -> None:
    with transaction.atomic():
        append(rang(2))
        raise Refused


def _unit_in_a_plain_savepoint() -> None:
    with transaction.atomic():
        with unit_of_work():
            append(rang(2))
        raise Refused


@pytest.mark.parametrize("inner", [_nested_unit, _plain_savepoint, _unit_in_a_plain_savepoint])
def test_what_was_said_in_a_savepoint_that_is_rolled_back_is_not_told(
    in_cafe: Any, inner: Callable[[], None]
) -> None:
    with unit_of_work():
        append(rang(1))
        with pytest.raises(Refused):
            inner()
        append(rang(4))
    assert told() == [(1, 1), (2, 4)]


def test_a_nested_unit_that_succeeds_joins_the_outer_one(in_cafe: Any) -> None:
    with unit_of_work():
        append(rang(1))
        outer = current_txn()
        with unit_of_work():
            assert current_txn() == outer
            append(rang(2))
        assert head() == 0
    assert told() == [(1, 1), (2, 2)]


def test_a_transaction_somebody_broke_and_hid_is_an_error_not_a_silent_rollback(in_cafe: Any) -> None:
    def break_and_hide() -> None:
        with unit_of_work():
            append(rang(1))
            with suppress(Refused), transaction.atomic(savepoint=False):
                raise Refused

    with pytest.raises(TransactionManagementError):
        break_and_hide()
    assert head() == 0


def test_a_missing_head_row_fails_the_unit(in_cafe: Any) -> None:
    FeedHead.objects.all().delete()
    with pytest.raises(RuntimeError, match="the feed head of t_cafe is missing"):
        ring(1)


# --- where it is allowed ---


def test_append_outside_a_unit_is_refused(in_cafe: Any) -> None:
    with pytest.raises(OutsideUnitOfWork, match=r"bell\.rang was appended outside"):
        append(rang(1))


def test_append_after_a_unit_is_refused(in_cafe: Any) -> None:
    ring(1)
    with pytest.raises(OutsideUnitOfWork):
        append(rang(2))


@pytest.mark.parametrize("place", ["nowhere", "platform"])
def test_outside_a_tenant_there_is_no_log(db: None, place: str) -> None:
    def refused() -> None:
        for call in (
            lambda: unit_of_work().__enter__(),
            lambda: append(rang(1)),
            head,
            lambda: read_after(0),
            lambda: positions_of(rang(1).entity_id),
        ):
            with pytest.raises(TenantContextMissing):
                call()

    if place == "nowhere":
        refused()
    else:
        with platform_context():
            refused()


def test_a_unit_of_one_tenant_hears_nothing_said_in_another(cafe: Any, grocer: Any) -> None:
    def mix() -> None:
        with tenant_context(cafe), unit_of_work(), tenant_context(grocer):
            append(rang(1))

    with pytest.raises(WrongTenant, match="t_cafe was used inside t_grocer"):
        mix()
    with tenant_context(cafe), pytest.raises(WrongTenant):
        with unit_of_work(), tenant_context(grocer), unit_of_work():
            pass


def test_a_unit_whose_connection_left_the_tenant_is_not_committed(cafe: Any) -> None:
    def stray() -> None:
        with tenant_context(cafe), unit_of_work():
            append(rang(1))
            leave()

    with pytest.raises(TenantContextMissing):
        stray()
    with tenant_context(cafe):
        assert head() == 0


def test_a_unit_inside_a_plain_transaction_is_refused(shared_cafe: Any) -> None:
    with tenant_context(shared_cafe), transaction.atomic():
        with pytest.raises(UnitOfWorkMisplaced, match=r"inside transaction\.atomic\(\)"):
            ring(1)


def test_a_unit_on_a_connection_without_autocommit_is_refused(shared_cafe: Any) -> None:
    with tenant_context(shared_cafe):
        transaction.set_autocommit(False)
        try:
            with pytest.raises(UnitOfWorkMisplaced, match="without autocommit"):
                ring(1)
        finally:
            transaction.rollback()
            transaction.set_autocommit(True)


def test_a_unit_belongs_to_its_thread(shared_cafe: Any) -> None:
    seen: list[str] = []

    def elsewhere() -> None:
        try:
            append(rang(2))
        except OutsideUnitOfWork:
            seen.append("refused")
        ring(3)
        connection.close()

    with tenant_context(shared_cafe), unit_of_work():
        append(rang(1))
        thread = threading.Thread(target=run_in_tenant, args=(shared_cafe, elsewhere))
        thread.start()
        thread.join()
    assert seen == ["refused"]
    with tenant_context(shared_cafe):
        assert told() == [(1, 3), (2, 1)]


def test_a_naive_time_is_refused(in_cafe: Any) -> None:
    with pytest.raises(ValueError, match="naive time"), unit_of_work():
        append(BellRang(entity_id=new_id(), times=1, at=dt.datetime(2026, 1, 1)))  # noqa: DTZ001


# --- reading ---


def test_a_page_never_ends_inside_a_transaction(in_cafe: Any) -> None:
    ring(1)
    ring(2, 3, 4, 5)
    ring(6)
    assert [item.seq for item in read_after(0, limit=1)] == [1]
    assert [item.seq for item in read_after(0, limit=2)] == [1, 2, 3, 4, 5]
    assert [item.seq for item in read_after(1, limit=1)] == [2, 3, 4, 5]
    assert [item.seq for item in read_after(3, limit=1)] == [4, 5]
    assert [item.seq for item in read_after(5, limit=1)] == [6]
    assert read_after(6) == []


@pytest.mark.parametrize("count", [1, 3])
def test_a_full_page_takes_two_statements_and_a_short_one_takes_one(in_cafe: Any, count: int) -> None:
    for times in range(count):
        ring(times)
    with CaptureQueriesContext(connection) as full:
        read_after(0, limit=count)
    with CaptureQueriesContext(connection) as short:
        read_after(0, limit=count + 1)
    assert (len(full), len(short)) == (2, 1)


def test_nonsense_pages_are_refused(in_cafe: Any) -> None:
    for position, limit in ((-1, 10), (0, 0)):
        with pytest.raises(ValueError, match="there is no page"):
            read_after(position, limit=limit)
