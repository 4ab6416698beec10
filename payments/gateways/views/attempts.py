"""Attempts over HTTP. Each verb is safe to repeat: what was sent has its key, what was answered its state."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import choice, identifier
from fynlo.api.schema import page_of
from fynlo.api.views import ApiView
from fynlo.core import clock
from fynlo.core.errors import NotFound
from payments.gateways import states
from payments.gateways.documents import attempt_document
from payments.gateways.queries import attempt, attempts
from payments.gateways.serializers import (
    AttemptOutput,
    CaptureInput,
    IncrementInput,
    OverrideInput,
    PresentInput,
)
from payments.gateways.services import (
    cancel_attempt,
    increment_attempt,
    look_at_attempt,
    override_attempt,
    present_again,
    type_slip,
)


def reached(view: ApiView, attempt_id: UUID) -> UUID:
    """The attempt's key. Raises `NotFound` at a till of another location than where it was asked for."""
    here = view.actor.location_id
    there = attempt(attempt_id=attempt_id).details["asked"].get("location_id")
    if here is not None and there is not None and str(here) != there:
        raise NotFound("There is no such attempt here.")
    return attempt_id


class AttemptsView(ApiView):
    """Every attempt to take money by a gateway."""

    permission: ClassVar[str | None] = "payments.read"
    query_parameters: ClassVar = PAGE_PARAMETERS | {"state", "order_id"}

    @extend_schema(
        parameters=[
            OpenApiParameter("state", enum=states.ATTEMPT.states, description="Only those in this state."),
            OpenApiParameter("order_id", description="Only those of this order."),
        ],
        responses=page_of("AttemptPage", AttemptOutput),
    )
    def get(self, request: Request) -> Response:
        """Attempts, the newest first."""
        state = choice(self.query, "state", known=states.ATTEMPT.states)
        found = attempts(state=state, order_id=identifier(self.query, "order_id"))
        return Response(paginate(found, request, AttemptOutput, newest_first=True))


class AttemptView(ApiView):
    """One attempt."""

    permission: ClassVar[str | None] = "orders.read"

    @extend_schema(responses=AttemptOutput)
    def get(self, request: Request, attempt_id: UUID) -> Response:
        """What is known of it, without asking anybody."""
        del request
        return Response(attempt_document(attempt(attempt_id=reached(self, attempt_id))))


class LookView(ApiView):
    """Looking what became of an attempt."""

    permission: ClassVar[str | None] = "orders.place"

    @extend_schema(request=None, responses=AttemptOutput)
    def post(self, request: Request, attempt_id: UUID) -> Response:
        """Ask the provider what became of it. A screen that waits does so every two seconds."""
        del request
        return Response(
            attempt_document(look_at_attempt(attempt_id=reached(self, attempt_id), at=clock.now()))
        )


class CancelView(ApiView):
    """Letting an attempt go."""

    permission: ClassVar[str | None] = "orders.place"

    @extend_schema(request=None, responses=AttemptOutput)
    def post(self, request: Request, attempt_id: UUID) -> Response:
        """Let it go. Where that comes too late, the answer says that it was taken."""
        del request
        row = cancel_attempt(attempt_id=reached(self, attempt_id), actor=self.actor, at=clock.now())
        return Response(attempt_document(row))


class CaptureView(ApiView):
    """Taking what is authorised."""

    permission: ClassVar[str | None] = "orders.place"

    @extend_schema(request=CaptureInput, responses=AttemptOutput)
    def post(self, request: Request, attempt_id: UUID) -> Response:
        """Take what is authorised or less of it, or say what the slip of a card machine says."""
        del request
        slip = self.body(CaptureInput)
        row = type_slip(attempt_id=reached(self, attempt_id), slip=slip, actor=self.actor, at=clock.now())
        return Response(attempt_document(row))


class IncrementView(ApiView):
    """Authorising more."""

    permission: ClassVar[str | None] = "orders.place"

    @extend_schema(request=IncrementInput, responses=AttemptOutput)
    def post(self, request: Request, attempt_id: UUID) -> Response:
        """Authorise so much in all. Declined, the old amount stays and `failure` says so."""
        del request
        row = increment_attempt(
            attempt_id=reached(self, attempt_id),
            to=self.body(IncrementInput),
            actor=self.actor,
            at=clock.now(),
        )
        return Response(attempt_document(row))


class PresentView(ApiView):
    """Putting it before the guest once more."""

    permission: ClassVar[str | None] = "orders.place"

    @extend_schema(request=PresentInput, responses=AttemptOutput)
    def post(self, request: Request, attempt_id: UUID) -> Response:
        """After a decline or a reader's trouble: once more, on another reader if one is named."""
        del request
        row = present_again(
            attempt_id=reached(self, attempt_id),
            reader_id=self.body(PresentInput),
            actor=self.actor,
            at=clock.now(),
        )
        return Response(attempt_document(row))


class OverrideView(ApiView):
    """Going on although nobody knows."""

    permission: ClassVar[str | None] = "orders.place"

    @extend_schema(request=OverrideInput, responses=AttemptOutput)
    def post(self, request: Request, attempt_id: UUID) -> Response:
        """Let the same amount be asked for again. It goes on being looked up; what was taken is kept.

        Needs `payments.override`, or the approval of somebody who has it.
        """
        del request
        said = self.body(OverrideInput)
        row = override_attempt(attempt_id=reached(self, attempt_id), **said, actor=self.actor, at=clock.now())
        return Response(attempt_document(row))
