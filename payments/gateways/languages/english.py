"""Payments in English."""

from types import MappingProxyType
from typing import Final

from payments.gateways.languages.words import Words

ENGLISH: Final = Words(
    tag="en",
    decimal_mark=".",
    sentences=MappingProxyType(
        {
            "prepared": "{amount} is being prepared; nothing was taken yet.",
            "prepared.try_again": (
                "{amount}: the payment provider is busy; nothing was taken yet, it is tried again."
            ),
            "prepared.not_connected": (
                "{amount}: the payment account does not answer; nothing was taken. Take it another way."
            ),
            "presented": "{amount} is asked for; wait for the guest.",
            "presented.link": "{amount} can be paid by the link; nothing was taken yet.",
            "presented.people": "{amount} is asked for at the card machine; type what its slip says.",
            "presented.declined": (
                "{amount} is still asked for; a card was declined.{why} Wait for the guest."
            ),
            "presented.try_again": (
                "{amount} is asked for; the payment provider is slow to say what became of it."
            ),
            "presented.not_connected": (
                "{amount} is asked for; the payment account does not answer, so nobody can see what became of it."
            ),
            "presented.refused": "{amount} is asked for; what became of it could not be read.",
            "authorised": "{authorised} is reserved on the card and not taken yet.",
            "authorised.declined": "{authorised} stays reserved on the card; more was declined.{why}",
            "authorised.same_card": (
                "{authorised} stays reserved on the card; more was declined.{why} It may be tried again."
            ),
            "authorised.refused": "{authorised} stays reserved on the card; the last step was refused.",
            "authorised.try_again": "{authorised} is reserved on the card; the last step is tried again.",
            "authorised.not_connected": (
                "{authorised} is reserved on the card and not taken yet; the payment account does not answer."
            ),
            "captured": "{captured} was taken.",
            "captured.unsettled": "{captured} was taken and is not put to an order yet.",
            "captured.other_amount": "{captured} was taken; {amount} was asked for.",
            "declined": (
                "{amount} was declined; nothing was taken.{why} Take another card, or take it another way."
            ),
            "declined.same_card": (
                "{amount} was declined; nothing was taken.{why} The same card may be tried again."
            ),
            "declined.reader_trouble": (
                "{amount}: the reader could not be used; nothing was taken.{why} Use another reader or another way."
            ),
            "declined.at_reader": (
                "{amount} was not paid at the reader; nothing was taken.{why} Ask again, or take it another way."
            ),
            "cancelled": "{amount} was cancelled; nothing was taken.",
            "cancelled.paid_before": (
                "{amount} was not asked for again: an earlier payment went through after all. "
                "Look at the order first."
            ),
            "expired": "{amount} was not paid in time; nothing was taken.",
            "expired.never_made": "{amount} never reached the payment provider; nothing was taken.",
            "refused": "{amount} could not be asked for; nothing was taken. Take it another way.",
            "refused.not_connected": (
                "{amount} could not be asked for, the payment account is not connected; nothing was taken."
            ),
            "unknown": (
                "It is not known yet whether {amount} was taken. Do not take it again: it is being looked up."
            ),
            "unknown.undecidable": (
                "It cannot be found out here whether {amount} was taken. Look at the payment provider's own pages; "
                "then somebody who may allows another payment."
            ),
            "unknown.overridden": (
                "It is not known whether {amount} was taken; somebody allowed another payment. "
                "If it was, it is kept."
            ),
        }
    ),
    refunds=MappingProxyType(
        {
            "prepared": "{amount} is being sent back.",
            "pending": "{amount} is on its way back; some banks take days.",
            "unknown": (
                "It is not known yet whether {amount} went back. Do not hand it out another way: it is being "
                "looked up."
            ),
            "succeeded": "{amount} went back.",
            "failed": (
                "{amount} could not be given back and is owed to the guest. Send it again, or give it another way."
            ),
            "failed.disputed": (
                "{amount} was not given back: the guest objected to the payment at their bank, which takes it back "
                "itself. Look at the dispute first; do not hand it out as well."
            ),
            "settled": "{amount} was given to the guest another way.",
        }
    ),
    reasons=MappingProxyType(
        {
            "no_money": "There is not enough money on the card.",
            "limit": "It is beyond the card's limit.",
            "expired_card": "The card has expired.",
            "wrong_pin": "The PIN was wrong.",
            "pin_blocked": "The PIN was wrong too often.",
            "insert_card": "The bank wants the card inserted and its PIN.",
            "not_supported": "This card cannot pay that here.",
            "wrong_details": "The card's details were typed wrong.",
            "bank_silent": "The bank could not decide just now.",
            "test_card": "It is a test card.",
            "value_unknown": "Nobody knows this gift card.",
            "value_blocked": "The gift card cannot be used.",
            "value_expired": "The gift card has expired.",
            "value_short": "There is not enough on the gift card.",
            "value_pin": "The gift card needs its PIN at a till.",
            "reader_busy": "It is busy with something else.",
            "reader_offline": "It is offline.",
            "reader_fault": "It has a fault.",
            "guest_cancelled": "The guest cancelled at the reader.",
            "reader_cancelled": "It was cancelled at the reader.",
            "no_card": "Nobody showed a card in time.",
            "reader_stopped": "The reader does not ask for a card any more.",
        }
    ),
    page=MappingProxyType(
        {
            "title": "Payment",
            "pay": "Pay",
            "decline": "Decline",
            "go_on": "Go on",
            "moment": "One moment, please.",
            "captured": "Thank you. It is paid.",
            "authorised": "Thank you. The amount is reserved.",
            "wait": "Your payment is on its way. Please do not pay again.",
            "declined": "It was declined; nothing was taken. The till can ask again.",
            "cancelled": "This request was taken back. There is nothing to pay here.",
            "expired": "This request has expired. There is nothing to pay here any more.",
            "refused": "This cannot be paid here. Please ask at the till.",
            "failed": "It did not work. Please try again.",
            "no_network": "There is no connection. It is tried again.",
            "not_now": "It is not to be seen just now how this payment stands. It is looked up again.",
            "no_form": "The payment form could not be loaded. Please ask at the till.",
            "no_script": "This page needs JavaScript.",
            "no_such": "There is no such payment.",
            "too_often": "Please wait a minute.",
            "thanks": "Thank you.",
            "close": "You can close this page.",
            "simulated": "Simulated payment",
            "no_money": "This is the simulator: no money moves.",
        }
    ),
)
