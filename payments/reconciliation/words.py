"""What people read on the pages of reconciliation where the database has codes. Pure data; the API tells codes."""

from types import MappingProxyType
from typing import Final

from payments.gateways import words as payments
from payments.gateways.words import Words, word
from payments.ledger.accounts import UnknownAccount, planned

RUN: Final[Words] = MappingProxyType({"running": "Running", "done": "Done", "failed": "Given up"})
STEP: Final[Words] = MappingProxyType(
    {
        "listing": "reading the provider's list",
        "matching": "comparing its lines with ours",
        "comparing": "comparing ours with its lines",
        "posting": "booking payouts",
        "closing": "closing",
    }
)
REASON: Final[Words] = MappingProxyType(
    {
        "asked": "Asked for",
        "asked_again": "Asked for while another one ran",
        "nightly": "Every night",
        "bell": "A payout was announced",
    }
)
"""Why a run was begun."""
PAYOUT: Final[Words] = MappingProxyType(
    {
        "pending": "On its way",
        "in_transit": "On its way",
        "reconciling": "Arrived; the provider is still putting its lines together",
        "paid": "Paid out",
        "failed": "Failed",
        "canceled": "Cancelled",
        "cancelled": "Cancelled",
    }
)
LINE: Final[Words] = MappingProxyType(
    {"new": "Not compared yet", "matched": "Agrees", "listed": "Does not agree"}
)
CATEGORY: Final[Words] = MappingProxyType(
    {
        "charge": "Payment",
        "payment": "Payment",
        "charge_failure": "Payment that failed after all",
        "partial_capture_reversal": "Part that was not taken",
        "refund": "Refund",
        "refund_failure": "Refund that failed",
        "dispute": "Taken back by the guest's bank",
        "dispute_reversal": "Dispute won",
        "fee": "Fee",
        "network_cost": "Costs of card networks",
        "tax": "Tax on fees",
        "payout": "Payout",
        "payout_reversal": "Payout that came back",
        "adjustment": "Correction",
        "other_adjustment": "Correction",
    }
)
DISPUTE: Final[Words] = MappingProxyType(
    {
        "needs_response": "Wants an answer",
        "under_review": "Being decided",
        "won": "Won",
        "lost": "Lost",
        "closed": "Closed",
    }
)
DISPUTED: Final[Words] = MappingProxyType(
    {
        "fraudulent": "The cardholder did not pay this",
        "duplicate": "Charged twice",
        "product_not_received": "Nothing was delivered",
        "product_unacceptable": "Not as described",
        "credit_not_processed": "A refund did not arrive",
        "subscription_canceled": "Cancelled before",
        "unrecognized": "The cardholder does not recognise it",
        "general": "No reason was given",
    }
)
"""Why a guest's bank takes money back, by Stripe's word for it."""
DONE: Final[Words] = MappingProxyType(
    {
        "looked_again": "Looked again",
        "given_back": "Given back",
        "settled": "Put to its order",
        "accepted": "Accepted",
        "to_fees": "Booked as a fee",
        "agrees": "Agrees by now",
    }
)
"""What was done about a difference."""
PAPER: Final[Words] = MappingProxyType(
    {
        "order": "What was sold",
        "receipt": "The receipt",
        "signature": "The signature",
        "card": "The card",
        "served_on": "Day of the sale",
        "log": "What was done when",
        "activity": "What was done when",
        "note": "In your own words",
    }
)
"""Evidence by its name."""
CARD: Final[Words] = MappingProxyType(
    {
        "brand": "Card",
        "last4": "Last four digits",
        "wallet": "Wallet",
        "application": "Application",
        "aid": "AID",
        "account_type": "Account type",
        "authorisation_code": "Authorisation",
        "response_code": "ARC",
        "verification": "Cardholder known by",
        "cryptogram": "AC",
        "tvr": "TVR",
        "tsi": "TSI",
        "slip_number": "Slip",
    }
)
"""What is kept of a card, as receipts name it."""


def side(text: str) -> str:
    """A state of ours or a category of the provider's, as one side of a difference tells it."""
    for table in (payments.ATTEMPT, payments.REFUND, CATEGORY, PAYOUT):
        if text in table:
            return table[text]
    return word(text, {}) if "_" in text else text


def account(key: str) -> str:
    """The name of the account behind a posting key."""
    try:
        return planned(key).name if key else ""
    except UnknownAccount:
        return word(key, {})
