"""Named failures about people."""

from typing import ClassVar

from fynlo.core.errors import Conflict, DomainError, Forbidden


class WeakCredential(DomainError):
    """A PIN or password is refused; `errors` says why, without repeating it."""

    code: ClassVar[str] = "weak_credential"
    title: ClassVar[str] = "This PIN or password cannot be used"


class EmployeeNumberTaken(Conflict):
    """Somebody has this employee number already."""

    code: ClassVar[str] = "employee_number_taken"
    title: ClassVar[str] = "Somebody has this number already"


class EmailTaken(Conflict):
    """Somebody has this e-mail address already."""

    code: ClassVar[str] = "email_taken"
    title: ClassVar[str] = "Somebody has this e-mail address already"


class LastOwner(Conflict):
    """Without an active owner nobody could ever give a right to anybody."""

    code: ClassVar[str] = "last_owner"
    title: ClassVar[str] = "A merchant needs an active owner"


class MoreThanOwnRights(Forbidden):
    """Nobody gives rights they do not have, or changes people who have more rights than they do."""

    code: ClassVar[str] = "more_than_own_rights"
    title: ClassVar[str] = "This would reach beyond your own rights"
