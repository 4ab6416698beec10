"""The worlds of gateways that ask nobody outside: a drawer, and a card machine that stands for itself."""

from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID

from fynlo.core.money import Money
from payments.gateways.models import Attempt, GatewayRefund
from payments.gateways.services import Slip, type_slip
from tests.contracts.gateways.worlds.base import World, because

_NOBODY = "nobody outside is asked, so no answer can be lost, late or unknown"
_NO_BELLS = "nobody rings"
_NO_READER = "there is no reader of the vendor's"
_NO_LINK = "there are no links and no banks that pay late"
_NO_HOLD = "nothing is authorised before it is taken"
_NO_BANK = "people hand the money back themselves: it does not fail later, and no bank disputes it"
_NO_PAYOUT = "nobody pays out: a count, a slip or the ledger settles"

CALLS = (
    "begin_answer_lost_after_commit",
    "begin_request_lost",
    "begin_server_error_then_success",
    "begin_rate_limited_with_retry_after",
    "begin_rate_limited_without_retry_after",
    "present_answer_lost_after_commit",
    "present_request_lost",
    "present_server_error_then_success",
    "present_rate_limited",
    "answer_past_our_limit",
    "look_lost",
    "unknown_word_in_an_answer",
    "unknown_word_in_a_look",
    "second_charge_while_unknown",
    "overridden_and_paid_all_the_same",
    "overridden_and_found_open",
    "present_again_answer_lost",
    "present_rate_limited_and_nobody_at_the_till",
    "account_lost",
    "cancel_answer_lost",
    "cancelled_too_late",
    "refund_answer_lost_after_commit",
    "refund_request_lost",
    "refund_server_error_then_success",
    "refund_rate_limited",
)
"""Faults of requests to a vendor."""
BELLS = (
    "bell_alone",
    "bell_twice",
    "bells_reversed",
    "bell_delayed",
    "bell_missing",
    "bell_forged",
    "bell_too_old",
    "bell_before_our_own_commit",
    "bell_for_nobody",
)
READERS = ("reader_offline", "reader_busy", "tip_on_the_reader")
LINKS = ("money_after_the_cancel", "money_after_the_expiry")
HOLDS = (
    "captured_later",
    "capture_answer_lost_after_commit",
    "capture_request_lost",
    "capture_repeated",
    "capture_after_expiry",
    "forgotten_authorisation",
    "increment_answer_lost",
    "increment_declined",
    "increment_repeated",
)

NOBODY_OUTSIDE: Mapping[str, str] = {
    **because(_NOBODY, *CALLS),
    **because(_NO_BELLS, *BELLS),
    **because(_NO_READER, *READERS),
    **because(_NO_LINK, *LINKS),
    **because(_NO_HOLD, *HOLDS),
    **because(_NO_BANK, "refund_fails_later", "dispute_won", "dispute_lost"),
    **because(_NO_PAYOUT, "foreign_line_in_a_payout", "payout_with_everything_in_it"),
}


class ByPeople(World):
    """What people say is what happened; our own record is the vendor."""

    channel: ClassVar[str] = "manual"
    offers_manual: ClassVar[bool] = False

    def account(self) -> str:
        return ""

    def taken(self, attempt_id: UUID) -> list[int]:
        row = Attempt.objects.get(pk=attempt_id)
        return [row.captured_minor] if row.captured_minor else []

    def back(self, attempt_id: UUID) -> list[int]:
        rows = GatewayRefund.objects.filter(attempt_id=attempt_id, state="succeeded")
        return list(rows.values_list("amount_minor", flat=True))


class Drawer(ByPeople):
    """Cash: it is there when somebody says so."""

    code: ClassVar[str] = "cash"
    tender_kind: ClassVar[str] = "cash"
    without: ClassVar[Mapping[str, str]] = {
        **NOBODY_OUTSIDE,
        **because(
            "it is taken the moment it is asked for, so there is nothing to let go or to decline",
            "declined_then_paid",
            "declined_and_begun_anew",
            "cancelled",
            "paid_before_the_cancel",
        ),
    }


class Machine(ByPeople):
    """A card machine nobody is connected to: people type its slip."""

    code: ClassVar[str] = "card_machine"
    without: ClassVar[Mapping[str, str]] = {
        **NOBODY_OUTSIDE,
        **because(
            "what the machine declined is never typed in",
            "declined_then_paid",
            "declined_and_begun_anew",
        ),
        **because("paid is what was typed, and then it is not let go", "paid_before_the_cancel"),
    }

    def pay(self, attempt: Attempt, *, tip_minor: int = 0) -> None:
        slip = Slip(amount=Money(attempt.amount_minor, attempt.currency), last4="4242", reference="0007")
        type_slip(attempt_id=attempt.pk, slip=slip, actor=self.actor, at=self.at)
