"""Adding pictures. The same picture twice is one: its content names it."""

import datetime as dt
from typing import Any

from fynlo.core.actors import Actor
from pos.catalog.images import MEDIA_TYPE, encode
from pos.catalog.models import CatalogImage


def add_image(*, content: bytes, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Keep the picture in `content`, re-encoded, and return what names it; an item's document takes its id.

    Raises `Forbidden` without `catalog.write`, `ImageUnreadable`, `ImageTooManyPixels`.
    """
    actor.require("catalog.write")
    picture = encode(content)
    row = CatalogImage(
        digest=picture.digest,
        content=picture.content,
        media_type=MEDIA_TYPE,
        width=picture.width,
        height=picture.height,
        added_at=at,
    )
    CatalogImage.objects.bulk_create([row], ignore_conflicts=True)
    kept = CatalogImage.objects.defer("content").get(digest=picture.digest)
    return {"id": str(kept.id), "digest": kept.digest, "width": kept.width, "height": kept.height}
