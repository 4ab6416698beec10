"""A day at Café Morgenrot, played before anybody looks: so that a newcomer finds what a merchant would find.

Yesterday at the counter: sales, a table, a refund, an exchange, a nursery that buys on account and pays a part
of it, cash to the safe, and a closed drawer with its Z. Today in the garden: an open drawer, two sales, a gift card
and a table that has not paid. Everything goes through the services that tills call; only the clock is set.
"""

import datetime as dt
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from fynlo.core.actors import SYSTEM
from fynlo.core.clock import business_date
from fynlo.core.ids import new_id
from fynlo.core.tenancy import current_tenant
from fynlo.demo.till import Till, line
from fynlo.events.log import unit_of_work
from payments.credit.services import HouseAccountDraft, save_house_account
from pos.inventory.models import StockMovement
from pos.inventory.services.movements import Cause, StockChange, record_movements
from pos.inventory.services.settling import settle
from pos.models import CashSession, Location, Order, Variant

OWNER, MANAGER, CASHIER = "1", "2", "3"
NURSERY: Final = "KITA"
FRESH: Final = frozenset(
    [
        "BAC-01",
        "BAC-04",
        "BAC-05-2",
        "FRU-01-2",
        "KAF-06-1",
        "KAL-05-2",
        "KAL-06",
        "KAL-07-1",
        "KUC-01-1",
        "KUC-03",
        "KUC-06",
        "MIT-01-2",
        "MIT-02",
        "SCH-01-1",
        "TEE-05",
    ]
)
"""What of the goods sold has no opening stock: baked and bought for the day, at three tenths of its price."""


class Clock:
    """Yesterday's trading day at the café, and the minutes before now."""

    def __init__(self, *, at: dt.datetime, location: Location) -> None:
        self._at, self._zone = at, ZoneInfo(location.time_zone)
        today = business_date(at=at, time_zone=location.time_zone, cut_off=location.cut_off)
        self._yesterday = today - dt.timedelta(days=1)

    def __call__(self, wall: str) -> dt.datetime:
        """The instant when a clock on yesterday's wall said `08:05`."""
        return dt.datetime.combine(self._yesterday, dt.time.fromisoformat(wall), self._zone)

    def ago(self, minutes: int) -> dt.datetime:
        """So many minutes before now."""
        return self._at - dt.timedelta(minutes=minutes)


def play_day(*, at: dt.datetime) -> bool:
    """Play the day at the current merchant, all of it or nothing; False where somebody has traded already.

    `at` is now. Raises what the services raise.
    """
    if Order.objects.exists() or CashSession.objects.exists():
        return False
    cafe = Location.objects.get(code="wiesenufer")
    clock = Clock(at=at, location=cafe)
    with unit_of_work():
        deliver(cafe, clock("06:30"))
        yesterday(clock)
        today(clock)
    return True


def deliver(cafe: Location, at: dt.datetime) -> None:
    """Two dozen of everything fresh."""
    changes = [
        StockChange(
            variant_id=variant.pk,
            quantity=Decimal(24),
            value_minor=Decimal(24 * variant.price_minor * 3) / 10,
        )
        for variant in Variant.objects.filter(sku__in=FRESH).order_by("pk")
    ]
    cause = Cause(
        kind=StockMovement.PURCHASE,
        location_id=cafe.pk,
        at=at,
        business_date=at.date(),
        recorded_at=at,
        reason="Lieferung",
    )
    record_movements(cause=cause, changes=changes)
    settle(levels=[(cafe.pk, change.variant_id) for change in changes], at=at)


def yesterday(clock: Clock) -> None:
    """At the counter, from opening to the Z."""
    till = Till(register="K1", currency=current_tenant().currency)
    till.open(CASHIER, clock("07:45"), float_minor=15_000)
    morning(till, clock)
    noon(till, clock)
    afternoon(till, clock)
    till.close(MANAGER, clock("18:10"), over_minor=-30)


def morning(till: Till, clock: Clock) -> None:
    """Coffee with oat milk, a breakfast with a tip, three croissants for the price of two, a nursery on account."""
    nursery = HouseAccountDraft(
        id=new_id(), code=NURSERY, name="Kita Sonnenhof", contact="Frau Kaya", limit_minor=20_000
    )
    save_house_account(draft=nursery, actor=SYSTEM, at=clock("07:50"))
    till.sell(
        CASHIER, clock("08:05"), [line("KAF-06-1", "2", modifiers=["Hafermilch"]), line("BAC-05-2", "2")],
        {"cash": 2_000},
    )  # fmt: skip
    breakfast = [line("FRU-01-2"), line("KAL-07-1", "2")]
    till.sell(CASHIER, clock("08:40"), breakfast, {"card:1881": 3_190}, tip_minor=200)
    till.sell(CASHIER, clock("09:20"), [line("BAC-01", "3")], {"cash": 500})
    till.practise(CASHIER, clock("09:45"), [line("KAF-01-1")], {"cash": 240})
    children = [line("SCH-01-1", "8"), line("KUC-06", "8")]
    till.sell(CASHIER, clock("10:30"), children, {f"house:{NURSERY}": 6_080})


def noon(till: Till, clock: Clock) -> None:
    """A table that orders more, takes something back, and pays by card and in cash."""
    lemonade = line("KAL-06")
    table = till.ticket(CASHIER, clock("11:45"), [line("MIT-02", "2"), lemonade], name="Tisch 4", covers=2)
    till.add(CASHIER, clock("11:52"), table, line("MIT-01-2"))
    till.place(CASHIER, clock("11:54"), table)
    till.void(CASHIER, clock("12:05"), table, lemonade, reason="Doch nur Leitungswasser")
    till.pay(CASHIER, clock("12:40"), table, {"card:4024": 1_000, "cash": 2_000})


def afternoon(till: Till, clock: Clock) -> None:
    """What comes back: a leaking cup, and coffee that is exchanged. What goes out: milk, the safe."""
    beans, cup = line("LAD-01-1"), line("LAD-03-1")
    sale = till.sell(CASHIER, clock("13:10"), [beans, cup], {"card:0005": 2_180})
    till.sell(MANAGER, clock("13:30"), [line("LAD-03-2", percent_off=10)], {"cash": 1_500})
    till.refund(MANAGER, clock("14:10"), sale, cup, reason="Deckel undicht")
    till.exchange(MANAGER, clock("15:00"), sale, beans, [line("LAD-02"), line("BAC-04")])
    till.move(MANAGER, clock("15:30"), "paid_out", 640, note="Milch vom Laden nebenan")
    till.move(MANAGER, clock("16:30"), "drop", 10_000, note="Tresor")
    till.pay_down(CASHIER, clock("17:00"), account=NURSERY, cash_minor=4_000)


def today(clock: Clock) -> None:
    """In the garden: the drawer is open, a gift card is sold and spent on, somebody has not paid."""
    till = Till(register="K2", currency=current_tenant().currency)
    till.open(OWNER, clock.ago(55), float_minor=8_000)
    till.sell(OWNER, clock.ago(45), [line("KAL-05-2", "2")], {"cash": 1_000})
    gift = till.sell_card(OWNER, clock.ago(40), amount_minor=2_500, cash_minor=5_000, holder="Frau Vogel")
    tea = [line("KUC-01-1"), line("TEE-05")]
    till.sell(OWNER, clock.ago(30), tea, {f"gift:{gift}": 500, "card:7310": 300})
    guests = [line("KAL-06", "2"), line("KUC-03")]
    till.ticket(OWNER, clock.ago(12), guests, name="Gartentisch 2", covers=3)
