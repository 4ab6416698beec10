"""A kitchen's secrets: a recipe, a batch that was made by it, and a part of that which was thrown away."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from fynlo.core.actors import SYSTEM


def cook(word: str, *, location_id: UUID, dish: UUID, ingredient: UUID, at: dt.datetime) -> dict[str, Any]:
    """Write, make and throw away; the keys of all of it by kind."""
    from pos.inventory.queries.waste import Reason
    from pos.inventory.services.production_checks import ProductionDraft
    from pos.inventory.services.productions import produce
    from pos.inventory.services.recipes import RecipeDraft, RecipeLineDraft, save_recipe
    from pos.inventory.services.waste import WasteDraft, record_waste, save_waste_reasons

    line = RecipeLineDraft(variant_id=ingredient, quantity=Decimal(1))
    recipe = RecipeDraft(lines=(line,), made="in_batches", note=word)
    save_recipe(owner_id=dish, draft=recipe, actor=SYSTEM, at=at)
    batch = ProductionDraft(variant_id=dish, location_id=location_id, quantity=Decimal(2), note=word)
    made = produce(draft=batch, actor=SYSTEM, at=at)
    save_waste_reasons(reasons=[Reason(code="spoiled", name=word)], actor=SYSTEM, at=at)
    waste = WasteDraft(
        location_id=location_id, variant_id=dish, quantity=Decimal(1), reason_code="spoiled", note=word
    )
    thrown = record_waste(draft=waste, actor=SYSTEM, at=at)
    return {"recipe_owner": dish, "production": made["id"], "waste": thrown["id"]}
