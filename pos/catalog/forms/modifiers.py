"""The form of a modifier group."""

from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from fynlo.backoffice.sheets import Flag, Key, Money, Pick, Rows, Text, Whole
from pos.catalog.documents.limits import MAX_NUMBER
from pos.catalog.forms.documents import DocumentForm, sheet
from pos.catalog.forms.items import uses_sheet
from pos.catalog.models import ModifierGroup


def modifiers_sheet() -> Rows:
    """Modifiers, with what they cost elsewhere and the groups nested under them."""
    prices = (
        Pick("item_id", "On this item", "item", width=2, placeholder="any item"),
        Pick("location_id", "At this location", "location", width=2, placeholder="anywhere"),
        Money("price_minor", "Price", needed=True),
    )
    return Rows(
        "modifiers",
        "Modifiers",
        (
            Key(),
            Text("name", "Name", needed=True),
            Text("kitchen_name", "Kitchen name"),
            Money("price_minor", "Price", blank="0", needed=True),
            Whole("default_quantity", "Preset", width=1, blank="0", needed=True),
            Whole("max_quantity", "At most", width=1, blank="1", needed=True),
            Flag("is_active", "On offer", blank=True),
            Rows("prices", "Other prices", prices, add="Add a price", plain=True, below=True),
            uses_sheet("groups", "Groups offered with it", below=True),
        ),
        add="Add a modifier",
        help="A negative price takes off; what is preset is chosen unless the guest says otherwise.",
        ordered=True,
    )


class ModifierGroupForm(DocumentForm):
    """A modifier group with its modifiers."""

    kind = "modifier_group"

    min = forms.IntegerField(
        label="Choose at least",
        initial=0,
        min_value=0,
        max_value=MAX_NUMBER,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    max = forms.IntegerField(
        label="Choose at most",
        required=False,
        min_value=1,
        max_value=MAX_NUMBER,
        help_text="Empty: as many as there are.",
        widget=UnfoldAdminIntegerFieldWidget,
    )
    modifiers = sheet(modifiers_sheet())

    class Meta:
        model = ModifierGroup
        fields = ("name", "kitchen_name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding and "modifiers" in self.fields:
            blank = {"price_minor": 0, "default_quantity": 0, "max_quantity": 1, "is_active": True}
            self.initial.setdefault("modifiers", [blank])
