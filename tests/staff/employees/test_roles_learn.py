"""Merchants who are here already learn new permissions, unless somebody changed a role on purpose."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.db import connection

from staff.employees.models import Role
from staff.employees.roles import STANDARD_ROLES

pytestmark = pytest.mark.django_db
MIGRATION = import_module("staff.migrations.0005_new_permissions")
NEW = MIGRATION._NEW


def learn() -> dict[str, set[str]]:
    """Run what the migration runs; the permissions of each role after it."""
    with connection.cursor() as cursor:
        for statement in MIGRATION.statements():
            cursor.execute(statement)
    return {role.code: set(role.permissions) for role in Role.objects.all()}


def given() -> Iterator[tuple[str, set[str]]]:
    """What each release gave a role before there was anything new."""
    for code, steps in MIGRATION._GIVEN.items():
        held: set[str] = set()
        for added in steps:
            held |= set(added.split())
            yield code, set(held)


@pytest.fixture
def roles(in_cafe: Any) -> None:
    Role.objects.all().delete()
    for code in STANDARD_ROLES:
        Role.objects.create(code=code, name=code, permissions=[])


def hold(code: str, permissions: set[str]) -> None:
    Role.objects.filter(code=code).update(permissions=sorted(permissions))


@pytest.mark.parametrize(
    ("code", "before"), [(code, sorted(held)) for code, held in given()], ids=lambda each: str(len(each))
)
def test_a_role_as_a_release_gave_it_learns_what_is_new(roles: None, code: str, before: list[str]) -> None:
    hold(code, set(before))
    assert learn()[code] == {*before, *NEW[code]}
    assert learn()[code] == {*before, *NEW[code]}


def test_a_role_of_the_last_release_holds_what_the_code_gives_afterwards(roles: None) -> None:
    for code, held in given():
        hold(code, held)
    found = learn()
    everything = {name for names in NEW.values() for name in names}
    for code, (_name, permissions) in STANDARD_ROLES.items():
        assert found[code] >= {name for name in permissions if name in everything}


@pytest.mark.parametrize("change", ["one less", "one more"])
def test_a_role_that_somebody_changed_stays_as_it_is(roles: None, change: str) -> None:
    for code, held in given():
        before = held - {"feed.read"} if change == "one less" else held | {"staff.write_poems"}
        hold(code, before)
        assert learn()[code] == before


def test_a_role_of_the_merchants_own_stays_as_it_is(roles: None) -> None:
    Role.objects.create(code="barista", name="Barista", permissions=["orders.place"])
    assert learn()["barista"] == {"orders.place"}
