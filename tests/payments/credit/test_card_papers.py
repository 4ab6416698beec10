"""Gift cards on paper: the slip of what happened to one, and the card itself with its code."""

from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.labels.symbols.choosing import QR, Code, dots_of
from pos.receipts.renderers.label_set import Labels
from pos.receipts.renderers.labels import LANGUAGES
from pos.receipts.serializers.outputs import SheetOutput
from pos.receipts.serializers.vouchers import VoucherOutput
from tests.factories import Shop, TillClient, paired_till, shop, signed_in
from tests.payments.credit.cards import card, ways_to_pay
from tests.payments.credit.test_value_api import cash, eur, ok, paying, sale_of
from tests.pos.receipts.printer import commands, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(cafe: Any) -> Shop:
    made = shop(cafe)
    with tenant_context(cafe):
        ways_to_pay()
    return made


@pytest.fixture
def till(here: Shop) -> TillClient:
    return TillClient(here.tenant, paired_till(here.tenant, register=here.register))


def slip_of(till: TillClient, key: str, cause: str = "", query: str = "format=json") -> Any:
    caused = f"&cause={cause}" if cause else ""
    return till.get(f"/gift-cards/{key}/slip?{query}{caused}")


def told(slip: Any) -> list[tuple[str, int]]:
    (section,) = slip["sections"]
    return [(row["key"], row["amount"]["amount_minor"]) for row in section["rows"]]


def test_a_slip_of_everything_that_happens(here: Shop, till: TillClient) -> None:
    sold = sale_of(2000, cash(2000), code="SECRET-4711", expires_on="2031-12-31")
    key = sold["gift_card"]["id"]
    ok(till.post("/gift-cards", sold))
    load = {"id": str(new_id()), "amount": eur(500), "tenders": [cash(500)]}
    ok(till.post(f"/gift-cards/{key}/loads", load))
    order = ok(till.post("/orders", paying(here, 760, value_id=key)))
    line = {"order_line_id": order["lines"][0]["id"], "quantity": "1", "goods": "waste"}
    back = {"id": str(new_id()), "lines": [line], "reason": "too cold"}
    refund = ok(till.post(f"/orders/{order['id']}/refunds", back))
    causes = [str(each["id"]) for each in (sold, load, order["payments"][0], refund["tenders"][0])]
    slips = [ok(slip_of(till, key, cause), 200) for cause in causes]
    assert [told(slip) for slip in slips] == [
        [("activate", 2000), ("balance", 2000)],
        [("load", 500), ("balance", 2500)],
        [("redeem", -760), ("balance", 1740)],
        [("refund", 380), ("balance", 2120)],
    ]
    now = ok(slip_of(till, key), 200)
    assert told(now) == [("balance", 2120)]
    for slip in (*slips, now):
        assert (slip["kind"], slip["number"], slip["location"]) == ("value_slip", "*4711", here.location.name)
        assert slip["facts"][0] | {"key": "valid_until", "date": "2031-12-31"} == slip["facts"][0]
        assert set(slip) == set(SheetOutput().fields)


def test_a_slip_in_every_form_masks_the_code(here: Shop, till: TillClient) -> None:
    sold = sale_of(2000, cash(2000), code="SECRET-4711")
    ok(till.post("/gift-cards", sold))
    key = sold["gift_card"]["id"]
    for form in ("text", "html", "escpos", "pdf"):
        answer = slip_of(till, key, sold["id"], f"format={form}")
        assert answer.status_code == 200, form
        assert b"SECRET" not in answer.content
    text = slip_of(till, key, sold["id"], "format=text").content.decode()
    for part in ("Gift card slip *4711", "Gift card\n", "Activated", "20.00", "Balance"):
        assert part in text
    printed = text_of(slip_of(till, key, sold["id"], "format=escpos").content)
    assert "Gift card slip *4711" in printed


