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
