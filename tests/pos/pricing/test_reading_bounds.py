"""Rules that are well-formed and beyond reason are refused where they are read, and so never stored."""

from collections.abc import Callable
from typing import Any

import pytest

from fynlo.core.errors import DomainError
from pos.pricing.reading import read_book


def refusal(read: Callable[[Any], Any], document: Any) -> tuple[str, str]:
    """The code and pointer of a refusal."""
    with pytest.raises(DomainError) as caught:
        read(document)
    return caught.value.code, caught.value.errors[0].pointer


def rules_of(*rates: str, **more: Any) -> dict[str, Any]:
    """A book with one tax rule of these rates."""
    components = [{"code": str(place), "rate": rate, **more} for place, rate in enumerate(rates)]
    return {"tax_classes": [{"code": "s", "rules": [{"inclusive": False, "components": components}]}]}


def test_the_rates_of_a_rule_are_within_reason_together() -> None:
    refused = ("tax_rate_out_of_range", "/tax_classes/0/rules/0/components")
    # on top of each other 10 × 10 = 100 times the price, and a little more
    assert read_book(rules_of("9", "9", compound=True)).tax_classes
    assert refusal(read_book, rules_of("9", "9.000001", compound=True)) == refused
    # beside each other 1 + 9 × 9.9 = 90.1, 1 + 10 × 9.9 = 100
    assert read_book(rules_of(*["9.9"] * 10)).tax_classes
    assert refusal(read_book, rules_of(*["9.9"] * 9, "9.900001")) == refused


def tiers(*starts: str) -> dict[str, Any]:
    """A tiered promotion."""
    steps = [{"from": start, "percent": "0.1"} for start in starts]
    rule = {"kind": "tiered", "select": {"all": True}, "measure": "quantity", "tiers": steps}
    return {"promotions": [{"id": "p", "rule": rule}]}


@pytest.mark.parametrize(
    ("starts", "code", "place"),
    [
        (["0"], "number_out_of_range", 0),
        (["3", "-5"], "number_out_of_range", 1),
        (["0.0000001"], "number_out_of_range", 0),
        (["3", "6", "3.0"], "invalid_value", 2),
    ],
)
def test_tiers_begin_above_nothing_and_apart(starts: list[str], code: str, place: int) -> None:
    pointer = f"/promotions/0/rule/tiers/{place}/from"
    assert refusal(read_book, tiers(*starts)) == (code, pointer)
    assert read_book(tiers("12", "6", "0.000001")).promotions


def test_a_selector_names_at_most_a_thousand_things_in_all() -> None:
    def selecting(tags: int) -> dict[str, Any]:
        select = {"items": [str(one) for one in range(500)], "tags": [str(one) for one in range(tags)]}
        return {
            "promotions": [{"id": "p", "rule": {"kind": "percent_off", "percent": "0.1", "select": select}}]
        }

    assert read_book(selecting(500)).promotions
    assert refusal(read_book, selecting(501)) == ("invalid_value", "/promotions/0/rule/select")


@pytest.mark.parametrize("odd", ["", "  ", "x" * 101, "web\u202e", "a\nb", "\u200b", "\ud800"])
def test_texts_of_conditions_and_tags_can_be_seen_and_typed(odd: str) -> None:
    assert refusal(read_book, {"promotions": [{"id": "p", "when": {"coupons": ["ok", odd]}}]}) == (
        "invalid_value",
        "/promotions/0/when/coupons/1",
    )
    rule = {"kind": "percent_off", "percent": "0.1", "select": {"tags": [odd]}}
    assert refusal(read_book, {"promotions": [{"id": "p", "rule": rule}]}) == (
        "invalid_value",
        "/promotions/0/rule/select/tags/0",
    )
