"""The price book over HTTP: whole, in pages, by version, and as what changed since one."""

import random
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.catalog.models import KINDS, PriceBookVersion, Variant
from tests.factories import LocationFactory, RegisterFactory, Shop, TillClient, VariantFactory, paired_till
from tests.pos.catalog.book.edits import (
    add_items,
    everything,
    remove_item,
    rename_category,
    reprice,
    round_cash_to,
)

STATEMENTS = 4
"""Two search paths, the merchant by host, the till by token; then the version and the page."""


def pages(till: TillClient, query: str = "") -> list[dict[str, Any]]:
    """All pages from the first on."""
    answer = till.get(f"/catalog/book{query}")
    found = []
    while True:
        assert answer.status_code == 200, answer.content
        found.append(answer.json())
        cursor = found[-1]["next_cursor"]
        if cursor is None:
            return found
        limit = query.partition("limit=")[2].partition("&")[0] or "500"
        answer = till.get(f"/catalog/book?cursor={cursor}&limit={limit}")


def entries(till: TillClient, query: str = "") -> list[tuple[str, str, Any]]:
    return [
        (entry["kind"], entry["id"], entry["document"])
        for page in pages(till, query)
        for entry in page["entries"]
    ]


def newest() -> PriceBookVersion:
    version = PriceBookVersion.objects.order_by("-revision").first()
    assert version is not None
    return version


def test_the_whole_book_stands_in_an_order_in_which_nothing_refers_ahead(
    here: Shop, till: TillClient
) -> None:
    found = entries(till)
    with tenant_context(here.tenant):
        assert {(kind, key): document for kind, key, document in found} == everything()
    assert [(KINDS.index(kind), UUID(key)) for kind, key, _ in found] == sorted(
        (KINDS.index(kind), UUID(key)) for kind, key, _ in found
    )


@pytest.mark.parametrize("limit", [1, 3, 9, 10, 11])
def test_pages_put_together_are_the_book(here: Shop, till: TillClient, limit: int) -> None:
    found = pages(till, f"?limit={limit}")
    assert [len(page["entries"]) for page in found[:-1]] == [limit] * (len(found) - 1)
    assert [entry for page in found for entry in page["entries"]] == pages(till)[0]["entries"]
    with tenant_context(here.tenant):
        version = newest()
    assert found[0]["version"] == {
        "id": str(version.id),
        "revision": version.revision,
        "effective_at": "2000-01-01T00:00:00.000Z",
        "digest": version.digest,
        "entry_count": 10,
    }
    assert all("version" not in page for page in found[1:])


def test_following_pages_are_of_the_version_of_the_first(here: Shop, till: TillClient) -> None:
    before = entries(till)
    first = till.get("/catalog/book?limit=4")
    with tenant_context(here.tenant):
        for name in here.variants:
            reprice(here, name, 7_777)
        rename_category("Otherwise")
    rest = till.get(f"/catalog/book?cursor={first.json()['next_cursor']}")
    found = [*first.json()["entries"], *rest.json()["entries"]]
    assert [(entry["kind"], entry["id"], entry["document"]) for entry in found] == before
    assert rest.headers["ETag"] == first.headers["ETag"]


def test_an_old_version_is_answered_as_it_was(here: Shop, till: TillClient) -> None:
    before = entries(till)
    with tenant_context(here.tenant):
        revision = newest().revision
        (item_id,) = add_items(1)
        later = newest().revision
        with_item = everything()
        remove_item(item_id)
    assert entries(till, f"?revision={revision}") == before == entries(till)
    assert {(kind, key): document for kind, key, document in entries(till, f"?revision={later}")} == with_item


def test_a_delta_is_what_changed_with_null_for_what_was_removed(here: Shop, till: TillClient) -> None:
    with tenant_context(here.tenant):
        (item_id,) = add_items(1)
        have = newest().revision
        remove_item(item_id)
        reprice(here, "roll", 50)
        reprice(here, "roll", 55)
        round_cash_to(5)
        now = everything()
    roll = str(here.variants["roll"].item_id)
    settings = str(UUID(int=1))
    expected = [
        ("settings", settings, now["settings", settings]),
        *sorted([("item", roll, now["item", roll]), ("item", str(item_id), None)], key=lambda each: each[1]),
    ]
    assert entries(till, f"?after_revision={have}") == expected
    assert entries(till, f"?limit=1&after_revision={have}") == expected
    assert entries(till, f"?after_revision={have + 4}") == []
    assert entries(till, "?after_revision=0") == entries(till)


def test_a_till_that_has_the_version_gets_304(here: Shop, till: TillClient) -> None:
    with tenant_context(here.tenant):
        digest = newest().digest
    answer = till.get("/catalog/book")
    assert answer.headers["ETag"] == f'"{digest}"'
    assert answer.headers["Cache-Control"] == "private, no-cache"
    known = till.get("/catalog/book", If_None_Match=f'"{digest}"')
    assert (known.status_code, known.content) == (304, b"")
    with tenant_context(here.tenant):
        reprice(here, "roll", 50)
    assert till.get("/catalog/book", If_None_Match=f'"{digest}"').status_code == 200


