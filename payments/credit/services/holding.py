"""Cards are locked before their turn, by whoever takes further locks between the first and the last use of them."""

from collections.abc import Iterable
from uuid import UUID

from payments.credit.kinds import OPEN
from payments.credit.models import StoredValue, ValueReservation


def hold_values(*, account_ids: Iterable[UUID], register_id: UUID | None) -> None:
    """Lock the accounts until COMMIT, and before them what the register has reserved of them, as `redeem` would.

    Two statements, none without accounts. Those that nobody has opened are passed over.
    """
    wanted = set(account_ids)
    if not wanted:
        return
    if register_id is not None:
        kept = ValueReservation.objects.filter(
            account_id__in=wanted, register_id=register_id, state=OPEN
        ).order_by("pk")
        list(kept.select_for_update(no_key=True).values_list("pk"))
    accounts = StoredValue.objects.filter(pk__in=wanted).order_by("pk")
    list(accounts.select_for_update(no_key=True).values_list("pk"))
