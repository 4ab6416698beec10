"""What stock is worth, in the back office, at the end of any day; and revaluing what is there."""

from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.pages import page, render, repeat_no_choice
from fynlo.backoffice.site import merchant_admin
from fynlo.core import clock
from fynlo.core.errors import DomainError
from fynlo.core.ids import new_id
from fynlo.core.money import Money, exponent, format_money
from fynlo.core.tenancy import current_tenant
from pos.catalog.models import Category
from pos.inventory.models import StockLevel
from pos.inventory.quantities import COST_PLACES, plain_cost, plain_quantity, whole_minor
from pos.inventory.queries import LevelFilter
from pos.inventory.queries.costs import NOW, Moment, stock_worth, valued_levels
from pos.inventory.services.revaluing import APPROVE, RevaluationDraft, revalue
from pos.registers.models import Location

PAGE: Final = 200


class MomentForm(forms.Form):
    """When, where, and of what."""

    date = forms.DateField(
        label="In the evening of", required=False, widget=forms.DateInput({"type": "date"})
    )
    location = forms.ChoiceField(required=False)
    category = forms.ChoiceField(required=False)
    q = forms.CharField(label="Name or SKU", required=False, max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        repeat_no_choice(self)
        named: dict[str, Any] = self.fields
        places = Location.objects.order_by("code").values_list("pk", "name")
        named["location"].choices = [("", "all"), *((str(key), name) for key, name in places)]
        kinds = Category.objects.order_by("name").values_list("pk", "name")
        named["category"].choices = [("", "all"), *((str(key), name) for key, name in kinds)]

    def wanted(self) -> LevelFilter:
        """What is asked for."""
        values = self.cleaned_data
        return LevelFilter(
            location_id=UUID(values["location"]) if values["location"] else None,
            category_id=UUID(values["category"]) if values["category"] else None,
            text=values["q"],
        )

    def moment(self) -> Moment:
        """Now, or the end of a day."""
        day = self.cleaned_data["date"]
        return NOW if day is None else Moment(date=day)


class RevaluationForm(forms.Form):
    """What one unit is worth from now on, in the merchant's currency, and why."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    unit_cost = forms.DecimalField(label="Cost of one", min_value=0, max_digits=20)
    reason = forms.CharField(max_length=200)


@page(merchant_admin, "pos/stock-valuation/", name="pos_stock_valuation", permission="stock.read")
def valuation(request: HttpRequest) -> HttpResponse:
    """Quantity and value of everything that is there, now or in the evening of a day of the past."""
    form = MomentForm(request.GET)
    context: dict[str, Any] = {"form": form, "currency": current_tenant().currency}
    if form.is_valid():
        wanted, moment = form.wanted(), form.moment()
        names = ("variant__item__name", "variant__position", "location__code", "id")
        rows = list(
            valued_levels(wanted=wanted, moment=moment)
            .select_related("location")
            .order_by(*names)[: PAGE + 1]
        )
        worth = stock_worth(wanted=wanted, moment=moment)
        context |= {
            "rows": [_row(row) for row in rows[:PAGE]],
            "total": _money(worth.value_minor),
            "level_count": worth.level_count,
            "has_more": len(rows) > PAGE,
            "may_revalue": moment.is_now and actor_of(request).may(APPROVE),
        }
    return render(merchant_admin, request, "stock_valuation", "What stock is worth", **context)


@page(
    merchant_admin,
    "pos/stock-revaluation/<uuid:variant_id>/<uuid:location_id>/",
    name="pos_stock_revaluation",
    permission=APPROVE,
)
def revaluation(request: HttpRequest, variant_id: UUID, location_id: UUID) -> HttpResponse:
    """Say what one unit of a variant at a location is worth."""
    found = StockLevel.objects.filter(variant_id=variant_id, location_id=location_id)
    level = found.select_related("variant__item", "location").first()
    if level is None:
        raise Http404
    form = RevaluationForm(request.POST or None, initial={"key": new_id()})
    if request.method == "POST" and form.is_valid() and _revalued(request, form, level):
        messages.success(request, f"{_name(level)} is revalued.")
        return HttpResponseRedirect(reverse("admin:pos_stock_valuation"))
    context = {
        "form": form,
        "name": _name(level),
        "place": level.location.name,
        "on_hand": plain_quantity(level.on_hand),
        "unit": level.variant.item.unit,
        "value": _money(level.value_minor),
        "unit_cost": None if level.unit_cost_minor is None else _cost(level.unit_cost_minor),
        "currency": current_tenant().currency,
    }
    return render(merchant_admin, request, "stock_revaluation", "Revalue stock", **context)


def _revalued(request: HttpRequest, form: RevaluationForm, level: StockLevel) -> bool:
    minor = form.cleaned_data["unit_cost"].scaleb(exponent(current_tenant().currency))
    if -minor.normalize().as_tuple().exponent > COST_PLACES:
        form.add_error("unit_cost", "So small a part of a cent is not kept.")
        return False
    draft = RevaluationDraft(
        id=form.cleaned_data["key"],
        location_id=level.location_id,
        variant_id=level.variant_id,
        reason=form.cleaned_data["reason"],
        unit_cost_minor=minor,
    )
    try:
        revalue(draft=draft, actor=actor_of(request), at=clock.now())
    except DomainError as error:
        form.add_error(None, error.detail)
        return False
    return True


def _row(row: Any) -> dict[str, Any]:
    quantity, value = row.quantity_then, row.value_then
    return {
        "variant_id": row.variant_id,
        "location_id": row.location_id,
        "name": _name(row),
        "sku": row.variant.sku,
        "place": row.location.name,
        "quantity": plain_quantity(quantity),
        "unit": row.variant.item.unit,
        "average": _cost(value / quantity) if quantity > 0 and value >= 0 else "–",
        "value": _money(value),
        "is_negative": quantity < 0,
        "is_there": quantity > 0,
    }


def _name(level: StockLevel) -> str:
    name = level.variant.name
    return f"{level.variant.item.name}, {name}" if name else level.variant.item.name


def _money(value_minor: Decimal) -> str:
    return format_money(Money(whole_minor(value_minor), current_tenant().currency))


def _cost(value_minor: Decimal) -> str:
    """A cost per unit as people read it: in the currency, with as many places as it needs, at most six."""
    shown = value_minor.scaleb(-exponent(current_tenant().currency))
    return plain_cost(round(shown, 6))
