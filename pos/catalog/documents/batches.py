"""A set of changes to the catalogue that are made together, and what they add and take away. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

Document = dict[str, Any]
Key = tuple[str, UUID]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Change:
    """A document as it is and as it shall be: None before it was made, None after it is removed."""

    pointer: str
    kind: str
    id: UUID
    before: Document | None
    after: Document | None

    @property
    def key(self) -> Key:
        """Kind and id."""
        return self.kind, self.id


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Changes that are made together; every document is in it once, and none that stays as it is."""

    changes: tuple[Change, ...] = ()
    by_kind: dict[str, list[Change]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for change in self.changes:
            self.by_kind.setdefault(change.kind, []).append(change)

    def of(self, kind: str) -> list[Change]:
        """The changes of one kind."""
        return self.by_kind.get(kind, [])

    def kept(self, kind: str) -> Iterator[tuple[Change, Document]]:
        """Changes of a kind that leave a document, with it."""
        for change in self.of(kind):
            if change.after is not None:
                yield change, change.after

    @cached_property
    def added(self) -> set[tuple[str, str]]:
        """Everything documents of this batch define, for references to it: kind and id, tax classes by code."""
        found = {(change.kind, str(change.id)) for change in self.changes if change.after is not None}
        found |= {("tax_class", after["code"]) for _, after in self.kept("tax_class")}
        return found | {("variant", variant["id"]) for variant in self.variants_after}

    @cached_property
    def gone(self) -> dict[tuple[str, str], Change]:
        """Everything that is no longer there afterwards, with the change that takes it away."""
        found: dict[tuple[str, str], Change] = {}
        for change in self.changes:
            if change.before is None:
                continue
            for variant in change.before.get("variants", ()) if change.kind == "item" else ():
                found["variant", variant["id"]] = change
            if change.after is None:
                found[change.kind, str(change.id)] = change
                if change.kind == "tax_class":
                    found["tax_class", change.before["code"]] = change
        for key in self.added:
            found.pop(key, None)
        return found

    @cached_property
    def variants_after(self) -> list[Document]:
        """All variants of the items in this batch, as they shall be."""
        return [variant for _, after in self.kept("item") for variant in after["variants"]]

    @cached_property
    def rewritten_variants(self) -> set[str]:
        """Variants whose state afterwards is told by this batch, removed ones among them."""
        before = (
            variant["id"]
            for change in self.of("item")
            if change.before is not None
            for variant in change.before["variants"]
        )
        return {variant["id"] for variant in self.variants_after}.union(before)

    def ids(self, kind: str) -> set[UUID]:
        """The documents of a kind that this batch changes or removes."""
        return {change.id for change in self.of(kind)}
