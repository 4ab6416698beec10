"""A shop that was onboarded: its tills, its manager, its recipes, and what a week calls by name."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.catalog.models import Modifier, Variant
from pos.registers.models import Location, Register
from tests.factories import TillClient, paired_till
from tests.pos.inventory.weeks.words import Week, measured

SHIFT: Final = dt.timedelta(hours=8)


class Shopfront:
    """The shop on the Sunday before, at noon."""

    def __init__(self, *, week: Week, tenant: Any, set_clock: Callable[[dt.datetime], None]) -> None:
        self.week, self.tenant, self._set_clock = week, tenant, set_clock
        self._at = self._happened = week.moment("Sun before 12:00")
        self._set_clock(self._at)
        with tenant_context(tenant):
            self.places = {row.code: str(row.pk) for row in Location.objects.all()}
            tills = {row.code: row for row in Register.objects.all()}
            variants = {row.sku: row for row in Variant.objects.all()}
            self.modifiers = {row.name: str(row.pk) for row in Modifier.objects.all()}
        self._variants = variants
        self.goods = {name: str(variants[sku].pk) for name, sku in week.said["goods"].items()}
        self.tills = {
            code: TillClient(tenant, paired_till(tenant, register=row)) for code, row in tills.items()
        }
        self.manager = TillClient(tenant)
        self.counts: dict[str, str] = {}
        self._named: dict[str, Any] = {}
        self._signed_in_at: dt.datetime | None = None

    def key(self, name: str) -> str:
        """The variant of an ingredient or a dish."""
        return self.goods.get(name) or str(self._variants[name].pk)

    def prepare(self) -> None:
        """Sign in; write recipes and suppliers."""
        self._arrive()
        said = self.week.said
        for name, recipe in said.get("recipes", {}).items():
            self._write(name, recipe)
        for code, name in said["suppliers"].items():
            body = {"id": str(new_id()), "code": code, "name": name, "lead_time_days": 1}
            self._named[code] = told(self.manager.post("/suppliers", body), 201)["id"]

    def _arrive(self) -> None:
        """Whoever manages signs in anew when they have been away."""
        if self._signed_in_at is not None and self._at - self._signed_in_at < SHIFT:
            return
        till = self.tills[self.week.said["till"]]
        body = {
            "employee_number": self.week.said["manager"]["number"],
            "pin": self.week.said["manager"]["pin"],
        }
        session = told(till.post("/employees/sign-in", body), 201)["token"]
        self.manager.headers = {**till.headers, "Staff-Session": session}
        self._signed_in_at = self._at

    def _place(self, step: Mapping[str, Any]) -> str:
        return self.places[step.get("place", self.week.said["place"])]

    def _write(self, name: str, recipe: Mapping[str, Any]) -> None:
        effects = {"takes": "add", "adds": "add", "leaves out": "remove"}
        lines = [
            {"variant_id": self.key(ingredient), "effect": effect, **measured(amount)}
            for word, effect in effects.items()
            for ingredient, amount in recipe.get(word, {}).items()
        ]
        body: dict[str, Any] = {"lines": lines}
        if "makes" in recipe:
            made = measured(recipe["makes"])
            body |= {"yield_quantity": made["quantity"], "yield_unit": made["unit"]}
        if "in batches" in recipe:
            body["made"] = "in_batches"
        owner = self.modifiers.get(name) or self.key(name)
        told(self.manager.put(f"/recipes/{owner}", body), 200)


def told(response: Any, status: int) -> dict[str, Any]:
    """The body of an answer that has this status."""
    assert response.status_code == status, response.content
    body: dict[str, Any] = response.json()
    return body
