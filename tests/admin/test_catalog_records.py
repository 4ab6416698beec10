"""Record pages of the catalogue: what is filled in becomes the document, what is refused stands at its cell."""

from typing import Any
from uuid import UUID

import pytest

from fynlo.core.tenancy import tenant_context
from fynlo.events import log
from pos.catalog.documents.reading import read_documents
from pos.catalog.models import (
    CatalogImage,
    Item,
    Menu,
    ModifierGroup,
    PriceList,
    Promotion,
    ServiceCharge,
    Stop,
)
from tests.admin.browsing import Browser, cells, office, typed_sheets
from tests.admin.test_editing import errors_of
from tests.admin.trading import Trade, traded
from tests.pos.catalog.images.test_images import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def trade(cafe: Any) -> Trade:
    return traded(cafe)


@pytest.fixture
def browser(trade: Trade) -> Browser:
    return office(trade.tenant)


def saved(trade: Trade, kind: str, key: UUID) -> Any:
    with tenant_context(trade.tenant):
        return read_documents(kind=kind, ids=[key])[key]


def only(trade: Trade, model: Any, **named: Any) -> Any:
    with tenant_context(trade.tenant):
        return model.objects.get(**named)


def item_path(trade: Trade) -> str:
    return f"/pos/item/{trade.large['pos.item']}/change/"


def test_what_a_page_shows_and_sends_unchanged_changes_nothing(trade: Trade, browser: Browser) -> None:
    with tenant_context(trade.tenant):
        before = log.head()
        paths = [
            f"/{model._meta.label_lower.replace('.', '/')}/{model.objects.get().pk}/change/"
            for model in (Menu, ModifierGroup, PriceList, Promotion, ServiceCharge)
        ]
    for path in (
        *paths,
        item_path(trade),
        "/pos/cataloghead/1/change/",
        f"/pos/taxclass/{trade.taxes}/change/",
    ):
        answer = browser.submit(path)
        assert answer.status_code == 302, errors_of(answer)
    with tenant_context(trade.tenant):
        assert log.head() == before


def test_an_item_gets_everything_that_is_its_own(trade: Trade, browser: Browser) -> None:
    path = item_path(trade)
    group, prices = only(trade, ModifierGroup), only(trade, PriceList)
    axes = [{"name": "Size", "values": "S, M,  XL,a,b,c"}]
    sizes = ["S", "M", "XL", "a", "b", "c"]
    rows = cells(browser.get(path), "variants")
    for row, size in zip(rows, sizes, strict=True):
        row["options"] = [size]
    rows[0]["barcodes"] = [{"code": "4006381333931", "multiplier": "24", "unit": "case"}]
    rows[0]["scheduled_prices"] = [{"starts_at": "2026-12-01T00:00", "price_minor": "4,50"}]
    first = rows[0]["id"]
    effect = {"which": "percent_off", "value": "12.5"}
    answer = browser.submit(
        path,
        kitchen_name="MEN",
        tags="lunch,  vegan",
        allergens=["milk", "eggs"],
        has_open_price="on",
        variants=rows,
        option_axes=axes,
        units=[{"code": "case", "name": "Case", "numerator": "24", "denominator": "1"}],
        modifier_groups=[{"group_id": str(group.pk), "min": "1", "max": ""}],
        list_prices=[
            {"price_list_id": str(prices.pk), "variant_id": first, "min_quantity": "2", "effect": effect}
        ],
    )
    assert answer.status_code == 302, errors_of(answer)
    made = saved(trade, "item", UUID(str(trade.large["pos.item"])))
    assert (made["kitchen_name"], made["tags"], made["allergens"]) == (
        "MEN",
        ["lunch", "vegan"],
        ["eggs", "milk"],
    )
    assert made["has_open_price"] is True
    assert made["option_axes"] == [{"name": "Size", "values": sizes}]
    assert [each["options"] for each in made["variants"]] == [[size] for size in sizes]
    assert made["variants"][0]["barcodes"] == [{"code": "4006381333931", "unit": "case", "multiplier": "24"}]
    assert made["variants"][0]["scheduled_prices"] == [{"starts_at": "2026-12-01T00:00", "price_minor": 450}]
    assert made["units"] == [{"code": "case", "name": "Case", "numerator": 24, "denominator": 1}]
    assert made["modifier_groups"] == [{"group_id": str(group.pk), "min": 1, "max": None}]
    assert made["list_prices"] == [
        {"price_list_id": str(prices.pk), "variant_id": first, "min_quantity": "2", "percent_off": "0.125"}
    ]


