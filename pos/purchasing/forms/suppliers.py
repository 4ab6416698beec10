"""The back office's form of a supplier; what it sells is kept over the API and by files."""

from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminTextareaWidget

from fynlo.backoffice.options import ServiceForm
from fynlo.core.money import Money
from pos.purchasing.drafts import SupplierDraft
from pos.purchasing.models import Supplier


class SupplierForm(ServiceForm):
    """A supplier; the address is typed line by line."""

    address = forms.CharField(
        required=False, max_length=500, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )

    class Meta:
        model = Supplier
        fields = (
            "code",
            "name",
            "contact",
            "email",
            "phone",
            "address",
            "tax_number",
            "account_number",
            "lead_time_days",
            "payment_terms",
            "language",
            "note",
            "is_active",
        )
        help_texts = {
            "account_number": "Ours with them.",
            "lead_time_days": "Empty: as in the stock settings.",
            "language": "Of orders to them: en, de, …",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.initial["address"] = "\n".join(self.instance.address)

    def clean_address(self) -> list[str]:
        """The lines that say something."""
        lines = (" ".join(line.split())[:120] for line in self.cleaned_data["address"].splitlines())
        return [line for line in lines if line]

    def draft(self) -> SupplierDraft:
        """What the form states; what it does not show stays."""
        minimum = self.instance.minimum_order_minor
        values = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return SupplierDraft(
            id=self.instance.pk,
            minimum_order=None if minimum is None else Money(minimum, self.instance.currency),
            **{**values, "address": tuple(values["address"])},
        )
