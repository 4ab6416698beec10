"""The product as the machine drives it: a till, an account at the simulator, bells, sweeps and comparisons."""

import datetime as dt
from collections import Counter
from contextlib import suppress
from decimal import Decimal
from typing import Any
from uuid import UUID

from fynlo.core.errors import DomainError
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from payments.credit.models import StoredValue
from payments.credit.services import (
    GiveDraft,
    KeepDraft,
    OpenDraft,
    give_value,
    keep_as_credit,
    office_occasion,
)
from payments.gateways import services, states
from payments.gateways.models import Attempt, Connection, GatewayRefund
from payments.gateways.simulator.models import SimulatedObject
from payments.ledger.queries import trial_balance
from payments.reconciliation.models import Difference, Dispute, SettlementLine
from payments.reconciliation.services import resolve_difference
from payments.tenders.models import Payment, TenderType
from payments.webhooks.models import InboundEvent
from pos.orders.drafts import LineDraft, OrderDraft, TenderDraft
from pos.orders.models import Order
from pos.orders.refund_drafts import RefundDraft
from pos.orders.services.asking import AskDraft, ask_for_money
from pos.orders.services.paying import PayDraft, pay_order
from pos.orders.services.refunds import refund_order
from pos.orders.services.steps import place_ticket
from pos.orders.services.tickets import open_ticket
from tests.contracts.gateways.case import Case
from tests.contracts.gateways.worlds.simulated import Simulated
from tests.properties.payments.model import ON_CARD

CUP = 380


class Vendor(Simulated):
    """The simulator's world. Its clock is set with every step, so it remembers the account's settings."""

    kept: dict[str, Any] | None = None

    def _set(self, **settings: Any) -> None:
        rows = Connection.objects.filter(pk=self.connection.pk)
        before = rows.values_list("settings", flat=True).get() if self.kept is None else self.kept
        self.kept = {**before, **settings}
        rows.update(settings=self.kept)


