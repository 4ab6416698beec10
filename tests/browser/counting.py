"""Two people count the stall at once while it sells; one is offline for a while; both want to close the count."""

from decimal import Decimal

from fynlo.core.tenancy import tenant_context
from pos.inventory.models import StockCount
from pos.inventory.models.counts import StockCountEntry
from tests.browser.scene import Scene, fits, no_complaints, said
from tests.browser.tab import Tab

MILK, OIL = "5020871042188", "5072033107303"


def count(scene: Scene) -> None:
    """The whole of it."""
    grocer, (ann, pri) = scene.grocer, (scene.margaret, scene.priya)
    path = f"/pos/stockcount/{grocer.count}/count/"
    for tab, zone in ((ann, "Front"), (pri, "Van")):
        scene.open(tab, path)
        tab.waits_for(".fy.fp", "Market stall")
        tab.set("#zone", zone)
    for _each in range(2):
        scan(ann, MILK)
    ann.waits_for("#what", "Whole Milk")
    assert ann.value("#many") == "2"
    many(ann, "19")
    scan(pri, "BAK002A")
    pri.waits_for("#what", "Wholemeal Tin Loaf")
    many(pri, "19")
    pri.wait("document.getElementById('waiting').hidden")
    assert entries(scene, "milk") == [1, 1, 17]
    assert entries(scene, "bread") == [1, 18]
    said("Margaret scans milk twice and types 19, Priya counts 19 loaves in the van: both are on the server")

    before = grocer.on_hand("milk", grocer.stall)
    scene.sell("milk", "2")
    assert grocer.on_hand("milk", grocer.stall) == before - 2
    said("meanwhile the till sells 2 pints of milk; nobody waits for the count")

    ann = offline(scene, ann, path)
    wrong_code(scene, ann)
    pick(ann, str(grocer.variants["apples"]))
    many(ann, "15,5")
    ann.wait("document.getElementById('waiting').hidden")
    assert entries(scene, "apples") == [Decimal("15.5")]
    ann.waits_for("#done", "4")
    said("she picks apples from the list and types 15,5: all four articles are counted")
    fits(ann, "counting")
    ann.ask("scrollTo(0, 0)")
    scene.picture(ann, "count-phone")
    close(scene, path, before)


def scan_into(tab: Tab, field: str, code: str) -> None:
    """What a scanner does: it types the code and presses Enter."""
    tab.type(field, code, is_entered=True)


def scan(tab: Tab, code: str) -> None:
    """What a scanner does: it types the code and presses Enter."""
    tab.type("#code", code, is_entered=True)


def many(tab: Tab, quantity: str) -> None:
    """Type how many there are in all."""
    tab.type("#many", quantity, is_entered=True)
    tab.wait(f"document.getElementById('many').value === {quantity.replace(',', '.')!r}")


def pick(tab: Tab, variant: str) -> None:
    """Unfold what is to be counted, and choose a line."""
    tab.click("details > summary")
    tab.click(f'.pick[data-variant="{variant}"]')


def entries(scene: Scene, name: str) -> list[Decimal]:
    """What was entered of an article and not taken back."""
    with tenant_context(scene.grocer.tenant):
        rows = StockCountEntry.objects.filter(
            count_id=scene.grocer.count,
            line__variant_id=scene.grocer.variants[name],
            voids=None,
            voided_by=None,
        )
        return [row.quantity for row in rows.order_by("counted_at")]


def offline(scene: Scene, tab: Tab, path: str) -> Tab:
    """Scans without a network are kept, also when the tab is closed before there is one; returns the new tab."""
    tab.offline(True)
    scan(tab, OIL)
    scan(tab, OIL)
    tab.waits_for("#waiting", "2 entries wait to be sent; kept on this device.")
    scene.picture(tab, "count-offline-phone")
    no_complaints(tab, but=["ERR_INTERNET_DISCONNECTED"])
    scene.margaret = again = scene.browser.closed_and_opened(tab)
    assert entries(scene, "oil") == []
    again.phone()
    scene.open(again, path)
    again.waits_for("#what", "Extra Virgin Olive Oil")
    again.wait("document.getElementById('waiting').hidden")
    assert (again.value("#many"), again.value("#zone")) == ("2", "Front")
    again.ask("location.reload()")
    again.wait("document.readyState === 'complete' && document.getElementById('many')?.value === '2'")
    assert entries(scene, "oil") == [1, 1]
    said("Margaret scans oil twice without a network and closes the tab; opened again, both arrive, once")
    return again


def wrong_code(scene: Scene, tab: Tab) -> None:
    """A code nobody knows is told at its scan, and taken back."""
    scan(tab, "9999999999994")
    tab.waits_for("#last .bad", "The catalogue has no such code.")
    scene.picture(tab, "count-unknown-phone")
    said(f"an unknown code: “{tab.text('#last .bad')}”")
    tab.click("#last .fp-row button")
    tab.wait("!document.querySelector('#last .bad')")
    no_complaints(tab, but=["status of 422"])


def close(scene: Scene, path: str, before: Decimal) -> None:
    """Counting ends; both look at the differences; one closes the count, the other is told who did."""
    grocer, first, second = scene.grocer, scene.priya, scene.margaret
    with second.leaving():
        second.click("#end button")
    scene.open(first, path)
    for tab in (first, second):
        tab.waits_for(".fp", "submitted by Margaret Hartley")
        fits(tab, "what differs")
    scene.picture(second, "count-review-phone")
    said(f"it is submitted: {' · '.join(second.texts('.fy-tile'))}")
    with first.leaving():
        first.click("button[value=approve]")
    first.waits_for("body", "The count is closed")
    with second.leaving():
        second.click("button[value=approve]")
    second.waits_for("body", "was closed by Priya Hartley-Nair on ")
    said(f"Priya closes it; Margaret is told: “{told(second)}”")
    with tenant_context(grocer.tenant):
        row = StockCount.objects.get(pk=grocer.count)
        assert (row.state, row.ended_by_name) == ("closed", "Priya Hartley-Nair")
    # 19 were there when 2 were still to be sold.
    assert grocer.movements("milk", grocer.stall, "count") == [19 - before]
    for name, now in (("milk", "17"), ("bread", "19"), ("oil", "2"), ("apples", "15.5")):
        assert grocer.on_hand(name, grocer.stall) == Decimal(now), name
    said("the stall holds 17 milk (19 counted, 2 sold since), 19 loaves, 2 oil, 15.5 kg of apples")
    for tab in (first, second):
        no_complaints(tab)


def told(tab: Tab) -> str:
    """The sentence about who was first."""
    return next(each for each in tab.texts("main *, body *") if each.startswith("Count ") and " by " in each)
