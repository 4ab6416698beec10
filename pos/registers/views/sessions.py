"""Drawer sessions over HTTP: opening, moving cash, counting, closing."""

from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.idempotency import idempotent
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import choice, day, identifier
from fynlo.api.schema import page_of
from fynlo.api.views import ApiView
from fynlo.core import clock
from fynlo.core.errors import NotFound
from fynlo.core.tenancy import current_tenant
from pos.registers import queries, states
from pos.registers.blind import shows_cash
from pos.registers.errors import NoOpenSession
from pos.registers.models import CashSession
from pos.registers.policy import drawer_policy
from pos.registers.queries.movements import movement_document
from pos.registers.queries.sessions import listed_sessions
from pos.registers.serializers import (
    CashMovementOutput,
    CashSessionOutput,
    ClosingInput,
    CountedSessionOutput,
    DrawerCountInput,
    MovementInput,
    OpeningInput,
    RecountInput,
)
from pos.registers.services import (
    begin_closing,
    close_session,
    commit_count,
    confirm_opening,
    move_cash,
    open_session,
)
from pos.registers.views.counted import amount_of, needed_amount
from staff.employees.queries import employee


def session_state(session: CashSession) -> dict[str, Any]:
    """The whole state of one session."""
    opening_float = queries.session_float(session_id=session.pk)
    return queries.session_document(session, currency=current_tenant().currency, float_minor=opening_float)


class RegisterSessionsView(ApiView):
    """Opening a drawer."""

    permission: ClassVar[str | None] = "registers.open"

    @extend_schema(request=OpeningInput, responses={201: CashSessionOutput})
    @idempotent
    def post(self, request: Request, register_id: UUID) -> Response:
        """Open the drawer of this till, or a shared one, with what is in it."""
        del request
        draft = self.body(OpeningInput)
        person = None if draft.responsible_id is None else employee(employee_id=draft.responsible_id)
        session = open_session(
            register_id=register_id,
            session_id=draft.id,
            opening_float=needed_amount(draft.opening_float, member="opening_float"),
            denominations=draft.opening_float.pieces,
            foreign=draft.foreign,
            drawer_id=draft.drawer_id,
            in_control=draft.in_control,
            responsible=None if person is None else (person.pk, person.name),
            actor=self.actor,
            at=clock.now(),
        )
        return Response(session, status=HTTPStatus.CREATED)


class RegisterSessionView(ApiView):
    """The open drawer of a register."""

    permission: ClassVar[str | None] = "registers.read"

    @extend_schema(responses=CashSessionOutput)
    def get(self, request: Request, register_id: UUID) -> Response:
        """The session its cash goes to; 404 `no_open_session` while the drawer is closed."""
        del request
        session = queries.open_session(register_id=register_id)
        if session is None:
            raise NoOpenSession
        return Response(session_state(session))


class CashSessionsView(ApiView):
    """Drawers between opening and closing."""

    permission: ClassVar[str | None] = "registers.read"
    query_parameters: ClassVar = PAGE_PARAMETERS | {
        "register_id",
        "drawer_id",
        "location_id",
        "state",
        "business_date",
    }

    @extend_schema(responses=page_of("CashSessionPage", CashSessionOutput))
    def get(self, request: Request) -> Response:
        """Sessions, the newest first."""
        wanted = {
            "register_id": identifier(self.query, "register_id"),
            "drawer_id": identifier(self.query, "drawer_id"),
            "register__location_id": identifier(self.query, "location_id"),
            "state": choice(self.query, "state", known=states.SESSION_STATES),
            "business_date": day(self.query, "business_date"),
        }
        given = {name: value for name, value in wanted.items() if value is not None}
        found = listed_sessions().filter(**given)
        return Response(paginate(found, request, _listed, newest_first=True))


def _listed(session: Any) -> dict[str, Any]:
    currency = current_tenant().currency
    return queries.session_document(session, currency=currency, float_minor=session.float_minor)


class CashSessionView(ApiView):
    """One session."""

    permission: ClassVar[str | None] = "registers.read"

    @extend_schema(responses=CashSessionOutput)
    def get(self, request: Request, session_id: UUID) -> Response:
        """The session as it is; what was expected only once it is counted."""
        del request
        return Response(session_state(_session(session_id)))


