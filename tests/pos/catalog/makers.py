"""Short ways to state catalogue changes in tests."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.ids import new_id
from pos.catalog.drafts import CategoryDraft, ItemDraft, TaxClassDraft, VariantDraft
from pos.catalog.services import save_category, save_item, save_tax_class

AT = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)
EDITOR = Actor(
    kind="employee", id=new_id(), name="Ayşe", permissions=frozenset({"catalog.read", "catalog.write"})
)
READER = Actor(kind="device", id=new_id(), name="till", permissions=frozenset({"catalog.read"}))


def tax_class(code: str = "standard", rate: str = "0.19", *, inclusive: bool = True) -> UUID:
    """A tax class of the current merchant."""
    draft = TaxClassDraft(
        id=new_id(), code=code, name=f"VAT {code}", rate=Decimal(rate), is_inclusive=inclusive
    )
    return save_tax_class(draft=draft, actor=EDITOR, at=AT)


def category(name: str = "Hot drinks", parent_id: UUID | None = None) -> UUID:
    """A category of the current merchant."""
    draft = CategoryDraft(id=new_id(), parent_id=parent_id, name=name)
    return save_category(draft=draft, actor=EDITOR, at=AT)


def variant(sku: str, name: str = "", price_minor: int = 250, **said: Any) -> VariantDraft:
    """A variant's draft."""
    return VariantDraft(
        id=said.pop("id", None) or new_id(), name=name, sku=sku, price_minor=price_minor, **said
    )


def item(name: str, *variants: VariantDraft, category_id: UUID, tax_class_id: UUID, **said: Any) -> ItemDraft:
    """An item, saved; returns its draft."""
    draft = ItemDraft(
        id=said.pop("id", None) or new_id(),
        category_id=category_id,
        tax_class_id=tax_class_id,
        name=name,
        variants=variants,
        **said,
    )
    save_item(draft=draft, actor=EDITOR, at=AT)
    return draft
