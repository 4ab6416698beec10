"""The import wizard: a file is sent, looked at, applied, taken back; nothing happens before it is wanted."""

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events import log
from pos.catalog.documents.reading import read_documents
from pos.catalog.models import CatalogImport, Item, Variant
from pos.catalog.services.documents import save_documents
from pos.importing.progress import follower
from staff.employees.models import Employee
from tests.admin.browsing import Browser, office
from tests.admin.trading import Trade, traded
from tests.pos.catalog.makers import AT, EDITOR

pytestmark = pytest.mark.django_db

NEW = "/pos/catalogimport/new/"
HEAD = "category,item,variant,sku,barcode,price,tax_class,unit\n"
GOOD = (
    f"{HEAD}Everything,Espresso,,ONE,,2.60,standard,each\n"
    "Everything > Tea,Assam,,TEA-1,,3.40,standard,each\n"
    "Everything,Menu,Size 0,MANY-0,PLU0,1.00,standard,each\n"
)
BROKEN = f"{HEAD}Everything,Espresso,,ONE,,=2,standard,each\nEverything,,,X,,1,none,each\n"


@pytest.fixture
def trade(cafe: Any) -> Trade:
    return traded(cafe)


@pytest.fixture
def browser(trade: Trade) -> Browser:
    return office(trade.tenant)


def send(browser: Browser, text: str, name: str = "goods.csv", **said: str) -> str:
    """Send a file; returns the path of the page that it leads to."""
    answer = browser.post(NEW, {"file": SimpleUploadedFile(name, text.encode()), **said})
    assert answer.status_code == 302, answer.context["form"].errors
    return str(answer["Location"]).removeprefix("/admin")


def do(browser: Browser, path: str, step: str, **said: str) -> Any:
    """Press a button of the file's page."""
    answer = browser.post(path.replace("change/", "step/"), {"step": step, **said})
    assert answer.status_code == 302
    return browser.get(str(answer["Location"]).removeprefix("/admin"))


def told(page: Any) -> list[str]:
    return [str(message) for message in page.context["messages"]]


def price(trade: Trade, sku: str) -> int:
    with tenant_context(trade.tenant):
        minor: int = Variant.objects.get(sku=sku).price_minor
        return minor


def test_a_file_is_looked_at_applied_and_taken_back(trade: Trade, browser: Browser) -> None:
    with tenant_context(trade.tenant):
        before, items = log.head(), read_documents(kind="item")
    path = send(browser, GOOD)
    page = browser.get(path)
    assert [count for _, _, count in page.context["tiles"]] == [0, 1, 1, 1]
    assert page.context["outcome"] == "created"
    changed = browser.get(f"{path}?outcome=changed")
    assert [row["key"] for row in changed.context["rows"]] == ["ONE"]
    assert changed.context["rows"][0]["changes"] == [{"column": "price", "before": "2.40", "after": "2.60"}]
    assert "New categories: Everything &gt; Tea" in changed.content.decode()
    assert price(trade, "ONE") == 240
    with tenant_context(trade.tenant):
        assert log.head() == before
    assert told(do(browser, path, "apply")) == ["Imported: 1 new, 1 changed."]
    assert (price(trade, "ONE"), price(trade, "TEA-1")) == (260, 340)
    assert told(do(browser, path, "revert")) == ["Taken back: 3 entries are as they were."]
    with tenant_context(trade.tenant):
        assert read_documents(kind="item") == items
        assert CatalogImport.objects.get(file_name="goods.csv").state == "reverted"


def test_everything_wrong_is_shown_and_downloaded_and_nothing_can_be_applied(
    trade: Trade, browser: Browser
) -> None:
    path = send(browser, BROKEN)
    page = browser.get(path)
    assert page.context["outcome"] == "problem"
    assert [(row["line"], row["column"]) for row in page.context["rows"]] == [
        (2, "price"),
        (3, "item"),
        (3, "tax_class"),
    ]
    assert 'value="apply"' not in page.content.decode()
    file = browser.get(path.replace("change/", "problems.csv"))
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "sheet,line,column,reason,given"
    assert lines[1].startswith(",2,price,")
    assert lines[1].endswith(",'=2")
    assert len(lines) == 4
    assert 'filename="problems.csv"' in file["Content-Disposition"]
    [sentence] = told(do(browser, path, "apply"))
    assert sentence.startswith("3 problems in the file; nothing was imported.")
    assert price(trade, "ONE") == 240


