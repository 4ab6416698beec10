"""The way of a sale: its numbers and its rows, each in one round trip."""

from typing import ClassVar

from django.db import migrations

from fynlo.core.stored_functions import stored_function

# Two statements on purpose. The second begins after the first has waited for the register's row, so it sees the
# session as whoever opened or closed the drawer left it; a sub-select of the UPDATE would see the one from before.
# Closing locks the registers whose drawer it is. A till that uses another one holds that session, too.
_TAKE_NUMBERS = """
DECLARE
    till record;  -- a named type would have to exist before the function does, and a copied schema makes functions first
    till_drawer uuid;
    open_session uuid;
    opened timestamptz;
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
    till_drawer := COALESCE(drawer, till.drawer_id);
    IF till_drawer IS NOT DISTINCT FROM till.drawer_id THEN
        SELECT session.id, session.opened_at INTO open_session, opened FROM pos_cashsession AS session
        WHERE COALESCE(session.drawer_id, session.register_id) = COALESCE(till_drawer, till.id)
            AND session.state <> 'closed';
    ELSE
        SELECT session.id, session.opened_at INTO open_session, opened FROM pos_cashsession AS session
        WHERE COALESCE(session.drawer_id, session.register_id) = till_drawer
            AND session.state <> 'closed' FOR SHARE;
    END IF;
    RETURN QUERY SELECT till.last_order_number, till.last_receipt_number, till.last_training_number,
        till.last_closing_number, till.last_journal_position, till.journal_head, till.grand_total_minor,
        till.refund_total_minor, till_drawer, open_session, opened;
END
"""


class Migration(migrations.Migration):
    """Functions only; no table changes."""

    dependencies: ClassVar = [("pos", "0023_receipts")]
    operations: ClassVar = [
        stored_function(
            name="take_numbers",
            arguments="register uuid, orders int, receipts int, trainings int, closings int, entries int, "
            "sold_minor bigint, refunded_minor bigint, drawer uuid",
            returns="TABLE (order_number bigint, receipt_number bigint, training_number bigint, "
            "closing_number bigint, journal_position bigint, journal_head varchar, grand_total bigint, "
            "refund_total bigint, drawer_id uuid, session_id uuid, session_opened_at timestamptz)",
            body=_TAKE_NUMBERS,
        ),
    ]
