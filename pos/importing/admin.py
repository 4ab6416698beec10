"""Import and export in the back office: a file is sent, looked at, applied, and taken back with one click."""

import csv
import io
from typing import Any, Final
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST
from unfold.decorators import action

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.columns import titled
from fynlo.backoffice.filters import one_of
from fynlo.backoffice.options import ReadOnlyAdmin
from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core.clock import now
from fynlo.core.errors import DomainError, NotFound
from pos.catalog.models import IMPORT_STATES, CatalogImport
from pos.catalog.queries.export import FORMATS, MEDIA_TYPES, export_catalog
from pos.catalog.sheets.declared import BY_NAME, SHEETS
from pos.importing.forms import UploadForm
from pos.importing.progress import progress_of
from pos.importing.queries import find_import, import_document, import_rows
from pos.importing.reports import OUTCOMES
from pos.importing.services import apply_import, discard_import, look_at_import, revert_import, stage_import
from pos.importing.tasks import hand_over, is_large

WRITE: Final = "catalog.write"
MAX_PAGE: Final = 100_000
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_PHASES: Final = {
    "waiting": "Waiting for its turn",
    "compared": "Compared with the catalogue",
    "checked": "Checked as a whole",
    "written": "Written",
    "published": "Published as a price book",
}


def _number(name: str) -> Any:
    return lambda record: str(record.summary.get(name, "–"))


@admin.register(CatalogImport, site=merchant_admin)
class ImportAdmin(ReadOnlyAdmin):
    """Files that were sent, newest first; each opens on what it did or would do."""

    list_display = (
        "file_name",
        "state",
        titled(_number("created"), "New"),
        titled(_number("changed"), "Changed"),
        titled(_number("problem_count"), "Problems"),
        "staged_at",
        "staged_by_name",
        "applied_at",
        "reverted_at",
    )
    list_filter = (one_of("state", "State", IMPORT_STATES),)
    search_fields = ("file_name",)
    ordering = ("-id",)
    actions_list = ("send_file", "export")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CatalogImport]:
        """Files without their content."""
        found: QuerySet[CatalogImport] = super().get_queryset(request).defer("content")
        return found

    @action(description="Import a file", url_path="send", icon="upload_file")
    def send_file(self, request: HttpRequest) -> HttpResponse:
        """Lead to the page where a file is sent."""
        del request
        return HttpResponseRedirect(reverse("admin:pos_import_new"))

    @action(description="Export", url_path="take", icon="download")
    def export(self, request: HttpRequest) -> HttpResponse:
        """Lead to the export's buttons."""
        del request
        return HttpResponseRedirect(reverse("admin:pos_import_new") + "#export")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """What the file did or would do, row by row."""
        del form_url, extra_context
        if not self.has_view_permission(request) or request.method == "POST":
            raise PermissionDenied
        record = self.get_object(request, object_id)
        if record is None:
            missing: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            return missing
        document = import_document(record)
        shown = _rows(record, document, request)
        return render(
            merchant_admin,
            request,
            "catalog_import",
            record.file_name,
            record=record,
            document=document,
            force=request.GET.get("force") == "1",
            **_working(document),
            **shown,
        )