class Product(Case):
    """A case whose till is the product's own: it asks by orders, and gives back by refunds."""

    def __init__(self, **said: Any) -> None:
        super().__init__(**said)
        TenderType.objects.create(code="gift", name="Gift card", kind="gift_card")
        self.card = new_id()
        opened = OpenDraft(id=self.card, kind="gift_card")
        draft = GiveDraft(
            id=new_id(), account_id=self.card, amount_minor=ON_CARD, reason="opening", opened=opened
        )
        give_value(draft=draft, occasion=office_occasion(actor=self.actor, at=self.at))

    def sell(self, cups: int) -> UUID:
        """An order of so many cappuccinos, placed."""
        key = new_id()
        variant = self.shop.variants["cappuccino"].id
        line = LineDraft(id=new_id(), variant_id=variant, quantity=Decimal(cups))
        open_ticket(draft=OrderDraft(id=key, lines=(line,)), actor=self.actor, at=self.at)
        place_ticket(order_id=key, actor=self.actor, at=self.at)
        return key

    def ask(
        self,
        order: UUID,
        amount: int,
        *,
        channel: str,
        is_manual: bool = False,
        with_tip: bool = False,
        minutes: int | None = None,
    ) -> None:
        """The till asks for money, a page of the guest's for so many minutes. Raises what the product says."""
        reader = self.world.reader if channel == "present" else None
        draft = AskDraft(
            id=new_id(),
            tender_type=self.tender,
            amount=Money(amount, "EUR"),
            reader_id=None if reader is None else reader.pk,
            channel=channel,  # type: ignore[arg-type]
            capture="manual" if is_manual else "automatic",
            tip_on_reader=with_tip and reader is not None,
            incremental=is_manual,
            expires_at=None if minutes is None else self.at + dt.timedelta(minutes=minutes),
        )
        ask_for_money(order_id=order, draft=draft, actor=self.actor, at=self.at)

    def attempts_of(self, order: UUID) -> set[UUID]:
        """Everything that was asked for of an order."""
        return set(Attempt.objects.filter(order_id=order).values_list("pk", flat=True))

    def pay_by_card(self, order: UUID, amount: int) -> bool:
        """A part of an order is paid with the gift card; whether the product lets it."""
        tender = TenderDraft(id=new_id(), tender_type="gift", amount=Money(amount, "EUR"), value_id=self.card)
        try:
            pay_order(order_id=order, draft=PayDraft(tenders=(tender,)), actor=self.actor, at=self.at)
        except DomainError:
            return False
        return True

    def give_back(self, order: UUID, amount: int) -> bool:
        """The till refunds so much of an order; whether the product lets it."""
        draft = RefundDraft(id=new_id(), order_id=order, amount=Money(amount, "EUR"), reason="cold")
        try:
            refund_order(draft=draft, actor=self.actor, at=self.at)
        except DomainError:
            return False
        return True

    def refunds(self, attempt: UUID) -> dict[UUID, GatewayRefund]:
        """What goes back of an attempt, by key."""
        return {row.pk: row for row in GatewayRefund.objects.filter(attempt_id=attempt).order_by("id")}

    def refund(self, key: UUID) -> GatewayRefund:
        """One of them."""
        found: GatewayRefund = GatewayRefund.objects.get(pk=key)
        return found

    def send(self, refund: UUID) -> None:
        """What was decided is sent, as after COMMIT."""
        services.send_refund(refund_id=refund, at=self.at)

    def sent(self) -> None:
        """Whatever waits is."""
        for key in GatewayRefund.objects.filter(state=states.PREPARED).values_list("pk", flat=True):
            self.send(key)

    def waits(self) -> bool:
        """Whether anything is still to be looked at."""
        rows = (Attempt.objects, GatewayRefund.objects)
        return any(each.filter(next_look_at__isnull=False).exists() for each in rows)

    def stop_faults(self) -> int:
        """What the script still holds will not strike any more; how much that was."""
        waiting = SimulatedObject.objects.filter(kind="fault", about="waiting")
        return int(waiting.update(about="struck"))

    def row(self, key: UUID) -> Attempt:
        """The attempt."""
        found: Attempt = Attempt.objects.get(pk=key)
        return found

    def payments(self) -> dict[UUID, int]:
        """What was put to orders by this account, by attempt."""
        mine = Payment.objects.filter(tender_type__code=self.tender)
        return dict(mine.values_list("pk", "amount_minor"))

    def orders(self) -> dict[UUID, tuple[int, int, str]]:
        """What orders say was paid of them and went back, and what they call that."""
        rows = Order.objects.values_list("pk", "paid_minor", "refunded_minor", "payment_state")
        return {key: (paid, back, state) for key, paid, back, state in rows}

    def has_heard_of_dispute(self, attempt: UUID) -> bool:
        """Whether one of it is known that was not decided for the merchant."""
        return Dispute.objects.filter(attempt_id=attempt).exclude(state="won").exists()

    def on_card(self) -> int:
        """What the gift card has."""
        return int(StoredValue.objects.values_list("balance_minor", flat=True).get(pk=self.card))

    def books(self) -> Counter[str]:
        """Every account's balance that is not zero."""
        return Counter({row.code: row.balance_minor for row in trial_balance() if row.balance_minor})

    def kept_bells(self) -> int:
        """How many events were kept."""
        return InboundEvent.objects.count()

    def unexplained(self) -> list[str]:
        """Lines of payouts that are neither matched nor listed where people see them."""
        listed = set(Difference.objects.values_list("subject", flat=True))
        lines = SettlementLine.objects.exclude(state="matched")
        return [line.vendor_id for line in lines if not {line.vendor_id, line.source, line.payment} & listed]

    def differences(self) -> Counter[str]:
        """What people see as different, by kind."""
        return Counter(Difference.objects.filter(state="open").values_list("kind", flat=True))

    def look_at_differences(self) -> int:
        """Somebody looks again at what is listed as different in its state; how many there were."""
        rows = Difference.objects.filter(
            state="open", kind__in=("status", "refund_status", "refund_missing_here")
        )
        for row in rows:
            with suppress(DomainError):
                resolve_difference(
                    difference_id=row.pk, action="look", reason="", actor=self.actor, at=self.at
                )
        return len(rows)

    def to_be_given_back(self) -> dict[UUID, int]:
        """Money that was taken and that no order owes, as the back office lists it: by attempt."""
        found = {}
        for row in Attempt.objects.filter(state=states.CAPTURED).exclude(trouble=""):
            amount = row.captured_minor - row.refunded_minor
            if row.settled_at is not None:
                amount = row.details.get("beyond_minor", 0)
            if amount:
                found[row.pk] = amount
        return found

    def give_back_late(self, attempt: UUID) -> UUID:
        """Somebody gives it back; the refund."""
        services.give_back(attempt_id=attempt, reason="nobody owed it", actor=self.actor, at=self.at)
        return next(reversed(self.refunds(attempt)))

    def keep_as_credit(self, attempt: UUID) -> None:
        """Or somebody puts it on a credit of the guest's."""
        draft = KeepDraft(attempt_id=attempt, reason="the guest comes again")
        keep_as_credit(draft=draft, actor=self.actor, at=self.at)
