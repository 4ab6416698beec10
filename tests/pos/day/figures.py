"""What the API answers about a day, in the tables of the day's page."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Final

from tests.pos.day.counter import Counter
from tests.pos.inventory.weeks.pages import Table
from tests.pos.inventory.weeks.shopfront import told

Row = dict[str, str]


class Figures:
    """The figures of a day that was played."""

    def __init__(self, shop: Counter) -> None:
        self._shop = shop
        shop.who = "margaret"
        (head,) = self._get("/closings")["items"]
        self._closing = self._get(f"/closings/{head['id']}")
        self._z = self._closing["document"]

    def tables(self) -> dict[str, Table]:
        """Every table of the page, under its name."""
        return {title: make(self) for title, make in _TABLES.items()}

    def _get(self, path: str) -> dict[str, Any]:
        return told(self._shop.get(path), 200)

    def _orders(self) -> Table:
        return {
            name: [self._order(self._get(f"/orders/{key}"))]
            for name, key in sorted(self._shop.orders.items())
        }

    def _order(self, order: Mapping[str, Any]) -> Row:
        return {
            "receipt": order["receipt_reference"] or "",
            "total": _amount(order["total"]),
            "VAT": _amount(order["tax"]),
            "tip": _amount(order["tip"]),
            "tendered": str(sum(each["tendered"]["amount_minor"] for each in order["payments"])),
            "change": _amount(order["change"]),
            "rounding": _amount(order["rounding"]),
            "refunded": _amount(order["refunded"]),
            "fulfilment": order["fulfilment_state"],
            "payment": order["payment_state"],
        }

    def _refunds(self) -> Table:
        rows: Table = {}
        for refund in sorted(self._get("/refunds?limit=50")["items"], key=lambda each: each["number"]):
            (tender,) = refund["tenders"]
            rows[refund["reference"]] = [
                {
                    "of": refund["order_reference"] or "",
                    "kind": refund["kind"],
                    "net": _amount(refund["net"]),
                    "VAT": _amount(refund["tax"]),
                    "total": _amount(refund["total"]),
                    "back by": tender["tender_type"],
                    "given": _amount(tender["given"]),
                }
            ]
        return rows

    def _counts(self) -> Table:
        columns = ("expected", "counted", "variance")
        rows: Table = {"before": [dict.fromkeys(columns, "")]}
        for told_blind in self._shop.blind:
            if told_blind["counts"] or any(told_blind[column] is not None for column in columns):
                rows["before"].append({column: str(told_blind[column]) for column in columns})
        for name, answer in zip(("first", "second"), self._shop.counts, strict=True):
            rows[name] = [{column: _amount(answer["counts"][-1][column]) for column in columns}]
        return rows

    def _zed(self) -> Table:
        z, cash = self._z, self._z["cash"]
        return _one_column(
            {
                "number": z["number"],
                "sales": _amount(z["sales"]["total"]),
                "net": _amount(z["sales"]["net"]),
                "VAT": _amount(z["sales"]["tax"]),
                "tips": _amount(z["sales"]["tip"]),
                "discounts": _amount(z["sales"]["discount"]),
                "cash rounding": _amount(z["sales"]["rounding"]),
                "refunds": _amount(z["refunds"]["total"]),
                "refunds, net": _amount(z["refunds"]["net"]),
                "refunds, VAT": _amount(z["refunds"]["tax"]),
                "cancelled": _amount(z["cancels"]["amount"]),
                "training": _amount(z["training"]["total"]),
                "drawer opened": str(z["drawer_openings"]),
                "open tickets": str(z["open_tickets"]["count"]),
                "expected": _amount(cash["expected"]),
                "counted": _amount(cash["counted"]),
                "variance": _amount(cash["variance"]),
                "grand total": _amount(z["grand_total"]),
                "all refunds": _amount(z["refund_total"]),
            }
        )

    def _drawer(self) -> Table:
        return {
            each["kind"]: [{"how often": str(each["count"]), "amount": _amount(each["amount"])}]
            for each in self._z["cash"]["movements"]
        }

    def _tenders(self) -> Table:
        return {
            each["code"]: [
                {
                    "payments": str(each["count"]),
                    "amount": _amount(each["amount"]),
                    "rounding": _amount(each["rounding"]),
                    "refunds": str(each["refund_count"]),
                    "given back": _amount(each["refunded"]),
                }
            ]
            for each in self._z["tenders"]
        }

    def _taxes(self) -> Table:
        return {
            _percent(each["rate"]): [
                {
                    "net": _amount(each["net"]),
                    "VAT": _amount(each["tax"]),
                    "net given back": _amount(each["refunded_net"]),
                    "VAT given back": _amount(each["refunded_tax"]),
                }
            ]
            for each in self._z["taxes"]
        }

    def _numbers(self) -> Table:
        return {
            name: [
                {
                    "first": str(each["first"]),
                    "last": str(each["last"]),
                    "how many": str(each["count"]),
                    "missing": ", ".join(map(str, each["gaps"])),
                }
            ]
            for name, each in self._z["numbers"].items()
        }

    def _late(self) -> Table:
        late = self._closing["late"]
        return {
            each["number"]: [
                {
                    "what": each["what"],
                    "told": each["told"],
                    "total": _amount(each["total"]),
                    "cash": _amount(each["cash"]),
                    "variance then": _amount(late["variance"]),
                }
            ]
            for each in late["entries"]
        }

    def _x(self) -> Table:
        x = self._get(f"/registers/{self._shop.register}/x-report")
        return _one_column(
            {
                "sales": _amount(x["sales"]["total"]),
                "refunds": _amount(x["refunds"]["total"]),
                "late": _amount(x["late"]["total"]),
                "grand total": _amount(x["grand_total"]),
                "all refunds": _amount(x["refund_total"]),
            }
        )

    def _trial_balance(self) -> Table:
        return {
            each["code"]: [{side: _amount(each[side]) for side in ("debit", "credit", "balance")}]
            for each in self._get("/ledger/trial-balance")["accounts"]
            if each["debit"]["amount_minor"] or each["credit"]["amount_minor"]
        }

    def _tax_report(self) -> Table:
        day = self._shop.day.date
        names = {
            "net sold": "sold_net",
            "VAT sold": "sold_tax",
            "net given back": "refunded_net",
            "VAT given back": "refunded_tax",
            "net": "net",
            "VAT": "tax",
            "in the books": "booked",
        }
        return {
            _percent(each["rate"]): [{column: _amount(each[name]) for column, name in names.items()}]
            for each in self._get(f"/reports/taxes?from={day}&to={day}")["items"]
        }

    def _journal(self) -> Table:
        entries = self._get(f"/registers/{self._shop.register}/journal?limit=100")["items"]
        return {
            str(each["position"]): [{"entry": each["kind"], "number": each["number"]}] for each in entries
        }

    def _account(self) -> Table:
        (account,) = self._get("/house-accounts")["items"]
        names = {"limit": "limit", "owed": "balance", "left of the limit": "available"}
        return _one_column({title: _amount(account[name]) for title, name in names.items()})


def _one_column(rows: Mapping[str, str]) -> Table:
    return {title: [{"amount": cell}] for title, cell in rows.items()}


def _amount(money: Mapping[str, Any]) -> str:
    return str(money["amount_minor"])


def _percent(rate: str) -> str:
    return f"{int(Fraction(rate) * 100)} %"


_TABLES: Final[dict[str, Callable[[Figures], Table]]] = {
    "Orders": Figures._orders,
    "Refunds": Figures._refunds,
    "Counts": Figures._counts,
    "Z": Figures._zed,
    "Drawer": Figures._drawer,
    "Tenders": Figures._tenders,
    "Taxes of the Z": Figures._taxes,
    "Numbers of the Z": Figures._numbers,
    "Late section": Figures._late,
    "X in the evening": Figures._x,
    "Trial balance": Figures._trial_balance,
    "Tax report": Figures._tax_report,
    "Journal": Figures._journal,
    "The school's account": Figures._account,
}
