"""Random promotions of every kind and random service charges."""

from hypothesis import strategies as st

from tests.properties.whens import CURRENCIES, Json, whens

PERCENTS = ["0.1", "0.15", "0.333333", "0.25", "0.5", "0.5", "0.005", "1"]
SELECTORS: list[Json] = [
    {"all": True},
    {"all": True},
    {"categories": ["food"]},
    {"tags": ["hot"]},
    {"items": ["item-0", "item-1"]},
    {"variants": ["v0a", "v9a"], "tags": ["sale"]},
]
AMOUNT_KINDS = ["percent_off", "amount_off", "fixed_price", "threshold", "tiered"]
UNIT_KINDS = ["buy_get", "n_for_price", "cheapest_free", "bundle"]


def amounts(currency: str) -> st.SearchStrategy[int]:
    """Amounts to take off or to pay, of the currency's size."""
    usual = CURRENCIES[currency]
    return st.one_of(st.sampled_from(usual), st.integers(0, 2 * max(usual)))


def selectors() -> st.SearchStrategy[Json]:
    """Everything, or what a category, tag, item or variant means."""
    return st.sampled_from(SELECTORS)


@st.composite
def promotion_lists(draw: st.DrawFn, currency: str) -> list[Json]:
    """Up to three promotions; ids against the order of writing, priorities often equal."""
    names = ("promo-c", "promo-a", "promo-b")[: draw(st.sampled_from([0, 1, 2, 2, 3]))]
    return [draw(promotions(currency, name)) for name in names]


@st.composite
def promotions(draw: st.DrawFn, currency: str, name: str) -> Json:
    """One promotion with its limits."""
    return {
        "id": name,
        "name": name.title(),
        "priority": draw(st.integers(0, 1)),
        "group": draw(st.sampled_from([None, "happy", "happy", "loyal"])),
        "exclusive": draw(st.sampled_from([False, False, False, True])),
        "when": draw(whens(always=8)),
        "cap_minor": draw(st.sampled_from([None, None, None, 7, 100, 1000])),
        "max_applications": draw(st.sampled_from([None, None, 1, 2])),
        "excluded": draw(st.sampled_from([None, None, {"tags": ["sale"]}, {"categories": ["pastry"]}])),
        "rule": draw(rules(currency)),
    }


@st.composite
def rules(draw: st.DrawFn, currency: str) -> Json:
    """A rule of any kind."""
    kind = draw(st.sampled_from(AMOUNT_KINDS + UNIT_KINDS + UNIT_KINDS))
    if kind == "percent_off":
        return {"kind": kind, "select": draw(selectors()), "percent": draw(st.sampled_from(PERCENTS))}
    if kind == "amount_off":
        return {"kind": kind, "select": draw(selectors()), "amount_minor": draw(amounts(currency))}
    if kind == "fixed_price":
        return {"kind": kind, "select": draw(selectors()), "price_minor": draw(amounts(currency))}
    if kind == "threshold":
        minimum = draw(amounts(currency))
        return {"kind": kind, "select": draw(selectors()), "minimum_minor": minimum, **draw(offs(currency))}
    if kind == "tiered":
        return draw(tiered_rules(currency))
    return draw(unit_rules(currency, kind))


@st.composite
def tiered_rules(draw: st.DrawFn, currency: str) -> Json:
    """Up to three tiers by quantity or by amount."""
    measure = draw(st.sampled_from(["quantity", "amount"]))
    steps = ["2", "3.5", "6"] if measure == "quantity" else [str(one) for one in CURRENCIES[currency][1:4]]
    return {
        "kind": "tiered",
        "select": draw(selectors()),
        "measure": measure,
        "tiers": [
            {"from": step, **draw(offs(currency))}
            for step in draw(st.permutations(steps))[: draw(st.integers(1, 3))]
        ],
    }


@st.composite
def unit_rules(draw: st.DrawFn, currency: str, kind: str) -> Json:
    """A rule that counts pieces."""
    if kind == "buy_get":
        return {
            "kind": kind,
            "buy": draw(selectors()),
            "buy_quantity": draw(st.integers(1, 3)),
            "get": draw(st.one_of(st.none(), selectors())),
            "get_quantity": draw(st.integers(1, 2)),
            "percent": draw(st.sampled_from(PERCENTS)),
        }
    if kind == "n_for_price":
        number, price = draw(st.integers(1, 3)), draw(amounts(currency))
        return {"kind": kind, "select": draw(selectors()), "n": number, "price_minor": price}
    if kind == "cheapest_free":
        return {"kind": kind, "select": draw(selectors()), "n": draw(st.integers(2, 3))}
    parts = [
        {"select": draw(selectors()), "quantity": draw(st.integers(1, 2))}
        for _ in range(draw(st.integers(1, 2)))
    ]
    if draw(st.booleans()):
        return {"kind": kind, "parts": parts, "price_minor": draw(amounts(currency))}
    return {"kind": kind, "parts": parts, "percent": draw(st.sampled_from(PERCENTS))}


@st.composite
def offs(draw: st.DrawFn, currency: str) -> Json:
    """A percentage or an amount."""
    if draw(st.booleans()):
        return {"percent": draw(st.sampled_from(PERCENTS))}
    return {"amount_minor": draw(amounts(currency))}


@st.composite
def service_charge_lists(draw: st.DrawFn, currency: str) -> list[Json]:
    """Up to two service charges."""
    names = ("charge-b", "charge-a")[: draw(st.sampled_from([0, 1, 2]))]
    return [draw(service_charges(currency, name)) for name in names]


@st.composite
def service_charges(draw: st.DrawFn, currency: str, name: str) -> Json:
    """A charge before or after tax, taxed by its own class, like the lines, or not at all."""
    before = draw(st.sampled_from([True, True, False]))
    taxable = before and draw(st.sampled_from([True, True, True, False]))
    kind = draw(st.sampled_from(["percent", "amount_minor", "per_cover_minor"]))
    return {
        "id": name,
        "name": name.title(),
        "priority": draw(st.integers(0, 1)),
        "when": draw(whens(always=8)),
        kind: draw(st.sampled_from(PERCENTS)) if kind == "percent" else draw(amounts(currency)),
        "phase": "before_tax" if before else "after_tax",
        "taxable": taxable,
        "tax_class": draw(st.sampled_from([None, None, "standard", "reduced"])) if taxable else None,
    }
