"""The base of the views that write stock: what cannot be is told with 422, a pointer and a code."""

from typing import Any

from rest_framework.exceptions import ValidationError

from fynlo.api.fields import StrictSerializer
from fynlo.api.validation import field_problems
from fynlo.api.views import ApiView
from pos.inventory.errors import UnacceptableStock


class StockView(ApiView):
    """A view whose body states quantities, costs and units. JSON that is none stays 400, as everywhere."""

    def body(self, serializer_class: type[StrictSerializer]) -> Any:
        """The validated draft; raises `UnacceptableStock` with a pointer to each member that cannot be."""
        try:
            return super().body(serializer_class)
        except ValidationError as error:
            problems = list(field_problems(error.detail))
            detail = (
                problems[0].detail if len(problems) == 1 else "Some members cannot be; `errors` names each."
            )
            raise UnacceptableStock(detail, errors=problems) from error
