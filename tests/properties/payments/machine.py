"""A machine that takes money, gives it back and disputes it at random, while everything goes wrong.

Its rules are told in `taking`, `holding`, `returning` and `outside`; here is what always holds, and what holds when
all is over. What the guests' banks show is read from the vendor's own rows, never from ours.
"""

from contextlib import suppress
from uuid import UUID

from hypothesis.stateful import invariant

from fynlo.core.errors import DomainError
from payments.gateways import services, states
from payments.gateways.models import Attempt, GatewayRefund
from payments.gateways.simulator.models import SimulatedObject
from tests.properties.payments.model import Back, Intent
from tests.properties.payments.outside import Outside
from tests.properties.payments.weather import holds

_OVER = (states.DECLINED, states.CANCELLED, states.EXPIRED, states.REFUSED)
_OWING = ("unpaid", "part_paid")
Rows = dict[UUID, Attempt]


class Trade(Outside):
    """All rules, and what must hold."""

    @invariant()
    def always(self) -> None:
        """After every step: vendor, attempts, payments, orders and bells against the pencil."""
        if not hasattr(self, "real"):
            return
        rows = {row.pk: row for row in Attempt.objects.all()}
        taken, back, made = self._at_vendor()
        self._charged_once(taken, made)
        put = self.real.payments()
        self._paid_is_taken(rows, put)
        for intent in self.pencil.intents:
            self._not_more_back(intent, rows[intent.key], back.get(str(intent.key), []))
        self._orders_say_so(rows, put)
        holds("bells", self.real.kept_bells() == len(self.pencil.rung), "one was kept twice, or not at all")

    def _at_vendor(self) -> tuple[dict[str, list[int]], dict[str, list[int]], dict[str, int]]:
        """What the vendor took and gave back, and how often it has each payment: its own rows, by our key."""
        taken: dict[str, list[int]] = {}
        back: dict[str, list[int]] = {}
        made: dict[str, int] = {}
        rows = SimulatedObject.objects.filter(kind__in=("payment", "refund"))
        for kind, data in rows.values_list("kind", "data"):
            if kind == "refund" and data["state"] != "failed":
                back.setdefault(data["attempt"], []).append(data["amount"])
            elif kind == "payment":
                made[data["attempt"]] = made.get(data["attempt"], 0) + 1
                if data["captured"]:
                    taken.setdefault(data["attempt"], []).append(data["captured"])
        return taken, back, made

    def _charged_once(self, taken: dict[str, list[int]], made: dict[str, int]) -> None:
        """Nobody is charged twice, nor behind our back; the vendor was asked for each intent once."""
        for intent in self.pencil.intents:
            mine = taken.get(str(intent.key), [])
            holds("charged once", mine == [intent.taken] * bool(intent.taken), f"{mine}, not {intent.taken}")
            holds("asked once", made.get(str(intent.key), 0) <= 1, "the vendor has it twice")
        for order, total in self.pencil.totals.items():
            paid = self.pencil.taken_for(order)
            holds(
                "charged once", paid <= total or order in self.pencil.late, f"{paid} of {total} for one order"
            )

    def _paid_is_taken(self, rows: Rows, payments: dict[UUID, int]) -> None:
        """What we say was taken was taken; what was put to an order was, too."""
        holds("paid is taken", payments.keys() <= rows.keys(), "a payment that nobody asked for")
        for intent in self.pencil.intents:
            row, paid = rows[intent.key], payments.get(intent.key, 0)
            is_right = row.state != states.CAPTURED or row.captured_minor == intent.taken
            holds("paid is taken", is_right, f"{row.captured_minor} here, {intent.taken} at the bank")
            most = intent.taken if intent.order in self.pencil.late else intent.owed
            is_whole = paid == most or intent.order in self.pencil.late
            holds("paid is taken", not paid or (is_whole and paid <= most), f"{paid} of {most} for the order")

    def _not_more_back(self, intent: Intent, row: Attempt, back: list[int]) -> None:
        """No more goes back than was decided, and no more is decided than was taken."""
        decided = sum(each.amount for each in intent.backs)
        holds(
            "not more back", row.refunded_minor == decided <= intent.taken, f"{row.refunded_minor}, {decided}"
        )
        holds("not more back", sum(back) <= decided, f"{back} went back, {decided} was decided")

    def _orders_say_so(self, rows: Rows, put: dict[UUID, int]) -> None:
        """An order was paid with what account and card put to it, and never with more than it costs."""
        for order, (paid, back, _) in self.real.orders().items():
            mine = [intent for intent in self.pencil.intents if intent.order == order]
            by_bank = sum(put.get(intent.key, 0) for intent in mine)
            holds("orders", paid == by_bank + self.pencil.by_card[order], f"{paid} paid, {by_bank} by bank")
            tips = sum(rows[each.key].tip_minor for each in mine if each.key in put)
            holds(
                "orders", paid <= self.pencil.totals[order] + tips, f"{paid} of {self.pencil.totals[order]}"
            )
            if order not in self.pencil.late:
                gone = sum(each.amount for intent in mine for each in intent.backs)
                gone += self.pencil.card_back[order]
                holds("orders", back == gone, f"{back} refunded, {gone} went back")

    def teardown(self) -> None:
        """When all queues are empty, everybody says the same."""
        if hasattr(self, "real"):
            self.real.stop_faults()
            self.account_found()
            self._come_to_rest()
            self.always()
            self._compare()
            self.always()
            self._all_agree()
            self.done("agreed")

    def _come_to_rest(self) -> None:
        for _ in range(2):
            if not self.real.waits():
                break
            for row in Attempt.objects.filter(state__in=states.OPEN).exclude(state=states.AUTHORISED):
                self._sent_home(row)
            self.real.later(hours=5)
            self.real.sent()
            self._swept()
        self.real.later(hours=48)
        self._swept()
        for refund in GatewayRefund.objects.filter(state=states.SUCCEEDED):
            services.look_at_refund(refund_id=refund.pk, at=self.real.at)

    def _swept(self) -> None:
        """The sweep alone, until nothing is on its way."""
        for _ in range(6):
            if not self.real.waits():
                break
            self.real.later(hours=7)
            services.resolve_due(at=self.real.at)
        self.note_swept()

    def _sent_home(self, row: Attempt) -> None:
        """It stands on a reader or a page, and everybody has gone home."""
        with suppress(DomainError):
            self.real.cancel(self.real.look(row))

    def _compare(self) -> None:
        """Paid out and compared; somebody does what the list of differences asks for, and it is compared again."""
        if any(intent.taken for intent in self.pencil.intents):
            self.world.pay_out()
            self.real.reconcile()
        if self.real.look_at_differences():
            self._swept()
            self.real.reconcile()
        self._keeps_what_nobody_owes()
        if self._give_back_late():
            self._swept()
            self.world.pay_out()
            self.real.reconcile()

    def _keeps_what_nobody_owes(self) -> None:
        """Whatever was taken and not put to its order is listed to be given back, and nothing else is."""
        put, listed = self.real.payments(), self.real.to_be_given_back()
        kept = {
            each.key: each.taken - put.get(each.key, 0)
            for each in self.pencil.intents
            if each.taken > put.get(each.key, 0)
        }
        holds("kept", listed == kept, f"{listed} is listed, {kept} is kept")
        orders = self.real.orders()
        for intent in self.pencil.intents:
            is_owed = orders[intent.order][2] in _OWING
            holds("kept", intent.key not in kept or not is_owed, "the order owes what is kept beside it")

    def _give_back_late(self) -> int:
        """What nobody owes goes back, or every second time onto a credit of the guest's."""
        listed = self.real.to_be_given_back()
        for number, intent in enumerate(self.pencil.intents):
            if intent.key in listed and number % 2:
                self.real.keep_as_credit(intent.key)
                self.pencil.kept += listed[intent.key]
                self.done("kept as credit")
            elif intent.key in listed:
                key = self.real.give_back_late(intent.key)
                intent.backs.append(Back(key, listed[intent.key]))
                self.done("given back late")
        return len(listed)

    def _all_agree(self) -> None:
        for intent in self.pencil.intents:
            self._is_over(intent)
        holds("payouts", self.real.unexplained() == [], self.real.unexplained())
        foreign = {"unknown_category": self.pencil.foreign} if self.pencil.foreign else {}
        holds("payouts", self.real.differences() == foreign, self.real.differences())
        books, expected = self.real.books(), self.pencil.lines()
        found = {code: books[code] for code in expected}
        holds("books", found == dict(expected), f"{found}, not {dict(expected)}")
        holds(
            "books",
            books[self.real.account] == 0,
            f"{books[self.real.account]} is left on the way to the bank",
        )
        holds("books", sum(books.values()) == 0, "debits are not credits")

    def _is_over(self, intent: Intent) -> None:
        row = self.real.row(intent.key)
        holds("over", row.state in {*_OVER, states.CAPTURED}, f"{row.state} for ever")
        holds("over", row.state != states.CAPTURED or intent.taken, "paid, and nothing was taken")
        holds("over", not intent.taken or row.settled_at is not None, row.trouble)
        good = sorted(each.amount for each in intent.backs if each.state == "gone")
        back = sorted(self.world.back(intent.key))
        holds("went back", back == good, f"{back} instead of {good}")
        names = {"gone": "succeeded", "failed": "failed", "otherwise": "settled"}
        found = {key: row.state for key, row in self.real.refunds(intent.key).items()}
        wanted = {each.key: names[each.state] for each in intent.backs}
        holds("went back", found == wanted, f"{found} instead of {wanted}")
