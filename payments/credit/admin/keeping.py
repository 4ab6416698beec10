"""The button that keeps money of a payment as credit; it stands on the page of the payment."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.pages import page
from fynlo.backoffice.site import merchant_admin
from fynlo.core.clock import now
from fynlo.core.errors import DomainError, NotFound
from payments.credit.services import KeepDraft, keep_as_credit
from payments.credit.services.keeping import PERMISSION


@page(
    merchant_admin,
    "payments/attempt/<uuid:attempt_id>/keep/",
    name="payments_attempt_keep",
    permission=PERMISSION,
)
@require_POST
def keep(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """Keep it, and show the credit; what speaks against it is said on the page of the payment."""
    draft = KeepDraft(
        attempt_id=attempt_id,
        reason=request.POST.get("reason", "").strip(),
        holder=request.POST.get("holder", "").strip(),
    )
    try:
        value = keep_as_credit(draft=draft, actor=actor_of(request), at=now())
    except NotFound:
        raise Http404 from None
    except DomainError as error:
        messages.error(request, error.detail)
        return HttpResponseRedirect(reverse("admin:payments_attempt_act", args=(attempt_id,)))
    messages.success(request, "It is kept as credit.")
    return HttpResponseRedirect(reverse("admin:payments_storedvalue_change", args=(value.pk,)))
