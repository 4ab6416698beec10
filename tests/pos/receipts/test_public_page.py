"""The page of a receipt for whoever has its address, and nobody else."""

import base64
import secrets
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from fynlo.core.tenancy import tenant_context
from pos.receipts import links
from tests.factories import Shop, TillClient
from tests.pos.receipts.printer import commands
from tests.pos.receipts.selling import basket, configure, sell


def token_of(shop: Shop, order: str) -> str:
    with tenant_context(shop.tenant):
        return links.token(kind=links.ORDER, key=UUID(order))


def look(shop: Shop, token: str, query: str = "", **headers: Any) -> Any:
    """Looks are counted per address for a minute; each test, and each merchant's, comes from somewhere else."""
    headers = {"REMOTE_ADDR": address(), **headers}
    return Client(HTTP_HOST=f"{shop.tenant.slug}.localhost").get(f"/r/{token}{query}", **headers)


def address() -> str:
    """Some address of the documentation's own network (RFC 3849)."""
    return f"2001:db8:{secrets.randbits(16):x}:{secrets.randbits(16):x}::1"


@pytest.mark.django_db
def test_the_page_shows_the_receipt_and_no_more_than_a_first_name(here: Shop) -> None:
    response = look(here, token_of(here, basket(here)))
    page = response.content.decode()
    assert response.status_code == 200
    assert "K1-R1" in page
    assert "Mina" in page
    assert "Yıldız" not in page
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert (response["Cache-Control"], response["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert "noindex" in response["X-Robots-Tag"]
    assert not response.cookies


@pytest.mark.django_db
def test_the_receipt_to_keep_is_a_pdf(here: Shop) -> None:
    response = look(here, token_of(here, basket(here)), "?format=pdf")
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_every_other_address_leads_nowhere_in_the_same_way(here: Shop, there: Shop) -> None:
    token = token_of(here, basket(here))
    data = bytearray(base64.urlsafe_b64decode(token[1:] + "=="))
    data[-1] ^= 1
    forged = "s" + base64.urlsafe_b64encode(bytes(data)).decode().rstrip("=")
    unpaid = token_of(here, sell(here, ("roll", "1")))
    wrong = [forged, "r" + token[1:], token[:-1], token + "A", "x", "s" * 44, "é" * 20, unpaid, "0" * 5000]
    answers = {(each.status_code, each.content) for each in (look(here, text) for text in wrong)}
    assert [status for status, _ in answers] == [404]
    assert look(there, token).status_code == 404


@pytest.mark.django_db
def test_the_page_only_reads(here: Shop) -> None:
    path = f"/r/{token_of(here, basket(here))}"
    client = Client(HTTP_HOST=f"{here.tenant.slug}.localhost")
    assert [client.post(path).status_code, client.delete(path).status_code] == [405, 405]


@pytest.mark.django_db
def test_strangers_may_look_sixty_times_a_minute(here: Shop) -> None:
    one = address()
    codes = [look(here, "s" * 44, REMOTE_ADDR=one).status_code for _ in range(61)]
    assert (codes[:60], codes[60]) == ([404] * 60, 429)
    assert look(here, "s" * 44, REMOTE_ADDR=address()).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_paper_leads_to_the_page_where_the_merchant_wants_it(
    as_owner: None, here: Shop, cafe: Any, till: TillClient
) -> None:
    configure(cafe, link=True, footer=["Danke!"])
    order = basket(here)
    told = till.get(f"/orders/{order}/receipt?format=json").json()
    assert told["link"] == f"http://cafe.localhost/r/{token_of(here, order)}"
    made = commands(till.get(f"/orders/{order}/receipt?format=escpos").content)
    assert [each.data.decode() for each in made if each.name == "code data"] == [told["link"]]
    assert told["link"] in till.get(f"/orders/{order}/receipt").content.decode()
    assert "<svg" in till.get(f"/orders/{order}/receipt?format=html").content.decode()
    assert look(here, token_of(here, order)).status_code == 200
    unpaid = till.get(f"/orders/{sell(here, ('roll', '1'))}/receipt?format=json").json()
    assert unpaid["link"] is None
