"""What a merchant says of a file of stock they send."""

from typing import Any, cast

from django import forms

from fynlo.backoffice.pages import repeat_no_choice
from pos.catalog.csv_reading import CsvForm
from pos.catalog.csv_reading.text import MAX_BYTES
from pos.registers.models import Location
from pos.stock_files.kinds.declared import KINDS

_MEBIBYTE = 1024 * 1024


class StockUploadForm(forms.Form):
    """A file, what it holds and, where it does not tell itself, how it is to be read."""

    kind = forms.ChoiceField(label="What it holds", choices=[(kind.name, kind.sheet.title) for kind in KINDS])
    file = forms.FileField(label="CSV or XLSX", max_length=200)
    location = forms.ChoiceField(label="Rows that name no location are of", required=False)
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
