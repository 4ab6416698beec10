"""What waits for somebody: payments nobody knows of, money that belongs to nothing, refunds that did not arrive."""

from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core.clock import now
from fynlo.core.money import spell_money
from payments.gateways.models import Attempt, GatewayRefund
from payments.gateways.queries import stranded_refunds, undecided_attempts, unsettled_attempts
from payments.gateways.sentences import sentence

READ: Final = "payments.read"
SHOWN: Final = 200
"""How many rows of a kind the page shows, the oldest first."""


@page(merchant_admin, "payments/waiting/", name="payments_waiting", permission=READ)
def waiting(request: HttpRequest) -> HttpResponse:
    """All of it on one page; what can be done stands on the page of each payment."""
    return render(
        merchant_admin,
        request,
        "payments_waiting",
        "What waits for somebody",
        undecided=_attempts(undecided_attempts(at=now())),
        unsettled=_attempts(unsettled_attempts()),
        refunds=[_refund(each) for each in stranded_refunds().select_related("attempt")[:SHOWN]],
    )


def _attempts(rows: QuerySet[Attempt, Attempt]) -> list[dict[str, Any]]:
    return [
        {"row": row, "sentence": sentence(row), "trouble": row.trouble or row.failure_text}
        for row in rows[:SHOWN]
    ]


def _refund(row: GatewayRefund) -> dict[str, Any]:
    return {
        "row": row,
        "amount": spell_money(row.amount_minor, row.currency),
        "why": row.failure_text or "The payment account is not connected.",
    }
