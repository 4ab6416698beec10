"""Trying a card payment in the back office: what is pressed, and what order, card and books say of it."""

from typing import Any
from uuid import UUID

import pytest

from fynlo.core import clock
from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.gateways.models import Attempt, GatewayRefund
from payments.gateways.services import ConnectionDraft, ReaderDraft, save_connection, save_reader
from payments.ledger.models import Transfer
from payments.reconciliation.models import Difference, Payout, Reconciliation
from payments.tenders.models import TenderType
from pos.orders.models import Order
from staff.employees.models import Employee
from tests.admin.browsing import Browser, office
from tests.factories import Shop, shop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here(cafe: Any) -> Shop:
    """The café with a simulated account, its reader at no till."""
    made = shop(cafe)
    with tenant_context(cafe):
        save_simulator(is_live=False)
    return made


def save_simulator(*, is_live: bool) -> UUID:
    connection = save_connection(
        draft=ConnectionDraft(
            id=new_id(),
            gateway="simulator",
            name="Simulator",
            account="sim_1",
            is_live=is_live,
            settings={},
            secrets={"webhook_secret": "sim_whsec_of_a_test"},
        ),
        actor=SYSTEM,
        at=clock.now(),
    )
    draft = ReaderDraft(id=new_id(), connection_id=connection.pk, vendor_id="R1", name="Bar")
    save_reader(draft=draft, actor=SYSTEM)
    TenderType.objects.create(
        code="reader", name="Card", kind="card", connection=connection, channel="present"
    )
    return UUID(str(connection.pk))


def ask(here: Shop, browser: Browser, scenario: str) -> str:
    """Fill in the page; the address it leads to."""
    answer = browser.post(
        "/payments/try/",
        {
            "register": str(here.register.pk),
            "product": str(here.variants["cappuccino"].pk),
            "way": "reader",
            "scenario": scenario,
        },
    )
    assert answer.status_code == 302, answer.content[:2000]
    return str(answer["Location"]).removeprefix("/admin")


