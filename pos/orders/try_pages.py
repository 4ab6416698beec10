"""Trying card payments in the back office: choose what happens, ask for the money, press what people press."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.pages import page, render, repeat_no_choice
from fynlo.backoffice.site import merchant_admin
from fynlo.core import clock
from fynlo.core.actors import Actor
from fynlo.core.errors import DomainError, NotFound
from fynlo.core.money import spell_money
from fynlo.core.tenancy import current_tenant
from payments.gateways import states
from payments.gateways.admin.shown import attempt_head, refund_rows, step_rows
from payments.gateways.base import GatewayFailure, OutcomeUnknown
from payments.gateways.models import Attempt
from payments.gateways.sentences import sentence
from payments.gateways.services import cancel_attempt
from pos.catalog.models import Variant
from pos.orders.models import Order
from pos.orders.services.trying import (
    SCENARIOS,
    TAPPABLE,
    Trial,
    guest_taps,
    left_of,
    look_again,
    pay_out_and_compare,
    refund_trial,
    tried,
    try_payment,
    ways_to_try,
)
from pos.orders.whole import receipt_reference
from pos.registers.models import Register

READ: Final = "payments.read"
PLACE: Final = "orders.place"
RECONCILE: Final = "payments.reconcile"
OFFERED: Final = 200
"""Products to choose from, by name."""
_CAN_BE_CANCELLED: Final = (states.PREPARED, states.PRESENTED, states.AUTHORISED, states.UNKNOWN)


class TrialForm(forms.Form):
    """What is sold where, how it is paid, and what happens."""

    register = forms.ChoiceField()
    product = forms.ChoiceField()
    way = forms.ChoiceField(label="Way to pay")
    scenario = forms.ChoiceField(
        label="What happens", choices=[(code, each.words) for code, each in SCENARIOS.items()]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        repeat_no_choice(self)
        named: dict[str, Any] = self.fields
        registers = Register.objects.order_by("code").values_list("pk", "code", "name")
        named["register"].choices = [(str(key), f"{code} {name}") for key, code, name in registers]
        named["product"].choices = [(str(row.pk), _product(row)) for row in _products()]
        named["way"].choices = [(way.code, way.name) for way in ways_to_try()]

    def trial(self) -> Trial:
        """What was chosen."""
        values = self.cleaned_data
        return Trial(
            register_id=UUID(values["register"]),
            variant_id=UUID(values["product"]),
            tender_type=values["way"],
            scenario=values["scenario"],
        )


@page(merchant_admin, "payments/try/", name="payments_try", permission=READ)
def choose(request: HttpRequest) -> HttpResponse:
    """Choose, and ask for the money."""
    actor = _teller(request)
    form = TrialForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            row = try_payment(trial=form.trial(), actor=actor, at=clock.now())
        except DomainError as error:
            messages.error(request, error.detail)
        else:
            return _to(row.pk)
    named: dict[str, Any] = form.fields
    missing = [name for name in ("register", "product", "way") if not named[name].choices]
    return render(merchant_admin, request, "try_payment", "Try a card payment", form=form, missing=missing)


@page(merchant_admin, "payments/try/<uuid:attempt_id>/", name="payments_tried", permission=READ)
def trial_page(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """The truth about one, and the buttons."""
    actor = _teller(request)
    row = _found(attempt_id)
    order = Order.objects.select_related("register", "receipt_register").get(pk=str(row.order_id))
    is_taken = row.state == states.CAPTURED
    return render(
        merchant_admin,
        request,
        "tried_payment",
        f"Test payment {row.reference}",
        row=row,
        sentence=sentence(row),
        order=order,
        order_state=str(order.payment_state).replace("_", " "),
        receipt=_receipt(order),
        head=attempt_head(row),
        steps=step_rows(row),
        refunds=refund_rows(row),
        may_tap=row.state in TAPPABLE and row.vendor_id != "",
        may_cancel=row.state in _CAN_BE_CANCELLED,
        may_refund=row.settled_at is not None and sum(left_of(order=order)) > 0,
        may_compare=is_taken and actor.may(RECONCILE),
    )


@page(merchant_admin, "payments/try/<uuid:attempt_id>/press/", name="payments_try_press", permission=READ)
@require_POST
def press(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """Do what a button says, and show the payment again; after a payout the run that compared it."""
    actor = _teller(request)
    row = _found(attempt_id)
    button = request.POST.get("button", "")
    try:
        if button == "compare":
            run_id = pay_out_and_compare(attempt_id=row.pk, actor=actor, clock=clock.now)
            return HttpResponseRedirect(reverse("admin:payments_reconciliation_run", args=(run_id,)))
        _BUTTONS.get(button, _nothing)(row, actor)
    except DomainError as error:
        messages.error(request, error.detail)
    except (GatewayFailure, OutcomeUnknown) as failure:
        messages.error(request, str(failure) or "The simulator did not answer.")
    return _to(row.pk)


def _tap(row: Attempt, _actor: Actor) -> None:
    guest_taps(attempt_id=row.pk)


def _look(row: Attempt, actor: Actor) -> None:
    look_again(attempt_id=row.pk, actor=actor, at=clock.now())


def _cancel(row: Attempt, actor: Actor) -> None:
    cancel_attempt(attempt_id=row.pk, actor=actor, at=clock.now())


def _half(row: Attempt, actor: Actor) -> None:
    refund_trial(attempt_id=row.pk, is_half=True, actor=actor, at=clock.now())


def _rest(row: Attempt, actor: Actor) -> None:
    refund_trial(attempt_id=row.pk, is_half=False, actor=actor, at=clock.now())


def _nothing(_row: Attempt, _actor: Actor) -> None:
    raise Http404


_BUTTONS: Final[dict[str, Callable[[Attempt, Actor], None]]] = {
    "tap": _tap,
    "look": _look,
    "cancel": _cancel,
    "half": _half,
    "rest": _rest,
}


def _teller(request: HttpRequest) -> Actor:
    """Whoever tries payments sells something by it."""
    actor = actor_of(request)
    if not actor.may(PLACE):
        raise PermissionDenied
    return actor


def _found(attempt_id: UUID) -> Attempt:
    try:
        return tried(attempt_id=attempt_id)
    except NotFound:
        raise Http404 from None


def _to(attempt_id: UUID) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:payments_tried", args=(attempt_id,)))


def _products() -> list[Variant]:
    rows = Variant.objects.select_related("item").filter(is_active=True, item__is_active=True)
    return list(rows.filter(item__unit="each", price_minor__gt=0).order_by("item__name", "id")[:OFFERED])


def _product(row: Variant) -> str:
    name = f"{row.item.name} {row.name}".strip()
    return f"{name} · {spell_money(row.price_minor, current_tenant().currency)}"


def _receipt(order: Order) -> str:
    """The number on its receipt; empty before there is one."""
    if order.receipt_number is None:
        return ""
    register = order.receipt_register or order.register
    return receipt_reference(register_code=register.code, number=order.receipt_number)
