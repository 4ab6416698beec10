"""What the pos app says to the feed: facts in the past tense, one frozen class each."""

from dataclasses import dataclass
from typing import Any, ClassVar

from fynlo.events.facts import DomainEvent


@dataclass(frozen=True, kw_only=True)
class CatalogItemChanged(DomainEvent):
    """An item was created or changed, with its variants as they are now. `entity_id` is the item."""

    kind: ClassVar[str] = "catalog.item_changed"

    change: str
    name: str
    category_id: str
    tax_class: str
    unit: str
    is_active: bool
    variants: tuple[dict[str, Any], ...]
    by: str


@dataclass(frozen=True, kw_only=True)
class CatalogCategoryChanged(DomainEvent):
    """A category was created, changed or removed. `entity_id` is the category."""

    kind: ClassVar[str] = "catalog.category_changed"

    change: str
    name: str
    parent_id: str | None
    position: int
    by: str


@dataclass(frozen=True, kw_only=True)
class CatalogTaxClassChanged(DomainEvent):
    """A tax class was created or changed. `entity_id` is the tax class, `rate` a fraction as text."""

    kind: ClassVar[str] = "catalog.tax_class_changed"

    change: str
    code: str
    name: str
    rate: str
    is_inclusive: bool
    by: str


@dataclass(frozen=True, kw_only=True)
class CatalogImported(DomainEvent):
    """A file was imported. Readers take the catalogue anew; `entity_id` names this import."""

    kind: ClassVar[str] = "catalog.imported"

    created: int
    changed: int
    unchanged: int
    by: str
