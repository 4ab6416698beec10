"""Properties of what follows a sale: refunds mirror it, steps of a refund add up, checks add up to the whole."""

from decimal import Decimal
from itertools import pairwise
from random import Random

from pos.pricing import cash, refunds, splitting, writing
from tests.properties.agreement import numbers_of, some_weights, step_of
from tests.properties.till import Sale, priced, whole
from tests.properties.whens import Json

NUMBERS = ("subtotal_minor", "tax_minor", "total_minor", "tip_minor", "payable_minor")
OF_A_ROW = ("net_minor", "tax_minor", "total_minor")


def a_full_refund_is_the_sale_negated(sale: Sale, random: Random) -> None:
    """Every number of a full refund is the sale's with the other sign, and so is what is paid in cash."""
    sold = priced(sale)
    document, back = writing.result_document(sold), writing.refund_document(refunds.full_refund(sold))
    assert [back[name] for name in NUMBERS] == [-document[name] for name in NUMBERS]
    for rows in ("lines", "service_charges"):
        for given, taken in zip(back[rows], document[rows], strict=True):
            assert given["id"] == taken["id"]
            assert [given[name] for name in OF_A_ROW] == [-taken[name] for name in OF_A_ROW]
    for given, taken in zip(back["lines"], document["lines"], strict=True):
        assert [(tax["code"], tax["tax_minor"]) for tax in given["taxes"]] == [
            (tax["code"], -tax["tax_minor"]) for tax in taken["taxes"]
        ]
    increment, due = random.choice([1, 5, 10, 50, 100]), document["payable_minor"]
    assert cash.cash_rounding(due_minor=-due, increment=increment) == tuple(
        -number for number in cash.cash_rounding(due_minor=due, increment=increment)
    )


def refunds_in_steps_add_up(sale: Sale, random: Random) -> None:
    """Given back piece by piece, in any order, every number adds up to that of giving it all back at once."""
    sold = priced(sale)
    document = writing.result_document(sold)
    steps = random_steps(whole(document), random)
    with_charges = random.randrange(len(steps))
    before: dict[str, Decimal] = {}
    given: list[Json] = []
    for number, (line_id, quantity) in enumerate(steps):
        last = number == with_charges
        part = refunds.refund(
            priced=sold, quantities={line_id: quantity}, before=before, charges=last, tip=last
        )
        given.append(writing.refund_document(part))
        before[line_id] = before.get(line_id, Decimal(0)) + quantity
    everything = writing.refund_document(refunds.full_refund(sold))
    for name in NUMBERS:
        assert sum(part[name] for part in given) == everything[name]
    for line in everything["lines"]:
        of_line = [row for part in given for row in part["lines"] if row["id"] == line["id"]]
        for name in OF_A_ROW:
            assert sum(row[name] for row in of_line) == line[name]
        for place, tax in enumerate(line["taxes"]):
            assert sum(row["taxes"][place]["tax_minor"] for row in of_line) == tax["tax_minor"]


def random_steps(quantities: dict[str, Decimal], random: Random) -> list[tuple[str, Decimal]]:
    """Each line's quantity in up to three pieces, all pieces shuffled."""
    steps = []
    for line_id, quantity in quantities.items():
        cuts = sorted({step_of(str(quantity), random.randrange(1, 10)) for _ in range(2)} - {Decimal(0)})
        edges = [Decimal(0), *(cut for cut in cuts if cut < quantity), quantity]
        steps += [(line_id, after - before) for before, after in pairwise(edges)]
    random.shuffle(steps)
    return steps


def checks_add_up_to_the_whole(sale: Sale, random: Random) -> None:
    """Split by weights or evenly, the checks add up to the sale; even ones differ by one unit at most."""
    sold = priced(sale)
    document = writing.result_document(sold)
    ways = random.randrange(1, 6)
    shares = {line["id"]: some_weights(random, ways) for line in document["lines"]}
    by_weight = numbers_of(splitting.split_check(priced=sold, shares=shares, checks=ways))
    evenly = numbers_of(splitting.split_evenly(priced=sold, ways=ways))
    for checks in (by_weight, evenly):
        assert len(checks) == ways
        for name in NUMBERS:
            assert sum(check[name] for check in checks) == document[name]
    for name in ("subtotal_minor", "tax_minor", "total_minor", "tip_minor"):
        assert max(check[name] for check in evenly) - min(check[name] for check in evenly) <= 1
