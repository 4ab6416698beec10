"""What is printed around every receipt, with a preview beside it."""

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core import clock
from fynlo.core.errors import DomainError
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import unit_of_work
from pos.catalog.images import encode
from pos.catalog.queries.images import image
from pos.catalog.services.images import add_image
from pos.receipts.around import around
from pos.receipts.document import ReceiptDocument, ReceiptLine, ReceiptTax, ReceiptTender
from pos.receipts.forms import ReceiptWordsForm
from pos.receipts.renderers.html import render_html
from pos.receipts.renderers.receipt_blocks import receipt_paper
from pos.receipts.services.settings import ReceiptWords, save_receipt_settings, words_in_force
from pos.registers.models import Location

_CONFIGURE: Final = "configuration.write"
_RATE: Final = Decimal("0.19")


@page(merchant_admin, "pos/receipt/", name="pos_receipt", permission=_CONFIGURE)
def receipt_page(request: HttpRequest) -> HttpResponse:
    """The lines, the logo and the link; posted, they are in force."""
    now, problem = words_in_force(), ""
    if request.method == "POST":
        form = ReceiptWordsForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                _save(request, form, now)
                messages.success(request, "Receipts look like this from now on.")
                return HttpResponseRedirect(reverse("admin:pos_receipt", current_app=merchant_admin.name))
            except DomainError as error:
                problem = error.detail or error.title
    else:
        form = ReceiptWordsForm(
            initial={"header": "\n".join(now.header), "footer": "\n".join(now.footer), "link": now.has_link}
        )
    return render(
        merchant_admin,
        request,
        "receipt_settings",
        "Receipt",
        form=form,
        problem=problem,
        has_logo=now.logo is not None,
        preview=render_html(paper=receipt_paper(_example(now, logo=_stored(now)))),
    )


@page(
    merchant_admin, "pos/receipt/preview/", name="pos_receipt_preview", permission=_CONFIGURE, only_looks=True
)
def receipt_preview(request: HttpRequest) -> HttpResponse:
    """What a receipt would look like with what stands in the form. Saves nothing."""
    form = ReceiptWordsForm(request.POST, request.FILES)
    if request.method != "POST" or not form.is_valid():
        return HttpResponse(status=400)
    now = words_in_force()
    words, picture = form.words(logo=now.logo), form.cleaned_data["picture"]
    try:
        logo = (
            encode(picture).content if picture and not form.cleaned_data["without_logo"] else _stored(words)
        )
    except DomainError:
        logo = b""
    made = HttpResponse(render_html(paper=receipt_paper(_example(words, logo=logo))))
    made["X-Content-Type-Options"] = "nosniff"
    return made


def _save(request: HttpRequest, form: ReceiptWordsForm, now: ReceiptWords) -> None:
    """A new picture is kept first, like those of items; then the words are in force."""
    actor, at, logo = actor_of(request), clock.now(), now.logo
    if form.cleaned_data["picture"] and not form.cleaned_data["without_logo"]:
        with unit_of_work():
            logo = UUID(str(add_image(content=form.cleaned_data["picture"], actor=actor, at=at)["id"]))
    save_receipt_settings(words=form.words(logo=logo), actor=actor, at=at)


def _stored(words: ReceiptWords) -> bytes:
    found = None if words.logo is None else image(image_id=words.logo)
    return b"" if found is None else bytes(found.content)


def _example(words: ReceiptWords, *, logo: bytes) -> ReceiptDocument:
    """A receipt that nobody was given, at the first location."""
    location = Location.objects.filter(is_active=True).order_by("code").first() or Location(time_zone="UTC")
    shop, tenant = around(location=location), current_tenant()
    sold_at = dt.datetime(2026, 1, 31, 9, 30, tzinfo=shop.zone)
    document = ReceiptDocument(
        language=tenant.language,
        currency=tenant.currency,
        merchant=tenant.name,
        location=shop.location or tenant.name,
        address=shop.address,
        tax_number=shop.tax_number,
        header=words.header,
        footer=words.footer,
        logo=logo,
        number="K1-R1",
        order="K1-1",
        register="K1",
        employee="",
        sold_at=sold_at,
        business_date=sold_at.date(),
        lines=(
            ReceiptLine(
                name="…",
                quantity=Decimal(2),
                unit="each",
                unit_price_minor=595,
                amount_minor=1190,
                taxes=("tax",),
            ),
        ),
        taxes=(
            ReceiptTax(
                key="tax",
                name="",
                rate=_RATE,
                is_inclusive=True,
                net_minor=1000,
                tax_minor=190,
                gross_minor=1190,
            ),
        ),
        total_minor=1190,
        tenders=(ReceiptTender(name="…", tendered_minor=1190),),
    )
    link = "https://example.org/r/example" if words.has_link else ""
    return dataclasses.replace(document, link=link)