def test_a_combo_offers_variants_of_other_items(trade: Trade, browser: Browser) -> None:
    path = item_path(trade)
    choice = {"variant_id": str(trade.one.id), "upcharge_minor": "0.50", "is_default": True}
    answer = browser.submit(path, combo={"slots": [{"id": "", "name": "Drink", "choices": [choice]}]})
    assert answer.status_code == 302, errors_of(answer)
    made = saved(trade, "item", UUID(str(trade.large["pos.item"])))
    slot = made["combo"]["slots"][0]
    assert (slot["name"], slot["choices"]) == ("Drink", [choice | {"upcharge_minor": 50}])
    page = browser.get(path)
    assert "Espresso (ONE)" in page.content.decode()
    own = {"variant_id": str(trade.many[0].id), "upcharge_minor": "0", "is_default": False}
    page = browser.submit(path, combo={"slots": [{"id": slot["id"], "name": "Drink", "choices": [own]}]})
    assert "Choices 1 · Choice: A combo is not a component of itself." in errors_of(page)
    assert browser.submit(path, combo={"slots": []}).status_code == 302
    assert saved(trade, "item", UUID(str(trade.large["pos.item"])))["combo"] is None


def test_a_picture_is_added_and_one_that_is_none_is_refused(trade: Trade, browser: Browser) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    path = item_path(trade)
    page = browser.submit(path, new_image=SimpleUploadedFile("x.png", b"no picture"))
    assert errors_of(page)
    with tenant_context(trade.tenant):
        assert not CatalogImage.objects.exists()
    answer = browser.submit(path, new_image=SimpleUploadedFile("x.png", picture(20, 10)))
    assert answer.status_code == 302, errors_of(answer)
    kept = only(trade, CatalogImage)
    assert saved(trade, "item", UUID(str(trade.large["pos.item"])))["image_ids"] == [str(kept.pk)]
    shown = browser.get(f"/catalog/images/{kept.pk}/")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/webp")
    assert browser.submit(path, image_ids=[]).status_code == 302
    assert saved(trade, "item", UUID(str(trade.large["pos.item"])))["image_ids"] == []


def test_who_saves_an_older_page_is_told_and_undoes_nothing(trade: Trade, browser: Browser) -> None:
    path = item_path(trade)
    opened = browser.get(path).context["adminform"].form.initial["version"]
    assert browser.submit(path, kitchen_name="FIRST").status_code == 302
    page = browser.submit(path, kitchen_name="SECOND", version=opened)
    assert "Somebody else has changed this since you opened it." in errors_of(page)
    assert page.context["adminform"].form["kitchen_name"].value() == "SECOND"
    assert saved(trade, "item", UUID(str(trade.large["pos.item"])))["kitchen_name"] == "FIRST"


def test_a_tax_class_has_rules_by_order_type(trade: Trade, browser: Browser) -> None:
    path = f"/pos/taxclass/{trade.taxes}/change/"
    rules = cells(browser.get(path), "rules")
    away = {
        "components": [
            {"code": "vat", "name": "VAT", "tax": {"which": "rate", "value": "7"}, "compound": False},
            {
                "code": "cup",
                "name": "Cup",
                "tax": {"which": "per_unit_minor", "value": "0.25"},
                "compound": True,
            },
        ],
        "inclusive": True,
        "net_of_contained": False,
        "when": rules[0]["when"] | {"order_types": ["take_away", "delivery"], "exempt": "no"},
    }
    answer = browser.submit(path, rules=[away, *rules])
    assert answer.status_code == 302, errors_of(answer)
    first, last = saved(trade, "tax_class", trade.taxes)["rules"]
    assert first["when"] == {"order_types": ["delivery", "take_away"], "exempt": False}
    assert first["components"] == [
        {"code": "vat", "name": "VAT", "rate": "0.07", "compound": False},
        {"code": "cup", "name": "Cup", "per_unit_minor": 25},
    ]
    assert last["when"] == {}
    page = browser.submit(path, rules=[away])
    assert errors_of(page)
    away["components"][0]["tax"]["value"] = "1900"
    page = browser.submit(path, rules=[away, *rules])
    assert errors_of(page).startswith("1 · Taxes 1")


def test_a_modifier_group_nests_groups_and_prices_by_item(trade: Trade, browser: Browser) -> None:
    group = only(trade, ModifierGroup)
    modifier = {
        "id": "",
        "name": "Syrup",
        "kitchen_name": "SYR",
        "price_minor": "-0.10",
        "default_quantity": "1",
        "max_quantity": "2",
        "is_active": True,
        "prices": [{"item_id": str(trade.small["pos.item"]), "location_id": "", "price_minor": "0.30"}],
        "groups": [{"group_id": str(group.pk), "min": "", "max": "1"}],
    }
    data = {"name": "Extras", "kitchen_name": "", "min": "0", "max": "2"}
    answer = browser.submit("/pos/modifiergroup/add/", **data, modifiers=[modifier])
    assert answer.status_code == 302, errors_of(answer)
    made = saved(trade, "modifier_group", only(trade, ModifierGroup, name="Extras").pk)
    assert (made["min"], made["max"]) == (0, 2)
    only_one = made["modifiers"][0]
    assert (only_one["name"], only_one["price_minor"], only_one["max_quantity"]) == ("Syrup", -10, 2)
    assert only_one["prices"] == [
        {"item_id": str(trade.small["pos.item"]), "location_id": None, "price_minor": 30}
    ]
    assert only_one["groups"] == [{"group_id": str(group.pk), "min": None, "max": 1}]
    modifier |= {"default_quantity": "3"}
    page = browser.submit("/pos/modifiergroup/add/", **(data | {"name": "More"}), modifiers=[modifier])
    assert "1 · Preset: At most 2 of it may be chosen." in errors_of(page)


