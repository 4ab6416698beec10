"""The outside world as a test sees it: customers with cards, banks, time. The id alone finds the account."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import stripe

from tests.contracts.stripe import responses
from tests.contracts.stripe.lives import ACTION, DISPUTE, INTENT
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
from tests.contracts.stripe.objects.cards import ADVICE, CARDS, present_details
from tests.contracts.stripe.world import PLATFORM, Body, Vendor, World


class Outside:
    """What the vendor's own test tools and the real world would do; mixed into `StripeServer`."""

    vendor: Vendor
    bells: Any

    # Customers at the reader

    def tap(self, reader: str, card: str = "visa", *, tip: int = 0, late: bool = False) -> Body:
        """A card is held to the reader; `tip` in minor units; `late`: the action was cancelled a moment ago."""
        with self._moving(reader, "terminal.reader") as (world, body):
            action = world.hidden[reader].pop("cancelled") if late else self._running(body)
            world.hidden[reader].pop("card_is_in", None)
            body["action"] = action
            if action["type"] == "refund_payment":
                self._refund_at_reader(world, body)
            else:
                self._pay_at_reader(world, body, card, tip)
            return body

    def insert_card(self, reader: str) -> None:
        """The card is in and being asked: from now on `cancel_action` comes too late."""
        with self._moving(reader, "terminal.reader") as (world, body):
            self._running(body)
            world.hidden[reader]["card_is_in"] = True

    def fail_action(
        self, reader: str, code: str = "customer_canceled", *, old_software: bool = False
    ) -> Body:
        """The customer pressed cancel, walked away, or the reader gave up. No card was charged."""
        with self._moving(reader, "terminal.reader") as (world, body):
            self._fail(world, body, code=code, text=f"The reader action failed: {code}", error=None)
            if old_software:
                body["action"]["api_error"] = None
            return body

    def set_reader(self, reader: str, status: str) -> None:
        """`online` or `offline`."""
        with self._moving(reader, "terminal.reader") as (_world, body):
            body["status"] = status

    def occupy(self, reader: str) -> None:
        """Somebody else's cart is on the reader: the next action finds it busy."""
        with self._moving(reader, "terminal.reader") as (_world, body):
            action = responses.blank(stripe.terminal.Reader.Action)
            body["action"] = action | {"type": "process_payment_intent", "status": "in_progress"}
            doing = responses.blank(stripe.terminal.Reader.Action.ProcessPaymentIntent)
            body["action"]["process_payment_intent"] = doing | {"payment_intent": "pi_of_somebody_else"}

    def _pay_at_reader(self, world: World, reader: Body, name: str, tip: int) -> None:
        doing, card = reader["action"]["process_payment_intent"], CARDS[name]
        intent = world.get("payment_intent", doing["payment_intent"])
        wanted = "interac_present" if card.interac else "card_present"
        assert wanted in intent["payment_method_types"], f"{intent['id']} does not take {wanted}"
        assert not (tip and (doing["process_config"] or {}).get("skip_tipping")), (
            "this action asks for no tip"
        )
        if intent["status"] != "requires_payment_method":
            text = f"The PaymentIntent has a status of {intent['status']}"
            self._fail(world, reader, code="intent_invalid_state", text=text, error="invalid_request_error")
            return
        if tip:
            intent["amount"] += tip
            intent["amount_details"] = {"tip": {"amount": tip}}
        manual = intents.is_manual(intent)
        before = world.now() + intents.HOLD_PRESENT if manual else None
        details = present_details(
            card, reader=reader["id"], location=reader["location"], amount=intent["amount"], before=before
        )
        if card.declined is not None:
            error = intents.decline(world, intent, card, details)
            self._undo_tip(intent, tip)
            self._fail(
                world,
                reader,
                code="card_declined",
                text=error["message"],
                error="card_error",
                of=card.declined,
            )
            return
        asked = (intent["payment_method_options"] or {}).get("card_present", {})
        if asked.get("request_incremental_authorization_support") and card.increments and not card.interac:
            details["card_present"]["incremental_authorization_supported"] = True
        intents.approve(world, intent, card, details)
        ACTION.walk(reader["action"] | {"object": "action"}, "succeed")
        reader["action"] |= {"status": "succeeded"}
        world.tell("terminal.reader.action_succeeded", reader)

    def _undo_tip(self, intent: Body, tip: int) -> None:
        intent["amount"] -= tip
        intent["amount_details"] = {"tip": {}}

    def _refund_at_reader(self, world: World, reader: Body) -> None:
        call = world.hidden[reader["id"]].pop("refund")
        charge = refunds.charge_of(call)
        amount = refunds.allowed_amount(world, charge, reader["action"]["refund_payment"]["amount"])
        refund = refunds.give_back(world, charge, amount=amount, call=call)
        reader["action"] |= {"status": "succeeded"}
        reader["action"]["refund_payment"]["refund"] = refund["id"]
        world.tell("terminal.reader.action_succeeded", reader)

    def _fail(
        self, world: World, reader: Body, *, code: str, text: str, error: str | None, of: str | None = None
    ) -> None:
        action = self._running(reader) | {"status": "failed", "failure_code": code, "failure_message": text}
        if error:
            action["api_error"] = responses.blank(stripe.terminal.Reader.Action.ApiError) | {
                "type": error,
                "code": code,
                "decline_code": of,
                "message": text,
                "advice_code": ADVICE.get(of or ""),
            }
        reader["action"] = action
        world.tell("terminal.reader.action_failed", reader)

    def _running(self, reader: Body) -> Body:
        action: Body | None = reader["action"]
        assert action is not None, f"{reader['id']} waits for no card"
        assert action["status"] == "in_progress", f"{reader['id']} waits for no card: {action}"
        return action

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

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self.vendor.lock:
            yield
        if self.bells.at_once:
            self.bells.ring()

    @contextmanager
    def _moving(self, key: str, kind: str) -> Iterator[tuple[World, Body]]:
        """The world an object lives in, and the object."""
        with self._changing():
            homes = [world for world in self.vendor.worlds.values() if key in world.tables.get(kind, {})]
            assert len(homes) == 1, f"{kind} {key} lives in {len(homes)} accounts"
            yield homes[0], homes[0].tables[kind][key]
