"""Streams replayed until nothing changes any more, in memory: what one stream finds is what another one takes.

What arrives by transfer, comes back elsewhere or is produced costs what it cost where it came from. So when a
replay changes what a movement is worth, the streams that took it are replayed as well. Levels are never waited
for here, because no order of locks could be kept: what cannot be locked now is left `pending`, to be settled by
the next run.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import Final
from uuid import UUID

import structlog

from pos.inventory.cost_state import EXACT, ZERO
from pos.inventory.costing import Entry, Replay, Total, derived_value, replay, shares
from pos.inventory.models import StockMovement
from pos.inventory.places import Place
from pos.inventory.queries.cost_streams import (
    Moved,
    Start,
    followers,
    movements_after,
    movements_by_id,
    productions,
    starts,
)

EVERY: Final = 500
"""A checkpoint is kept after each so many movements of a stream."""
_ROUNDS: Final = 100
"""Goods owed to the place they came from could go round for ever; real ones are at rest after two or three."""

log = structlog.get_logger("pos.inventory")


@dataclass(slots=True)
class Fixpoint:
    """What settling found, stream by stream. `lock` locks what is free of some levels and says which."""

    method: str
    held: set[Place]
    lock: Callable[[Collection[Place]], Mapping[Place, dt.datetime | None]]
    share: Callable[[Collection[Place]], Collection[Place]]
    since: dict[Place, dt.datetime] = field(default_factory=dict)
    started: dict[Place, Start] = field(default_factory=dict)
    moved: dict[Place, list[Moved]] = field(default_factory=dict)
    replays: dict[Place, Replay] = field(default_factory=dict)
    pending: dict[Place, dt.datetime] = field(default_factory=dict)
    seen: dict[UUID, Moved] = field(default_factory=dict)
    _worth: dict[UUID, Decimal] = field(default_factory=dict)
    _taken: dict[UUID, Decimal] = field(default_factory=dict)
    _shared: set[Place] = field(default_factory=set)

    def run(self, due: Mapping[Place, dt.datetime]) -> None:
        """Replay `due` from their times, and whatever follows from it."""
        for _ in range(_ROUNDS):
            if not due:
                return
            due = self._round(due)
        log.error("stock_costs_go_round", items=[str(place.variant_id) for place in sorted(due)])

    def worth(self, moved: Moved) -> Decimal:
        """What a movement is worth as far as is known by now."""
        return self._worth.get(moved.id, moved.worth)

    def _round(self, due: Mapping[Place, dt.datetime]) -> Mapping[Place, dt.datetime]:
        for place, since in due.items():
            self.since[place] = min(since, self.since.get(place, since))
        started = starts(since={place: self.since[place] for place in sorted(due)}, method=self.method)
        moved = movements_after(started=started.values())
        self.started |= started
        self.moved |= moved
        self.seen |= {row.id: row for rows in moved.values() for row in rows}
        made = self._read_sources(started.values(), moved)
        for place in sorted(started):
            self._replay(place, made)
        return self._stale(started.values(), made)

    def _read_sources(
        self, started: Iterable[Start], moved: Mapping[Place, Sequence[Moved]]
    ) -> Mapping[UUID, list[Moved]]:
        """Movements before the checkpoints or elsewhere that decide what these cost; productions, by document."""
        rows = [row for each in moved.values() for row in each]
        wanted = {owed.movement_id for start in started for owed in start.state.owed}
        wanted |= {row.original_id for row in rows if row.original_id and _takes_from_original(row)}
        wanted -= {row.id for row in rows}
        found = movements_by_id(ids=wanted)
        candidates = [*rows, *found.values()]
        documents = {row.document_id for row in candidates if row.document_id and _is_produced(row)}
        made = productions(documents=documents)
        if self._hold_still([*found.values(), *_of(made)], rows):
            made, found = productions(documents=documents), movements_by_id(ids=wanted)
        self.seen |= found
        self.seen |= {row.id: row for row in _of(made)}
        return made

    def _hold_still(self, sources: Iterable[Moved], rows: Sequence[Moved]) -> bool:
        """Keep others from settling the sources meanwhile; whether something was locked for that just now.

        A source that is locked by somebody else may change: what took from it is looked at again later.
        """
        places = {source.place for source in sources} - self.held - self._shared
        if not places:
            return False
        locked = set(self.share(places))
        self._shared |= locked
        busy = {source.id for source in sources if source.place in places - locked}
        documents = {source.document_id for source in sources if source.id in busy}
        for row in rows:
            taken = row.quantity > 0 and not row.is_valued
            if taken and (row.original_id in busy or (_is_produced(row) and row.document_id in documents)):
                self._leave(row)
        return bool(locked)

    def _replay(self, place: Place, made: Mapping[UUID, list[Moved]]) -> None:
        start, rows = self.started[place], self.moved[place]
        first = EVERY - start.sequence % EVERY - 1
        found = replay(
            entries=[self._entry(row, made) for row in rows],
            method=self.method,
            state=start.state,
            known=self._known(start, rows),
            marks=range(first, len(rows), EVERY),
        )
        self.replays[place] = found
        self._worth.update(found.totals)

    def _known(self, start: Start, rows: Sequence[Moved]) -> dict[UUID, Total]:
        """What went out before the checkpoint and came back after it, or is owed since."""
        within = {row.id for row in rows}
        wanted = {owed.movement_id for owed in start.state.owed}
        wanted |= {row.original_id for row in rows if row.original_id and _takes_from_original(row)}
        before = (self.seen[key] for key in wanted - within)
        return {row.id: Total(quantity=row.quantity, value=self.worth(row)) for row in before}

    def _entry(self, row: Moved, made: Mapping[UUID, list[Moved]]) -> Entry:
        if row.quantity <= 0:
            return Entry(id=row.id, quantity=row.quantity, value=row.value, extra=row.extra)
        if row.is_valued:
            return Entry(id=row.id, quantity=row.quantity, value=row.value, extra=row.extra)
        value = None
        if row.original_id is not None and _takes_from_original(row):
            if self.seen[row.original_id].place == row.place:
                return Entry(id=row.id, quantity=row.quantity, unit_of=row.original_id, extra=row.extra)
            value = self._arrived(row)
        elif _is_produced(row) and row.document_id is not None:
            value = self._shares(made[row.document_id]).get(row.id)
        if value is not None:
            self._taken[row.id] = value
        return Entry(id=row.id, quantity=row.quantity, value=value, extra=row.extra)

    def _arrived(self, row: Moved) -> Decimal | None:
        source = self.seen[row.original_id] if row.original_id else None
        if source is None or not source.quantity:
            return None
        return derived_value(
            quantity=row.quantity, of=Total(quantity=source.quantity, value=self.worth(source))
        )

    def _shares(self, rows: Sequence[Moved]) -> Mapping[UUID, Decimal]:
        """What each product of a production is worth: its share of what went in."""
        went = [row for row in rows if row.quantity < 0]
        came = {row.id: row.quantity for row in rows if row.quantity > 0 and not row.is_valued}
        if not went:
            return {}
        with localcontext(EXACT):
            return shares(value=-sum((self.worth(row) for row in went), ZERO), quantities=came)

    def _stale(
        self, started: Iterable[Start], made: Mapping[UUID, list[Moved]]
    ) -> Mapping[Place, dt.datetime]:
        """Streams that took something at another value than it has by now, and since when."""
        chosen = list(started)
        owed = {owed.movement_id for start in chosen for owed in start.state.owed}
        due: dict[Place, dt.datetime] = {}
        took = [
            (row, self._arrived(row), [self.seen[row.original_id]])
            for row in followers(started=chosen, ids=owed)
            if row.original_id and self.seen[row.original_id].place != row.place
        ]
        for rows in made.values():
            parts = self._shares(rows)
            went = [row for row in rows if row.quantity < 0]
            took += [(row, parts.get(row.id), went) for row in rows if row.quantity > 0 and row.id in parts]
        for row, value, sources in took:
            with localcontext(EXACT):
                known = self._taken.get(row.id, row.worth - row.extra)
            if value is None or value == known:
                continue
            if self._hold(row.place):
                due[row.place] = min(row.at, due.get(row.place, row.at))
            else:
                for source in sources:
                    self._leave(source)
        return due

    def _hold(self, place: Place) -> bool:
        if place not in self.held:
            found = self.lock([place])
            if place in found:
                self.held.add(place)
                since = found[place]
                if since is not None:
                    self.since[place] = since
        return place in self.held

    def _leave(self, row: Moved) -> None:
        self.pending[row.place] = min(row.at, self.pending.get(row.place, row.at))


def _takes_from_original(row: Moved) -> bool:
    """Whether it came back, arrived or was undone. What a count takes back costs what a surplus costs."""
    counted = row.kind == StockMovement.COUNT
    return row.original_id is not None and row.quantity > 0 and not row.is_valued and not counted


def _is_produced(row: Moved) -> bool:
    return row.kind == StockMovement.PRODUCTION and row.original_id is None


def _of(made: Mapping[UUID, Sequence[Moved]]) -> list[Moved]:
    return [row for rows in made.values() for row in rows]
