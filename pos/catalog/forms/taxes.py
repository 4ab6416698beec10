"""The form of a tax class: rules by what is sold where and to whom, the last one for everything else."""

from typing import Any

from fynlo.backoffice.sheets import Either, Flag, Money, Percent, Rows, Text
from pos.catalog.forms.conditions import when_sheet
from pos.catalog.forms.documents import DocumentForm, sheet
from pos.catalog.models import TaxClass


class Compound(Flag):
    """Only taxes by rate can be on top of others."""

    def read_in(
        self, row: dict[str, Any], made: dict[str, Any], pointer: str, problems: list[tuple[str, str]]
    ) -> None:
        """Left out where it means nothing."""
        if "rate" in made:
            super().read_in(row, made, pointer, problems)


def rules_sheet() -> Rows:
    """Rules in order: the first whose conditions hold decides."""
    components = (
        Text("code", "Code", width=1, needed=True, placeholder="vat"),
        Text("name", "Name on the receipt", width=2, placeholder="VAT 19 %"),
        Either(
            "tax",
            "Tax",
            (Percent("rate", "rate", needed=True), Money("per_unit_minor", "per piece", needed=True)),
            width=3,
        ),
        Compound("compound", "on top of those above"),
    )
    return Rows(
        "rules",
        "Rules",
        (
            Rows("components", "Taxes", components, add="Add a tax", plain=True, ordered=True, width=4),
            Flag("inclusive", "Prices contain the tax", blank=True),
            Flag("net_of_contained", "Take the usual tax out of the price first"),
            when_sheet("when", "Only when …", below=True),
        ),
        add="Add a rule",
        ordered=True,
        help="The first rule whose conditions hold decides; the last one has none: it is for everything else.",
    )


class TaxClassForm(DocumentForm):
    """A tax class."""

    kind = "tax_class"
    rules = sheet(rules_sheet())

    class Meta:
        model = TaxClass
        fields = ("code", "name")
        help_texts = {"code": "Accounts of the books are called by it: it stays for ever."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding and "rules" in self.fields:
            rate = {"code": "", "name": "", "rate": None, "compound": False}
            default = {"when": {}, "inclusive": True, "net_of_contained": False, "components": [rate]}
            self.initial.setdefault("rules", [default])
