"""Reorder suggestions on real rows: what to order of which variant, from whom, and why. Ten statements a page."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from django.db.models import DecimalField, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Greatest

from fynlo.core.clock import business_date
from pos.catalog.models import Variant
from pos.inventory.errors import UnknownUnit
from pos.inventory.models import StockHead, StockLevel, StockTarget
from pos.inventory.policies import UNTRACKED
from pos.inventory.quantities import plain_quantity, stock_quantity
from pos.purchasing import states
from pos.purchasing.errors import UnknownGoods
from pos.purchasing.forecasting import suggest
from pos.purchasing.models import PurchaseOrderLine, SupplierItem
from pos.purchasing.packs import Goods, line_amount, size_in
from pos.purchasing.queries.sales_history import sales_histories
from pos.purchasing.queries.suppliers import pack_price
from pos.purchasing.reorder_values import Policy, Position, Suggestion, Target, Terms
from pos.registers.models import Location

_ZERO: Final = Decimal(0)
_QUANTITY: Final = DecimalField(max_digits=30, decimal_places=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """A suggestion for a variant at a location. `sold` is how its supplier sells it; None: nobody is known to.

    `in_drafts` is in orders that were not sent yet, and does not count as on order.
    """

    variant: Any
    location_id: UUID
    today: dt.date
    sold: SupplierItem | None
    terms: Terms
    position: Position
    in_drafts: Decimal
    suggestion: Suggestion

    @property
    def pack_price_minor(self) -> Decimal | None:
        """What a pack costs when so many are bought."""
        return None if self.sold is None else pack_price(self.sold, packs=Decimal(self.suggestion.packs))


def location_of(*, location_id: UUID | None) -> Location:
    """The location; the only one where none is named. Raises `UnknownGoods`."""
    found = list(Location.objects.filter(is_active=True, **({"pk": location_id} if location_id else {}))[:2])
    if len(found) != 1:
        detail = "There is no such location." if location_id else "Say for which location."
        raise UnknownGoods(detail, pointer="/location_id")
    location: Location = found[0]
    return location


def stocked_variants(*, location_id: UUID, supplier_id: UUID | None = None) -> QuerySet[Variant, Variant]:
    """What is sold, counted, and was ever kept or is to be kept at the location; of a supplier: what it sells."""
    here = {"variant": OuterRef("pk"), "location_id": location_id}
    default = StockHead.objects.values_list("default_policy", flat=True).first()
    policy = Q(item__stock_item__policy=UNTRACKED)
    if default == UNTRACKED:
        policy |= Q(item__stock_item__isnull=True) | Q(item__stock_item__policy="")
    rows = Variant.objects.filter(
        Exists(StockLevel.objects.filter(**here)) | Exists(StockTarget.objects.filter(**here)),
        is_active=True,
        item__is_active=True,
    ).exclude(policy)
    if supplier_id is not None:
        sells = SupplierItem.objects.filter(variant=OuterRef("pk"), supplier_id=supplier_id)
        rows = rows.filter(Exists(sells))
    return rows.select_related("item")


def suggestions(
    *,
    variants: Sequence[Variant],
    location: Location,
    at: dt.datetime,
    policy: Policy,
    supplier_id: UUID | None = None,
) -> list[Suggested]:
    """What to order of each of `variants`, in their order: from `supplier_id`, else from the preferred supplier.

    Seven statements, however many variants there are.
    """
    today = business_date(at=at, time_zone=location.time_zone, cut_off=location.cut_off)
    rows = _Rows(variants, location, today, supplier_id)
    return [rows.suggested(variant, policy) for variant in variants]


class _Rows:
    """Everything the suggestions are computed from."""

    def __init__(
        self, variants: Sequence[Variant], location: Location, today: dt.date, supplier_id: UUID | None
    ) -> None:
        keys = [variant.pk for variant in variants]
        here = {"variant_id__in": keys, "location_id": location.pk}
        self.location, self.today = location, today
        self.head = StockHead.objects.first()
        self.levels = {level.variant_id: level for level in StockLevel.objects.filter(**here)}
        self.targets = {target.variant_id: target for target in StockTarget.objects.filter(**here)}
        self.sold = _sold(keys, supplier_id)
        self.ordered = _ordered(keys, location.pk)
        self.histories = sales_histories(
            variant_ids=keys,
            location_id=location.pk,
            levels={key: level.on_hand for key, level in self.levels.items()},
            today=today,
        )

    def suggested(self, variant: Any, policy: Policy) -> Suggested:
        level, target = self.levels.get(variant.pk), self.targets.get(variant.pk)
        sold = self.sold.get(variant.pk)
        on_order, in_drafts = self.ordered.get(variant.pk, (_ZERO, _ZERO))
        terms = self.terms(variant, target, sold)
        position = Position(
            on_hand=level.on_hand if level else _ZERO,
            reserved=level.reserved if level else _ZERO,
            in_transit=level.in_transit if level else _ZERO,
            on_order=on_order,
        )
        suggestion = suggest(
            today=self.today,
            history=self.histories[variant.pk],
            position=position,
            target=_target(target),
            terms=terms,
            policy=policy,
        )
        return Suggested(
            variant=variant,
            location_id=self.location.pk,
            today=self.today,
            sold=sold,
            terms=terms,
            position=position,
            in_drafts=in_drafts,
            suggestion=suggestion,
        )

    def terms(self, variant: Any, target: StockTarget | None, sold: SupplierItem | None) -> Terms:
        """The target's lead time, else the supplier's, else the merchant's; packs in the item's own unit."""
        stated = (
            target.lead_time_days if target else None,
            sold.supplier.lead_time_days if sold else None,
            self.head.default_lead_time_days if self.head else 7,
        )
        lead = next(days for days in stated if days is not None)
        if sold is None:
            return Terms(lead_time_days=lead)
        goods = Goods(
            id=variant.pk,
            sku=variant.sku,
            name=variant.item.name,
            unit=variant.item.unit,
            units=tuple(variant.item.units),
        )
        try:
            exact = size_in(quantity=sold.pack_size, unit=sold.pack_unit, goods=goods, pointer="")
        except UnknownUnit:  # the item has lost the unit since: the order says so when it is written
            return Terms(lead_time_days=lead)
        size = max(stock_quantity(exact), Decimal("0.000001"))
        minimum = stock_quantity(Fraction(size) * Fraction(sold.minimum_packs))
        return Terms(lead_time_days=lead, pack_size=size, minimum=minimum)


def suggestion_document(each: Suggested, *, currency: str) -> dict[str, Any]:
    """A suggestion as the API answers it: quantities in the item's unit, as text."""
    made, item = each.suggestion, each.variant.item
    return {
        "variant_id": str(each.variant.pk),
        "location_id": str(each.location_id),
        "sku": each.variant.sku,
        "name": f"{item.name}, {each.variant.name}" if each.variant.name else item.name,
        "unit": item.unit,
        "supplier": _supplier(each),
        "lead_time_days": each.terms.lead_time_days,
        "on_hand": plain_quantity(each.position.on_hand),
        "reserved": plain_quantity(each.position.reserved),
        "in_transit": plain_quantity(each.position.in_transit),
        "on_order": plain_quantity(each.position.on_order),
        "in_drafts": plain_quantity(each.in_drafts),
        "position": plain_quantity(made.position),
        "velocity": plain_quantity(stock_quantity(made.velocity)),
        "safety_stock": plain_quantity(made.safety_stock),
        "reorder_point": plain_quantity(made.reorder_point),
        "order_up_to": plain_quantity(made.order_up_to),
        "is_due": made.is_due,
        "needed": plain_quantity(made.needed),
        "packs": made.packs,
        "quantity": plain_quantity(made.quantity),
        "amount": _amount(each, currency),
        "explanation": [
            {"code": figure.code, "value": figure.value, "text": figure.text} for figure in made.explanation
        ],
    }


