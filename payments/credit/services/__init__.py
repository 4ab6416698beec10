"""What changes house accounts, one story per file."""

from payments.credit.services.accounts import HouseAccountDraft, save_house_account
from payments.credit.services.charging import Charged, charge_accounts, check_charges

__all__ = ["Charged", "HouseAccountDraft", "charge_accounts", "check_charges", "save_house_account"]
