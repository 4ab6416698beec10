"""What a sale reads in one statement is what the rooms answer when each is asked by itself."""

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.ledger.models import Account
from payments.ledger.services import resolve_accounts
from payments.tenders.models import TenderType
from payments.tenders.queries import tender_terms
from payments.tenders.rules import TenderRules
from pos.catalog.models import Stop
from pos.catalog.queries.book import book_for_sale
from pos.catalog.queries.stops import stopped_variants
from pos.inventory.queries.needs import stock_needs
from pos.orders.queries.terms import SaleTerms, sale_terms
from pos.registers.queries import register_place
from tests.factories import Shop, published
from tests.pos.inventory.recipes.kitchens import kitchen

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def asked(here: Shop, *names: str, **changes: Any) -> dict[str, Any]:
    question: dict[str, Any] = {
        "register_id": here.register.id,
        "at": AT,
        "price_book": None,
        "variant_ids": {here.variants[name].id for name in names},
        "modifier_ids": set(),
        "tender_types": {"cash"},
    }
    return question | changes


def terms(here: Shop, *names: str, **changes: Any) -> SaleTerms:
    with tenant_context(here.tenant):
        found = sale_terms(**asked(here, *names, **changes))
    assert found is not None
    return found


def test_place_ways_to_pay_and_price_book_are_as_their_rooms_tell_them(here: Shop) -> None:
    found = terms(here, "roll", "cheese", tender_types={"cash", "barter"})
    with tenant_context(here.tenant):
        assert found.place == register_place(register_id=here.register.id)
        assert found.tenders == tender_terms(codes=["cash"])
        keys = {here.variants["roll"].id, here.variants["cheese"].id}
        assert found.book == book_for_sale(variant_ids=keys, at=AT)
    assert found.is_training is False


def test_the_version_the_till_sold_from_decides(here: Shop) -> None:
    old = terms(here, "roll").book
    with tenant_context(here.tenant):
        here.variants["roll"].price_minor = 55
        here.variants["roll"].save()
        published()
    assert old is not None
    again = terms(here, "roll", price_book=old.version_id).book
    newest = terms(here, "roll").book
    assert again == dataclasses.replace(old, is_superseded=True)
    assert newest is not None
    assert newest.revision == old.revision + 1
    with tenant_context(here.tenant):
        keys = {here.variants["roll"].id}
        assert newest == book_for_sale(variant_ids=keys, at=AT)


def test_of_a_variant_no_version_has_there_is_more_to_ask(here: Shop) -> None:
    assert terms(here, "roll", variant_ids={here.variants["roll"].id, new_id()}).book is None


def test_a_merchant_whose_catalogue_was_never_published_is_asked_again(cafe: Any) -> None:
    from tests.factories.shop import shop

    here = shop(cafe, has_book=False)
    assert terms(here, "roll").book is None


def test_what_has_run_out_here(here: Shop) -> None:
    with tenant_context(here.tenant):
        Stop.objects.create(variant=here.variants["roll"], location=here.location, at=AT)
        Stop.objects.create(item=here.variants["cheese"].item, at=AT, until=AT + dt.timedelta(hours=1))
        keys = {here.variants[name].id for name in ("roll", "cheese", "book")}
    counts = []
    for at in (AT - dt.timedelta(seconds=1), AT, AT + dt.timedelta(hours=1)):
        with tenant_context(here.tenant):
            expected = stopped_variants(variant_ids=keys, location_id=here.location.id, at=at)
        assert terms(here, "roll", "cheese", "book", at=at).stopped == expected
        counts.append(len(expected))
    assert counts == [0, 2, 1]


def test_stock_is_kept_as_recipes_say(here: Shop) -> None:
    bistro = kitchen(here)
    assert bistro.write("burger", bistro.line("bun", "1"), bistro.line("beef", "0.333")).status_code == 200
    keys = {bistro.goods["burger"].id, here.variants["roll"].id}
    with tenant_context(here.tenant):
        now = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)
        expected = stock_needs(variant_ids=keys, modifier_ids=set(), at=now)
    assert expected.recipes.by_owner
    assert terms(here, variant_ids=keys, at=now).needs == expected


def test_accounts_are_those_of_the_chart(here: Shop) -> None:
    keys = ["cash", "receivable", "sales:food", "tax:vat@0.19", "tips"]
    with tenant_context(here.tenant):
        expected = resolve_accounts(keys)
        tips = Account.objects.get(code="tips")
        tips.posting_keys = ["tax@0.19"]
        tips.save()
        changed = resolve_accounts(keys)
    assert changed == {**expected, "tax:vat@0.19": tips.id}
    found = terms(here, "roll")
    assert found.accounts(keys) == changed
    assert found.accounts(["sales:nothing-like-it"]) == {}


def test_no_terms_at_a_register_that_is_not_there(here: Shop) -> None:
    with tenant_context(here.tenant):
        assert sale_terms(**asked(here, "roll", register_id=new_id())) is None


def test_the_rules_of_a_way_to_pay_are_told_where_there_are_any(here: Shop) -> None:
    with tenant_context(here.tenant):
        TenderType.objects.filter(code="cash").update(
            smallest_minor=100, over="tip", is_partial=False, foreign_currency="USD", foreign_rate="0.91"
        )
    found = terms(here, "roll", tender_types={"cash"})
    with tenant_context(here.tenant):
        assert found.tenders == tender_terms(codes=["cash"])
    assert found.tenders["cash"].rules == TenderRules(
        smallest_minor=100,
        over="tip",
        is_partial=False,
        foreign_currency="USD",
        foreign_rate=Decimal("0.91000000"),
    )
