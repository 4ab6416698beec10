"""Forms of the platform's admin."""

from django import forms
from unfold.widgets import (
    UnfoldAdminPasswordWidget,
    UnfoldAdminTextInputWidget,
)

from fynlo.backoffice.options import ServiceForm
from tenants.models import Operator


class SuspensionForm(forms.Form):
    """Why a merchant is suspended; they are told."""

    reason = forms.CharField(max_length=200, widget=UnfoldAdminTextInputWidget)


class OperatorForm(ServiceForm):
    """An operator; the password is typed in and never shown."""

    password = forms.CharField(
        label="New password",
        required=False,
        strip=False,
        max_length=128,
        help_text="At least 12 characters. Leave it empty to keep the one there is.",
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = Operator
        fields = ("email", "name", "is_active", "password")
        # The stored hash has the same name as the field in which a new password is typed; it is never shown.
        exclude = ()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.initial.pop("password", None)
