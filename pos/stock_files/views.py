"""Stock from files and to files over HTTP: send a file, look at what it would do, apply it, take it back.

Files of little work (`pos.stock_files.tasks.AT_ONCE`) are done while the caller waits; larger ones in the
background (202), and `progress` of the file says how far it is.
"""

from http import HTTPStatus
from typing import Any, ClassVar, Final, cast
from uuid import UUID

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.errors import InvalidQuery
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.parsers import read_body
from fynlo.api.query import choice, identifier, integer
from fynlo.api.schema import page_of
from fynlo.api.uploads import read_upload
from fynlo.api.views import ApiView
from fynlo.core import clock
from fynlo.core.actors import Actor
from pos.catalog.csv_reading import CsvForm
from pos.catalog.csv_reading.text import MAX_BYTES
from pos.stock_files.exporting import FORMATS, MEDIA_TYPES, export_file
from pos.stock_files.kinds.base import OUTCOMES
from pos.stock_files.kinds.declared import BY_NAME
from pos.stock_files.models import STOCK_FILE_STATES
from pos.stock_files.queries import file_document, file_rows, find_file, stock_files
from pos.stock_files.serializers import StockImportOutput, StockImportRowsOutput, StockRevertInput
from pos.stock_files.services import apply_file, discard_file, look_at_file, revert_file, stage_file
from pos.stock_files.services.staging import kind_of, require
from pos.stock_files.tasks import hand_over, is_large

_FILE_TYPES: Final = (
    "text/csv",
    "text/tab-separated-values",
    "application/zip",
    "application/octet-stream",
    MEDIA_TYPES["xlsx"],
)
_FORM: Final = {
    "encoding": ("auto", "utf-8", "cp1252"),
    "delimiter": ("auto", ",", ";", "tab"),
    "decimal": ("auto", ".", ","),
}
_NEWEST_FIRST: Final = True


class StockImportsView(ApiView):
    """Files of stock on their way in."""

    permission: ClassVar[str | None] = "stock.write"

    @property
    def query_parameters(self) -> frozenset[str]:  # type: ignore[override]
        """By method: lists are paged and filtered, files are described."""
        posted = frozenset({"kind", "file_name", "location", *_FORM})
        return posted if self.request.method == "POST" else PAGE_PARAMETERS | {"kind", "state"}

    @extend_schema(
        parameters=[
            OpenApiParameter("kind", str, enum=tuple(BY_NAME)),
            OpenApiParameter("state", str, enum=STOCK_FILE_STATES),
        ],
        responses=page_of("StockImportPage", StockImportOutput),
    )
    def get(self, request: Request) -> Response:
        """The files, newest first."""
        found = stock_files(
            kind=choice(self.query, "kind", known=tuple(BY_NAME)),
            state=choice(self.query, "state", known=STOCK_FILE_STATES),
        )
        return Response(paginate(found, request, file_document, newest_first=_NEWEST_FIRST))

    @extend_schema(
        parameters=[
            OpenApiParameter("kind", str, required=True, enum=tuple(BY_NAME), description="What it holds."),
            OpenApiParameter("file_name", str, description="What the file is called."),
            OpenApiParameter("location", str, description="Code of the location of rows that name none."),
            *(OpenApiParameter(name, str, enum=known) for name, known in _FORM.items()),
        ],
        request=dict.fromkeys(_FILE_TYPES, OpenApiTypes.BINARY),
        responses={201: StockImportOutput, 202: StockImportOutput},
    )
    def post(self, request: Request) -> Response:
        """Keep the file that is the body (CSV, XLSX, or a ZIP of one CSV file; at most 64 MiB) and look at it.

        Nothing of the stock changes. The answer's summary says what the file would do, or how much is wrong
        with it; the rows are at `rows`.
        """
        kind = choice(self.query, "kind", known=tuple(BY_NAME))
        if kind is None:
            raise InvalidQuery.of("kind", "required", f"Say what the file holds: {', '.join(BY_NAME)}.")
        key = stage_file(
            data=read_upload(request, media_types=_FILE_TYPES, most_bytes=MAX_BYTES),
            file_name=self.query.get("file_name", kind),
            kind=kind,
            form=self._form(),
            location_code=self.query.get("location"),
            actor=self.actor,
            at=clock.now(),
        )
        if is_large(key):
            return _sent(key, step="look", actor=self.actor)
        look_at_file(file_id=key, actor=self.actor, at=clock.now())
        return Response(file_document(find_file(file_id=key)), status=HTTPStatus.CREATED)

    def _form(self) -> CsvForm:
        said = {name: choice(self.query, name, known=known) or "auto" for name, known in _FORM.items()}
        return CsvForm(**cast("Any", said))


class StockImportView(ApiView):
    """One file."""

    permission: ClassVar[str | None] = "stock.write"

    @extend_schema(responses=StockImportOutput)
    def get(self, request: Request, file_id: UUID) -> Response:
        """The file: its state, what it did or would do, how far it is."""
        del request
        return Response(file_document(find_file(file_id=file_id)))


