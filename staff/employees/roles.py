"""Permissions are named here; one table drives API, admin and till alike. Roles are sets of them."""

from types import MappingProxyType
from typing import Final

PERMISSIONS: Final = MappingProxyType(
    {
        "orders.place": "Place orders and take payments",
        "orders.read": "See orders and receipts",
        "orders.discount": "Give discounts, waive charges and make prices",
        "orders.void": "Void lines and cancel orders",
        "orders.refund": "Refund orders",
        "orders.approve": "Approve discounts, prices, voids and refunds of others",
        "receipts.reprint": "Print a receipt again",
        "catalog.read": "See the catalogue",
        "catalog.write": "Change the catalogue",
        "catalog.stop": "Stop what has run out, and let it go on",
        "stock.read": "See stock",
        "stock.move": "Adjust, waste, produce, transfer, receive and take back stock",
        "stock.count": "Count stock",
        "stock.approve": "Approve variances and over-receipts, revalue stock",
        "stock.order": "Keep suppliers and order from them",
        "stock.write": "Change recipes, stock settings and targets; import stock",
        "registers.read": "See locations and registers",
        "registers.open": "Open a drawer",
        "registers.close": "Count and close a drawer",
        "registers.move_cash": "Put money into a drawer and take it out",
        "registers.approve": "Approve money taken out and drawers that are over or short",
        "payments.read": "See card payments, accounts at payment providers and refunds",
        "payments.override": "Allow another payment while the outcome of one is unknown",
        "payments.refund_retry": "Send a failed refund again or settle it otherwise",
        "payments.connect": "Connect accounts at payment providers and card readers",
        "payments.reconcile": "Match payouts and explain what does not match",
        "gift_cards.sell": "Sell and load gift cards",
        "gift_cards.manage": "Give away, correct, block, move and import gift cards",
        "ledger.read": "See the books",
        "ledger.write": "Change the chart of accounts",
        "feed.read": "Follow the feed of events",
        "terminals.pair": "Pair a till",
        "terminals.revoke": "Revoke a till",
        "staff.read": "See staff",
        "staff.manage": "Change staff and roles",
        "admin.access": "Enter the back office",
        "configuration.write": "Change the merchant's settings",
    }
)

DEVICE_PERMISSIONS: Final = frozenset(
    {
        "orders.place",
        "orders.read",
        "orders.void",
        "orders.refund",
        "receipts.reprint",
        "catalog.read",
        "catalog.stop",
        "stock.read",
        "stock.count",
        "registers.read",
        "registers.open",
        "registers.close",
        "registers.move_cash",
        "gift_cards.sell",
        "feed.read",
    }
)
"""What a paired device may do by itself, within the cashier's limits. A sale never waits for a sign-in."""

_MANAGER = DEVICE_PERMISSIONS | {
    "orders.discount",
    "orders.approve",
    "registers.approve",
    "catalog.write",
    "stock.move",
    "stock.approve",
    "stock.order",
    "stock.write",
    "payments.read",
    "payments.override",
    "payments.refund_retry",
    "payments.reconcile",
    "gift_cards.manage",
    "ledger.read",
    "terminals.pair",
    "terminals.revoke",
    "staff.read",
    "admin.access",
}

STANDARD_ROLES: Final = MappingProxyType(
    {
        "cashier": ("Cashier", DEVICE_PERMISSIONS),
        "manager": ("Manager", _MANAGER),
        "owner": ("Owner", frozenset(PERMISSIONS)),
    }
)
"""Roles every merchant starts with: code → (name, permissions)."""

