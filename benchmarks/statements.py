"""The SQL of one sale as a pgbench script: what the database alone would need for the same work.

A sale is posted twice in-process and its statements recorded as the driver sends them. What differs between
the two (keys made for this sale) becomes a variable that pgbench fills anew each time; the register's numbers, made
recognisable beforehand, are taken from the statement that hands them out.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

FIRST_NUMBER = 987_600_000
_COLUMNS = {"order": "order_number", "receipt": "receipt_number", "position": "journal_position"}
_NUMBERS = {"order": "fynlo_number", "receipt": "fynlo_receipt", "position": "fynlo_position"}
_UUID = re.compile(
    r"(?<![0-9a-f])(?:[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{12}7[0-9a-f]{19})"
    r"(?![0-9a-f])"
)


def recorded(call: Callable[[], Any]) -> list[str]:
    """The statements `call` sends, in order, with BEGIN and COMMIT where its transaction begins and ends."""
    from django.db import connection

    statements: list[str] = []
    state = {"open": False}

    def keep(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        text = context["cursor"].cursor.mogrify(sql, params).decode() if params else str(sql)
        if connection.in_atomic_block and not state["open"]:
            statements.append("BEGIN")
            state["open"] = True
        elif not connection.in_atomic_block and state["open"]:
            statements.append("COMMIT")
            state["open"] = False
        statements.append(text)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        call()
    if state["open"]:
        statements.append("COMMIT")
    return statements


@dataclass(frozen=True, slots=True)
class Taken:
    """The numbers that a recorded sale was given: of the order, of the receipt, of the journal's entry."""

    order: int
    receipt: int
    position: int


def script(first: list[str], second: list[str], *, taken: Taken) -> str:
    """A pgbench script of the first recording; `taken` are the numbers it was given, each unlike any other."""
    if len(first) != len(second):
        raise ValueError("two recordings of the same sale differ in length")
    constant = set(_UUID.findall("\n".join(second)))
    fresh = [key for key in dict.fromkeys(_UUID.findall("\n".join(first))) if key not in constant]
    names = {key: f"fynlo_u{index}" for index, key in enumerate(fresh)}
    made = ", ".join(f"gen_random_uuid() AS {name}" for name in names.values())
    lines, numbered = [f"SELECT {made} \\gset"], False
    for statement in first:
        text = _UUID.sub(lambda found: f":{names[found[0]]}" if found[0] in names else found[0], statement)
        text = " ".join(text.split("\n"))
        if numbered:
            for name, number in _NUMBERS.items():
                text = text.replace(str(getattr(taken, name)), f" :{number}")  # `::` would be a cast
        elif "take_numbers(" in text:
            asked = ", ".join(f"{column} AS {_NUMBERS[name]}" for name, column in _COLUMNS.items())
            lines.append(f"{text.replace('*', asked, 1)} \\gset")
            numbered = True
            continue
        lines.append(f"{text};")
    if not numbered:
        raise ValueError("no statement hands out the numbers")
    return "\n".join(lines) + "\n"
