"""Guests with telephones: the simulator's page and our own, in German and French, pressed twice and come back to.

The vendor is the fake of the contract tests; its form is a double of what its script offers.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from fynlo.core import clock
from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from payments.gateways.models import Attempt
from payments.gateways.services import (
    AttemptDraft,
    ConnectionDraft,
    cancel_attempt,
    drive_attempt,
    save_connection,
    start_attempt,
)
from tests.browser.scene import HOST, Scene, fits, no_complaints, said
from tests.browser.tab import Tab
from tests.contracts.stripe.server import StripeServer

KEY: Final = "sk_test_of_the_walk"
FORM: Final = """
window.asked = { confirmed: 0 };
window.Stripe = (key, options) => ({
  elements: given => {
    Object.assign(window.asked, { key, options, given });
    return { create: () => ({ mount: where => {
      document.querySelector(where).textContent = "4242 4242 4242 4242"; } }) };
  },
  confirmPayment: () => { window.asked.confirmed += 1;
    return new Promise(done => { window.vendorSays = done; }); },
});
"""
"""What the page uses of the vendor's script; its answer comes when the walk says so."""


def pay_as_guests(scene: Scene) -> None:
    """The whole of it."""
    tab = scene.browser.person()
    tab.phone()
    on_the_simulators_page(scene, tab)
    with vendor(scene) as (server, ask):
        tab.send("Page.addScriptToEvaluateOnNewDocument", source=FORM)
        tab.send("Network.setBlockedURLs", urls=["https://js.stripe.com/*"])
        in_the_vendors_form(scene, tab, server, ask())
        taken_back_meanwhile(scene, tab, ask())


def on_the_simulators_page(scene: Scene, tab: Tab) -> None:
    """The address of a QR code, opened as it is."""
    tab.speak("de-AT")
    tab.open(link(scene))
    assert tab.text("h1") == "7,90 GBP"
    assert tab.texts("button") == ["Bezahlen", "Ablehnen"]
    assert tab.ask("document.documentElement.lang") == "de"
    fits(tab, "the simulator's page (phone)")
    scene.picture(tab, "guest-page-phone")
    page = tab.ask("location.href")
    with tab.leaving():
        tab.click("button.pay", times=2)
    assert tab.text("#told") == "Vielen Dank. Es ist bezahlt."
    tab.open(f"http://{HOST}:{scene.port}/pay/thanks")
    assert tab.text("main") == "Vielen Dank. Sie können diese Seite schließen."
    tab.ask("history.back()")
    tab.waits_for("#told", "Vielen Dank. Es ist bezahlt.")
    assert tab.ask("location.href") == page
    assert tab.texts("button") == []
    tab.speak("fr")
    tab.open(link(scene))
    assert tab.texts("button") == ["Payer", "Refuser"]
    with tenant_context(scene.grocer.tenant):
        cancel_attempt(attempt_id=Attempt.objects.latest("id").pk, actor=SYSTEM, at=clock.now())
    with tab.leaving():
        tab.click("button.pay")
    assert tab.text("#told") == "Cette demande a été retirée. Il n’y a rien à payer ici."
    no_complaints(tab)
    said("a guest opens the link in German, presses twice, comes back: paid once; in French: taken back")


def in_the_vendors_form(scene: Scene, tab: Tab, server: StripeServer, attempt: Attempt) -> None:
    """Declined, then paid by two presses, and opened again."""
    tab.speak("fr")
    tab.open(f"http://{HOST}:{scene.port}/pay/{attempt.next['url'].rpartition('/')[2]}")
    tab.wait("!document.getElementById('form').hidden")
    assert tab.text("h1") == "19,00 GBP"
    assert tab.ask("[asked.options.locale, asked.given.locale]") == ["fr", "fr"]
    fits(tab, "the page with the vendor's form (phone)")
    tab.click("#pay")
    assert (tab.text("#told"), tab.ask("pay.disabled")) == ("Un instant, s’il vous plaît.", True)
    tab.ask("vendorSays({ error: { type: 'card_error', message: 'Votre carte a été refusée.' } })")
    tab.waits_for("#told", "Votre carte a été refusée.")
    tab.click("#pay", times=2)
    assert tab.ask("asked.confirmed") == 2
    server.pay_intent(attempt.vendor_id)
    tab.ask("vendorSays({ paymentIntent: { status: 'succeeded' } })")
    tab.waits_for("#told", "Merci. C’est payé.")
    assert tab.ask("form.hidden") is True
    with tab.leaving():
        tab.ask("location.reload()")
    tab.waits_for("#told", "Merci. C’est payé.")
    assert tab.ask("form.hidden") is True
    no_complaints(tab, but=("js.stripe.com",))
    said("in French on our own page: declined, then pressed twice and paid once; opened again it says so")


def taken_back_meanwhile(scene: Scene, tab: Tab, attempt: Attempt) -> None:
    """The till takes it back while a guest has the page open and looks elsewhere."""
    tab.speak("de")
    tab.open(f"http://{HOST}:{scene.port}/pay/{attempt.next['url'].rpartition('/')[2]}")
    tab.wait("!document.getElementById('form').hidden")
    assert tab.texts("button") == ["Bezahlen"]
    scene.picture(tab, "guest-form-phone")
    with tenant_context(scene.grocer.tenant):
        cancel_attempt(attempt_id=attempt.pk, actor=SYSTEM, at=clock.now())
    tab.ask("document.dispatchEvent(new Event('visibilitychange'))")
    tab.waits_for("#told", "Diese Zahlung wurde zurückgezogen. Hier ist nichts zu bezahlen.")
    assert tab.ask("form.hidden") is True
    no_complaints(tab, but=("js.stripe.com",))
    said("one that the till took back says so to the guest who comes back to it, and asks for nothing")


def link(scene: Scene) -> str:
    """The stall's till asks for a bottle of oil by a link: the address its QR code says."""
    line = {"id": str(new_id()), "variant_id": str(scene.grocer.variants["oil"]), "quantity": "1"}
    ticket = scene.post("/tickets", {"id": str(new_id()), "lines": [line]})
    asked = {"id": str(new_id()), "tender_type": "link", "amount": ticket["due"]}
    address = str(scene.post(f"/orders/{ticket['id']}/attempts", asked)["next"]["url"])
    assert address.startswith(f"http://{HOST}:{scene.port}/pay/simulator/"), address
    return address


@contextmanager
def vendor(scene: Scene) -> Iterator[tuple[StripeServer, Any]]:
    """An account at the fake vendor, and how 19.00 are asked for on our page."""
    server = StripeServer()
    try:
        server.connect("acct_walk", country="GB", currency="gbp")
        server.give_key(KEY, "acct_walk")
        with tenant_context(scene.grocer.tenant):
            draft = ConnectionDraft(
                id=new_id(),
                gateway="stripe",
                name="Stripe",
                account="acct_walk",
                settings={"api_base": server.url, "publishable_key": "pk_test_of_the_walk"},
                secrets={"secret_key": KEY},
            )
            connection = save_connection(draft=draft, actor=SYSTEM, at=clock.now())

        def ask() -> Attempt:
            with tenant_context(scene.grocer.tenant):
                wanted = AttemptDraft(
                    id=new_id(),
                    order_id=None,
                    purpose="order",
                    connection_id=connection.pk,
                    tender_type="link",
                    channel="remote",
                    amount=Money(1900, "GBP"),
                    reference="M1-19",
                )
                row = start_attempt(draft=wanted, actor=SYSTEM, at=clock.now())
                return drive_attempt(attempt_id=row.pk, at=clock.now())

        yield server, ask
    finally:
        server.stop()
