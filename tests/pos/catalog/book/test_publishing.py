"""A change of the catalogue becomes a version of the price book: of what differs, once, in order, for ever."""

import hashlib
from typing import Any

import orjson
import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError
from django.test.utils import CaptureQueriesContext

from fynlo.core.tenancy import tenant_context
from fynlo.events.log import head, read_after
from pos.catalog.models import BookEntry, CatalogHead, Item, PriceBookVersion, Variant
from pos.catalog.services.publishing import FIRST_EFFECTIVE, ensure_book
from tests.factories import Shop, VariantFactory, shop
from tests.pos.catalog.book.edits import (
    NOON,
    TEN,
    add_items,
    published,
    remove_item,
    rename_category,
    reprice,
    round_cash_to,
)


def versions() -> list[PriceBookVersion]:
    return list(PriceBookVersion.objects.order_by("revision"))


def test_first_version_holds_the_whole_catalogue_and_is_in_force_since_2000(here: Shop) -> None:
    with tenant_context(here.tenant):
        ensure_book()
        (version,) = versions()
        entries = list(BookEntry.objects.order_by("kind").values_list("kind", flat=True))
    assert version.effective_at == FIRST_EFFECTIVE
    assert version.entry_count == 10
    assert entries == ["category", *["item"] * 4, "settings", *["tax_class"] * 4]


def test_the_first_change_of_a_merchant_from_before_publishes_everything(in_cafe: Any) -> None:
    variants = [VariantFactory.create(price_minor=price) for price in (100, 200)]

    def change() -> set[tuple[str, Any]]:
        Variant.objects.filter(pk=variants[0].pk).update(price_minor=150)
        return {("item", variants[0].item_id)}

    published(change, at=NOON)
    (version,) = versions()
    ensure_book()
    assert PriceBookVersion.objects.count() == 1
    documents = BookEntry.objects.filter(kind="item").order_by("entity_id").values_list("document", flat=True)
    assert [document["variants"][0]["price_minor"] for document in documents] == [150, 200]
    assert (version.entry_count, version.effective_at) == (7, FIRST_EFFECTIVE)


def test_a_change_appends_what_differs_and_nothing_else(here: Shop) -> None:
    with tenant_context(here.tenant):
        ensure_book()
        revision = reprice(here, "roll", 50)
        entry = BookEntry.objects.get(revision=revision)
        item = Item.objects.get(pk=entry.entity_id)
        assert CatalogHead.objects.get().revision == revision == item.revision
        assert (entry.kind, entry.document["name"]) == ("item", "Roll")
        assert [version.entry_count for version in versions()] == [10, 1]


def test_nothing_different_writes_and_tells_nothing(here: Shop) -> None:
    with tenant_context(here.tenant):
        ensure_book()
        before = (head(), CatalogHead.objects.get().revision)
        assert reprice(here, "roll", 45) == before[1]
        assert (head(), CatalogHead.objects.get().revision) == before
        assert PriceBookVersion.objects.count() == 1


def test_a_version_is_never_in_force_before_the_one_it_follows(here: Shop) -> None:
    with tenant_context(here.tenant):
        ensure_book()
        reprice(here, "roll", 50, at=NOON)
        reprice(here, "roll", 55, at=TEN)
        assert [version.effective_at for version in versions()] == [FIRST_EFFECTIVE, NOON, NOON]


def test_what_is_removed_is_said_once(here: Shop) -> None:
    with tenant_context(here.tenant):
        ensure_book()
        (item_id,) = add_items(1)
        revision = remove_item(item_id)
        assert BookEntry.objects.get(revision=revision).document is None
        assert published(lambda: {("item", item_id)}) == revision


def test_the_digest_covers_the_entries_in_order_and_the_digest_before(here: Shop) -> None:
    def lines(revision: int) -> bytes:
        kinds = ["settings", "tax_class", "category", "item"]
        rows = sorted(
            BookEntry.objects.filter(revision=revision),
            key=lambda row: (kinds.index(row.kind), row.entity_id),
        )
        return b"".join(
            row.kind.encode()
            + b"\x1f"
            + str(row.entity_id).encode()
            + b"\x1f"
            + orjson.dumps(row.document, option=orjson.OPT_SORT_KEYS)
            + b"\n"
            for row in rows
        )

    with tenant_context(here.tenant):
        ensure_book()
        (item_id,) = add_items(1)
        remove_item(item_id)
        digest = ""
        for version in versions():
            digest = hashlib.sha256(digest.encode() + lines(version.revision)).hexdigest()
            assert version.digest == digest


