"""What the payments app does when a merchant is onboarded: the chart of accounts, the ways to pay."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping

from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.core.tenancy import TenantLike
from payments.configuration import AccountSection, ConnectionSection, PaymentsSection, TenderTypeSection
from payments.gateways.models import Connection, Reader
from payments.gateways.services import ConnectionDraft, ReaderDraft, save_connection, save_reader
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
from payments.tenders.rules import TenderRules
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
    accounts = {
        section.code: connection.pk
        for section in config.section(PaymentsSection).connections
        if (connection := _connection(section)) is not None
    }
    outcomes = []
    for section in config.section(PaymentsSection).tender_types:
        before = known.get(section.code)
        draft = TenderTypeDraft(
            id=before.id if before else new_id(),
            code=section.code,
            name=section.name,
            kind=section.kind,
            is_active=before.is_active if before else True,
            connection_id=None if section.connection is None else accounts[section.connection],
            channel=section.channel or "",
            rules=_rules(section),
        )
        outcomes.append(save_tender_type(draft=draft, actor=SYSTEM, at=at))
    counted = Counter(outcomes)
    return {word: counted[word] for word in ("created", "changed", "kept")}


def make_connections(*, tenant: TenantLike, config: Configuration, at: dt.datetime) -> Mapping[str, int]:
    """Accounts at payment providers, and their readers; found again by code. Secrets are not in a file."""
    del tenant
    made = 0
    for section in config.section(PaymentsSection).connections:
        known = _connection(section)
        made += known is None
        draft = ConnectionDraft(
            id=new_id() if known is None else known.pk,
            gateway=section.gateway,
            name=section.name,
            account=section.code,
            is_active=True if known is None else known.is_active,
            settings={} if known is None else known.settings,
        )
        connection = save_connection(draft=draft, actor=SYSTEM, at=at)
        for reader in section.readers:
            before = Reader.objects.filter(connection=connection, vendor_id=reader.id).first()
            save_reader(
                draft=ReaderDraft(
                    id=before.pk if before else new_id(),
                    connection_id=connection.pk,
                    vendor_id=reader.id,
                    name=reader.name,
                    register_id=before.register_id if before else None,
                    is_active=before.is_active if before else True,
                ),
                actor=SYSTEM,
            )
    return {"created": made}


def _connection(section: ConnectionSection) -> Connection | None:
    return Connection.objects.filter(gateway=section.gateway, account=section.code).first()


def _rules(section: TenderTypeSection) -> TenderRules:
    return TenderRules(
        smallest_minor=section.smallest_minor,
        largest_minor=section.largest_minor,
        over=section.over,
        is_partial=section.is_partial,
        needs_reference=section.needs_reference,
        foreign_currency=section.foreign_currency or "",
        foreign_rate=section.foreign_rate,
    )


register(name="payments.accounts", order=300, run=make_accounts, reads=("merchant.slug", "payments.books"))
register(name="payments.connections", order=305, run=make_connections, reads=("payments.connections",))
register(
    name="payments.tender_types",
    order=310,
    run=make_tender_types,
    reads=("payments.tender_types", "payments.connections"),
)
