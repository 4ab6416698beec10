"""A day at a register, through the API."""

from typing import Any

from fynlo.core.ids import new_id
from tests.factories import Shop, TillClient, order_body


def made(answer: Any) -> dict[str, Any]:
    assert answer.status_code in (200, 201), answer.content
    found: dict[str, Any] = answer.json()
    return found


def euro(minor: int) -> dict[str, Any]:
    return {"amount_minor": minor, "currency": "EUR"}


def a_day(here: Shop, manager: TillClient) -> None:
    """A float, two sales, a refund of one of them, a ticket that is cancelled, a close."""
    drawer = made(manager.post(f"/registers/{here.register.id}/sessions", {"opening_float": euro(10000)}))
    sale = order_body((here.variants["cappuccino"], "2"), (here.variants["roll"], "3"), cash=(1000, "EUR"))
    sold = made(manager.post("/orders", {**sale, "note": "for Anna, window table"}))
    made(manager.post("/orders", order_body((here.variants["roll"], "1"), cash=(45, "EUR"))))
    back = {
        "id": str(new_id()),
        "lines": [{"order_line_id": sold["lines"][1]["id"], "quantity": "1", "goods": "waste"}],
        "reason": "stale",
    }
    made(manager.post(f"/orders/{sold['id']}/refunds", back))
    opened = made(manager.post("/orders", order_body((here.variants["roll"], "2"))))
    gone = {"reason": "left", "goods": "restock"}
    made(manager.post(f"/orders/{opened['id']}/cancel", gone))
    counted = {"counted": euro(10000 + 895 + 45 - 45)}
    made(manager.post(f"/cash-sessions/{drawer['id']}/close", counted))
