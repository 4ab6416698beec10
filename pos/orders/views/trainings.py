"""Sales for practice over HTTP."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fynlo.api.pagination import PAGE_PARAMETERS, paginate
from fynlo.api.query import identifier
from fynlo.api.schema import page_of
from fynlo.api.views import ApiView
from pos.orders.queries.trainings import training_document, training_entries
from pos.orders.serializers import OrderOutput


class TrainingOrdersView(ApiView):
    """What was sold for practice."""

    permission: ClassVar[str | None] = "orders.read"
    query_parameters: ClassVar = PAGE_PARAMETERS | {"register_id"}

    @extend_schema(responses=page_of("TrainingOrderPage", OrderOutput))
    def get(self, request: Request) -> Response:
        """Sales for practice, the newest first, each as its till was answered; of one register if said."""
        found = training_entries(register_id=identifier(self.query, "register_id"))
        return Response(paginate(found, request, training_document, newest_first=True))
