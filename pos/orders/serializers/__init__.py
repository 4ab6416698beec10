"""Shapes of orders and quotes: input ends in a frozen draft, output is described for the documentation.

What is answered is built by `pos.orders.documents`, the same for the API and the feed; a test keeps both alike.
"""

from pos.orders.serializers.explanations import ExplanationOutput, OrderExplanationOutput
from pos.orders.serializers.favourites import FavouritesOutput
from pos.orders.serializers.inputs import OrderInput, QuoteInput
from pos.orders.serializers.outputs import FlagOutput, OrderOutput, QuoteOutput

__all__ = [
    "ExplanationOutput",
    "FavouritesOutput",
    "FlagOutput",
    "OrderExplanationOutput",
    "OrderInput",
    "OrderOutput",
    "QuoteInput",
    "QuoteOutput",
]
