"""The tree of categories as it would be: nothing inside itself, not too deep, no two neighbours of one name."""

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from fynlo.core.errors import FieldProblem
from pos.catalog.csv_reading.cells import MAX_CATEGORY_DEPTH
from pos.catalog.documents.batches import Batch
from pos.catalog.models import Category

Tree = dict[UUID, tuple[UUID | None, str]]
"""The parent and the name of each category."""


def category_problems(batch: Batch) -> Iterator[FieldProblem]:
    """A problem at every category of the batch that would stand where it cannot. One statement."""
    if not batch.of("category"):
        return
    rows = Category.objects.order_by("pk").values_list("pk", "parent_id", "name")
    tree: Tree = {pk: (parent, name) for pk, parent, name in rows}
    for change in batch.of("category"):
        tree.pop(change.id, None)
    for change, after in batch.kept("category"):
        parent = UUID(after["parent_id"]) if after["parent_id"] else None
        tree[change.id] = (parent, after["name"])
    deepest = _deepest(tree)
    names: dict[tuple[UUID | None, str], UUID] = {}
    for pk, (parent, name) in tree.items():
        names.setdefault((parent, name.casefold()), pk)
    for change, after in batch.kept("category"):
        parent, name = tree[change.id]
        if deepest[change.id] > MAX_CATEGORY_DEPTH:
            detail = f"A category cannot be inside itself, nor deeper than {MAX_CATEGORY_DEPTH} levels."
            yield FieldProblem(f"{change.pointer}/parent_id", "category_loop", detail)
        if names[parent, name.casefold()] != change.id:
            detail = f"There is another category {after['name']} here."
            yield FieldProblem(f"{change.pointer}/name", "name_taken", detail)


def _deepest(tree: Tree) -> dict[UUID, int]:
    """For each category the level of the deepest one in its branch, itself included; a circle is very deep."""
    deepest: dict[UUID, int] = defaultdict(int)
    for pk in tree:
        path = [pk]
        while (parent := tree[path[-1]][0]) is not None and parent in tree:
            path.append(parent)
            if len(path) > MAX_CATEGORY_DEPTH:
                break
        for above in path:
            deepest[above] = max(deepest[above], len(path))
    return deepest
