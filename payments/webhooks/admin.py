"""What vendors said, in the back office: what is parked first, with a retry."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.db.models import Case, IntegerField, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core import clock
from fynlo.core.errors import DomainError, NotFound
from payments.webhooks import states
from payments.webhooks.models import InboundEvent
from payments.webhooks.queries import events_by_state
from payments.webhooks.services import retry_event
from payments.webhooks.tasks import announce

_SHOWN: Final = 200
_WORDS: Final = {
    states.STORED: "Waiting",
    states.HANDLED: "Handled",
    states.IGNORED: "Of no concern",
    states.PARKED: "Put aside",
}
"""What people read where the database has codes."""


@page(merchant_admin, "payments/bells/", name="payments_bells", permission="payments.read")
def bells(request: HttpRequest) -> HttpResponse:
    """The latest events of every account; those that wait for a person first."""
    rank = Case(
        When(state=states.PARKED, then=Value(0)),
        When(state=states.STORED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = InboundEvent.objects.select_related("connection").annotate(rank=rank).defer("payload")
    return render(
        merchant_admin,
        request,
        "bells",
        "Calls of payment providers",
        rows=[{"row": each, "state": _WORDS[each.state]} for each in rows.order_by("rank", "-id")[:_SHOWN]],
        counts=[(_WORDS[state], count) for state, count in sorted(events_by_state().items())],
        may_write=actor_of(request).may("payments.reconcile"),
    )


@page(
    merchant_admin,
    "payments/bells/<uuid:event_id>/retry/",
    name="payments_bell_retry",
    permission="payments.reconcile",
)
@require_POST
def retry(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Have a parked one handled again."""
    try:
        retry_event(event_id=event_id, actor=actor_of(request), at=clock.now())
    except NotFound:
        raise Http404 from None
    except DomainError as error:
        messages.error(request, error.detail)
    else:
        announce(event_id)
        messages.info(request, "It is tried again.")
    return HttpResponseRedirect(reverse("admin:payments_bells"))
