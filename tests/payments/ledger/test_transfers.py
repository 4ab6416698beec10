"""Transfers: appended in one statement, balanced by their shape, never changed."""

import datetime as dt
from typing import Any

import pytest
from django.db.utils import IntegrityError

from fynlo.core.database import constraint
from fynlo.core.ids import new_id
from fynlo.core.models import HistoryIsAppendOnly
from fynlo.core.tenancy import tenant_context
from payments.ledger.accounts import UnknownAccount
from payments.ledger.models import Account, Transfer
from payments.ledger.queries import trial_balance
from payments.ledger.services import Posting, ensure_accounts, record_transfers

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def move(debit: str, credit: str, amount: int) -> Posting:
    return Posting(debit=debit, credit=credit, amount_minor=amount, kind="test")


def record(*postings: Posting) -> None:
    record_transfers(
        postings=postings, currency="EUR", order_id=None, at=AT, business_date=dt.date(2026, 3, 1)
    )


def test_postings_become_transfers_in_their_order(in_cafe: Any) -> None:
    order, payment = new_id(), new_id()
    postings = [
        Posting(debit="receivable", credit="sales:zero", amount_minor=100, kind="sale"),
        Posting(debit="cash", credit="receivable", amount_minor=100, kind="payment", payment_id=payment),
    ]
    record_transfers(
        postings=postings, currency="EUR", order_id=order, at=AT, business_date=dt.date(2026, 2, 28)
    )
    fields = ("debit__code", "credit__code", "amount_minor", "kind", "payment_id")
    assert list(Transfer.objects.order_by("id").values_list(*fields)) == [
        ("receivable", "sales:zero", 100, "sale", None),
        ("cash", "receivable", 100, "payment", payment),
    ]
    assert set(Transfer.objects.values_list("order_id", "currency", "at", "business_date")) == {
        (order, "EUR", AT, dt.date(2026, 2, 28))
    }


@pytest.mark.parametrize("count", [1, 3])
def test_known_accounts_need_one_statement(in_cafe: Any, count: int, django_assert_num_queries: Any) -> None:
    ensure_accounts(codes=["cash", "receivable"])
    with django_assert_num_queries(1):
        record(*[move("cash", "receivable", 1)] * count)
    assert Transfer.objects.count() == count


def test_missing_accounts_are_made_with_the_first_posting(
    in_cafe: Any, django_assert_num_queries: Any
) -> None:
    ensure_accounts(codes=["receivable"])
    with django_assert_num_queries(3):
        record(move("receivable", "sales:new", 1), move("receivable", "tax:new", 2))
    assert set(Account.objects.values_list("code", flat=True)) == {"receivable", "sales:new", "tax:new"}
    assert sum(Transfer.objects.values_list("amount_minor", flat=True)) == 3


def test_nothing_to_move_asks_nothing(in_cafe: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        record()


def test_codes_nobody_planned_are_a_fault(in_cafe: Any) -> None:
    with pytest.raises(UnknownAccount):
        record(move("cash", "receivable", 1), move("cash", "nonsense", 1))


@pytest.mark.parametrize(
    ("posting", "name"),
    [
        (move("cash", "receivable", 0), "payments_transfer_positive"),
        (move("cash", "receivable", -5), "payments_transfer_positive"),
        (move("cash", "cash", 5), "payments_transfer_two_accounts"),
    ],
)
def test_what_would_not_balance_is_refused_by_the_database(in_cafe: Any, posting: Posting, name: str) -> None:
    ensure_accounts(codes=["cash", "receivable"])
    with pytest.raises(IntegrityError) as caught:
        record(posting)
    assert constraint(caught.value) == name


def test_the_trial_balance_adds_up_to_zero(cafe: Any, grocer: Any) -> None:
    with tenant_context(cafe):
        record(move("receivable", "sales:zero", 700), move("cash", "receivable", 500))
        rows = [
            (row.code, row.kind, row.debit_minor, row.credit_minor, row.balance_minor)
            for row in trial_balance()
        ]
        assert rows == [
            ("cash", "asset", 500, 0, 500),
            ("receivable", "asset", 700, 500, 200),
            ("sales:zero", "income", 0, 700, -700),
        ]
    with tenant_context(grocer):
        assert trial_balance() == []


def test_the_trial_balance_is_one_statement(in_cafe: Any, django_assert_num_queries: Any) -> None:
    record(move("receivable", "sales:zero", 700), move("cash", "receivable", 500))
    with django_assert_num_queries(1):
        assert len(trial_balance()) == 3


def test_transfers_are_never_changed(in_cafe: Any) -> None:
    record(move("cash", "receivable", 5))
    transfer = Transfer.objects.get()
    transfer.amount_minor = 6
    with pytest.raises(HistoryIsAppendOnly):
        transfer.save()
    with pytest.raises(HistoryIsAppendOnly):
        Transfer.objects.update(amount_minor=6)
