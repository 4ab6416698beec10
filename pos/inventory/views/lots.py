"""Lots, serials and recalls over HTTP."""

from typing import ClassVar, Final

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.errors import InvalidQuery
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import choice, day, identifier, integer
from fynlo.api.renderers import FileRenderer, OrjsonRenderer
from fynlo.api.schema import page_of
from fynlo.api.views import ApiView
from fynlo.core.errors import NotFound
from pos.inventory.models.lots import LOT_KINDS
from pos.inventory.queries.lots import STATES, LotFilter, stock_lots
from pos.inventory.queries.recalls import MOST_ROWS, Recall, RecallQuestion, recall
from pos.inventory.recall_file import MEDIA_TYPE, recall_csv
from pos.inventory.serializers.lots import RecallOutput, StockLotOutput, recall_document

_MOST_IN_JSON: Final = 10_000
_QUESTION: Final = frozenset({"lot_id", "variant_id", "lot", "serial"})


class StockLotsView(ApiView):
    """Lots and serials."""

    permission: ClassVar[str | None] = "stock.read"
    query_parameters: ClassVar = PAGE_PARAMETERS | {
        "variant_id",
        "location_id",
        "kind",
        "code",
        "state",
        "expires_before",
    }

    @extend_schema(responses=page_of("StockLotPage", StockLotOutput))
    def get(self, request: Request) -> Response:
        """Lots in the order they were made known, with what is there of them.

        `state` is `in` (something there), `out` (nothing anywhere) or `negative`; with `location_id` only that
        location counts. `expires_before` is a day: what is good until the day before it.
        """
        wanted = LotFilter(
            variant_id=identifier(self.query, "variant_id"),
            location_id=identifier(self.query, "location_id"),
            kind=choice(self.query, "kind", known=LOT_KINDS),
            code=self.query.get("code", "").strip(),
            state=choice(self.query, "state", known=STATES),
            expires_before=day(self.query, "expires_before"),
        )
        return Response(paginate(stock_lots(wanted=wanted), request, StockLotOutput))


class _RecallView(ApiView):
    """What both forms of a recall ask."""

    permission: ClassVar[str | None] = "stock.read"

    def found(self, limit: int) -> Recall:
        """The recall that is asked for; raises `InvalidQuery` and `NotFound`."""
        found = recall(question=self._question(), limit=limit)
        if found is None:
            raise NotFound("Nobody received or sold such a lot.")
        return found

    def _question(self) -> RecallQuestion:
        asked = RecallQuestion(
            lot_id=identifier(self.query, "lot_id"),
            variant_id=identifier(self.query, "variant_id"),
            lot=self.query.get("lot", "").strip(),
            serial=self.query.get("serial", "").strip(),
        )
        if sum((asked.lot_id is not None, bool(asked.lot), bool(asked.serial))) != 1:
            raise InvalidQuery.of("lot", "invalid", "One of `lot_id`, `lot` and `serial` is expected.")
        if asked.lot and asked.variant_id is None:
            raise InvalidQuery.of("variant_id", "required", "Lots of other items may have the same code.")
        return asked


class StockRecallsView(_RecallView):
    """Who bought a lot."""

    query_parameters: ClassVar = _QUESTION | {"limit"}

    @extend_schema(responses=RecallOutput)
    def get(self, request: Request) -> Response:
        """Where the lot came from, what was made with it, who bought it, and what is left where.

        Asked by `variant_id` and `lot`, by `lot_id`, or by `serial`. Lots that were made with it are followed.
        """
        del request
        limit = integer(self.query, "limit", default=1000, minimum=1, maximum=_MOST_IN_JSON)
        return Response(recall_document(self.found(limit)))


class StockRecallFileView(_RecallView):
    """Who bought a lot, as a file."""

    renderer_classes = [OrjsonRenderer, FileRenderer]
    query_parameters: ClassVar = _QUESTION

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY})
    def get(self, request: Request) -> HttpResponse:
        """The same as CSV, one row for everything that happened, then what is left.

        Beyond 100,000 rows the first one says that the file is incomplete (its `group`).
        """
        del request
        response = HttpResponse(recall_csv(found=self.found(MOST_ROWS)), content_type=MEDIA_TYPE)
        response["Content-Disposition"] = 'attachment; filename="recall.csv"'
        response["X-Content-Type-Options"] = "nosniff"
        return response
