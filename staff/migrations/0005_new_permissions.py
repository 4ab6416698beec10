"""The standard roles of merchants who are here already learn to pay by providers and to sell gift cards.

Until now they learnt what is new when the merchant's file was onboarded again. Only a role that holds exactly what
some release gave it learns: one that somebody made larger or smaller stays as it is. Nothing else is given than is
named here, and going back takes nothing away: the release before knows these permissions too.
"""

from collections.abc import Iterator
from typing import ClassVar, Final

from django.db import migrations

_NEW: Final = {
    "cashier": ("gift_cards.sell",),
    "manager": (
        "gift_cards.manage",
        "gift_cards.sell",
        "payments.override",
        "payments.read",
        "payments.reconcile",
        "payments.refund_retry",
    ),
    "owner": (
        "gift_cards.manage",
        "gift_cards.sell",
        "payments.connect",
        "payments.override",
        "payments.read",
        "payments.reconcile",
        "payments.refund_retry",
    ),
}
# What each release added to what the one before gave.
_TILL: Final = (
    "catalog.read feed.read orders.place orders.read registers.close registers.open registers.read stock.read"
)
_OFFICE: Final = "admin.access catalog.write ledger.read staff.read terminals.pair terminals.revoke"
_STOCK: Final = "stock.approve stock.count stock.move stock.order stock.write"
_LIMITED: Final = "orders.refund orders.void receipts.reprint registers.move_cash"
_APPROVING: Final = "orders.approve registers.approve"
_GIVEN: Final = {
    "cashier": (_TILL, "catalog.stop", "stock.count", _LIMITED),
    "manager": (
        f"{_TILL} {_OFFICE}",
        "catalog.stop",
        "orders.discount",
        _STOCK,
        f"{_LIMITED} {_APPROVING}",
    ),
    "owner": (
        f"{_TILL} {_OFFICE} configuration.write staff.manage",
        "catalog.stop",
        "orders.discount",
        _STOCK,
        f"{_LIMITED} {_APPROVING} ledger.write",
    ),
}


def _array(names: tuple[str, ...]) -> str:
    return f"ARRAY[{', '.join(repr(name) for name in names)}]::varchar[]"


def statements() -> Iterator[str]:
    """One per role: whoever holds what a release gave, with or without some of what is new, gets what is new."""
    for code, new in _NEW.items():
        held: tuple[str, ...] = ()
        untouched = []
        for added in _GIVEN[code]:
            held += tuple(added.split())
            untouched.append(f"(permissions @> {_array(held)} AND permissions <@ {_array(held + new)})")
        yield (
            "UPDATE staff_role SET permissions = ("  # noqa: S608  all of it stands on this page
            f"SELECT array_agg(DISTINCT name ORDER BY name) FROM unnest(permissions || {_array(new)}) AS name"
            f") WHERE code = '{code}' AND NOT permissions @> {_array(new)} AND ({' OR '.join(untouched)})"
        )


class Migration(migrations.Migration):
    """Three rows of a merchant at most; nobody waits for it."""

    dependencies: ClassVar = [("staff", "0004_payment_override")]
    operations: ClassVar = [
        migrations.RunSQL(sql=sql, reverse_sql=migrations.RunSQL.noop) for sql in statements()
    ]
