"""Which amounts there are: the vendor's page on supported currencies, written down once more for the fake.

Typed by hand from that page (docs.stripe.com/currencies), and on purpose not taken from what is tested.
"""

from tests.contracts.stripe.world import Refusal

SMALLEST = {
    **dict.fromkeys(("aed", "myr", "pln", "ron"), 200),
    **dict.fromkeys(("nok", "sek"), 300),
    **dict.fromkeys(("mxn", "thb"), 1000),
    "gbp": 30,
    "bgn": 100,
    "dkk": 250,
    "hkd": 400,
    "czk": 1500,
    "huf": 17500,
    "kwd": 160,  # the page names none; it has to convert to 50 cents
}
USUAL = 50
THREE_DECIMAL = ("bhd", "jod", "kwd", "omr", "tnd")
WHOLE_UNITS = ("isk", "ugx")  # two digits, always zeros
MOST = 99_999_999  # eight digits


def must_have_unit(amount: int, currency: str, *, param: str = "amount") -> None:
    """Refuses what the vendor's partners could not pass on: in charges, captures and refunds alike."""
    if currency in THREE_DECIMAL and amount % 10:
        text = f"Invalid amount. The last digit of amounts in {currency.upper()} must be 0."
        raise Refusal(text, code="invalid_charge_amount", param=param)
    if currency in WHOLE_UNITS and amount % 100:
        text = f"Invalid amount. Amounts in {currency.upper()} must be evenly divisible by 100."
        raise Refusal(text, code="invalid_charge_amount", param=param)


def must_be_chargeable(amount: int, currency: str, *, param: str = "amount") -> None:
    """As little and as much as the vendor charges at once."""
    must_have_unit(amount, currency, param=param)
    if amount < SMALLEST.get(currency, USUAL):
        raise Refusal("Amount must convert to at least 50 cents.", code="amount_too_small", param=param)
    if amount > MOST:
        text = f"Amount must be no more than {MOST} in {currency}."
        raise Refusal(text, code="amount_too_large", param=param)
