"""Signing in, signing out, who is signed in, and approving.

No idempotency keys: the answers to a sign-in and an approval are secrets and must not be stored. A repeat opens
another session and ends the one before, or gives another approval and leaves the lost one to run out; signing
out twice changes nothing.
"""

from http import HTTPStatus
from typing import ClassVar, Final

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api import limits
from fynlo.api.views import ApiView
from fynlo.core import clock
from fynlo.core.errors import Forbidden
from staff.access import services
from staff.access.serializers import (
    ApprovalOutput,
    ApprovalSerializer,
    MeOutput,
    SignedInOutput,
    SignInSerializer,
)
from staff.access.services.approvals import give_approval
from staff.employees.queries import employee
from staff.employees.roles import DEVICE_PERMISSIONS

SIGN_INS: Final = limits.Limit(name="sign-in", count=30, seconds=60)
"""Per device: each try costs the server a dear hash, whoever it is for."""


class SignInView(ApiView):
    """Signing in with a PIN on a paired device."""

    permission: ClassVar[str | None] = None
    allowed_when_read_only: ClassVar[bool] = True

    @extend_schema(
        operation_id="employees_sign_in", request=SignInSerializer, responses={201: SignedInOutput}
    )
    def post(self, request: Request) -> Response:
        """Open a session: 401 `sign_in_refused` for a wrong number or PIN, 429 after too many."""
        del request
        draft = self.body(SignInSerializer)
        limits.take(SIGN_INS, str(services.device_of(self.actor)))
        signed_in = services.sign_in(
            employee_number=draft.employee_number, pin=draft.pin, device=self.actor, at=clock.now()
        )
        person = signed_in.employee
        body = {
            "token": signed_in.token,
            "expires_at": signed_in.expires_at,
            "employee": person,
            "permissions": sorted(DEVICE_PERMISSIONS | frozenset(person.role.permissions)),
        }
        return Response(SignedInOutput(body).data, status=HTTPStatus.CREATED)


class ApprovalsView(ApiView):
    """Approving what somebody may not do by themselves."""

    permission: ClassVar[str | None] = None

    @extend_schema(operation_id="approvals_give", request=ApprovalSerializer, responses={201: ApprovalOutput})
    def post(self, request: Request) -> Response:
        """A token for one action on one thing, good once on this device within five minutes.

        The approver types their own number and PIN; tries are counted and slowed down as those of signing in.
        401 `sign_in_refused`, 429 `sign_in_delayed`; 403 `forbidden` for who may not approve this, and
        `more_than_own_rights` beyond the approver's own limits.
        """
        del request
        draft = self.body(ApprovalSerializer)
        limits.take(SIGN_INS, str(services.device_of(self.actor)))
        approved = give_approval(draft=draft, device=self.actor, at=clock.now())
        return Response(ApprovalOutput(approved).data, status=HTTPStatus.CREATED)


class SignOutView(ApiView):
    """Signing out on this device."""

    permission: ClassVar[str | None] = None
    allowed_when_read_only: ClassVar[bool] = True

    @extend_schema(operation_id="employees_sign_out", request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """End the session of `Staff-Session`; its token is worth nothing from now on."""
        del request
        services.sign_out(actor=self.actor, at=clock.now())
        return Response(status=HTTPStatus.NO_CONTENT)


class MeView(ApiView):
    """Who is signed in."""

    permission: ClassVar[str | None] = None

    @extend_schema(operation_id="employees_me", responses=MeOutput)
    def get(self, request: Request) -> Response:
        """The employee of `Staff-Session`, and everything they may do on this device."""
        del request
        if self.actor.employee_id is None:
            raise Forbidden("Nobody is signed in on this device.")
        person = employee(employee_id=self.actor.employee_id)
        body = {"employee": person, "permissions": sorted(self.actor.permissions)}
        return Response(MeOutput(body).data)
