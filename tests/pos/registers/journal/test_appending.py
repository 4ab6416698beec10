"""Adding to a register's journal."""

import datetime as dt

import pytest
from django.db import transaction

from fynlo.core.errors import NotFound
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import unit_of_work
from pos.fiscal.entries import JournalDraft
from pos.registers.journal.models import JournalEntry
from pos.registers.journal.services import append_entries
from pos.registers.models import Register
from tests.factories import Shop

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)


def draft(text: str) -> JournalDraft:
    return JournalDraft(kind="system", at=NOON, business_date=NOON.date(), body={"event": text})


def test_entries_follow_each_other_and_the_register_knows_the_last(here: Shop) -> None:
    with tenant_context(here.tenant):
        with unit_of_work():
            first, second = append_entries(
                register_id=here.register.id, drafts=[draft("one"), draft("two")], recorded_at=NOON
            )
        with unit_of_work():
            (third,) = append_entries(register_id=here.register.id, drafts=[draft("three")], recorded_at=NOON)
        rows = list(JournalEntry.objects.order_by("position"))
        till = Register.objects.get(pk=here.register.id)
    assert [(row.position, row.previous_hash, row.hash) for row in rows] == [
        (1, "", first.hash),
        (2, first.hash, second.hash),
        (3, second.hash, third.hash),
    ]
    assert [row.body for row in rows] == ['{"event":"one"}', '{"event":"two"}', '{"event":"three"}']
    assert {row.register_code for row in rows} == {here.register.code}
    assert (till.last_journal_position, till.journal_head) == (3, third.hash)


def _fail(shop: Shop) -> None:
    with unit_of_work():
        append_entries(register_id=shop.register.id, drafts=[draft("lost")], recorded_at=NOON)
        raise NotFound


def test_what_is_rolled_back_leaves_no_gap(here: Shop) -> None:
    with tenant_context(here.tenant):
        with pytest.raises(NotFound):
            _fail(here)
        with unit_of_work():
            (kept,) = append_entries(register_id=here.register.id, drafts=[draft("kept")], recorded_at=NOON)
    assert (kept.position, kept.previous_hash) == (1, "")


def test_nothing_to_add_asks_nothing(here: Shop, django_assert_num_queries: object) -> None:
    with tenant_context(here.tenant), django_assert_num_queries(0):  # type: ignore[operator]
        assert append_entries(register_id=new_id(), drafts=[], recorded_at=NOON) == []


def test_three_statements_however_many_entries(here: Shop, django_assert_num_queries: object) -> None:
    with tenant_context(here.tenant), transaction.atomic():
        with django_assert_num_queries(3):  # type: ignore[operator]
            append_entries(
                register_id=here.register.id, drafts=[draft(str(n)) for n in range(5)], recorded_at=NOON
            )


def test_an_unknown_register_has_no_journal(here: Shop) -> None:
    with tenant_context(here.tenant), pytest.raises(NotFound), unit_of_work():
        append_entries(register_id=new_id(), drafts=[draft("x")], recorded_at=NOON)
