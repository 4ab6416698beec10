"""Gift cards in the back office: told in words, printed with their code by whoever may."""

import re
from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from payments.credit.models import StoredValue
from tests.admin.browsing import office
from tests.factories import Shop, shop
from tests.payments.credit.cards import CODE, bought, by_card, card, ways_to_pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(cafe: Any) -> Shop:
    made = shop(cafe)
    with tenant_context(cafe):
        ways_to_pay()
    return made


def said(page: Any) -> str:
    """What people read on it."""
    text = re.sub(r"<script.*?</script>|<style.*?</style>", "", page.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def spent(here: Shop) -> StoredValue:
    """A card of 20.00 of which two cappuccinos were paid."""
    with tenant_context(here.tenant):
        gift = card(2000, holder="Ms Sommer")
        bought(here, by_card(760, gift.pk))
    return gift


def test_a_card_and_its_statement_are_told_in_words(here: Shop) -> None:
    gift, browser = spent(here), office(here.tenant)
    listed = said(browser.get("/payments/storedvalue/"))
    for word in ("•••• ABCD", "Gift card", "Active", "12.40 EUR", "Ms Sommer"):
        assert word in listed
    shown = said(browser.get(f"/payments/storedvalue/{gift.pk}/change/"))
    for word in ("Activated", "20.00 EUR", "Paid with it", "-7.60 EUR", "A payment", "Somebody asked"):
        assert word in shown
    assert not re.search(r"\b(activate|gift_card|request)\b", shown)
    assert CODE not in shown


def test_its_slip_is_looked_at_and_kept(here: Shop) -> None:
    gift, browser = spent(here), office(here.tenant)
    path = f"/payments/storedvalue/{gift.pk}/paper/"
    assert f"/admin{path}" in browser.get(f"/payments/storedvalue/{gift.pk}/change/").content.decode()
    assert "Gift card slip *ABCD" in browser.get(path).content.decode()
    assert "12.40" in browser.get(f"{path}?format=text").content.decode()
    assert browser.get(f"{path}?format=pdf").content.startswith(b"%PDF")
    assert browser.get("/payments/storedvalue/01a206d2-32b6-76da-bea8-50aee6d19f24/paper/").status_code == 302


def test_a_card_is_printed_by_whoever_may(here: Shop) -> None:
    with tenant_context(here.tenant):
        own, other = card(1000, code=None), card(1000)
    owner = office(here.tenant)
    made = owner.post(f"/payments/storedvalue/{own.pk}/paper/", {})
    assert made.content.startswith(b"%PDF")
    assert "no-store" in made["Cache-Control"]
    path = f"/payments/storedvalue/{other.pk}/paper/"
    assert "is not known here" in said(owner.post(path, {}))
    assert "the code of another card" in said(owner.post(path, {"code": "GIFT-0002-ABCD"}))
    assert "6 to 40 letters and digits" in said(owner.post(path, {"code": "?"}))
    assert owner.post(path, {"code": CODE}).content.startswith(b"%PDF")
