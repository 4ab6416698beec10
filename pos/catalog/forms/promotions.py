"""The form of a promotion: choose what it gives, and the fields of that appear."""

from typing import Any, Final

from unfold.widgets import UnfoldAdminTextInputWidget

from fynlo.backoffice.sheets import Choice, Either, Money, Number, Object, Percent, Rows, Whole
from fynlo.backoffice.sheets.fields import CellField
from pos.catalog.forms.conditions import Selector, when_sheet
from pos.catalog.forms.documents import DocumentForm, sheet
from pos.catalog.models import Promotion

KINDS: Final = (
    ("percent_off", "A share off each line"),
    ("amount_off", "An amount off each unit"),
    ("fixed_price", "Each unit for a price"),
    ("buy_get", "Buy some, get some cheaper"),
    ("n_for_price", "So many for a price"),
    ("cheapest_free", "The cheapest of so many is free"),
    ("threshold", "Something off from an amount on"),
    ("tiered", "The more, the more off"),
    ("bundle", "Different things cheaper together"),
)
_SELECTING: Final = tuple(kind for kind, _ in KINDS if kind not in ("buy_get", "bundle"))


def _off(name: str = "off") -> Either:
    return Either(
        name,
        "Gives",
        (Percent("percent", "% off", needed=True), Money("amount_minor", "an amount off", needed=True)),
        width=3,
    )


class RuleSheet(Object):
    """The rule of a promotion. An amount that tiers begin at is typed in units of the currency."""

    def show(self, value: Any) -> Any:
        """With the amounts of tiers in units of the currency."""
        shown = super().show(value)
        if value and value.get("kind") == "tiered" and value.get("measure") == "amount":
            money = Money("from", "From")
            shown["tiers"] = [
                {**row, "from": money.show(int(tier["from"]))}
                for row, tier in zip(shown["tiers"], value["tiers"], strict=True)
            ]
        return shown

    def read(self, given: Any, pointer: str, problems: list[tuple[str, str]]) -> Any:
        """With the amounts of tiers in minor units."""
        made = super().read(given, pointer, problems)
        if made.get("kind") == "tiered" and made.get("measure") == "amount" and not problems:
            money = Money("from", "From")
            for place, tier in enumerate(made["tiers"]):
                tier["from"] = str(money.read(tier["from"], f"{pointer}/tiers/{place}/from", problems))
        return made


def rule_sheet() -> RuleSheet:
    """Cells of every kind of rule; those of the chosen kind are asked for."""
    return RuleSheet(
        "rule",
        "What it gives",
        (
            Choice("kind", "Kind", KINDS, width=4),
            Percent("percent", "Share off", when=("kind", ("percent_off",)), width=1, needed=True),
            Money("amount_minor", "Off each unit", when=("kind", ("amount_off",)), width=2, needed=True),
            Whole("n", "So many", when=("kind", ("n_for_price", "cheapest_free")), width=1, needed=True),
            Money(
                "price_minor",
                "For this price",
                when=("kind", ("fixed_price", "n_for_price")),
                width=2,
                needed=True,
            ),
            Money("minimum_minor", "From an amount of", when=("kind", ("threshold",)), width=2, needed=True),
            _when(_off(), "threshold"),
            Choice(
                "measure",
                "Counted by",
                (("quantity", "pieces"), ("amount", "amount")),
                when=("kind", ("tiered",)),
            ),
            Rows(
                "tiers",
                "Tiers",
                (Number("from", "From", width=1, needed=True), _off()),
                add="Add a tier",
                plain=True,
                width=4,
                when=("kind", ("tiered",)),
            ),
            Selector("select", "On what", when=("kind", _SELECTING)),
            Whole("buy_quantity", "Buy", when=("kind", ("buy_get",)), width=1, needed=True),
            Selector("buy", "of", when=("kind", ("buy_get",))),
            Whole("get_quantity", "Get", when=("kind", ("buy_get",)), width=1, needed=True),
            _GetShare("percent_of_got", "cheaper by", when=("kind", ("buy_get",)), width=1, blank="100"),
            Selector("get", "of", none="the same goods", when=("kind", ("buy_get",))),
            _when(
                Either(
                    "for",
                    "Together",
                    (Money("price_minor", "cost", needed=True), Percent("percent", "% off", needed=True)),
                    width=3,
                ),
                "bundle",
            ),
            Rows(
                "parts",
                "What belongs together",
                (Whole("quantity", "Pieces", width=1, blank="1", needed=True), Selector("select", "of")),
                add="Add a part",
                ordered=True,
                width=4,
                when=("kind", ("bundle",)),
                help="Each part takes the dearest pieces that fit, in this order: put the narrow part first.",
            ),
        ),
    )


class _GetShare(Percent):
    """The share of what is got: called `percent` in the rule, as other kinds call theirs."""

    def show_in(self, row: dict[str, Any]) -> Any:
        """All of it when nothing is said."""
        return self.show(row.get("percent", "1"))

    def read_in(
        self, row: dict[str, Any], made: dict[str, Any], pointer: str, problems: list[tuple[str, str]]
    ) -> None:
        """As `percent`."""
        value = self.read(row.get(self.name, "100"), f"{pointer}/{self.name}", problems)
        if isinstance(value, str):
            made["percent"] = value


def _when(cell: Either, kind: str) -> Either:
    cell.when = ("kind", (kind,))
    return cell


class PromotionForm(DocumentForm):
    """A promotion."""

    kind = "promotion"
    renamed = {"is_exclusive": "exclusive"}

    rule = sheet(rule_sheet())
    when = sheet(when_sheet())
    excluded = sheet(Selector("excluded", "Never on", none="nothing is left out"))
    cap_minor = CellField(
        Money("cap_minor", "At most in one order", help="Leave empty for no limit.", empty=None),
        widget=UnfoldAdminTextInputWidget,
    )

    class Meta:
        model = Promotion
        fields = ("name", "priority", "group", "is_exclusive", "max_applications", "is_active")
        labels = {
            "group": "Group",
            "is_exclusive": "Shares a line with no other promotion",
            "max_applications": "How often in one order",
        }
        help_texts = {
            "priority": "Smaller comes first.",
            "group": "A line gets one promotion of a group, the first.",
            "max_applications": "Counts groups and bundles; leave empty for no limit.",
        }

    def value_of(self, name: str) -> Any:
        """A group that is not named is none."""
        value = super().value_of(name)
        return value or None if name == "group" else value
