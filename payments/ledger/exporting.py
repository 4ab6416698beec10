"""Exports of the journal: what is asked for, checked, then written piece by piece to a file on disk.

A year takes no more memory than a day, and whoever asks gets a whole file or a refusal, never half of one.
"""

import datetime as dt
import tempfile
from dataclasses import dataclass
from typing import IO

from fynlo.core.errors import RuleViolation
from fynlo.core.tenancy import current_tenant
from payments.configuration import BooksSection, PaymentsSection
from payments.ledger.exports.base import ExportFacts
from payments.ledger.exports.formats import FORMATS
from payments.ledger.queries import Period, entries, trial_balance
from tenants.configuration.queries import current_section


class NotExportable(RuleViolation):
    """These books cannot be written in this format; the detail says what to change."""

    code = "not_exportable"
    title = "These books cannot be written in this format"


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A file that was written; it is gone from the disk when it is closed."""

    filename: str
    media_type: str
    content: IO[bytes]


def journal_export(*, format_name: str, since: dt.date, until: dt.date, at: dt.datetime) -> Export:
    """The transfers of the business days from `since` to `until` in one of the formats.

    Raises `NotExportable` before anything is written.
    """
    chosen = FORMATS[format_name]
    period = Period(since=since, until=until)
    facts = _facts(period, since, until, at)
    reason = chosen.problem(facts)
    if reason is not None:
        raise NotExportable(reason)
    content = tempfile.TemporaryFile()  # noqa: SIM115  closed by whoever sends it
    try:
        for row in chosen.lines(entries(period, as_recorded=chosen.as_recorded), facts):
            content.write(row.encode(chosen.encoding, "replace"))
        content.seek(0)
    except BaseException:
        content.close()
        raise
    return Export(filename=chosen.filename(facts), media_type=chosen.media_type, content=content)


def _facts(period: Period, since: dt.date, until: dt.date, at: dt.datetime) -> ExportFacts:
    tenant = current_tenant()
    section = current_section(tenant=tenant, model=PaymentsSection)
    books = section.books if section is not None else BooksSection()
    moved = [row for row in trial_balance(period) if row.debit_minor or row.credit_minor]
    return ExportFacts(
        merchant=tenant.name,
        currency=tenant.currency,
        since=since,
        until=until,
        made_at=at,
        year_start=books.year_of(since),
        account_numbers=frozenset(row.number or row.code for row in moved),
        consultant=books.datev_consultant,
        client=books.datev_client,
        siren=books.siren,
    )
