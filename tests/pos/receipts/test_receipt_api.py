"""The receipt of a sale over HTTP, in the language, currency and clock of the shop that sold it."""

import datetime as dt
from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import platform_context, tenant_context
from pos.orders.services import place_order
from tenants.configuration.documents import Document
from tenants.configuration.sections import Surroundings
from tenants.configuration.services import store_configuration
from tenants.configuration.validation import check_document
from tests.factories import Shop, TillClient, paired_till
from tests.pos.orders.drafts import cash, sale, sold

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 1, 1, 30, tzinfo=dt.UTC)

WIDE = """\
              Café Morgenrot
               Torstraße 1
               10119 Berlin

Receipt K1-R1             2026-03-01 02:30
Order K1-1
Till K1, Mina Yıldız
Trading day 2026-02-28
------------------------------------------
Cappuccino                          7.60 B
  2 × 3.80
Cheese                              4.35 C
  0.335 kg × 12.99/kg
Book                               10.00 A
------------------------------------------
Subtotal                           21.95
VAT 20%                             2.00
TOTAL EUR                          23.95
Cash                               30.00
Change                              6.05
------------------------------------------
                  Net       Tax      Gross
A VAT 20%       10.00      2.00      12.00
B VAT 19%        6.39      1.21       7.60
C VAT 0%         4.35      0.00       4.35
"""

NARROW_AND_GERMAN = """\
         Café Morgenrot
          Torstraße 1
          10119 Berlin
        Frisch seit 1998

Bon K1-1        01.03.2026 02:30
Till K1
Geschäftstag 28.02.2026
--------------------------------
Roll                      0,45 A
--------------------------------
SUMME EUR                 0,45
Offen                     0,45
--------------------------------
           Netto  Steuer  Brutto
A VAT 7%    0,42    0,03    0,45

             Danke!
           Bis morgen
"""

CONFIGURATION: dict[str, Any] = {
    "merchant": {
        "slug": "cafe",
        "name": "Café Morgenrot",
        "country": "DE",
        "currency": "EUR",
        "time_zone": "Europe/Berlin",
        "language": "de",
        "domains": ["cafe.localhost"],
    },
    "staff": {"employees": [{"number": "1", "name": "Mina", "role": "owner"}]},
    "pos": {
        "locations": [{"code": "main", "name": "Main", "registers": [{"code": "K1", "name": "Bar"}]}],
        "tax_classes": [{"code": "standard", "name": "MwSt", "rate": "0.19", "inclusive": True}],
        "receipt": {"header": ["Frisch seit 1998"], "footer": ["Danke!", "Bis morgen"]},
    },
}


@pytest.fixture
def configured_in_german(as_owner: None, cafe: Any) -> None:
    """The café's configuration is in force: German, with lines above and below the receipt."""
    with platform_context():
        cafe.language = "de"
        cafe.save()
        configuration = check_document(document=Document(CONFIGURATION), around=Surroundings())
        store_configuration(tenant=cafe, configuration=configuration, at=AT)


def sell(shop: Shop, *names: tuple[str, str], paid: int = 0, **changes: Any) -> str:
    lines = [sold(shop, name, quantity) for name, quantity in names]
    draft = sale(*lines, tenders=(cash(shop, paid),) if paid else ())
    with tenant_context(shop.tenant):
        return str(place_order(draft=draft, actor=shop.actor(**changes), at=AT).id)


def basket(shop: Shop) -> str:
    """Two cappuccinos, 0.335 kg of cheese and a book, paid with thirty to somebody who signed in."""
    goods = (("cappuccino", "2"), ("cheese", "0.335"), ("book", "1"))
    return sell(shop, *goods, paid=3000, employee_id=new_id(), name="Mina Yıldız")


@pytest.mark.parametrize("query", ["", "?columns=42"])
def test_the_receipt_of_a_sale(here: Shop, till: TillClient, query: str) -> None:
    response = till.get(f"/orders/{basket(here)}/receipt{query}")
    assert (response.status_code, response["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert response.content.decode() == WIDE


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("configured_in_german")
def test_narrow_paper_in_the_merchants_language_and_words(here: Shop, till: TillClient) -> None:
    response = till.get(f"/orders/{sell(here, ('roll', '1'))}/receipt?columns=32")
    assert response.content.decode() == NARROW_AND_GERMAN


def test_a_reprint_is_the_same_though_catalogue_and_ways_to_pay_have_changed(
    here: Shop, till: TillClient
) -> None:
    order = basket(here)
    with tenant_context(here.tenant):
        cappuccino = here.variants["cappuccino"]
        cappuccino.price_minor, cappuccino.item.name = 999, "Flat White"
        cappuccino.save()
        cappuccino.item.save()
        here.tax_classes["standard"].name = "New name"
        here.tax_classes["standard"].save()
    assert till.get(f"/orders/{order}/receipt").content.decode() == WIDE


@pytest.mark.parametrize("columns", ["0", "33", "forty", "-32", "1000000"])
def test_papers_nobody_has(here: Shop, till: TillClient, columns: str) -> None:
    response = till.get(f"/orders/{basket(here)}/receipt?columns={columns}")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert [(e["parameter"], e["code"]) for e in response.json()["errors"]] == [("columns", "invalid_choice")]


def test_an_order_nobody_placed(here: Shop, till: TillClient) -> None:
    response = till.get(f"/orders/{new_id()}/receipt")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_the_other_merchants_receipts_do_not_exist_here(here: Shop, there: Shop, till: TillClient) -> None:
    elsewhere = basket(there)
    assert till.get(f"/orders/{elsewhere}/receipt").status_code == 404
    assert TillClient(there.tenant, till.headers).get(f"/orders/{elsewhere}/receipt").status_code == 401
    neighbour = TillClient(there.tenant, paired_till(there.tenant))
    assert "TOTAL GBP" in neighbour.get(f"/orders/{elsewhere}/receipt").content.decode()


def test_nobody_reads_receipts_without_a_token(here: Shop) -> None:
    response = TillClient(here.tenant).get(f"/orders/{basket(here)}/receipt")
    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")
