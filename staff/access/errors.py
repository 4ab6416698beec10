"""Named failures of signing in and of approving."""

from typing import ClassVar

from fynlo.core.errors import DomainError, Forbidden, TooManyRequests


class SignInRefused(DomainError):
    """Number and PIN do not belong together, or the person may not sign in. It is never said which."""

    code: ClassVar[str] = "sign_in_refused"
    status: ClassVar[int] = 401
    title: ClassVar[str] = "This number and PIN do not open anything"


class SignInDelayed(TooManyRequests):
    """Too many wrong tries for this person on this device; others and other devices are not affected."""

    code: ClassVar[str] = "sign_in_delayed"
    title: ClassVar[str] = "Too many wrong tries"


class ApprovalRequired(Forbidden):
    """This goes beyond what the actor may do by themselves; somebody who may has to approve it.

    The data says `action` (what to ask approval for), `limit` (the name of the limit, or null where a
    permission is missing) and `asked` (the number that is beyond it).
    """

    code: ClassVar[str] = "approval_required"
    title: ClassVar[str] = "Somebody has to approve this"


class ApprovalInvalid(Forbidden):
    """This approval does not open this: unknown, used, run out, of another device, thing or amount.

    It is never said which.
    """

    code: ClassVar[str] = "approval_invalid"
    title: ClassVar[str] = "This approval is not good for this"
