"""What waits for somebody: lost accounts, disputes, payments nobody knows of, money without an order, refunds."""

from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core.clock import now
from fynlo.core.money import spell_money
from payments.gateways.models import Attempt, GatewayRefund
from payments.gateways.queries import stranded_refunds, undecided_attempts, unsettled_attempts
from payments.gateways.sentences import DISPUTED, refund_sentence, sentence
from payments.reconciliation.admin.shown import dispute_row
from payments.reconciliation.queries.waiting import lost_accounts, unanswered_disputes

READ: Final = "payments.read"
SHOWN: Final = 200
"""How many rows of a kind the page shows, the oldest first."""


@page(merchant_admin, "payments/waiting/", name="payments_waiting", permission=READ)
def waiting(request: HttpRequest) -> HttpResponse:
    """All of it on one page; what can be done stands on the page of each account, dispute and payment."""
    at = now()
    return render(
        merchant_admin,
        request,
        "payments_waiting",
        "What waits for somebody",
        now=at,
        lost=list(lost_accounts()[:SHOWN]),
        disputes=[dispute_row(each) for each in unanswered_disputes(at=at)[:SHOWN]],
        undecided=_attempts(undecided_attempts(at=at)),
        unsettled=_attempts(unsettled_attempts()),
        refunds=[_refund(each) for each in stranded_refunds().select_related("attempt")[:SHOWN]],
    )


def _attempts(rows: QuerySet[Attempt, Attempt]) -> list[dict[str, Any]]:
    return [
        {"row": row, "sentence": sentence(row), "trouble": row.trouble or row.failure_text}
        for row in rows[:SHOWN]
    ]


def _why(row: GatewayRefund) -> str:
    if row.failure_code in DISPUTED:
        return refund_sentence(row)
    return row.failure_text or "The payment account is not connected."


def _refund(row: GatewayRefund) -> dict[str, Any]:
    return {
        "row": row,
        "amount": spell_money(row.amount_minor, row.currency),
        "why": _why(row),
    }
