"""What deliveries cost beyond their price, or other than first stated, as revaluations of what came by them.

Each share is a movement of kind `revaluation` that names the purchase movement, so it is part of what those very
goods cost, also where they are sold already. A cost is taken back whole, once.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db.models import Sum
from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.clock import rfc3339
from fynlo.core.database import constraint, run_transaction
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import append, unit_of_work
from pos.events import LandedCostRecorded
from pos.inventory.errors import AlreadyDone
from pos.inventory.models import StockMovement
from pos.inventory.places import Place
from pos.inventory.services import Cause, StockChange, record_movements
from pos.inventory.services.level_locks import lock_levels
from pos.inventory.services.settling import settle
from pos.purchasing.drafts import LandedDraft, fingerprint
from pos.purchasing.errors import NothingToShare, PurchaseIdConflict, UnknownGoods
from pos.purchasing.landing import STATED, WEIGHT, Bearer, Share, shared, spread
from pos.purchasing.models import GoodsReceiptLine, LandedCost, LandedCostShare
from pos.purchasing.queries.records import reverted_by, whole_landed_cost
from pos.purchasing.queries.states import landed_state

INVOICE: Final = "invoice"
"""The kind of a cost that says what goods were invoiced at: later ones of it replace what was stated before."""


def land_cost(*, draft: LandedDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Share a cost over deliveries and revalue what came by them; returns the whole state.

    The same draft again is answered with the cost as it is. Raises `UnknownGoods`, `NothingToShare`,
    `PurchaseIdConflict`.
    """
    try:
        return run_transaction(partial(_land, draft, actor, at))
    except IntegrityError as error:
        if not constraint(error).startswith("pos_landedcost_pkey"):
            raise
        before = _before(draft)
        if before is None:
            raise
        return before


