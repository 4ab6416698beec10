"""The worked numbers of docs/algorithms/pricing.md, steps 1 to 8: expected values are computed by hand."""

from tests.pos.pricing.documents import amounts, book, context, discounts, item, line, price, totals

MUG = item("mug", 899)
PLATE = item("plate", 1250)
CHEESE = item("cheese", 1299, "reduced")
SHOP = [MUG, PLATE, CHEESE]
TABLEWARE = [line("mug", "3"), line("plate", "2")]
"""3 × 8.99 = 26.97 and 2 × 12.50 = 25.00, together 51.97."""

SYRUP = {"id": "syrup", "price_minor": 60, "groups": [{"group_id": "kind"}]}
MODIFIERS = [
    {
        "id": "extras",
        "modifiers": [{"id": "oat", "price_minor": 50}, SYRUP, {"id": "plain", "price_minor": -60}],
    },
    {"id": "kind", "modifiers": [{"id": "sugar-free", "price_minor": 5}]},
]


def promoted(rule: dict[str, object], **more: object) -> dict[str, object]:
    """The shop with one promotion."""
    return book(*SHOP, promotions=[{"id": "offer", "rule": rule, **more}])


def test_step_1_a_scheduled_price_starts_on_time() -> None:
    espresso = item("espresso", 250, scheduled=[{"starts_at": "2026-06-01T00:00", "price_minor": 270}])
    before, after = context() | {"at": "2026-05-31T23:59:59"}, context() | {"at": "2026-06-01T00:00"}
    assert price(book(espresso), line("espresso"), where=before).total_minor == 250
    assert price(book(espresso), line("espresso"), where=after).total_minor == 270


def test_step_2_a_price_list_takes_ten_per_cent_off_and_rounds_the_unit_price() -> None:
    prices = book(
        item("latte", 365, category_id="coffee"),
        categories=[{"id": "drinks"}, {"id": "coffee", "parent_id": "drinks"}],
        price_lists=[
            {
                "id": "members",
                "when": {"customer_groups": ["member"]},
                "entries": [{"category_id": "drinks", "percent_off": "0.1"}],
            }
        ],
    )
    # 3.65 × 0.9 = 3.285
    for mode, unit in (("half_up", 329), ("half_even", 328)):
        priced = price(prices, line("latte", "2"), where=context(mode=mode, customer_group="member"))
        assert (priced.lines[0].unit_price_minor, priced.lines[0].price_list_id) == (unit, "members")
        assert priced.total_minor == 2 * unit
    assert price(prices, line("latte", "2")).total_minor == 730


def test_step_2_quantities_of_a_variant_count_together() -> None:
    by_quantity = [
        {"price_list_id": "trade", "min_quantity": "1", "price_minor": 220},
        {"price_list_id": "trade", "variant_id": None, "min_quantity": "6", "price_minor": 200},
    ]
    prices = book(item("roll", 250, list_prices=by_quantity), price_lists=[{"id": "trade"}])
    assert price(prices, line("roll", "4")).total_minor == 880
    assert price(prices, line("roll", "4", id="a"), line("roll", "2", id="b")).total_minor == 1200


def test_step_3_modifiers_are_counted_with_what_they_hang_on() -> None:
    prices = book(item("latte", 365), modifier_groups=MODIFIERS)
    syrup = {"modifier_id": "syrup", "quantity": 2, "modifiers": [{"modifier_id": "sugar-free"}]}
    # 3.65 + 0.50 + 2 × (0.60 + 0.05) = 5.45
    priced = price(prices, line("latte", "3", modifiers=[{"modifier_id": "oat"}, syrup])).lines[0]
    assert (priced.modifiers_minor, priced.base_minor) == (180, 1635)


def test_step_3_a_unit_never_costs_less_than_nothing() -> None:
    prices = book(item("bun", 40), modifier_groups=MODIFIERS)
    priced = price(prices, line("bun", "2", modifiers=[{"modifier_id": "plain"}])).lines[0]
    assert (priced.modifiers_minor, priced.base_minor) == (-60, 0)


def test_step_3_weighed_goods_are_rounded_once_and_a_label_keeps_its_price() -> None:
    wrapped = {"id": "service", "modifiers": [{"id": "wrapped", "price_minor": 20}]}
    prices = book(CHEESE, modifier_groups=[wrapped])
    # 0.335 × 12.99 = 4.35165; the label says 4.37; wrapping 0.335 × 0.20 = 0.067
    label = line("cheese", "0.335", amount_minor=437, modifiers=[{"modifier_id": "wrapped"}])
    assert price(prices, line("cheese", "0.335")).lines[0].base_minor == 435
    assert price(prices, label).lines[0].base_minor == 444


