"""Stock from files and to files in the back office: sent, looked at, applied, taken back with one click."""

import csv
import io
from typing import Any, Final
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
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
from pos.catalog.exporting.rows import guarded
from pos.stock_files.exporting import FORMATS, MEDIA_TYPES, export_file
from pos.stock_files.forms import StockUploadForm
from pos.stock_files.kinds.base import OUTCOMES
from pos.stock_files.kinds.declared import BY_NAME, KINDS
from pos.stock_files.models import STOCK_FILE_STATES, StockFile
from pos.stock_files.queries import file_document, file_rows, find_file
from pos.stock_files.services import apply_file, discard_file, look_at_file, revert_file, stage_file
from pos.stock_files.services.staging import require
from pos.stock_files.states import RUNNING
from pos.stock_files.tasks import hand_over, is_large

WRITE: Final = "stock.write"
MAX_PAGE: Final = 100_000
_PHASES: Final = {
    "waiting": "Waiting for its turn",
    "compared": "Compared with the books",
    "written": "Written",
    "taken back": "Taken back",
}
_TILES: Final = {"problem": "problems", "created": "new", "changed": "changed", "unchanged": "unchanged"}


def _number(name: str) -> Any:
    return lambda record: str(record.summary.get(name, "–"))


@admin.register(StockFile, site=merchant_admin)
class StockFileAdmin(ReadOnlyAdmin):
    """Files of stock that were sent, newest first; each opens on what it did or would do."""

    list_display = (
        "file_name",
        titled(lambda record: BY_NAME[record.kind].sheet.title, "What it holds", "kind"),
        "state",
        titled(_number("created"), "New"),
        titled(_number("changed"), "Changed"),
        titled(_number("problem_count"), "Problems"),
        "staged_at",
        "staged_by_name",
        "applied_at",
        "reverted_at",
    )
    list_filter = (one_of("kind", "What it holds", BY_NAME), one_of("state", "State", STOCK_FILE_STATES))
    search_fields = ("file_name",)
    ordering = ("-id",)
    actions_list = ("send_stock_file",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[StockFile]:
        """Files without their content."""
        found: QuerySet[StockFile] = super().get_queryset(request).defer("content")
        return found

    @action(description="Import or export", url_path="send", icon="upload_file")
    def send_stock_file(self, request: HttpRequest) -> HttpResponse:
        """Lead to the page where a file is sent, or taken along."""
        del request
        return HttpResponseRedirect(reverse("admin:pos_stock_file_new"))

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
        document = file_document(record)
        return render(
            merchant_admin,
            request,
            "stock_file",
            record.file_name,
            record=record,
            title_of_kind=BY_NAME[record.kind].sheet.title,
            document=document,
            force=request.GET.get("force") == "1",
            **_working(document),
            **_rows(record, document, request),
        )


@page(merchant_admin, "pos/stockfile/new/", name="pos_stock_file_new", permission=WRITE)
def new_stock_file(request: HttpRequest) -> HttpResponse:
    """Send a file: it is kept and looked at; nothing of the stock changes yet. Or take stock along as a file."""
    form = StockUploadForm(request.POST, request.FILES) if request.method == "POST" else StockUploadForm()
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
        "stock_file_new",
        "Import and export stock",
        form=form,
        kinds=KINDS,
        formats=FORMATS,
    )


@page(merchant_admin, "pos/stockfile/<uuid:object_id>/step/", name="pos_stock_file_step", permission=WRITE)
@require_POST
def stock_file_step(request: HttpRequest, object_id: UUID) -> HttpResponse:
    """Do `step` with a file: `look` again, `apply`, `discard` or `revert` (`force`: in spite of later changes)."""
    wanted, force = request.POST.get("step", ""), request.POST.get("force") == "1"
    try:
        record = find_file(file_id=object_id)
        require(BY_NAME[record.kind], actor_of(request))
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
    "pos/stockfile/<uuid:object_id>/progress/",
    name="pos_stock_file_progress",
    permission=WRITE,
)
def stock_file_progress(request: HttpRequest, object_id: UUID) -> HttpResponse:
    """How far a file is: `{"is_busy", "phase", "share"}`."""
    del request
    try:
        return JsonResponse(_working(file_document(find_file(file_id=object_id))))
    except NotFound:
        raise Http404 from None


