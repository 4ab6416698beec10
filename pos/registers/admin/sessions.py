"""Drawer sessions and their cash in the back office, to read."""

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.columns import NOTHING, money, titled
from fynlo.backoffice.filters import one_of
from fynlo.backoffice.options import ReadOnlyAdmin, ReadOnlyInline
from fynlo.backoffice.site import merchant_admin
from fynlo.core.money import spell_money
from pos.registers import states
from pos.registers.blind import SEES
from pos.registers.models import CashMovement, CashSession
from pos.registers.policy import drawer_policy


def _order(movement: CashMovement) -> SafeString | str:
    """The order it was paid for; a dash for cash moved by hand."""
    if movement.order_id is None:
        return NOTHING
    address = reverse("admin:pos_order_change", args=[movement.order_id], current_app=merchant_admin.name)
    return format_html('<a class="link" href="{}">Look at it</a>', address)


def _notes(movement: CashMovement) -> str:
    """Notes of another currency, and what they were worth; a dash for own money."""
    if movement.foreign_minor is None or movement.worth_minor is None:
        return NOTHING
    told = spell_money(movement.foreign_minor, movement.foreign_currency)
    return f"{told} ({spell_money(movement.worth_minor, movement.currency)})"


def _foreign(session: CashSession) -> str:
    """What was expected and counted of each other currency, once it is closed."""
    parts = []
    for each in session.foreign_cash:
        expected, counted = each["expected_minor"], each["counted_minor"]
        found = "not counted" if counted is None else f"{spell_money(counted, each['currency'])} counted"
        parts.append(f"{spell_money(expected, each['currency'])} expected, {found}")
    return "; ".join(parts) or NOTHING


_ORDER = titled(_order, "Order")
_NOTES = titled(_notes, "Other currency")
_FOREIGN = titled(_foreign, "Other currencies")


class CashMovementInline(ReadOnlyInline):
    """What went into a drawer and out of it; nothing of it while somebody counts blind."""

    model = CashMovement
    fields = (
        "at",
        "kind",
        money("amount_minor", "Amount"),
        _NOTES,
        "slip_number",
        "reason_code",
        "note",
        "employee_name",
        _ORDER,
    )
    readonly_fields = fields
    ordering = ("at", "id")
    per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[CashMovement]:
        """The movements whose sum this person may know."""
        found: QuerySet[CashMovement] = super().get_queryset(request)
        if not drawer_policy().blind:
            return found
        is_counted = ~Q(session__counts=[]) | Q(session__state=states.CLOSED)
        if actor_of(request).may(SEES):
            return found.filter(is_counted | ~Q(session__state=states.CLOSING_CONTROL))
        return found.filter(is_counted)


@admin.register(CashSession, site=merchant_admin)
class CashSessionAdmin(ReadOnlyAdmin):
    """Drawers between opening and closing."""

    list_display = (
        "number",
        titled(lambda session: (session.drawer or session.register).code, "Drawer"),
        "register",
        "state",
        "business_date",
        "opened_at",
        "closed_at",
        "responsible_name",
        money("expected_minor", "Expected"),
        money("counted_minor", "Counted"),
        money("variance_minor", "Over or short"),
    )
    list_filter = (one_of("state", "state", states.SESSION_STATES), "register")
    list_select_related = ("register", "drawer")
    date_hierarchy = "business_date"
    ordering = ("-opened_at", "-id")
    inlines = (CashMovementInline,)
    fields = (
        ("drawer", "register", "number", "state"),
        ("business_date", "opened_at", "closed_at"),
        ("responsible_name", "approver_name"),
        (
            money("expected_minor", "Expected"),
            money("counted_minor", "Counted"),
            money("variance_minor", "Over or short"),
        ),
        _FOREIGN,
        titled(lambda session: ", ".join(flag["code"] for flag in session.flags) or "–", "Remarks"),
    )
    readonly_fields = (
        _FOREIGN,
        money("expected_minor", "Expected"),
        money("counted_minor", "Counted"),
        money("variance_minor", "Over or short"),
        titled(lambda session: ", ".join(flag["code"] for flag in session.flags) or "–", "Remarks"),
    )
