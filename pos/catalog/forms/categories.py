"""The forms of a category and of the catalogue's settings."""

from typing import Any, Final

from django import forms
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from fynlo.core.money import Money, format_money
from fynlo.core.tenancy import current_tenant
from pos.catalog.documents.checking import SETTINGS_UUID
from pos.catalog.documents.reading import SETTINGS_ID, read_documents
from pos.catalog.forms.documents import DocumentForm, version_of
from pos.catalog.models import CatalogHead, Category
from pos.catalog.models.head import CASH_INCREMENTS

SCOPES: Final = (
    ("per_line", "on each line"),
    ("per_rate", "once for each tax of the order"),
    ("per_order", "once for the order"),
)
MODES: Final = (("half_up", "is rounded up"), ("half_even", "is rounded to the even one"))


class CategoryForm(DocumentForm):
    """A category: where it is in the tree, and the colour of its button."""

    kind = "category"
    renamed = {"parent": "parent_id"}

    class Meta:
        model = Category
        fields = ("name", "parent", "position", "color")
        labels = {"color": "Colour of its button"}
        widgets = {"color": UnfoldAdminTextInputWidget(attrs={"placeholder": "#0f766e"})}

    def shown(self) -> Any:
        """The document; the parent is chosen by its row."""
        return ((name, value) for name, value in super().shown() if name != "parent")

    def value_of(self, name: str) -> Any:
        """The parent's id."""
        value = super().value_of(name)
        return (str(value.pk) if value else None) if name == "parent" else value


class SettingsForm(DocumentForm):
    """How the merchant rounds."""

    kind = "settings"
    renamed = {"rounding_scope": "rounding"}

    rounding_scope = forms.ChoiceField(
        label="Taxes are rounded",
        choices=SCOPES,
        widget=UnfoldAdminSelectWidget,
    )
    rounding_mode = forms.ChoiceField(
        label="Half a unit",
        choices=MODES,
        widget=UnfoldAdminSelectWidget,
    )
    cash_increment = forms.TypedChoiceField(
        label="Cash is paid in steps of",
        coerce=int,
        widget=UnfoldAdminSelectWidget,
        help_text="Only what is paid in cash is rounded, at the tender; the order keeps its total.",
    )

    class Meta:
        model = CatalogHead
        fields = ("rounding_scope", "rounding_mode", "cash_increment")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        currency = current_tenant().currency
        self.document = read_documents(kind="settings")[SETTINGS_ID]
        self.initial["version"] = version_of(self.document)
        if "cash_increment" in self.fields:
            steps = [(step, f"{format_money(Money(step, currency))} {currency}") for step in CASH_INCREMENTS]
            self.fields["cash_increment"].choices = steps  # type: ignore[attr-defined]

    def stated(self) -> dict[str, Any]:
        """The settings as a document."""
        values = self.cleaned_data
        return {
            "id": str(SETTINGS_UUID),
            "rounding": {"scope": values["rounding_scope"], "mode": values["rounding_mode"]},
            "cash_increment": values["cash_increment"],
        }
