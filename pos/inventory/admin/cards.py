"""The stock card in the back office: a chart of level and movements, and every row with its cause."""

import datetime as dt
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse

from fynlo.backoffice.pages import page, render, repeat_no_choice
from fynlo.backoffice.site import merchant_admin
from fynlo.core import clock
from fynlo.core.money import Money, format_money
from fynlo.core.tenancy import current_tenant
from pos.catalog.models import Variant
from pos.inventory.charts import ChartDay, level_chart
from pos.inventory.models import StockLevel
from pos.inventory.quantities import plain_quantity, whole_minor
from pos.inventory.queries.cards import EARLIEST, LATEST, CardPeriod, CardRow, StockCard, stock_card
from pos.registers.models import Location

PAGE: Final = 100
MOST_DAYS: Final = 400
_DEFAULT_DAYS: Final = 30


class PeriodForm(forms.Form):
    """Which days, and where."""

    since = forms.DateField(label="From", required=False, widget=forms.DateInput({"type": "date"}))
    last = forms.DateField(label="To", required=False, widget=forms.DateInput({"type": "date"}))
    location = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, places: list[Location], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        repeat_no_choice(self)
        named: dict[str, Any] = self.fields
        named["location"].choices = [("", "all"), *((str(place.pk), place.name) for place in places)]

    def clean(self) -> dict[str, Any]:
        """The period, thirty days up to today unless said otherwise."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        last = values.get("last") or clock.now().date() + dt.timedelta(days=1)
        since = values.get("since") or last - dt.timedelta(days=_DEFAULT_DAYS)
        if not EARLIEST <= since <= last < LATEST:
            raise forms.ValidationError(
                "A period between 2000 and 2199 is expected, from the earlier day on."
            )
        if not dt.timedelta(0) <= last - since < dt.timedelta(days=MOST_DAYS):
            raise forms.ValidationError(f"The period begins before it ends and has at most {MOST_DAYS} days.")
        return {**values, "since": since, "until": last + dt.timedelta(days=1)}


@page(merchant_admin, "pos/stock-card/<uuid:variant_id>/", name="pos_stock_card", permission="stock.read")
def card(request: HttpRequest, variant_id: UUID) -> HttpResponse:
    """The card of one variant in a period."""
    variant = Variant.objects.select_related("item").filter(pk=variant_id).first()
    if variant is None:
        raise Http404
    places = list(Location.objects.order_by("code"))
    form = PeriodForm(request.GET, places=places)
    context: dict[str, Any] = {"form": form, "variant": variant, "unit": variant.item.unit}
    if form.is_valid():
        context |= _card(variant, form.cleaned_data, {place.pk: place.name for place in places})
    name = f"{variant.item.name}, {variant.name}" if variant.name else variant.item.name
    return render(merchant_admin, request, "stock_card", f"Stock card: {name}", **context)


def _card(variant: Variant, asked: dict[str, Any], places: dict[UUID, str]) -> dict[str, Any]:
    location_id = UUID(asked["location"]) if asked["location"] else None
    period = CardPeriod(
        variant_id=variant.pk, location_id=location_id, since=asked["since"], until=asked["until"]
    )
    found = stock_card(period=period, limit=PAGE)
    chart = level_chart(
        opening=found.opening,
        days=[ChartDay(each.date, each.came, each.went, each.on_hand) for each in found.days],
        since=period.since,
        until=period.until,
    )
    levels = StockLevel.objects.filter(variant=variant).select_related("location").order_by("location__code")
    return {
        "levels": [_level(row) for row in levels if location_id in {None, row.location_id}],
        "chart": chart,
        "sums": [(each.kind, plain_quantity(each.quantity), _money(each.value_minor)) for each in found.sums],
        "ends": _ends(found),
        "rows": [_row(row, places) for row in found.rows],
        "has_more": found.has_more,
        "currency": current_tenant().currency,
        "shows_places": location_id is None and len(places) > 1,
    }


def _ends(found: StockCard) -> dict[str, str]:
    return {
        "opening": plain_quantity(found.opening),
        "opening_value": _money(found.opening_value_minor),
        "closing": plain_quantity(found.closing),
        "closing_value": _money(found.closing_value_minor),
    }


def _level(row: StockLevel) -> dict[str, str]:
    return {
        "place": row.location.name,
        "on_hand": plain_quantity(row.on_hand),
        "reserved": plain_quantity(row.reserved),
        "available": plain_quantity(row.available),
        "in_transit": plain_quantity(row.in_transit),
        "value": _money(row.value_minor),
        "is_negative": "yes" if row.on_hand < 0 else "",
    }


def _row(row: CardRow, places: dict[UUID, str]) -> dict[str, Any]:
    return {
        "at": row.at,
        "kind": row.kind.replace("_", " "),
        "quantity": f"+{plain_quantity(row.quantity)}" if row.quantity > 0 else plain_quantity(row.quantity),
        "is_in": row.quantity > 0,
        "moves": bool(row.quantity),
        "value": _money(row.value_minor),
        "after": plain_quantity(row.on_hand_after),
        "is_negative": row.on_hand_after < 0,
        "place": places.get(row.location_id, ""),
        "order_id": row.order_id,
        "reason": row.reason,
        "is_late": row.recorded_at is not None and row.recorded_at - row.at > dt.timedelta(minutes=15),
        "recorded_at": row.recorded_at,
    }


def _money(value_minor: Any) -> str:
    return format_money(Money(whole_minor(value_minor), current_tenant().currency))
