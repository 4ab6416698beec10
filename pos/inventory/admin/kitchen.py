"""What is left of the price of each dish, and where ingredients went, in the back office."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse

from fynlo.backoffice.pages import page, render, repeat_no_choice
from fynlo.backoffice.site import merchant_admin
from fynlo.core import clock
from fynlo.core.money import Money, format_money
from fynlo.core.tenancy import current_tenant
from pos.inventory.margins import shown
from pos.inventory.quantities import plain_quantity, whole_minor
from pos.inventory.queries.margins import RECIPES, WITH, DishMargin, MarginFilter, dish_margins
from pos.inventory.queries.usage import Usage, UsageFilter, stock_usage, usage_totals
from pos.registers.models import Location

PAGE: Final = 200
_LONGEST: Final = dt.timedelta(days=366)


class _PlaceForm(forms.Form):
    """Where, and what it is called."""

    location = forms.ChoiceField(required=False)
    q = forms.CharField(label="Name or SKU", required=False, max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        repeat_no_choice(self)
        named: Any = self.fields["location"]
        places = Location.objects.order_by("code").values_list("pk", "name")
        named.choices = [("", "all"), *((str(key), name) for key, name in places)]

    def location_id(self) -> UUID | None:
        """The chosen location."""
        chosen = self.cleaned_data["location"]
        return UUID(chosen) if chosen else None


class MarginsForm(_PlaceForm):
    """Which dishes; costs are the first location's unless one is chosen."""

    recipe = forms.ChoiceField(
        label="Recipe", required=False, choices=[("", WITH), *((each, each) for each in RECIPES[1:])]
    )
    margin_below = forms.DecimalField(label="Margin below (%)", required=False, max_digits=8)


class UsageForm(_PlaceForm):
    """Which business days; the last seven unless said."""

    first = forms.DateField(label="From", required=False, widget=forms.DateInput({"type": "date"}))
    last = forms.DateField(label="To", required=False, widget=forms.DateInput({"type": "date"}))

    def clean(self) -> dict[str, Any]:
        """At most a year, forwards."""
        values = super().clean() or self.cleaned_data
        last = values.get("last") or clock.now().date()
        first = values.get("first") or last - dt.timedelta(days=6)
        if not dt.timedelta(0) <= last - first <= _LONGEST:
            self.add_error("first", "The first day comes first, at most a year before the last one.")
        return {**values, "first": first, "last": last}


@page(merchant_admin, "pos/stock-margins/", name="pos_stock_margins", permission="stock.read")
def margins(request: HttpRequest) -> HttpResponse:
    """Dishes with price net of tax, cost and what is left, the least first."""
    form = MarginsForm(request.GET)
    context: dict[str, Any] = {"form": form, "currency": current_tenant().currency}
    if form.is_valid():
        places = Location.objects.order_by("code")
        chosen = form.location_id()
        location = (places if chosen is None else places.filter(pk=chosen)).first()
        wanted = MarginFilter(
            recipe=form.cleaned_data["recipe"] or WITH,
            text=form.cleaned_data["q"],
            margin_below=form.cleaned_data["margin_below"],
        )
        rows = [] if location is None else dish_margins(location=location, at=clock.now(), wanted=wanted)
        context |= {
            "rows": [_margin(row) for row in rows[:PAGE]],
            "has_more": len(rows) > PAGE,
            "place": location,
        }
    return render(merchant_admin, request, "stock_margins", "What is left of prices", **context)


@page(merchant_admin, "pos/stock-usage/", name="pos_stock_usage", permission="stock.read")
def usage(request: HttpRequest) -> HttpResponse:
    """What recipes say was used against what was, the dearest variance first."""
    form = UsageForm(request.GET)
    context: dict[str, Any] = {"form": form, "currency": current_tenant().currency}
    if form.is_valid():
        values = form.cleaned_data
        rows = stock_usage(
            wanted=UsageFilter(
                first=values["first"],
                last=values["last"],
                location_id=form.location_id(),
                text=values["q"] or None,
            )
        )
        totals = usage_totals(rows)
        context |= {
            "rows": [_usage(row) for row in rows[:PAGE]],
            "has_more": len(rows) > PAGE,
            "period": f"{values['first']:%Y-%m-%d} – {values['last']:%Y-%m-%d}",
            "variance": _money(totals["variance_minor"]),
            "waste": _money(totals["waste_minor"]),
            "theoretical": _money(totals["theoretical_minor"]),
        }
    return render(merchant_admin, request, "stock_usage", "Should have been used, and was", **context)


def _margin(row: DishMargin) -> dict[str, Any]:
    percent, food = row.margin.percent, row.margin.food_cost_percent
    return {
        "variant_id": row.variant_id,
        "name": row.name,
        "sku": row.sku,
        "price": format_money(Money(row.price_minor, current_tenant().currency)),
        "net": _exact(row.margin.net),
        "cost": _exact(row.margin.cost),
        "left": _exact(row.margin.left),
        "percent": "–" if percent is None else plain_quantity(percent),
        "food": "–" if food is None else plain_quantity(food),
        "is_loss": row.margin.left is not None and row.margin.left < 0,
        "unknown": len(row.unknown),
    }


def _usage(row: Usage) -> dict[str, Any]:
    share = row.variance_percent
    amounts = ("opening", "received", "theoretical", "waste", "closing", "variance")
    return {
        "variant_id": row.variant_id,
        "name": row.name,
        "sku": row.sku,
        "unit": row.unit,
        **{name: plain_quantity(getattr(row, name).quantity) for name in amounts},
        "value": _money(row.variance.value_minor),
        "percent": "–" if share is None else plain_quantity(share),
        "is_missing": row.variance.quantity > 0,
    }


def _exact(value: Fraction | None) -> str:
    return "unknown" if value is None else _money(shown(value))


def _money(value_minor: Decimal) -> str:
    return format_money(Money(whole_minor(value_minor), current_tenant().currency))
