"""How both sites look, and what stands in their side bars (`UNFOLD_MERCHANT`, `UNFOLD_PLATFORM` in the settings).

An entry is shown to whoever may see its table; the tables themselves ask again.
"""

from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse_lazy

_PRIMARY: Final = {
    "50": "oklch(97.5% .018 178)",
    "100": "oklch(94.5% .045 178)",
    "200": "oklch(89.5% .080 179)",
    "300": "oklch(82.5% .108 180)",
    "400": "oklch(73.5% .115 181)",
    "500": "oklch(63.5% .108 182)",
    "600": "oklch(52.5% .092 183)",
    "700": "oklch(44.5% .077 184)",
    "800": "oklch(38.0% .063 185)",
    "900": "oklch(33.0% .052 187)",
    "950": "oklch(24.0% .042 188)",
}


_ICON: Final = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' "
    "height='32' rx='8' fill='%230f766e'/%3E%3Cpath d='M11 8h11v4h-7v3h6v4h-6v6h-4z' fill='white'/%3E%3C/svg%3E"
)


def icon(request: HttpRequest) -> str:
    """The little picture in the browser's tab."""
    del request
    return _ICON


def merchant_name(request: HttpRequest) -> str:
    """The merchant whose back office this is."""
    name: str = request.tenant.name  # type: ignore[attr-defined]  # set by the tenant middleware
    return name


def _entry(title: str, icon: str, table: str) -> dict[str, Any]:
    app, model = table.split(".")

    def may_see(request: HttpRequest) -> bool:
        return bool(request.user.has_perm(f"{app}.view_{model}"))

    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{app}_{model}_changelist"),
        "permission": may_see,
    }


def _own(title: str, icon: str, page: str, asks: str) -> dict[str, Any]:
    """A page that is no table, shown to whoever has Django's permission `asks`."""

    def may_see(request: HttpRequest) -> bool:
        return bool(request.user.has_perm(asks))

    return {"title": title, "icon": icon, "link": reverse_lazy(f"admin:{page}"), "permission": may_see}


def _group(title: str, *items: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "separator": True, "collapsible": False, "items": list(items)}


def _home(title: str) -> dict[str, Any]:
    return {
        "title": "",
        "separator": False,
        "items": [{"title": title, "icon": "home", "link": reverse_lazy("admin:index")}],
    }


_COMMON: Final[dict[str, Any]] = {
    "SITE_URL": None,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": icon}],
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_HISTORY": True,
    "SHOW_BACK_BUTTON": True,
    "BORDER_RADIUS": "8px",
    "COLORS": {"primary": _PRIMARY},
}

