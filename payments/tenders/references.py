"""What may be kept of a card, for whoever records a tender: the rules of `payments.gateways.references`."""

from payments.gateways.references import LAST4_DIGITS, LONGEST_REFERENCE, holds_card_number, is_last4

__all__ = ["LAST4_DIGITS", "LONGEST_REFERENCE", "holds_card_number", "is_last4"]
