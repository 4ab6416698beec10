"""Shapes of roles and their limits."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from fynlo.api.fields import IntegerField, StrictSerializer
from staff.employees.limits import LIMITS, highest
from staff.employees.models import Role


class LimitsSerializer(StrictSerializer):
    """How far a role may go: percent or minor units; null is no limit, what is left out stays."""

    def get_fields(self) -> dict[str, Any]:
        """One number per limit that exists."""
        return {
            name: IntegerField(
                min_value=0, max_value=highest(name), required=False, allow_null=True, help_text=title
            )
            for name, title in LIMITS.items()
        }

    def to_draft(self) -> Mapping[str, int | None]:
        """The limits to state, by name."""
        return dict(self.validated_data)


class RoleWithLimitsOutput(serializers.Serializer[Any]):
    """A role: what it may do, and how far. A limit that is null is none."""

    code = serializers.CharField()
    name = serializers.CharField()
    permissions = serializers.ListField(child=serializers.CharField())
    limits = LimitsSerializer()


class RolesOutput(serializers.Serializer[Any]):
    """Every role."""

    items = RoleWithLimitsOutput(many=True)


def role_document(role: Role) -> dict[str, Any]:
    """A role as the API answers it, with every limit there is."""
    in_force = role.limits_in_force
    return {
        "code": role.code,
        "name": role.name,
        "permissions": sorted(role.permissions),
        "limits": {name: in_force.get(name) for name in LIMITS},
    }
