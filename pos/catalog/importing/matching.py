"""Which item of the catalogue the rows of a file speak of. Pure."""

from collections.abc import Mapping, Sequence

from pos.catalog.csv_reading import Row
from pos.catalog.csv_reading.checks import item_key
from pos.catalog.sheets.names import Names


def rows_by_item(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows of each item, in the order of the file."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(item_key(row), []).append(row)
    return groups


def item_name(row: Row) -> str:
    """The item's own name: exports put its category before it where two items have the same."""
    name: str = row["item"]
    before = " > ".join(row["category"]) + " > "
    return name[len(before) :] if name.startswith(before) and len(name) > len(before) else name


def targets_of(groups: Mapping[str, Sequence[Row]], names: Names) -> dict[str, str]:
    """Which item there is each group of rows speaks of; new ones are missing. Nobody gets two."""
    candidates = {key: _items_of(group, names) for key, group in groups.items()}
    targets: dict[str, str] = {}
    claimed: set[str] = set()

    def claim(key: str, found: str | None) -> None:
        if found is not None and found not in claimed and key not in targets:
            targets[key] = found
            claimed.add(found)

    for key, items in candidates.items():
        wanted = item_name(groups[key][0]).casefold()
        claim(key, next((item for item in items if names.items[item][1].casefold() == wanted), None))
    for key, items in candidates.items():
        claim(key, next((item for item in items if item not in claimed), None))
    for key, group in groups.items():
        category = names.find_category(group[0]["category"])
        same = names.items_named(item_name(group[0]))
        claim(key, next((item for item in same if names.items[item][0] == category), None))
    return targets


def _items_of(group: Sequence[Row], names: Names) -> list[str]:
    known = (names.variants.find(row["sku"]) for row in group)
    return list(dict.fromkeys(names.item_of[variant] for variant in known if variant))