def test_a_file_is_discarded(trade: Trade, browser: Browser) -> None:
    path = send(browser, GOOD)
    page = do(browser, path, "discard")
    assert told(page) == ["The file is discarded."]
    assert 'value="apply"' not in page.content.decode()
    [sentence] = told(do(browser, path, "apply"))
    assert "not possible while 'discarded'" in sentence
    assert price(trade, "ONE") == 240


def test_what_was_changed_since_is_taken_back_only_when_that_is_meant(trade: Trade, browser: Browser) -> None:
    path = send(browser, GOOD)
    do(browser, path, "apply")
    with tenant_context(trade.tenant):
        espresso = Item.objects.get(name="Espresso").pk
        document = read_documents(kind="item", ids=[espresso])[espresso]
        document["variants"][0]["price_minor"] = 300
        save_documents(documents=[("item", document)], actor=EDITOR, at=AT, cause="by hand")
    page = do(browser, path, "revert")
    assert told(page) == ["Something else changed since: item Espresso."]
    assert "Take it back in spite of later changes" in page.content.decode()
    assert price(trade, "ONE") == 300
    do(browser, path, "revert", force="1")
    assert price(trade, "ONE") == 240


def test_a_file_that_would_now_do_something_else_is_looked_at_again(trade: Trade, browser: Browser) -> None:
    first, second = send(browser, GOOD), send(browser, GOOD)
    do(browser, first, "apply")
    page = do(browser, second, "apply")
    assert told(page) == ["The catalogue changed meanwhile. Look at the rows again, then apply."]
    assert [count for _, _, count in page.context["tiles"]] == [0, 0, 0, 3]


def test_while_a_file_is_worked_on_the_page_says_how_far_it_is(trade: Trade, browser: Browser) -> None:
    path = send(browser, GOOD)
    with tenant_context(trade.tenant):
        key = CatalogImport.objects.get(file_name="goods.csv").pk
        follower(key)("checked", 3, 3)
    assert browser.get(path.replace("change/", "progress/")).json() == {
        "is_busy": True,
        "phase": "Checked as a whole",
        "share": 50,
    }
    page = browser.get(path).content.decode()
    assert "Checked as a whole" in page
    assert 'value="apply"' not in page


def test_the_form_says_how_a_file_is_read(trade: Trade, browser: Browser) -> None:
    text = GOOD.replace("2.60", '"2,60"').replace("3.40", '"3,40"').replace("1.00", '"1,00"')
    path = send(browser, text, decimal=",", delimiter=",", encoding="utf-8", sheet="items", location="main")
    assert [count for _, _, count in browser.get(path).context["tiles"]] == [0, 1, 1, 1]


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"file": ""},
        {"file": SimpleUploadedFile("x.csv", b"")},
        {"file": SimpleUploadedFile("x.csv", b"a\n"), "sheet": "nothing"},
        {"file": SimpleUploadedFile("x.csv", b"a\n"), "decimal": "x"},
        {"file": SimpleUploadedFile("x.csv", b"a\n"), "location": "elsewhere"},
    ],
    ids=["nothing", "no file", "empty file", "unknown sheet", "unknown decimals", "unknown location"],
)
def test_what_cannot_be_sent_is_told(trade: Trade, browser: Browser, said: dict[str, Any]) -> None:
    answer = browser.post(NEW, said)
    assert answer.status_code == 200
    assert answer.context["form"].errors


