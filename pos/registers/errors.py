"""What can be wrong with drawers."""

from fynlo.core.errors import Conflict, Forbidden, NotFound, RuleViolation


class SessionAlreadyOpen(Conflict):
    """The register's drawer is open; it is counted and closed before it is opened again."""

    code = "session_already_open"
    title = "The drawer is already open"


class SessionIdConflict(Conflict):
    """Another session has this id."""

    code = "session_id_conflict"
    title = "The id belongs to another session"


class NoOpenSession(NotFound):
    """The register's drawer is closed."""

    code = "no_open_session"
    title = "The drawer is not open"


class OtherRegister(Forbidden):
    """A till opens and closes its own drawer only."""

    code = "other_register"
    title = "This drawer belongs to another till"


class WrongCurrency(RuleViolation):
    """An amount in another currency than the merchant's."""

    code = "wrong_currency"
    title = "The amount is in another currency"


class CodeTaken(Conflict):
    """Another location or register has this code."""

    code = "code_taken"
    title = "This code is already taken"


class FixedForEver(RuleViolation):
    """A code or place that receipts name; it never changes."""

    code = "fixed_for_ever"
    title = "This cannot change any more"


class DrawerOpen(Conflict):
    """A register is put out of use only after its drawer was counted."""

    code = "drawer_open"
    title = "The drawer is still open"


class DrawerOutOfUse(Conflict):
    """The drawer is not used any more."""

    code = "drawer_out_of_use"
    title = "The drawer is out of use"


class CountCommitted(Conflict):
    """The drawer was counted; whoever counts again says why (`recounts`)."""

    code = "count_committed"
    title = "The drawer is counted already"


class CountMissing(Conflict):
    """A drawer is closed with a count, or without one by force."""

    code = "count_missing"
    title = "The drawer is not counted yet"


class ReasonNeeded(RuleViolation):
    """The merchant's list has reasons for this, and none of them was given."""

    code = "reason_needed"
    title = "A reason is needed"


class UnknownReason(RuleViolation):
    """The merchant's list has other reasons for this."""

    code = "unknown_reason"
    title = "There is no such reason"


class MovementIdConflict(Conflict):
    """Another movement has this id."""

    code = "movement_id_conflict"
    title = "The id belongs to another movement"


class AmountWrong(RuleViolation):
    """An amount that this kind of movement cannot have."""

    code = "amount_wrong"
    title = "This movement cannot have such an amount"
