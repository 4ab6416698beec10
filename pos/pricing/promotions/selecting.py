"""Which lines a selector means. A combo is what its own variant says, not what its components are."""

from pos.pricing.book import BookIndex
from pos.pricing.promotion_rules import Selector
from pos.pricing.working import Line


def selects(*, selector: Selector, line: Line, index: BookIndex) -> bool:
    """Whether `selector` names the line's variant, item, category (or one above it), or a tag of its item."""
    if selector.everything:
        return True
    item = line.item
    return (
        line.source.variant_id in selector.variants
        or item.id in selector.items
        or (bool(selector.categories) and not selector.categories.isdisjoint(index.lineage(item.category_id)))
        or (bool(selector.tags) and not selector.tags.isdisjoint(item.tags))
    )


def selected(*, selector: Selector, lines: list[Line], index: BookIndex) -> list[Line]:
    """The lines that `selector` means, in the order given."""
    if selector.everything:
        return lines
    return [line for line in lines if selects(selector=selector, line=line, index=index)]
