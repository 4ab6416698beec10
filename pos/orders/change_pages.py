"""What happened to an order after it was made, in the back office; and cancelling orders there."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.forms import ActionForm

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.columns import NOTHING, amount, titled
from fynlo.backoffice.options import ReadOnlyAdmin, ReadOnlyInline
from fynlo.core.clock import now
from fynlo.core.errors import DomainError
from pos.orders.changing import GOODS, RESTOCK
from pos.orders.drafts import MAX_REASON
from pos.orders.models import OrderChange
from pos.orders.services.approving import VOID
from pos.orders.services.cancelling import CancelDraft, cancel_order

_GOODS_WORDS = {"restock": "back onto the shelf", "waste": "thrown away", "none": "never made"}


_MINOR = "_minor"
_KEYS = ("_id", "payments")
"""Members that name rows: for programs, not for people."""


def _told(values: dict[str, Any] | None) -> str:
    """What was kept of one side of a change, in one line: amounts as people write them, no keys."""
    shown = {name: value for name, value in sorted((values or {}).items()) if not name.endswith(_KEYS)}
    return ", ".join(_member(name, value) for name, value in shown.items()) or NOTHING


def _member(name: str, value: Any) -> str:
    words = name.removesuffix(_MINOR).replace("_", " ")
    if name.endswith(_MINOR) and isinstance(value, int):
        value = amount(value)
    elif isinstance(value, list):
        value = len(value)
    return f"{words}: {NOTHING if value in (None, '') else value}"


def _before(change: Any) -> str:
    """How it was."""
    return _told(change.before)


def _after(change: Any) -> str:
    """How it is since."""
    return _told(change.after)


class OrderChangeInline(ReadOnlyInline):
    """Every change, by whom, why, and who approved it."""

    model = OrderChange
    verbose_name_plural = "changes"
    fields = (
        "revision",
        "kind",
        "at",
        "employee_name",
        "reason",
        "approver_name",
        titled(_before, "Before"),
        titled(_after, "After"),
    )
    readonly_fields = fields
    ordering = ("revision",)


class CancelForm(ActionForm):
    """Why orders are cancelled, and where their goods go."""

    reason = forms.CharField(required=False, max_length=MAX_REASON, label="Reason")
    goods = forms.ChoiceField(
        required=False, choices=[(each, _GOODS_WORDS[each]) for each in GOODS], initial=RESTOCK, label="Goods"
    )


class CancellingAdmin(ReadOnlyAdmin):
    """Orders are only shown, but for cancelling those that were not paid."""

    action_form = CancelForm
    actions = ("cancel",)

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        """Whether somebody may cancel orders."""
        return actor_of(request).may(VOID)

    def cancel(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Cancel the chosen orders, each by itself; one that cannot be says why."""
        goods = request.POST.get("goods", RESTOCK)
        draft = CancelDraft(
            reason=request.POST.get("reason", "").strip()[:MAX_REASON],
            goods=goods if goods in GOODS else RESTOCK,
        )
        for key in queryset.order_by("pk").values_list("pk", flat=True):
            try:
                whole = cancel_order(order_id=key, draft=draft, actor=actor_of(request), at=now())
            except DomainError as error:
                self.message_user(request, error.detail, level=messages.ERROR)
            else:
                self.message_user(request, f"Order {whole.order.number} is cancelled.")

    cancel.short_description = "Cancel"  # type: ignore[attr-defined]  # what Django reads from an action
    cancel.allowed_permissions = ("cancel",)  # type: ignore[attr-defined]
