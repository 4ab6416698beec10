"""Several changes of one line in one request: each takes off its part, and the journal tells of each by itself."""

from typing import Any

import orjson
import pytest

from fynlo.core.tenancy import tenant_context
from pos.inventory.models import StockLevel, StockMovement
from pos.registers.journal.models import JournalEntry
from tests.factories import Shop, TillClient, paired_till, signed_in
from tests.pos.orders.tickets import Json, change, changed, euro, line, opened
from tests.pos.registers import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(here: Shop) -> TillClient:
    """A manager signed in at K1."""
    return TillClient(here.tenant, signed_in(here.tenant, paired_till(here.tenant), role="manager"))


def placed(till: TillClient, *lines: Json) -> Json:
    """An order that was opened and placed."""
    told = opened(till, *lines)
    answer = till.post(f"/orders/{told['id']}/place", {})
    assert answer.status_code == 200, answer.json()
    order: Json = answer.json()
    return order


def voids(here: Shop) -> list[dict[str, Any]]:
    """What the journal tells of what was taken off."""
    with tenant_context(here.tenant):
        rows = JournalEntry.objects.filter(kind="void").order_by("position").values_list("body", flat=True)
        return [orjson.loads(body) for body in rows]


def told_of(body: dict[str, Any]) -> tuple[Any, ...]:
    """Reason, goods, and amounts of the line of an entry."""
    told = body["line"]
    names = ("quantity", "base", "net", "tax", "total", "void")
    return (body["reason"], body["goods"], *(told.get(name) for name in names))


def moves(here: Shop, name: str) -> list[tuple[str, str]]:
    """Movements of the shop's variant."""
    with tenant_context(here.tenant):
        found = StockMovement.objects.filter(variant=here.variants[name]).order_by("id")
        return [(move.kind, str(move.quantity.normalize())) for move in found]


def test_each_adjustment_has_its_own_entry(here: Shop, manager: TillClient) -> None:
    """Four cappuccinos (3.80, of it 0.61 tax; four: 15.20 and 2.43); one was never made, one went back."""
    session = desk.opened(manager, here.register)
    told = placed(manager, line(here, "cappuccino", "4"))
    key = told["lines"][0]["id"]
    after = changed(
        manager,
        told["id"],
        change("adjust", line_id=key, quantity="3", goods="none", reason="never made"),
        change("adjust", line_id=key, quantity="2", goods="restock", reason="sent back"),
    )
    assert (after["total"]["amount_minor"], after["tax"]["amount_minor"]) == (760, 121)
    assert [told_of(body) for body in voids(here)] == [
        ("never made", "none", "1", "3.80", "3.19", "0.61", "3.80", None),
        ("sent back", "restock", "1", "3.80", "3.19", "0.61", "3.80", None),
    ]
    assert moves(here, "cappuccino") == [("sale", "-4"), ("return", "1")]
    with tenant_context(here.tenant):
        assert StockLevel.objects.get(variant=here.variants["cappuccino"]).on_hand == -3
    desk.closed(manager, session, 10_000)
    assert desk.the_z(manager, here.register)["document"]["voids"] == {
        "count": 2,
        "amount": {"amount_minor": 760, "currency": "EUR"},
    }


def test_the_parts_of_a_line_add_up_to_it(here: Shop, manager: TillClient) -> None:
    """Three rolls of 0.45 with 0.09 tax in all (1.35 × 7/107): one is wasted, then the line is voided."""
    told = placed(manager, line(here, "roll", "3"), line(here, "cappuccino"))
    key = told["lines"][0]["id"]
    changed(
        manager,
        told["id"],
        change("adjust", line_id=key, quantity="2", goods="waste", reason="dropped"),
        change("void", line_id=key, goods="restock", reason="no rolls after all"),
    )
    assert [told_of(body) for body in voids(here)] == [
        ("dropped", "waste", "1", "0.45", "0.42", "0.03", "0.45", None),
        ("no rolls after all", "restock", "2", "0.90", "0.84", "0.06", "0.90", "no rolls after all"),
    ]
    assert moves(here, "roll") == [("sale", "-3"), ("return", "1"), ("waste", "-1"), ("return", "2")]


def test_a_cent_that_cannot_be_shared_is_told_once(here: Shop, manager: TillClient) -> None:
    """Four of 0.50 have 0.13 of tax, one has 0.03: of the 0.10 taken off, a third and two thirds."""
    told = placed(manager, line(here, "roll", "4", override=euro(50)))
    key = told["lines"][0]["id"]
    after = changed(
        manager,
        told["id"],
        change("adjust", line_id=key, quantity="3", goods="none", reason="one less"),
        change("adjust", line_id=key, quantity="1", goods="none", reason="two less"),
    )
    assert (told["tax"], after["tax"]) == (euro(13), euro(3))
    assert [told_of(body)[2:7] for body in voids(here)] == [
        ("1", "0.50", "0.47", "0.03", "0.50"),
        ("2", "1.00", "0.93", "0.07", "1.00"),
    ]
