"""The way of a sale: its numbers and its rows, each in one round trip."""

from typing import ClassVar

from django.db import migrations

from fynlo.core.stored_functions import stored_function

# Two statements on purpose. The second begins after the first has waited for the register's row, so it sees the
# session as whoever opened or closed the drawer left it; a sub-select of the UPDATE would see the one from before.
_TAKE_NUMBERS = """
DECLARE
    till pos_register%ROWTYPE;
BEGIN
    UPDATE pos_register SET
        last_order_number = last_order_number + orders,
        last_receipt_number = last_receipt_number + receipts,
        last_training_number = last_training_number + trainings,
        last_closing_number = last_closing_number + closings,
        last_journal_position = last_journal_position + entries,
        grand_total_minor = grand_total_minor + sold_minor,
        refund_total_minor = refund_total_minor + refunded_minor
    WHERE id = register RETURNING * INTO till;
    IF NOT FOUND THEN RETURN; END IF;
    RETURN QUERY SELECT till.last_order_number, till.last_receipt_number, till.last_training_number,
        till.last_closing_number, till.last_journal_position, till.journal_head, till.grand_total_minor,
        till.refund_total_minor, session.id, session.opened_at
    FROM (SELECT) AS always
    LEFT JOIN pos_cashsession AS session ON session.register_id = till.id AND session.state = 'open';
END
"""


class Migration(migrations.Migration):
    """Functions only; no table changes."""

    dependencies: ClassVar = [("pos", "0023_receipts")]
    operations: ClassVar = [
        stored_function(
            name="take_numbers",
            arguments="register uuid, orders int, receipts int, trainings int, closings int, entries int, "
            "sold_minor bigint, refunded_minor bigint",
            returns="TABLE (order_number bigint, receipt_number bigint, training_number bigint, "
            "closing_number bigint, journal_position bigint, journal_head varchar, grand_total bigint, "
            "refund_total bigint, session_id uuid, session_opened_at timestamptz)",
            body=_TAKE_NUMBERS,
        ),
    ]