def test_a_slip_is_of_something_that_happened_to_this_card(here: Shop, till: TillClient) -> None:
    with tenant_context(here.tenant):
        gift = card(1000)
    assert slip_of(till, str(gift.pk), str(new_id())).status_code == 404
    assert slip_of(till, str(new_id())).status_code == 404


def test_a_card_is_printed_with_its_code_by_the_till_that_sold_it(here: Shop, till: TillClient) -> None:
    sold = sale_of(2000, cash(2000), pin="4826")
    key = sold["gift_card"]["id"]
    ok(till.post("/gift-cards", sold))
    code = ok(till.post(f"/gift-cards/{key}/code", {}), 200)
    voucher = ok(till.post(f"/gift-cards/{key}/voucher?format=json", {}), 200)
    assert set(voucher) == set(VoucherOutput().fields)
    wanted = ("gift_card", code["code"], code["printed"], eur(2000), True)
    assert tuple(voucher[each] for each in ("kind", "code", "printed", "amount", "has_pin")) == wanted
    text = till.post(f"/gift-cards/{key}/voucher", {}).content.decode()
    for part in ("Gift card", "20.00 EUR", code["printed"], "Only with its PIN", "Keep it like cash."):
        assert part in text
    assert "4826" not in text
    assert code["code"] not in text  # in groups of four only
    made = commands(till.post(f"/gift-cards/{key}/voucher?format=escpos", {}).content)
    assert [each.data for each in made if each.name == "code data"] == [code["code"].encode()]
    assert till.post(f"/gift-cards/{key}/voucher?format=pdf", {}).content.startswith(b"%PDF")
    changes = [event["data"].get("change") for event in ok(till.get("/feed"), 200)["items"][-5:]]
    assert changes.count("code_shown") == 5
    assert code["code"] not in till.get("/feed").content.decode()


def test_the_page_has_the_code_as_squares(here: Shop, till: TillClient) -> None:
    sold = sale_of(2000, cash(2000))
    key = sold["gift_card"]["id"]
    ok(till.post("/gift-cards", sold))
    voucher = ok(till.post(f"/gift-cards/{key}/voucher?format=json", {}), 200)
    page = till.post(f"/gift-cards/{key}/voucher?format=html", {}).content.decode()
    rows = dots_of(Code(symbol=QR, data=voucher["code"], text=""))
    dark = sum(sum(row) for row in rows)
    assert page.count("h1v1h-1z") == dark
    assert "<title>Gift card *" in page


def test_whose_code_it_is_not_says_it_to_have_it_printed(here: Shop, till: TillClient) -> None:
    with tenant_context(here.tenant):
        gift = card(1000, code="PRINTED-0001")
    path = f"/gift-cards/{gift.pk}/voucher?format=json"
    assert ok(till.post(path, {"code": "printed 0001"}), 200)["printed"] == "PRIN TED0 001"
    other = till.post(path, {"code": "PRINTED-0002"})
    assert (other.status_code, other.json()["code"]) == (422, "gift_card_unknown")
    assert till.post(path, {"code": "?"}).status_code == 400
    assert till.post(path, {}).json()["code"] == "gift_card_code_not_ours"


def test_nobody_prints_a_card_they_did_not_sell_or_that_is_blocked(here: Shop, till: TillClient) -> None:
    manager = TillClient(here.tenant, signed_in(here.tenant, till.headers, role="manager"))
    with tenant_context(here.tenant):
        gift = card(1000, code=None)
    path = f"/gift-cards/{gift.pk}/voucher?format=json"
    assert till.post(path, {}).status_code == 403
    assert ok(manager.post(path, {}), 200)["amount"] == eur(1000)
    step = {"id": str(new_id()), "kind": "block", "reason": "lost"}
    ok(manager.post(f"/gift-cards/{gift.pk}/steps", step))
    assert manager.post(path, {}).json()["code"] == "gift_card_blocked"


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_words_are_in_every_language(language: str) -> None:
    labels: Labels = LANGUAGES[language]
    assert set(labels.terms) >= set(LANGUAGES["en"].terms)
    assert set(labels.titles) == set(LANGUAGES["en"].titles)
