"""An order is handed over: from then on it is somebody else's."""

from pos.orders.changing import ChangeDraft
from pos.orders.errors import UnknownEmployee
from pos.orders.services.opened import OpenOrder
from staff.employees.models import Employee


def hand_over(opened: OpenOrder, change: ChangeDraft, *, pointer: str) -> None:
    """Make the order that employee's. Raises `UnknownEmployee` for nobody, or somebody who left."""
    found = Employee.objects.filter(pk=change.employee_id, is_active=True).values_list("pk", "name").first()
    if found is None:
        raise UnknownEmployee("Nobody of this id works here.", pointer=f"{pointer}/employee_id")
    opened.order.employee_id, opened.order.employee_name = found
