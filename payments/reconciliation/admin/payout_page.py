"""One payout, line by line, to the cent."""

from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core.errors import NotFound
from fynlo.core.money import spell_money
from payments.gateways.models import Attempt
from payments.gateways.words import word
from payments.reconciliation import words
from payments.reconciliation.admin.shown import page_number
from payments.reconciliation.queries.reading import SHOWN, lines_of, payout_of, runs

READ: Final = "payments.read"


@page(merchant_admin, "payments/payouts/<uuid:payout_id>/", name="payments_payout", permission=READ)
def payout_page(request: HttpRequest, payout_id: UUID) -> HttpResponse:
    """Its sums and its lines, those that are not explained first."""
    try:
        payout = payout_of(payout_id=payout_id)
    except NotFound:
        raise Http404 from None
    sums = [
        (word, spell_money(getattr(payout, f"{name}_minor"), payout.currency))
        for name, word in (
            ("gross", "Gross"),
            ("fee", "Fees kept"),
            ("net", "Net of the lines"),
            ("amount", "Paid out"),
            ("unexplained", "Not explained"),
        )
    ]
    number = page_number(request.GET)
    found = list(lines_of(payout_id=payout_id, limit=SHOWN + 1, start=number * SHOWN))
    more, found = len(found) > SHOWN, found[:SHOWN]
    keys = {line.attempt_id for line in found if line.attempt_id is not None}
    references: dict[UUID | None, str] = dict(
        Attempt.objects.filter(pk__in=keys).values_list("pk", "reference")
    )
    lines = [
        {
            "row": line,
            "reference": references.get(line.attempt_id, ""),
            "category": word(line.category, words.CATEGORY),
            "state": word(line.state, words.LINE),
            "account": words.account(line.booked_as),
            "gross": spell_money(line.gross_minor, line.currency),
            "fee": spell_money(line.fee_minor, line.currency),
            "net": spell_money(line.net_minor, line.currency),
        }
        for line in found
    ]
    title = f"Payout of {payout.arrives_on}"
    return render(
        merchant_admin,
        request,
        "reconciliation_payout",
        title,
        payout=payout,
        run=runs(connection_id=payout.connection_id).first(),
        state=word(payout.state, words.PAYOUT),
        sums=sums,
        lines=lines,
        page_number=number + 1,
        previous_page=number - 1,
        next_page=number + 1 if more else None,
    )
