"""Import and export of the catalogue over HTTP: send a file, look at what it would do, apply it, take it back.

Files of little work (`pos.importing.tasks.AT_ONCE`) are done while the caller waits; larger ones in the background
(202), and `progress` of the file says how far it is.
"""

from http import HTTPStatus
from typing import Any, ClassVar, Final, cast
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.parsers import read_body
from fynlo.api.query import choice, integer
from fynlo.api.schema import page_of
from fynlo.api.uploads import read_upload
from fynlo.api.views import ApiView
from fynlo.core import clock
from fynlo.core.actors import Actor
from pos.catalog.csv_reading import CsvForm
from pos.catalog.csv_reading.text import MAX_BYTES
from pos.catalog.queries.export import FORMATS, MEDIA_TYPES, export_catalog
from pos.catalog.sheets.declared import BY_NAME
from pos.importing.queries import find_import, import_document, import_rows, imports
from pos.importing.reports import OUTCOMES
from pos.importing.serializers import ImportOutput, ImportRowsOutput, RevertInput
from pos.importing.services import (
    apply_import,
    discard_import,
    look_at_import,
    revert_import,
    stage_import,
)
from pos.importing.tasks import hand_over, is_large

_FILE_TYPES: Final = (
    "text/csv",
    "text/tab-separated-values",
    "application/zip",
    "application/octet-stream",
    MEDIA_TYPES["xlsx"],
)
_NEWEST_FIRST: Final = True


class CatalogImportsView(ApiView):
    """Files on their way into the catalogue."""

    permission: ClassVar[str | None] = "catalog.write"

    @property
    def query_parameters(self) -> frozenset[str]:  # type: ignore[override]
        """By method: lists are paged, files are described."""
        posted = frozenset({"file_name", "sheet", "location", "encoding", "delimiter", "decimal"})
        return posted if self.request.method == "POST" else PAGE_PARAMETERS

    @extend_schema(responses=page_of("CatalogImportPage", ImportOutput))
    def get(self, request: Request) -> Response:
        """The files, newest first."""
        return Response(paginate(imports(), request, import_document, newest_first=_NEWEST_FIRST))

    @extend_schema(
        parameters=[
            OpenApiParameter("file_name", str, description="What the file is called."),
            OpenApiParameter("sheet", str, description="What a single CSV file is, e.g. `prices`."),
            OpenApiParameter("location", str, description="Code of the location where opening stock is."),
            OpenApiParameter("encoding", str, enum=["auto", "utf-8", "cp1252"]),
            OpenApiParameter("delimiter", str, enum=["auto", ",", ";", "tab"]),
            OpenApiParameter("decimal", str, enum=["auto", ".", ","]),
        ],
        request=dict.fromkeys(_FILE_TYPES, OpenApiTypes.BINARY),
        responses={201: ImportOutput, 202: ImportOutput},
    )
    def post(self, request: Request) -> Response:
        """Keep the file that is the body (CSV, XLSX, or a ZIP of CSV files; at most 64 MiB) and look at it.

        Nothing of the catalogue changes. The answer's summary says what the file would do, or how much is
        wrong with it; the rows are at `rows`.
        """
        data = read_upload(request, media_types=_FILE_TYPES, most_bytes=MAX_BYTES)
        key = stage_import(
            data=data,
            file_name=self.query.get("file_name", "catalogue"),
            form=self._form(),
            sheet=choice(self.query, "sheet", known=tuple(BY_NAME)) or "",
            location_code=self.query.get("location"),
            actor=self.actor,
            at=clock.now(),
        )
        if is_large(key):
            return _sent(key, step="look", actor=self.actor)
        look_at_import(import_id=key, actor=self.actor, at=clock.now())
        return Response(import_document(find_import(import_id=key)), status=HTTPStatus.CREATED)

    def _form(self) -> CsvForm:
        said = {
            name: choice(self.query, name, known=known) or "auto"
            for name, known in (
                ("encoding", ("auto", "utf-8", "cp1252")),
                ("delimiter", ("auto", ",", ";", "tab")),
                ("decimal", ("auto", ".", ",")),
            )
        }
        return CsvForm(**cast("Any", said))


class CatalogImportView(ApiView):
    """One file."""

    permission: ClassVar[str | None] = "catalog.write"

    @extend_schema(responses=ImportOutput)
    def get(self, request: Request, import_id: UUID) -> Response:
        """The file: its state, what it did or would do, how far it is."""
        del request
        return Response(import_document(find_import(import_id=import_id)))