@page(
    merchant_admin,
    "pos/stockfile/<uuid:object_id>/problems.csv",
    name="pos_stock_file_problems",
    permission=WRITE,
)
def stock_file_problems(request: HttpRequest, object_id: UUID) -> HttpResponse:
    """Everything that is wrong with a file, as a file."""
    del request
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(["line", "column", "reason", "given"])
    number: int | None = 0
    try:
        while number is not None:
            entries, number = file_rows(file_id=object_id, outcome="problem", page=number)
            for each in entries:
                rows.writerow([guarded(str(each[name])) for name in ("line", "column", "reason", "given")])
    except NotFound:
        raise Http404 from None
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    return _named(response, "problems.csv")


@page(merchant_admin, "pos/stockfile/export/", name="pos_stock_export", permission="stock.read")
def stock_export(request: HttpRequest) -> Any:
    """Stock as a file: `kind`, and `format` csv or xlsx."""
    wanted, file_format = request.GET.get("kind", ""), request.GET.get("format", "csv")
    if wanted not in BY_NAME or file_format not in FORMATS:
        raise Http404
    out = export_file(kind=BY_NAME[wanted], file_format=file_format)
    return _named(FileResponse(out, content_type=MEDIA_TYPES[file_format]), f"{wanted}.{file_format}")


def _stage(request: HttpRequest, form: StockUploadForm) -> UUID:
    values, actor = form.cleaned_data, actor_of(request)
    key = stage_file(
        data=values["file"].read(),
        file_name=values["file"].name,
        kind=values["kind"],
        form=form.form(),
        location_code=values["location"] or None,
        actor=actor,
        at=now(),
    )
    if is_large(key):
        hand_over(file_id=key, step="look", actor=actor)
    else:
        look_at_file(file_id=key, actor=actor, at=now())
    return key


def _do(request: HttpRequest, key: UUID, wanted: str, *, force: bool) -> str:
    """One step, at once or in the background; returns what to tell."""
    actor = actor_of(request)
    if wanted == "discard":
        discard_file(file_id=key, actor=actor)
        return "The file is discarded."
    if wanted not in ("look", "apply", "revert"):
        return ""
    if is_large(key):
        hand_over(file_id=key, step=wanted, actor=actor, force=force)
        return ""
    if wanted == "look":
        look_at_file(file_id=key, actor=actor, at=now())
        return ""
    if wanted == "apply":
        summary = apply_file(file_id=key, actor=actor, at=now(), clock=now).summary
        return f"Imported: {summary['created']} new, {summary['changed']} changed."
    revert_file(file_id=key, actor=actor, at=now(), clock=now, force=force)
    return "The file is taken back."


def _rows(record: StockFile, document: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    """A page of the rows of the chosen outcome; at first of the one that matters most."""
    summary = document["summary"]
    counts = {each: summary.get("problem_count" if each == "problem" else each, 0) for each in OUTCOMES}
    first = next((outcome for outcome in OUTCOMES if counts[outcome]), "created")
    outcome = request.GET.get("outcome", first)
    number = request.GET.get("page", "0")
    if outcome not in OUTCOMES or not (number.isascii() and number.isdigit() and int(number) < MAX_PAGE):
        raise Http404
    rows, next_page = file_rows(file_id=record.pk, outcome=outcome, page=int(number))
    return {
        "tiles": [(each, _TILES[each], counts[each]) for each in OUTCOMES],
        "outcome": outcome,
        "rows": rows,
        "previous_page": int(number) - 1,
        "page_number": int(number) + 1,
        "next_page": next_page,
    }


def _working(document: dict[str, Any]) -> dict[str, Any]:
    """Whether a file is being worked on, and how far that is, in per cent."""
    under_way = document["progress"] or {}
    failed = "failure" in document["summary"]
    is_stuck = failed and document["state"] in RUNNING
    is_busy = (bool(under_way) and not is_stuck) or not (document["summary"].get("is_ready") or failed)
    phase = under_way.get("phase", "waiting")
    share = 100 * under_way.get("done", 0) // max(under_way.get("total", 1), 1)
    return {"is_busy": is_busy, "phase": _PHASES.get(phase, phase), "share": min(share, 100)}


def _to(key: UUID, query: str = "") -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:pos_stockfile_change", args=(key,)) + query)


def _named(response: Any, name: str) -> Any:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
