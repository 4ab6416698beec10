"""Goods kept for somebody: promised, kept longer, let go, consumed by the sale that names them, or expired.

Locks: the reservation, then the levels it is about (docs/algorithms/locking.md). A level's `reserved` changes in
the same transaction as the reservation that it comes from.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.clock import rfc3339
from fynlo.core.database import constraint
from fynlo.core.errors import FieldProblem, NotFound
from fynlo.events.log import append, unit_of_work
from pos.catalog.models import Variant
from pos.events import ReservationExtended, ReservationMade, ReservationReleased
from pos.inventory.errors import AlreadyDone, ReservationIdConflict, UnacceptableStock
from pos.inventory.goods import SoldGoods, Taken, goods_taken, refuse_denied, shortages
from pos.inventory.models import Reservation, ReservationLine
from pos.inventory.places import Place
from pos.inventory.quantities import plain_quantity
from pos.inventory.queries.needs import stock_needs
from pos.inventory.queries.reservations import reservation_document
from pos.inventory.services.levels_told import tell_levels
from pos.inventory.services.promises import move_promises
from pos.inventory.states import ACTIVE, RESERVATION
from pos.registers.models import Location

LONGEST: Final = dt.timedelta(days=366)
"""Nobody keeps goods for longer than a year at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservedLine:
    """So much of a variant."""

    variant_id: UUID
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationDraft:
    """Goods to be kept at a location until `expires_at`."""

    id: UUID
    kind: str
    location_id: UUID
    expires_at: dt.datetime
    lines: tuple[ReservedLine, ...]
    note: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 over what was said, in hexadecimal."""
        lines = [[str(line.variant_id), plain_quantity(line.quantity)] for line in self.lines]
        said = [self.kind, str(self.location_id), self.expires_at.isoformat(), lines, self.note]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def reserve(*, draft: ReservationDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Keep goods for somebody; returns the reservation's document, the same for the same draft.

    Of a dish its ingredients are kept, of what nobody counts nothing. Raises `OutOfStock` for what may not be
    sold when it is not there, `UnacceptableStock` with pointers, `ReservationIdConflict`.
    """
    try:
        with unit_of_work():
            return _known(draft) or _reserve(draft, actor, at)
    except IntegrityError as error:
        if not constraint(error).startswith("pos_reservation_pkey"):
            raise
    with unit_of_work():
        return _known(draft) or _reserve(draft, actor, at)


def extend_reservation(*, reservation_id: UUID, expires_at: dt.datetime, at: dt.datetime) -> dict[str, Any]:
    """Keep goods until another time. Raises `NotFound`, `UnacceptableStock`, `IllegalTransition` once it ended."""
    with unit_of_work():
        kept = locked_reservation(reservation_id)
        kept.state = RESERVATION.after(kept.state, "extend")
        _refuse(list(_time_problems(expires_at, at)))
        kept.expires_at = expires_at
        kept.save(update_fields=["expires_at"])
        document = reservation_document(kept, list(kept.lines.all()))
        append(ReservationExtended(entity_id=kept.id, at=at, state=document))
    return document


