"""JSON documents read strictly into values: books, carts, contexts.

Every refusal is an error of `pos.pricing.errors` with a JSON pointer into its document. Schema of the
documents: `docs/algorithms/pricing.md`.
"""

from pos.pricing.reading.books import read_book
from pos.pricing.reading.carts import read_cart, read_context
from pos.pricing.reading.conditions import read_when
from pos.pricing.reading.promotions import read_promotion, read_selector

__all__ = ["read_book", "read_cart", "read_context", "read_promotion", "read_selector", "read_when"]
