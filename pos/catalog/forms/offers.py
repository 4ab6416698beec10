"""The forms of price lists, service charges and menus: each with the same conditions."""

from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminSelectWidget

from fynlo.backoffice.sheets import Either, Money, Object, Percent, Pick, Rows
from pos.catalog.forms.conditions import from_quantity, price_effect, when_sheet
from pos.catalog.forms.documents import DocumentForm, sheet
from pos.catalog.models import Menu, PriceList, ServiceCharge


class PriceListForm(DocumentForm):
    """A price list: for whom and when, and what it says of categories. What it says of items stands with them."""

    kind = "price_list"
    when = sheet(when_sheet())
    entries = sheet(
        Rows(
            "entries",
            "Prices by category",
            (
                Pick("category_id", "Category", "category", width=3, placeholder="everything"),
                from_quantity(),
                price_effect(),
            ),
            add="Add a price",
            plain=True,
            help="The nearest category counts; prices of single items are on the item's page and go first.",
        )
    )

    class Meta:
        model = PriceList
        fields = ("name", "priority", "is_active")
        help_texts = {"priority": "Of the lists that hold, the smallest with a price decides."}


class ServiceChargeForm(DocumentForm):
    """A service charge."""

    kind = "service_charge"
    renamed = {"is_taxable": "taxable"}
    spread = {"charge": ("percent", "amount_minor", "per_cover_minor")}

    charge = sheet(
        Object(
            "charge",
            "How much",
            (
                Either(
                    "charge",
                    "",
                    (
                        Percent("percent", "% of the order", needed=True),
                        Money("amount_minor", "an amount", needed=True),
                        Money("per_cover_minor", "for each guest", needed=True),
                    ),
                    width=3,
                ),
            ),
        )
    )
    when = sheet(when_sheet())

    class Meta:
        model = ServiceCharge
        fields = ("name", "priority", "phase", "is_taxable", "tax_class", "is_active")
        labels = {"is_taxable": "Is taxed", "phase": "Added"}
        help_texts = {"tax_class": "Empty: taxed like the goods it is charged on."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "phase" in self.fields:
            self.fields["phase"] = forms.ChoiceField(
                label="Added",
                choices=(("before_tax", "before the taxes"), ("after_tax", "after the taxes")),
                initial="before_tax",
                widget=UnfoldAdminSelectWidget,
                help_text="What is added after the taxes is not taxed itself.",
            )

    def shown(self) -> Any:
        """The document; the tax class is chosen by its row."""
        return ((name, value) for name, value in super().shown() if name != "tax_class")

    def value_of(self, name: str) -> Any:
        """The tax class as documents call it."""
        value = super().value_of(name)
        return (value.code if value else None) if name == "tax_class" else value


class MenuForm(DocumentForm):
    """A menu: what a till shows, and when."""

    kind = "menu"
    when = sheet(when_sheet())
    entries = sheet(
        Rows(
            "entries",
            "What is on it",
            (
                Either(
                    "entry",
                    "Entry",
                    (
                        Pick("category_id", "Category", "category", needed=True),
                        Pick("item_id", "Item", "item", needed=True),
                    ),
                    width=4,
                ),
            ),
            add="Add to the menu",
            plain=True,
            ordered=True,
        )
    )

    class Meta:
        model = Menu
        fields = ("name", "position", "is_active")
