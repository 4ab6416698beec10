"""A card at the simulated reader: taken, declined, lost and found, given back in parts, paid out and compared.

Everything is pressed on the back office's own page; the figures are those of a bottle of oil at 7.90. The fee is
1.4 % and 0.05 for each payment: 0.11 + 0.05 = 0.16.
"""

from http import HTTPStatus

from fynlo.core import clock
from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.gateways.models import Attempt, GatewayRefund
from payments.gateways.services import (
    ConnectionDraft,
    ReaderDraft,
    look_at_refund,
    save_connection,
    save_reader,
)
from payments.tenders.models import TenderType
from staff.employees.models import Employee, Role
from tests.browser.scene import Scene, fits, no_complaints, said
from tests.browser.tab import Tab

TRY = "/payments/try/"
TILES = {
    "Lines read": "4",
    "Lines compared": "4",
    "Of them agree": "4",
    "Payments of ours compared": "2",
    "New payouts": "1",
    "Payouts booked": "1",
    "Differences open": "0",
}


def pay(scene: Scene) -> None:
    """The whole of it."""
    tab = scene.margaret
    tab.desk()
    scene.open(tab, TRY)
    tab.waits_for(".fy", "There is nothing to try with")
    simulator(scene)

    taken(scene, tab)
    declined(scene, tab)
    unknown_and_found(scene, tab)
    given_back(scene, tab)
    paid_out(scene, tab)
    only_looking(scene)
    owed(scene, tab)


def simulator(scene: Scene) -> None:
    """An account at the simulator with a reader, and the way to pay that leads there."""
    with tenant_context(scene.grocer.tenant):
        draft = ConnectionDraft(
            id=new_id(),
            gateway="simulator",
            name="Simulated card reader",
            account="sim_1",
            settings={},
            secrets={"webhook_secret": "sim_whsec_of_the_walk"},
        )
        row = save_connection(draft=draft, actor=SYSTEM, at=clock.now())
        reader = ReaderDraft(id=new_id(), connection_id=row.pk, vendor_id="R1", name="Counter")
        save_reader(draft=reader, actor=SYSTEM)
        TenderType.objects.create(
            code="reader", name="Card at the reader", kind="card", connection=row, channel="present"
        )
        TenderType.objects.create(
            code="link", name="Link as a QR code", kind="card", connection=row, channel="qr"
        )


def ask(scene: Scene, tab: Tab, scenario: str) -> None:
    """Choose a bottle of oil and what happens, and ask for the money."""
    scene.open(tab, TRY)
    tab.set("[name=product]", str(scene.grocer.variants["oil"]))
    tab.set("[name=scenario]", scenario)
    with tab.leaving():
        tab.click("form.fy-card button")


def press(tab: Tab, button: str) -> None:
    """One of the buttons of the page."""
    with tab.leaving():
        tab.click(f"button[value={button}]")


def taken(scene: Scene, tab: Tab) -> None:
    """The guest holds the card to the reader."""
    ask(scene, tab, "taken")
    assert tab.text("#sentence") == "7.90 GBP is asked for; wait for the guest."
    press(tab, "tap")
    press(tab, "look")
    assert tab.text("#sentence") == "7.90 GBP was taken."
    assert tab.text(".fy-tag") == "Taken"
    tab.waits_for(".fy-card", "paid, receipt")
    fits(tab, "a payment taken")
    no_complaints(tab)
    said("7.90 is asked for at the reader, the guest taps: taken, paid, with a receipt")


def declined(scene: Scene, tab: Tab) -> None:
    """The card is no good."""
    ask(scene, tab, "declined")
    press(tab, "tap")
    press(tab, "look")
    sentence = "7.90 GBP was declined; nothing was taken. Take another card, or take it another way."
    assert tab.text("#sentence") == sentence
    tab.waits_for(".fy-card", "unpaid, no receipt yet")
    assert tab.texts("button[value=half]") == []
    no_complaints(tab)
    said("another card is declined: nothing was taken, there is nothing to give back")


def unknown_and_found(scene: Scene, tab: Tab) -> None:
    """Nobody answers in time; looking ends it."""
    ask(scene, tab, "timed_out")
    sentence = "It is not known yet whether 7.90 GBP was taken. Do not take it again: it is being looked up."
    assert tab.text("#sentence") == sentence
    assert tab.text(".fy-tag") == "Not known yet"
    scene.picture(tab, "try-payment-unknown")
    press(tab, "tap")
    press(tab, "look")
    assert tab.text("#sentence") == "7.90 GBP was taken."
    no_complaints(tab)
    said("nobody answers: it is not known whether it was taken, until somebody looks and it was")


