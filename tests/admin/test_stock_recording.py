"""Recording by hand in the back office, and taking it back."""

from decimal import Decimal
from typing import Any

import pytest

from fynlo.core import clock
from fynlo.core.actors import Actor
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.inventory.models import Reservation, StockLevel, StockMovement, StockProduction, StockWaste
from pos.inventory.services.production_checks import IngredientUsed, ProductionDraft
from pos.inventory.services.productions import produce
from tests.admin.browsing import Browser, office
from tests.admin.trading import traded
from tests.factories import Shop, shop
from tests.pos.inventory.costing.stock import move, settled

pytestmark = pytest.mark.django_db

PATH = "/pos/stock-record/"
COOK = Actor(kind="employee", id=None, name="Cook", permissions=frozenset({"stock.move"}))


@pytest.fixture
def here(cafe: Any) -> Shop:
    """Ten rolls that cost 12.34."""
    made = shop(cafe)
    with tenant_context(cafe):
        move(made, "purchase", "10", value="1234", at=1)
        settled(made, "roll")
    return made


@pytest.fixture
def browser(here: Shop) -> Browser:
    return office(here.tenant, "manager", number="71")


def say(browser: Browser, here: Shop, what: str, **said: Any) -> Any:
    """Fill in the page and send it."""
    form = browser.get(f"{PATH}?what={what}").context["form"]
    body = {"key": str(form.initial["key"]), "location": str(here.location.id), "sku": "roll", "unit": ""}
    return browser.post(f"{PATH}?what={what}", {**body, **said})


def level(here: Shop) -> tuple[Decimal, Decimal]:
    """How many rolls there are, and what they are worth."""
    with tenant_context(here.tenant):
        found = StockLevel.objects.get(variant=here.variants["roll"], location=here.location)
        return found.on_hand, found.value_minor


@pytest.mark.parametrize(
    ("how", "quantity", "cost", "there"),
    [
        ("more", "2", "1.50", (Decimal(12), Decimal(1534))),
        ("less", "5", "", (Decimal(5), Decimal(617))),
        ("set", "4", "", (Decimal(4), Decimal("493.6"))),
    ],
)
def test_more_less_and_what_is_there(
    browser: Browser, here: Shop, how: str, quantity: str, cost: str, there: tuple[Decimal, Decimal]
) -> None:
    said = {"how": how, "quantity": quantity, "unit_cost": cost, "reason_code": "correction", "lot": ""}
    assert say(browser, here, "adjustment", **said).status_code == 302
    assert level(here) == there


def test_the_same_page_sent_twice_adjusts_once_and_says_who(browser: Browser, here: Shop) -> None:
    body = {
        "key": str(new_id()),
        "location": str(here.location.id),
        "sku": "ROLL",
        "how": "more",
        "quantity": "1",
        "reason_code": "found",
    }
    assert browser.post(PATH, body).status_code == 302
    assert "Manager 71 did this at" in browser.post(PATH, body).content.decode()
    assert level(here)[0] == 11


def test_an_adjustment_is_taken_back_from_the_movements(browser: Browser, here: Shop) -> None:
    say(browser, here, "adjustment", how="less", quantity="5", reason_code="lost")
    with tenant_context(here.tenant):
        moved = StockMovement.objects.get(kind="adjustment")
    page = browser.get("/pos/stockmovement/").content.decode()
    assert "Manager 71" in page
    for sentence in ("An adjustment was taken back.", "Manager 71 did this at"):
        browser.post("/pos/stockmovement/", {"action": "take_back", "_selected_action": str(moved.pk)})
        assert sentence in browser.get("/pos/stockmovement/").content.decode()
    assert level(here) == (Decimal(10), Decimal(1234))


def test_waste_is_recorded_and_taken_back(browser: Browser, here: Shop) -> None:
    answer = say(browser, here, "waste", quantity="3", reason_code="expired", note="Hard as stone")
    assert answer.status_code == 302
    assert level(here)[0] == 7
    with tenant_context(here.tenant):
        waste = StockWaste.objects.get()
        assert (waste.reason_code, waste.note) == ("expired", "Hard as stone")
    browser.post("/pos/stockwaste/", {"action": "take_back", "_selected_action": str(waste.pk)})
    assert level(here) == (Decimal(10), Decimal(1234))


def test_a_batch_without_a_recipe_is_refused_and_one_is_taken_back(browser: Browser, here: Shop) -> None:
    answer = say(browser, here, "batch", sku="CHEESE", quantity="1")
    assert answer.status_code == 200
    assert answer.context["form"].errors
    with tenant_context(here.tenant):
        draft = ProductionDraft(
            variant_id=here.variants["cheese"].id,
            location_id=here.location.id,
            quantity=Decimal(1),
            ingredients=(IngredientUsed(variant_id=here.variants["roll"].id, quantity=Decimal(4)),),
        )
        produce(draft=draft, actor=COOK, at=clock.now())
        batch = StockProduction.objects.get()
    assert level(here)[0] == 6
    browser.post("/pos/stockproduction/", {"action": "take_back", "_selected_action": str(batch.pk)})
    assert level(here)[0] == 10


@pytest.mark.parametrize(
    ("what", "said", "field"),
    [
        ("adjustment", {"quantity": "NaN"}, "quantity"),
        ("adjustment", {"quantity": "-1"}, "quantity"),
        ("adjustment", {"sku": "NOTHING"}, "sku"),
        ("adjustment", {"unit": "furlong"}, "unit"),
        ("adjustment", {"unit_cost": "NaN"}, "unit_cost"),
        ("adjustment", {"lot": "L-1"}, "lot"),
        ("waste", {"location": str(new_id())}, "location"),
        ("waste", {"reason_code": "mood"}, "reason_code"),
        ("batch", {"quantity": ""}, "quantity"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else value,
)
def test_what_cannot_be_is_told_at_its_field(
    browser: Browser, here: Shop, what: str, said: dict[str, str], field: str
) -> None:
    body = {"quantity": "1", "how": "more", "reason_code": "expired" if what == "waste" else "found"}
    answer = say(browser, here, what, **{**body, **said})
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert level(here)[0] == 10


def test_there_is_no_other_kind_and_a_cashier_records_nothing(
    browser: Browser, here: Shop, grocer: Any
) -> None:
    assert browser.get(f"{PATH}?what=magic").status_code == 404
    stranger = office(grocer)
    body = {"key": str(new_id()), "location": str(here.location.id), "sku": "ROLL", "quantity": "1"}
    answer = stranger.post(PATH, body | {"how": "more", "reason_code": "found"})
    assert set(answer.context["form"].errors) == {"location", "sku"}


def test_a_reservation_is_let_go_once(cafe: Any) -> None:
    trade = traded(cafe)
    browser = office(trade.tenant)
    with tenant_context(trade.tenant):
        kept = Reservation.objects.filter(state="active").order_by("pk")[0]
    for sentence in ("The goods are available again.", "ended this at"):
        browser.post("/pos/reservation/", {"action": "release", "_selected_action": str(kept.pk)})
        assert sentence in browser.get("/pos/reservation/").content.decode()
    with tenant_context(trade.tenant):
        kept.refresh_from_db()
        assert kept.state == "released"
