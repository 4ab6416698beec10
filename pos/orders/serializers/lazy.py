"""Lists of objects that most requests do not have: their serializers are made only when one is given.

REST framework copies a serializer with all that is nested in it for every request; a plain cart of two coffees
should not pay for the modifiers of modifiers it does not have.
"""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from fynlo.api.fields import StrictSerializer


class LazyList(serializers.Field[Any, Any, Any, Any]):
    """An optional JSON array of objects of `child_class`."""

    child_class: type[StrictSerializer]

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        self.max_length = max_length
        super().__init__(required=False, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        """The validated objects, with problems where they are; they see this request's context."""
        many: Any = self.child_class(many=True, max_length=self.max_length)  # type: ignore[call-arg]
        many.bind(field_name="", parent=self)
        return many.run_validation(data)


def lazy_list(child_class: type[StrictSerializer], *, max_length: int, **kwargs: Any) -> LazyList:
    """A `LazyList` of these, documented as what it is."""
    members = {"child_class": child_class}
    kind = type(f"{child_class.__name__}List", (LazyList,), members)
    described = extend_schema_field(child_class(many=True))(kind)
    field: LazyList = described(max_length=max_length, **kwargs)
    return field
