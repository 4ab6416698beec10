"""What can be wrong with stock, by name."""

from fynlo.core.errors import Conflict, Forbidden, RuleViolation


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


class CountClosed(RuleViolation):
    """Nothing is entered into a count that was submitted, closed or cancelled."""

    code, title = "count_closed", "This count takes no more entries"


class LotRequired(RuleViolation):
    """Pieces of this item are told apart; say of which lot they are."""

    code, title = "lot_required", "Say of which lot they are"


class NotStocked(RuleViolation):
    """An item of which no stock is kept."""

    code, title = "not_stocked", "No stock is kept of this item"


class UnknownGoods(RuleViolation):
    """A variant or a code that the catalogue does not have."""

    code, title = "unknown_goods", "The catalogue does not have this"


class CountIncomplete(RuleViolation):
    """A count cannot be submitted as it is: nothing was counted, or not what was to be counted again."""

    code, title = "count_incomplete", "Not everything was counted"


class TimeOutOfRange(RuleViolation):
    """A time that cannot be: in the future, or before the document it belongs to."""

    code, title = "time_out_of_range", "This cannot have happened then"


class ApprovalNeeded(Forbidden):
    """What it is worth is above the merchant's limit; somebody with `stock.approve` decides."""

    code, title = "approval_needed", "Somebody who may approve has to decide this"


class TransferToItself(RuleViolation):
    """A transfer whose goods would go nowhere."""

    code, title = "transfer_to_itself", "Source and destination are the same"


class OverReceipt(RuleViolation):
    """More would arrive than was sent, beyond the merchant's tolerance."""

    code, title = "over_receipt", "More than was sent"


class MoreThanLeft(RuleViolation):
    """More would come back than is left of what was sold."""

    code, title = "more_than_left", "So much is not left of it"


class ReturnIdConflict(Conflict):
    """The id belongs to another return."""

    code, title = "return_id_conflict", "The id belongs to another return"


class ReservationIdConflict(Conflict):
    """The id belongs to another reservation."""

    code, title = "reservation_id_conflict", "The id belongs to another reservation"
