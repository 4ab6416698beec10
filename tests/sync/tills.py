"""Tills that may speak HTTP, and people signed in on them: made by the services, so their tokens are real."""

import dataclasses
import datetime as dt
import json
from typing import Any

from django.test import Client

from fynlo.core import clock
from fynlo.core.actors import SYSTEM
from fynlo.core.tenancy import TenantLike, tenant_context
from pos.registers.models import Register
from staff.access.services import sign_in
from staff.employees.models import Employee, Role
from staff.employees.services import EmployeeDraft, create_employee, seed_roles
from sync.terminals.authentication import device_actor
from sync.terminals.codes import read_code
from sync.terminals.models import Terminal
from sync.terminals.services import create_pairing_code, pair_terminal
from sync.terminals.tokens import PairingRequest
from tests.factories.registers import RegisterFactory

PIN = "4711"


@dataclasses.dataclass(frozen=True)
class PairedTill:
    """A device of `tenant`, and the headers its requests carry."""

    tenant: TenantLike
    terminal: Terminal
    token: str
    session: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """`Authorization`, and `Staff-Session` while somebody is signed in."""
        found = {"Authorization": f"Bearer {self.token}"}
        return found if self.session is None else found | {"Staff-Session": self.session}

    @property
    def client(self) -> Client:
        """A test client of the merchant's host that sends `headers`."""
        host = f"{self.tenant.slug}.localhost"
        given = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in self.headers.items()}
        defaults: dict[str, Any] = {"SERVER_NAME": host, "HTTP_HOST": host, **given}
        return Client(raise_request_exception=False, **defaults)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """POST `body` as JSON to `/api/v1/<path>`; further headers by keyword."""
        return post_json(self.client, path, body, **headers)

    def get(self, path: str) -> Any:
        """GET `/api/v1/<path>`."""
        return self.client.get(f"/api/v1/{path}")

    def signed_in(self, *, number: str = "1", pin: str = PIN) -> "PairedTill":
        """The same till with this employee signed in."""
        at = clock.now()
        with tenant_context(self.tenant):
            actor = device_actor(Terminal.objects.select_related("register").get(pk=self.terminal.pk), at=at)
            assert actor is not None
            opened = sign_in(employee_number=number, pin=pin, device=actor, at=at)
        return dataclasses.replace(self, session=str(opened.token))


def post_json(client: Client, path: str, body: Any, **headers: str) -> Any:
    """POST `body` as JSON to `/api/v1/<path>`."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    text = "" if body is None else json.dumps(body)
    return client.post(f"/api/v1/{path}", data=text, content_type="application/json", headers=given)


def paired_till(
    tenant: TenantLike, *, register: Register | None = None, name: str = "Till", at: dt.datetime | None = None
) -> PairedTill:
    """A till paired with `register`, or with a register of its own; as of `at` (now unless said)."""
    at = at or clock.now()
    with tenant_context(tenant):
        register = register or RegisterFactory.create()
        code = create_pairing_code(register_id=register.pk, actor=SYSTEM, at=at)
        request = PairingRequest(code=read_code(code.code), device_name=name)
        paired = pair_terminal(request=request, at=at)
    return PairedTill(tenant=tenant, terminal=paired.terminal, token=str(paired.token))


def hired(
    tenant: TenantLike, *, number: str = "1", role: str = "manager", pin: str | None = PIN, name: str = "Ada"
) -> Employee:
    """Somebody who works for `tenant`; the standard roles are made on the way."""
    with tenant_context(tenant):
        if not Role.objects.filter(code=role).exists():
            seed_roles()
        draft = EmployeeDraft(number=number, name=name, role=role)
        return create_employee(draft=draft, pin=pin, actor=SYSTEM, at=clock.now())
