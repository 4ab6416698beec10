"""Rules of money on its way back: refunds that are lost, that fail days later, that are sent again; disputes."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from payments.gateways import services, states
from payments.gateways.simulator.models import SimulatedObject
from tests.properties.payments.base import PLACES
from tests.properties.payments.holding import Holding
from tests.properties.payments.model import Back, Intent
from tests.properties.payments.weather import WRITES, holds

SENDING = st.sampled_from((*WRITES, "refund_fails_later", "declined"))


class Returning(Holding):
    """Money goes back."""

    @precondition(lambda self: self.some("taken") and not self.is_lost)
    @rule(place=PLACES, part=st.integers(1, 5), fault=SENDING)
    def give_back(self, place: int, part: int, fault: str | None) -> None:
        """Money of a paid order goes back; never more than was taken."""
        intent = self.pick("taken", place)
        self.real.later(seconds=2)
        if intent.order in self.pencil.late or self.real.row(intent.key).settled_at is None:
            return
        amount, card = self._to_go_back(intent, part)
        if not amount:
            return
        is_allowed = self._may_go_back(intent, amount + card) and amount <= self._undisputed(intent)
        known = self.real.refunds(intent.key)
        went = self.real.give_back(intent.order, amount + card)
        holds("refund cap", went == is_allowed, f"{amount} of {intent.left}: {went} instead of {is_allowed}")
        self.done("gave back" if went else "gave nothing back")
        if not went:
            return
        (key,) = self.real.refunds(intent.key).keys() - known.keys()
        intent.backs.append(Back(key, amount))
        self.pencil.card_back[intent.order] += card
        with self.meeting("refund", fault):
            self.real.send(key)
        self._note_sent(intent.backs[-1])

    def _to_go_back(self, intent: Intent, part: int) -> tuple[int, int]:
        """Quarters of what was paid; what a card paid too goes back whole, to each what came from it."""
        card = self.pencil.by_card[intent.order]
        if not card:
            return max((intent.owed - intent.tip) * part // 4, 1), 0
        if intent.tip or self.pencil.card_back[intent.order]:
            return 0, 0
        return intent.left, card

    def _may_go_back(self, intent: Intent, amount: int) -> bool:
        """What was never paid in full goes back whole, or not at all."""
        order = intent.order
        everything = self.pencil.left_of(order)
        if self.pencil.due(order) > 0:
            return 0 < amount == everything
        return 0 < amount <= everything - intent.tip

    def _undisputed(self, intent: Intent) -> int:
        """What of it the guest's bank has not taken back, or is about to, as far as anybody here has heard."""
        return max(intent.left - (intent.taken if self.real.has_heard_of_dispute(intent.key) else 0), 0)

    def _note_sent(self, back: Back) -> None:
        """Whether the bank, or the vendor, will not have it."""
        mine = SimulatedObject.objects.filter(kind="refund", data__ours=str(back.key)).order_by("-id").first()
        if mine is not None:
            back.state = "failed" if mine.data["fails"] or mine.data["state"] == "failed" else "gone"
        elif self.real.refund(back.key).state == states.FAILED:
            back.state = "failed"

    @precondition(lambda self: self.some("back") and not self.is_lost)
    @rule(
        place=PLACES,
        how=st.sampled_from(("fails", "sent again", "fails and sent again", "otherwise")),
        looks=st.booleans(),
        fault=SENDING,
    )
    def refund_fails(self, place: int, how: str, looks: bool, fault: str | None) -> None:
        """Days later a refund has failed; whoever notices sends it again, or transfers it from the bank."""
        back = self.pick("back", place).backs[-1]
        if how.startswith("fails"):
            self._money_comes_back(back)
        if looks:
            services.look_at_refund(refund_id=back.key, at=self.real.at)
        row = self.real.refund(back.key)
        if row.state == states.FAILED and how != "fails":
            self._mend(back, row.number, how == "otherwise", fault)

    def _money_comes_back(self, back: Back) -> None:
        rows = SimulatedObject.objects.filter(kind="refund", data__ours=str(back.key))
        row = rows.filter(data__state="succeeded").first()
        if row is not None:
            self.world.fail_refund(f"sim_ref_{row.pk.hex}")
            back.state = "failed"
            self.done("refund failed")

    def _mend(self, back: Back, number: int, otherwise: bool, fault: str | None) -> None:
        said = {"refund_id": back.key, "actor": self.real.actor, "at": self.real.at}
        if otherwise:
            services.settle_refund_otherwise(reason="transferred", account="bank", **said)
            back.state = "otherwise"
            self.done("refund paid otherwise")
            return
        with self.meeting("refund", fault):
            services.retry_refund(**said)
        back.state = "gone"
        self._note_sent_again(back)
        self.done("refund sent again")
        holds("refund sent again", self.real.refund(back.key).number == number + 1, "under its old number")

    def _note_sent_again(self, back: Back) -> None:
        """The vendor has a new refund of it, or none yet: then it is on its way all the same."""
        if self.real.refund(back.key).state == states.FAILED:
            back.state = "failed"
            return
        rows = SimulatedObject.objects.filter(kind="refund", data__ours=str(back.key)).order_by("id")
        if any(row.data["fails"] for row in rows):
            back.state = "failed"

    @precondition(lambda self: self.some("taken"))
    @rule(place=PLACES, how=st.sampled_from(("opens", "won", "lost")))
    def dispute(self, place: int, how: str) -> None:
        """The guest's bank takes it all back, or has decided, and sometimes gives it back again."""
        if how != "opens" and self.some("disputed"):
            self._decide(self.pick("disputed", place), is_won=how == "won")
            return
        intent = self.pick("taken", place)
        if intent.key in self.pencil.asked_about:
            return
        intent.dispute = self.world.dispute(self.real.row(intent.key))
        self.pencil.asked_about.add(intent.key)
        self.pencil.disputes += 1
        self.pencil.disputed += intent.taken
        self.done("disputed")

    def _decide(self, intent: Intent, *, is_won: bool) -> None:
        self.world.close_dispute(str(intent.dispute), is_won=is_won)
        intent.dispute = None
        if is_won:
            self.pencil.won += intent.taken
        self.done("dispute won" if is_won else "dispute lost")
