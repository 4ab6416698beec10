"""What cannot be an order is refused with a pointer, and nothing is written."""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest

from fynlo.core.errors import DomainError
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import head
from pos.orders.drafts import OrderDraft
from pos.orders.models import Order
from pos.orders.services import place_order
from pos.registers.models import Register
from tests.factories import Shop
from tests.pos.orders.drafts import cash, sale, sold

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def nothing_is_written(here: Shop) -> Iterator[None]:
    """Each of these leaves the merchant as it was."""
    with tenant_context(here.tenant):
        before = head()
    yield
    with tenant_context(here.tenant):
        assert head() == before
        assert not Order.objects.exists()
        assert Register.objects.get(code="K1").last_order_number == 0


def refused(shop: Shop, draft: OrderDraft) -> tuple[int, str, list[str]]:
    """Status, code and pointers of the refusal."""
    with tenant_context(shop.tenant), pytest.raises(DomainError) as caught:
        place_order(draft=draft, actor=shop.actor(), at=AT)
    error = caught.value
    return error.status, error.code, [problem.pointer for problem in error.errors]


def test_unknown_variants_are_named_line_by_line(here: Shop) -> None:
    strange = dataclasses.replace(sold(here, "roll"), variant_id=new_id())
    stranger = dataclasses.replace(sold(here, "roll"), variant_id=new_id())
    draft = sale(strange, sold(here, "roll"), stranger)
    assert refused(here, draft) == (422, "unknown_variant", ["/lines/0/variant_id", "/lines/2/variant_id"])


@pytest.mark.parametrize("quantity", ["0", "-1", "1000001"])
def test_quantities_out_of_range(here: Shop, quantity: str) -> None:
    draft = sale(sold(here, "cheese"), sold(here, "cheese", quantity))
    assert refused(here, draft) == (422, "quantity_out_of_range", ["/lines/1/quantity"])


def test_a_part_of_a_piece(here: Shop) -> None:
    draft = sale(sold(here, "cheese", "0.5"), sold(here, "roll", "1.5"), sold(here, "book", "0.001"))
    assert refused(here, draft) == (422, "fractional_quantity", ["/lines/1/quantity", "/lines/2/quantity"])


def test_whole_pieces_may_be_written_with_zeros(here: Shop) -> None:
    draft = sale(sold(here, "roll", "2.000"), sold(here, "roll", "1.5"))
    assert refused(here, draft) == (422, "fractional_quantity", ["/lines/1/quantity"])


def test_no_lines(here: Shop) -> None:
    assert refused(here, sale()) == (422, "cart_empty", ["/lines"])


def test_a_total_beyond_what_can_be_carried(here: Shop) -> None:
    draft = sale(sold(here, "roll", "1000000", override=Money(10**11, "EUR")))
    assert refused(here, draft) == (422, "amount_too_large", ["/lines"])


def test_other_currencies_are_named_place_by_place(here: Shop) -> None:
    line = sold(here, "roll", expected_unit_price=Money(45, "GBP"))
    tender = dataclasses.replace(cash(here, 45), amount=Money(45, "USD"))
    draft = sale(line, tenders=(cash(here, 45), tender), expected_total=Money(45, "JPY"))
    assert refused(here, draft) == (
        422,
        "wrong_currency",
        ["/lines/0/expected_unit_price/currency", "/tenders/1/amount/currency", "/expected_total/currency"],
    )


def test_a_tender_of_nothing(here: Shop) -> None:
    draft = sale(sold(here, "roll"), tenders=(cash(here, 45), cash(here, 0)))
    assert refused(here, draft) == (422, "tender_invalid", ["/tenders/1/amount/amount_minor"])


def test_tenders_beyond_what_an_answer_can_carry(here: Shop) -> None:
    most = 2**53 - 1
    draft = sale(sold(here, "roll"), tenders=(cash(here, most - 45), cash(here, 46)))
    assert refused(here, draft) == (422, "tender_invalid", ["/tenders/1/amount/amount_minor"])


def test_a_way_to_pay_nobody_knows(here: Shop) -> None:
    tender = dataclasses.replace(cash(here, 45), tender_type="bitcoin")
    draft = sale(sold(here, "roll"), tenders=(tender,))
    assert refused(here, draft) == (422, "unknown_tender_type", ["/tenders/0/tender_type"])


def test_ids_used_twice(here: Shop) -> None:
    line, tender = sold(here, "roll"), cash(here, 45)
    draft = sale(line, dataclasses.replace(line, quantity=Decimal(2)), tenders=(tender, tender))
    assert refused(here, draft) == (422, "duplicate_id", ["/lines/1/id", "/tenders/1/id"])


@pytest.mark.parametrize("register_id", [None, "unknown"])
def test_somebody_without_a_till(here: Shop, register_id: str | None) -> None:
    actor = here.actor()
    nowhere = dataclasses.replace(actor, register_id=None if register_id is None else new_id())
    with tenant_context(here.tenant), pytest.raises(DomainError) as caught:
        place_order(draft=sale(sold(here, "roll")), actor=nowhere, at=AT)
    assert (caught.value.status, caught.value.code) == (403, "till_needed")


def test_the_other_merchants_till_is_no_till_here(here: Shop, there: Shop) -> None:
    with tenant_context(here.tenant), pytest.raises(DomainError) as caught:
        place_order(draft=sale(sold(here, "roll")), actor=there.actor(), at=AT)
    assert caught.value.code == "till_needed"
