"""Gift cards and store credit as gateways: money of our own, taken at once, for whoever asks through an attempt.

A till that has the card in hand names it in a tender, which may have a PIN and is taken within the sale. This is
for orders paid by an attempt: `details` name the card (`value_id`) and the way to pay (`tender_type`), whose
account gives what the card owed. The attempt's key is that of the redemption, so it happens once.
"""

from dataclasses import replace
from typing import ClassVar
from uuid import UUID

from django.db.utils import IntegrityError

from fynlo.core import clock
from fynlo.core.actors import SYSTEM
from fynlo.core.database import constraint
from fynlo.core.errors import DomainError
from fynlo.core.money import Money
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import unit_of_work
from payments.credit.kinds import CLOSED, GIFT_CARD, LIABILITY_KEYS, REDEEM, REFUND, STORE_CREDIT
from payments.credit.models import ValueActivity
from payments.credit.queries import ValueTerms, value_terms
from payments.credit.services.issuing import office_occasion, post
from payments.credit.services.moving import Move, move_values
from payments.credit.services.redeeming import Claim, redeem
from payments.gateways import states
from payments.gateways.base import (
    Attempt,
    Capabilities,
    Card,
    ConnectionFacts,
    Declined,
    PaymentRequest,
    RefundRequest,
    RefundState,
    Refused,
    TooLate,
    TryAgain,
)
from payments.gateways.by_people import ByPeople
from payments.gateways.models import Attempt as AttemptRow

_ONCE = "payments_valueactivity_once"


class _StoredValue(ByPeople):
    """What both have in common. Our own ledger is the vendor."""

    code: ClassVar[str] = ""

    def capabilities(self, *, connection: ConnectionFacts) -> Capabilities:
        """The merchant's currency; all of it or a part goes back."""
        del connection
        return Capabilities(
            channels=frozenset({"value"}),
            partial_refund=True,
            cancel=True,
            currencies=frozenset({current_tenant().currency}),
        )

    def begin(self, *, request: PaymentRequest) -> Attempt:
        """Take it from the card, guarded and once. Raises `Declined` with our code, `Refused` without a card."""
        card = self._card(request.details)
        if card.has_pin:
            raise Declined("This card needs its PIN at a till.", code="pin_needed")
        if not _happened(request.attempt_id, REDEEM):
            self._redeem(request, card)
        return self._taken(request, card)

    def advance(self, *, attempt: Attempt) -> Attempt:
        """What the ledger says. Raises `TryAgain` for one that took nothing."""
        if attempt.vendor_id:
            return attempt
        rows = ValueActivity.objects.select_related("account")
        taken = rows.filter(cause_id=attempt.id, kind=REDEEM).first()
        if taken is None:
            raise TryAgain("Nothing was taken yet.", code="not_begun")
        kept = AttemptRow.objects.filter(pk=attempt.id).values_list("details", flat=True).first() or {}
        return replace(
            attempt,
            state=states.CAPTURED,
            vendor_id=str(attempt.id),
            authorised_minor=-taken.amount_minor,
            captured_minor=-taken.amount_minor,
            card=Card(brand=LIABILITY_KEYS[self.code], last4=taken.account.shown),
            details={**kept.get("asked", {}).get("details", {}), "value_id": str(taken.account_id)},
        )

    def cancel(self, *, attempt: Attempt, key: str) -> Attempt:
        """Let it go while the ledger says that nothing was taken; else raises `TooLate`."""
        if _happened(attempt.id, REDEEM):
            raise TooLate
        return super().cancel(attempt=attempt, key=key)

    def capture(self, *, attempt: Attempt, amount: Money, key: str) -> Attempt:
        """It was taken when it began. Raises `TooLate`."""
        del attempt, amount, key
        raise TooLate

    def refund(self, *, request: RefundRequest) -> RefundState:
        """Onto the card it came from, once; a card that is closed takes nothing back."""
        card = self._card(request.attempt.details)
        if not _happened(request.id, REFUND):
            if card.state == CLOSED:
                return RefundState(
                    state="failed", failure_code="gift_card_blocked", failure_text="The card is closed."
                )
            self._give_back(request, card)
        return RefundState(state="succeeded", vendor_id=str(request.id))

    def _redeem(self, request: PaymentRequest, card: ValueTerms) -> None:
        occasion = office_occasion(actor=SYSTEM, at=clock.now())
        claim = Claim(place=0, value=card, amount_minor=request.amount.minor, payment_id=request.attempt_id)
        try:
            with unit_of_work():
                redeem(claims=[claim], occasion=occasion, is_fact=False, order_id=None)
                post(
                    debit=card.posting_key,
                    credit=self._asset(request.details),
                    amount_minor=request.amount.minor,
                    occasion=occasion,
                )
        except DomainError as error:
            raise Declined(error.detail, code=error.code) from error
        except IntegrityError as error:
            if not constraint(error).startswith(_ONCE):
                raise

    def _give_back(self, request: RefundRequest, card: ValueTerms) -> None:
        occasion = office_occasion(actor=SYSTEM, at=clock.now())
        move = Move(
            account_id=card.id,
            kind=REFUND,
            amount_minor=request.amount_minor,
            cause="refund",
            cause_id=request.id,
            reason=request.reason,
        )
        try:
            with unit_of_work():
                move_values(moves=[move], occasion=occasion)
                post(
                    debit=self._asset(request.attempt.details),
                    credit=card.posting_key,
                    amount_minor=request.amount_minor,
                    occasion=occasion,
                )
        except IntegrityError as error:
            if not constraint(error).startswith(_ONCE):
                raise

    def _card(self, details: object) -> ValueTerms:
        """The card that details name. Raises `Refused`, and `Declined` for one nobody knows."""
        named = details.get("value_id") if isinstance(details, dict) else None
        try:
            key = UUID(str(named))
        except ValueError:
            raise Refused("The card is not named.", code="gift_card_unknown") from None
        card = next((each for each in value_terms(ids=[key]) if each.kind == self.code), None)
        if card is None:
            raise Declined("Nobody knows this card.", code="gift_card_unknown")
        return card

    def _asset(self, details: object) -> str:
        named = details.get("tender_type") if isinstance(details, dict) else None
        return f"tender:{named or self.code}"

    def _taken(self, request: PaymentRequest, card: ValueTerms) -> Attempt:
        return Attempt(
            id=request.attempt_id,
            connection=request.connection,
            currency=request.amount.currency,
            amount_minor=request.amount.minor,
            channel=request.channel,
            state=states.CAPTURED,
            vendor_id=str(request.attempt_id),
            authorised_minor=request.amount.minor,
            captured_minor=request.amount.minor,
            card=Card(brand=LIABILITY_KEYS[self.code], last4=card.shown),
            details={**request.details},
        )


class GiftCards(_StoredValue):
    """Gift cards."""

    code: ClassVar[str] = GIFT_CARD


class StoreCredit(_StoredValue):
    """Store credit."""

    code: ClassVar[str] = STORE_CREDIT


def _happened(cause_id: UUID, kind: str) -> bool:
    found: bool = ValueActivity.objects.filter(cause_id=cause_id, kind=kind).exists()
    return found
