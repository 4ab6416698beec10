"""Every door of the house, declared. A door that exists and is not listed fails the walk, and so does one that
is listed and does not exist: nobody adds a door without saying what can be sent through it.
"""

from collections.abc import Callable
from typing import Any

from fynlo.core.ids import new_id

Ids = dict[str, str]
"""One key of each kind of thing, of the merchant whose data is asked for."""

Body = Callable[[Ids], Any]


def _money(minor: int = 5000) -> dict[str, Any]:
    return {"amount_minor": minor, "currency": "EUR"}


def _order(ids: Ids) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "lines": [{"id": str(new_id()), "variant_id": ids["variant"], "quantity": "1"}],
        "tenders": [{"id": str(new_id()), "tender_type": "cash", "amount": _money()}],
    }


def _cash(minor: int) -> dict[str, Any]:
    return {"id": str(new_id()), "tender_type": "cash", "amount": _money(minor)}


def _gift_card(_ids: Ids) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "gift_card": {"id": str(new_id()), "holder": "stolen"},
        "amount": _money(100),
        "tenders": [_cash(100)],
    }


def _refund(ids: Ids, **said: Any) -> dict[str, Any]:
    return {"lines": [{"order_line_id": ids["order_line"], "quantity": "1"}], **said}


def _purchase_order(ids: Ids) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "supplier_id": ids["supplier"],
        "location_id": ids["location"],
        "lines": [{"variant_id": ids["variant"], "packs": "1"}],
    }


def _goods_receipt(ids: Ids) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "location_id": ids["location"],
        "lines": [{"variant_id": ids["variant"], "quantity": "1"}],
    }


def _ticket(ids: Ids) -> dict[str, Any]:
    return {name: value for name, value in _order(ids).items() if name != "tenders"}


def _changes(ids: Ids) -> dict[str, Any]:
    return {"changes": [{"id": str(new_id()), "kind": "add", "line": _order(ids)["lines"][0]}]}


