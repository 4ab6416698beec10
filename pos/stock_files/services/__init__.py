"""Files of stock: kept and looked at, applied, taken back."""

from pos.stock_files.services.applying import apply_file
from pos.stock_files.services.reverting import revert_file
from pos.stock_files.services.staging import discard_file, look_at_file, record_failure, stage_file

__all__ = ["apply_file", "discard_file", "look_at_file", "record_failure", "revert_file", "stage_file"]
