"""Disputes by their deadline, and one of them with what would be sent."""

import datetime as dt
from typing import Any, Final
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
from payments.gateways.admin.signature_page import signature_shown
from payments.gateways.models import Attempt
from payments.gateways.words import word
from payments.reconciliation import states, words
from payments.reconciliation.admin.shown import dispute_row
from payments.reconciliation.models import Dispute
from payments.reconciliation.queries.reading import SHOWN, dispute_of, disputes
from payments.reconciliation.services import submit_evidence
from payments.reconciliation.services.evidence import LONGEST_NOTE, evidence_for

READ: Final = "payments.read"
WRITE: Final = "payments.reconcile"


@page(merchant_admin, "payments/disputes/", name="payments_disputes", permission=READ)
def dispute_list(request: HttpRequest) -> HttpResponse:
    """Those that want an answer first, by their deadline."""
    found = list(disputes()[:SHOWN])
    keys = [each.attempt_id for each in found if each.attempt_id is not None]
    references: dict[UUID | None, str] = dict(
        Attempt.objects.filter(pk__in=keys).values_list("pk", "reference")
    )
    rows = [dispute_row(each) | {"reference": references.get(each.attempt_id, "")} for each in found]
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
    sent = row.evidence if row.submitted_at else {}
    texts = sorted((sent.get("texts") or evidence.texts).items())
    papers = sent.get("papers") or {name: each[0] for name, each in evidence.papers.items()}
    may_send = row.state == states.NEEDS_RESPONSE and row.submitted_at is None
    return render(
        merchant_admin,
        request,
        "dispute",
        f"Dispute of {spell_money(row.amount_minor, row.currency)}",
        row=row,
        head=dispute_row(row),
        now=clock.now(),
        texts=[(word(name, words.PAPER), text) for name, text in texts],
        papers=[word(name, words.PAPER) for name in sorted(papers)],
        **signature_shown(attempt_id=row.attempt_id),
        may_send=may_send and actor_of(request).may(WRITE),
        draft=_draft(row),
        longest=LONGEST_NOTE,
    )


def _draft(row: Dispute) -> dict[str, Any] | None:
    """What lies at the provider and was not sent: when, by whom, and the words somebody wrote."""
    draft = row.evidence.get("draft")
    if draft is None:
        return None
    note = row.evidence.get("texts", {}).get("note", "")
    return {"at": dt.datetime.fromisoformat(draft["at"]), "by": draft["by"], "note": note}


def _send(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    is_draft = request.POST.get("do") == "draft"
    try:
        submit_evidence(
            dispute_id=dispute_id,
            note=request.POST.get("note", ""),
            is_draft=is_draft,
            actor=actor_of(request),
            at=clock.now(),
        )
        messages.success(request, "The draft was saved." if is_draft else "The evidence was sent.")
    except DomainError as error:
        messages.error(request, error.detail)
    return HttpResponseRedirect(reverse("admin:payments_dispute", args=(dispute_id,)))
