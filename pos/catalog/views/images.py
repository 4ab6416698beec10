"""Pictures over HTTP: sent as they are, served as we encoded them."""

from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.etags import is_known
from fynlo.api.uploads import read_upload
from fynlo.api.views import ApiView
from fynlo.core import clock
from fynlo.core.errors import NotFound
from pos.catalog.images import MAX_BYTES
from pos.catalog.queries.images import image
from pos.catalog.serializers.images import ImageOutput
from pos.catalog.services.images import add_image


class CatalogImagesView(ApiView):
    """Adding a picture."""

    permission: ClassVar[str | None] = "catalog.write"

    @extend_schema(
        request=dict.fromkeys(("image/jpeg", "image/png", "image/webp"), OpenApiTypes.BINARY),
        responses={201: ImageOutput},
    )
    def post(self, request: Request) -> Response:
        """Keep the picture that is the body of the request (at most 10 MiB and 25 megapixels).

        It is decoded and encoded anew, at most 1024 pixels a side, without metadata. The same picture again
        has the same id, so this needs no idempotency key.
        """
        content = read_upload(request, media_types=("image/*",), most_bytes=MAX_BYTES)
        document = add_image(content=content, actor=self.actor, at=clock.now())
        return Response(document, status=HTTPStatus.CREATED)


class CatalogImageView(ApiView):
    """A picture."""

    permission: ClassVar[str | None] = "catalog.read"

    @extend_schema(responses={(200, "image/webp"): OpenApiTypes.BINARY})
    def get(self, request: Request, image_id: UUID) -> HttpResponse:
        """The picture. What an id names never changes, so whoever has it need not ask again."""
        found = image(image_id=image_id)
        if found is None:
            raise NotFound("There is no such picture.")
        tag = f'"{found.digest}"'
        if is_known(request, tag):
            response = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
        else:
            response = HttpResponse(bytes(found.content), content_type=found.media_type)
        response["ETag"] = tag
        response["Cache-Control"] = "private, max-age=31536000, immutable"
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response
