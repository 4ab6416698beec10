"""What views of papers share."""

from typing import Any, ClassVar, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from fynlo.api.renderers import FileRenderer, OrjsonRenderer, TextRenderer
from fynlo.api.views import ApiView
from pos.receipts.answers import FORMATS, PARAMETERS, WIDTHS

PAPER_PARAMETERS: Final = [
    OpenApiParameter("format", enum=FORMATS, description="`text` unless said."),
    OpenApiParameter("width", enum=list(WIDTHS), description="Paper in millimetres; a PDF without it is A4."),
    OpenApiParameter("columns", enum=["32", "42"], description="An older way to say the width of text."),
]


def papers(output: Any) -> dict[Any, Any]:
    """The answers of a paper: JSON of this shape, and the forms that are made of it."""
    return {
        (200, "application/json"): output,
        (200, "text/plain"): OpenApiTypes.STR,
        (200, "text/html"): OpenApiTypes.STR,
        (200, "application/pdf"): OpenApiTypes.BINARY,
        (200, "application/octet-stream"): OpenApiTypes.BINARY,
    }


class PaperView(ApiView):
    """A view that answers papers."""

    query_parameters: ClassVar = PARAMETERS
    renderer_classes = [TextRenderer, OrjsonRenderer, FileRenderer]


def origin(request: Request) -> str:
    """The merchant's host as the caller knows it: `https://cafe.example`."""
    return f"{request.scheme}://{request.get_host()}"
