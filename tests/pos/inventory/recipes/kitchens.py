"""A kitchen to test in: goods with their units, and recipes by short names."""

from dataclasses import dataclass, field
from typing import Any

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events.models import Event
from pos.catalog.models import GroupUse, Modifier, ModifierGroup, Variant
from pos.inventory.models import StockLevel
from pos.inventory.quantities import plain_quantity
from tests.factories import Shop, TillClient, paired_till
from tests.factories.catalog import ItemFactory, VariantFactory, published
from tests.factories.tills import signed_in


@dataclass
class Kitchen:
    """The bistro's goods by name, its modifiers by name, and a manager at a till."""

    shop: Shop
    goods: dict[str, Variant]
    modifiers: dict[str, Modifier]
    till: TillClient
    tags: dict[str, str] = field(default_factory=dict)

    def key(self, name: str) -> str:
        """The id of a dish, an ingredient or a modifier."""
        return str((self.goods.get(name) or self.modifiers[name]).pk)

    def line(
        self, name: str, quantity: str | None = None, unit: str | None = None, **said: Any
    ) -> dict[str, Any]:
        """A line of a recipe as the API reads it; `replaces` by name."""
        found: dict[str, Any] = {"variant_id": self.key(name)}
        if quantity is not None:
            found["quantity"] = quantity
        if unit is not None:
            found["unit"] = unit
        if "replaces" in said:
            said["replaces"] = self.key(said["replaces"])
        return found | said

    def write(self, name: str, *lines: dict[str, Any], **said: Any) -> Any:
        """PUT a recipe."""
        tag = {"If_Match": self.tags[name]} if name in self.tags else {}
        answer = self.till.put(f"/recipes/{self.key(name)}", {"lines": list(lines), **said}, **tag)
        if answer.status_code == 200:
            self.tags[name] = answer["ETag"]
        return answer


_GOODS: tuple[tuple[str, str, list[dict[str, Any]], int], ...] = (
    ("burger", "each", [], 1190),
    ("cheeseburger", "each", [], 1290),
    ("latte", "each", [], 420),
    ("bun", "each", [], 50),
    ("beef", "g", [], 2),
    ("potato", "g", [], 1),
    ("ketchup", "ml", [], 1),
    ("tomato", "g", [], 1),
    ("sauce", "ml", [], 1),
    ("slice", "each", [{"code": "pack", "name": "Pack", "numerator": 20, "denominator": 1}], 30),
    ("milk", "ml", [], 1),
    ("oat", "ml", [], 1),
    ("beans", "g", [], 3),
)
_MODIFIERS = ("no cheese", "extra cheese", "oat milk", "soy milk", "large")


def kitchen(shop: Shop) -> Kitchen:
    """The bistro's goods at the café."""
    with tenant_context(shop.tenant):
        tax = shop.tax_classes["standard"]
        category = shop.variants["roll"].item.category
        goods = {
            name: VariantFactory.create(
                item=ItemFactory.create(
                    category=category, tax_class=tax, name=f"Kitchen {name}", unit=unit, units=units
                ),
                sku=f"K-{name.upper()}",
                price_minor=price,
            )
            for name, unit, units, price in _GOODS
        }
        group = ModifierGroup(name="As you like it")
        group.save()
        modifiers = {}
        for place, name in enumerate(_MODIFIERS):
            modifiers[name] = Modifier(group=group, name=name, position=place, max_quantity=5)
            modifiers[name].save()
        for name in ("burger", "cheeseburger", "latte"):
            GroupUse(group=group, item=goods[name].item).save()
        published()
    return Kitchen(
        shop=shop,
        goods=goods,
        modifiers=modifiers,
        till=TillClient(shop.tenant, signed_in(shop.tenant, paired_till(shop.tenant), role="manager")),
    )


def told(bistro: Kitchen, kind: str) -> list[Any]:
    """The data of what the feed heard of a kind, in order."""
    with tenant_context(bistro.shop.tenant):
        return [event.data for event in Event.objects.filter(kind=kind).order_by("position")]


def on_hand(bistro: Kitchen) -> dict[str, str]:
    """What is on the shelves, by name."""
    names = {row.pk: short for short, row in bistro.goods.items()}
    with tenant_context(bistro.shop.tenant):
        levels = StockLevel.objects.filter(variant_id__in=names).order_by("id")
        return {names[level.variant_id]: plain_quantity(level.on_hand) for level in levels if level.on_hand}


def unit_cost(bistro: Kitchen, name: str) -> str:
    """What the next unit costs, in minor units."""
    with tenant_context(bistro.shop.tenant):
        level = StockLevel.objects.get(variant=bistro.goods[name])
        assert level.unit_cost_minor is not None
        return plain_quantity(level.unit_cost_minor)


def buy(bistro: Kitchen, **bought: tuple[str, str]) -> None:
    """Goods come in: (quantity, what one unit costs in minor units) by name."""
    lines = [
        {"variant_id": bistro.key(name), "quantity": quantity, "unit_cost_minor": cost}
        for name, (quantity, cost) in bought.items()
    ]
    body = {
        "id": str(new_id()),
        "location_id": str(bistro.shop.location.id),
        "reason_code": "found",
        "lines": lines,
    }
    answer = bistro.till.post("/stock-adjustments", body)
    assert answer.status_code == 201, answer.json()
