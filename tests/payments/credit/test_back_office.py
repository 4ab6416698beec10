"""Gift cards in the back office: told in words, printed with their code by whoever may."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.credit import tasks
from payments.credit.models import StoredValue
from staff.employees.models import Employee
from tests.admin.browsing import office
from tests.factories import Shop, shop
from tests.payments.credit.cards import CODE, bought, by_card, card, ways_to_pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(cafe: Any) -> Shop:
    made = shop(cafe)
    with tenant_context(cafe):
        ways_to_pay()
    return made


def said(page: Any) -> str:
    """What people read on it."""
    text = re.sub(r"<script.*?</script>|<style.*?</style>", "", page.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def spent(here: Shop) -> StoredValue:
    """A card of 20.00 of which two cappuccinos were paid."""
    with tenant_context(here.tenant):
        gift = card(2000, holder="Ms Sommer")
        bought(here, by_card(760, gift.pk))
    return gift


def test_a_card_and_its_statement_are_told_in_words(here: Shop) -> None:
    gift, browser = spent(here), office(here.tenant)
    listed = said(browser.get("/payments/storedvalue/"))
    for word in ("•••• ABCD", "Gift card", "Active", "12.40 EUR", "Ms Sommer"):
        assert word in listed
    shown = said(browser.get(f"/payments/storedvalue/{gift.pk}/change/"))
    for word in ("Activated", "20.00 EUR", "Paid with it", "-7.60 EUR", "A payment", "Somebody asked"):
        assert word in shown
    assert not re.search(r"\b(activate|gift_card|request)\b", shown)
    assert CODE not in shown


def test_its_slip_is_looked_at_and_kept(here: Shop) -> None:
    gift, browser = spent(here), office(here.tenant)
    path = f"/payments/storedvalue/{gift.pk}/paper/"
    assert f"/admin{path}" in browser.get(f"/payments/storedvalue/{gift.pk}/change/").content.decode()
    assert "Gift card slip *ABCD" in browser.get(path).content.decode()
    assert "12.40" in browser.get(f"{path}?format=text").content.decode()
    assert browser.get(f"{path}?format=pdf").content.startswith(b"%PDF")
    assert browser.get("/payments/storedvalue/01a206d2-32b6-76da-bea8-50aee6d19f24/paper/").status_code == 302


def test_a_card_is_printed_by_whoever_may(here: Shop) -> None:
    with tenant_context(here.tenant):
        own, other = card(1000, code=None), card(1000)
    owner = office(here.tenant)
    made = owner.post(f"/payments/storedvalue/{own.pk}/paper/", {})
    assert made.content.startswith(b"%PDF")
    assert "no-store" in made["Cache-Control"]
    path = f"/payments/storedvalue/{other.pk}/paper/"
    assert "is not known here" in said(owner.post(path, {}))
    assert "the code of another card" in said(owner.post(path, {"code": "GIFT-0002-ABCD"}))
    assert "6 to 40 letters and digits" in said(owner.post(path, {"code": "?"}))
    assert owner.post(path, {"code": CODE}).content.startswith(b"%PDF")


def test_a_card_is_blocked_freed_corrected_and_closed_with_a_reason(here: Shop) -> None:
    gift, browser = spent(here), office(here.tenant)
    card_page = f"/payments/storedvalue/{gift.pk}/change/"
    path = f"/payments/storedvalue/{gift.pk}/act/"
    assert "Block, correct or close" in said(browser.get(card_page))

    def do(what: str, **more: str) -> Any:
        """Press a button twice with what the page was made with; the page it leads to."""
        form = {"id": str(browser.get(path).context["new_id"]), "do": what, "reason": f"To {what}", **more}
        answers = [browser.post(path, form) for _ in range(2)]
        assert [each.status_code for each in answers] == [302, 302], said(answers[0])
        return said(browser.get(card_page))

    assert "Blocked 0.00 EUR 12.40 EUR" in do("block")
    assert "Why it can be used again" in said(browser.get(path))
    assert "Freed" in do("unblock")
    assert "Corrected: more 5.00 EUR 17.40 EUR" in do("more", amount="5.00")
    assert "Corrected: less -2.40 EUR 15.00 EUR" in do("less", amount="2.40")
    told = do("deactivate")
    assert "Closed -15.00 EUR 0.00 EUR" in told
    assert told.count("To deactivate") == 1
    assert "nothing can be done to it any more" in said(browser.get(path))
    with tenant_context(here.tenant):
        assert StoredValue.objects.get().state == "closed"


def test_what_cannot_be_done_to_a_card_is_said_and_not_done(here: Shop) -> None:
    gift, browser = spent(here), office(here.tenant)
    path = f"/payments/storedvalue/{gift.pk}/act/"
    key = {"id": str(new_id())}
    for form, told in (
        ({"do": "block", "reason": " "}, "Reason: This field is required."),
        ({"do": "less", "reason": "Typed wrong"}, "Amount: This field is required."),
        (
            {"do": "less", "reason": "Typed wrong", "amount": "12.41"},
            "12.40 EUR is left on the card •••• ABCD.",
        ),
        ({"do": "more", "reason": "Typed wrong", "amount": "0"}, "An amount is above zero."),
        ({"do": "unblock", "reason": "Found"}, "The card •••• ABCD is active."),
        ({"do": "burn", "reason": "Found"}, "Do: Select a valid choice."),
    ):
        answer = browser.post(path, {**key, **form})
        assert (answer.status_code, told in said(answer)) == (200, True), said(answer)
    assert browser.get(f"/payments/storedvalue/{new_id()}/act/").status_code == 404
    with tenant_context(here.tenant):
        assert StoredValue.objects.get().balance_minor == 1240
        assert StoredValue.objects.get().state == "active"
        role = Employee.objects.get(number="7").role
        role.permissions = [each for each in role.permissions if each != "gift_cards.manage"]
        role.save()
    assert browser.get(path).status_code == 403
    assert browser.post(path, {**key, "do": "block", "reason": "Lost"}).status_code == 403
    assert "correct or close" not in said(browser.get(f"/payments/storedvalue/{gift.pk}/change/"))


NEW = "/payments/valueimport/new/"
OLD = "Card number;Saldo;Valid until;PIN\nSECRET-4711;12,50;31.12.2030;482615\nSECRET-4712;7;;\n"


def send(browser: Any, text: str) -> str:
    """Send a file of cards; returns the path of the page that it leads to."""
    answer = browser.post(NEW, {"file": SimpleUploadedFile("old.csv", text.encode()), "name": "Old till"})
    assert answer.status_code == 302, answer.context["form"].errors
    return str(answer["Location"]).removeprefix("/admin")


def press(browser: Any, path: str, step: str) -> Any:
    """Press a button of the file's page; the page it leads to."""
    answer = browser.post(path.replace("file/", "step/"), {"step": step})
    assert answer.status_code == 302
    return browser.get(str(answer["Location"]).removeprefix("/admin"))