def shown(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def press(browser: Browser, path: str, *buttons: str) -> str:
    """Press one after the other; what the page says then."""
    for button in buttons:
        assert browser.post(f"{path}press/", {"button": button}).status_code == 302
    return shown(browser, path)


def test_the_guest_taps_and_the_order_has_a_receipt(here: Shop) -> None:
    browser = office(here.tenant)
    path = ask(here, browser, "taken")
    page = shown(browser, path)
    assert "3.80 EUR is asked for; wait for the guest." in page
    assert "no receipt yet" in page
    page = press(browser, path, "tap", "look")
    assert "3.80 EUR was taken." in page
    assert "paid, receipt" in " ".join(page.split())
    with tenant_context(here.tenant):
        order = Order.objects.get()
        assert (order.name, order.payment_state, order.receipt_number) == ("Test payment", "paid", 1)
        money = Transfer.objects.filter(kind="payment").values_list("debit_key", "credit_key", "amount_minor")
        assert list(money) == [("tender:reader", "receivable", 380)]


@pytest.mark.parametrize(
    ("scenario", "at_first", "at_last", "state"),
    [
        (
            "declined",
            "3.80 EUR is asked for; wait for the guest.",
            "3.80 EUR was declined; nothing was taken.",
            "unpaid",
        ),
        (
            "timed_out",
            "It is not known yet whether 3.80 EUR was taken.",
            "3.80 EUR was taken.",
            "paid",
        ),
        (
            "reader_busy",
            "3.80 EUR: the reader could not be used; nothing was taken.",
            "3.80 EUR: the reader could not be used; nothing was taken.",
            "unpaid",
        ),
        ("tip", "3.80 EUR is asked for; wait for the guest.", "4.18 EUR was taken.", "paid"),
    ],
)
def test_what_is_chosen_happens(here: Shop, scenario: str, at_first: str, at_last: str, state: str) -> None:
    browser = office(here.tenant)
    path = ask(here, browser, scenario)
    assert at_first in shown(browser, path)
    assert at_last in press(browser, path, "tap", "look")
    with tenant_context(here.tenant):
        assert Order.objects.get().payment_state == state


def test_one_that_is_cancelled_takes_nothing(here: Shop) -> None:
    browser = office(here.tenant)
    path = ask(here, browser, "taken")
    assert "3.80 EUR was cancelled; nothing was taken." in press(browser, path, "cancel")


def test_it_goes_back_in_two_parts_is_paid_out_and_reconciled_to_zero(here: Shop) -> None:
    browser = office(here.tenant)
    path = ask(here, browser, "tip")
    press(browser, path, "tap", "look", "half")
    page = press(browser, path, "rest", "look")
    assert "Refund half" not in page
    with tenant_context(here.tenant):
        order = Order.objects.get()
        assert (order.payment_state, order.refunded_minor) == ("refunded", 418)
        back = GatewayRefund.objects.order_by("id").values_list("amount_minor", "state")
        assert list(back) == [(190, "succeeded"), (228, "succeeded")]
    answer = browser.post(f"{path}press/", {"button": "compare"})
    assert "Reconciliation of Simulator" in shown(browser, str(answer["Location"]).removeprefix("/admin"))
    with tenant_context(here.tenant):
        assert Reconciliation.objects.get().state == "done"
        assert not Difference.objects.exists()
        payout = Payout.objects.get()
        assert (payout.unexplained_minor, payout.posted_at is None) == (0, False)


def test_a_refund_that_fails_later_is_told(here: Shop) -> None:
    browser = office(here.tenant)
    path = ask(here, browser, "refund_fails")
    page = press(browser, path, "tap", "look", "half", "look")
    assert "The card the money was to go back to is closed." in page
    with tenant_context(here.tenant):
        assert [each.state for each in GatewayRefund.objects.all()] == ["failed"]


def test_a_scenario_that_did_not_happen_does_not_wait_for_the_next(here: Shop) -> None:
    browser = office(here.tenant)
    press(browser, ask(here, browser, "declined"), "cancel")
    assert "3.80 EUR was taken." in press(browser, ask(here, browser, "taken"), "tap", "look")


def test_a_live_account_is_never_offered(cafe: Any) -> None:
    made = shop(cafe)
    with tenant_context(cafe):
        save_simulator(is_live=True)
    browser = office(cafe)
    assert "no way to pay has a simulated account" in " ".join(shown(browser, "/payments/try/").split())
    chosen = {"register": str(made.register.pk), "product": str(made.variants["roll"].pk), "way": "reader"}
    browser.post("/payments/try/", {**chosen, "scenario": "taken"})
    with tenant_context(cafe):
        assert not Order.objects.exists()


@pytest.mark.parametrize("missing", ["payments.read", "orders.place"])
def test_who_may_not_sell_or_see_payments_tries_none(here: Shop, missing: str) -> None:
    browser = office(here.tenant)
    path = ask(here, browser, "taken")
    with tenant_context(here.tenant):
        role = Employee.objects.get(number="7").role
        role.permissions = [each for each in role.permissions if each != missing]
        role.save()
    assert browser.get("/payments/try/").status_code == 403
    assert browser.get(path).status_code == 403
    assert browser.post(f"{path}press/", {"button": "tap"}).status_code == 403


def test_nobody_else_sees_it_and_a_button_that_is_not_there_does_nothing(here: Shop, grocer: Any) -> None:
    browser = office(here.tenant)
    path = ask(here, browser, "taken")
    assert browser.post(f"{path}press/", {"button": "explode"}).status_code == 404
    stranger = office(grocer)
    assert stranger.get(path).status_code == 404
    assert stranger.post(f"{path}press/", {"button": "tap"}).status_code == 404
    with tenant_context(here.tenant):
        assert Attempt.objects.get().state == "presented"
