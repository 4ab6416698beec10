"""The log: `append` says a fact, `unit_of_work` writes it as the last statement, `read_after` reads it.

Everything a service does happens inside one unit of work. What it appends is kept until the outermost unit
ends; then one statement takes the next positions from the head row and inserts the events, and COMMIT
follows at once. So the head row is the last lock anybody takes and the one held for the shortest time, the
positions have no gaps, and their order is the order of the commits (docs/algorithms/feed.md).
"""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from fynlo.core import clock
from fynlo.core.ids import new_id
from fynlo.core.tenancy import TenantContextMissing, WrongTenant, current_schema, current_tenant
from fynlo.events import nudge
from fynlo.events.facts import DomainEvent, FeedItem
from fynlo.events.models import Event, FeedHead

__all__ = [
    "DomainEvent",
    "FeedItem",
    "OutsideUnitOfWork",
    "UnitOfWorkMisplaced",
    "append",
    "current_txn",
    "head",
    "last_position_of",
    "positions_of",
    "read_after",
    "unit_of_work",
]

_APPEND = """
WITH head AS (
    UPDATE events_feedhead SET position = position + %(count)s WHERE id = 1
    RETURNING position - %(count)s AS before
)
INSERT INTO events_event (position, txn, kind, entity_id, at, data)
SELECT head.before + item.place, %(txn)s::uuid, item.kind, item.entity_id, item.at, item.data
FROM head CROSS JOIN unnest(
    %(kinds)s::text[], %(entities)s::uuid[], %(times)s::timestamptz[], %(data)s::jsonb[]
) WITH ORDINALITY AS item (kind, entity_id, at, data, place)
RETURNING position
"""


class OutsideUnitOfWork(RuntimeError):
    """`append` was called where nothing would write the event."""


class UnitOfWorkMisplaced(RuntimeError):
    """A unit of work was opened where its feed statement would not be the last one before COMMIT."""


class _Unit:
    """One outermost unit of work: a transaction of one tenant with one transaction id."""

    def __init__(self, *, schema: str) -> None:
        self.txn = new_id()
        self.schema = schema


class _Appended:
    """An event waiting for the end of its unit, kept among the connection's on-commit functions.

    Django drops an on-commit function together with the `atomic()` block it was registered in when that block
    is rolled back. Keeping the events there gives them the fate of the rows they tell of. (Savepoints made by
    hand with `transaction.savepoint()` are not followed, there as here; nobody needs them.) Called after
    commit, there is nothing left to do.
    """

    def __init__(self, unit: _Unit, row: tuple[str, str, str, str]) -> None:
        self.unit = unit
        self.row = row

    def __call__(self) -> None:
        """Written by then."""


# A connection belongs to one thread, so this is per connection and thread.
_open: WeakKeyDictionary[BaseDatabaseWrapper, _Unit] = WeakKeyDictionary()
# What each connection wrote last: whoever asks for the position of an effect just had it.
_last: WeakKeyDictionary[BaseDatabaseWrapper, tuple[uuid.UUID, int | None]] = WeakKeyDictionary()


@contextmanager
def unit_of_work() -> Iterator[None]:
    """One transaction of the current tenant whose last statement writes what was appended inside it.

    A unit inside a unit is a savepoint of the outer one: when it fails and the caller goes on, its events go
    with its rows. Raises `TenantContextMissing` outside a tenant, and `UnitOfWorkMisplaced` inside a plain
    `transaction.atomic()` (the caller's next statement would come after the feed's).
    """
    current_tenant()
    database = _database()
    unit = _open.get(database)
    if unit is not None:
        _check_schema(unit)
        with transaction.atomic():
            yield
        return
    _check_outermost(database)
    unit = _Unit(schema=str(current_schema()))
    with transaction.atomic(durable=True):
        _open[database] = unit
        try:
            yield
        finally:
            del _open[database]
        position = _write(database, unit)
    _last[database] = unit.txn, position