MERCHANT: Final[dict[str, Any]] = {
    **_COMMON,
    "SITE_TITLE": merchant_name,
    "SITE_HEADER": merchant_name,
    "SITE_SUBHEADER": "Back office",
    "SITE_SYMBOL": "storefront",
    "DASHBOARD_CALLBACK": "pos.dashboard.today",
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": [
            _home("Today"),
            _group(
                "Sell",
                _entry("Orders", "receipt_long", "pos.order"),
                _entry("Refunds", "undo", "pos.refund"),
                _entry("Drawers in use", "payments", "pos.cashsession"),
                _entry("Closings", "summarize", "pos.closing"),
                _entry("Registers", "point_of_sale", "pos.register"),
                _entry("Drawers", "inbox", "pos.drawer"),
                _entry("Locations", "location_on", "pos.location"),
                _own("Receipt", "receipt", "pos_receipt", "pos.change_location"),
            ),
            _group(
                "Catalogue",
                _entry("Items", "sell", "pos.item"),
                _entry("Categories", "account_tree", "pos.category"),
                _entry("Modifiers", "tune", "pos.modifiergroup"),
                _entry("Menus", "restaurant_menu", "pos.menu"),
                _entry("Not to be had", "do_not_disturb_on", "pos.stop"),
                _own("Quick keys", "keyboard", "pos_quick_keys", "pos.change_quickkey"),
                _own("Change prices", "price_change", "pos_item_prices", "pos.change_item"),
                _own("Price preview", "event_upcoming", "pos_item_preview", "pos.view_item"),
                _own("Labels", "label", "pos_labels", "pos.view_item"),
                _entry("Barcode patterns", "barcode_scanner", "pos.barcodepattern"),
                _entry("Import and export", "import_export", "pos.catalogimport"),
            ),
            _group(
                "Prices and taxes",
                _entry("Price lists", "request_quote", "pos.pricelist"),
                _entry("Promotions", "loyalty", "pos.promotion"),
                _entry("Service charges", "room_service", "pos.servicecharge"),
                _entry("Tax classes", "percent", "pos.taxclass"),
                _entry("Rounding", "decimal_decrease", "pos.cataloghead"),
                _entry("Price book", "menu_book", "pos.pricebookversion"),
                _entry("Book entries", "description", "pos.bookentry"),
            ),
            _group(
                "Stock",
                _entry("On hand", "inventory_2", "pos.stocklevel"),
                _entry("Movements", "swap_vert", "pos.stockmovement"),
                _own("Record", "edit_note", "pos_stock_record", "pos.view_stocklevel"),
                _entry("Counts", "checklist", "pos.stockcount"),
                _entry("Transfers", "local_shipping", "pos.stocktransfer"),
                _own("Receive", "barcode_scanner", "pos_receive", "pos.view_purchaseorder"),
                _own("What to order", "shopping_cart", "pos_purchase_suggestions", "pos.view_stocklevel"),
                _entry("Orders to suppliers", "order_approve", "pos.purchaseorder"),
                _entry("Deliveries", "package_2", "pos.goodsreceipt"),
                _entry("Returns to suppliers", "undo", "pos.supplierreturn"),
                _entry("Costs of deliveries", "payments", "pos.landedcost"),
                _entry("Suppliers", "factory", "pos.supplier"),
                _entry("Alerts", "notifications", "pos.stockalert"),
                _entry("Lots and serials", "qr_code_2", "pos.stocklot"),
                _own("Recall", "assignment_return", "pos_stock_recall", "pos.view_stocklot"),
                _entry("Recipes", "skillet", "pos.recipe"),
                _own("Margins", "percent", "pos_stock_margins", "pos.view_recipe"),
                _own("Usage", "query_stats", "pos_stock_usage", "pos.view_stocklevel"),
                _entry("Batches", "blender", "pos.stockproduction"),
                _entry("Waste", "delete_sweep", "pos.stockwaste"),
                _own("Reasons for waste", "list_alt", "pos_waste_reasons", "pos.change_stockhead"),
                _own("Value", "account_balance_wallet", "pos_stock_valuation", "pos.view_stocklevel"),
                _entry("Reservations", "bookmark", "pos.reservation"),
                _entry("Targets", "flag", "pos.stocktarget"),
                _entry("Stock of items", "tune", "pos.stockitem"),
                _entry("Stock settings", "settings", "pos.stockhead"),
                _entry("Import and export", "import_export", "pos.stockfile"),
            ),
            _group(
                "Books",
                _entry("Payments", "credit_card", "payments.payment"),
                _entry("Transfers", "compare_arrows", "payments.transfer"),
                _entry("Accounts", "account_balance", "payments.account"),
                _own("Balances and exports", "balance", "payments_books", "payments.view_account"),
                _own("Taxes", "percent", "pos_tax_report", "payments.view_account"),
                _own("Chart to start from", "account_tree", "payments_chart", "payments.change_account"),
                _entry("Ways to pay", "wallet", "payments.tendertype"),
                _entry("House accounts", "contacts", "payments.houseaccount"),
                _entry("Gift cards and credit", "redeem", "payments.storedvalue"),
                _entry("Gift card imports", "upload_file", "payments.valueimport"),
            ),
            _group(
                "Card payments",
                _entry("Asked for", "contactless", "payments.attempt"),
                _entry("Going back", "undo", "payments.gatewayrefund"),
                _own("What waits", "pending_actions", "payments_waiting", "payments.view_attempt"),
                _own("Reconciliation", "balance", "payments_reconciliation", "payments.view_reconciliation"),
                _own("Disputes", "gavel", "payments_disputes", "payments.view_dispute"),
                _own("Calls of providers", "notifications", "payments_bells", "payments.view_inboundevent"),
                _entry("Accounts at providers", "hub", "payments.connection"),
                _entry("Card readers", "point_of_sale", "payments.reader"),
                _own("Stripe", "credit_card_gear", "payments_stripe", "payments.change_connection"),
                _own("Try a payment", "science", "payments_try", "payments.view_attempt"),
            ),
            _group(
                "People",
                _entry("Employees", "group", "staff.employee"),
                _entry("Roles", "badge", "staff.role"),
                _entry("Approvals", "verified_user", "staff.approval"),
            ),
            _group(
                "Tills",
                _entry("Devices", "tablet_mac", "sync.terminal"),
                _entry("Feed", "history", "events.event"),
            ),
        ],
    },
}

PLATFORM: Final[dict[str, Any]] = {
    **_COMMON,
    "SITE_TITLE": "Fynlo platform",
    "SITE_HEADER": "Fynlo",
    "SITE_SUBHEADER": "Platform",
    "SITE_SYMBOL": "hub",
    "DASHBOARD_CALLBACK": "tenants.dashboard.overview",
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": [
            _home("Overview"),
            _group(
                "Merchants",
                _entry("Merchants", "storefront", "tenants.tenant"),
                _entry("Host names", "dns", "tenants.domain"),
                _entry("Configurations", "tune", "tenants.configurationversion"),
                _entry("Onboarding", "rocket_launch", "tenants.onboardingrun"),
            ),
            _group(
                "Platform",
                _entry("Operators", "admin_panel_settings", "tenants.operator"),
                _entry("Audit", "fact_check", "tenants.platformaudit"),
            ),
        ],
    },
}
