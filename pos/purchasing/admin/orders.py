"""Orders to suppliers as people write them: a draft, its changes, and every step after it."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_POST

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.pages import page, render
from fynlo.backoffice.sheets import Cost
from fynlo.backoffice.site import merchant_admin
from fynlo.core.actors import Actor
from fynlo.core.clock import now
from fynlo.core.database import run_transaction
from fynlo.core.errors import DomainError, NotFound, PreconditionFailed
from fynlo.core.money import Money, format_money
from fynlo.events.log import unit_of_work
from pos.purchasing import states
from pos.purchasing.drafts import OrderDraft
from pos.purchasing.forms.orders import (
    ChangeOrderForm,
    ConfirmForm,
    OrderForm,
    confirm_lines,
    offered,
    order_values,
    with_offered,
)
from pos.purchasing.models import PurchaseOrder
from pos.purchasing.queries.records import whole_order
from pos.purchasing.queries.states import order_state
from pos.purchasing.services.lifecycle import cancel_order, close_order, confirm_order, lock_order, send_order
from pos.purchasing.services.orders import change_order, create_order

ORDER = "stock.order"
_LONGEST_REASON = 200


@page(merchant_admin, "pos/purchase-order/new/", name="pos_purchase_order_new", permission=ORDER)
def new_order(request: HttpRequest) -> HttpResponse:
    """Write a draft; a chosen supplier's articles, codes and prices are offered."""
    form = _form(request, OrderForm, {"supplier_id": request.GET.get("supplier", "")})
    if form.is_bound:
        told = form.enter(lambda draft: create_order(draft=draft, actor=actor_of(request), at=now()))
        if told is not None:
            messages.success(request, f"{told['number']} is written. Look at it, then send it.")
            return _to(UUID(told["id"]))
    return _render(request, "Write an order", form, None)


@page(
    merchant_admin,
    "pos/purchase-order/<uuid:purchase_id>/",
    name="pos_purchase_order",
    permission="stock.read",
)
def order_page(request: HttpRequest, purchase_id: UUID) -> HttpResponse:
    """Where an order stands. A draft can be changed here; sent twice by two people, the second is told."""
    order = _order(purchase_id)
    actor = actor_of(request)
    if order.state != states.DRAFT or not actor.may(ORDER):
        return _render(request, order.number, None, order)
    form = _form(request, ChangeOrderForm, order_values(order), purchase_id=purchase_id)
    if form.is_bound:
        told = form.enter(partial(_change, form=form, actor=actor))
        if told is not None:
            messages.success(request, f"{told['number']} is saved.")
            return _to(purchase_id)
    return _render(request, order.number, form, order)


@page(
    merchant_admin,
    "pos/purchase-order/<uuid:purchase_id>/confirm/",
    name="pos_purchase_order_confirm",
    permission=ORDER,
)
def confirm(request: HttpRequest, purchase_id: UUID) -> HttpResponse:
    """Note what the supplier answered."""
    order = _order(purchase_id)
    form = ConfirmForm(
        request.POST if request.method == "POST" else None,
        lines=confirm_lines(order),
        initial={"supplier_reference": order.supplier_reference, "expected_on": order.expected_on},
    )
    if form.is_bound:
        told = form.enter(
            lambda said: confirm_order(
                order_id=purchase_id, confirmation=said, actor=actor_of(request), at=now()
            )
        )
        if told is not None:
            messages.success(request, f"{order.number} is confirmed.")
            return _to(purchase_id)
    return render(
        merchant_admin,
        request,
        "entry",
        f"{order.number}: what they answered",
        form=form,
        lead="A line that is left empty comes as it was ordered.",
        button="Note it",
        back=_address(purchase_id),
    )


@page(
    merchant_admin,
    "pos/purchase-order/<uuid:purchase_id>/step/",
    name="pos_purchase_order_step",
    permission=ORDER,
)
@require_POST
def step(request: HttpRequest, purchase_id: UUID) -> HttpResponse:
    """Do `step` with an order: `send`, `cancel` or `close` it."""
    try:
        _do(request, purchase_id)
    except NotFound:
        raise Http404 from None
    except DomainError as error:
        messages.error(request, error.detail)
    return _to(purchase_id)


