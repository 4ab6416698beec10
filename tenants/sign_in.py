"""Signing in with e-mail address and password, at a merchant's back office or at the platform's.

A try takes its slots before the password is looked at, so a hundred tries at once are counted as a hundred.
Limits are per address and per account from that address; an account alone is limited so loosely that nobody
can lock its owner out, yet tightly enough that nobody guesses through it from many addresses.
"""

import hashlib
from typing import Any, ClassVar, Final

from django.core.exceptions import ValidationError
from unfold.forms import AdminOwnPasswordChangeForm, AuthenticationForm

from fynlo.api.limits import Limit, client_address, give_back, take
from fynlo.backoffice.site import THROTTLED
from fynlo.core.actors import Actor
from fynlo.core.clock import now
from fynlo.core.errors import DomainError, TooManyRequests
from tenants.operators import SHORTEST_PASSWORD, check_password_rules, set_operator_password

FROM_ADDRESS: Final = Limit(name="admin-sign-in-address", count=40, seconds=300)
ACCOUNT_FROM_ADDRESS: Final = Limit(name="admin-sign-in-account", count=8, seconds=300)
ACCOUNT: Final = Limit(name="admin-sign-in-anywhere", count=200, seconds=3600)


class SignInForm(AuthenticationForm):
    """The form of the sign-in pages. What is wrong, the address or the password, is not told."""

    error_messages: ClassVar[dict[str, Any]] = {
        "invalid_login": "This e-mail address and password do not belong together, or may not enter here.",
        "inactive": "This e-mail address and password do not belong together, or may not enter here.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "E-mail address"
        self.fields["username"].widget.attrs["autocomplete"] = "username"

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


class OwnPasswordForm(AdminOwnPasswordChangeForm):
    """A new password for oneself: the old one is checked by the form, the new one by the service's rules."""

    rules: ClassVar[str] = ""
    """The rules in words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].help_text = self.rules

    def check_rules(self, password: str) -> None:
        """Raise a `DomainError` for a password that may not be used."""
        raise TypeError(f"{type(self).__name__} has no rules ({len(password)} characters)")

    def change(self, *, old: str, new: str) -> str:
        """Call the service; returns the new hash, which keeps this browser signed in."""
        raise TypeError(f"{type(self).__name__} changes nothing ({len(old)}, {len(new)} characters)")

    def clean_new_password1(self) -> str:
        """The new password, if it may be used."""
        password: str = self.cleaned_data["new_password1"]
        try:
            self.check_rules(password)
        except DomainError as error:
            raise ValidationError([each.detail for each in error.errors] or [error.detail]) from None
        return password

    def save(self, commit: bool = True) -> Any:
        """Through the service, never by the form."""
        del commit
        values = self.cleaned_data
        self.user.password = self.change(old=values["old_password"], new=values["new_password1"])
        return self.user


class OperatorPasswordForm(OwnPasswordForm):
    """An operator's."""

    rules = f"At least {SHORTEST_PASSWORD} characters, not a common password."

    def check_rules(self, password: str) -> None:
        """The rules for operators."""
        check_password_rules(password)

    def change(self, *, old: str, new: str) -> str:
        """Change it, with a line in the audit."""
        del old
        me = Actor(kind="operator", id=self.user.pk, name=str(self.user))
        return set_operator_password(email=self.user.email, password=new, actor=me, at=now()).password
