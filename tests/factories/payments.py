"""Ways to pay and accounts."""

from collections.abc import Iterable

import factory

from payments.ledger.accounts import planned, standard_codes
from payments.ledger.models import Account
from payments.tenders.models import TenderType


class TenderTypeFactory(factory.django.DjangoModelFactory[TenderType]):
    """Cash."""

    class Meta:
        model = TenderType
        django_get_or_create = ("code",)

    code = "cash"
    name = "Cash"
    kind = "cash"


class AccountFactory(factory.django.DjangoModelFactory[Account]):
    """An account of the chart; asked twice for the same code it gives the same row."""

    class Meta:
        model = Account
        django_get_or_create = ("code",)

    code = "cash"
    name = factory.LazyAttribute(lambda account: account.code)
    kind = "asset"


def chart(tax_class_codes: Iterable[str]) -> dict[str, Account]:
    """The chart of accounts of a merchant with these tax classes, by code."""
    plan = [(code, planned(code).kind) for code in standard_codes(tax_classes=())]
    for code in tax_class_codes:
        plan += [(f"sales:{code}", "income"), (f"tax:{code}", "liability")]
    found = {account.code: account for account in Account.objects.filter(code__in=dict(plan))}
    new = [AccountFactory.build(code=code, kind=kind) for code, kind in plan if code not in found]
    found |= {account.code: account for account in Account.objects.bulk_create(new)}
    return {code: found[code] for code, _ in plan}
