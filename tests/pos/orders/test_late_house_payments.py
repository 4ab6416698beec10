"""Somebody paid what they owe into a drawer that was closed before the till could say so."""

import pytest

from fynlo.core import clock
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.ledger.queries import trial_balance
from pos.registers.models import CashMovement, Closing
from tests.factories import Shop, TillClient, signed_in
from tests.pos.registers.desk import closed, euro, opened

pytestmark = pytest.mark.django_db


def test_it_belongs_to_the_drawer_that_was_counted(here: Shop, till: TillClient) -> None:
    owner = TillClient(here.tenant, signed_in(here.tenant, till.headers, role="owner"))
    account = {"id": str(new_id()), "code": "meier", "name": "Meier & Co"}
    assert owner.post("/house-accounts", account).status_code == 201
    first = opened(till, here.register)
    at = clock.rfc3339(clock.now())
    assert closed(till, first, 10_250)["variance"] == euro(250)
    opened(till, here.register)
    pay = {"id": str(new_id()), "tender_type": "cash", "amount": euro(250), "at": at}
    answer = till.post(f"/house-accounts/{account['id']}/payments", pay)
    assert answer.status_code == 201, answer.json()
    assert till.post(f"/house-accounts/{account['id']}/payments", pay).json() == answer.json()
    with tenant_context(here.tenant):
        moves = CashMovement.objects.filter(session_id=first["id"]).order_by("id")
        assert list(moves.values_list("kind", "amount_minor"))[-2:] == [
            ("paid_in", 250),
            ("correction", -250),
        ]
        assert CashMovement.objects.exclude(session_id=first["id"]).count() == 1
        (late,) = Closing.objects.filter(late_number__isnull=False)
        assert (late.document["number"], late.document["what"], late.document["cash_minor"]) == (
            "K1-Z1-L1",
            "movement",
            250,
        )
        found = {row.code: row.balance_minor for row in trial_balance() if row.balance_minor}
        assert found["house:meier"] == -250
        assert found.get("cash_over_short", 0) == 0
