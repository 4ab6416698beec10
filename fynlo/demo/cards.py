"""Cards at the simulated reader: taken, declined, found after nobody answered, given back in parts, paid out.

Asked for by the API as a till would, and once on the back office's own page. At the simulator the last two digits
of an amount decide what goes wrong (docs/concepts/simulator.md).
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final, Protocol

from fynlo.core.ids import new_id
from fynlo.demo.office import Office
from fynlo.demo.seeing import CheckError, same
from fynlo.demo.web import Answer

DECLINED_MINOR: Final = 105
LOST_MINOR: Final = 106
_WAY: Final = "reader"  # the café's way to pay at the simulated reader
_PATIENCE: Final = 60.0


class Get(Protocol):
    """Ask the API for something that is there."""

    def __call__(self, path: str) -> Answer: ...


class Post(Protocol):
    """Send the API something; which statuses are as they should be."""

    def __call__(self, path: str, body: Any, *expected: int) -> Answer: ...


class Cards:
    """Card payments at one register, by somebody who may do all of it."""

    def __init__(
        self,
        *,
        get: Get,
        post: Post,
        saw: Callable[[str], None],
        wait_until: Callable[[Callable[[], bool], float], bool],
        office: Office,
        currency: str,
    ) -> None:
        self._get, self._post, self._saw, self._wait_until = get, post, saw, wait_until
        self._office, self._currency = office, currency

    def check(self, *, register_id: str, variant_id: str) -> None:
        """Everything, a line for each."""
        readers = self._get("/payment-readers").json()["items"]
        if not readers:
            self._saw("no card reader here: these data are older")
            return
        self._reader = readers[0]
        order = self._taken(variant_id)
        self._declined_then_lost(variant_id)
        self._given_back(order)
        tried = self._tried_in_the_office(register_id, variant_id)
        self._paid_out(tried)

    def _taken(self, variant_id: str) -> dict[str, Any]:
        ticket = self._ticket(variant_id, 1)
        attempt = self._ask(ticket, ticket["total"]["amount_minor"])
        same("what the screen does next", attempt["next"]["kind"], "use_reader")
        same("after the guest's card", self._look(attempt)["state"], "captured")
        order: dict[str, Any] = self._get(f"/orders/{ticket['id']}").json()
        same("payments of the order", [each["id"] for each in order["payments"]], [attempt["id"]])
        self._saw(
            f"card: {order['total']['amount_minor']} taken at {self._reader['name']!r}; {order['reference']} paid"
        )
        return order

    def _declined_then_lost(self, variant_id: str) -> None:
        ticket = self._ticket(variant_id, 2)
        declined = self._look(self._ask(ticket, DECLINED_MINOR))
        same(
            "a card that is no good",
            (declined["state"], declined["captured"]["amount_minor"]),
            ("declined", 0),
        )
        self._saw(f"card declined: {declined['sentence']}")
        lost = self._ask(ticket, LOST_MINOR)
        same("nobody answered", lost["state"], "unknown")
        found = self._look(lost)
        same(
            "found by looking", (found["state"], found["captured"]["amount_minor"]), ("captured", LOST_MINOR)
        )
        self._saw(f"no answer in time: {lost['sentence']} Found by looking: {found['sentence']}")
        due = self._get(f"/orders/{ticket['id']}").json()["due"]
        cash = {"id": str(new_id()), "tender_type": "cash", "amount": due}
        paid = self._post(f"/orders/{ticket['id']}/payments", {"tenders": [cash]}).json()
        same("the rest in cash", paid["payment_state"], "paid")

    def _given_back(self, order: dict[str, Any]) -> None:
        total = order["total"]["amount_minor"]
        for part in (total // 2, total - total // 2):
            body = {"id": str(new_id()), "amount": self._money(part), "reason": "demo check"}
            self._post(f"/orders/{order['id']}/refunds", body, HTTPStatus.CREATED)
        attempt = self._get(f"/orders/{order['id']}/attempts").json()[0]
        same("what went back to the card", attempt["refunded"]["amount_minor"], total)
        self._saw(f"given back to the card in two parts: {total // 2} and {total - total // 2}")

    def _tried_in_the_office(self, register_id: str, variant_id: str) -> str:
        chosen = {"register": register_id, "product": variant_id, "way": _WAY, "scenario": "taken"}
        address = self._office.send("/payments/try/", chosen)
        for button in ("tap", "look"):
            self._office.send(f"{address}press/", {"button": button})
        if "was taken." not in self._office.page(address):
            raise CheckError("the back office's test payment was not taken")
        self._saw(f"back office: the same on its page, /admin{address}")
        return address

    def _paid_out(self, tried: str) -> None:
        shown = self._office.send(f"{tried}press/", {"button": "compare"})
        run_id = shown.rstrip("/").rpartition("/")[2]
        if not self._wait_until(lambda: self._run(run_id)["state"] != "running", _PATIENCE):
            raise CheckError("the reconciliation did not end")
        run = self._run(run_id)
        same("reconciliation", (run["state"], run["counts"].get("open", 0)), ("done", 0))
        payout = self._get("/payouts?limit=1").json()["items"][0]
        same("what of the payout is not explained", payout["unexplained"]["amount_minor"], 0)
        self._saw(
            f"payout {payout['amount']['amount_minor']} after {payout['fee']['amount_minor']} of fees, "
            f"{payout['line_count']} lines; reconciled: 0 differences"
        )

    def _run(self, run_id: str) -> dict[str, Any]:
        runs = self._get("/reconciliations?limit=50").json()["items"]
        return next(each for each in runs if each["id"] == run_id)

    def _ticket(self, variant_id: str, count: int) -> dict[str, Any]:
        line = {"id": str(new_id()), "variant_id": variant_id, "quantity": str(count)}
        body = {"id": str(new_id()), "lines": [line]}
        ticket: dict[str, Any] = self._post("/tickets", body, HTTPStatus.CREATED).json()
        return ticket

    def _ask(self, ticket: dict[str, Any], minor: int) -> dict[str, Any]:
        body = {
            "id": str(new_id()),
            "tender_type": _WAY,
            "amount": self._money(minor),
            "reader_id": self._reader["id"],
        }
        attempt: dict[str, Any] = self._post(
            f"/orders/{ticket['id']}/attempts", body, HTTPStatus.CREATED
        ).json()
        return attempt

    def _look(self, attempt: dict[str, Any]) -> dict[str, Any]:
        seen: dict[str, Any] = self._post(f"/payment-attempts/{attempt['id']}/look", {}).json()
        return seen

    def _money(self, minor: int) -> dict[str, Any]:
        return {"amount_minor": minor, "currency": self._currency}
