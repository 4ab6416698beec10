"""Roles over HTTP: what they may do, and how far."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.views import ApiView
from fynlo.core import clock
from staff.employees.queries import role_by_code, roles
from staff.employees.serializers import LimitsSerializer, RolesOutput, RoleWithLimitsOutput, role_document
from staff.employees.services import set_limits


class RolesView(ApiView):
    """The roles of this merchant."""

    permission: ClassVar[str | None] = "staff.read"

    @extend_schema(operation_id="roles_list", responses=RolesOutput)
    def get(self, request: Request) -> Response:
        """Every role with its permissions and limits."""
        del request
        return Response({"items": [role_document(role) for role in roles()]})


class RoleLimitsView(ApiView):
    """How far people of a role may go by themselves."""

    permission: ClassVar[str | None] = "staff.manage"

    @extend_schema(operation_id="roles_set_limits", request=LimitsSerializer, responses=RoleWithLimitsOutput)
    def put(self, request: Request, role_code: str) -> Response:
        """State limits; they hold from the next request on. Nobody gives more than they have themselves."""
        del request
        set_limits(role_code=role_code, limits=self.body(LimitsSerializer), actor=self.actor, at=clock.now())
        return Response(role_document(role_by_code(code=role_code)))
