"""Stock in the books: the account `inventory` is what the levels are worth, whatever happens and however late."""

from decimal import Decimal

import pytest

from fynlo.core.tenancy import tenant_context
from payments.ledger.models import Transfer
from payments.ledger.queries import trial_balance
from pos.inventory.models import StockHead, StockLevel, StockMovement
from pos.inventory.services.settling import settle_all
from pos.inventory.services.stock_books import check_stock_books, unbooked_minor
from pos.inventory.stock_accounts import KEY_OF_KIND, MOST, booked_by_key, booked_minor
from tests.factories import Shop, TillClient, order_body, paired_till
from tests.pos.inventory.costing.stock import hour, move
from tests.pos.inventory.costing.test_settling_random import trade

pytestmark = pytest.mark.django_db


def balances() -> dict[str, int]:
    return {row.code: row.balance_minor for row in trial_balance() if row.balance_minor}


def booked(kind: str) -> list[tuple[str, str, int]]:
    rows = Transfer.objects.filter(kind=kind).order_by("id")
    return list(rows.values_list("debit_key", "credit_key", "amount_minor"))


@pytest.mark.parametrize(
    ("before", "after", "amount"),
    [
        ("0", "0.5", 1),
        ("0.5", "1.4", 0),
        ("10.49", "-0.5", -11),
        ("0", str(MOST * 7), MOST),
        ("3.2", "3.2", 0),
    ],
)
def test_a_movement_books_the_difference_it_makes_to_the_rounded_level(
    before: str, after: str, amount: int
) -> None:
    assert booked_minor(before=Decimal(before), after=Decimal(after)) == amount


def test_several_changes_of_a_level_add_up_to_its_difference() -> None:
    changes = [("a", Decimal("0.3")), ("b", Decimal("0.3")), ("a", Decimal("0.3")), ("c", Decimal("-0.9"))]
    assert booked_by_key(before=Decimal(0), changes=changes) == {"a": 0, "b": 1, "c": -1}


def test_every_kind_of_movement_has_an_account_to_stand_against() -> None:
    assert set(KEY_OF_KIND) == set(StockMovement.KINDS)


def test_goods_come_go_and_what_they_cost_is_settled(here: Shop) -> None:
    """Ten at 0.333… come for 3.33; three are sold at 1.00 (0.999); a bill of 1.00 makes those 0.30 dearer."""
    with tenant_context(here.tenant):
        delivery = move(here, "purchase", "10", value="333", at=1)
        list(settle_all(at=hour(2)))
        move(here, "sale", "-3", at=3)
        assert booked("stock") == [("inventory", "goods_received", 333)]
        assert booked("cost") == [("cost_of_goods", "inventory", 100)]
        move(here, "revaluation", "0", value="100", at=1, original=delivery)
        list(settle_all(at=hour(4)))
        assert booked("stock")[1:] == [("inventory", "goods_received", 100)]
        assert booked("cost")[1:] == [("cost_of_goods", "inventory", 30)]
        assert balances() == {"inventory": 303, "goods_received": -433, "cost_of_goods": 130}
        assert unbooked_minor() == 0


def test_roundings_cancel_out_from_sale_to_sale(here: Shop) -> None:
    """The table of docs/concepts/books.md: 33.3 three times is 99.9, booked as 33, 34 and 33."""
    with tenant_context(here.tenant):
        move(here, "purchase", "10", value="333", at=1)
        list(settle_all(at=hour(2)))
        for number in range(3):
            move(here, "sale", "-1", at=3 + number)
        assert [amount for _, _, amount in booked("cost")] == [33, 34, 33]
        assert unbooked_minor() == 0


def test_a_correction_is_booked_on_the_day_it_became_known(here: Shop) -> None:
    with tenant_context(here.tenant):
        move(here, "sale", "-2", at=1)
        move(here, "purchase", "5", value="500", at=2)
        list(settle_all(at=hour(24 * 40)))
        [late] = Transfer.objects.filter(kind="cost")
        assert (late.amount_minor, late.at) == (200, hour(24 * 40))
        assert late.business_date > hour(24 * 38).date()


@pytest.mark.parametrize("method", ["fifo", "average"])
@pytest.mark.parametrize("seed", range(6))
def test_the_account_is_what_the_levels_are_worth_whatever_happens(
    here: Shop, seed: int, method: str
) -> None:
    with tenant_context(here.tenant):
        StockHead.objects.update(cost_method=method)
        trade(here, seed)
        levels = list(StockLevel.objects.values_list("value_minor", flat=True))
        found = balances()
        assert unbooked_minor() == 0
        assert abs(found.get("inventory", 0) - sum(levels)) <= Decimal("0.5") * len(levels)
        stock = {"inventory", *KEY_OF_KIND.values()}
        assert sum(amount for code, amount in found.items() if code in stock) == 0
        exact: dict[str, Decimal] = {}
        for kind, value in worth_by_kind():
            exact[KEY_OF_KIND[kind]] = exact.get(KEY_OF_KIND[kind], Decimal(0)) - value
        moves = StockMovement.objects.count()
        for key, value in exact.items():
            assert abs(found.get(key, 0) - value) <= moves


def worth_by_kind() -> list[tuple[str, Decimal]]:
    """What each movement is worth with all corrections, under the kind of what was corrected."""
    rows = StockMovement.objects.select_related("original").order_by("id")
    return [
        ((row.original.kind if row.kind == "revaluation" and row.original else row.kind), row.value_minor)
        for row in rows
    ]


def test_a_sale_books_what_its_goods_cost_with_its_order(here: Shop) -> None:
    with tenant_context(here.tenant):
        move(here, "purchase", "10", value="1005", at=1)
        list(settle_all(at=hour(2)))
    till = TillClient(here.tenant, paired_till(here.tenant))
    order = till.post("/orders", order_body((here.variants["roll"], "2"), cash=(100, "EUR"))).json()
    with tenant_context(here.tenant):
        rows = Transfer.objects.filter(order_id=order["id"], kind="cost")
        assert [(row.debit_key, row.credit_key, row.amount_minor) for row in rows] == [
            ("cost_of_goods", "inventory", 201)
        ]
        assert unbooked_minor() == 0


def test_stock_from_before_it_was_booked_is_booked_once(here: Shop, caplog: pytest.LogCaptureFixture) -> None:
    with tenant_context(here.tenant):
        StockLevel.objects.update_or_create(
            variant=here.variants["roll"], location=here.location, defaults={"value_minor": Decimal("70.5")}
        )
        assert unbooked_minor() == 71
        assert check_stock_books(at=hour(1)) == 0
        assert balances() == {"inventory": 71, "stock_opening": -71}
        StockLevel.objects.update(value_minor=Decimal(80))
        assert check_stock_books(at=hour(2)) == 9
        assert balances()["inventory"] == 71
    said = [record.msg for record in caplog.records if record.name == "pos.inventory"]
    assert [(each["event"], each.get("difference_minor")) for each in said][-1] == ("stock_books_differ", 9)
