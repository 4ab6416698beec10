"""The form of an item: what it is, its variants, what is chosen along with it, its pictures, its prices by list."""

from typing import Any, Final

from django import forms
from django.urls import reverse
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from fynlo.backoffice.sheets import (
    Axes,
    Flag,
    Image,
    Key,
    Local,
    Money,
    Number,
    Object,
    Pick,
    Rows,
    Text,
    Whole,
    Words,
)
from fynlo.backoffice.sheets.fields import CellField
from pos.catalog.documents.limits import ALLERGENS
from pos.catalog.forms.conditions import from_quantity, price_effect
from pos.catalog.forms.documents import DocumentForm, sheet
from pos.catalog.models import Item

NO_IMAGE: Final = "00000000-0000-0000-0000-000000000000"


def _scheduled() -> Rows:
    return Rows(
        "scheduled_prices",
        "Prices from a day on",
        (Local("starts_at", "From", needed=True), Money("price_minor", "Price", needed=True)),
        add="Add a price",
        plain=True,
        below=True,
        help="On the clock of the location; from then on it replaces the price above.",
    )


def _barcodes() -> Rows:
    return Rows(
        "barcodes",
        "Barcodes",
        (
            Text("code", "Code", needed=True),
            Number("multiplier", "Stands for", width=1, blank="1", needed=True),
            Text("unit", "Unit", width=1, placeholder="case"),
        ),
        add="Add a barcode",
        plain=True,
        below=True,
        help="A code on a case of 24 stands for 24 of the item's unit.",
    )


def variants_sheet() -> Rows:
    """Variants: each with its prices to come and its barcodes under it."""
    return Rows(
        "variants",
        "Variants",
        (
            Key(),
            Text("name", "Name", placeholder="none, if there is only one"),
            Text("sku", "SKU", needed=True),
            Money("price_minor", "Price", needed=True),
            Axes("options", "Options", source="option_axes", width=2),
            Flag("is_active", "On sale", blank=True),
            _barcodes(),
            _scheduled(),
        ),
        add="Add a variant",
        ordered=True,
    )


def uses_sheet(name: str, title: str, **more: Any) -> Rows:
    """Modifier groups offered somewhere, with a range of their own where it differs."""
    return Rows(
        name,
        title,
        (
            Pick("group_id", "Group", "modifier_group", width=3, needed=True),
            Whole("min", "At least", width=1, empty=None, placeholder="as group"),
            Whole("max", "At most", width=1, empty=None, placeholder="as group"),
        ),
        add="Offer a group",
        plain=True,
        ordered=True,
        **more,
    )


class ComboSheet(Object):
    """The slots of a combo; without any the item is none."""

    def read(self, given: Any, pointer: str, problems: list[tuple[str, str]]) -> Any:
        """The slots, or null."""
        made = super().read(given, pointer, problems)
        return made if made.get("slots") or problems else None


def combo_sheet() -> ComboSheet:
    """Slots, and what may fill them."""
    choices = (
        Pick("variant_id", "Choice", "variant", width=3, needed=True),
        Money("upcharge_minor", "For", width=1, blank="0", needed=True),
        Flag("is_default", "taken by itself"),
    )
    slots = (
        Key(),
        Text("name", "Slot", placeholder="Drink", width=3, needed=True),
        Rows("choices", "Choices", choices, add="Add a choice", plain=True, ordered=True, width=4),
    )
    return ComboSheet(
        "combo",
        "Combo",
        (Rows("slots", "", slots, add="Add a slot", ordered=True, width=4),),
        help="A combo is sold for one price; of each slot one choice is taken.",
    )


def list_prices_sheet() -> Rows:
    """What price lists say of this item; a price of one variant goes before that of the item."""
    return Rows(
        "list_prices",
        "Prices by list",
        (
            Pick("price_list_id", "Price list", "price_list", width=2, needed=True),
            Pick("variant_id", "Only this variant", "variant", width=2, placeholder="all variants"),
            from_quantity(),
            price_effect(),
        ),
        add="Add a price",
        plain=True,
    )


def images_sheet() -> Rows:
    """Pictures in their order; the first is on the till's button."""
    return Rows(
        "image_ids", "Pictures", Image("", "Picture", address=reverse_image), ordered=True, add="", plain=True
    )


def reverse_image() -> str:
    """The address of a picture, with a place for its id."""
    return reverse("admin:pos_catalog_image", args=[NO_IMAGE])


class ItemForm(DocumentForm):
    """An item with everything that is its own."""

    kind = "item"
    renamed = {"category": "category_id"}

    tags = CellField(
        Words("tags", "Tags", empty=[]),
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "separated by commas"}),
    )
    allergens = forms.MultipleChoiceField(
        required=False,
        choices=[(allergen, allergen.capitalize()) for allergen in ALLERGENS],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    variants = sheet(variants_sheet())
    option_axes = sheet(
        Rows(
            "option_axes",
            "Options",
            (
                Text("name", "Option", placeholder="Size", needed=True),
                Words("values", "Values", placeholder="S, M, L", width=3, empty=[]),
            ),
            add="Add an option",
            plain=True,
            ordered=True,
            help="At most three; a variant has a value of each.",
        )
    )
    units = sheet(
        Rows(
            "units",
            "Other units",
            (
                Text("code", "Unit", placeholder="case", width=1, needed=True),
                Text("name", "Name", placeholder="Case of 24"),
                Whole("numerator", "is", width=1, blank="1", needed=True),
                Whole("denominator", "divided by", width=1, blank="1", needed=True),
            ),
            add="Add a unit",
            plain=True,
            help="A case of 24 is 24 divided by 1 of the item's unit; 125 g of a kg are 125 divided by 1000.",
        )
    )
    modifier_groups = sheet(uses_sheet("modifier_groups", "Modifier groups"))
    combo = sheet(combo_sheet())
    list_prices = sheet(list_prices_sheet())
    image_ids = sheet(images_sheet())
    new_image = forms.FileField(
        required=False,
        label="Add a picture",
        help_text="JPEG, PNG or WebP, at most 10 MB. It is made smaller and loses its metadata.",
        widget=forms.ClearableFileInput(attrs={"accept": "image/*", "class": "text-sm"}),
    )

    class Meta:
        model = Item
        fields = (
            "name",
            "category",
            "tax_class",
            "unit",
            "kitchen_name",
            "description",
            "allergens",
            "has_open_price",
            "is_active",
        )
        widgets = {"description": UnfoldAdminTextareaWidget(attrs={"rows": 3})}
        labels = {"has_open_price": "Price is typed at the till", "is_active": "On sale"}
        help_texts = {"kitchen_name": "What the kitchen reads; empty: the name."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding and "variants" in self.fields:
            self.initial.setdefault("variants", [{"is_active": True}])

    def shown(self) -> Any:
        """The document; the tax class is chosen by its row."""
        return ((name, value) for name, value in super().shown() if name not in ("category", "tax_class"))

    def value_of(self, name: str) -> Any:
        """Category and tax class as documents call them."""
        value = super().value_of(name)
        if name == "category":
            return str(value.pk)
        return value.code if name == "tax_class" else value

    def stated(self) -> dict[str, Any]:
        """The document without what is no member of it."""
        made = super().stated()
        made.pop("new_image", None)
        return made