@pytest.mark.parametrize("content", [b"\x00\xff\xfe", b"PK\x03\x04broken", b"a;b\n1;2\n", b"\n" * 50])
def test_a_file_that_is_none_is_told_and_is_no_error(trade: Trade, browser: Browser, content: bytes) -> None:
    answer = browser.post(NEW, {"file": SimpleUploadedFile("x.xlsx", content)})
    page = browser.get(str(answer["Location"]).removeprefix("/admin"))
    assert page.context["outcome"] == "problem"


def test_the_catalogue_is_exported_and_imports_without_a_change(trade: Trade, browser: Browser) -> None:
    whole = browser.get("/pos/catalogimport/export/?format=csv")
    assert 'filename="catalogue.zip"' in whole["Content-Disposition"]
    assert "items.csv" in zipfile.ZipFile(io.BytesIO(whole.content)).namelist()
    book = browser.get("/pos/catalogimport/export/?format=xlsx")
    assert 'filename="catalogue.xlsx"' in book["Content-Disposition"]
    items = browser.get("/pos/catalogimport/export/?format=csv&sheet=items")
    path = send(browser, items.content.decode("utf-8-sig"))
    assert [count for _, _, count in browser.get(path).context["tiles"]] == [0, 0, 0, 7]
    for query in ("format=pdf", "sheet=nothing", "format=csv&sheet=%00"):
        assert browser.get(f"/pos/catalogimport/export/?{query}").status_code in (400, 404)


@pytest.mark.parametrize("query", ["page=-1", "page=x", "page=99999999999", "outcome=all"])
def test_a_page_of_rows_that_cannot_be_is_not_found(trade: Trade, browser: Browser, query: str) -> None:
    assert browser.get(f"{send(browser, GOOD)}?{query}").status_code == 404


def test_rows_come_in_pages(trade: Trade, browser: Browser) -> None:
    rows = "".join(f"Everything,New {number},,N-{number},,1,standard,each\n" for number in range(501))
    path = send(browser, HEAD + rows)
    first = browser.get(f"{path}?outcome=created")
    assert (len(first.context["rows"]), first.context["next_page"]) == (500, 1)
    second = browser.get(f"{path}?outcome=created&page=1")
    assert (len(second.context["rows"]), second.context["next_page"]) == (1, None)
    assert second.context["rows"][0]["key"] == "N-500"


def test_steps_want_a_button_and_a_file_of_ones_own(trade: Trade, grocer: Any, browser: Browser) -> None:
    path = send(browser, GOOD)
    step = path.replace("change/", "step/")
    assert browser.get(step).status_code == 405
    assert browser.post(step, {"step": "explode"}).status_code == 302
    assert browser.post(f"/pos/catalogimport/{new_id()}/step/", {"step": "apply"}).status_code == 404
    other = office(grocer)
    assert other.post(step, {"step": "apply"}).status_code == 404
    assert other.get(path.replace("change/", "progress/")).status_code == 404
    assert other.get(path.replace("change/", "problems.csv")).status_code == 404
    assert "goods.csv" not in other.get("/pos/catalogimport/").content.decode()
    assert price(trade, "ONE") == 240


def test_who_may_not_change_the_catalogue_sees_none_of_it(trade: Trade, browser: Browser) -> None:
    path = send(browser, GOOD)
    with tenant_context(trade.tenant):
        role = Employee.objects.get(number="7").role
        role.permissions = ["admin.access", "catalog.read"]
        role.save()
    places = (
        path,
        NEW,
        "/pos/catalogimport/",
        "/pos/catalogimport/export/",
        path.replace("change/", "progress/"),
    )
    assert [browser.get(place).status_code for place in places] == [403] * len(places)
    assert browser.post(path.replace("change/", "step/"), {"step": "apply"}).status_code == 403
    assert price(trade, "ONE") == 240


def test_a_page_costs_the_same_whatever_the_file(trade: Trade, browser: Browser) -> None:
    def statements(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(path).status_code == 200
        return len(captured)

    rows = "".join(f"Everything,New {number},,N-{number},,1,standard,each\n" for number in range(60))
    small, large = send(browser, GOOD), send(browser, HEAD + rows)
    statements(small)
    assert statements(small) == statements(large)
