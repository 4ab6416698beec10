"""What can be wrong with buying on account, and with what was paid beforehand."""

from fynlo.core.errors import Conflict, InvalidInput, RuleViolation, TooManyRequests


class HouseAccountCodeTaken(Conflict):
    """Another house account has this code."""

    code = "code_taken"
    title = "This code is already taken"


class HouseAccountFixed(RuleViolation):
    """The code of a house account names an account of the books and never changes."""

    code = "house_account_fixed"
    title = "The code of a house account cannot change"


class HouseLimitExceeded(Conflict):
    """They would owe more than they may. A sale that happened already is flagged instead."""

    code = "house_limit_exceeded"
    title = "This is beyond the limit of the house account"


class HouseAccountInactive(Conflict):
    """The account was closed for new sales. A sale that happened already is flagged instead."""

    code = "house_account_inactive"
    title = "Nothing more goes on this house account"


class UnknownHouseAccount(RuleViolation):
    """There is no such house account, or none was named where one is needed."""

    code = "unknown_house_account"
    title = "There is no such house account"


class GiftCardUnknown(RuleViolation):
    """Nobody knows this gift card, or none was presented where one is needed."""

    code = "gift_card_unknown"
    title = "There is no such gift card"


class GiftCardBlocked(RuleViolation):
    """The card is blocked, closed, or was never activated."""

    code = "gift_card_blocked"
    title = "This gift card cannot be used"


class GiftCardExpired(RuleViolation):
    """Its last day is over."""

    code = "gift_card_expired"
    title = "This gift card has expired"


class GiftCardBalance(RuleViolation):
    """There is less on it; `left_minor` says how much can be spent here."""

    code = "gift_card_balance"
    title = "There is not enough on this gift card"


class GiftCardFull(RuleViolation):
    """More would be on it than a number can say."""

    code = "gift_card_full"
    title = "No more goes on this gift card"


class PinNeeded(RuleViolation):
    """The card has a PIN and none was given."""

    code = "pin_needed"
    title = "This gift card needs its PIN"


class PinWrong(RuleViolation):
    """The PIN is another one. Tries are counted."""

    code = "pin_wrong"
    title = "This is not the PIN of the gift card"


class PinDelayed(TooManyRequests):
    """Too many PINs were wrong; `Retry-After` says when the next one may be tried."""

    code = "pin_delayed"
    title = "Wait before the next PIN"


class GiftCardCodeTaken(Conflict):
    """Another card has this code."""

    code = "gift_card_code_taken"
    title = "This code is already taken"


class GiftCardIdConflict(Conflict):
    """The id belongs to something else that happened to a gift card."""

    code = "gift_card_id_conflict"
    title = "The id belongs to something else"


class GiftCardState(Conflict):
    """The card is not in a state in which this can be done."""

    code = "gift_card_state"
    title = "This cannot be done with the gift card now"


class GiftCardReserved(Conflict):
    """A part of the balance is kept for a till; it has to be released first."""

    code = "gift_card_reserved"
    title = "A part of this gift card is kept for a till"


class GiftCardRows(InvalidInput):
    """Rows of an import that cannot be taken over; `errors` has all of them."""

    code = "gift_card_rows"
    title = "Some rows cannot be imported"


class GiftCardImportBusy(Conflict):
    """Somebody imports this file at this moment."""

    code = "gift_card_import_busy"
    title = "This file is being imported"
