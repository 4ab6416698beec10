"""The gateways there are: one line each, loaded when first asked for. Plugins and tests add theirs."""

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

_added: dict[str, Gateway] = {}


class UnknownGateway(LookupError):
    """No gateway has this code."""


def gateway_of(code: str) -> Gateway:
    """The gateway with this code. Raises `UnknownGateway`."""
    added = _added.get(code)
    return _built(code) if added is None else added


def is_local(code: str) -> bool:
    """Whether there is no vendor behind the gateway who could be asked. No gateway has no vendor."""
    try:
        return bool(getattr(gateway_of(code), "is_local", False))
    except UnknownGateway:
        return False


def codes() -> list[str]:
    """The codes of all gateways there are, those that were added too."""
    return sorted({*BUILT, *_added})


def add_gateway(gateway: Gateway) -> None:
    """Add a gateway that is not built in. One with the code of a built one is refused (ValueError)."""
    if gateway.code in BUILT:
        raise ValueError(f"there is a gateway {gateway.code} already")
    _added[gateway.code] = gateway


def remove_gateway(code: str) -> None:
    """Forget a gateway that was added."""
    _added.pop(code, None)


@cache
def _built(code: str) -> Gateway:
    try:
        module, _, name = BUILT[code].partition(":")
    except KeyError:
        raise UnknownGateway(code) from None
    gateway: Gateway = getattr(import_module(module), name)()
    return gateway
