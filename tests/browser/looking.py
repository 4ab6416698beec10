"""Looking at every page of stock on a telephone and at a desk: nothing red, nothing too wide."""

from typing import Final

from tests.browser.scene import Scene, fits, no_complaints, said
from tests.browser.tab import Tab

LISTS: Final = (
    "stocklevel",
    "stockmovement",
    "stockcount",
    "stockcountresult",
    "stocktransfer",
    "stocklot",
    "stockalert",
    "stockitem",
    "stocktarget",
    "stockwaste",
    "stockproduction",
    "reservation",
    "recipe",
    "supplier",
    "purchaseorder",
    "goodsreceipt",
    "landedcost",
    "supplierreturn",
)


def look(scene: Scene) -> None:
    """The whole of it."""
    tab = scene.margaret
    for name, path, must_say in pages(scene):
        at_both_widths(scene, tab, path, name, must_say)
    for table in LISTS:
        at_both_widths(scene, tab, f"/pos/{table}/", f"list-{table}", "")
    filters(scene, tab)
    said(f"{len(LISTS)} lists fit a telephone and a desk, too")


def pages(scene: Scene) -> tuple[tuple[str, str, str], ...]:
    """Name, address and a sentence that must be there."""
    grocer = scene.grocer
    card = f"/pos/stock-card/{grocer.variants['milk']}/"
    return (
        ("stock-card", f"{card}?location={grocer.stall}", "Level and movements"),
        ("stock-card-all", card, "Level and movements"),
        ("stock-labels", "/pos/labels/?q=apples", "Braeburn Apples"),
        ("stock-suggestions", f"/pos/purchase-suggestions/?supplier={grocer.supplier}", "Whole Milk"),
        ("stock-valuation", "/pos/stock-valuation/", "Worth together"),
        ("stock-recall", "/pos/stock-recall/?code=L-2291", "L-2291"),
        ("stock-margins", "/pos/stock-margins/", ""),
        ("stock-usage", "/pos/stock-usage/", ""),
        ("stock-count-open", "/pos/stockcount/open/", "Begin to count"),
        ("stock-transfer-open", "/pos/stocktransfer/open/", "Prepare it"),
        ("stock-receive", "/pos/receive/", "Nothing is on its way."),
    )


def at_both_widths(scene: Scene, tab: Tab, path: str, name: str, must_say: str) -> None:
    """Open a page on a telephone and at a desk."""
    for size, become in (("phone", tab.phone), ("desk", tab.desk)):
        become()
        scene.open(tab, path)
        if must_say:
            tab.waits_for("body", must_say)
        fits(tab, f"{name} ({size})")
        no_complaints(tab)
        scene.picture(tab, name if size == "desk" else f"{name}-phone")
    if must_say:
        said(f"{name}: “{must_say}”, on a telephone and at a desk")


def filters(scene: Scene, tab: Tab) -> None:
    """What a shopkeeper asks of the list of stock: what is low, below zero, on its way; what is it called."""
    tab.desk()
    for query, shown, hidden in (
        ("state=low", "Whole Milk", "Braeburn"),
        ("state=negative", "No results found", "Whole Milk"),
        ("state=in&q=oil", "Extra Virgin Olive Oil", "Whole Milk"),
        (f"location__id__exact={scene.grocer.stall}", "Braeburn", "Bananas"),
    ):
        scene.open(tab, f"/pos/stocklevel/?{query}")
        tab.waits_for("#changelist", shown)
        assert hidden not in tab.text("#changelist"), f"{query} shows {hidden}"
        no_complaints(tab)
    said("the list of stock: low, below zero, by name, by location")
