"""What a search looks in, for variants from before there was a search; the services keep it for all others."""

from typing import Final

from pos.catalog.models import Variant
from pos.catalog.searching import search_text

_BATCH: Final = 2_000


def fold_names() -> int:
    """Fill the search text of variants that have none; returns how many. Called with the catalogue locked."""
    bare = list(Variant.objects.filter(search_text="").select_related("item").order_by("pk"))
    for variant in bare:
        variant.search_text = search_text(
            item_name=variant.item.name, variant_name=variant.name, sku=variant.sku
        )
    Variant.objects.bulk_update(bare, ["search_text"], batch_size=_BATCH)
    return len(bare)
