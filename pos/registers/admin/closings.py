"""Closings in the back office, to read: Z after Z, each with its figures and what came late."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join

from fynlo.backoffice.columns import Column, amount, money, titled
from fynlo.backoffice.options import ReadOnlyAdmin
from fynlo.backoffice.site import merchant_admin
from fynlo.core.money import spell_money
from pos.registers.models import Closing
from pos.registers.queries.closings import late_entries, readable


def _figure(title: str, *path: str) -> Column:
    """An amount of the document; a dash where the document has none."""

    def column(closing: Closing) -> str:
        value: Any = closing.document
        for name in path:
            value = None if value is None else value.get(name)
        return "–" if value is None else amount(value)

    return titled(column, title)


def _rows(title: str, member: str, member_minor: str, refunded: str) -> Column:
    """A line of each row of the document, with what of it went back."""

    def column(closing: Closing) -> str:
        rows = closing.document.get(member) or []
        told = ((row["name"], amount(row[member_minor]), _back(row.get(refunded))) for row in rows)
        return format_html_join("\n", "{}: {}{}<br>", told) or "–"

    return titled(column, title)


def _back(minor: int | None) -> str:
    return f", {amount(minor)} given back" if minor else ""


def _late(closing: Closing) -> str:
    entries = late_entries(closing=closing)
    told = ((entry.document["number"], amount(entry.document["total_minor"])) for entry in entries)
    return format_html_join("\n", "{}: {}<br>", told) or "–"


def _foreign(closing: Closing) -> str:
    """Of each other currency: expected, counted, and what the difference is worth."""
    rows = ((closing.document.get("cash") or {}).get("foreign")) or []
    told = (
        (_notes(row["expected"]), _notes(row["counted"]), _notes(row["variance"]), _worth(row))
        for row in rows
    )
    return format_html_join("\n", "{} expected, {} counted, {} over or short ({})<br>", told) or "–"


def _notes(money: Mapping[str, Any]) -> str:
    minor = money["amount_minor"]
    return "–" if minor is None else spell_money(minor, money["currency"])


def _worth(row: Mapping[str, Any]) -> str:
    return amount(row["variance_worth_minor"])


_FIGURES = (
    _figure("Sales", "sales", "total_minor"),
    _figure("Refunds", "refunds", "total_minor"),
    _figure("Tips", "sales", "tip_minor"),
    _figure("Discounts", "sales", "discount_minor"),
    _figure("Expected", "cash", "expected_minor"),
    _figure("Counted", "cash", "counted_minor"),
    _figure("Over or short", "cash", "variance_minor"),
)
_TENDERS = _rows("Payments", "tenders", "amount_minor", "refunded_minor")
_TAXES = _rows("Taxes", "taxes", "tax_minor", "refunded_tax_minor")
_FOREIGN = titled(_foreign, "Other currencies")
_LATE = titled(_late, "Came late")
_NUMBER = titled(readable, "Number", "number")


@admin.register(Closing, site=merchant_admin)
class ClosingAdmin(ReadOnlyAdmin):
    """What each register did between one Z and the next."""

    list_display = (
        _NUMBER,
        "register",
        "business_date",
        "at",
        _FIGURES[0],
        _FIGURES[1],
        _FIGURES[6],
        money("grand_total_minor", "Sum of all receipts"),
        "employee_name",
    )
    list_filter = ("register",)
    list_select_related = ("register",)
    date_hierarchy = "business_date"
    ordering = ("-at", "-id")
    fields = (
        ("register", _NUMBER, "business_date", "at"),
        ("from_position", "to_position"),
        _FIGURES[:4],
        _FIGURES[4:],
        _FOREIGN,
        (_TENDERS, _TAXES),
        _LATE,
        (
            money("grand_total_minor", "Sum of all receipts"),
            money("refund_total_minor", "Sum of all refunds"),
        ),
        "digest",
    )
    readonly_fields = (
        _NUMBER,
        *_FIGURES,
        _FOREIGN,
        _TENDERS,
        _TAXES,
        _LATE,
        money("grand_total_minor", "Sum of all receipts"),
        money("refund_total_minor", "Sum of all refunds"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Closing]:
        """The Zs; what came late is shown with its own."""
        found: QuerySet[Closing] = super().get_queryset(request)
        return found.filter(late_number=None)