MERCHANT_API: dict[str, list[Body]] = {
    "api/v1/tickets": [_ticket],
    "api/v1/orders/<uuid:order_id>/changes": [_changes],
    "api/v1/orders/<uuid:order_id>/place": [lambda _ids: {}],
    "api/v1/orders/<uuid:order_id>/fulfilment": [lambda _ids: {"event": "complete"}],
    "api/v1/orders/<uuid:order_id>/cancel": [lambda _ids: {"reason": "stolen"}],
    "api/v1/orders/<uuid:order_id>/attempts": [
        lambda _ids: {"id": str(new_id()), "tender_type": "card", "amount": _money(100)}
    ],
    "api/v1/orders/<uuid:order_id>/payments": [lambda ids: {"tenders": _order(ids)["tenders"]}],
    "": [],
    "admin": [],
    "api/schema": [],
    "api/docs": [],
    "api/docs/errors": [],
    "api/v1/reconciliations": [lambda ids: {"connection_id": ids["reconciled_account"]}],
    "api/v1/payouts": [],
    "api/v1/payouts/<uuid:payout_id>": [],
    "api/v1/reconciliation-differences": [],
    "api/v1/reconciliation-differences/<uuid:difference_id>/resolve": [
        lambda _ids: {"action": "accept", "reason": "stolen"},
    ],
    "api/v1/disputes": [],
    "api/v1/disputes/<uuid:dispute_id>/evidence": [lambda _ids: {"note": "stolen"}],
    "api/v1/machine-totals": [
        lambda ids: {
            "register_id": ids["register"],
            "business_date": "2026-03-01",
            "tender_type": "cash",
            "total": _money(),
        },
    ],
    "payments/webhooks/<slug:gateway>": [lambda _ids: {"id": "evt_1", "account": "acct_stolen"}],
    "r/<str:token>": [],
    "pay/simulator/<str:token>": [lambda _ids: {"answer": "pay"}],
    "pay/thanks": [],
    "pay/<str:token>": [],
    "pay/<str:token>/session": [],
    "api/v1/feed": [],
    "api/v1/realtime/tickets": [lambda _ids: {}],
    "api/v1/approvals": [
        lambda ids: {"action": "refund", "subject_id": ids["order"], "number": "9", "pin": "4826"},
    ],
    "api/v1/employees/sign-in": [lambda _ids: {"employee_number": "9", "pin": "4826"}],
    "api/v1/employees/sign-out": [lambda _ids: {}],
    "api/v1/employees/me": [],
    "api/v1/roles": [],
    "api/v1/roles/<slug:role_code>/limits": [lambda _ids: {"refund_minor": None}],
    "api/v1/ledger/accounts": [],
    "api/v1/ledger/accounts/<uuid:ledger_account_id>": [
        lambda _ids: {"code": "thief", "name": "Thief", "kind": "asset", "posting_keys": ["cash"]},
    ],
    "api/v1/ledger/accounts/<uuid:ledger_account_id>/statement": [],
    "api/v1/ledger/charts": [lambda _ids: {"template": "generic"}],
    "api/v1/ledger/exports": [],
    "api/v1/ledger/mappings": [lambda ids: {"key": "cash", "account_id": ids["ledger_account"]}],
    "api/v1/ledger/transfers": [],
    "api/v1/ledger/trial-balance": [],
    "api/v1/catalog/book": [],
    "api/v1/catalog/barcode-patterns/trial": [
        lambda _ids: {"pattern": "IIIIIII", "codes": ["4006381"]},
    ],
    "api/v1/catalog/categories": [],
    "api/v1/catalog/scans": [lambda _ids: {"code": "4006381333931"}],
    "api/v1/catalog/search": [],
    "api/v1/catalog/documents/<slug:kind>/<uuid:document_id>": [
        lambda ids: {
            "name": "Stolen",
            "category_id": ids["category"],
            "tax_class": "standard",
            "variants": [{"id": ids["variant"], "sku": "STOLEN", "price_minor": 1}],
        },
    ],
    "api/v1/catalog/export": [],
    "api/v1/catalog/imports": [lambda _ids: {}],
    "api/v1/catalog/imports/<uuid:import_id>": [],
    "api/v1/catalog/imports/<uuid:import_id>/rows": [],
    "api/v1/catalog/imports/<uuid:import_id>/apply": [lambda _ids: {}],
    "api/v1/catalog/imports/<uuid:import_id>/revert": [lambda _ids: {"force": True}],
    "api/v1/catalog/imports/<uuid:import_id>/discard": [lambda _ids: {}],
    "api/v1/catalog/images": [lambda _ids: {}],
    "api/v1/catalog/images/<uuid:image_id>": [],
    "api/v1/catalog/items": [],
    "api/v1/catalog/items/<uuid:item_id>": [],
    "api/v1/catalog/stops": [
        lambda ids: {"item_id": ids["item"]},
        lambda ids: {"variant_id": ids["variant"], "location_id": ids["location"]},
    ],
    "api/v1/catalog/stops/<uuid:stop_id>/lift": [lambda _ids: {}],
    "api/v1/catalog/tax-classes": [],
    "api/v1/labels": [
        lambda ids: {"format": "L7160", "labels": [{"variant_id": ids["variant"]}]},
        lambda ids: {"output": "zpl", "format": "50x25", "labels": [{"variant_id": ids["variant"]}]},
    ],
    "api/v1/labels/formats": [],
    "api/v1/locations": [],
    "api/v1/locations/<uuid:location_id>": [
        lambda _ids: {
            "code": "main",
            "name": "Stolen",
            "address": ["Elsewhere 1"],
            "time_zone": "Europe/Berlin",
            "cut_off": "04:00",
        },
    ],
    "api/v1/drawers": [],
    "api/v1/drawers/<uuid:drawer_id>": [
        lambda ids: {"location_id": ids["location"], "code": "K1", "name": "Stolen"},
    ],
    "api/v1/denominations": [],
    "api/v1/cash-sessions": [],
    "api/v1/cash-sessions/<uuid:session_id>": [],
    "api/v1/cash-sessions/<uuid:session_id>/confirm-opening": [lambda _ids: {"counted": _money()}],
    "api/v1/cash-sessions/<uuid:session_id>/begin-closing": [lambda _ids: {}],
    "api/v1/cash-sessions/<uuid:session_id>/counts": [lambda _ids: {"counted": _money()}],
    "api/v1/cash-sessions/<uuid:session_id>/recounts": [
        lambda _ids: {"counted": _money(), "reason": "again"},
    ],
    "api/v1/cash-sessions/<uuid:session_id>/movements": [
        lambda _ids: {"kind": "paid_out", "amount": _money(), "reason_code": "milk"},
        lambda ids: {"id": ids["movement"], "kind": "paid_in", "amount": _money()},
    ],
    "api/v1/closings": [],
    "api/v1/closings/<uuid:closing_id>": [],
    "api/v1/reports/drawer-variances": [],
    "api/v1/reports/taxes": [],
    "api/v1/quick-keys": [lambda ids: {"keys": [{"position": 0, "item_id": ids["item"]}]}],
    "api/v1/journal-archives": [],
    "api/v1/journal-keys": [],
    "api/v1/registers": [],
    "api/v1/registers/<uuid:register_id>": [
        lambda ids: {"location_id": ids["location"], "code": "K1", "name": "Stolen"},
    ],
    "api/v1/registers/<uuid:register_id>/x-report": [],
    "api/v1/registers/<uuid:register_id>/closings": [lambda _ids: {}],
    "api/v1/registers/<uuid:register_id>/journal": [],
    "api/v1/registers/<uuid:register_id>/journal/checkpoints": [],
    "api/v1/registers/<uuid:register_id>/journal/verification": [],
    "api/v1/registers/<uuid:register_id>/quick-keys": [
        lambda ids: {"keys": [{"position": 0, "variant_id": ids["variant"]}]},
    ],
    "api/v1/registers/<uuid:register_id>/sessions": [lambda _ids: {"opening_float": _money()}],
    "api/v1/registers/<uuid:register_id>/session": [],
    "api/v1/registers/<uuid:register_id>/favourites": [],
    "api/v1/cash-sessions/<uuid:session_id>/close": [lambda _ids: {"counted": _money()}],
    "api/v1/quotes": [
        lambda ids: {"lines": [{"variant_id": ids["variant"], "quantity": "1"}]},
        lambda ids: {"lines": [{"id": str(new_id()), "variant_id": ids["variant"], "quantity": "1"}]},
    ],
    "api/v1/orders": [
        _order,
        lambda ids: {**_order(ids), "id": ids["order"]},
        lambda ids: {**_order(ids), "lines": [{**_order(ids)["lines"][0], "id": ids["order_line"]}]},
        lambda ids: {**_order(ids), "tenders": [{**_order(ids)["tenders"][0], "id": ids["payment"]}]},
    ],
    "api/v1/orders/<uuid:order_id>": [],
    "api/v1/orders/<uuid:order_id>/explain": [],
    "api/v1/orders/<uuid:order_id>/receipt": [],
    "api/v1/refunds/<uuid:refund_id>/receipt": [],
    "api/v1/cash-movements/<uuid:movement_id>/slip": [],
    "api/v1/training-orders": [],
    "api/v1/house-accounts/<uuid:house_id>/statement/receipt": [],
    "api/v1/registers/<uuid:register_id>/trainings/<int:number>/receipt": [],
    "api/v1/registers/<uuid:register_id>/x-report/receipt": [],
    "api/v1/closings/<uuid:closing_id>/receipt": [],
    "api/v1/orders/<uuid:order_id>/receipt/emails": [
        lambda _ids: {"id": str(new_id()), "to": "guest@example.org"},
    ],
    "api/v1/orders/<uuid:order_id>/receipt/invoices": [lambda _ids: {"name": "Stolen Ltd"}],
    "api/v1/orders/<uuid:order_id>/receipt/reprints": [lambda _ids: {}],
    "api/v1/stock-cards/<uuid:variant_id>": [],
    "api/v1/stock-adjustments": [
        lambda ids: {
            "id": str(new_id()),
            "location_id": ids["location"],
            "reason_code": "found",
            "lines": [{"variant_id": ids["variant"], "quantity": "1"}],
        },
    ],
    "api/v1/stock-adjustments/<uuid:adjustment_id>": [],
    "api/v1/stock-adjustments/<uuid:adjustment_id>/revert": [lambda _ids: {}],
    "api/v1/stock-exports": [],
    "api/v1/stock-imports": [lambda _ids: {}],
    "api/v1/stock-imports/<uuid:file_id>": [],
    "api/v1/stock-imports/<uuid:file_id>/rows": [],
    "api/v1/stock-imports/<uuid:file_id>/apply": [lambda _ids: {}],
    "api/v1/stock-imports/<uuid:file_id>/revert": [lambda _ids: {"force": True}],
    "api/v1/stock-imports/<uuid:file_id>/discard": [lambda _ids: {}],
    "api/v1/stock-items": [],
    "api/v1/stock-items/<uuid:item_id>": [
        lambda _ids: {"policy": "deny", "tracking": "none", "shelf_life_days": None, "stops_when_out": False},
    ],
    "api/v1/stock-counts": [lambda ids: {"kind": "full", "location_id": ids["location"]}],
    "api/v1/stock-counts/<uuid:count_id>": [],
    "api/v1/stock-counts/<uuid:count_id>/lines": [],
    "api/v1/stock-counts/<uuid:count_id>/entries": [
        lambda ids: {
            "entries": [
                {
                    "id": str(new_id()),
                    "variant_id": ids["variant"],
                    "quantity": "1",
                    "counted_at": "2026-03-01T12:00:00.000Z",
                }
            ]
        },
    ],
    "api/v1/stock-counts/<uuid:count_id>/entries/<uuid:entry_id>/void": [lambda _ids: {}],
    "api/v1/stock-counts/<uuid:count_id>/submit": [lambda _ids: {"uncounted": "zero"}],
    "api/v1/stock-counts/<uuid:count_id>/approve": [lambda _ids: {}],
    "api/v1/stock-counts/<uuid:count_id>/recount": [lambda ids: {"line_ids": [ids["count_line"]]}],
    "api/v1/stock-counts/<uuid:count_id>/cancel": [lambda _ids: {}],
    "api/v1/stock-alerts": [],
    "api/v1/stock-levels": [],
    "api/v1/stock-lots": [],
    "api/v1/stock-recalls": [],
    "api/v1/stock-recalls/document.csv": [],
    "api/v1/stock-movements": [],
    "api/v1/stock-reservations": [
        lambda ids: {
            "id": str(new_id()),
            "kind": "parked",
            "location_id": ids["location"],
            "expires_at": "2098-01-01T00:00:00Z",
            "lines": [{"variant_id": ids["variant"], "quantity": "1"}],
        },
    ],
    "api/v1/stock-reservations/<uuid:reservation_id>": [],
    "api/v1/stock-reservations/<uuid:reservation_id>/extend": [
        lambda _ids: {"expires_at": "2098-01-01T00:00:00Z"},
    ],
    "api/v1/stock-reservations/<uuid:reservation_id>/release": [lambda _ids: {}],
    "api/v1/exchanges": [
        lambda ids: {
            "id": str(new_id()),
            "refund": _refund(ids, order_id=ids["order"]),
            "order": _order(ids),
        },
    ],
    "api/v1/orders/<uuid:order_id>/refunds": [lambda ids: {"id": str(new_id()), **_refund(ids)}],
    "api/v1/orders/<uuid:order_id>/refundable": [],
    "api/v1/refunds": [
        lambda ids: {
            "id": str(new_id()),
            "lines": [{"variant_id": ids["variant"], "quantity": "1"}],
            "at": "2026-03-01T12:00:00Z",
        },
    ],
    "api/v1/refunds/<uuid:refund_id>": [],
    "api/v1/gift-cards": [_gift_card],
    "api/v1/gift-cards/<uuid:value_id>": [],
    "api/v1/gift-cards/<uuid:value_id>/activities": [],
    "api/v1/gift-cards/<uuid:value_id>/adjustments": [
        lambda _ids: {"id": str(new_id()), "amount": _money(1), "reason": "stolen"},
    ],
    "api/v1/gift-cards/<uuid:value_id>/loads/attempts": [
        lambda _ids: {"id": str(new_id()), "tender_type": "card", "amount": _money(100)}
    ],
    "api/v1/gift-cards/<uuid:value_id>/code": [lambda _ids: {}],
    "api/v1/gift-cards/<uuid:value_id>/loads": [
        lambda _ids: {"id": str(new_id()), "amount": _money(100), "tenders": [_cash(100)]},
    ],
    "api/v1/gift-cards/<uuid:value_id>/reservations": [
        lambda _ids: {"id": str(new_id()), "amount": _money(1), "expires_at": "2098-01-01T00:00:00Z"},
    ],
    "api/v1/gift-cards/<uuid:value_id>/slip": [],
    "api/v1/gift-cards/<uuid:value_id>/steps": [
        lambda _ids: {"id": str(new_id()), "kind": "block", "reason": "stolen"},
    ],
    "api/v1/gift-cards/<uuid:value_id>/voucher": [lambda _ids: {}],
    "api/v1/gift-cards/attempts": [
        lambda _ids: {
            "id": str(new_id()),
            "tender_type": "card",
            "amount": _money(100),
            "gift_card": {"id": str(new_id())},
        }
    ],
    "api/v1/gift-cards/imports": [],
    "api/v1/gift-cards/imports/<uuid:value_import_id>/reversal": [lambda _ids: {}],
    "api/v1/gift-cards/lookup": [lambda _ids: {"code": "STOLEN-CODE"}],
    "api/v1/gift-cards/reservations/<uuid:value_reservation_id>/release": [lambda _ids: {}],
    "api/v1/gift-cards/transfers": [
        lambda ids: {
            "id": str(new_id()),
            "from_id": ids["value"],
            "to": {"id": str(new_id())},
            "reason": "stolen",
        },
    ],
    "api/v1/house-accounts": [
        lambda ids: {"id": ids["house_account"], "code": "stolen", "name": "Stolen"},
    ],
    "api/v1/house-accounts/<uuid:house_id>": [lambda _ids: {"name": "Stolen"}],
    "api/v1/house-accounts/<uuid:house_id>/payments/attempts": [
        lambda _ids: {"id": str(new_id()), "tender_type": "card", "amount": _money(100)}
    ],
    "api/v1/house-accounts/<uuid:house_id>/payments": [
        lambda _ids: {"id": str(new_id()), "tender_type": "cash", "amount": _money()},
    ],
    "api/v1/house-accounts/<uuid:house_id>/statement": [],
    "api/v1/house-accounts/<uuid:house_id>/statement/document.csv": [],
    "api/v1/house-accounts/<uuid:house_id>/statement/document.pdf": [],
    "api/v1/stock-returns": [
        lambda ids: {
            "id": str(new_id()),
            "order_id": ids["order"],
            "lines": [{"order_line_id": ids["order_line"], "quantity": "1", "disposition": "restock"}],
        },
    ],
    "api/v1/stock-settings": [],
    "api/v1/stock-targets": [
        lambda ids: {
            "targets": [{"variant_id": ids["variant"], "location_id": ids["location"], "reorder_point": "6"}]
        },
    ],
    "api/v1/productions": [
        lambda ids: {
            "variant_id": ids["variant"],
            "location_id": ids["location"],
            "quantity": "1",
            "ingredients": [{"variant_id": ids["variant"], "quantity": "1"}],
        },
    ],
    "api/v1/productions/<uuid:production_id>": [],
    "api/v1/productions/<uuid:production_id>/revert": [lambda _ids: {}],
    "api/v1/stock-waste": [
        lambda ids: {
            "variant_id": ids["variant"],
            "location_id": ids["location"],
            "quantity": "1",
            "reason_code": "spoiled",
        },
    ],
    "api/v1/stock-waste/report": [],
    "api/v1/stock-waste/reasons": [lambda _ids: {"reasons": [{"code": "burnt", "name": "Burnt"}]}],
    "api/v1/stock-waste/<uuid:waste_id>": [],
    "api/v1/stock-waste/<uuid:waste_id>/revert": [lambda _ids: {}],
    "api/v1/stock-margins": [],
    "api/v1/stock-usage": [],
    "api/v1/recipes": [],
    "api/v1/recipes/unwritten": [],
    "api/v1/recipes/<uuid:owner_id>": [
        lambda ids: {"lines": [{"variant_id": ids["variant"], "quantity": "1"}]},
    ],
    "api/v1/recipes/<uuid:owner_id>/versions": [],
    "api/v1/stock-revaluations": [
        lambda ids: {
            "id": str(new_id()),
            "location_id": ids["location"],
            "variant_id": ids["variant"],
            "unit_cost_minor": "1",
            "reason": "stolen",
        },
    ],
    "api/v1/stock-transfers": [
        lambda ids: {
            "from_location_id": ids["location"],
            "to_location_id": str(new_id()),
            "lines": [{"variant_id": ids["variant"], "quantity": "1"}],
        },
    ],
    "api/v1/stock-transfers/<uuid:transfer_id>": [],
    "api/v1/stock-transfers/<uuid:transfer_id>/lines": [
        lambda ids: {"lines": [{"variant_id": ids["variant"], "quantity": "1"}]},
    ],
    "api/v1/stock-transfers/<uuid:transfer_id>/send": [lambda _ids: {}],
    "api/v1/stock-transfers/<uuid:transfer_id>/receive": [
        lambda ids: {"lines": [{"line_id": ids["transfer_line"], "received": "1"}]},
    ],
    "api/v1/stock-transfers/<uuid:transfer_id>/reject": [lambda _ids: {}],
    "api/v1/stock-transfers/<uuid:transfer_id>/cancel": [lambda _ids: {}],
    "api/v1/stock-valuation": [],
    "api/v1/suppliers": [lambda _ids: {"id": str(new_id()), "code": "thief", "name": "Thief"}],
    "api/v1/suppliers/<uuid:supplier_id>": [lambda _ids: {"code": "thief", "name": "Thief"}],
    "api/v1/purchase-suggestions": [],
    "api/v1/purchase-suggestions/orders": [
        lambda ids: {"location_id": ids["location"], "lines": [{"variant_id": ids["variant"], "packs": "1"}]},
    ],
    "api/v1/purchase-orders": [_purchase_order],
    "api/v1/purchase-orders/<uuid:purchase_id>": [_purchase_order],
    "api/v1/purchase-orders/<uuid:purchase_id>/send": [lambda _ids: {}],
    "api/v1/purchase-orders/<uuid:purchase_id>/confirm": [lambda _ids: {}],
    "api/v1/purchase-orders/<uuid:purchase_id>/cancel": [lambda _ids: {}],
    "api/v1/purchase-orders/<uuid:purchase_id>/close": [lambda _ids: {}],
    "api/v1/purchase-orders/<uuid:purchase_id>/receipts": [_goods_receipt],
    "api/v1/purchase-orders/<uuid:purchase_id>/document.pdf": [],
    "api/v1/purchase-orders/<uuid:purchase_id>/document.csv": [],
    "api/v1/purchase-orders/<uuid:purchase_id>/email": [lambda _ids: {"id": str(new_id())}],
    "api/v1/goods-receipts": [_goods_receipt],
    "api/v1/goods-receipts/<uuid:receipt_id>": [],
    "api/v1/supplier-returns": [
        lambda ids: {
            "id": str(new_id()),
            "lines": [{"receipt_line_id": ids["receipt_line"], "quantity": "1"}],
        },
    ],
    "api/v1/supplier-returns/<uuid:return_id>": [],
    "api/v1/supplier-returns/<uuid:return_id>/document.pdf": [],
    "api/v1/supplier-returns/<uuid:return_id>/document.csv": [],
    "api/v1/landed-costs": [
        lambda ids: {
            "id": str(new_id()),
            "kind": "freight",
            "basis": "value",
            "amount": _money(),
            "receipt_ids": [ids["goods_receipt"]],
        },
    ],
    "api/v1/landed-costs/<uuid:cost_id>": [],
    "api/v1/landed-costs/<uuid:cost_id>/revert": [lambda _ids: {"id": str(new_id())}],
    "api/v1/payment-attempts": [],
    "api/v1/payment-attempts/<uuid:attempt_id>": [],
    "api/v1/payment-attempts/<uuid:attempt_id>/look": [lambda _ids: {}],
    "api/v1/payment-attempts/<uuid:attempt_id>/cancel": [lambda _ids: {}],
    "api/v1/payment-attempts/<uuid:attempt_id>/capture": [lambda _ids: {"amount": _money(), "last4": "4242"}],
    "api/v1/payment-attempts/<uuid:attempt_id>/increment": [lambda _ids: {"to": _money()}],
    "api/v1/payment-attempts/<uuid:attempt_id>/present": [lambda ids: {"reader_id": ids["payment_reader"]}],
    "api/v1/payment-attempts/<uuid:attempt_id>/signature": [
        lambda _ids: {"strokes": [[[0, 0], [900, 700]], [[900, 0], [0, 700]]]}
    ],
    "api/v1/payment-attempts/<uuid:attempt_id>/override": [lambda _ids: {"reason": "stolen"}],
    "api/v1/payment-attempts/<uuid:attempt_id>/keep-as-credit": [lambda _ids: {"reason": "stolen"}],
    "api/v1/payment-refunds/<uuid:gateway_refund_id>/retry": [lambda _ids: {}],
    "api/v1/payment-refunds/<uuid:gateway_refund_id>/settle": [lambda _ids: {"reason": "stolen"}],
    "api/v1/payment-connections": [
        lambda ids: {"id": ids["payment_connection"], "gateway": "card_machine", "name": "Stolen"},
    ],
    "api/v1/payment-connections/<uuid:connection_id>": [lambda _ids: {"name": "Stolen"}],
    "api/v1/payment-connections/<uuid:connection_id>/check": [lambda _ids: {}],
    "api/v1/payment-connections/stripe": [
        lambda ids: {
            "id": ids["payment_connection"],
            "name": "Stolen",
            "email": "thief@thief.example",
            "country": "DE",
            "return_url": "https://thief.example/",
        }
    ],
    "api/v1/payment-connections/<uuid:connection_id>/reader-codes": [
        lambda _ids: {"id": str(new_id()), "code": "simulated-wpe", "name": "Stolen"}
    ],
    "api/v1/payment-connections/<uuid:connection_id>/readers/refresh": [lambda _ids: {}],
    "api/v1/payment-connections/<uuid:connection_id>/wallet-hosts": [lambda _ids: {"host": "thief.example"}],
    "api/v1/payment-readers": [
        lambda ids: {
            "id": ids["payment_reader"],
            "connection_id": ids["payment_connection"],
            "vendor_id": "stolen",
            "name": "Stolen",
        },
    ],
    "api/v1/terminals": [],
    "api/v1/terminals/me": [],
    "api/v1/terminals/pair": [lambda ids: {"code": ids["pairing_code"], "device_name": "thief"}],
    "api/v1/terminals/pairing-codes": [
        lambda ids: {"register_id": ids["register"]},
        lambda ids: {"register_id": ids["register"], "terminal_id": ids["terminal"]},
    ],
    "api/v1/terminals/<uuid:terminal_id>/revoke": [lambda _ids: {}],
}
"""Route on a merchant's host → bodies made of the other merchant's keys."""

