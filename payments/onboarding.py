"""What the payments app does when a merchant is onboarded: the chart of accounts, the ways to pay."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping

from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.core.tenancy import TenantLike
from payments.configuration import AccountSection, PaymentsSection
from payments.ledger.accounts import standard_codes
from payments.ledger.models import Account
from payments.ledger.services import (
    AccountDraft,
    apply_chart,
    ensure_accounts,
    map_posting,
    save_account,
)
from payments.tenders.models import TenderType
from payments.tenders.offers import TenderTypeDraft, save_tender_type
from tenants.configuration.sections import Configuration
from tenants.onboarding.steps import register


def make_accounts(*, tenant: TenantLike, config: Configuration, at: dt.datetime) -> Mapping[str, int]:
    """The fixed accounts, and the chart of the file; those of tax classes are made when they are first posted to.

    What the file says of an account holds when it is read; what it does not say stays as the merchant has it.
    """
    del tenant
    before = Account.objects.count()
    ensure_accounts(codes=standard_codes(tax_classes=()))
    books = config.section(PaymentsSection).books
    if books.chart is not None:
        apply_chart(template=books.chart, sales=books.sales, actor=SYSTEM, at=at)
    for section in books.accounts:
        _save_account(section, at)
    return {"created": Account.objects.count() - before, "kept": before}


def _save_account(section: AccountSection, at: dt.datetime) -> None:
    known = Account.objects.filter(code=section.number).first()
    draft = AccountDraft(
        id=known.pk if known else new_id(),
        code=section.number,
        number=section.number,
        name=section.name,
        kind=section.kind,
        is_active=known.is_active if known else True,
        posting_keys=tuple(known.posting_keys) if known else (),
    )
    account = save_account(draft=draft, actor=SYSTEM, at=at)
    for key in section.posting_keys:
        map_posting(key=key, account_id=account.pk, actor=SYSTEM, at=at)


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


register(name="payments.accounts", order=300, run=make_accounts, reads=("merchant.slug", "payments.books"))
register(name="payments.tender_types", order=310, run=make_tender_types, reads=("payments.tender_types",))
