"""Shapes of runs, payouts, differences and disputes."""

import datetime as dt
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from fynlo.api.fields import BooleanField, ChoiceField, DateField, IdField, TextField, TimestampField
from fynlo.api.money_fields import MoneyField
from fynlo.api.serializers import StrictSerializer
from fynlo.core.clock import rfc3339
from fynlo.core.money import Money
from payments.reconciliation import actions, states
from payments.reconciliation.models import Difference, Payout, Reconciliation, SettlementLine
from payments.reconciliation.queries.runs import due_at
from payments.reconciliation.services.machines import MachineDraft


class RunInput(StrictSerializer):
    """Which account to compare."""

    connection_id = IdField()


class ResolveInput(StrictSerializer):
    """What to do about a difference, and why."""

    action = ChoiceField(choices=sorted(actions.WORDS))
    reason = TextField(max_length=300, required=False, default="")


class EvidenceInput(StrictSerializer):
    """The merchant's own words, sent along with the shop's papers."""

    note = TextField(max_length=5_000, required=False, default="", multiline=True)
    draft = BooleanField(
        required=False,
        default=False,
        help_text="Leave it with the provider; it can still be changed and sent.",
    )


class MachineInput(StrictSerializer):
    """What a stand-alone card machine printed at the end of a day; `fee` once the bank shows it."""

    register_id = IdField()
    business_date = DateField()
    tender_type = TextField(max_length=20)
    total = MoneyField(allow_negative=True)
    fee = MoneyField(required=False, allow_null=True, default=None)

    def to_draft(self) -> MachineDraft:
        """The total as it is entered."""
        return MachineDraft(**self.validated_data)


class RunOutput(serializers.Serializer[Any]):
    """A comparison with a vendor's listing. `counts` says what was found, by kind."""

    id = IdField()
    connection_id = IdField()
    state = serializers.CharField()
    step = serializers.CharField()
    reason = serializers.CharField()
    asked_by = serializers.CharField()
    since = TimestampField()
    started_at = TimestampField()
    finished_at = TimestampField(allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField())
    trouble = serializers.CharField(
        help_text="Why it broke off or was given up; empty when nothing is wrong."
    )
    next_try_at = serializers.SerializerMethodField(help_text="When one that broke off is taken up again.")

    @extend_schema_field(TimestampField(allow_null=True))
    def get_next_try_at(self, run: Reconciliation) -> str | None:
        """After its pause; a new request for it begins at once."""
        waits = run.state == states.RUNNING and run.failures
        return rfc3339(due_at(run)) if waits else None


class LineOutput(serializers.Serializer[Any]):
    """A line of a payout: gross less fee is net. `state`: matched, listed (as a difference) or new."""

    id = IdField()
    vendor_id = serializers.CharField()
    category = serializers.CharField()
    about = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a member, not the option of fields
    payment = serializers.CharField()
    state = serializers.CharField()
    attempt_id = IdField(allow_null=True)
    gross = serializers.SerializerMethodField()
    fee = serializers.SerializerMethodField()
    net = serializers.SerializerMethodField()
    at = TimestampField()

    @extend_schema_field(MoneyField)
    def get_gross(self, line: SettlementLine) -> Money:
        """What it was."""
        return Money(line.gross_minor, line.currency)

    @extend_schema_field(MoneyField)
    def get_fee(self, line: SettlementLine) -> Money:
        """What the vendor kept."""
        return Money(line.fee_minor, line.currency)

    @extend_schema_field(MoneyField)
    def get_net(self, line: SettlementLine) -> Money:
        """What reached the payout."""
        return Money(line.net_minor, line.currency)