def _amount(each: Suggested, currency: str) -> dict[str, Any] | None:
    packs = Decimal(each.suggestion.packs)
    minor = line_amount(packs=packs, pack_price_minor=each.pack_price_minor)
    return None if minor is None else {"amount_minor": minor, "currency": currency}


def _supplier(each: Suggested) -> dict[str, Any] | None:
    sold = each.sold
    if sold is None:
        return None
    price = each.pack_price_minor
    return {
        "supplier_id": str(sold.supplier_id),
        "name": sold.supplier.name,
        "supplier_code": sold.supplier_code,
        "pack_name": sold.pack_name,
        "pack_size": plain_quantity(sold.pack_size),
        "pack_unit": sold.pack_unit,
        "pack_price_minor": None if price is None else plain_quantity(price),
    }


def _target(target: StockTarget | None) -> Target:
    if target is None:
        return Target()
    return Target(
        reorder_point=target.reorder_point,
        par=target.par_level,
        maximum=target.maximum,
        safety_stock=target.safety_stock,
    )


def _sold(keys: Sequence[UUID], supplier_id: UUID | None) -> dict[UUID, SupplierItem]:
    """How each variant is bought: preferred first, then what was stated first, of suppliers in use."""
    rows = SupplierItem.objects.filter(variant_id__in=keys, supplier__is_active=True).select_related(
        "supplier"
    )
    if supplier_id is not None:
        rows = rows.filter(supplier_id=supplier_id)
    found: dict[UUID, SupplierItem] = {}
    for row in rows.order_by("-is_preferred", "pk"):
        found.setdefault(row.variant_id, row)
    return found


def _ordered(keys: Sequence[UUID], location_id: UUID) -> dict[UUID, tuple[Decimal, Decimal]]:
    """What is on its way from suppliers, and what is in drafts."""
    coming = Greatest(
        Coalesce(F("confirmed_quantity"), F("quantity")) - F("received_quantity"),
        _ZERO,
        output_field=_QUANTITY,
    )
    rows = (
        PurchaseOrderLine.objects.filter(
            variant_id__in=keys,
            order__location_id=location_id,
            order__state__in=(states.DRAFT, *states.OPEN),
        )
        .order_by()
        .values("variant_id")
        .annotate(
            on_order=Sum(coming, filter=Q(order__state__in=states.OPEN)),
            in_drafts=Sum("quantity", filter=Q(order__state=states.DRAFT)),
        )
    )
    return {row["variant_id"]: (row["on_order"] or _ZERO, row["in_drafts"] or _ZERO) for row in rows}
