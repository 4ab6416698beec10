"""The way of a file: staged, looked at, applied or discarded, reverted."""

from pos.importing.services.applying import apply_import, import_now
from pos.importing.services.reverting import revert_import
from pos.importing.services.staging import discard_import, look_at_import, stage_import

__all__ = ["apply_import", "discard_import", "import_now", "look_at_import", "revert_import", "stage_import"]
