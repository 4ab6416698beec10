"""What readers and links ask for, once an order owes less than that: they stop, and the till asks anew."""

from functools import partial
from typing import Final

from django.db import transaction

from payments.gateways import states
from payments.gateways.models import Attempt
from payments.gateways.services.withdrawing import let_go_of, withdraw_attempts
from pos.orders.services.opened import OpenOrder
from pos.orders.services.under_way import under_way_minor

_WHY: Final = "The order owes less than was asked for."


def let_go_beyond(opened: OpenOrder) -> None:
    """Said with the change, done after COMMIT, else by the sweep. The order is locked.

    What is reserved is kept while anything is owed: less of it can be taken. Once nothing is owed, what was
    declined is over as well: it may be on its way to a reader again. Nobody at the counter waits for that.
    """
    order = opened.order
    due = order.total_minor + order.tip_minor - order.paid_minor + order.refunded_minor
    if due > 0 and under_way_minor(order_id=order.pk) <= due:
        return
    by, at = opened.actor.name, opened.heard_at
    kept = (states.AUTHORISED,) if due > 0 else ()
    keys = withdraw_attempts(order_id=order.pk, why=_WHY, by=by, at=at, besides=kept)
    asking = list(Attempt.objects.filter(pk__in=keys, state__in=states.OPEN).values_list("pk", flat=True))
    if asking:
        transaction.on_commit(partial(let_go_of, attempt_ids=asking, by=by, at=at), robust=True)
