"""Periods as reports of the books are asked for them: business days `from` … `to`, both counted."""

from collections.abc import Mapping
from typing import Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from fynlo.api.errors import InvalidQuery
from fynlo.api.query import day
from payments.ledger.queries import Period

PERIOD_PARAMETERS: Final = frozenset({"from", "to"})
PERIOD_SCHEMA: Final = [
    OpenApiParameter("from", OpenApiTypes.DATE, description="The first business day."),
    OpenApiParameter("to", OpenApiTypes.DATE, description="The last business day."),
]
AS_OF_SCHEMA: Final = OpenApiParameter(
    "as_of", OpenApiTypes.DATE, description="Everything up to this business day; instead of from and to."
)


def period_asked(query: Mapping[str, str]) -> Period:
    """The period a request asks for; raises `InvalidQuery` for one that ends before it begins."""
    since, until, as_of = day(query, "from"), day(query, "to"), day(query, "as_of")
    if as_of is not None:
        if since or until:
            raise InvalidQuery.of("as_of", "invalid_period", "Either as_of, or from and to.")
        return Period(until=as_of)
    if since is not None and until is not None and until < since:
        raise InvalidQuery.of("to", "invalid_period", "The period ends before it begins.")
    return Period(since=since, until=until)
