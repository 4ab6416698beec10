"""Random carts for a random book, and the three documents of a sale together."""

from hypothesis import strategies as st

from tests.properties.books import books, prices
from tests.properties.offers import PERCENTS, amounts
from tests.properties.till import Sale
from tests.properties.whens import CURRENCIES, Json, contexts

WEIGHTS = ["0.5", "0.335", "1.005", "2.675", "0.000001", "1.250", "3.50"]

SHAPES: list[list[list[str]]] = [
    [],
    [],
    [],
    [["no-bun"]],
    [["cheese"]],
    [["cheese", "aged"]],
    [["cheese", "aged", "thick"]],
    [["no-bun"], ["cheese", "aged"]],
    [["cheese"], ["no-bun"]],
    [["thick"]],
]
"""Modifiers of a line: each inner list is one with the next on it."""


@st.composite
def sales(draw: st.DrawFn) -> Sale:
    """A cart, its context and its book."""
    currency = draw(st.sampled_from(sorted(CURRENCIES)))
    book = draw(books(currency))
    sale = Sale(cart=draw(carts(currency, book)), context=draw(contexts(currency)), book=book)
    return short(sale) if draw(st.booleans()) else sale


def short(sale: Sale) -> Sale:
    """The same sale with what is null or empty left out of the lines and the context."""
    lines = [stated(line) for line in sale.cart["lines"]]
    return sale._replace(cart={**sale.cart, "lines": lines}, context=stated(sale.context))


def stated(document: Json) -> Json:
    """The members that say something."""
    return {name: value for name, value in document.items() if value is not None and value != []}


@st.composite
def carts(draw: st.DrawFn, currency: str, book: Json) -> Json:
    """One to five lines and sometimes a copy of the first; ids go against the order of the lines."""
    lines = [draw(cart_lines(currency, book)) for _ in range(draw(st.integers(1, 4)))]
    lines += [dict(lines[0]) for _ in range(draw(st.sampled_from([0, 0, 1, 2])))]
    names = draw(st.permutations([f"line-{number}" for number in range(len(lines))]))
    return {
        "lines": [{**line, "id": name} for line, name in zip(lines, names, strict=True)],
        "discounts": draw(discounts(currency, "order")),
        "tip_minor": draw(st.sampled_from([0, 0, 250])),
        "waived_charges": draw(st.sampled_from([[], [], ["charge-a"]])),
    }


@st.composite
def cart_lines(draw: st.DrawFn, currency: str, book: Json) -> Json:
    """A line of any variant: counted or weighed, sometimes with a price of its own, modifiers, discounts."""
    item = draw(st.sampled_from(book["items"]))
    line: Json = {
        "variant_id": draw(st.sampled_from(item["variants"]))["id"],
        "quantity": draw(quantities()),
        "unit_price_minor": draw(st.one_of(st.none(), st.none(), st.none(), prices(currency))),
        "amount_minor": draw(st.one_of(st.none(), st.none(), st.none(), prices(currency))),
        "order_type": draw(st.sampled_from([None, None, "take_away", "dine_in"])),
        "modifiers": draw(modifiers()),
        "components": [],
        "discounts": draw(discounts(currency, "line")),
    }
    if item["combo"] and draw(st.sampled_from([True, True, True, False])):
        line["components"] = [
            {
                "slot_id": draw(st.sampled_from([slot["id"]] * 6 + ["elsewhere", "main"])),
                "variant_id": draw(st.sampled_from(slot["choices"]))["variant_id"],
                "modifiers": draw(modifiers()),
            }
            for slot in item["combo"]["slots"]
        ]
    return line


def quantities() -> st.SearchStrategy[str]:
    """Mostly a few pieces; sometimes a weight."""
    pieces = st.integers(1, 7).map(str)
    return st.one_of(pieces, pieces, st.sampled_from(WEIGHTS))


@st.composite
def modifiers(draw: st.DrawFn) -> list[Json]:
    """Nothing, or one or two of: without, with, with more on it, or a third-level one where it is not offered."""
    shapes = draw(st.sampled_from(SHAPES))
    return [draw(nested(names)) for names in shapes]


@st.composite
def nested(draw: st.DrawFn, names: list[str]) -> Json:
    """The first of them with the others on it."""
    below = [draw(nested(names[1:]))] if names[1:] else []
    return {"modifier_id": names[0], "quantity": draw(st.integers(1, 3)), "modifiers": below}


@st.composite
def discounts(draw: st.DrawFn, currency: str, kind: str) -> list[Json]:
    """Up to two discounts, percentages or amounts."""
    return [
        {"id": f"{kind}-discount-{number}", "name": f"{kind} {number}", **draw(discount_offers(currency))}
        for number in range(draw(st.sampled_from([0, 0, 0, 1, 2])))
    ]


@st.composite
def discount_offers(draw: st.DrawFn, currency: str) -> Json:
    """A percentage or an amount off."""
    if draw(st.booleans()):
        return {"percent": draw(st.sampled_from(PERCENTS))}
    return {"amount_minor": draw(amounts(currency))}
