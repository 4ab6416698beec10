"""What can be wrong with paying by a gateway."""

from fynlo.core.errors import Conflict, RuleViolation, Unavailable


class PaymentOutcomeUnknown(Conflict):
    """The same amount of this order is being asked for already, and nobody knows yet what became of it."""

    code = "payment_outcome_unknown"
    title = "It is not known yet what became of a payment of this amount"


class AttemptDiffers(Conflict):
    """An attempt with this id was started with other facts."""

    code = "attempt_differs"
    title = "This id belongs to another attempt to pay"


class AttemptUndecided(Conflict):
    """What is asked for does not fit the state of the payment, or has to wait until the vendor's truth is known."""

    code = "attempt_undecided"
    title = "This payment is at another point"


class AttemptNotBlocking(Conflict):
    """There is nothing to override: it is known what became of it, or somebody overrode it before."""

    code = "attempt_not_blocking"
    title = "Nothing waits for this payment"


class CapabilityMissing(RuleViolation):
    """This merchant's account cannot do that here; `missing` says what."""

    code = "capability_missing"
    title = "The payment account cannot do this"


class ConnectionLost(Conflict):
    """The merchant's account at the vendor does not answer to us any more."""

    code = "payment_connection_lost"
    title = "The payment account is not connected"


class ConnectionUnchecked(Unavailable):
    """What the account can do was never asked, and cannot be asked at the moment."""

    code = "payment_connection_unchecked"
    title = "The payment account could not be asked what it can do"


class UnknownConnection(RuleViolation):
    """There is no such account, or no such reader of it, that is in use."""

    code = "unknown_payment_connection"
    title = "There is no such payment account or reader"


class ConnectionTaken(Conflict):
    """The merchant has this account already."""

    code = "payment_connection_taken"
    title = "This payment account is there already"


class ReaderTaken(Conflict):
    """The account has this reader already."""

    code = "payment_reader_taken"
    title = "This card reader is there already"


class AmountOutOfRange(RuleViolation):
    """More than was authorised or captured, less than the vendor takes, or between two of its steps."""

    code = "amount_out_of_range"
    title = "This amount is not possible here"


class RefundNotFailed(Conflict):
    """Only a refund that failed is sent again or settled otherwise."""

    code = "refund_not_failed"
    title = "This refund did not fail"


class CardNumberRefused(RuleViolation):
    """What was typed could be the number of a card."""

    code = "card_number_refused"
    title = "A card's number must not be written down"


class SlipInvalid(RuleViolation):
    """The slip of a card machine cannot say this, or lacks what the merchant wants of it."""

    code = "slip_invalid"
    title = "The slip cannot be kept like this"


class SignatureTaken(Conflict):
    """The attempt has another signature; the first one stays."""

    code = "signature_taken"
    title = "This payment has another signature already"
