"""All properties of pricing by name, so that they can be tried on a broken engine as well.

Each is a function of a sale and a source of chance and raises AssertionError when it does not hold.
"""

from collections.abc import Callable
from random import Random

from tests.properties.agreement import cash_agrees, prices_agree, refunds_agree, splits_agree
from tests.properties.comparisons import (
    contained_and_added_tax_agree,
    more_never_costs_less,
    order_of_lines_changes_nothing,
)
from tests.properties.explanations import effects_make_the_total
from tests.properties.returns import (
    a_full_refund_is_the_sale_negated,
    checks_add_up_to_the_whole,
    components_add_up_to_the_line,
    refunds_in_steps_add_up,
)
from tests.properties.sums import (
    a_tip_is_apart,
    allocations_make_the_discount,
    discounts_are_worth_what_they_say,
    everything_off_is_free,
    levels_add_up,
)
from tests.properties.till import Sale

Property = Callable[[Sale, Random], None]

PROPERTIES: tuple[Property, ...] = (
    levels_add_up,
    allocations_make_the_discount,
    discounts_are_worth_what_they_say,
    everything_off_is_free,
    a_tip_is_apart,
    order_of_lines_changes_nothing,
    more_never_costs_less,
    contained_and_added_tax_agree,
    a_full_refund_is_the_sale_negated,
    refunds_in_steps_add_up,
    components_add_up_to_the_line,
    checks_add_up_to_the_whole,
    effects_make_the_total,
)

AGREEMENTS: tuple[Property, ...] = (prices_agree, refunds_agree, splits_agree, cash_agrees)
