"""Why something cannot be priced: each reason has a name, and a JSON pointer to the place that caused it.

A pointer is relative to its own document: cart, context, or book.
"""

from fynlo.core.errors import InvalidInput, RuleViolation


class UnknownMember(InvalidInput):
    """A member that the document's schema does not have."""

    code, title = "unknown_member", "There is no such member"


class MissingMember(InvalidInput):
    """A member that has no default was left out."""

    code, title = "missing_member", "A member is missing"


class WrongType(InvalidInput):
    """A value of another JSON type than the schema asks for."""

    code, title = "wrong_type", "The value has the wrong type"


class InvalidValue(InvalidInput):
    """A value of the right type that says nothing: no decimal, no local time, no such word."""

    code, title = "invalid_value", "The value cannot be read"


class OneOfExpected(InvalidInput):
    """None or several of members of which exactly one is given."""

    code, title = "one_of_expected", "Exactly one of these members is given"


class DuplicateId(RuleViolation):
    """Two things of one kind with the same id."""

    code, title = "duplicate_id", "The id is given twice"


class UnknownCurrencyCode(RuleViolation):
    """A currency that ISO 4217 does not list."""

    code, title = "unknown_currency", "There is no such currency"


class UnknownVariant(RuleViolation):
    """The price book has no such variant."""

    code, title = "unknown_variant", "The price book has no such variant"


class UnknownModifier(RuleViolation):
    """The price book has no such modifier."""

    code, title = "unknown_modifier", "The price book has no such modifier"


class UnknownTaxClass(RuleViolation):
    """The price book has no tax class of this code."""

    code, title = "unknown_tax_class", "The price book has no such tax class"


class DefaultRuleMissing(RuleViolation):
    """A tax class whose last rule has conditions would leave some sales untaxed by accident."""

    code, title = "default_rule_missing", "The last tax rule must always hold"


class EmptyCart(RuleViolation):
    """A cart without lines has no price."""

    code, title = "cart_empty", "The cart has no lines"


class TooManyLines(RuleViolation):
    """More lines than one order may have."""

    code, title = "cart_too_long", "The cart has too many lines"


class TooManyModifiers(RuleViolation):
    """More modifiers or components than one line may have."""

    code, title = "too_many_modifiers", "The line has too many modifiers"


class ModifiersTooDeep(RuleViolation):
    """Modifiers of modifiers of modifiers of modifiers."""

    code, title = "modifiers_too_deep", "The modifiers are nested too deeply"


class TooManyDiscounts(RuleViolation):
    """More discounts by hand than one line or order may have."""

    code, title = "too_many_discounts", "There are too many discounts"


class QuantityOutOfRange(RuleViolation):
    """A quantity that is zero, negative, too big, or finer than a millionth."""

    code, title = "quantity_out_of_range", "The quantity cannot be sold"


class PriceOutOfRange(RuleViolation):
    """A price that is negative or too big."""

    code, title = "price_out_of_range", "The price cannot be charged"


class PercentOutOfRange(RuleViolation):
    """A share that is not from 0 to 1, or finer than a millionth."""

    code, title = "percent_out_of_range", "The share cannot be applied"


class DiscountOutOfRange(RuleViolation):
    """A discount amount that is negative or too big."""

    code, title = "discount_out_of_range", "The discount cannot be given"


class TaxRateOutOfRange(RuleViolation):
    """A tax rate that is negative, ten or more, or finer than a millionth; or too much with the others."""

    code, title = "tax_rate_out_of_range", "The tax rate cannot be applied"


class NumberOutOfRange(RuleViolation):
    """Another number (a priority, a count, a weekday) outside its bounds."""

    code, title = "number_out_of_range", "The number is out of range"


class AmountTooLarge(RuleViolation):
    """An order worth more than the ledger and the API can carry."""

    code, title = "amount_too_large", "The order is worth too much"


class UnknownLine(RuleViolation):
    """A refund of a line that the sale does not have."""

    code, title = "unknown_line", "The sale has no such line"


class UnknownComponent(RuleViolation):
    """A refund of a component that the line does not have."""

    code, title = "unknown_component", "The line has no such component"


class RefundExceedsSale(RuleViolation):
    """More of a line, or of a component of it, is to be given back than was sold and not given back yet."""

    code, title = "refund_exceeds_sale", "More than was sold cannot be given back"


class SplitNotPossible(RuleViolation):
    """Weights that do not say who pays what."""

    code, title = "split_not_possible", "The sale cannot be split like this"


class IncrementNotAllowed(RuleViolation):
    """A smallest coin that no currency has."""

    code, title = "increment_not_allowed", "Cash is not rounded to this"
