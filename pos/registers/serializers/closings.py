"""Shapes of X, Z, and what came late."""

from typing import Any

from rest_framework import serializers

from fynlo.api.fields import DateField, IdField, MoneyField, TimestampField
from pos.registers.serializers.places import PlaceOutput


class PositionsOutput(serializers.Serializer[Any]):
    """Positions of the register's journal, both included."""

    to = serializers.IntegerField()

    def get_fields(self) -> dict[str, Any]:
        """`from` is no name of a member in Python."""
        return {"from": serializers.IntegerField(), **super().get_fields()}


class ClosingHeadOutput(serializers.Serializer[Any]):
    """A Z without its figures. The totals are the register's for ever, at that moment."""

    id = IdField()
    number = serializers.CharField(help_text="`K1-Z4`")
    register = PlaceOutput()
    session_id = IdField(allow_null=True)
    positions = PositionsOutput()
    grand_total = MoneyField(help_text="The sum of all receipts; refunds do not lower it.")
    refund_total = MoneyField(help_text="The sum of all refunds.")
    digest = serializers.CharField(help_text="SHA-256 of the document, as the journal has it.")
    employee_name = serializers.CharField()
    at = TimestampField()
    business_date = DateField()


class LateSectionOutput(serializers.Serializer[Any]):
    """What became known after the Z. `variance` is what is left of the Z's when it is explained by that cash."""

    count = serializers.IntegerField()
    total = MoneyField(allow_negative=True)
    cash = MoneyField(allow_negative=True)
    variance = MoneyField(allow_negative=True, allow_null=True)
    entries = serializers.ListField(child=serializers.DictField())


class ClosingOutput(ClosingHeadOutput):
    """A Z with its figures, which never change, and what came late to it."""

    document = serializers.DictField(help_text="The figures: docs/concepts/registers.md names each member.")
    late = LateSectionOutput()


class XReportOutput(serializers.Serializer[Any]):
    """What a register did since its last Z; the members of a Z's document. Amounts are null while it is blind."""

    is_blind = serializers.BooleanField()
    kind = serializers.ChoiceField(choices=["x"])
    register = serializers.DictField()
    sales = serializers.DictField()
    refunds = serializers.DictField()
    taxes = serializers.ListField(child=serializers.DictField())
    tenders = serializers.ListField(child=serializers.DictField())
    cash = serializers.DictField(allow_null=True)


class VarianceOfDrawerOutput(serializers.Serializer[Any]):
    """A closed drawer; `running` is the person's sum up to it."""

    session_id = IdField()
    drawer = serializers.CharField()
    number = serializers.IntegerField()
    business_date = DateField()
    closed_at = TimestampField(allow_null=True)
    counted = MoneyField()
    variance = MoneyField(allow_negative=True)
    running = MoneyField(allow_negative=True)
    flags = serializers.ListField(child=serializers.CharField())


class VarianceOfPersonOutput(serializers.Serializer[Any]):
    """The drawers somebody answered for; without a key those that nobody did."""

    responsible_id = IdField(allow_null=True)
    responsible_name = serializers.CharField()
    count = serializers.IntegerField()
    variance = MoneyField(allow_negative=True)
    over = MoneyField()
    short = MoneyField(allow_negative=True)
    drawers = VarianceOfDrawerOutput(many=True)


class DrawerVariancesOutput(serializers.Serializer[Any]):
    """Over and short by person."""

    people = VarianceOfPersonOutput(many=True)