@page(merchant_admin, "pos/catalogimport/new/", name="pos_import_new", permission=WRITE)
def new_import(request: HttpRequest) -> HttpResponse:
    """Send a file: it is kept and looked at; nothing of the catalogue changes yet. Or take the catalogue along."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        try:
            key = _stage(request, form)
        except DomainError as error:
            form.add_error(None, error.detail)
        else:
            return _to(key)
    return render(
        merchant_admin,
        request,
        "catalog_import_new",
        "Import and export",
        form=form,
        sheets=SHEETS,
        formats=FORMATS,
    )


@page(merchant_admin, "pos/catalogimport/<uuid:object_id>/step/", name="pos_import_step", permission=WRITE)
@require_POST
def step(request: HttpRequest, object_id: UUID) -> HttpResponse:
    """Do `step` with a file: `look` again, `apply`, `discard` or `revert` (`force`: in spite of later changes)."""
    wanted, force = request.POST.get("step", ""), request.POST.get("force") == "1"
    try:
        find_import(import_id=object_id)
        told = _do(request, object_id, wanted, force=force)
    except NotFound:
        raise Http404 from None
    except DomainError as error:
        messages.error(request, error.detail)
        return _to(object_id, "?force=1" if error.code == "changed_since" else "")
    if told:
        messages.success(request, told)
    return _to(object_id)


@page(
    merchant_admin,
    "pos/catalogimport/<uuid:object_id>/progress/",
    name="pos_import_progress",
    permission=WRITE,
)
def progress(request: HttpRequest, object_id: UUID) -> HttpResponse:
    """How far a file is: `{"is_busy", "phase", "share"}`."""
    del request
    try:
        return JsonResponse(_working(import_document(find_import(import_id=object_id))))
    except NotFound:
        raise Http404 from None


@page(
    merchant_admin,
    "pos/catalogimport/<uuid:object_id>/problems.csv",
    name="pos_import_problems",
    permission=WRITE,
)
def problems_csv(request: HttpRequest, object_id: UUID) -> HttpResponse:
    """Everything that is wrong with a file, as a file."""
    del request
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(["sheet", "line", "column", "reason", "given"])
    number: int | None = 0
    try:
        while number is not None:
            entries, number = import_rows(import_id=object_id, outcome="problem", page=number)
            for each in entries:
                rows.writerow([_text(each[name]) for name in ("sheet", "line", "column", "reason", "given")])
    except NotFound:
        raise Http404 from None
    return _file("\ufeff" + out.getvalue(), "problems.csv", "text/csv; charset=utf-8")


@page(merchant_admin, "pos/catalogimport/export/", name="pos_catalog_export", permission=WRITE)
def export(request: HttpRequest) -> HttpResponse:
    """The catalogue as a file: `format` csv (a ZIP, or one `sheet`) or xlsx."""
    wanted, sheet = request.GET.get("format", "csv"), request.GET.get("sheet") or None
    if wanted not in FORMATS or (sheet is not None and sheet not in BY_NAME):
        raise Http404
    data, kind = export_catalog(file_format=wanted, sheet=sheet)
    return _file(data, f"{sheet or 'catalogue'}.{kind}", MEDIA_TYPES[kind])


def _stage(request: HttpRequest, form: UploadForm) -> UUID:
    values, actor = form.cleaned_data, actor_of(request)
    data = values["file"].read()
    key = stage_import(
        data=data,
        file_name=values["file"].name,
        form=form.form(),
        sheet=values["sheet"],
        location_code=values["location"] or None,
        actor=actor,
        at=now(),
    )
    if is_large(key):
        hand_over(import_id=key, step="look", actor=actor)
    else:
        look_at_import(import_id=key, actor=actor, at=now())
    return key


def _do(request: HttpRequest, key: UUID, wanted: str, *, force: bool) -> str:
    """One step, at once or in the background; returns what to tell."""
    actor = actor_of(request)
    if wanted == "discard":
        discard_import(import_id=key, actor=actor)
        return "The file is discarded."
    if wanted not in ("look", "apply", "revert"):
        return ""
    if is_large(key):
        hand_over(import_id=key, step=wanted, actor=actor, force=force)
        return ""
    if wanted == "look":
        look_at_import(import_id=key, actor=actor, at=now())
        return ""
    if wanted == "apply":
        report = apply_import(import_id=key, actor=actor, at=now()).catalog
        return f"Imported: {report.count('created')} new, {report.count('changed')} changed."
    restored = revert_import(import_id=key, actor=actor, at=now(), force=force)
    return f"Taken back: {restored.document_count} entries are as they were."


def _rows(record: CatalogImport, document: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    """A page of the rows of the chosen outcome; at first of the one that matters most."""
    summary = document["summary"]
    counts = {
        outcome: summary.get("problem_count" if outcome == "problem" else outcome, 0) for outcome in OUTCOMES
    }
    first = next((outcome for outcome in OUTCOMES if counts[outcome]), "created")
    outcome = request.GET.get("outcome", first)
    number = request.GET.get("page", "0")
    if outcome not in OUTCOMES or not (number.isascii() and number.isdigit() and int(number) < MAX_PAGE):
        raise Http404
    try:
        rows, next_page = import_rows(import_id=record.pk, outcome=outcome, page=int(number))
    except NotFound:
        rows, next_page = [], None
    return {
        "tiles": [(each, _TILES[each], counts[each]) for each in OUTCOMES],
        "outcome": outcome,
        "rows": rows,
        "previous_page": int(number) - 1,
        "page_number": int(number) + 1,
        "next_page": next_page,
    }


_TILES: Final = {"problem": "problems", "created": "new", "changed": "changed", "unchanged": "unchanged"}


def _working(document: dict[str, Any]) -> dict[str, Any]:
    """Whether a file is being worked on, and how far that is, in per cent."""
    under_way = progress_of(UUID(document["id"]))
    failed = "failure" in document["summary"]
    is_busy = under_way is not None or not (document["summary"].get("is_ready") or failed)
    phase = (under_way or {}).get("phase", "waiting")
    steps = list(_PHASES)
    share = 100 * (steps.index(phase) if phase in steps else 0) // (len(steps) - 1)
    return {"is_busy": is_busy, "phase": _PHASES.get(phase, phase), "share": share}


def _to(key: UUID, query: str = "") -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:pos_catalogimport_change", args=(key,)) + query)


def _text(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _file(content: str | bytes, name: str, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
