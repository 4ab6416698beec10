"""The chart of accounts: the same for everybody, made once, and wide enough for every transfer of an order."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from payments.ledger.accounts import (
    UnknownAccount,
    is_key,
    planned,
    rate_text,
    standard_code,
    standard_codes,
    wider_keys,
)
from payments.ledger.models import Account
from payments.ledger.services import ensure_accounts
from pos.orders import transfers


@pytest.mark.parametrize(
    ("code", "name", "kind"),
    [
        ("receivable", "Customers owe", "asset"),
        ("cash", "Cash in drawers", "asset"),
        ("cash_over_short", "Drawers over and short", "expense"),
        ("rounding", "Cash rounding", "expense"),
        ("service_charge", "Service charges", "income"),
        ("tips", "Tips owed to staff", "liability"),
        ("sales:standard", "Sales, standard", "income"),
        ("tax:reduced", "Tax owed, reduced", "liability"),
        ("tender:card", "Received by card", "asset"),
    ],
)
def test_an_account_follows_from_its_code(code: str, name: str, kind: str) -> None:
    account = planned(code)
    assert (account.code, account.name, account.kind) == (code, name, kind)


@pytest.mark.parametrize("code", ["", "sales", "sales:", "gifts", "gifts:x", ":standard", "Cash"])
def test_codes_nobody_planned(code: str) -> None:
    with pytest.raises(UnknownAccount):
        planned(code)


def test_every_account_an_order_moves_is_planned() -> None:
    codes = [transfers.RECEIVABLE, transfers.CASH, transfers.SERVICE_CHARGE, transfers.TIPS]
    codes.append(transfers.ROUNDING)
    codes += [transfers.sales_account("standard"), transfers.tax_account("standard", None)]
    codes.append(transfers.Tender(code="card", is_cash=False, tendered_minor=1).account)
    assert [planned(code).code for code in codes] == codes


def test_a_merchant_starts_with_accounts_for_their_taxes() -> None:
    fixed = standard_codes(tax_classes=[])
    assert len(fixed) == 28
    assert set(standard_codes(tax_classes=["zero"])) - set(fixed) == {"sales:zero", "tax:zero"}
    assert [planned(code).code for code in fixed] == list(fixed) == sorted(fixed)


@pytest.mark.parametrize(
    ("key", "wider", "standard"),
    [
        ("cash", ("cash",), "cash"),
        ("tender:card", ("tender:card", "tender"), "tender:card"),
        ("tax:vat", ("tax:vat", "tax"), "tax:vat"),
        ("tax:vat@0.19", ("tax:vat@0.19", "tax:vat", "tax@0.19", "tax"), "tax:vat"),
    ],
)
def test_a_key_is_looked_for_from_narrow_to_wide(key: str, wider: tuple[str, ...], standard: str) -> None:
    assert wider_keys(key) == wider
    assert standard_code(key) == standard


@pytest.mark.parametrize(
    "key", ["cash", "sales", "sales:food", "tax@0.19", "tax:vat@0.19", "tax:vat@1", "house:a b"]
)
def test_keys_a_chart_may_map(key: str) -> None:
    assert is_key(key)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "Cash",
        "cash:1",
        "cash@0.19",
        "sales:",
        "tax:vat@",
        "tax:vat@x",
        "tax@٣",
        "gifts:x",
        "tax:\n",
        "tax:" + "x" * 80,
    ],
)
def test_keys_no_chart_may_map(key: str) -> None:
    assert not is_key(key)


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (Decimal("0.190000"), "0.19"),
        (Fraction(19, 100), "0.19"),
        (Fraction(399, 4000), "0.09975"),
        (Decimal("0.000000"), "0"),
        (Decimal(1), "1"),
        (Decimal(10), "10"),
    ],
)
def test_equal_rates_are_one_text(rate: Decimal | Fraction, text: str) -> None:
    assert rate_text(rate) == text


@pytest.mark.django_db
def test_accounts_are_made_once_in_one_merchants_books(cafe: Any, grocer: Any) -> None:
    with tenant_context(cafe):
        ensure_accounts(codes=["tax:zero", "cash"])
        first = dict(Account.objects.values_list("code", "id"))
        ensure_accounts(codes=["cash", "sales:zero", "tax:zero"])
        assert dict(Account.objects.values_list("code", "id")).items() > first.items()
        assert Account.objects.count() == 3
    with tenant_context(grocer):
        assert not Account.objects.exists()