def release_reservation(*, reservation_id: UUID, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Let goods go. Raises `NotFound`, `AlreadyDone` when it was released, consumed or expired before."""
    with unit_of_work():
        kept = locked_reservation(reservation_id)
        if kept.state != ACTIVE:
            when = rfc3339(kept.ended_at or kept.made_at)
            who = kept.ended_by_name or "Nobody in person"
            raise AlreadyDone(
                f"{who} ended this at {when}: {kept.state}.", by=kept.ended_by_name, at=when, state=kept.state
            )
        document = ended(kept, event="release", actor=actor, at=at)
        append(ReservationReleased(entity_id=kept.id, at=at, state=document))
    return document


def locked_reservation(reservation_id: UUID) -> Reservation:
    """The reservation, locked until COMMIT. Raises `NotFound`."""
    kept = Reservation.objects.select_for_update().filter(pk=reservation_id).first()
    if kept is None:
        raise NotFound("There is no such reservation.")
    found: Reservation = kept
    return found


def ended(
    kept: Reservation,
    *,
    event: str,
    actor: Actor,
    at: dt.datetime,
    order_id: UUID | None = None,
    also_locked: Sequence[UUID] = (),
) -> dict[str, Any]:
    """End a locked reservation and take its promises back; returns its document.

    `also_locked`: variants that the caller goes on to move at its location.
    """
    lines = list(kept.lines.all())
    held = {line.variant_id: -line.held for line in lines if line.held}
    moving = {key: Decimal(0) for key in also_locked}
    move_promises(location_id=kept.location_id, changes=moving | held)
    kept.state = RESERVATION.after(kept.state, event)
    kept.ended_at, kept.order_id = at, order_id
    kept.ended_by_id, kept.ended_by_name = actor.id, actor.name
    kept.save(update_fields=["state", "ended_at", "order_id", "ended_by_id", "ended_by_name"])
    # The levels of what is moved next are told when that is settled.
    rest = sorted(Place(kept.location_id, key) for key in held.keys() - moving.keys())
    tell_levels(levels=rest, at=at)
    return reservation_document(kept, lines)


def _known(draft: ReservationDraft) -> dict[str, Any] | None:
    kept = Reservation.objects.filter(pk=draft.id).first()
    if kept is None:
        return None
    if kept.digest != draft.digest:
        raise ReservationIdConflict("Ids are made once and never used again.", pointer="/id")
    return reservation_document(kept, list(kept.lines.all()))


def _reserve(draft: ReservationDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    _refuse(list(_problems(draft, at)))
    needs = stock_needs(variant_ids={line.variant_id for line in draft.lines}, modifier_ids=(), at=at)
    taken = goods_taken(sold=_wanted(draft), recipes=needs.recipes, policies=needs.policies)
    kept = Reservation.objects.create(
        id=draft.id,
        kind=draft.kind,
        location_id=draft.location_id,
        note=draft.note,
        made_at=at,
        made_by_id=actor.id,
        made_by_name=actor.name,
        expires_at=draft.expires_at,
        digest=draft.digest,
    )
    lines = _lines(kept, draft, taken)
    ReservationLine.objects.bulk_create(sorted(lines, key=lambda line: line.variant_id))
    promised = {each.variant_id: each.quantity for each in taken}
    levels = move_promises(location_id=draft.location_id, changes=promised)
    now = {key: (level.on_hand, level.available) for key, level in levels.items()}
    refuse_denied(shortages(taken=taken, levels=now, policies=needs.policies))
    document = reservation_document(kept, lines)
    tell_levels(levels=sorted(Place(draft.location_id, key) for key in promised), at=at)
    append(ReservationMade(entity_id=kept.id, at=at, state=document))
    return document


def _wanted(draft: ReservationDraft) -> Iterator[SoldGoods]:
    for index, line in enumerate(draft.lines):
        yield SoldGoods(
            line_id=draft.id,
            variant_id=line.variant_id,
            quantity=line.quantity,
            pointer=f"/lines/{index}/variant_id",
        )


def _lines(kept: Reservation, draft: ReservationDraft, taken: Sequence[Taken]) -> list[ReservationLine]:
    """A row per variant: what was asked for, and what is kept."""
    asked: Mapping[UUID, Decimal] = {line.variant_id: line.quantity for line in draft.lines}
    held = {each.variant_id: each.quantity for each in taken}
    return [
        ReservationLine(
            reservation=kept,
            position=position,
            variant_id=key,
            quantity=asked.get(key, Decimal(0)),
            held=held.get(key, Decimal(0)),
        )
        for position, key in enumerate(dict.fromkeys((*asked, *held)))
    ]


def _problems(draft: ReservationDraft, at: dt.datetime) -> Iterator[FieldProblem]:
    if not Location.objects.filter(pk=draft.location_id).exists():
        yield FieldProblem("/location_id", "not_found", "There is no such location.")
    yield from _time_problems(draft.expires_at, at)
    keys = {line.variant_id for line in draft.lines}
    units = dict(Variant.objects.filter(pk__in=keys).order_by("id").values_list("id", "item__unit"))
    seen: set[UUID] = set()
    for index, line in enumerate(draft.lines):
        if line.variant_id not in units:
            yield FieldProblem(f"/lines/{index}/variant_id", "not_found", "There is no such variant.")
        elif line.variant_id in seen:
            yield FieldProblem(f"/lines/{index}/variant_id", "duplicate", "A variant has one line.")
        elif units[line.variant_id] == "each" and line.quantity != int(line.quantity):
            detail = "This is sold by the piece; a whole number is expected."
            yield FieldProblem(f"/lines/{index}/quantity", "fractional_quantity", detail)
        seen.add(line.variant_id)


def _time_problems(expires_at: dt.datetime, at: dt.datetime) -> Iterator[FieldProblem]:
    if not at < expires_at <= at + LONGEST:
        detail = f"A time from now on, at most {LONGEST.days} days ahead, is expected."
        yield FieldProblem("/expires_at", "time_out_of_range", detail)


def _refuse(problems: Sequence[FieldProblem]) -> None:
    if problems:
        raise UnacceptableStock(problems[0].detail, errors=problems)
