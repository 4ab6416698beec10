"""Two sides of the isolation walk: a merchant with everything that can be asked for, and everybody who asks."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.test import Client

from fynlo.core import clock
from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from tests.factories import shop
from tests.isolation.canary import mark_texts


@dataclass
class Side:
    """One merchant with everything the walk needs of it."""

    tenant: Any
    host: str
    ids: dict[str, str]
    identities: dict[str, dict[str, str]] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)


def build_side(tenant: Any, *, word: str) -> Side:
    """A shop with a paired till, a manager, an open drawer and a finished sale."""
    from payments.ledger.models import Account
    from pos.catalog.csv_reading import CsvForm
    from pos.catalog.services.stops import StopDraft, stop
    from pos.importing.services import stage_import
    from pos.inventory.count_drafts import CountDraft, EntryDraft
    from pos.inventory.models import StockCountLine, StockTransferLine
    from pos.inventory.services.adjustments import AdjustmentDraft, AdjustmentLine, adjust_stock
    from pos.inventory.services.count_entering import enter
    from pos.inventory.services.count_opening import open_count
    from pos.inventory.services.transfers import draft_transfer, send_transfer
    from pos.inventory.transfer_drafts import TransferDraft, TransferLineDraft
    from pos.models import CashSession, CatalogImage, Item, Order, OrderLine
    from pos.orders.drafts import LineDraft, OrderDraft, TenderDraft
    from pos.orders.services import place_order
    from pos.receipts import links
    from pos.registers.services import open_session
    from pos.registers.services.movements import MovementDraft, move_cash
    from pos.stock_files.services import stage_file
    from staff.access.services import sign_in
    from staff.employees.services import EmployeeDraft, create_employee
    from sync.terminals.codes import read_code
    from sync.terminals.services import create_pairing_code, pair_terminal
    from sync.terminals.tokens import PairingRequest
    from tests.factories import LocationFactory
    from tests.isolation.buying import buy
    from tests.isolation.cooking import cook
    from tests.isolation.drawers import keep_drawers
    from tests.isolation.gifting import give_card
    from tests.isolation.paying import keep_payments
    from tests.isolation.promising import promise
    from tests.isolation.reconciling import reconcile
    from tests.isolation.refunding import give_back

    made, at = shop(tenant), clock.now()
    with tenant_context(tenant):
        owner = create_employee(
            draft=EmployeeDraft(number="9", name="Owner", role="owner", email=f"owner@{tenant.slug}.example"),
            actor=SYSTEM,
            at=at,
            pin="4826",
            password="correct horse battery",
        )
        code = create_pairing_code(register_id=made.register.pk, actor=SYSTEM, at=at)
        paired = pair_terminal(
            request=PairingRequest(code=read_code(str(code.code)), device_name="Till"), at=at
        )
        till = made.actor(id=paired.terminal.pk, device_id=paired.terminal.pk)
        signed_in = sign_in(employee_number="9", pin="4826", device=till, at=at)
        open_session(
            session_id=new_id(),
            register_id=made.register.pk,
            opening_float=Money(10_000, tenant.currency),
            actor=till,
            at=at,
        )
        slip = MovementDraft(kind="paid_in", amount=Money(100, tenant.currency), reason_code=word)
        moved = move_cash(session_id=CashSession.objects.get().pk, draft=slip, actor=till, at=at)
        order_id, cappuccino = new_id(), made.variants["cappuccino"]
        place_order(
            draft=OrderDraft(
                id=order_id,
                lines=(LineDraft(id=new_id(), variant_id=cappuccino.pk, quantity=Decimal(2)),),
                tenders=(TenderDraft(id=new_id(), tender_type="cash", amount=Money(5000, tenant.currency)),),
            ),
            actor=till,
            at=at,
        )
        spare = create_pairing_code(register_id=made.register.pk, actor=SYSTEM, at=at)
        mark_texts(word)
        item = Item.objects.get(pk=cappuccino.item_id)
        image = CatalogImage(
            digest=word, content=word.encode(), media_type="image/webp", width=1, height=1, added_at=at
        )
        image.save()
        staged = stage_import(data=word.encode(), file_name=word, form=CsvForm(), actor=SYSTEM, at=at)
        stopped = stop(draft=StopDraft(item_id=item.pk, reason=word), actor=till, at=at)
        adjusted = AdjustmentDraft(
            id=new_id(),
            location_id=made.location.pk,
            reason_code="found",
            reason=word,
            lines=(AdjustmentLine(variant_id=cappuccino.pk, quantity=Decimal(1)),),
        )
        adjust_stock(draft=adjusted, actor=SYSTEM, at=at)
        place = {"location_id": made.location.pk, "variant_id": cappuccino.pk}
        promised = promise(word, **place, order_id=order_id, at=at)
        cooked = cook(
            word,
            location_id=made.location.pk,
            dish=made.variants["book"].pk,
            ingredient=made.variants["roll"].pk,
            at=at,
        )
        bought = buy(word, location_id=made.location.pk, variant_id=cappuccino.pk, at=at)
        count = CountDraft(kind="spot", location_id=made.location.pk, name=word)
        entered = EntryDraft(
            id=new_id(), counted_at=at, variant_id=cappuccino.pk, quantity=Decimal(1), zone=word
        )
        open_count(draft=count, actor=SYSTEM, at=at)
        enter(count_id=count.id, drafts=[entered], actor=SYSTEM, at=at)
        sent = TransferDraft(
            from_location_id=made.location.pk,
            to_location_id=LocationFactory.create(code="stand", name=word).pk,
            lines=(TransferLineDraft(variant_id=cappuccino.pk, quantity=Decimal(1)),),
            note=word,
        )
        draft_transfer(draft=sent, actor=SYSTEM, at=at)
        send_transfer(transfer_id=sent.id, actor=SYSTEM, at=at)
        kept = keep_drawers(word, shop=made, actor=till, session_id=CashSession.objects.get().pk, at=at)
        line_id = OrderLine.objects.get().pk
        refunded = give_back(word, order_id=order_id, order_line_id=line_id, actor=till, at=at)
        paid = keep_payments(word, order_id=order_id, at=at)
        gifted = give_card(word, register_id=made.register.pk, at=at)
        reconciled = reconcile(word, order_id=order_id, currency=tenant.currency, at=at)
        ids = {
            **reconciled,
            **kept,
            **paid,
            **refunded,
            **gifted,
            "count": count.id,
            "count_entry": entered.id,
            "count_line": StockCountLine.objects.get().pk,
            "transfer": sent.id,
            "transfer_line": StockTransferLine.objects.get().pk,
            **bought,
            **promised,
            **cooked,
            "adjustment": adjusted.id,
            "stock_file": stage_file(
                data=word.encode(), file_name=word, kind="levels", form=CsvForm(), actor=SYSTEM, at=at
            ),
            "variant": cappuccino.pk,
            "item": item.pk,
            "category": item.category_id,
            "location": made.location.pk,
            "register": made.register.pk,
            "stop": stopped["id"],
            "image": image.pk,
            "catalog_import": staged,
            "cash_session": CashSession.objects.get().pk,
            "order": order_id,
            "cash_movement": moved["id"],
            "training_number": 1,
            "receipt_token": links.token(kind=links.ORDER, key=order_id),
            "order_line": OrderLine.objects.get().pk,
            "payment": Order.objects.get().pk,
            "terminal": paired.terminal.pk,
            "employee": owner.pk,
            "pairing_code": spare.code,
            "content_type": "1",
            "app_label": "pos",
            "payment_gateway": "stripe",
            "document_kind": "item",
            "role": "cashier",
            "ledger_account": Account.objects.get(code="cash").pk,
            "url": "pos/item/",
        }
    device = {"Authorization": f"Bearer {paired.token}"}
    return Side(
        tenant=tenant,
        host=f"{tenant.slug}.localhost",
        ids={name: str(value) for name, value in ids.items()},
        identities={
            "nobody": {},
            "device": device,
            "owner on device": {**device, "Staff-Session": str(signed_in.token)},
        },
        secrets={str(paired.token), str(signed_in.token), str(spare.code)},
    )


def signed_in_client(side: Side) -> Client:
    """A browser of the merchant's owner, signed in to the back office at the merchant's own host."""
    client = Client(HTTP_HOST=side.host)
    answer = client.post(
        "/admin/login/?next=/admin/",
        {"username": f"owner@{side.tenant.slug}.example", "password": "correct horse battery"},
    )
    assert answer.status_code == 302, answer.content
    return client


def identities(ours: Side, theirs: Side) -> Iterator[tuple[Client, dict[str, str]]]:
    """Everybody who can try at our host: our people, their people, and mixtures."""
    for headers in ours.identities.values():
        yield Client(HTTP_HOST=ours.host), headers
    for name in ("device", "owner on device"):
        yield Client(HTTP_HOST=ours.host), theirs.identities[name]
    yield (
        Client(HTTP_HOST=ours.host),
        {
            **ours.identities["device"],
            "Staff-Session": theirs.identities["owner on device"]["Staff-Session"],
        },
    )
    stolen = Client(HTTP_HOST=ours.host)
    stolen.cookies = signed_in_client(theirs).cookies
    yield stolen, {}
