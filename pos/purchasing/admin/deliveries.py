"""After a delivery, in the back office: sending goods back, and what it cost beyond its price."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core.clock import now
from fynlo.core.errors import NotFound
from pos.inventory.forms.entries import LinesForm
from pos.purchasing.forms.deliveries import LandedCostForm, SendBackForm, delivered_lines
from pos.purchasing.models import GoodsReceipt
from pos.purchasing.queries.records import whole_receipt
from pos.purchasing.services.landing import land_cost
from pos.purchasing.services.returning import send_back


@page(
    merchant_admin,
    "pos/goods-receipt/<uuid:receipt_id>/return/",
    name="pos_supplier_return_new",
    permission="stock.move",
)
def return_page(request: HttpRequest, receipt_id: UUID) -> HttpResponse:
    """Send some of a delivery back to its supplier; sent twice, it is one return."""
    receipt = _receipt(receipt_id)
    form = SendBackForm(_sent(request), lines=delivered_lines(receipt))
    told = form.bound_to(lambda draft: send_back(draft=draft, actor=actor_of(request), at=now()))
    if told is not None:
        messages.success(request, f"{told['number']}: goods of {receipt.number} went back.")
        return HttpResponseRedirect(reverse("admin:pos_supplierreturn_changelist"))
    title = f"{receipt.number}: send back"
    return _render(request, title, form, lead="What is left empty stays.", button="Send it back")


@page(
    merchant_admin,
    "pos/goods-receipt/<uuid:receipt_id>/cost/",
    name="pos_landed_cost_new",
    permission="stock.approve",
)
def cost_page(request: HttpRequest, receipt_id: UUID) -> HttpResponse:
    """What a delivery cost beyond its price, or was invoiced at otherwise; sent twice, it is one cost."""
    receipt = _receipt(receipt_id)
    form = LandedCostForm(_sent(request), lines=delivered_lines(receipt), receipt_id=receipt_id)
    told = form.bound_to(lambda draft: land_cost(draft=draft, actor=actor_of(request), at=now()))
    if told is not None:
        messages.success(request, f"The cost of {receipt.number} is recorded.")
        return HttpResponseRedirect(reverse("admin:pos_landedcost_changelist"))
    lead = (
        "Shared by value or quantity, all lines bear it unless some are filled in. By weight, say what the lines "
        "weigh. As stated, say each line's share, or what one of it was invoiced at."
    )
    return _render(request, f"{receipt.number}: a cost", form, lead=lead, button="Record it")


def _render(request: HttpRequest, title: str, form: LinesForm, **more: Any) -> HttpResponse:
    back = reverse("admin:pos_goodsreceipt_changelist")
    return render(merchant_admin, request, "entry", title, form=form, back=back, **more)


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _receipt(receipt_id: UUID) -> GoodsReceipt:
    try:
        return whole_receipt(receipt_id=receipt_id)
    except NotFound:
        raise Http404 from None
