"""Suppliers, orders, deliveries, returns and costs in the back office."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import action

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.columns import titled
from fynlo.backoffice.filters import one_of
from fynlo.backoffice.options import ReadOnlyAdmin, ReadOnlyInline, ServiceAdmin
from fynlo.backoffice.pages import page
from fynlo.backoffice.site import merchant_admin
from fynlo.core.actors import Actor
from fynlo.core.clock import now
from fynlo.core.errors import DomainError, NotFound
from fynlo.core.ids import new_id
from fynlo.core.locks import lock_rows
from pos.inventory.quantities import plain_cost
from pos.purchasing import states
from pos.purchasing.drafts import EmailDraft
from pos.purchasing.forms.suppliers import SupplierForm
from pos.purchasing.models import (
    GoodsReceipt,
    GoodsReceiptLine,
    LandedCost,
    LandedCostShare,
    PurchaseEmail,
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderStep,
    Supplier,
    SupplierReturn,
    SupplierReturnLine,
)
from pos.purchasing.models.landed import BASES
from pos.purchasing.paper_files import as_csv, as_pdf
from pos.purchasing.queries.papers import order_paper
from pos.purchasing.queries.records import whole_order, whole_supplier
from pos.purchasing.queries.suppliers import supplier_state
from pos.purchasing.services.emails import queue_email
from pos.purchasing.services.landing import revert_cost
from pos.purchasing.services.lifecycle import send_order
from pos.purchasing.services.suppliers import change_supplier, create_supplier


class OnItsWay(SimpleListFilter):
    """What a shopkeeper asks first: what is still to come, and what of it is late."""

    title = "on its way"
    parameter_name = "way"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Open, or late."""
        del request, model_admin
        return [("open", "open"), ("late", "late")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Orders on their way; expected before today."""
        del request
        chosen = self.value()
        if chosen is None:
            return queryset
        found = queryset.filter(state__in=states.OPEN)
        return found.filter(expected_on__lt=now().date()) if chosen == "late" else found


@admin.register(Supplier, site=merchant_admin)
class SupplierAdmin(ServiceAdmin):
    """Who goods are bought from."""

    form = SupplierForm
    list_display = ("code", "name", "contact", "email", "phone", "lead_time_days", "is_active")
    list_filter = ("is_active",)
    search_fields = ("code", "name", "items__supplier_code", "items__variant__sku")
    search_help_text = "Supplier, or an article they sell"
    ordering = ("name", "id")
    change_form_template = "backoffice/record.html"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[Any]:
        """The record, then what they sell."""
        if not self.has_change_permission(request, obj):
            return (*SupplierForm.Meta.fields, "items")
        return (*SupplierForm.Meta.fields, "items", "version")

    def items(self, supplier: Any) -> str:
        """What they sell, for people who may not change it."""
        field: Any = SupplierForm.base_fields["items"]
        text = field.text(supplier_state(whole_supplier(supplier_id=supplier.pk))["items"])
        return format_html('<div style="white-space: pre-wrap">{}</div>', text or "–")

    def carry_out(
        self, *, obj: Any, form: Any, formsets: Sequence[Any], actor: Actor, at: dt.datetime
    ) -> None:
        """Save the supplier with what they sell."""
        del formsets
        if obj._state.adding:
            create_supplier(draft=form.draft(), actor=actor, at=at)
            return
        lock_rows(Supplier.objects.all(), [obj.pk])
        form.matches()
        change_supplier(draft=form.draft(), actor=actor, at=at)


class OrderLineInline(ReadOnlyInline):
    """What is ordered."""

    model = PurchaseOrderLine
    fields = (
        "description",
        "supplier_code",
        "packs",
        "pack_name",
        "pack_price_minor",
        "quantity",
        "unit",
        "received_quantity",
    )
    readonly_fields = fields


class OrderStepInline(ReadOnlyInline):
    """Who did what."""

    model = PurchaseOrderStep
    fields = ("at", "step", "by_name", "detail")
    readonly_fields = fields


class OrderEmailInline(ReadOnlyInline):
    """Letters."""

    model = PurchaseEmail
    fields = ("queued_at", "recipient", "state", "attempts", "reason")
    readonly_fields = fields


def _papers(row: PurchaseOrder) -> str:
    return format_html(
        '<a href="/admin/pos/purchase-order/{0}/document.pdf">PDF</a> '
        '<a href="/admin/pos/purchase-order/{0}/document.csv">CSV</a>',
        row.pk,
    )


@admin.register(PurchaseOrder, site=merchant_admin)
class PurchaseOrderAdmin(ReadOnlyAdmin):
    """Orders to suppliers."""

    list_display = ("number", "supplier", "location", "state", "expected_on", titled(_papers, "Papers"))
    list_filter = (OnItsWay, one_of("state", "state", states.ORDER.states), "supplier", "location")
    list_select_related = ("supplier", "location")
    search_fields = ("number", "supplier__name", "lines__sku", "lines__description", "lines__supplier_code")
    search_help_text = "Number, supplier, or an article in it"
    ordering = ("-id",)
    inlines = (OrderLineInline, OrderStepInline, OrderEmailInline)
    actions = ("send_orders", "mail_orders")
    actions_list = ("write_one",)
    actions_row = ("go_to",)

    @action(description="Write an order", url_path="write-one", icon="add", permissions=["order"])
    def write_one(self, request: HttpRequest) -> HttpResponse:
        """Lead to the page where an order is written."""
        del request
        return HttpResponseRedirect(reverse("admin:pos_purchase_order_new"))

    @action(description="Change or follow it", url_path="go-to")
    def go_to(self, request: HttpRequest, object_id: UUID) -> HttpResponse:
        """Lead to where the order stands, and what can be done with it."""
        del request
        return HttpResponseRedirect(reverse("admin:pos_purchase_order", args=(object_id,)))

    def has_order_permission(self, request: HttpRequest, *_: Any) -> bool:
        """Whether somebody may order."""
        return actor_of(request).may("stock.order")

    @admin.action(description="Mark as ordered", permissions=["order"])
    def send_orders(self, request: HttpRequest, queryset: QuerySet[PurchaseOrder]) -> None:
        """Say of the chosen drafts that they were ordered."""
        for row in queryset.order_by("pk"):
            try:
                send_order(order_id=row.pk, actor=actor_of(request), at=now())
            except DomainError as error:
                self.message_user(request, f"{row.number}: {error.detail}", level="ERROR")

    @admin.action(description="E-mail to the supplier", permissions=["order"])
    def mail_orders(self, request: HttpRequest, queryset: QuerySet[PurchaseOrder]) -> None:
        """Queue a letter for each of the chosen orders."""
        for row in queryset.order_by("pk"):
            try:
                queue_email(order_id=row.pk, draft=EmailDraft(id=new_id()), actor=actor_of(request), at=now())
            except DomainError as error:
                self.message_user(request, f"{row.number}: {error.detail}", level="ERROR")
            else:
                self.message_user(request, f"{row.number}: a letter is on its way.")


@page(
    merchant_admin,
    "pos/purchase-order/<uuid:object_id>/document.pdf",
    name="pos_purchase_order_pdf",
    permission="stock.read",
)
def order_pdf(request: HttpRequest, object_id: Any) -> Any:
    """An order to print."""
    del request
    return as_pdf(order_paper(_order(object_id)))


@page(
    merchant_admin,
    "pos/purchase-order/<uuid:object_id>/document.csv",
    name="pos_purchase_order_csv",
    permission="stock.read",
)
def order_csv(request: HttpRequest, object_id: Any) -> Any:
    """An order for a program."""
    del request
    return as_csv(order_paper(_order(object_id)))


def _order(order_id: Any) -> PurchaseOrder:
    try:
        return whole_order(order_id=order_id)
    except NotFound:
        raise Http404 from None


class ReceiptLineInline(ReadOnlyInline):
    """What came."""

    model = GoodsReceiptLine
    fields = (
        "description",
        "stated_quantity",
        "stated_unit",
        "quantity",
        "unit",
        "rejected_quantity",
        "value_minor",
    )
    readonly_fields = fields


@admin.register(GoodsReceipt, site=merchant_admin)
class GoodsReceiptAdmin(ReadOnlyAdmin):
    """Deliveries."""

    list_display = ("number", "at", "supplier", "order", "location", "delivery_note", "by_name")
    list_filter = ("supplier", "location")
    list_select_related = ("supplier", "order", "location")
    search_fields = ("number", "delivery_note", "order__number", "lines__description", "lines__variant__sku")
    search_help_text = "Number, delivery note, order, or an article in it"
    date_hierarchy = "business_date"
    ordering = ("-id",)
    inlines = (ReceiptLineInline,)
    actions_row = ("send_back", "add_cost")

    @action(description="Send some of it back", url_path="send-back")
    def send_back(self, request: HttpRequest, object_id: UUID) -> HttpResponse:
        """Lead to the page where goods of it are sent back."""
        del request
        return HttpResponseRedirect(reverse("admin:pos_supplier_return_new", args=(object_id,)))

    @action(description="It cost more", url_path="add-cost")
    def add_cost(self, request: HttpRequest, object_id: UUID) -> HttpResponse:
        """Lead to the page where a cost of it is recorded."""
        del request
        return HttpResponseRedirect(reverse("admin:pos_landed_cost_new", args=(object_id,)))


class ReturnLineInline(ReadOnlyInline):
    """What went back."""

    model = SupplierReturnLine
    fields = ("description", "quantity", "unit", "value_minor", "reason")
    readonly_fields = fields


@admin.register(SupplierReturn, site=merchant_admin)
class SupplierReturnAdmin(ReadOnlyAdmin):
    """Goods that went back."""

    list_display = ("number", "at", "supplier", "location", "reference", "reason", "by_name")
    list_filter = ("supplier", "location")
    list_select_related = ("supplier", "location")
    search_fields = ("number", "reference", "reason", "lines__description", "lines__variant__sku")
    search_help_text = "Number, reason, or an article in it"
    date_hierarchy = "business_date"
    ordering = ("-id",)
    inlines = (ReturnLineInline,)
    actions_list = ("choose_delivery",)

    @action(description="Send goods back: choose the delivery", url_path="choose-delivery", icon="undo")
    def choose_delivery(self, request: HttpRequest) -> HttpResponse:
        """Lead to the deliveries: each says what can go back of it."""
        del request
        return HttpResponseRedirect(reverse("admin:pos_goodsreceipt_changelist"))


class ShareInline(ReadOnlyInline):
    """Who bears what of it."""

    model = LandedCostShare
    fields = ("receipt_line", "basis_quantity", "share_minor")
    readonly_fields = fields


@admin.register(LandedCost, site=merchant_admin)
class LandedCostAdmin(ReadOnlyAdmin):
    """What deliveries cost beyond their price."""

    list_display = (
        "at",
        "kind",
        "basis",
        titled(
            lambda row: f"{plain_cost(row.amount_minor)} minor units {row.currency}", "Amount", "amount_minor"
        ),
        "reference",
        "by_name",
        titled(lambda row: "taken back" if row.reverses_id else "", "Of"),
    )
    list_display_links = ("at",)
    list_filter = (one_of("basis", "shared by", BASES), "kind")
    search_fields = ("reference", "note")
    ordering = ("-id",)
    inlines = (ShareInline,)
    actions_list = ("choose_delivery",)
    actions = ("take_back",)

    @action(description="Record a cost: choose the delivery", url_path="choose-delivery", icon="add")
    def choose_delivery(self, request: HttpRequest) -> HttpResponse:
        """Lead to the deliveries: each has a page for its costs."""
        del request
        return HttpResponseRedirect(reverse("admin:pos_goodsreceipt_changelist"))

    def has_approve_permission(self, request: HttpRequest) -> bool:
        """Whether somebody may say what goods cost."""
        return actor_of(request).may("stock.approve")

    @admin.action(description="Take back", permissions=["approve"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[LandedCost]) -> None:
        """Take the chosen costs back, each once."""
        for key in queryset.order_by("pk").values_list("pk", flat=True):
            try:
                revert_cost(cost_id=key, revert_id=new_id(), actor=actor_of(request), at=now())
            except DomainError as error:
                self.message_user(request, error.detail, level="ERROR")
            else:
                self.message_user(request, "The cost is taken back.")
