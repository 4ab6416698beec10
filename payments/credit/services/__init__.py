"""What changes house accounts, gift cards and store credit, one story per file."""

from payments.credit.services.accounts import HouseAccountDraft, save_house_account
from payments.credit.services.charging import Charged, charge_accounts, check_charges
from payments.credit.services.issuing import (
    GiveDraft,
    OpenDraft,
    give_value,
    office_occasion,
    open_value,
    put_on,
)
from payments.credit.services.moving import Move, Occasion, move_values
from payments.credit.services.presenting import Presentation, count_guess, find_presented
from payments.credit.services.proving import prove_pin
from payments.credit.services.redeeming import Claim, Odd, account_id_of, redeem

__all__ = [
    "Charged",
    "Claim",
    "GiveDraft",
    "HouseAccountDraft",
    "Move",
    "Occasion",
    "Odd",
    "OpenDraft",
    "Presentation",
    "account_id_of",
    "charge_accounts",
    "check_charges",
    "count_guess",
    "find_presented",
    "give_value",
    "move_values",
    "office_occasion",
    "open_value",
    "prove_pin",
    "put_on",
    "redeem",
    "save_house_account",
]
