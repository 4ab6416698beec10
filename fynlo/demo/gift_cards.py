"""A gift card at the counter: sold for cash, printed, half of something paid with it, a part given back onto it."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from fynlo.core.ids import new_id
from fynlo.demo.cards import Get, Post
from fynlo.demo.seeing import CheckError, expect, same

_SOLD: Final = 2_000  # minor units on the card
_HANDED_OVER: Final = 5_000  # the note it is paid with
_BACK: Final = 50
_WAY: Final = "gift"  # the café's way to pay with one
_OWED: Final = "gift_cards"  # the account of what is owed for them


class GiftCards:
    """One card's life at one register, by somebody who may look into the books."""

    def __init__(self, *, get: Get, post: Post, saw: Callable[[str], None], currency: str) -> None:
        self._get, self._post, self._saw, self._currency = get, post, saw, currency

    def check(self, *, variant_id: str) -> None:
        """Everything, a line for each."""
        owed = self._owed()
        key = self._sold()
        code = self._printed(key)
        order = self._paid(variant_id, code)
        if order is None:
            self._saw("no way to pay with a gift card here: these data are older")
            return
        refund = self._given_back(order, key)
        left = _SOLD - order["total"]["amount_minor"] // 2 + _BACK
        same("what is left on the card", self._balance(key), left)
        same("what the books owe more for cards", self._owed() - owed, left)
        slip = self._get(f"/gift-cards/{key}/slip?cause={refund}").text
        if code[-4:] not in slip or code in slip:
            raise CheckError(f"the slip does not mask the code: {slip}")
        self._saw(
            f"gift card: {_BACK} given back onto it; {left} left, and that is what the books owe for it"
        )

    def _sold(self) -> str:
        body = {
            "id": str(new_id()),
            "gift_card": {"id": str(new_id())},
            "amount": self._money(_SOLD),
            "tenders": [self._tender("cash", _HANDED_OVER)],
        }
        sale: dict[str, Any] = self._post("/gift-cards", body, HTTPStatus.CREATED).json()
        same("change for the card", sale["payments"][0]["change"], self._money(_HANDED_OVER - _SOLD))
        self._saw(f"gift card *{sale['gift_card']['last4']} sold: {_SOLD} in cash; no turnover, but owed")
        key: str = sale["gift_card"]["id"]
        return key

    def _printed(self, key: str) -> str:
        voucher = self._post(f"/gift-cards/{key}/voucher?format=json", {}).json()
        found = self._post("/gift-cards/lookup", {"code": voucher["printed"]}).json()
        same("the card of the printed code", found["id"], key)
        code: str = voucher["code"]
        return code

    def _paid(self, variant_id: str, code: str) -> dict[str, Any] | None:
        lines = [{"id": str(new_id()), "variant_id": variant_id, "quantity": "1"}]
        quoted = [{key: line[key] for key in ("variant_id", "quantity")} for line in lines]
        total = self._post("/quotes", {"lines": quoted}).json()["total"]["amount_minor"]
        by_card = total // 2
        tenders = [
            self._tender(_WAY, by_card) | {"value_code": code},
            self._tender("cash", total - by_card),
        ]
        body = {"id": str(new_id()), "lines": lines, "tenders": tenders}
        answer = self._post("/orders", body, HTTPStatus.CREATED, HTTPStatus.UNPROCESSABLE_ENTITY)
        order: dict[str, Any] = answer.json()
        if order.get("code") == "unknown_tender_type":
            return None
        expect(answer, HTTPStatus.CREATED)
        same("an order paid by card and cash", order["payment_state"], "paid")
        self._saw(
            f"{order['reference']}: {total} paid, {by_card} with the card and {total - by_card} in cash"
        )
        return order

    def _given_back(self, order: dict[str, Any], key: str) -> str:
        tender = self._tender(_WAY, _BACK) | {"value_id": key}
        body = {
            "id": str(new_id()),
            "amount": self._money(_BACK),
            "reason": "demo check",
            "tenders": [tender],
        }
        refund = self._post(f"/orders/{order['id']}/refunds", body, HTTPStatus.CREATED).json()
        row: str = refund["tenders"][0]["id"]
        return row

    def _balance(self, key: str) -> int:
        balance: int = self._get(f"/gift-cards/{key}").json()["balance"]["amount_minor"]
        return balance

    def _owed(self) -> int:
        """What the merchant owes for gift cards: what stands on the other side of its account."""
        accounts = self._get("/ledger/trial-balance").json()["accounts"]
        return -sum(row["balance"]["amount_minor"] for row in accounts if row["code"] == _OWED)

    def _tender(self, way: str, minor: int) -> dict[str, Any]:
        return {"id": str(new_id()), "tender_type": way, "amount": self._money(minor)}

    def _money(self, minor: int) -> dict[str, Any]:
        return {"amount_minor": minor, "currency": self._currency}
