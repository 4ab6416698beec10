"""What would this cost? Any time, any guest: prices as tills would compute them, with every step explained."""

from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core.clock import now
from fynlo.core.errors import DomainError
from fynlo.core.money import Money, format_money
from fynlo.core.tenancy import current_tenant
from pos.catalog.admin.choosing import Tree, category_tree
from pos.catalog.admin.preview_forms import PreviewForm, known_words
from pos.catalog.models import Variant
from pos.catalog.queries import NoPriceBook
from pos.catalog.queries.preview import Occasion, PreviewedPrice, explain_price, preview_prices
from pos.catalog.queries.search import search_variants
from pos.catalog.wall_clock import wall_clock

PAGE: Final = 50
MAX_PAGE: Final = 100_000
_STEPS: Final = {
    "list_price": "Price in the catalogue",
    "price_list": "Price list {name}",
    "quantity": "For {quantity}",
    "combo": "Chosen parts",
    "promotion": "Offer: {name}",
    "service_charge": "Service charge: {name}",
    "contained_tax_removed": "Tax in the price that is not charged",
    "lines": "All lines together",
}


@page(merchant_admin, "pos/price-preview/", name="pos_item_preview", permission="catalog.read")
def preview(request: HttpRequest) -> HttpResponse:
    """A table of prices on the occasion that the query string describes; `explain` names a variant."""
    at, tree = now(), category_tree()
    asked = request.GET.copy()
    number = _number(asked.get("page", "1"))
    form = PreviewForm(asked, tree=tree, at=at)
    context: dict[str, Any] = {"form": form, "page_number": number}
    if form.is_valid():
        context |= _priced(form, tree, number, asked.get("explain", ""))
    asked.pop("page", None), asked.pop("explain", None)
    return render(
        merchant_admin,
        request,
        "catalog_preview",
        "Price preview",
        query=urlencode({name: value for name, value in asked.items() if value}),
        known=known_words(),
        currency=current_tenant().currency,
        **context,
    )


def _priced(form: PreviewForm, tree: Tree, number: int, explained: str) -> dict[str, Any]:
    currency, occasion = current_tenant().currency, form.occasion()
    ids = _variant_ids(form, tree, number)
    try:
        prices = preview_prices(variant_ids=ids[:PAGE], occasion=occasion, currency=currency, at=form.at)
        told = _explained(explained, occasion, currency, form)
    except NoPriceBook:
        return {"problem": "There is no price book yet: save something in the catalogue first."}
    except DomainError as error:
        return {"problem": error.detail}
    return {
        "occasion": occasion,
        "quantity": f"{occasion.quantity.normalize():f}",
        "rows": [_row(price, currency) for price in prices],
        "explained": told,
        "explained_id": explained,
        "has_more": len(ids) > PAGE,
    }


def _variant_ids(form: PreviewForm, tree: Tree, number: int) -> list[UUID]:
    """A page of what is looked for, and one more if there is more."""
    values = form.cleaned_data
    rows = Variant.objects.filter(is_active=True, item__is_active=True)
    inside = tree.below(values["category"])
    if inside is not None:
        rows = rows.filter(item__category_id__in=inside)
    first = (number - 1) * PAGE
    if values["q"]:
        hits = search_variants(text=values["q"], at=wall_clock(), limit=200, only_active=True)
        rows = rows.filter(pk__in=[hit.variant_id for hit in hits])
    ordered = rows.order_by("item__name", "position", "sku", "pk")
    return list(ordered.values_list("pk", flat=True)[first : first + PAGE + 1])


def _row(price: PreviewedPrice, currency: str) -> dict[str, Any]:
    def shown(minor: int) -> str:
        return format_money(Money(minor, currency))

    return {
        "variant": price.variant,
        "list_price": shown(price.list_minor),
        "unit_price": shown(price.unit_minor),
        "is_other": price.unit_minor != price.list_minor,
        "price_list": price.price_list,
        "promotions": ", ".join(price.promotions),
        "discount": shown(-price.discount_minor) if price.discount_minor else "",
        "tax": shown(price.tax_minor),
        "total": shown(price.total_minor),
    }


def _explained(text: str, occasion: Occasion, currency: str, form: PreviewForm) -> dict[str, Any] | None:
    """The steps of one variant in words, with running sums."""
    try:
        told = explain_price(variant_id=UUID(text), occasion=occasion, currency=currency, at=form.at)
    except ValueError:
        return None
    if told is None:
        return None
    line = told["lines"][0]
    steps = [_step(step, line["quantity"], told["unit"], currency) for step in line["steps"]]
    order = [_step(step, line["quantity"], told["unit"], currency) for step in told["steps"][1:]]
    total = format_money(Money(told["total_minor"], currency))
    return {"name": told["name"], "quantity": line["quantity"], "steps": steps + order, "total": total}


def _step(step: dict[str, Any], quantity: str, unit: str, currency: str) -> dict[str, str]:
    data, minor = step["data"], step["amount_minor"]
    if step["step"] == "tax":
        tax = format_money(Money(data["tax_minor"], currency))
        name = data["name"] or data["code"]
        text = f"of which {name}: {tax}" if data["inclusive"] else f"{name}, added"
    else:
        pattern = _STEPS.get(step["step"], step["step"].replace("_", " "))
        text = pattern.format(name=data.get("name") or "without a name", quantity=f"{quantity} {unit}")
    effect = format_money(Money(minor, currency))
    return {
        "text": text,
        "amount": "" if not minor and step["step"] == "tax" else f"+{effect}" if minor > 0 else effect,
        "after": format_money(Money(step["after_minor"], currency)),
    }


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < MAX_PAGE else 1
