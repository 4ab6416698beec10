"""Rules of taking money: asked for once or twice, paid, declined, looked at, let go, overridden, paid by card."""

from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from payments.gateways import services, states
from payments.gateways.simulator import guest
from tests.properties.payments.base import PLACES, Base
from tests.properties.payments.driver import CUP
from tests.properties.payments.model import Intent
from tests.properties.payments.weather import READS, STARTS, WRITES, holds

STARTING = st.sampled_from(("begin", "present", "present"))


class Taking(Base):
    """Money comes."""

    @rule(
        cups=st.integers(1, 3),
        channel=st.sampled_from(("present", "present", "qr")),
        is_manual=st.booleans(),
        with_tip=st.booleans(),
        verb=STARTING,
        fault=st.sampled_from(STARTS),
        then=st.sampled_from(("nothing", "pays", "pays", "asks again")),
        by_card=st.sampled_from((False, False, True)),
    )
    def sell(
        self,
        cups: int,
        channel: str,
        is_manual: bool,
        with_tip: bool,
        verb: str,
        fault: str | None,
        then: str,
        by_card: bool = False,
    ) -> None:
        """An order, and the till asks for its money; often the guest pays, or the till is impatient at once."""
        self.real.later(seconds=3)
        order = self.real.sell(cups)
        self.pencil.totals[order] = cups * CUP
        if by_card:
            self._by_card(order, self.pencil.totals[order] // 2)
        said: dict[str, Any] = {"channel": channel, "is_manual": is_manual, "with_tip": with_tip}
        intent = self._ask(order, verb, fault, minutes=10 if channel == "qr" and with_tip else None, **said)
        if intent is None:
            return
        if then != "nothing":
            self.paid(intent, 100)
        if then == "pays":
            self.real.look(self.real.row(intent.key))
        if then == "asks again":
            self._ask_once_more(intent, is_manual=False)

    def _ask(self, order: UUID, verb: str, fault: str | None, **said: Any) -> Intent | None:
        """Ask for what is due; where nothing is, for all of it: that must come to nothing."""
        amount = self.pencil.due(order)
        return self._ask_for(order, amount if amount > 0 else self.pencil.totals[order], verb, fault, **said)

    def _ask_for(self, order: UUID, amount: int, verb: str, fault: str | None, **said: Any) -> Intent | None:
        before = self.real.attempts_of(order)
        with self.meeting("present" if fault == "reader_busy" else verb, fault):
            self.real.ask(order, amount, **said)
        key = next(iter(self.real.attempts_of(order) - before), None)
        self.done("asked" if key else "not asked")
        if key is None:
            return None
        intent = Intent(key, order, amount, bool(said.get("is_manual")))
        self.pencil.intents.append(intent)
        return intent

    @precondition(lambda self: bool(self.pencil.intents))
    @rule(
        place=PLACES,
        is_manual=st.booleans(),
        verb=STARTING,
        fault=st.sampled_from(STARTS),
        pays=st.booleans(),
    )
    def ask_again(self, place: int, is_manual: bool, verb: str, fault: str | None, pays: bool) -> None:
        """Somebody at the till is impatient and asks for the money once more; the guest pays what is shown."""
        before = self.pencil.intents[-1 - place % len(self.pencil.intents)]
        self.real.later(seconds=3)
        if pays and before.seen == "nothing":
            self.paid(before, 0)
        made = self._ask(before.order, verb, fault, channel="present", is_manual=is_manual)
        if pays and made is not None:
            self.paid(made, 0)

    def _ask_once_more(self, before: Intent, *, is_manual: bool) -> None:
        """The same amount of the same order, on a page this time, and the guest pays that too."""
        made = self._ask_for(before.order, before.asked, "begin", None, channel="qr", is_manual=is_manual)
        if made is not None:
            self.paid(made, 0)

    @precondition(lambda self: self.some("open"))
    @rule(place=PLACES, how=st.sampled_from(("pays", "pays", "tips", "declined", "walks", "late", "late")))
    def guest(self, place: int, how: str) -> None:
        """Whoever has something to pay in front of them pays or does not; a slow bank pays what was let go."""
        intent = self.pick("open", place)
        row = self.vendors(intent)
        if row is not None and row.data["state"] in {"cancelled", "expired"} and how == "late":
            guest.pay(desk=self.world.desk, payment=self.name(row), is_late=True)
            intent.take(row.data["amount"])
            self.note_late(intent.order)
            self.done("paid late")
        elif how in {"declined", "walks"} and row is not None and row.data["state"] == "presented":
            act = guest.walk_away if how == "walks" else guest.decline
            act(desk=self.world.desk, payment=self.name(row))
            self.done("declined")
        else:
            self.paid(intent, 100 if how == "tips" else 0)

    def paid(self, intent: Intent, tip: int) -> None:
        """The guest pays, if it is before them."""
        row = self.vendors(intent)
        if intent.seen != "nothing" or row is None or row.data["state"] != "presented":
            return
        tip = tip if row.data["tip_on_reader"] else 0
        guest.pay(desk=self.world.desk, payment=self.name(row), tip_minor=tip)
        intent.tip = tip
        if intent.is_manual:
            intent.seen, intent.held = "held", intent.asked + tip
        else:
            intent.take(intent.asked + tip)
        self.done("paid")

    @precondition(lambda self: self.some("open"))
    @rule(
        place=PLACES,
        how=st.sampled_from(("looks", "looks", "repeats", "overrides")),
        verb=STARTING,
        read=st.sampled_from(READS),
        write=st.sampled_from(WRITES),
    )
    def till(self, place: int, how: str, verb: str, read: str | None, write: str | None) -> None:
        """The screen asks, or the request comes once more; where nobody knows, the guest may pay again."""
        intent = self.pick("open", place)
        self.real.later(seconds=2)
        if how == "overrides" and self.real.row(intent.key).state == states.UNKNOWN:
            self._override(intent)
        elif how == "repeats":
            with self.meeting(verb, write):
                self.real.drive(self.real.row(intent.key))
            self.done("repeated")
        else:
            self._look(intent, read)

    def _look(self, intent: Intent, fault: str | None) -> None:
        """If it can, the till goes on with what it sees, or puts it before the guest once more."""
        with self.meeting("advance", fault):
            self.real.look(self.real.row(intent.key))
        row = self.real.row(intent.key)
        with self.meeting("advance", None):
            if row.state == states.PREPARED:
                self.real.drive(row)
            elif row.state == states.DECLINED:
                self.real.present_again(row)
        self.done("looked")

    def _override(self, intent: Intent) -> None:
        """Now the order may get its money twice; what it does not owe is to be listed."""
        with self.meeting("advance", None):
            services.override_attempt(
                attempt_id=intent.key, reason="the guest is leaving", actor=self.real.actor, at=self.real.at
            )
            self.note_late(intent.order)
            self.done("overridden")

    @precondition(lambda self: self.some("live"))
    @rule(place=PLACES, fault=st.sampled_from((*WRITES, "taken_after_cancel", "taken_after_cancel")))
    def cancel(self, place: int, fault: str | None) -> None:
        """The till lets it go; sometimes the card is faster."""
        intent = self.pick("live", place)
        self.real.later(seconds=2)
        if fault == "taken_after_cancel" and intent.is_manual:
            fault = None
        with self.meeting("cancel", fault) as met:
            self.real.cancel(self.real.row(intent.key))
        row = self.vendors(intent)
        if row is not None and met == "taken_after_cancel" and row.data["captured"] and not intent.taken:
            intent.take(row.data["amount"])
        self.note_released(intent)
        self.done("cancelled")

    def note_released(self, intent: Intent) -> None:
        """What was reserved is free again, if the guest's bank says so."""
        row = self.vendors(intent)
        if row is not None and intent.seen == "held" and row.data["state"] in {"cancelled", "expired"}:
            intent.seen, intent.held, intent.tip = "released", 0, 0

    @precondition(lambda self: bool(self.pencil.intents))
    @rule(place=PLACES, part=st.sampled_from((1, 2, 2)))
    def card_pays(self, place: int, part: int) -> None:
        """Half of what is due, or all of it, is taken from the gift card; never beside money that is under way."""
        order = self.pencil.intents[-1 - place % len(self.pencil.intents)].order
        amount = max(self.pencil.due(order), 0) * part // 2
        self.real.later(seconds=2)
        if amount:
            self._by_card(order, amount)

    def _by_card(self, order: UUID, amount: int) -> None:
        if self.real.pay_by_card(order, amount):
            self.pencil.by_card[order] += amount
            self.done("paid by card")
        holds("gift card", self.real.on_card() == self.pencil.on_card, "it has not what was left on it")
