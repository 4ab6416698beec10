"""What people do in front of the simulated vendor: tap a card, click "pay", or walk away."""

from fractions import Fraction
from typing import Final

from fynlo.core.money import round_half_up
from payments.gateways.simulator import faults
from payments.gateways.simulator.disputes import disputed
from payments.gateways.simulator.models import SimulatedObject
from payments.gateways.simulator.payments import end, refuse_card, take
from payments.gateways.simulator.store import Desk, needed, own, vendor_id
from payments.gateways.simulator.striking import struck

_LATE: Final = ("cancelled", "expired")
_PERCENT: Final = 100


def pay(*, desk: Desk, payment: str, tip_minor: int = 0, card: str = "visa", is_late: bool = False) -> str:
    """The guest pays. The payment's state afterwards; what is over stays as it is, unless `is_late`.

    `is_late`: a bank that was slow lets money arrive although the payment was cancelled or has expired.
    Raises `Refused` when there is no such payment.
    """
    with own():
        row = needed(desk=desk, kind="payment", name=payment)
        is_open = row.data["state"] in {"presented", "created"}
        if is_open or (is_late and row.data["state"] in _LATE):
            tapped(desk=desk, row=row, tip_minor=tip_minor, card=card)
        return str(row.data["state"])


def tapped(*, desk: Desk, row: SimulatedObject, tip_minor: int, card: str = "visa") -> None:
    """A card is held to it, or the bank asked; the amount or a script may say how that ends."""
    amount, name = row.data["amount"], vendor_id(row)
    fault = struck(desk=desk, verb="tap", amount_minor=amount, subject=row.about)
    said = "" if fault is None else fault.name
    if said == faults.DECLINED:
        refuse_card(desk=desk, row=row, code="card_declined", text="The card was declined.")
        return
    take(desk=desk, row=row, tip_minor=tip_minor, card=card)
    if said == faults.DISPUTED and row.data["state"] == "captured":
        disputed(desk=desk, payment=name, amount_minor=None, reason="fraudulent")


def taps_by_itself(*, desk: Desk, row: SimulatedObject) -> bool:
    """A demonstration needs no guest: a reader is tapped as soon as somebody looks (`settings["guest"]`)."""
    is_at_reader = row.data["channel"] == "present" and row.data["state"] == "presented"
    return is_at_reader and desk.settings.get("guest", "taps") == "taps"


def usual_tip(*, desk: Desk, row: SimulatedObject) -> int:
    """What a guest adds on the reader: `settings["guest_tip_percent"]` of what a tip may be given on."""
    if not row.data["tip_on_reader"]:
        return 0
    eligible = row.data["tip_eligible"]
    of_what = row.data["amount"] if eligible is None else eligible
    percent = Fraction(desk.settings.get("guest_tip_percent", 0), _PERCENT)
    return round_half_up(of_what * percent)


def decline(*, desk: Desk, payment: str, code: str = "card_declined") -> str:
    """The card is no good, or the guest says no on the page. The payment's state afterwards."""
    return _refuse(desk, payment, code, "The card was declined.")


def walk_away(*, desk: Desk, payment: str) -> str:
    """Nobody comes: the reader gives up. The payment's state afterwards."""
    return _refuse(desk, payment, "reader_timeout", "Nobody held a card to the reader.")


def _refuse(desk: Desk, payment: str, code: str, text: str) -> str:
    with own():
        row = needed(desk=desk, kind="payment", name=payment)
        if row.data["state"] in {"presented", "created"}:
            refuse_card(desk=desk, row=row, code=code, text=text)
        return str(row.data["state"])


def expire(*, desk: Desk, payment: str) -> str:
    """The vendor lets it run out, whatever its clock says. The payment's state afterwards.

    Raises `Refused` when there is no such payment.
    """
    with own():
        row = needed(desk=desk, kind="payment", name=payment)
        if row.data["state"] not in {"captured", *_LATE}:
            end(desk=desk, row=row, state="expired")
        return str(row.data["state"])


def payment_data(*, desk: Desk, payment: str) -> dict[str, object]:
    """What the vendor has of a payment. Raises `Refused` when there is none."""
    with own():
        return dict(needed(desk=desk, kind="payment", name=payment).data)
