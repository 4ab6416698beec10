"""What somebody records by hand in the back office: more or less of something, waste, a batch."""

from typing import Any, Final
from uuid import UUID

from django import forms

from fynlo.backoffice.pages import repeat_no_choice
from fynlo.core.money import exponent
from fynlo.core.tenancy import current_tenant
from pos.catalog.models import Variant
from pos.inventory.models import StockLot
from pos.inventory.queries.waste import waste_reasons
from pos.inventory.services.adjustments import REASONS, AdjustmentDraft, AdjustmentLine
from pos.inventory.services.production_checks import ProductionDraft
from pos.inventory.services.waste import WasteDraft
from pos.registers.models import Location

MORE, LESS, SET = "more", "less", "set"


class _RecordForm(forms.Form):
    """So much of something, somewhere. `key` is made with the page."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    location = forms.ChoiceField()
    sku = forms.CharField(label="SKU", max_length=60)
    quantity = forms.DecimalField(min_value=0, max_digits=18, decimal_places=6)
    unit = forms.CharField(label="Unit (empty: its own)", required=False, max_length=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        repeat_no_choice(self)
        places = Location.objects.order_by("code").values_list("pk", "name")
        named: dict[str, Any] = self.fields
        named["location"].choices = [(str(key), name) for key, name in places]

    def clean_sku(self) -> Variant:
        """The variant, whatever the case of its letters."""
        found: Variant | None = Variant.objects.filter(sku__iexact=self.cleaned_data["sku"]).first()
        if found is None:
            raise forms.ValidationError("There is no such SKU.")
        return found

    def lot_id(self) -> UUID | None:
        """The lot that was named, if any was."""
        code, variant = self.cleaned_data.get("lot"), self.cleaned_data.get("sku")
        if not code or variant is None:
            return None
        found = StockLot.objects.filter(variant=variant, code=code).values_list("pk", flat=True).first()
        if found is None:
            self.add_error("lot", "This is no lot of it.")
        return found

    def clean(self) -> dict[str, Any]:
        """With the lot looked up."""
        values = super().clean() or self.cleaned_data
        return {**values, "lot_id": self.lot_id()}


class AdjustmentForm(_RecordForm):
    """So much more, so much less, or what there is."""

    how = forms.ChoiceField(
        label="This is", choices=[(MORE, "more"), (LESS, "less"), (SET, "what is there now")]
    )
    lot = forms.CharField(label="Lot or serial", required=False, max_length=20)
    unit_cost = forms.DecimalField(
        label="Cost of one, if more", required=False, min_value=0, max_digits=20, decimal_places=9
    )
    reason_code = forms.ChoiceField(
        label="Reason", choices=[(each, each.replace("_", " ")) for each in REASONS]
    )
    reason = forms.CharField(label="In words", required=False, max_length=180)

    def draft(self) -> AdjustmentDraft:
        """The frozen input of `adjust_stock`."""
        said = self.cleaned_data
        cost = said["unit_cost"]
        quantity = None if said["how"] == SET else said["quantity"] * (-1 if said["how"] == LESS else 1)
        line = AdjustmentLine(
            variant_id=said["sku"].pk,
            quantity=quantity,
            set_to=said["quantity"] if said["how"] == SET else None,
            unit=said["unit"],
            unit_cost_minor=None if cost is None else cost.scaleb(exponent(current_tenant().currency)),
            lot_id=said["lot_id"],
        )
        return AdjustmentDraft(
            id=said["key"],
            location_id=UUID(said["location"]),
            reason_code=said["reason_code"],
            reason=said["reason"],
            lines=(line,),
        )


class WasteForm(_RecordForm):
    """So much is thrown away."""

    lot = forms.CharField(label="Lot or serial", required=False, max_length=20)
    reason_code = forms.ChoiceField(label="Reason")
    note = forms.CharField(required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named: dict[str, Any] = self.fields
        named["reason_code"].choices = [(each.code, each.name) for each in waste_reasons() if each.is_active]

    def draft(self) -> WasteDraft:
        """The frozen input of `record_waste`."""
        said = self.cleaned_data
        return WasteDraft(
            location_id=UUID(said["location"]),
            variant_id=said["sku"].pk,
            quantity=said["quantity"],
            unit=said["unit"],
            reason_code=said["reason_code"],
            note=said["note"],
            lot_id=said["lot_id"],
        )


class BatchForm(_RecordForm):
    """So much was made, of what the recipe says."""

    new_lot = forms.CharField(label="Its lot", required=False, max_length=20)
    expires_on = forms.DateField(label="Good until", required=False, widget=forms.DateInput({"type": "date"}))
    note = forms.CharField(required=False, max_length=200)

    def draft(self) -> ProductionDraft:
        """The frozen input of `produce`."""
        said = self.cleaned_data
        return ProductionDraft(
            location_id=UUID(said["location"]),
            variant_id=said["sku"].pk,
            quantity=said["quantity"],
            unit=said["unit"],
            lot=said["new_lot"],
            expires_on=said["expires_on"],
            note=said["note"],
        )


FORMS: Final = {"adjustment": AdjustmentForm, "waste": WasteForm, "batch": BatchForm}