def given_back(scene: Scene, tab: Tab) -> None:
    """Half of it, then the rest."""
    for button, back in (("half", ["3.95 GBP"]), ("rest", ["3.95 GBP", "3.95 GBP"])):
        press(tab, button)
        assert [each for each in tab.texts("td.num") if "GBP" in each] == back
    tab.waits_for(".fy-card", "Asked 7.90 GBP · Taken 7.90 GBP · Given back 7.90 GBP")
    assert tab.texts("button[value=half]") == []
    scene.picture(tab, "try-payment-taken", is_whole=True)
    no_complaints(tab)
    said("it goes back in two parts of 3.95; there is no third")


def paid_out(scene: Scene, tab: Tab) -> None:
    """Two payments less what went back, less two fees: 7.90 + 7.90 − 7.90 − 0.32 = 7.58."""
    press(tab, "compare")
    tab.waits_for(".fy", "Everything agrees.")
    tiles = dict(zip(tab.texts(".fy-tile span"), tab.texts(".fy-tile b"), strict=True))
    assert tiles == TILES, tiles
    scene.picture(tab, "try-payment-reconciled")
    scene.open(tab, "/payments/reconciliation/")
    row = tab.text("table:has(th:nth-child(7)) tbody tr")
    assert "7.58 GBP" in row, row
    assert "0.32 GBP" in row, row
    tab.waits_for(".fy-tile b", "All agrees")
    scene.picture(tab, "reconciliation")
    with tab.leaving():
        tab.click("td.mono a")
    tiles = dict(zip(tab.texts(".fy-tile span"), tab.texts(".fy-tile b"), strict=True))
    assert tiles == {
        "Gross": "7.90 GBP",
        "Fees kept": "0.32 GBP",
        "Net of the lines": "7.58 GBP",
        "Paid out": "7.58 GBP",
        "Not explained": "0.00 GBP",
    }, tiles
    scene.picture(tab, "payout")
    no_complaints(tab)
    said("the vendor pays 7.58 out after 0.32 of fees; line by line it agrees, nothing is left to explain")


def owed(scene: Scene, tab: Tab) -> None:
    """A refund fails after all: the guest is owed it, and on a telephone it is sent again."""
    ask(scene, tab, "refund_fails")
    for button in ("tap", "look", "half", "look"):
        press(tab, button)
    with tenant_context(scene.grocer.tenant):
        refund = GatewayRefund.objects.latest("id")
        refund = look_at_refund(refund_id=refund.pk, at=clock.now())
    assert refund.state == "failed"
    tab.phone()
    scene.open(tab, f"/payments/attempt/{refund.attempt_id}/act/")
    tab.waits_for(".fy-card", "Taken 7.90 GBP · Failed, still owed 3.95 GBP")
    again = "form:has([value=send_refund]) button"
    edge = tab.ask(
        "Math.max(...[...document.querySelectorAll('.then + tr button, .then + tr input')]"
        ".map(each => each.getBoundingClientRect().right))"
    )
    assert edge <= tab.ask("document.documentElement.clientWidth"), edge
    assert "Margaret Hartley" in tab.texts(".fy-stack tr")[-2], tab.texts(".fy-stack tr")
    fits(tab, "a refund that failed (phone)")
    scene.picture(tab, "failed-refund-phone")
    with tab.leaving():
        tab.click(again)
    tab.waits_for(".fy-card", "Taken 7.90 GBP · Given back 3.95 GBP")
    scene.open(tab, "/payments/waiting/")
    fits(tab, "what waits (phone)")
    no_complaints(tab)
    tab.desk()
    said("a refund failed: owed, its buttons fit a telephone, sent again it arrives")


def only_looking(scene: Scene) -> None:
    """Priya's role may read payments and nothing else: she sees all of it, and no button."""
    tab = scene.priya
    tab.desk()
    with tenant_context(scene.grocer.tenant):
        role = Role.objects.create(
            code="looker", name="Looks at payments", permissions=["admin.access", "payments.read"]
        )
        Employee.objects.filter(number="2").update(role=role)
        attempt, lost = (Attempt.objects.order_by("-id")[place].pk for place in (0, 1))
    for path, must_say in (
        (f"/payments/attempt/{attempt}/act/", "7.90 GBP was taken."),
        (f"/payments/attempt/{lost}/act/", "7.90 GBP was declined"),
        ("/payments/attempt/", "Taken"),
        ("/payments/reconciliation/", "All agrees"),
        ("/payments/disputes/", "No guest’s bank"),
        ("/payments/bells/", "No provider has called yet."),
        ("/payments/connection/", "Simulated card reader"),
    ):
        scene.open(tab, path)
        tab.waits_for("body", must_say)
        assert tab.texts(".fy button, .fy form") == [], path
        no_complaints(tab)
    assert tab.ask(f"fetch('/admin{TRY}').then(answer => answer.status)") == HTTPStatus.FORBIDDEN
    no_complaints(tab, but=("403",))
    said("Priya, who may only read payments, sees all of that and no button; the test page is not hers")
