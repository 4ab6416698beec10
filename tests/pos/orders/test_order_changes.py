"""Changes of open orders over HTTP: the basket is priced again, lines stay, books and shelf get the difference."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.ledger.models import Transfer
from pos.inventory.models import StockLevel, StockMovement
from pos.orders.models import OrderChange, OrderLine, OrderTax
from pos.registers.journal.models import JournalEntry
from staff.employees.models import Employee
from tests.factories import (
    LocationFactory,
    RegisterFactory,
    Shop,
    TillClient,
    paired_till,
    published,
    signed_in,
)
from tests.pos.orders.tickets import (
    Json,
    cash,
    change,
    changed,
    euro,
    line,
    opened,
    paid,
    send_changes,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(here: Shop) -> TillClient:
    """A manager signed in at K1."""
    return TillClient(here.tenant, signed_in(here.tenant, paired_till(here.tenant), role="manager"))


def placed(till: TillClient, *lines: Json, **said: Any) -> Json:
    """An order that was opened and placed."""
    told = opened(till, *lines, **said)
    response = till.post(f"/orders/{told['id']}/place", {})
    assert response.status_code == 200
    order: Json = response.json()
    return order


def booked(here: Shop) -> list[tuple[str, str, int]]:
    """Every transfer, by what was booked."""
    with tenant_context(here.tenant):
        rows = Transfer.objects.order_by("id").values_list("debit_key", "credit_key", "amount_minor")
        return list(rows)


def balance(here: Shop, key: str) -> int:
    """Credits less debits under a key."""
    return sum(amount * ((credit == key) - (debit == key)) for debit, credit, amount in booked(here))


def on_hand(here: Shop, name: str) -> str:
    """What the level of a variant says."""
    with tenant_context(here.tenant):
        level = StockLevel.objects.filter(variant=here.variants[name]).first()
        return "none" if level is None else str(level.on_hand.normalize())


def test_a_quantity_is_adjusted_and_everything_priced_again(here: Shop, till: TillClient) -> None:
    told = opened(till, line(here, "cappuccino"), line(here, "roll", "2"))
    first = told["lines"][0]["id"]
    more = changed(till, told["id"], change("adjust", line_id=first, quantity="3"))
    assert [(each["quantity"], each["total"]) for each in more["lines"]] == [
        ("3", euro(1140)),
        ("2", euro(90)),
    ]
    assert (more["total"], more["tax"], more["revision"]) == (euro(1230), euro(188), 2)
    assert [(tax["code"], tax["tax"]) for tax in more["taxes"]] == [
        ("reduced", euro(6)),
        ("standard", euro(182)),
    ]


def test_a_voided_line_stays_costs_nothing_and_its_tax_is_gone(here: Shop, till: TillClient) -> None:
    told = opened(till, line(here, "cappuccino"), line(here, "roll"))
    first = told["lines"][0]["id"]
    less = changed(till, told["id"], change("void", line_id=first, reason="cold"))
    void, kept = less["lines"]
    assert (void["id"], void["state"], void["quantity"], void["total"]) == (first, "voided", "1", euro(0))
    assert void["voided"]["reason"] == "cold"
    assert (kept["state"], kept["voided"], less["total"]) == ("ordered", None, euro(45))
    assert [tax["code"] for tax in less["taxes"]] == ["reduced"]
    with tenant_context(here.tenant):
        assert OrderLine.objects.filter(order_id=told["id"]).count() == 2
        assert OrderTax.objects.filter(order_id=told["id"]).count() == 2


def test_every_change_is_kept_with_what_it_changed_why_and_by_whom(here: Shop, manager: TillClient) -> None:
    told = opened(manager, line(here, "cappuccino", "2"))
    key = told["lines"][0]["id"]
    changed(
        manager,
        told["id"],
        change("adjust", line_id=key, quantity="1", reason="typed twice"),
        change("covers", covers=3),
        change("note", line_id=key, kitchen_note="extra hot"),
    )
    with tenant_context(here.tenant):
        rows = list(OrderChange.objects.filter(order_id=told["id"]).order_by("revision"))
    assert [(row.revision, row.kind, row.reason) for row in rows] == [
        (2, "adjust", "typed twice"),
        (3, "covers", ""),
        (4, "note", ""),
    ]
    assert (rows[0].before["quantity"], rows[0].after["quantity"]) == ("2", "1")
    assert (rows[0].before["total_minor"], rows[0].after["total_minor"]) == (760, 380)
    assert (rows[1].before, rows[1].after) == ({"covers": 0}, {"covers": 3})
    assert (rows[2].before["kitchen_note"], rows[2].after["kitchen_note"]) == ("", "extra hot")
    assert all(row.employee_name.startswith("Employee") and row.approver_id is None for row in rows)


def test_a_change_of_what_others_may_have_changed_says_which_state_it_saw(
    here: Shop, till: TillClient
) -> None:
    told = opened(till, line(here, "cappuccino"))
    seen = till.get(f"/orders/{told['id']}")["ETag"]
    name = change("name", name="Bar")
    without = send_changes(till, told["id"], name, tag="")
    assert (without.status_code, without.json()["code"]) == (428, "precondition_required")
    made = send_changes(till, told["id"], name, tag=seen)
    assert (made.status_code, made.json()["name"]) == (200, "Bar")
    stale = send_changes(till, told["id"], change("name", name="Door"), tag=seen)
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
    assert made["ETag"] == till.get(f"/orders/{told['id']}")["ETag"] != seen


def test_what_only_adds_needs_no_tag_and_the_same_change_is_made_once(here: Shop, till: TillClient) -> None:
    told = opened(till, line(here, "cappuccino"))
    add = change("add", line=line(here, "roll"))
    first = send_changes(till, told["id"], add, tag="")
    again = send_changes(till, told["id"], add, tag="")
    assert first.json()["total"] == again.json()["total"] == euro(425)
    assert again.json()["revision"] == 2
    other = send_changes(till, told["id"], {**add, "kind": "name", "name": "x"} | {"line": None}, tag="*")
    assert other.status_code == 400


def test_the_id_of_a_change_is_never_anothers(here: Shop, till: TillClient) -> None:
    one, two = opened(till, line(here, "cappuccino")), opened(till, line(here, "cappuccino"))
    add = change("add", line=line(here, "roll"))
    changed(till, one["id"], add)
    stolen = send_changes(till, two["id"], add)
    assert (stolen.status_code, stolen.json()["code"]) == (409, "change_id_conflict")
    twice = send_changes(till, two["id"], *(change("add", line=add["line"]) for _ in range(1)))
    assert (twice.status_code, twice.json()["code"]) == (409, "line_id_conflict")


@pytest.mark.parametrize(
    ("said", "pointer", "code"),
    [
        ({"kind": "adjust", "quantity": "1"}, "/changes/0/line_id", "required"),
        ({"kind": "name"}, "/changes/0/name", "required"),
        ({"kind": "name", "name": "x", "covers": 2}, "/changes/0/covers", "unknown_field"),
        ({"kind": "paint"}, "/changes/0/kind", "invalid_choice"),
    ],
)
def test_a_change_has_the_members_of_its_kind(
    here: Shop, till: TillClient, said: Json, pointer: str, code: str
) -> None:
    told = opened(till, line(here, "cappuccino"))
    refused = send_changes(till, told["id"], {"id": str(new_id()), **said})
    assert refused.status_code == 400
    assert [(each["pointer"], each["code"]) for each in refused.json()["errors"]] == [(pointer, code)]


def test_what_cannot_be_priced_is_told_where_the_change_says_it(here: Shop, till: TillClient) -> None:
    told = opened(till, line(here, "cappuccino"))
    half = send_changes(till, told["id"], change("add", line=line(here, "roll", "0.5")))
    assert (half.status_code, half.json()["code"]) == (422, "fractional_quantity")
    assert [each["pointer"] for each in half.json()["errors"]] == ["/changes/0/line/quantity"]
    nothing = send_changes(till, told["id"], change("void", line_id=str(new_id()), reason="x"))
    assert (nothing.status_code, nothing.json()["code"]) == (422, "unknown_line")
    assert till.get(f"/orders/{told['id']}").json()["revision"] == 1


def test_a_line_added_to_a_placed_order_is_booked_and_taken(here: Shop, till: TillClient) -> None:
    told = placed(till, line(here, "cappuccino"))
    before = booked(here)
    more = changed(till, told["id"], change("add", line=line(here, "cappuccino", "2")))
    assert (more["total"], more["due"]) == (euro(1140), euro(1140))
    assert booked(here)[len(before) :] == [
        ("receivable", "sales:standard", 639),
        ("receivable", "tax:standard@0.19", 121),
    ]
    assert on_hand(here, "cappuccino") == "-3"


def test_a_void_of_a_placed_line_moves_only_the_difference(here: Shop, till: TillClient) -> None:
    told = placed(till, line(here, "cappuccino"), line(here, "roll", "2"))
    before = booked(here)
    less = changed(
        till,
        told["id"],
        change("void", line_id=told["lines"][0]["id"], reason="spilled", goods="waste"),
    )
    assert (less["total"], less["fulfilment_state"]) == (euro(90), "placed")
    moved = [each for each in booked(here)[len(before) :] if "receivable" in each]
    assert moved == [
        ("sales:standard", "receivable", 319),
        ("tax:standard@0.19", "receivable", 61),
    ]
    with tenant_context(here.tenant):
        kinds = StockMovement.objects.filter(variant=here.variants["cappuccino"]).order_by("id")
        assert [(row.kind, str(row.quantity.normalize())) for row in kinds] == [
            ("sale", "-1"),
            ("return", "1"),
            ("waste", "-1"),
        ]
        (entry,) = JournalEntry.objects.filter(kind="void")
        assert (entry.number, '"reason":"spilled"' in entry.body) == ("K1-1", True)


def test_goods_that_come_back_can_be_sold_again(here: Shop, till: TillClient) -> None:
    told = placed(till, line(here, "roll", "3"))
    key = told["lines"][0]["id"]
    less = changed(till, told["id"], change("adjust", line_id=key, quantity="1", reason="too many"))
    assert (less["lines"][0]["quantity"], less["total"], on_hand(here, "roll")) == ("1", euro(45), "-1")
    none = changed(till, told["id"], change("void", line_id=key, reason="not made", goods="none"))
    assert (none["total"], on_hand(here, "roll")) == (euro(0), "-1")
    assert (balance(here, "sales:reduced"), balance(here, "tax:reduced@0.07")) == (0, 0)


def test_what_was_ordered_only_becomes_less(here: Shop, till: TillClient) -> None:
    told = placed(till, line(here, "roll"))
    more = change("adjust", line_id=told["lines"][0]["id"], quantity="2")
    refused = send_changes(till, told["id"], more)
    assert (refused.status_code, refused.json()["code"]) == (409, "quantity_ordered")


def test_taking_off_what_was_placed_needs_a_reason(here: Shop, till: TillClient) -> None:
    told = placed(till, line(here, "roll"))
    refused = send_changes(till, told["id"], change("void", line_id=told["lines"][0]["id"]))
    assert (refused.status_code, refused.json()["code"]) == (422, "reason_needed")
    assert [each["pointer"] for each in refused.json()["errors"]] == ["/changes/0/reason"]


def test_nothing_of_a_paid_order_changes(here: Shop, till: TillClient) -> None:
    told = opened(till, line(here, "roll"))
    paid(till, told["id"], cash(45))
    refused = send_changes(till, told["id"], change("add", line=line(here, "roll")))
    assert (refused.status_code, refused.json()["code"]) == (409, "illegal_transition")
    assert refused.json()["possible"] == ["refund_part", "refund_all"]


def test_less_than_was_paid_is_not_left(here: Shop, till: TillClient) -> None:
    told = opened(till, line(here, "roll"), line(here, "cappuccino"))
    paid(till, told["id"], cash(100))
    void = change("void", line_id=told["lines"][1]["id"], reason="changed their mind")
    refused = send_changes(till, told["id"], void)
    assert (refused.status_code, refused.json()["code"]) == (409, "overpaid_by_change")


def test_prices_stay_those_of_the_opening(here: Shop, till: TillClient) -> None:
    told = opened(till, line(here, "cappuccino"))
    with tenant_context(here.tenant):
        variant = here.variants["cappuccino"]
        variant.price_minor = 500
        variant.save()
        published()
    more = changed(till, told["id"], change("add", line=line(here, "cappuccino")))
    assert more["total"] == euro(760)


def test_order_type_and_covers_are_told_and_price(here: Shop, till: TillClient) -> None:
    told = opened(till, line(here, "cappuccino"), order_type="dine_in", covers=2)
    key = told["lines"][0]["id"]
    more = changed(
        till,
        told["id"],
        change("order_type", order_type="take_away"),
        change("order_type", line_id=key, order_type="dine_in"),
        change("covers", covers=4),
        change("customer", customer="0170 1234", customer_group="members"),
    )
    assert (more["context"]["order_type"], more["context"]["covers"]) == ("take_away", 4)
    assert (more["lines"][0]["order_type"], more["customer"]) == ("dine_in", "0170 1234")
    assert more["context"]["customer_group"] == "members"


def test_an_order_is_handed_over(here: Shop, manager: TillClient) -> None:
    told = opened(manager, line(here, "cappuccino"))
    with tenant_context(here.tenant):
        signed_in(here.tenant, {k: v for k, v in manager.headers.items() if k == "Authorization"})
        other = Employee.objects.exclude(pk=told["owner"]["employee"]["id"]).get()
    more = changed(manager, told["id"], change("owner", employee_id=str(other.pk)))
    assert more["owner"]["employee"] == {"id": str(other.pk), "name": other.name}
    nobody = send_changes(manager, told["id"], change("owner", employee_id=str(new_id())))
    assert (nobody.status_code, nobody.json()["code"]) == (422, "unknown_employee")


def test_a_till_elsewhere_changes_nothing(here: Shop, till: TillClient) -> None:
    told = opened(till, line(here, "cappuccino"))
    with tenant_context(here.tenant):
        away = LocationFactory.create(code="away", name="Away", time_zone="Europe/Berlin")
        register = RegisterFactory.create(location=away, code="A1")
    other = TillClient(here.tenant, paired_till(here.tenant, register=register))
    assert other.get("/tickets").json()["items"] == []
    refused = send_changes(other, told["id"], change("add", line=line(here, "roll")), tag="")
    assert (refused.status_code, refused.json()["code"]) == (403, "other_location")


def test_what_was_taken_off_does_not_come_back_a_second_time(here: Shop, till: TillClient) -> None:
    told = placed(till, line(here, "roll", "3"))
    key = told["lines"][0]["id"]
    changed(till, told["id"], change("adjust", line_id=key, quantity="2", reason="too many"))
    paid(till, told["id"], cash(90))
    assert on_hand(here, "roll") == "-2"
    back = till.post(
        f"/orders/{told['id']}/refunds",
        {
            "id": str(new_id()),
            "lines": [{"order_line_id": key, "quantity": "1", "goods": "restock"}],
            "reason": "stale",
        },
    )
    assert back.status_code == 201, back.json()
    assert [flag["code"] for flag in back.json()["flags"]] == ["no_open_session"]
    assert on_hand(here, "roll") == "-1"
    again = till.get(f"/orders/{told['id']}").json()
    assert (again["payment_state"], again["refunded"], again["due"]) == ("part_refunded", euro(45), euro(0))


def test_a_deposit_is_given_back_before_an_order_is_cancelled(here: Shop, till: TillClient) -> None:
    told = opened(till, line(here, "cappuccino"))
    paid(till, told["id"], cash(200))
    cancel = {"reason": "left"}
    assert till.post(f"/orders/{told['id']}/cancel", cancel).json()["code"] == "illegal_transition"
    back = till.post(
        f"/orders/{told['id']}/refunds",
        {"id": str(new_id()), "amount": euro(200), "reason": "left"},
    )
    assert back.status_code == 201, back.json()
    gone = till.post(f"/orders/{told['id']}/cancel", cancel).json()
    assert (gone["fulfilment_state"], gone["payment_state"], gone["due"]) == (
        "cancelled",
        "refunded",
        euro(0),
    )
    keys = ("receivable", "sales:standard", "tax:standard@0.19", "cash")
    assert [balance(here, key) for key in keys] == [0, 0, 0, 0]


def test_the_history_of_an_order_is_told(here: Shop, manager: TillClient) -> None:
    told = opened(manager, line(here, "cappuccino"), name="Table 7")
    name = change("name", name="Table 8", reason="moved")
    changed(manager, told["id"], name)
    paid(manager, told["id"], cash(380))
    page = manager.get(f"/orders/{told['id']}/changes").json()
    assert [each["kind"] for each in page["items"]] == ["name", "place", "pay", "complete"]
    first = page["items"][0]
    assert (first["id"], first["revision"], first["reason"]) == (name["id"], 2, "moved")
    assert (first["before"], first["after"]) == ({"name": "Table 7"}, {"name": "Table 8"})
    assert (first["employee"]["id"], first["approver"]) == (told["owner"]["employee"]["id"], None)
    assert manager.get(f"/orders/{new_id()}/changes").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_a_history_takes_as_many_statements_however_long_it_is(
    here: Shop, till: TillClient, count: int
) -> None:
    told = opened(till, line(here, "cappuccino"))
    for number in range(count):
        changed(till, told["id"], change("name", name=f"Table {number}"))
    with CaptureQueriesContext(connection) as captured:
        listed = till.get(f"/orders/{told['id']}/changes").json()["items"]
    assert (len(listed), len(captured)) == (count, 6)
