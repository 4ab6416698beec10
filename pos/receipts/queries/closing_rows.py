"""The figures of a closing in sections and rows. Pure."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from fynlo.core.money import spell_money
from pos.pricing.decimals import plain_decimal
from pos.receipts.sheets import SheetRow, SheetSection
from pos.receipts.tax_names import says_rate

Stored = Mapping[str, Any]


def sections(stored: Stored) -> Iterator[SheetSection]:
    """All of them, from what was sold to what the register has sold for ever."""
    sales, refunds = stored["sales"], stored["refunds"]
    yield SheetSection(key="sales", rows=tuple(_trade(sales, "receipts")))
    if refunds["count"]:
        yield SheetSection(key="refunds", rows=tuple(_trade(refunds, "refunds")))
    if stored["taxes"]:
        yield SheetSection(key="taxes", rows=tuple(_taxes(stored)))
    if stored["tenders"]:
        yield SheetSection(key="tenders", rows=tuple(_tenders(stored)))
    if stored["cash"] is not None:
        yield SheetSection(key="cash", rows=tuple(_cash(stored["cash"])))
    yield SheetSection(key="counts", rows=tuple(_counts(stored)))
    yield SheetSection(key="numbers", rows=tuple(_numbers(stored)))
    yield SheetSection(
        key="totals_for_ever",
        rows=(
            SheetRow(key="grand_total", amount_minor=stored["grand_total_minor"]),
            SheetRow(key="refund_total", amount_minor=stored["refund_total_minor"]),
        ),
    )


def _trade(trade: Stored, counted: str) -> Iterator[SheetRow]:
    yield SheetRow(key=counted, count=trade["count"])
    yield SheetRow(key="net", amount_minor=trade["net_minor"])
    yield SheetRow(key="tax", amount_minor=trade["tax_minor"])
    yield SheetRow(key="total", amount_minor=trade["total_minor"], is_sum=True)
    named = (("discounts", "discount_minor"), ("service_charges", "service_charge_minor"))
    for key, name in (*named, ("tips", "tip_minor"), ("rounding", "rounding_minor")):
        if trade.get(name):
            yield SheetRow(key=key, amount_minor=trade[name])


def _taxes(stored: Stored) -> Iterator[SheetRow]:
    """Each tax, and what refunds took back of it."""
    for tax in stored["taxes"]:
        name, rate = tax["name"], Decimal(tax["rate"])
        if not says_rate(name, rate):
            name = f"{name} {plain_decimal(rate * 100)} %"
        yield SheetRow(text=name, amount_minor=tax["tax_minor"])
        if tax["refunded_tax_minor"]:
            yield SheetRow(text=f"{name} (-)", amount_minor=-tax["refunded_tax_minor"])


def _tenders(stored: Stored) -> Iterator[SheetRow]:
    for tender in stored["tenders"]:
        if tender["count"]:
            yield SheetRow(text=tender["name"], count=tender["count"], amount_minor=tender["amount_minor"])
        if tender["refund_count"] and tender["refunded_minor"] is not None:
            name, count = f"{tender['name']} (-)", tender["refund_count"]
            yield SheetRow(text=name, count=count, amount_minor=-tender["refunded_minor"])


def _cash(cash: Stored) -> Iterator[SheetRow]:
    for moved in cash["movements"]:
        yield SheetRow(key=moved["kind"], count=moved["count"], amount_minor=moved["amount_minor"])
    for key in ("expected", "counted", "variance"):
        if cash[f"{key}_minor"] is not None:
            yield SheetRow(key=key, amount_minor=cash[f"{key}_minor"], is_sum=True)
    for each in cash.get("foreign", ()):  # closings from before notes were counted have none
        yield from _notes(each)


def _notes(each: Stored) -> Iterator[SheetRow]:
    """Another currency: what there should be, what was counted, and what the difference is worth."""
    amounts = (each[name]["amount_minor"] for name in ("expected", "counted", "variance"))
    told = " / ".join("–" if minor is None else spell_money(minor, each["currency"]) for minor in amounts)
    yield SheetRow(text=told, amount_minor=each["variance_worth_minor"])


def _counts(stored: Stored) -> Iterator[SheetRow]:
    voids, cancels, training = stored["voids"], stored["cancels"], stored["training"]
    yield SheetRow(key="voids", count=voids["count"], amount_minor=voids["amount_minor"])
    yield SheetRow(key="cancelled", count=cancels["count"], amount_minor=cancels["amount_minor"])
    yield SheetRow(key="trainings", count=training["count"], amount_minor=training["total_minor"])
    yield SheetRow(key="reprints", count=stored["reprints"])
    yield SheetRow(key="drawer_openings", count=stored["drawer_openings"])
    tickets, late = stored["open_tickets"], stored["late"]
    yield SheetRow(key="open_tickets", count=tickets["count"], amount_minor=tickets["total_minor"])
    if late["count"]:
        yield SheetRow(key="late_entries", count=late["count"], amount_minor=late["total_minor"])


def _numbers(stored: Stored) -> Iterator[SheetRow]:
    code, numbers = stored["register"]["code"], stored["numbers"]
    receipts = numbers["receipts"]
    if receipts["first"] is not None:
        yield SheetRow(
            text=f"{code}-R{receipts['first']} – {code}-R{receipts['last']}", count=receipts["count"]
        )
    orders = numbers["orders"]
    if orders["first"] is not None:
        yield SheetRow(text=f"{code}-{orders['first']} – {code}-{orders['last']}", count=orders["count"])
    missing = sum(last - first + 1 for name in numbers for first, last in numbers[name]["gaps"])
    yield SheetRow(key="missing_numbers", count=missing)