PUBLIC = {
    "",
    "admin",
    "api/schema",
    "api/docs",
    "api/docs/errors",
    "api/v1/terminals/pair",
    "r/<str:token>",
    "pay/simulator/<str:token>",
    "pay/thanks",
    "pay/<str:token>",
    "pay/<str:token>/session",
    "payments/webhooks/<slug:gateway>",
}
"""Routes of the API that answer without a credential."""

QUERIES: dict[str, list[Callable[[Ids], str]]] = {
    "api/v1/reconciliations": [lambda ids: f"connection_id={ids['reconciled_account']}"],
    "api/v1/payouts": [lambda ids: f"connection_id={ids['reconciled_account']}"],
    "api/v1/journal-archives": [lambda _ids: "from=2026-01-01&to=2026-12-31"],
    "api/v1/suppliers": [lambda ids: f"variant_id={ids['variant']}", lambda _ids: "q=OSTRI"],
    "api/v1/purchase-orders": [
        lambda ids: f"supplier_id={ids['supplier']}",
        lambda ids: f"variant_id={ids['variant']}",
    ],
    "api/v1/goods-receipts": [lambda ids: f"location_id={ids['location']}"],
    "api/v1/supplier-returns": [lambda ids: f"supplier_id={ids['supplier']}"],
    "api/v1/landed-costs": [lambda ids: f"receipt_id={ids['goods_receipt']}"],
    "api/v1/orders": [lambda ids: f"register_id={ids['register']}"],
    "api/v1/purchase-suggestions": [lambda ids: f"location_id={ids['location']}"],
    "api/v1/stock-levels": [lambda ids: f"variant_id={ids['variant']}"],
    "api/v1/stock-alerts": [lambda ids: f"variant_id={ids['variant']}"],
    "api/v1/stock-lots": [lambda ids: f"variant_id={ids['variant']}"],
    "api/v1/stock-recalls": [lambda ids: f"variant_id={ids['variant']}&lot=L1", lambda _ids: "serial=S1"],
    "api/v1/stock-recalls/document.csv": [lambda ids: f"variant_id={ids['variant']}&lot=L1"],
    "api/v1/stock-movements": [
        lambda ids: f"variant_id={ids['variant']}",
        lambda ids: f"order_id={ids['order']}",
    ],
    "api/v1/productions": [lambda ids: f"variant_id={ids['variant']}"],
    "api/v1/stock-waste": [lambda ids: f"variant_id={ids['variant']}"],
    "api/v1/stock-waste/report": [lambda ids: f"location_id={ids['location']}"],
    "api/v1/stock-margins": [lambda ids: f"location_id={ids['location']}", lambda _ids: "recipe=any&q=OSTRI"],
    "api/v1/stock-usage": [lambda ids: f"location_id={ids['location']}", lambda _ids: "q=OSTRI"],
    "api/v1/recipes": [lambda ids: f"uses={ids['variant']}", lambda _ids: "q=OSTRI"],
    "api/v1/stock-valuation": [
        lambda ids: f"location_id={ids['location']}&date=2026-12-31",
        lambda ids: f"variant_id={ids['variant']}",
    ],
    "api/v1/stock-reservations": [
        lambda ids: f"variant_id={ids['variant']}",
        lambda ids: f"location_id={ids['location']}",
    ],
    "api/v1/refunds": [lambda ids: f"order_id={ids['order']}"],
    "api/v1/house-accounts/<uuid:house_id>/statement": [lambda _ids: "from=2020-01-01&to=2030-12-31"],
    "api/v1/house-accounts/<uuid:house_id>/statement/receipt": [
        lambda _ids: "from=2020-01-01&to=2030-12-31&format=json"
    ],
    "api/v1/house-accounts/<uuid:house_id>/statement/document.csv": [
        lambda _ids: "from=2020-01-01&to=2030-12-31"
    ],
    "api/v1/house-accounts/<uuid:house_id>/statement/document.pdf": [
        lambda _ids: "from=2020-01-01&to=2030-12-31"
    ],
    "api/v1/stock-returns": [lambda ids: f"order_id={ids['order']}"],
    "api/v1/reports/taxes": [lambda ids: f"by=day&location_id={ids['location']}"],
    "api/v1/ledger/exports": [lambda _ids: "format=csv&from=2020-01-01&to=2030-12-31"],
    "api/v1/ledger/transfers": [lambda ids: f"order_id={ids['order']}"],
    "api/v1/ledger/trial-balance": [lambda _ids: "as_of=2030-12-31"],
    "api/v1/catalog/items": [lambda ids: f"category_id={ids['category']}", lambda _ids: "q=OSTRI"],
    "api/v1/catalog/stops": [lambda ids: f"location_id={ids['location']}"],
    "api/v1/catalog/search": [lambda _ids: "q=OSTRI"],
    "api/v1/registers": [lambda ids: f"location_id={ids['location']}"],
    "api/v1/payment-attempts": [lambda ids: f"order_id={ids['order']}", lambda _ids: "state=presented"],
    "api/v1/feed": [lambda _ids: "after=0"],
}
"""Questions that name the other merchant's keys."""

