"""What tenders have to be before anything is computed of them: known ways to pay, amounts that can be."""

from collections.abc import Sequence
from uuid import UUID

from fynlo.core.errors import FieldProblem
from fynlo.core.money import MAX_MINOR, spell_money
from payments.tenders.models import Payment
from payments.tenders.queries import TenderTerms, tender_terms
from pos.orders.drafts import TenderDraft
from pos.orders.errors import DuplicateId, PaymentIdConflict, UnknownTenderType
from pos.orders.transfers import TenderInvalid
from pos.registers.errors import WrongCurrency


def check_tenders(*, tenders: Sequence[TenderDraft], currency: str) -> None:
    """Raise `WrongCurrency`, `TenderInvalid` or `DuplicateId` with a pointer to the tender that cannot be one."""
    together = 0
    seen: set[UUID] = set()
    for index, tender in enumerate(tenders):
        pointer = f"/tenders/{index}/amount/amount_minor"
        if tender.amount.currency != currency:
            detail = f"Amounts are in {currency} here."
            raise WrongCurrency(detail, pointer=f"/tenders/{index}/amount/currency")
        if tender.amount.minor < 0:
            raise TenderInvalid("A tender is above zero.", pointer=pointer)
        together += tender.amount.minor
        if together > MAX_MINOR:  # the change would be more than an answer can carry
            most = spell_money(MAX_MINOR, currency)
            raise TenderInvalid(f"Tenders are at most {most} together.", pointer=pointer)
        if tender.id in seen:
            raise DuplicateId("Every tender has an id of its own.", pointer=f"/tenders/{index}/id")
        seen.add(tender.id)


def terms_of(tenders: Sequence[TenderDraft]) -> tuple[TenderTerms, ...]:
    """The way to pay of each tender, active or not. Raises `UnknownTenderType` with pointers."""
    known = tender_terms(codes={tender.tender_type for tender in tenders}) if tenders else {}
    unknown = [index for index, tender in enumerate(tenders) if tender.tender_type not in known]
    if unknown:
        detail = "The merchant has no such way to pay."
        pointers = [f"/tenders/{index}/tender_type" for index in unknown]
        raise UnknownTenderType(
            detail, errors=[FieldProblem(pointer, UnknownTenderType.code, detail) for pointer in pointers]
        )
    return tuple(known[tender.tender_type] for tender in tenders)


def were_taken(*, order_id: UUID, tenders: Sequence[TenderDraft]) -> bool:
    """Whether all these tenders are payments of the order already.

    Raises `PaymentIdConflict` if only some are, or if they were of another amount or kind.
    """
    keys = [tender.id for tender in tenders]
    rows = Payment.objects.filter(pk__in=keys).order_by("id")
    found = set(rows.values_list("id", "order_id", "tender_type__code", "tendered_minor"))
    if not found:
        return False
    if found != {(each.id, order_id, each.tender_type, each.amount.minor) for each in tenders}:
        known = {row[0] for row in found}
        detail = "Ids are made once and never used again."
        pointers = [f"/tenders/{place}/id" for place, key in enumerate(keys) if key in known]
        raise PaymentIdConflict(
            detail, errors=[FieldProblem(pointer, PaymentIdConflict.code, detail) for pointer in pointers]
        )
    return True
