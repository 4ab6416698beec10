"""Transfers in the back office: the list, preparing one, sending and receiving it by phone."""

from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST
from unfold.decorators import action

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.filters import one_of
from fynlo.backoffice.options import ReadOnlyAdmin
from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core.clock import now
from fynlo.core.errors import DomainError, NotFound, RuleViolation
from fynlo.core.ids import is_uuid7, new_id
from pos.inventory import states
from pos.inventory.forms.transfers import OpenTransferForm
from pos.inventory.models import StockTransfer
from pos.inventory.models.transfers import DAMAGED, RETURN, SHORT, WASTE
from pos.inventory.queries.transfers import IN_TRANSIT, find_transfer, transfer_document
from pos.inventory.services.transfer_receiving import receive_transfer, reject_transfer
from pos.inventory.services.transfers import MOVE, cancel_transfer, draft_transfer, send_transfer
from pos.inventory.transfer_drafts import ArrivalDraft, MissingDraft, ReceiptDraft

_RESTS: Final = {
    "later": None,
    "short-waste": (SHORT, WASTE),
    "short-return": (SHORT, RETURN),
    "damaged-waste": (DAMAGED, WASTE),
    "damaged-return": (DAMAGED, RETURN),
}


@admin.register(StockTransfer, site=merchant_admin)
class StockTransferAdmin(ReadOnlyAdmin):
    """Transfers, newest first; each opens on where it stands."""

    list_display = (
        "number",
        "state",
        "from_location",
        "to_location",
        "created_at",
        "created_by_name",
        "sent_at",
        "received_at",
        "received_by_name",
    )
    list_filter = (one_of("state", "state", states.TRANSFER.states), "from_location", "to_location")
    list_select_related = ("from_location", "to_location")
    search_fields = ("note", "created_by_name")
    search_help_text = "Note, or who prepared it"
    date_hierarchy = "created_at"
    ordering = ("-number",)
    actions_list = ("open_one",)
    actions_row = ("go_to",)

    @action(description="Prepare a transfer", url_path="open-one", icon="add")
    def open_one(self, request: HttpRequest) -> HttpResponse:
        """Lead to the page where a transfer is prepared."""
        del request
        return HttpResponseRedirect(reverse("admin:pos_transfer_open"))

    @action(description="Send or receive", url_path="go-to")
    def go_to(self, request: HttpRequest, object_id: UUID) -> HttpResponse:
        """Lead to the page where it is sent and received."""
        del request
        return HttpResponseRedirect(reverse("admin:pos_transfer", args=(object_id,)))


@page(merchant_admin, "pos/stocktransfer/open/", name="pos_transfer_open", permission=MOVE)
def open_page(request: HttpRequest) -> HttpResponse:
    """Prepare a transfer."""
    form = OpenTransferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            told = draft_transfer(draft=form.draft(), actor=actor_of(request), at=now())
        except DomainError as error:
            form.refuse(error)
        else:
            return _to(UUID(told["id"]))
    return render(merchant_admin, request, "stock_transfer_open", "Prepare a transfer", form=form)


@page(merchant_admin, "pos/stocktransfer/<uuid:transfer_id>/go/", name="pos_transfer", permission=MOVE)
def transfer_page(request: HttpRequest, transfer_id: UUID) -> HttpResponse:
    """Send or receive, on a phone."""
    try:
        transfer = find_transfer(transfer_id)
    except NotFound:
        raise Http404 from None
    return render(
        merchant_admin,
        request,
        "stock_transfer",
        f"Transfer {transfer.number}",
        transfer=transfer,
        document=transfer_document(transfer),
        is_draft=transfer.state == states.DRAFT,
        is_on_its_way=transfer.state in IN_TRANSIT,
        receipt_id=new_id(),
    )


@page(merchant_admin, "pos/stocktransfer/<uuid:transfer_id>/step/", name="pos_transfer_step", permission=MOVE)
@require_POST
def step(request: HttpRequest, transfer_id: UUID) -> HttpResponse:
    """Do `step` with a transfer: `send`, `cancel`, `receive` (what is filled in) or `reject`."""
    try:
        _do(request, transfer_id)
    except NotFound:
        raise Http404 from None
    except DomainError as error:
        messages.error(request, error.detail)
    return _to(transfer_id)


def _do(request: HttpRequest, transfer_id: UUID) -> None:
    actor, wanted = actor_of(request), request.POST.get("step", "")
    reason = request.POST.get("reason", "")[:200]
    if wanted == "send":
        send_transfer(transfer_id=transfer_id, actor=actor, at=now())
    elif wanted == "cancel":
        cancel_transfer(transfer_id=transfer_id, reason=reason, actor=actor, at=now())
    elif wanted == "reject":
        reject_transfer(transfer_id=transfer_id, reason=reason, actor=actor, at=now())
    elif wanted == "receive":
        draft = _receipt(request, transfer_document(find_transfer(transfer_id)))
        receive_transfer(transfer_id=transfer_id, draft=draft, actor=actor, at=now())
        messages.success(request, "What arrived is on the shelf.")


def _receipt(request: HttpRequest, document: dict[str, Any]) -> ReceiptDraft:
    """What was filled in for the lines that were still on their way."""
    lines = []
    for line in document["lines"]:
        said = request.POST.get(f"received-{line['id']}")
        if said is None:
            continue
        received, rest = _number(said), Decimal(line["in_transit"])
        fate = _RESTS.get(request.POST.get(f"rest-{line['id']}", "later"))
        missing: tuple[MissingDraft, ...] = ()
        if fate and received < rest:
            missing = (MissingDraft(quantity=rest - received, reason=fate[0], outcome=fate[1]),)
        if received or missing:
            lines.append(ArrivalDraft(line_id=UUID(line["id"]), received=received, missing=missing))
    seen = request.POST.get("seen", "")
    return ReceiptDraft(
        id=_key(request.POST.get("receipt_id", "")),
        lines=tuple(lines),
        receipts_seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else None,  # noqa: PLR2004
    )


def _number(said: str) -> Decimal:
    field = forms.DecimalField(max_digits=18, decimal_places=6, min_value=0)
    try:
        return Decimal(field.clean(said.replace(",", ".") or "0"))
    except forms.ValidationError:
        raise RuleViolation("Fill in how many arrived, zero or more.", pointer="/lines") from None


def _key(said: str) -> UUID:
    try:
        key = UUID(said)
    except ValueError:
        return new_id()
    return key if is_uuid7(key) else new_id()


def _to(transfer_id: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:pos_transfer", args=(transfer_id,)))
