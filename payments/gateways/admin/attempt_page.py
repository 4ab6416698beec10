"""One payment: the truth about it, every step, and what can be done, each by one call."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core.actors import Actor
from fynlo.core.clock import now
from fynlo.core.errors import DomainError, NotFound
from payments.gateways import states
from payments.gateways.admin.shown import attempt_head, refund_rows, step_rows
from payments.gateways.admin.signature_page import signature_shown
from payments.gateways.documents import truth
from payments.gateways.models import Attempt, GatewayRefund
from payments.gateways.queries import attempt as find_attempt
from payments.gateways.sentences import sentence
from payments.gateways.services import (
    cancel_attempt,
    give_back,
    look_at_attempt,
    override_attempt,
    retry_refund,
    send_refund,
    settle,
    settle_refund_otherwise,
)
from payments.gateways.services.overriding import is_overridable
from payments.gateways.unwanted import BEYOND

READ: Final = "payments.read"
PLACE: Final = "orders.place"
OVERRIDE: Final = "payments.override"
GIVE_BACK: Final = "payments.refund_retry"
_CAN_BE_CANCELLED: Final = (states.PREPARED, states.PRESENTED, states.AUTHORISED, states.UNKNOWN)


@page(merchant_admin, "payments/attempt/<uuid:attempt_id>/act/", name="payments_attempt_act", permission=READ)
def attempt_page(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """What became of it, and what to do."""
    row = _found(attempt_id)
    actor = actor_of(request)
    is_late = row.state == states.CAPTURED and row.settled_at is None
    return render(
        merchant_admin,
        request,
        "payment_attempt",
        f"Payment {row.reference}",
        row=row,
        sentence=sentence(row),
        at_till=truth(row),
        **signature_shown(attempt_id=row.pk),
        head=attempt_head(row),
        steps=step_rows(row),
        refunds=refund_rows(row),
        may_look=actor.may(PLACE),
        may_cancel=row.state in _CAN_BE_CANCELLED and actor.may(OVERRIDE),
        may_override=is_overridable(row) and actor.may(OVERRIDE),
        is_late=is_late,
        may_give_back=(is_late or bool(row.details.get(BEYOND))) and actor.may(GIVE_BACK),
        may_refund=actor.may(GIVE_BACK),
    )


@page(
    merchant_admin, "payments/attempt/<uuid:attempt_id>/step/", name="payments_attempt_step", permission=READ
)
@require_POST
def step(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """Do `step` with a payment, and with the `refund` that is named."""
    row = _found(attempt_id)
    permission, wanted = _STEPS.get(request.POST.get("step", ""), ("", None))
    if wanted is None:
        raise Http404
    actor = actor_of(request)
    if not actor.may(permission):
        raise PermissionDenied
    try:
        wanted(row, request.POST, actor)
    except NotFound:
        raise Http404 from None
    except DomainError as error:
        messages.error(request, error.detail)
    return HttpResponseRedirect(reverse("admin:payments_attempt_act", args=(row.pk,)))


def _look(row: Attempt, _said: Any, _actor: Actor) -> None:
    look_at_attempt(attempt_id=row.pk, at=now())


def _cancel(row: Attempt, _said: Any, actor: Actor) -> None:
    cancel_attempt(attempt_id=row.pk, actor=actor, at=now())


def _override(row: Attempt, said: Any, actor: Actor) -> None:
    override_attempt(attempt_id=row.pk, reason=said.get("reason", ""), actor=actor, at=now())


def _settle(row: Attempt, _said: Any, _actor: Actor) -> None:
    settle(attempt_id=row.pk, at=now())


def _give_back(row: Attempt, said: Any, actor: Actor) -> None:
    give_back(attempt_id=row.pk, reason=said.get("reason", ""), actor=actor, at=now())


def _send_refund(row: Attempt, said: Any, actor: Actor) -> None:
    refund = _refund(row, said)
    if refund.state == states.FAILED:
        retry_refund(refund_id=refund.pk, actor=actor, at=now())
    else:
        send_refund(refund_id=refund.pk, at=now(), by=actor.name)


def _settle_refund(row: Attempt, said: Any, actor: Actor) -> None:
    account = "bank" if said.get("account") == "bank" else "paid_out"
    settle_refund_otherwise(
        refund_id=_refund(row, said).pk, reason=said.get("reason", ""), actor=actor, at=now(), account=account
    )


_STEPS: Final[dict[str, tuple[str, Callable[[Attempt, Any, Actor], None]]]] = {
    "look": (PLACE, _look),
    "cancel": (OVERRIDE, _cancel),
    "override": (OVERRIDE, _override),
    "settle": (PLACE, _settle),
    "give_back": (GIVE_BACK, _give_back),
    "send_refund": (GIVE_BACK, _send_refund),
    "settle_refund": (GIVE_BACK, _settle_refund),
}
"""What can be done, and what it needs: whoever only reads changes nothing."""


def _refund(row: Attempt, said: Any) -> GatewayRefund:
    for each in row.refunds.all():
        if str(each.pk) == said.get("refund", ""):
            return each
    raise NotFound("There is no such refund.")


def _found(attempt_id: UUID) -> Attempt:
    try:
        return find_attempt(attempt_id=attempt_id)
    except NotFound:
        raise Http404 from None
