"""Reading attempts, accounts, readers and refunds."""

from uuid import UUID

from django.db.models import QuerySet

from fynlo.core.errors import NotFound
from payments.gateways import states
from payments.gateways.models import Attempt, Connection, GatewayRefund, Reader


def attempts(*, state: str | None = None, order_id: UUID | None = None) -> QuerySet[Attempt, Attempt]:
    """Attempts for lists, in any or in one state, of any or of one order."""
    found: QuerySet[Attempt, Attempt] = Attempt.objects.order_by("id")
    if state is not None:
        found = found.filter(state=state)
    return found if order_id is None else found.filter(order_id=order_id)


def attempt(*, attempt_id: UUID) -> Attempt:
    """One of them. Raises `NotFound`."""
    found: Attempt | None = Attempt.objects.filter(pk=attempt_id).first()
    if found is None:
        raise NotFound("There is no such attempt to pay.")
    return found


def unsettled_attempts() -> QuerySet[Attempt, Attempt]:
    """Money that was taken and is not put to what it is for."""
    found: QuerySet[Attempt, Attempt] = Attempt.objects.filter(
        state=states.CAPTURED, settled_at__isnull=True
    ).order_by("id")
    return found


def failed_refunds() -> QuerySet[GatewayRefund, GatewayRefund]:
    """Money that should have gone back and is owed."""
    found: QuerySet[GatewayRefund, GatewayRefund] = GatewayRefund.objects.filter(state=states.FAILED)
    return found.order_by("id")


def connections() -> QuerySet[Connection, Connection]:
    """Accounts at vendors, for lists."""
    found: QuerySet[Connection, Connection] = Connection.objects.order_by("id")
    return found


def connection(*, connection_id: UUID) -> Connection:
    """One of them. Raises `NotFound`."""
    found: Connection | None = Connection.objects.filter(pk=connection_id).first()
    if found is None:
        raise NotFound("There is no such payment account.")
    return found


def readers(*, connection_id: UUID | None = None) -> QuerySet[Reader, Reader]:
    """Card readers, of any or of one account."""
    found: QuerySet[Reader, Reader] = Reader.objects.order_by("id")
    return found if connection_id is None else found.filter(connection_id=connection_id)


def accounts_in_use() -> list[UUID]:
    """The accounts that are used."""
    return list(Connection.objects.filter(is_active=True).order_by("id").values_list("pk", flat=True))
