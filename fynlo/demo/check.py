"""Sell something as a till would: over HTTP and a websocket, and look at what it left in stock and in the
books; give a part of it back, and close the drawer. Of the day that was played before, look at its closing.

Every line printed is something that was seen. The first thing that is not as it should be ends the check.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus
from typing import Any, Final

from fynlo.core.ids import new_id
from fynlo.demo.cards import Cards
from fynlo.demo.feed_socket import FeedSocket, SocketError
from fynlo.demo.gift_cards import GiftCards
from fynlo.demo.merchants import Employee, Merchant
from fynlo.demo.office import Office
from fynlo.demo.seeing import CheckError, expect, same
from fynlo.demo.supervisor import Supervisor
from fynlo.demo.web import Answer, Site

_API: Final = "/api/v1"
_OPENING_FLOAT: Final = 10_000  # minor units
_TOO_MUCH: Final = 500  # minor units handed over beyond the total, to be given back
_ITEMS_SOLD: Final = 2
_PLAYED: Final = {"sales": 17_301, "refunds": 2_180}  # what fynlo.demo.day comes to at the counter
_CUSTOMER: Final = "KITA"  # who buys on account that day


@dataclass(frozen=True, slots=True)
class Cart:
    """What is sold: lines for the API, and the quantity of each variant."""

    lines: list[dict[str, Any]]
    quantities: dict[str, int]


class Check:
    """One sale at the first merchant, seen from every side the public API has."""

    def __init__(
        self, *, merchants: Sequence[Merchant], port: int, pairing_code: str, say: Callable[[str], None]
    ) -> None:
        self._merchant, self._neighbour = merchants[0], merchants[1]
        self._site = Site(self._merchant.host, port)
        self._neighbour_site = Site(self._neighbour.host, port)
        self._pairing_code = pairing_code
        self._say = say
        self._headers: dict[str, str] = {}

    def run(self, supervisor: Supervisor) -> bool:
        """Sell; True when everything held. A process that dies meanwhile ends the demo with its own
        sentence.
        """
        try:
            self._sell(supervisor)
        except (CheckError, SocketError, OSError, KeyError, ValueError, TypeError) as problem:
            supervisor.wait_until(lambda: True, seconds=0)  # a dead process explains more than its symptom
            self._say(f"NOT AS IT SHOULD BE: {type(problem).__name__}: {problem}")
            return False
        return True

    def _sell(self, supervisor: Supervisor) -> None:
        self._pair()
        self._sign_in(self._merchant.cashier())
        self._neighbour_refuses()
        self._open_register()
        cart = self._fill_cart()
        before = self._stock(cart)
        head = self._get("/feed?limit=1").json()["head"]
        ticket = self._post("/realtime/tickets", {}, HTTPStatus.CREATED).json()["ticket"]
        with FeedSocket.opened(self._site, ticket=ticket, since=head) as socket:
            total = self._quote(cart)
            order = self._order(cart, total)
            event = socket.event_about(order["id"], kind="order.completed")
        self._saw(f"websocket: order.completed at position {event['seq']}")
        self._read_back(order, event, after=head)
        self._stock_moved(cart, before)
        self._books_balance(order)
        self._look_at_yesterday()
        self._give_back(order)
        self._take_cards(cart, supervisor)
        self._sell_a_gift_card(cart)
        self._close_register()

    def _pair(self) -> None:
        body = {"code": self._pairing_code, "device_name": "Demo check"}
        answer = self._post("/terminals/pair", body, HTTPStatus.CREATED).json()
        self._headers["Authorization"] = f"Bearer {answer['token']}"
        me = self._get("/terminals/me").json()
        self._saw(f"paired terminal {me['name']!r} to register {self._merchant.register}")

    def _sign_in(self, employee: Employee) -> None:
        body = {"employee_number": employee.number, "pin": employee.pin}
        session = self._post("/employees/sign-in", body, HTTPStatus.CREATED).json()
        self._headers["Staff-Session"] = session["token"]
        self._saw(f"{employee.name} signed in as {employee.role}")

    def _neighbour_refuses(self) -> None:
        answer = self._neighbour_site.ask("GET", f"{_API}/orders", headers=self._headers)
        expect(answer, HTTPStatus.UNAUTHORIZED)
        self._saw(f"{self._neighbour.name} refuses the same token with 401")

    def _open_register(self) -> None:
        register = self._register()
        present = self._get(
            f"/registers/{register['id']}/session", expected=(HTTPStatus.OK, HTTPStatus.NOT_FOUND)
        )
        if present.status == HTTPStatus.NOT_FOUND:
            opening = {"opening_float": self._money(_OPENING_FLOAT)}
            self._post(f"/registers/{register['id']}/sessions", opening, HTTPStatus.CREATED)
            self._saw(f"opened register {register['code']} with {_OPENING_FLOAT} in the drawer")
        else:
            self._saw(f"register {register['code']} is open since an earlier run")

    def _fill_cart(self) -> Cart:
        items = self._get("/catalog/items?limit=200").json()["items"]
        bought = [item for item in items if item["is_active"] and item["unit"] == "each"][:_ITEMS_SOLD]
        self._saw(f"catalogue: {len(items)} items; buying {', '.join(item['name'] for item in bought)}")
        variants = [next(variant for variant in item["variants"] if variant["is_active"]) for item in bought]
        quantities = {variant["id"]: count for count, variant in enumerate(variants, start=1)}
        lines = [
            {"id": str(new_id()), "variant_id": variant, "quantity": str(count)}
            for variant, count in quantities.items()
        ]
        return Cart(lines, quantities)

    def _quote(self, cart: Cart) -> dict[str, Any]:
        lines = [{key: line[key] for key in ("variant_id", "quantity")} for line in cart.lines]
        quote = self._post("/quotes", {"lines": lines}).json()
        total: dict[str, Any] = quote["total"]
        self._saw(f"quote: {total['amount_minor']} {total['currency']} (minor units)")
        return total

    def _order(self, cart: Cart, total: dict[str, Any]) -> dict[str, Any]:
        handed_over = self._money(total["amount_minor"] + _TOO_MUCH)
        body = {
            "id": str(new_id()),
            "lines": cart.lines,
            "tenders": [{"id": str(new_id()), "tender_type": "cash", "amount": handed_over}],
            "expected_total": total,
        }
        key = {"Idempotency-Key": str(uuid.uuid4())}
        first = self._post("/orders", body, HTTPStatus.CREATED, headers=key)
        again = self._post("/orders", body, HTTPStatus.CREATED, headers=key)
        if again.body != first.body:
            raise CheckError("the same order sent again got another answer")
        order: dict[str, Any] = first.json()
        same("total of order and quote", order["total"], total)
        same("change", order["change"], self._money(_TOO_MUCH))
        self._saw(
            f"order {order['reference']} placed, change {_TOO_MUCH}; sent again: the same answer, byte for byte"
        )
        return order

    def _read_back(self, order: dict[str, Any], event: dict[str, Any], *, after: int) -> None:
        same("order read back", self._get(f"/orders/{order['id']}").json()["id"], order["id"])
        receipt = self._get(f"/orders/{order['id']}/receipt").text
        if order["reference"] not in receipt:
            raise CheckError(f"the receipt does not show {order['reference']}: {receipt}")
        self._saw("receipt:\n" + "\n".join(f"    {line}" for line in receipt.splitlines()))
        feed = self._get(f"/feed?after={after}").json()["items"]
        positions = [item["seq"] for item in feed]
        same("positions of the feed", positions, list(range(after + 1, after + 1 + len(feed))))
        if event["seq"] not in positions:
            raise CheckError("the feed does not hold the position the websocket showed")
        self._saw(f"feed: {len(feed)} entries after {after}, without a gap")

    def _stock(self, cart: Cart) -> dict[str, str]:
        found = {}
        for variant in cart.quantities:
            levels = self._get(f"/stock-levels?variant_id={variant}").json()["items"]
            found[variant] = levels[0]["on_hand"] if levels else "0"
        return found

    def _stock_moved(self, cart: Cart, before: dict[str, str]) -> None:
        after = self._stock(cart)
        for variant, count in cart.quantities.items():
            same(f"stock of {variant}", Decimal(after[variant]), Decimal(before[variant]) - count)
        self._saw(f"stock: {', '.join(f'{before[key]} -> {after[key]}' for key in after)}")

    def _books_balance(self, order: dict[str, Any]) -> None:
        expect(
            self._site.ask("GET", f"{_API}/ledger/trial-balance", headers=self._headers), HTTPStatus.FORBIDDEN
        )
        self._saw("the books are closed to a cashier")
        self._sign_in(self._merchant.owner())
        transfers = self._get(f"/ledger/transfers?order_id={order['id']}").json()["items"]
        if not transfers:
            raise CheckError("the ledger has no entry for the order")
        balance = self._get("/ledger/trial-balance").json()
        same("sum of all accounts", sum(row["balance"]["amount_minor"] for row in balance["accounts"]), 0)
        self._saw(
            f"ledger: {len(transfers)} transfers for the order; {len(balance['accounts'])} accounts add up to zero"
        )

    def _look_at_yesterday(self) -> None:
        """The day that was played: its Z, and who bought on account. Data that is older has none."""
        accounts = self._get("/house-accounts").json()["items"]
        customer = next((each for each in accounts if each["code"] == _CUSTOMER), None)
        if customer is None:
            self._say("  --  somebody traded here before there was a day to play")
            return
        closings = self._get(f"/closings?register_id={self._register()['id']}&limit=200").json()["items"]
        first = next(each for each in closings if each["number"].endswith("-Z1"))
        document = self._get(f"/closings/{first['id']}").json()["document"]
        told = {what: document[what]["total"]["amount_minor"] for what in _PLAYED}
        same("what yesterday came to", told, _PLAYED)
        self._saw(
            f"yesterday: {first['number']}, sales {told['sales']}, refunds {told['refunds']}; "
            f"{customer['name']} owes {customer['balance']['amount_minor']}"
        )

    def _give_back(self, order: dict[str, Any]) -> None:
        line = order["lines"][0]
        back = {"order_line_id": line["id"], "quantity": line["quantity"], "goods": "waste"}
        body = {"id": str(new_id()), "lines": [back], "reason": "demo check"}
        refund = self._post(f"/orders/{order['id']}/refunds", body, HTTPStatus.CREATED).json()
        same("what goes back", refund["total"], line["total"])
        again = {**body, "id": str(new_id())}
        self._post(f"/orders/{order['id']}/refunds", again, HTTPStatus.CONFLICT)
        self._saw(
            f"refund {refund['reference']}: {refund['given']['amount_minor']} back; a second time is refused"
        )

    def _take_cards(self, cart: Cart, supervisor: Supervisor) -> None:
        office = Office(self._site)
        office.sign_in(self._merchant.owner())
        cards = Cards(
            get=self._get,
            post=self._post,
            saw=self._saw,
            wait_until=lambda done, seconds: supervisor.wait_until(done, seconds=seconds),
            office=office,
            currency=self._merchant.currency,
        )
        cards.check(register_id=self._register()["id"], variant_id=next(iter(cart.quantities)))

    def _sell_a_gift_card(self, cart: Cart) -> None:
        cards = GiftCards(get=self._get, post=self._post, saw=self._saw, currency=self._merchant.currency)
        cards.check(variant_id=next(iter(cart.quantities)))

    def _close_register(self) -> None:
        """Count blind, learn what should have been there, count again, and read the Z."""
        register = self._register()
        session = self._get(f"/registers/{register['id']}/session").json()
        same("what is told before a count", session["expected"], None)
        path = f"/cash-sessions/{session['id']}"
        self._post(f"{path}/begin-closing", {})
        told = self._post(f"{path}/counts", {"counted": self._money(0)}).json()["counts"][-1]
        recount = {"counted": told["expected"], "reason": "demo check"}
        same(
            "variance",
            self._post(f"{path}/recounts", recount).json()["counts"][-1]["variance"],
            self._money(0),
        )
        self._post(f"{path}/close", {})
        head = self._get(f"/closings?register_id={register['id']}&limit=1").json()["items"][0]
        document = self._get(f"/closings/{head['id']}").json()["document"]
        same("gaps in receipts", document["numbers"]["receipts"]["gaps"], [])
        sold, back = document["sales"]["total"], document["refunds"]["total"]
        self._saw(
            f"closed register {register['code']} blind: {head['number']}, sales {sold['amount_minor']}, "
            f"refunds {back['amount_minor']}, {document['sales']['count']} receipts without a gap"
        )

    def _register(self) -> dict[str, Any]:
        registers = self._get("/registers").json()["items"]
        found: dict[str, Any] = next(entry for entry in registers if entry["code"] == self._merchant.register)
        return found

    def _money(self, minor: int) -> dict[str, Any]:
        return {"amount_minor": minor, "currency": self._merchant.currency}

    def _get(self, path: str, *, expected: Sequence[int] = (HTTPStatus.OK,)) -> Answer:
        return expect(self._site.ask("GET", _API + path, headers=self._headers), *expected)

    def _post(self, path: str, body: Any, *expected: int, headers: dict[str, str] | None = None) -> Answer:
        sent = {"Idempotency-Key": str(uuid.uuid4()), **self._headers, **(headers or {})}
        return expect(
            self._site.ask("POST", _API + path, body=body, headers=sent), *(expected or (HTTPStatus.OK,))
        )

    def _saw(self, text: str) -> None:
        self._say(f"  ok  {text}")