def revert_cost(*, cost_id: UUID, revert_id: UUID, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Take a cost back with all its shares; raises `AlreadyDone` where somebody did before, `NotFound`."""
    try:
        return run_transaction(partial(_revert, cost_id, revert_id, actor, at))
    except IntegrityError as error:
        name = constraint(error)
        if name.startswith("pos_landedcost_pkey"):
            raise PurchaseIdConflict("This id was used before.", pointer="/id") from error
        if not name.startswith("pos_landedcost_reverses"):
            raise
        found = reverted_by(cost_id=cost_id)
        if found is None:
            raise
        raise _reverted(found) from error


def _before(draft: LandedDraft) -> dict[str, Any] | None:
    known = LandedCost.objects.filter(pk=draft.id).values_list("fingerprint", flat=True).first()
    if known is None:
        return None
    if known != fingerprint(draft):
        raise PurchaseIdConflict("Another cost was recorded under this id.", pointer="/id")
    return landed_state(whole_landed_cost(cost_id=draft.id), reverted_by=reverted_by(cost_id=draft.id))


def _land(draft: LandedDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    with unit_of_work():
        before = _before(draft)
        if before is not None:
            return before
        lines = _lines(draft)
        # With the levels held, or two invoices at once would both take themselves for the first.
        lock_levels({Place(line.receipt.location_id, line.variant_id) for line in lines})
        bearers = _bearers(lines)
        shares = _stated(draft, lines, bearers) if draft.basis == STATED else _split(draft, bearers)
        shares = [share for share in shares if share.share_minor]
        if not shares:
            raise NothingToShare("This changes no cost.", pointer="/lines")
        cost = LandedCost(
            id=draft.id,
            kind=draft.kind,
            basis=draft.basis,
            amount_minor=sum((share.share_minor for share in shares), Decimal(0)),
            currency=current_tenant().currency,
            reference=draft.reference,
            note=draft.note,
            at=at,
            employee_id=actor.employee_id,
            by_name=actor.name,
            fingerprint=fingerprint(draft),
        )
        return _written(cost, shares, at)


def _revert(cost_id: UUID, revert_id: UUID, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    with unit_of_work():
        cost = whole_landed_cost(cost_id=cost_id)
        found = reverted_by(cost_id=cost_id)
        if found is not None:
            raise _reverted(found)
        back = LandedCost(
            id=revert_id,
            kind=cost.kind,
            basis=cost.basis,
            amount_minor=-cost.amount_minor,
            currency=cost.currency,
            reference=cost.reference,
            at=at,
            employee_id=actor.employee_id,
            by_name=actor.name,
            reverses=cost,
            fingerprint="",
        )
        shares = [
            Share(
                movement_id=each.movement_id,
                line_id=each.receipt_line_id,
                basis_quantity=each.basis_quantity,
                share_minor=-each.share_minor,
            )
            for each in cost.shares.all()
        ]
        return _written(back, shares, at)


def _reverted(by: LandedCost) -> AlreadyDone:
    who = by.by_name or "Somebody"
    return AlreadyDone(
        f"{who} took this cost back at {rfc3339(by.at)}.", by=by.by_name, at=rfc3339(by.at), state="reverted"
    )


def _written(cost: LandedCost, shares: Sequence[Share], at: dt.datetime) -> dict[str, Any]:
    cost.save(force_insert=True)
    LandedCostShare.objects.bulk_create(
        LandedCostShare(
            landed_cost=cost,
            position=position,
            receipt_line_id=share.line_id,
            movement_id=share.movement_id,
            basis_quantity=share.basis_quantity,
            share_minor=share.share_minor,
        )
        for position, share in enumerate(shares)
    )
    places = _revalue(cost, shares, at)
    settle(levels=places, at=at)
    state = landed_state(whole_landed_cost(cost_id=cost.pk), reverted_by=None)
    append(LandedCostRecorded(entity_id=cost.pk, at=at, state=state))
    return state


def _revalue(cost: LandedCost, shares: Iterable[Share], at: dt.datetime) -> list[tuple[UUID, UUID]]:
    """What each delivery cost more, dated as the delivery: so stock of any day is worth what it cost by now.

    The levels are locked first, in their order, whatever the order of the deliveries.
    """
    by_id = {share.movement_id: share for share in shares}
    moved = StockMovement.objects.filter(pk__in=by_id).order_by("location_id", "at", "id")
    by_delivery: dict[tuple[UUID, dt.datetime, dt.date], list[StockChange]] = {}
    for each in moved:
        change = StockChange(
            variant_id=each.variant_id,
            quantity=Decimal(0),
            value_minor=by_id[each.pk].share_minor,
            original_id=each.pk,
            document_line_id=by_id[each.pk].line_id,
        )
        by_delivery.setdefault((each.location_id, each.at, each.business_date), []).append(change)
    places = sorted(
        {
            Place(location, change.variant_id)
            for (location, *_), all_ in by_delivery.items()
            for change in all_
        }
    )
    lock_levels(places)
    for (location_id, delivered_at, business_date), changes in by_delivery.items():
        cause = Cause(
            kind=StockMovement.REVALUATION,
            location_id=location_id,
            at=delivered_at,
            business_date=business_date,
            recorded_at=at,
            employee_id=cost.employee_id,
            document_id=cost.pk,
            reason=cost.kind,
        )
        record_movements(cause=cause, changes=changes)
    return [(place.location_id, place.variant_id) for place in places]


def _lines(draft: LandedDraft) -> list[GoodsReceiptLine]:
    """The delivered lines that bear the cost: those named, else all accepted ones of the receipts."""
    wanted = {each.receipt_line_id: index for index, each in enumerate(draft.lines)}
    if len(wanted) != len(draft.lines):
        raise UnknownGoods("A delivered line stands here twice.", pointer="/lines")
    if wanted:
        found = {
            line.pk: line for line in GoodsReceiptLine.objects.select_related("receipt").filter(pk__in=wanted)
        }
        for key, index in wanted.items():
            if key not in found or not found[key].quantity:
                raise UnknownGoods(
                    "Nothing was delivered as this.", pointer=f"/lines/{index}/receipt_line_id"
                )
        return [found[key] for key in wanted]
    for index, key in enumerate(draft.receipt_ids):
        if not GoodsReceiptLine.objects.filter(receipt_id=key).exists():
            raise UnknownGoods("There is no such receipt.", pointer=f"/receipt_ids/{index}")
    rows = GoodsReceiptLine.objects.filter(receipt_id__in=draft.receipt_ids, quantity__gt=0)
    return list(rows.select_related("receipt").order_by("receipt_id", "position"))


def _bearers(lines: Sequence[GoodsReceiptLine]) -> list[Bearer]:
    place = {line.pk: position for position, line in enumerate(lines)}
    moved = StockMovement.objects.filter(
        document_id__in={line.receipt_id for line in lines},
        document_line_id__in=set(place),
        kind=StockMovement.PURCHASE,
    )
    return [
        Bearer(
            movement_id=each.pk,
            line_id=each.document_line_id,
            quantity=each.quantity,
            value_minor=each.value_minor,
        )
        for each in sorted(moved, key=lambda each: (place[each.document_line_id], each.pk))
        if each.document_line_id is not None
    ]


def _split(draft: LandedDraft, bearers: Sequence[Bearer]) -> list[Share]:
    if draft.amount is None or not draft.amount.minor:
        raise NothingToShare("An amount is needed.", pointer="/amount")
    weights = {each.receipt_line_id: each.weight for each in draft.lines if each.weight is not None}
    if draft.basis == WEIGHT:
        for index, each in enumerate(draft.lines):
            if each.weight is None:
                raise NothingToShare("What the line weighs is needed.", pointer=f"/lines/{index}/weight")
    return shared(amount_minor=draft.amount.minor, basis=draft.basis, bearers=bearers, weights=weights)


def _stated(draft: LandedDraft, lines: Sequence[GoodsReceiptLine], bearers: Sequence[Bearer]) -> list[Share]:
    """What was stated line by line: an amount, or what the line was invoiced at instead of what was known."""
    known = {line.pk: line for line in lines}
    by_line: dict[UUID, Decimal] = {}
    for index, each in enumerate(draft.lines):
        line = known[each.receipt_line_id]
        if each.share_minor is not None:
            by_line[line.pk] = each.share_minor
        elif each.unit_cost_minor is not None:
            by_line[line.pk] = line.stated_quantity * each.unit_cost_minor - _worth(line, bearers)
        else:
            raise NothingToShare("A share or a unit cost is needed.", pointer=f"/lines/{index}")
    return spread(by_line=by_line, bearers=bearers)


def _worth(line: GoodsReceiptLine, bearers: Sequence[Bearer]) -> Decimal:
    """What the line is taken to have been priced at so far: as stated or derived, and by invoices since."""
    own = [bearer for bearer in bearers if bearer.line_id == line.pk]
    stated = sum((bearer.value_minor for bearer in own), Decimal(0))
    settled = StockMovement.objects.filter(
        original_id__in=[bearer.movement_id for bearer in own],
        kind=StockMovement.REVALUATION,
        is_valued=False,
    ).aggregate(total=Sum("value_minor"))
    since = LandedCostShare.objects.filter(receipt_line=line, landed_cost__kind=INVOICE).aggregate(
        total=Sum("share_minor")
    )
    return stated + (settled["total"] or Decimal(0)) + (since["total"] or Decimal(0))
