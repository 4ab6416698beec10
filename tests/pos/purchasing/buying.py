"""Buying over HTTP, in few words."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.inventory.models import StockLevel, StockMovement
from tests.factories import Shop, TillClient


@dataclass
class Buyer:
    """Somebody who buys for a shop, and what they know of it."""

    shop: Shop
    client: TillClient
    supplier_id: str = field(default_factory=lambda: str(new_id()))

    def variant(self, name: str) -> str:
        """The key of a variant."""
        return str(self.shop.variants[name].id)

    def supplier(self, **said: Any) -> dict[str, Any]:
        """Add the mill: rolls by the tray of 12 at 3.00, cheese by the wheel of 5 kg at 40.00."""
        body = {
            "id": self.supplier_id,
            "code": "mill",
            "name": "Old Mill",
            "email": "orders@mill.example",
            "lead_time_days": 3,
            "items": [
                {
                    "variant_id": self.variant("roll"),
                    "supplier_code": "R-12",
                    "pack_name": "tray",
                    "pack_size": "12",
                    "pack_price_minor": "300",
                    "price_breaks": [{"packs": "10", "pack_price_minor": "270"}],
                    "is_preferred": True,
                },
                {
                    "variant_id": self.variant("cheese"),
                    "supplier_code": "C-5",
                    "pack_name": "wheel",
                    "pack_size": "5000",
                    "pack_unit": "g",
                    "pack_price_minor": "4000",
                },
            ],
            **said,
        }
        return told(self.client.post("/suppliers", body), 201)

    def draft(self, *lines: tuple[str, str], **said: Any) -> dict[str, Any]:
        """A draft of an order: lines of (variant, packs)."""
        body = {
            "id": str(new_id()),
            "supplier_id": self.supplier_id,
            "location_id": str(self.shop.location.id),
            "lines": [{"variant_id": self.variant(name), "packs": packs} for name, packs in lines],
            **said,
        }
        return told(self.client.post("/purchase-orders", body), 201)

    def ordered(self, *lines: tuple[str, str], **said: Any) -> dict[str, Any]:
        """An order that was sent."""
        order = self.draft(*lines, **said)
        return told(self.client.post(f"/purchase-orders/{order['id']}/send", {}), 200)

    def delivery(self, order: dict[str, Any], *quantities: str, **said: Any) -> dict[str, Any]:
        """The body of a delivery: so many packs of each line of the order, in their order."""
        return {
            "id": str(new_id()),
            "lines": [
                {"order_line_id": line["id"], "quantity": quantity}
                for line, quantity in zip(order["lines"], quantities, strict=False)
            ],
            **said,
        }

    def receive(self, order: dict[str, Any], *quantities: str, **said: Any) -> Any:
        """Receive a delivery of the order; the answer."""
        return self.post_delivery(order, self.delivery(order, *quantities, **said))

    def post_delivery(self, order: dict[str, Any], body: dict[str, Any]) -> Any:
        """Send a delivery of the order."""
        return self.client.post(f"/purchase-orders/{order['id']}/receipts", body)

    def order(self, order: dict[str, Any]) -> dict[str, Any]:
        """The order as it is now."""
        return told(self.client.get(f"/purchase-orders/{order['id']}"), 200)

    def level(self, name: str) -> tuple[Decimal, Decimal]:
        """What is on hand of a variant, and what it is worth."""
        with tenant_context(self.shop.tenant):
            row = StockLevel.objects.filter(variant=self.shop.variants[name]).first()
            return (Decimal(0), Decimal(0)) if row is None else (row.on_hand, row.value_minor)

    def movements(self, name: str) -> list[tuple[str, Decimal, Decimal]]:
        """Kind, quantity and value of every movement of a variant, in the order they were recorded."""
        with tenant_context(self.shop.tenant):
            rows = StockMovement.objects.filter(variant=self.shop.variants[name]).order_by("pk")
            return [(row.kind, row.quantity, row.value_minor) for row in rows]


def told(response: Any, status: int) -> dict[str, Any]:
    """The body of an answer that has this status."""
    assert response.status_code == status, response.content
    body: dict[str, Any] = response.json()
    return body


def problem(response: Any) -> tuple[int, str, list[str]]:
    """Status, code and pointers of a refusal."""
    body = response.json()
    return response.status_code, body["code"], [each.get("pointer", "") for each in body.get("errors", [])]
