"""What becomes of a delivery afterwards: some of it goes back, or it cost more than its price."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.db.models import Sum

from fynlo.backoffice.sheets import Cost, Money
from fynlo.core.tenancy import current_tenant
from pos.inventory.forms.entries import Line, LinesForm, cell_field, number_field, text_field
from pos.inventory.quantities import plain_quantity
from pos.purchasing.models import GoodsReceipt, GoodsReceiptLine, SupplierReturnLine
from pos.purchasing.models.landed import BASES
from pos.purchasing.serializers.receipts import COST_KINDS, LandedCostInput, SupplierReturnInput

_MOST_LOT, _MOST_UNIT, _MOST_REASON = 40, 20, 200


class SendBackForm(LinesForm):
    """Goods of a delivery that go back."""

    shape, line_key = SupplierReturnInput, "receipt_line_id"
    columns: ClassVar = {
        "quantity": lambda: number_field("Goes back"),
        "unit": lambda: text_field("Unit (empty: its own)", _MOST_UNIT),
        "lot": lambda: text_field("Lot or serial", _MOST_LOT),
        "reason": lambda: text_field("Why", _MOST_REASON),
    }

    reference = forms.CharField(label="Their number of it", required=False, max_length=60)
    reason = forms.CharField(label="Why, altogether", required=False, max_length=200)
    note = forms.CharField(required=False, max_length=500)


class LandedCostForm(LinesForm):
    """A cost of a delivery, or of several together."""

    shape, line_key = LandedCostInput, "receipt_line_id"
    columns: ClassVar = {
        "weight": lambda: number_field("Weight"),
        "share_minor": lambda: cell_field(Cost("", "Its share")),
        "unit_cost_minor": lambda: cell_field(Cost("", "One was invoiced at")),
    }

    kind = forms.ChoiceField(label="What for", choices=[(each, each) for each in COST_KINDS])
    basis = forms.ChoiceField(
        label="Shared by", choices=[(each, "as stated below" if each == "stated" else each) for each in BASES]
    )
    amount = cell_field(Money("", "Amount"))
    others = forms.CharField(
        label="Other deliveries that bear it",
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"placeholder": "numbers, separated by spaces"}),
    )
    reference = forms.CharField(required=False, max_length=60)
    note = forms.CharField(required=False, max_length=500)

    def __init__(self, *args: Any, receipt_id: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.receipt_id = receipt_id
        self.fields["amount"].label = f"Amount ({current_tenant().currency})"

    def clean_others(self) -> list[str]:
        """The keys of the deliveries with these numbers."""
        numbers = set(self.cleaned_data["others"].replace(",", " ").split())
        found = GoodsReceipt.objects.filter(number__in=numbers).values_list("pk", flat=True)
        keys = [str(key) for key in found]
        if len(keys) != len(numbers):
            raise forms.ValidationError("There is no delivery of one of these numbers.")
        return keys

    def body(self) -> dict[str, Any]:
        """What the API would be sent: the lines something was said of, or else the whole deliveries."""
        values = super().body()
        others, amount = values.pop("others"), values["amount"]
        if amount is not None:
            values["amount"] = {"amount_minor": amount, "currency": current_tenant().currency}
        if not values["lines"]:
            values["receipt_ids"] = [str(self.receipt_id), *others]
            del values["lines"]
        return values


def delivered_lines(receipt: GoodsReceipt) -> list[Line]:
    """The lines of a delivery of which something came into stock, with what went back of them. Two statements."""
    lines = [line for line in receipt.lines.all() if line.quantity]
    back: Mapping[UUID, Decimal] = dict(
        SupplierReturnLine.objects.filter(receipt_line__in=lines)
        .order_by()
        .values_list("receipt_line_id")
        .annotate(total=Sum("quantity"))
    )
    return [Line(key=str(line.pk), title=line.description, detail=_detail(line, back)) for line in lines]


def _detail(line: GoodsReceiptLine, back: Mapping[UUID, Decimal]) -> str:
    parts = [f"{plain_quantity(line.quantity)} {line.unit} came"]
    if line.pk in back:
        parts.append(f"{plain_quantity(back[line.pk])} went back")
    if line.lots:
        parts.append("lots " + ", ".join(str(each["code"]) for each in line.lots))
    return ", ".join(parts)
