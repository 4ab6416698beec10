"""A million movements of some two thousand variants at two locations, made by the server itself.

A year of purchases of thirty and nine sales between them that leave three, wastes, and productions that make a
second variant out of a first; every tenth variant is kept by lots. One variant has a tenth of all movements, twenty
have a fifth, the others share the rest. Sales belong to orders of four lines. Every variant has one unit cost, so
that the state of its costing is known without a replay: the tests of costing are elsewhere, here everything must
only be consistent, which `audit_stock` and a settling that finds nothing to correct say afterwards.
"""

from typing import Any, Final

VARIANTS: Final = 2_000
BUSY: Final = 20
"""Variants 1 to 20 have ten thousand movements each, of a million; variant 0 has a hundred thousand."""
DAYS: Final = 365

_PLACES: Final = """
CREATE TEMP TABLE place AS
SELECT variant.n, variant.id AS variant_id, shop.id AS location_id, shop.l, shop.register_id,
    (100 + variant.n %% 900)::numeric / 8 AS cost, variant.n %% 10 = 0 AS is_tracked, CASE
        WHEN variant.n = 0 THEN %(total)s / 20 WHEN variant.n <= %(busy)s THEN %(total)s / 200
        ELSE %(total)s * 7 / 20 / (%(variants)s - %(busy)s - 1) + 1 END AS moves
FROM (SELECT substr(sku, 6)::int AS n, id FROM pos_variant WHERE sku LIKE 'MADE-%%') AS variant
CROSS JOIN (SELECT row_number() OVER (ORDER BY location.code)::int - 1 AS l, location.id,
        (SELECT id FROM pos_register WHERE location_id = location.id ORDER BY code LIMIT 1) AS register_id
    FROM pos_location AS location) AS shop
"""
# Ten movements are a cycle: thirty come, nine times two to four go.
_MOVED: Final = """
CREATE TEMP TABLE moved AS
SELECT place.n, place.l, place.variant_id, place.location_id, place.register_id, place.cost, k,
    now() - make_interval(days => %(days)s + 2)
        + make_interval(secs => (k - 1 + (place.n * 2 + place.l) / 4500.0) * %(days)s * 86400 / place.moves) AS at,
    CASE WHEN k %% 10 = 1 THEN 30 ELSE -(2 + k %% 3) END::numeric AS quantity,
    CASE WHEN k = 1 THEN 'opening' WHEN k %% 10 = 1 THEN 'purchase'
        WHEN place.is_tracked AND k %% 50 = 7 THEN 'production' WHEN k %% 97 = 5 THEN 'waste'
        ELSE 'sale' END AS kind,
    CASE WHEN place.is_tracked THEN 'L' || place.l || '-' || (k - 1)
        / CASE WHEN place.n = 0 THEN GREATEST(place.moves / 50 * 10, 10) ELSE 50 END END AS lot_code,
    CASE WHEN k %% 10 = 1 OR k %% 97 = 5 OR k %% 50 = 7 THEN uuidv7() END AS document_id
FROM place CROSS JOIN LATERAL generate_series(1, place.moves) AS k
WHERE place.n < %(variants)s
"""
# What was made of a lot is a lot of another variant, and one of it is sold an hour later.
_OUTPUTS: Final = """
INSERT INTO moved
SELECT made.n, moved.l, made.variant_id, moved.location_id, moved.register_id, moved.cost, moved.k,
    moved.at + step.after, step.quantity, step.kind, 'M' || moved.l || '-' || moved.k,
    CASE WHEN step.kind = 'production' THEN moved.document_id END
FROM moved JOIN place AS made ON made.n = %(variants)s + moved.n / 10 AND made.location_id = moved.location_id
CROSS JOIN LATERAL (VALUES (interval '0', -moved.quantity, 'production'), (interval '1 hour', -1, 'sale'))
    AS step (after, quantity, kind)
WHERE moved.kind = 'production'
"""
_KEYS: Final = """
CREATE TEMP TABLE lot AS
SELECT uuidv7() AS id, variant_id, lot_code, min(at) AS at FROM moved WHERE lot_code IS NOT NULL
GROUP BY variant_id, lot_code;
CREATE TEMP TABLE fact AS
SELECT moved.*, lot.id AS lot_id, uuidv7(moved.at - clock_timestamp()) AS id,
    CASE WHEN kind = 'sale' THEN uuidv7(moved.at - clock_timestamp()) END AS line_id, CASE WHEN kind = 'sale' THEN
        (row_number() OVER (PARTITION BY moved.l, kind ORDER BY moved.at, moved.variant_id) - 1) END AS place
FROM moved LEFT JOIN lot USING (variant_id, lot_code);
CREATE TEMP TABLE sold AS
SELECT uuidv7(min(at) - clock_timestamp()) AS id, l, place / 4 AS number, location_id, register_id, min(at) AS at
FROM fact WHERE kind = 'sale' GROUP BY l, place / 4, location_id, register_id;
ANALYZE lot; ANALYZE fact; ANALYZE sold
"""
_ORDERS: Final = """
INSERT INTO pos_order (id, number, fulfilment_state, payment_state, currency, net_minor, tax_minor, total_minor,
    paid_minor, placed_at, business_date, employee_name, flags, pricing_engine, rounding_policy, pricing_digest,
    draft_digest, location_id, register_id)
SELECT id, 10000000 + number, 'completed', 'paid', 'EUR', 400, 0, 400, 400, at, at::date, 'Made', '[]', '2', 'made',
    '', '', location_id, register_id FROM sold ORDER BY sold.at
"""
_LINES: Final = """
INSERT INTO pos_orderline (id, position, sku, name, unit, quantity, unit_price_minor, tax_class_code, tax_rate,
    is_tax_inclusive, net_minor, tax_minor, total_minor, order_id, variant_id)
SELECT fact.line_id, fact.place %% 4, 'MADE-' || fact.n, 'Made ' || fact.n, 'each', -fact.quantity, 100,
    'standard', 0, true, 100, 0, 100, sold.id, fact.variant_id
FROM fact JOIN sold ON sold.l = fact.l AND sold.number = fact.place / 4 WHERE fact.kind = 'sale' ORDER BY fact.at
"""
_LOTS: Final = """
INSERT INTO pos_stocklot (id, variant_id, code, kind, expires_on, received_at)
SELECT id, variant_id, lot_code, 'lot', at::date + 60, at FROM lot
"""
_MOVEMENTS: Final = """
INSERT INTO pos_stockmovement (id, variant_id, location_id, kind, quantity, value_minor, is_valued, lot_id,
    order_id, order_line_id, document_id, reason, at, business_date, recorded_at)
SELECT fact.id, fact.variant_id, fact.location_id, fact.kind, fact.quantity, fact.quantity * fact.cost,
    fact.kind IN ('opening', 'purchase'), fact.lot_id, sold.id, fact.line_id, fact.document_id, '', fact.at,
    fact.at::date, fact.at
FROM fact LEFT JOIN sold ON sold.l = fact.l AND sold.number = fact.place / 4 ORDER BY fact.at
"""
_LEVELS: Final = """
INSERT INTO pos_stocklevel (id, variant_id, location_id, on_hand, value_minor, unit_cost_minor, moved_at)
SELECT uuidv7(), variant_id, location_id, sum(quantity), sum(quantity * cost), min(cost), max(at)
FROM fact GROUP BY variant_id, location_id ORDER BY location_id, variant_id;
INSERT INTO pos_stocklotlevel (id, lot_id, variant_id, location_id, on_hand)
SELECT uuidv7(), lot_id, variant_id, location_id, sum(quantity) FROM fact WHERE lot_id IS NOT NULL
GROUP BY lot_id, variant_id, location_id
"""
# The newest checkpoint and every five hundredth, as settling keeps them.
_CHECKPOINTS: Final = """
INSERT INTO pos_stockcoststate (id, variant_id, location_id, sequence, method, at, movement_id, state)
SELECT uuidv7(), variant_id, location_id, sequence, (SELECT cost_method FROM pos_stockhead), at, id,
    jsonb_build_object('layers', CASE WHEN on_hand > 0
        THEN jsonb_build_array(jsonb_build_array(on_hand::text, cost::text)) ELSE '[]' END,
        'owed', '[]'::jsonb, 'dust', '0', 'last_cost', cost::text)
FROM (SELECT id, variant_id, location_id, at, round(cost, 9) AS cost,
        row_number() OVER stream AS sequence, sum(quantity) OVER stream AS on_hand,
        lead(id) OVER stream IS NULL AS is_tip
    FROM fact WINDOW stream AS (PARTITION BY variant_id, location_id ORDER BY at, id)) AS step
WHERE is_tip OR sequence %% 500 = 0
"""
_SETTINGS: Final = """
INSERT INTO pos_stockitem (id, item_id, tracking)
SELECT uuidv7(), item_id, 'lot' FROM pos_variant
WHERE id IN (SELECT variant_id FROM place WHERE is_tracked OR n >= %(variants)s);
INSERT INTO pos_stocktarget (id, variant_id, location_id, reorder_point, maximum)
SELECT uuidv7(), variant_id, location_id, 30, 600 FROM place WHERE n %% 3 = 0
"""
_STEPS: Final = (
    _PLACES,
    _MOVED,
    _OUTPUTS,
    _KEYS,
    _ORDERS,
    _LINES,
    _LOTS,
    _MOVEMENTS,
    _LEVELS,
    _CHECKPOINTS,
    _SETTINGS,
)
_COUNTED: Final = ("pos_stockmovement", "pos_stocklevel", "pos_stocklot", "pos_order", "pos_orderline")


def make(*, owner_url: str, schema: str, total: int) -> dict[str, int]:
    """About `total` movements with all that belongs to them, in the schema; how many rows there are then."""
    import psycopg2

    values = {"total": total, "busy": BUSY, "variants": VARIANTS, "days": DAYS}
    connection = psycopg2.connect(owner_url)
    with connection.cursor() as cursor:
        cursor.execute(f"SET search_path TO {schema}, public, extensions")
        for step in _STEPS:
            cursor.execute(step, values)
        connection.commit()
        connection.autocommit = True
        cursor.execute("VACUUM (ANALYZE)")
        counts = {table: _count(cursor, table) for table in _COUNTED}
    connection.close()
    return counts


def _count(cursor: Any, table: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {table}")
    (found,) = cursor.fetchone()
    return int(found)
