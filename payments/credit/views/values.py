"""Gift cards and store credit over HTTP. They are sold and given away by the till's app (`pos.orders`)."""

import functools
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, ClassVar, Final, cast
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.errors import InvalidQuery
from fynlo.api.idempotency import idempotent
from fynlo.api.limits import Limit, take
from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import choice, identifier
from fynlo.api.schema import page_of
from fynlo.api.uploads import read_upload
from fynlo.api.views import ApiView
from fynlo.core import clock
from fynlo.core.actors import Actor
from fynlo.core.errors import Forbidden
from payments.credit.card_files import Written
from payments.credit.documents import activity_document, reservation_document, stored_value_document
from payments.credit.errors import GiftCardUnknown
from payments.credit.queries import (
    activities_of,
    reservations_of,
    stored_value,
    stored_values,
    value_imports,
    value_terms,
)
from payments.credit.serializers.values import (
    GiftCardActivityOutput,
    GiftCardCodeOutput,
    GiftCardImportOutput,
    GiftCardImportRowOutput,
    GiftCardLookupInput,
    GiftCardOutput,
    GiftCardReservationInput,
    GiftCardReservationOutput,
    GiftCardStepInput,
    GiftCardTransferInput,
    GiftCardTransferOutput,
    import_document,
    import_row_document,
)
from payments.credit.services import (
    ImportDraft,
    guesses_counted,
    import_cards,
    office_occasion,
    prove_pin,
    release_value,
    reserve_value,
    reverse_import,
    show_code,
    take_step,
    transfer_to_card,
)

LOOKUPS: Final = Limit(name="stored_value_lookup", count=60, seconds=60)
MOST_BYTES: Final = 2 * 1024 * 1024
_WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FILE_TYPES: Final = ("text/csv", "text/plain", "application/octet-stream", _WORKBOOK)
_DECIMALS: Final = ("auto", ".", ",")
_IMPORT: Final = [
    OpenApiParameter("id", OpenApiTypes.UUID, required=True, description="The import's; made by you."),
    OpenApiParameter("name", OpenApiTypes.STR, required=True, description="What people call it."),
    OpenApiParameter("dry_run", OpenApiTypes.BOOL, description="`true` only looks."),
    OpenApiParameter("decimal", str, enum=_DECIMALS, description="Where the file does not tell by itself."),
]


def _pin_counted(method: Callable[..., Response]) -> Callable[..., Response]:
    """Decorate an idempotent `post` about a card: its PIN takes its slot and is compared before it runs."""

    @functools.wraps(method)
    def counted(view: ApiView, request: Request, value_id: UUID) -> Response:
        pin = request.data.get("pin") if isinstance(request.data, Mapping) else ""
        with guesses_counted(actor=view.actor):
            prove_pin(account_id=value_id, pin=pin if isinstance(pin, str) else "", at=clock.now())
        return method(view, request, value_id)

    return counted


class StoredValuesListMixin(ApiView):
    """The list of cards; selling is added where tills are known."""

    query_parameters: ClassVar = PAGE_PARAMETERS

    @extend_schema(responses=page_of("GiftCardPage", GiftCardOutput))
    def get(self, request: Request) -> Response:
        """Gift cards and store credit in the order they were opened."""
        return Response(paginate(stored_values(), request, stored_value_document))


class StoredValueView(ApiView):
    """One of them."""

    permission: ClassVar[str | None] = "orders.read"

    @extend_schema(responses=GiftCardOutput)
    def get(self, request: Request, value_id: UUID) -> Response:
        """What is on it, and who holds it."""
        del request
        return Response(stored_value_document(stored_value(account_id=value_id)))


class LookupView(ApiView):
    """A card by its code. It holds a secret and saves nothing, so it takes no Idempotency-Key."""

    permission: ClassVar[str | None] = "orders.place"

    @extend_schema(request=GiftCardLookupInput, responses=GiftCardOutput)
    def post(self, request: Request) -> Response:
        """Which card has this code, and what is on it. Sixty a minute; thirty wrong ones in ten minutes."""
        del request
        take(LOOKUPS, str(self.actor.device_id or self.actor.id))
        code, pin = self.body(GiftCardLookupInput)
        with guesses_counted(actor=self.actor):
            found = value_terms(digests=[code.digest])
            if not found:
                raise GiftCardUnknown("Nobody knows this card.", pointer="/code")
            if pin:
                prove_pin(account_id=found[0].id, pin=pin, at=clock.now())
        return Response(stored_value_document(stored_value(account_id=found[0].id)))


class CodeView(ApiView):
    """The code of a card, to print it. The answer is a secret, so it is kept nowhere."""

    permission: ClassVar[str | None] = "gift_cards.sell"

    @extend_schema(request=None, responses=GiftCardCodeOutput)
    def post(self, request: Request, value_id: UUID) -> Response:
        """At the till that sold it within the last half hour; later for whoever manages gift cards."""
        del request
        return Response(show_code(account_id=value_id, actor=self.actor, at=clock.now()))


class ActivitiesView(ApiView):
    """Everything that happened to a card."""

    permission: ClassVar[str | None] = "orders.read"
    query_parameters: ClassVar = PAGE_PARAMETERS

    @extend_schema(responses=page_of("GiftCardActivityPage", GiftCardActivityOutput))
    def get(self, request: Request, value_id: UUID) -> Response:
        """In the order of time, each with the balance after it."""
        stored_value(account_id=value_id)
        return Response(paginate(activities_of(account_id=value_id), request, activity_document))


