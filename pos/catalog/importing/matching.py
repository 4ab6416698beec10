"""Which item of the catalogue the rows of a file speak of."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from pos.catalog.csv_reading import CatalogRow
from pos.catalog.importing.states import Catalogue, path_key


def rows_by_item(rows: Sequence[CatalogRow]) -> dict[str, list[CatalogRow]]:
    """The rows of each item, in the order of the file."""
    groups: dict[str, list[CatalogRow]] = {}
    for row in rows:
        groups.setdefault(row.item.casefold(), []).append(row)
    return groups


def targets_of(groups: Mapping[str, Sequence[CatalogRow]], catalogue: Catalogue) -> dict[str, UUID]:
    """Which item there is each group of rows speaks of; new ones are missing. Nobody gets two."""
    candidates = {key: _items_of(group, catalogue) for key, group in groups.items()}
    by_name = {(path_key(item.category), item.name.casefold()): item.id for item in catalogue.items.values()}
    targets: dict[str, UUID] = {}
    claimed: set[UUID] = set()

    def claim(key: str, found: UUID | None) -> None:
        if found is not None and found not in claimed and key not in targets:
            targets[key] = found
            claimed.add(found)

    for key, items in candidates.items():
        same_name = (item for item in items if catalogue.items[item].name.casefold() == key)
        claim(key, next(same_name, None))
    for key, items in candidates.items():
        claim(key, next((item for item in items if item not in claimed), None))
    for key, group in groups.items():
        claim(key, by_name.get((path_key(group[0].category), key)))
    return targets


def _items_of(group: Sequence[CatalogRow], catalogue: Catalogue) -> list[UUID]:
    known = (catalogue.variants.get(row.sku.upper()) for row in group)
    return list(dict.fromkeys(variant.item_id for variant in known if variant))
