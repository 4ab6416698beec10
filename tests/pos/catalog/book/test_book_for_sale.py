"""A sale finds the price book it was made from, whenever it arrives, in a fixed number of statements."""

import datetime as dt
from collections.abc import Collection
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import unit_of_work
from pos.catalog.models import (
    ComboChoice,
    ComboSlot,
    GroupUse,
    Item,
    Modifier,
    ModifierGroup,
    PriceBookVersion,
    Promotion,
    Variant,
)
from pos.catalog.queries import house_rules
from pos.catalog.queries.book import BookForSale, NoPriceBook, book_for_sale
from pos.catalog.services.publishing import ensure_book, publish, sale_book
from pos.catalog.services.writing import lock_catalog
from pos.pricing.engine import price_cart
from pos.pricing.types import Cart, CartLine, Context
from tests.factories import CategoryFactory, Shop, VariantFactory
from tests.pos.catalog.book.edits import (
    ELEVEN,
    NOON,
    TEN,
    add_items,
    published,
    remove_item,
    reprice,
    round_cash_to,
)


def price(found: BookForSale, variant: Variant) -> int:
    return found.book.index.variants[str(variant.pk)].price_minor


def newest() -> PriceBookVersion:
    version = PriceBookVersion.objects.order_by("-revision").first()
    assert version is not None
    return version


def test_a_sale_of_ten_synchronised_at_noon_finds_the_prices_of_ten(here: Shop) -> None:
    roll = here.variants["roll"]
    with tenant_context(here.tenant):
        reprice(here, "roll", 50, at=ELEVEN)
        then = book_for_sale(variant_ids=[roll.pk], at=TEN)
        now = book_for_sale(variant_ids=[roll.pk], at=ELEVEN)
    assert (price(then, roll), then.is_superseded) == (45, False)
    assert (price(now, roll), now.is_superseded) == (50, False)


def test_a_till_that_says_its_version_is_priced_by_it_and_told_when_it_was_superseded(here: Shop) -> None:
    roll = here.variants["roll"]
    with tenant_context(here.tenant):
        old = newest().id
        reprice(here, "roll", 50, at=ELEVEN)
        early = book_for_sale(variant_ids=[roll.pk], at=TEN, version_id=old)
        late = book_for_sale(variant_ids=[roll.pk], at=NOON, version_id=old)
        slow_clock = book_for_sale(variant_ids=[roll.pk], at=TEN, version_id=newest().id)
    assert (early.version_id, price(early, roll), early.is_superseded) == (old, 45, False)
    assert (late.version_id, price(late, roll), late.is_superseded) == (old, 45, True)
    assert (price(slow_clock, roll), slow_clock.is_superseded) == (50, False)


def test_a_version_nobody_knows_counts_as_none_said(here: Shop, there: Shop) -> None:
    roll = here.variants["roll"]
    with tenant_context(there.tenant):
        theirs = newest().id
    with tenant_context(here.tenant):
        for version_id in (new_id(), theirs):
            found = book_for_sale(variant_ids=[roll.pk], at=TEN, version_id=version_id)
            assert (found.version_id, price(found, roll)) == (newest().id, 45)


def test_a_sale_from_before_every_version_takes_the_first(here: Shop) -> None:
    with tenant_context(here.tenant):
        found = book_for_sale(variant_ids=[], at=dt.datetime(1999, 1, 1, tzinfo=dt.UTC))
        assert found.version_id == newest().id


def test_a_scheduled_price_comes_into_force_on_time_without_a_new_version(here: Shop) -> None:
    roll = here.variants["roll"]

    def schedule() -> set[tuple[str, UUID]]:
        prices = [{"starts_at": "2026-12-01T00:00", "price_minor": 60}]
        Variant.objects.filter(pk=roll.pk).update(scheduled_prices=prices)
        return {("item", roll.item_id)}

    with tenant_context(here.tenant):
        published(schedule)
        found = book_for_sale(variant_ids=[roll.pk], at=NOON)
    cart = Cart(lines=(CartLine(id="1", variant_id=str(roll.pk), quantity=2),))
    totals = [
        price_cart(cart=cart, context=Context(currency="EUR", at=at), book=found.book).total_minor
        for at in (dt.datetime(2026, 11, 30, 23, 59, 59), dt.datetime(2026, 12, 1))  # noqa: DTZ001  wall clock
    ]
    assert totals == [90, 120]


