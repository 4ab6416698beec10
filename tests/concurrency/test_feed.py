"""P4: whoever follows the feed by cursor gets everything that was committed, in order, once.

The twin at the end plants the usual mistake, a sequence instead of the counter row, and shows the loss.
"""

import random
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from fynlo.core.tenancy import run_in_tenant, tenant_context
from fynlo.events.log import FeedItem, append, current_txn, head, read_after, unit_of_work
from tests.events.facts import rang, ring

WRITERS = 16
UNITS = 25

Committed = dict[uuid.UUID, list[int]]


class GaveUp(Exception):
    """A unit that decides at the end not to happen."""


def _write_some(writer: int, committed: Committed) -> None:
    """Commit `UNITS` units of one to three events; every fifth is given up after it appended."""
    chance = random.Random(writer)
    for number in range(UNITS):
        said = [writer * 1000 + number * 10 + each for each in range(chance.randint(1, 3))]
        try:
            with unit_of_work():
                txn = current_txn()
                assert txn is not None
                for each in said:
                    append(rang(each))
                _take_a_while(chance.randint(1, 2000))
                if number % 5 == 4:
                    raise GaveUp
        except GaveUp:
            continue
        committed[txn] = said
    connection.close()


def _take_a_while(rows: int) -> None:
    """Keep the transaction open for a moment that differs, so that the writers overtake each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM generate_series(1, %s)", [rows * 10])


def _follow(finished: threading.Event, delivered: list[FeedItem]) -> None:
    """Read by cursor in small pages until the writers are done and nothing is left."""
    while True:
        last_look = finished.is_set()
        page = read_after(delivered[-1].seq if delivered else 0, limit=7)
        delivered.extend(page)
        if last_look and not page:
            break
    connection.close()


def test_sixteen_writers_and_a_reader_deliver_exactly_what_was_committed(shared_cafe: Any) -> None:
    committed: list[Committed] = [{} for _ in range(WRITERS)]
    delivered: list[FeedItem] = []
    finished = threading.Event()
    writers = [
        threading.Thread(target=run_in_tenant, args=(shared_cafe, _write_some, number, committed[number]))
        for number in range(WRITERS)
    ]
    reader = threading.Thread(target=run_in_tenant, args=(shared_cafe, _follow, finished, delivered))
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    finished.set()
    reader.join()

    expected = {txn: said for each in committed for txn, said in each.items()}
    told: Committed = {}
    for item in delivered:
        assert item.data is not None
        told.setdefault(item.txn, []).append(item.data["times"])
    assert len(expected) == WRITERS * UNITS * 4 // 5
    assert told == expected
    assert [item.seq for item in delivered] == list(range(1, len(delivered) + 1))
    assert _blocks([item.txn for item in delivered]) == len(expected)
    with tenant_context(shared_cafe):
        assert head() == len(delivered)


def _blocks(txns: list[uuid.UUID]) -> int:
    """How many runs of equal transaction ids there are; one for each when transactions stand together."""
    return sum(1 for number, txn in enumerate(txns) if number == 0 or txns[number - 1] != txn)


class FeedLog:
    """The real feed, as the interleaving below sees it."""

    def say(self, number: int) -> None:
        append(rang(number))

    def unit(self) -> Any:
        return unit_of_work()

    def after(self, position: int) -> list[tuple[int, int]]:
        return [(item.seq, item.data["times"]) for item in read_after(position) if item.data]


class SequenceLog:
    """The mistake: positions from a sequence, given out before anybody knows the order of the commits."""

    def say(self, number: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO sequence_feed (times) VALUES (%s)", [number])

    def unit(self) -> Any:
        return transaction.atomic()

    def after(self, position: int) -> list[tuple[int, int]]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT position, times FROM sequence_feed WHERE position > %s ORDER BY 1", [position]
            )
            return list(cursor.fetchall())


def _slow_one_overtaken_by_all_others(tenant: Any, log: Any, read: Callable[[], None]) -> None:
    """One writer says 1 and stays open; fifteen say theirs and commit; the reader looks; the first commits."""
    said, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with log.unit():
            log.say(1)
            said.set()
            go_on.wait()
        connection.close()

    def fast(number: int) -> None:
        with log.unit():
            log.say(number)
        connection.close()

    thread = threading.Thread(target=run_in_tenant, args=(tenant, slow))
    thread.start()
    said.wait()
    others = [
        threading.Thread(target=run_in_tenant, args=(tenant, fast, number))
        for number in range(2, WRITERS + 1)
    ]
    for other in others:
        other.start()
    for other in others:
        other.join()
    read()
    go_on.set()
    thread.join()
    read()


def _delivered(tenant: Any, log: Any) -> list[int]:
    delivered: list[int] = []
    cursor = 0

    def read() -> None:
        nonlocal cursor
        with tenant_context(tenant):
            for position, number in log.after(cursor):
                cursor = position
                delivered.append(number)

    _slow_one_overtaken_by_all_others(tenant, log, read)
    return delivered


def test_of_sixteen_writers_the_overtaken_one_is_told_last(shared_cafe: Any) -> None:
    delivered = _delivered(shared_cafe, FeedLog())
    assert (sorted(delivered), delivered[-1]) == (list(range(1, WRITERS + 1)), 1)


@pytest.mark.django_db(transaction=True)
def test_twin_with_a_sequence_the_overtaken_one_of_sixteen_is_never_told(cafe: Any, as_owner: None) -> None:
    with tenant_context(cafe), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE sequence_feed (position bigserial PRIMARY KEY, times integer NOT NULL)")
    assert sorted(_delivered(cafe, SequenceLog())) == list(range(2, WRITERS + 1))
    with tenant_context(cafe), connection.cursor() as cursor:
        cursor.execute("SELECT position, times FROM sequence_feed ORDER BY times")
        committed = cursor.fetchall()
    assert (len(committed), committed[0]) == (WRITERS, (1, 1))


def test_nobody_commits_between_a_feed_statement_and_its_commit(shared_cafe: Any) -> None:
    """The head row's lock is what makes the order: a second unit waits, and gets the next position."""
    with tenant_context(shared_cafe):
        ring(1)
    finished = threading.Event()

    def second() -> None:
        ring(2)
        finished.set()
        connection.close()

    thread = threading.Thread(target=run_in_tenant, args=(shared_cafe, second))
    with tenant_context(shared_cafe), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE events_feedhead SET position = position WHERE id = 1")
        thread.start()
        _until_somebody_waits_for_us(cursor)
        assert not finished.is_set()
        assert [item.seq for item in read_after(0)] == [1]
    thread.join()
    with tenant_context(shared_cafe):
        assert [item.seq for item in read_after(0)] == [1, 2]


def _until_somebody_waits_for_us(cursor: Any) -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    while True:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(waiting)
        if cursor.fetchone()[0]:
            return
