"""Short ways to write order drafts in tests: values only."""

from decimal import Decimal
from typing import Any

from fynlo.core.ids import new_id
from fynlo.core.money import Money
from pos.orders.drafts import LineDraft, OrderDraft, TenderDraft
from tests.factories import Shop


def sold(shop: Shop, name: str, quantity: str = "1", **said: Any) -> LineDraft:
    """A line of the shop's variant `name`."""
    return LineDraft(id=new_id(), variant_id=shop.variants[name].id, quantity=Decimal(quantity), **said)


def cash(shop: Shop, amount_minor: int) -> TenderDraft:
    """Cash in the shop's currency."""
    return TenderDraft(id=new_id(), tender_type="cash", amount=Money(amount_minor, shop.tenant.currency))


def sale(*lines: LineDraft, tenders: tuple[TenderDraft, ...] = (), **said: Any) -> OrderDraft:
    """An order of these lines."""
    return OrderDraft(id=said.pop("id", None) or new_id(), lines=lines, tenders=tenders, **said)