def test_what_the_book_says_of_a_variant(here: Shop) -> None:
    roll = here.variants["roll"]

    def change() -> set[tuple[str, UUID]]:
        Variant.objects.filter(pk=roll.pk).update(name="crisp", is_active=False)
        Item.objects.filter(pk=roll.item_id).update(has_open_price=True, kitchen_name="RLL")
        return {("item", roll.item_id)}

    with tenant_context(here.tenant):
        published(change)
        found = book_for_sale(variant_ids=[roll.pk, new_id()], at=NOON)
    (booked,) = found.variants.values()
    assert (booked.id, booked.item_id, booked.name) == (roll.pk, roll.item_id, "Roll, crisp")
    assert (booked.sku, booked.unit, booked.tax_class, booked.kitchen_name) == (
        "ROLL",
        "each",
        "reduced",
        "RLL",
    )
    assert (booked.is_active, booked.has_open_price) == (False, True)
    assert (found.rounding.code, found.cash_increment) == ("per_line half_up", 1)


def test_a_variant_newer_than_the_version_counts_as_first_published(here: Shop) -> None:
    roll = here.variants["roll"]
    with tenant_context(here.tenant):
        large = VariantFactory.create(item=roll.item, sku="ROLL-L", name="large", price_minor=70)
        published(lambda: {("item", roll.item_id)})
        (item_id,) = add_items(1)
        fresh = Variant.objects.get(item=item_id)
        reprice(here, "roll", 99, at=NOON)
        found = book_for_sale(variant_ids=[roll.pk, large.pk, fresh.pk], at=TEN)
    assert [price(found, variant) for variant in (roll, large, fresh)] == [45, 70, 100]


def test_a_variant_that_moved_is_priced_where_it_was(here: Shop) -> None:
    roll, cheese = here.variants["roll"], here.variants["cheese"]

    def move() -> set[tuple[str, UUID]]:
        Variant.objects.filter(pk=roll.pk).update(item=cheese.item, name="moved", price_minor=99)
        return {("item", roll.item_id), ("item", cheese.item_id)}

    with tenant_context(here.tenant):
        published(move, at=ELEVEN)
        then = book_for_sale(variant_ids=[roll.pk], at=TEN)
        now = book_for_sale(variant_ids=[roll.pk], at=NOON)
    assert (then.variants[roll.pk].name, price(then, roll)) == ("Roll", 45)
    assert (now.variants[roll.pk].name, price(now, roll)) == ("Cheese, moved", 99)


def test_what_was_deleted_since_is_still_in_the_book_of_then(here: Shop) -> None:
    with tenant_context(here.tenant):
        (item_id,) = add_items(1, at=TEN)
        variant = Variant.objects.get(item=item_id)
        remove_item(item_id, at=NOON)
        then = book_for_sale(variant_ids=[variant.pk], at=ELEVEN)
        now = book_for_sale(variant_ids=[variant.pk], at=NOON)
    assert price(then, variant) == 100
    assert now.variants == {}


def _combo(shop: Shop) -> set[tuple[str, UUID]]:
    """The roll becomes a combo with a choice of cheese, and offers a group with two modifiers."""
    item = shop.variants["roll"].item
    slot = ComboSlot.objects.create(item=item, name="Cheese")
    ComboChoice.objects.create(slot=slot, variant=shop.variants["cheese"], upcharge_minor=30, is_default=True)
    group = ModifierGroup.objects.create(name="Extras")
    GroupUse.objects.create(group=group, item=item)
    Modifier.objects.create(group=group, name="Onion", kitchen_name="ON", price_minor=20)
    Modifier.objects.create(group=group, name="Leek", is_active=False)
    return {("item", item.pk), ("modifier_group", group.pk)}


def test_combos_and_modifiers_are_read_with_what_tills_show_left_out(here: Shop) -> None:
    wanted = [here.variants[name].pk for name in ("roll", "cheese")]
    with tenant_context(here.tenant):
        published(lambda: _combo(here))
        found = book_for_sale(variant_ids=wanted, at=NOON)
    item = found.book.index.item_of[str(wanted[0])]
    assert item.combo is not None
    assert [choice.upcharge_minor for choice in item.combo.slots[0].choices] == [30]
    assert str(wanted[1]) in found.book.index.variants
    assert sorted((each.name, each.kitchen_name, each.is_active) for each in found.modifiers.values()) == [
        ("Leek", "", False),
        ("Onion", "ON", True),
    ]


