"""Why a payment was not taken, by the vendor's code: what a cashier may be told, and what nobody is told. Pure.

Vendors' lists of codes are open. One that is not here has no reason: it was declined, that is all. Where a bank
reports a card as lost, stolen or misused, whoever stands there is told the same as for any decline (Stripe's page
on decline codes asks for it); the merchant reads the code in the back office.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

UNTOLD: Final = frozenset(
    (
        "fraudulent",
        "lost_card",
        "stolen_card",
        "merchant_blacklist",
        "pickup_card",
        "restricted_card",
        "security_violation",
    )
)
"""Codes that say or suggest that the card is not theirs."""
TOLD_INSTEAD: Final = "card_declined"
"""The code a till is told for them."""
TEXT_INSTEAD: Final = "The card was declined."

OF_DECLINE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "insufficient_funds": "no_money",
        "card_velocity_exceeded": "limit",
        "withdrawal_count_limit_exceeded": "limit",
        "expired_card": "expired_card",
        "incorrect_pin": "wrong_pin",
        "invalid_pin": "wrong_pin",
        "pin_wrong": "wrong_pin",
        "pin_try_exceeded": "pin_blocked",
        "pin_delayed": "pin_blocked",
        "offline_pin_required": "insert_card",
        "online_or_offline_pin_required": "insert_card",
        "card_not_supported": "not_supported",
        "currency_not_supported": "not_supported",
        "not_permitted": "not_supported",
        "service_not_allowed": "not_supported",
        "transaction_not_allowed": "not_supported",
        "incorrect_address": "wrong_details",
        "incorrect_cvc": "wrong_details",
        "incorrect_number": "wrong_details",
        "incorrect_zip": "wrong_details",
        "invalid_cvc": "wrong_details",
        "invalid_expiry_month": "wrong_details",
        "invalid_expiry_year": "wrong_details",
        "invalid_number": "wrong_details",
        "issuer_not_available": "bank_silent",
        "processing_error": "bank_silent",
        "reenter_transaction": "bank_silent",
        "try_again_later": "bank_silent",
        "live_mode_test_card": "test_card",
        "testmode_decline": "test_card",
        "gift_card_unknown": "value_unknown",
        "gift_card_blocked": "value_blocked",
        "gift_card_expired": "value_expired",
        "gift_card_balance": "value_short",
        "pin_needed": "value_pin",
    }
)
"""Reasons of declines."""

OF_READER: Final[Mapping[str, str]] = MappingProxyType(
    {
        "reader_busy": "reader_busy",
        "terminal_reader_busy": "reader_busy",
        "reader_offline": "reader_offline",
        "terminal_reader_offline": "reader_offline",
        "connection_error": "reader_offline",
        "terminal_reader_hardware_fault": "reader_fault",
        "terminal_reader_collected_data_invalid": "reader_fault",
        "customer_canceled": "guest_cancelled",
        "canceled": "reader_cancelled",
        "terminal_reader_timeout": "no_card",
        "card_read_timed_out": "no_card",
        "not_on_reader": "reader_stopped",
    }
)
"""Reasons for which nothing came of it at a reader."""

READER_WORKS: Final = frozenset(("guest_cancelled", "reader_cancelled", "no_card", "reader_stopped"))
"""Reasons that are no fault of the reader: it can be asked again."""


def told_code(code: str) -> str:
    """The code as a till and the feed are told it."""
    return TOLD_INSTEAD if code in UNTOLD else code
