"""The digest of a draft: the same across releases for what both can say, another one for anything said besides."""

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from fynlo.core.money import Money
from pos.orders.drafts import (
    ComponentDraft,
    DiscountDraft,
    LineDraft,
    ModifierDraft,
    OrderDraft,
    TenderDraft,
)


def key(number: int) -> UUID:
    return UUID(f"01920000-0000-7000-8000-{number:012}")


LINE = LineDraft(
    id=key(2), variant_id=key(3), quantity=Decimal("0.3350"), expected_unit_price=Money(1299, "EUR")
)
DRAFT = OrderDraft(
    id=key(1),
    lines=(LINE, LineDraft(id=key(4), variant_id=key(5), quantity=Decimal(2))),
    tenders=(TenderDraft(id=key(6), tender_type="cash", amount=Money(2000, "EUR")),),
    placed_at=dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC),
    expected_total=Money(1195, "EUR"),
)


def test_what_the_first_release_could_say_has_the_digest_it_had_there() -> None:
    """Written down with the release before there were discounts and modifiers (commit e11b08a)."""
    assert DRAFT.digest == "bc3d7025055fc32139310f0d32134109870a8329cbe31de871769fffd068197b"
    bare = OrderDraft(id=key(1), lines=(LineDraft(id=key(2), variant_id=key(3), quantity=Decimal(1)),))
    assert bare.digest == "f94d34007a4eec74ac49a80db8c8c18d2250ba5361eb6e8a6e2dd31027ecb355"


def test_saying_nothing_in_other_words_is_the_same() -> None:
    line = dataclasses.replace(LINE, modifiers=(), components=(), discounts=(), order_type=None)
    line = dataclasses.replace(line, lot="", serial="", use_by=None, note="")
    draft = dataclasses.replace(
        DRAFT,
        lines=(line, DRAFT.lines[1]),
        covers=0,
        coupons=(),
        exempt=False,
        tip=None,
        discounts=(),
        note="",
    )
    assert draft.digest == DRAFT.digest


MODIFIER = ModifierDraft(modifier_id=key(10), modifiers=(ModifierDraft(modifier_id=key(11), quantity=2),))
COMPONENT = ComponentDraft(slot_id=key(12), variant_id=key(13))
DISCOUNT = DiscountDraft(id=key(14), name="Staff", percent=Decimal("0.10"))

IN_LINES: list[dict[str, Any]] = [
    {"override": Money(1000, "EUR")},
    {"override": Money(0, "EUR")},
    {"printed_amount": Money(435, "EUR")},
    {"order_type": "take_away"},
    {"modifiers": (MODIFIER,)},
    {"modifiers": (dataclasses.replace(MODIFIER, quantity=2),)},
    {"modifiers": (dataclasses.replace(MODIFIER, modifiers=()),)},
    {"components": (COMPONENT,)},
    {"components": (dataclasses.replace(COMPONENT, modifiers=(MODIFIER,)),)},
    {"discounts": (DISCOUNT,)},
    {"discounts": (dataclasses.replace(DISCOUNT, name=""),)},
    {"discounts": (dataclasses.replace(DISCOUNT, percent=Decimal(0)),)},
    {"discounts": (dataclasses.replace(DISCOUNT, percent=None, amount=Money(10, "EUR")),)},
    {"lot": "L1"},
    {"serial": "L1"},
    {"use_by": dt.date(2026, 3, 1)},
    {"use_by": dt.date(2026, 3, 2)},
    {"note": "L1"},
]
IN_TENDERS: list[dict[str, Any]] = [
    {"last4": "4242"},
    {"reference": "4242"},
    {"house_account_id": key(20)},
]
IN_ORDERS: list[dict[str, Any]] = [
    {"order_type": "take_away"},
    {"order_type": "dine_in"},
    {"channel": "web"},
    {"customer_group": "web"},
    {"exempt": True},
    {"destination": "CA-QC"},
    {"covers": 4},
    {"coupons": ("SPRING",)},
    {"coupons": ("SPRING", "SUMMER")},
    {"discounts": (DISCOUNT,)},
    {"waived_charges": (key(20),)},
    {"tip": Money(100, "EUR")},
    {"tip": Money(0, "EUR")},
    {"price_book": key(20)},
    {"note": "Ring twice"},
    {"reservation_id": key(20)},
    {"reservation_id": key(21)},
]


def test_whatever_is_said_besides_is_another_digest() -> None:
    digests = {DRAFT.digest}
    for said in IN_LINES:
        digests.add(
            dataclasses.replace(DRAFT, lines=(dataclasses.replace(LINE, **said), DRAFT.lines[1])).digest
        )
    for said in IN_TENDERS:
        tender = dataclasses.replace(DRAFT.tenders[0], **said)
        digests.add(dataclasses.replace(DRAFT, tenders=(tender,)).digest)
    for said in IN_ORDERS:
        digests.add(dataclasses.replace(DRAFT, **said).digest)
    assert len(digests) == 1 + len(IN_LINES) + len(IN_TENDERS) + len(IN_ORDERS)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"coupons": ("A", "B")}, {"coupons": ("B", "A")}),
        ({"waived_charges": (key(1), key(2))}, {"waived_charges": (key(2), key(1))}),
        (
            {"discounts": (dataclasses.replace(DISCOUNT, percent=Decimal("0.1")),)},
            {"discounts": (dataclasses.replace(DISCOUNT, percent=Decimal("0.100000")),)},
        ),
    ],
    ids=["coupons", "waived", "percent"],
)
def test_content_is_compared_not_its_spelling(first: dict[str, Any], second: dict[str, Any]) -> None:
    assert dataclasses.replace(DRAFT, **first).digest == dataclasses.replace(DRAFT, **second).digest
