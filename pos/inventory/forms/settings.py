"""The back office's forms of how stock is kept."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any
from uuid import UUID

from django import forms

from fynlo.backoffice.options import ServiceForm
from fynlo.backoffice.sheets import Object, Pick
from fynlo.core.errors import DomainError, PreconditionFailed
from pos.catalog.forms.documents import sheet
from pos.inventory.models import StockHead, StockItem, StockTarget
from pos.inventory.queries.settings import item_document, settings_document, stock_items, stock_settings
from pos.inventory.services.settings import ItemSettingsDraft, SettingsDraft, TargetDraft

Document = Mapping[str, Any]


def _version(document: Document) -> str:
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()[:32]


class _VersionedForm(ServiceForm):
    """A form that notices when somebody else saved meanwhile."""

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def matches(self, document: Document) -> None:
        """Raise `PreconditionFailed` when the record is not what the page showed."""
        if self.cleaned_data["version"] and self.cleaned_data["version"] != _version(document):
            raise PreconditionFailed("Somebody else changed this meanwhile; open the page again.")

    def remember(self, document: Document) -> None:
        """Keep what the page shows."""
        self.initial["version"] = _version(document)


class StockHeadForm(_VersionedForm):
    """The rules of the house."""

    class Meta:
        model = StockHead
        fields = (
            "cost_method",
            "default_policy",
            "over_receipt_percent",
            "count_variance_limit_minor",
            "expiry_alert_days",
            "dead_after_days",
            "default_lead_time_days",
        )
        labels = {
            "default_policy": "When there is not enough",
            "over_receipt_percent": "Received above order (%)",
            "count_variance_limit_minor": "Variance that needs approval (minor units)",
            "expiry_alert_days": "Days before expiry",
            "dead_after_days": "Days without movement",
            "default_lead_time_days": "Days to deliver",
        }
        help_texts = {
            "cost_method": "With another method, costs are settled anew in the background.",
            "count_variance_limit_minor": "Empty: no limit.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.remember(settings_document(stock_settings()))

    def draft(self) -> SettingsDraft:
        """What the form states."""
        return SettingsDraft(**_stated(self, SettingsDraft))


class StockItemForm(_VersionedForm):
    """How stock of an item is kept; a new one says of which item."""

    what = sheet(Object("what", "Item", (Pick("item_id", "Item", "item", width=3, needed=True),)))

    class Meta:
        model = StockItem
        fields = ("policy", "tracking", "shelf_life_days", "stops_when_out")
        labels = {"policy": "When there is not enough", "stops_when_out": "Stop dishes when it is gone"}
        help_texts = {"policy": "Empty: as the stock settings say."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.fields.pop("what", None)
            self.remember(item_document(stock_items().get(pk=self.instance.item_id)))

    @property
    def item_id(self) -> UUID:
        """The item it is about."""
        return _picked(self, "item_id", self.instance.item_id)

    def draft(self) -> ItemSettingsDraft:
        """What the form states."""
        return ItemSettingsDraft(**_stated(self, ItemSettingsDraft))

    def sentences(self, refusal: DomainError) -> Any:
        """What has no field of its own stands at the item."""
        return _sentences(self, super().sentences(refusal))


class StockTargetForm(ServiceForm):
    """What should be on the shelf; a new one says of what and where. An empty one takes the target away."""

    what = sheet(Object("what", "Variant", (Pick("variant_id", "Variant", "variant", width=3, needed=True),)))

    class Meta:
        model = StockTarget
        fields = ("location", "reorder_point", "par_level", "maximum", "safety_stock", "lead_time_days")
        labels = {"par_level": "Fill up to", "maximum": "At most", "lead_time_days": "Days to deliver"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.fields.pop("what", None)

    def draft(self) -> TargetDraft:
        """What the form states."""
        values = self.cleaned_data
        names = ("reorder_point", "par_level", "maximum", "safety_stock", "lead_time_days")
        location = values.get("location")
        return TargetDraft(
            variant_id=_picked(self, "variant_id", self.instance.variant_id),
            location_id=location.pk if location else self.instance.location_id,
            **{name: values[name] for name in names},
        )

    def sentences(self, refusal: DomainError) -> Any:
        """Pointers are into the list that the service takes: `/targets/0/maximum`."""
        for problem in refusal.errors:
            name = problem.pointer.rsplit("/", 1)[-1].removesuffix("_id")
            yield (name if name in self.fields else None), problem.detail
        if not refusal.errors:
            yield None, refusal.detail


def _stated(form: ServiceForm, draft: type[SettingsDraft] | type[ItemSettingsDraft]) -> dict[str, Any]:
    """What the form says of each member of a draft."""
    return {each.name: form.cleaned_data[each.name] for each in fields(draft)}


def _picked(form: ServiceForm, name: str, known: Any) -> UUID:
    """What the picker says, or what the record is about already."""
    chosen = (form.cleaned_data.get("what") or {}).get(name)
    return UUID(chosen) if chosen else known


def _sentences(form: ServiceForm, found: Any) -> Any:
    fallback = "what" if "what" in form.fields else None
    for name, sentence in found:
        yield name or fallback, sentence
