"""Forms of the platform's admin."""

from django import forms
from unfold.widgets import UnfoldAdminTextInputWidget


class SuspensionForm(forms.Form):
    """Why a merchant is suspended; they are told."""

    reason = forms.CharField(max_length=200, widget=UnfoldAdminTextInputWidget)