def menu_book() -> dict[str, object]:
    """A menu of 9.90: a burger (7.90), a cola (3.20; large costs 0.80 more), fries (3.50)."""
    slots = [
        {"id": "main", "choices": [{"variant_id": "burger"}]},
        {"id": "drink", "choices": [{"variant_id": "cola", "upcharge_minor": 80}]},
        {"id": "side", "choices": [{"variant_id": "fries"}]},
    ]
    return book(
        item("burger", 790, "reduced"),
        item("cola", 320),
        item("fries", 350, "reduced"),
        item("menu", 990, "reduced", combo={"slots": slots}),
    )


def test_step_4_a_combo_is_shared_by_list_prices_and_taxed_by_component() -> None:
    chosen = [("main", "burger"), ("drink", "cola"), ("side", "fries")]
    components = [{"slot_id": slot, "variant_id": variant} for slot, variant in chosen]
    priced = price(menu_book(), line("menu", components=components))
    parts = priced.lines[0].parts
    # 9.90 × 790, 320, 350 of 1460 = 5.3568…, 2.1698…, 2.3732… → 5.36, 2.17, 2.37; the cola costs 0.80 more
    assert [part.base_minor for part in parts] == [536, 297, 237]
    # 5.36 × 7/107 = 0.3506…; 2.97 × 19/119 = 0.4742…; 2.37 × 7/107 = 0.1550…
    assert [part.tax_minor for part in parts] == [35, 47, 16]
    assert totals(priced) == (972, 98, 1070)
    assert [(row.tax_class, row.net_minor) for row in priced.sales] == [("reduced", 722), ("standard", 250)]


def test_step_5_line_discounts_one_after_the_other() -> None:
    given = [{"id": "staff", "percent": "0.1"}, {"id": "scratch", "amount_minor": 100}]
    priced = price(book(item("latte", 545)), line("latte", "3", discounts=given))
    # 16.35 × 10 % = 1.635 → 1.64, leaves 14.71; less 1.00
    assert discounts(priced) == [("staff", 164, [164]), ("scratch", 100, [100])]
    assert priced.lines[0].amount_minor == 1371


def test_step_6_percent_off() -> None:
    priced = price(
        promoted({"kind": "percent_off", "select": {"items": ["mug"]}, "percent": "0.15"}), *TABLEWARE
    )
    # 26.97 × 15 % = 4.0455
    assert discounts(priced) == [("offer", 405, [405])]


def test_step_6_amount_off_per_unit() -> None:
    prices = promoted({"kind": "amount_off", "select": {"all": True}, "amount_minor": 50})
    # 3 × 0.50, and 0.335 × 0.50 = 0.1675: 1.6675 → 1.67, shared as 1.50 and 0.17
    priced = price(prices, line("mug", "3"), line("cheese", "0.335"))
    assert discounts(priced) == [("offer", 167, [150, 17])]


def test_step_6_fixed_price_per_unit() -> None:
    prices = promoted({"kind": "fixed_price", "select": {"items": ["mug"]}, "price_minor": 500})
    assert discounts(price(prices, *TABLEWARE)) == [("offer", 1197, [1197])]


def test_step_6_threshold() -> None:
    rule = {"kind": "threshold", "select": {"all": True}, "minimum_minor": 5000, "amount_minor": 500}
    # 5.00 × 26.97/51.97 = 2.5947…; × 25.00/51.97 = 2.4052…
    assert discounts(price(promoted(rule), *TABLEWARE)) == [("offer", 500, [259, 241])]
    assert discounts(price(promoted(rule), line("mug", "3"), line("plate"))) == []


def test_step_6_tiers_by_quantity() -> None:
    tiers = [{"from": "3", "percent": "0.05"}, {"from": "6", "percent": "0.1"}]
    prices = promoted({"kind": "tiered", "select": {"all": True}, "measure": "quantity", "tiers": tiers})
    # five units: 5 % of 51.97 = 2.5985 → 2.60, exactly 1.3485 and 1.25
    assert discounts(price(prices, *TABLEWARE)) == [("offer", 260, [135, 125])]
    # six units: 10 % of 60.96 = 6.096 → 6.10, exactly 3.596 and 2.50
    assert discounts(price(prices, line("mug", "4"), line("plate", "2"))) == [("offer", 610, [360, 250])]


def test_step_6_n_for_a_price() -> None:
    prices = promoted({"kind": "n_for_price", "select": {"all": True}, "n": 3, "price_minor": 2000})
    # the dearest three: 12.50 + 12.50 + 8.99 = 33.99, so 13.99 off: 10.2897… and 3.7002…
    assert discounts(price(prices, *TABLEWARE)) == [("offer", 1399, [370, 1029])]


