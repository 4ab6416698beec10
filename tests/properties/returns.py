"""Properties of what follows a sale: refunds mirror it, steps of a refund add up, checks add up to the whole."""

from decimal import Decimal
from itertools import pairwise
from random import Random

from pos.pricing import cash, refunds, splitting, writing
from pos.pricing.types import PricedCart
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


def components_add_up_to_the_line(sale: Sale, random: Random) -> None:
    """Whole units and single components in any order: never more than the line, and in the end exactly it."""
    sold = priced(sale)
    for line in writing.result_document(sold)["lines"]:
        if not line["parts"]:
            continue
        total_left, tax_left = line["total_minor"], line["tax_minor"]
        taxes_left = [tax["tax_minor"] for tax in line["taxes"]]
        for row in in_steps_of_components(sold, line, random):
            assert 0 <= -row["total_minor"] <= total_left
            total_left, tax_left = total_left + row["total_minor"], tax_left + row["tax_minor"]
            for place, tax in enumerate(row["taxes"]):
                assert 0 <= -tax["tax_minor"] <= taxes_left[place]
                taxes_left[place] += tax["tax_minor"]
        assert (total_left, tax_left, set(taxes_left) - {0}) == (0, 0, set())


def in_steps_of_components(sold: PricedCart, line: Json, random: Random) -> list[Json]:
    """What each step gives back when some of a line goes as whole units and the rest slot by slot."""
    name, quantity = line["id"], Decimal(line["quantity"])
    together = step_of(line["quantity"], random.randrange(11))
    slots = sorted({part["slot_id"] for part in line["parts"]})
    pieces = [("", piece) for piece in cut(together, random)]
    pieces += [(slot, piece) for slot in slots for piece in cut(quantity - together, random)]
    random.shuffle(pieces)
    whole_before, before, rows = Decimal(0), dict.fromkeys(slots, Decimal(0)), []
    for slot, piece in pieces:
        part = refunds.refund(
            priced=sold,
            quantities={} if slot else {name: piece},
            before={name: whole_before},
            components={name: {slot: piece}} if slot else {},
            components_before={name: before},
        )
        rows += writing.refund_document(part)["lines"]
        if slot:
            before = {**before, slot: before[slot] + piece}
        else:
            whole_before += piece
    return rows


def cut(quantity: Decimal, random: Random) -> list[Decimal]:
    """A quantity in one piece or two; nothing in none."""
    first = step_of(str(quantity), random.randrange(11))
    return [piece for piece in (first, quantity - first) if piece]


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
