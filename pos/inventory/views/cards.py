"""The stock card over HTTP."""

import base64
import binascii
import datetime as dt
import struct
import uuid
from dataclasses import asdict
from typing import ClassVar, Final
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.errors import InvalidQuery
from fynlo.api.query import day, identifier, integer
from fynlo.api.views import ApiView
from fynlo.core import clock
from fynlo.core.errors import NotFound
from fynlo.core.tenancy import current_tenant
from pos.catalog.models import Variant
from pos.inventory.queries.cards import EARLIEST, LATEST, CardPeriod, CardRow, stock_card
from pos.inventory.serializers.cards import StockCardOutput

MOST_DAYS: Final = 1100
"""Three years: what a chart can show and one answer can carry."""
_DEFAULT_DAYS: Final = 30
_CURSOR: Final = struct.Struct(">q16s")
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class StockCardView(ApiView):
    """The card of one variant."""

    permission: ClassVar[str | None] = "stock.read"
    query_parameters: ClassVar = frozenset({"location_id", "since", "until", "limit", "cursor"})

    @extend_schema(responses=StockCardOutput)
    def get(self, request: Request, variant_id: UUID) -> Response:
        """What came, what went and what was there on business days from `since` on and before `until`.

        The last thirty days unless asked otherwise; at one location or (without `location_id`) at all of them.
        """
        del request
        variant = Variant.objects.select_related("item").filter(pk=variant_id).first()
        if variant is None:
            raise NotFound
        period = self._period(variant_id)
        limit = integer(self.query, "limit", default=50, minimum=1, maximum=200)
        cursor = self.query.get("cursor")
        card = stock_card(period=period, limit=limit, before=None if cursor is None else _read(cursor))
        more = _cursor(card.rows[-1]) if card.has_more else None
        document = {
            **asdict(card),
            "variant_id": variant_id,
            "location_id": period.location_id,
            "sku": variant.sku,
            "name": f"{variant.item.name}, {variant.name}" if variant.name else variant.item.name,
            "unit": variant.item.unit,
            "currency": current_tenant().currency,
            "since": period.since,
            "until": period.until,
            "movements": card.rows,
            "next_cursor": more,
        }
        return Response(StockCardOutput(document).data)

    def _period(self, variant_id: UUID) -> CardPeriod:
        until = day(self.query, "until") or clock.now().date() + dt.timedelta(days=2)
        since = day(self.query, "since") or until - dt.timedelta(days=_DEFAULT_DAYS)
        if not dt.timedelta(0) < until - since <= dt.timedelta(days=MOST_DAYS):
            detail = f"The period ends after it begins and has at most {MOST_DAYS} days."
            raise InvalidQuery.of("until", "invalid_period", detail)
        if since < EARLIEST or until > LATEST:
            raise InvalidQuery.of("since", "invalid_period", "A period between 2000 and 2199 is expected.")
        return CardPeriod(
            variant_id=variant_id,
            location_id=identifier(self.query, "location_id"),
            since=since,
            until=until,
        )


def _cursor(row: CardRow) -> str:
    raw = _CURSOR.pack((row.at - _EPOCH) // dt.timedelta(microseconds=1), row.id.bytes)
    return base64.urlsafe_b64encode(raw).decode()


def _read(text: str) -> tuple[dt.datetime, UUID]:
    try:
        micros, key = _CURSOR.unpack(base64.b64decode(text, altchars=b"-_", validate=True))
        return _EPOCH + dt.timedelta(microseconds=micros), uuid.UUID(bytes=key)
    except (binascii.Error, ValueError, struct.error, OverflowError):
        raise InvalidQuery.of(
            "cursor", "invalid_cursor", "Send the next_cursor of a page of this card."
        ) from None
