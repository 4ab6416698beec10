"""`refund(sale) == -sale`, for all carts, in any number of steps; and the mistakes these properties must notice."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.tenders import refunding
from pos.orders import refund_shares, refund_transfers
from pos.orders.refund_shares import Amounts, Back
from pos.pricing.arithmetic import half_up
from tests.properties import givebacks
from tests.properties.orders import sales
from tests.properties.pool import pool
from tests.properties.profiles import examples
from tests.properties.till import Sale

Property = Callable[[Sale, Random], None]

PROPERTIES: list[Property] = [
    givebacks.everything_back_is_the_sale_negated,
    givebacks.no_step_gives_back_too_much,
    givebacks.lines_go_back_as_pricing_says,
    givebacks.bases_add_up_to_the_net,
    givebacks.money_goes_back_as_it_was_handed_over,
    givebacks.cash_never_goes_first,
]


def holds_for_the_crowd(holds: Property) -> None:
    """The property, on every sale of the pool."""
    for number, sale in enumerate(pool()):
        holds(sale, Random(number))


@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda holds: holds.__name__)
@examples(60)
@given(sale=sales(), seed=st.integers(0, 2**32))
def test_it_holds_for_every_sale(holds: Property, sale: Sale, seed: int) -> None:
    holds(sale, Random(seed))


@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda holds: holds.__name__)
def test_it_holds_for_the_crowd(holds: Property) -> None:
    holds_for_the_crowd(holds)


def _shares_forget_steps(right: Any) -> Any:
    """Each step shares out the whole line anew."""

    def wrong(line: Any, history: Any, quantity: Decimal) -> Amounts:
        return refund_shares.shared(line.amounts, Fraction(quantity) / Fraction(line.quantity))

    return wrong


def _shares_rounded_down(right: Any) -> Any:
    return lambda numerator, denominator: numerator // denominator


def _charges_kept(right: Any) -> Any:
    return lambda *_args: Amounts()


def _goodwill_forgotten(right: Any) -> Any:
    """Money without goods does not make what is left of the lines less."""

    def wrong(self: Any, *, goods: Back, goodwill: Back | None = None) -> Any:
        return right(self, goods=goods)

    return wrong


def _taxes_stay(right: Any) -> Any:
    def wrong(amounts: Amounts, part: Fraction) -> Amounts:
        made: Amounts = right(amounts, part)
        return replace(made, taxes={})

    return wrong


def _bases_by_themselves(right: Any) -> Any:
    """Each base is rounded as if there were no net."""

    def wrong(amounts: Amounts, net_minor: int, part: Fraction) -> dict[Any, int]:
        return {
            key: half_up(each.net_minor * part.numerator, part.denominator)
            for key, each in amounts.taxes.items()
        }

    return wrong


def _first_class_takes_all(right: Any) -> Any:
    def wrong(nets: Mapping[str, int], net_minor: int) -> dict[str, int]:
        return {next(iter(nets), "standard"): net_minor}

    return wrong


def _cash_as_it_is(right: Any) -> Any:
    """What is given back of a rounded payment is what it paid, not what was handed over."""

    def wrong(payment: Any, number: int, way: Any, amount_minor: int, round_cash: Any) -> Any:
        return replace(right(payment, number, way, amount_minor, round_cash), given_minor=amount_minor)

    return wrong


def _coins_always_rounded(right: Any) -> Any:
    """The last part is rounded as any other, although all of the coins have to come back."""

    def wrong(payment: Any, number: int, way: Any, amount_minor: int, round_cash: Any) -> Any:
        made = right(payment, number, way, amount_minor, round_cash)
        return replace(made, given_minor=round_cash(amount_minor) if way.kind == "cash" else amount_minor)

    return wrong


def _cash_first(right: Any) -> Any:
    def wrong(*, amount_minor: int, paid: Any) -> Any:
        return sorted(right(amount_minor=amount_minor, paid=paid), key=lambda way: way.kind != "cash")

    return wrong


def _oldest_first(right: Any) -> Any:
    return lambda paid, way: right(paid, way)[::-1]


def _rounding_lost(right: Any) -> Any:
    def wrong(**said: Any) -> Any:
        return [move for move in right(**said) if move.kind != "rounding"]

    return wrong


def _tip_kept(right: Any) -> Any:
    return lambda **said: right(**{**said, "tip_minor": 0})


CAUGHT: list[tuple[Property, Any, str, Callable[[Any], Any]]] = [
    (givebacks.everything_back_is_the_sale_negated, refund_shares, "_line_refund", _shares_forget_steps),
    (givebacks.lines_go_back_as_pricing_says, refund_shares, "half_up", _shares_rounded_down),
    (givebacks.everything_back_is_the_sale_negated, refund_shares, "_charges_refund", _charges_kept),
    (givebacks.everything_back_is_the_sale_negated, refund_shares.History, "after", _goodwill_forgotten),
    (givebacks.no_step_gives_back_too_much, refund_shares.History, "after", _goodwill_forgotten),
    (givebacks.everything_back_is_the_sale_negated, refund_shares, "shared", _taxes_stay),
    (givebacks.bases_add_up_to_the_net, refund_shares, "_bases", _bases_by_themselves),
    (givebacks.everything_back_is_the_sale_negated, refund_shares, "_nets", _first_class_takes_all),
    (givebacks.everything_back_is_the_sale_negated, refund_transfers, "refund_moves", _tip_kept),
    (givebacks.money_goes_back_as_it_was_handed_over, refunding, "_part", _cash_as_it_is),
    (givebacks.money_goes_back_as_it_was_handed_over, refunding, "_part", _coins_always_rounded),
    (givebacks.money_goes_back_as_it_was_handed_over, refund_transfers, "refund_moves", _rounding_lost),
    (givebacks.cash_never_goes_first, refunding, "original_ways", _cash_first),
    (givebacks.cash_never_goes_first, refunding, "_order", _oldest_first),
]


@pytest.mark.parametrize(
    ("holds", "place", "name", "mistake"),
    CAUGHT,
    ids=[f"{holds.__name__}-{mistake.__name__.strip('_')}" for holds, _, _, mistake in CAUGHT],
)
def test_a_mistake_is_noticed(
    holds: Property, place: Any, name: str, mistake: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, name, mistake(getattr(place, name)))
    with pytest.raises((AssertionError, refund_shares.MoreThanSold, refunding.MoreThanPaid)):
        holds_for_the_crowd(holds)
