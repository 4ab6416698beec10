"""A gift card is printed with its code. The feed says so; the code itself is nowhere afterwards."""

import datetime as dt
from uuid import UUID

from fynlo.core.actors import Actor
from payments.credit.codes import Presented, plain, presented, spaced
from payments.credit.errors import GiftCardBlocked, GiftCardUnknown
from payments.credit.kinds import ACTIVE
from payments.credit.queries import stored_value
from payments.credit.services import show_code
from pos.receipts.around import around
from pos.receipts.vouchers import VoucherDocument
from pos.registers.models import Location, Register


def print_voucher(*, account_id: UUID, code: str, actor: Actor, at: dt.datetime) -> VoucherDocument:
    """The card on paper. A code that Fynlo did not make is the caller's to say, who has just read it.

    Raises `NotFound`, `GiftCardBlocked` for a card that nobody can spend, `GiftCardUnknown` for another card's
    code, and what `show_code` raises.
    """
    account = stored_value(account_id=account_id)
    if account.state != ACTIVE:
        raise GiftCardBlocked(f"The card *{account.shown} is {account.state}.")
    if code:
        known: Presented = presented(code)
        if known.digest != account.code_digest:
            raise GiftCardUnknown("This is the code of another card.", pointer="/code")
        code = plain(code)
    else:
        code = show_code(account_id=account_id, actor=actor, at=at)["code"]
    words = around(location=_shop(actor.register_id))
    return VoucherDocument(
        kind=account.kind,
        language=words.language,
        currency=account.currency,
        merchant=words.merchant,
        location=words.location,
        address=words.address,
        number=f"*{account.shown}",
        amount_minor=account.balance_minor - account.overdrawn_minor,
        at=at.astimezone(words.zone),
        code=code,
        printed=spaced(code),
        has_pin=bool(account.pin_hash),
        expires_on=account.expires_on,
        logo=words.logo,
    )


def _shop(register_id: UUID | None) -> Location:
    """Where the register is; the first shop for whoever is at none."""
    found = None
    if register_id is not None:
        found = Register.objects.select_related("location").filter(pk=register_id).first()
    return Location.objects.order_by("code")[0] if found is None else found.location
