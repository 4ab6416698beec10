"""Why a cart cannot be priced: each reason has a name, and a pointer to the line that caused it."""

from fynlo.core.errors import RuleViolation


class EmptyCart(RuleViolation):
    """A cart without lines has no price."""

    code = "cart_empty"
    title = "The cart has no lines"


class TooManyLines(RuleViolation):
    """More lines than one order may have."""

    code = "cart_too_long"
    title = "The cart has too many lines"


class QuantityOutOfRange(RuleViolation):
    """A quantity that is zero, negative, too big, or finer than a millionth."""

    code = "quantity_out_of_range"
    title = "The quantity cannot be sold"


class PriceOutOfRange(RuleViolation):
    """A unit price that is negative or too big."""

    code = "price_out_of_range"
    title = "The price cannot be charged"


class TaxRateOutOfRange(RuleViolation):
    """A tax rate that is negative, a thousand percent or more, or finer than a millionth."""

    code = "tax_rate_out_of_range"
    title = "The tax rate cannot be applied"


class AmountTooLarge(RuleViolation):
    """An order worth more than the ledger and the API can carry."""

    code = "amount_too_large"
    title = "The order is worth too much"
