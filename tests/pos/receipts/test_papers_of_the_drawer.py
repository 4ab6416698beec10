"""Papers of refunds, of money in and out, of X and Z: from the till to paper."""

from typing import Any

import pytest

from fynlo.core import clock
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.credit.models import HouseAccount
from pos.receipts.serializers.outputs import SalesReceiptOutput, SheetOutput
from tests.factories import Shop, TillClient, signed_in
from tests.pos.receipts.printer import commands, text_of

pytestmark = pytest.mark.django_db


def eur(amount: int) -> dict[str, Any]:
    return {"amount_minor": amount, "currency": "EUR"}


def told(response: Any, status: int) -> Any:
    assert response.status_code == status, response.content
    return response.json()


def sale(shop: Shop, till: TillClient, quantity: str = "2") -> dict[str, Any]:
    """Cappuccinos at 3.80, paid with twenty in cash."""
    body = {
        "id": str(new_id()),
        "lines": [
            {"id": str(new_id()), "variant_id": str(shop.variants["cappuccino"].pk), "quantity": quantity}
        ],
        "tenders": [{"id": str(new_id()), "tender_type": "cash", "amount": eur(2000)}],
    }
    made: dict[str, Any] = told(till.post("/orders", body), 201)
    return made


@pytest.fixture
def manager(here: Shop, till: TillClient) -> TillClient:
    return TillClient(here.tenant, signed_in(here.tenant, till.headers, role="manager"))


@pytest.fixture
def session(here: Shop, manager: TillClient) -> dict[str, Any]:
    """The drawer of K1, opened with fifty."""
    path = f"/registers/{here.register.pk}/sessions"
    made: dict[str, Any] = told(manager.post(path, {"opening_float": eur(5000)}), 201)
    return made


def test_the_receipt_of_a_refund(here: Shop, manager: TillClient, session: dict[str, Any]) -> None:
    order = sale(here, manager)
    line = {"order_line_id": order["lines"][0]["id"], "quantity": "1", "goods": "waste"}
    body = {"id": str(new_id()), "lines": [line], "reason": "Too cold"}
    refund = told(manager.post(f"/orders/{order['id']}/refunds", body), 201)
    path = f"/refunds/{refund['id']}/receipt"
    document = told(manager.get(f"{path}?format=json"), 200)
    assert set(document) == set(SalesReceiptOutput().fields)
    assert (document["kind"], document["number"], document["original"]) == ("refund", "K1-R2", "K1-R1")
    assert (document["total"], document["taxes"][0]["tax"], document["taxes"][0]["net"]) == (
        eur(380),
        eur(61),
        eur(319),
    )
    assert [(tender["name"], tender["tendered"]) for tender in document["tenders"]] == [("Cash", eur(380))]
    text = manager.get(path).content.decode()
    for part in ("Refund K1-R2", "For receipt K1-R1", "Reason: Too cold", "REFUNDED EUR", "3.80"):
        assert part in text
    assert "Due" not in text
    assert "REFUNDED EUR" in text_of(manager.get(f"{path}?format=escpos&width=58").content)


def test_both_receipts_of_an_exchange(here: Shop, manager: TillClient, session: dict[str, Any]) -> None:
    order = sale(here, manager)
    back = {"order_line_id": order["lines"][0]["id"], "quantity": "1", "goods": "restock"}
    line = {"id": str(new_id()), "variant_id": str(here.variants["book"].pk), "quantity": "1"}
    paid = {"id": str(new_id()), "tender_type": "cash", "amount": eur(1000)}
    body = {
        "id": str(new_id()),
        "refund": {"order_id": order["id"], "lines": [back], "reason": "Another one"},
        "order": {"id": str(new_id()), "lines": [line], "tenders": [paid]},
    }
    made = told(manager.post("/exchanges", body), 201)
    new = told(manager.get(f"/orders/{made['order']['id']}/receipt?format=json"), 200)
    assert (new["kind"], new["total"], new["due"]) == ("exchange", eur(1200), eur(0))
    assert sorted((tender["name"], tender["tendered"]["amount_minor"]) for tender in new["tenders"]) == [
        ("Cash", 1000),
        ("Exchange", 380),
    ]
    gone = told(manager.get(f"/refunds/{made['refund']['id']}/receipt?format=json"), 200)
    assert [(tender["name"], tender["tendered"]) for tender in gone["tenders"]] == [("Exchange", eur(380))]


def test_the_slip_of_money_taken_out(here: Shop, manager: TillClient, session: dict[str, Any]) -> None:
    body = {"id": str(new_id()), "kind": "paid_out", "amount": eur(1250), "reason_code": "flowers"}
    movement = told(manager.post(f"/cash-sessions/{session['id']}/movements", body), 201)
    path = f"/cash-movements/{movement['id']}/slip"
    document = told(manager.get(f"{path}?format=json"), 200)
    assert set(document) == set(SheetOutput().fields)
    assert (document["kind"], document["number"]) == ("drawer_slip", movement["slip"])
    assert document["sections"] == [
        {
            "key": "cash",
            "rows": [{"key": "paid_out", "text": None, "count": None, "amount": eur(-1250), "is_sum": True}],
        }
    ]
    text = manager.get(path).content.decode()
    for part in (f"Cash slip {movement['slip']}", "Reason: flowers", "Paid out", "-12.50", "Signature ..."):
        assert part in text
    made = commands(manager.get(f"{path}?format=escpos").content)
    assert "drawer" not in {command.name for command in made}