def test_step_6_the_cheapest_of_three_is_free() -> None:
    prices = promoted({"kind": "cheapest_free", "select": {"all": True}, "n": 3})
    assert discounts(price(prices, *TABLEWARE)) == [("offer", 899, [899])]


def test_step_6_buy_two_get_one_at_half_price() -> None:
    rule = {"kind": "buy_get", "buy": {"all": True}, "buy_quantity": 2, "get_quantity": 1, "percent": "0.5"}
    # five units make one three: the cheapest unit, 8.99, at half price: 4.495
    assert discounts(price(promoted(rule), *TABLEWARE)) == [("offer", 450, [450])]


def test_step_6_a_bundle() -> None:
    parts = [{"select": {"items": [name]}, "quantity": 1} for name in ("plate", "mug")]
    prices = promoted({"kind": "bundle", "parts": parts, "price_minor": 1800})
    # twice 21.49 − 18.00 = 3.49: 6.98, of it 698 × 1250/2149 = 406.002… and 698 × 899/2149 = 291.997…
    assert discounts(price(prices, *TABLEWARE)) == [("offer", 698, [292, 406])]


def test_step_6_a_cap() -> None:
    rule = {"kind": "percent_off", "select": {"all": True}, "percent": "0.5"}
    # half of 51.97 is 25.985; capped at 20.00: 20.00 × 26.97/51.97 = 10.3790…, × 25.00/51.97 = 9.6209…
    assert discounts(price(promoted(rule, cap_minor=2000), *TABLEWARE)) == [("offer", 2000, [1038, 962])]


def test_step_6_stacking() -> None:
    def both(**second: object) -> dict[str, object]:
        first = {"kind": "percent_off", "select": {"items": ["mug"]}, "percent": "0.1"}
        rule = {"kind": "percent_off", "select": {"all": True}, "percent": "0.2"}
        return book(
            *SHOP,
            promotions=[
                {"id": "first", "priority": 1, "group": "sale", "rule": first},
                {"id": "second", "priority": 2, "rule": rule, **second},
            ],
        )

    # 26.97 × 10 % = 2.697 → 2.70
    # both: 20 % of 24.27 + 25.00 = 9.854 → 9.85, exactly 4.854 and 5.00
    assert discounts(price(both(), *TABLEWARE)) == [("first", 270, [270]), ("second", 985, [485, 500])]
    # of one group, or the second exclusive: only the plates are left for it
    for second in ({"group": "sale"}, {"exclusive": True}):
        assert discounts(price(both(**second), *TABLEWARE)) == [("first", 270, [270]), ("second", 500, [500])]


COUNTER = book(item("cappuccino", 380), item("roll", 45, "reduced"))
COUNTER_LINES = [line("cappuccino", "2"), line("roll", "4")]


def test_step_7_an_order_discount_is_shared_over_everything() -> None:
    priced = price(COUNTER, *COUNTER_LINES, discounts=[{"id": "voucher", "amount_minor": 100}])
    # 1.00 × 7.60/9.40 = 0.8085…, × 1.80/9.40 = 0.1914…
    assert discounts(priced) == [("voucher", 100, [81, 19])]
    # 6.79 × 19/119 = 1.0841…; 1.61 × 7/107 = 0.1053…
    assert amounts(priced) == [(571, 108, 679), (150, 11, 161)]


def test_step_8_a_taxed_service_charge_carries_the_taxes_of_what_it_falls_on() -> None:
    def charged(**charge: object) -> dict[str, object]:
        return COUNTER | {"service_charges": [{"id": "service", "percent": "0.1", **charge}]}

    # 10 % of 9.40 = 0.94, shared as 0.76 and 0.18: 0.76 × 19/119 = 0.1213…, 0.18 × 7/107 = 0.0117…
    taxed = price(charged(taxable=True), *COUNTER_LINES)
    assert [(charge.net_minor, charge.tax_minor) for charge in taxed.service_charges] == [(81, 13)]
    assert totals(taxed) == (888, 146, 1034)
    untaxed = price(charged(), *COUNTER_LINES)
    assert totals(untaxed) == (901, 133, 1034)


def test_steps_11_and_12_a_charge_after_tax_and_a_tip_apart() -> None:
    after = {"id": "late", "percent": "0.125", "phase": "after_tax"}
    priced = price(COUNTER | {"service_charges": [after]}, *COUNTER_LINES, tip_minor=200)
    # 12.5 % of 9.40 = 1.175
    assert totals(priced) == (925, 133, 1058)
    assert (priced.tip_minor, priced.payable_minor) == (200, 1258)
