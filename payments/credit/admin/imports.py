"""Cards of an earlier system come in from a file: sent, looked at, imported, without a code on any page."""

from typing import Any, Final, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.pages import page, render, repeat_no_choice
from fynlo.backoffice.site import merchant_admin
from fynlo.core.clock import business_date, now
from fynlo.core.errors import DomainError, InvalidInput, NotFound
from fynlo.core.money import spell_money
from fynlo.core.tenancy import current_tenant
from payments.credit.card_files import MOST_PINS, MOST_ROWS, CardRow, Written
from payments.credit.models import ValueImport
from payments.credit.services import (
    CardsRead,
    ImportReport,
    StageDraft,
    begin_import,
    discard_staged,
    import_staged,
    imported_before,
    look_at_staged,
    record_failure,
    stage_cards,
    staged_file,
)
from payments.credit.staged_cards import busy_with, progress_of
from payments.credit.tasks import hand_over_import

MANAGE: Final = "gift_cards.manage"
MOST_BYTES: Final = 2 * 1024 * 1024
SHOWN_ROWS: Final = 200
SHOWN_PROBLEMS: Final = 500
PINS_AT_ONCE: Final = 20
ROWS_AT_ONCE: Final = 1_000
"""So much is imported while somebody waits, in about a second; more in the background."""


