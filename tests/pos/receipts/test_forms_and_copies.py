"""A receipt in all its forms and kinds over HTTP, copies that the journal counts, and invoices."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.receipts.renderers.html import POLICY
from pos.receipts.serializers.outputs import SalesReceiptOutput
from pos.registers.journal.models import JournalEntry
from tests.factories import Shop, TillClient, signed_in
from tests.pos.receipts.printer import commands, text_of
from tests.pos.receipts.selling import basket, sell

pytestmark = pytest.mark.django_db


def eur(amount: int) -> dict[str, Any]:
    return {"amount_minor": amount, "currency": "EUR"}


def test_the_document_is_json_that_says_all_other_forms_say(here: Shop, till: TillClient) -> None:
    order = basket(here)
    response = till.get(f"/orders/{order}/receipt?format=json")
    told = response.json()
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    assert set(told) == set(SalesReceiptOutput().fields)
    assert (told["kind"], told["number"], told["order"], told["copy"]) == ("sale", "K1-R1", "K1-1", 0)
    assert (told["sold_at"], told["local_time"]) == ("2026-03-01T12:30:00.000Z", "2026-03-01T13:30:00+01:00")
    assert [(line["name"], line["quantity"], line["amount"]) for line in told["lines"]] == [
        ("Cappuccino", "2", eur(760)),
        ("Book", "1", eur(1000)),
    ]
    assert (told["subtotal"], told["total"], told["change"], told["due"]) == (
        eur(1760),
        eur(1960),
        eur(1040),
        eur(0),
    )
    assert [(tax["name"], tax["net"], tax["tax"]) for tax in told["taxes"]] == [
        ("VAT 20%", eur(1000), eur(200)),
        ("VAT 19%", eur(639), eur(121)),
    ]


def test_a_page_can_do_nothing_and_is_indexed_by_nobody(here: Shop, till: TillClient) -> None:
    response = till.get(f"/orders/{basket(here)}/receipt?format=html")
    page = response.content.decode()
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert (response["Content-Security-Policy"], response["X-Robots-Tag"]) == (
        POLICY,
        "noindex, nofollow, noarchive",
    )
    assert "<script" not in page
    assert " style=" not in page
    assert "Cappuccino" in page


@pytest.mark.parametrize(("query", "width"), [("", 595), ("&width=80", 227), ("&width=58", 164)])
def test_a_pdf_is_a4_or_off_a_roll(here: Shop, till: TillClient, query: str, width: int) -> None:
    response = till.get(f"/orders/{basket(here)}/receipt?format=pdf{query}")
    assert response["Content-Type"] == "application/pdf"
    (page,) = PdfReader(io.BytesIO(response.content)).pages
    assert round(page.mediabox.width) == width
    assert "K1-R1" in page.extract_text()


@pytest.mark.parametrize(("width", "columns"), [("58", 32), ("80", 42)])
def test_printer_bytes_are_of_the_paper_that_was_asked_for(
    here: Shop, till: TillClient, width: str, columns: int
) -> None:
    response = till.get(f"/orders/{basket(here)}/receipt?format=escpos&width={width}")
    assert response["Content-Type"] == "application/octet-stream"
    assert max(map(len, text_of(response.content).splitlines())) == columns
    assert "drawer" not in {command.name for command in commands(response.content)}


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("format=docx", "format"),
        ("width=76", "width"),
        ("kind=refund", "kind"),
        ("width=80&columns=42", "columns"),
    ],
)
def test_forms_nobody_makes(here: Shop, till: TillClient, query: str, parameter: str) -> None:
    response = till.get(f"/orders/{basket(here)}/receipt?{query}")
    assert (response.status_code, response.json()["errors"][0]["parameter"]) == (400, parameter)


def test_a_gift_receipt_has_no_amounts_in_any_form(here: Shop, till: TillClient) -> None:
    order = basket(here)
    told = till.get(f"/orders/{order}/receipt?kind=gift&format=json").json()
    assert [line["name"] for line in told["lines"]] == ["Cappuccino", "Book"]
    assert "amount_minor" not in str(told)
    for form in ("text", "html"):
        shown = till.get(f"/orders/{order}/receipt?kind=gift&format={form}").content.decode()
        assert "Gift receipt K1-R1" in shown
        assert not [amount for amount in ("7.60", "3.80", "19.60", "30.00") if amount in shown]


def test_a_pro_forma_is_no_receipt_and_says_so(here: Shop, till: TillClient) -> None:
    order = sell(here, ("roll", "1"))
    text = till.get(f"/orders/{order}/receipt?kind=proforma").content.decode()
    assert text.count("*** NOT A RECEIPT ***") == 3
    assert "Pro forma K1-1" in text
    for kind in ("gift", "invoice"):
        refused = till.get(f"/orders/{order}/receipt?kind={kind}")
        assert (refused.status_code, refused.json()["code"]) == (409, "not_paid_yet")


def test_an_invoice_is_the_receipt_with_the_customer_on_it(here: Shop, till: TillClient) -> None:
    with tenant_context(here.tenant):
        here.location.tax_number, here.location.tax_address = "DE123456789", ["Amtsweg 1", "10115 Berlin"]
        here.location.save()
    customer = {"name": "Bäckerei Süd GmbH", "address": ["Südstr. 1"], "tax_number": "DE111111111"}
    response = till.post(f"/orders/{basket(here)}/receipt/invoices?format=text", customer)
    text = response.content.decode()
    assert response.status_code == 200
    assert "Tax invoice K1-R1" in text
    assert "Customer: Bäckerei Süd GmbH\nSüdstr. 1\nTax number DE111111111\n" in text
    assert "Amtsweg 1" in text
    assert "Tax number DE123456789" in text
    assert "Torstraße" not in text


def test_copies_are_numbered_marked_and_in_the_journal(here: Shop, till: TillClient) -> None:
    order = basket(here)
    assert "COPY" not in till.get(f"/orders/{order}/receipt").content.decode()
    cashier = TillClient(here.tenant, signed_in(here.tenant, till.headers, role="manager"))
    first = cashier.post(f"/orders/{order}/receipt/reprints", {}).json()
    second = till.post(f"/orders/{order}/receipt/reprints", {"kind": "gift"}).json()
    assert [(made["number"], made["copy"], made["kind"]) for made in (first, second)] == [
        ("K1-R1", 1, "sale"),
        ("K1-R1", 2, "gift"),
    ]
    text = till.get(second["receipt"].removeprefix("/api/v1")).content.decode()
    assert text.count("*** COPY 2 ***") == 2
    assert "*** COPY 1 ***" in text_of(till.get(f"/orders/{order}/receipt?copy=1&format=escpos").content)
    with tenant_context(here.tenant):
        rows = JournalEntry.objects.filter(kind="reprint").order_by("position").values_list("number", "body")
        assert [number for number, _ in rows] == ["K1-R1", "K1-R1"]
        assert [('"copy":"1"' in body, '"document":"gift"' in body) for _, body in rows] == [
            (True, False),
            (False, True),
        ]


def test_a_repeated_request_is_no_second_copy(here: Shop, till: TillClient) -> None:
    path, key = f"/orders/{basket(here)}/receipt/reprints", str(new_id())
    answers = [till.post(path, {}, Idempotency_Key=key).json()["copy"] for _ in range(3)]
    assert answers == [1, 1, 1]


def test_a_copy_nobody_asked_for_is_none(here: Shop, till: TillClient) -> None:
    response = till.get(f"/orders/{basket(here)}/receipt?copy=1")
    assert (response.status_code, response.json()["code"]) == (409, "no_such_copy")


def test_an_unpaid_order_has_no_copies(here: Shop, till: TillClient) -> None:
    response = till.post(f"/orders/{sell(here, ('roll', '1'))}/receipt/reprints", {})
    assert (response.status_code, response.json()["code"]) == (409, "not_paid_yet")


def test_scripts_in_names_stay_text_on_pages(here: Shop, till: TillClient) -> None:
    order = sell(here, paid=3000, employee_id=new_id(), name="<script>alert(1)</script>")
    page = till.get(f"/orders/{order}/receipt?format=html").content.decode()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