class StepsView(ApiView):
    """Blocking and freeing, clearing and closing."""

    permission: ClassVar[str | None] = "gift_cards.manage"

    @extend_schema(request=GiftCardStepInput, responses={201: GiftCardOutput})
    @idempotent
    def post(self, request: Request, value_id: UUID) -> Response:
        """Take a step; what is left on a card that is cleared or closed is booked as never redeemed."""
        del request
        draft = self.body(GiftCardStepInput)(value_id)
        occasion = office_occasion(actor=self.actor, at=clock.now())
        account = take_step(draft=draft, occasion=occasion)
        return Response(stored_value_document(account), status=HTTPStatus.CREATED)


class TransfersView(ApiView):
    """Value goes from a card to another."""

    permission: ClassVar[str | None] = "gift_cards.manage"

    @extend_schema(request=GiftCardTransferInput, responses={201: GiftCardTransferOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """Of a lost card to a new one; also from a blocked card."""
        del request
        draft, opened = self.body(GiftCardTransferInput)
        occasion = office_occasion(actor=self.actor, at=clock.now())
        with guesses_counted(actor=self.actor):
            source, target = transfer_to_card(draft=draft, opened=opened, occasion=occasion)
        told = {"source": stored_value_document(source), "target": stored_value_document(target)}
        return Response(told, status=HTTPStatus.CREATED)


class ReservationsView(ApiView):
    """What of a card is kept for tills."""

    permission: ClassVar[str | None] = "orders.place"
    query_parameters: ClassVar = PAGE_PARAMETERS

    @extend_schema(responses=page_of("GiftCardReservationPage", GiftCardReservationOutput))
    def get(self, request: Request, value_id: UUID) -> Response:
        """The reservations that are open."""
        stored_value(account_id=value_id)
        return Response(paginate(reservations_of(account_id=value_id), request, reservation_document))

    @extend_schema(request=GiftCardReservationInput, responses={201: GiftCardReservationOutput})
    @_pin_counted
    @idempotent
    def post(self, request: Request, value_id: UUID) -> Response:
        """Keep a part of it for this till, which may be offline when it is spent: its PIN is asked for now."""
        del request
        draft = self.body(GiftCardReservationInput)(value_id, _register(self.actor))
        at = clock.now()
        row = reserve_value(
            draft=draft,
            employee_id=self.actor.employee_id,
            day=office_occasion(actor=self.actor, at=at).business_date,
            at=at,
        )
        return Response(reservation_document(row), status=HTTPStatus.CREATED)


class ReleaseView(ApiView):
    """The end of a reservation."""

    permission: ClassVar[str | None] = "orders.place"

    @extend_schema(request=None, responses=GiftCardReservationOutput)
    @idempotent
    def post(self, request: Request, value_reservation_id: UUID) -> Response:
        """Let go what is left of it: the till that has it, or whoever manages gift cards."""
        del request
        row = release_value(reservation_id=value_reservation_id, actor=self.actor, at=clock.now())
        return Response(reservation_document(row))


class ImportsView(ApiView):
    """Cards of an earlier system."""

    permission: ClassVar[str | None] = "gift_cards.manage"
    query_parameters: ClassVar = PAGE_PARAMETERS | {"id", "name", "dry_run", "decimal"}

    @extend_schema(responses=page_of("GiftCardImportPage", GiftCardImportRowOutput))
    def get(self, request: Request) -> Response:
        """What was taken over."""
        return Response(paginate(value_imports(), request, import_row_document))

    @extend_schema(
        parameters=_IMPORT,
        request={"text/csv": OpenApiTypes.STR, _WORKBOOK: OpenApiTypes.BINARY},
        responses={201: GiftCardImportOutput},
    )
    def post(self, request: Request) -> Response:
        """Take over a CSV or XLSX file: `code`, `balance`, perhaps `expires_on`, `holder`, `pin`; all or none.

        Every problem of every row is told. The same file under the same id is taken over once.
        """
        key = identifier(self.query, "id")
        if key is None:
            raise InvalidQuery.of("id", "required", "An id is expected.")
        decimal = choice(self.query, "decimal", known=_DECIMALS) or "auto"
        draft = ImportDraft(
            id=key,
            name=self.query.get("name", ""),
            content=read_upload(request, media_types=_FILE_TYPES, most_bytes=MOST_BYTES),
            written=Written(decimal=cast("Any", decimal)),
            is_dry_run=choice(self.query, "dry_run", known=("true", "false")) == "true",
        )
        report = import_cards(draft=draft, actor=self.actor, at=clock.now())
        return Response(import_document(report), status=HTTPStatus.CREATED)


class ImportReversalView(ApiView):
    """An import is taken back."""

    permission: ClassVar[str | None] = "gift_cards.manage"

    @extend_schema(request=None, responses=GiftCardImportOutput)
    @idempotent
    def post(self, request: Request, value_import_id: UUID) -> Response:
        """Take back the cards nothing has happened to since; the others stay and are counted."""
        del request
        report = reverse_import(import_id=value_import_id, actor=self.actor, at=clock.now())
        return Response(import_document(report))


def _register(actor: Actor) -> UUID:
    if actor.register_id is None:
        raise Forbidden("This is done at a paired till.")
    return actor.register_id
