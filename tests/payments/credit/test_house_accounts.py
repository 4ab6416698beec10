"""House accounts: their terms, what is charged and paid, limits, statements, and what the books say of it."""

import csv
import datetime as dt
import io
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader

from fynlo.core.actors import SYSTEM
from fynlo.core.errors import InvalidInput
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from payments.credit.errors import (
    HouseAccountCodeTaken,
    HouseAccountFixed,
    HouseAccountInactive,
    HouseLimitExceeded,
    UnknownHouseAccount,
)
from payments.credit.models import HouseAccount
from payments.credit.renderers import csv_file, pdf
from payments.credit.services import HouseAccountDraft, save_house_account
from payments.ledger.queries import trial_balance
from payments.tenders.house_entries import statement_of
from pos.orders.documents import WholeOrder
from pos.orders.drafts import TenderDraft
from pos.orders.models import Order
from pos.orders.refund_drafts import RefundDraft
from pos.orders.services import place_order
from pos.orders.services.house_payment_writing import HousePaymentDraft
from pos.orders.services.house_payments import pay_house_account
from pos.orders.services.refunds import refund_order
from pos.registers.models import CashMovement
from tests.factories import Shop, TenderTypeFactory, TillClient, paired_till, shop, signed_in
from tests.pos.orders.drafts import sale, sold

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
DAY = dt.date(2026, 3, 1)


@pytest.fixture
def within(cafe: Any) -> Any:
    made = shop(cafe)
    with tenant_context(cafe):
        TenderTypeFactory.create(code="account", name="On account", kind="house_account")
        yield made


def opened(code: str = "mueller", **said: Any) -> HouseAccount:
    draft = HouseAccountDraft(id=said.pop("id", None) or new_id(), code=code, name="Müller GmbH", **said)
    return save_house_account(draft=draft, actor=SYSTEM, at=AT)


def bought(here: Shop, account_id: UUID | None, *, at: dt.datetime = AT, fact: bool = False) -> WholeOrder:
    """Two cappuccinos, 7.60, on account."""
    tender = TenderDraft(
        id=new_id(), tender_type="account", amount=Money(760, "EUR"), house_account_id=account_id
    )
    draft = sale(sold(here, "cappuccino", "2"), tenders=(tender,), placed_at=at if fact else None)
    return place_order(draft=draft, actor=here.actor(), at=at)


def paid(here: Shop, account_id: UUID, amount: int, *, at: dt.datetime = AT, **said: Any) -> dict[str, Any]:
    draft = HousePaymentDraft(
        id=said.pop("id", None) or new_id(),
        account_id=account_id,
        tender_type=said.pop("tender_type", "cash"),
        amount=Money(amount, "EUR"),
        **said,
    )
    return pay_house_account(draft=draft, actor=here.actor(), at=at)


def owed(account: HouseAccount) -> int:
    balance: int = HouseAccount.objects.get(pk=account.pk).balance_minor
    return balance


def books() -> dict[str, int]:
    return {row.code: row.balance_minor for row in trial_balance() if row.balance_minor}


def test_what_is_bought_on_account_is_owed(within: Shop) -> None:
    account = opened()
    whole = bought(within, account.id)
    assert (whole.order.payment_state, owed(account)) == ("paid", 760)
    assert (books()["house:mueller"], books().get("receivable", 0)) == (760, 0)
    (payment,) = whole.payments
    assert (payment.house_account, payment.house_account_id) == ("Müller GmbH", account.id)
    assert not CashMovement.objects.exists()


def test_what_is_owed_is_paid_into_the_drawer(within: Shop) -> None:
    account = opened()
    bought(within, account.id)
    key = new_id()
    told = paid(within, account.id, 500, id=key)
    assert paid(within, account.id, 500, id=key) == told
    assert (owed(account), books()["house:mueller"], books()["cash"]) == (260, 260, 500)
    moved = CashMovement.objects.get()
    assert (moved.kind, moved.amount_minor, moved.payment_id) == ("paid_in", 500, key)


def test_goods_that_come_back_are_not_owed_any_more(within: Shop) -> None:
    account = opened()
    whole = bought(within, account.id)
    draft = RefundDraft(id=new_id(), order_id=whole.id, amount=Money(200, "EUR"))
    made = refund_order(draft=draft, actor=within.actor(), at=AT)
    assert [(each["tender_type"], each["house_account"]) for each in made["tenders"]] == [
        ("account", "Müller GmbH")
    ]
    assert (owed(account), books()["house:mueller"]) == (560, 560)


def test_a_question_beyond_the_limit_is_refused_and_a_fact_is_flagged(within: Shop) -> None:
    account = opened(limit_minor=1000)
    bought(within, account.id)
    with pytest.raises(HouseLimitExceeded) as caught:
        bought(within, account.id)
    assert caught.value.data == {"limit_minor": 1000, "balance_minor": 760, "asked_minor": 760}
    assert (owed(account), Order.objects.count()) == (760, 1)
    whole = bought(within, account.id, fact=True)
    flag = {
        "code": "house_limit_exceeded",
        "pointer": "/tenders/0",
        "house_account": "mueller",
        "limit_minor": 1000,
        "balance_minor": 1520,
    }
    assert flag in whole.order.flags
    assert owed(account) == 1520


