"""A machine that asks for money, pays, lets go, gives back and disputes at random, while everything goes wrong."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from fynlo.core.errors import DomainError
from fynlo.core.money import Money
from payments.gateways import services, states
from payments.gateways.models import Attempt, GatewayRefund
from payments.gateways.simulator import guest
from payments.gateways.simulator.models import SimulatedObject
from tests.contracts.gateways.worlds.base import Bell
from tests.contracts.gateways.worlds.simulated import Simulated
from tests.properties.payments.driver import CUP, Product
from tests.properties.payments.model import Back, Intent, Pencil

LOST = (None, None, None, None, None, "lost_after", "lost_before", "server_error", "rate_limited")
READS = (None, None, "server_error", "unknown_state")
PLACES = st.integers(0, 3)
"""Which of those that come into question, the latest first."""
_OVER = (states.DECLINED, states.CANCELLED, states.EXPIRED, states.REFUSED)


class Trade(RuleBasedStateMachine):
    """`product` makes the product of one example."""

    product: Callable[[], Product]
    steps: Counter[str] = Counter()
    """What was done over all examples, by what it was."""

    @initialize()
    def begin(self) -> None:
        """A merchant with an account, and nothing in it."""
        self.real = self.product()
        self.world = cast("Simulated", self.real.world)
        self.pencil = Pencil()
        self.waiting: list[Bell] = []
        self.names: dict[bytes, str] = {}

    def _these(self, kind: str) -> list[Intent]:
        def is_one(each: Intent) -> bool:
            if kind == "back":
                return bool(each.backs)
            if kind == "live":
                return each.seen in {"nothing", "held"}
            return each.seen == {"open": "nothing"}.get(kind, kind)

        return [each for each in reversed(self.pencil.intents) if is_one(each)]

    def _some(self, kind: str) -> bool:
        return hasattr(self, "pencil") and bool(self._these(kind))

    def _pick(self, kind: str, place: int) -> Intent:
        found = self._these(kind)
        return found[place % len(found)]

    def _done(self, what: str) -> None:
        type(self).steps[what] += 1

    def _meet(self, verb: str, fault: str | None) -> None:
        if fault is not None:
            self.world._plan(fault, verb)
            self._done("faults")

    def _try(self, call: Callable[[], Any]) -> None:
        try:
            call()
        except DomainError:
            self._done("said no")
        self.real.no_more_faults()

    @rule(
        cups=st.integers(1, 3),
        channel=st.sampled_from(("present", "present", "qr")),
        is_manual=st.booleans(),
        with_tip=st.booleans(),
        verb=st.sampled_from(("begin", "present")),
        fault=st.sampled_from((*LOST, None, None, "reader_busy", "unknown_state")),
        pays=st.booleans(),
    )
    def sell(
        self,
        cups: int,
        channel: str,
        is_manual: bool,
        with_tip: bool,
        verb: str,
        fault: str | None,
        pays: bool,
    ) -> None:
        """An order, and the till asks for its money; often the guest pays at once, and somebody looks."""
        self.real.later(seconds=3)
        order = self.real.sell(cups)
        self.pencil.totals[order] = cups * CUP
        self._ask(order, channel, is_manual, with_tip, verb, fault)
        if pays and self._some("open"):
            intent = self._pick("open", 0)
            self._paid(intent, 100)
            self.real.look(self.real.row(intent.key))

    def _ask(
        self, order: Any, channel: str, is_manual: bool, with_tip: bool, verb: str, fault: str | None
    ) -> None:
        self._meet("present" if fault == "reader_busy" else verb, fault)
        amount = self.pencil.totals[order]
        key = self.real.ask(order, amount, channel=channel, is_manual=is_manual, with_tip=with_tip)
        self.real.no_more_faults()
        self._done("asked" if key else "not asked")
        if key is not None:
            self.pencil.intents.append(Intent(key, order, amount, is_manual))

    @precondition(lambda self: bool(self.pencil.intents))
    @rule(
        place=PLACES,
        is_manual=st.booleans(),
        verb=st.sampled_from(("begin", "present")),
        fault=st.sampled_from(LOST),
        pays=st.booleans(),
    )
    def ask_again(self, place: int, is_manual: bool, verb: str, fault: str | None, pays: bool) -> None:
        """Somebody at the till is impatient and asks for the same money once more; the guest pays what is shown."""
        before = self.pencil.intents[-1 - place % len(self.pencil.intents)]
        self.real.later(seconds=3)
        if pays and before.seen == "nothing":
            self._paid(before, 0)
        self._ask(before.order, "present", is_manual, False, verb, fault)
        if pays and self.pencil.intents[-1].seen == "nothing":
            self._paid(self.pencil.intents[-1], 0)

    @precondition(lambda self: self._some("open"))
    @rule(place=PLACES, tip=st.sampled_from((0, 0, 100)))
    def guest_pays(self, place: int, tip: int) -> None:
        """Whoever has something to pay in front of them pays; the guest's bank shows it."""
        self._paid(self._pick("open", place), tip)

    def _paid(self, intent: Intent, tip: int) -> None:
        row = self._vendors(intent)
        if row is None or row.data["state"] != "presented":
            return
        tip = tip if row.data["tip_on_reader"] else 0
        state = guest.pay(desk=self.world.desk, payment=f"sim_pay_{row.pk.hex}", tip_minor=tip)
        assert state == ("authorised" if intent.is_manual else "captured")
        intent.tip, intent.seen = tip, "held" if intent.is_manual else "taken"
        intent.held = intent.asked + tip
        if not intent.is_manual:
            intent.taken = intent.held
        self._done("paid")

    @precondition(lambda self: self._some("open"))
    @rule(place=PLACES, walks=st.booleans())
    def guest_cannot(self, place: int, walks: bool) -> None:
        """The card is no good, or nobody comes."""
        intent = self._pick("open", place)
        row = self._vendors(intent)
        if row is not None and row.data["state"] == "presented":
            act = guest.walk_away if walks else guest.decline
            act(desk=self.world.desk, payment=f"sim_pay_{row.pk.hex}")
            self._done("declined")

    def _vendors(self, intent: Intent) -> SimulatedObject | None:
        found: SimulatedObject | None = SimulatedObject.objects.filter(
            kind="payment", about=str(intent.key)
        ).first()
        return found

    @precondition(lambda self: self._some("open"))
    @rule(place=PLACES, fault=st.sampled_from(READS))
    def look(self, place: int, fault: str | None) -> None:
        """The screen asks; if it can, the till goes on or puts it before the guest once more."""
        intent = self._pick("open", place)
        self.real.later(seconds=2)
        self._meet("advance", fault)
        row = self.real.look(self.real.row(intent.key))
        self.real.no_more_faults()
        if row.state == states.PREPARED:
            self.real.drive(row)
        elif row.state == states.DECLINED:
            self._try(lambda: self.real.present_again(row))
        self._done("looked")

    @precondition(lambda self: self._some("live"))
    @rule(
        place=PLACES, fault=st.sampled_from((None, None, "lost_after", "lost_before", "taken_after_cancel"))
    )
    def cancel(self, place: int, fault: str | None) -> None:
        """The till lets it go; sometimes the card is faster."""
        intent = self._pick("live", place)
        self.real.later(seconds=2)
        if fault == "taken_after_cancel" and intent.is_manual:
            fault = None
        self._meet("cancel", fault)
        self._try(lambda: self.real.cancel(self.real.row(intent.key)))
        row = self._vendors(intent)
        if fault == "taken_after_cancel" and row is not None and row.data["captured"]:
            intent.seen, intent.taken, intent.held = "taken", row.data["amount"] + intent.tip, 0
        if row is not None and row.data["state"] == "cancelled" and intent.seen == "held":
            intent.seen, intent.held, intent.tip = "released", 0, 0
        self._done("cancelled")

    @precondition(lambda self: self._some("held"))
    @rule(place=PLACES, fault=st.sampled_from((None, None, "lost_after", "lost_before", "declined")))
    def increment(self, place: int, fault: str | None) -> None:
        """More is to be authorised; what the bank shows afterwards is what there is."""
        intent = self._pick("held", place)
        self.real.later(seconds=2)
        self._meet("increment", fault)
        to = Money(intent.held + 100, "EUR")
        self._try(
            lambda: services.increment_attempt(
                attempt_id=intent.key, to=to, actor=self.real.actor, at=self.real.at
            )
        )
        row = self._vendors(intent)
        assert row is not None
        assert row.data["authorised"] in {intent.held, intent.held + 100}
        assert fault not in {"lost_before", "declined"} or row.data["authorised"] == intent.held
        intent.held = row.data["authorised"]
        self._done("incremented")

    @precondition(lambda self: self._some("held"))
    @rule(place=PLACES, less=st.sampled_from((0, 0, 30)), fault=st.sampled_from(LOST))
    def capture(self, place: int, less: int, fault: str | None) -> None:
        """The till takes what is authorised, or less; never more than the bank holds."""
        intent = self._pick("held", place)
        self.real.later(seconds=2)
        row = self.real.look(self.real.row(intent.key))
        if row.state != states.AUTHORISED:
            return
        self._meet("capture", fault)
        wanted = min(intent.asked + intent.tip, intent.held) - less
        self._try(lambda: self.real.capture(row, wanted))
        self._note_capture(intent, wanted)
        assert fault not in {"lost_before", "server_error", "rate_limited"} or intent.seen == "held"
        self._done("captured")

    def _note_capture(self, intent: Intent, wanted: int) -> None:
        taken = self.world.taken(intent.key)
        assert taken in ([], [wanted]), f"{taken} of {wanted}"
        if taken:
            intent.seen, intent.taken, intent.held = "taken", wanted, 0
            intent.tip = min(intent.tip, wanted)

    @precondition(lambda self: self._some("taken"))
    @rule(place=PLACES, part=st.integers(1, 5), fault=st.sampled_from((*LOST, "refund_fails_later")))
    def give_back(self, place: int, part: int, fault: str | None) -> None:
        """Money of a paid order goes back; never more than was taken."""
        intent = self._pick("taken", place)
        self.real.later(seconds=2)
        if self.real.row(intent.key).settled_at is None:
            return
        amount = max((intent.taken - intent.tip) * part // 4, 1)
        is_whole = self.pencil.taken_for(intent.order) == self.pencil.totals[intent.order]
        everything = sum(each.left for each in self.pencil.intents if each.order == intent.order)
        # What was never paid in full goes back whole, or not at all.
        is_allowed = amount <= intent.left - intent.tip and (is_whole or amount == everything)
        self._meet("refund", fault)
        assert self.real.give_back(intent.order, amount) == is_allowed
        if is_allowed:
            self.real.sent()
            intent.backs.append(Back(amount, failed=fault == "refund_fails_later"))
        self.real.no_more_faults()
        self._done("gave back" if is_allowed else "gave nothing back")

    @precondition(lambda self: self._some("back"))
    @rule(place=PLACES)
    def money_comes_back(self, place: int) -> None:
        """Days later a refund has failed."""
        intent = self._pick("back", place)
        rows = SimulatedObject.objects.filter(kind="refund", data__attempt=str(intent.key))
        row = rows.filter(data__state="succeeded").first()
        if row is None:
            return
        self.world.fail_refund(f"sim_ref_{row.pk.hex}")
        amount = row.data["amount"]
        next(each for each in intent.backs if each.amount == amount and not each.failed).failed = True
        self._done("refund failed")

    @precondition(lambda self: self._some("taken"))
    @rule(place=PLACES, is_won=st.booleans())
    def dispute(self, place: int, is_won: bool) -> None:
        """The guest's bank takes it all back, and sometimes gives it back again."""
        intent = self._pick("taken", place)
        if intent.disputed:
            return
        name = self.world.dispute(self.real.row(intent.key))
        intent.disputed = True
        self.pencil.disputes += 1
        self.pencil.disputed += intent.taken
        if is_won:
            self.world.close_dispute(name, is_won=True)
            self.pencil.won += intent.taken
        self._done("disputed")

    @precondition(lambda self: self._some("taken"))
    @rule(compares=st.booleans(), foreign=st.integers(0, 1))
    def pay_out(self, compares: bool, foreign: int) -> None:
        """The balance goes to the bank, at times less something of the vendor's; sometimes somebody compares."""
        if foreign:
            self.world.foreign_line()
            self.pencil.foreign += 1
        self.world.pay_out()
        if compares:
            self.real.reconcile()
        self._done("paid out")

    @precondition(lambda self: bool(self.pencil.intents))
    @rule(how=st.sampled_from(("in order", "reversed", "twice", "lost", "later")))
    def bells(self, how: str) -> None:
        """What waits is rung: in order, backwards, twice, not at all, or with what comes next."""
        self.waiting += self.world.bells()
        if how == "later":
            return
        bells, self.waiting = self.waiting, []
        if how == "lost":
            return
        self.real.later(seconds=1)
        order = list(reversed(bells)) if how == "reversed" else bells
        for bell in order + (bells if how == "twice" else []):
            if not self.real.is_refused(bell):
                self.pencil.rung.add(bell.body)
                self._done("bell")

    @precondition(lambda self: bool(self.pencil.intents))
    @rule(minutes=st.sampled_from((1, 5, 20)))
    def sweep(self, minutes: int) -> None:
        """Time passes, and the sweep looks at what is due."""
        self.real.later(minutes=minutes)
        self.real.handle()
        services.resolve_due(at=self.real.at)
        self._done("swept")

    @invariant()
    def nothing_twice(self) -> None:
        """Nobody is charged twice, nothing is paid that was not taken, and nothing goes back that was not."""
        if not hasattr(self, "real"):
            return
        rows = {row.pk: row for row in Attempt.objects.all()}
        payments = self.real.payments()
        assert set(payments) <= set(rows)
        for intent in self.pencil.intents:
            row, taken = rows[intent.key], self.world.taken(intent.key)
            assert taken == ([intent.taken] if intent.taken else []), "charged twice, or behind our back"
            assert row.state != states.CAPTURED or [row.captured_minor] == taken, (
                "paid, and nothing was taken"
            )
            assert payments.get(intent.key, 0) in {0, intent.taken}
            assert 0 <= row.refunded_minor <= row.captured_minor
            assert row.refunded_minor == sum(back.amount for back in intent.backs)
            assert sum(self.world.back(intent.key)) <= intent.taken
        for order, total in self.pencil.totals.items():
            assert self.pencil.taken_for(order) <= total, "one order was charged twice"
        assert self.real.kept_bells() == len(self.pencil.rung), "a bell was kept twice"

    def teardown(self) -> None:
        """When all queues are empty, everybody says the same."""
        if hasattr(self, "real"):
            self.real.no_more_faults()
            self._come_to_rest()
            self._all_agree()

    def _come_to_rest(self) -> None:
        for _ in range(2):
            for row in Attempt.objects.filter(state__in=states.OPEN).exclude(state=states.AUTHORISED):
                self._sent_home(row)
            self.real.later(hours=5)
            self.real.sent()
            self._swept()
            for refund in GatewayRefund.objects.filter(state=states.SUCCEEDED):
                services.look_at_refund(refund_id=refund.pk, at=self.real.at)
        self.real.later(hours=48)
        self._swept()
        for intent in self.pencil.intents:
            if intent.seen == "held":
                self._note_sweep(intent)

    def _swept(self) -> None:
        """The sweep alone, until nothing is on its way."""
        for _ in range(6):
            self.real.later(hours=7)
            services.resolve_due(at=self.real.at)

    def _sent_home(self, row: Attempt) -> None:
        """It stands on a reader or a page, and everybody has gone home."""
        with suppress(DomainError):
            self.real.cancel(self.real.look(row))

    def _note_sweep(self, intent: Intent) -> None:
        """What nobody came back for is taken as it is held: an order owes it."""
        taken = self.world.taken(intent.key)
        assert taken in ([], [intent.held])
        intent.seen, intent.taken, intent.held = ("taken", intent.held, 0) if taken else ("released", 0, 0)

    def _all_agree(self) -> None:
        self.world.pay_out()
        self.real.reconcile()
        for intent in self.pencil.intents:
            row = self.real.row(intent.key)
            assert row.state in {*_OVER, states.CAPTURED}, f"{row.state} for ever"
            assert [row.captured_minor] * bool(intent.taken) == self.world.taken(intent.key)
            assert not intent.taken or row.settled_at is not None, row.trouble
            good = sorted(back.amount for back in intent.backs if not back.failed)
            rows = GatewayRefund.objects.filter(attempt=row).values_list(
                "state", "failure_code", "next_look_at"
            )
            back = sorted(self.world.back(intent.key))
            assert back == good, f"{back} went back instead of {good}: {list(rows)}"
            states_of = GatewayRefund.objects.filter(attempt=row).values_list("state", flat=True)
            assert sorted(states_of) == sorted("failed" if b.failed else "succeeded" for b in intent.backs)
        assert self.real.unexplained() == []
        books, expected = self.real.books(), self.pencil.lines()
        assert {code: books[code] for code in expected} == dict(expected)
        assert books[self.real.account] == 0
