"""A sale for practice: priced and told like any other, under a number of its own, and in no books.

Of it there is one entry in the register's journal, whose body holds the whole answer. No order, no payment, no
cash, no stock, no transfer, no fact in the feed.
"""

from fynlo.core.inserts import insert_rows
from fynlo.events.log import unit_of_work
from pos.orders.documents import WholeOrder
from pos.orders.journaling import training_entry
from pos.orders.services.plan import SalePlan
from pos.orders.services.sale_rows import order_row, whole_sale
from pos.registers.journal.services import entry_row
from pos.registers.numbers import raised_head, take_numbers


def write_training(*, plan: SalePlan) -> WholeOrder:
    """Write the journal's entry of a planned sale that is for practice, and return the sale as it would be."""
    with unit_of_work():
        numbers = take_numbers(register_id=plan.place.id, trainings=1, entries=1)
        whole = whole_sale(plan, order_row(plan, numbers))
        entry = training_entry(whole, number=whole.reference).sealed(
            register_code=whole.register_code,
            position=numbers.journal_position,
            previous_hash=numbers.journal_head,
            recorded_at=plan.heard_at,
        )
        row = entry_row(register_id=plan.place.id, entry=entry)
        insert_rows([row], last=raised_head(register_id=plan.place.id, head=entry.hash))
    return whole
