"""The back office's form of quick keys: all keys of one register, or of all, together."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django import forms

from fynlo.backoffice.sheets import Either, Pick, Rows, Text, Whole
from fynlo.core.errors import DomainError, PreconditionFailed
from pos.catalog.forms.documents import sheet
from pos.registers.quick_keys import QuickKeyDraft


class Ordinal(Whole):
    """A number that people count from one, stored from zero."""

    def show(self, value: Any) -> Any:
        """From one."""
        return "" if value is None else str(value + 1)

    def value(self, given: Any) -> Any:
        """From zero."""
        return super().value(given) - 1


def keys_sheet() -> Rows:
    """A line for each key."""
    target = (
        Pick("item_id", "Item", "item", needed=True),
        Pick("variant_id", "Variant", "variant", needed=True),
        Pick("category_id", "Category", "category", needed=True),
    )
    return Rows(
        "keys",
        "Keys",
        (
            Ordinal("page", "Page", width=1, blank="1", needed=True),
            Ordinal("position", "Place", width=1, needed=True),
            Either("target", "Sells or opens", target, width=3),
            Text("label", "Label", placeholder="as it is called"),
            Text("color", "Colour", width=1, placeholder="#0f766e"),
        ),
        add="Add a key",
        plain=True,
    )


class QuickKeysForm(forms.Form):
    """The keys as they are, or as they shall be."""

    keys = sheet(keys_sheet())
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, keys: list[dict[str, Any]]) -> None:
        super().__init__(data, initial={"keys": keys, "version": _version(keys)})
        self.fields["keys"].initial = keys

    def drafts(self) -> list[QuickKeyDraft]:
        """The keys as the form states them (it is valid)."""
        return [_draft(row) for row in self.cleaned_data["keys"]]

    def matches(self, current: dict[str, Any]) -> None:
        """Raise `PreconditionFailed` when there are other keys than the form was filled in from."""
        if _version(current["keys"]) != self.cleaned_data["version"]:
            raise PreconditionFailed(
                "Somebody else has changed these keys since you opened them. Open them again first."
            )

    def refuse(self, error: DomainError) -> None:
        """Show a refusal of the service at the keys it is about."""
        for sentence in self._sentences(error):
            self.add_error("keys" if error.errors else None, sentence)

    def _sentences(self, error: DomainError) -> Iterator[str]:
        if not error.errors:
            yield error.detail
        field: Any = self.fields["keys"]
        yield from field.tell([(each.pointer.removeprefix("/keys"), each.detail) for each in error.errors])


def _draft(row: dict[str, Any]) -> QuickKeyDraft:
    ids = {name: UUID(row[name]) for name in ("item_id", "variant_id", "category_id") if row.get(name)}
    return QuickKeyDraft(
        page=row["page"], position=row["position"], label=row["label"], color=row["color"].lower(), **ids
    )


def _version(keys: list[dict[str, Any]]) -> str:
    return hashlib.sha256(json.dumps(keys, sort_keys=True).encode()).hexdigest()[:32]
