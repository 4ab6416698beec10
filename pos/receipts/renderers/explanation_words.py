"""The words in which a price is explained, in the languages receipts are printed in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language. `{name}` and the like are filled in by whoever writes the sentence."""

    order: str
    list_price: str
    price_list: str
    override: str
    label: str
    modifiers: str
    quantity: str
    pieces: str
    combo: str
    discount: str
    promotion: str
    order_discount: str
    contained_tax_removed: str
    tax_contained: str
    tax_added: str
    line_total: str
    lines: str
    service_charge: str
    tip: str
    total: str
    payable: str
    unnamed: str


ENGLISH = Words(
    order="Order {reference}",
    list_price="Price in the catalogue",
    price_list="Price list {name}",
    override="Price set at the till",
    label="Price printed on the label",
    modifiers="With {names}",
    quantity="For {quantity}",
    pieces="Times {quantity}",
    combo="Chosen: {names}",
    discount="Discount: {name}",
    promotion="Offer: {name}",
    order_discount="Its share of the discount on the order: {name}",
    contained_tax_removed="Tax in the price that is not charged",
    tax_contained="of which {name}: {amount}",
    tax_added="{name}, added",
    line_total="Comes to",
    lines="All lines together",
    service_charge="Service charge: {name}",
    tip="Tip",
    total="Total {currency}",
    payable="To pay {currency}",
    unnamed="by hand",
)
GERMAN = Words(
    order="Bestellung {reference}",
    list_price="Preis laut Sortiment",
    price_list="Preisliste {name}",
    override="An der Kasse eingegebener Preis",
    label="Auf dem Etikett gedruckter Preis",
    modifiers="Mit {names}",
    quantity="Für {quantity}",
    pieces="Mal {quantity}",
    combo="Gewählt: {names}",
    discount="Rabatt: {name}",
    promotion="Aktion: {name}",
    order_discount="Anteil am Rabatt auf die Bestellung: {name}",
    contained_tax_removed="Enthaltene Steuer, die nicht berechnet wird",
    tax_contained="davon {name}: {amount}",
    tax_added="{name}, dazu",
    line_total="Ergibt",
    lines="Alle Positionen zusammen",
    service_charge="Bedienungszuschlag: {name}",
    tip="Trinkgeld",
    total="Summe {currency}",
    payable="Zu zahlen {currency}",
    unnamed="von Hand",
)
FRENCH = Words(
    order="Commande {reference}",
    list_price="Prix du catalogue",
    price_list="Tarif {name}",
    override="Prix saisi à la caisse",
    label="Prix imprimé sur l’étiquette",
    modifiers="Avec {names}",
    quantity="Pour {quantity}",
    pieces="Fois {quantity}",
    combo="Choisi : {names}",
    discount="Remise : {name}",
    promotion="Offre : {name}",
    order_discount="Sa part de la remise sur la commande : {name}",
    contained_tax_removed="Taxe comprise non facturée",
    tax_contained="dont {name} : {amount}",
    tax_added="{name}, en plus",
    line_total="Fait",
    lines="Toutes les lignes",
    service_charge="Service : {name}",
    tip="Pourboire",
    total="Total {currency}",
    payable="À payer {currency}",
    unnamed="à la main",
)
_LANGUAGES = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH}


def words_for(language: str) -> Words:
    """The words of a language tag, by its first part; English where there are none."""
    return _LANGUAGES.get(language.casefold().partition("-")[0], ENGLISH)
