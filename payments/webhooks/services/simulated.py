"""The simulator rings: what it has to say comes in by the same door as the calls of any other vendor."""

import datetime as dt
from uuid import UUID

import structlog

from payments.gateways.base import BadSignature
from payments.gateways.models import Connection
from payments.gateways.services.connecting import connection_facts
from payments.gateways.simulator.bells import SECRET, mark_rung, waiting_bells
from payments.gateways.simulator.store import desk_of
from payments.webhooks.services.receiving import receive_for_merchant

log = structlog.get_logger("fynlo.payments")
_GATEWAY = "simulator"


def ring_simulator(*, at: dt.datetime) -> list[UUID]:
    """Deliver what waits at every simulated account that has a secret to sign with. The keys of what was kept.

    Safe to repeat: what was delivered and not yet noted rings twice, as bells do.
    """
    kept: list[UUID] = []
    for connection in Connection.objects.filter(gateway=_GATEWAY, is_active=True).order_by("id"):
        facts = connection_facts(connection=connection)
        secret, desk = facts.secrets.get(SECRET, ""), desk_of(facts)
        bells = waiting_bells(desk=desk, secret=secret) if secret else []
        for bell in bells:
            try:
                received = receive_for_merchant(
                    gateway=_GATEWAY, body=bell.body, headers=bell.headers, at=desk.at
                )
            except BadSignature:
                log.warning("simulator_not_believed", connection=str(connection.pk), at=at.isoformat())
                continue
            if received.is_new and received.event_id is not None:
                kept.append(received.event_id)
        if bells:
            mark_rung(desk=desk, bells=bells)
    return kept