# What Django's admin asks for, table by table: (to look, to change). History tables can never be changed.
_ADMIN: Final = MappingProxyType(
    {
        "pos.category": ("catalog.read", "catalog.write"),
        "pos.item": ("catalog.read", "catalog.write"),
        "pos.variant": ("catalog.read", "catalog.write"),
        "pos.barcode": ("catalog.read", "catalog.write"),
        "pos.taxclass": ("catalog.read", "catalog.write"),
        "pos.modifiergroup": ("catalog.read", "catalog.write"),
        "pos.pricelist": ("catalog.read", "catalog.write"),
        "pos.promotion": ("catalog.read", "catalog.write"),
        "pos.servicecharge": ("catalog.read", "catalog.write"),
        "pos.menu": ("catalog.read", "catalog.write"),
        "pos.cataloghead": ("catalog.read", "catalog.write"),
        "pos.stop": ("catalog.read", "catalog.stop"),
        "pos.quickkey": ("catalog.read", "catalog.write"),
        "pos.pricebookversion": ("catalog.read", None),
        "pos.bookentry": ("catalog.read", None),
        "pos.barcodepattern": ("catalog.read", "catalog.write"),
        "pos.catalogimport": ("catalog.write", None),
        "pos.location": ("registers.read", "configuration.write"),
        "pos.register": ("registers.read", "configuration.write"),
        "pos.drawer": ("registers.read", "configuration.write"),
        "pos.closing": ("registers.read", None),
        "pos.cashsession": ("registers.read", None),
        "pos.cashmovement": ("registers.read", None),
        "pos.journalentry": ("ledger.read", None),
        "pos.order": ("orders.read", None),
        "pos.orderline": ("orders.read", None),
        "pos.ordertax": ("orders.read", None),
        "pos.orderchange": ("orders.read", None),
        "pos.refund": ("orders.read", None),
        "pos.stocklevel": ("stock.read", None),
        "pos.stockmovement": ("stock.read", None),
        "pos.reservation": ("stock.read", None),
        "pos.stockcountresult": ("stock.read", None),
        "pos.stockalert": ("stock.read", None),
        "pos.stocklot": ("stock.read", None),
        "pos.stockcount": ("stock.read", None),
        "pos.stocktransfer": ("stock.read", None),
        "pos.supplier": ("stock.read", "stock.order"),
        "pos.supplieritem": ("stock.read", None),
        "pos.purchaseorder": ("stock.read", None),
        "pos.purchaseorderline": ("stock.read", None),
        "pos.purchaseorderstep": ("stock.read", None),
        "pos.purchaseemail": ("stock.read", None),
        "pos.goodsreceipt": ("stock.read", None),
        "pos.goodsreceiptline": ("stock.read", None),
        "pos.supplierreturn": ("stock.read", None),
        "pos.supplierreturnline": ("stock.read", None),
        "pos.landedcost": ("stock.read", None),
        "pos.landedcostshare": ("stock.read", None),
        "pos.stockhead": ("stock.read", "stock.write"),
        "pos.stockitem": ("stock.read", "stock.write"),
        "pos.stocktarget": ("stock.read", "stock.write"),
        "pos.recipe": ("stock.read", "stock.write"),
        "pos.stockproduction": ("stock.read", None),
        "pos.stockwaste": ("stock.read", None),
        "pos.stockfile": ("stock.write", None),
        "payments.account": ("ledger.read", "ledger.write"),
        "payments.transfer": ("ledger.read", None),
        "payments.payment": ("ledger.read", None),
        "payments.houseaccount": ("orders.read", "configuration.write"),
        "payments.storedvalue": ("orders.read", None),
        "payments.valueactivity": ("orders.read", None),
        "payments.valuereservation": ("orders.read", None),
        "payments.valueimport": ("orders.read", None),
        "payments.reconciliation": ("payments.read", None),
        "payments.dispute": ("payments.read", None),
        "payments.inboundevent": ("payments.read", None),
        "payments.refund": ("ledger.read", None),
        "payments.connection": ("payments.read", "payments.connect"),
        "payments.reader": ("payments.read", "payments.connect"),
        "payments.attempt": ("payments.read", None),
        "payments.attemptstep": ("payments.read", None),
        "payments.gatewayrefund": ("payments.read", None),
        "payments.tendertype": ("ledger.read", "configuration.write"),
        "staff.employee": ("staff.read", "staff.manage"),
        "staff.role": ("staff.read", "staff.manage"),
        "staff.approval": ("staff.read", None),
        "sync.terminal": ("registers.read", None),
        "events.event": ("feed.read", None),
    }
)


def admin_permission(django_permission: str) -> str | None:
    """Fynlo's permission for one of Django's (`pos.change_item` → `catalog.write`), or None when nobody has it."""
    app, _, action = django_permission.partition(".")
    verb, _, model = action.partition("_")
    look, change = _ADMIN.get(f"{app}.{model}", (None, None))
    return look if verb == "view" else change
