"""The list of faults (INTEGRATIONS 6.3): each a scenario that every gateway goes through, or says why it cannot.

A scenario begins with a fresh merchant, lets the fault strike, drives the world until all queues are empty, and
compares the effects: at the vendor, in the payments, on the order, in the books.
"""

from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from tests.contracts.gateways.case import Case

Scenario = Callable[[Case], None]

_FAULTS: dict[str, Scenario] = {}
FAULTS: Final = MappingProxyType(_FAULTS)
"""By name, in the order in which they are written down."""

NOT_OF_GATEWAYS: Final = MappingProxyType(
    {
        "refresh_answer_lost": "payment accounts have keys, not tokens that are refreshed: a shop connection's",
        "stock_changed_under_us": "gateways keep no stock: a shop connection's",
        "product_deleted": "gateways know no products: a shop connection's",
        "sku_doubled": "gateways know no products: a shop connection's",
        "uninstalled_during_sync": "nothing is synchronised: a shop connection's (`account_lost` is ours)",
    }
)
"""What of the list no gateway can meet, and whose it is."""


def fault(scenario: Scenario) -> Scenario:
    """Add a scenario under its own name."""
    _FAULTS[scenario.__name__] = scenario
    return scenario
