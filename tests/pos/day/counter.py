"""Whoever is at the till: every step of the day as the requests it takes, at the time the step says."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from fynlo.core.clock import rfc3339
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.inventory.tasks import settle_stock
from tests.pos.day.shop import Shopfront
from tests.pos.day.words import priced
from tests.pos.inventory.weeks.shopfront import told


class Counter(Shopfront):
    """The shop through its day. `orders`, `refunds` and `sessions` are what was answered, by the day's names."""

    def take(self, step: Mapping[str, Any]) -> None:
        """One step of the day, at its time."""
        self.at = self.day.moment(step["at"])
        self.happened = self.day.moment(step.get("happened", step["at"]))
        self.set_clock(self.at)
        self.who = step["who"]
        verb = next((verb for verb in _VERBS if verb in step), "order")
        _VERBS.get(verb, Counter._sell)(self, step)
        with tenant_context(self.tenant):  # as the reader of the feed does some moments later
            settle_stock.run()

    def _empty(self, step: Mapping[str, Any]) -> None:
        body = {"id": str(new_id()), "kind": "spot", "location_id": self.place}
        count = told(self.post("/stock-counts", body), 201)["id"]
        entries = [
            {
                "id": str(new_id()),
                "variant_id": self.goods[name],
                "quantity": "0",
                "counted_at": rfc3339(self.at),
            }
            for name in step["empty"]
        ]
        told(self.post(f"/stock-counts/{count}/entries", {"entries": entries}), 200)
        told(self.post(f"/stock-counts/{count}/submit", {}), 200)
        told(self.post(f"/stock-counts/{count}/approve", {}), 200)

    def _buy(self, step: Mapping[str, Any]) -> None:
        wanted = {name: priced(text) for name, text in step["buy"].items()}
        lines = [
            {"variant_id": self.goods[name], "quantity": quantity, "unit_cost_minor": cost}
            for name, (quantity, cost) in wanted.items()
        ]
        body = {
            "id": str(new_id()),
            "supplier_id": self.suppliers[step["from"]],
            "location_id": self.place,
            "lines": lines,
        }
        told(self.post("/goods-receipts", body), 201)

    def _account(self, step: Mapping[str, Any]) -> None:
        body = {
            "id": str(new_id()),
            "code": step["account"],
            "name": step["named"],
            "limit": self.money(step["limit"]),
        }
        self.accounts[step["account"]] = told(self.post("/house-accounts", body), 201)["id"]

    def _open(self, step: Mapping[str, Any]) -> None:
        body = {"id": str(new_id()), "opening_float": self.money(step["open"])}
        self.session = told(self.post(f"/registers/{self.register}/sessions", body), 201)

    def _sell(self, step: Mapping[str, Any]) -> None:
        order = told(self.post("/orders", self._order(step)), 201)
        self.orders[step["order"]] = order["id"]

    def _order(self, step: Mapping[str, Any]) -> dict[str, Any]:
        """A basket, and what is paid for it."""
        body = {**self._basket(step), "tenders": self._tenders(step)}
        if "tip" in step:
            body["tip"] = self.money(step["tip"])
        if "happened" in step:
            body["placed_at"] = rfc3339(self.happened)
        return body

    def _basket(self, step: Mapping[str, Any]) -> dict[str, Any]:
        lines = [self._scanned(step["scan"])] if "scan" in step else []
        off = step.get("off", {})
        for name, quantity in step["sell"].items():
            line: dict[str, Any] = {
                "id": str(new_id()),
                "variant_id": self.goods[name],
                "quantity": quantity,
            }
            if name in off:
                line["discounts"] = [{"id": str(new_id()), "name": "Yesterday's", "percent": off[name]}]
            lines.append(line)
        body: dict[str, Any] = {"id": str(new_id()), "lines": lines}
        if "off the lot" in step:
            amount = self.money(step["off the lot"])
            body["discounts"] = [{"id": str(new_id()), "name": "Neighbour", "amount": amount}]
        return body

    def _scanned(self, code: str) -> dict[str, Any]:
        """What the till makes of a label: its price stands."""
        scan = told(self.post("/catalog/scans", {"code": code}), 200)
        return {
            "id": str(new_id()),
            "variant_id": scan["variant"]["variant_id"],
            "quantity": scan["quantity"],
            "printed_amount": scan["amount"],
        }

    def _tenders(self, step: Mapping[str, Any]) -> list[dict[str, Any]]:
        tenders = []
        for tender, amount in step.get("pay", {}).items():
            body = {"id": str(new_id()), "tender_type": tender, "amount": self.money(amount)}
            if tender == "house":
                body["house_account_id"] = self.accounts[step["account"]]
            tenders.append(body)
        return tenders

    def _ticket(self, step: Mapping[str, Any]) -> None:
        body = {**self._basket(step), "name": step["named"]}
        self.orders[step["ticket"]] = told(self.post("/tickets", body), 201)["id"]

    def _change(self, step: Mapping[str, Any]) -> None:
        path = f"/orders/{self.orders[step['change']]}"
        before = self.get(path)
        lines = self.lines(step["change"])
        changes: list[dict[str, Any]] = [
            {
                "id": str(new_id()),
                "kind": "add",
                "line": {"id": str(new_id()), "variant_id": self.goods[name], "quantity": quantity},
            }
            for name, quantity in step["add"].items()
        ]
        for name, quantity in step["adjust"].items():
            changes.append(
                {"id": str(new_id()), "kind": "adjust", "line_id": lines[name], "quantity": quantity}
            )
        for name, reason in step["void"].items():
            changes.append({"id": str(new_id()), "kind": "void", "line_id": lines[name], "reason": reason})
        told(self.post(f"{path}/changes", {"changes": changes}, If_Match=before["ETag"]), 200)

    def _settle(self, step: Mapping[str, Any]) -> None:
        body = {"tenders": self._tenders(step)}
        told(self.post(f"/orders/{self.orders[step['settle']]}/payments", body), 200)

    def _cancel(self, step: Mapping[str, Any]) -> None:
        body = {"reason": step["because"], "goods": step["goods"]}
        told(self.post(f"/orders/{self.orders[step['cancel']]}/cancel", body), 200)

    def _refund(self, step: Mapping[str, Any]) -> None:
        body: dict[str, Any] = {"id": str(new_id()), "reason": step["because"]}
        if "amount" in step:
            body["amount"] = self.money(step["amount"])
        else:
            body["lines"] = self._back(step["refund"], step)
        told(self.post(f"/orders/{self.orders[step['refund']]}/refunds", body), 201)

    def _back(self, order: str, step: Mapping[str, Any]) -> list[dict[str, Any]]:
        lines = self.lines(order)
        return [
            {"order_line_id": lines[name], "quantity": quantity, "goods": step["goods"]}
            for name, quantity in step["of"].items()
        ]

    def _exchange(self, step: Mapping[str, Any]) -> None:
        returned = {
            "order_id": self.orders[step["exchange"]],
            "lines": self._back(step["exchange"], step),
            "reason": "exchange",
        }
        body = {"id": str(new_id()), "refund": returned, "order": self._order(step)}
        made = told(self.post("/exchanges", body), 201)
        self.orders[step["order"]] = made["order"]["id"]

    def _loose(self, step: Mapping[str, Any]) -> None:
        lines = [
            {"variant_id": self.goods[name], "quantity": quantity, "goods": step["goods"]}
            for name, quantity in step["refund without receipt"].items()
        ]
        tenders = [{"id": str(new_id()), "tender_type": step["back by"], "amount": self.money("350")}]
        body = {"id": str(new_id()), "lines": lines, "reason": step["because"], "tenders": tenders}
        told(self.post("/refunds", body), 201)

    def _move(self, step: Mapping[str, Any]) -> None:
        body: dict[str, Any] = {"id": str(new_id()), "kind": step["move"], "note": step["because"]}
        if "amount" in step:
            body["amount"] = self.money(step["amount"])
        told(self.post(f"/cash-sessions/{self.session['id']}/movements", body), 201)

    def _pay_down(self, step: Mapping[str, Any]) -> None:
        amount = self.money(step["amount"])
        body = {"id": str(new_id()), "tender_type": step["by"], "amount": amount}
        told(self.post(f"/house-accounts/{self.accounts[step['pay down']]}/payments", body), 201)

    def _train(self, step: Mapping[str, Any]) -> None:
        body = {**self._order({**step, "sell": step["training"]}), "training": True}
        self.training = told(self.post("/orders", body), 201)

    def _begin_closing(self, step: Mapping[str, Any]) -> None:
        del step
        self.blind.append(told(self.post(f"/cash-sessions/{self.session['id']}/begin-closing", {}), 200))
        self.blind.append(told(self.get(f"/registers/{self.register}/session"), 200))

    def _count(self, step: Mapping[str, Any]) -> None:
        body = {"counted": self.money(step["count"])}
        self.counts.append(told(self.post(f"/cash-sessions/{self.session['id']}/counts", body), 200))

    def _recount(self, step: Mapping[str, Any]) -> None:
        body = {"counted": self.money(step["recount"]), "reason": step["because"]}
        self.counts.append(told(self.post(f"/cash-sessions/{self.session['id']}/recounts", body), 200))

    def _close(self, step: Mapping[str, Any]) -> None:
        del step
        self.session = told(self.post(f"/cash-sessions/{self.session['id']}/close", {}), 200)


_VERBS: Final[dict[str, Callable[[Counter, Mapping[str, Any]], None]]] = {
    "empty": Counter._empty,
    "buy": Counter._buy,
    "limit": Counter._account,
    "open": Counter._open,
    "ticket": Counter._ticket,
    "change": Counter._change,
    "settle": Counter._settle,
    "cancel": Counter._cancel,
    "refund": Counter._refund,
    "exchange": Counter._exchange,
    "refund without receipt": Counter._loose,
    "move": Counter._move,
    "pay down": Counter._pay_down,
    "training": Counter._train,
    "begin closing": Counter._begin_closing,
    "count": Counter._count,
    "recount": Counter._recount,
    "close": Counter._close,
}