def test_nothing_more_goes_on_an_account_that_was_closed(within: Shop) -> None:
    account = opened(is_active=False)
    with pytest.raises(HouseAccountInactive):
        bought(within, account.id)
    whole = bought(within, account.id, fact=True)
    assert "house_account_inactive" in [flag["code"] for flag in whole.order.flags]


@pytest.mark.parametrize("key", [None, UUID(int=7)], ids=["none", "unknown"])
def test_on_whose_account_it_goes_is_said(within: Shop, key: UUID | None) -> None:
    with pytest.raises(UnknownHouseAccount) as caught:
        bought(within, key)
    assert caught.value.errors[0].pointer == "/tenders/0/house_account_id"


def test_the_terms_change_and_the_code_does_not(within: Shop) -> None:
    account = opened()
    changed = opened(id=account.id, limit_minor=5000, contact="Frau Müller")
    assert (changed.limit_minor, changed.contact) == (5000, "Frau Müller")
    with pytest.raises(HouseAccountFixed):
        opened("meier", id=account.id)
    with pytest.raises(HouseAccountCodeTaken):
        opened()
    with pytest.raises(InvalidInput):
        opened("no spaces")


def test_a_statement_runs_from_day_to_day(within: Shop) -> None:
    account = opened()
    bought(within, account.id, at=AT - dt.timedelta(days=1))
    whole = bought(within, account.id)
    paid(within, account.id, 1000, reference="RE-1")
    refund = RefundDraft(id=new_id(), order_id=whole.id, amount=Money(100, "EUR"))
    refund_order(draft=refund, actor=within.actor(), at=AT + dt.timedelta(minutes=1))
    bought(within, account.id, at=AT + dt.timedelta(days=1))
    told = statement_of(account=account, first=DAY, last=DAY)
    assert (told.opening_minor, told.closing_minor, told.charged_minor, told.paid_minor) == (
        760,
        420,
        660,
        1000,
    )
    assert [(line.entry.kind, line.entry.amount_minor, line.balance_minor) for line in told.lines] == [
        ("charge", 760, 1520),
        ("payment", -1000, 520),
        ("refund", -100, 420),
    ]
    everything = statement_of(account=account, first=dt.date(2020, 1, 1), last=dt.date(2030, 1, 1))
    assert everything.closing_minor == owed(account) == books()["house:mueller"]


def test_a_statement_as_csv_calculates_nothing(within: Shop) -> None:
    account = opened()
    bought(within, account.id)
    paid(within, account.id, 100, reference="=1+1")
    told = statement_of(account=account, first=DAY, last=DAY)
    text = csv_file.render_csv(statement=told).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["kind"], row["amount"], row["balance"], row["reference"]) for row in rows] == [
        ("opening", "", "0.00", ""),
        ("charge", "7.60", "7.60", ""),
        ("payment", "-1.00", "6.60", "'=1+1"),
        ("closing", "", "6.60", ""),
    ]


def test_a_statement_as_pdf_has_all_lines_on_as_many_pages_as_it_needs(within: Shop) -> None:
    account = opened(contact="Torstraße 1")
    for _ in range(45):
        paid(within, account.id, 100)
    told = statement_of(account=account, first=DAY, last=DAY)
    made = pdf.render_pdf(statement=told, merchant="Café Morgenrot")
    assert made == pdf.render_pdf(statement=told, merchant="Café Morgenrot")
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(made)).pages]
    assert len(pages) == 2
    assert "Müller GmbH" in pages[0]
    assert "-45.00" in pages[1]


def test_accounts_over_http(within: Shop) -> None:
    till = TillClient(within.tenant, paired_till(within.tenant))
    owner = TillClient(within.tenant, signed_in(within.tenant, till.headers, role="owner"))
    limit = {"amount_minor": 1000, "currency": "EUR"}
    body = {"id": str(new_id()), "code": "meier", "name": "Meier", "limit": limit}
    assert till.post("/house-accounts", body).status_code == 403
    made = owner.post("/house-accounts", body)
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["limit"], told["balance"]["amount_minor"], told["available"]) == (limit, 0, limit)
    assert till.get(f"/house-accounts/{body['id']}").json() == told
    assert till.get("/house-accounts").json()["items"] == [told]
    changed = owner.put(f"/house-accounts/{body['id']}", {"name": "Meier & Co", "is_active": False})
    assert (changed.json()["name"], changed.json()["limit"], changed.json()["is_active"]) == (
        "Meier & Co",
        None,
        False,
    )
    pay = {"id": str(new_id()), "tender_type": "cash", "amount": limit}
    assert till.post(f"/house-accounts/{body['id']}/payments", pay).status_code == 201
    statement = till.get(f"/house-accounts/{body['id']}/statement?from=2026-01-01&to=2026-12-31").json()
    assert (statement["closing"]["amount_minor"], [line["kind"] for line in statement["lines"]]) == (
        -1000,
        ["payment"],
    )
    for ending, kind in (("csv", "text/csv; charset=utf-8"), ("pdf", "application/pdf")):
        path = f"/house-accounts/{body['id']}/statement/document.{ending}?from=2026-01-01&to=2026-12-31"
        assert till.get(path)["Content-Type"] == kind
    wrong = till.get(f"/house-accounts/{body['id']}/statement?from=2026-02-01&to=2026-01-01")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "invalid_query")
    missing = till.get(f"/house-accounts/{new_id()}")
    assert missing.status_code == 404
