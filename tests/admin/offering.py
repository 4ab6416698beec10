"""Everything a merchant offers besides items: modifiers, lists, promotions, charges, menus, stops."""

from typing import Any
from uuid import UUID

from pos.catalog.models import Item, Menu, Modifier, ModifierGroup, PriceList, Promotion, ServiceCharge, Stop
from pos.catalog.services.documents import save_documents
from tests.pos.catalog.documents import sheets
from tests.pos.catalog.makers import AT, EDITOR


def offer(name: str, *, category_id: UUID, item_id: UUID) -> dict[str, Any]:
    """One of each, called `name`; returns the documents by kind."""
    entry = {"category_id": str(category_id), "min_quantity": "1", "percent_off": "0.05"}
    made = {
        "modifier_group": sheets.group(name, sheets.modifier("Oat milk", price_minor=50)),
        "price_list": sheets.price_list(name, entries=[entry]),
        "promotion": sheets.promotion(name, when={"coupons": ["TEN"]}),
        "service_charge": sheets.service_charge(name),
        "menu": sheets.menu(name, {"category_id": str(category_id)}),
    }
    save_documents(documents=list(made.items()), actor=EDITOR, at=AT, cause="offers")
    Stop.objects.create(item_id=item_id, reason=name, at=AT)
    return made


def name_offers(text: str) -> None:
    """Call everything offered `text`."""
    for model in (ModifierGroup, PriceList, Promotion, ServiceCharge, Menu):
        first = model._default_manager.order_by("pk").first()
        assert first is not None
        model._default_manager.filter(pk=first.pk).update(name=text[:120])
    Modifier.objects.update(name=text[:120])
    Stop.objects.update(reason=text[:120])
    Item.objects.update(tags=[text[:40]], kitchen_name=text[:80])