def test_what_nothing_needs_is_removed_and_what_is_needed_names_by_what(
    trade: Trade, browser: Browser
) -> None:
    group, menu = only(trade, ModifierGroup), only(trade, Menu)
    use = [{"group_id": str(group.pk), "min": "", "max": ""}]
    assert browser.submit(item_path(trade), modifier_groups=use).status_code == 302
    browser.post(f"/pos/modifiergroup/{group.pk}/delete/", {"post": "yes"})
    browser.post(f"/pos/menu/{menu.pk}/delete/", {"post": "yes"})
    with tenant_context(trade.tenant):
        assert (ModifierGroup.objects.count(), Menu.objects.count()) == (1, 0)
    assert browser.submit(item_path(trade), modifier_groups=[]).status_code == 302
    browser.post(f"/pos/modifiergroup/{group.pk}/delete/", {"post": "yes"})
    with tenant_context(trade.tenant):
        assert not ModifierGroup.objects.exists()


def test_the_settings_are_one_document(trade: Trade, browser: Browser) -> None:
    page = browser.submit("/pos/cataloghead/1/change/", rounding_scope="per_order", cash_increment="5")
    assert page.status_code == 302, errors_of(page)
    made = saved(trade, "settings", UUID(int=1))
    assert made["rounding"] == {"scope": "per_order", "mode": "half_up"}
    assert made["cash_increment"] == 5
    assert browser.get("/pos/cataloghead/add/").status_code == 403


def test_something_is_stopped_and_lifted(trade: Trade, browser: Browser) -> None:
    what = {"kind": "variant", "item_id": "", "variant_id": str(trade.many[1].id)}
    page = browser.submit("/pos/stop/add/", what=what, reason="Sold out")
    assert page.status_code == 302, errors_of(page)
    made = only(trade, Stop, reason="Sold out")
    assert (made.variant_id, made.location_id, made.until) == (trade.many[1].id, None, None)
    browser.post("/pos/stop/", {"action": "lift_stops", "_selected_action": str(made.pk)})
    with tenant_context(trade.tenant):
        assert not Stop.objects.filter(reason="Sold out").exists()
        assert log.read_after(log.head() - 1)[0].t == "catalog.stop_lifted"
    page = browser.submit("/pos/stop/add/", what={"kind": "item", "item_id": ""})
    assert "Item: This field is required." in errors_of(page)


def test_a_version_of_the_price_book_tells_what_changed_and_who_did_it(
    trade: Trade, browser: Browser
) -> None:
    from pos.catalog.models import PriceBookVersion

    path = f"/pos/item/{trade.small['pos.item']}/change/"
    rows = cells(browser.get(path), "variants")
    rows[0]["price_minor"] = "2.75"
    assert browser.submit(path, variants=rows).status_code == 302
    with tenant_context(trade.tenant):
        version = PriceBookVersion.objects.order_by("-revision").first()
        assert version is not None
    page = browser.get(f"/pos/pricebookversion/{version.pk}/change/").content.decode()
    assert "variants ONE price_minor" in page
    assert ">240</del> → 275" in page
    assert "Owner 7" in page
    assert version.digest in page


def test_a_reader_sees_the_pages_and_changes_nothing(trade: Trade, browser: Browser) -> None:
    from staff.employees.models import Employee

    with tenant_context(trade.tenant):
        role = Employee.objects.get(number="7").role
        role.permissions = ["admin.access", "catalog.read"]
        role.save()
        before = log.head()
    for model in (Item, Menu, ModifierGroup, PriceList, Promotion, ServiceCharge):
        with tenant_context(trade.tenant):
            row = model.objects.order_by("pk").first()
        assert row is not None
        path = f"/{model._meta.label_lower.replace('.', '/')}/{row.pk}/change/"
        page = browser.get(path)
        assert page.status_code == 200
        assert not typed_sheets(page)
        assert browser.post(path, {"name": "X"}).status_code == 403
    assert browser.get("/quick-keys/").status_code == 403
    with tenant_context(trade.tenant):
        assert log.head() == before


@pytest.mark.parametrize(
    ("kind", "word", "labels"),
    [
        ("category", "every", ["Everything"]),
        ("item", "espr", ["Espresso"]),
        ("variant", "MANY-3", ["Menu, Size 3"]),
        ("modifier_group", "off", ["Offer"]),
        ("price_list", "", ["Offer"]),
        ("location", "main", ["Main"]),
        ("tag", "new", ["new"]),
    ],
)
def test_pickers_find_what_is_meant(
    trade: Trade, browser: Browser, kind: str, word: str, labels: list[str]
) -> None:
    answer = browser.get(f"/catalog/pick/?kind={kind}&q={word}")
    assert [row["label"] for row in answer.json()["results"]][:1] == labels
