"""What files of stock look like: their columns, under the names merchants and other programs use."""

from collections.abc import Mapping
from typing import Any, Final

from pos.catalog.sheets.columns import Column, Sheet
from pos.catalog.sheets.kinds import Money, Text, Whole, YesNo
from pos.catalog.sheets.names import Names
from pos.stock_files.cells import Amount, Day, OnHand, UnitCost

SKU: Final = ("article", "article_number", "artikelnummer", "art_nr", "item_code", "référence")
PLACE: Final = ("store", "shop", "filiale", "standort", "lager", "magasin")
_ON_HAND: Final = ("stock", "quantity", "qty", "bestand", "menge", "counted", "quantité")
_COST: Final = ("cost", "cost_price", "ek", "einkaufspreis", "purchase_price")


def _nothing(_cells: Mapping[str, Any], _names: Names) -> str | None:
    """Rows of stock are found by their kind (`pos.stock_files.kinds`), not among the catalogue's documents."""
    return None


def _column(name: str, kind: Any, *, aliases: tuple[str, ...] = (), **said: Any) -> Column:
    return Column(name=name, kind=kind, at=None, aliases=aliases, **said)


def _sku() -> Column:
    return _column("sku", Text(64, needed=True), aliases=SKU, required=True, key=True)


def _location() -> Column:
    help_ = "the code of the location; empty: the one that is chosen with the file"
    return _column("location", Text(20), aliases=PLACE, key=True, help=help_)


LEVELS: Final = Sheet(
    name="levels",
    title="What is on hand",
    kind="stock_levels",
    find=_nothing,
    columns=(
        _sku(),
        _location(),
        _column("on_hand", OnHand(), aliases=_ON_HAND, required=True, help="what is there now"),
        _column("unit", Text(20), aliases=("einheit", "unité"), help="any unit of the item; empty: its own"),
        _column("unit_cost", UnitCost(), aliases=_COST, help="of one unit of what comes in by this row"),
        _column("lot", Text(20), aliases=("batch", "charge", "lot_number", "serial"), key=True),
        _column(
            "expires_on", Day(), aliases=("expiry", "best_before", "mhd", "expiration"), help="of the lot"
        ),
    ),
)
TARGETS: Final = Sheet(
    name="targets",
    title="What should be on the shelves",
    kind="stock_targets",
    find=_nothing,
    columns=(
        _sku(),
        _location(),
        _column("reorder_point", Amount(), aliases=("minimum", "min", "meldebestand")),
        _column("par_level", Amount(), aliases=("par", "target", "sollbestand")),
        _column("maximum", Amount(), aliases=("max", "höchstbestand")),
        _column("safety_stock", Amount(), aliases=("sicherheitsbestand",)),
        _column("lead_time_days", Whole(most=36_500, if_empty=None), aliases=("lead_time", "lieferzeit")),
    ),
)
SUPPLIERS: Final = Sheet(
    name="suppliers",
    title="Suppliers",
    kind="suppliers",
    find=_nothing,
    columns=(
        _column(
            "code",
            Text(40, needed=True),
            aliases=("supplier", "lieferant", "lieferantennummer"),
            required=True,
            key=True,
        ),
        _column("name", Text(120, needed=True), required=True),
        _column("contact", Text(120), aliases=("ansprechpartner",)),
        _column("email", Text(254), aliases=("e_mail", "mail")),
        _column("phone", Text(40), aliases=("telefon", "telephone")),
        _column("address", Text(600), aliases=("adresse", "anschrift"), help="its lines, `|` between them"),
        _column("tax_number", Text(40), aliases=("vat_number", "ust_id")),
        _column("account_number", Text(60), aliases=("customer_number", "kundennummer")),
        _column("lead_time_days", Whole(most=36_500, if_empty=None), aliases=("lead_time", "lieferzeit")),
        _column("minimum_order", Money(needed=False), aliases=("mindestbestellwert",)),
        _column("payment_terms", Text(120), aliases=("zahlungsziel",)),
        _column("language", Text(35, if_empty="en")),
        _column("note", Text(500)),
        _column("active", YesNo()),
    ),
)
SUPPLIER_ITEMS: Final = Sheet(
    name="supplier_items",
    title="What suppliers sell",
    kind="supplier_items",
    find=_nothing,
    columns=(
        _column(
            "supplier",
            Text(40, needed=True),
            aliases=("lieferant", "supplier_number"),
            required=True,
            key=True,
        ),
        _sku(),
        _column("supplier_code", Text(60), aliases=("supplier_sku", "order_code", "bestellnummer"), key=True),
        _column("pack_name", Text(40), aliases=("pack", "gebinde")),
        _column("pack_size", Amount(positive=True), aliases=("inhalt", "pack_quantity"), help="empty: 1"),
        _column("pack_unit", Text(20), help="any unit of the item; empty: its own"),
        _column("pack_price", UnitCost(), aliases=("price", "ek", "einkaufspreis")),
        _column("minimum_packs", Amount(), aliases=("mindestmenge",), help="empty: 1"),
        _column("preferred", YesNo(if_empty=False), aliases=("bevorzugt",)),
    ),
)
PURCHASE_ORDERS: Final = Sheet(
    name="purchase_orders",
    title="Orders to suppliers",
    kind="purchase_orders",
    find=_nothing,
    columns=(
        _column(
            "order",
            Text(40, needed=True),
            aliases=("order_number", "bestellung", "number"),
            required=True,
            key=True,
            help="rows with the same word are one order; one that there is already stays",
        ),
        _column("supplier", Text(40, needed=True), aliases=("lieferant",), required=True),
        _column(
            "location",
            Text(20),
            aliases=PLACE,
            help="the code of the location; empty: the one that is chosen with the file",
        ),
        _sku(),
        _column(
            "packs", Amount(positive=True, needed=True), aliases=("quantity", "qty", "menge"), required=True
        ),
        _column("pack_size", Amount(positive=True), help="empty: as the supplier sells it"),
        _column("pack_unit", Text(20)),
        _column(
            "pack_price", UnitCost(), aliases=("price", "unit_price"), help="empty: as the supplier sells it"
        ),
        _column("expected_on", Day(), aliases=("delivery_date", "liefertermin")),
        _column("note", Text(200)),
    ),
)
COUNTS: Final = Sheet(
    name="counts",
    title="What was counted",
    kind="stock_counts",
    find=_nothing,
    columns=(
        _column(
            "count", Whole(least=1, most=999_999_999), aliases=("count_number", "inventur"), required=True
        ),
        _sku(),
        _column(
            "quantity",
            Amount(needed=True),
            aliases=tuple(each for each in _ON_HAND if each != "quantity"),
            required=True,
        ),
        _column("unit", Text(20), help="any unit of the item; empty: its own"),
        _column("lot", Text(20), aliases=("batch", "charge", "lot_number", "serial")),
        _column("zone", Text(40), aliases=("shelf", "regal")),
    ),
)
SHEETS: Final = (LEVELS, COUNTS, TARGETS, SUPPLIERS, SUPPLIER_ITEMS, PURCHASE_ORDERS)
BY_NAME: Final = {sheet.name: sheet for sheet in SHEETS}