def append(event: DomainEvent) -> None:
    """Say `event` to the current tenant's log: the last line of a service.

    Raises `OutsideUnitOfWork` when no unit of work is open on this connection, and `WrongTenant` when the
    connection has moved to another tenant since the unit was opened.
    """
    current_tenant()
    unit = _open.get(_database())
    if unit is None:
        raise OutsideUnitOfWork(f"{event.kind} was appended outside unit_of_work()")
    _check_schema(unit)
    text = json.dumps(event.data(), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    at = event.at or clock.now()
    if at.tzinfo is None:
        raise ValueError(f"{event.kind} was appended with a naive time")
    transaction.on_commit(_Appended(unit, (event.kind, str(event.entity_id), at.isoformat(), text)))


def current_txn() -> uuid.UUID | None:
    """The transaction id of the unit of work that is open on this connection, or None."""
    unit = _open.get(_database())
    return unit.txn if unit else None


def head() -> int:
    """The position of the current tenant's last committed event; 0 when there is none yet."""
    current_tenant()
    position: int = FeedHead.objects.values_list("position", flat=True).get()
    return position


def read_after(position: int, *, limit: int = 500) -> list[FeedItem]:
    """The events after `position` in commit order, without gaps; at most two statements.

    At least `limit` items when there are as many; more only to finish the last transaction, because a page
    never ends inside one. Whoever has read up to the last `seq` has read everything up to it, for ever.
    """
    if position < 0 or limit < 1:
        raise ValueError(f"there is no page of {limit} after {position}")
    current_tenant()
    page = list(Event.objects.filter(position__gt=position).order_by("position")[:limit])
    if len(page) == limit:
        # A transaction's events appear all at once, so a second statement sees the same rest.
        last = page[-1]
        rest = Event.objects.filter(txn=last.txn, position__gt=last.position).order_by("position")
        page.extend(rest)
    return [_item(row) for row in page]


def positions_of(txn: uuid.UUID) -> list[int]:
    """The positions that transaction `txn` got, ascending; empty when it appended nothing."""
    current_tenant()
    return list(Event.objects.filter(txn=txn).order_by("position").values_list("position", flat=True))


def last_position_of(txn: uuid.UUID) -> int | None:
    """The last position that transaction `txn` got, None when it appended nothing.

    No statement for what this connection committed last.
    """
    current_tenant()
    written, position = _last.get(_database(), (None, None))
    if written == txn:
        return position
    return max(positions_of(txn), default=None)


def _write(database: BaseDatabaseWrapper, unit: _Unit) -> int | None:
    """Write what was appended; the last position, None when there was nothing."""
    database.validate_no_broken_transaction()  # else Django would roll back at the end and say nothing
    _check_schema(unit)
    waiting = (entry[1] for entry in database.run_on_commit)
    rows = [each.row for each in waiting if isinstance(each, _Appended) and each.unit is unit]
    if not rows:
        return None
    transaction.on_commit(partial(nudge.send, unit.schema))
    kinds, entities, times, data = (list(column) for column in zip(*rows, strict=True))
    values: dict[str, Any] = {"count": len(rows), "txn": str(unit.txn)}
    with database.cursor() as cursor:
        cursor.execute(_APPEND, values | {"kinds": kinds, "entities": entities, "times": times, "data": data})
        if cursor.rowcount != len(rows):
            raise RuntimeError(f"the feed head of {unit.schema} is missing; nothing was committed")
        return max(int(position) for (position,) in cursor.fetchall())


def _check_outermost(database: BaseDatabaseWrapper) -> None:
    # Django marks the transactions its test cases wrap around a test; those end in ROLLBACK, never in COMMIT.
    blocks = database.atomic_blocks
    if blocks and not getattr(blocks[-1], "_from_testcase", False):
        raise UnitOfWorkMisplaced("unit_of_work() was opened inside transaction.atomic(); open it outside")
    if not blocks and not database.get_autocommit():
        raise UnitOfWorkMisplaced("unit_of_work() was opened on a connection without autocommit")


def _check_schema(unit: _Unit) -> None:
    here = current_schema()
    if here is None:
        raise TenantContextMissing(f"the unit of work of {unit.schema} was used after leaving the tenant")
    if here != unit.schema:
        raise WrongTenant(f"the unit of work of {unit.schema} was used inside {here}")


def _database() -> BaseDatabaseWrapper:
    return connections[DEFAULT_DB_ALIAS]


def _item(row: Event) -> FeedItem:
    return FeedItem(seq=row.position, txn=row.txn, t=row.kind, id=row.entity_id, at=row.at, data=row.data)
