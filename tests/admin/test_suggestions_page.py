"""What to order, in the back office: figures are shown, what is ticked becomes drafts."""

from typing import Any

import pytest

from fynlo.core import clock
from fynlo.core.tenancy import tenant_context
from pos.purchasing.models import PurchaseOrder
from tests.admin.browsing import Browser, office
from tests.factories import Shop, paired_till, shop
from tests.factories.tills import TillClient, signed_in
from tests.pos.purchasing.buying import Buyer
from tests.pos.purchasing.shelves import moved, traded

pytestmark = pytest.mark.django_db

PATH = "/pos/purchase-suggestions/"


@pytest.fixture
def kept(cafe: Any) -> Shop:
    """A café with rolls that are nearly gone and books enough."""
    made = shop(cafe)
    Buyer(made, TillClient(cafe, signed_in(cafe, paired_till(cafe), role="manager"))).supplier()
    now = clock.now()
    traded(made, "roll", left=6, at=now)
    moved(made, "book", "opening", "5", days_ago=3, at=now)
    return made


@pytest.fixture
def browser(kept: Shop) -> Browser:
    """A manager in its office."""
    return office(kept.tenant, "manager", number="71")


def test_what_is_due_is_listed_with_its_reasons(kept: Shop, browser: Browser) -> None:
    page = browser.get(PATH)
    assert [row["variant_id"] for row in page.context["rows"]] == [str(kept.variants["roll"].id)]
    text = page.content.decode()
    assert "120 sold" not in text
    assert "112 sold on 56 days with stock: 2 a day." in text
    assert len(browser.get(f"{PATH}?show=all").context["rows"]) == 2
    assert 'href="/admin/pos/purchase-suggestions/"' in browser.get("/").content.decode()


def test_what_is_ticked_becomes_a_draft(kept: Shop, browser: Browser) -> None:
    key = str(kept.variants["roll"].id)
    answer = browser.post(PATH, {"order": [key], f"packs-{key}": "3"})
    assert answer.status_code == 302
    with tenant_context(kept.tenant):
        (order,) = PurchaseOrder.objects.all()
        assert (order.state, str(order.lines.get().packs)) == ("draft", "3.000000")
    assert "PO-00001" in browser.get(PATH).content.decode()


@pytest.mark.parametrize("packs", ["", "0", "-1", "x", "NaN"])
def test_no_number_of_packs_is_said_on_the_page(kept: Shop, browser: Browser, packs: str) -> None:
    key = str(kept.variants["roll"].id)
    page = browser.post(PATH, {"order": [key, "nonsense"], f"packs-{key}": packs})
    assert (page.status_code, "Tick 1 to 200 articles" in page.content.decode()) == (200, True)


def test_an_article_without_a_supplier_is_refused(kept: Shop, browser: Browser) -> None:
    key = str(kept.variants["book"].id)
    page = browser.post(PATH, {"order": [key], f"packs-{key}": "1"})
    assert "Nobody is known to sell this" in page.content.decode()
    with tenant_context(kept.tenant):
        assert not PurchaseOrder.objects.exists()
