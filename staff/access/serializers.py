"""Shapes of signing in and approving."""

import re
from dataclasses import dataclass, field
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from fynlo.api.fields import ChoiceField, IdField, IntegerField, MoneyField, StrictSerializer, TimestampField
from fynlo.core.money import Money
from staff.access.approving import ACTIONS
from staff.access.services.approvals import ApprovalDraft


@dataclass(frozen=True, slots=True)
class SignInDraft:
    """What was typed at the till."""

    employee_number: str
    pin: str = field(repr=False)


class _DigitsField(serializers.Field[str, str, str, Any]):
    """Text of ASCII digits; what was given is never repeated in a problem."""

    shortest = 1
    default_error_messages = {"invalid": "{shortest} to 8 digits are expected, as text."}

    def to_internal_value(self, data: Any) -> str:
        """The digits as given."""
        if type(data) is not str or not re.fullmatch(rf"[0-9]{{{self.shortest},8}}", data, re.ASCII):
            self.fail("invalid", shortest=self.shortest)
        return data

    def to_representation(self, value: str) -> str:
        """The digits."""
        return value


@extend_schema_field({"type": "string", "pattern": "^[0-9]{1,8}$", "example": "1"})
class EmployeeNumberField(_DigitsField):
    """What staff type to say who they are."""


@extend_schema_field({"type": "string", "pattern": "^[0-9]{4,8}$", "format": "password", "writeOnly": True})
class PinField(_DigitsField):
    """A PIN."""

    shortest = 4


class SignInSerializer(StrictSerializer):
    """A number and a PIN."""

    employee_number = EmployeeNumberField()
    pin = PinField()

    def to_draft(self) -> SignInDraft:
        """The frozen input of `sign_in`."""
        return SignInDraft(**self.validated_data)


class ApprovalSerializer(StrictSerializer):
    """What is to be approved, and the approver's number and PIN.

    `amount` is the most it may come to; `percent` too, for discounts and prices by hand, rounded up.
    """

    action = ChoiceField(choices=sorted(ACTIONS))
    subject_id = IdField(help_text="The key of the order, order line, refund, session … it is about.")
    amount = MoneyField(required=False)
    percent = IntegerField(min_value=0, max_value=100, default=0)
    number = EmployeeNumberField()
    pin = PinField()

    def to_draft(self) -> ApprovalDraft:
        """The frozen input of `give_approval`."""
        values = self.validated_data
        amount: Money | None = values.get("amount")
        return ApprovalDraft(
            action=values["action"],
            subject_id=values["subject_id"],
            employee_number=values["number"],
            pin=values["pin"],
            amount_minor=amount.minor if amount else 0,
            percent=values["percent"],
        )


class ApproverOutput(serializers.Serializer[Any]):
    """Who approved."""

    id = IdField()
    name = serializers.CharField()


class ApprovalOutput(serializers.Serializer[Any]):
    """An approval; send `token` as `approval` with what it is for."""

    token = serializers.CharField()
    expires_at = TimestampField()
    approver = ApproverOutput()


class RoleOutput(serializers.Serializer[Any]):
    """A role, by its code and its name."""

    code = serializers.CharField()
    name = serializers.CharField()


class EmployeeOutput(serializers.Serializer[Any]):
    """Somebody who works here."""

    id = IdField()
    number = serializers.CharField()
    name = serializers.CharField()
    role = RoleOutput()


class SignedInOutput(serializers.Serializer[Any]):
    """A session; send `token` as `Staff-Session` beside the device's token."""

    token = serializers.CharField()
    expires_at = TimestampField()
    employee = EmployeeOutput()
    permissions = serializers.ListField(child=serializers.CharField())


class MeOutput(serializers.Serializer[Any]):
    """Who is signed in on this device, and what they may do there."""

    employee = EmployeeOutput()
    permissions = serializers.ListField(child=serializers.CharField())
