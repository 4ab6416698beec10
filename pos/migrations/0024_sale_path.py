"""The way of a sale: its numbers and its rows, each in one round trip."""

from typing import ClassVar

from django.db import migrations

from fynlo.core.stored_functions import stored_function

# Two statements on purpose. The second begins after the first has waited for the register's row, so it sees the
# session as whoever opened or closed the drawer left it; a sub-select of the UPDATE would see the one from before.
# Closing locks the registers whose drawer it is. A till that uses another one holds that session, too.
_TAKE_NUMBERS = """
DECLARE
    till record;  -- a type by name would have to exist, and a copied schema makes functions before tables
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

# Everything a sale asks before it locks a row, each part as the room that owns it asks it by itself: a test
# compares them. Lists of lists, because names would be told for every row.
_SALE_TERMS = """
DECLARE
    place jsonb;
    here uuid;
    versions jsonb;
    wanted bigint;
    found jsonb;
BEGIN
    SELECT jsonb_build_array(till.id, till.code, location.id, location.code, location.name, location.time_zone,
            location.cut_off, till.is_training), till.location_id
        INTO place, here
        FROM pos_register AS till JOIN pos_location AS location ON location.id = till.location_id
        WHERE till.id = register;
    IF place IS NULL THEN RETURN NULL; END IF;
    SELECT jsonb_agg(jsonb_build_array(version.id, version.revision, COALESCE(version.rules_id, version.id),
            version.id = stated_book) ORDER BY version.revision),
            COALESCE(max(version.revision) FILTER (WHERE version.id = stated_book), max(version.revision))
        INTO versions, wanted
        FROM pos_pricebookversion AS version
        WHERE version.id = stated_book OR version.revision = COALESCE(
            (SELECT max(revision) FROM pos_pricebookversion WHERE effective_at <= sold_at),
            (SELECT min(revision) FROM pos_pricebookversion)
        );
    SELECT jsonb_build_object(
        'place', place,
        'versions', versions,
        'items', (
            SELECT jsonb_agg(entry.document)
            FROM (
                SELECT DISTINCT COALESCE(
                    (SELECT move.item_id FROM pos_variantmove AS move
                     WHERE move.variant_id = asked.id AND move.revision > wanted ORDER BY move.revision LIMIT 1),
                    (SELECT variant.item_id FROM pos_variant AS variant WHERE variant.id = asked.id)
                ) AS item_id
                FROM unnest(sold) AS asked (id)
            ) AS item
            CROSS JOIN LATERAL (
                SELECT document FROM pos_bookentry
                WHERE kind = 'item' AND entity_id = item.item_id AND revision <= wanted
                ORDER BY revision DESC LIMIT 1
            ) AS entry
            WHERE entry.document IS NOT NULL
        ),
        'tenders', (
            SELECT jsonb_agg(jsonb_build_array(id, code, name, kind, is_active))
            FROM payments_tendertype WHERE code = ANY (tenders)
        ),
        'stopped', (
            SELECT jsonb_agg(DISTINCT variant.id) FROM pos_variant AS variant
            JOIN pos_stop AS stop ON stop.variant_id = variant.id OR stop.item_id = variant.item_id
            WHERE variant.id = ANY (sold) AND stop.at <= sold_at AND (stop.until IS NULL OR stop.until > sold_at)
                AND (stop.location_id IS NULL OR stop.location_id = here)
        ),
        'needs', (
            SELECT jsonb_agg(jsonb_build_array(owner_id, effect, ingredient_id, numerator::text,
                denominator::text, replaced_id, via))
            FROM pos_recipeneed
            WHERE owner_id = ANY (sold || modifiers) AND effect <> 'batch'
                AND (since IS NULL OR since <= sold_at) AND (until IS NULL OR until > sold_at)
        ),
        'kept', (
            SELECT jsonb_agg(jsonb_build_array(variant.id, COALESCE(NULLIF(kept.policy, ''), head.default_policy),
                COALESCE(kept.tracking, 'none')))
            FROM (
                SELECT unnest(sold)
                UNION SELECT ingredient_id FROM pos_recipeneed
                WHERE owner_id = ANY (sold || modifiers) AND effect <> 'batch'
                    AND (since IS NULL OR since <= sold_at) AND (until IS NULL OR until > sold_at)
            ) AS asked (id)
            JOIN pos_variant AS variant ON variant.id = asked.id
            CROSS JOIN pos_stockhead AS head
            LEFT JOIN pos_stockitem AS kept ON kept.item_id = variant.item_id
        ),
        'accounts', (
            SELECT jsonb_agg(jsonb_build_array(code, id, posting_keys)) FROM payments_account
            WHERE code NOT LIKE 'house:%'
        )
    ) INTO found;
    RETURN found;
END
"""


class Migration(migrations.Migration):
    """Functions only; no table changes."""

    dependencies: ClassVar = [("pos", "0023_receipts"), ("payments", "0003_chart")]
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
        stored_function(
            name="sale_terms",
            arguments="register uuid, sold_at timestamptz, stated_book uuid, sold uuid[], modifiers uuid[], "
            "tenders text[]",
            returns="jsonb",
            body=_SALE_TERMS,
        ),
    ]
