"""The product as the machine drives it: a till, an account at the simulator, bells, sweeps and comparisons."""

from collections import Counter
from contextlib import suppress
from decimal import Decimal
from uuid import UUID

from fynlo.core.errors import DomainError
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from payments.gateways import services, states
from payments.gateways.models import Attempt, GatewayRefund
from payments.gateways.simulator.models import SimulatedObject
from payments.ledger.queries import trial_balance
from payments.reconciliation.models import Difference, SettlementLine
from payments.tenders.models import Payment
from payments.webhooks.models import InboundEvent
from pos.orders.drafts import LineDraft, OrderDraft
from pos.orders.models import Order
from pos.orders.refund_drafts import RefundDraft
from pos.orders.services.asking import AskDraft, ask_for_money
from pos.orders.services.refunds import refund_order
from pos.orders.services.steps import place_ticket
from pos.orders.services.tickets import open_ticket
from tests.contracts.gateways.case import Case

CUP = 380


class Product(Case):
    """A case whose till is the product's own: it asks by orders, and gives back by refunds."""

    def sell(self, cups: int) -> UUID:
        """An order of so many cappuccinos, placed."""
        key = new_id()
        variant = self.shop.variants["cappuccino"].id
        line = LineDraft(id=new_id(), variant_id=variant, quantity=Decimal(cups))
        open_ticket(draft=OrderDraft(id=key, lines=(line,)), actor=self.actor, at=self.at)
        place_ticket(order_id=key, actor=self.actor, at=self.at)
        return key

    def ask(self, order: UUID, amount: int, *, channel: str, is_manual: bool, with_tip: bool) -> UUID | None:
        """The till asks for money; its attempt, or None where the product says no."""
        is_present = channel == "present"
        reader = self.world.reader if is_present else None
        draft = AskDraft(
            id=new_id(),
            tender_type=self.tender,
            amount=Money(amount, "EUR"),
            reader_id=None if reader is None else reader.pk,
            channel=channel,
            capture="manual" if is_manual else "automatic",
            tip_on_reader=with_tip and is_present,
            incremental=is_manual,
        )
        with suppress(DomainError):
            ask_for_money(order_id=order, draft=draft, actor=self.actor, at=self.at)
        return draft.id if Attempt.objects.filter(pk=draft.id).exists() else None

    def give_back(self, order: UUID, amount: int) -> bool:
        """The till refunds so much of an order; whether the product lets it."""
        draft = RefundDraft(id=new_id(), order_id=order, amount=Money(amount, "EUR"), reason="cold")
        try:
            refund_order(draft=draft, actor=self.actor, at=self.at)
        except DomainError:
            return False
        return True

    def sent(self) -> None:
        """What was decided is sent, as after COMMIT."""
        for key in GatewayRefund.objects.filter(state=states.PREPARED).values_list("pk", flat=True):
            services.send_refund(refund_id=key, at=self.at)

    def no_more_faults(self) -> None:
        """What the script still holds will not strike any more."""
        SimulatedObject.objects.filter(kind="fault", about="waiting").update(about="struck")

    def row(self, key: UUID) -> Attempt:
        """The attempt."""
        found: Attempt = Attempt.objects.get(pk=key)
        return found

    def payments(self) -> dict[UUID, int]:
        """What was put to orders, by attempt."""
        return dict(Payment.objects.values_list("pk", "amount_minor"))

    def paid(self, order: UUID) -> int:  # type: ignore[override]
        """What the order says was paid of it."""
        return int(Order.objects.values_list("paid_minor", flat=True).get(pk=order))

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
        return [line.vendor_id for line in lines if not {line.vendor_id, line.source} & listed]
