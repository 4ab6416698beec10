"""What pricing costs in CPU time: carts of 5, 50 and 500 lines, and a cart as a café rings it up.

.venv/bin/python -m benchmarks.pricing

The floor is what no engine that ends in a digest gets below in this language: for every line one multiplication
and one rounded division for its amount and each of its taxes, the numbers as JSON, and one SHA-256.
"""

import argparse
import hashlib
import json
import time
from collections.abc import Callable
from typing import Any

from benchmarks.report import machine, print_machine, spread, write_raw
from pos.pricing.engine import price_cart
from pos.pricing.reading import read_book, read_cart, read_context
from pos.pricing.types import Cart, Context
from pos.pricing.writing import result_document

VAT = {"inclusive": True, "components": [{"code": "vat", "name": "VAT", "rate": "0.19"}]}
REDUCED = {"inclusive": True, "components": [{"code": "vat", "name": "VAT", "rate": "0.07"}]}
CONTEXT = {"currency": "EUR", "at": "2026-11-20T18:05", "order_type": "take_away", "location_id": "downtown"}
VARIANTS = 400


def book_document() -> dict[str, Any]:
    """A café's book: two tax classes, one of which depends on the order type, modifiers, two promotions."""
    return {
        "tax_classes": [
            {"code": "standard", "rules": [VAT]},
            {"code": "food", "rules": [{"when": {"order_types": ["dine_in"]}, **VAT}, REDUCED]},
        ],
        "categories": [{"id": "drinks"}, {"id": "coffee", "parent_id": "drinks"}, {"id": "cakes"}],
        "modifier_groups": [
            {
                "id": "extras",
                "modifiers": [{"id": "oat", "price_minor": 50}, {"id": "shot", "price_minor": 80}],
            }
        ],
        "items": [_item(number) for number in range(VARIANTS)],
        "promotions": [
            {
                "id": "happy-hour",
                "priority": 1,
                "when": {"times": [["17:00", "19:00"]], "weekdays": [1, 2, 3, 4, 5]},
                "rule": {"kind": "percent_off", "select": {"categories": ["drinks"]}, "percent": "0.1"},
            },
            {
                "id": "three-for-two",
                "priority": 2,
                "rule": {"kind": "cheapest_free", "select": {"categories": ["cakes"]}, "n": 3},
            },
        ],
    }


def _item(number: int) -> dict[str, Any]:
    drink = number % 2 == 0
    return {
        "id": f"item-{number}",
        "category_id": "coffee" if drink else "cakes",
        "tax_class": "standard" if drink else "food",
        "modifier_groups": [{"group_id": "extras"}] if drink else [],
        "variants": [{"id": f"variant-{number}", "price_minor": 250 + 7 * number}],
    }


def cart_document(lines: int, *, modifiers: bool) -> dict[str, Any]:
    """`lines` lines of one to three units; drinks with two modifiers, or nobody wants any."""
    return {
        "lines": [
            {
                "id": f"line-{number}",
                "variant_id": f"variant-{number % VARIANTS}",
                "quantity": str(1 + number % 3),
                "modifiers": [{"modifier_id": "oat"}, {"modifier_id": "shot", "quantity": 2}]
                if modifiers and number % 2 == 0
                else [],
            }
            for number in range(lines)
        ]
    }


def floor(numbers: list[list[int]]) -> str:
    """The bare arithmetic, JSON and hash for lines of (quantity, price, taxes…)."""
    rows = []
    for quantity, price, *rates in numbers:
        amount = (2 * quantity * price + 1_000_000) // 2_000_000
        taxes = [(2 * amount * rate + 100 + rate) // (2 * (100 + rate)) for rate in rates]
        rows.append([quantity, price, amount, taxes, amount - sum(taxes)])
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def cpu_microseconds(call: Callable[[], object], *, rounds: int, seconds: float) -> list[float]:
    """CPU time per call of each round; a round runs for about `seconds`."""
    started = time.process_time()
    call()
    once = max(time.process_time() - started, 1e-5)
    number = max(1, int(seconds / once))
    samples = []
    for _ in range(rounds):
        started = time.process_time()
        for _ in range(number):
            call()
        samples.append((time.process_time() - started) / number * 1e6)
    return samples


def measure(name: str, document: dict[str, Any], rounds: int, seconds: float) -> dict[str, Any]:
    """Engine and floor in turns for one cart."""
    book, context = read_book(book_document()), read_context(CONTEXT)
    cart = read_cart(document)
    priced = price_cart(cart=cart, context=context, book=book)
    numbers = [
        [int(line.line.quantity) * 1_000_000, line.unit_price_minor, *[19 for _ in line.taxes]]
        for line in priced.lines
    ]

    def engine(cart: Cart = cart, context: Context = context) -> object:
        return price_cart(cart=cart, context=context, book=book)

    result: dict[str, Any] = {
        "cart": name,
        "lines": len(priced.lines),
        "discounts": len(priced.discounts),
        "tax_rates": len(priced.taxes),
        "total_minor": priced.total_minor,
        "engine_us": cpu_microseconds(engine, rounds=rounds, seconds=seconds),
        "floor_us": cpu_microseconds(lambda: floor(numbers), rounds=rounds, seconds=seconds),
        "document_us": cpu_microseconds(lambda: result_document(priced), rounds=rounds, seconds=seconds),
        "reading_us": cpu_microseconds(lambda: read_cart(document), rounds=rounds, seconds=seconds),
    }
    engine_us, floor_us = spread(result["engine_us"]), spread(result["floor_us"])
    print(
        f"{name:<34}{engine_us['p50']:>10.1f} µs {1e6 / engine_us['p50']:>9.0f} carts/s"
        f"   floor {floor_us['p50']:>8.1f} µs   {engine_us['p50'] / floor_us['p50']:>5.1f} ×"
        f"   (best {engine_us['min']:.1f}, worst {engine_us['max']:.1f})"
    )
    return result


def main() -> None:
    """Print the table and keep the samples."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=0.2, help="CPU seconds of one round")
    options = parser.parse_args()
    facts = machine()
    print_machine(facts)
    print("CPU time per cart, median of the rounds (engine version 2, digest included):")
    carts = [
        ("reference: 5 lines, all of it", cart_document(5, modifiers=True)),
        *[
            (f"{lines} lines without modifiers", cart_document(lines, modifiers=False))
            for lines in (5, 50, 500)
        ],
        *[(f"{lines} lines with modifiers", cart_document(lines, modifiers=True)) for lines in (50, 500)],
    ]
    results = [measure(name, document, options.rounds, options.seconds) for name, document in carts]
    print(f"raw samples: {write_raw('pricing', {'machine': facts, 'results': results})}")


if __name__ == "__main__":
    main()
