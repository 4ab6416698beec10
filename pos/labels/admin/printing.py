"""Choose articles, a printer and its paper, and download the labels."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict

from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core.errors import DomainError
from fynlo.core.tenancy import current_tenant
from pos.catalog.admin.choosing import Tree, category_tree
from pos.catalog.models import Barcode, Variant
from pos.catalog.queries.search import search_variants
from pos.catalog.scheduled import price_at
from pos.catalog.searching import MAX_QUERY
from pos.catalog.wall_clock import wall_clock
from pos.labels.content import price_text
from pos.labels.drafts import MAX_COPIES
from pos.labels.forms import PrintForm
from pos.labels.queries import printed_labels
from pos.labels.queries.printing import PrintedFile

PAGE: Final = 100


@page(merchant_admin, "pos/labels/", name="pos_labels", permission="catalog.read", only_looks=True)
def labels(request: HttpRequest) -> HttpResponse:
    """A table of articles with a field for copies each. Posted, it answers with the file."""
    form = PrintForm(request.POST if request.method == "POST" else None)
    problem = ""
    if request.method == "POST" and form.is_valid():
        tenant = current_tenant()
        try:
            return _download(
                printed_labels(
                    draft=form.draft(), at=wall_clock(), currency=tenant.currency, language=tenant.language
                )
            )
        except DomainError as error:
            problem = error.detail
    tree = category_tree()
    rows, has_more = _rows(request.GET, tree, form)
    return render(
        merchant_admin,
        request,
        "labels",
        "Labels",
        form=form,
        rows=rows,
        has_more=has_more,
        page_size=PAGE,
        most=MAX_COPIES,
        problem=problem,
        q=request.GET.get("q", "")[:MAX_QUERY],
        category=request.GET.get("category", ""),
        categories=tree.choices(),
    )


def _rows(asked: QueryDict, tree: Tree, form: PrintForm) -> tuple[list[dict[str, Any]], bool]:
    """The first articles of what is looked for, and whether there are more; two statements besides the search."""
    found = Variant.objects.filter(is_active=True, item__is_active=True).select_related("item")
    inside = tree.below(asked.get("category", ""))
    if inside is not None:
        found = found.filter(item__category_id__in=inside)
    text = asked.get("q", "").replace("\x00", " ").strip()[:MAX_QUERY]
    if text:
        hits = search_variants(text=text, at=wall_clock(), limit=PAGE, only_active=True)
        found = found.filter(pk__in=[hit.variant_id for hit in hits])
    variants = list(found.order_by("item__name", "position", "sku", "pk")[: PAGE + 1])
    codes = dict(
        Barcode.objects.filter(variant__in=variants[:PAGE])
        .order_by("-multiplier", "-code")
        .values_list("variant_id", "code")
    )
    return [_row(each, codes.get(each.pk, ""), form) for each in variants[:PAGE]], len(variants) > PAGE


def _row(variant: Variant, code: str, form: PrintForm) -> dict[str, Any]:
    tenant = current_tenant()
    minor = price_at(price_minor=variant.price_minor, scheduled=variant.scheduled_prices, at=wall_clock())
    return {
        "id": str(variant.pk),
        "name": f"{variant.item.name}, {variant.name}" if variant.name else variant.item.name,
        "sku": variant.sku,
        "code": code,
        "price": price_text(minor=minor, currency=tenant.currency, language=tenant.language),
        "copies": form.copies.get(variant.pk, ""),
    }


def _download(printed: PrintedFile) -> HttpResponse:
    response = HttpResponse(printed.data, content_type=printed.media_type)
    response["Content-Disposition"] = f'attachment; filename="{printed.name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
