"""Ways to pay, and payments by order."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from payments.tenders.kinds import CASH
from payments.tenders.models import Payment, TenderType
from payments.tenders.rules import NO_RULES, TenderRules, rules_of

# Every sale asks this; written by hand because the ORM takes longer to word it than the server to answer.
_TERMS_FIELDS = ("id", "code", "name", "kind", "is_active")
# What is not as usual about it comes last, where there is any; the database's `sale_terms` words it the same way.
_RULES = """NULLIF(jsonb_strip_nulls(jsonb_build_object(
    'smallest_minor', smallest_minor, 'largest_minor', largest_minor, 'over', NULLIF(over, 'refuse'),
    'is_partial', CASE WHEN NOT is_partial THEN false END,
    'needs_reference', CASE WHEN needs_reference THEN true END,
    'is_asked', CASE WHEN connection_id IS NOT NULL AND channel <> 'manual' THEN true END,
    'foreign_currency', NULLIF(foreign_currency, ''), 'foreign_rate', foreign_rate::text)), '{}')"""
_TERMS = (  # put together of constants only
    "SELECT id, code, name, kind, is_active, " + _RULES + "::text "
    "FROM payments_tendertype WHERE code = ANY(%s)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderTerms:
    """A way to pay, as a sale needs to know it. `is_asked`: its money is asked for through a provider."""

    id: UUID
    code: str
    name: str
    kind: str
    is_active: bool
    rules: TenderRules = NO_RULES
    is_asked: bool = False

    @property
    def is_cash(self) -> bool:
        """Whether it is the merchant's own money, in a drawer."""
        return self.kind == CASH

    @property
    def is_foreign(self) -> bool:
        """Whether it is notes of another currency."""
        return bool(self.rules.foreign_currency)

    @property
    def gives_change(self) -> bool:
        """Only cash does, and foreign notes: what they are worth beyond what is due goes back in own money."""
        return self.is_cash or self.is_foreign


@dataclass(frozen=True, slots=True)
class PaymentTaken:
    """A payment with the name of its way to pay.

    `tendered_minor` + `rounding_minor` (what cash rounding gave) = `amount_minor` + `change_minor`.
    """

    id: UUID
    order_id: UUID
    tender_type: str
    tender_name: str
    amount_minor: int
    tendered_minor: int
    change_minor: int
    rounding_minor: int
    at: dt.datetime
    last4: str = ""
    reference: str = ""
    house_account: str | None = None
    house_account_id: UUID | None = None
    kind: str = ""
    stored_value_id: UUID | None = None
    value_last4: str | None = None
    foreign_currency: str = ""
    foreign_minor: int | None = None
    foreign_rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignTerms:
    """The way to pay that takes notes of a currency: its account of the books, and its rate now."""

    account: str
    rate: Decimal


def foreign_terms(*, currencies: Iterable[str]) -> dict[str, ForeignTerms]:
    """By currency, active ways to pay first, then by code; currencies nobody takes are missing. One statement."""
    wanted = sorted(set(currencies))
    if not wanted:
        return {}
    rows = TenderType.objects.filter(foreign_currency__in=wanted)
    found: dict[str, ForeignTerms] = {}
    for currency, code, rate in rows.order_by("-is_active", "code").values_list(
        "foreign_currency", "code", "foreign_rate"
    ):
        if rate is not None:  # the constraint says that it has one
            found.setdefault(currency, ForeignTerms(account=f"tender:{code}", rate=rate))
    return found


def tender_terms(*, codes: Iterable[str]) -> dict[str, TenderTerms]:
    """The ways to pay with these codes, active or not, in one statement; unknown codes are missing."""
    with connection.cursor() as cursor:
        cursor.execute(_TERMS, [list(codes)])
        rows = cursor.fetchall()
    return terms_told(rows=rows)


def terms_told(*, rows: Iterable[Sequence[Any]]) -> dict[str, TenderTerms]:
    """The same from rows that were read along with something else: key, code, name, kind, whether it is active.

    A sixth member has its rules, as JSON or as what JSON says.
    """
    return {row[1]: _terms(row) for row in rows}


def _terms(row: Sequence[Any]) -> TenderTerms:
    *plain, rules = row if len(row) > len(_TERMS_FIELDS) else (*row, None)
    told = orjson.loads(rules) if isinstance(rules, str) else rules
    told = dict(told or {})
    is_asked = bool(told.pop("is_asked", False))
    return TenderTerms(
        **dict(zip(_TERMS_FIELDS, plain, strict=True)), rules=rules_of(told), is_asked=is_asked
    )


def terms_of_kind(*, kind: str) -> TenderTerms | None:
    """The merchant's way to pay of this kind, the first by code, active ones first; None without any."""
    row = (
        TenderType.objects.filter(kind=kind)
        .order_by("-is_active", "code")
        .values_list(*_TERMS_FIELDS)
        .first()
    )
    return None if row is None else TenderTerms(**dict(zip(_TERMS_FIELDS, row, strict=True)))


def payments_of(*, order_ids: Iterable[UUID]) -> dict[UUID, list[PaymentTaken]]:
    """The payments of these orders by id, in one statement; orders without payments are missing."""
    rows = (
        Payment.objects.filter(order_id__in=set(order_ids))
        .order_by("id")
        .values_list(
            "id",
            "order_id",
            "tender_type__code",
            "tender_type__name",
            "amount_minor",
            "tendered_minor",
            "change_minor",
            "rounding_minor",
            "at",
            "card_last4",
            "reference",
            "house_account__name",
            "house_account_id",
            "tender_type__kind",
            "stored_value_id",
            "stored_value__shown",
            "foreign_currency",
            "foreign_minor",
            "foreign_rate",
        )
    )
    found: dict[UUID, list[PaymentTaken]] = {}
    for row in rows:
        found.setdefault(row[1], []).append(PaymentTaken(*row))
    return found
