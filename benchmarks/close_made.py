"""Sales for the benchmark of closing: some sold through the service of the tills, then copied to other drawers.

A copy gets keys of its own, made from the first one's key, the register and how often it was copied, so that what
belongs together still does. Columns are read from the database, so a column that comes along is copied as well.
Journal entries of copies keep the texts and hashes of the first ones; a closing reads neither. The running sums of
the register grow by what each copy would have added to them.
"""

import datetime as dt
import json
from collections import Counter
from typing import Any, Final
from uuid import UUID

SOLD: Final = 500
"""How many sales are made; all others are copies."""
BASKET: Final = 3
TENDERED_MINOR: Final = 100_00

_KEYS: Final = ("id", "order_id", "order_line_id", "line_id", "payment_id")
_NUMBERS: Final = {("pos_order", "number"), ("pos_order", "receipt_number")}
_COLUMNS: Final = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = %s AND table_name = %s AND is_generated = 'NEVER'
"""
# A sale is copied once for each round `k`: the first SOLD of the seller, then the same again under further numbers.
_ROUNDS: Final = "generate_series(0, (%(count)s - 1) / %(sold)s) AS round (k)"
_OF_ORDERS: Final = f"""
FROM {{table}} AS row JOIN pos_order AS sale ON sale.id = row.order_id CROSS JOIN {_ROUNDS}
WHERE sale.register_id = %(seller)s AND sale.number + k * %(sold)s <= %(count)s
"""
_SOURCES: Final = {
    "pos_order": f"FROM pos_order AS row CROSS JOIN {_ROUNDS} "
    "WHERE row.register_id = %(seller)s AND row.number + k * %(sold)s <= %(count)s",
    **{
        table: _OF_ORDERS.format(table=table)
        for table in (
            "pos_orderline",
            "pos_ordertax",
            "payments_payment",
            "payments_transfer",
            "pos_cashmovement",
        )
    },
    "pos_journalentry": f"FROM pos_journalentry AS row CROSS JOIN {_ROUNDS} "
    "WHERE row.register_id = %(seller)s AND row.kind = 'sale' AND row.position + k * %(sold)s <= %(count)s",
}
_COUNTERS: Final = """
UPDATE pos_register AS register SET last_order_number = %(count)s, last_receipt_number = %(count)s,
    grand_total_minor = (SELECT sum(total_minor) FROM pos_order WHERE register_id = %(register_id)s),
    traded = added_sums(traded, %(sums)s::jsonb)
WHERE id = %(register_id)s
"""
_ENTRIES: Final = """
UPDATE pos_register SET last_journal_position = last_journal_position + %(count)s WHERE id = %(register_id)s
"""
_TAKEN: Final = """
SELECT coalesce(sum(amount_minor), 0) FROM pos_cashmovement
WHERE session_id = %(session_id)s AND kind <> 'float'
"""


def sell(*, register_id: UUID) -> None:
    """SOLD orders at this register, which has no drawer open."""
    from fynlo.core import clock
    from fynlo.core.actors import Actor
    from fynlo.core.ids import new_id
    from pos.models import Register
    from pos.orders.services import place_order
    from staff.employees.roles import DEVICE_PERMISSIONS

    place = Register.objects.get(pk=register_id)
    device = new_id()
    actor = Actor(
        kind="device",
        id=device,
        name="benchmark",
        device_id=device,
        register_id=register_id,
        location_id=place.location_id,
        permissions=DEVICE_PERMISSIONS,
    )
    goods, began = _variants(), clock.now()
    for number in range(SOLD):
        draft = _sale([goods[(number + place) % len(goods)] for place in range(BASKET)])
        place_order(draft=draft, actor=actor, at=began + dt.timedelta(milliseconds=number))


def copy_sales(*, owner_url: str, seller: UUID, count: int, register_id: UUID, session_id: UUID) -> int:
    """`count` sales like those of `seller` at another register and in its drawer; what cash came in."""
    import psycopg2

    values = {
        "seller": str(seller),
        "count": count,
        "sold": SOLD,
        "register_id": str(register_id),
        "session_id": str(session_id),
        "sums": json.dumps(_sums(seller=seller, count=count)),
    }
    connection = psycopg2.connect(owner_url)
    with connection, connection.cursor() as cursor:
        cursor.execute("SET search_path TO t_cafe, public, extensions")
        for table, source in _SOURCES.items():
            names = _columns(cursor, table)
            wanted = ", ".join(_copied(name, table) for name in names)
            cursor.execute(f"INSERT INTO {table} ({', '.join(names)}) SELECT {wanted} {source}", values)
        cursor.execute(_COUNTERS, values)
        cursor.execute(_ENTRIES, values)
        cursor.execute(_TAKEN, values)
        (taken,) = cursor.fetchone()
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SET search_path TO t_cafe, public, extensions")
        for table in _SOURCES:
            cursor.execute(f"VACUUM (ANALYZE) {table}")
    connection.close()
    return int(taken)


def _sums(*, seller: UUID, count: int) -> dict[str, int]:
    """What `count` sales, the seller's again and again, add to the running sums of a register."""
    from pos.models import Order
    from pos.orders.queries import whole_order
    from pos.orders.traded import traded

    found: Counter[str] = Counter()
    for order_id, number in Order.objects.filter(register_id=seller, number__lte=count).values_list(
        "pk", "number"
    ):
        times = (count - number) // SOLD + 1
        for key, amount in traded(whole_order(order_id=order_id)).items():
            found[key] += times * amount
    return dict(found)


def _copied(name: str, table: str) -> str:
    """What a column of a copy is: keys made anew, numbers counted on, everything else as it was."""
    if name in _KEYS:
        return f"md5(row.{name}::text || %(register_id)s || k)::uuid"
    if (table, name) in _NUMBERS:
        return f"row.{name} + k * %(sold)s"
    if (table, name) == ("pos_journalentry", "position"):  # after what opened the drawer
        opened = "(SELECT last_journal_position FROM pos_register WHERE id = %(register_id)s)"
        return f"row.position + k * %(sold)s + {opened}"
    if name == "drawer_id":
        return "(SELECT drawer_id FROM pos_cashsession WHERE id = %(session_id)s)"
    return f"%({name})s::uuid" if name in ("register_id", "session_id") else f"row.{name}"


def _columns(cursor: Any, table: str) -> list[str]:
    cursor.execute(_COLUMNS, ["t_cafe", table])
    return [row[0] for row in cursor.fetchall()]


def _variants() -> list[UUID]:
    from pos.models import Variant

    return list(
        Variant.objects.filter(is_active=True, item__unit="each")
        .order_by("sku")
        .values_list("pk", flat=True)[:20]
    )


def _sale(goods: list[UUID]) -> Any:
    from decimal import Decimal

    from fynlo.core.ids import new_id
    from fynlo.core.money import Money
    from pos.orders.drafts import LineDraft, OrderDraft, TenderDraft

    return OrderDraft(
        id=new_id(),
        lines=tuple(LineDraft(id=new_id(), variant_id=each, quantity=Decimal(1)) for each in goods),
        tenders=(TenderDraft(id=new_id(), tender_type="cash", amount=Money(TENDERED_MINOR, "EUR")),),
    )