class CardFileForm(forms.Form):
    """A file and, where it does not tell itself, how it is to be read."""

    file = forms.FileField(label="CSV or XLSX", max_length=200)
    name = forms.CharField(label="What you call it", max_length=120, required=False)
    decimal = forms.ChoiceField(
        label="Decimals",
        required=False,
        choices=[("auto", "find out"), (".", "1.50 (point)"), (",", "1,50 (comma)")],
    )
    delimiter = forms.ChoiceField(
        label="Columns end with",
        required=False,
        choices=[("auto", "find out"), (",", "comma"), (";", "semicolon"), ("tab", "tab")],
    )
    encoding = forms.ChoiceField(
        label="Letters",
        required=False,
        choices=[("auto", "find out"), ("utf-8", "UTF-8"), ("cp1252", "Windows-1252")],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        repeat_no_choice(self)

    def clean_file(self) -> Any:
        """The file, if it is not far too large."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("A file has at most 2 MiB.")
        return file

    def draft(self) -> StageDraft:
        """The file as it is sent."""
        values = self.cleaned_data
        said = {name: values[name] or "auto" for name in ("encoding", "delimiter", "decimal")}
        return StageDraft(
            name=values["name"] or values["file"].name,
            content=values["file"].read(),
            written=Written(**cast("Any", said)),
        )


@page(merchant_admin, "payments/valueimport/new/", name="payments_value_import_new", permission=MANAGE)
def new_import(request: HttpRequest) -> HttpResponse:
    """Send a file: it is kept for an hour and looked at; no card is made yet."""
    form = CardFileForm(request.POST, request.FILES) if request.method == "POST" else CardFileForm()
    if form.is_valid():
        draft = form.draft()
        try:
            key = stage_cards(draft=draft, actor=actor_of(request))
        except DomainError as error:
            form.add_error(None, error.detail)
        else:
            if imported_before(content=draft.content) is not None:
                messages.warning(request, "This very file was imported already; nothing was changed.")
            return HttpResponseRedirect(reverse("admin:payments_value_import_file", args=(key,)))
    return render(
        merchant_admin,
        request,
        "gift_cards_import_new",
        "Import gift cards",
        form=form,
        most_rows=MOST_ROWS,
        most_pins=MOST_PINS,
    )


@page(
    merchant_admin,
    "payments/valueimport/<uuid:value_import_id>/file/",
    name="payments_value_import_file",
    permission=MANAGE,
)
def import_file(request: HttpRequest, value_import_id: UUID) -> HttpResponse:
    """What the file would do, or everything that is wrong with it; once it is imported, the import."""
    if ValueImport.objects.filter(pk=value_import_id).exists():
        return _to_import(value_import_id)
    try:
        staged = staged_file(import_id=value_import_id)
        read = look_at_staged(import_id=value_import_id)
    except NotFound:
        raise Http404 from None
    except InvalidInput as error:
        messages.error(request, error.detail)
        return HttpResponseRedirect(reverse("admin:payments_value_import_new"))
    far = _far(value_import_id)
    return render(
        merchant_admin,
        request,
        "gift_cards_import",
        staged.name,
        key=value_import_id,
        sent_by=staged.sent_by,
        **far,
        tiles=_tiles(read),
        rows=[_row(each, read.currency) for each in read.rows[:SHOWN_ROWS]],
        rows_more=max(0, len(read.rows) - SHOWN_ROWS),
        rows_count=len(read.rows),
        problems=read.problems[:SHOWN_PROBLEMS],
        problems_count=len(read.problems),
        problems_more=max(0, len(read.problems) - SHOWN_PROBLEMS),
        may_import=bool(read.rows) and not read.problems,
    )


@page(
    merchant_admin,
    "payments/valueimport/<uuid:value_import_id>/step/",
    name="payments_value_import_step",
    permission=MANAGE,
)
@require_POST
def import_step(request: HttpRequest, value_import_id: UUID) -> HttpResponse:
    """Do `step` with the file: `import` or `discard`. The second of two people is told."""
    try:
        if request.POST.get("step") == "discard":
            discard_staged(import_id=value_import_id, actor=actor_of(request))
            messages.success(request, "The file was thrown away; nothing came of it.")
            return HttpResponseRedirect(reverse("admin:payments_valueimport_changelist"))
        report = _import(request, value_import_id)
    except NotFound:
        if ValueImport.objects.filter(pk=value_import_id).exists():
            messages.warning(request, "Somebody imported this file already.")
            return _to_import(value_import_id)
        raise Http404 from None
    except DomainError as error:
        messages.error(request, error.detail)
        return HttpResponseRedirect(reverse("admin:payments_value_import_file", args=(value_import_id,)))
    if report is None:
        return HttpResponseRedirect(reverse("admin:payments_value_import_file", args=(value_import_id,)))
    total = spell_money(report.total_minor, report.currency)
    messages.success(request, f"Imported: {report.rows_count} cards with {total} on them.")
    return _to_import(value_import_id)


@page(
    merchant_admin,
    "payments/valueimport/<uuid:value_import_id>/progress/",
    name="payments_value_import_progress",
    permission=MANAGE,
)
def import_progress(request: HttpRequest, value_import_id: UUID) -> HttpResponse:
    """How far an import is: `{"is_busy", "share", "failure"}`; of nothing that is here it is not busy."""
    del request
    return JsonResponse(_far(value_import_id))


def _import(request: HttpRequest, key: UUID) -> ImportReport | None:
    """Import at once, or hand it over (None)."""
    actor = actor_of(request)
    if request.POST.get("step") != "import":
        raise InvalidInput("Say what to do with the file.")
    read = look_at_staged(import_id=key)
    if len(read.rows) > ROWS_AT_ONCE or read.pins_count > PINS_AT_ONCE:
        hand_over_import(import_id=key, actor=actor)
        return None
    begin_import(import_id=key, actor=actor)
    try:
        return import_staged(import_id=key, actor=actor, at=now())
    except DomainError as error:
        record_failure(import_id=key, detail=error.detail)
        raise


def _far(key: UUID) -> dict[str, Any]:
    by = busy_with(import_id=key)
    far = progress_of(import_id=key)
    share = 100 * far.get("done", 0) // max(far.get("total", 1), 1)
    return {"is_busy": by is not None, "share": min(share, 100), "failure": far.get("failure", "")}


def _tiles(read: CardsRead) -> list[tuple[str, Any]]:
    day = business_date(at=now(), time_zone=current_tenant().time_zone)
    return [
        ("Cards", len(read.rows)),
        ("On them", spell_money(read.total_minor, read.currency)),
        ("With a PIN", read.pins_count),
        ("Expired already", read.expired_count(day=day)),
        ("Problems", len(read.problems)),
    ]


def _row(row: CardRow, currency: str) -> dict[str, Any]:
    """A row without its code and its PIN."""
    return {
        "line": row.line,
        "shown": f"•••• {row.code[-4:]}",
        "balance": spell_money(row.balance_minor, currency),
        "expires_on": row.expires_on,
        "holder": row.holder,
        "has_pin": bool(row.pin),
    }


def _to_import(key: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:payments_valueimport_change", args=(key,)))
