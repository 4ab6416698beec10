"""What can be wrong with an order. A sale that happened is flagged, not refused; these are what cannot be one."""

from typing import ClassVar

from fynlo.core.errors import Conflict, Forbidden, RuleViolation, Unavailable


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


class NothingOwed(Conflict):
    """The order owes nothing (any more) that this money could pay."""

    code = "nothing_owed"
    title = "The order does not owe this money"


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


class UnknownLine(RuleViolation):
    """The order has no such line, or no longer."""

    code = "unknown_line"
    title = "The order has no such line"


class ChangeIdConflict(Conflict):
    """The id belongs to a change of another order, or to another kind of change."""

    code = "change_id_conflict"
    title = "The id belongs to another change"


class OrderSettled(Conflict):
    """What was ordered is not kept so that it could change: it is settled, or comes from an older release."""

    code = "order_settled"
    title = "This order is not open to changes"


class OtherLocation(Forbidden):
    """Orders are shared by the devices of their location, and by nobody else's."""

    code = "other_location"
    title = "The order belongs to another location"


class QuantityOrdered(Conflict):
    """What was ordered already can only become less; more of it is another line."""

    code = "quantity_ordered"
    title = "What was ordered can only become less"


class OverpaidByChange(Conflict):
    """More was paid than would be left to pay. What is too much has to be given back first."""

    code = "overpaid_by_change"
    title = "More was paid than this would leave to pay"


class DueChanged(Conflict):
    """What is due is not what the till shows."""

    code = "due_changed"
    title = "What is due has changed"


class ReasonNeeded(RuleViolation):
    """This is done for a reason, one of the merchant's if they made a list."""

    code = "reason_needed"
    title = "A reason is needed"


class UnknownEmployee(RuleViolation):
    """Nobody with this id works here."""

    code = "unknown_employee"
    title = "Nobody of this id works here"


class RefundIdConflict(Conflict):
    """The id belongs to a refund with other content."""

    code = "refund_id_conflict"
    title = "The id belongs to another refund"


class OrderMoved(Unavailable):
    """Others changed the order each time it was read for a refund; nothing was kept. Repeat it unchanged."""

    code = "order_moved"
    title = "The order is being changed by others"


class RefundOvertaken(Conflict):
    """Others gave back something of the order each time it was read for a refund; nothing was kept. Repeat it."""

    code = "refund_overtaken"
    title = "Others are giving back money of this order"
    retry_after: ClassVar[int] = 1


class RefundExceedsSale(Conflict):
    """More than was sold, or than was paid, and has not gone back yet."""

    code = "refund_exceeds_sale"
    title = "This is more than can be given back"


class NothingToRefund(RuleViolation):
    """A refund of nothing: neither goods nor money."""

    code = "nothing_to_refund"
    title = "Nothing is to be given back"


class RefundTendersDiffer(RuleViolation):
    """What is handed out does not come to what is given back."""

    code = "refund_tenders_differ"
    title = "What is handed out is not what is given back"


class ReceiptNeeded(RuleViolation):
    """The merchant gives nothing back without a receipt, or not so."""

    code = "receipt_needed"
    title = "Nothing is given back so without a receipt"


class OnlyPractice(Conflict):
    """A register for practice moves no real money: nothing is given back or exchanged there, and no debt paid."""

    code = "only_practice"
    title = "This register is for practice"


class ReaderNeeded(RuleViolation):
    """Money is asked for at a reader, and nobody can tell which."""

    code = "reader_needed"
    title = "A card reader is needed"


class PaymentDisputed(RuleViolation):
    """The guest's bank took the money of this payment back, or is about to."""

    code = "payment_disputed"
    title = "The guest's bank took this payment back already"
