"""The back office's form of a location."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from fynlo.backoffice.options import ServiceForm
from fynlo.core.tenancy import current_tenant
from pos.registers.models import Location
from pos.registers.places import LocationDraft


class LocationForm(ServiceForm):
    """A location; its address is typed line by line."""

    address = forms.CharField(
        required=False, max_length=500, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )
    cut_off = forms.TimeField(
        help_text="Sales before this time count to the day before.",
        widget=UnfoldAdminTextInputWidget(attrs={"type": "time"}),
    )
    time_zone = forms.ChoiceField(widget=UnfoldAdminSelectWidget)

    class Meta:
        model = Location
        fields = ("code", "name", "address", "time_zone", "cut_off", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "time_zone" in self.fields:
            zones = sorted(available_timezones())
            self.fields["time_zone"].choices = [(zone, zone) for zone in zones]  # type: ignore[attr-defined]
        if self.instance._state.adding:
            self.initial.setdefault("time_zone", current_tenant().time_zone)
            self.initial["cut_off"] = "00:00"
        else:
            self.initial["cut_off"] = self.instance.cut_off.isoformat("minutes")
            self.initial["address"] = "\n".join(self.instance.address)

    def clean_address(self) -> list[str]:
        """The lines that say something."""
        lines = (" ".join(line.split()) for line in self.cleaned_data["address"].splitlines())
        return [line for line in lines if line]

    def draft(self) -> LocationDraft:
        """What the form states."""
        values = self.cleaned_data
        return LocationDraft(
            id=self.instance.pk,
            code=values.get("code", self.instance.code),
            name=values["name"],
            address=tuple(values["address"]),
            time_zone=values["time_zone"],
            cut_off=values["cut_off"],
            is_active=values["is_active"],
        )
