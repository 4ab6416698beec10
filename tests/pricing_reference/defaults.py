"""What may be left out of a document means this."""

from tests.pricing_reference.book import Json

DEFAULT_ROUNDING = {"scope": "per_line", "mode": "half_up"}
LISTS = (
    "categories",
    "tax_classes",
    "items",
    "modifier_groups",
    "price_lists",
    "promotions",
    "service_charges",
)


def complete_context(context: Json) -> Json:
    """A context with its rounding policy written out."""
    return {**context, "rounding": {**DEFAULT_ROUNDING, **context.get("rounding", {})}}


def complete_cart(cart: Json) -> Json:
    """A cart whose lines all have a quantity."""
    return {**cart, "lines": [{"quantity": "1", **line} for line in cart["lines"]]}


def complete_book(book: Json) -> Json:
    """A book with every list, condition and priority written out."""
    full: Json = {**{name: [] for name in LISTS}, **book}
    return {
        **full,
        "categories": [{"parent_id": None, **one} for one in full["categories"]],
        "tax_classes": [complete_tax_class(one) for one in full["tax_classes"]],
        "items": [{"variants": [], **one} for one in full["items"]],
        "modifier_groups": [{"modifiers": [], **one} for one in full["modifier_groups"]],
        "price_lists": [{"priority": 0, "when": {}, "entries": [], **one} for one in full["price_lists"]],
        "promotions": [complete_promotion(one) for one in full["promotions"]],
        "service_charges": [
            {"priority": 0, "when": {}, "phase": "before_tax", "taxable": False, "name": "", **one}
            for one in full["service_charges"]
        ],
    }


def complete_tax_class(tax_class: Json) -> Json:
    """A tax class whose rules have conditions and whose components have names."""
    rules = [{"when": {}, "inclusive": False, "components": [], **rule} for rule in tax_class["rules"]]
    return {
        **tax_class,
        "rules": [
            {**rule, "components": [{"name": "", **one} for one in rule["components"]]} for rule in rules
        ],
    }


def complete_promotion(promotion: Json) -> Json:
    """A promotion with the defaults of its rule."""
    rule = dict(promotion["rule"])
    if rule["kind"] == "buy_get":
        rule = {"percent": "1", **rule}
    if rule["kind"] == "bundle":
        rule["parts"] = [{"quantity": 1, **part} for part in rule["parts"]]
    return {"priority": 0, "when": {}, "name": "", **promotion, "rule": rule}
