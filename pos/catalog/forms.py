"""The back office's forms of the catalogue: what people type becomes the fields of drafts."""

from decimal import Decimal
from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from fynlo.backoffice.columns import minor_digits
from fynlo.backoffice.options import ServiceForm
from pos.catalog.drafts import RATE_PLACES, ItemDraft, TaxClassDraft, VariantDraft
from pos.catalog.models import Item, TaxClass, Variant
from pos.pricing.limits import MAX_UNIT_PRICE_MINOR

_PER_CENT = Decimal(100)


class VariantForm(ServiceForm):
    """A variant in the table below its item. The price is in currency units; barcodes are separated by spaces."""

    price = forms.DecimalField(min_value=0, widget=UnfoldAdminDecimalFieldWidget)
    barcodes = forms.CharField(
        required=False,
        max_length=1000,
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "separated by spaces"}),
    )

    class Meta:
        model = Variant
        fields = ("name", "sku", "price", "position", "is_active", "barcodes")
        labels = {"sku": "SKU"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        digits = minor_digits()
        step = format(Decimal(1).scaleb(-digits), "f")
        self.fields["price"] = forms.DecimalField(
            min_value=0,
            max_value=Decimal(MAX_UNIT_PRICE_MINOR).scaleb(-digits),
            max_digits=18,
            decimal_places=digits,
            widget=UnfoldAdminDecimalFieldWidget(attrs={"step": step}),
        )
        if not self.instance._state.adding:
            self.initial["price"] = Decimal(self.instance.price_minor).scaleb(-digits)
            self.initial["barcodes"] = " ".join(code.code for code in self.instance.barcodes.all())

    def draft(self) -> VariantDraft:
        """What the form states (it is valid)."""
        values = self.cleaned_data
        return VariantDraft(
            id=self.instance.pk,
            name=values["name"],
            sku=values["sku"],
            price_minor=int(values["price"].scaleb(minor_digits())),
            position=values["position"],
            is_active=values["is_active"],
            barcodes=tuple(dict.fromkeys(values["barcodes"].split())),
        )


class ItemForm(ServiceForm):
    """An item; its variants are in the table below."""

    class Meta:
        model = Item
        fields = ("name", "category", "tax_class", "unit", "description", "is_active")
        widgets = {"description": UnfoldAdminTextareaWidget(attrs={"rows": 3})}

    def draft(self, variants: tuple[VariantDraft, ...]) -> ItemDraft:
        """What the form states, with these variants."""
        values = self.cleaned_data
        return ItemDraft(
            id=self.instance.pk,
            category_id=values["category"].pk,
            tax_class_id=values["tax_class"].pk,
            name=values["name"],
            description=values["description"],
            unit=values["unit"],
            is_active=values["is_active"],
            variants=variants,
        )


class TaxClassForm(ServiceForm):
    """A tax class; people write its rate in per cent."""

    percent = forms.DecimalField(
        label="Rate in %",
        min_value=0,
        max_value=Decimal("99.9999"),
        decimal_places=RATE_PLACES - 2,
        widget=UnfoldAdminDecimalFieldWidget,
    )

    class Meta:
        model = TaxClass
        fields = ("code", "name", "percent", "is_inclusive")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.initial["percent"] = (self.instance.rate * _PER_CENT).normalize()

    def draft(self) -> TaxClassDraft:
        """What the form states."""
        values = self.cleaned_data
        return TaxClassDraft(
            id=self.instance.pk,
            code=values.get("code", self.instance.code),
            name=values["name"],
            rate=values["percent"] / _PER_CENT,
            is_inclusive=values["is_inclusive"],
        )
