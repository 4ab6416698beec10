"""What somebody says of a transfer in the back office."""

from typing import Any, Final
from uuid import UUID

from django import forms

from fynlo.backoffice.pages import repeat_no_choice
from fynlo.core.ids import new_id
from pos.catalog.models import Variant
from pos.inventory.transfer_drafts import TransferDraft, TransferLineDraft
from pos.registers.models import Location

MAX_LINES: Final = 200


class OpenTransferForm(forms.Form):
    """From where to where, and what: a line per SKU with its quantity."""

    source = forms.ChoiceField(label="From")
    destination = forms.ChoiceField(label="To")
    goods = forms.CharField(
        label="SKU and quantity, one per line",
        widget=forms.Textarea({"rows": 6, "placeholder": "ROLL 12", "spellcheck": "false"}),
    )
    note = forms.CharField(required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        repeat_no_choice(self)
        places = [
            (str(key), name) for key, name in Location.objects.order_by("code").values_list("id", "name")
        ]
        named: dict[str, Any] = self.fields
        named["source"].choices = named["destination"].choices = places

    def clean_goods(self) -> tuple[TransferLineDraft, ...]:
        """The lines, each with a variant and a quantity."""
        rows = [row.rsplit(maxsplit=1) for row in self.cleaned_data["goods"].splitlines() if row.strip()]
        if not 0 < len(rows) <= MAX_LINES or any(len(row) != len(("sku", "quantity")) for row in rows):
            raise forms.ValidationError("Write a SKU and a quantity in each line.")
        known = dict(Variant.objects.filter(sku__in=[row[0] for row in rows]).values_list("sku", "id"))
        field = forms.DecimalField(max_digits=18, decimal_places=6, min_value=0)
        lines = []
        for sku, quantity in rows:
            if sku not in known:
                raise forms.ValidationError("There is no such SKU.")
            lines.append(TransferLineDraft(variant_id=known[sku], quantity=field.clean(quantity)))
        return tuple(lines)

    def draft(self) -> TransferDraft:
        """The frozen input of `draft_transfer`."""
        said = self.cleaned_data
        return TransferDraft(
            id=new_id(),
            from_location_id=UUID(said["source"]),
            to_location_id=UUID(said["destination"]),
            lines=said["goods"],
            note=said["note"],
        )
