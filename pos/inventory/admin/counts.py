"""Counting in the back office: the list of counts, opening one, counting by phone, deciding about differences."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST
from rest_framework.exceptions import ValidationError
from unfold.decorators import action

from fynlo.api.strict_json import parse
from fynlo.api.validation import field_problems
from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.columns import titled
from fynlo.backoffice.filters import one_of
from fynlo.backoffice.options import ReadOnlyAdmin
from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core.clock import now
from fynlo.core.errors import DomainError, FieldProblem, NotFound
from fynlo.core.ids import new_id
from fynlo.core.money import Money, format_money
from fynlo.core.tenancy import current_tenant
from pos.inventory import states
from pos.inventory.errors import UnacceptableStock
from pos.inventory.forms.counts import OpenCountForm
from pos.inventory.models import StockCount
from pos.inventory.models.counts import COUNT_KINDS, LEAVE, ZERO
from pos.inventory.quantities import whole_minor
from pos.inventory.queries.counts import count_document, count_lines, find_count, line_document
from pos.inventory.serializers.counts import CountEntriesInput
from pos.inventory.services.count_closing import close_count
from pos.inventory.services.count_entering import enter, void_entry
from pos.inventory.services.count_opening import open_count
from pos.inventory.services.count_submitting import cancel_count, recount_lines, submit_count

COUNT: Final = "stock.count"
SHOWN: Final = 200
_IN_WORK: Final = (states.DRAFT, states.COUNTING)


def _worth(count: Any) -> str:
    if count.variance_value_minor is None:
        return "–"
    currency = current_tenant().currency
    return f"{format_money(Money(whole_minor(count.variance_value_minor), currency))} {currency}"


@admin.register(StockCount, site=merchant_admin)
class StockCountAdmin(ReadOnlyAdmin):
    """Counts, newest first; each opens on where it stands."""

    list_display = (
        "number",
        "kind",
        "state",
        "location",
        "name",
        "opened_at",
        "opened_by_name",
        "ended_at",
        "ended_by_name",
        titled(_worth, "Variance", "variance_value_minor"),
    )
    list_filter = (
        one_of("state", "state", states.COUNT.states),
        one_of("kind", "kind", COUNT_KINDS),
        "location",
    )
    list_select_related = ("location",)
    search_fields = ("name", "opened_by_name")
    search_help_text = "Name, or who opened it"
    date_hierarchy = "opened_at"
    ordering = ("-number",)
    actions_list = ("open_one",)
    actions_row = ("go_to",)

    @action(description="Open a count", url_path="open-one", icon="add")
    def open_one(self, request: HttpRequest) -> HttpResponse:
        """Lead to the page where a count is opened."""
        del request
        return HttpResponseRedirect(reverse("admin:pos_count_open"))

    @action(description="Count", url_path="go-to")
    def go_to(self, request: HttpRequest, object_id: UUID) -> HttpResponse:
        """Lead to the page where it is counted."""
        del request
        return HttpResponseRedirect(reverse("admin:pos_count", args=(object_id,)))


@page(merchant_admin, "pos/stockcount/open/", name="pos_count_open", permission=COUNT)
def open_page(request: HttpRequest) -> HttpResponse:
    """Open a count."""
    form = OpenCountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            told = open_count(draft=form.draft(), actor=actor_of(request), at=now())
        except DomainError as error:
            form.add_error(None, error.detail)
        else:
            return _to(UUID(told["id"]))
    return render(merchant_admin, request, "stock_count_open", "Open a count", form=form)


@page(merchant_admin, "pos/stockcount/<uuid:count_id>/count/", name="pos_count", permission=COUNT)
def count_page(request: HttpRequest, count_id: UUID) -> HttpResponse:
    """Count, on a phone or a scanner; later the differences, and what to do about them."""
    count = _found(count_id)
    in_work = count.state in _IN_WORK
    status = "recount" if in_work and request.GET.get("show") == "recount" else None
    if not in_work and request.GET.get("show") != "all":
        status = "different"
    lines = [
        line_document(line, count=count)
        for line in count_lines(count, status=status).order_by("variant__item__name", "id")[:SHOWN]
    ]
    return render(
        merchant_admin,
        request,
        "stock_count" if in_work else "stock_count_review",
        f"Count {count.number}",
        count=count,
        document=count_document(count),
        worth=_worth(count),
        lines=lines,
        is_submitted=count.state == states.SUBMITTED,
        show=request.GET.get("show", ""),
    )


@page(merchant_admin, "pos/stockcount/<uuid:count_id>/entries/", name="pos_count_entries", permission=COUNT)
@require_POST
def entries(request: HttpRequest, count_id: UUID) -> HttpResponse:
    """Append what a phone counted, as JSON; entries it sent before do nothing."""

    def write() -> dict[str, Any]:
        form = CountEntriesInput(data=parse(request.body))
        try:
            form.is_valid(raise_exception=True)
        except ValidationError as error:
            raise UnacceptableStock(errors=list(field_problems(error.detail))) from error
        return enter(count_id=count_id, drafts=form.to_draft(), actor=actor_of(request), at=now())

    return _answer(write)


@page(
    merchant_admin,
    "pos/stockcount/<uuid:count_id>/entries/<uuid:entry_id>/void/",
    name="pos_count_void",
    permission=COUNT,
)
@require_POST
def void(request: HttpRequest, count_id: UUID, entry_id: UUID) -> HttpResponse:
    """Take an entry back."""
    return _answer(
        lambda: void_entry(
            count_id=count_id, entry_id=entry_id, void_id=new_id(), actor=actor_of(request), at=now()
        )
    )


@page(merchant_admin, "pos/stockcount/<uuid:count_id>/step/", name="pos_count_step", permission=COUNT)
@require_POST
def step(request: HttpRequest, count_id: UUID) -> HttpResponse:
    """Do `step` with a count: `submit`, `approve`, `recount` (the chosen `line`s) or `cancel`."""
    try:
        _do(request, count_id)
    except NotFound:
        raise Http404 from None
    except DomainError as error:
        messages.error(request, error.detail)
    return _to(count_id)


def _do(request: HttpRequest, count_id: UUID) -> None:
    actor, wanted = actor_of(request), request.POST.get("step", "")
    if wanted == "submit":
        uncounted = ZERO if request.POST.get("uncounted") == ZERO else LEAVE
        submit_count(count_id=count_id, uncounted=uncounted, actor=actor, at=now())
    elif wanted == "approve":
        close_count(count_id=count_id, actor=actor, at=now())
        messages.success(request, "The count is closed; the shelves hold what it says.")
    elif wanted == "recount":
        recount_lines(count_id=count_id, line_ids=_keys(request), actor=actor, at=now())
    elif wanted == "cancel":
        cancel_count(count_id=count_id, reason=request.POST.get("reason", "")[:200], actor=actor, at=now())


def _keys(request: HttpRequest) -> list[UUID]:
    try:
        return [UUID(key) for key in request.POST.getlist("line")]
    except ValueError:
        raise NotFound("There is no such line in this count.") from None


def _found(count_id: UUID) -> StockCount:
    try:
        return find_count(count_id)
    except NotFound:
        raise Http404 from None


def _answer(write: Callable[[], dict[str, Any]]) -> HttpResponse:
    """What was done, or what cannot be, for the page's script."""
    try:
        return JsonResponse(write())
    except DomainError as error:
        return JsonResponse(_problem(error), status=error.status)


def _problem(error: DomainError) -> dict[str, Any]:
    problems: list[FieldProblem] = list(error.errors)
    return {
        "code": error.code,
        "detail": error.detail,
        "errors": [{"pointer": each.pointer, "code": each.code, "detail": each.detail} for each in problems],
    }


def _to(count_id: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:pos_count", args=(count_id,)))
