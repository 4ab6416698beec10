"""Step 6: promotions, by priority, each on what the ones before left.

A rule says what it would take off each line exactly, and which units it uses; what is done with that (the cap, the
rounding, the sharing, who may still touch a line) is the same for all of them.
"""

from pos.pricing.promotions.applying import give_promotions

__all__ = ["give_promotions"]