class StockImportRowsView(ApiView):
    """What becomes of each row of a file."""

    permission: ClassVar[str | None] = "stock.write"
    query_parameters: ClassVar = frozenset({"outcome", "page"})

    @extend_schema(
        parameters=[
            OpenApiParameter("outcome", str, enum=OUTCOMES, description="`changed` unless said."),
            OpenApiParameter("page", int, description="From 0; five hundred rows each."),
        ],
        responses=StockImportRowsOutput,
    )
    def get(self, request: Request, file_id: UUID) -> Response:
        """The rows of one outcome, with what changes in each, or what is wrong with it."""
        del request
        entries, next_page = file_rows(
            file_id=file_id,
            outcome=choice(self.query, "outcome", known=OUTCOMES) or "changed",
            page=integer(self.query, "page", default=0, maximum=1_000_000),
        )
        return Response({"items": entries, "next_page": next_page})


class StockImportApplyView(ApiView):
    """Doing what a file says."""

    permission: ClassVar[str | None] = "stock.write"

    @extend_schema(request=None, responses={200: StockImportOutput, 202: StockImportOutput})
    def post(self, request: Request, file_id: UUID) -> Response:
        """Bring stock to the file; nothing is written of one in which anything is wrong.

        Levels are written in batches, and sales of the same goods go on between them; meanwhile the file is
        `applying`. Asked again then, it goes on if nobody does (409 `import_busy`); afterwards it is refused (409).
        """
        del request
        if is_large(file_id):
            return _sent(file_id, step="apply", actor=self.actor)
        apply_file(file_id=file_id, actor=self.actor, at=clock.now(), clock=clock.now)
        return Response(file_document(find_file(file_id=file_id)))


class StockImportRevertView(ApiView):
    """Taking a file back."""

    permission: ClassVar[str | None] = "stock.write"

    @extend_schema(request=StockRevertInput, responses={200: StockImportOutput, 202: StockImportOutput})
    def post(self, request: Request, file_id: UUID) -> Response:
        """Levels by movements that name the file's own, records to what they were, orders cancelled.

        Levels go in batches (`reverting`), of a file that is half applied as far as it is.
        What something else changed since is named (409 `changed_since`) and only taken back with `force`.
        """
        force = self.body(StockRevertInput) if read_body(request) else False
        if is_large(file_id):
            return _sent(file_id, step="revert", actor=self.actor, force=force)
        revert_file(file_id=file_id, actor=self.actor, at=clock.now(), clock=clock.now, force=force)
        return Response(file_document(find_file(file_id=file_id)))


class StockImportDiscardView(ApiView):
    """Doing away with a file."""

    permission: ClassVar[str | None] = "stock.write"

    @extend_schema(request=None, responses=StockImportOutput)
    def post(self, request: Request, file_id: UUID) -> Response:
        """Forget a staged file's content and rows."""
        del request
        discard_file(file_id=file_id, actor=self.actor)
        return Response(file_document(find_file(file_id=file_id)))


class StockExportsView(ApiView):
    """Stock as a file."""

    permission: ClassVar[str | None] = "stock.read"
    query_parameters: ClassVar = frozenset({"kind", "format", "location_id"})

    @extend_schema(
        parameters=[
            OpenApiParameter("kind", str, required=True, enum=tuple(BY_NAME)),
            OpenApiParameter("format", str, enum=FORMATS),
            OpenApiParameter("location_id", OpenApiTypes.UUID, description="Only of this location."),
        ],
        responses={(200, media_type): OpenApiTypes.BINARY for media_type in MEDIA_TYPES.values()},
    )
    def get(self, request: Request) -> FileResponse:
        """Everything of a kind, in the columns that an import reads; importing it changes nothing."""
        del request
        name = choice(self.query, "kind", known=tuple(BY_NAME))
        if name is None:
            raise InvalidQuery.of("kind", "required", f"Say what the file shall hold: {', '.join(BY_NAME)}.")
        file_format = choice(self.query, "format", known=FORMATS) or "csv"
        out = export_file(
            kind=kind_of(name),
            file_format=file_format,
            location_id=identifier(self.query, "location_id"),
        )
        response = FileResponse(out, content_type=MEDIA_TYPES[file_format])
        response["Content-Disposition"] = f'attachment; filename="{name}.{file_format}"'
        response["X-Content-Type-Options"] = "nosniff"
        return response


def _sent(file_id: UUID, *, step: str, actor: Actor, force: bool = False) -> Response:
    """Hand the work over; the answer says where to look how far it is."""
    require(kind_of(find_file(file_id=file_id).kind), actor)
    hand_over(file_id=file_id, step=step, actor=actor, force=force)
    return Response(file_document(find_file(file_id=file_id)), status=HTTPStatus.ACCEPTED)
