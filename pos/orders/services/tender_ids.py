"""A tender has an id of its own: never that of money that is asked for at a provider for something else.

The database refuses it, whoever comes first (`payments.0012_ids_used_once`). What was taken at a till that was
offline is recorded all the same, under another id that is the same each time it is told.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID, uuid5

from fynlo.core.errors import FieldProblem
from payments.gateways.models import Attempt
from payments.tenders.models import Payment
from pos.orders.drafts import TenderDraft
from pos.orders.errors import PaymentIdConflict
from pos.orders.flags import Flag
from pos.orders.services.plan import SalePlan

OF_ATTEMPT: Final = "payments_payment_pkey_of_attempt"
CODE: Final = "payment_id_conflict"


def own_id(tender_id: UUID) -> UUID:
    """The id of what a till took under an id that is an attempt's."""
    return uuid5(tender_id, "taken at a till")


def id_conflict(tenders: Sequence[TenderDraft]) -> PaymentIdConflict:
    """The refusal of tenders some of whose ids are of other money, with a pointer to each of them."""
    keys = [tender.id for tender in tenders]
    known = {*Payment.objects.filter(pk__in=keys).order_by("id").values_list("pk", flat=True)}
    known |= {*Attempt.objects.filter(pk__in=keys).order_by("id").values_list("pk", flat=True)}
    detail = "Ids are made once and never used again."
    pointers = [f"/tenders/{place}/id" for place, key in enumerate(keys) if key in known]
    problems = [FieldProblem(pointer, CODE, detail) for pointer in pointers or ["/tenders"]]
    return PaymentIdConflict(detail, errors=problems)


def others_ids(*, tenders: dict[UUID, str], order_id: UUID | None) -> set[UUID]:
    """Those ids of tenders (by the codes of their ways to pay) that are of attempts for something else."""
    rows = Attempt.objects.filter(pk__in=tenders).order_by("id").values_list("id", "order_id", "tender_type")
    return {key for key, owner, code in rows if order_id is None or (owner, code) != (order_id, tenders[key])}


def with_own_ids(
    *, tenders: Sequence[TenderDraft], order_id: UUID | None = None
) -> tuple[tuple[TenderDraft, ...], list[Flag]]:
    """Tenders of what has happened, under ids that are theirs, and flags of those that had another's."""
    asked = {tender.id: tender.tender_type for tender in tenders if not tender.is_asked}
    others = others_ids(tenders=asked, order_id=order_id) if asked else set()
    if not others:
        return tuple(tenders), []
    own = tuple(replace(each, id=own_id(each.id)) if each.id in others else each for each in tenders)
    return own, _flags([each.id for each in tenders], others)


def sale_with_own_ids(plan: SalePlan) -> SalePlan:
    """The same for a planned sale: its payments and what is booked of them."""
    keys = [tender.id for tender in plan.tenders]
    others = others_ids(tenders={each.id: each.terms.code for each in plan.tenders}, order_id=plan.draft.id)
    own = {key: own_id(key) for key in others}
    return replace(
        plan,
        tenders=tuple(replace(each, id=own.get(each.id, each.id)) for each in plan.tenders),
        postings=tuple(
            posting if posting.payment_id is None
            else replace(posting, payment_id=own.get(posting.payment_id, posting.payment_id))
            for posting in plan.postings
        ),
        flags=(*plan.flags, *_flags(keys, others)),
    )  # fmt: skip


def _flags(keys: Sequence[UUID], others: set[UUID]) -> list[Flag]:
    return [
        {"code": CODE, "pointer": f"/tenders/{index}/id", "id": str(key), "used": str(own_id(key))}
        for index, key in enumerate(keys)
        if key in others
    ]
