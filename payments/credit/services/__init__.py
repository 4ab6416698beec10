"""What changes house accounts, gift cards and store credit, one story per file."""

from payments.credit.services.accounts import HouseAccountDraft, save_house_account
from payments.credit.services.card_reading import CardsRead, look_at_cards
from payments.credit.services.charging import Charged, charge_accounts, check_charges
from payments.credit.services.holding import hold_values
from payments.credit.services.importing import ImportDraft, ImportReport, import_cards, reverse_import
from payments.credit.services.issuing import (
    GiveDraft,
    OpenDraft,
    done_before,
    give_value,
    locked_value,
    office_occasion,
    open_value,
    put_on,
)
from payments.credit.services.keeping import KeepDraft, keep_as_credit
from payments.credit.services.lapsing import lapse_values
from payments.credit.services.moving import Move, Occasion, move_values
from payments.credit.services.presenting import (
    Presentation,
    count_guess,
    find_presented,
    guesses_counted,
    may_guess,
)
from payments.credit.services.proving import prove_pin
from payments.credit.services.redeeming import Claim, Odd, account_id_of, redeem
from payments.credit.services.reserving import (
    ReserveDraft,
    expire_reservations,
    release_value,
    reserve_value,
)
from payments.credit.services.showing import show_code
from payments.credit.services.staging import (
    StageDraft,
    begin_import,
    discard_staged,
    import_staged,
    imported_before,
    look_at_staged,
    record_failure,
    stage_cards,
    staged_file,
)
from payments.credit.services.steps import (
    AdjustDraft,
    StepDraft,
    TransferDraft,
    adjust_value,
    take_step,
    transfer_to_card,
    transfer_value,
)

__all__ = [
    "AdjustDraft",
    "CardsRead",
    "Charged",
    "Claim",
    "GiveDraft",
    "HouseAccountDraft",
    "ImportDraft",
    "ImportReport",
    "KeepDraft",
    "Move",
    "Occasion",
    "Odd",
    "OpenDraft",
    "Presentation",
    "ReserveDraft",
    "StageDraft",
    "StepDraft",
    "TransferDraft",
    "account_id_of",
    "adjust_value",
    "begin_import",
    "charge_accounts",
    "check_charges",
    "count_guess",
    "discard_staged",
    "done_before",
    "expire_reservations",
    "find_presented",
    "give_value",
    "guesses_counted",
    "hold_values",
    "import_cards",
    "import_staged",
    "imported_before",
    "keep_as_credit",
    "lapse_values",
    "locked_value",
    "look_at_cards",
    "look_at_staged",
    "may_guess",
    "move_values",
    "office_occasion",
    "open_value",
    "prove_pin",
    "put_on",
    "record_failure",
    "redeem",
    "release_value",
    "reserve_value",
    "reverse_import",
    "save_house_account",
    "show_code",
    "stage_cards",
    "staged_file",
    "take_step",
    "transfer_to_card",
    "transfer_value",
]
