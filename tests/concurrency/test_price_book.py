"""Publishers at the same moment: one version after the other, each holding what the one before said.

Without the catalogue's lock two versions share a revision, and a till that has the one never hears of the other.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from fynlo.core.tenancy import tenant_context
from pos.catalog.models import THE_ONE, BookEntry, CatalogHead, PriceBookVersion, Variant
from pos.catalog.queries.book import book_for_sale
from pos.catalog.queries.book_pages import book_page
from pos.catalog.services import publishing
from pos.catalog.services.publishing import ensure_book, publish
from tests.concurrency.rivals import at_once, while_held
from tests.factories import Shop, VariantFactory, shop
from tests.pos.catalog.book.edits import NOON, everything, reprice

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5


def repricing(here: Shop, name: str) -> Callable[[], list[int]]:
    """Several prices in a row for one of the goods; returns the revisions they got."""
    return lambda: [reprice(here, name, 2_000 + number, at=NOON) for number in range(ROUNDS)]


def test_versions_of_rival_publishers_are_dense_and_complete(cafe: Any) -> None:
    here = shop(cafe)
    revisions = at_once(cafe, [repricing(here, name) for name in here.variants])
    with tenant_context(cafe):
        first = PriceBookVersion.objects.order_by("revision").values_list("revision", flat=True)[0]
        expected = list(range(first + 1, first + 1 + ROUNDS * len(here.variants)))
        assert sorted(revision for each in revisions for revision in each) == expected
        page = book_page(revision=expected[-1], limit=500)
        assert {(entry["kind"], entry["id"]): entry["document"] for entry in page.entries} == everything()


def test_the_first_book_is_made_once(cafe: Any) -> None:
    with tenant_context(cafe):
        variant = VariantFactory.create(price_minor=123)
    assert at_once(cafe, [ensure_book] * 6) == [None] * 6
    with tenant_context(cafe):
        assert PriceBookVersion.objects.count() == 1
        found = book_for_sale(variant_ids=[variant.pk], at=NOON)
    assert found.book.index.variants[str(variant.pk)].price_minor == 123


def both_at_the_same_revision(here: Shop) -> list[Any]:
    """Two publishers who have written their rows and stand before the head's change at the same moment."""

    def publishing_of(name: str) -> Callable[[], int]:
        variant = here.variants[name]

        def change() -> int:
            with publishing.unit_of_work():
                Variant.objects.filter(pk=variant.pk).update(price_minor=7)
                return publish(touched={("item", variant.item_id)}, cause="test", by=None, at=NOON)

        return change

    outcomes, _ = while_held(
        here.tenant, CatalogHead.objects.all, [publishing_of("roll"), publishing_of("cheese")]
    )
    return outcomes


def what_a_till_misses(here: Shop, revision: int) -> int:
    """How many entries of a revision never reach a till that has the first version of it."""
    with tenant_context(here.tenant):
        delta = book_page(revision=revision, since=revision, limit=500)
        return BookEntry.objects.filter(revision=revision).count() - 1 - len(delta.entries)


def test_the_catalogues_lock_gives_each_its_own_revision(cafe: Any) -> None:
    here = shop(cafe)
    outcomes = both_at_the_same_revision(here)
    assert outcomes[0] != outcomes[1]
    assert what_a_till_misses(here, max(outcomes)) == 0


def test_twin_without_the_lock_publishes_two_versions_as_one(
    cafe: Any, as_owner: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_only() -> int:
        revision: int = CatalogHead.objects.values_list("revision", flat=True).get(pk=THE_ONE)
        return revision

    here = shop(cafe)
    with tenant_context(cafe), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE pos_pricebookversion DROP CONSTRAINT pos_pricebookversion_revision_key CASCADE"
        )
    monkeypatch.setattr(publishing, "lock_catalog", look_only)
    outcomes = both_at_the_same_revision(here)
    assert outcomes[0] == outcomes[1]
    assert what_a_till_misses(here, outcomes[0]) == 1
