"""The world of the simulator: everything can happen in it."""

import datetime as dt
import json
from typing import Any, ClassVar
from uuid import UUID

from fynlo.core.ids import new_id
from payments.gateways.models import Attempt, Connection
from payments.gateways.services import connection_facts
from payments.gateways.simulator import balance, bells, disputes, guest, refunds
from payments.gateways.simulator.bells import HEADER
from payments.gateways.simulator.models import SimulatedObject
from payments.gateways.simulator.readers import set_reader
from payments.gateways.simulator.store import Desk, desk_of
from payments.gateways.simulator.striking import plan_faults
from tests.contracts.gateways.worlds.base import Bell, Lost, World

SECRET = "sim_whsec_of_a_test"


class Simulated(World):
    """Guests wait to be told what they do; amounts bring no faults, scripts do."""

    code: ClassVar[str] = "simulator"

    def settings(self, at: dt.datetime) -> dict[str, Any]:
        return {"guest": "waits", "faults_by_amount": False, "clock": at.isoformat()}

    def secrets(self) -> dict[str, str]:
        return {bells.SECRET: SECRET}

    def clock(self, at: dt.datetime) -> None:
        super().clock(at)
        self._set(clock=at.isoformat())

    def pay(self, attempt: Attempt, *, tip_minor: int = 0) -> None:
        guest.pay(desk=self.desk, payment=self._name(attempt), tip_minor=tip_minor)

    def decline(self, attempt: Attempt) -> None:
        guest.decline(desk=self.desk, payment=self._name(attempt))

    def pay_late(self, attempt: Attempt) -> None:
        guest.pay(desk=self.desk, payment=self._name(attempt), is_late=True)

    def tap_while_cancelling(self, attempt: Attempt) -> None:
        self._plan("taken_after_cancel", "cancel")

    def fault(self, verb: str, name: Lost) -> None:
        self._plan(name, verb)

    def unknown_word(self, verb: str) -> None:
        self._plan("unknown_state", verb)

    def decline_increment(self) -> None:
        self._plan("declined", "increment")

    def reader_trouble(self, trouble: str) -> None:
        set_reader(desk=self.desk, name="R1", is_online=trouble != "offline", is_busy=trouble == "busy")

    def revoke(self, *, is_back: bool = False) -> None:
        self._set(is_revoked=not is_back)

    def fail_refund(self, vendor_id: str) -> None:
        refunds.fail_refund(desk=self.desk, name=vendor_id)

    def dispute(self, attempt: Attempt) -> str:
        return disputes.open_dispute(desk=self.desk, payment=self._name(attempt))

    def close_dispute(self, name: str, *, is_won: bool) -> None:
        disputes.close_dispute(desk=self.desk, name=name, is_won=is_won)

    def foreign_line(self) -> None:
        balance.add_line(desk=self.desk, category="loan_repayment", gross_minor=-100, currency="EUR")

    def pay_out(self) -> None:
        balance.pay_out(desk=self.desk)

    def bells(self) -> list[Bell]:
        waiting = bells.waiting_bells(desk=self.desk, secret=SECRET)
        bells.mark_rung(desk=self.desk, bells=waiting)
        return [Bell(bell.body, bell.headers) for bell in waiting]

    def forged(self, bell: Bell) -> Bell:
        header = bells.signature(body=bell.body, secret="guessed", at=self.desk.at)
        return Bell(bell.body, {HEADER: header})

    def about_somebody_else(self, rung: list[Bell]) -> Bell:
        said = json.loads(rung[-1].body)
        said["id"] = "sim_evt_of_another"
        said["data"] = {**said["data"], "object": f"sim_pay_{new_id().hex}", "attempt": ""}
        body = json.dumps(said).encode()
        return Bell(body, {HEADER: bells.signature(body=body, secret=SECRET, at=self.desk.at)})

    def taken(self, attempt_id: UUID) -> list[int]:
        rows = SimulatedObject.objects.filter(kind="payment", about=str(attempt_id))
        return [row.data["captured"] for row in rows if row.data["captured"]]

    def back(self, attempt_id: UUID) -> list[int]:
        rows = SimulatedObject.objects.filter(kind="refund", data__attempt=str(attempt_id))
        return [row.data["amount"] for row in rows if row.data["state"] != "failed"]

    @property
    def desk(self) -> Desk:
        """The account, at the vendor's time."""
        row = Connection.objects.get(pk=self.connection.pk)
        return desk_of(connection_facts(connection=row))

    def _name(self, attempt: Attempt) -> str:
        if attempt.vendor_id:
            return attempt.vendor_id
        row = SimulatedObject.objects.filter(kind="payment", about=str(attempt.pk)).first()
        assert row is not None, "the vendor never heard of it"
        return f"sim_pay_{row.pk.hex}"

    def _plan(self, name: str, verb: str) -> None:
        plan_faults(desk=self.desk, stated=[{"fault": name, "verb": verb}])

    def _set(self, **settings: Any) -> None:
        row = Connection.objects.get(pk=self.connection.pk)
        row.settings = {**row.settings, **settings}
        row.save(update_fields=["settings"])
