"""The form of a recipe: what a dish is made of, or what a modifier changes."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms

from fynlo.backoffice.options import ServiceForm
from fynlo.backoffice.sheets import Choice, Number, Object, Pick, Rows, Text
from fynlo.core.errors import DomainError, PreconditionFailed
from pos.catalog.forms.documents import sheet
from pos.catalog.models import Modifier
from pos.inventory.models import Recipe
from pos.inventory.models.recipes import ADD, REMOVE, REPLACE
from pos.inventory.queries.recipes import recipe_document, recipes
from pos.inventory.services.recipes import RecipeDraft, RecipeLineDraft

_EFFECTS = ((ADD, "takes"), (REMOVE, "takes out"), (REPLACE, "brings instead"))


def _lines() -> Rows:
    return Rows(
        "lines",
        "Ingredients",
        (
            Choice("effect", "This", _EFFECTS, width=1, blank=ADD),
            Number("quantity", "Quantity", width=1, empty=None),
            Text("unit", "Unit", width=1, placeholder="its own"),
            Pick("variant_id", "Ingredient", "variant", width=2, needed=True),
            Number("waste_percent", "Of which is lost (%)", width=1),
            Pick("replaces", "Instead of", "variant", width=2, placeholder="nothing"),
        ),
        add="Add an ingredient",
        help="Dishes only take. A modifier may take something out of the dish, all of it without a quantity, "
        "or bring as much of one thing as there was of another.",
        ordered=True,
    )


class RecipeForm(ServiceForm):
    """A recipe; a new one says of which dish or of which modifier."""

    version = forms.CharField(required=False, widget=forms.HiddenInput)
    what = sheet(Object("what", "Dish", (Pick("variant_id", "Dish", "variant", width=3),)), required=False)
    of_modifier = forms.ChoiceField(label="Or a modifier", required=False)
    lines = sheet(_lines())

    class Meta:
        model = Recipe
        fields = ("made", "yield_quantity", "yield_unit", "note")
        labels = {"yield_quantity": "Makes", "yield_unit": "Unit"}
        help_texts = {
            "made": "To order: the ingredients leave stock when it is sold. In batches: when it is produced.",
            "yield_unit": "Empty: the item's own.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            document = recipe_document(recipes().get(pk=self.instance.pk))
            self.initial["version"], self.initial["lines"] = _version(document), document["lines"]
        elif "of_modifier" in self.fields:
            offered = Modifier.objects.select_related("group").order_by("group__name", "position")
            named: Any = self.fields["of_modifier"]
            named.choices = [("", "–"), *((str(row.pk), f"{row.group.name}: {row.name}") for row in offered)]

    @property
    def owner_id(self) -> UUID | None:
        """The dish or the modifier it is of; None where nothing or both were chosen."""
        if not self.instance._state.adding:
            return self.instance.variant_id or self.instance.modifier_id
        dish = (self.cleaned_data.get("what") or {}).get("variant_id")
        modifier = self.cleaned_data.get("of_modifier")
        return UUID(dish or modifier) if bool(dish) != bool(modifier) else None

    def clean(self) -> dict[str, Any]:
        """One owner."""
        values = super().clean()
        if self.owner_id is None and not self.errors:
            self.add_error(None, "Choose a dish or a modifier.")
        return values

    def draft(self) -> RecipeDraft:
        """What the form states."""
        values = self.cleaned_data
        return RecipeDraft(
            lines=tuple(_line(row) for row in values["lines"] or ()),
            made=values["made"],
            yield_quantity=values["yield_quantity"],
            yield_unit=values["yield_unit"],
            note=values["note"],
        )

    def matches(self, document: Mapping[str, Any]) -> None:
        """Raise `PreconditionFailed` when the recipe is not what the page showed."""
        if self.cleaned_data["version"] != _version(document):
            raise PreconditionFailed("Somebody else changed this meanwhile; open the page again.")

    def sentences(self, refusal: DomainError) -> Iterator[tuple[str | None, str]]:
        """What is wrong with a line stands at the lines, with its number."""
        for problem in refusal.errors:
            name, _, rest = problem.pointer.removeprefix("/").partition("/")
            line = f"{int(rest.split('/')[0]) + 1}: " if name == "lines" and rest[:1].isdigit() else ""
            yield (name if name in self.fields else None), f"{line}{problem.detail}"
        if not refusal.errors:
            yield None, refusal.detail


def _line(row: Mapping[str, Any]) -> RecipeLineDraft:
    quantity, waste = row.get("quantity"), row.get("waste_percent")
    return RecipeLineDraft(
        variant_id=UUID(row["variant_id"]),
        effect=row.get("effect") or ADD,
        quantity=None if not quantity else Decimal(quantity),
        unit=row.get("unit") or "",
        waste_percent=Decimal(waste or 0),
        replaces=UUID(row["replaces"]) if row.get("replaces") else None,
    )


def _version(document: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()[:32]