def test_the_feed_tells_a_small_version_with_its_documents(here: Shop) -> None:
    with tenant_context(here.tenant):
        ensure_book()
        reprice(here, "roll", 50, at=NOON)
        version = versions()[-1]
        fact = read_after(0)[-1]
        document = BookEntry.objects.get(revision=version.revision).document
    assert (fact.t, fact.id, fact.at) == ("catalog.book_published", version.id, NOON)
    assert fact.data == {
        "version_id": str(version.id),
        "revision": version.revision,
        "effective_at": "2026-03-01T12:00:00.000Z",
        "digest": version.digest,
        "entry_count": 1,
        "entries": [{"kind": "item", "id": document["id"], "document": document}],
    }


@pytest.mark.parametrize(("count", "is_told"), [(20, True), (21, False)])
def test_the_feed_tells_at_most_twenty_documents(here: Shop, count: int, is_told: bool) -> None:
    with tenant_context(here.tenant):
        ensure_book()
        add_items(count)
        data = read_after(0)[-1].data
    assert data is not None
    assert data["entry_count"] == count
    assert (data["entries"] is not None) is is_told


def test_the_feed_tells_at_most_32_kilobytes(here: Shop) -> None:
    def describe() -> set[tuple[str, Any]]:
        items = Item.objects.order_by("pk")[:4]
        for item in items:
            Item.objects.filter(pk=item.pk).update(description="x" * 9_000)
        return {("item", item.pk) for item in items}

    with tenant_context(here.tenant):
        ensure_book()
        published(describe)
        data = read_after(0)[-1].data
    assert data is not None
    assert (data["entry_count"], data["entries"]) == (4, None)


def test_house_rules_keep_their_version_while_items_change(here: Shop) -> None:
    with tenant_context(here.tenant):
        ensure_book()
        reprice(here, "roll", 50)
        round_cash_to(5)
        reprice(here, "roll", 55)
        first, second, third, fourth = versions()
    assert (first.rules_id, second.rules_id) == (first.id, first.id)
    assert (third.rules_id, fourth.rules_id) == (third.id, third.id)


@pytest.mark.parametrize("count", [1, 40])
def test_statements_do_not_grow_with_what_changed(here: Shop, count: int) -> None:
    with tenant_context(here.tenant):
        ensure_book()
        with CaptureQueriesContext(connection) as one:
            reprice(here, "roll", 50)
        items = add_items(count)

        def describe() -> set[tuple[str, Any]]:
            Item.objects.filter(pk__in=items).update(description="Described")
            return {("item", key) for key in items}

        with CaptureQueriesContext(connection) as many:
            published(describe)
    assert len(many) == len(one)


def test_merchants_have_books_of_their_own(here: Shop, there: Shop) -> None:
    with tenant_context(here.tenant):
        ensure_book()
        rename_category("Ours")
    with tenant_context(there.tenant):
        ensure_book()
        assert PriceBookVersion.objects.count() == 1
        documents = BookEntry.objects.filter(kind="category").values_list("document", flat=True)
        assert [document["name"] for document in documents] == ["Everything"]


@pytest.mark.parametrize("table", ["pos_pricebookversion", "pos_bookentry", "pos_variantmove"])
@pytest.mark.parametrize("verb", ["UPDATE {table} SET revision = 7", "DELETE FROM {table}"])
def test_the_run_time_role_cannot_change_a_version(here: Shop, table: str, verb: str) -> None:
    with tenant_context(here.tenant), connection.cursor() as cursor:
        ensure_book()
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute(verb.format(table=table))


@pytest.mark.parametrize(
    "verb", ["UPDATE {table} SET revision = 7", "DELETE FROM {table}", "TRUNCATE {table}"]
)
@pytest.mark.parametrize("table", ["pos_pricebookversion", "pos_bookentry"])
def test_not_even_the_owner_changes_a_version(cafe: Any, as_owner: None, table: str, verb: str) -> None:
    with tenant_context(cafe), connection.cursor() as cursor:
        shop(cafe)
        ensure_book()
        suffix = " CASCADE" if verb.startswith("TRUNCATE") else ""
        with pytest.raises(IntegrityError, match="history is append-only"), transaction.atomic():
            cursor.execute(verb.format(table=table) + suffix)


def test_rows_written_past_the_services_wait_for_the_next_change_that_touches_them(here: Shop) -> None:
    with tenant_context(here.tenant):
        ensure_book()
        variant = VariantFactory.create(item=here.variants["roll"].item, sku="ROLL-2", name="large")
        assert PriceBookVersion.objects.count() == 1
        reprice(here, "roll", 50)
        document = BookEntry.objects.order_by("-revision")[0].document
    assert str(variant.pk) in [each["id"] for each in document["variants"]]
