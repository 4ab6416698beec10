"""The cards customers carry, and how a charge describes one."""

from dataclasses import dataclass

import stripe

from tests.contracts.stripe import responses
from tests.contracts.stripe.world import Body

Details = stripe.Charge.PaymentMethodDetails


@dataclass(frozen=True)
class Card:
    """`declined`: the decline code of a card that never works; `increments`: whether a hold may be raised."""

    brand: str
    last4: str
    declined: str | None = None
    interac: bool = False
    increments: bool = True
    country: str = "DE"
    funding: str = "credit"


CARDS = {
    "visa": Card("visa", "4242"),
    "mastercard": Card("mastercard", "4444"),
    "debit": Card("visa", "5556", funding="debit", increments=False),
    "us": Card("visa", "4242", country="US"),
    "interac": Card("interac", "5019", interac=True, country="CA", funding="debit", increments=False),
    "declined": Card("visa", "0002", declined="generic_decline"),
    "insufficient": Card("visa", "9995", declined="insufficient_funds"),
    "stolen": Card("visa", "9979", declined="stolen_card"),
    "expired": Card("visa", "0069", declined="expired_card"),
}

ADVICE = {
    "generic_decline": "try_again_later",
    "insufficient_funds": "try_again_later",
    "stolen_card": "do_not_try_again",
}

TEST_METHODS = {
    "pm_card_visa": "visa",
    "pm_card_mastercard": "mastercard",
    "pm_card_visa_chargeDeclined": "declined",
    "pm_card_visa_chargeDeclinedInsufficientFunds": "insufficient",
}


def present_details(
    card: Card, *, reader: str, location: str | None, amount: int, before: int | None
) -> Body:
    """`payment_method_details` of a card held to a reader; `before` is the end of an uncaptured hold."""
    shared = {
        "brand": card.brand,
        "country": card.country,
        "exp_month": 12,
        "exp_year": 2034,
        "funding": card.funding,
        "last4": card.last4,
        "location": location,
        "network": card.brand,
        "reader": reader,
        "read_method": "contactless_emv",
    }
    if card.interac:
        body = responses.blank(Details.InteracPresent) | shared | {"read_method": "contact_emv"}
        return {
            "type": "interac_present",
            "interac_present": body | {"receipt": receipt(Details.InteracPresent)},
        }
    body = responses.blank(Details.CardPresent) | shared
    body |= {
        "amount_authorized": amount,
        "capture_before": before,
        "incremental_authorization_supported": False,
        "overcapture_supported": False,
        "receipt": receipt(Details.CardPresent),
    }
    return {"type": "card_present", "card_present": body}


def receipt(declared: type[stripe.StripeObject]) -> Body:
    """What schemes want on paper."""
    inner = vars(declared)["Receipt"]
    return responses.blank(inner) | {
        "account_type": "checking" if declared is Details.InteracPresent else "credit",
        "application_preferred_name": "CREDIT",
        "authorization_code": "123456",
        "authorization_response_code": "3030",
        "cardholder_verification_method": "approval",
        "dedicated_file_name": "A000000003101001",
        "terminal_verification_results": "0000000000",
        "transaction_status_information": "0000",
    }


def online_details(card: Card, *, wallet: str | None, amount: int, before: int | None, grows: bool) -> Body:
    """`payment_method_details` of a card typed into hosted fields, or out of a wallet."""
    body = responses.blank(Details.Card) | {
        "amount_authorized": amount,
        "brand": card.brand,
        "capture_before": before,
        "country": card.country,
        "exp_month": 12,
        "exp_year": 2034,
        "funding": card.funding,
        "incremental_authorization": {"status": "available" if grows else "unavailable"},
        "last4": card.last4,
        "network": card.brand,
    }
    if wallet:
        body["wallet"] = responses.blank(Details.Card.Wallet) | {"type": wallet, "dynamic_last4": None}
    return {"type": "card", "card": body}
