"""Whoever keeps the shop: every step of a week as the requests it takes, at the time the step says."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from fynlo.core.clock import rfc3339
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.inventory.tasks import settle_stock
from tests.pos.inventory.weeks.shopfront import Shopfront, told
from tests.pos.inventory.weeks.words import Priced, priced

CASH: Final = 1_000_00
"""What guests put down: more than any basket of these weeks; the rest goes back as change."""


class Keeper(Shopfront):
    """The shop through its week."""

    def take(self, step: Mapping[str, Any]) -> None:
        """One step of the week, at its time."""
        self._at = self.week.moment(step["at"])
        self._happened = self.week.moment(step.get("happened", step["at"]))
        self._set_clock(self._at)
        self._arrive()
        (verb,) = [verb for verb in _VERBS if verb in step]
        _VERBS[verb](self, step)
        with tenant_context(self.tenant):  # as the reader of the feed does some moments later
            settle_stock.run()

    def _order(self, step: Mapping[str, Any]) -> None:
        wanted = {name: priced(text) for name, text in step["goods"].items()}
        body = {
            "id": str(new_id()),
            "supplier_id": self._named[step["from"]],
            "location_id": self._place(step),
            "lines": [self._ordered(name, each) for name, each in wanted.items()],
        }
        order = told(self.manager.post("/purchase-orders", body), 201)
        told(self.manager.post(f"/purchase-orders/{order['id']}/send", {}), 200)
        self._named[f"order {step['order']}"] = order

    def _ordered(self, name: str, each: Priced) -> dict[str, str]:
        return {
            "variant_id": self.key(name),
            "packs": each.packs,
            "pack_size": each.pack_size,
            "pack_price_minor": each.pack_price_minor,
        }

    def _receive(self, step: Mapping[str, Any]) -> None:
        order = self._named[f"order {step['receive']}"]
        lines = [{"order_line_id": line["id"], "quantity": line["packs"]} for line in order["lines"]]
        if "lot" in step:
            lines[0]["lots"] = [
                {"code": step["lot"], "quantity": order["lines"][0]["packs"], "expires_on": step["use by"]}
            ]
        body: dict[str, Any] = {"id": str(new_id()), "lines": lines}
        if "happened" in step:
            body["received_at"] = rfc3339(self._happened)
        receipt = told(self.manager.post(f"/purchase-orders/{order['id']}/receipts", body), 201)
        self._named[f"delivery {step['receive']}"] = receipt

    def _buy(self, step: Mapping[str, Any]) -> None:
        wanted = {name: priced(text) for name, text in step["buy"].items()}
        body = {
            "id": str(new_id()),
            "supplier_id": self._named[step["from"]],
            "location_id": self._place(step),
            "lines": [
                {
                    "variant_id": self.key(name),
                    "quantity": each.packs,
                    "unit_cost_minor": each.pack_price_minor,
                }
                for name, each in wanted.items()
            ],
        }
        told(self.manager.post("/goods-receipts", body), 201)

    def _freight(self, step: Mapping[str, Any]) -> None:
        receipt = self._named[f"delivery {step['of']}"]
        minor = int(priced(f"1 at {step['freight']}").pack_price_minor.partition(".")[0])
        body = {
            "id": str(new_id()),
            "kind": "freight",
            "basis": step["by"],
            "amount": {"amount_minor": minor, "currency": receipt["currency"]},
            "receipt_ids": [receipt["id"]],
        }
        told(self.manager.post("/landed-costs", body), 201)

    def _produce(self, step: Mapping[str, Any]) -> None:
        for name, quantity in step["produce"].items():
            body = {"variant_id": self.key(name), "location_id": self._place(step), "quantity": quantity}
            if "happened" in step:
                body["at"] = rfc3339(self._happened)
            told(self.manager.post("/productions", body), 201)

    def _sell(self, step: Mapping[str, Any]) -> None:
        amount = {"amount_minor": CASH, "currency": self.tenant.currency}
        body: dict[str, Any] = {
            "id": str(new_id()),
            "lines": [self._sold(what, quantity) for what, quantity in step["sell"].items()],
            "tenders": [{"id": str(new_id()), "tender_type": "cash", "amount": amount}],
        }
        if "happened" in step:
            body["placed_at"] = rfc3339(self._happened)
        till = self.tills[step.get("till", self.week.said["till"])]
        order = told(till.post("/orders", body), 201)
        self._named[f"sale {step.get('named')}"] = order

    def _sold(self, what: str, quantity: str) -> dict[str, Any]:
        name, _, modifier = what.partition(" + ")
        line: dict[str, Any] = {"id": str(new_id()), "variant_id": self.key(name), "quantity": quantity}
        if modifier:
            line["modifiers"] = [{"modifier_id": self.modifiers[modifier]}]
        return line

    def _bring_back(self, step: Mapping[str, Any]) -> None:
        order = self._named[f"sale {step['of']}"]
        by_variant = {line["variant_id"]: line["id"] for line in order["lines"]}
        body = {
            "id": str(new_id()),
            "order_id": order["id"],
            "lines": [
                {
                    "order_line_id": by_variant[self.key(name)],
                    "quantity": quantity,
                    "disposition": step["and"],
                }
                for name, quantity in step["bring back"].items()
            ],
        }
        if "happened" in step:
            body["at"] = rfc3339(self._happened)
        told(self.manager.post("/stock-returns", body), 201)

    def _waste(self, step: Mapping[str, Any]) -> None:
        for name, quantity in step["waste"].items():
            body = {
                "variant_id": self.key(name),
                "location_id": self._place(step),
                "quantity": quantity,
                "reason_code": step["because"],
            }
            if "happened" in step:
                body["at"] = rfc3339(self._happened)
            if "lot" in step:
                query = f"/stock-lots?variant_id={self.key(name)}&code={step['lot']}"
                (lot,) = told(self.manager.get(query), 200)["items"]
                body["lot_id"] = lot["id"]
            told(self.manager.post("/stock-waste", body), 201)

    def _count(self, step: Mapping[str, Any]) -> None:
        """All of the place if it says so, else what was counted; whoever manages approves."""
        body = {
            "id": str(new_id()),
            "kind": "full" if "all of it" in step else "spot",
            "location_id": self._place(step),
        }
        count = told(self.manager.post("/stock-counts", body), 201)["id"]
        entries = [
            {
                "id": str(new_id()),
                "variant_id": self.key(name),
                "quantity": quantity,
                "counted_at": rfc3339(self._happened),
            }
            for name, quantity in step["count"].items()
        ]
        told(self.manager.post(f"/stock-counts/{count}/entries", {"entries": entries}), 200)
        told(self.manager.post(f"/stock-counts/{count}/submit", {}), 200)
        told(self.manager.post(f"/stock-counts/{count}/approve", {}), 200)
        self.counts[step["at"]] = count

    def _keep_lots(self, step: Mapping[str, Any]) -> None:
        item = self._variants[self.week.said["goods"][step["keep lots of"]]].item_id
        body = {"policy": None, "tracking": "lot", "shelf_life_days": None, "stops_when_out": False}
        before = self.manager.get(f"/stock-items/{item}")
        told(self.manager.put(f"/stock-items/{item}", body, If_Match=before["ETag"]), 200)

    def _transfer(self, step: Mapping[str, Any]) -> None:
        body = {
            "id": str(new_id()),
            "from_location_id": self._place(step),
            "to_location_id": self.places[step["to"]],
            "lines": [
                {"variant_id": self.key(name), "quantity": quantity}
                for name, quantity in step["transfer"].items()
            ],
        }
        made = told(self.manager.post("/stock-transfers", body), 201)
        sent = told(self.manager.post(f"/stock-transfers/{made['id']}/send", {}), 200)
        self._named[f"transfer {step['named']}"] = sent

    def _arrives(self, step: Mapping[str, Any]) -> None:
        sent = self._named[f"transfer {step['of']}"]
        by_variant = {line["variant_id"]: line["id"] for line in sent["lines"]}
        lines = [
            {
                "line_id": by_variant[self.key(name)],
                "received": quantity,
                "missing": [
                    {"quantity": step["broken"][name], "reason": "damaged", "outcome": "waste"},
                ]
                if name in step.get("broken", {})
                else [],
            }
            for name, quantity in step["arrives"].items()
        ]
        body = {"id": str(new_id()), "lines": lines}
        told(self.manager.post(f"/stock-transfers/{sent['id']}/receive", body), 200)

    def _back_to_supplier(self, step: Mapping[str, Any]) -> None:
        receipt = self._named[f"delivery {step['of']}"]
        by_variant = {line["variant_id"]: line["id"] for line in receipt["lines"]}
        body = {
            "id": str(new_id()),
            "reason": step["because"],
            "lines": [
                {"receipt_line_id": by_variant[self.key(name)], "quantity": quantity}
                for name, quantity in step["back to supplier"].items()
            ],
        }
        told(self.manager.post("/supplier-returns", body), 201)


_VERBS: Final[dict[str, Callable[[Keeper, Mapping[str, Any]], None]]] = {
    "order": Keeper._order,
    "receive": Keeper._receive,
    "buy": Keeper._buy,
    "freight": Keeper._freight,
    "produce": Keeper._produce,
    "sell": Keeper._sell,
    "bring back": Keeper._bring_back,
    "waste": Keeper._waste,
    "count": Keeper._count,
    "keep lots of": Keeper._keep_lots,
    "transfer": Keeper._transfer,
    "arrives": Keeper._arrives,
    "back to supplier": Keeper._back_to_supplier,
}
