"""A merchant with at least one row in every table of the back office."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from fynlo.core.actors import SYSTEM, Actor
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import TenantLike, tenant_context
from fynlo.events.log import unit_of_work
from payments.credit.services import (
    GiveDraft,
    HouseAccountDraft,
    ImportDraft,
    OpenDraft,
    give_value,
    import_cards,
    office_occasion,
    save_house_account,
)
from payments.gateways.services import (
    AttemptDraft,
    ConnectionDraft,
    ReaderDraft,
    drive_attempt,
    plan_refund,
    save_connection,
    save_reader,
    start_attempt,
)
from pos.catalog.csv_reading import CsvForm
from pos.catalog.models import BarcodePattern, CatalogImport, Category, Item, TaxClass, Variant
from pos.catalog.services.patterns import PatternDraft, save_pattern
from pos.importing.services import look_at_import, stage_import
from pos.inventory.count_drafts import CountDraft, CountScope, EntryDraft
from pos.inventory.services import Cause, StockChange, record_movements, record_opening
from pos.inventory.services.alerts import watch
from pos.inventory.services.count_closing import close_count
from pos.inventory.services.count_entering import enter
from pos.inventory.services.count_opening import open_count
from pos.inventory.services.count_submitting import submit_count
from pos.inventory.services.lots import LotReceipt, ensure_lots
from pos.inventory.services.production_checks import ProductionDraft
from pos.inventory.services.productions import produce
from pos.inventory.services.recipes import RecipeDraft, RecipeLineDraft, save_recipe
from pos.inventory.services.reservations import ReservationDraft, ReservedLine, reserve
from pos.inventory.services.settings import (
    ItemSettingsDraft,
    TargetDraft,
    save_stock_item,
    save_stock_targets,
)
from pos.inventory.services.transfers import draft_transfer
from pos.inventory.services.waste import WasteDraft, record_waste
from pos.inventory.transfer_drafts import TransferDraft, TransferLineDraft
from pos.orders.refund_drafts import RefundDraft, RefundLineDraft
from pos.orders.services import place_order
from pos.orders.services.refunds import refund_order
from pos.registers.models import Location, Register
from pos.registers.services import close_register, open_session
from pos.stock_files.services import look_at_file, stage_file
from staff.access.models import Approval
from staff.employees.models import Employee
from staff.employees.pins import pin_hasher
from staff.employees.services import seed_roles
from sync.terminals.models import Terminal
from tests.admin.offering import name_offers, offer
from tests.factories import (
    EmployeeFactory,
    LocationFactory,
    RegisterFactory,
    Shop,
    TenderTypeFactory,
    chart,
    paired_till,
)
from tests.factories.stamps import stamped
from tests.isolation.buying import buy
from tests.pos.catalog.makers import EDITOR, category, item, tax_class, variant
from tests.pos.orders.drafts import cash, sale, sold

STOREKEEPER = Actor(kind="system", id=None, name="storekeeper", permissions=frozenset({"stock.write"}))
AT = dt.datetime(2026, 7, 1, 8, 30, tzinfo=dt.UTC)


def traded(tenant: TenantLike) -> "Trade":
    """A `Trade` that takes itself back with the test, stamped where one was made before."""
    return stamped(tenant, "trade", lambda: Trade(tenant))


class Trade:
    """A shop with an item of one variant and one of many, a small order and a large one, two drawers."""

    def __init__(self, tenant: TenantLike) -> None:
        self.tenant = tenant
        self.count = 0
        with tenant_context(tenant):
            seed_roles()
            person = EmployeeFactory.create(
                number="90", pin_hash=pin_hasher().hash("4812"), password="!hidden-hash"
            )
            self._approve(person)
            self.shop = self._shop()
            espresso = item("Espresso", self.one, category_id=self.place, tax_class_id=self.taxes)
            menu = item("Menu", *self.many, category_id=self.place, tax_class_id=self.taxes)
            offer("Offer", category_id=self.place, item_id=espresso.id)
            self._stock([self.one.id])
            self._keep(espresso.id, self.one.id)
            self._promise(self.one.id)
            self._count_and_send(self.one.id)
            self._expire(self.one.id)
            buy("CANARY", location_id=self.shop.location.id, variant_id=self.many[0].id, at=AT)
            self._cook(self.many[0].id)
            session = self._open(self.shop.register)
            small = self._sell(self.shop.register, ("one", "1"))
            empty = self._open(self.shop.second_register)
            lines = [(f"many{number}", "1") for number in range(len(self.many))]
            large = self._sell(self.shop.register, *lines)
            self._close("C0-CANARY")
            self._charge("acct-CANARY")
        paired_till(tenant, register=self.shop.register)
        self.small = {"pos.item": espresso.id, "pos.order": small, "pos.cashsession": empty}
        self.large = {"pos.item": menu.id, "pos.order": large, "pos.cashsession": session}

    def more(self) -> None:
        """Two more rows in every table."""
        for _ in range(2):
            self.count += 1
            with tenant_context(self.tenant):
                self._more(f"More {self.count}")
            with tenant_context(self.tenant):
                register = Register.objects.get(code=f"C{self.count}")
            paired_till(self.tenant, register=register)

    def name_everything(self, text: str) -> None:
        """Call everything that has a name `text`, past all services: old rows may hold anything."""
        with tenant_context(self.tenant):
            for model in (Category, Location, Register, Employee, Terminal):
                model.objects.update(name=text[:80])
            Item.objects.filter(name="Espresso").update(name=text, description=text)
            Variant.objects.filter(sku="ONE").update(name=text)
            Variant.objects.filter(sku="MANY-0").update(sku=text)
            TaxClass.objects.update(name=text)
            BarcodePattern.objects.update(name=text[:80])
            CatalogImport.objects.update(file_name=text, staged_by_name=text)
            name_offers(text)
        with tenant_context(self.tenant):
            self._sell(self.shop.register, ("one", "1"))

    def _shop(self) -> Shop:
        self.taxes = tax_class()
        self.place = category("Everything")
        self.one = variant("ONE", price_minor=240)
        self.many = tuple(
            variant(f"MANY-{number}", f"Size {number}", 100 + number, barcodes=(f"PLU{number}",))
            for number in range(6)
        )
        location = LocationFactory.create(code="main", name="Main", time_zone="Europe/Berlin")
        self._arrange("Scale")
        chart(["standard"])
        return Shop(
            tenant=self.tenant,
            location=location,
            register=RegisterFactory.create(location=location, code="K1-CANARY"),
            second_register=RegisterFactory.create(location=location, code="K2-CANARY"),
            tax_classes={},
            variants=self._variants(),
            cash=TenderTypeFactory.create(),
        )

    def _variants(self) -> dict[str, Any]:
        # Drafts have the ids that order lines need.
        return {"one": self.one, **{f"many{place}": each for place, each in enumerate(self.many)}}

    def _more(self, name: str) -> None:
        number = self.count
        place = category(name, parent_id=self.place)
        taxes = tax_class(f"more{number}")
        added = variant(f"MORE-{number}", barcodes=(f"MORE{number}",))
        made = item(name, added, category_id=place, tax_class_id=taxes)
        offer(name, category_id=place, item_id=made.id)
        self._arrange(name)
        location = LocationFactory.create()
        register = RegisterFactory.create(location=location, code=f"C{number}")
        self._stock([added.id])
        self._keep(made.id, added.id)
        self._promise(added.id)
        self._count_and_send(added.id)
        self._expire(added.id)
        self._cook(added.id)
        self._open(register)
        self._sell(register, ("one", "2"))
        self._close(f"Z{number}")
        self._charge(f"more{number}")
        self._approve(EmployeeFactory.create())
        TenderTypeFactory.create(code=f"more{number}")
        chart([f"more{number}"])

    def _count_and_send(self, variant_id: UUID) -> None:
        """A count that is open, and a transfer that was prepared."""
        home = Location.objects.get(code="main")
        stand = Location.objects.filter(code="stand").first() or LocationFactory.create(code="stand")
        count = CountDraft(kind="spot", location_id=home.pk, scope=CountScope(variant_ids=(variant_id,)))
        open_count(draft=count, actor=SYSTEM, at=AT)
        # Another one was closed before anything had come.
        early, none = AT - dt.timedelta(hours=1), replace(count, id=new_id())
        open_count(draft=none, actor=SYSTEM, at=early)
        entry = EntryDraft(id=new_id(), counted_at=early, variant_id=variant_id, quantity=Decimal(0))
        enter(count_id=none.id, drafts=[entry], actor=SYSTEM, at=early)
        submit_count(count_id=none.id, uncounted="leave", actor=SYSTEM, at=early)
        close_count(count_id=none.id, actor=SYSTEM, at=early)
        lines = (TransferLineDraft(variant_id=variant_id, quantity=Decimal(2)),)
        sent = TransferDraft(from_location_id=home.pk, to_location_id=stand.pk, lines=lines)
        draft_transfer(draft=sent, actor=SYSTEM, at=AT)

    def _arrange(self, name: str) -> None:
        """A barcode pattern and a file that waits to be applied."""
        pattern = PatternDraft(id=new_id(), name=name, pattern="21IIIIIWW.WWWC", position=0, is_active=True)
        save_pattern(draft=pattern, actor=EDITOR, at=AT)
        data = f"category,item,sku,price,tax_class,unit\nTea,{name},{name},2.50,standard,each\n"
        key = stage_import(data=data.encode(), file_name=f"{name}.csv", form=CsvForm(), actor=EDITOR, at=AT)
        look_at_import(import_id=key, actor=EDITOR, at=AT)
        levels = f"sku,on_hand,location\nONE,5,main\n{name},1,main\n".encode()
        key = stage_file(
            data=levels, file_name=f"{name}.csv", kind="levels", form=CsvForm(), actor=STOREKEEPER, at=AT
        )
        look_at_file(file_id=key, actor=STOREKEEPER, at=AT)

    def _stock(self, variants: list[Any]) -> None:
        with unit_of_work():
            record_opening(
                location_id=self.shop.location.id,
                changes=[StockChange(variant_id=key, quantity=Decimal(5)) for key in variants],
                employee_id=None,
                at=AT,
                business_date=AT.date(),
            )

    def _keep(self, item_id: UUID, variant_id: UUID) -> None:
        """How stock of an item is kept, and what should be there of it."""
        kept = ItemSettingsDraft(policy="backorder", tracking="none", shelf_life_days=3, stops_when_out=False)
        save_stock_item(item_id=item_id, draft=kept, actor=STOREKEEPER, at=AT)
        place = {"variant_id": variant_id, "location_id": self.shop.location.id}
        target = TargetDraft(**place, reorder_point=Decimal(6), par_level=Decimal(24), lead_time_days=2)
        save_stock_targets(drafts=[target], actor=STOREKEEPER, at=AT)

    def _expire(self, variant_id: UUID) -> None:
        """A lot that is past its last day, and the alert that says so."""
        with unit_of_work():
            keys = ensure_lots(
                location_id=self.shop.location.id,
                receipts=[LotReceipt(variant_id=variant_id, code="LOT-CANARY", expires_on=AT.date())],
                variant_ids=[variant_id],
                at=AT,
                received_on=AT.date(),
            )
            cause = Cause(
                kind="purchase",
                location_id=self.shop.location.id,
                at=AT,
                business_date=AT.date(),
                recorded_at=AT,
            )
            came = StockChange(
                variant_id=variant_id, quantity=Decimal(1), lot_id=keys[variant_id, "LOT-CANARY"]
            )
            record_movements(cause=cause, changes=[came])
            watch(levels=[(self.shop.location.id, variant_id)], at=AT)

    def _promise(self, variant_id: UUID) -> None:
        """One of a variant for somebody who comes tomorrow."""
        kept = ReservationDraft(
            id=new_id(),
            kind="parked",
            location_id=self.shop.location.id,
            expires_at=AT + dt.timedelta(days=1),
            lines=(ReservedLine(variant_id=variant_id, quantity=Decimal(1)),),
            note="Mrs Sparrow",
        )
        reserve(draft=kept, actor=STOREKEEPER, at=AT)

    def _cook(self, dish: UUID) -> None:
        """A dish is made of another variant in batches, of which one was made and a part thrown away."""
        line = RecipeLineDraft(variant_id=self.one.id, quantity=Decimal("0.1"))
        recipe = RecipeDraft(lines=(line,), made="in_batches", yield_quantity=Decimal(2), note="Stir.")
        save_recipe(owner_id=dish, draft=recipe, actor=STOREKEEPER, at=AT)
        place = self.shop.location.id
        made = ProductionDraft(variant_id=dish, location_id=place, quantity=Decimal(2), note="Early")
        produce(draft=made, actor=STOREKEEPER, at=AT)
        thrown = WasteDraft(
            variant_id=dish,
            location_id=place,
            quantity=Decimal("0.5"),
            reason_code="spilled",
            note="Slippery",
        )
        record_waste(draft=thrown, actor=STOREKEEPER, at=AT)

    def _approve(self, person: Employee) -> None:
        """Somebody's word for a refund."""
        Approval.objects.create(
            token_hash=f"hidden-{new_id()}",
            action="refund",
            subject_id=new_id(),
            amount_minor=500,
            approver=person,
            device_id=new_id(),
            given_at=AT,
            expires_at=AT,
        )

    def _open(self, register: Register) -> Any:
        key = new_id()
        float_ = Money(15_000, self.tenant.currency)
        actor = self.shop.actor(register=register)
        open_session(register_id=register.id, session_id=key, opening_float=float_, actor=actor, at=AT)
        return key

    def _close(self, code: str) -> None:
        """A register without a drawer, closed with a Z."""
        register = RegisterFactory.create(location=self.shop.location, code=code)
        close_register(register_id=register.id, actor=STOREKEEPER, at=AT)

    def _sell(self, register: Register, *lines: tuple[str, str]) -> Any:
        drafts = [sold(self.shop, name, quantity) for name, quantity in lines]
        draft = sale(*drafts, tenders=(cash(self.shop, 10_000),))
        actor = self.shop.actor(register=register)
        place_order(draft=draft, actor=actor, at=AT)
        back = RefundLineDraft(order_line_id=drafts[0].id, quantity=Decimal(1), goods="none")
        refund = RefundDraft(id=new_id(), order_id=draft.id, lines=(back,), reason="Too cold")
        refund_order(draft=refund, actor=actor, at=AT)
        self._lend()
        return draft.id

    def _charge(self, code: str) -> None:
        """Somebody pays by a card machine, and gets a part of it back."""
        account = ConnectionDraft(id=new_id(), gateway="card_machine", name="CANARY", account=code)
        connection = save_connection(draft=account, actor=SYSTEM, at=AT)
        reader = ReaderDraft(id=new_id(), connection_id=connection.pk, vendor_id=code, name="CANARY")
        save_reader(draft=reader, actor=SYSTEM)
        asked = AttemptDraft(
            id=new_id(),
            order_id=new_id(),
            purpose="nothing",
            connection_id=connection.pk,
            tender_type="card",
            channel="manual",
            amount=Money(700, self.tenant.currency),
            reference="CANARY",
            details={"last4": "4242"},
        )
        start_attempt(draft=asked, actor=SYSTEM, at=AT)
        drive_attempt(attempt_id=asked.id, at=AT)
        with unit_of_work():
            plan_refund(
                attempt_id=asked.id,
                part_id=None,
                amount_minor=200,
                reason="CANARY",
                at=AT,
                business_date=AT.date(),
            )

    def _lend(self) -> None:
        """Somebody buys on account."""
        key = new_id()
        account = HouseAccountDraft(id=key, code=f"house-{key.hex[-12:]}", name="Sparrow & Co")
        save_house_account(draft=account, actor=SYSTEM, at=AT)
        self._give()

    def _give(self) -> None:
        """Somebody gets a gift card, and one of an earlier system is taken over."""
        opened = OpenDraft(id=new_id(), holder="CANARY")
        give = GiveDraft(id=new_id(), account_id=opened.id, amount_minor=500, reason="CANARY", opened=opened)
        give_value(draft=give, occasion=office_occasion(actor=SYSTEM, at=AT))
        content = f"code,balance\n{new_id().hex},1\n".encode()
        import_cards(draft=ImportDraft(id=new_id(), name="CANARY", content=content), actor=SYSTEM, at=AT)