class PayoutOutput(serializers.Serializer[Any]):
    """Money the vendor sent to the bank; `unexplained` is what its lines do not account for."""

    id = IdField()
    connection_id = IdField()
    vendor_id = serializers.CharField()
    state = serializers.CharField()
    arrives_on = DateField()
    is_traced = serializers.BooleanField()
    line_count = serializers.IntegerField()
    open_differences = serializers.IntegerField()
    amount = serializers.SerializerMethodField()
    gross = serializers.SerializerMethodField()
    fee = serializers.SerializerMethodField()
    net = serializers.SerializerMethodField()
    unexplained = serializers.SerializerMethodField()
    posted_at = TimestampField(allow_null=True)
    returned_at = TimestampField(allow_null=True)

    @extend_schema_field(MoneyField)
    def get_amount(self, payout: Payout) -> Money:
        """What reached the bank."""
        return Money(payout.amount_minor, payout.currency)

    @extend_schema_field(MoneyField)
    def get_gross(self, payout: Payout) -> Money:
        """The sum of its lines."""
        return Money(payout.gross_minor, payout.currency)

    @extend_schema_field(MoneyField)
    def get_fee(self, payout: Payout) -> Money:
        """What the vendor kept of them."""
        return Money(payout.fee_minor, payout.currency)

    @extend_schema_field(MoneyField)
    def get_net(self, payout: Payout) -> Money:
        """Gross less fee."""
        return Money(payout.net_minor, payout.currency)

    @extend_schema_field(MoneyField)
    def get_unexplained(self, payout: Payout) -> Money:
        """Amount less net."""
        return Money(payout.unexplained_minor, payout.currency)


class PayoutDetailOutput(PayoutOutput):
    """A payout with its lines, those that are not explained first; `more_lines` when not all are there."""

    lines = LineOutput(many=True)
    more_lines = serializers.BooleanField()


class DifferenceOutput(serializers.Serializer[Any]):
    """Something that does not agree, and what may be done about it."""

    id = IdField()
    connection_id = IdField(allow_null=True)
    kind = serializers.CharField()
    subject = serializers.CharField()
    ours = serializers.CharField()
    theirs = serializers.CharField()
    ours_amount = serializers.SerializerMethodField()
    theirs_amount = serializers.SerializerMethodField()
    payout_id = IdField(allow_null=True)
    attempt_id = IdField(allow_null=True)
    state = serializers.CharField()
    action = serializers.CharField()
    reason = serializers.CharField()
    resolved_by = serializers.CharField()
    resolved_at = TimestampField(allow_null=True)
    found_at = TimestampField()
    possible = serializers.SerializerMethodField()

    @extend_schema_field(MoneyField(allow_null=True))
    def get_ours_amount(self, row: Difference) -> Money | None:
        """Our side, where it has an amount."""
        return None if row.ours_minor is None else Money(row.ours_minor, row.currency)

    @extend_schema_field(MoneyField(allow_null=True))
    def get_theirs_amount(self, row: Difference) -> Money | None:
        """The vendor's side, where it has an amount."""
        return None if row.theirs_minor is None else Money(row.theirs_minor, row.currency)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_possible(self, row: Difference) -> list[str]:
        """Actions that help against it."""
        return list(actions.ACTIONS.get(row.kind, ())) if row.state == "open" else []


class DisputeOutput(serializers.Serializer[Any]):
    """A cardholder's objection. `due_at` is until when evidence may be sent."""

    id = IdField()
    connection_id = IdField()
    vendor_id = serializers.CharField()
    state = serializers.CharField()
    reason = serializers.CharField()
    amount = serializers.SerializerMethodField()
    order_id = IdField(allow_null=True)
    attempt_id = IdField(allow_null=True)
    opened_at = TimestampField()
    due_at = TimestampField(allow_null=True)
    submitted_at = TimestampField(allow_null=True)
    submitted_by = serializers.CharField()
    draft_saved_at = serializers.SerializerMethodField(help_text="When a draft was left with the provider.")

    @extend_schema_field(TimestampField(allow_null=True))
    def get_draft_saved_at(self, row: Any) -> str | None:
        """None without a draft, and once it was sent."""
        draft = row.evidence.get("draft")
        return rfc3339(dt.datetime.fromisoformat(draft["at"])) if draft else None

    @extend_schema_field(MoneyField)
    def get_amount(self, row: Any) -> Money:
        """What is disputed."""
        return Money(row.amount_minor, row.currency)


class MachineOutput(serializers.Serializer[Any]):
    """A machine's total and what the books have of that day; `difference` is machine less books."""

    id = IdField()
    register_id = IdField()
    business_date = DateField()
    tender_type = serializers.CharField()
    total = MoneyField(allow_negative=True)
    booked = MoneyField(allow_negative=True)
    difference = MoneyField(allow_negative=True)
    fee = MoneyField(allow_null=True)
    posted_at = TimestampField(allow_null=True)
