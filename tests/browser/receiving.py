"""Receiving an order with a telephone: a part with lot and last day, the rest later, nothing twice."""

from decimal import Decimal

from fynlo.core.tenancy import tenant_context
from pos.inventory.models import StockLot
from pos.purchasing.models import GoodsReceipt, PurchaseOrder
from tests.browser.counting import scan_into
from tests.browser.scene import Scene, fits, no_complaints, said
from tests.browser.tab import Tab

MILK = "5020871042188"


def receive(scene: Scene) -> None:
    """The whole of it."""
    grocer, tab = scene.grocer, scene.priya
    milk, yogurt = (grocer.on_hand(name, grocer.shop) for name in ("milk", "yogurt"))
    scene.open(tab, "/pos/receive/")
    tab.waits_for(".fy-go", "Loxley Dairy")
    fits(tab, "orders on their way")
    scene.picture(tab, "receive-list-phone")
    with tab.leaving():
        tab.click(".fy-go")

    scan_a_part(tab)
    tab.click(line(2, "[data-all]"))
    assert tab.value(line(2, "[name^=quantity_]")) == "2"
    tab.type("[name=delivery_note]", "DN-4711")
    tab.ask("scrollTo(0, 0)")
    scene.picture(tab, "receive-phone")
    with tab.leaving():
        tab.click("#send")
    assert (receipts(scene), grocer.on_hand("milk", grocer.shop)) == (0, milk)
    said(
        f"yogurt without its lot: “{tab.text(line(2, '[role=alert]'))}”; nothing is written, what was typed stays"
    )
    assert tab.value(line(1, "[name^=quantity_]")) == "13"

    tab.type(line(2, "[name^=lot_]"), "L-2291")
    tab.set(line(2, "[name^=lotx_]"), "2030-03-01")
    fits(tab, "receiving")
    scene.picture(tab, "receive-lot-phone")
    twice(tab)
    assert receipts(scene) == 1
    assert grocer.on_hand("milk", grocer.shop) == milk + 13
    assert grocer.on_hand("yogurt", grocer.shop) == yogurt + 12
    with tenant_context(grocer.tenant):
        lot = StockLot.objects.get(variant_id=grocer.variants["yogurt"], code="L-2291")
        assert f"{lot.expires_on}" == "2030-03-01"
    assert state(scene) == "partly_received"
    said("13 milk and a dozen yogurts of lot L-2291 come; Receive is pressed twice, and it is one receipt")
    no_complaints(tab)
    the_rest(scene, tab, milk)


def line(number: int, selector: str) -> str:
    """Something of a line of the order, as the page shows it."""
    return f"section.fy-line:nth-of-type({number}) {selector}"


def scan_a_part(tab: Tab) -> None:
    """A crate by the supplier's code, a carton by its barcode, and something that was not ordered."""
    tab.set(line(1, "[name^=unit_]"), "pack")
    scan_into(tab, "#scan", "m-12")
    tab.waits_for("#said", "Whole Milk, 2 pints: 1")
    scan_into(tab, "#scan", MILK)
    tab.waits_for("#said", "Whole Milk, 2 pints: 13")
    scan_into(tab, "#scan", "5072033107303")
    tab.waits_for("#said", "5072033107303 is not on this order.")
    said("a crate and a carton are scanned: 13; olive oil is not on this order")


def twice(tab: Tab) -> None:
    """A nervous thumb."""
    with tab.leaving():
        tab.click("#send", times=2)
    tab.wait("location.pathname.endsWith('/pos/receive/')")


def the_rest(scene: Scene, tab: Tab, milk: Decimal) -> None:
    """More than was ordered is refused at its line; then what was open comes."""
    grocer = scene.grocer
    tab.waits_for(".fy-go", "partly here")
    with tab.leaving():
        tab.click(".fy-go")
    tab.type(line(1, "[name^=quantity_]"), "60")
    with tab.leaving():
        tab.click("#send")
    refusal = tab.text(line(1, "[role=alert]"))
    scene.picture(tab, "receive-too-much-phone")
    assert (receipts(scene), grocer.on_hand("milk", grocer.shop)) == (1, milk + 13)
    said(f"60 more milk: “{refusal}”; nothing is written")
    tab.click(line(1, "[data-all]"))
    assert tab.value(line(1, "[name^=quantity_]")) == "23"
    twice(tab)
    assert receipts(scene) == 2
    assert grocer.on_hand("milk", grocer.shop) == milk + 36
    assert state(scene) == "received"
    tab.waits_for(".fy-note", "Nothing is on its way.")
    said("the other 23 come: all 36 are there, the order is received")
    no_complaints(tab)


def receipts(scene: Scene) -> int:
    """How many deliveries of the order were recorded."""
    with tenant_context(scene.grocer.tenant):
        return GoodsReceipt.objects.filter(order_id=scene.grocer.order).count()


def state(scene: Scene) -> str:
    """The order's."""
    with tenant_context(scene.grocer.tenant):
        return str(PurchaseOrder.objects.get(pk=scene.grocer.order).state)