def _do(request: HttpRequest, purchase_id: UUID) -> None:
    actor, wanted = actor_of(request), request.POST.get("step", "")
    reason = _reason(request)
    if wanted == "send":
        send_order(order_id=purchase_id, actor=actor, at=now())
    elif wanted == "cancel":
        cancel_order(order_id=purchase_id, reason=reason, actor=actor, at=now())
    elif wanted == "close":
        close_order(order_id=purchase_id, reason=reason, actor=actor, at=now())
    else:
        raise BadRequest("This is no step of an order.")


def _reason(request: HttpRequest) -> str:
    text = " ".join(request.POST.get("reason", "").split())
    if not text.isprintable():
        raise BadRequest("A reason holds printable characters.")
    return text[:_LONGEST_REASON]


def _form(request: HttpRequest, kind: type[OrderForm], initial: dict[str, Any], **path: UUID) -> OrderForm:
    """The form; bound once it is sent. Asked for what a supplier sells, it only keeps what was typed."""
    if request.method != "POST":
        return kind(initial=initial, path=path)
    sent = with_offered(request.POST)
    if "offer" in sent:
        return kind(initial=initial | _typed(sent), path=path)
    return kind(sent, initial=initial, path=path)


def _typed(sent: QueryDict) -> dict[str, str]:
    names = ("key", "seen", "supplier_id", "location_id", "expected_on", "note", "lines")
    return {name: sent.get(name, "") for name in names}


def _change(draft: OrderDraft, *, form: OrderForm, actor: Actor) -> dict[str, Any]:
    """Save a draft, unless somebody else did since the page was opened."""

    def write() -> dict[str, Any]:
        with unit_of_work():
            order = lock_order(order_id=draft.id)
            last = order.steps.order_by("-pk").values_list("pk", flat=True).first()
            if order.state == states.DRAFT and str(last) != form.cleaned_data["seen"]:
                raise PreconditionFailed("Somebody else changed this meanwhile; open the page again.")
            return change_order(draft=draft, actor=actor, at=now())

    return run_transaction(write)


def _render(
    request: HttpRequest, title: str, form: OrderForm | None, order: PurchaseOrder | None
) -> HttpResponse:
    price = Cost("", "")
    document = None if order is None else order_state(order)
    lines = [] if document is None else document["lines"]
    return render(
        merchant_admin,
        request,
        "purchase_order",
        title,
        form=form,
        offers=[] if form is None else offered(form.supplier_key),
        order=order,
        lines=[
            {
                **line,
                "price": price.show(line["pack_price_minor"]),
                "amount": _amount(line["amount_minor"], order),
            }
            for line in lines
        ],
        total="" if document is None else _amount(document["total_minor"], order),
        may_order=actor_of(request).may(ORDER),
        may_send=order is not None and order.state == states.DRAFT,
        may_confirm=order is not None and order.state in states.OPEN,
        may_cancel=order is not None and order.state in (states.DRAFT, states.SENT, states.CONFIRMED),
        may_close=order is not None and order.state == states.PARTLY_RECEIVED,
        may_receive=order is not None and order.state in states.OPEN and actor_of(request).may("stock.move"),
    )


def _amount(minor: int | None, order: PurchaseOrder | None) -> str:
    return "" if minor is None or order is None else format_money(Money(minor, order.currency))


def _order(purchase_id: UUID) -> PurchaseOrder:
    try:
        return whole_order(order_id=purchase_id)
    except NotFound:
        raise Http404 from None


def _address(purchase_id: UUID) -> str:
    return reverse("admin:pos_purchase_order", args=(purchase_id,))


def _to(purchase_id: UUID) -> HttpResponse:
    return HttpResponseRedirect(_address(purchase_id))
