"""Limits on tickets: a question beyond them needs somebody's approval, a fact is kept and flagged."""

from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.orders.models import OrderChange
from staff.access.models import Approval
from staff.employees.pins import pin_hasher
from tests.factories import EmployeeFactory, RoleFactory, Shop, TillClient, paired_till, signed_in
from tests.pos.orders.tickets import Json, change, changed, euro, line, opened, send_changes

pytestmark = pytest.mark.django_db
PIN = "7391"


@pytest.fixture
def ada(here: Shop) -> Any:
    """A manager whose PIN opens approvals."""
    with tenant_context(here.tenant):
        role = RoleFactory.create(code="manager")
        return EmployeeFactory.create(name="Ada", role=role, pin_hash=pin_hasher().hash(PIN))


@pytest.fixture
def manager(here: Shop) -> TillClient:
    """A manager signed in at K1."""
    return TillClient(here.tenant, signed_in(here.tenant, paired_till(here.tenant), role="manager"))


def approved(till: TillClient, ada: Any, action: str, order_id: str, amount: int, percent: int = 0) -> str:
    """The token of an approval that Ada gave at this till."""
    body = {
        "action": action,
        "subject_id": order_id,
        "amount": euro(amount),
        "percent": percent,
        "number": ada.number,
        "pin": PIN,
    }
    response = till.post("/approvals", body)
    assert response.status_code in (200, 201), response.json()
    token: str = response.json()["token"]
    return token


def discount(percent: str, **said: Any) -> Json:
    given = [{"id": str(new_id()), "name": "Regulars", "percent": percent}]
    return change("discount", discounts=given, **said)


def test_a_discount_without_the_right_to_it_needs_an_approval(here: Shop, till: TillClient, ada: Any) -> None:
    told = opened(till, line(here, "cappuccino", "2"))
    refused = send_changes(till, told["id"], discount("0.1"))
    assert (refused.status_code, refused.json()["code"]) == (403, "approval_required")
    assert (refused.json()["action"], refused.json()["limit"]) == ("discount", None)
    token = approved(till, ada, "discount", told["id"], 76, 10)
    less = changed(till, told["id"], discount("0.1", approval=token, reason="birthday"))
    assert (less["total"], less["discount"]) == (euro(684), euro(76))
    with tenant_context(here.tenant):
        row = OrderChange.objects.get(order_id=told["id"])
        assert (row.approver_id, row.approver_name, row.reason) == (ada.pk, "Ada", "birthday")
        assert Approval.objects.filter(used_at__isnull=False).count() == 1
    again = send_changes(till, told["id"], discount("0.1", approval=token))
    assert (again.status_code, again.json()["code"]) == (403, "approval_invalid")


def test_a_manager_gives_what_is_within_their_limit_and_no_more(here: Shop, manager: TillClient) -> None:
    told = opened(manager, line(here, "cappuccino", "2"))
    less = changed(manager, told["id"], discount("0.5"))
    assert less["total"] == euro(380)
    refused = send_changes(manager, told["id"], discount("0.51"))
    assert (refused.status_code, refused.json()["code"]) == (403, "approval_required")
    assert (refused.json()["limit"], refused.json()["asked"]) == ("discount_percent", 51)


def test_discounts_do_not_slip_in_with_a_line(here: Shop, manager: TillClient) -> None:
    told = opened(manager, line(here, "roll"))
    given = [{"id": str(new_id()), "percent": "0.9"}]
    refused = send_changes(manager, told["id"], change("add", line=line(here, "cappuccino", discounts=given)))
    assert (refused.status_code, refused.json()["limit"]) == (403, "discount_percent")
    body = {"id": str(new_id()), "lines": [line(here, "cappuccino", discounts=given)]}
    opening = manager.post("/tickets", body)
    assert (opening.status_code, opening.json()["limit"]) == (403, "discount_percent")


