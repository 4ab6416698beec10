"""The page about people and devices says what the code does."""

import re
from pathlib import Path

from staff.access.approving import ACTIONS
from staff.access.delays import wait_after
from staff.employees.limits import LIMITS, STANDARD_LIMITS
from staff.employees.roles import DEVICE_PERMISSIONS, PERMISSIONS, STANDARD_ROLES

PAGE = (Path(__file__).parents[2] / "docs" / "concepts" / "people-and-devices.md").read_text("utf-8")


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def test_the_table_of_rights_is_the_one_in_the_code() -> None:
    rows = [cells(line) for line in PAGE.splitlines() if re.match(r"\| `[a-z_]+\.[a-z_]+` \|", line)]
    holders = [DEVICE_PERMISSIONS, *(STANDARD_ROLES[code][1] for code in ("cashier", "manager", "owner"))]
    expected = [
        [f"`{name}`", *("yes" if name in holder else "" for holder in holders)] for name in PERMISSIONS
    ]
    assert rows == expected


def test_the_table_of_waits_is_the_one_in_the_code() -> None:
    [line] = [line for line in PAGE.splitlines() if line.startswith("| wait in seconds")]
    waits = [int(cell) for cell in cells(line)[1:]]
    assert waits == [int(wait_after(failures).total_seconds()) for failures in (4, *range(5, 13))]


def test_the_table_of_limits_is_the_one_in_the_code() -> None:
    rows = [cells(line) for line in PAGE.splitlines() if re.match(r"\| `[a-z]+(_[a-z]+)+` \|", line)]
    holders = [STANDARD_LIMITS.get(code, {}) for code in ("cashier", "cashier", "manager", "owner")]
    expected = [[f"`{name}`", *(str(holder.get(name, "none")) for holder in holders)] for name in LIMITS]
    assert [row for row in rows if row[0].strip("`") in LIMITS] == expected


def test_the_table_of_actions_is_the_one_in_the_code() -> None:
    found = {}
    for line in PAGE.splitlines():
        if re.match(r"\| `[a-z_`, ]+ \| `(orders\.approve|registers\.approve|payments\.override)` \|", line):
            actions, permission, limits = cells(line)
            for action in re.findall(r"`([a-z_]+)`", actions):
                found[action] = (permission.strip("`"), tuple(re.findall(r"`([a-z_]+)`", limits)))
    assert found == {code: (action.permission, action.limits) for code, action in ACTIONS.items()}
