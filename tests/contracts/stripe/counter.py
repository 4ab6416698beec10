"""Customers at the counter: cards held to readers, too late, never, or with a tip."""

import stripe

from tests.contracts.stripe import responses
from tests.contracts.stripe.lives import ACTION
from tests.contracts.stripe.moving import Moving
from tests.contracts.stripe.objects import intents, refunds
from tests.contracts.stripe.objects.cards import ADVICE, CARDS, present_details
from tests.contracts.stripe.world import Body, World


class Counter(Moving):
    """What happens at a reader after the server handed it something."""

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
