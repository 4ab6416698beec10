"""Charts of accounts to start from, as data: numbers, names, and which posting keys are booked where.

A template is applied once and the merchant's to change afterwards; their accountant has the last word. Sales of a
tax class go to `sales` unless the merchant names another account of the template for the class, because only they
know which class is which rate.

Where the numbers come from: SKR03 and SKR04 are DATEV's standard charts (DATEV-Kontenrahmen, art. 11174 and 11175,
valid 2025); PCG is the French plan comptable général (règlement ANC no 2014-03, livre III, title IX); UK follows
the default nominal codes of Sage 50 Accounts, since the law names no chart there; the generic one is ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class TemplateAccount:
    """A line of a template: the accountant's number, its name, its side, and the keys that are booked there."""

    number: str
    name: str
    kind: str
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChartTemplate:
    """A chart to start from, and where it was read."""

    code: str
    name: str
    source: str
    accounts: tuple[TemplateAccount, ...]


def _chart(code: str, name: str, source: str, *rows: tuple[str, str, str, str]) -> ChartTemplate:
    accounts = tuple(
        TemplateAccount(number, label, kind, tuple(keys.split())) for number, label, kind, keys in rows
    )
    return ChartTemplate(code=code, name=name, source=source, accounts=accounts)


_GENERIC: Final = _chart(
    "generic",
    "Generic",
    "Fynlo",
    ("1000", "Cash in drawers", "asset", "cash"),
    ("1010", "Cash in the safe", "asset", "safe"),
    ("1020", "Bank", "asset", "bank"),
    ("1100", "Card and other receipts on their way", "asset", "tender payouts_unexplained"),
    ("1200", "Customers owe", "asset", "receivable house"),
    ("1300", "Stock", "asset", "inventory stock_production"),
    ("1310", "Stock on its way", "asset", "stock_in_transit"),
    ("2000", "Goods received, not billed", "liability", "goods_received"),
    ("2100", "Sales tax", "liability", "tax"),
    ("2200", "Tips owed to staff", "liability", "tips"),
    ("2300", "Gift cards and credit", "liability", "gift_cards credit refunds_owed"),
    ("3000", "Opening balances", "equity", "stock_opening gift_card_opening"),
    ("4000", "Sales", "income", "sales"),
    ("4100", "Service charges", "income", "service_charge"),
    ("4900", "Other income", "income", "paid_in gift_card_breakage"),
    ("5000", "Cost of goods sold", "expense", "cost_of_goods"),
    ("5100", "Waste and stock differences", "expense", "stock_waste stock_difference stock_revaluation"),
    ("6000", "Paid out of drawers", "expense", "paid_out"),
    ("6100", "Drawers over and short, rounding", "expense", "cash_over_short rounding gift_card_given"),
    ("6200", "Fees of payment providers", "expense", "fees"),
    ("6300", "Disputed payments", "expense", "disputes"),
)
_SKR03: Final = _chart(
    "skr03",
    "SKR03 (Germany)",
    "DATEV-Kontenrahmen SKR03, art. 11174",
    ("1000", "Kasse", "asset", "cash"),
    ("1010", "Nebenkasse 1", "asset", "safe"),
    ("1200", "Bank", "asset", "bank"),
    ("1360", "Geldtransit", "asset", "tender payouts_unexplained"),
    ("1400", "Forderungen aus Lieferungen und Leistungen", "asset", "receivable house"),
    ("3980", "Bestand Waren", "asset", "inventory stock_in_transit stock_production"),
    ("1600", "Verbindlichkeiten aus Lieferungen und Leistungen", "liability", "goods_received"),
    ("1700", "Sonstige Verbindlichkeiten", "liability", "tips gift_cards credit refunds_owed"),
    ("1770", "Umsatzsteuer", "liability", "tax"),
    ("1771", "Umsatzsteuer 7 %", "liability", "tax@0.07"),
    ("1776", "Umsatzsteuer 19 %", "liability", "tax@0.19"),
    ("9000", "Saldenvorträge, Sachkonten", "equity", "stock_opening gift_card_opening"),
    ("8100", "Steuerfreie Umsätze", "income", ""),
    ("8200", "Erlöse", "income", "sales service_charge"),
    ("8300", "Erlöse 7 % USt", "income", ""),
    ("8400", "Erlöse 19 % USt", "income", ""),
    ("2700", "Sonstige Erträge", "income", "paid_in gift_card_breakage"),
    ("4000", "Material- und Stoffverbrauch", "expense", "cost_of_goods"),
    ("3960", "Bestandsveränderungen", "expense", "stock_waste stock_difference stock_revaluation"),
    ("2300", "Sonstige Aufwendungen", "expense", "cash_over_short rounding disputes gift_card_given"),
    ("4900", "Sonstige betriebliche Aufwendungen", "expense", "paid_out"),
    ("4970", "Nebenkosten des Geldverkehrs", "expense", "fees"),
)
_SKR04: Final = _chart(
    "skr04",
    "SKR04 (Germany)",
    "DATEV-Kontenrahmen SKR04, art. 11175",
    ("1600", "Kasse", "asset", "cash"),
    ("1610", "Nebenkasse 1", "asset", "safe"),
    ("1800", "Bank", "asset", "bank"),
    ("1460", "Geldtransit", "asset", "tender payouts_unexplained"),
    ("1200", "Forderungen aus Lieferungen und Leistungen", "asset", "receivable house"),
    ("1140", "Waren (Bestand)", "asset", "inventory stock_in_transit stock_production"),
    ("3300", "Verbindlichkeiten aus Lieferungen und Leistungen", "liability", "goods_received"),
    ("3500", "Sonstige Verbindlichkeiten", "liability", "tips gift_cards credit refunds_owed"),
    ("3800", "Umsatzsteuer", "liability", "tax"),
    ("3801", "Umsatzsteuer 7 %", "liability", "tax@0.07"),
    ("3806", "Umsatzsteuer 19 %", "liability", "tax@0.19"),
    ("9000", "Saldenvorträge, Sachkonten", "equity", "stock_opening gift_card_opening"),
    ("4100", "Steuerfreie Umsätze", "income", ""),
    ("4200", "Erlöse", "income", "sales service_charge"),
    ("4300", "Erlöse 7 % USt", "income", ""),
    ("4400", "Erlöse 19 % USt", "income", ""),
    ("4830", "Sonstige betriebliche Erträge", "income", "paid_in gift_card_breakage"),
    ("5000", "Aufwendungen für bezogene Waren", "expense", "cost_of_goods"),
    ("5880", "Bestandsveränderungen", "expense", "stock_waste stock_difference stock_revaluation"),
    (
        "6300",
        "Sonstige betriebliche Aufwendungen",
        "expense",
        "cash_over_short rounding paid_out disputes gift_card_given",
    ),
    ("6855", "Nebenkosten des Geldverkehrs", "expense", "fees"),
)
_PCG: Final = _chart(
    "pcg",
    "Plan comptable général (France)",
    "Règlement ANC no 2014-03",
    ("530", "Caisse", "asset", "cash"),
    ("531", "Caisse siège social", "asset", "safe"),
    ("511", "Valeurs à l'encaissement", "asset", "tender payouts_unexplained"),
    ("512", "Banques", "asset", "bank"),
    ("411", "Clients", "asset", "receivable house"),
    ("370", "Stocks de marchandises", "asset", "inventory"),
    ("380", "Stocks en voie d'acheminement", "asset", "stock_in_transit"),
    ("331", "Produits en cours", "asset", "stock_production"),
    ("408", "Fournisseurs, factures non parvenues", "liability", "goods_received"),
    ("4198", "Avoirs à établir", "liability", "credit refunds_owed"),
    ("4191", "Avances et acomptes reçus", "liability", "gift_cards"),
    ("467", "Autres comptes débiteurs ou créditeurs", "liability", "tips"),
    ("44571", "TVA collectée", "liability", "tax"),
    ("890", "Bilan d'ouverture", "equity", "stock_opening gift_card_opening"),
    ("706", "Prestations de services", "income", "service_charge"),
    ("707", "Ventes de marchandises", "income", "sales"),
    ("758", "Produits divers de gestion courante", "income", "paid_in gift_card_breakage"),
    (
        "6037",
        "Variation des stocks de marchandises",
        "expense",
        "cost_of_goods stock_waste stock_difference stock_revaluation",
    ),
    ("627", "Services bancaires", "expense", "fees"),
    (
        "658",
        "Charges diverses de gestion courante",
        "expense",
        "paid_out cash_over_short rounding disputes gift_card_given",
    ),
)
_UK: Final = _chart(
    "uk",
    "United Kingdom",
    "Sage 50 Accounts, default nominal codes",
    ("1200", "Bank current account", "asset", "bank"),
    ("1230", "Cash in tills", "asset", "cash"),
    ("1235", "Cash in the safe", "asset", "safe"),
    ("1250", "Card and other receipts", "asset", "tender payouts_unexplained"),
    ("1100", "Debtors control account", "asset", "receivable house"),
    ("1001", "Stock", "asset", "inventory stock_in_transit"),
    ("1002", "Work in progress", "asset", "stock_production"),
    ("2109", "Accruals", "liability", "goods_received tips"),
    ("2200", "VAT on sales", "liability", "tax"),
    ("2250", "Gift vouchers and credit notes", "liability", "gift_cards credit refunds_owed"),
    ("3200", "Retained earnings", "equity", "stock_opening gift_card_opening"),
    ("4000", "Sales", "income", "sales"),
    ("4900", "Miscellaneous income", "income", "service_charge paid_in gift_card_breakage"),
    ("5000", "Materials purchased", "expense", "cost_of_goods"),
    ("5200", "Stock movements", "expense", "stock_waste stock_difference stock_revaluation"),
    ("7901", "Bank charges", "expense", "fees"),
    ("8250", "Sundry expenses", "expense", "paid_out cash_over_short rounding disputes gift_card_given"),
)
TEMPLATES: Final[Mapping[str, ChartTemplate]] = MappingProxyType(
    {chart.code: chart for chart in (_GENERIC, _SKR03, _SKR04, _PCG, _UK)}
)
