"""What may be asked of the list of orders, read from the address."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from fynlo.api.errors import InvalidQuery
from fynlo.api.query import choice, day, identifier, integer
from fynlo.core.errors import InvalidInput
from fynlo.core.money import MAX_MINOR
from pos.orders.queries.search import OrderSearch, Searched, search_orders
from pos.orders.states import FULFILMENT, PAYMENT

SEARCH_DESCRIBED: Final = [
    OpenApiParameter(
        "number", str, description="Of an order, a receipt or a refund: `K1-17`, `17`, `K1-R12`."
    ),
    OpenApiParameter("q", str, description="A number, or part of a customer or a ticket's name."),
    OpenApiParameter(
        "amount", OpenApiTypes.INT64, description="The total, or what was paid, in minor units."
    ),
    OpenApiParameter("customer", str, description="Part of a name or a number."),
    OpenApiParameter("card_last4", str, description="The last four digits of a card."),
    OpenApiParameter("from", OpenApiTypes.DATE, description="First business day."),
    OpenApiParameter("to", OpenApiTypes.DATE, description="Last business day."),
    OpenApiParameter("business_date", OpenApiTypes.DATE),
    OpenApiParameter("fulfilment", str, enum=list(FULFILMENT.states)),
    OpenApiParameter("payment", str, enum=list(PAYMENT.states)),
    OpenApiParameter("location_id", OpenApiTypes.UUID),
    OpenApiParameter("register_id", OpenApiTypes.UUID),
]
SEARCH_PARAMETERS: Final = frozenset(parameter.name for parameter in SEARCH_DESCRIBED)
_LAST4: Final = re.compile("[0-9]{4}", re.ASCII)
_LONGEST: Final = 120


def searched(query: Mapping[str, str], *, today: dt.date) -> Searched:
    """The orders that the parameters ask for. Raises `InvalidQuery`."""
    that_day = day(query, "business_date")
    amount = integer(query, "amount", default=0, maximum=MAX_MINOR) if "amount" in query else None
    wanted = OrderSearch(
        number=_text(query, "number"),
        text=_text(query, "q"),
        amount_minor=amount,
        customer=_text(query, "customer"),
        card_last4=_last4(query),
        first=that_day or day(query, "from"),
        last=that_day or day(query, "to"),
        fulfilment=choice(query, "fulfilment", known=FULFILMENT.states),
        payment=choice(query, "payment", known=PAYMENT.states),
        location_id=identifier(query, "location_id"),
        register_id=identifier(query, "register_id"),
    )
    try:
        return search_orders(wanted=wanted, today=today)
    except InvalidInput as error:
        problem = error.errors[0]
        raise InvalidQuery.of(problem.pointer, problem.code, problem.detail) from error


def told_period(found: Searched) -> dict[str, Any]:
    """In which period was looked, if in one."""
    if found.first is None and found.last is None:
        return {}
    ends = {"from": found.first, "to": found.last}
    return {"searched": {name: None if end is None else end.isoformat() for name, end in ends.items()}}


def _text(query: Mapping[str, str], name: str) -> str:
    text = query.get(name, "").strip()
    if len(text) > _LONGEST:
        raise InvalidQuery.of(name, "max_length", f"At most {_LONGEST} characters.")
    return text


def _last4(query: Mapping[str, str]) -> str:
    text = query.get("card_last4", "")
    if text and not _LAST4.fullmatch(text):
        raise InvalidQuery.of("card_last4", "last4", "Exactly four digits are expected.")
    return text
