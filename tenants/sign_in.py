"""Signing in with e-mail address and password, at a merchant's back office or at the platform's.

A try takes its slots before the password is looked at, so a hundred tries at once are counted as a hundred.
Limits are per address and per account from that address; an account alone is limited so loosely that nobody
can lock its owner out, yet tightly enough that nobody guesses through it from many addresses.
"""

import hashlib
from typing import Any, Final

from django.core.exceptions import ValidationError
from unfold.forms import AuthenticationForm

from fynlo.api.limits import Limit, client_address, give_back, take
from fynlo.backoffice.site import THROTTLED
from fynlo.core.errors import TooManyRequests

FROM_ADDRESS: Final = Limit(name="admin-sign-in-address", count=40, seconds=300)
ACCOUNT_FROM_ADDRESS: Final = Limit(name="admin-sign-in-account", count=8, seconds=300)
ACCOUNT: Final = Limit(name="admin-sign-in-anywhere", count=200, seconds=3600)


class SignInForm(AuthenticationForm):
    """The form of the sign-in pages. What is wrong, the address or the password, is not told."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "E-mail address"
        self.fields["username"].widget.attrs["autocomplete"] = "username"
        self.error_messages = {
            **self.error_messages,
            "invalid_login": "This e-mail address and password do not belong together, or may not enter here.",
        }

    def clean(self) -> dict[str, Any]:
        """Take the slots, then compare; a right password gives them back."""
        slots = self._slots()
        try:
            for limit, who in slots:
                take(limit, *who)
        except TooManyRequests as error:
            raise ValidationError(
                "Too many tries. Wait %(retry_after)s seconds.",
                code=THROTTLED,
                params={"retry_after": error.retry_after},
            ) from None
        values: dict[str, Any] = super().clean()
        for limit, who in slots:
            give_back(limit, *who)
        return values

    def _slots(self) -> list[tuple[Limit, tuple[str, ...]]]:
        address = client_address(self.request)
        name = str(self.cleaned_data.get("username", "")).casefold()
        account = hashlib.sha256(name.encode()).hexdigest()[:32]
        return [
            (FROM_ADDRESS, (address,)),
            (ACCOUNT_FROM_ADDRESS, (address, account)),
            (ACCOUNT, (account,)),
        ]
