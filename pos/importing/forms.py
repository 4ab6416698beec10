"""What a merchant says of a file they send."""

from typing import Any, cast

from django import forms

from fynlo.backoffice.pages import repeat_no_choice
from pos.catalog.csv_reading import CsvForm
from pos.catalog.csv_reading.text import MAX_BYTES
from pos.catalog.sheets.declared import SHEETS
from pos.registers.models import Location

_MEBIBYTE = 1024 * 1024


class UploadForm(forms.Form):
    """A file and, where it does not tell itself, how it is to be read."""

    file = forms.FileField(label="CSV, XLSX, or a ZIP of CSV files", max_length=200)
    sheet = forms.ChoiceField(label="What it holds", required=False)
    location = forms.ChoiceField(label="Opening stock is at", required=False)
    decimal = forms.ChoiceField(
        label="Decimals",
        required=False,
        choices=[("auto", "find out"), (".", "1.50 (point)"), (",", "1,50 (comma)")],
    )
    delimiter = forms.ChoiceField(
        label="Columns end with",
        required=False,
        choices=[("auto", "find out"), (",", "comma"), (";", "semicolon"), ("tab", "tab")],
    )
    encoding = forms.ChoiceField(
        label="Letters",
        required=False,
        choices=[("auto", "find out"), ("utf-8", "UTF-8"), ("cp1252", "Windows-1252")],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        repeat_no_choice(self)
        sheets: Any = self.fields["sheet"]
        sheets.choices = [("", "as its header says")] + [(sheet.name, sheet.title) for sheet in SHEETS]
        places: Any = self.fields["location"]
        found = Location.objects.order_by("code").values_list("code", "name")
        places.choices = [("", "the only location"), *found]

    def clean_file(self) -> Any:
        """The file, if it is not far too large."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(f"A file has at most {MAX_BYTES // _MEBIBYTE} MiB.")
        return file

    def form(self) -> CsvForm:
        """How the file is read."""
        said = {name: self.cleaned_data[name] or "auto" for name in ("encoding", "delimiter", "decimal")}
        return CsvForm(**cast("Any", said))
