"""What to order at a location, with every figure; what is chosen becomes drafts, one for each supplier."""

import re
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core.clock import now
from fynlo.core.errors import DomainError
from fynlo.core.money import Money, format_money
from fynlo.core.tenancy import current_tenant
from pos.purchasing.models import Supplier
from pos.purchasing.queries.suggestions import Suggested, stocked_variants, suggestion_document, suggestions
from pos.purchasing.reorder_values import Policy
from pos.purchasing.services.suggested_orders import MAX_CHOSEN, Chosen, ChosenDraft, order_chosen
from pos.registers.models import Location

PAGE: Final = 100
MAX_PAGE: Final = 100_000
_PACKS: Final = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,6})?", re.ASCII)


@page(merchant_admin, "pos/purchase-suggestions/", name="pos_purchase_suggestions", permission="stock.read")
def purchase_suggestions(request: HttpRequest) -> HttpResponse:
    """A page of what is kept at the location, due first asked for. Posted, what is ticked is ordered."""
    locations = list(Location.objects.filter(is_active=True).order_by("code"))
    location = _chosen(locations, request.GET.get("location", ""))
    suppliers = list(Supplier.objects.filter(is_active=True).order_by("name"))
    supplier = next((each for each in suppliers if str(each.pk) == request.GET.get("supplier")), None)
    is_all, number = request.GET.get("show") == "all", _number(request.GET.get("page", "1"))
    if request.method == "POST" and location is not None:
        done = _order(request, location, supplier)
        if done is not None:
            return done
    made, has_more = _page(location, supplier, number)
    wanted = [each for each in made if is_all or each.suggestion.is_due]
    return render(
        merchant_admin,
        request,
        "purchase_suggestions",
        "What to order",
        rows=[_row(each) for each in wanted],
        locations=locations,
        location=location,
        suppliers=suppliers,
        supplier=supplier,
        is_all=is_all,
        page_number=number,
        has_more=has_more,
        looked_at=len(made),
        may_order=actor_of(request).may("stock.order"),
        query=_query(request.GET),
    )


def _page(location: Location | None, supplier: Supplier | None, number: int) -> tuple[list[Suggested], bool]:
    """The suggestions for a page of variants, and whether there are more."""
    if location is None:
        return [], False
    supplier_id = supplier.pk if supplier else None
    found = stocked_variants(location_id=location.pk, supplier_id=supplier_id)
    ordered = found.order_by("item__name", "position", "sku", "pk")
    variants = list(ordered[(number - 1) * PAGE : number * PAGE + 1])
    made = suggestions(
        variants=variants[:PAGE], location=location, at=now(), policy=Policy(), supplier_id=supplier_id
    )
    return made, len(variants) > PAGE


def _order(request: HttpRequest, location: Location, supplier: Supplier | None) -> HttpResponse | None:
    """Drafts of what was ticked; None when that cannot be, with the reason as a message."""
    actor = actor_of(request)
    if not actor.may("stock.order"):
        raise PermissionDenied
    lines = _lines(request.POST, supplier)
    if not lines or len(lines) > MAX_CHOSEN:
        messages.error(request, f"Tick 1 to {MAX_CHOSEN} articles, each with a number of packs above 0.")
        return None
    try:
        orders = order_chosen(draft=ChosenDraft(location_id=location.pk, lines=lines), actor=actor, at=now())
    except DomainError as error:
        messages.error(request, error.detail)
        return None
    numbers = ", ".join(str(order["number"]) for order in orders)
    messages.success(request, f"Drafts of orders were made: {numbers}. Look at them, then send them.")
    return HttpResponseRedirect(request.get_full_path())


def _lines(sent: QueryDict, supplier: Supplier | None) -> tuple[Chosen, ...]:
    """What is ticked, with the packs in its row."""
    lines = []
    for key in sent.getlist("order"):
        text = sent.get(f"packs-{key}", "").strip()
        try:
            variant_id = UUID(key)
        except ValueError:
            continue
        packs = Decimal(text.replace(",", ".")) if _PACKS.fullmatch(text) else Decimal(0)
        if packs > 0:
            supplier_id = supplier.pk if supplier else None
            lines.append(Chosen(variant_id=variant_id, packs=packs, supplier_id=supplier_id))
    return tuple(lines)


def _row(each: Suggested) -> dict[str, Any]:
    currency = current_tenant().currency
    document = suggestion_document(each, currency=currency)
    amount = document["amount"]
    return {
        **document,
        "amount": "" if amount is None else format_money(Money(amount["amount_minor"], currency)),
        "may_order": each.sold is not None,
    }


def _chosen(locations: list[Location], text: str) -> Location | None:
    """The one that is asked for; else the first."""
    return next((each for each in locations if str(each.pk) == text), locations[0] if locations else None)


def _query(asked: QueryDict) -> str:
    kept = asked.copy()
    kept.pop("page", None)
    return kept.urlencode()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < MAX_PAGE else 1
