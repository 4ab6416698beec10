"""The outside world as a test sees it: customers, banks, time. The id alone finds the account."""

from tests.contracts.stripe.counter import Counter
from tests.contracts.stripe.lives import DISPUTE, INTENT
from tests.contracts.stripe.objects import (
    accounts,
    balance,
    disputes,
    intents,
    links,
    payouts,
    refunds,
    sessions,
)
from tests.contracts.stripe.objects.cards import CARDS
from tests.contracts.stripe.world import PLATFORM, Body, World


class Outside(Counter):
    """What the vendor's own test tools and the real world would do; mixed into `StripeServer`."""

    # Customers online

    def pay_intent(self, intent: str, card: str = "visa", *, wallet: str | None = None) -> Body:
        """The customer confirms in the Payment Element; `wallet` is `apple_pay` or `google_pay`."""
        with self._moving(intent, "payment_intent") as (world, body):
            intents.pay_online(world, body, CARDS[card], wallet=wallet)
            return body

    def challenge(self, intent: str) -> None:
        """The customer's bank wants to know them better; `pay_intent` afterwards is how they pass."""
        with self._moving(intent, "payment_intent") as (world, body):
            INTENT.walk(body, "challenge")
            body["next_action"] = {"type": "use_stripe_sdk", "use_stripe_sdk": {}}
            world.tell("payment_intent.requires_action", body)

    def pay_session(
        self, session: str, card: str = "visa", *, wallet: str | None = None, later: bool = False
    ) -> Body:
        """The customer pays on the hosted page; `later` with money that is only announced. Returns the intent."""
        with self._moving(session, "checkout.session") as (world, body):
            intent = sessions.pay(world, body, card=card, wallet=wallet, later=later)
            if body["status"] == "complete" and body["payment_link"]:
                links.count(world.get("payment_link", body["payment_link"]))
            return intent

    def settle_session(self, session: str, *, arrived: bool = True) -> None:
        """The announced money arrived, or failed."""
        with self._moving(session, "checkout.session") as (world, body):
            sessions.settle(world, body, arrived=arrived)

    def visit_link(self, link: str) -> Body:
        """Somebody opens a payment link; returns the session to pay."""
        with self._moving(link, "payment_link") as (world, body):
            return links.visit(world, body)

    # Banks

    def fail_refund(self, refund: str, reason: str = "lost_or_stolen_card") -> None:
        """Days later the bank sends a refund back."""
        with self._moving(refund, "refund") as (world, body):
            refunds.fail(world, body, reason=reason)

    def settle_refund(self, refund: str) -> None:
        """A pending refund arrived."""
        with self._moving(refund, "refund") as (world, body):
            refunds.settle(world, body)

    def delay_refunds(self, charge: str) -> None:
        """Refunds of this charge start `pending`."""
        with self._moving(charge, "charge") as (world, _body):
            world.hidden[charge]["refunds_pend"] = True

    def decline_next_increment(self, intent: str) -> None:
        """The issuer says no to the next increment."""
        with self._moving(intent, "payment_intent") as (world, _body):
            world.hidden[intent]["next_increment_declined"] = True

    def open_dispute(
        self, charge: str, *, reason: str = "fraudulent", amount: int | None = None, warning: bool = False
    ) -> Body:
        """The customer's bank asks the money back."""
        with self._moving(charge, "charge") as (world, body):
            return disputes.open_on(world, body, reason=reason, amount=amount, warning=warning)

    def close_dispute(self, dispute: str, *, won: bool) -> None:
        """The bank decided."""
        with self._moving(dispute, "dispute") as (world, body):
            disputes.close(world, body, won=won)

    def end_dispute(self, dispute: str, verb: str) -> None:
        """A warning that ends without a chargeback: `expire` after an answer, `prevent` before one."""
        with self._moving(dispute, "dispute") as (world, body):
            DISPUTE.walk(body, verb)
            world.tell("charge.dispute.closed", body)

    def make_payout(
        self, account: str = PLATFORM, *, automatic: bool = True, amount: int | None = None
    ) -> Body:
        """The account's money goes to the bank and arrives."""
        with self._changing():
            world = self.vendor.worlds[account]
            payout = payouts.pay_out(world, automatic=automatic, amount=amount)
            payouts.arrive(world, payout)
            return payout

    def fail_payout(self, payout: str, code: str = "account_closed") -> None:
        """The bank sends a payout back."""
        with self._moving(payout, "payout") as (world, body):
            payouts.bounce(world, body, code=code)

    def add_line(
        self, account: str, amount: int, *, category: str, kind: str = "adjustment", fee: int = 0
    ) -> Body:
        """A line of the vendor's own in the books: foreign to us, perhaps of a category nobody knows yet."""
        with self._changing():
            world = self.vendor.worlds[account]
            fees = {"stripe_fee": fee}
            return balance.book(world, source=None, amount=amount, fees=fees, kind=kind, category=category)

    # Accounts

    def set_account(self, account: str, status: str, *, code: str | None = None, thin: bool = False) -> None:
        """`active`, `pending`, `restricted` (for a reason like `requirements_past_due`) or `unsupported`.

        `thin` rings as v2 does, naming what changed; otherwise v1's snapshots ring.
        """
        with self._changing():
            accounts.set_capability(accounts.find_account(self.vendor, account), status=status, code=code)
            world = self.vendor.worlds[account]
            if thin:
                self.bells.hear(accounts.thin_event(self.vendor, account))
                return
            world.tell("capability.updated", accounts.capability(self.vendor, account))
            world.tell("account.updated", accounts.account_v1(self.vendor, account))

    def prove_domains(self, account: str, *names: str) -> None:
        """From now on only these domains serve Apple's file (before, all do)."""
        with self._changing():
            self.vendor.worlds[account].hidden["proven domains"] = dict.fromkeys(names, True)

    # Time

    def advance_clock(self, seconds: int) -> None:
        """Later: pages expire, holds lapse."""
        with self._changing():
            self.vendor.clock.advance(seconds=seconds)
            for world in self.vendor.worlds.values():
                self._fall_due(world)

    def _fall_due(self, world: World) -> None:
        now = world.now()
        for session in world.all("checkout.session"):
            if session["status"] == "open" and session["expires_at"] <= now:
                sessions.end(world, session)
        for intent in world.all("payment_intent"):
            before = world.hidden[intent["id"]].get("capture_before")
            if intent["status"] == "requires_capture" and before is not None and before <= now:
                intents.release(world, intent, reason="automatic")
