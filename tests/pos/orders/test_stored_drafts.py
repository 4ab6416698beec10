"""What an open order keeps of what was said comes back as it was, and the books get only the difference."""

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal

from fynlo.core.ids import new_id
from fynlo.core.money import Money
from pos.orders.drafts import BasketDraft, ComponentDraft, DiscountDraft, LineDraft, ModifierDraft
from pos.orders.stored_drafts import restored_draft, stored_draft
from pos.orders.transfers import TransferKind, TransferLine, transfer_differences

DISCOUNT = DiscountDraft(id=new_id(), name="Regulars", percent=Decimal("0.125"))
SHOT = ModifierDraft(modifier_id=new_id(), quantity=2, modifiers=(ModifierDraft(modifier_id=new_id()),))
LINE = LineDraft(
    id=new_id(),
    variant_id=new_id(),
    quantity=Decimal("0.335"),
    override=Money(0, "EUR"),
    order_type="take_away",
    modifiers=(SHOT,),
    components=(ComponentDraft(slot_id=new_id(), variant_id=new_id(), modifiers=(SHOT,)),),
    discounts=(DISCOUNT, DiscountDraft(id=new_id(), amount=Money(5, "EUR"))),
    lot="L-1",
    use_by=dt.date(2026, 3, 1),
    note="for Ada",
    kitchen_note="warm",
    internal_note="complained",
)
BASKET = BasketDraft(
    lines=(LINE, LineDraft(id=new_id(), variant_id=new_id(), quantity=Decimal(2))),
    order_type="dine_in",
    channel="web",
    customer_group="members",
    exempt=True,
    destination="CA-QC",
    covers=4,
    coupons=("SPRING",),
    discounts=(DISCOUNT,),
    waived_charges=(new_id(),),
    tip=Money(100, "EUR"),
    price_book=new_id(),
    note="birthday",
    kitchen_note="no nuts",
    internal_note="regulars",
    name="Table 7",
    customer="Sommer",
)


def test_everything_that_was_said_is_kept() -> None:
    assert restored_draft(json.loads(json.dumps(stored_draft(BASKET)))) == BASKET


def test_what_was_not_said_takes_no_place() -> None:
    assert stored_draft(BasketDraft(lines=())) == {"covers": 0}
    assert restored_draft({}) == BasketDraft(lines=())


def test_when_it_was_is_the_orders_own() -> None:
    late = replace(BASKET, placed_at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
    assert restored_draft(stored_draft(late)) == BASKET


def test_a_difference_moves_what_is_missing_and_what_is_too_much() -> None:
    def sale(account: str, amount: int) -> TransferLine:
        return TransferLine(debit="receivable", credit=account, amount_minor=amount, kind=TransferKind.SALE)

    moves = transfer_differences(
        target=[sale("sales:standard", 500), sale("tips", 70)],
        posted={"sales:standard": 319, "tax:standard@0.19": 61, "tips": 70},
    )
    assert [(move.debit, move.credit, move.amount_minor, move.kind) for move in moves] == [
        ("receivable", "sales:standard", 181, TransferKind.SALE),
        ("tax:standard@0.19", "receivable", 61, TransferKind.TAX),
    ]


def test_a_sale_that_is_posted_as_it_is_moves_nothing() -> None:
    assert transfer_differences(target=[], posted={"sales:standard": 0}) == ()
