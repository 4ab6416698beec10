"""What can be wrong with an order. A sale that happened is flagged, not refused; these are what cannot be one."""

from fynlo.core.errors import Conflict, Forbidden, RuleViolation


class TillNeeded(Forbidden):
    """Orders are placed from a paired till: its register gives them their number and their drawer."""

    code = "till_needed"
    title = "Orders are placed from a paired till"


class OrderIdConflict(Conflict):
    """The id belongs to an order with other content."""

    code = "order_id_conflict"
    title = "The id belongs to another order"


class LineIdConflict(Conflict):
    """The id of a line belongs to a line of another order."""

    code = "line_id_conflict"
    title = "The id belongs to a line of another order"


class PaymentIdConflict(Conflict):
    """The id of a tender belongs to a payment of another order."""

    code = "payment_id_conflict"
    title = "The id belongs to a payment of another order"


class UnknownVariant(RuleViolation):
    """The catalogue has no such variant."""

    code = "unknown_variant"
    title = "The catalogue has no such variant"


class UnknownTenderType(RuleViolation):
    """The merchant has no such way to pay."""

    code = "unknown_tender_type"
    title = "There is no such way to pay"


class DuplicateId(RuleViolation):
    """An id is used twice in one order."""

    code = "duplicate_id"
    title = "An id is used twice"


class FractionalQuantity(RuleViolation):
    """A part of something that is sold by the piece."""

    code = "fractional_quantity"
    title = "This is sold in whole pieces"


class ChoicesNotOffered(RuleViolation):
    """Modifiers or components that the catalogue does not offer so. A sale with them is flagged instead."""

    code = "choices_not_offered"
    title = "This cannot be chosen so"
