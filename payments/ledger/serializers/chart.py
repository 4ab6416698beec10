"""Shapes of the chart of accounts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rest_framework import serializers

from fynlo.api.fields import BooleanField, ChoiceField, IdField, ListField, StrictSerializer, TextField
from payments.ledger.accounts import LONGEST_KEY
from payments.ledger.charts import TEMPLATES
from payments.ledger.models import KINDS, Account
from payments.ledger.queries.chart import Mapped
from payments.ledger.services import AccountDraft


class AccountSerializer(StrictSerializer):
    """An account as it should be. `posting_keys` are all that are booked here."""

    code = TextField(max_length=60)
    number = TextField(max_length=20, allow_blank=True, default="")
    name = TextField(max_length=120)
    kind = ChoiceField(choices=KINDS)
    posting_keys = ListField(child=TextField(max_length=LONGEST_KEY), max_length=200, default=list)
    is_active = BooleanField(default=True)

    def to_draft(self) -> AccountDraft:
        """The frozen input of `save_account`; the view puts the id of the address."""
        values = self.validated_data
        return AccountDraft(
            id=self.context["view"].kwargs["ledger_account_id"],
            code=values["code"],
            number=values["number"],
            name=values["name"],
            kind=values["kind"],
            is_active=values["is_active"],
            posting_keys=tuple(values["posting_keys"]),
        )


class AccountOutput(serializers.Serializer[Any]):
    """A line of the chart."""

    id = IdField()
    code = serializers.CharField()
    number = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=KINDS)
    posting_keys = serializers.ListField(child=serializers.CharField())
    is_active = serializers.BooleanField()


@dataclass(frozen=True, slots=True)
class MappingDraft:
    """Where a key is to be booked; None: where wider keys say."""

    key: str
    account_id: UUID | None


class MappingSerializer(StrictSerializer):
    """A posting key and its account; null takes the key back."""

    key = TextField(max_length=LONGEST_KEY)
    account_id = IdField(allow_null=True)

    def to_draft(self) -> MappingDraft:
        """The frozen input."""
        return MappingDraft(**self.validated_data)


class MappingOutput(serializers.Serializer[Any]):
    """Where a posting key is booked now. `is_own`: by a mapping of this very key."""

    key = serializers.CharField()
    account_id = IdField(allow_null=True)
    account = serializers.CharField(allow_null=True)
    is_own = serializers.BooleanField()


class MappingsOutput(serializers.Serializer[Any]):
    """Every key that is fixed, mapped or has a standard account."""

    items = MappingOutput(many=True)


@dataclass(frozen=True, slots=True)
class ChartDraft:
    """A template to apply, and where sales of tax classes go."""

    template: str
    sales: dict[str, str]


class ChartSerializer(StrictSerializer):
    """A chart to start from. `sales` names an account of it, by number, for each tax class that needs one."""

    template = ChoiceField(choices=sorted(TEMPLATES))
    sales = serializers.DictField(child=TextField(max_length=20), default=dict)

    def to_draft(self) -> ChartDraft:
        """The frozen input."""
        return ChartDraft(**self.validated_data)


class TemplateAccountOutput(serializers.Serializer[Any]):
    """A line of a template."""

    number = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    keys = serializers.ListField(child=serializers.CharField())


class ChartOutput(serializers.Serializer[Any]):
    """A chart to start from, and where it was read."""

    code = serializers.CharField()
    name = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    accounts = TemplateAccountOutput(many=True)


class ChartsOutput(serializers.Serializer[Any]):
    """Every chart to start from."""

    items = ChartOutput(many=True)


def account_document(account: Account) -> dict[str, Any]:
    """An account as the API answers it."""
    return dict(AccountOutput(account).data)


def mappings_document(found: Iterable[Mapped]) -> dict[str, Any]:
    """Mappings as the API answers them."""
    return {
        "items": [
            {
                "key": each.key,
                "account_id": str(each.account.pk) if each.account else None,
                "account": each.account.code if each.account else None,
                "is_own": each.is_own,
            }
            for each in found
        ]
    }


def charts_document() -> dict[str, Any]:
    """The templates as the API answers them."""
    return {
        "items": [
            {
                "code": chart.code,
                "name": chart.name,
                "source": chart.source,
                "accounts": [
                    {"number": row.number, "name": row.name, "kind": row.kind, "keys": list(row.keys)}
                    for row in chart.accounts
                ],
            }
            for chart in TEMPLATES.values()
        ]
    }
