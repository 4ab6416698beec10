"""Why something is taken off an order or gets another price: one of the merchant's reasons, if they made a list."""

from fynlo.core.tenancy import current_tenant
from pos.configuration import OrdersSection, PosSection
from pos.orders.errors import ReasonNeeded
from tenants.configuration.queries import current_section


def check_reason(*, kind: str, reason: str, needed: bool, pointer: str) -> None:
    """Raise `ReasonNeeded` without a reason where one is `needed`, and for one that is not on the list.

    `kind` is void, cancel, discount or override. One statement, where there is something to look up.
    """
    if not reason and not needed:
        return
    listed = _section().reasons.get(kind, ())  # type: ignore[call-overload]
    if not reason or (listed and reason not in listed):
        raise ReasonNeeded("Say why.", pointer=pointer, reasons=list(listed))


def _section() -> OrdersSection:
    section = current_section(tenant=current_tenant(), model=PosSection)
    return OrdersSection() if section is None else section.orders
