"""One intent in one world: a till, a guest, a clock, and the accounts at the end."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.events.log import unit_of_work
from payments.gateways import services, states
from payments.gateways.base import BadSignature
from payments.gateways.models import Attempt, GatewayRefund
from payments.gateways.services import AttemptDraft
from payments.ledger.queries import trial_balance
from payments.reconciliation.models import Reconciliation
from payments.reconciliation.services import ask_for_run, run_reconciliation
from payments.tenders.models import Payment, TenderType
from payments.webhooks.queries import due_events
from payments.webhooks.services import handle_event, receive_for_merchant
from pos.orders.drafts import LineDraft, OrderDraft
from pos.orders.models import Order
from pos.orders.services.steps import place_ticket
from pos.orders.services.tickets import open_ticket
from staff.employees.roles import PERMISSIONS
from tests.contracts.gateways.worlds.base import Bell, World
from tests.factories import Shop

START = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
PRICE = 1900
"""Five cappuccinos."""
_ROUNDS = 40
_ENDED = (states.CAPTURED, states.DECLINED, states.CANCELLED, states.EXPIRED, states.REFUSED)


@dataclass(frozen=True, kw_only=True)
class Effects:
    """What an intent has come to, everywhere it could have."""

    taken: list[int]
    payments: list[int]
    order_paid: int
    on_tender: int


class Case:
    """What happens in one test. Everything is asked for at the case's own time."""

    def __init__(self, *, shop: Shop, world: World) -> None:
        self.shop, self.world, self.at = shop, world, START
        self.actor = shop.actor(permissions=frozenset(PERMISSIONS))
        self.on_tender_before, self.currency = 0, shop.tenant.currency
        world.open(actor=self.actor, at=self.at)
        self.tender = f"by_{world.code}"[:20]
        TenderType.objects.create(
            code=self.tender, name=world.code, kind=world.tender_kind, connection=world.connection
        )

    def later(self, **delta: float) -> None:
        """Time passes, inside and outside."""
        self.at += dt.timedelta(**(delta or {"seconds": 5}))
        self.world.clock(self.at)

    def order(self) -> UUID:
        """A placed order that owes `PRICE`."""
        key = new_id()
        line = LineDraft(id=new_id(), variant_id=self.shop.variants["cappuccino"].id, quantity=5)  # type: ignore[arg-type]
        open_ticket(draft=OrderDraft(id=key, lines=(line,)), actor=self.actor, at=self.at)
        place_ticket(order_id=key, actor=self.actor, at=self.at)
        return key

    def start(self, **said: Any) -> Attempt:
        """The attempt is written down; nobody has heard of it."""
        return services.start_attempt(draft=self.draft(**said), actor=self.actor, at=self.at)

    def drive(self, attempt: Attempt) -> Attempt:
        """The till goes on with it."""
        return services.drive_attempt(attempt_id=attempt.pk, at=self.at)

    def look(self, attempt: Attempt) -> Attempt:
        """The screen asks."""
        return services.look_at_attempt(attempt_id=attempt.pk, at=self.at)

    def begun(self, **said: Any) -> Attempt:
        """Started and put before the guest, if nothing goes wrong."""
        return self.drive(self.start(**said))

    def paid(self, **said: Any) -> Attempt:
        """Paid by the guest, if nothing goes wrong."""
        attempt = self.begun(**said)
        if attempt.state == states.PRESENTED:
            self.world.pay(attempt)
        return self.converged(attempt)

    def cancel(self, attempt: Attempt) -> Attempt:
        """The till lets it go."""
        return services.cancel_attempt(attempt_id=attempt.pk, actor=self.actor, at=self.at)

    def present_again(self, attempt: Attempt, *, elsewhere: bool = False) -> Attempt:
        """The till puts it before the guest once more, on the other reader if that is said."""
        other = self.world.other_reader if elsewhere else None
        return services.present_again(
            attempt_id=attempt.pk, reader_id=None if other is None else other.pk, actor=self.actor, at=self.at
        )

    def capture(self, attempt: Attempt, amount: int | None = None) -> Attempt:
        """The till takes what is authorised."""
        money = None if amount is None else Money(amount, self.currency)
        return services.capture_attempt(attempt_id=attempt.pk, amount=money, actor=self.actor, at=self.at)

    def plan_back(self, attempt: Attempt, amount: int) -> GatewayRefund:
        """It is decided that money goes back."""
        with unit_of_work():
            return services.plan_refund(
                attempt_id=attempt.pk,
                part_id=None,
                amount_minor=amount,
                reason="cold",
                at=self.at,
                business_date=self.at.date(),
            )

    def back(self, attempt: Attempt, amount: int) -> GatewayRefund:
        """Money goes back."""
        return services.send_refund(refund_id=self.plan_back(attempt, amount).pk, at=self.at)

    def ring(self, *bells: Bell) -> list[str]:
        """The vendor calls, and what is kept is handled at once, as its task would: the states they come to."""
        came = []
        for bell in bells:
            received = receive_for_merchant(
                gateway=self.world.code, body=bell.body, headers=bell.headers, at=self.at
            )
            assert received.event_id is not None
            came.append(handle_event(event_id=received.event_id, at=self.at) if received.is_new else "again")
        return came

    def is_refused(self, bell: Bell) -> bool:
        """Whether our door lets it stand outside."""
        try:
            self.ring(bell)
        except BadSignature:
            return True
        return False

    def handle(self) -> None:
        """Everything that rang is handled, if it is due."""
        for key in due_events(at=self.at):
            handle_event(event_id=key, at=self.at)

    def converged(self, attempt: Attempt, *, pays: bool = True, rings: bool = True) -> Attempt:
        """Until every queue is empty: till and sweep look, bells ring, the guest pays; the till asks no more."""
        row = attempt
        for _ in range(_ROUNDS):
            self.later(seconds=10)
            if rings:
                self.ring(*self.world.bells())
            self.handle()
            services.resolve_due(at=self.at)
            row = self.look(row)
            if row.state == states.DECLINED and row.failure_kind == "reader_trouble" and pays:
                row = self.present_again(row)
            if row.state == states.PRESENTED and pays:
                self.world.pay(row)
            row = self.look(row)
            if row.state in _ENDED and (row.settled_at or row.state != states.CAPTURED):
                return row
        raise AssertionError(f"it never ended: {row.state} {row.failure_text} {row.trouble}")

    def settled(self) -> None:
        """Let everything come to rest without anybody at the till."""
        for _ in range(_ROUNDS):
            self.later(seconds=300)
            self.ring(*self.world.bells())
            self.handle()
            if not services.resolve_due(at=self.at):
                return

    def settled_without_bells(self) -> None:
        """The same, and what rings is never heard."""
        self.world.bells()
        self.handle()
        self.at_rest()

    def at_rest(self) -> None:
        """The same with nothing but the sweep."""
        for _ in range(_ROUNDS):
            self.later(seconds=300)
            if not services.resolve_due(at=self.at):
                return

    def effects(self, attempt: Attempt) -> Effects:
        """What became of it, everywhere."""
        payments = Payment.objects.filter(order_id=attempt.order_id)
        assert {payment.pk for payment in payments} <= {attempt.pk}, "a payment has another key"
        balance = {row.code: row.balance_minor for row in trial_balance()}
        order = Order.objects.get(pk=attempt.order_id)
        return Effects(
            taken=self.world.taken(attempt.pk),
            payments=[payment.amount_minor for payment in payments],
            order_paid=order.paid_minor,
            on_tender=balance.get(self.account, 0) - self.on_tender_before,
        )

    def reconcile(self) -> None:
        """What the vendor lists is compared with what is here, until that is done."""
        run = ask_for_run(connection=self.world.connection, reason="test", at=self.at)
        for _ in range(_ROUNDS):
            run_reconciliation(run_id=run, clock=lambda: self.at)
            if Reconciliation.objects.get(pk=run).state != "running":
                return
        raise AssertionError("the comparison does not end")

    def balance(self, code: str) -> int:
        """What stands on an account of the books, in its own direction."""
        return next((abs(row.balance_minor) for row in trial_balance() if row.code == code), 0)

    @property
    def account(self) -> str:
        """The account of the books on which this way to pay lands."""
        return "cash" if self.world.tender_kind == "cash" else f"tender:{self.tender}"

    def start_over(self) -> None:
        """What is in the books by now was of intents before."""
        balance = {row.code: row.balance_minor for row in trial_balance()}
        self.on_tender_before = balance.get(self.account, 0)

    def draft(self, *, order_id: UUID | None = None, amount: int = PRICE, **said: Any) -> AttemptDraft:
        """What the till asks for."""
        usual: dict[str, Any] = {
            "id": new_id(),
            "order_id": self.order() if order_id is None else order_id,
            "connection_id": self.world.connection.pk,
            "tender_type": self.tender,
            "channel": self.world.channel,
            "amount": Money(amount, self.currency),
            "reference": "K1-1",
            "reader_id": None if self.world.reader is None else self.world.reader.pk,
            "details": self.world.details(amount),
        }
        if said.get("channel", self.world.channel) != "present":
            usual["reader_id"] = None
        return AttemptDraft(**usual | said)

    def once(self, attempt: Attempt, amount: int = PRICE) -> None:
        """Exactly one effect, the same everywhere."""
        on_tender = amount if self.world.stays_on_tender else 0
        wanted = Effects(taken=[amount], payments=[amount], order_paid=amount, on_tender=on_tender)
        assert self.effects(attempt) == wanted

    def never(self, attempt: Attempt) -> None:
        """No effect at all."""
        wanted = Effects(taken=[], payments=[], order_paid=0, on_tender=0)
        assert self.effects(attempt) == wanted
