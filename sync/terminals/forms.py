"""The back office's form for pairing: which register the new device belongs to."""

from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminSelectWidget

from pos.registers.models import Register


class PairingForm(forms.Form):
    """A register in use."""

    register: Any = forms.ModelChoiceField(
        queryset=None, widget=UnfoldAdminSelectWidget, empty_label="Choose a register"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["register"]
        field.queryset = Register.objects.filter(is_active=True).select_related("location").order_by("code")
        field.label_from_instance = _register_name


def _register_name(register: Any) -> str:
    return f"{register.code} · {register.name} ({register.location.name})"
