"""What somebody says of a transfer in the back office."""

import re
from typing import Any, Final
from uuid import UUID

from django import forms

from fynlo.backoffice.pages import repeat_no_choice
from fynlo.core.errors import DomainError
from fynlo.core.ids import new_id
from pos.catalog.models import Variant
from pos.inventory.models import StockLot
from pos.inventory.transfer_drafts import TransferDraft, TransferLineDraft
from pos.registers.models import Location

MAX_LINES: Final = 200
MAX_LINE: Final = 200
_LINE: Final = re.compile(
    r"(?P<sku>\S.*?)\s+(?P<quantity>[0-9]+(?:[.,][0-9]+)?)"
    r"(?:\s+(?P<unit>(?!lot\s)[^\W\d]\S{0,19}))?(?:\s+lot\s+(?P<lot>\S.*))?"
)
_FIELDS: Final = {"from_location_id": "source", "to_location_id": "destination", "note": "note"}


class OpenTransferForm(forms.Form):
    """From where to where, and what: a line per SKU with its quantity, in a unit and of a lot where it matters."""

    source = forms.ChoiceField(label="From")
    destination = forms.ChoiceField(label="To")
    goods = forms.CharField(
        label="SKU and quantity, one per line; a unit and a lot may follow",
        widget=forms.Textarea(
            {"rows": 6, "placeholder": "ROLL 12\nFLOUR 500 g lot L-77", "spellcheck": "false"}
        ),
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
        """The lines, each with a variant, a quantity, and the unit and the lot where they are named."""
        lines = [line.strip() for line in self.cleaned_data["goods"].splitlines() if line.strip()]
        rows = [_LINE.fullmatch(line) if len(line) <= MAX_LINE else None for line in lines]
        read = [row.groupdict() for row in rows if row is not None]
        if not 0 < len(lines) <= MAX_LINES or len(read) != len(lines):
            raise forms.ValidationError("Write a SKU and a quantity in each line.")
        known = dict(Variant.objects.filter(sku__in=[row["sku"] for row in read]).values_list("sku", "id"))
        codes = [row["lot"] for row in read if row["lot"]]
        lots = {
            (variant_id, code): key
            for variant_id, code, key in StockLot.objects.filter(
                variant_id__in=known.values(), code__in=codes
            ).values_list("variant_id", "code", "pk")
        }
        return tuple(_line(row, place, known, lots) for place, row in enumerate(read, start=1))

    def refuse(self, error: DomainError) -> None:
        """Show a refusal at its field; of the goods, with the line."""
        for problem in error.errors:
            member, _, rest = problem.pointer.strip("/").partition("/")
            place = rest.partition("/")[0]
            if member == "lines" and place.isdigit():
                self.add_error("goods", f"Line {int(place) + 1}: {problem.detail}")
            else:
                self.add_error(_FIELDS.get(member), problem.detail)
        if not error.errors:
            self.add_error(None, error.detail)

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


def _line(
    row: dict[str, str | None], place: int, known: dict[str, UUID], lots: dict[tuple[UUID, str], UUID]
) -> TransferLineDraft:
    sku, lot = row["sku"] or "", row["lot"]
    if sku not in known:
        raise forms.ValidationError(f"Line {place}: There is no such SKU.")
    if lot and (known[sku], lot) not in lots:
        raise forms.ValidationError(f"Line {place}: This is no lot of it.")
    field = forms.DecimalField(max_digits=18, decimal_places=6, min_value=0)
    return TransferLineDraft(
        variant_id=known[sku],
        quantity=field.clean((row["quantity"] or "").replace(",", ".")),
        unit=row["unit"] or "",
        lot_id=lots[known[sku], lot] if lot else None,
    )
