"""What somebody writes into an order to a supplier, and what the supplier answers."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.http import QueryDict

from fynlo.api.fields import StrictSerializer
from fynlo.backoffice.sheets import Cost, Number, Pick, Rows, Text
from fynlo.backoffice.sheets.numbers import plain
from pos.catalog.forms.documents import sheet
from pos.inventory.forms.entries import EntryForm, Line, LinesForm, day_field, number_field
from pos.inventory.quantities import plain_cost, plain_quantity
from pos.inventory.queries.recipes import goods_name
from pos.purchasing.models import PurchaseOrder, Supplier, SupplierItem
from pos.purchasing.queries.suppliers import pack_price
from pos.purchasing.serializers.orders import ConfirmationInput, PurchaseOrderChangeInput, PurchaseOrderInput
from pos.registers.models import Location

_MOST_OFFERED = 500


def _lines() -> Rows:
    return Rows(
        "lines",
        "Articles",
        (
            Pick("variant_id", "Article", "variant", width=3, needed=True),
            Number("packs", "Packs", width=1, needed=True),
            Cost("pack_price_minor", "Price of a pack", width=2, placeholder="as they sell it"),
            Text("supplier_code", "Their code", width=1, placeholder="as known"),
            Text("pack_name", "Pack", width=1, placeholder="as known"),
            Number("pack_size", "Holds", width=1, placeholder="as known"),
            Text("pack_unit", "Unit", width=1, placeholder="as known"),
            Text("note", "Note", width=2),
        ),
        add="Add an article",
        help="What is left empty is taken from how the supplier sells it; of what they are not known to sell, "
        "a pack is one unit.",
        ordered=True,
    )


class OrderForm(EntryForm):
    """A draft of an order."""

    shape: ClassVar[type[StrictSerializer]] = PurchaseOrderInput

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    supplier_id = forms.ChoiceField(label="Supplier")
    location_id = forms.ChoiceField(label="For")
    expected_on = day_field("Expected on")
    note = forms.CharField(required=False, max_length=500, widget=forms.TextInput(attrs={"size": 40}))
    lines = sheet(_lines())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named: dict[str, Any] = self.fields
        places = Location.objects.order_by("code").values_list("pk", "name")
        named["location_id"].choices = [(str(key), name) for key, name in places]
        sellers = Supplier.objects.order_by("name", "pk").values_list("pk", "name")
        named["supplier_id"].choices = [("", "–"), *((str(key), name) for key, name in sellers)]

    def body(self) -> dict[str, Any]:
        """What the API would be sent."""
        values = super().body()
        del values["seen"]
        return values

    @property
    def supplier_key(self) -> UUID | None:
        """The supplier who is chosen so far, if it is one of the merchant's."""
        chosen = str(self["supplier_id"].value() or "")
        named: Any = self.fields["supplier_id"]
        return UUID(chosen) if chosen and chosen in {key for key, _ in named.choices} else None


class ChangeOrderForm(OrderForm):
    """A draft that is there."""

    shape, has_key = PurchaseOrderChangeInput, False


class ConfirmForm(LinesForm):
    """The supplier's answer."""

    shape, has_key = ConfirmationInput, False
    columns: ClassVar = {
        "quantity": lambda: number_field("Will come"),
        "expected_on": lambda: day_field("On"),
    }

    supplier_reference = forms.CharField(label="Their number", required=False, max_length=60)
    expected_on = day_field("Expected on")


def order_values(order: PurchaseOrder) -> dict[str, Any]:
    """What the form of a draft shows."""
    return {
        "supplier_id": str(order.supplier_id),
        "location_id": str(order.location_id),
        "expected_on": order.expected_on,
        "note": order.note,
        "lines": [
            {
                "variant_id": str(line.variant_id),
                "packs": plain_quantity(line.packs),
                "pack_price_minor": None
                if line.pack_price_minor is None
                else plain_cost(line.pack_price_minor),
                "supplier_code": line.supplier_code,
                "pack_name": line.pack_name,
                "pack_size": plain_quantity(line.pack_size),
                "pack_unit": line.pack_unit,
                "note": line.note,
            }
            for line in order.lines.all()
        ],
        "seen": str(max(step.pk for step in order.steps.all())),
    }


def confirm_lines(order: PurchaseOrder) -> list[Line]:
    """The lines of an order, for the supplier's answer."""
    return [
        Line(
            key=str(line.pk),
            title=line.description,
            detail=f"{plain_quantity(line.quantity)} {line.unit} ordered",
        )
        for line in order.lines.all()
    ]


def offered(supplier_id: UUID | None) -> list[dict[str, Any]]:
    """What a supplier sells, with their codes and prices. One statement."""
    if supplier_id is None:
        return []
    found = (
        SupplierItem.objects.filter(supplier_id=supplier_id)
        .select_related("variant__item")
        .order_by("variant__item__name", "variant__position", "pk")
    )
    price = Cost("", "")
    return [
        {"item": item, "name": goods_name(item.variant), "price": price.show(item.pack_price_minor)}
        for item in found[:_MOST_OFFERED]
    ]


def with_offered(sent: QueryDict) -> QueryDict:
    """What was sent, with packs typed beside what the supplier sells as lines of the order."""
    said = {name[6:]: str(value).strip() for name, value in sent.items() if name.startswith("packs-")}
    typed = {key: packs for key, packs in said.items() if packs}
    merged = sent.copy()
    for name in [name for name in merged if name.startswith("packs-")]:
        del merged[name]
    wanted = {key: packs for key, packs in typed.items() if _is_key(key)}
    if not wanted:
        return merged
    try:
        lines = json.loads(sent.get("lines", "") or "[]")
    except (ValueError, RecursionError):
        return merged
    items = SupplierItem.objects.filter(pk__in=list(wanted)[:_MOST_OFFERED]).order_by("pk")
    if isinstance(lines, list):
        merged["lines"] = json.dumps([*lines, *_taken(items, wanted)])
    return merged


def _taken(items: Iterable[SupplierItem], wanted: Mapping[str, str]) -> Iterable[dict[str, str]]:
    number, price = Number("packs", ""), Cost("", "")
    for item in items:
        typed = wanted[str(item.pk)]
        problems: list[tuple[str, str]] = []
        read = number.read(typed, "", problems)
        packs = number.number(typed) if read and not problems else None
        costs = item.pack_price_minor if packs is None else pack_price(item, packs=packs)
        yield {
            "variant_id": str(item.variant_id),
            "packs": typed,
            "pack_price_minor": price.show(costs),
            "supplier_code": item.supplier_code,
            "pack_name": item.pack_name,
            "pack_size": plain(item.pack_size),
            "pack_unit": item.pack_unit,
            "note": "",
        }


def _is_key(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
