"""Short ways to have gift cards in tests."""

import datetime as dt
from typing import Any
from uuid import UUID

from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from payments.credit.codes import presented
from payments.credit.models import StoredValue
from payments.credit.queries.values_audit import value_differences
from payments.credit.services import GiveDraft, OpenDraft, give_value, office_occasion
from payments.ledger.queries import trial_balance
from pos.orders.documents import WholeOrder
from pos.orders.drafts import TenderDraft
from pos.orders.services import place_order
from tests.factories import Shop, TenderTypeFactory
from tests.pos.orders.drafts import sale, sold

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
CODE = "GIFT-0001-ABCD"


def ways_to_pay() -> None:
    """Gift cards and store credit are ways to pay."""
    TenderTypeFactory.create(code="gift", name="Gift card", kind="gift_card")
    TenderTypeFactory.create(code="credit", name="Store credit", kind="store_credit")


def card(amount: int = 2000, **said: Any) -> StoredValue:
    """A card with that on it, given away."""
    given = said.pop("code", CODE)
    draft = OpenDraft(
        id=said.pop("id", None) or new_id(), code=None if given is None else presented(given), **said
    )
    return give_value(
        draft=GiveDraft(
            id=new_id(), account_id=draft.id, amount_minor=amount, reason="opening", opened=draft
        ),
        occasion=office_occasion(actor=SYSTEM, at=AT),
    )


def by_card(amount: int, value_id: UUID | None = None, **said: Any) -> TenderDraft:
    """So much of a gift card."""
    return TenderDraft(
        id=said.pop("id", None) or new_id(),
        tender_type=said.pop("tender_type", "gift"),
        amount=Money(amount, "EUR"),
        value_id=value_id,
        **said,
    )


def bought(
    here: Shop, *tenders: TenderDraft, quantity: str = "2", fact: bool = False, **said: Any
) -> WholeOrder:
    """Cappuccinos at 3.80, two unless said."""
    at = said.pop("at", AT)
    draft = sale(sold(here, "cappuccino", quantity), tenders=tenders, placed_at=at if fact else None, **said)
    return place_order(draft=draft, actor=here.actor(), at=at)


def now(account: StoredValue) -> tuple[int, int, int]:
    """Balance, what is reserved, what is overdrawn."""
    row = StoredValue.objects.get(pk=account.pk)
    return row.balance_minor, row.reserved_minor, row.overdrawn_minor


def books() -> dict[str, int]:
    """Every account's balance that is not zero."""
    return {row.code: row.balance_minor for row in trial_balance() if row.balance_minor}


def agrees() -> bool:
    """Balances, activities, reservations and books say the same."""
    return value_differences() == []