def test_a_price_far_below_the_catalogues_needs_an_approval(
    here: Shop, manager: TillClient, ada: Any
) -> None:
    told = opened(manager, line(here, "cappuccino"))
    key = told["lines"][0]["id"]
    half = changed(manager, told["id"], change("override", line_id=key, override=euro(190)))
    assert (half["total"], half["lines"][0]["price_source"]) == (euro(190), "override")
    lower = change("override", line_id=key, override=euro(189))
    refused = send_changes(manager, told["id"], lower)
    assert (refused.status_code, refused.json()["limit"], refused.json()["asked"]) == (
        403,
        "override_percent",
        51,
    )
    back = changed(manager, told["id"], change("override", line_id=key, override=None))
    assert (back["total"], back["lines"][0]["price_source"]) == (euro(380), "list")


def test_a_void_beyond_the_limit_needs_an_approval_and_is_free_on_a_ticket(
    here: Shop, till: TillClient, ada: Any
) -> None:
    lines = line(here, "cappuccino", "14"), line(here, "roll")
    told = opened(till, *lines)
    key = told["lines"][0]["id"]
    till.post(f"/orders/{told['id']}/place", {})
    void = change("void", line_id=key, reason="wrong table")
    refused = send_changes(till, told["id"], void)
    assert (refused.status_code, refused.json()["limit"], refused.json()["asked"]) == (
        403,
        "void_minor",
        5320,
    )
    assert till.get(f"/orders/{told['id']}").json()["total"] == euro(5365)
    token = approved(till, ada, "void", told["id"], 5320)
    less = changed(till, told["id"], {**void, "approval": token})
    assert less["total"] == euro(45)
    other = opened(till, line(here, "cappuccino", "14"))
    free = changed(till, other["id"], change("void", line_id=other["lines"][0]["id"]))
    assert free["total"] == euro(0)


def test_cancelling_beyond_the_limit_needs_an_approval(here: Shop, till: TillClient, ada: Any) -> None:
    told = opened(till, line(here, "cappuccino", "14"))
    till.post(f"/orders/{told['id']}/place", {})
    refused = till.post(f"/orders/{told['id']}/cancel", {"reason": "left"})
    assert (refused.status_code, refused.json()["action"]) == (403, "cancel")
    token = approved(till, ada, "cancel", told["id"], 5320)
    done = till.post(f"/orders/{told['id']}/cancel", {"reason": "left", "approval": token})
    assert (done.status_code, done.json()["fulfilment_state"]) == (200, "cancelled")


def test_a_sale_that_happened_is_kept_and_flagged_with_its_limits(here: Shop, manager: TillClient) -> None:
    given = [{"id": str(new_id()), "percent": "0.6"}]
    body = {
        "id": str(new_id()),
        "lines": [
            line(here, "cappuccino", discounts=given),
            line(here, "roll", override=euro(9)),
        ],
        "tenders": [],
    }
    told = manager.post("/orders", body).json()
    over = [flag for flag in told["flags"] if flag["code"].endswith("_over_limit")]
    assert over == [
        {
            "code": "discount_over_limit",
            "pointer": "",
            "allowed": 50,
            "asked": 60,
            "limit": "discount_percent",
        },
        {
            "code": "override_over_limit",
            "pointer": "",
            "allowed": 50,
            "asked": 80,
            "limit": "override_percent",
        },
    ]


def test_approved_discounts_are_not_flagged_on_a_ticket(here: Shop, till: TillClient, ada: Any) -> None:
    told = opened(till, line(here, "cappuccino", "2"))
    token = approved(till, ada, "discount", told["id"], 76, 10)
    less = changed(till, told["id"], discount("0.1", approval=token))
    assert [flag["code"] for flag in less["flags"]] == []
    named = changed(till, told["id"], change("covers", covers=2))
    assert (named["total"], named["flags"]) == (euro(684), [])


def test_an_unpaid_sale_can_be_changed_and_keeps_the_flags_of_what_happened(
    here: Shop, manager: TillClient, till: TillClient
) -> None:
    given = [{"id": str(new_id()), "percent": "0.1"}]
    body = {"id": str(new_id()), "lines": [line(here, "cappuccino", discounts=given)], "tenders": []}
    told = till.post("/orders", body).json()
    assert "unapproved_discount" in [flag["code"] for flag in told["flags"]]
    more = changed(till, told["id"], change("add", line=line(here, "roll")))
    assert more["total"] == euro(342 + 45)
    assert "unapproved_discount" in [flag["code"] for flag in more["flags"]]
