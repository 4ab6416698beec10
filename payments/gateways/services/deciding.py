"""An attempt whose first answer never came, when its key is no use any more: as far as truth allows, it is decided.

Past a day the same request may charge again, so it is not repeated. What is left is to look: the gateway goes
through what the vendor has, by our own id. Found, it goes on as ever. If the vendor lists nothing, and no request
can still be on its way to it, nothing was ever made there: it ends without money. If the vendor cannot say, nobody
can; it stays unknown, says so, and waits for somebody who may allow another payment.
"""

import datetime as dt
from dataclasses import replace
from typing import Final
from uuid import UUID

from payments.gateways import base, states
from payments.gateways.models import Attempt
from payments.gateways.pauses import DECIDED_AFTER
from payments.gateways.registry import gateway_of
from payments.gateways.services.attempts import attempt_row, facts_of, settled
from payments.gateways.services.calling import Answer, ask
from payments.gateways.services.writing import write_look

_NEVER: Final = "The payment provider has no such payment: the request never reached it."
_NOBODY: Final = "The payment provider cannot say whether it ever had this payment."


def decide_unfound(*, attempt_id: UUID, at: dt.datetime) -> Attempt:
    """Look for it once more, and write what follows from what was found, or not found."""
    row = attempt_row(attempt_id=attempt_id)
    gateway, facts = gateway_of(row.connection.gateway), facts_of(row)
    answer = ask(lambda: gateway.advance(attempt=facts))
    told = answer.told
    if told is None:
        answer = _ended(facts, state=states.UNKNOWN, code=states.UNDECIDABLE, text=_NOBODY)
    elif told.state == states.PREPARED and not told.vendor_id:
        is_over = row.at + DECIDED_AFTER <= at
        answer = _ended(
            facts,
            state=states.EXPIRED if is_over else states.UNKNOWN,
            code=states.NEVER_MADE if is_over else "",
            text=_NEVER if is_over else "",
        )
    row, _ = write_look(attempt_id=row.pk, revision=row.revision, answer=answer, at=at)
    return settled(row, at)


def _ended(facts: base.Attempt, *, state: str, code: str, text: str) -> Answer:
    return Answer(
        told=replace(
            facts, state=state, next=base.Next(), failure_kind=code, failure_code=code, failure_text=text
        )
    )
