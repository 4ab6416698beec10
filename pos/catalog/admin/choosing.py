"""What the catalogue's pages offer to choose from: categories with their path, and what lies below one."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from pos.catalog.models import Category


@dataclass(frozen=True, slots=True)
class Tree:
    """All categories, read once."""

    names: dict[UUID, str]
    parents: dict[UUID, UUID | None]

    def path(self, key: UUID) -> str:
        """Where a category is: `Drinks > Hot`."""
        above = self.parents[key]
        return f"{self.path(above)} > {self.names[key]}" if above else self.names[key]

    def choices(self) -> list[tuple[str, str]]:
        """Keys and paths, by path."""
        found = [(str(key), self.path(key)) for key in self.names]
        return sorted(found, key=lambda choice: choice[1].casefold())

    def below(self, text: str) -> set[UUID] | None:
        """The category with the key `text` and all below it; None when there is none such."""
        root = next((key for key in self.names if str(key) == text), None)
        return None if root is None else set(self._branch(root))

    def _branch(self, root: UUID) -> Iterator[UUID]:
        yield root
        for key, parent in self.parents.items():
            if parent == root:
                yield from self._branch(key)


def category_tree() -> Tree:
    """The merchant's categories, in one statement."""
    rows = list(Category.objects.order_by("position", "name").values_list("pk", "name", "parent_id"))
    return Tree(names={key: name for key, name, _ in rows}, parents={key: parent for key, _, parent in rows})
