"""Counting over HTTP."""

from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.idempotency import idempotent
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import choice, identifier, timestamp
from fynlo.api.schema import page_of
from fynlo.core import clock
from pos.inventory import states
from pos.inventory.models.counts import COUNT_KINDS
from pos.inventory.queries.counts import (
    LINE_STATUS,
    CountFilter,
    count_document,
    count_entries,
    count_lines,
    counts,
    entry_document,
    find_count,
    line_document,
)
from pos.inventory.serializers.counts import (
    CancelReasonInput,
    CountEnteredOutput,
    CountEntriesInput,
    CountEntryOutput,
    CountInput,
    CountLineOutput,
    CountOutput,
    CountRecountInput,
    CountSubmitInput,
    CountVoidInput,
)
from pos.inventory.services.count_closing import close_count
from pos.inventory.services.count_entering import enter, void_entry
from pos.inventory.services.count_opening import open_count
from pos.inventory.services.count_submitting import cancel_count, recount_lines, submit_count
from pos.inventory.views.base import StockView


class StockCountsView(StockView):
    """Counts."""

    permissions: ClassVar = {"GET": "stock.read", "POST": "stock.count"}
    query_parameters: ClassVar = PAGE_PARAMETERS | {
        "location_id",
        "state",
        "kind",
        "variant_id",
        "opened_from",
        "opened_to",
    }

    @extend_schema(responses=page_of("StockCountPage", CountOutput))
    def get(self, request: Request) -> Response:
        """Counts, the newest first."""
        wanted = CountFilter(
            location_id=identifier(self.query, "location_id"),
            state=choice(self.query, "state", known=states.COUNT.states),
            kind=choice(self.query, "kind", known=COUNT_KINDS),
            variant_id=identifier(self.query, "variant_id"),
            opened_from=timestamp(self.query, "opened_from"),
            opened_to=timestamp(self.query, "opened_to"),
        )
        return Response(paginate(counts(wanted), request, count_document, newest_first=True))

    @extend_schema(request=CountInput, responses={201: CountOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """Open a count."""
        del request
        count = open_count(draft=self.body(CountInput), actor=self.actor, at=clock.now())
        return Response(count, status=HTTPStatus.CREATED)


class StockCountView(StockView):
    """A count."""

    permission: ClassVar[str | None] = "stock.read"

    @extend_schema(responses=CountOutput)
    def get(self, request: Request, count_id: UUID) -> Response:
        """The whole state of a count, without its lines."""
        del request
        return Response(count_document(find_count(count_id)))


class StockCountLinesView(StockView):
    """The lines of a count."""

    permission: ClassVar[str | None] = "stock.read"
    query_parameters: ClassVar = PAGE_PARAMETERS | {"status"}

    @extend_schema(responses=page_of("StockCountLinePage", CountLineOutput))
    def get(self, request: Request, count_id: UUID) -> Response:
        """What is to be counted and what was; `status` counted, uncounted, different, found or recount."""
        count = find_count(count_id)
        found = count_lines(count, status=choice(self.query, "status", known=LINE_STATUS))
        return Response(paginate(found, request, lambda line: line_document(line, count=count)))


class StockCountEntriesView(StockView):
    """What was entered into a count."""

    permissions: ClassVar = {"GET": "stock.read", "POST": "stock.count"}
    query_parameters: ClassVar = PAGE_PARAMETERS | {"line_id"}

    @extend_schema(responses=page_of("StockCountEntryPage", CountEntryOutput))
    def get(self, request: Request, count_id: UUID) -> Response:
        """Every entry, the newest first, with those that were taken back."""
        found = count_entries(find_count(count_id).pk, line_id=identifier(self.query, "line_id"))
        return Response(paginate(found, request, entry_document, newest_first=True))

    @extend_schema(request=CountEntriesInput, responses=CountEnteredOutput)
    @idempotent
    def post(self, request: Request, count_id: UUID) -> Response:
        """Append what was counted; entries that are known already do nothing."""
        del request
        drafts = self.body(CountEntriesInput)
        return Response(enter(count_id=count_id, drafts=drafts, actor=self.actor, at=clock.now()))


class StockCountEntryVoidView(StockView):
    """Taking an entry back."""

    permission: ClassVar[str | None] = "stock.count"

    @extend_schema(request=CountVoidInput, responses=CountEnteredOutput)
    @idempotent
    def post(self, request: Request, count_id: UUID, entry_id: UUID) -> Response:
        """Take an entry back; it stays to be seen."""
        del request
        told = void_entry(
            count_id=count_id,
            entry_id=entry_id,
            void_id=self.body(CountVoidInput),
            actor=self.actor,
            at=clock.now(),
        )
        return Response(told)


class StockCountSubmitView(StockView):
    """The end of counting."""

    permission: ClassVar[str | None] = "stock.count"

    @extend_schema(request=CountSubmitInput, responses=CountOutput)
    @idempotent
    def post(self, request: Request, count_id: UUID) -> Response:
        """Work out what was counted; from now on the count takes no entries."""
        del request
        uncounted = self.body(CountSubmitInput)
        return Response(
            submit_count(count_id=count_id, uncounted=uncounted, actor=self.actor, at=clock.now())
        )


class StockCountApproveView(StockView):
    """Closing a count."""

    permission: ClassVar[str | None] = "stock.count"

    @extend_schema(request=None, responses=CountOutput)
    @idempotent
    def post(self, request: Request, count_id: UUID) -> Response:
        """Record the differences. Above the merchant's limit this needs `stock.approve`."""
        del request
        return Response(close_count(count_id=count_id, actor=self.actor, at=clock.now()))


class StockCountRecountView(StockView):
    """Counting again."""

    permission: ClassVar[str | None] = "stock.count"

    @extend_schema(request=CountRecountInput, responses=CountOutput)
    @idempotent
    def post(self, request: Request, count_id: UUID) -> Response:
        """Have lines counted again, from zero."""
        del request
        keys = self.body(CountRecountInput)
        return Response(recount_lines(count_id=count_id, line_ids=keys, actor=self.actor, at=clock.now()))


class StockCountCancelView(StockView):
    """Giving a count up."""

    permission: ClassVar[str | None] = "stock.count"

    @extend_schema(request=CancelReasonInput, responses=CountOutput)
    @idempotent
    def post(self, request: Request, count_id: UUID) -> Response:
        """Give a count up; nothing comes of it."""
        del request
        reason = self.body(CancelReasonInput)
        return Response(cancel_count(count_id=count_id, reason=reason, actor=self.actor, at=clock.now()))
