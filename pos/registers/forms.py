"""The back office's form of a location."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from fynlo.backoffice.options import ServiceForm
from fynlo.core.tenancy import current_tenant
from pos.registers.models import Location
from pos.registers.opening_hours import DAYS
from pos.registers.places import LocationDraft


class LocationForm(ServiceForm):
    """A location; its addresses are typed line by line, its hours day by day (`mon 09:00-13:00 15:00-18:30`)."""

    address = forms.CharField(
        required=False, max_length=500, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )
    tax_address = forms.CharField(
        required=False,
        max_length=500,
        help_text="For receipts, where it is another one than guests know.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )
    opening_hours = forms.CharField(
        required=False,
        max_length=1000,
        help_text="One line a day, such as: mon 09:00-13:00 15:00-18:30. Days without a line are closed.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 7}),
    )
    cut_off = forms.TimeField(
        help_text="Sales before this time count to the day before.",
        widget=UnfoldAdminTextInputWidget(attrs={"type": "time"}),
    )
    time_zone = forms.ChoiceField(widget=UnfoldAdminSelectWidget)

    class Meta:
        model = Location
        fields = (
            "code",
            "name",
            "address",
            "tax_address",
            "tax_number",
            "time_zone",
            "cut_off",
            "opening_hours",
            "is_active",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "time_zone" in self.fields:
            zones = sorted(available_timezones())
            self.fields["time_zone"].choices = [(zone, zone) for zone in zones]  # type: ignore[attr-defined]
        if self.instance._state.adding:
            self.initial.setdefault("time_zone", current_tenant().time_zone)
            self.initial["cut_off"] = "00:00"
            self.initial["address"] = self.initial["tax_address"] = self.initial["opening_hours"] = ""
        else:
            self.initial["cut_off"] = self.instance.cut_off.isoformat("minutes")
            self.initial["address"] = "\n".join(self.instance.address)
            self.initial["tax_address"] = "\n".join(self.instance.tax_address)
            hours = self.instance.opening_hours
            self.initial["opening_hours"] = "\n".join(
                " ".join([day, *hours[day]]) for day in DAYS if hours.get(day)
            )

    def clean_address(self) -> list[str]:
        """The lines that say something."""
        return _lines(self.cleaned_data["address"])

    def clean_tax_address(self) -> list[str]:
        """The lines that say something."""
        return _lines(self.cleaned_data["tax_address"])

    def clean_opening_hours(self) -> dict[str, tuple[str, ...]]:
        """The times of each day; the service says what is wrong with them."""
        rows = (line.split() for line in _lines(self.cleaned_data["opening_hours"]))
        hours: dict[str, tuple[str, ...]] = {}
        for day, *times in rows:
            name = day.rstrip(":").lower()
            hours[name] = (*hours.get(name, ()), *times)
        return hours

    def draft(self) -> LocationDraft:
        """What the form states."""
        values = self.cleaned_data
        return LocationDraft(
            id=self.instance.pk,
            code=values.get("code", self.instance.code),
            name=values["name"],
            address=tuple(values["address"]),
            tax_address=tuple(values["tax_address"]),
            tax_number=values["tax_number"],
            time_zone=values["time_zone"],
            cut_off=values["cut_off"],
            opening_hours=values["opening_hours"],
            is_active=values["is_active"],
        )


def _lines(text: str) -> list[str]:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [line for line in lines if line]