PARAMETERS = {
    "ledger_account_id": "ledger_account",
    "count_id": "count",
    "entry_id": "count_entry",
    "transfer_id": "transfer",
    "adjustment_id": "adjustment",
    "document_id": "item",
    "file_id": "stock_file",
    "role_code": "role",
    "kind": "document_kind",
    "image_id": "image",
    "import_id": "catalog_import",
    "item_id": "item",
    "order_id": "order",
    "refund_id": "refund",
    "house_id": "house_account",
    "value_id": "value",
    "value_import_id": "value_import",
    "value_reservation_id": "value_reservation",
    "register_id": "register",
    "drawer_id": "drawer",
    "closing_id": "closing",
    "reservation_id": "reservation",
    "session_id": "cash_session",
    "stop_id": "stop",
    "attempt_id": "payment_attempt",
    "connection_id": "payment_connection",
    "gateway_refund_id": "gateway_refund",
    "terminal_id": "terminal",
    "token": "receipt_token",
    "movement_id": "cash_movement",
    "number": "training_number",
    "supplier_id": "supplier",
    "purchase_id": "purchase_order",
    "receipt_id": "goods_receipt",
    "return_id": "supplier_return",
    "cost_id": "landed_cost",
    "owner_id": "recipe_owner",
    "production_id": "production",
    "waste_id": "waste",
    "variant_id": "variant",
    "location_id": "location",
    "object_id": "item",
    "content_type_id": "content_type",
    "app_label": "app_label",
    "url": "url",
    "gateway": "payment_gateway",
    "run_id": "reconciliation",
    "payout_id": "payout",
    "difference_id": "difference",
    "dispute_id": "dispute",
    "event_id": "inbound_event",
}
"""Parameter of a route → the kind of thing it names."""

