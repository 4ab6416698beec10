"""A merchant who made a list of reasons gets one of them, for whatever is taken off an order."""

import datetime as dt

import pytest

from fynlo.core.tenancy import platform_context
from tenants.configuration.services import store_configuration
from tests.factories import Shop, TillClient
from tests.pos.orders.tickets import change, changed, euro, line, opened, send_changes
from tests.tenants.files import KIOSK, valid

pytestmark = pytest.mark.django_db(transaction=True)
AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def test_a_merchants_reasons_are_the_ones_to_choose_from(
    here: Shop, till: TillClient, as_owner: None
) -> None:
    text = f"{KIOSK}  orders: {{reasons: {{void: [Spilled, Wrong table]}}}}\n"
    with platform_context():
        store_configuration(tenant=here.tenant, configuration=valid(text), at=AT)
    told = opened(till, line(here, "roll"), line(here, "roll"))
    assert till.post(f"/orders/{told['id']}/place", {}).status_code == 200
    void = change("void", line_id=told["lines"][0]["id"], reason="mood")
    refused = send_changes(till, told["id"], void)
    assert (refused.status_code, refused.json()["code"]) == (422, "reason_needed")
    assert refused.json()["reasons"] == ["Spilled", "Wrong table"]
    assert changed(till, told["id"], {**void, "reason": "Spilled"})["total"] == euro(45)
