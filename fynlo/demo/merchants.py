"""The four example merchants as their own files describe them: who signs in where, and with what."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

EXAMPLES: Final = Path("docs") / "examples"
TOUR: Final = "cafe"  # docs/tour.md sells there, and so does the check
ROLES: Final = ("cashier", "manager", "owner")  # in the order of their rights


@dataclass(frozen=True, slots=True)
class Employee:
    """A person of the example with the first password and PIN, which the file states openly."""

    number: str
    name: str
    role: str
    email: str | None
    password: str | None = field(repr=False)
    pin: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Merchant:
    """One example merchant and the file it is onboarded from."""

    file: Path
    slug: str
    name: str
    currency: str
    host: str
    location: str
    register: str
    employees: tuple[Employee, ...]

    def cashier(self) -> Employee:
        """The employee at the till with the fewest rights."""
        return min(self._at_the_till(), key=lambda employee: ROLES.index(employee.role))

    def owner(self) -> Employee:
        """The employee at the till with the most rights."""
        return max(self._at_the_till(), key=lambda employee: ROLES.index(employee.role))

    def _at_the_till(self) -> list[Employee]:
        return [employee for employee in self.employees if employee.pin]


def read_merchants(root: Path) -> list[Merchant]:
    """Return the merchants of docs/examples by name of their folder, the one the tour visits first."""
    files = (root / EXAMPLES).glob("*/merchant.yaml")
    return [
        _read(file) for file in sorted(files, key=lambda file: (file.parent.name != TOUR, file.parent.name))
    ]


def _read(file: Path) -> Merchant:
    document: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    about, location = document["merchant"], document["pos"]["locations"][0]
    return Merchant(
        file=file,
        slug=about["slug"],
        name=about["name"],
        currency=about["currency"],
        host=about["domains"][0],
        location=location["code"],
        register=location["registers"][0]["code"],
        employees=tuple(_employee(entry) for entry in document["staff"]["employees"]),
    )


def _employee(entry: dict[str, Any]) -> Employee:
    return Employee(
        number=str(entry["number"]),
        name=entry["name"],
        role=entry["role"],
        email=entry.get("email"),
        password=entry.get("initial_password"),
        pin=entry.get("initial_pin"),
    )
