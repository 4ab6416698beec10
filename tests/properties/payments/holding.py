"""Rules of money that is reserved first: raised, taken in part or whole, taken by the sweep."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from fynlo.core.money import Money
from payments.gateways import services, states
from tests.properties.payments.base import PLACES
from tests.properties.payments.model import Intent
from tests.properties.payments.taking import Taking
from tests.properties.payments.weather import NOTHING_DONE, WRITES, holds

MORE = 100


class Holding(Taking):
    """Money is held before it is taken."""

    @precondition(lambda self: self.some("held"))
    @rule(place=PLACES, fault=st.sampled_from((*WRITES, "declined")))
    def increment(self, place: int, fault: str | None) -> None:
        """More is to be authorised; what the bank shows afterwards is what there is."""
        intent = self.pick("held", place)
        self.real.later(seconds=2)
        to = Money(intent.held + MORE, "EUR")
        with self.meeting("increment", fault) as met:
            services.increment_attempt(attempt_id=intent.key, to=to, actor=self.real.actor, at=self.real.at)
        self.note_released(intent)
        row = self.vendors(intent)
        if intent.seen != "held" or row is None:
            return
        held = row.data["authorised"]
        holds("increment", held in {intent.held, intent.held + MORE}, f"{held} of {intent.held}")
        holds("increment", met not in {*NOTHING_DONE, "declined"} or held == intent.held, met)
        intent.held = held
        self.done("incremented")

    @precondition(lambda self: self.some("held"))
    @rule(place=PLACES, less=st.sampled_from((0, 0, 30, -MORE)), fault=st.sampled_from(WRITES))
    def capture(self, place: int, less: int, fault: str | None) -> None:
        """The till takes what the guest owes, or less, or all that was raised; never more than the bank holds."""
        intent = self.pick("held", place)
        self.real.later(seconds=2)
        row = self.real.look(self.real.row(intent.key))
        self.note_released(intent)
        if row.state != states.AUTHORISED or intent.seen != "held":
            return
        wanted = min(intent.asked + intent.tip - less, intent.held)
        with self.meeting("capture", fault) as met:
            self.real.capture(row, wanted)
        self._note_capture(intent, wanted)
        holds("capture", met not in NOTHING_DONE or intent.seen == "held", f"taken after {met}")
        self.done("captured")

    def _note_capture(self, intent: Intent, wanted: int) -> None:
        taken = self.world.taken(intent.key)
        holds("charged once", taken in ([], [wanted]), f"{taken} instead of {wanted}")
        if taken:
            intent.take(wanted)

    def note_swept(self) -> None:
        """What nobody came back for was taken before it ran out: what the order owes of it, and no more."""
        for intent in self.these("held"):
            taken, most = self.world.taken(intent.key), min(intent.asked + intent.tip, intent.held)
            holds("swept", taken in ([], [most]), f"the sweep took {taken} of {intent.held}, {most} are owed")
            if taken:
                intent.take(most)
            self.note_released(intent)
