"""Money into drawers and out of them by hand: slips, reasons, limits, transfers, the journal."""

from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from payments.ledger.models import Transfer
from payments.ledger.queries import trial_balance
from pos.registers.journal.models import JournalEntry
from pos.registers.models import CashMovement
from tests.factories import Shop, TillClient
from tests.pos.registers.desk import (
    approved,
    closed,
    euro,
    key,
    manager_at,
    moved,
    opened,
    sold,
    step,
    the_z,
)

pytestmark = pytest.mark.django_db

KINDS = [
    ("paid_in", 700, 700, ("cash", "paid_in")),
    ("paid_out", 700, -700, ("paid_out", "cash")),
    ("drop", 700, -700, ("safe", "cash")),
    ("pickup", 700, 700, ("cash", "safe")),
    ("tip_out", 700, -700, ("tips", "cash")),
    ("no_sale", None, 0, None),
]


@pytest.mark.parametrize(("kind", "stated", "signed", "accounts"), KINDS, ids=[kind[0] for kind in KINDS])
def test_each_kind_moves_the_drawer_the_books_and_the_journal(
    here: Shop,
    there: Shop,
    till: TillClient,
    kind: str,
    stated: int | None,
    signed: int,
    accounts: tuple[str, str] | None,
) -> None:
    session = opened(till, here.register)
    answer = moved(till, session, kind, stated, reason_code="why", note="two bags")
    told = answer.json()
    assert (answer.status_code, told["amount"], told["slip"]) == (201, euro(signed), "K1-M1")
    assert (told["kind"], told["reason_code"], told["note"], told["drawer_code"]) == (
        kind,
        "why",
        "two bags",
        "K1",
    )
    with tenant_context(here.tenant):
        booked = list(Transfer.objects.values_list("debit__code", "credit__code", "amount_minor", "kind"))
        assert booked == ([] if accounts is None else [(*accounts, 700, kind)])
        entry = JournalEntry.objects.order_by("-position").first()
        assert entry is not None
        expected = "drawer_opened" if kind == "no_sale" else "cash_moved"
        assert (entry.kind, entry.number) == (expected, "K1-M1")
        assert sum(row.balance_minor for row in trial_balance()) == 0
    told = closed(till, session, 10_000 + signed)
    assert (told["expected"], told["variance"]) == (euro(10_000 + signed), euro(0))


def test_slips_are_numbered_by_drawer_and_a_movement_sent_twice_is_one(here: Shop, till: TillClient) -> None:
    session = opened(till, here.register)
    body = {"id": key(), "kind": "paid_out", "amount": euro(300), "reason_code": "milk"}
    path = f"/cash-sessions/{session['id']}/movements"
    first, again = till.post(path, body), till.post(path, body)
    assert (first.json()["slip"], again.json()) == ("K1-M1", first.json())
    other = till.post(path, {**body, "amount": euro(301)})
    assert (other.status_code, other.json()["code"]) == (409, "movement_id_conflict")
    assert moved(till, session, "no_sale", None).json()["slip"] == "K1-M2"


def test_money_out_beyond_the_limit_needs_an_approval(here: Shop, till: TillClient) -> None:
    """A device alone may take 50.00."""
    session = opened(till, here.register, 50_000)
    assert moved(till, session, "paid_out", 5_000).status_code == 201
    refused = moved(till, session, "paid_out", 5_001)
    assert (refused.status_code, refused.json()["code"], refused.json()["limit"]) == (
        403,
        "approval_required",
        "paid_out_minor",
    )
    token = approved(here, till, action="paid_out", subject_id=session["id"], amount=5_001)
    told = moved(till, session, "paid_out", 5_001, approval=token).json()
    assert told["approver_name"].startswith("Employee")
    used = moved(till, session, "paid_out", 5_001, approval=token)
    assert (used.status_code, used.json()["code"]) == (403, "approval_invalid")
    assert moved(till, session, "drop", 30_000).status_code == 201


