"""Properties of an explanation: its effects make the total, step by step, and say what the result says."""

from random import Random

from pos.pricing import explaining, writing
from tests.properties.till import Sale, priced
from tests.properties.whens import Json


def effects_make_the_total(sale: Sale, random: Random) -> None:
    """The signed effects of the steps add up to each line's total and to what is paid, and so does every step."""
    sold = priced(sale)
    document, told = writing.result_document(sold), explaining.explain(sold)
    for line, lines_steps in zip(document["lines"], told["lines"], strict=True):
        assert lines_steps["id"] == line["id"]
        assert running_total(lines_steps["steps"]) == lines_steps["total_minor"] == line["total_minor"]
        assert effect_of(lines_steps, "discount", "promotion", "order_discount") == -line["discount_minor"]
        added = sum(tax["tax_minor"] for tax in line["taxes"] if not tax["inclusive"])
        assert effect_of(lines_steps, "tax") == added
    assert running_total(told["steps"]) == told["payable_minor"] == document["payable_minor"]
    assert told["total_minor"] == document["total_minor"]
    assert effect_of(told, "lines") == sum(line["total_minor"] for line in document["lines"])
    assert effect_of(told, "service_charge") == sum(
        charge["total_minor"] for charge in document["service_charges"]
    )


def running_total(steps: list[Json]) -> int:
    """The sum of all effects; each step says what there is after it."""
    total = 0
    for step in steps:
        total += step["amount_minor"]
        assert step["after_minor"] == total
    return total


def effect_of(told: Json, *names: str) -> int:
    """The effects of some kinds of steps."""
    return sum(int(step["amount_minor"]) for step in told["steps"] if step["step"] in names)