def test_a_file_of_cards_is_looked_at_then_imported_and_its_codes_are_on_no_page(here: Shop) -> None:
    browser = office(here.tenant)
    assert "payments/valueimport/send" in browser.get("/payments/valueimport/").content.decode()
    path = send(browser, OLD)
    looked = browser.get(path)
    assert dict(looked.context["tiles"]) == {
        "Cards": 2,
        "On them": "19.50 EUR",
        "With a PIN": 1,
        "Expired already": 0,
        "Problems": 0,
    }
    assert "•••• 4711 12.50 EUR 2030-12-31" in said(looked)
    with tenant_context(here.tenant):
        assert StoredValue.objects.count() == 0
    done = press(browser, path, "import")
    assert "Imported: 2 cards with 19.50 EUR on them." in said(done)
    again = browser.post(NEW, {"file": SimpleUploadedFile("old.csv", OLD.encode())})
    told = browser.get(str(again["Location"]).removeprefix("/admin"))
    assert told.status_code == 302  # on to the import
    told = browser.get(str(told["Location"]).removeprefix("/admin"))
    assert "This very file was imported already; nothing was changed." in said(told)
    with tenant_context(here.tenant):
        assert sorted(StoredValue.objects.values_list("balance_minor", flat=True)) == [700, 1250]
    for shown in (looked, done, told):
        assert not any(word in shown.content for word in (b"SECRET", b"482615"))


def test_what_is_wrong_with_a_file_of_cards_names_row_and_column(here: Shop) -> None:
    browser = office(here.tenant)
    path = send(browser, "code,balance\nSECRET-4711,x\nS,1\n")
    shown = browser.get(path)
    assert "2 problems; nothing can be imported." in said(shown)
    assert "2 balance not a number" in said(shown)
    assert "3 code a code has 6 to 40 letters and digits" in said(shown)
    assert (shown.context["may_import"], b"SECRET" in shown.content) == (False, False)
    refused = press(browser, path, "import")
    assert "Nothing was imported: 2 problems were found." in said(refused)
    press(browser, path, "discard")
    assert browser.get(path).status_code == 404
    unread = browser.post(NEW, {"file": SimpleUploadedFile("old.csv", b"SECRET-4711,5\n")})
    assert (unread.status_code, "names no known column" in said(unread)) == (200, True)
    assert b"SECRET" not in unread.content


def test_a_file_with_many_pins_is_imported_in_the_background(
    here: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = office(here.tenant)
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(tasks.import_gift_cards, "apply_async", lambda **said: sent.append(said))
    rows = "".join(f"SECRET-{number:04d},1,{number:04d}\n" for number in range(21))
    path = send(browser, f"code,balance,pin\n{rows}")
    busy = press(browser, path, "import")
    assert (busy.context["is_busy"], sent[0]["queue"], "SECRET" in str(sent)) == (True, "celery", False)
    assert "Somebody imports this file at this moment." in said(press(browser, path, "import"))
    far = browser.get(path.replace("file/", "progress/")).json()
    assert far == {"is_busy": True, "share": 0, "failure": ""}
    header = {"tenant_schema": here.tenant.schema_name}
    assert tasks.import_gift_cards.apply(kwargs=sent[0]["kwargs"], headers=header).get() == 21
    assert browser.get(path.replace("file/", "progress/")).json()["is_busy"] is False
    assert "Old till" in said(browser.get(browser.get(path)["Location"].removeprefix("/admin")))
    with tenant_context(here.tenant):
        assert StoredValue.objects.exclude(pin_hash="").count() == 21


def test_who_may_not_manage_gift_cards_imports_none(here: Shop) -> None:
    path = send(office(here.tenant), OLD)
    browser = office(here.tenant, "manager", number="8")
    with tenant_context(here.tenant):
        role = Employee.objects.get(number="8").role
        role.permissions = [each for each in role.permissions if each != "gift_cards.manage"]
        role.save()
    for page in (NEW, path, path.replace("file/", "progress/")):
        assert browser.get(page).status_code == 403, page
    assert browser.post(path.replace("file/", "step/"), {"step": "import"}).status_code == 403
    assert "valueimport/send" not in browser.get("/payments/valueimport/").content.decode()
