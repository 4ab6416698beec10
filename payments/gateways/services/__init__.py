"""What moves money by gateways, one story per file."""

from payments.gateways.services.accounts import (
    ConnectionDraft,
    ReaderDraft,
    check_secrets,
    ensure_connection,
    save_connection,
    save_reader,
)
from payments.gateways.services.attempts import (
    cancel_attempt,
    drive_attempt,
    look_at_attempt,
    present_again,
)
from payments.gateways.services.connecting import (
    check_connection,
    connection_facts,
    known_capabilities,
    note_lost,
)
from payments.gateways.services.failed_refunds import (
    retry_refund,
    settle_refund_otherwise,
    withhold_refund,
)
from payments.gateways.services.overriding import override_attempt, register_approving
from payments.gateways.services.owed import register_owed
from payments.gateways.services.refunds import give_back, look_at_refund, plan_refund, send_refund
from payments.gateways.services.reserved import capture_attempt, increment_attempt
from payments.gateways.services.resolving import resolve_due
from payments.gateways.services.settling import mark_settled, note_beyond, register_settler, settle
from payments.gateways.services.signing import attach_signature
from payments.gateways.services.slips import Slip, register_slip_rule, type_slip
from payments.gateways.services.starting import AttemptDraft, start_attempt

__all__ = [
    "AttemptDraft",
    "ConnectionDraft",
    "ReaderDraft",
    "Slip",
    "attach_signature",
    "cancel_attempt",
    "capture_attempt",
    "check_connection",
    "check_secrets",
    "connection_facts",
    "drive_attempt",
    "ensure_connection",
    "give_back",
    "increment_attempt",
    "known_capabilities",
    "look_at_attempt",
    "look_at_refund",
    "mark_settled",
    "note_beyond",
    "note_lost",
    "override_attempt",
    "plan_refund",
    "present_again",
    "register_approving",
    "register_owed",
    "register_settler",
    "register_slip_rule",
    "resolve_due",
    "retry_refund",
    "save_connection",
    "save_reader",
    "send_refund",
    "settle",
    "settle_refund_otherwise",
    "start_attempt",
    "type_slip",
    "withhold_refund",
]
