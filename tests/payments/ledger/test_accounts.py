"""The chart of accounts: the same for everybody, made once, and wide enough for every transfer of an order."""

from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from payments.ledger.accounts import UnknownAccount, planned, standard_codes
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
    codes += [transfers.sales_account("standard"), transfers.tax_account("standard")]
    codes.append(transfers.Tender(code="card", is_cash=False, tendered_minor=1).account)
    assert [planned(code).code for code in codes] == codes


def test_a_merchant_starts_with_accounts_for_their_taxes() -> None:
    assert standard_codes(tax_classes=["zero"]) == (
        "cash",
        "cash_over_short",
        "receivable",
        "rounding",
        "sales:zero",
        "service_charge",
        "tax:zero",
        "tips",
    )


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
