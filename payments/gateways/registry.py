"""The gateways there are: one line each, loaded when first asked for."""

from functools import cache
from importlib import import_module
from typing import Final

from payments.gateways.base import Gateway

BUILT: Final = {
    "card_machine": "payments.gateways.card_machine:CardMachine",
    "cash": "payments.gateways.cash:Cash",
    "gift_card": "payments.credit.gateways:GiftCards",
    "simulator": "payments.gateways.simulator:Simulator",
    "store_credit": "payments.credit.gateways:StoreCredit",
    "stripe": "payments.gateways.stripe:StripeGateway",
}


class UnknownGateway(LookupError):
    """No gateway has this code."""


@cache
def gateway_of(code: str) -> Gateway:
    """The gateway with this code. Raises `UnknownGateway`."""
    try:
        module, _, name = BUILT[code].partition(":")
    except KeyError:
        raise UnknownGateway(code) from None
    gateway: Gateway = getattr(import_module(module), name)()
    return gateway
