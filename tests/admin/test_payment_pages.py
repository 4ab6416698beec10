"""Payment pages as a merchant reads them: words for codes, names for keys, no button for whoever may only look."""

import re
from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from payments.gateways.models import AttemptStep, Reader
from payments.tenders.models import TenderType
from staff.employees.models import Employee
from tests.admin.browsing import Browser, office
from tests.admin.test_try_payment import ask, press, save_simulator
from tests.factories import Shop, shop
from tests.payments.gateways.vendor import vendor_present

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here(cafe: Any) -> Shop:
    made = shop(cafe)
    with tenant_context(cafe):
        save_simulator(is_live=False)
    return made


def words_of(browser: Browser, path: str) -> str:
    """What a page says, without its markup."""
    page = re.sub(r"<(script|style).*?</\1>", " ", browser.get(path).content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_payment_is_told_in_words_with_names_and_amounts(here: Shop) -> None:
    browser = office(here.tenant)
    path = ask(here, browser, "taken")
    press(browser, path, "tap", "look", "half", "look")
    page = words_of(browser, path.replace("/try/", "/attempt/") + "act/")
    for told in (
        "Taken",
        "At a card reader “Bar” · Simulator",
        "Asked 3.80 EUR · Taken 3.80 EUR · Given back 1.90 EUR",
        "Waiting for the guest",
        "Reader: Bar",
        "Refund: 1.90 EUR",
    ):
        assert told in page
    for code in ("captured", "presented", "captured_minor", "380"):
        assert code not in page
    listed = words_of(browser, "/payments/attempt/")
    assert "3.80 EUR 3.80 EUR 1.90 EUR –" in listed
    with tenant_context(here.tenant):
        me, step = Employee.objects.get(number="7").name, AttemptStep.objects.get(what="sent", verb="refund")
        assert step.by == me


def test_whoever_may_only_read_sees_all_of_it_and_no_button(here: Shop) -> None:
    browser = office(here.tenant)
    path = ask(here, browser, "timed_out").replace("/try/", "/attempt/") + "act/"
    assert "Look again" in words_of(browser, path)
    with tenant_context(here.tenant):
        role = Employee.objects.get(number="7").role
        role.permissions = ["admin.access", "payments.read"]
        role.save()
    page = words_of(browser, path)
    assert "It is not known yet whether 3.80 EUR was taken." in page
    for button in ("Look again", "Let it go", "Allow another payment"):
        assert button not in page
    for other in ("reconciliation/", "disputes/", "bells/"):
        assert '<form method="post"' not in _own(browser.get(f"/payments/{other}").content.decode())


def _own(page: str) -> str:
    """The part of a page that is not the frame around it."""
    return page.partition('<div class="fy">')[2]


def test_a_reader_is_put_at_a_register_by_its_name(here: Shop) -> None:
    browser = office(here.tenant)
    with tenant_context(here.tenant):
        reader = Reader.objects.get()
    path = f"/payments/reader/{reader.pk}/change/"
    assert (
        f'<option value="{here.register.pk}">{here.register.name}</option>'
        in browser.get(path).content.decode()
    )
    for chosen, kept in ((str(here.register.pk), here.register.pk), ("", None)):
        assert browser.submit(path, register_id=chosen).status_code == 302
        with tenant_context(here.tenant):
            reader.refresh_from_db()
        assert reader.register_id == kept


def test_ways_to_pay_say_what_they_are_and_through_whom(here: Shop) -> None:
    with tenant_context(here.tenant):
        assert TenderType.objects.filter(code="reader", kind="card").exists()
    page = words_of(office(here.tenant), "/payments/tendertype/")
    assert "Ways to pay" in page
    assert "Card reader Card Simulator · At a card reader" in page


def test_an_account_may_be_at_a_provider_somebody_added(here: Shop) -> None:
    browser = office(here.tenant)
    with vendor_present() as added:
        assert f'<option value="{added.code}">' in browser.get("/payments/connection/add/").content.decode()
    assert f'<option value="{added.code}">' not in browser.get("/payments/connection/add/").content.decode()
