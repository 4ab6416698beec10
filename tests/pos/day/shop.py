"""The shop on the day: its till, its people, its goods, and what the day calls by name."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.catalog.models import Variant
from pos.registers.models import Location, Register
from tests.factories import TillClient, paired_till
from tests.pos.day.words import Day
from tests.pos.inventory.weeks.shopfront import SHIFT, told


class Shopfront:
    """The shop at six in the morning."""

    def __init__(self, *, day: Day, tenant: Any, set_clock: Callable[[dt.datetime], None]) -> None:
        self.day, self.tenant, self.set_clock = day, tenant, set_clock
        self.at = self.happened = day.moment("06:00")
        set_clock(self.at)
        with tenant_context(tenant):
            self.place = str(Location.objects.get(code=day.said["place"]).pk)
            register = Register.objects.get(code=day.said["till"])
            skus = {row.sku: str(row.pk) for row in Variant.objects.all()}
        self.register = str(register.pk)
        self.goods = {name: skus[sku] for name, sku in day.said["goods"].items()}
        self._till = TillClient(tenant, paired_till(tenant, register=register))
        self._signed_in: dict[str, tuple[dt.datetime, TillClient]] = {}
        self.who = "priya"
        self.orders: dict[str, str] = {}
        self.accounts: dict[str, str] = {}
        self.session: dict[str, Any] = {}
        self.training: dict[str, Any] = {}
        self.blind: list[dict[str, Any]] = []
        self.counts: list[dict[str, Any]] = []
        self.suppliers = {
            code: told(self.post("/suppliers", {"id": str(new_id()), "code": code, "name": name}), 201)["id"]
            for code, name in day.said["suppliers"].items()
        }

    def money(self, amount: str) -> dict[str, Any]:
        """So many pence."""
        return {"amount_minor": int(amount), "currency": self.tenant.currency}

    def get(self, path: str) -> Any:
        """What the API answers the person at the till."""
        return self._client().get(path)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        """What the person at the till does."""
        return self._client().post(path, body, **headers)

    def lines(self, order: str) -> dict[str, str]:
        """The keys of an order's lines, by what was sold."""
        names = {key: name for name, key in self.goods.items()}
        found = told(self.get(f"/orders/{self.orders[order]}"), 200)["lines"]
        return {names[line["variant_id"]]: line["id"] for line in found}

    def _client(self) -> TillClient:
        """The till in the hands of whoever is there now; people sign in anew after a shift."""
        known = self._signed_in.get(self.who)
        if known is None or self.at - known[0] >= SHIFT:
            person = self.day.said["people"][self.who]
            body = {"employee_number": person["number"], "pin": person["pin"]}
            token = told(self._till.post("/employees/sign-in", body), 201)["token"]
            client = TillClient(self.tenant, {**self._till.headers, "Staff-Session": token})
            known = self._signed_in[self.who] = (self.at, client)
        return known[1]