def test_an_x_and_a_z_on_paper(here: Shop, manager: TillClient, session: dict[str, Any]) -> None:
    sale(here, manager)
    x = manager.get(f"/registers/{here.register.pk}/x-report/receipt").content.decode()
    assert "X report" in x
    assert "7.60" in x
    closing = {"counted": eur(5760)}
    told(manager.post(f"/cash-sessions/{session['id']}/close", closing), 200)
    (z,) = told(manager.get(f"/closings?register_id={here.register.pk}"), 200)["items"]
    path = f"/closings/{z['id']}/receipt"
    document = told(manager.get(f"{path}?format=json"), 200)
    assert (document["kind"], document["number"], document["is_signed"]) == ("z", "K1-Z1", True)
    rows = {
        (section["key"], row["key"] or row["text"]): (row["count"], row["amount"])
        for section in document["sections"]
        for row in section["rows"]
    }
    assert rows["sales", "total"] == (None, eur(760))
    assert rows["taxes", "VAT 19%"] == (None, eur(121))
    assert rows["tenders", "Cash"] == (1, eur(760))
    assert rows["cash", "expected"] == (None, eur(5760))
    assert rows["cash", "variance"] == (None, eur(0))
    assert rows["numbers", "K1-R1 – K1-R1"] == (1, None)
    assert rows["numbers", "missing_numbers"] == (0, None)
    assert rows["totals_for_ever", "grand_total"] == (None, eur(760))
    assert manager.get(path).content == manager.get(path).content
    assert manager.get(f"{path}?format=pdf").content[:5] == b"%PDF-"
    assert "Z report K1-Z1" in text_of(manager.get(f"{path}?format=escpos&width=58").content)


def test_an_x_of_a_drawer_that_is_counted_blind_has_no_amounts(
    here: Shop, manager: TillClient, till: TillClient, session: dict[str, Any]
) -> None:
    sale(here, till)
    x = told(till.get(f"/registers/{here.register.pk}/x-report/receipt?format=json"), 200)
    assert "amount_minor" not in str(x["sections"])
    assert "7.60" not in till.get(f"/registers/{here.register.pk}/x-report/receipt").content.decode()


def test_a_sale_for_practice_is_marked_in_every_form(here: Shop, till: TillClient) -> None:
    line = {"id": str(new_id()), "variant_id": str(here.variants["book"].pk), "quantity": "2"}
    body = {
        "id": str(new_id()),
        "training": True,
        "lines": [line],
        "tenders": [{"id": str(new_id()), "tender_type": "cash", "amount": eur(5000)}],
    }
    told(till.post("/orders", body), 201)
    path = f"/registers/{here.register.pk}/trainings/1/receipt"
    document = told(till.get(f"{path}?format=json"), 200)
    assert (document["kind"], document["number"], document["is_training"]) == ("training", "K1-T1", True)
    assert (document["subtotal"], document["total"], document["change"]) == (eur(2000), eur(2400), eur(2600))
    text = till.get(path).content.decode()
    assert text.count("*** TRAINING - NOT A SALE ***") == 3
    assert text_of(till.get(f"{path}?format=escpos").content).count("TRAINING - NOT A SALE") == 3
    assert till.get(f"{path}?format=html").content.decode().count("TRAINING - NOT A SALE") == 3
    assert till.get(f"/registers/{here.register.pk}/trainings/2/receipt").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/refunds/{}/receipt",
        "/cash-movements/{}/slip",
        "/closings/{}/receipt",
        "/registers/{}/x-report/receipt",
    ],
)
def test_papers_of_what_never_happened(here: Shop, till: TillClient, path: str) -> None:
    response = till.get(path.format(new_id()))
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_the_statement_of_a_house_account(here: Shop, manager: TillClient, till: TillClient) -> None:
    with tenant_context(here.tenant):
        account = HouseAccount.objects.create(
            id=new_id(), code="H1", name="Kanzlei Nord", opened_at=clock.now()
        )
    path = f"/house-accounts/{account.pk}/statement/receipt?from=2026-01-01&to=2026-12-31"
    document = told(till.get(f"{path}&format=json"), 200)
    assert (document["kind"], document["number"]) == ("statement", "H1")
    assert [row["key"] for row in document["sections"][0]["rows"]] == ["opening_balance", "closing_balance"]
    text = till.get(path).content.decode()
    for part in ("Statement H1", "Account: Kanzlei Nord", "Balance after", "0.00"):
        assert part in text
    assert till.get(f"/house-accounts/{account.pk}/statement/receipt").status_code == 400
