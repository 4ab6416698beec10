"""Receiving with a telephone at the back door: which orders are on their way, and what came of one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core.clock import now
from fynlo.core.errors import DomainError, NotFound
from pos.catalog.models import Barcode
from pos.inventory.errors import AlreadyDone
from pos.inventory.quantities import plain_quantity
from pos.purchasing import states
from pos.purchasing.days import location_day
from pos.purchasing.forms.receive import ReceiveForm, receive_form
from pos.purchasing.models import PurchaseOrder
from pos.purchasing.queries.goods import goods_by_id
from pos.purchasing.queries.records import OPEN, orders, whole_order
from pos.purchasing.services.receiving import receive

_MOST = 200


@page(merchant_admin, "pos/receive/", name="pos_receive", permission="stock.move")
def open_orders(request: HttpRequest) -> HttpResponse:
    """Orders on their way, the one expected first at the top."""
    found = (
        orders(state=OPEN)
        .select_related("location")
        .prefetch_related("lines")
        .order_by("expected_on", "pk")[:_MOST]
    )
    at = now()
    rows = [
        {
            "order": order,
            "open": sum(1 for line in order.lines.all() if line.open_quantity),
            "is_late": order.expected_on is not None and order.expected_on < location_day(order.location, at),
        }
        for order in found
    ]
    return render(merchant_admin, request, "receive_orders", "Receive", rows=rows)


@page(merchant_admin, "pos/receive/<uuid:object_id>/", name="pos_receive_order", permission="stock.move")
def receive_order(request: HttpRequest, object_id: UUID) -> HttpResponse:
    """What came of an order; sent twice, it is one delivery."""
    order = _order(object_id)
    form = _form(order)
    if request.method == "POST":
        if "\x00" in "".join(request.POST.dict().values()):
            raise BadRequest("No text holds a NUL.")
        form.fill(request.POST)
        done = _received(request, form)
        if done is not None:
            return done
    elif order.state not in states.OPEN:
        messages.info(request, f"{order.number} is {order.state.replace('_', ' ')}.")
        return HttpResponseRedirect(reverse("admin:pos_receive"))
    return render(
        merchant_admin,
        request,
        "receive_order",
        f"Receive {order.number}",
        form=form,
        may_approve=actor_of(request).may("stock.approve"),
    )


def _received(request: HttpRequest, form: ReceiveForm) -> HttpResponse | None:
    """Back to the list once it is recorded; None where the form has something to say."""
    draft = form.draft()
    if draft is None:
        return None
    try:
        receipt = receive(draft=draft, actor=actor_of(request), at=now())
    except AlreadyDone as error:
        messages.warning(request, error.detail)
        return HttpResponseRedirect(reverse("admin:pos_receive"))
    except DomainError as error:
        form.refuse(error)
        return None
    messages.success(request, f"{receipt['number']}: received of {form.order.number}.")
    return HttpResponseRedirect(reverse("admin:pos_receive"))


def _order(order_id: UUID) -> PurchaseOrder:
    try:
        return whole_order(order_id=order_id)
    except NotFound:
        raise Http404 from None


def _form(order: PurchaseOrder) -> ReceiveForm:
    variant_ids = [line.variant_id for line in order.lines.all()]
    codes: dict[UUID, dict[str, Any]] = {}
    for variant_id, code, multiplier in Barcode.objects.filter(variant_id__in=variant_ids).values_list(
        "variant_id", "code", "multiplier"
    ):
        codes.setdefault(variant_id, {})[code.upper()] = plain_quantity(multiplier)
    return receive_form(order=order, goods=goods_by_id(ids=variant_ids), codes=codes)
