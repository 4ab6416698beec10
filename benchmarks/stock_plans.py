"""What statements read, as the planner did it: EXPLAIN ANALYZE of recorded statements."""

import json
import os
from collections.abc import Iterator
from typing import Any

LEDGER = "pos_stockmovement"


def movements_read(statements: list[str], *, schema: str) -> dict[str, Any]:
    """The most movements one of the statements touches (`reads`), and the plan of the slowest SELECT."""
    import psycopg2

    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    connection.autocommit = True
    most, slowest = 0, {"Execution Time": -1.0}
    with connection.cursor() as cursor:
        cursor.execute(f"SET search_path TO {schema}, public, extensions")
        for statement in statements:
            if not statement.lstrip().upper().startswith(("SELECT", "WITH")):
                continue
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}")
            plan = cursor.fetchone()[0][0]
            most = max([most, *(touched(node) for node in nodes(plan["Plan"]))])
            if plan["Execution Time"] > slowest["Execution Time"]:
                slowest = plan | {"statement": statement[:1500]}
    connection.close()
    return {"reads": most, "plan": json.dumps(slowest)}


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A node of a plan and everything below it."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def touched(node: dict[str, Any]) -> int:
    """Rows of the ledger that a node looked at, those it threw away too."""
    if node.get("Relation Name") != LEDGER:
        return 0
    thrown = sum(node.get(name, 0) for name in ("Rows Removed by Filter", "Rows Removed by Index Recheck"))
    return round((node["Actual Rows"] + thrown) * node["Actual Loops"])
