"""Labels in the back office: articles, printer and paper are chosen, the file comes back."""

from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from pos.catalog.models import Variant
from tests.admin.browsing import Browser, office
from tests.admin.trading import Trade, traded
from tests.pos.labels.pages import reader_of

pytestmark = pytest.mark.django_db

PATH = "/pos/labels/"


@pytest.fixture
def trade(cafe: Any) -> Trade:
    """A café with a catalogue."""
    return traded(cafe)


@pytest.fixture
def browser(trade: Trade) -> Browser:
    """Somebody in its office."""
    return office(trade.tenant)


def sent(trade: Trade, copies: str = "2", **said: Any) -> dict[str, Any]:
    """The form as a browser sends it, with labels of one article."""
    with tenant_context(trade.tenant):
        variant = Variant.objects.filter(is_active=True).order_by("sku").first()
    known = {
        "output": "pdf",
        "format": "L7160",
        "start": "1",
        "paper": "80",
        "resolution": "203",
        "symbol": "auto",
        "fields_": ["name", "price", "sku"],
        f"copies-{variant.pk}": copies,
    }
    return {**known, **said}


def test_the_page_lists_what_is_sold_and_is_in_the_menu(browser: Browser) -> None:
    page = browser.get(PATH)
    assert page.status_code == 200
    assert page.context["rows"]
    assert all(f'name="copies-{row["id"]}"' in page.content.decode() for row in page.context["rows"])
    assert 'href="/admin/pos/labels/"' in browser.get("/").content.decode()


def test_searching_finds_an_article_and_nothing(browser: Browser) -> None:
    name = browser.get(PATH).context["rows"][0]["name"]
    assert name in [row["name"] for row in browser.get(f"{PATH}?q={name}").context["rows"]]
    assert browser.get(f"{PATH}?q=zzzzzzzzqqq").context["rows"] == []
    assert browser.get(f"{PATH}?category=nonsense").status_code == 200


@pytest.mark.parametrize(
    ("said", "media_type"),
    [
        ({}, "application/pdf"),
        ({"output": "zpl", "format": "50x25"}, "text/plain; charset=utf-8"),
        ({"output": "escpos"}, "application/octet-stream"),
    ],
    ids=["pdf", "zpl", "escpos"],
)
def test_labels_are_downloaded(trade: Trade, browser: Browser, said: dict[str, Any], media_type: str) -> None:
    answer = browser.post(PATH, sent(trade, **said))
    assert (answer.status_code, answer["Content-Type"]) == (200, media_type)
    assert answer["Content-Disposition"].startswith("attachment;")
    if not said:
        assert len(reader_of(answer.content).pages) == 1


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ({"start": "22"}, "This sheet has places 1 to 21."),
        ({"output": "zpl"}, "ZPL prints on rolls; this is a sheet."),
        ({"copies": "0"}, "Say how many labels"),
        ({"copies": "-1"}, "Say how many labels"),
        ({"copies": "2001"}, "At most 2000 labels"),
        ({"format": "<b>"}, "Choose one of these."),
        ({"symbol": "gs1_128", "fields_": ["barcode"]}, "barcode"),
    ],
    ids=["start", "roll", "none", "negative", "many", "format", "symbol"],
)
def test_what_cannot_be_printed_is_said_on_the_page(
    trade: Trade, browser: Browser, said: dict[str, Any], text: str
) -> None:
    page = browser.post(PATH, sent(trade, **said))
    assert page["Content-Type"].startswith("text/html")
    assert text in page.content.decode()
