"""Disputes by their deadline, and one of them with what would be sent."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core import clock
from fynlo.core.errors import DomainError, NotFound
from fynlo.core.money import spell_money
from payments.reconciliation import states
from payments.reconciliation.queries.reading import SHOWN, dispute_of, disputes
from payments.reconciliation.services import submit_evidence
from payments.reconciliation.services.evidence import LONGEST_NOTE, evidence_for

READ: Final = "payments.read"
WRITE: Final = "payments.reconcile"


@page(merchant_admin, "payments/disputes/", name="payments_disputes", permission=READ)
def dispute_list(request: HttpRequest) -> HttpResponse:
    """Those that want an answer first, by their deadline."""
    rows = [
        {"row": each, "amount": spell_money(each.amount_minor, each.currency)} for each in disputes()[:SHOWN]
    ]
    return render(merchant_admin, request, "disputes", "Disputes", rows=rows, now=clock.now())


@page(merchant_admin, "payments/disputes/<uuid:dispute_id>/", name="payments_dispute", permission=READ)
def dispute_page(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """What it is about, what would be sent or was; posting sends it."""
    try:
        row = dispute_of(dispute_id=dispute_id)
    except NotFound:
        raise Http404 from None
    if request.method == "POST":
        return _send(request, dispute_id)
    evidence = evidence_for(dispute=row)
    may_send = row.state == states.NEEDS_RESPONSE and row.submitted_at is None
    return render(
        merchant_admin,
        request,
        "dispute",
        f"Dispute of {spell_money(row.amount_minor, row.currency)}",
        row=row,
        texts=sorted((row.evidence.get("texts") or evidence.texts).items()),
        papers=sorted(
            row.evidence.get("papers") or {name: each[0] for name, each in evidence.papers.items()}
        ),
        may_send=may_send and actor_of(request).may(WRITE),
        longest=LONGEST_NOTE,
    )


def _send(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    try:
        submit_evidence(
            dispute_id=dispute_id,
            note=request.POST.get("note", ""),
            actor=actor_of(request),
            at=clock.now(),
        )
        messages.success(request, "The evidence was sent.")
    except DomainError as error:
        messages.error(request, error.detail)
    return HttpResponseRedirect(reverse("admin:payments_dispute", args=(dispute_id,)))
