"""What an import compares and what it decides: frozen values."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pos.catalog.csv_reading import RowProblem

Path = tuple[str, ...]
"""A category from the root: `("Drinks", "Hot")`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemState:
    """An item as it is, or shall be. `category` is the path from the root."""

    id: UUID
    category: Path
    name: str
    tax_class: str
    unit: str
    description: str
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantState:
    """A variant as it is, or shall be."""

    id: UUID
    item_id: UUID
    name: str
    sku: str
    price_minor: int
    position: int
    is_active: bool
    barcodes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The catalogue there is: category paths, items by key, variants by SKU in capitals, tax class codes."""

    categories: Collection[Path] = ()
    items: Mapping[UUID, ItemState] = field(default_factory=dict)
    variants: Mapping[str, VariantState] = field(default_factory=dict)
    tax_classes: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field of a row that will be another."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPlan:
    """What becomes of one row: `outcome` is created, changed or unchanged."""

    line: int
    sku: str
    name: str
    variant_id: UUID
    outcome: str
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """Everything to write, and `problems` that forbid writing any of it.

    `categories` are the paths to make, parents first. `emptied` are items whose variants all move elsewhere.
    """

    rows: tuple[RowPlan, ...]
    categories: tuple[Path, ...]
    items: tuple[ItemState, ...]
    variants: tuple[VariantState, ...]
    emptied: tuple[UUID, ...]
    problems: tuple[RowProblem, ...]


def path_key(path: Path) -> Path:
    """A key under which equal paths meet, whatever the case of their letters."""
    return tuple(name.casefold() for name in path)
