"""Prices of many items in one table: typed, or changed by a share or an amount, and saved in one call."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core.clock import now
from fynlo.core.errors import DomainError
from fynlo.core.money import Money, format_money
from fynlo.core.tenancy import current_tenant
from pos.catalog.admin.choosing import Tree, category_tree
from pos.catalog.admin.price_forms import ChangeForm, PriceFilterForm
from pos.catalog.csv_reading.cells import CellInvalid, read_price
from pos.catalog.models import Variant
from pos.catalog.queries.search import search_variants
from pos.catalog.repricing import Change, new_price
from pos.catalog.services.prices import PriceChange, set_prices
from pos.catalog.wall_clock import wall_clock

PAGE: Final = 250
MAX_PAGE: Final = 100_000
_FOUND: Final = 1_000


@page(merchant_admin, "pos/prices/", name="pos_item_prices", permission="catalog.write")
def prices(request: HttpRequest) -> HttpResponse:
    """The table of what the filter finds. Posted: `preview` fills in changed prices, `save` saves all."""
    tree = category_tree()
    form = PriceFilterForm(request.GET, tree=tree)
    number = _number(request.GET.get("page", "1"))
    variants = list(_found(form, tree)[(number - 1) * PAGE : number * PAGE + 1]) if form.is_valid() else []
    change = ChangeForm(request.POST if request.POST.get("do") == "preview" else None)
    table = _Table(variants[:PAGE])
    if request.method == "POST":
        table.read(request.POST)
        if request.POST.get("do") == "save":
            done = _save(request, table)
            if done is not None:
                return done
        elif change.is_valid():
            table.preview(change.change())
    asked = request.GET.copy()
    asked.pop("page", None)
    return render(
        merchant_admin,
        request,
        "catalog_prices",
        "Change prices",
        form=form,
        change=change,
        rows=table.rows(),
        problem=table.problem,
        changed_count=table.changed_count(),
        currency=current_tenant().currency,
        page_number=number,
        has_more=len(variants) > PAGE,
        query=urlencode({name: value for name, value in asked.items() if value}),
    )


class _Table:
    """The rows of a page: prices as they are, as they were when the page was made, and as they were typed."""

    def __init__(self, variants: list[Variant]) -> None:
        self.variants = {str(variant.pk): variant for variant in variants}
        self.currency = current_tenant().currency
        self.seen = {key: variant.price_minor for key, variant in self.variants.items()}
        self.typed = {key: self._shown(minor) for key, minor in self.seen.items()}
        self.errors: dict[str, str] = {}
        self.problem = ""

    def read(self, data: Mapping[str, str]) -> None:
        """Take what the form sent: `price-<id>` is what was typed, `was-<id>` what the page showed."""
        for key in self.variants:
            self.typed[key] = data.get(f"price-{key}", self.typed[key])
            was = data.get(f"was-{key}", "")
            if was.isascii() and was.isdigit() and len(was) <= len(str(10**12)):
                self.seen[key] = int(was)

    def preview(self, change: Change) -> None:
        """Put the changed prices into the cells; the change starts from what is in the catalogue now."""
        for key, variant in self.variants.items():
            self.seen[key] = variant.price_minor
            self.typed[key] = self._shown(new_price(price_minor=variant.price_minor, change=change))

    def changes(self) -> dict[UUID, PriceChange]:
        """What shall be saved; cells that are no prices become errors."""
        made: dict[UUID, PriceChange] = {}
        for key, text in self.typed.items():
            try:
                minor = read_price(text, currency=self.currency, mark="" if "," in text else ".")
            except CellInvalid as error:
                self.errors[key] = f"{str(error)[0].upper()}{str(error)[1:]}."
                continue
            if minor != self.seen[key]:
                made[UUID(key)] = PriceChange(before_minor=self.seen[key], after_minor=minor)
        return made

    def refuse(self, error: DomainError) -> None:
        """Show what the service refused, each problem at its row."""
        self.problem = error.detail
        self.errors |= {problem.pointer.strip("/").split("/")[0]: problem.detail for problem in error.errors}
        for key in self.errors.keys() & self.variants.keys():
            self.seen[key] = self.variants[key].price_minor

    def changed_count(self) -> int:
        """How many cells differ from what was there."""
        return sum(self.typed[key] != self._shown(self.seen[key]) for key in self.variants)

    def rows(self) -> list[dict[str, Any]]:
        """The rows for the template."""
        return [
            {
                "variant": variant,
                "was_minor": self.seen[key],
                "was": self._shown(self.seen[key]),
                "typed": self.typed[key],
                "is_changed": self.typed[key] != self._shown(self.seen[key]),
                "error": self.errors.get(key, ""),
            }
            for key, variant in self.variants.items()
        ]

    def _shown(self, minor: int) -> str:
        return format_money(Money(minor, self.currency))


def _save(request: HttpRequest, table: _Table) -> HttpResponse | None:
    """Save everything that was typed; None when something is wrong, which the table then says."""
    changes = table.changes()
    if table.errors:
        table.problem = f"{len(table.errors)} of these are no prices; nothing was saved."
        return None
    try:
        count = set_prices(prices=changes, actor=actor_of(request), at=now())
    except DomainError as error:
        table.refuse(error)
        return None
    messages.success(request, f"{count} prices are changed." if count != 1 else "One price is changed.")
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(reverse("admin:pos_item_prices") + (f"?{query}" if query else ""))


def _found(form: PriceFilterForm, tree: Tree) -> QuerySet[Variant]:
    values = form.cleaned_data
    rows = Variant.objects.select_related("item").order_by("item__name", "item_id", "position", "sku", "pk")
    if not values["inactive"]:
        rows = rows.filter(is_active=True, item__is_active=True)
    inside = tree.below(values["category"])
    if inside is not None:
        rows = rows.filter(item__category_id__in=inside)
    if values["q"]:
        hits = search_variants(text=values["q"], at=wall_clock(), limit=_FOUND)
        rows = rows.filter(pk__in=[hit.variant_id for hit in hits])
    return rows


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < MAX_PAGE else 1
