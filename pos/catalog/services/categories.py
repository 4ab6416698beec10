"""Creating, changing and removing a category."""

import datetime as dt
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.errors import NotFound
from fynlo.events.log import append
from pos.catalog.csv_reading.cells import MAX_CATEGORY_DEPTH
from pos.catalog.drafts import CategoryDraft, category_problems
from pos.catalog.errors import CategoryInUse, CategoryLoop, NameTaken
from pos.catalog.models import Category
from pos.catalog.services.documents import apply_documents
from pos.catalog.services.publishing import publish
from pos.catalog.services.writing import refuse, write
from pos.events import CatalogCategoryChanged


def save_category(*, draft: CategoryDraft, actor: Actor, at: dt.datetime) -> UUID:
    """Make the category `draft` states, or bring it to what it states; returns its id.

    Raises `DraftInvalid`, `NameTaken`, `CategoryLoop`, and `NotFound` for a parent that is not there.
    """
    refuse(category_problems(draft))
    return write(actor, lambda: _save(draft, actor=actor, at=at))


def remove_category(*, category_id: UUID, actor: Actor, at: dt.datetime) -> None:
    """Remove an empty category.

    Raises `NotFound`, `CategoryInUse` while anything is in it, `DocumentInUse` while a price list, a promotion
    or a menu names it.
    """
    write(actor, lambda: _remove(category_id, actor=actor, at=at))


def _save(draft: CategoryDraft, *, actor: Actor, at: dt.datetime) -> UUID:
    category = Category.objects.filter(pk=draft.id).first()
    stated = (draft.parent_id, draft.name, draft.position)
    if category is not None and (category.parent_id, category.name, category.position) == stated:
        return draft.id
    _check_place(draft)
    if _neighbours(draft):
        raise NameTaken(f"There is another category {draft.name} here.", pointer="/name")
    Category.objects.update_or_create(
        pk=draft.id,
        defaults={"parent_id": draft.parent_id, "name": draft.name, "position": draft.position},
    )
    publish(touched={("category", draft.id)}, cause="category saved", by=actor.id, at=at)
    append(_fact(draft, change="changed" if category else "created", by=actor.id, at=at))
    return draft.id


def _remove(category_id: UUID, *, actor: Actor, at: dt.datetime) -> None:
    category = Category.objects.filter(pk=category_id).first()
    if category is None:
        raise NotFound("There is no such category.")
    if category.items.exists() or category.children.exists():
        raise CategoryInUse("Move its items and categories elsewhere first.")
    touched = apply_documents(documents=(), removed=[("category", category_id)])
    publish(touched=touched, cause="category removed", by=actor.id, at=at)
    draft = CategoryDraft(
        id=category_id, parent_id=category.parent_id, name=category.name, position=category.position
    )
    append(_fact(draft, change="removed", by=actor.id, at=at))


def _check_place(draft: CategoryDraft) -> None:
    """The parent exists, the category is not among its own ancestors, and no branch becomes too deep."""
    rows = Category.objects.values_list("pk", "parent_id")
    parents: dict[UUID, UUID | None] = {**dict(rows), draft.id: draft.parent_id}
    if draft.parent_id is not None and draft.parent_id not in parents:
        raise NotFound("There is no such category.", pointer="/parent_id")
    for parent in parents.values():
        depth, node = 1, parent
        while node is not None:
            depth, node = depth + 1, parents[node]
            if depth > MAX_CATEGORY_DEPTH:
                detail = f"A category cannot be inside itself, nor deeper than {MAX_CATEGORY_DEPTH} levels."
                raise CategoryLoop(detail, pointer="/parent_id")


def _neighbours(draft: CategoryDraft) -> bool:
    """Whether another category of the same parent is called the same, in any case of letters."""
    others = Category.objects.filter(parent_id=draft.parent_id).exclude(pk=draft.id)
    return any(name.casefold() == draft.name.casefold() for name in others.values_list("name", flat=True))


def _fact(draft: CategoryDraft, *, change: str, by: UUID | None, at: dt.datetime) -> CatalogCategoryChanged:
    parent_id = str(draft.parent_id) if draft.parent_id else None
    return CatalogCategoryChanged(
        entity_id=draft.id,
        at=at,
        change=change,
        name=draft.name,
        parent_id=parent_id,
        position=draft.position,
        changed_by=by,
    )
