"""Starting to ask for money: the attempt is committed before the vendor hears of it.

While nobody knows what became of an attempt, no other one for the same amount of the same order begins: the
constraint `payments_attempt_one_open` says so, whoever asks at the same moment.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.clock import business_date
from fynlo.core.database import constraint
from fynlo.core.errors import InvalidInput
from fynlo.core.failpoints import reach
from fynlo.core.money import Money
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import unit_of_work
from payments.gateways import states
from payments.gateways.base import CaptureWhen, Channel
from payments.gateways.documents import truth
from payments.gateways.errors import (
    AttemptDiffers,
    ConnectionLost,
    ConnectionUnchecked,
    PaymentOutcomeUnknown,
    UnknownConnection,
)
from payments.gateways.models import Attempt, Connection, Reader
from payments.gateways.offering import check_start
from payments.gateways.pauses import GRACE, LINK_LIFETIME
from payments.gateways.registry import gateway_of
from payments.gateways.sentences import LINKS
from payments.gateways.services.calling import is_outside
from payments.gateways.services.connecting import connection_facts, known_capabilities
from payments.gateways.services.writing import add_step, key_for, say_changed


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptDraft:
    """Money to be asked for. `id` is made by whoever asks, and becomes the payment's.

    `details` go to the gateway as they are (which gift card, what a slip says) and are stored: never a secret.
    `expires_at` of a link or a QR code is 23 hours later unless said.
    `about` says what owes it where that is no order: names and ids, kept with what was asked, for nobody else.
    `location_id` is where: tills of other places do not reach it. `business_date` is that location's; the
    merchant's own day unless said. `token_hash` is of the link a guest pays by.
    """

    id: UUID
    order_id: UUID | None
    connection_id: UUID
    tender_type: str
    channel: Channel
    amount: Money
    reference: str
    purpose: str = "order"
    capture: CaptureWhen = "automatic"
    reader_id: UUID | None = None
    tip_on_reader: bool = False
    tip_eligible_minor: int | None = None
    incremental: bool = False
    expires_at: dt.datetime | None = None
    application_fee_minor: int = 0
    return_url: str = field(default="", repr=False)
    details: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)
    business_date: dt.date | None = None
    token_hash: str | None = None
    location_id: UUID | None = None


def start_attempt(*, draft: AttemptDraft, actor: Actor, at: dt.datetime) -> Attempt:
    """Commit the attempt and the key of its first request; `drive_attempt` sends it. The same again: the same.

    May be called in the caller's own unit of work, after the order is locked. Raises `UnknownConnection`,
    `ConnectionLost`, `CapabilityMissing`, `AmountOutOfRange`; `AttemptDiffers` for an id that was used before for
    something else, and `PaymentOutcomeUnknown` while an attempt of this amount of the order is undecided.
    """
    known = _same(draft)
    if known is not None:
        return known
    connection = _usable(draft)
    _check_offered(draft, connection, at)
    _check_end(draft, at)
    row = _row(draft, actor, at)
    row.application_fee_minor = draft.application_fee_minor or _platform_fee(draft, connection)
    with unit_of_work():
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            return _other(draft, error)
        key = key_for(row=row, verb="begin", said={})
        add_step(row=row, what="sent", verb="begin", key=key, detail={"said": {}}, by=actor.name, at=at)
        say_changed(row, at=at)
        transaction.on_commit(partial(reach, "attempt.begin.committed"))
    return row


def asked_of(draft: AttemptDraft) -> dict[str, Any]:
    """What an attempt was begun with, as its row keeps it: the same request is made of it after a crash."""
    names = ("tip_on_reader", "tip_eligible_minor", "incremental", "return_url")
    facts = asdict(draft)
    return {
        **{name: facts[name] for name in names},
        "amount_minor": draft.amount.minor,
        "reader_id": None if draft.reader_id is None else str(draft.reader_id),
        "location_id": None if draft.location_id is None else str(draft.location_id),
        "details": dict(draft.details),
        **({"about": dict(draft.about)} if draft.about else {}),
    }


def _check_offered(draft: AttemptDraft, connection: Connection, at: dt.datetime) -> None:
    """Refuse at once what the account cannot do. Inside a transaction nobody can ask one that was never asked:
    then `drive_attempt` asks before anything is begun.
    """
    try:
        offered = known_capabilities(connection=connection, at=at)
    except ConnectionUnchecked:
        if is_outside():
            raise
        return
    check_start(draft=draft, offered=offered)


def _check_end(draft: AttemptDraft, at: dt.datetime) -> None:
    """Raise `InvalidInput` for a link that is over already, or is to live longer than vendors keep one."""
    if draft.expires_at is None:
        return
    if draft.expires_at <= at:
        raise InvalidInput("It would be over before it begins.", pointer="/expires_at")
    if draft.channel == "qr" and draft.expires_at > at + LINK_LIFETIME:
        hours = LINK_LIFETIME // dt.timedelta(hours=1)
        raise InvalidInput(f"A code can be paid for {hours} hours at most.", pointer="/expires_at")


def _platform_fee(draft: AttemptDraft, connection: Connection) -> int:
    """What the platform keeps of it, where it does; no till and no merchant says how much."""
    fee = getattr(gateway_of(connection.gateway), "platform_fee", None)
    if fee is None:
        return 0
    return int(fee(connection=connection_facts(connection=connection), amount=draft.amount))


def _same(draft: AttemptDraft) -> Attempt | None:
    """The attempt that has this id, if it has these facts. Raises `AttemptDiffers`."""
    found: Attempt | None = Attempt.objects.select_related("connection", "reader").filter(pk=draft.id).first()
    if found is None:
        return None
    names = ("order_id", "connection_id", "tender_type", "channel", "purpose", "capture", "reference")
    same = all(getattr(found, name) == getattr(draft, name) for name in names)
    if not same or found.currency != draft.amount.currency or found.details["asked"] != asked_of(draft):
        raise AttemptDiffers(pointer="/id")
    return found


def _other(draft: AttemptDraft, error: IntegrityError) -> Attempt:
    """What stood in the way: a twin of this request, or an undecided attempt of the same amount."""
    name = constraint(error)
    if name.startswith("payments_attempt_one_open"):
        blocking = Attempt.objects.filter(
            order_id=draft.order_id,
            amount_minor=draft.amount.minor,
            state__in=states.BLOCKING,
            overridden_at__isnull=True,
        ).first()
        if blocking is None:  # it was decided this very moment
            raise PaymentOutcomeUnknown from error
        raise PaymentOutcomeUnknown(
            truth(blocking), attempt_id=str(blocking.pk), state=blocking.state
        ) from error
    known = _same(draft) if name.startswith("payments_attempt_pkey") else None
    if known is None:
        raise error
    return known


def _usable(draft: AttemptDraft) -> Connection:
    found: Connection | None = Connection.objects.filter(pk=draft.connection_id, is_active=True).first()
    if found is None:
        raise UnknownConnection(pointer="/connection_id")
    if found.state == "disconnected":
        raise ConnectionLost(str(found.health.get("text") or ConnectionLost.title))
    if draft.reader_id is not None:
        readers = Reader.objects.filter(pk=draft.reader_id, connection=found, is_active=True)
        if not readers.exists():
            raise UnknownConnection("There is no such reader.", pointer="/reader_id")
    return found


def _row(draft: AttemptDraft, actor: Actor, at: dt.datetime) -> Attempt:
    day = draft.business_date or business_date(at=at, time_zone=current_tenant().time_zone)
    return Attempt(
        id=draft.id,
        order_id=draft.order_id,
        purpose=draft.purpose,
        connection_id=draft.connection_id,
        reader_id=draft.reader_id,
        tender_type=draft.tender_type,
        channel=draft.channel,
        reference=draft.reference,
        currency=draft.amount.currency,
        amount_minor=draft.amount.minor,
        application_fee_minor=draft.application_fee_minor,
        capture=draft.capture,
        details={"asked": asked_of(draft), "vendor": {}, "can_increment": False},
        expires_at=draft.expires_at or (at + LINK_LIFETIME if draft.channel in LINKS else None),
        next_look_at=at + GRACE,
        register_id=actor.register_id,
        employee_id=actor.employee_id,
        employee_name=actor.name if actor.kind == "employee" else "",
        device_id=actor.device_id,
        token_hash=draft.token_hash,
        at=at,
        business_date=day,
    )
