"""Named failures of signing in."""

from typing import ClassVar

from fynlo.core.errors import DomainError, TooManyRequests


class SignInRefused(DomainError):
    """Number and PIN do not belong together, or the person may not sign in. It is never said which."""

    code: ClassVar[str] = "sign_in_refused"
    status: ClassVar[int] = 401
    title: ClassVar[str] = "This number and PIN do not open anything"


class SignInDelayed(TooManyRequests):
    """Too many wrong tries for this person on this device; others and other devices are not affected."""

    code: ClassVar[str] = "sign_in_delayed"
    title: ClassVar[str] = "Too many wrong tries"
