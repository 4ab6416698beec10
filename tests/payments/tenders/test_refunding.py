"""How money goes back, with the numbers of `docs/algorithms/refunds.md`."""

from uuid import UUID

import pytest

from payments.tenders.references import holds_card_number, is_last4
from payments.tenders.refunding import (
    MoreThanPaid,
    Paid,
    Way,
    after_parts,
    give_back,
    original_ways,
)
from pos.pricing.cash import cash_rounding


def key(number: int) -> UUID:
    return UUID(int=number)


def paid(number: int, kind: str, amount: int, handed: int | None = None) -> Paid:
    return Paid(
        id=key(number),
        tender_type=kind,
        kind=kind,
        amount_minor=amount,
        handed_minor=amount if handed is None else handed,
    )


def coins(due: int) -> int:
    return cash_rounding(due_minor=due, increment=5).rounded_minor


def test_parts_of_a_rounded_payment_come_to_the_coins_that_were_taken() -> None:
    payments = [paid(1, "cash", 1232, 1230)]
    given = []
    for amount in (500, 333, 399):
        ways = original_ways(amount_minor=amount, paid=payments)
        parts = give_back(amount_minor=amount, paid=payments, ways=ways, round_cash=coins)
        given += [(part.given_minor, part.rounding_minor) for part in parts]
        payments = after_parts(paid=payments, parts=parts)
    assert given == [(500, 0), (335, -2), (395, 4)]


def test_a_card_that_is_given_back_in_cash_is_rounded_like_any_cash() -> None:
    way = Way(tender_type="cash", kind="cash", amount_minor=None)
    (part,) = give_back(amount_minor=1232, paid=[paid(1, "card", 1232)], ways=[way], round_cash=coins)
    assert (part.given_minor, part.rounding_minor) == (1230, 2)


def test_cash_that_goes_to_a_card_gives_what_was_kept_of_it() -> None:
    way = Way(tender_type="card", kind="card", amount_minor=None)
    (part,) = give_back(amount_minor=1232, paid=[paid(1, "cash", 1232, 1230)], ways=[way], round_cash=coins)
    assert part.given_minor == 1230


def test_the_way_that_is_named_takes_from_its_own_payments_first() -> None:
    payments = [paid(1, "cash", 100), paid(2, "card", 100), paid(3, "voucher", 100)]
    ways = [
        Way(tender_type="cash", kind="cash", amount_minor=150),
        Way(tender_type="card", kind="card", amount_minor=None),
    ]
    parts = give_back(amount_minor=200, paid=payments, ways=ways, round_cash=int)
    assert [(part.payment.id, part.way, part.amount_minor) for part in parts] == [
        (key(1), 0, 100),
        (key(3), 0, 50),
        (key(2), 1, 50),
    ]


@pytest.mark.parametrize("amount", [101, 1000])
def test_no_more_goes_back_than_was_paid(amount: int) -> None:
    payments = [paid(1, "card", 100)]
    with pytest.raises(MoreThanPaid):
        original_ways(amount_minor=amount, paid=payments)
    way = Way(tender_type="card", kind="card", amount_minor=None)
    with pytest.raises(MoreThanPaid):
        give_back(amount_minor=amount, paid=payments, ways=[way], round_cash=int)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("4111111111111111", True),
        ("4111-1111 1111.1111", True),
        ("ref 4111111111111111 ok", True),
        ("12-4111111111111111", True),
        ("378282246310005", True),
        ("00004111111111111111000000", True),
        ("4111111111111112", False),
        ("123456789012", False),
        ("2026-11-22 23:10", False),
        ("AUTH 004711 TERM 12", False),
        ("", False),
    ],
    ids=[
        "plain",
        "spaced",
        "inside",
        "behind",
        "amex",
        "long",
        "checked",
        "rrn",
        "time",
        "slip",
        "empty",
    ],
)
def test_what_could_be_the_number_of_a_card(text: str, found: bool) -> None:
    assert holds_card_number(text) is found


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("4242", True), ("", True), ("424", False), ("42a2", False), ("٤٢٤٢", False)],
    ids=["four", "none", "three", "letter", "arabic"],
)
def test_last_four_digits(text: str, is_one: bool) -> None:
    assert is_last4(text) is is_one


@pytest.mark.parametrize(
    "text",
    [
        "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢",
        "４２４２ ４２４２ ４２４２ ４２４２",
        "4242–4242–4242–4242",
        "4242\u200b4242\u00a042424242",
    ],
    ids=["arabic", "wide", "dashes", "unseen"],
)
def test_the_number_of_a_card_is_one_in_every_script(text: str) -> None:
    assert holds_card_number(text)
