"""A transfer: sent with one telephone, received with another, with a broken bottle; the rest later."""

from decimal import Decimal

from fynlo.core.tenancy import tenant_context
from pos.inventory.models import StockTransfer
from tests.browser.scene import Scene, fits, no_complaints, said
from tests.browser.tab import Tab


def transfer(scene: Scene) -> None:
    """The whole of it."""
    grocer, sender, receiver = scene.grocer, scene.margaret, scene.priya
    path = f"/pos/stocktransfer/{grocer.transfer}/go/"
    oil, bread = (grocer.on_hand(name, grocer.stall) for name in ("oil", "bread"))
    shelf = grocer.on_hand("oil", grocer.shop)
    for tab in (sender, receiver):
        scene.open(tab, path)
    with sender.leaving():
        sender.click("button[value=send]")
    assert state(scene) == "sent"
    assert (grocer.on_hand("oil", grocer.shop), grocer.on_hand("oil", grocer.stall)) == (shelf - 12, oil)
    with receiver.leaving():
        receiver.click("button[value=send]")
    receiver.waits_for("body", "by Margaret Hartley on ")
    said("Margaret sends 12 oil and 6 loaves; Priya, who wanted to send them too, is told who did")

    receiver.click(line(1, ".less"))
    receiver.set(line(1, "select"), "damaged-waste")
    receiver.type(line(2, "input"), "4")
    scene.open(receiver, path)
    assert [receiver.value(line(number, "input")) for number in (1, 2)] == ["11", "4"]
    assert receiver.value(line(1, "select")) == "damaged-waste"
    fits(receiver, "transfer")
    scene.picture(receiver, "transfer-phone")
    scene.open(sender, path)
    with receiver.leaving():
        receiver.click("button[value=receive]", times=2)
    receiver.waits_for("body", "What arrived is on the shelf.")
    assert state(scene) == "partly_received"
    assert grocer.on_hand("oil", grocer.stall) == oil + 11
    assert grocer.on_hand("bread", grocer.stall) == bread + 4
    assert grocer.movements("oil", grocer.stall, "transfer_in") == [12]
    assert grocer.movements("oil", grocer.stall, "waste")[-1] == Decimal(-1)
    said(
        "11 bottles and 4 loaves arrive, one bottle is broken and written off; Receive pressed twice counts once"
    )
    fits(receiver, "partly received")
    scene.picture(receiver, "transfer-partly-phone")

    with sender.leaving():
        sender.click("button[value=receive]")
    assert grocer.on_hand("bread", grocer.stall) == bread + 4
    sender.waits_for("body", "by Priya Hartley-Nair on ")
    said("Margaret's page had not seen that: she is told that Priya received it, nothing arrives twice")
    the_rest(scene, receiver, bread)
    no_complaints(sender)


def line(number: int, selector: str) -> str:
    """Something of a line of the transfer."""
    return f"section.line:nth-of-type({number}) {selector}"


def the_rest(scene: Scene, tab: Tab, bread: Decimal) -> None:
    """The other two loaves come."""
    grocer = scene.grocer
    assert tab.value(line(2, "input")) == "2"
    with tab.leaving():
        tab.click("button[value=receive]")
    assert state(scene) == "received"
    assert grocer.on_hand("bread", grocer.stall) == bread + 6
    assert tab.texts("button[value=receive]") == []
    said("the other two loaves come: the transfer is received")
    no_complaints(tab)


def state(scene: Scene) -> str:
    """The transfer's."""
    with tenant_context(scene.grocer.tenant):
        return str(StockTransfer.objects.get(pk=scene.grocer.transfer).state)
