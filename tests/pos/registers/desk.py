"""A desk with a drawer, over HTTP: tills, people with limits, and the amounts they say."""

from typing import Any

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.registers.models import Register
from staff.employees.pins import pin_hasher
from tests.factories import Shop, TillClient, order_body, paired_till
from tests.factories.staff import EmployeeFactory, RoleFactory
from tests.factories.tills import PIN, signed_in


def euro(amount: int) -> dict[str, Any]:
    return {"amount_minor": amount, "currency": "EUR"}


def opened(till: TillClient, register: Register, opening: int = 10_000, **said: Any) -> dict[str, Any]:
    answer = till.post(f"/registers/{register.pk}/sessions", {"opening_float": euro(opening), **said})
    assert answer.status_code == 201, answer.json()
    return dict(answer.json())


def sold(
    shop: Shop, till: TillClient, *, quantity: str = "1", tendered: int = 500, **said: Any
) -> dict[str, Any]:
    """A cappuccino (3.80) for cash."""
    body = order_body((shop.variants["cappuccino"], quantity), cash=(tendered, "EUR"), **said)
    answer = till.post("/orders", body)
    assert answer.status_code == 201, answer.json()
    return dict(answer.json())


def moved(till: TillClient, session: dict[str, Any], kind: str, amount: int | None, **said: Any) -> Any:
    body = {"kind": kind, **({} if amount is None else {"amount": euro(amount)}), **said}
    return till.post(f"/cash-sessions/{session['id']}/movements", body)


def step(till: TillClient, session: dict[str, Any], name: str, body: Any = None) -> Any:
    """One step of a session's life: `counts`, `close` …"""
    return till.post(f"/cash-sessions/{session['id']}/{name}", {} if body is None else body)


def closed(till: TillClient, session: dict[str, Any], counted: int, **said: Any) -> dict[str, Any]:
    answer = step(till, session, "close", {"counted": euro(counted), **said})
    assert answer.status_code == 200, answer.json()
    return dict(answer.json())


def the_z(till: TillClient, register: Register) -> dict[str, Any]:
    """The newest Z of the register, whole."""
    (newest, *_) = till.get(f"/closings?register_id={register.pk}").json()["items"]
    return dict(till.get(f"/closings/{newest['id']}").json())


def manager_at(shop: Shop, till: TillClient) -> TillClient:
    """A manager signed in at the same till."""
    return TillClient(shop.tenant, signed_in(shop.tenant, till.headers, role="manager"))


def second_till(shop: Shop) -> TillClient:
    return TillClient(shop.tenant, paired_till(shop.tenant, register=shop.second_register))


def approved(shop: Shop, till: TillClient, *, action: str, subject_id: str, amount: int) -> str:
    """The token of a manager who approves it with number and PIN at this till."""
    with tenant_context(shop.tenant):
        person = EmployeeFactory.create(
            role=RoleFactory.create(code="manager"), pin_hash=pin_hasher().hash(PIN)
        )
    body = {
        "action": action,
        "subject_id": subject_id,
        "amount": euro(amount),
        "number": person.number,
        "pin": PIN,
    }
    answer = till.post("/approvals", body)
    assert answer.status_code in (200, 201), answer.json()
    return str(answer.json()["token"])


def key() -> str:
    return str(new_id())


def amounts(value: Any) -> list[int]:
    """Every amount of money anywhere in an answer."""
    if isinstance(value, dict):
        own = [value["amount_minor"]] if "amount_minor" in value else []
        return own + [found for part in value.values() for found in amounts(part)]
    if isinstance(value, list):
        return [found for part in value for found in amounts(part)]
    return []
