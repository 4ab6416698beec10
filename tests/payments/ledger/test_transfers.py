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
from payments.ledger.queries import PostedTransfer, posted_for, trial_balance
from payments.ledger.services import (
    Posting,
    ensure_accounts,
    record_transfers,
    resolve_accounts,
    transfer_rows,
)

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


def test_a_transfer_says_what_was_booked_and_where(in_cafe: Any) -> None:
    till = new_id()
    record_transfers(
        postings=[move("receivable", "tax:vat@0.19", 19)],
        currency="EUR",
        order_id=None,
        at=AT,
        business_date=dt.date(2026, 3, 1),
        register_id=till,
    )
    row = Transfer.objects.select_related("credit").get()
    assert (row.debit_key, row.credit_key, row.credit.code) == ("receivable", "tax:vat@0.19", "tax:vat")
    assert row.register_id == till


@pytest.mark.parametrize(
    ("mapped", "account"),
    [
        (["tax:vat@0.19", "tax:vat", "tax@0.19", "tax"], "tax:vat@0.19"),
        (["tax:vat", "tax@0.19", "tax"], "tax:vat"),
        (["tax@0.19", "tax"], "tax@0.19"),
        (["tax", "tax:vat@0.07", "sales"], "tax"),
        ([], "tax:vat"),
    ],
    ids=["exact", "without rate", "of the rate", "of the kind", "standard"],
)
def test_the_narrowest_key_the_chart_has_decides(in_cafe: Any, mapped: list[str], account: str) -> None:
    ensure_accounts(codes=["tax:vat", "receivable"])
    rows = {key: Account(code=f"of {key}", name=key, kind="liability", posting_keys=[key]) for key in mapped}
    Account.objects.bulk_create(rows.values())
    expected = rows[account].pk if mapped else Account.objects.get(code="tax:vat").pk
    assert resolve_accounts(["tax:vat@0.19"]) == {"tax:vat@0.19": expected}
    record(move("receivable", "tax:vat@0.19", 1))
    assert Transfer.objects.get().credit_id == expected


def test_resolving_known_keys_is_one_statement(in_cafe: Any, django_assert_num_queries: Any) -> None:
    ensure_accounts(codes=["cash", "receivable"])
    with django_assert_num_queries(1):
        assert resolve_accounts(["cash", "receivable", "cash"]).keys() == {"cash", "receivable"}
    with django_assert_num_queries(3):
        assert resolve_accounts(["cash", "tax:new@0.2"]).keys() == {"cash", "tax:new@0.2"}
    with pytest.raises(UnknownAccount):
        resolve_accounts(["nonsense"])


def test_rows_for_others_to_insert_are_the_rows_that_would_be_written(in_cafe: Any) -> None:
    postings = [move("receivable", "sales:zero", 7), move("cash", "receivable", 7)]
    facts = {"currency": "EUR", "order_id": new_id(), "at": AT, "business_date": dt.date(2026, 3, 1)}
    record_transfers(postings=postings, **facts)
    accounts = resolve_accounts({"receivable", "cash", "sales:zero"})
    rows = transfer_rows(postings=postings, accounts=accounts, **facts)
    columns = [field.attname for field in Transfer._meta.fields if field.attname != "id"]
    written = list(Transfer.objects.order_by("id").values(*columns))
    assert [{name: getattr(row, name) for name in columns} for row in rows] == written


def test_a_chart_may_book_both_sides_in_one_account(in_cafe: Any) -> None:
    Account.objects.create(code="1360", name="Transit", kind="asset", posting_keys=["receivable", "tender"])
    record(move("tender:card", "receivable", 5))
    row = Transfer.objects.get()
    assert row.debit_id == row.credit_id
    assert [balance.balance_minor for balance in trial_balance()] == [0]


def test_what_is_booked_for_an_order_is_told_by_keys(in_cafe: Any) -> None:
    order = new_id()
    for amount in (5, 7):
        record_transfers(
            postings=[move("receivable", "tax:vat@0.19", amount), move("cash", "receivable", amount)],
            currency="EUR",
            order_id=order,
            at=AT,
            business_date=dt.date(2026, 3, 1),
        )
    record(move("cash", "receivable", 1))
    assert posted_for(order_id=order) == (
        PostedTransfer(debit="cash", credit="receivable", kind="test", amount_minor=12),
        PostedTransfer(debit="receivable", credit="tax:vat@0.19", kind="test", amount_minor=12),
    )
