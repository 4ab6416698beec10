"""The tag of an order: its revision, which every change raises."""

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.etags import etag, require_match
from pos.orders.documents import WholeOrder, order_document
from pos.orders.services.changes import Matches


def order_tag(*, order_id: UUID, revision: int) -> str:
    """The entity tag of an order in the state it has by `revision`."""
    return etag("order", order_id, revision)


def matcher(request: Request, *, order_id: UUID) -> Matches:
    """Asks, under the order's lock, whether the caller saw the order as it is (428, 412)."""

    def matches(revision: int) -> None:
        require_match(request, current=order_tag(order_id=order_id, revision=revision))

    return matches


def answer_order(whole: WholeOrder, *, status: int = 200) -> Response:
    """The order under its tag."""
    response = Response(order_document(whole), status=status)
    response["ETag"] = order_tag(order_id=whole.id, revision=whole.order.revision)
    return response
