"""How the money of a refund goes back: the ways somebody named, or those it came by; what is handed out of each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from fynlo.core.errors import FieldProblem
from fynlo.core.ids import new_id
from fynlo.core.money import Money, spell_money
from fynlo.core.tenancy import current_tenant
from payments.credit.errors import UnknownHouseAccount
from payments.credit.queries import HouseTerms, ValueTerms, house_terms
from payments.tenders.kinds import CASH, EXCHANGE, HOUSE_ACCOUNT
from payments.tenders.offers import exchange_terms
from payments.tenders.queries import TenderTerms, tender_terms, terms_of_kind
from payments.tenders.refunding import (
    GivenBack,
    MoreThanPaid,
    Paid,
    Way,
    after_parts,
    give_back,
    original_ways,
)
from pos.orders.errors import DuplicateId, RefundExceedsSale, RefundTendersDiffer, UnknownTenderType
from pos.orders.flags import Flag
from pos.orders.refund_drafts import RefundTenderDraft
from pos.orders.services.refund_cards import cards_of_ways
from pos.orders.services.refund_notes import check_notes, rate_of_refund
from pos.orders.transfers import TenderInvalid
from pos.registers.errors import WrongCurrency


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyOutPlan:
    """One row of money: what of which payment goes back, how, and under which key.

    `foreign` are the notes that were handed out for all rows of its tender.
    """

    id: UUID
    part: GivenBack
    terms: TenderTerms
    house: HouseTerms | None
    value: ValueTerms | None = None
    last4: str = ""
    reference: str = ""
    foreign: Money | None = None
    foreign_rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyPlan:
    """All rows of money of a refund, and what is odd about them."""

    rows: tuple[MoneyOutPlan, ...]
    flags: tuple[Flag, ...] = ()

    @property
    def parts(self) -> tuple[GivenBack, ...]:
        """What goes back of which payment."""
        return tuple(row.part for row in self.rows)

    @property
    def rounding_minor(self) -> int:
        """What of it is not handed out."""
        return sum(part.rounding_minor for part in self.parts)

    @property
    def exchanged_minor(self) -> int:
        """What of it pays another order."""
        return sum(row.part.given_minor for row in self.rows if row.terms.kind == EXCHANGE)


def plan_money(
    *,
    amount_minor: int,
    paid: Sequence[Paid],
    tenders: Sequence[RefundTenderDraft],
    currency: str,
    increment: int,
    round_cash: Callable[[int], int],
    is_fact: bool,
    exchange_minor: int = 0,
    payable_minor: int = 0,
) -> MoneyPlan:
    """How `amount_minor` goes back. Without `tenders` by the ways it came, the latest payment first, cash last.

    Tenders say what is handed out: those that are not cash settle what they are, cash settles the rest. A fact may
    be off by less than the smallest coin, which is flagged. `exchange_minor` of it pays another order that costs
    `payable_minor`.

    Raises `RefundTendersDiffer`, `RefundExceedsSale`, `UnknownTenderType`, `UnknownHouseAccount`, `TenderInvalid`,
    `WrongCurrency`, `DuplicateId`.
    """
    _check(tenders, currency)
    exchanged = _exchanged(exchange_minor, payable_minor, paid, round_cash)
    amount_minor -= exchange_minor
    paid = after_parts(paid=paid, parts=[row.part for row in exchanged])
    terms = _terms(tenders, paid)
    odd = check_notes(tenders=tenders, terms=terms, paid=paid, currency=currency, is_fact=is_fact)
    ordered = sorted(range(len(tenders)), key=lambda place: terms[tenders[place].tender_type].kind == CASH)
    ways = _ways(amount_minor, paid, [tenders[place] for place in ordered], terms)
    houses = _houses(ways)
    ways, values = cards_of_ways(
        ways=ways, tenders=[tenders[place] for place in ordered], paid=paid, is_fact=is_fact
    )
    try:
        parts = give_back(amount_minor=amount_minor, paid=paid, ways=ways, round_cash=round_cash)
    except MoreThanPaid as error:
        left = sum(each.left_minor for each in paid)
        detail = f"Only {spell_money(left, currency)} of the payments is left."
        raise RefundExceedsSale(detail, pointer="/tenders", left_minor=left) from error
    flags: list[Flag] = []
    if tenders:
        parts, flags = _as_handed(parts, [tenders[place] for place in ordered], ordered, increment, is_fact)
    rows = _rows(parts, ways, tenders, ordered, terms, houses, values)
    rates = {code: rate_of_refund(terms=each, paid=paid) for code, each in terms.items()}
    told = (replace(row, foreign_rate=rates.get(row.terms.code)) if row.foreign else row for row in rows)
    return MoneyPlan(rows=(*exchanged, *told), flags=(*odd, *flags))


def _exchanged(
    amount_minor: int, payable_minor: int, paid: Sequence[Paid], round_cash: Callable[[int], int]
) -> list[MoneyOutPlan]:
    """What of the payments pays another order, as money of an exchange; never more than the order costs."""
    if not amount_minor:
        return []
    terms = exchange_terms()
    way = Way(tender_type=terms.code, kind=terms.kind, amount_minor=None)
    parts = give_back(amount_minor=amount_minor, paid=paid, ways=[way], round_cash=round_cash)
    over = max(sum(part.given_minor for part in parts) - payable_minor, 0)
    for place, part in enumerate(parts):  # coins that were rounded up when the first order was paid
        less = min(over, part.given_minor)
        parts[place] = replace(part, given_minor=part.given_minor - less)
        over -= less
    return [MoneyOutPlan(id=new_id(), part=part, terms=terms, house=None) for part in parts]


def _check(tenders: Sequence[RefundTenderDraft], currency: str) -> None:
    seen: set[UUID] = set()
    for index, tender in enumerate(tenders):
        pointer = f"/tenders/{index}"
        if tender.amount.currency != currency:
            raise WrongCurrency(f"Amounts are in {currency} here.", pointer=f"{pointer}/amount/currency")
        if tender.amount.minor < 0:
            raise TenderInvalid("Nothing below zero is handed out.", pointer=f"{pointer}/amount/amount_minor")
        if tender.id in seen:
            raise DuplicateId("Every tender has an id of its own.", pointer=f"{pointer}/id")
        seen.add(tender.id)


def _terms(tenders: Sequence[RefundTenderDraft], paid: Sequence[Paid]) -> dict[str, TenderTerms]:
    known = tender_terms(codes={each.tender_type for each in tenders} | {each.tender_type for each in paid})
    problems = [
        FieldProblem(
            f"/tenders/{index}/tender_type", UnknownTenderType.code, "The merchant has no such way to pay."
        )
        for index, tender in enumerate(tenders)
        if tender.tender_type not in known
    ]
    if problems:
        raise UnknownTenderType(problems[0].detail, errors=problems)
    for index, tender in enumerate(tenders):
        if known[tender.tender_type].kind == EXCHANGE:
            detail = "Only an exchange takes money so."
            raise TenderInvalid(detail, pointer=f"/tenders/{index}/tender_type")
    if not tenders and any(each.goes_back_in_cash and each.kind != CASH for each in paid):
        cash = terms_of_kind(kind=CASH)
        if cash is None:
            raise UnknownTenderType("The merchant has no cash to give back; say how.", pointer="/tenders")
        known[""] = cash
    return known


def _ways(
    amount_minor: int,
    paid: Sequence[Paid],
    tenders: Sequence[RefundTenderDraft],
    terms: Mapping[str, TenderTerms],
) -> list[Way]:
    if not tenders:
        try:
            return original_ways(amount_minor=amount_minor, paid=paid)
        except MoreThanPaid as error:
            left = sum(each.left_minor for each in paid)
            spelled = spell_money(left, current_tenant().currency)
            raise RefundExceedsSale(f"Only {spelled} is left.", left_minor=left) from error
    if sum(terms[each.tender_type].kind == CASH for each in tenders) > 1:
        raise TenderInvalid("Cash is handed out once.", pointer="/tenders")
    last = len(tenders) - 1
    return [
        Way(
            tender_type=tender.tender_type,
            kind=terms[tender.tender_type].kind,
            amount_minor=None if number == last else tender.amount.minor,
            house_account_id=tender.house_account_id or _only_house(paid, tender, terms),
        )
        for number, tender in enumerate(tenders)
    ]


def _only_house(
    paid: Sequence[Paid], tender: RefundTenderDraft, terms: Mapping[str, TenderTerms]
) -> UUID | None:
    """Whose account it goes back on, where only one can be meant."""
    if terms[tender.tender_type].kind != HOUSE_ACCOUNT:
        return None
    houses = {each.house_account_id for each in paid if each.house_account_id is not None}
    return houses.pop() if len(houses) == 1 else None


def _houses(ways: Sequence[Way]) -> dict[UUID, HouseTerms]:
    named = {way.house_account_id for way in ways if way.house_account_id is not None}
    known = house_terms(account_ids=named) if named else {}
    for number, way in enumerate(ways):
        if (way.kind == HOUSE_ACCOUNT) != (way.house_account_id in known):
            detail = "Say on whose account it goes back."
            raise UnknownHouseAccount(detail, pointer=f"/tenders/{number}/house_account_id")
    return known


def _as_handed(
    parts: Sequence[GivenBack],
    tenders: Sequence[RefundTenderDraft],
    ordered: Sequence[int],
    increment: int,
    is_fact: bool,
) -> tuple[list[GivenBack], list[Flag]]:
    """The parts with what was handed out, which is what they should be or, of a fact, a coin beside it."""
    made = list(parts)
    flags: list[Flag] = []
    for number, tender in enumerate(tenders):
        mine = [place for place, part in enumerate(made) if part.way == number]
        due = sum(made[place].given_minor for place in mine)
        off = tender.amount.minor - due
        if not off:
            continue
        pointer = f"/tenders/{ordered[number]}/amount"
        last = made[mine[-1]] if mine else None
        small = is_fact and last is not None and abs(off) < max(increment, 1) and last.given_minor + off >= 0
        if not small or last is None:
            detail = f"{spell_money(due, tender.amount.currency)} is to be handed out here."
            raise RefundTendersDiffer(detail, pointer=pointer, due_minor=due)
        made[mine[-1]] = GivenBack(
            payment=last.payment,
            way=last.way,
            amount_minor=last.amount_minor,
            given_minor=last.given_minor + off,
        )
        flags.append({"code": "refund_rounding", "pointer": pointer, "due_minor": due})
    return made, flags


def _rows(
    parts: Sequence[GivenBack],
    ways: Sequence[Way],
    tenders: Sequence[RefundTenderDraft],
    ordered: Sequence[int],
    terms: Mapping[str, TenderTerms],
    houses: Mapping[UUID, HouseTerms],
    values: Mapping[UUID, ValueTerms],
) -> Iterator[MoneyOutPlan]:
    """A tender that pays back several payments has several rows; the first has its key."""
    used: set[int] = set()
    for part in parts:
        way = ways[part.way]
        tender = tenders[ordered[part.way]] if tenders else None
        first = part.way not in used
        used.add(part.way)
        yield MoneyOutPlan(
            id=tender.id if tender is not None and first else new_id(),
            part=part,
            terms=terms[way.tender_type],
            house=None if way.house_account_id is None else houses[way.house_account_id],
            value=None if way.stored_value_id is None else values[way.stored_value_id],
            last4="" if tender is None else tender.last4,
            reference="" if tender is None else tender.reference,
            foreign=tender.foreign if tender is not None and first else None,
        )
