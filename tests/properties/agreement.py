"""The engine's answer beside the reference's: sale, refund, split and cash rounding of one random sale."""

from decimal import Decimal
from random import Random
from typing import Any

from pos.pricing import cash, refunds, splitting, writing
from tests.pricing_reference.cases import differences
from tests.pricing_reference.cash import cash_rounding
from tests.pricing_reference.price import price
from tests.pricing_reference.refunds import refund
from tests.pricing_reference.splitting import split_check, split_evenly
from tests.properties.till import Sale, priced, result
from tests.properties.whens import Json


def prices_agree(sale: Sale, random: Random) -> None:
    """The whole result document, digest included."""
    assert result(sale) == price(cart=sale.cart, context=sale.context, book=sale.book)


def refunds_agree(sale: Sale, random: Random) -> None:
    """Some of some lines, after some was given back before."""
    sold = priced(sale)
    before, now = {}, {}
    for line in writing.result_document(sold)["lines"]:
        tenths = sorted(random.choices(range(11), k=2))
        first, second = (step_of(line["quantity"], tenth) for tenth in tenths)
        if first > 0 and random.random() < 0.7:
            before[line["id"]] = first
        given = before.get(line["id"], Decimal(0))
        if second > given and random.random() < 0.8:
            now[line["id"]] = second - given
    alone = {
        line["id"]: some_components(line, [before.get(line["id"], 0), now.get(line["id"], 0)], random)
        for line in writing.result_document(sold)["lines"]
    }
    options: dict[str, Any] = {
        "components": {name: slots for name, (_, slots) in alone.items()},
        "components_before": {name: slots for name, (slots, _) in alone.items()},
        "charges": random.random() < 0.5,
        "tip": random.random() < 0.5,
    }
    ours = refunds.refund(priced=sold, quantities=now, before=before, **options)
    theirs = refund(writing.result_document(sold), now, before, **options)
    assert differences(theirs, writing.refund_document(ours)) == []


Slots = dict[str, Decimal]


def some_components(line: Json, whole_units: list[Any], random: Random) -> tuple[Slots, Slots]:
    """Of some slots of a line: units given back before and now, out of what whole units leave."""
    left = Decimal(line["quantity"]) - sum(whole_units)
    before, now = {}, {}
    for slot in sorted({part["slot_id"] for part in line["parts"]}):
        first, second = (step_of(str(left), tenth) for tenth in sorted(random.choices(range(11), k=2)))
        before[slot] = first
        if second > first and random.random() < 0.7:
            now[slot] = second - first
    return before, now


def step_of(quantity: str, tenth: int) -> Decimal:
    """Some of a quantity: whole pieces where it is whole, six decimal places at most."""
    whole = Decimal(quantity)
    if whole == whole.to_integral_value():
        return Decimal(int(whole) * tenth // 10)
    return Decimal(int(whole * 10**6) * tenth // 10) / 10**6


def splits_agree(sale: Sale, random: Random) -> None:
    """By random weights for every line, and evenly."""
    sold = priced(sale)
    document = writing.result_document(sold)
    checks = random.randrange(1, 5)
    shares = {line["id"]: some_weights(random, checks) for line in document["lines"]}
    ours = splitting.split_check(priced=sold, shares=shares, checks=checks)
    assert differences(split_check(document, shares, checks), numbers_of(ours)) == []
    even = splitting.split_evenly(priced=sold, ways=checks)
    assert differences(split_evenly(document, checks), numbers_of(even)) == []


def some_weights(random: Random, checks: int) -> list[int]:
    """Weights of which one at least is above zero."""
    weights = [random.choice([0, 0, 1, 2, 3]) for _ in range(checks)]
    weights[random.randrange(checks)] += 1
    return weights


def numbers_of(checks: tuple[splitting.Check, ...]) -> list[Json]:
    """Checks as documents."""
    documents: list[Json] = writing.checks_document(checks)["checks"]
    return documents


def cash_agrees(sale: Sale, random: Random) -> None:
    """Any amount, taken or given back, to any coin."""
    due, increment = random.randrange(-5000, 5000), random.choice([1, 5, 10, 50, 100])
    ours = cash.cash_rounding(due_minor=due, increment=increment)
    expected = cash_rounding(due_minor=due, increment=increment)
    assert tuple(ours) == (expected["rounded_minor"], expected["difference_minor"])
