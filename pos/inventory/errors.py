"""What can be wrong with stock, by name."""

from fynlo.core.errors import Conflict, RuleViolation


class AlreadyDone(Conflict):
    """Somebody else was first; the data says who (`by`), when (`at`), and what it is now (`state`)."""

    code, title = "already_done", "Somebody else did this already"


class OutOfStock(Conflict):
    """There is not enough, and the item's policy is not to sell what is not there."""

    code, title = "out_of_stock", "There is not enough of it"


class UnknownUnit(RuleViolation):
    """A unit that neither the item has nor follows from its own."""

    code, title = "unknown_unit", "The item is not counted in this unit"


class ForeignLot(RuleViolation):
    """A lot of another item."""

    code, title = "foreign_lot", "This lot is of another item"


class QuantityOutOfRange(RuleViolation):
    """A quantity or a cost that cannot be."""

    code, title = "quantity_out_of_range", "The quantity cannot be"


class UnacceptableStock(RuleViolation):
    """Members of a body that cannot be, each with its pointer and code."""

    code, title = "invalid_input", "Some of it cannot be"
