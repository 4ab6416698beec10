"""Payouts are booked: once, when they are paid, to the cent, whether or not all of their lines are understood."""

import datetime as dt
from collections import Counter
from typing import Final
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum

from fynlo.core.failpoints import reach
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import append
from payments.ledger.services import Posting, record_transfers
from payments.reconciliation import categories, postings
from payments.reconciliation.events import PayoutMatched
from payments.reconciliation.models import Payout, SettlementLine
from payments.reconciliation.services.claiming import Claim, add_counts
from payments.reconciliation.services.noting import Found, note

PAID: Final = frozenset({"paid"})
CAME_BACK: Final = frozenset({"failed", "canceled", "cancelled", "returned"})


def post_payouts(claim: Claim) -> None:
    """Book every payout of the account that has come to an end and was not booked yet, each in its own batch."""
    for key in _due(claim).order_by("vendor_at", "id").values_list("pk", flat=True):
        _post(claim, key)
        reach("reconcile.payout")


def _due(claim: Claim) -> QuerySet[Payout]:
    mine = Payout.objects.filter(connection=claim.connection)
    listed = Q(listed_run__isnull=False)
    fresh = Q(posted_at__isnull=True, state__in=PAID | CAME_BACK)
    back = Q(posted_at__isnull=False, returned_at__isnull=True, state__in=CAME_BACK)
    return mine.filter(listed & (fresh | back))


def _post(claim: Claim, key: UUID) -> None:
    with claim.batch() as run:
        payout = Payout.objects.select_for_update(of=("self",)).get(pk=key)
        at = claim.clock()
        if payout.currency != current_tenant().currency:
            found = [_difference(payout, "payout_currency", payout.amount_minor)]
        else:
            found = [] if payout.posted_at else _book(payout, at)
            if payout.state in CAME_BACK and payout.returned_at is None:
                moves = postings.returned_moves(amount_minor=payout.amount_minor)
                _record(payout, moves, kind="payout_returned", at=at)
                payout.returned_at = at
        note(claim, found)
        add_counts(run, Counter({"posted": 1, **Counter(each.kind for each in found)}))
        payout.save()


def _book(payout: Payout, at: dt.datetime) -> list[Found]:
    groups = _groups(payout)
    moves = postings.payout_moves(amount_minor=payout.amount_minor, groups=groups)
    _record(payout, moves, kind="payout", at=at)
    payout.gross_minor = sum(group.gross_minor for group in groups)
    payout.fee_minor = sum(group.fee_minor for group in groups)
    payout.net_minor = payout.gross_minor - payout.fee_minor
    payout.unexplained_minor = postings.unexplained(amount_minor=payout.amount_minor, groups=groups)
    payout.posted_at = at
    own = SettlementLine.objects.filter(payout=payout)
    payout.line_count = own.exclude(about=categories.OWN).count()
    own.update(booked_as=F("key"))
    append(
        PayoutMatched(
            payout.pk,
            vendor_id=payout.vendor_id,
            amount_minor=payout.amount_minor,
            fee_minor=payout.fee_minor,
            unexplained_minor=payout.unexplained_minor,
            currency=payout.currency,
            arrives_on=payout.arrives_on,
            at=at,
        )
    )
    if not payout.is_traced:
        return [_difference(payout, "payout_manual", payout.amount_minor)]
    if payout.unexplained_minor:
        return [_difference(payout, "payout_sum", payout.net_minor)]
    return []


def _groups(payout: Payout) -> list[postings.Group]:
    """The payout's lines added up by where they belong, in one statement."""
    lines = SettlementLine.objects.filter(payout=payout).exclude(about=categories.OWN).order_by()
    summed = lines.values("key").annotate(gross=Sum("gross_minor"), fee=Sum("fee_minor"))
    return [postings.Group(row["key"], int(row["gross"]), int(row["fee"])) for row in summed]


def _record(payout: Payout, moves: list[postings.Move], *, kind: str, at: dt.datetime) -> None:
    record_transfers(
        postings=[
            Posting(debit=move.debit, credit=move.credit, amount_minor=move.amount_minor, kind=kind)
            for move in moves
        ],
        currency=payout.currency,
        order_id=None,
        at=at,
        business_date=payout.arrives_on,
    )


def _difference(payout: Payout, kind: str, ours_minor: int) -> Found:
    return Found(
        kind=kind,
        subject=payout.vendor_id,
        theirs=payout.state,
        ours_minor=ours_minor,
        theirs_minor=payout.amount_minor,
        currency=payout.currency,
        payout_id=payout.pk,
    )
