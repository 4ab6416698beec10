"""Who asks for a price, where and when."""

import datetime as dt
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.apps import apps

from fynlo.backoffice.pages import repeat_no_choice
from fynlo.core.tenancy import current_tenant
from pos.catalog.admin.choosing import Tree
from pos.catalog.models import PriceList, Promotion, ServiceCharge
from pos.catalog.queries.preview import Occasion
from pos.catalog.searching import MAX_QUERY
from pos.pricing.limits import MAX_QUANTITY

ORDER_TYPES: Final = (("", "any"), ("eat_in", "eat in"), ("take_away", "take away"), ("delivery", "delivery"))
_EARLIEST, _LATEST = dt.date(2000, 1, 1), dt.date(2199, 12, 31)


class PreviewForm(forms.Form):
    """An occasion, and what is looked for. Everything may be left out."""

    date = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    time = forms.TimeField(required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    location = forms.ChoiceField(required=False)
    order_type = forms.ChoiceField(label="Order type", required=False, choices=ORDER_TYPES)
    customer_group = forms.CharField(
        label="Customer group",
        required=False,
        max_length=40,
        widget=forms.TextInput({"list": "known-groups"}),
    )
    channel = forms.CharField(
        required=False, max_length=40, widget=forms.TextInput({"list": "known-channels"})
    )
    quantity = forms.DecimalField(
        required=False, min_value=Decimal("0.000001"), max_value=MAX_QUANTITY, decimal_places=6, max_digits=13
    )
    coupons = forms.CharField(
        required=False, max_length=200, widget=forms.TextInput({"placeholder": "separated by spaces"})
    )
    q = forms.CharField(
        label="Search", required=False, max_length=MAX_QUERY, widget=forms.TextInput({"type": "search"})
    )
    category = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, tree: Tree, at: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        repeat_no_choice(self)
        self.at = at
        self.places = list(
            apps.get_model("pos", "Location")._default_manager.filter(is_active=True).order_by("code")
        )
        named: dict[str, Any] = self.fields
        named["location"].choices = [("", "any"), *((str(place.pk), place.name) for place in self.places)]
        named["category"].choices = [("", "all"), *tree.choices()]

    def occasion(self) -> Occasion:
        """What the (valid) form says; what it leaves out is now, one, and nobody in particular."""
        values = self.cleaned_data
        place = next((place for place in self.places if str(place.pk) == values["location"]), None)
        local = self.at.astimezone(ZoneInfo(place.time_zone if place else current_tenant().time_zone))
        return Occasion(
            at=dt.datetime.combine(values["date"] or local.date(), values["time"] or local.time()).replace(
                second=0, microsecond=0
            ),
            location_id=place.pk if place else None,
            channel=values["channel"] or None,
            order_type=values["order_type"] or None,
            customer_group=values["customer_group"] or None,
            coupons=frozenset(values["coupons"].split()),
            quantity=values["quantity"] or Decimal(1),
        )

    def clean_date(self) -> dt.date | None:
        """A day that calendars of tills know."""
        date: dt.date | None = self.cleaned_data["date"]
        if date is not None and not _EARLIEST <= date <= _LATEST:
            raise forms.ValidationError(f"A day from {_EARLIEST} to {_LATEST}.")
        return date


def known_words() -> dict[str, list[str]]:
    """The customer groups and channels that rules of the catalogue name, in three statements."""
    found: dict[str, set[str]] = {"customer_groups": set(), "channels": set()}
    for model in (PriceList, Promotion, ServiceCharge):
        for when in model.objects.values_list("when", flat=True):
            for name, words in found.items():
                words.update(when.get(name) or ())
    return {name: sorted(words) for name, words in found.items()}
