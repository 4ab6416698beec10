"""Properties of one priced cart: its numbers add up, its discounts fall where they say, tips are apart."""

from random import Random

from tests.properties.till import Sale, result
from tests.properties.whens import Json

FREE = {"id": "free", "name": "On the house", "percent": "1"}


def levels_add_up(sale: Sale, random: Random) -> None:
    """Net and tax make the total on every level, and every level adds up to the next."""
    document = result(sale)
    rows = document["lines"] + document["service_charges"]
    for row in [*rows, *(part for line in document["lines"] for part in line["parts"])]:
        assert row["net_minor"] + row["tax_minor"] == row["total_minor"]
        assert min(row["net_minor"], row["tax_minor"]) >= 0
    for line in document["lines"]:
        assert sum(tax["tax_minor"] for tax in line["taxes"]) == line["tax_minor"]
        for name in ("base_minor", "discount_minor", "net_minor", "tax_minor"):
            assert not line["parts"] or sum(part[name] for part in line["parts"]) == line[name]
    assert sum(row["net_minor"] for row in rows) == document["subtotal_minor"]
    assert sum(row["tax_minor"] for row in rows) == document["tax_minor"]
    assert sum(tax["tax_minor"] for tax in document["taxes"]) == document["tax_minor"]
    assert document["subtotal_minor"] + document["tax_minor"] == document["total_minor"]
    assert document["total_minor"] + document["tip_minor"] == document["payable_minor"]
    assert sum(row["net_minor"] for row in document["sales"]) == sum(
        line["net_minor"] for line in document["lines"]
    )


def allocations_make_the_discount(sale: Sale, random: Random) -> None:
    """What a discount is worth is what falls on the lines, and a line's discount is what fell on it."""
    document = result(sale)
    fell = {line["id"]: 0 for line in document["lines"]}
    for discount in document["discounts"]:
        shares = discount["allocations"]
        assert sum(share["amount_minor"] for share in shares) == discount["amount_minor"]
        assert all(share["amount_minor"] > 0 for share in shares)
        for share in shares:
            fell[share["line_id"]] += share["amount_minor"]
    for line in document["lines"]:
        assert fell[line["id"]] == line["discount_minor"]
        assert line["base_minor"] - line["discount_minor"] == line["amount_minor"] >= 0


def discounts_are_worth_what_they_say(sale: Sale, random: Random) -> None:
    """An amount off the order is that amount, as far as there is anything left to take it off."""
    left = result(sale._replace(cart={**sale.cart, "discounts": []}))
    before = sum(line["amount_minor"] for line in left["lines"])
    amount = random.choice([1, 7, 100, 999, before])
    coupon = {"id": "coupon", "name": "Coupon", "amount_minor": amount}
    document = result(sale._replace(cart={**sale.cart, "discounts": [coupon]}))
    assert sum(line["amount_minor"] for line in document["lines"]) == max(0, before - amount)


def everything_off_is_free(sale: Sale, random: Random) -> None:
    """100 % off costs nothing and is taxed with nothing, given by line, by order, or by promotion."""
    charges = [charge for charge in sale.book["service_charges"] if charge.get("percent") is not None]
    book = {**sale.book, "service_charges": charges}
    by_line = [{**line, "discounts": [FREE]} for line in sale.cart["lines"]]
    free: list[Sale] = [
        sale._replace(book=book, cart={**sale.cart, "lines": by_line}),
        sale._replace(book=book, cart={**sale.cart, "discounts": [FREE]}),
        sale._replace(book={**book, "promotions": [free_for_all()]}),
    ]
    for one in free:
        document = result(one)
        assert (document["subtotal_minor"], document["tax_minor"], document["total_minor"]) == (0, 0, 0)
        assert all(line["amount_minor"] == line["total_minor"] == 0 for line in document["lines"])
        assert document["payable_minor"] == document["tip_minor"]


def free_for_all() -> Json:
    """A promotion that takes everything off everything."""
    rule = {"kind": "percent_off", "select": {"all": True}, "percent": "1"}
    limits = {
        "group": None,
        "exclusive": False,
        "cap_minor": None,
        "max_applications": None,
        "excluded": None,
    }
    return {"id": "free", "name": "Free", "priority": -1, "when": {}, "rule": rule, **limits}


def a_tip_is_apart(sale: Sale, random: Random) -> None:
    """A tip changes what is paid, and no price, tax, charge or total."""
    without, tip = result(sale._replace(cart={**sale.cart, "tip_minor": 0})), random.randrange(1, 5000)
    tipped = result(sale._replace(cart={**sale.cart, "tip_minor": tip}))
    assert tipped["payable_minor"] == without["payable_minor"] + tip
    apart = ("tip_minor", "payable_minor", "digest")
    assert {name: value for name, value in tipped.items() if name not in apart} == {
        name: value for name, value in without.items() if name not in apart
    }
