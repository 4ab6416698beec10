"""What is to be printed on what, as a person fills it in."""

import re
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import QueryDict

from fynlo.backoffice.pages import repeat_no_choice
from pos.labels.content import FIELDS
from pos.labels.drafts import ESCPOS, MAX_COPIES, OUTPUTS, PDF, ZPL, LabelDraft, PrintDraft
from pos.labels.formats import FORMATS
from pos.labels.renderers.escpos import PAPERS
from pos.labels.renderers.zpl import RESOLUTIONS
from pos.labels.symbols.choosing import AUTO, CHOICES
from pos.labels.symbols.gs1_strings import MAX_LOT

_COPIES: Final = re.compile(r"[0-9]{1,4}", re.ASCII)
_OUTPUTS: Final = {
    PDF: "PDF, for sheets and rolls",
    ZPL: "ZPL, label printer",
    ESCPOS: "ESC/POS, receipt printer",
}
_SYMBOLS: Final = {AUTO: "as the code is", "none": "no barcode", "ean_13": "EAN-13", "ean_8": "EAN-8"} | {
    "upc_a": "UPC-A",
    "code_128": "Code 128",
    "gs1_128": "GS1-128",
    "qr": "QR code",
}
_WORDS: Final = {each: each.replace("_", " ") for each in FIELDS} | {"sku": "SKU"}


class PrintForm(forms.Form):
    """The printer, the paper, what stands on the labels; copies by variant are fields of the table."""

    output = forms.ChoiceField(label="Printer", choices=[(each, _OUTPUTS[each]) for each in OUTPUTS])
    format = forms.ChoiceField(
        label="Labels", initial="L7160", choices=[(each.code, each.name) for each in FORMATS.values()]
    )
    start = forms.IntegerField(label="First free label", initial=1, min_value=1, required=False)
    paper = forms.ChoiceField(
        label="Receipt paper", initial="80", choices=[(each, f"{each} mm") for each in PAPERS]
    )
    resolution = forms.TypedChoiceField(
        label="ZPL", coerce=int, choices=[(each, f"{each} dpi") for each in RESOLUTIONS]
    )
    symbol = forms.ChoiceField(label="Barcode", choices=[(each, _SYMBOLS[each]) for each in CHOICES])
    fields_ = forms.MultipleChoiceField(
        label="On the label",
        choices=[(each, _WORDS[each]) for each in FIELDS],
        initial=list(FIELDS),
        widget=forms.CheckboxSelectMultiple,
    )
    lot = forms.CharField(required=False, max_length=MAX_LOT)
    use_by = forms.DateField(
        label="Use by", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    best_before = forms.DateField(
        label="Best before", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        repeat_no_choice(self)
        self.copies = copies_of(data) if data is not None else {}

    def clean(self) -> dict[str, Any]:
        """What only shows together: the place on the sheet, a roll for ZPL, and how many labels."""
        values = super().clean() or {}
        on, output = FORMATS.get(values.get("format", "")), values.get("output")
        if on is not None and output == PDF and (values.get("start") or 1) > on.per_page:
            self.add_error("start", f"This sheet has places 1 to {on.per_page}.")
        if on is not None and output == ZPL and not on.is_roll:
            self.add_error("format", "ZPL prints on rolls; this is a sheet.")
        if not self.copies:
            self.add_error(None, "Say how many labels of at least one article.")
        if sum(self.copies.values()) > MAX_COPIES:
            self.add_error(None, f"At most {MAX_COPIES} labels at a time.")
        return values

    def draft(self) -> PrintDraft:
        """What a valid form asks for."""
        values = self.cleaned_data
        said = {name: values[name] for name in ("use_by", "best_before")} | {"lot": values["lot"].strip()}
        return PrintDraft(
            output=values["output"],
            format_code=values["format"],
            paper=values["paper"],
            resolution=values["resolution"],
            start=values["start"] or 1,
            symbol=values["symbol"],
            fields=frozenset(values["fields_"]),
            labels=tuple(
                LabelDraft(variant_id=key, copies=count, **said) for key, count in self.copies.items()
            ),
        )


def copies_of(data: QueryDict) -> dict[UUID, int]:
    """The fields `copies-<variant>` with a number above 0, in the order of the page."""
    found: dict[UUID, int] = {}
    for name, text in data.items():
        prefix, _, key = name.partition("copies-")
        if prefix or not isinstance(text, str) or not _COPIES.fullmatch(text.strip()) or not int(text):
            continue
        try:
            found[UUID(key)] = int(text)
        except ValueError:
            continue
    return found
