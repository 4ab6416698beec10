"""Reading attempts, accounts, readers and refunds."""

import datetime as dt
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from fynlo.core.errors import NotFound
from payments.gateways import states
from payments.gateways.models import Attempt, AttemptSignature, Connection, GatewayRefund, Reader
from payments.gateways.models.connections import LOST
from payments.gateways.pauses import ABANDONED_AFTER
from payments.gateways.signatures import MEDIA_TYPE
from payments.gateways.unwanted import BEYOND


def attempts(*, state: str | None = None, order_id: UUID | None = None) -> QuerySet[Attempt, Attempt]:
    """Attempts for lists with their refunds, in any or in one state, of any or of one order."""
    found: QuerySet[Attempt, Attempt] = Attempt.objects.order_by("id").prefetch_related("refunds")
    if state is not None:
        found = found.filter(state=state)
    return found if order_id is None else found.filter(order_id=order_id)


def attempt(*, attempt_id: UUID) -> Attempt:
    """One of them. Raises `NotFound`."""
    found: Attempt | None = Attempt.objects.filter(pk=attempt_id).first()
    if found is None:
        raise NotFound("There is no such attempt to pay.")
    return found


def signature(*, attempt_id: UUID) -> AttemptSignature:
    """What the guest signed for an attempt. Raises `NotFound`."""
    found: AttemptSignature | None = AttemptSignature.objects.filter(attempt_id=attempt_id).first()
    if found is None:
        raise NotFound("Nobody signed for this payment here.")
    return found


def signature_told(*, attempt_id: UUID) -> AttemptSignature | None:
    """When, by whom and how it came, without the picture; None where nobody signed."""
    found: AttemptSignature | None = (
        AttemptSignature.objects.defer("content").filter(attempt_id=attempt_id).first()
    )
    return found


def signature_paper(*, attempt_id: UUID) -> dict[str, tuple[str, str, bytes]]:
    """The signature as a paper of evidence (`Evidence.papers`); nothing where nobody signed."""
    found = AttemptSignature.objects.filter(attempt_id=attempt_id).first()
    if found is None:
        return {}
    return {"signature": ("signature.png", MEDIA_TYPE, bytes(found.content))}


def cards_charged(*, attempt_ids: Collection[UUID]) -> dict[UUID, tuple[dict[str, Any], bool]]:
    """What is kept of the cards of these attempts, with `slip_number` where people typed one, and whether somebody
    signed; nothing is asked for none.
    """
    if not attempt_ids:
        return {}
    rows = Attempt.objects.filter(pk__in=attempt_ids).order_by("id")
    names = ("pk", "card", "details__vendor__slip__reference", "signature__attempt_id")
    return {
        key: ({**card, **({"slip_number": number} if number else {})}, signed is not None)
        for key, card, number, signed in rows.values_list(*names)
    }


def unsettled_attempts() -> QuerySet[Attempt, Attempt]:
    """Money that was taken and is not put to what it is for, or of which a part was beyond what was owed."""
    rows = Attempt.objects.filter(state=states.CAPTURED, next_look_at__isnull=False)
    found: QuerySet[Attempt, Attempt] = rows.filter(Q(settled_at__isnull=True) | Q(details__has_key=BEYOND))
    return found.order_by("id")


def undecided_attempts(*, at: dt.datetime) -> QuerySet[Attempt, Attempt]:
    """Of which nobody knows whether they took money, and did not know a quarter of an hour ago: they want somebody
    who decides whether another payment is taken. Not those for which that was decided.
    """
    found: QuerySet[Attempt, Attempt] = Attempt.objects.filter(
        state=states.UNKNOWN,
        overridden_at__isnull=True,
        next_look_at__isnull=False,  # so it is read by the index of what the resolver looks at
        at__lte=at - ABANDONED_AFTER,
    ).order_by("id")
    return found


def unknown_now() -> tuple[int, dt.datetime | None]:
    """Of how many attempts nobody knows whether they took money, and when the oldest of them was asked for.

    Not those for which somebody decided that another payment is taken.
    """
    found = Attempt.objects.filter(
        state=states.UNKNOWN, overridden_at__isnull=True, next_look_at__isnull=False
    ).aggregate(count=Count("pk"), since=Min("at"))
    return found["count"], found["since"]


def failed_refunds() -> QuerySet[GatewayRefund, GatewayRefund]:
    """Money that should have gone back and is owed."""
    found: QuerySet[GatewayRefund, GatewayRefund] = GatewayRefund.objects.filter(state=states.FAILED)
    return found.order_by("id")


def stranded_refunds() -> QuerySet[GatewayRefund, GatewayRefund]:
    """Money that should have gone back and failed, or waits for an account that is lost."""
    waits = Q(state=states.PREPARED, next_look_at__isnull=False, attempt__connection__state=LOST)
    found: QuerySet[GatewayRefund, GatewayRefund] = GatewayRefund.objects.filter(
        Q(state=states.FAILED) | waits
    )
    return found.order_by("id")


def refund(*, refund_id: UUID) -> GatewayRefund:
    """Money on its way back, with its attempt. Raises `NotFound`."""
    found: GatewayRefund | None = GatewayRefund.objects.select_related("attempt").filter(pk=refund_id).first()
    if found is None:
        raise NotFound("There is no such refund.")
    return found


def refunds_of_parts(*, part_ids: Collection[UUID]) -> dict[UUID, GatewayRefund]:
    """What became at the provider of these rows of money; nothing is asked for none."""
    if not part_ids:
        return {}
    rows = GatewayRefund.objects.filter(part_id__in=part_ids).order_by("id")
    return {row.part_id: row for row in rows if row.part_id is not None}


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
