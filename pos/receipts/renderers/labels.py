"""The words and number forms of a receipt in the languages it is printed in."""

from dataclasses import dataclass
from decimal import Decimal

from fynlo.core.money import Money, format_money
from pos.pricing.decimals import plain_decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """One language. Dates are `strftime` patterns of digits only, so that no locale changes them."""

    receipt: str
    business_day: str
    subtotal: str
    total: str
    change: str
    due: str
    net: str
    tax: str
    gross: str
    training: str
    discount: str
    removed_tax: str
    tip: str
    payable: str
    rounding: str
    lot: str
    use_by: str
    note: str
    order_types: dict[str, str]
    decimal_mark: str
    date: str
    units: dict[str, str]

    def amount(self, *, minor: int, currency: str) -> str:
        """An amount without its currency: `12,50`, `-0,05`, `1250` for yen."""
        return format_money(Money(minor, currency)).replace(".", self.decimal_mark)

    def decimal(self, value: Decimal) -> str:
        """A quantity or rate without trailing zeros: `0,335`, `8,875`."""
        return plain_decimal(value).replace(".", self.decimal_mark)


_UNITS = {"kg": "kg", "g": "g", "l": "l", "ml": "ml", "m": "m"}

ENGLISH = Labels(
    receipt="Receipt",
    business_day="Trading day",
    subtotal="Subtotal",
    total="TOTAL",
    change="Change",
    due="Due",
    net="Net",
    tax="Tax",
    gross="Gross",
    training="TRAINING - NOT A SALE",
    discount="Discount",
    removed_tax="Tax not charged",
    tip="Tip",
    payable="TO PAY",
    rounding="Rounding",
    lot="Lot",
    use_by="Use by",
    note="Note:",
    order_types={
        "dine_in": "Eat in",
        "take_away": "Take away",
        "pickup": "Collection",
        "delivery": "Delivery",
    },
    decimal_mark=".",
    date="%Y-%m-%d",
    units=_UNITS,
)
GERMAN = Labels(
    receipt="Bon",
    business_day="Geschäftstag",
    subtotal="Zwischensumme",
    total="SUMME",
    change="Rückgeld",
    due="Offen",
    net="Netto",
    tax="Steuer",
    gross="Brutto",
    training="ÜBUNG - KEIN VERKAUF",
    discount="Rabatt",
    removed_tax="Nicht berechnete Steuer",
    tip="Trinkgeld",
    payable="ZU ZAHLEN",
    rounding="Rundung",
    lot="Charge",
    use_by="Zu verbrauchen bis",
    note="Hinweis:",
    order_types={
        "dine_in": "Im Haus",
        "take_away": "Zum Mitnehmen",
        "pickup": "Abholung",
        "delivery": "Lieferung",
    },
    decimal_mark=",",
    date="%d.%m.%Y",
    units=_UNITS,
)
FRENCH = Labels(
    receipt="Ticket",
    business_day="Journée du",
    subtotal="Sous-total",
    total="TOTAL",
    change="Rendu",
    due="Reste à payer",
    net="HT",
    tax="Taxe",
    gross="TTC",
    training="FORMATION - PAS UNE VENTE",
    discount="Remise",
    removed_tax="Taxe non facturée",
    tip="Pourboire",
    payable="À PAYER",
    rounding="Arrondi",
    lot="Lot",
    use_by="À consommer jusqu’au",
    note="Note :",
    order_types={
        "dine_in": "Sur place",
        "take_away": "À emporter",
        "pickup": "À retirer",
        "delivery": "Livraison",
    },
    decimal_mark=",",
    date="%d/%m/%Y",
    units=_UNITS,
)
_LANGUAGES = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH}


def labels_for(language: str) -> Labels:
    """The labels of a language tag, by its first part; English where there are none: `de-AT` is German."""
    return _LANGUAGES.get(language.casefold().partition("-")[0], ENGLISH)
