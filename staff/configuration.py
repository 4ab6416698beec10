"""The `staff` section: the people who work here when the shop opens.

Passwords and PINs in the file are first ones, used when a person is created and never again; they are not
stored with the configuration, and a file without them stays valid.
"""

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from pydantic import AfterValidator, Field, SecretStr, StringConstraints

from tenants.configuration.documents import Document
from tenants.configuration.fields import Email, Name, refuse
from tenants.configuration.problems import Problem
from tenants.configuration.sections import Section, Surroundings, register

SHORTEST_PASSWORD: Final = 10
LONGEST_PASSWORD: Final = 128
_PIN_LENGTHS: Final = range(4, 9)
_ASCENDING: Final = "01234567890"
_POPULAR_PINS: Final = frozenset({"2580", "0852", "1004", "5683", "6969", "1313", "2001", "2000", "1379"})


def _password(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if not SHORTEST_PASSWORD <= len(text) <= LONGEST_PASSWORD:
        message = f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters"
        raise refuse("password_length", message)
    if not text.isprintable() or text != text.strip():
        raise refuse("password_characters", "a password has no control characters and no spaces at its ends")
    if len(set(text)) < 5:  # noqa: PLR2004  aaaaaaaaaa, abababab…
        raise refuse("password_weak", "this password repeats too few characters")
    try:
        CommonPasswordValidator().validate(text)
    except ValidationError:
        raise refuse("password_weak", "this password is among the most common ones") from None
    return value


def _pin(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if not (text.isascii() and text.isdigit() and len(text) in _PIN_LENGTHS):
        raise refuse("pin_form", "a PIN has 4 to 8 digits")
    if is_trivial_pin(text):
        raise refuse("pin_trivial", "this PIN is among the first that anybody tries")
    return value


def is_trivial_pin(pin: str) -> bool:
    """Whether a PIN is one digit repeated, a pair repeated, a run up or down, or a popular one."""
    pair = pin[:2] * (len(pin) // 2) + pin[: len(pin) % 2]
    run = pin in _ASCENDING or pin in _ASCENDING[::-1]
    return pin == pair or run or pin in _POPULAR_PINS


Password = Annotated[
    SecretStr,
    AfterValidator(_password),
    Field(description=f"{SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters, not a common password"),
]
Pin = Annotated[SecretStr, AfterValidator(_pin), Field(description='4 to 8 digits in quotes, not "1234"')]


class EmployeeSection(Section):
    """One person. The number is what they type at the till, and what names them for ever."""

    number: Annotated[
        str,
        StringConstraints(pattern=r"^[0-9]{1,8}$"),
        Field(description='1 to 8 digits in quotes, such as "1"'),
    ]
    name: Name
    role: Literal["cashier", "manager", "owner"]
    email: Email | None = None
    initial_password: Password | None = None
    initial_pin: Pin | None = None


Percent = Annotated[int, Field(ge=0, le=100, description="a percentage from 0 to 100, rounded up")]
Minor = Annotated[int, Field(ge=0, le=10**12, description="an amount in cents (minor units)")]
Unlimited = Literal["unlimited"]


class LimitsSection(Section):
    """How far people of a role may go by themselves. What is left out stays as it is."""

    discount_percent: Percent | Unlimited | None = None
    discount_minor: Minor | Unlimited | None = None
    override_percent: Percent | Unlimited | None = None
    void_minor: Minor | Unlimited | None = None
    refund_minor: Minor | Unlimited | None = None
    paid_out_minor: Minor | Unlimited | None = None
    variance_minor: Minor | Unlimited | None = None

    def stated(self) -> dict[str, int | None]:
        """The limits that the file states by name; None is no limit."""
        given = {name: getattr(self, name) for name in type(self).model_fields}
        return {
            name: None if limit == "unlimited" else limit
            for name, limit in given.items()
            if limit is not None
        }


class RoleLimitsSection(Section):
    """Limits by role."""

    cashier: LimitsSection = LimitsSection()
    manager: LimitsSection = LimitsSection()
    owner: LimitsSection = LimitsSection()

    def by_role(self) -> dict[str, dict[str, int | None]]:
        """What the file states, role by role."""
        return {name: getattr(self, name).stated() for name in type(self).model_fields}


class StaffSection(Section):
    """Everybody who works here when the shop opens, at least one owner; and how far they may go."""

    employees: Annotated[tuple[EmployeeSection, ...], Field(min_length=1, max_length=500)]
    limits: RoleLimitsSection = RoleLimitsSection()


def passwords_have_an_address(document: Document, _around: Surroundings) -> Iterator[Problem]:
    """People sign in to admin with their e-mail address, so a password without one opens nothing."""
    for path, employee in document.find("staff.employees[*]"):
        if isinstance(employee, dict) and employee.get("initial_password") and not employee.get("email"):
            message = "this is missing, and a password is of no use without it"
            place = (*path, "email")
            yield Problem(place, "missing", message, "an e-mail address", line=document.line(place))


def a_new_merchant_can_sign_in(document: Document, around: Surroundings) -> Iterator[Problem]:
    """When a merchant is set up, an owner needs a first password; later the file may do without."""
    owners = [
        (path, employee)
        for path, employee in document.find("staff.employees[*]")
        if isinstance(employee, dict) and employee.get("role") == "owner"
    ]
    if around.is_new and owners and not any(employee.get("initial_password") for _, employee in owners):
        path = (*owners[0][0], "initial_password")
        message = "this is missing: the first owner of a new merchant signs in with it"
        yield Problem(path, "missing", message, "a first password", line=document.line(path))


def an_owner_is_there(document: Document, _around: Surroundings) -> Iterator[Problem]:
    """Without an owner nobody could ever give a right to anybody."""
    roles = [value for _, value in document.find("staff.employees[*].role")]
    if roles and "owner" not in roles:
        path = ("staff", "employees")
        yield Problem(
            path,
            "no_owner",
            "nobody is owner",
            "at least one employee with role: owner",
            line=document.line(path),
        )


register(
    name="staff",
    model=StaffSection,
    required=True,
    unique=("employees[*].number", "employees[*].email"),
    rules=(an_owner_is_there, passwords_have_an_address, a_new_merchant_can_sign_in),
)