PLATFORM = {"", "admin", "metrics", "payments/webhooks/<slug:gateway>"}
"""Routes on the platform's host besides its admin."""

SOCKETS = {"ws/v1/feed", ""}
"""Websocket routes; the empty one is the refusal of everything else."""

TASKS: dict[str, dict[str, Any]] = {
    "payments.import_gift_cards": {
        "import_id": "01900000-0000-7000-8000-000000000000",
        "by": {"kind": "system", "id": None, "name": "system", "permissions": []},
    },
    "payments.lapse_gift_cards": {},
    "payments.lapse_gift_cards_everywhere": {},
    "payments.release_gift_cards": {},
    "payments.release_gift_cards_everywhere": {},
    "payments.forget_inbound": {},
    "payments.forget_inbound_everywhere": {},
    "payments.handle_inbound": {"event_id": "01900000-0000-7000-8000-000000000000"},
    "payments.handle_inbound_due": {},
    "payments.handle_inbound_due_everywhere": {},
    "payments.reconcile": {},
    "payments.reconcile_account": {"run_id": "01900000-0000-7000-8000-000000000000"},
    "payments.reconcile_due": {},
    "payments.reconcile_due_everywhere": {},
    "payments.reconcile_everywhere": {},
    "pos.send_purchase_email": {"email_id": "01900000-0000-7000-8000-000000000000"},
    "pos.send_purchase_emails": {},
    "pos.send_purchase_emails_everywhere": {},
    "pos.send_receipt": {
        "letter_id": "01900000-0000-7000-8000-000000000000",
        "order_id": "01900000-0000-7000-8000-000000000000",
        "sealed_to": "sealed by somebody else",
        "origin": "https://cafe.example",
        "position": 0,
    },
    "events.catch_up": {"reader": "realtime"},
    "api.forget_idempotency_keys": {},
    "pos.work_on_stock_file": {
        "file_id": "01900000-0000-7000-8000-000000000000",
        "step": "look",
        "by": {"kind": "system", "id": None, "name": "system"},
    },
    "pos.finish_stock_files": {},
    "pos.finish_stock_files_everywhere": {},
    "pos.work_on_import": {
        "import_id": "01900000-0000-7000-8000-000000000000",
        "step": "look",
        "by": {"kind": "system", "id": None, "name": "system"},
    },
    "payments.look_at_attempt": {"attempt_id": "01900000-0000-7000-8000-000000000000"},
    "payments.send_refund": {"refund_id": "01900000-0000-7000-8000-000000000000"},
    "payments.resolve_attempts": {},
    "payments.resolve_attempts_everywhere": {},
    "payments.measure_unknown_everywhere": {},
    "payments.check_connections": {},
    "payments.check_connections_everywhere": {},
    "pos.sign_checkpoints": {},
    "pos.sign_receipts": {},
    "pos.sign_checkpoints_everywhere": {},
    "pos.audit_stock": {},
    "pos.audit_stock_everywhere": {},
    "pos.release_reservations": {},
    "pos.release_reservations_everywhere": {},
    "pos.settle_stock": {},
    "pos.settle_stock_everywhere": {},
    "pos.watch_expiry": {},
    "pos.watch_expiry_everywhere": {},
    "api.forget_idempotency_keys_everywhere": {},
}
"""Background task → arguments with which it is run inside the other merchant."""

