"""Named failures of pairing."""

from typing import ClassVar

from fynlo.core.errors import Conflict, DomainError


class PairingRefused(DomainError):
    """The code is wrong, used, too old, or was tried too often. It is never said which."""

    code: ClassVar[str] = "pairing_refused"
    status: ClassVar[int] = 422
    title: ClassVar[str] = "This pairing code cannot be used"


class RegisterInactive(Conflict):
    """Nothing is sold at this register any more, so no till is paired with it."""

    code: ClassVar[str] = "register_inactive"
    title: ClassVar[str] = "This register is not in use"


class TerminalRevokedAlready(Conflict):
    """A revoked device is not installed anew; it is paired as a new one."""

    code: ClassVar[str] = "terminal_revoked"
    title: ClassVar[str] = "This device was revoked"
