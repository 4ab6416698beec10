"""A register's running sums: what rows would add up to, and rows wherever the sums cannot know."""

from dataclasses import asdict
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.tenancy import tenant_context
from pos.registers.models import Closing, Register
from pos.registers.queries import figures
from pos.registers.queries.reports import last_closing, span_of
from pos.registers.traded import between, flags_in, sales_in, taxes_in, tenders_in
from tests.factories import Shop, TillClient, order_body
from tests.pos.registers.desk import closed, euro, opened, sold, the_z

pytestmark = pytest.mark.django_db


def both_ways(shop: Shop) -> tuple[dict[str, Any], dict[str, Any]]:
    """The trade since the last Z: by the running sums, and by the rows."""
    with tenant_context(shop.tenant):
        register = Register.objects.get(pk=shop.register.pk)
        last = last_closing(register_id=register.pk, number=register.last_closing_number)
        span = span_of(register=register, last=last)
        before = {} if last is None else last.traded
        assert before is not None
        grown = between(now=register.traded, before=before)
        found = [figures.trade(span=span, late_ids=[], late_receipts=0, grown=sums) for sums in (grown, None)]
    by_sums, by_rows = ({**asdict(each), "taxes": ordered(each.taxes)} for each in found)
    return by_sums, by_rows


def ordered(taxes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(taxes, key=lambda tax: (tax["code"], tax["rate"]))


def sell_much(shop: Shop, till: TillClient) -> None:
    """Two taxes, a tip, change, an open order paid later, a refund, and one that nobody had a drawer for."""
    sold(shop, till, quantity="2", tendered=1_000, tip=euro(50))
    till.post("/orders", order_body((shop.variants["book"], "1"), cash=(1_200, "EUR")))
    later = sold(shop, till, tendered=100)
    paid = till.post(f"/orders/{later['id']}/payments", {"tenders": order_body(cash=(280, "EUR"))["tenders"]})
    assert paid.json()["payment_state"] == "paid"
    back = till.post(
        f"/orders/{later['id']}/refunds",
        {
            "id": later["lines"][0]["id"],
            "reason": "cold",
            "lines": [{"order_line_id": later["lines"][0]["id"], "quantity": "1", "goods": "waste"}],
        },
    )
    assert back.status_code == 201, back.json()


def test_sums_are_what_the_rows_add_up_to(here: Shop, there: Shop, till: TillClient) -> None:
    sell_much(here, till)
    by_sums, by_rows = both_ways(here)
    assert by_sums == by_rows
    assert by_sums["sales"]["count"] == 3
    assert by_sums["sales"]["total_minor"] == 760 + 1_200 + 380


def test_the_next_closing_is_the_difference_to_the_one_before(here: Shop, till: TillClient) -> None:
    session = opened(till, here.register)
    sold(here, till)
    closed(till, session, 10_380)
    opened(till, here.register)
    sell_much(here, till)
    by_sums, by_rows = both_ways(here)
    assert by_sums == by_rows
    assert by_sums["sales"]["count"] == 3


def test_many_receipts_are_not_read_one_by_one(here: Shop, till: TillClient) -> None:
    def statements() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            till.get(f"/registers/{here.register.pk}/x-report")
        return [query["sql"] for query in captured if "sold AS MATERIALIZED" in query["sql"]]

    sold(here, till)
    assert len(statements()) == 1
    for _ in range(3):
        sold(here, till)
    assert len(statements()) == 1


def test_sums_that_do_not_account_for_every_number_are_not_believed(here: Shop, till: TillClient) -> None:
    session = opened(till, here.register)
    sold(here, till, quantity="2", tendered=1_000)
    with tenant_context(here.tenant):
        Register.objects.filter(pk=here.register.pk).update(traded={"sales/count": 7})
    closed(till, session, 10_760)
    assert the_z(till, here.register)["document"]["sales"]["total"] == euro(760)


def test_after_a_closing_without_sums_the_rows_are_added_up(here: Shop, till: TillClient) -> None:
    session = opened(till, here.register)
    sold(here, till)
    closed(till, session, 10_380)
    with tenant_context(here.tenant):
        register = Register.objects.get(pk=here.register.pk)
        last = Closing(document={"numbers": {}}, to_position=0, traded=None)
        span = span_of(register=register, last=last)
        found = figures.trade(span=span, late_ids=[], late_receipts=0, grown=None)
    assert found.sales["total_minor"] == 380


def test_sums_are_told_apart_by_what_they_count() -> None:
    before = {
        "sales/count": 1,
        "tender/count/cash": 1,
        "flag/odd": 2,
        'tax/net_minor/["a", "A", "0.2", true]': 5,
    }
    now = {
        "sales/count": 3,
        "sales/total_minor": 500,
        "tender/count/cash": 1,
        "tender/amount_minor/card": 500,
        "flag/odd": 3,
        'tax/net_minor/["a", "A", "0.2", true]': 9,
    }
    grown = between(now=now, before=before)
    assert grown == {
        "sales/count": 2,
        "sales/total_minor": 500,
        "tender/amount_minor/card": 500,
        "flag/odd": 1,
        'tax/net_minor/["a", "A", "0.2", true]': 4,
    }
    assert sales_in(grown)["count"] == 2
    assert taxes_in(grown) == [
        {"code": "a", "name": "A", "rate": "0.2", "inclusive": True, "net_minor": 4, "tax_minor": 0}
    ]
    assert tenders_in(grown) == {"card": {"count": 0, "amount_minor": 500, "rounding_minor": 0}}
    assert flags_in(grown) == {"odd": 1}
