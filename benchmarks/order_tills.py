"""Twenty-five tills of one location that sell for a minute: paid orders, how long each took, that none failed.

    .venv/bin/python -m benchmarks.order_tills [--seconds 60] [--tills 25]

Over HTTP, on servers of its own with durable settings: every till posts orders of five lines paid in cash, one
after the other, at a register of its own with an open drawer. All sell the same five goods. At the end the numbers
of every register are dense, each receipt has its journal entry, every level is the sum of its movements, and the
books balance. Ends with status 1 when an order failed, two waited for each other in a circle, or something differs.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

from benchmarks.order import WARM_UP, load, manage, serving, stocked, tills, variants
from benchmarks.report import ROOT, machine, print_machine, spread, verdicts, write_raw
from benchmarks.servers import own_servers
from fynlo.embedded.services import Services

# Order numbers of which there is no row, and receipts without a journal entry of theirs (or the reverse).
_GAPS = """
SELECT count(*) FROM pos_register AS register
CROSS JOIN LATERAL (
    SELECT count(*) AS orders, max(number) - min(number) + 1 AS span, count(receipt_number) AS receipts,
        max(receipt_number) - min(receipt_number) + 1 AS receipt_span
    FROM pos_order WHERE register_id = register.id
) AS found
CROSS JOIN LATERAL (
    SELECT count(*) AS sales FROM pos_journalentry WHERE register_id = register.id AND kind = 'sale'
) AS journal
WHERE found.orders > 0
    AND (found.span <> found.orders OR found.receipt_span <> found.receipts OR journal.sales <> found.receipts)
"""


def measure(services: Services, wanted: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Sell, then look."""
    import django

    manage("migrate")
    manage("onboard", "docs/examples/cafe/merchant.yaml")
    django.setup()
    from benchmarks.stock_tills import deadlocks, level_differences
    from fynlo.core.tenancy import registry

    sold = variants()
    stocked(sold)
    places = tills()
    with serving(services, folder) as port:
        job = {"variants": sold, "currency": "EUR", "warm_up": WARM_UP, "port": port, "tills": places}
        orders = load(job | {"clients": wanted.tills, "seconds": wanted.seconds})
    cafe = registry.tenant_by_schema("t_cafe")
    return {
        "tills": wanted.tills,
        "seconds": wanted.seconds,
        "orders": orders,
        "deadlocks": deadlocks(),
        "level_differences": level_differences(cafe),
        **books(cafe),
    }


def books(cafe: Any) -> dict[str, Any]:
    """Registers whose numbers or journal have a gap, and what the accounts do not balance by."""
    from django.db import connection

    from fynlo.core.tenancy import tenant_context
    from payments.ledger.queries import trial_balance

    with tenant_context(cafe), connection.cursor() as cursor:
        cursor.execute(_GAPS)
        (gaps,) = cursor.fetchone()
        return {"registers_with_gaps": gaps, "unbalanced": sum(row.balance_minor for row in trial_balance())}


def bars(found: dict[str, Any]) -> list[tuple[str, bool]]:
    """What has to hold, and whether it does."""
    counts = {
        "orders that failed": len(found["orders"]["other_statuses"]),
        "deadlocks": found["deadlocks"],
        "levels that are not the sum of their movements": found["level_differences"],
        "registers with a gap in their numbers or their journal": found["registers_with_gaps"],
        "minor units by which the books do not balance": found["unbalanced"],
    }
    return [(f"{count} {name}, none may be", not count) for name, count in counts.items()]


def main() -> None:
    """Start servers of our own, measure, print, keep the raw samples."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--tills", type=int, default=25)
    wanted = parser.parse_args()
    facts = machine()
    print_machine(facts)
    with own_servers() as (services, folder):
        found = measure(services, wanted, folder)
    at, count = spread(found["orders"]["latencies_ms"]), len(found["orders"]["latencies_ms"])
    print("\n| tills | orders | per second | p50 | p95 | p99 |")
    print("| --- | --- | --- | --- | --- | --- |")
    print(
        f"| {found['tills']} | {count} | {count / wanted.seconds:.0f} | {at['p50']:.1f} ms | {at['p95']:.1f} ms | "
        f"{at['p99']:.1f} ms |"
    )
    ran = " ".join(("-m benchmarks.order_tills", *sys.argv[1:]))
    path = write_raw("order_tills", {"machine": facts, "command": ran, **found})
    print(f"\nraw samples: {path.relative_to(ROOT)}")
    sys.exit(verdicts(bars(found)))


if __name__ == "__main__":
    main()
