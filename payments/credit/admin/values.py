"""Gift cards and store credit in the back office: each with its statement; blocking and freeing them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import action

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.columns import NOTHING, in_words, money, titled
from fynlo.backoffice.filters import one_of
from fynlo.backoffice.options import ReadOnlyAdmin, ReadOnlyInline
from fynlo.backoffice.site import merchant_admin
from fynlo.core.clock import now
from fynlo.core.errors import DomainError
from fynlo.core.ids import new_id
from payments.credit.kinds import (
    ACTIVATE,
    ACTIVE,
    ADJUST_DECREMENT,
    ADJUST_INCREMENT,
    BLOCK,
    BLOCKED,
    CLEAR_BALANCE,
    CLOSED,
    DEACTIVATE,
    EXPIRED,
    GIFT_CARD,
    IMPORT,
    IMPORT_REVERSAL,
    LOAD,
    OPEN,
    PENDING,
    REDEEM,
    REFUND,
    RELEASED,
    STATES,
    STORE_CREDIT,
    TRANSFER_FROM,
    TRANSFER_TO,
    UNBLOCK,
    UNLINKED_REFUND,
    VALUE_KINDS,
)
from payments.credit.models import StoredValue, ValueActivity, ValueImport, ValueReservation
from payments.credit.services import StepDraft, office_occasion, reverse_import, take_step

MANAGE = "gift_cards.manage"
_FROM_HERE = "in the back office"
_HOLDERS: Final[Mapping[str, str]] = MappingProxyType({GIFT_CARD: "Gift card", STORE_CREDIT: "Store credit"})
_LIVES: Final[Mapping[str, str]] = MappingProxyType(
    {PENDING: "Never activated", ACTIVE: "Active", BLOCKED: "Blocked", CLOSED: "Closed"}
)
_HAPPENED: Final[Mapping[str, str]] = MappingProxyType(
    {
        ACTIVATE: "Activated",
        LOAD: "Loaded",
        REDEEM: "Paid with it",
        CLEAR_BALANCE: "Cleared",
        DEACTIVATE: "Closed",
        ADJUST_INCREMENT: "Corrected: more",
        ADJUST_DECREMENT: "Corrected: less",
        REFUND: "Given back",
        UNLINKED_REFUND: "Given back, paid otherwise",
        IMPORT: "Imported",
        BLOCK: "Blocked",
        UNBLOCK: "Freed",
        IMPORT_REVERSAL: "Import taken back",
        TRANSFER_FROM: "Moved to another",
        TRANSFER_TO: "Moved from another",
    }
)
_CAUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "sale": "Sold",
        "payment": "A payment",
        "refund": "A refund",
        "request": "Somebody asked",
        "import": "An import",
        "expiry": "Its last day",
    }
)
_KEPT: Final[Mapping[str, str]] = MappingProxyType(
    {OPEN: "Kept", RELEASED: "Let go", EXPIRED: "Its time was over"}
)


def _import_name(account: StoredValue) -> str:
    """What people call the import it came with."""
    return NOTHING if account.value_import is None else str(account.value_import)


class ActivityInline(ReadOnlyInline):
    """What happened to a card, with the balance after it."""

    model = ValueActivity
    verbose_name_plural = "statement"
    fields = (
        "at",
        in_words("kind", "What", _HAPPENED),
        money("amount_minor", "Amount"),
        money("balance_minor", "Balance"),
        money("overdrawn_minor", "Overdrawn"),
        in_words("cause", "Because of", _CAUSES),
        "reason",
        in_words("employee_name", "By", {}),
        in_words("approver_name", "Approved by", {}),
    )
    readonly_fields = fields
    ordering = ("id",)


class ReservationInline(ReadOnlyInline):
    """What was kept of a card for tills."""

    model = ValueReservation
    verbose_name_plural = "kept for tills"
    fields = (
        "made_at",
        in_words("state", "State", _KEPT),
        money("amount_minor", "Kept"),
        money("left_minor", "Left"),
        "expires_at",
        "ended_at",
    )
    readonly_fields = fields
    ordering = ("id",)


@admin.register(StoredValue, site=merchant_admin)
class StoredValueAdmin(ReadOnlyAdmin):
    """Gift cards and store credit. Neither codes nor PINs are here to be seen."""

    list_display = (
        "shown_masked",
        in_words("kind", "Kind", _HOLDERS),
        in_words("state", "State", _LIVES),
        money("balance_minor", "Balance"),
        money("reserved_minor", "Kept for tills"),
        money("overdrawn_minor", "Overdrawn"),
        "holder",
        "expires_on",
        "created_at",
    )
    fields = (
        (in_words("kind", "Kind", _HOLDERS), "shown_masked", in_words("state", "State", _LIVES)),
        (
            money("balance_minor", "Balance"),
            money("reserved_minor", "Kept for tills"),
            money("overdrawn_minor", "Overdrawn"),
        ),
        ("holder", "expires_on", "created_at"),
        (titled(_import_name, "Imported with"), "paper"),
    )
    list_filter = (
        one_of("kind", "kind", VALUE_KINDS, _HOLDERS),
        one_of("state", "state", STATES, _LIVES),
    )
    search_fields = ("shown", "holder")
    search_help_text = "Last four characters or holder"
    ordering = ("-id",)
    inlines = (ActivityInline, ReservationInline)
    actions = ("block", "unblock")
    actions_detail = ("act",)

    @admin.display(description="Code", ordering="shown")
    def shown_masked(self, account: StoredValue) -> str:
        """The last four characters, after what hides the rest."""
        return str(account)

    @admin.display(description="On paper")
    def paper(self, account: StoredValue) -> str:
        """Where its slip and the card itself are printed."""
        address = reverse("admin:pos_value_paper", args=[account.pk], current_app=merchant_admin.name)
        return format_html(
            '<a class="text-primary-600 dark:text-primary-500" href="{}">Print slip or card</a>', address
        )

    def has_manage_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether somebody may block cards, free, correct and close them."""
        del object_id
        return actor_of(request).may(MANAGE)

    @action(description="Block, correct or close", url_path="do", icon="edit", permissions=["manage"])
    def act(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to the page where something is done to this card."""
        del request
        return HttpResponseRedirect(reverse("admin:payments_value_act", args=(object_id,)))

    @admin.action(description="Block", permissions=["manage"])
    def block(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Nothing more is taken from the chosen cards."""
        self._step(request, queryset, BLOCK)

    @admin.action(description="Free", permissions=["manage"])
    def unblock(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """The chosen cards can be used again."""
        self._step(request, queryset, UNBLOCK)

    def _step(self, request: HttpRequest, queryset: QuerySet[Any], kind: str) -> None:
        occasion = office_occasion(actor=actor_of(request), at=now())
        for row in queryset.order_by("pk"):
            draft = StepDraft(id=new_id(), account_id=row.pk, kind=kind, reason=_FROM_HERE)
            try:
                take_step(draft=draft, occasion=occasion)
            except DomainError as error:
                self.message_user(request, error.detail, level="ERROR")
            else:
                self.message_user(request, f"{row}: done.")


@admin.register(ValueImport, site=merchant_admin)
class ValueImportAdmin(ReadOnlyAdmin):
    """Cards of earlier systems."""

    list_display = ("imported_at", "name", "rows_count", money("total_minor", "Total"), "reversed_at")
    fields = ("name", "rows_count", money("total_minor", "Total"), "imported_at", "reversed_at")
    ordering = ("-imported_at", "-id")
    actions = ("take_back",)
    actions_list = ("send_cards",)

    @action(description="Import gift cards", url_path="send", icon="upload_file", permissions=["manage"])
    def send_cards(self, request: HttpRequest) -> HttpResponse:
        """Lead to the page where a file is sent."""
        del request
        return HttpResponseRedirect(reverse("admin:payments_value_import_new"))

    def has_manage_permission(self, request: HttpRequest) -> bool:
        """Whether somebody may take cards back."""
        return actor_of(request).may(MANAGE)

    @admin.action(description="Take back what nobody has used", permissions=["manage"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Take back the cards of the chosen imports, except those that something happened to since."""
        for row in queryset.order_by("pk"):
            report = reverse_import(import_id=row.pk, actor=actor_of(request), at=now())
            told = f"{row}: taken back; {report.kept_count} cards were used and stay."
            self.message_user(request, told)
