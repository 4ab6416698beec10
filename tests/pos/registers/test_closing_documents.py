"""The arithmetic of X and Z documents, of pieces, and of amounts taken out."""

import pytest

from pos.registers.blind import without_amounts
from pos.registers.closing_documents import digest_of, gaps, series, taxes_of, told
from pos.registers.denominations import (
    DENOMINATIONS,
    Pieces,
    UnknownDenomination,
    denominations,
    sum_of_pieces,
)
from pos.registers.moving import movement_posting, signed_amount


def test_missing_numbers_become_ranges() -> None:
    assert gaps([9, 3, 5, 4]) == [(3, 5), (9, 9)]
    assert gaps([]) == []
    assert series(after=4, to=9, missing=[6, 7]) == {
        "first": 5,
        "last": 9,
        "counter": 9,
        "count": 3,
        "gaps": [[6, 7]],
    }
    assert series(after=9, to=9) == {"first": None, "last": None, "counter": 9, "count": 0, "gaps": []}


def test_taxes_of_sales_and_of_refunds_stand_side_by_side() -> None:
    sold = [
        {"code": "std", "name": "VAT", "rate": "0.19", "inclusive": True, "net_minor": 84, "tax_minor": 16}
    ]
    back = [
        [
            {
                "code": "std",
                "name": "VAT",
                "rate": "0.190000",
                "inclusive": True,
                "net_minor": 42,
                "tax_minor": 8,
            }
        ]
    ]
    assert taxes_of(sold=sold, refunds=back) == [
        {
            "code": "std",
            "name": "VAT",
            "rate": "0.19",
            "inclusive": True,
            "net_minor": 84,
            "tax_minor": 16,
            "refunded_net_minor": 42,
            "refunded_tax_minor": 8,
        }
    ]


def test_amounts_become_money_and_pieces_stay_numbers() -> None:
    document = {"sales": {"count": 2, "total_minor": 940}, "cash": None, "rows": [{"tip_minor": None}]}
    assert told(document, currency="EUR") == {
        "sales": {"count": 2, "total": {"amount_minor": 940, "currency": "EUR"}},
        "cash": None,
        "rows": [{"tip": None}],
    }
    assert without_amounts(document) == {
        "sales": {"count": 2, "total_minor": None},
        "cash": None,
        "rows": [{"tip_minor": None}],
    }


def test_the_digest_does_not_depend_on_the_order_of_members() -> None:
    assert digest_of({"a": 1, "ä": [2]}) == digest_of({"ä": [2], "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})


def test_pieces_come_to_their_sum() -> None:
    pieces = [Pieces(value_minor=2000, count=3), Pieces(value_minor=5, count=7)]
    assert sum_of_pieces(pieces, known=DENOMINATIONS["EUR"], pointer="/denominations") == 6035
    with pytest.raises(UnknownDenomination) as caught:
        sum_of_pieces([*pieces, pieces[0]], known=DENOMINATIONS["EUR"], pointer="/denominations")
    assert [problem.pointer for problem in caught.value.errors] == ["/denominations/2/value_minor"]
    assert sum_of_pieces([Pieces(value_minor=3, count=2)], known=(), pointer="") == 6


def test_a_merchant_may_count_by_other_pieces() -> None:
    assert denominations(currency="EUR", stated=(500, 1000, 500)) == (1000, 500)
    assert denominations(currency="XAF") == ()


@pytest.mark.parametrize("currency", sorted(DENOMINATIONS))
def test_pieces_of_a_currency_are_told_largest_first(currency: str) -> None:
    pieces = DENOMINATIONS[currency]
    assert list(pieces) == sorted(set(pieces), reverse=True)
    assert pieces[-1] > 0


def test_movements_say_which_way_money_goes() -> None:
    assert (signed_amount(kind="drop", amount_minor=5), signed_amount(kind="paid_in", amount_minor=5)) == (
        -5,
        5,
    )
    assert (signed_amount(kind="no_sale", amount_minor=0), signed_amount(kind="no_sale", amount_minor=1)) == (
        0,
        None,
    )
    assert (
        signed_amount(kind="correction", amount_minor=-3),
        signed_amount(kind="drop", amount_minor=-3),
    ) == (
        -3,
        None,
    )
    assert movement_posting(kind="no_sale", signed_minor=0) is None
