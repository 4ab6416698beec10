"""What guests hand over, made ready: which way to pay each tender is, and on whose account it goes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from fynlo.core.errors import FieldProblem
from fynlo.core.tenancy import current_tenant
from payments.credit.errors import UnknownHouseAccount
from payments.credit.queries import HouseTerms, house_terms
from payments.credit.services import Charged, Occasion, charge_accounts, check_charges
from payments.tenders.kinds import EXCHANGE, HOUSE_ACCOUNT
from payments.tenders.queries import TenderTerms
from payments.tenders.services import TenderTaken
from payments.tenders.settlement import Share
from pos.orders.drafts import TenderDraft
from pos.orders.flags import Flag, house_account_flags
from pos.orders.services.tender_rules import rule_flags
from pos.orders.services.value_tenders import Asking, redeem_values, values_of
from pos.orders.transfers import TenderInvalid


def tenders_taken(
    *,
    drafts: Sequence[TenderDraft],
    terms: Sequence[TenderTerms],
    shares: Sequence[Share],
    asking: Asking,
) -> tuple[TenderTaken, ...]:
    """The tenders with their shares, ready to be written; one statement if one of them goes on account.

    Raises `UnknownHouseAccount`, what `values_of` raises for gift cards, and `TenderInvalid` for the money of an
    exchange outside of one, or for one of nothing: only cash may be nothing, where its rounding leaves
    nothing of what is due.
    """
    named = {draft.house_account_id for draft in drafts if draft.house_account_id is not None}
    known = house_terms(account_ids=named) if named else {}
    problems = list(_problems(drafts, terms, known))
    if problems:
        raise UnknownHouseAccount(problems[0].detail, errors=problems)
    for index, (draft, each) in enumerate(zip(drafts, terms, strict=True)):
        if each.kind == EXCHANGE and not draft.is_exchange:
            detail = "Only an exchange pays with the money of goods that came back."
            raise TenderInvalid(detail, pointer=f"/tenders/{index}/tender_type")
        if not draft.amount.minor and shares[index].rounding_minor <= 0:
            pointer = f"/tenders/{index}/amount/amount_minor"
            raise TenderInvalid("A tender is above zero.", pointer=pointer)
    values = values_of(drafts=drafts, terms=terms, asking=asking)
    return tuple(
        TenderTaken(
            id=draft.id,
            terms=each,
            share=share,
            last4=draft.last4,
            reference=draft.reference,
            house=None if draft.house_account_id is None else known[draft.house_account_id],
            value=value,
            foreign=draft.foreign,
            is_asked=draft.is_asked,
        )
        for draft, each, share, value in zip(drafts, terms, shares, values, strict=True)
    )


def charge_tenders(
    *, tenders: Sequence[TenderTaken], is_fact: bool, occasion: Occasion, order_id: UUID
) -> list[Flag]:
    """Charge the house accounts that tenders go on, and take from gift cards what they pay. Odd facts are flagged.

    One statement if there are house accounts, four if there are cards. Raises `HouseAccountInactive`,
    `HouseLimitExceeded` and what `redeem_values` raises for a sale that is asked for now.
    """
    flags = _charge_houses(tenders, is_fact)
    if is_fact:
        flags += rule_flags(tenders=tenders, currency=current_tenant().currency)
    return flags + redeem_values(tenders=tenders, occasion=occasion, is_fact=is_fact, order_id=order_id)


def _charge_houses(tenders: Iterable[TenderTaken], is_fact: bool) -> list[Flag]:
    amounts: dict[UUID, int] = {}
    places: dict[UUID, int] = {}
    for index, tender in enumerate(tenders):
        if tender.house is not None:
            amounts[tender.house.id] = amounts.get(tender.house.id, 0) + tender.share.amount_minor
            places.setdefault(tender.house.id, index)
    charged: list[Charged] = charge_accounts(amounts=amounts) if amounts else []
    if is_fact:
        return list(house_account_flags(charged=charged, places=places))
    for account in charged:
        check_charges(charged=[account], pointer=f"/tenders/{places[account.id]}/amount")
    return []


def _problems(
    drafts: Sequence[TenderDraft], terms: Sequence[TenderTerms], known: Mapping[UUID, HouseTerms]
) -> Iterator[FieldProblem]:
    for index, (draft, each) in enumerate(zip(drafts, terms, strict=True)):
        pointer = f"/tenders/{index}/house_account_id"
        if each.kind != HOUSE_ACCOUNT and draft.house_account_id is not None:
            detail = "This way to pay goes on no house account."
        elif each.kind == HOUSE_ACCOUNT and draft.house_account_id is None:
            detail = "On whose account it goes is not said."
        elif draft.house_account_id is not None and draft.house_account_id not in known:
            detail = "There is no such house account."
        else:
            continue
        yield FieldProblem(pointer, UnknownHouseAccount.code, detail)