@pytest.mark.parametrize("count", [1, 60])
def test_statements_do_not_grow_with_the_book(here: Shop, till: TillClient, count: int) -> None:
    with tenant_context(here.tenant):
        before = newest().revision
        add_items(count)
    for query in ("", "?limit=5", f"?after_revision={before}"):
        with CaptureQueriesContext(connection) as seen:
            till.get(f"/catalog/book{query}")
        assert len(seen) == STATEMENTS + 2
    tag = till.get("/catalog/book").headers["ETag"]
    with CaptureQueriesContext(connection) as seen:
        till.get("/catalog/book", If_None_Match=tag)
    assert len(seen) == STATEMENTS + 1


def test_what_cannot_be_is_refused_by_name(here: Shop, till: TillClient) -> None:
    with tenant_context(here.tenant):
        revision = newest().revision
    cursor = till.get("/catalog/book?limit=1").json()["next_cursor"]
    for query, status, code in (
        (f"?revision={revision + 1}", 404, "not_found"),
        ("?revision=0", 404, "not_found"),
        (f"?after_revision={revision + 1}", 409, "book_revision_ahead"),
        ("?limit=501", 400, "invalid_query"),
        ("?cursor=AAAA", 400, "invalid_query"),
        ("?cursor=~", 400, "invalid_query"),
        (f"?cursor={'_' * 44}", 400, "invalid_query"),
        (f"?cursor={cursor}&revision={revision}", 400, "invalid_query"),
    ):
        answer = till.get(f"/catalog/book{query}")
        assert (answer.status_code, answer.json()["code"]) == (status, code), query


def test_a_merchant_from_before_gets_the_first_book_when_a_till_asks(
    here: Shop, grocer: Any, till: TillClient
) -> None:
    with tenant_context(grocer):
        RegisterFactory.create(location=LocationFactory.create())
        variant = VariantFactory.create()
        assert not PriceBookVersion.objects.exists()
    stranger = TillClient(grocer, paired_till(grocer))
    found = entries(stranger)
    assert [key for kind, key, _ in found if kind == "item"] == [str(variant.item_id)]
    assert str(variant.item_id) not in {key for _, key, _ in entries(till)}


# --- a till that follows the feed ---


class Till:
    """What a till keeps: the documents it was told of, and how far it has come in the feed."""

    def __init__(self, client: TillClient) -> None:
        self.client = client
        self.position = client.get("/feed?limit=1").json()["head"]
        self.documents: dict[tuple[str, str], Any] = {}
        self.revision = pages(client)[0]["version"]["revision"]
        self.apply({"kind": kind, "id": key, "document": document} for kind, key, document in entries(client))

    def apply(self, told: Any) -> None:
        for entry in told:
            if entry["document"] is None:
                self.documents.pop((entry["kind"], entry["id"]), None)
            else:
                self.documents[entry["kind"], entry["id"]] = entry["document"]

    def follow(self) -> None:
        """Take what the feed tells; where it has no documents, ask for what changed."""
        page = self.client.get(f"/feed?after={self.position}&limit=1000").json()
        self.position = page["next"]
        for item in page["items"]:
            data = item["data"]
            if item["t"] != "catalog.book_published" or data["revision"] <= self.revision:
                continue
            if data["entries"] is None:
                self.catch_up()
            else:
                self.apply(data["entries"])
                self.revision = data["revision"]

    def catch_up(self) -> None:
        found = pages(self.client, f"?limit=7&after_revision={self.revision}")
        for page in found:
            self.apply(page["entries"])
        self.revision = found[0]["version"]["revision"]


def some_edit(here: Shop, chance: random.Random) -> None:
    """One of the edits there are, at random."""
    fresh = Variant.objects.filter(item__name__startswith="New").order_by("pk").values_list("item", flat=True)
    match chance.randrange(6):
        case 0:
            reprice(here, chance.choice(sorted(here.variants)), chance.randrange(10_000))
        case 1:
            rename_category(f"Category {new_id()}")
        case 2:
            round_cash_to(chance.choice([1, 5, 10]))
        case 3:
            add_items(chance.choice([1, 3, 25]))
        case 4 if fresh:
            remove_item(chance.choice(list(fresh)))
        case _:
            add_items(1)


@pytest.mark.parametrize("seed", range(4))
def test_a_till_that_follows_the_feed_ends_with_what_a_fresh_one_gets(
    here: Shop, till: TillClient, seed: int
) -> None:
    chance = random.Random(seed)
    online, offline = Till(till), Till(till)
    for _ in range(12):
        with tenant_context(here.tenant):
            some_edit(here, chance)
        if chance.random() < 0.6:
            online.follow()
    online.follow()
    offline.catch_up()
    fresh = Till(till)
    with tenant_context(here.tenant):
        assert fresh.documents == everything()
    assert online.documents == fresh.documents == offline.documents
    assert online.revision == fresh.revision == offline.revision
