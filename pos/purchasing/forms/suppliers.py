"""The back office's form of a supplier, with what it sells: its codes, packs and prices."""

import hashlib
import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from django import forms
from rest_framework.exceptions import ValidationError
from unfold.widgets import UnfoldAdminTextareaWidget

from fynlo.api.validation import field_problems
from fynlo.backoffice.options import ServiceForm
from fynlo.backoffice.sheets import Cost, Flag, Number, Pick, Rows, SheetField, Text
from fynlo.core.errors import DomainError, PreconditionFailed
from fynlo.core.money import Money
from fynlo.core.tenancy import current_tenant
from pos.catalog.forms.documents import sheet
from pos.inventory.errors import UnacceptableStock
from pos.inventory.forms.entries import said
from pos.purchasing.drafts import SupplierDraft, SupplierItemDraft
from pos.purchasing.models import Supplier
from pos.purchasing.queries.records import whole_supplier
from pos.purchasing.queries.suppliers import supplier_state
from pos.purchasing.serializers.suppliers import SupplierChangeInput


def _items() -> Rows:
    return Rows(
        "items",
        "What they sell",
        (
            Pick("variant_id", "Article", "variant", width=3, needed=True),
            Text("supplier_code", "Their code", width=1),
            Text("pack_name", "Pack", width=1, placeholder="tray"),
            Number("pack_size", "Holds", width=1, blank="1"),
            Text("pack_unit", "Unit", width=1, placeholder="its own"),
            Cost("pack_price_minor", "Price of a pack", width=2),
            Number("minimum_packs", "At least", width=1, placeholder="1"),
            Flag("is_preferred", "Preferred"),
            Rows(
                "price_breaks",
                "Cheaper from so many packs",
                (
                    Number("packs", "From packs", width=1, needed=True),
                    Cost("pack_price_minor", "A pack costs", width=2, needed=True),
                ),
                add="Add a price",
                plain=True,
                below=True,
                width=4,
            ),
        ),
        add="Add an article",
    )


class SupplierForm(ServiceForm):
    """A supplier; the address is typed line by line."""

    address = forms.CharField(
        required=False, max_length=500, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)
    items = sheet(_items())

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
            state = supplier_state(whole_supplier(supplier_id=self.instance.pk))
            self.initial["items"], self.initial["version"] = state["items"], _version(state)
            if "items" in self.fields:
                self.fields["items"].initial = state["items"]

    def clean_address(self) -> list[str]:
        """The lines that say something."""
        lines = (" ".join(line.split())[:120] for line in self.cleaned_data["address"].splitlines())
        return [line for line in lines if line]

    def draft(self) -> SupplierDraft:
        """What the form states; what it does not show stays. Raises `UnacceptableStock`."""
        minimum = self.instance.minimum_order_minor
        values = {name: self.cleaned_data[name] for name in SupplierForm.Meta.fields}
        return SupplierDraft(
            id=self.instance.pk,
            minimum_order=None if minimum is None else Money(minimum, self.instance.currency),
            items=self._sold(),
            **{**values, "address": tuple(values["address"])},
        )

    def matches(self) -> None:
        """Raise `PreconditionFailed` when the supplier is not what the page showed."""
        state = supplier_state(whole_supplier(supplier_id=self.instance.pk))
        if self.cleaned_data["version"] != _version(state):
            raise PreconditionFailed("Somebody else changed this meanwhile; open the page again.")

    def sentences(self, refusal: DomainError) -> Iterator[tuple[str | None, str]]:
        """What is wrong with an article stands at its cell."""
        if not refusal.errors:
            yield None, refusal.detail
        for problem in refusal.errors:
            name, _, rest = problem.pointer.strip("/").partition("/")
            field = self.fields.get(name)
            if isinstance(field, SheetField):
                for sentence in field.tell([(f"/{rest}" if rest else "", problem.detail)]):
                    yield name, sentence
            else:
                yield (name if field is not None else None), problem.detail

    def _sold(self) -> tuple[SupplierItemDraft, ...]:
        """The articles, read by the shape that reads them over HTTP."""
        body = {"code": "-", "name": "-", "items": said(self.cleaned_data["items"] or [])}
        context = {"view": SimpleNamespace(kwargs={"supplier_id": self.instance.pk})}
        shape = SupplierChangeInput(data=body, context={**context, "currency": current_tenant().currency})
        try:
            shape.is_valid(raise_exception=True)
        except ValidationError as error:
            raise UnacceptableStock(errors=list(field_problems(error.detail))) from error
        return shape.to_draft().items or ()


def _version(state: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:32]
