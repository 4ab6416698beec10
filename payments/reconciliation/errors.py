"""What can be wrong with reconciling."""

from fynlo.core.errors import Conflict, RuleViolation


class ActionNotPossible(Conflict):
    """This does not help against this kind of difference, or not in its state."""

    code = "reconciliation_action_not_possible"
    title = "This cannot be done about this difference"


class ReasonNeeded(RuleViolation):
    """Whoever accepts a difference says why."""

    code = "reconciliation_reason_needed"
    title = "Say why this is accepted"


class NothingToReconcile(RuleViolation):
    """This account has no listing to compare with."""

    code = "nothing_to_reconcile"
    title = "This payment account has no listing of payouts"


class EvidenceNotPossible(Conflict):
    """Nothing can be sent for this dispute (any more)."""

    code = "dispute_evidence_not_possible"
    title = "Evidence cannot be sent for this dispute"


class TotalPosted(Conflict):
    """The machine's total was booked to the bank; it cannot be entered anew."""

    code = "machine_total_posted"
    title = "This total was booked already"


class Superseded(Exception):
    """Another process took the run over; this one stops. Never seen by users."""


class NoSuchTotal(RuleViolation):
    """No card machine can have printed this: of another way to pay, of no register, of a day that is to come."""

    code = "machine_total_invalid"
    title = "No card machine printed this"
