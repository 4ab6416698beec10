"""Rules of the world around: bells, payouts, the sweep, and accounts that are lost and found."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from payments.gateways import services
from tests.properties.payments.returning import Returning
from tests.properties.payments.weather import DIES, Killed, holds, killed_at

STEPS = ("listing", "matching", "comparing", "posting", "closing")
HOWS = ("in order", "in order", "reversed", "twice", "lost", "later", "forged", "dies")
_FAULTS = (None, None, "advance", "refund", "present", "capture")


class Outside(Returning):
    """Everybody else."""

    @precondition(lambda self: self.some("taken"))
    @rule(compares=st.booleans(), foreign=st.integers(0, 1), dies=st.sampled_from((None, None, None, *STEPS)))
    def pay_out(self, compares: bool, foreign: int, dies: str | None) -> None:
        """The balance goes to the bank, at times less something of the vendor's; sometimes somebody compares."""
        if foreign:
            self.world.foreign_line()
            self.pencil.foreign += 1
        self.world.pay_out()
        self.done("paid out")
        if not compares or self.is_lost:
            return
        if dies is not None and self.is_stormy:
            try:
                with killed_at(f"reconcile.{dies}"):
                    self.real.reconcile()
            except Killed:
                type(self).faults[f"comparison dies after {dies}"] += 1
        self.real.reconcile()
        self.done("compared")

    @precondition(lambda self: bool(self.pencil.intents))
    @rule(how=st.sampled_from(HOWS))
    def bells(self, how: str) -> None:
        """What waits is rung: in order, backwards, twice, by a stranger, not at all, or with what comes next."""
        self.waiting += self.world.bells()
        if how == "later":
            return
        bells, self.waiting = self.waiting, []
        if bells and how not in ("in order", "dies"):
            type(self).faults[f"bells {how}"] += 1
        if how == "lost":
            return
        self.real.later(seconds=1)
        if how == "forged":
            refused = [self.real.is_refused(self.world.forged(bell)) for bell in bells]
            holds("bells", all(refused), "one that a stranger signed was taken")
        order = list(reversed(bells)) if how == "reversed" else bells
        for bell in order + (bells if how == "twice" else []):
            self._ring(bell, dies=how == "dies")

    def _ring(self, bell: object, *, dies: bool) -> None:
        """One that is good is kept once; a door that dies over it is called again by the vendor."""
        if dies:
            try:
                with killed_at("webhook.stored"):
                    self.real.is_refused(bell)
            except Killed:
                type(self).faults["door dies"] += 1
        if not self.real.is_refused(bell):
            self.pencil.rung.add(bell.body)
            self.done("bell")

    @precondition(lambda self: bool(self.pencil.intents))
    @rule(
        minutes=st.sampled_from((1, 5, 20, 480)),
        verb=st.sampled_from(_FAULTS),
        fault=st.sampled_from(("lost_after", "server_error", *DIES)),
    )
    def sweep(self, minutes: int, verb: str | None, fault: str) -> None:
        """Time passes, and the sweep looks at what is due, with faults of its own."""
        self.account_found()
        self.real.later(minutes=minutes)
        with self.meeting(verb or "advance", None if verb is None else fault):
            self.real.handle()
            services.resolve_due(at=self.real.at)
        self.note_swept()
        self.done("swept")

    @precondition(lambda self: bool(self.pencil.intents) and self.is_stormy)
    @rule(how=st.sampled_from(("found", "noticed", "unnoticed")))
    def account(self, how: str) -> None:
        """The account is not ours any more, until the next sweep at most; sometimes nobody notices at first."""
        if how == "found" or self.is_lost:
            self.account_found()
            return
        self.world.revoke()
        self.is_lost = True
        if how == "noticed":
            services.check_connection(connection_id=self.world.connection.pk, at=self.real.at)
        type(self).faults["account lost"] += 1

    def account_found(self) -> None:
        """It is again."""
        if self.is_lost:
            self.world.revoke(is_back=True)
            services.check_connection(connection_id=self.world.connection.pk, at=self.real.at)
            self.is_lost = False
            self.done("account found")
