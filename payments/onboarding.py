"""What the payments app does when a merchant is onboarded: the chart of accounts, the ways to pay."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping

from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.core.tenancy import TenantLike
from payments.configuration import PaymentsSection
from payments.ledger.accounts import standard_codes
from payments.ledger.models import Account
from payments.ledger.services import ensure_accounts
from payments.tenders.models import TenderType
from payments.tenders.offers import TenderTypeDraft, save_tender_type
from tenants.configuration.sections import Configuration
from tenants.onboarding.steps import register


def make_accounts(*, tenant: TenantLike, config: Configuration, at: dt.datetime) -> Mapping[str, int]:
    """The fixed accounts; those of tax classes are made when they are first posted to."""
    del tenant, config, at
    before = Account.objects.count()
    ensure_accounts(codes=standard_codes(tax_classes=()))
    return {"created": Account.objects.count() - before, "kept": before}


def make_tender_types(*, tenant: TenantLike, config: Configuration, at: dt.datetime) -> Mapping[str, int]:
    """Ways to pay of the file, found again by code."""
    del tenant
    known = {row.code: row for row in TenderType.objects.all()}
    outcomes = []
    for section in config.section(PaymentsSection).tender_types:
        before = known.get(section.code)
        draft = TenderTypeDraft(
            id=before.id if before else new_id(),
            code=section.code,
            name=section.name,
            kind=section.kind,
            is_active=before.is_active if before else True,
        )
        outcomes.append(save_tender_type(draft=draft, actor=SYSTEM, at=at))
    counted = Counter(outcomes)
    return {word: counted[word] for word in ("created", "changed", "kept")}


register(name="payments.accounts", order=300, run=make_accounts, reads=("merchant.slug",))
register(name="payments.tender_types", order=310, run=make_tender_types, reads=("payments.tender_types",))
