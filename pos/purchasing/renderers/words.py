"""The words and number forms of papers to suppliers in the languages they are written in. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from fynlo.core.money import Money, exponent, format_money
from pos.pricing.decimals import plain_decimal
from pos.purchasing.documents import PURCHASE_ORDER, SUPPLIER_RETURN


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language. Dates are `strftime` patterns of digits only, so that no locale changes them."""

    titles: dict[str, str]
    date_label: str
    deliver_on: str
    deliver_to: str
    customer_number: str
    reference: str
    tax_number: str
    code: str
    description: str
    packs: str
    pack: str
    price: str
    amount: str
    sku: str
    lines_total: str
    total: str
    without_price: str
    note: str
    page: str
    draft: str
    cancelled: str
    each: str
    decimal_mark: str
    date: str

    def money(self, minor: int, currency: str) -> str:
        """An amount without its currency: `1250,00`."""
        return format_money(Money(minor, currency)).replace(".", self.decimal_mark)

    def exact_money(self, minor: Decimal, currency: str) -> str:
        """A price whose parts may be finer than the currency's: `0,2145`; at least the currency's digits."""
        return exact_major(minor, currency).replace(".", self.decimal_mark)

    def decimal(self, value: Decimal) -> str:
        """A quantity without trailing zeros: `0,335`."""
        return plain_decimal(value).replace(".", self.decimal_mark)

    def unit(self, unit: str) -> str:
        """A unit as people write it."""
        return self.each if unit == "each" else unit


def exact_major(minor: Decimal, currency: str) -> str:
    """Minor units as major ones with a point, exactly, with at least the currency's digits: `0.2145`, `12.50`."""
    places = exponent(currency)
    whole, _, part = f"{minor.scaleb(-places):f}".partition(".")
    part = part.rstrip("0").ljust(places, "0")
    return f"{whole}.{part}" if part else whole


ENGLISH: Final = Words(
    titles={PURCHASE_ORDER: "Purchase order", SUPPLIER_RETURN: "Return to supplier"},
    date_label="Date",
    deliver_on="Deliver on",
    deliver_to="Deliver to",
    customer_number="Our customer no.",
    reference="Your reference",
    tax_number="Tax no.",
    code="Your code",
    description="Description",
    packs="Packs",
    pack="Pack of",
    price="Price",
    amount="Amount",
    sku="Our code",
    lines_total="Goods",
    total="Total",
    without_price="as agreed",
    note="Note",
    page="Page {number} of {count}",
    draft="DRAFT - NOT AN ORDER",
    cancelled="CANCELLED",
    each="pcs",
    decimal_mark=".",
    date="%Y-%m-%d",
)
GERMAN: Final = Words(
    titles={PURCHASE_ORDER: "Bestellung", SUPPLIER_RETURN: "Rücksendung"},
    date_label="Datum",
    deliver_on="Liefertermin",
    deliver_to="Lieferanschrift",
    customer_number="Unsere Kundennr.",
    reference="Ihr Zeichen",
    tax_number="Steuernr.",
    code="Ihre Nr.",
    description="Bezeichnung",
    packs="Menge",
    pack="Gebinde",
    price="Preis",
    amount="Betrag",
    sku="Unsere Nr.",
    lines_total="Waren",
    total="Gesamt",
    without_price="nach Vereinbarung",
    note="Hinweis",
    page="Seite {number} von {count}",
    draft="ENTWURF - KEINE BESTELLUNG",
    cancelled="STORNIERT",
    each="Stk.",
    decimal_mark=",",
    date="%d.%m.%Y",
)
FRENCH: Final = Words(
    titles={PURCHASE_ORDER: "Bon de commande", SUPPLIER_RETURN: "Retour fournisseur"},
    date_label="Date",
    deliver_on="Livraison le",
    deliver_to="Adresse de livraison",
    customer_number="Notre n° de client",
    reference="Votre référence",
    tax_number="N° fiscal",
    code="Votre réf.",
    description="Désignation",
    packs="Colis",
    pack="Colis de",
    price="Prix",
    amount="Montant",
    sku="Notre réf.",
    lines_total="Marchandises",
    total="Total",
    without_price="selon accord",
    note="Remarque",
    page="Page {number} sur {count}",
    draft="BROUILLON - PAS UNE COMMANDE",
    cancelled="ANNULÉ",
    each="pièces",
    decimal_mark=",",
    date="%d/%m/%Y",
)
_LANGUAGES: Final = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH}


def words_for(language: str) -> Words:
    """The words of a language tag, by its first part; English where there are none: `de-AT` is German."""
    return _LANGUAGES.get(language.casefold().partition("-")[0], ENGLISH)