class OpeningConfirmationView(ApiView):
    """The second look at a float."""

    permission: ClassVar[str | None] = "registers.open"

    @extend_schema(request=DrawerCountInput, responses=CashSessionOutput)
    @idempotent
    def post(self, request: Request, session_id: UUID) -> Response:
        """Say what really is in the drawer; from then on it is open."""
        del request
        draft = self.body(DrawerCountInput)
        session = confirm_opening(
            session_id=session_id,
            counted=needed_amount(draft.counted, member="counted"),
            denominations=draft.counted.pieces,
            foreign=draft.foreign,
            actor=self.actor,
            at=clock.now(),
        )
        return Response(session)


class _CountingView(ApiView):
    """What a merchant may do who may only read: the evening's money must be counted."""

    permission: ClassVar[str | None] = "registers.close"
    allowed_when_read_only: ClassVar[bool] = True


class ClosingBeginView(_CountingView):
    """The beginning of a closing."""

    @extend_schema(request=None, responses=CashSessionOutput)
    @idempotent
    def post(self, request: Request, session_id: UUID) -> Response:
        """Say that the drawer is being counted; from now on nobody is told what should be in it."""
        del request
        return Response(begin_closing(session_id=session_id, actor=self.actor, at=clock.now()))


class CountsView(_CountingView):
    """Counting a drawer."""

    @extend_schema(request=DrawerCountInput, responses=CashSessionOutput)
    @idempotent
    def post(self, request: Request, session_id: UUID) -> Response:
        """Commit a count; the answer tells what should have been there."""
        del request
        draft = self.body(DrawerCountInput)
        return Response(
            commit_count(
                session_id=session_id,
                counted=needed_amount(draft.counted, member="counted"),
                denominations=draft.counted.pieces,
                foreign=draft.foreign,
                actor=self.actor,
                at=clock.now(),
            )
        )


class RecountsView(_CountingView):
    """Counting a drawer again."""

    @extend_schema(request=RecountInput, responses=CashSessionOutput)
    @idempotent
    def post(self, request: Request, session_id: UUID) -> Response:
        """Commit another count and say why; the earlier ones stay."""
        del request
        draft = self.body(RecountInput)
        return Response(
            commit_count(
                session_id=session_id,
                counted=needed_amount(draft.counted, member="counted"),
                denominations=draft.counted.pieces,
                foreign=draft.foreign,
                reason=draft.reason,
                is_recount=True,
                actor=self.actor,
                at=clock.now(),
            )
        )


class CashSessionCloseView(_CountingView):
    """Closing a drawer."""

    @extend_schema(request=ClosingInput, responses={200: CashSessionOutput, 202: CountedSessionOutput})
    @idempotent
    def post(self, request: Request, session_id: UUID) -> Response:
        """Close the drawer of this till and write the Z; what is over or short is booked.

        202: the count is kept, but somebody has to approve what is over or short.
        """
        del request
        draft = self.body(ClosingInput)
        session = close_session(
            session_id=session_id,
            counted=amount_of(draft.counted, member="counted"),
            denominations=draft.counted.pieces,
            foreign=draft.foreign,
            approval=draft.approval,
            force=draft.force,
            actor=self.actor,
            at=clock.now(),
        )
        status = HTTPStatus.ACCEPTED if "needs_approval" in session else HTTPStatus.OK
        return Response(session, status=status)


class CashMovementsView(ApiView):
    """What went into a drawer and out of it."""

    permissions: ClassVar = {"GET": "registers.read", "POST": "registers.move_cash"}
    query_parameters: ClassVar = PAGE_PARAMETERS

    @extend_schema(responses=page_of("CashMovementPage", CashMovementOutput))
    def get(self, request: Request, session_id: UUID) -> Response:
        """The movements, in order; before a blind count only those somebody made by hand."""
        session = _session(session_id)
        everything = shows_cash(session=session, actor=self.actor, policy=drawer_policy())
        code = (session.drawer or session.register).code
        found = queries.session_movements(session_id=session_id, manual_only=not everything)
        return Response(paginate(found, request, lambda row: movement_document(row, drawer_code=code)))

    @extend_schema(request=MovementInput, responses={201: CashMovementOutput})
    @idempotent
    def post(self, request: Request, session_id: UUID) -> Response:
        """Record money put in or taken out, with a slip."""
        del request
        draft = self.body(MovementInput)
        movement = move_cash(session_id=session_id, draft=draft, actor=self.actor, at=clock.now())
        return Response(movement, status=HTTPStatus.CREATED)


def _session(session_id: UUID) -> CashSession:
    session = queries.sessions().filter(pk=session_id).first()
    if session is None:
        raise NotFound("There is no such session.")
    return session