def test_what_is_switched_off_is_not_priced(here: Shop) -> None:
    def promote() -> set[tuple[str, UUID]]:
        rule = {"kind": "percent_off", "select": {"all": True}, "percent": "0.1"}
        rows = [
            Promotion.objects.create(name=name, rule=rule, is_active=name == "On") for name in ("On", "Off")
        ]
        return {("promotion", row.pk) for row in rows}

    with tenant_context(here.tenant):
        published(promote)
        found = book_for_sale(variant_ids=[], at=NOON)
    assert [promotion.name for promotion in found.book.promotions] == ["On"]


def test_only_the_branches_of_the_tree_that_carry_the_cart_are_taken(here: Shop) -> None:
    roll = here.variants["roll"]

    def grow() -> set[tuple[str, UUID]]:
        top, other = CategoryFactory.create(name="Top"), CategoryFactory.create(name="Other")
        category = roll.item.category
        category.parent = top
        category.save()
        return {("category", row.pk) for row in (top, other, category)}

    with tenant_context(here.tenant):
        published(grow)
        found = book_for_sale(variant_ids=[roll.pk], at=NOON)
    assert sorted(category.name for category in found.book.categories) == ["Everything", "Top"]
    lineage = found.book.index.lineages[str(roll.item.category_id)]
    assert len(lineage) == 2


def statements(wanted: Collection[UUID], at: dt.datetime = NOON) -> int:
    with CaptureQueriesContext(connection) as seen:
        book_for_sale(variant_ids=wanted, at=at)
    return len(seen)


@pytest.mark.parametrize("count", [1, 60])
def test_statements_are_three_at_first_and_two_from_then_on(here: Shop, count: int) -> None:
    with tenant_context(here.tenant):
        add_items(count)
        round_cash_to(10)
        wanted = list(Variant.objects.values_list("pk", flat=True))
        assert [statements(wanted), statements(wanted)] == [3, 2]
        reprice(here, "roll", 50)
        assert statements(wanted) == 2
        round_cash_to(5)
        assert [statements(wanted), statements(wanted)] == [3, 2]
        assert statements(wanted, TEN) in {3, 4}  # the items added later are looked for as well


def test_rules_read_by_a_change_that_was_rolled_back_are_forgotten(here: Shop) -> None:
    class Undone(Exception):
        pass

    def increment() -> int:
        return book_for_sale(variant_ids=[], at=NOON).cash_increment

    def change_and_fail() -> None:
        with unit_of_work():
            tried.append(round_cash_to(100))
            assert increment() == 100
            raise Undone

    tried: list[int] = []
    with tenant_context(here.tenant):
        with pytest.raises(Undone):
            change_and_fail()
        assert increment() == 1
        assert [round_cash_to(5)] == tried
        assert increment() == 5


def test_rules_of_one_merchant_are_never_another_merchants(here: Shop, there: Shop) -> None:
    """Also when two schemas hold a version of the same id, as after a merchant was copied."""
    with tenant_context(here.tenant):
        shared_id = newest().id
        ours = house_rules.house_rules(rules_id=shared_id, revision=newest().revision)
    with tenant_context(there.tenant):
        theirs = house_rules.house_rules(rules_id=shared_id, revision=newest().revision)
    assert {each.id for each in ours.book.tax_classes} & {
        each.id for each in theirs.book.tax_classes
    } == set()


def test_a_process_keeps_so_many_versions_and_no_more(here: Shop) -> None:
    with tenant_context(here.tenant):
        revision = newest().revision
        for _ in range(house_rules.MOST_KEPT + 5):
            house_rules.house_rules(rules_id=new_id(), revision=revision)
    assert len(house_rules._kept._rules) == house_rules.MOST_KEPT


def test_a_merchant_from_before_gets_the_first_book_with_the_first_sale(in_cafe: Any) -> None:
    variant = VariantFactory.create(price_minor=123)
    with pytest.raises(NoPriceBook):
        book_for_sale(variant_ids=[variant.pk], at=NOON)
    found = sale_book(variant_ids=[variant.pk], at=NOON)
    assert price(found, variant) == 123
    ensure_book()
    with unit_of_work():
        lock_catalog()
        publish(touched={("item", variant.item_id)}, cause="test", by=None, at=NOON)
    assert PriceBookVersion.objects.count() == 1