def test_what_has_happened_already_is_recorded_and_flagged(here: Shop, till: TillClient) -> None:
    session = opened(till, here.register, 50_000)
    told = moved(till, session, "paid_out", 9_000, at=session["opened_at"])
    assert (told.status_code, [flag["code"] for flag in told.json()["flags"]]) == (201, ["not_approved"])
    assert told.json()["at"] == session["opened_at"]


def test_a_correction_takes_somebody_who_may_approve(here: Shop, till: TillClient) -> None:
    session = opened(till, here.register)
    refused = moved(till, session, "correction", -100)
    assert (refused.status_code, refused.json()["code"]) == (403, "approval_required")
    told = moved(manager_at(here, till), session, "correction", -100).json()
    assert told["amount"] == euro(-100)
    with tenant_context(here.tenant):
        booked = Transfer.objects.get()
        assert (booked.debit.code, booked.credit.code) == ("cash_over_short", "cash")


MISTAKES: list[tuple[dict[str, Any], int, str, str]] = [
    ({"kind": "paid_in"}, 422, "amount_wrong", "/amount"),
    ({"kind": "paid_in", "amount": euro(0)}, 422, "amount_wrong", "/amount"),
    ({"kind": "paid_out", "amount": euro(-5)}, 422, "amount_wrong", "/amount"),
    ({"kind": "no_sale", "amount": euro(5)}, 422, "amount_wrong", "/amount"),
    ({"kind": "sale", "amount": euro(5)}, 400, "invalid_choice", "/kind"),
    (
        {"kind": "paid_in", "amount": {"amount_minor": 5, "currency": "GBP"}},
        422,
        "wrong_currency",
        "/amount/currency",
    ),
]


@pytest.mark.parametrize("case", range(len(MISTAKES)))
def test_movements_that_say_it_wrong(here: Shop, till: TillClient, case: int) -> None:
    body, status, code, pointer = MISTAKES[case]
    session = opened(till, here.register)
    answer = till.post(f"/cash-sessions/{session['id']}/movements", body)
    problem = answer.json()["errors"][0]
    assert (answer.status_code, problem["code"], problem["pointer"]) == (status, code, pointer)
    with tenant_context(here.tenant):
        assert CashMovement.objects.exclude(kind="float").count() == 0


def test_a_closed_drawer_gives_nothing_unless_it_gave_it_before(here: Shop, till: TillClient) -> None:
    session = opened(till, here.register)
    closed(till, session, 9_700)
    refused = moved(till, session, "paid_out", 300)
    assert (refused.status_code, refused.json()["code"]) == (404, "no_open_session")
    late = moved(till, session, "paid_out", 300, at=session["opened_at"])
    assert late.status_code == 201
    zed = the_z(till, here.register)
    assert (zed["late"]["count"], zed["late"]["cash"], zed["late"]["variance"]) == (1, euro(-300), euro(0))
    with tenant_context(here.tenant):
        balances = {row.code: row.balance_minor for row in trial_balance()}
        assert (balances["cash_over_short"], balances["paid_out"], balances["cash"]) == (0, 300, -300)
        moves = CashMovement.objects.filter(session_id=session["id"])
        assert sum(moves.values_list("amount_minor", flat=True)) == 10_000


def test_the_drawer_is_the_sum_of_its_movements(here: Shop, there: Shop, till: TillClient) -> None:
    session = opened(till, here.register)
    for kind, amount in (
        ("paid_in", 1_234),
        ("drop", 4_000),
        ("pickup", 77),
        ("tip_out", 13),
        ("paid_out", 9),
    ):
        moved(till, session, kind, amount)
    sold(here, till, quantity="3", tendered=2_000)
    told = step(till, session, "counts", {"counted": euro(8_429)}).json()
    assert told["counts"][0]["expected"] == euro(10_000 + 1_234 - 4_000 + 77 - 13 - 9 + 1_140)
    with tenant_context(here.tenant):
        assert sum(CashMovement.objects.values_list("amount_minor", flat=True)) == 8_429
