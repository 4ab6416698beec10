"""The chart of accounts is the merchant's: accounts, what is booked where, charts to start from."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from fynlo.core.actors import SYSTEM, Actor
from fynlo.core.errors import DomainError, Forbidden, InvalidInput, NotFound
from fynlo.core.ids import new_id
from fynlo.core.tenancy import run_in_tenant, tenant_context
from fynlo.events.log import head, read_after
from payments.ledger.accounts import is_key
from payments.ledger.charts import TEMPLATES
from payments.ledger.errors import AccountCodeTaken, AccountInactive, PostingKeyTaken
from payments.ledger.models import KINDS, Account, Transfer
from payments.ledger.queries import mappings, trial_balance
from payments.ledger.services import (
    AccountDraft,
    Posting,
    apply_chart,
    ensure_accounts,
    map_posting,
    record_transfers,
    resolve_accounts,
    save_account,
)

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def draft(**changes: Any) -> AccountDraft:
    stated = {"id": new_id(), "code": "8400", "name": "Sales", "kind": "income", "number": "8400"} | changes
    return AccountDraft(**stated)


def saved(**changes: Any) -> Account:
    return save_account(draft=draft(**changes), actor=SYSTEM, at=AT)


def mapped(key: str, account: Account | None) -> None:
    map_posting(key=key, account_id=None if account is None else account.pk, actor=SYSTEM, at=AT)


def sold(amount: int) -> None:
    posting = Posting(debit="receivable", credit="sales:food", amount_minor=amount, kind="sale")
    record_transfers(
        postings=[posting], currency="EUR", order_id=None, at=AT, business_date=dt.date(2026, 3, 1)
    )


@pytest.mark.django_db
def test_an_account_is_made_changed_and_told(in_cafe: Any) -> None:
    account = saved(posting_keys=("sales:food", "sales:food"))
    assert account.posting_keys == ["sales:food"]
    said = read_after(0)[-1]
    assert (said.t, said.id) == ("account.changed", account.pk)
    assert said.data == {
        "code": "8400",
        "number": "8400",
        "name": "Sales",
        "posting_keys": ["sales:food"],
        "is_active": True,
    }
    saved(id=account.pk, name="Sales, food", posting_keys=())
    again = Account.objects.get(pk=account.pk)
    assert (again.name, again.posting_keys) == ("Sales, food", [])
    before = head()
    saved(id=account.pk, name="Sales, food", posting_keys=())
    assert head() == before


@pytest.mark.django_db
def test_sales_follow_the_chart_and_reports_of_the_past_do_not(in_cafe: Any) -> None:
    sold(100)
    food = saved(posting_keys=("sales:food",))
    sold(10)
    mapped("sales:food", None)
    sold(1)
    found = {row.code: row.balance_minor for row in trial_balance() if row.balance_minor}
    assert found == {"receivable": 111, "sales:food": -101, "8400": -10}
    assert set(Transfer.objects.values_list("credit_key", flat=True)) == {"sales:food"}
    assert Account.objects.get(pk=food.pk).posting_keys == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "error", "pointer"),
    [
        ({"code": "taken"}, AccountCodeTaken, "/code"),
        ({"posting_keys": ("tips", "cash")}, PostingKeyTaken, "/posting_keys/1"),
        ({"posting_keys": ("cash", "cache")}, InvalidInput, "/posting_keys/1"),
        ({"is_active": False, "posting_keys": ("tips",)}, AccountInactive, "/posting_keys/0"),
        ({"code": "=1"}, InvalidInput, "/code"),
        ({"number": "8 400"}, InvalidInput, "/number"),
        ({"name": " "}, InvalidInput, "/name"),
        ({"name": "a\nb"}, InvalidInput, "/name"),
        ({"kind": "money"}, InvalidInput, "/kind"),
    ],
    ids=["code taken", "key taken", "no key", "inactive", "code", "number", "blank", "control", "kind"],
)
def test_what_no_chart_can_have(
    in_cafe: Any, changes: dict[str, Any], error: type[DomainError], pointer: str
) -> None:
    saved(code="taken", posting_keys=("cash",))
    with pytest.raises(error) as refused:
        saved(**changes)
    assert [problem.pointer for problem in refused.value.errors] == [pointer]


@pytest.mark.django_db
def test_the_code_is_set_once_and_who_may_not_write_changes_nothing(in_cafe: Any) -> None:
    account = saved()
    with pytest.raises(InvalidInput):
        saved(id=account.pk, code="8401")
    nobody = Actor(kind="employee", id=None, name="Ben", permissions=frozenset({"ledger.read"}))
    with pytest.raises(Forbidden):
        save_account(draft=draft(), actor=nobody, at=AT)
    with pytest.raises(Forbidden):
        map_posting(key="cash", account_id=account.pk, actor=nobody, at=AT)
    with pytest.raises(Forbidden):
        apply_chart(template="generic", actor=nobody, at=AT)


@pytest.mark.django_db
def test_mapping_moves_a_key(in_cafe: Any) -> None:
    first, second = saved(code="a", posting_keys=("tender", "tips")), saved(code="b")
    mapped("tender", second)
    keys = dict(Account.objects.values_list("code", "posting_keys"))
    assert (keys["a"], keys["b"]) == (["tips"], ["tender"])
    with pytest.raises(NotFound):
        map_posting(key="tips", account_id=new_id(), actor=SYSTEM, at=AT)
    with pytest.raises(InvalidInput):
        mapped("tip", second)
    saved(id=first.pk, code="a", is_active=False, posting_keys=("tips",))
    with pytest.raises(AccountInactive):
        mapped("tender", first)
    shown = {each.key: (each.account.code if each.account else None, each.is_own) for each in mappings()}
    assert shown["tender"] == ("b", True)
    assert shown["receivable"] == ("receivable", False)
    assert shown["fees"] == (None, False)


@pytest.mark.django_db
@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_a_template_is_applied_and_applied_again(in_cafe: Any, template: str) -> None:
    rows = TEMPLATES[template].accounts
    assert apply_chart(template=template, actor=SYSTEM, at=AT) == len(rows)
    before = head()
    assert apply_chart(template=template, actor=SYSTEM, at=AT) == 0
    assert head() == before
    found = resolve_accounts(["cash", "tender:card", "sales:any", "tax:vat@0.25", "cost_of_goods", "house:1"])
    by_id = {account.pk: account.number for account in Account.objects.all()}
    wanted = {key: row.number for row in rows for key in row.keys}
    assert {key: by_id[pk] for key, pk in found.items()} == {
        "cash": wanted["cash"],
        "tender:card": wanted["tender"],
        "sales:any": wanted["sales"],
        "tax:vat@0.25": wanted["tax"],
        "cost_of_goods": wanted["cost_of_goods"],
        "house:1": wanted["house"],
    }


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_a_template_books_everything_once(template: str) -> None:
    rows = TEMPLATES[template].accounts
    keys = [key for row in rows for key in row.keys]
    numbers = [row.number for row in rows]
    assert len(keys) == len(set(keys))
    assert len(numbers) == len(set(numbers))
    assert all(is_key(key) for key in keys)
    assert {row.kind for row in rows} <= set(KINDS)
    from payments.ledger.accounts import KNOWN_KEYS

    assert set(KNOWN_KEYS) <= set(keys)


@pytest.mark.django_db
def test_sales_of_a_class_go_where_the_merchant_says(in_cafe: Any) -> None:
    apply_chart(template="skr03", sales={"food": "8300", "drinks": "8400"}, actor=SYSTEM, at=AT)
    keys = ["sales:food", "sales:drinks", "sales:other", "tax:vat@0.19", "tax:vat@0.07", "tax:vat@0"]
    by_id = {account.pk: account.number for account in Account.objects.all()}
    assert [by_id[pk] for _, pk in sorted(resolve_accounts(keys).items())] == [
        "8400",
        "8300",
        "8200",
        "1770",
        "1771",
        "1776",
    ]
    for wrong in ({"food": "1"}, {"fo\nod": "8300"}):
        with pytest.raises(InvalidInput):
            apply_chart(template="skr03", sales=wrong, actor=SYSTEM, at=AT)
    with pytest.raises(NotFound):
        apply_chart(template="skr99", actor=SYSTEM, at=AT)


@pytest.mark.django_db(transaction=True)
def test_of_ten_accounts_that_want_a_key_at_once_one_gets_it(cafe: Any) -> None:
    with tenant_context(cafe):
        ensure_accounts(codes=["receivable"])
    barrier = threading.Barrier(10)

    def one(number: int) -> str:
        def save() -> str:
            try:
                saved(code=f"a{number}", posting_keys=("tips",))
            except PostingKeyTaken:
                return "taken"
            return "saved"

        try:
            connection.ensure_connection()
            barrier.wait()
            return run_in_tenant(cafe, save)
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        outcomes = list(pool.map(one, range(10)))
    assert (outcomes.count("saved"), outcomes.count("taken")) == (1, 9)
