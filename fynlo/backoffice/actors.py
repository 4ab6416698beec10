"""Who works in the back office, as services see them."""

from typing import Any

from django.http import HttpRequest

from fynlo.core.actors import Actor


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in person as an actor: an employee with their role's permissions, or an operator.

    The site has let them in before (`AdminSite.has_permission`), so there is one.
    """
    person: Any = request.user
    role = getattr(person, "role", None)
    if role is None:
        return Actor(kind="operator", id=person.pk, name=str(person))
    return Actor(
        kind="employee",
        id=person.pk,
        name=person.name,
        employee_id=person.pk,
        permissions=frozenset(role.permissions),
        limits=role.limits_in_force,
    )
