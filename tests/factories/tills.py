"""Tills that speak HTTP: real pairing, real tokens, real sign-ins."""

import json
import uuid
from typing import Any

from django.test import Client

from fynlo.core import clock
from fynlo.core.actors import SYSTEM, Actor
from fynlo.core.ids import new_id
from fynlo.core.tenancy import TenantLike, tenant_context
from pos.registers.models import Register
from staff.access.services import sign_in
from staff.employees.pins import pin_hasher
from sync.terminals.authentication import device_actor
from sync.terminals.codes import read_code
from sync.terminals.queries import terminal_by_token
from sync.terminals.services import create_pairing_code, pair_terminal
from sync.terminals.tokens import PairingRequest
from tests.factories.staff import EmployeeFactory, RoleFactory

PIN = "4812"


def paired_till(tenant: TenantLike, *, register: Register | None = None) -> dict[str, str]:
    """Pair a device with `register` (the first one by code unless said): the headers of its requests."""
    with tenant_context(tenant):
        place = register or Register.objects.order_by("code").first()
        assert place is not None, "seed a shop first"
        shown = create_pairing_code(register_id=place.pk, actor=SYSTEM, at=clock.now())
        request = PairingRequest(code=read_code(shown.code), device_name=f"till {place.code}")
        paired = pair_terminal(request=request, at=clock.now())
    return {"Authorization": f"Bearer {paired.token!s}"}


def signed_in(tenant: TenantLike, till: dict[str, str], *, role: str = "cashier") -> dict[str, str]:
    """A new employee with `role` signs in at `till`: the headers of requests they make there."""
    with tenant_context(tenant):
        employee = EmployeeFactory.create(role=RoleFactory.create(code=role), pin_hash=pin_hasher().hash(PIN))
        session = sign_in(employee_number=employee.number, pin=PIN, device=_device(till), at=clock.now())
    return {**till, "Staff-Session": str(session.token)}


class TillClient:
    """A till at work: sends JSON with its headers and a new `Idempotency-Key` for every POST."""

    def __init__(self, tenant: TenantLike, headers: dict[str, str] | None = None) -> None:
        host = f"{tenant.slug}.localhost"
        self._client = Client(SERVER_NAME=host, HTTP_HOST=host, raise_request_exception=False)
        self.headers = {} if headers is None else headers

    def get(self, path: str, **headers: str) -> Any:
        """GET `/api/v1<path>`; further headers by keyword (`If_None_Match="…"`)."""
        return self._client.get(f"/api/v1{path}", headers={**self.headers, **_dashed(headers)})

    def post(self, path: str, body: Any, **headers: str) -> Any:
        """POST `body` as JSON to `/api/v1<path>`; `Idempotency_Key="…"` repeats an earlier request."""
        key = {"Idempotency-Key": str(uuid.uuid4())}
        return self._client.post(
            f"/api/v1{path}",
            data=json.dumps(body),
            content_type="application/json",
            headers={**self.headers, **key, **_dashed(headers)},
        )

    def put(self, path: str, body: Any, **headers: str) -> Any:
        """PUT `body` as JSON to `/api/v1<path>`."""
        return self._client.put(
            f"/api/v1{path}",
            data=json.dumps(body),
            content_type="application/json",
            headers={**self.headers, **_dashed(headers)},
        )

    def delete(self, path: str, **headers: str) -> Any:
        """DELETE `/api/v1<path>`."""
        return self._client.delete(f"/api/v1{path}", headers={**self.headers, **_dashed(headers)})


def order_body(*lines: tuple[Any, str], cash: tuple[int, str] | None = None, **said: Any) -> dict[str, Any]:
    """The JSON of an order: lines of (variant, quantity), paid with `cash` (amount, currency)."""
    tenders = []
    if cash is not None:
        amount = {"amount_minor": cash[0], "currency": cash[1]}
        tenders = [{"id": str(new_id()), "tender_type": "cash", "amount": amount}]
    return {
        "id": str(new_id()),
        "lines": [
            {"id": str(new_id()), "variant_id": str(variant.id), "quantity": quantity}
            for variant, quantity in lines
        ],
        "tenders": tenders,
        **said,
    }


def _device(till: dict[str, str]) -> Actor:
    token = till["Authorization"].removeprefix("Bearer ")
    actor = device_actor(terminal_by_token(token=token), at=clock.now())
    assert actor is not None, "the till is not paired"
    return actor


def _dashed(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