class CatalogImportRowsView(ApiView):
    """What becomes of each row of a file."""

    permission: ClassVar[str | None] = "catalog.write"
    query_parameters: ClassVar = frozenset({"outcome", "page"})

    @extend_schema(
        parameters=[
            OpenApiParameter("outcome", str, enum=OUTCOMES, description="`changed` unless said."),
            OpenApiParameter("page", int, description="From 0; five hundred rows each."),
        ],
        responses=ImportRowsOutput,
    )
    def get(self, request: Request, import_id: UUID) -> Response:
        """The rows of one outcome, with what changes in each, or what is wrong with it."""
        del request
        entries, next_page = import_rows(
            import_id=import_id,
            outcome=choice(self.query, "outcome", known=OUTCOMES) or "changed",
            page=integer(self.query, "page", default=0, maximum=1_000_000),
        )
        return Response({"items": entries, "next_page": next_page})


class CatalogImportApplyView(ApiView):
    """Doing what a file says."""

    permission: ClassVar[str | None] = "catalog.write"

    @extend_schema(request=None, responses={200: ImportOutput, 202: ImportOutput})
    def post(self, request: Request, import_id: UUID) -> Response:
        """Bring the catalogue to the file: all of it, or nothing. A second time is refused (409)."""
        del request
        if is_large(import_id):
            return _sent(import_id, step="apply", actor=self.actor)
        apply_import(import_id=import_id, actor=self.actor, at=clock.now())
        return Response(import_document(find_import(import_id=import_id)))


class CatalogImportRevertView(ApiView):
    """Taking a file back."""

    permission: ClassVar[str | None] = "catalog.write"

    @extend_schema(request=RevertInput, responses={200: ImportOutput, 202: ImportOutput})
    def post(self, request: Request, import_id: UUID) -> Response:
        """Bring everything the file touched back to what it was.

        What was sold or counted meanwhile stays, switched off (`summary.kept`). What something else changed
        since is named (409 `changed_since`) and only taken back with `force`.
        """
        force = self.body(RevertInput) if read_body(request) else False
        if is_large(import_id):
            return _sent(import_id, step="revert", actor=self.actor, force=force)
        revert_import(import_id=import_id, actor=self.actor, at=clock.now(), force=force)
        return Response(import_document(find_import(import_id=import_id)))


class CatalogImportDiscardView(ApiView):
    """Doing away with a file."""

    permission: ClassVar[str | None] = "catalog.write"

    @extend_schema(request=None, responses=ImportOutput)
    def post(self, request: Request, import_id: UUID) -> Response:
        """Forget a staged file's content."""
        del request
        discard_import(import_id=import_id, actor=self.actor)
        return Response(import_document(find_import(import_id=import_id)))


class CatalogExportView(ApiView):
    """The catalogue as a file."""

    permission: ClassVar[str | None] = "catalog.write"
    query_parameters: ClassVar = frozenset({"format", "sheet"})

    @extend_schema(
        parameters=[
            OpenApiParameter("format", str, enum=FORMATS),
            OpenApiParameter("sheet", str, enum=tuple(BY_NAME), description="One sheet only."),
        ],
        responses={(200, media_type): OpenApiTypes.BINARY for media_type in MEDIA_TYPES.values()},
    )
    def get(self, request: Request) -> HttpResponse:
        """Everything, as one workbook or as a ZIP of CSV files; with `sheet` only that (CSV: a plain file).

        The same catalogue is the same bytes, and importing them changes nothing.
        """
        del request
        data, kind = export_catalog(
            file_format=choice(self.query, "format", known=FORMATS) or "csv",
            sheet=choice(self.query, "sheet", known=tuple(BY_NAME)),
        )
        name = self.query.get("sheet", "catalogue")
        response = HttpResponse(data, content_type=MEDIA_TYPES[kind])
        response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
        response["X-Content-Type-Options"] = "nosniff"
        return response


def _sent(import_id: UUID, *, step: str, actor: Actor, force: bool = False) -> Response:
    """Hand the work over; the answer says where to look how far it is."""
    find_import(import_id=import_id)
    hand_over(import_id=import_id, step=step, actor=actor, force=force)
    return Response(import_document(find_import(import_id=import_id)), status=HTTPStatus.ACCEPTED)
