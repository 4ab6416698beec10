"""Which prices are looked at, and by how much they change."""

from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django import forms

from fynlo.backoffice.columns import minor_digits
from fynlo.backoffice.pages import repeat_no_choice
from pos.catalog.admin.choosing import Tree
from pos.catalog.repricing import ENDINGS, Change
from pos.catalog.searching import MAX_QUERY

KINDS: Final = (("percent", "%"), ("amount", "amount"))
_MOST: Final = Decimal(1_000_000)


class PriceFilterForm(forms.Form):
    """Which variants."""

    q = forms.CharField(
        label="Search", required=False, max_length=MAX_QUERY, widget=forms.TextInput({"type": "search"})
    )
    category = forms.ChoiceField(required=False)
    inactive = forms.BooleanField(label="also what is not sold", required=False)

    def __init__(self, *args: Any, tree: Tree, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        repeat_no_choice(self)
        category: Any = self.fields["category"]
        category.choices = [("", "all"), *tree.choices()]


class ChangeForm(forms.Form):
    """By how much, and how the new prices end."""

    by = forms.DecimalField(
        label="Change by",
        min_value=-_MOST,
        max_value=_MOST,
        max_digits=12,
        decimal_places=4,
        widget=forms.NumberInput({"step": "any", "placeholder": "3 or -0.20"}),
    )
    kind = forms.ChoiceField(label="of", choices=KINDS)
    ending = forms.ChoiceField(label="Ending", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        repeat_no_choice(self)
        ending: Any = self.fields["ending"]
        ending.choices = [(each, _ending(each)) for each in ENDINGS]

    def clean(self) -> dict[str, Any]:
        """A change that can be made: not below nothing, not finer than the currency."""
        values = super().clean() or self.cleaned_data
        by = values.get("by")
        if by is not None and values.get("kind") == "percent" and by < -100:  # noqa: PLR2004  # all of it
            self.add_error("by", "No more than 100 % can go.")
        if by is not None and values.get("kind") == "amount" and by.scaleb(minor_digits()) % 1:
            self.add_error("by", "The currency has no such small parts.")
        return values

    def change(self) -> Change:
        """What the (valid) form says."""
        values = self.cleaned_data
        if values["kind"] == "percent":
            return Change(percent=Fraction(values["by"]) / 100, ending=values["ending"])
        return Change(amount_minor=int(values["by"].scaleb(minor_digits())), ending=values["ending"])


def _ending(ending: str) -> str:
    if not ending:
        return "to the smallest coin"
    digits = minor_digits()
    if digits == 2:  # noqa: PLR2004  # cents
        return {"05": "to .05", "50": "to .50", "09": "on 9: .09, .19 …"}.get(ending, f"on .{ending}")
    return {"05": "to 5", "50": "to 50", "09": "on 9", "99": "on 99", "00": "to 100"}[ending]