COMMANDS: dict[str, str] = {
    "document_states": "nobody's data: writes a page of the documentation from the code's tables",
    "audit_stock": "every live merchant or the one named, each in its own context",
    "config_schema": "describes settings; opens no tenant",
    "demo": "starts processes; each enters tenants by itself",
    "export_catalog": "one merchant, named by the argument",
    "export_journal": "one merchant, named by the argument",
    "journal_keys": "one merchant, named by the argument",
    "note_restored": "one merchant, named by the argument",
    "import_gift_cards": "one merchant, named by the argument",
    "import_catalog": "one merchant, named by the argument",
    "import_stock": "one merchant, named by the argument",
    "makemigrations": "writes files; opens no tenant",
    "migrate": "the owner's; every schema, each in its own context",
    "onboard": "one merchant, named in the file",
    "operators": "the platform's own people",
    "pairing_code": "one merchant, named by the argument",
    "play_day": "one merchant, named by the argument",
    "rotate_payment_secrets": "every merchant or those named, each in its own context",
    "revert_import": "one merchant, named by the argument",
    "stripe_webhook_endpoint": "the platform's own endpoint, or one merchant, named by the argument",
    "relay": "every live merchant, each in a fresh context",
    "tenants": "the platform's registry",
    **dict.fromkeys(
        (
            "all_tenants_command",
            "clone_tenant",
            "collectstatic_schemas",
            "create_domain",
            "create_missing_schemas",
            "create_tenant",
            "create_tenant_superuser",
            "delete_domain",
            "delete_tenant",
            "migrate_schemas",
            "rename_schema",
            "tenant_command",
        ),
        "the library's own; refused here, with the command that takes its place",
    ),
}
"""Management command → what it may see."""
