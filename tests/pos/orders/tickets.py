"""Short ways to send tickets, changes and payments in tests."""

from typing import Any

from fynlo.core.ids import new_id
from tests.factories import Shop, TillClient

Json = dict[str, Any]


def euro(amount: int) -> Json:
    """Minor units in the café's currency."""
    return {"amount_minor": amount, "currency": "EUR"}


def line(shop: Shop, name: str, quantity: str = "1", **said: Any) -> Json:
    """A line of the shop's variant `name`."""
    return {"id": str(new_id()), "variant_id": str(shop.variants[name].id), "quantity": quantity, **said}


def ticket_body(*lines: Json, **said: Any) -> Json:
    """The JSON of a ticket."""
    return {"id": str(new_id()), "lines": list(lines), **said}


def opened(till: TillClient, *lines: Json, **said: Any) -> Json:
    """Open a ticket and return the order."""
    response = till.post("/tickets", ticket_body(*lines, **said))
    assert response.status_code == 201, response.json()
    told: Json = response.json()
    return told


def change(kind: str, **said: Any) -> Json:
    """One change."""
    return {"id": str(new_id()), "kind": kind, **said}


def send_changes(till: TillClient, order_id: str, *changes: Json, tag: str | None = None) -> Any:
    """Send changes, under the tag of the order as it is unless another is given ("" sends none)."""
    if tag is None:
        tag = till.get(f"/orders/{order_id}")["ETag"]
    headers = {"If_Match": tag} if tag else {}
    return till.post(f"/orders/{order_id}/changes", {"changes": list(changes)}, **headers)


def changed(till: TillClient, order_id: str, *changes: Json) -> Json:
    """Send changes that are made, and return the order."""
    response = send_changes(till, order_id, *changes)
    assert response.status_code == 200, response.json()
    told: Json = response.json()
    return told


def cash(amount: int) -> Json:
    """A cash tender."""
    return {"id": str(new_id()), "tender_type": "cash", "amount": euro(amount)}


def paid(till: TillClient, order_id: str, *tenders: Json, **said: Any) -> Json:
    """Pay, and return the order."""
    response = till.post(f"/orders/{order_id}/payments", {"tenders": list(tenders), **said})
    assert response.status_code == 200, response.json()
    told: Json = response.json()
    return told
