"""What can be wrong with asking for a receipt."""

from typing import ClassVar

from fynlo.core.errors import Conflict


class NotPaidYet(Conflict):
    """There is a receipt, an invoice or a gift receipt only of what is paid in full."""

    code: ClassVar[str] = "not_paid_yet"
    title: ClassVar[str] = "There is no receipt yet"


class NoSuchCopy(Conflict):
    """There is no such copy: as many as were printed again are marked so, and no more."""

    code: ClassVar[str] = "no_such_copy"
    title: ClassVar[str] = "There is no such copy"
