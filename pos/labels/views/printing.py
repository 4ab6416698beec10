"""Labels over HTTP: what they can be printed on, and labels as a file for the printer."""

from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.renderers import FileRenderer, OrjsonRenderer
from fynlo.api.views import ApiView
from fynlo.core.tenancy import current_tenant
from pos.catalog.wall_clock import wall_clock
from pos.labels.content import FIELDS
from pos.labels.drafts import PDF, ZPL
from pos.labels.formats import FORMATS, LabelFormat
from pos.labels.queries import PrintedFile, printed_labels
from pos.labels.renderers.escpos import PAPERS
from pos.labels.renderers.zpl import RESOLUTIONS
from pos.labels.serializers import FormatsOutput, LabelsInput
from pos.labels.symbols.choosing import CHOICES


class LabelFormatsView(ApiView):
    """What labels can be printed on."""

    permission: ClassVar[str | None] = "catalog.read"

    @extend_schema(responses=FormatsOutput)
    def get(self, request: Request) -> Response:
        """Sheets and rolls, receipt papers, symbols, and the fields of a label."""
        del request
        return Response(
            {
                "items": [_format(each) for each in FORMATS.values()],
                "papers": list(PAPERS),
                "resolutions": list(RESOLUTIONS),
                "symbols": list(CHOICES),
                "fields": list(FIELDS),
            }
        )


class LabelsView(ApiView):
    """Labels for printing. Saves nothing, so it needs no idempotency key."""

    permission: ClassVar[str | None] = "catalog.read"
    allowed_when_read_only: ClassVar[bool] = True  # it only looks
    renderer_classes = [OrjsonRenderer, FileRenderer]

    @extend_schema(
        request=LabelsInput,
        responses={
            (200, "application/pdf"): OpenApiTypes.BINARY,
            (200, "application/octet-stream"): OpenApiTypes.BINARY,
            (200, "text/plain"): OpenApiTypes.STR,
        },
    )
    def post(self, request: Request) -> HttpResponse:
        """Labels as PDF (`output` pdf), ESC/POS bytes (escpos) or ZPL II text (zpl), as the catalogue is now.

        Lot, use-by or best-before day make a GS1-128 of a GTIN. A code that the room is too small for is refused
        (422 `label_refused`): nothing is printed that no scanner reads.
        """
        del request
        tenant = current_tenant()
        printed = printed_labels(
            draft=self.body(LabelsInput),
            at=wall_clock(),
            currency=tenant.currency,
            language=tenant.language,
        )
        return file_response(printed)


def file_response(printed: PrintedFile) -> HttpResponse:
    """A file to download; no browser guesses what it is."""
    response = HttpResponse(printed.data, content_type=printed.media_type)
    response["Content-Disposition"] = f'attachment; filename="{printed.name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _format(each: LabelFormat) -> dict[str, Any]:
    return {
        "code": each.code,
        "name": each.name,
        "paper": each.paper,
        "columns": each.columns,
        "rows": each.rows,
        "per_page": each.per_page,
        "width_mm": f"{each.width.normalize():f}",
        "height_mm": f"{each.height.normalize():f}",
        "outputs": [PDF, ZPL] if each.is_roll else [PDF],
    }
