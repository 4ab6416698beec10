"""Exports of the journal over HTTP: files, sent piece by piece."""

from typing import ClassVar

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from fynlo.api.errors import InvalidQuery
from fynlo.api.query import choice
from fynlo.api.views import ApiView
from fynlo.core import clock
from payments.ledger.exporting import journal_export
from payments.ledger.exports.formats import FORMATS
from payments.ledger.periods import PERIOD_PARAMETERS, PERIOD_SCHEMA, period_asked


class JournalExportView(ApiView):
    """The journal for the accountant."""

    permission: ClassVar[str | None] = "ledger.read"
    query_parameters: ClassVar = PERIOD_PARAMETERS | {"format"}

    @extend_schema(
        parameters=[OpenApiParameter("format", str, enum=sorted(FORMATS), required=True), *PERIOD_SCHEMA],
        responses={(200, "text/csv"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request) -> FileResponse:
        """The transfers of the business days `from` … `to`, both counted, in one of the formats.

        422 `not_exportable` says what is missing: numbers of accounts, a SIREN, a whole fiscal year.
        """
        del request
        chosen, period = choice(self.query, "format", known=FORMATS), period_asked(self.query)
        if chosen is None:
            raise InvalidQuery.of("format", "required", f"One of {', '.join(sorted(FORMATS))} is expected.")
        if period.since is None or period.until is None:
            raise InvalidQuery.of("from", "required", "The first and the last day are expected.")
        export = journal_export(format_name=chosen, since=period.since, until=period.until, at=clock.now())
        return FileResponse(
            export.content, as_attachment=True, filename=export.filename, content_type=export.media_type
        )
