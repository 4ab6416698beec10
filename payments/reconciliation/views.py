"""Reconciling over HTTP: runs, payouts, differences, disputes, totals of card machines."""

from http import HTTPStatus
from typing import Any, ClassVar, Final
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.idempotency import idempotent
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import choice, identifier
from fynlo.api.schema import page_of
from fynlo.api.views import ApiView
from fynlo.core import clock
from fynlo.core.money import Money
from payments.reconciliation import states
from payments.reconciliation.models import MachineTotal
from payments.reconciliation.queries.machines import booked_on
from payments.reconciliation.queries.reading import (
    SHOWN,
    differences,
    disputes,
    lines_of,
    payout_of,
    payouts,
    run_of,
    runs,
)
from payments.reconciliation.serializers import (
    DifferenceOutput,
    DisputeOutput,
    EvidenceInput,
    LineOutput,
    MachineInput,
    MachineOutput,
    PayoutDetailOutput,
    PayoutOutput,
    ResolveInput,
    RunInput,
    RunOutput,
)
from payments.reconciliation.services import enter_machine_total, resolve_difference, submit_evidence
from payments.reconciliation.services.running import ask_by_hand
from payments.reconciliation.tasks import begin

READ: Final = "payments.read"
WRITE: Final = "payments.reconcile"


class ReconciliationsView(ApiView):
    """Comparisons with vendors' listings."""

    permissions: ClassVar = {"GET": READ, "POST": WRITE}
    query_parameters: ClassVar = PAGE_PARAMETERS | {"connection_id"}

    @extend_schema(
        parameters=[OpenApiParameter("connection_id", description="Only those of this account.")],
        responses=page_of("ReconciliationPage", RunOutput),
    )
    def get(self, request: Request) -> Response:
        """Runs, the newest first."""
        found = runs(connection_id=identifier(self.query, "connection_id"))
        return Response(paginate(found, request, RunOutput, newest_first=True))

    @extend_schema(request=RunInput, responses={HTTPStatus.ACCEPTED: RunOutput})
    def post(self, request: Request) -> Response:
        """Compare an account now, also one whose last run was given up.

        One that is being compared is answered as it is, and compared again after it.
        """
        del request
        asked = self.body(RunInput)
        key = ask_by_hand(connection_id=asked["connection_id"], actor=self.actor, at=clock.now())
        begin(key)
        return Response(RunOutput(run_of(run_id=key)).data, status=HTTPStatus.ACCEPTED)


class PayoutsView(ApiView):
    """What vendors sent to the bank."""

    permission: ClassVar[str | None] = READ
    query_parameters: ClassVar = PAGE_PARAMETERS | {"connection_id"}

    @extend_schema(
        parameters=[OpenApiParameter("connection_id", description="Only those of this account.")],
        responses=page_of("PayoutPage", PayoutOutput),
    )
    def get(self, request: Request) -> Response:
        """Payouts, the newest first."""
        found = payouts(connection_id=identifier(self.query, "connection_id"))
        return Response(paginate(found, request, PayoutOutput, newest_first=True))


class PayoutView(ApiView):
    """One payout, explained line by line."""

    permission: ClassVar[str | None] = READ

    @extend_schema(responses=PayoutDetailOutput)
    def get(self, request: Request, payout_id: UUID) -> Response:
        """Its sums and its lines, those that are not explained first; two hundred at most."""
        del request
        payout = payout_of(payout_id=payout_id)
        lines = list(lines_of(payout_id=payout_id, limit=SHOWN + 1))
        whole = dict(PayoutOutput(payout).data)
        shown = LineOutput(lines[:SHOWN], many=True).data
        return Response({**whole, "lines": shown, "more_lines": len(lines) > SHOWN})


class DifferencesView(ApiView):
    """What does not agree."""

    permission: ClassVar[str | None] = READ
    query_parameters: ClassVar = PAGE_PARAMETERS | {"state"}

    @extend_schema(
        parameters=[OpenApiParameter("state", enum=states.DIFFERENCE.states, description="open or resolved")],
        responses=page_of("ReconciliationDifferencePage", DifferenceOutput),
    )
    def get(self, request: Request) -> Response:
        """Differences of every account, in the order they were found."""
        state = choice(self.query, "state", known=states.DIFFERENCE.states)
        return Response(paginate(differences(state=state), request, DifferenceOutput))


class ResolveDifferenceView(ApiView):
    """Doing something about a difference."""

    permission: ClassVar[str | None] = WRITE

    @extend_schema(request=ResolveInput, responses=DifferenceOutput)
    def post(self, request: Request, difference_id: UUID) -> Response:
        """Look again, put to its order, give back, book as a fee, or accept with a reason.

        409 `reconciliation_action_not_possible` when it does not help or the difference is resolved already, so a
        repeat does nothing twice; 422 `reconciliation_reason_needed`.
        """
        del request
        asked = self.body(ResolveInput)
        found = resolve_difference(
            difference_id=difference_id,
            action=asked["action"],
            reason=asked["reason"],
            actor=self.actor,
            at=clock.now(),
        )
        return Response(DifferenceOutput(found).data)


class DisputesView(ApiView):
    """Payments that cardholders object to."""

    permission: ClassVar[str | None] = READ
    query_parameters: ClassVar = PAGE_PARAMETERS | {"state"}

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "state",
                enum=states.DISPUTE_STATES,
                description="Only those that stand like this at the bank.",
            )
        ],
        responses=page_of("DisputePage", DisputeOutput),
    )
    def get(self, request: Request) -> Response:
        """Disputes, the newest first; `state=needs_response`: those that want an answer, until `due_at`."""
        state = choice(self.query, "state", known=states.DISPUTE_STATES)
        return Response(paginate(disputes(state=state), request, DisputeOutput, newest_first=True))


class EvidenceView(ApiView):
    """Answering a dispute."""

    permission: ClassVar[str | None] = WRITE

    @extend_schema(request=EvidenceInput, responses=DisputeOutput)
    def post(self, request: Request, dispute_id: UUID) -> Response:
        """Send the order, its receipt, the signature and a note: for good, or as a `draft` that can be changed.

        409 `dispute_evidence_not_possible`.
        """
        del request
        asked = self.body(EvidenceInput)
        found = submit_evidence(
            dispute_id=dispute_id,
            note=asked["note"],
            is_draft=asked["draft"],
            actor=self.actor,
            at=clock.now(),
        )
        return Response(DisputeOutput(found).data)


class MachineTotalsView(ApiView):
    """Totals of stand-alone card machines."""

    permission: ClassVar[str | None] = WRITE

    @extend_schema(request=MachineInput, responses=MachineOutput)
    @idempotent
    def post(self, request: Request) -> Response:
        """Enter what a machine printed for a register and a day; again corrects it until it is booked."""
        del request
        row = enter_machine_total(draft=self.body(MachineInput), actor=self.actor, at=clock.now())
        return Response(_machine(row))


def _machine(row: MachineTotal) -> dict[str, Any]:
    booked = booked_on(
        register_id=row.register_id, business_date=row.business_date, tender_type=row.tender_type
    )
    values = {
        "id": row.pk,
        "register_id": row.register_id,
        "business_date": row.business_date,
        "tender_type": row.tender_type,
        "total": Money(row.total_minor, row.currency),
        "booked": Money(booked, row.currency),
        "difference": Money(row.total_minor - booked, row.currency),
        "fee": None if row.fee_minor is None else Money(row.fee_minor, row.currency),
        "posted_at": row.posted_at,
    }
    return dict(MachineOutput(values).data)
