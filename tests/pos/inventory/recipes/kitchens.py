"""A kitchen to test in: goods with their units, and recipes by short names."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from fynlo.core.tenancy import tenant_context
from pos.catalog.models import GroupUse, Modifier, ModifierGroup, Variant
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


_GOODS = (
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


def quantity(text: str) -> Decimal:
    """A quantity as movements have it."""
    return Decimal(text)
