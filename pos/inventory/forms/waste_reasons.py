"""The list of reasons for which things are thrown away, as it is edited."""

import hashlib
import json
from typing import Any

from django import forms

from fynlo.backoffice.sheets import Flag, Rows, Text
from fynlo.core.errors import PreconditionFailed
from pos.catalog.forms.documents import sheet
from pos.inventory.forms.entries import EntryForm
from pos.inventory.queries.waste import waste_reasons
from pos.inventory.serializers.waste import WasteReasonsInput


def _reasons() -> Rows:
    return Rows(
        "reasons",
        "Reasons",
        (
            Text("code", "Code", width=2, needed=True, placeholder="broken"),
            Text("name", "Name", width=3, needed=True),
            Flag("is_active", "In use", blank=True),
        ),
        add="Add a reason",
        help="In the order in which people see them. Codes stay with what was thrown away for them.",
        ordered=True,
        plain=True,
    )


class WasteReasonsForm(EntryForm):
    """The whole list."""

    shape, has_key = WasteReasonsInput, False

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    reasons = sheet(_reasons())

    def body(self) -> dict[str, Any]:
        """What the API would be sent."""
        return {"reasons": super().body()["reasons"]}

    def matches(self) -> None:
        """Raise `PreconditionFailed` when the list is not what the page showed."""
        if self.cleaned_data["seen"] != _version(reason_values()["reasons"]):
            raise PreconditionFailed("Somebody else changed this meanwhile; open the page again.")


def reason_values() -> dict[str, Any]:
    """What the form shows."""
    rows = [{"code": each.code, "name": each.name, "is_active": each.is_active} for each in waste_reasons()]
    return {"reasons": rows, "seen": _version(rows)}


def _version(rows: list[dict[str, Any]]) -> str:
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()[:32]
