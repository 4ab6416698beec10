"""Pictures by their ids."""

from uuid import UUID

from pos.catalog.models import CatalogImage


def image(*, image_id: UUID) -> CatalogImage | None:
    """The picture with its content, or None."""
    found: CatalogImage | None = CatalogImage.objects.filter(pk=image_id).first()
    return found
